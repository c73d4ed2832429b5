"""
Where nobody works: counts, peers, probabilities and order, computed again from the plain records in exact fractions.
"""

from __future__ import annotations

from collections import Counter
from itertools import product
from statistics import median
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.stats import binom

import icatmapping as im
from icatmapping.statistics.gaps import binomial_at_most
from support.packages import bundled
from support.reference_answers import gap_cells
from support.strategies import SmallMapping, criteria, worlds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from support.packages import Raw
    from support.reference import Reference

ROWS = ("country", "country", "subregion", "region", "theme", "response", "form")
COLS = ("form", "theme", "response", "target_group", "sector")


def rows_in(reference: Reference, rows: str, area: str) -> tuple[Any, list[str]]:
    """Give what to ask for to look at the rows of an area, and these."""
    if rows in ("country", "subregion"):
        field = "alpha3" if rows == "country" else "subregion"
        inside = [one for one in reference.raw["countries"] if area in (one["region"], one["subregion"])]
        outside = {one[field] for one in reference.raw["countries"] if area not in (one["region"], one["subregion"])}
        return area, sorted({one[field] for one in inside} - outside)
    some = list(reference.terms[rows])[::3]
    return some, some


def check(
    ds: im.Dataset,
    reference: Reference,
    rows: str,
    cols: str,
    area: str,
    most: int,
    criteria: Mapping[str, Any],
) -> im.Gaps:
    among, chosen = rows_in(reference, rows, area)
    expected, empty = gap_cells(reference, rows, cols, chosen, most, criteria)
    found = im.gaps(ds, rows, cols, among=among, at_most=most, **criteria)
    assert [(gap.row, gap.col, gap.n, gap.count, gap.peers) for gap in found] == [
        (cell.row, cell.col, cell.n, cell.count, cell.peers) for cell in expected
    ]
    for gap, cell in zip(found, expected, strict=True):
        assert gap.expected == pytest.approx(float(cell.expected), rel=1e-12)
        assert gap.p == pytest.approx(float(cell.p), rel=1e-9, abs=1e-15)
        assert gap.telling == (cell.p < 0.05)
        assert (gap.uncoded, gap.unclassified) == (cell.uncoded, len(cell.uncoded))
    assert sorted(found.empty_rows) == sorted(empty)
    assert found.cells == (len(chosen) - len(empty)) * len(reference.terms[cols])
    return found


@settings(max_examples=25)
@given(
    rows=st.sampled_from(ROWS),
    cols=st.sampled_from(COLS),
    area=st.sampled_from(["africa", "europe", "Western Africa", "Polynesia", "Central Asia"]),
    most=st.integers(0, 2),
    data=st.data(),
)
@example(rows="country", cols="form", area="africa", most=0, data=None)
def test_gaps_are_those_of_exact_fractions(
    ds: im.Dataset, reference: Reference, *, rows: str, cols: str, area: str, most: int, data: st.DataObject | None
) -> None:
    """Every cell with so few initiatives, beside its peers, its probability, and what states no column."""
    asked = {} if data is None else data.draw(criteria(reference, ("theme", "since", "scope"), most=1))
    check(ds, reference, rows, cols, area, most, asked)


@settings(max_examples=60)
@given(world=worlds(), rows=st.sampled_from(ROWS), cols=st.sampled_from(COLS[:2]), most=st.integers(0, 3))
def test_gaps_of_a_small_world_are_those_of_exact_fractions(
    world: SmallMapping, rows: str, cols: str, most: int
) -> None:
    """With few peers, those of the region or of the whole world stand in for them."""
    check(world.ds, world.reference, rows, cols, "africa", most, {})


def test_peers_are_looked_for_further_away_where_they_are_few(ds: im.Dataset, reference: Reference) -> None:
    """Each row says where its peers work, and all three distances occur."""
    labels = {term["value"]: term["label"] for term in bundled("vocabulary") if term["vocabulary"] == "region"}
    seen = Counter()
    for since in (2010, 2024):
        for gap in im.gaps(ds, "country", "form", since=since):
            country = reference.country[gap.row]
            places = {country["subregion"]: "sub-region", labels.get(country["region"]): "region"}
            seen[places.get(gap.peers_in, gap.peers_in)] += 1
            assert gap.peers >= 10 or gap.peers_in == "anywhere else"
    assert set(seen) == {"sub-region", "region", "anywhere else"}


