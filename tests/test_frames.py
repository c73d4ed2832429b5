"""
Records as tables of other libraries: every one that speaks Arrow takes a collection as it is, and nothing gets lost.

Expectations come from the data files as plain JSON, and from plain loops.
"""

from __future__ import annotations

import pickle
import sys
from collections import Counter
from itertools import product
from typing import TYPE_CHECKING, Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import icatmapping as im
from icatmapping.io.tidy import Tidy, tidy
from icatmapping.model.records import Identifier
from icatmapping.model.vocabulary import IdentifierType
from support.packages import KINDS, Raw
from support.reference import NODE_PREFIXES
from support.strategies import SmallMapping, worlds

if TYPE_CHECKING:
    from collections.abc import Callable


def _queried(records: Any) -> list[dict[str, Any]]:  # noqa: ARG001 - the query finds it by its name
    """Give the rows that a query in SQL finds in records."""
    found = duckdb.sql("select * from records")
    return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]


def _listed(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Give the rows of a pandas data frame, with lists for arrays and None for what is missing."""

    def plain(value: Any) -> Any:
        if hasattr(value, "tolist"):
            return value.tolist()
        return value if isinstance(value, list) or pd.notna(value) else None

    return [{name: plain(value) for name, value in row.items()} for row in table.to_dict("records")]


READERS: dict[str, Callable[[Any], list[dict[str, Any]]]] = {
    "pyarrow": lambda records: pa.table(records).to_pylist(),
    "polars": lambda records: pl.from_dataframe(records).to_dicts(),
    "duckdb": _queried,
    "pandas through arrow": lambda records: _listed(pd.DataFrame.from_arrow(records)),
    "pandas": lambda records: _listed(records.to_pandas()),
}


def expected(raw: Raw, kind: str) -> list[dict[str, Any]]:
    """Give the records of a file; identifiers may be left out there."""
    identified = kind in ("entities", "organizations", "resources")
    return [
        ({**record, "identifiers": record.get("identifiers", [])} if identified else record) for record in raw[kind]
    ]


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("library", READERS)
def test_a_table_has_every_field_of_every_record(library: str, kind: str, ds: im.Dataset, raw: Raw) -> None:
    """Table, columns, their order, lists, structs and missing values are those of the data file."""
    rows = READERS[library](ds.collection(kind))
    assert rows == expected(raw, kind)
    assert list(rows[0]) == list(expected(raw, kind)[0])


@pytest.mark.parametrize("library", READERS)
def test_identifiers_are_objects_in_a_list(library: str, ds: im.Dataset) -> None:
    """What a record holds of another class comes out field by field."""
    known = (Identifier(IdentifierType.ISBN, "9789221231493"), Identifier(IdentifierType.DOI, "10.4060/cb1329en"))
    records = im.Collection(im.Resource, [evolve(ds.resources[0], identifiers=known)], ds.directory)
    assert READERS[library](records)[0]["identifiers"] == [
        {"type": "isbn", "value": "9789221231493"},
        {"type": "doi", "value": "10.4060/cb1329en"},
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_no_records_make_the_same_columns_as_many(kind: str, ds: im.Dataset) -> None:
    """Names and types, in every library."""
    many = ds.collection(kind)
    none = many[:0]
    assert pa.table(none).schema == pa.table(many).schema
    assert pl.from_dataframe(none).schema == pl.from_dataframe(many).schema
    assert (
        list(zip(*duckdb.sql("describe select * from none").fetchall(), strict=True))[:2]
        == (list(zip(*duckdb.sql("describe select * from many").fetchall(), strict=True))[:2])
    )
    assert none.to_pandas().dtypes.to_dict() == many.to_pandas().dtypes.to_dict()
    assert not len(none.to_pandas())


def test_a_query_in_sql_counts_what_is_there(ds: im.Dataset, raw: Raw) -> None:
    """DuckDB finds a collection by the name of the variable, filtered and sliced ones as well."""
    work = ds.initiatives.where(theme="child_protection")[::-1]
    found = duckdb.sql("select country, count(*) from (select unnest(countries) as country from work) group by country")
    counted = Counter(
        country
        for record in raw["initiatives"]
        if "child_protection" in record["themes"]
        for country in record["countries"]
    )
    assert dict(found.fetchall()) == counted
    assert [row[0] for row in duckdb.sql("select id from work").fetchall()] == [record.id for record in work]


def test_a_consumer_may_ask_for_other_types(ds: im.Dataset) -> None:
    """The schema that the interface lets a consumer request is followed."""
    schema = pa.table(ds.resources).schema
    place = schema.get_field_index("year")
    wanted = schema.set(place, pa.field("year", pa.int64()))
    assert pa.table(ds.resources, schema=wanted).schema == wanted


@pytest.mark.parametrize(
    ("library", "extra", "call"),
    [
        ("pyarrow", "arrow", lambda records: records.__arrow_c_stream__()),
        ("pandas", "pandas", lambda records: records.to_pandas()),
    ],
)
def test_a_missing_library_is_named_with_its_extra(
    library: str, extra: str, call: Callable[[Any], Any], ds: im.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message says what to install."""
    monkeypatch.setitem(sys.modules, library, None)
    for records in (ds.entities, tidy(ds.entities, "theme")):
        with pytest.raises(im.MissingExtraError, match=rf"{library} is not installed.*icatmapping\[{extra}\]"):
            call(records)


# --- long tables -----------------------------------------------------------------------------------------------------

SHARED = ("country", "region", "subregion", "theme", "form", "target_group", "priority_area", "year", "organization")


@given(
    world=worlds(),
    dimensions=st.lists(st.sampled_from(SHARED), max_size=3),
    kind=st.sampled_from(sorted(NODE_PREFIXES)),
)
def test_a_long_table_has_each_combination_of_values_once(
    world: SmallMapping, dimensions: list[str], kind: str
) -> None:
    """A record without a value keeps a row with None; no record is lost, none is there twice with the same values."""
    table = tidy(world.ds.collection(kind), *dimensions)
    once = list(dict.fromkeys(dimensions))
    rows = Counter(
        (record["id"], record.get("title", record.get("name")), *values)
        for record in world.raw[kind]
        for values in product(*(world.reference.values(kind, record, name) or {None} for name in once))
    )
    assert table.columns[2:] == tuple(once)
    assert Counter(tuple(row.to_dict().values()) for row in table) == rows
    assert list(dict.fromkeys(row.id for row in table)) == [record["id"] for record in world.raw[kind]]


def test_a_long_table_is_what_pandas_makes_by_exploding(ds: im.Dataset) -> None:
    """Column by column, in the same order."""
    work = ds.initiatives[:400]
    exploded = work.to_pandas().explode("countries").explode("themes")[["id", "title", "countries", "themes"]]
    exploded = exploded.rename(columns={"countries": "country", "themes": "theme"}).reset_index(drop=True)
    pd.testing.assert_frame_equal(tidy(work, "country", "theme").to_pandas(), exploded, check_dtype=False)


def test_a_long_table_goes_where_collections_go(ds: im.Dataset) -> None:
    """Arrow, notebooks, pickles, plain data: the same rows everywhere, and the same types without any."""
    table = tidy(ds.partnerships, "year", "member")
    rows = [(row.id, row.name, row.year, row.member) for row in table]
    assert pl.from_dataframe(table).rows() == rows
    assert [tuple(row.values()) for row in _listed(table.to_pandas())] == rows
    assert pickle.loads(pickle.dumps(table)) == table
    assert table.to_dict()["rows"][0] == dict(zip(table.columns, rows[0], strict=True))
    assert ds.partnerships[0].name in table._repr_html_()
    none = tidy(ds.partnerships[:0], "year", "member")
    assert pa.table(none).schema == pa.table(table).schema
    assert none.to_pandas().dtypes.to_dict() == table.to_pandas().dtypes.to_dict()
    assert none == Tidy(table.columns, ())


def test_a_dimension_that_the_records_have_not_is_named_with_what_is_near(ds: im.Dataset) -> None:
    """A misspelt one, and one that only other records have."""
    with pytest.raises(im.UnknownNameError, match="unknown dimension of initiatives 'contry'; did you mean 'country'"):
        tidy(ds.initiatives, "theme", "contry")
    with pytest.raises(im.UnknownNameError, match="unknown dimension of entities 'country'"):
        tidy(ds.entities, "country")
