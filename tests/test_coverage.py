"""
Coverage, crosstabs, gaps, overlaps, portfolios, concentration, timelines and findings.

Expectations come from pandas and plain loops over the JSON of the data files, read by `Reference` from the documented
definitions: nothing of the library's own dimensions or counting is used to compute them.
"""

from __future__ import annotations

import csv
import io
import json
import os
import pickle
import subprocess
import sys
from collections import Counter
from functools import cache
from itertools import combinations, product
from math import exp, fsum, log, sqrt
from typing import Any, NamedTuple

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

import icatmapping as im
from icatmapping.cli import main
from icatmapping.model.records import RECORD_CLASSES
from support.packages import KINDS, Json, Raw, bundled
from support.reference import Reference
from support.strategies import SmallMapping, criteria, dataset, worlds

DS = im.load()
REFERENCE = Reference({kind: bundled(kind) for kind in KINDS})
PLACED = ("country", "subregion", "region", "theme", "form", "target_group", "priority_area", "entity", "organization")
DIMENSIONS = {
    "initiatives": (*PLACED, "scope", "response", "year"),
    "partnerships": (*PLACED, "scope", "response", "year"),
    "resources": (*PLACED, "year"),
}
SINGLE: dict[str, tuple[str, ...]] = {
    "initiatives": ("scope", "status", "evidence"),
    "partnerships": ("scope", "kind", "evidence"),
}
SINGLE |= {"resources": ("kind", "evidence"), "entities": ("kind", "evidence"), "organizations": ("kind", "evidence")}


class Selection(NamedTuple):
    """Some records, as a collection and as plain JSON."""

    kind: str
    records: im.Collection[Any]
    raw: list[Json]

    def __repr__(self) -> str:
        return f"<{len(self.raw)} {self.kind}>"

    def exploded(self, dimension: str) -> pd.Series[Any]:
        """Give the values of the records, one row per record and value, by position; none for a record without any."""
        lists = [sorted(REFERENCE.values(self.kind, record, dimension)) for record in self.raw]
        return pd.Series(lists, dtype=object).explode().infer_objects()


@st.composite
def selections(draw: st.DrawFn) -> Selection:
    """Draw records of one kind: all, or what some criteria leave, or every so many of them."""
    kind = draw(st.sampled_from(tuple(DIMENSIONS)))
    records: im.Collection[Any] = DS.collection(kind)
    raw = bundled(kind)
    if kind != "resources":
        asked = draw(criteria(REFERENCE))
        records = records.where(**asked)
        raw = [record for record in raw if REFERENCE.meets(kind, record, asked)]
    chosen = slice(draw(st.integers(0, 5)), None, draw(st.sampled_from([1, 1, -1, 7])))
    return Selection(kind, records[chosen], raw[chosen])


@cache
def universe(dimension: str) -> tuple[Any, ...]:
    """List every value of a dimension, from the data files."""
    if dimension == "country":
        return tuple(country["alpha3"] for country in bundled("countries"))
    if dimension == "entity":
        return tuple(REFERENCE.entities)
    if dimension == "organization":
        return tuple(REFERENCE.bodies)
    if dimension == "year":
        years = {
            year for kind in DIMENSIONS for record in bundled(kind) for year in REFERENCE.values(kind, record, "year")
        }
        return tuple(range(min(years), max(years) + 1))
    return tuple(term["value"] for term in bundled("vocabulary") if term["vocabulary"] == dimension)


# --- coverage --------------------------------------------------------------------------------------------------------


@given(selections(), st.data())
def test_full_counts_are_those_of_pandas(selection: Selection, data: st.DataObject) -> None:
    """A record counts once for each of its values; shares are of the records with any."""
    by = data.draw(st.sampled_from(DIMENSIONS[selection.kind]))
    values = selection.exploded(by)
    counts = values.value_counts()
    classified = values.dropna().index.nunique()
    found = im.coverage(selection.records, by)
    assert {row.value: row.count for row in found} == counts.to_dict()
    assert (found.n, found.unclassified) == (len(selection.raw), len(selection.raw) - classified)
    assert all(row.share == pytest.approx(row.count / classified, abs=1e-12) for row in found)


