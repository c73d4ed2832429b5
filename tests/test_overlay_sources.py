"""
Records laid over a dataset from data frames, and bodies that are there already under another id.
"""

from __future__ import annotations

import sys
import warnings
from typing import TYPE_CHECKING, Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from attrs import evolve

import icatmapping as im

if TYPE_CHECKING:
    from collections.abc import Callable

KINDS = ("entities", "organizations", "initiatives", "partnerships", "resources")
OURS: dict[str, Any] = {
    "id": "our-ngo",
    "name": "Our NGO",
    "kind": "ngo",
    "sources": ["https://example.org/about"],
    "checked": "2026-11",
}
FRAMES: dict[str, Callable[[Any], Any]] = {
    "pandas": lambda records: records.to_pandas(),
    "pandas of dictionaries": lambda records: pd.DataFrame(records.to_dict()),
    "rows of pandas": lambda records: records.to_pandas().to_dict("records"),
    "pandas of Arrow": lambda records: pa.table(records).to_pandas(),
    "pyarrow": pa.table,
    "a reader of pyarrow": lambda records: pa.table(records).to_reader(),
    "polars": lambda records: pl.from_arrow(pa.table(records)),
    "DuckDB": lambda records: duckdb.from_arrow(pa.table(records)),
    "a collection": lambda records: records,
}


@pytest.mark.slow
@pytest.mark.parametrize("form", FRAMES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_frame_of_the_records_lays_the_same_over_them(kind: str, form: str, ds: im.Dataset) -> None:
    """What frames make of missing values and of lists is understood."""
    assert ds.extended({kind: FRAMES[form](ds.collection(kind))}) == ds


def test_what_a_frame_lacks_is_left_out(ds: im.Dataset) -> None:
    """NaN, NaT and NA for text, lists and years; a year that became a float."""
    missing = [float("nan"), pd.NA, pd.NaT, None]
    for gap in missing[:3]:
        row = {**OURS, "acronym": gap, "aliases": gap, "country": gap, "ended": 2019.0}
        found = ds.extended({"organizations": pd.DataFrame([row])}).organizations["our-ngo"]
        assert (found.acronym, found.aliases, found.country, found.ended) == (None, (), None, 2019)
    with pytest.raises(im.DatasetError, match="name: is missing"):
        ds.extended({"organizations": pd.DataFrame([{**OURS, "name": pd.NA}])})


def test_a_frame_alone_says_not_what_it_holds(ds: im.Dataset) -> None:
    """The error says how to give it."""
    with pytest.raises(TypeError, match=r"with its collection: \{'organizations': DataFrame"):
        ds.extended(ds.organizations.to_pandas())  # type: ignore[arg-type]


# --- the same body twice ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"name": "International Organization for Migration", "acronym": "IOM"},
        {"name": "The International Organisation for Migration"},
        {"acronym": "IOM"},
        {"aliases": ["IOM"]},
    ],
    ids=str,
)
def test_a_second_body_of_a_name_is_told_with_the_first(change: dict[str, Any], ds: im.Dataset) -> None:
    """Under a name, an acronym or an alias; it stands, as it may be another."""
    with pytest.warns(im.DatasetWarning, match="'iom'") as caught:
        ours = ds.extended({"organizations": [{**OURS, **change}]})
    assert caught[0].filename == __file__
    assert "our-ngo" in [one.id for one in ours.organizations]


def test_a_body_that_is_there_already_is_a_fault(ds: im.Dataset) -> None:
    """The same name, kind and country; the fault names the id that it has."""
    twin = next(one for one in ds.organizations if one.country)
    with pytest.raises(im.DatasetError) as caught:
        ds.extended([evolve(twin, id="our-twin", former_ids=())])
    (fault,) = caught.value.faults
    assert (fault.record, fault.field, fault.nearest) == ("our-twin", "name", twin.id)


def test_bodies_of_other_names_or_countries_and_replaced_ones_are_not_told(ds: im.Dataset) -> None:
    """Every country has a ministry of justice."""
    twin = next(one for one in ds.organizations if one.country == "NGA")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ds.extended({"organizations": [OURS]})
        ds.extended({"organizations": [{**OURS, "name": twin.name, "country": "GHA"}]})
        ds.extended([evolve(twin, checked="2026-12")])


# --- how much of the dataset is looked at ----------------------------------------------------------------------------


def test_one_record_is_laid_over_thousands_without_looking_at_each(ds: im.Dataset) -> None:
    """Only what is laid over is checked: of the others, names are compared, which takes a few calls for each."""
    ds.extended({"organizations": [OURS]})
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count)
    try:
        ds.extended({"organizations": [OURS]})
    finally:
        sys.setprofile(None)
    assert calls < 10 * len(ds.organizations)  # ten times as many if every record were checked again


def test_what_is_laid_over_is_checked_against_what_is_there(ds: im.Dataset) -> None:
    """References, ids of others, former ids, and what is a part of itself through records that stay."""
    part = next(one for one in ds.organizations if one.part_of and one.part_of in {two.id for two in ds.organizations})
    whole = ds.organizations[str(part.part_of)]
    renamed = next(one for one in ds.initiatives if one.former_ids)
    for laid, place in (
        ([evolve(whole, part_of=part.id)], ("organizations.json", "part_of")),
        ([evolve(renamed, id=renamed.former_ids[0], former_ids=())], ("initiatives.json", "former_ids[0]")),
        ([evolve(renamed, former_ids=(ds.initiatives[0].id,))], ("initiatives.json", "former_ids[0]")),
        ([evolve(renamed, leads=("nobody",))], ("initiatives.json", "leads[0]")),
    ):
        with pytest.raises(im.DatasetError) as caught:
            ds.extended(laid)
        assert place in {(fault.file, fault.field) for fault in caught.value.faults}
