"""
Collections and answers in libraries of data frames, by the constructors that people try first.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from attrs import evolve

import icatmapping as im
from icatmapping.results import Table

if TYPE_CHECKING:
    from collections.abc import Callable

ANSWERS: dict[str, Callable[[im.Dataset], Any]] = {
    "coverage": lambda ds: im.coverage(ds.initiatives, "region", interval=0.9),
    "coverage by year": lambda ds: im.coverage(ds.initiatives, "year"),
    "crosstab": lambda ds: im.crosstab(ds.initiatives, "region", "theme"),
    "timeline": lambda ds: im.timeline(ds.initiatives),
    "findings": im.findings,
    "gaps": lambda ds: im.gaps(ds, "region", "form"),
    "overlaps": im.overlaps,
    "portfolio": lambda ds: im.portfolio(ds, "IOM"),
    "brokers": lambda ds: im.brokers(ds, country="Ghana"),
    "communities": lambda ds: im.communities(ds, country="Ghana"),
    "connections": lambda ds: im.connections(ds, country="Ghana"),
    "suggestions": lambda ds: im.suggest_partners(ds, "IOM", country="Ghana"),
    "paths": lambda ds: im.collaboration_paths(ds, "UNODC", "UNICEF", country="Nigeria"),
    "tidy": lambda ds: im.tidy(ds.initiatives[:50], "country", "year"),
    "initiatives": lambda ds: ds.initiatives.where(country="Ghana"),
    "organizations": lambda ds: ds.organizations[::-1],
}

NESTED = (list, dict, np.ndarray)


@pytest.fixture(scope="module", params=ANSWERS)
def answer(request: pytest.FixtureRequest) -> Any:
    """Give each answer in turn."""
    return ANSWERS[request.param](im.load())


def emptied(answer: Any) -> Any:
    """Give an answer of the same kind without a row."""
    if isinstance(answer, im.Paths):
        return evolve(answer, found=())
    return evolve(answer, rows=()) if isinstance(answer, Table) else answer[:0]


def test_polars_takes_an_answer_for_the_table_that_it_is(answer: Any) -> None:
    """By its constructor, which takes sequences for columns of objects; the method gives the same."""
    made = pl.DataFrame(answer)
    assert made.equals(answer.to_polars())
    assert pl.Object not in made.dtypes
    if not isinstance(answer, im.Paths):
        assert len(made) == len(answer)


def test_arrow_and_duckdb_take_an_answer_as_it_is(answer: Any) -> None:
    """The same columns and rows as polars."""
    made = pa.table(answer)
    assert made.equals(answer.to_arrow())
    assert made.column_names == pl.DataFrame(answer).columns == duckdb.sql("from answer").columns
    assert duckdb.sql("select count(*) from answer").fetchall() == [(len(made),)]


def test_pandas_says_what_to_call(answer: Any) -> None:
    """Its constructor would make one column of objects; numpy is told the same."""
    for construct in (pd.DataFrame, np.asarray):
        with pytest.raises(TypeError, match=r"call \.to_pandas\(\)"):
            construct(answer)


def test_an_answer_without_rows_is_a_frame_with_the_same_columns(answer: Any) -> None:
    """Of the same types, in every library."""
    none = emptied(answer)
    assert pa.table(none).schema == pa.table(answer).schema
    assert pl.DataFrame(none).schema == pl.DataFrame(answer).schema
    if not isinstance(answer, im.Crosstab):  # whose data frame has its values for columns
        assert none.to_pandas().dtypes.to_dict() == answer.to_pandas().dtypes.to_dict()


def test_every_library_has_the_same_values(answer: Any) -> None:
    """Those of the plain data, but for what differs by its type only."""
    if isinstance(answer, im.Crosstab | im.Paths):
        return
    rows = [row.to_dict() for row in answer]
    for made in (pa.table(answer).to_pylist(), pl.DataFrame(answer).to_dicts()):
        assert [[value for value in row.values() if not isinstance(value, list)] for row in made] == [
            [value for value in row.values() if not isinstance(value, list)] for row in rows
        ]
    frame = answer.to_pandas()
    assert list(frame) == list(rows[0])
    for column in frame:
        plain = [row[column] for row in rows]
        assert [None if not isinstance(one, NESTED) and pd.isna(one) else one for one in frame[column]] == plain


def test_lists_in_cells_stay_lists(ds: im.Dataset) -> None:
    """Years as numbers, ids as text, and rows in a cell as structs."""
    found = im.overlaps(ds).uncoordinated
    assert pl.DataFrame(found).schema["years"] == pl.List(pl.Int32)
    assert pa.table(found)["records_a"].to_pylist() == [list(row.records_a) for row in found]
    checks = im.findings(ds)
    counts = pa.table(checks)["counts"].to_pylist()
    assert [[row["count"] for row in each] for each in counts] == [[row.count for row in one.counts] for one in checks]


def test_a_collection_is_still_a_sequence_in_all_but_name(ds: im.Dataset) -> None:
    """It has a length, an order, positions and slices; records of it may be laid over a dataset."""
    some = ds.initiatives[:5]
    assert list(reversed(some)) == list(some)[::-1]
    assert some.index(some[3]) == 3
    assert some.count(some[3]) == 1
    assert some[3] in some
    assert ds.extended({"initiatives": some}) == ds
    cover = im.coverage(ds.initiatives, "region")
    assert cover.index(cover[2]) == 2
    assert list(reversed(cover)) == list(cover)[::-1]


def test_the_extra_that_is_missing_is_named(ds: im.Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    """For polars and for pyarrow."""
    monkeypatch.setitem(sys.modules, "polars", None)
    for found in (ds.entities, im.coverage(ds.entities, "theme")):
        with pytest.raises(im.MissingExtraError, match=r"polars is not installed.*icatmapping\[polars\]"):
            found.to_polars()
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(im.MissingExtraError, match=r"pyarrow is not installed.*icatmapping\[arrow\]"):
        ds.entities.to_arrow()


def test_narwhals_takes_a_collection_for_any_of_its_libraries(ds: im.Dataset) -> None:
    """Through Arrow."""
    narwhals = pytest.importorskip("narwhals")
    assert narwhals.from_arrow(ds.partnerships, backend="polars").shape[0] == len(ds.partnerships)