@given(selections(), st.data())
def test_fractional_counts_are_those_of_pandas(selection: Selection, data: st.DataObject) -> None:
    """Each record is one unit spread evenly over its values, and shares add up to 1."""
    by = data.draw(st.sampled_from(DIMENSIONS[selection.kind]))
    values = selection.exploded(by).dropna()
    parts = 1 / values.groupby(level=0).transform("size").astype(float)
    expected = parts.groupby(values.to_numpy()).sum()
    found = im.coverage(selection.records, by, count="fractional")
    assert {row.value: row.count for row in found} == pytest.approx(expected.to_dict(), abs=1e-9)
    assert not found or abs(sum(row.share for row in found) - 1) < 1e-12


@given(st.sampled_from([(kind, by) for kind, names in SINGLE.items() for by in names]), st.integers(1, 9))
def test_full_and_fractional_agree_where_records_have_one_value(case: tuple[str, str], step: int) -> None:
    """With one value per record both countings are the same."""
    kind, by = case
    records = DS.collection(kind)[::step]
    full, parts = im.coverage(records, by), im.coverage(records, by, count="fractional")
    assert [(row.value, row.count, row.share) for row in full] == [(row.value, row.count, row.share) for row in parts]


@given(selections(), st.data())
def test_rows_come_most_first_and_ties_by_value(selection: Selection, data: st.DataObject) -> None:
    """The order is that of counts, and does not depend on the order of records."""
    by = data.draw(st.sampled_from(DIMENSIONS[selection.kind]))
    count: Any = data.draw(st.sampled_from(["full", "fractional"]))
    found = im.coverage(selection.records, by, count=count)
    assert list(found) == sorted(found, key=lambda row: (-round(row.count, 9), row.value))
    assert found == im.coverage(selection.records[::-1], by, count=count)


@pytest.mark.parametrize("key", ["africa", "Africa", "AFRICA"])
def test_a_row_is_found_by_value_or_label(ds: im.Dataset, key: str) -> None:
    """Indexing by what people type gives the row."""
    assert im.coverage(ds.initiatives, "region")[key].label == "Africa"


def test_a_value_that_no_record_has_is_no_row(ds: im.Dataset) -> None:
    """Asking for one is an error with suggestions, or None."""
    found = im.coverage(ds.initiatives, "region")
    assert found.get("atlantis") is None
    with pytest.raises(im.UnknownNameError, match="did you mean 'africa'"):
        found["afrika"]


def test_the_files_are_counted_by_hand(ds: im.Dataset, raw: Raw) -> None:
    """Initiatives by theme are what a loop over the file says."""
    counts = Counter(theme for record in raw["initiatives"] for theme in record["themes"])
    assert {row.value: row.count for row in im.coverage(ds.initiatives, "theme")} == counts


@given(st.integers(0, 400), st.integers(1, 400), st.sampled_from([0.5, 0.9, 0.95, 0.999]))
def test_wilson_intervals_are_those_of_scipy(start: int, size: int, level: float) -> None:
    """Full counting has the Wilson score interval of the records with a value."""
    found = im.coverage(DS.initiatives[start : start + size], "form", interval=level)
    for row in found:
        expected = binomtest(int(row.count), found.n - found.unclassified).proportion_ci(level, method="wilson")
        assert (row.low, row.high) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_bootstrap_intervals_are_near_the_standard_error_and_the_same_again(ds: im.Dataset) -> None:
    """Resampling records spreads shares as the standard error of their parts says."""
    found = im.coverage(ds.initiatives, "region", count="fractional", interval=0.9)
    parts = pd.DataFrame(
        [
            {v: 1 / len(values) for v in values}
            for r in bundled("initiatives")
            if (values := REFERENCE.values("initiatives", r, "region"))
        ]
    ).fillna(0.0)
    error = parts.std(ddof=0) / sqrt(len(parts))
    for row in found:
        assert row.low is not None
        assert row.high is not None
        assert row.low < row.share < row.high
        assert (row.high - row.low) / 2 == pytest.approx(1.645 * error[row.value], rel=0.12)
    assert found == im.coverage(ds.initiatives[::-1], "region", count="fractional", interval=0.9)


@pytest.mark.parametrize("count", ["full", "fractional"])
def test_intervals_say_what_they_are(ds: im.Dataset, count: Any) -> None:
    """Whoever reads an interval reads under which condition it holds."""
    found = im.coverage(ds.initiatives, "region", count=count, interval=0.95)
    assert found.interval_meaning is not None
    assert found.interval_meaning.endswith("at 0.95, if these records were a random sample of all")
    assert im.coverage(ds.initiatives, "region", count=count).interval_meaning is None