@given(count=st.integers(0, 60), n=st.integers(0, 80), rate=st.floats(0, 1))
def test_probabilities_are_those_of_scipy(count: int, n: int, rate: float) -> None:
    """The distribution of the number of hits among n, up to a count."""
    assert binomial_at_most(count, n, rate) == pytest.approx(float(binom.cdf(count, n, rate)), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(
    ("count", "n", "rate"), [(50_000, 100_000, 0.5), (990, 2000, 0.5), (0, 10_000, 0.3), (3, 5000, 0.001)]
)
def test_probabilities_of_large_numbers_do_not_vanish(count: int, n: int, rate: float) -> None:
    """What a machine's number cannot hold on the way does not spoil the sum."""
    assert binomial_at_most(count, n, rate) == pytest.approx(float(binom.cdf(count, n, rate)), rel=1e-7, abs=1e-300)


@pytest.mark.parametrize("area", ["middle_east", "Western Africa"])
def test_regional_and_global_work_stands_beside_and_never_inside(
    ds: im.Dataset, reference: Reference, area: str
) -> None:
    """What a wider reach would add is counted as the criteria of `where` define it, and is in no cell."""
    for gap in im.gaps(ds, "country", "form", among=area)[::5]:
        reached = {
            reach: {
                record["id"]
                for record in bundled("initiatives")
                if reference.meets("initiatives", record, {"country": gap.row, "reach": reach, "form": gap.col})
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
    assert not set(covered) & set(missing)
    assert len(covered) + len(missing) == len(im.gaps(ds, rows).among)


def test_gaps_crosstab_and_empty_rows_partition_the_cells(ds: im.Dataset, reference: Reference) -> None:
    """A cell is covered, a gap, or in a row that tells nothing."""
    covered = {(cell.row, cell.col) for cell in im.crosstab(ds.initiatives, "country", "form")}
    found = im.gaps(ds, "country", "form")
    missing = {(gap.row, gap.col) for gap in found}
    silent = set(product(found.empty_rows, reference.terms["form"]))
    assert not covered & missing
    assert not silent & (covered | missing)
    assert covered | missing | silent == set(product(reference.country, reference.terms["form"]))


def test_without_columns_rows_stand_beside_the_median_of_their_peers(ds: im.Dataset, raw: Raw) -> None:
    """One-way gaps are rows that hardly any initiative names; they have no probability."""
    subregion = {one["alpha3"]: one["subregion"] for one in raw["countries"]}
    counts = Counter(place for record in raw["initiatives"] for place in record["countries"])
    found = im.gaps(ds, "country", among="Western Africa", at_most=15)
    inside = {one for one, where in subregion.items() if where == "Western Africa"}
    assert {gap.row: gap.count for gap in found} == {one: counts[one] for one in inside if counts[one] <= 15}
    for gap in found:
        assert gap.expected == median(counts[one] for one in inside - {gap.row})
        assert (gap.col, gap.p, gap.telling) == (None, None, False)


def test_only_countries_have_regional_and_global_work_beside_them(ds: im.Dataset) -> None:
    """For other rows there is no such thing, and the columns say so."""
    found = im.gaps(ds, "entity", "form")
    assert {(gap.regional, gap.global_) for gap in found} == {(None, None)}
    assert "global" in found[0].to_dict()


def test_rows_can_be_given_by_any_name(ds: im.Dataset) -> None:
    """Countries are resolved as everywhere, each once; areas stand for what lies in them."""
    assert im.gaps(ds, "country", "form", among=["Ivory Coast", "CIV", "ghana"]).among == ("CIV", "GHA")
    assert len(im.gaps(ds, "country", "form", among="Central Asia").among) == 5
    with pytest.raises(im.UnknownNameError, match="area"):
        im.gaps(ds, "country", among="atlantis")
    with pytest.raises(ValueError, match="at_most"):
        im.gaps(ds, "country", at_most=-1)
    assert not im.gaps(ds, "country", among=[])
