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
from itertools import combinations
from math import exp, log, sqrt
from typing import Any, NamedTuple

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

import icatmapping as im
from icatmapping.cli.main import main
from icatmapping.model.records import RECORD_CLASSES
from support.packages import KINDS, Json, Raw, bundled
from support.reference import Reference, may_be_active
from support.strategies import criteria

DS = im.load()
REFERENCE = Reference({kind: bundled(kind) for kind in (*KINDS, "groupings")})
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


@settings(max_examples=30)
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


@settings(max_examples=30)
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


@settings(max_examples=30)
@given(selections(), st.data())
def test_rows_come_most_first_and_ties_by_value(selection: Selection, data: st.DataObject) -> None:
    """The order is that of counts, that of time for years, and does not depend on the order of records."""
    by = data.draw(st.sampled_from(DIMENSIONS[selection.kind]))
    count: Any = data.draw(st.sampled_from(["full", "fractional"]))
    found = im.coverage(selection.records, by, count=count)
    in_time = by == "year"
    assert list(found) == sorted(found, key=lambda row: (0 if in_time else -round(row.count, 9), row.value))
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


@settings(max_examples=25)
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


@settings(max_examples=25)
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


# --- what is shown -----------------------------------------------------------------------------------------------


@settings(max_examples=25)
@given(
    selection=selections(),
    by=st.sampled_from(["country", "subregion", "region"]),
    area=st.sampled_from(["Central Asia", "africa", "Western Balkans", "Europe", "asean"]),
    count=st.sampled_from(["full", "fractional"]),
)
def test_an_area_restricts_the_rows_and_nothing_else(selection: Selection, by: str, area: str, count: Any) -> None:
    """What lies wholly in it is shown, with the counts and shares that it has without."""
    place = {"Central Asia": "Central Asia", "Western Balkans": "western-balkans", "Europe": "europe"}.get(area, area)
    inside = REFERENCE.areas[place]
    lies = {one for one, countries in REFERENCE.areas.items() if countries <= inside} | inside
    every = im.coverage(selection.records, by, count=count)
    found = im.coverage(selection.records, by, count=count, among=area)
    assert found.rows == tuple(row for row in every if row.value in lies)
    assert (found.n, found.unclassified) == (every.n, every.unclassified)
    table = im.crosstab(selection.records, by, "form", count=count, among=area)
    whole = im.crosstab(selection.records, by, "form", count=count)
    assert list(table) == [cell for cell in table if cell.row in lies]
    assert {(cell.row, cell.col): cell.count for cell in table} == {
        (cell.row, cell.col): cell.count for cell in whole if cell.row in lies
    }


def test_a_crosstab_of_an_area_shows_its_rows_and_of_values_their_columns(ds: im.Dataset) -> None:
    """Central Asia has five countries; columns may be restricted likewise; totals are of what is shown."""
    found = im.crosstab(ds.initiatives, "country", "form", among="Central Asia", among_cols=["labour", "sexual"])
    assert set(found.row_totals) <= {"KAZ", "KGZ", "TJK", "TKM", "UZB"}
    assert set(found.col_totals) <= {"labour_exploitation", "sexual_exploitation"}
    assert found.total == sum(cell.count for cell in found)


@pytest.mark.parametrize("kind", ["initiatives", "partnerships", "resources"])
def test_possible_years_are_those_that_dates_do_not_rule_out(kind: str) -> None:
    """Between the first and the last year of all, a record counts in each in which it may have been active."""
    years = universe("year")
    counts = {year: sum(may_be_active(kind, one, year) for one in bundled(kind)) for year in years}
    found = im.timeline(DS.collection(kind), dates="possible")
    assert {row.year: row.count for row in found if row.count} == {year: n for year, n in counts.items() if n}
    rows = im.coverage(DS.collection(kind), "year", dates="possible")
    assert [row.value for row in rows] == sorted(row.value for row in rows)


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
    script += "assert not any(hasattr(getattr(im, name), '__path__') for name in im.__all__ if name != 'plots')\n"
    script += "assert all(map(callable, (im.coverage, im.gaps, im.overlaps, im.portfolio, im.timeline)))"
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
        assert f"{count:,}" in line
        assert f"{count / len(raw['initiatives']):.0%}" in line
    assert f"{len(raw['initiatives']):,} initiatives by scope" in out
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
        "--fractional",
    ]
    expected = im.coverage(ds.partnerships.where(region="africa"), "priority_area", count="fractional")
    assert main([*question, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == expected.to_dict()
    assert main([*question, "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert len(rows) == len(expected)
    assert all(row.label in written.values() for row, written in zip(expected, rows, strict=True))


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