@pytest.mark.parametrize("level", [0, 1, 95, -0.5, float("nan")])
def test_a_level_that_is_none_is_refused(ds: im.Dataset, level: float) -> None:
    """A confidence level is between 0 and 1."""
    with pytest.raises(ValueError, match="between 0 and 1"):
        im.coverage(ds.initiatives, "region", interval=level)


@pytest.mark.parametrize("count", ["full", "fractional"])
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_has_explicit_zeros(ds: im.Dataset, kind: str, count: Any) -> None:
    """An empty collection has no rows, n = 0, and no NaN anywhere."""
    empty = ds.collection(kind)[:0]
    found = im.coverage(empty, "region", count=count, interval=0.95)
    assert (found.n, found.unclassified, found.rows) == (0, 0, ())
    table = im.crosstab(empty, "region", "region", count=count)
    assert (table.n, table.unclassified, table.total, table.rows, table.to_pandas().shape) == (0, 0, 0, (), (0, 0))


@pytest.mark.parametrize("kind", KINDS)
def test_every_dimension_of_every_kind_can_be_counted(ds: im.Dataset, kind: str) -> None:
    """Whatever a record can be asked for by it can be counted and crossed by."""
    records = ds.collection(kind)
    for by in im.dimensions.dimensions_of(RECORD_CLASSES[kind]):
        found = im.coverage(records, by)
        assert found.n == len(records)
        assert im.crosstab(records[:20], by, "evidence").n == 20
        assert not found or 0 < im.concentration(records, by).hhi <= 1


def test_a_dimension_that_records_lack_is_an_error(ds: im.Dataset) -> None:
    """Each statistic names the dimension that there is not."""
    for ask in (im.coverage, im.concentration):
        with pytest.raises(im.UnknownNameError, match="dimension of organizations 'theme'"):
            ask(ds.organizations, "theme")
    with pytest.raises(im.UnknownNameError, match="dimension of entities 'country'"):
        im.crosstab(ds.entities, "theme", "country")
    with pytest.raises(im.UnknownNameError, match="dimension of entities 'year'"):
        im.timeline(ds.entities)
    with pytest.raises(im.UnknownNameError, match="dimension of initiatives 'language'"):
        im.gaps(ds, "country", "language")
    with pytest.raises(im.UnknownNameError, match="dimension of partnerships 'status'"):
        im.overlaps(ds, on="status")
    with pytest.raises(im.UnknownNameError, match="did you mean 'fractional'"):
        im.coverage(ds.entities, "form", count="fractionnal")  # type: ignore[arg-type]
    with pytest.raises(im.UnknownNameError, match="metric 'dice'"):
        im.overlaps(ds, metric="dice")  # type: ignore[arg-type]


# --- crosstabs -------------------------------------------------------------------------------------------------------


@settings(max_examples=30)
@given(selections(), st.data())
def test_crosstabs_are_those_of_pandas(selection: Selection, data: st.DataObject) -> None:
    """Cells, row totals, column totals and the total are those of ``pandas.crosstab`` on exploded values."""
    rows, cols = (data.draw(st.sampled_from(DIMENSIONS[selection.kind])) for _ in range(2))
    pairs = selection.exploded(rows).rename("row").to_frame().join(selection.exploded(cols).rename("col")).dropna()
    found = im.crosstab(selection.records, rows, cols)
    assert (found.n, found.unclassified) == (len(selection.raw), len(selection.raw) - pairs.index.nunique())
    expected = pd.crosstab(pairs["row"], pairs["col"])
    frame = found.to_pandas()
    assert frame.sort_index().sort_index(axis=1).to_dict() == expected.to_dict()
    assert found.row_totals == expected.sum(axis=1).to_dict()
    assert found.col_totals == expected.sum(axis=0).to_dict()
    assert found.total == expected.to_numpy().sum()
    parts = (1 / pairs.groupby(level=0)["row"].transform("size").astype(float)).groupby([pairs["row"], pairs["col"]])
    spread = im.crosstab(selection.records, rows, cols, count="fractional")
    cells = {(cell.row, cell.col): cell.count for cell in spread}
    assert cells == pytest.approx(parts.sum().to_dict(), abs=1e-9)
    assert spread.total == pytest.approx(spread.n - spread.unclassified, abs=1e-9)


@given(
    st.sampled_from([(k, *pair) for k, names in SINGLE.items() for pair in combinations(names, 2)]), st.integers(1, 9)
)
def test_totals_are_coverage_where_records_have_one_value(case: tuple[str, str, str], step: int) -> None:
    """With one value per record and dimension, margins of a crosstab are coverage."""
    kind, rows, cols = case
    records = DS.collection(kind)[::step]
    found = im.crosstab(records, rows, cols)
    assert list(found.row_totals.items()) == [(row.value, row.count) for row in im.coverage(records, rows)]
    assert list(found.col_totals.items()) == [(row.value, row.count) for row in im.coverage(records, cols)]


def test_a_cell_is_found_by_its_two_values(ds: im.Dataset) -> None:
    """A pair of values gives the count, 0 where there is none; a position gives a cell."""
    found = im.crosstab(ds.initiatives, "region", "form")
    assert found["central_asia", "organ_removal"] == 0
    assert found[found[0].row, found[0].col] == found[0].count


# --- concentration and years -----------------------------------------------------------------------------------------


@given(selections(), st.data())
def test_concentration_is_that_of_the_textbook(selection: Selection, data: st.DataObject) -> None:
    """The measures of the shares over all values that there could be, Gini as the mean difference of all pairs."""
    by = data.draw(st.sampled_from([name for name in DIMENSIONS[selection.kind] if name != "organization"]))
    values = selection.exploded(by).dropna()
    if values.empty:
        with pytest.raises(ValueError, match="undefined"):
            im.concentration(selection.records, by)
        return
    parts = (1 / values.groupby(level=0).transform("size").astype(float)).groupby(values.to_numpy()).sum()
    shares = (parts / parts.sum()).reindex(universe(by), fill_value=0.0)
    found = im.concentration(selection.records, by)
    entropy = -sum(share * log(share) for share in shares if share)
    gini = sum(abs(a - b) for a in shares for b in shares) / (2 * len(shares))
    expected = (float((shares**2).sum()), gini, entropy, exp(entropy), shares.max())
    assert (found.hhi, found.gini, found.entropy, found.effective, found.top_share) == pytest.approx(expected, abs=1e-9)
    assert found.possible == len(shares)
    assert shares[found.top] == pytest.approx(shares.max())


def test_kinds_are_those_of_the_records(ds: im.Dataset, raw: Raw) -> None:
    """The kinds of partnerships are not those of publications."""
    kinds = sum(1 for term in raw["vocabulary"] if term["vocabulary"] == "partnership_kind")
    assert im.concentration(ds.partnerships, "kind").possible == kinds


@given(selections())
def test_timelines_are_those_of_pandas(selection: Selection) -> None:
    """Every year from the first to the last, with how many records were active in it."""
    values = selection.exploded("year")
    counts = values.dropna().astype(int).value_counts().sort_index()
    expected = (
        counts.reindex(range(counts.index.min(), counts.index.max() + 1), fill_value=0) if len(counts) else counts
    )
    found = im.timeline(selection.records)
    assert [(row.year, row.count) for row in found] == list(expected.items())
    assert found.undated == values.isna().sum()


def test_a_year_is_found_by_name(ds: im.Dataset) -> None:
    """A year in quotes is a year; a number is a position."""
    assert im.timeline(ds.initiatives)["2019"].year == 2019


# --- gaps ------------------------------------------------------------------------------------------------------------

GAP_ROWS = ("country", "subregion", "region", "theme", "response", "entity")
GAP_COLS = ("form", "theme", "response", "target_group", "priority_area", "scope")


@given(st.sampled_from(GAP_ROWS), st.sampled_from(GAP_COLS), st.sampled_from(universe("region")), st.integers(0, 2))
@settings(max_examples=25)
def test_gaps_are_the_empty_cells_of_pandas(rows: str, cols: str, region: str, at_most: int) -> None:
    """Cells, expected counts, uncoded initiatives: what a crosstab over the rows says."""
    among: Any = None
    chosen = list(universe(rows))
    if rows in ("country", "subregion"):
        among = region
        field = "alpha3" if rows == "country" else "subregion"
        chosen = sorted({country[field] for country in bundled("countries") if country["region"] == region})
    elif rows != "region":
        among = chosen = chosen[::3]
    selection = Selection("initiatives", DS.initiatives, bundled("initiatives"))
    down = selection.exploded(rows).rename("row")
    pairs = down[down.isin(chosen)].to_frame().join(selection.exploded(cols).rename("col"))
    table = pd.crosstab(pairs["row"], pairs["col"]).reindex(index=chosen, columns=list(universe(cols)), fill_value=0)
    grand = table.to_numpy().sum()
    expected = {
        (row, col): (table.loc[row, col], table.loc[row].sum() * table[col].sum() / grand if grand else 0.0)
        for row, col in product(table.index, table.columns)
        if table.loc[row, col] <= at_most
    }
    uncoded = pairs[pairs["col"].isna()]["row"].value_counts()
    found = im.gaps(DS, rows, cols, among=among, at_most=at_most)
    assert {(gap.row, gap.col): (gap.count, round(gap.expected, 9)) for gap in found} == {
        cell: (count, round(float(mean), 9)) for cell, (count, mean) in expected.items()
    }
    assert all(gap.unclassified == uncoded.get(gap.row, 0) for gap in found)
    assert (found.n, found.cells) == (pairs.index.nunique(), len(chosen) * len(universe(cols)))
    assert all(gap.too_thin == (gap.expected < 1) for gap in found)
    keys = [(gap.too_thin, -round(gap.expected, 9), gap.row, gap.col) for gap in found]
    assert keys == sorted(keys)


@pytest.mark.parametrize("cols", [None, "form"])
def test_regional_and_global_work_stands_beside_and_never_inside(ds: im.Dataset, cols: str | None) -> None:
    """What a wider reach would add is counted as the criteria of `where` define it, and is in no cell."""
    for gap in im.gaps(ds, "country", cols, among="middle_east")[::3]:
        reached = {
            reach: {
                record["id"]
                for record in bundled("initiatives")
                if REFERENCE.meets("initiatives", record, {"country": gap.row, "reach": reach})
                and (cols is None or gap.col in REFERENCE.values("initiatives", record, cols))
            }
            for reach in ("named", "regional", "global")
        }
        assert gap.count == len(reached["named"]) == 0
        assert gap.regional == len(reached["regional"])
        assert gap.global_ == len(reached["global"] - reached["regional"])


@pytest.mark.parametrize("rows", ["country", "subregion", "form", "target_group", "entity", "year"])
def test_gaps_and_coverage_partition_the_universe(ds: im.Dataset, rows: str) -> None:
    """A value is covered or a gap, never both, never neither."""
    covered = [row.value for row in im.coverage(ds.initiatives, rows)]
    missing = [gap.row for gap in im.gaps(ds, rows)]
    assert sorted([*covered, *missing]) == sorted(universe(rows))


def test_gaps_and_crosstab_partition_the_cells(ds: im.Dataset) -> None:
    """A cell is covered or a gap."""
    covered = {(cell.row, cell.col) for cell in im.crosstab(ds.initiatives, "country", "form")}
    missing = {(gap.row, gap.col) for gap in im.gaps(ds, "country", "form")}
    assert covered.isdisjoint(missing)
    assert covered | missing == set(product(universe("country"), universe("form")))


def test_without_columns_each_row_is_expected_to_have_the_mean(ds: im.Dataset, raw: Raw) -> None:
    """One-way gaps are rows that hardly any initiative names."""
    countries = {country["alpha3"] for country in raw["countries"] if country["region"] == "africa"}
    counts = Counter(place for record in raw["initiatives"] for place in record["countries"] if place in countries)
    found = im.gaps(ds, "country", among="Africa", at_most=3)
    assert {gap.row: gap.count for gap in found} == {c: counts[c] for c in countries if counts[c] <= 3}
    assert [gap.expected for gap in found] == pytest.approx([counts.total() / len(countries)] * len(found))
    assert {gap.col for gap in found} == {None}


def test_only_countries_have_regional_and_global_work_beside_them(ds: im.Dataset) -> None:
    """For other rows there is no such thing, and the columns say so."""
    found = im.gaps(ds, "entity", "form")
    assert {(gap.regional, gap.global_) for gap in found} == {(None, None)}
    assert "global" in found[0].to_dict()


def test_rows_can_be_given_by_any_name(ds: im.Dataset) -> None:
    """Countries are resolved as everywhere, each once."""
    assert im.gaps(ds, "country", "form", among=["Ivory Coast", "CIV", "ghana"]).among == ("CIV", "GHA")
    with pytest.raises(im.UnknownNameError, match="region"):
        im.gaps(ds, "country", among="atlantis")
    with pytest.raises(im.UnknownNameError, match="country"):
        im.gaps(ds, "country", among=["atlantis"])
    with pytest.raises(ValueError, match="at_most"):
        im.gaps(ds, "country", at_most=-1)
    assert not im.gaps(ds, "country", among=[])


# --- overlaps and portfolios -----------------------------------------------------------------------------------------


def _entities(reference: Reference, participants: Any) -> set[str]:
    return reference.entities_among(participants)


def _cells(reference: Reference, kind: str, record: Json, on: tuple[str, ...]) -> set[tuple[Any, ...]]:
    return set(product(*(reference.values(kind, record, name) for name in on)))


def _covering(reference: Reference, on: tuple[str, ...]) -> dict[str, Counter[tuple[Any, ...]]]:
    """For each entity, how many initiatives it leads or partners in each cell."""
    covered: dict[str, Counter[tuple[Any, ...]]] = {one: Counter() for one in reference.entities}
    for record in reference.raw["initiatives"]:
        for one in _entities(reference, record["leads"] + record["partners"]):
            covered[one].update(_cells(reference, "initiatives", record, on))
    return covered


def check_overlaps(ds: im.Dataset, reference: Reference, on: tuple[str, ...], metric: Any) -> None:
    """Compare overlaps with a plain loop over pairs, cells and records."""
    covered = _covering(reference, on)
    events = reference.events(of=("initiatives", "partnerships"), donors=False, criteria={})
    members = {node: _entities(reference, event.participants) for node, event in events.items()}
    there = {
        node: {
            cell
            for record in event.records
            for cell in _cells(reference, "initiatives" if "leads" in record else "partnerships", record, on)
        }
        for node, event in events.items()
    }
    busy = Counter(
        cell for record in reference.raw["initiatives"] for cell in _cells(reference, "initiatives", record, on)
    )
    found = im.overlaps(ds, on=on, metric=metric)
    assert {(row.a, row.b) for row in found} == set(combinations(sorted(reference.entities), 2))
    apart: list[tuple[Any, ...]] = []
    for row in found:
        mine, theirs = set(covered[row.a]), set(covered[row.b])
        both = mine & theirs
        below = {
            "jaccard": len(mine | theirs),
            "overlap": min(len(mine), len(theirs)),
            "cosine": sqrt(len(mine) * len(theirs)),
        }[metric]
        assert row.similarity == pytest.approx(len(both) / below if below else 0.0)
        assert (row.shared, set(row.cells)) == (len(both), both)
        nodes = [node for node, some in members.items() if {row.a, row.b} <= some]
        assert list(row.records) == sorted(nodes)
        joined = {cell for node in nodes for cell in there[node]}
        apart += [(-busy[c], c, row.a, row.b, covered[row.a][c], covered[row.b][c]) for c in both - joined]
    shown = [(-r.initiatives, r.cell, r.a, r.b, r.of_a, r.of_b) for r in found.uncoordinated]
    assert shown == sorted(apart)
    assert found.uncovered == tuple(sorted(one for one, cells in covered.items() if not cells))


@pytest.mark.parametrize(("on", "metric"), [(("country", "theme"), "jaccard"), (("theme",), "cosine")])
def test_overlaps_are_those_of_a_plain_loop(on: tuple[str, ...], metric: str) -> None:
    """Cells, similarity, shared records and cells without co-ordination, on the bundled data."""
    check_overlaps(DS, REFERENCE, on, metric)


@given(
    worlds(),
    st.sampled_from([("country", "theme"), ("theme",), ("region", "form")]),
    st.sampled_from(["jaccard", "overlap", "cosine"]),
)
def test_overlaps_are_those_of_a_plain_loop_in_any_world(world: SmallMapping, on: tuple[str, ...], metric: str) -> None:
    """With organs, twins, empty cells and entities that do nothing."""
    check_overlaps(world.ds, world.reference, on, metric)


@given(
    st.sampled_from(sorted(REFERENCE.entities)), st.sampled_from([("country", "theme"), ("theme",), ("form", "region")])
)
@settings(max_examples=15)
def test_a_portfolio_has_the_location_quotients_of_its_cells(entity: str, on: tuple[str, ...]) -> None:
    """The part of a cell in an entity's initiatives over its part in those of all members."""
    rows = []
    n = 0
    for record in bundled("initiatives"):
        members = _entities(REFERENCE, record["leads"] + record["partners"])
        n += entity in members
        cells = _cells(REFERENCE, "initiatives", record, on)
        rows += [(record["id"], entity in members, cell) for cell in cells if members]
    table = pd.DataFrame(rows, columns=["id", "mine", "cell"])
    mine = table[table["mine"]]
    here, everywhere = mine["cell"].value_counts(), table["cell"].value_counts()
    found = im.portfolio(DS, entity, on=on)
    assert (found.n, found.placed, found.all_placed) == (n, mine["id"].nunique(), table["id"].nunique())
    assert {row.cell: (row.count, row.all_members) for row in found} == {
        cell: (count, everywhere.to_dict()[cell]) for cell, count in here.items()
    }
    for row in found:
        expected = (row.count / mine["id"].nunique()) / (row.all_members / table["id"].nunique())
        assert row.quotient == pytest.approx(expected)
    assert list(found) == sorted(found, key=lambda row: (-row.count, row.cell))


def test_a_portfolio_is_found_by_any_name(ds: im.Dataset) -> None:
    """Entities are looked up as everywhere; others have none."""
    assert im.portfolio(ds, "UNODC") == im.portfolio(ds, ds.entities["unodc"])
    with pytest.raises(im.UnknownNameError, match="entity"):
        im.portfolio(ds, "Nobody")
    with pytest.raises(ValueError, match="at least one dimension"):
        im.portfolio(ds, "UNODC", on=())


# --- findings --------------------------------------------------------------------------------------------------------


def test_every_finding_is_checked_in_order(ds: im.Dataset, raw: Raw) -> None:
    """Each published statement stands there with its verdict, rule, figure and sources."""
    found = im.findings(ds)
    assert [(row.id, row.statement, list(row.sources)) for row in found] == [
        (finding["id"], finding["statement"], finding["sources"]) for finding in raw["findings"]
    ]
    assert all(row.rule and row.figure for row in found)


def test_findings_agree_or_differ_as_the_files_say(ds: im.Dataset, raw: Raw) -> None:
    """The verdicts are those of rules written down here once more, from the plain records."""
    entities, initiatives = raw["entities"], raw["initiatives"]
    by_form = Counter(form for entity in entities for form in entity["forms"]).most_common()
    regions = [REFERENCE.values("initiatives", record, "region") for record in initiatives]
    located = [values for values in regions if values]
    engaged = Counter(region for values in regions for region in values)
    half = fsum(len(values & {"europe", "central_asia", "africa"}) / len(values) for values in located) / len(located)
    coded = [set(entity["responses"]) for entity in entities if entity["responses"]]
    primary = ("technical_assistance", "normative_policy", "knowledge_development")
    trained = [record["target_groups"] for record in initiatives if "capacity_building" in record["responses"]]
    groups = Counter(group for some in trained for group in some)
    areas = {area for record in initiatives for area in REFERENCE.values("initiatives", record, "priority_area")}
    expected = {
        "anchored-on-review": len(areas) == 6,
        "forms-most-addressed": by_form[2][1] > by_form[3][1]
        and {form for form, _ in by_form[:3]} == {"sexual_exploitation", "labour_exploitation", "child_trafficking"},
        "levels": {record["scope"] for record in initiatives} == {"global", "regional", "national"},
        "membership-size": sum(entity["membership"] != "partner" for entity in entities) == 29,
        "regions-half": 0.4 <= half < 0.5,
        "regions-most-engaged": min(engaged[r] for r in ("europe", "central_asia", "africa", "middle_east"))
        >= max(engaged[r] for r in ("asia_pacific", "latin_america_caribbean", "north_america")),
        "response-capacity-building": sum("capacity_building" in some for some in coded) > len(coded) / 2,
        "responses-primary": all(sum(value in some for some in coded) > len(coded) / 2 for value in primary),
        "structure-of-resource": all(raw[kind] for kind in KINDS if kind != "organizations"),
        "training-target-groups": {g for g, _ in groups.most_common(3)}
        == {"law_enforcement", "policymakers", "civil_society"},
    }
    verdicts = {row.id: row.verdict for row in im.findings(ds)}
    compared = {name: "agrees" if agrees else "differs" for name, agrees in expected.items()}
    assert verdicts == compared | dict.fromkeys(("co-chair-2021", "uk-funding"), "cannot be compared")


def test_findings_of_ones_own_that_have_no_rule_are_not_compared(small: Raw) -> None:
    """A statement that nobody wrote a rule for, or that names nothing that there is, is no error."""
    source = small["findings"][0]["sources"]
    new = {"statement": "Something.", "sources": source}
    small["findings"] = [
        {"id": "levels", "dimension": "scope", "values": [], **new},
        {"id": "my-own", "dimension": "form", "values": ["organ_removal"], **new},
        {"id": "structure-of-resource", "dimension": None, "values": ["horses"], **new},
    ]
    checked = im.findings(dataset(small))
    assert [row.verdict for row in checked] == ["cannot be compared"] * 3


# --- what every answer is --------------------------------------------------------------------------------------------


def _answers(ds: im.Dataset) -> list[Any]:
    return [
        im.coverage(ds.initiatives, "region", interval=0.95),
        im.coverage(ds.resources, "language", count="fractional", interval=0.95),
        im.crosstab(ds.initiatives, "region", "form"),
        im.gaps(ds, "country", "form", among="africa"),
        im.overlaps(ds, on="theme"),
        im.overlaps(ds, on="theme").uncoordinated,
        im.portfolio(ds, "ILO"),
        im.timeline(ds.partnerships),
        im.findings(ds),
    ]


def test_answers_are_plain_data_and_frames_on_request(ds: im.Dataset) -> None:
    """Every answer is JSON without NaN, survives pickling, and gives a frame with a row for each of its rows."""
    for answer in _answers(ds):
        again = json.loads(json.dumps(answer.to_dict(), allow_nan=False))
        assert len(again["rows"]) == len(answer)
        assert pickle.loads(pickle.dumps(answer)) == answer
        assert len(answer.to_pandas()) == (len(answer.row_totals) if hasattr(answer, "row_totals") else len(answer))
    assert json.dumps(im.concentration(ds.initiatives, "region").to_dict(), allow_nan=False)


@pytest.mark.slow
def test_answers_are_the_same_in_every_process() -> None:
    """Nothing hangs on the order in which a process happens to hash things."""
    script = (
        "import sys, json; sys.path[:0] = json.loads(sys.argv[1]); import test_coverage as t\n"
        "print(json.dumps([answer.to_dict() for answer in t._answers(t.DS)]))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script, json.dumps(sys.path)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


def test_the_name_coverage_stays_a_function_whatever_is_imported() -> None:
    """No module of the package takes the name of one of its functions."""
    script = "import icatmapping.statistics.coverage, icatmapping.statistics.gaps, icatmapping as im\n"
    script += "assert all(callable(getattr(im, name)) for name in im.__all__ if name not in ('__version__', 'plots'))"
    subprocess.run(
        [sys.executable, "-c", script], check=True, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    )


# --- the command -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("style", ["text", "markdown"])
def test_the_command_prints_a_readable_table(capsys: pytest.CaptureFixture[str], raw: Raw, style: str) -> None:
    """A line for each value with its count and share, and what was counted below."""
    assert main(["coverage", "--by", "scope", "--format", style, "--interval", "0.95"]) == 0
    out = capsys.readouterr().out
    counts = Counter(record["scope"] for record in raw["initiatives"])
    for scope, count in counts.items():
        line = next(line for line in out.splitlines() if scope.capitalize() in line)
        assert str(count) in line
        assert f"{count / len(raw['initiatives']):.1%}" in line
    assert f"{len(raw['initiatives'])} initiatives, 0 without a scope" in out
    assert "if these records were a random sample of all" in out


def test_the_command_gives_data_for_other_programs(capsys: pytest.CaptureFixture[str], ds: im.Dataset) -> None:
    """JSON and CSV hold the same rows as the answer to the same question."""
    question = [
        "coverage",
        "--by",
        "priority-area",
        "--of",
        "partnerships",
        "--region",
        "africa",
        "--count",
        "fractional",
    ]
    expected = im.coverage(ds.partnerships.where(region="africa"), "priority_area", count="fractional")
    assert main([*question, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == expected.to_dict()
    assert main([*question, "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [(row["value"], float(row["count"])) for row in rows] == [(row.value, row.count) for row in expected]


@pytest.mark.parametrize(
    "wrong",
    [
        ["--by", "colour"],
        ["--by", "form", "--interval", "7"],
        ["--by", "kind", "--of", "organizations", "--theme", "demand"],
    ],
)
def test_a_wrong_question_is_refused_in_one_line(capsys: pytest.CaptureFixture[str], wrong: list[str]) -> None:
    """Status 2 and a message that says what is wrong."""
    assert main(["coverage", *wrong]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
