"""
Overlaps, portfolios and comparisons: cells, similarity, years and what is uncoordinated, from the plain records.
"""

from __future__ import annotations

import json
from collections import Counter
from itertools import combinations
from math import sqrt
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import icatmapping as im
from icatmapping.model.records import participants
from support.packages import KINDS, bundled
from support.reference import COLLECTIONS, Reference, years_of
from support.reference_answers import cells_of, covered, uncoordinated
from support.strategies import SmallMapping, criteria, worlds

if TYPE_CHECKING:
    from collections.abc import Mapping

DS = im.load()
REFERENCE = Reference({kind: bundled(kind) for kind in (*KINDS, "groupings")})
ON = (("country", "theme"), ("theme",), ("region", "form"), ("country", "theme", "form"))
NAMES = ("theme", "place", "form", "since", "scope")


def check_overlaps(
    ds: im.Dataset, reference: Reference, on: tuple[str, ...], metric: Any, asked: Mapping[str, Any]
) -> im.Overlaps:
    """Compare overlaps with a plain loop over pairs, cells, years and records."""
    cover = covered(reference, on, asked)
    together: dict[tuple[str, str], list[str]] = {}
    for node, event in reference.events(of=COLLECTIONS[0], donors=False, criteria=asked).items():
        for pair in combinations(sorted(event.participants & reference.entities.keys()), 2):
            together.setdefault(pair, []).append(node)
    lasts = {one["id"]: max(years_of("initiatives", one), default=0) for one in reference.raw["initiatives"]}
    found = im.overlaps(ds, on=on, metric=metric, **asked)
    assert {(row.a, row.b) for row in found} == set(combinations(sorted(reference.entities), 2))
    for row in found:
        mine, theirs = set(cover[row.a]), set(cover[row.b])
        both = mine & theirs
        below = {
            "jaccard": len(mine | theirs),
            "overlap": min(len(mine), len(theirs)),
            "cosine": sqrt(len(mine) * len(theirs)),
        }[metric]
        assert row.similarity == pytest.approx(len(both) / below if below else 0.0)
        assert (row.shared, set(row.cells)) == (len(both), both)
        assert list(row.records) == sorted(together.get((row.a, row.b), []))
    keys = [(-round(row.similarity, 9), -row.shared, row.a, row.b) for row in found]
    assert keys == sorted(keys)
    expected = uncoordinated(reference, on, asked)
    assert [(row.a, row.b, row.value, row.others, row.years) for row in found.uncoordinated] == [
        (one.a, one.b, one.value, one.others, one.years) for one in expected
    ]
    for row, one in zip(found.uncoordinated, expected, strict=True):
        for shown, records in ((row.records_a, one.records_a), (row.records_b, one.records_b)):
            assert list(shown) == sorted(records, key=lambda one: (-lasts[one], one))
    assert found.uncovered == tuple(sorted(one for one, cells in cover.items() if not cells))
    return found


@pytest.mark.parametrize(
    ("on", "metric", "asked"),
    [
        (("country", "theme"), "jaccard", {"since": 2020}),
        (("theme",), "cosine", {}),
        (ON[3], "overlap", {"country": "NGA"}),
    ],
    ids=str,
)
def test_overlaps_are_those_of_a_plain_loop(on: tuple[str, ...], metric: str, asked: dict[str, Any]) -> None:
    """Cells, similarity, shared records and what is uncoordinated, on the bundled data."""
    assert check_overlaps(DS, REFERENCE, on, metric, asked)


@settings(max_examples=40)
@given(
    world=worlds(),
    on=st.sampled_from(ON),
    metric=st.sampled_from(["jaccard", "overlap", "cosine"]),
    data=st.data(),
)
def test_overlaps_are_those_of_a_plain_loop_in_any_world(
    world: SmallMapping, on: tuple[str, ...], metric: str, data: st.DataObject
) -> None:
    """With organs, twins, undated work, empty cells and entities that do nothing."""
    check_overlaps(world.ds, world.reference, on, metric, data.draw(criteria(world.reference, NAMES, most=1)))


def test_who_is_uncoordinated_never_shares_a_record_there_and_always_a_year(ds: im.Dataset) -> None:
    """No undertaking of any theme and date that names the country has both; each has work there in every such year."""
    found = im.overlaps(ds, since=2018).uncoordinated
    assert len(found) > 100
    for row in found[::25]:
        there = [*ds.initiatives.where(country=row.value), *ds.partnerships.where(country=row.value)]
        for record in there:
            assert not {row.a, row.b} <= set(ds.directory.entities_of(participants(record)))
        for ids in (row.records_a, row.records_b):
            years = {year for one in ids for year in years_of("initiatives", _raw(one))}
            assert set(row.years) <= years
        assert row.label == im.country(row.value).name


def _raw(identifier: str) -> Any:
    return next(record for record in bundled("initiatives") if record["id"] == identifier)


def test_the_row_of_two_is_found_by_their_names(ds: im.Dataset) -> None:
    """By ids or acronyms, in any order; a position gives a row; others are errors."""
    found = im.overlaps(ds)
    row = found["IOM", "ILO"]
    assert (row.a, row.b) == ("ilo", "iom")
    assert found["ilo", "iom"] is row
    assert found[0].similarity >= found[-1].similarity
    with pytest.raises(im.UnknownNameError):
        found["IOM", "Nobody"]


def _both(record: Any, a: str, b: str) -> bool:
    return {a, b} <= REFERENCE.entities_among(record.get("members") or record["leads"] + record["partners"])


@pytest.mark.parametrize("asked", [{}, {"since": 2020}, {"country": "africa"}], ids=str)
@pytest.mark.parametrize("on", ON[:2], ids=str)
def test_a_comparison_counts_what_each_does_and_what_they_do_together(on: tuple[str, ...], asked: Any) -> None:
    """Cells of each and of both, their last and common years, and the records of both, newest first."""
    records = [one for one in bundled("initiatives") if REFERENCE.meets("initiatives", one, asked)]
    cells: dict[Any, dict[str, list[Any]]] = {}
    for record in records:
        for entity in REFERENCE.entities_among(record["leads"] + record["partners"]) & {"ilo", "iom"}:
            for cell in cells_of(REFERENCE, record, on):
                cells.setdefault(cell, {"ilo": [], "iom": []})[entity].append(record)
    found = im.compare(DS, "IOM", "ILO", on=on, **asked)
    assert {row.cell for row in found} == set(cells)
    for row in found:
        iom, ilo = cells[row.cell]["iom"], cells[row.cell]["ilo"]
        years = [{year for one in some for year in years_of("initiatives", one)} for some in (iom, ilo)]
        assert (row.count_a, row.count_b) == (len(iom), len(ilo))
        assert (row.last_a, row.last_b) == tuple(max(some, default=None) for some in years)
        assert row.common_years == tuple(sorted(years[0] & years[1]))
        assert row.together == sum(one in ilo for one in iom)
    assert len(found.both) + len(found.only_a) + len(found.only_b) == len(found)
    events = REFERENCE.events(of=COLLECTIONS[0], donors=False, criteria=asked)
    shared = [node for node, event in events.items() if {"ilo", "iom"} <= event.participants]
    shared.sort(key=lambda node: (-max(events[node].years, default=0), node))
    assert [one.id for one in found.together] == [one["id"] for node in shared for one in events[node].records]


def test_a_comparison_is_of_two(ds: im.Dataset) -> None:
    """An entity is not compared with itself; the answer is plain data."""
    with pytest.raises(ValueError, match="same entity"):
        im.compare(ds, "IOM", "iom")
    content = im.compare(ds, "IOM", "ILO", on="theme").to_dict()
    assert json.loads(json.dumps(content, allow_nan=False)) == content


@given(
    st.sampled_from(sorted(REFERENCE.entities)), st.sampled_from([("country", "theme"), ("theme",), ("form", "region")])
)
@settings(max_examples=15)
def test_a_portfolio_has_the_location_quotients_of_its_cells(entity: str, on: tuple[str, ...]) -> None:
    """The part of a cell in an entity's initiatives over its part in those of all members."""
    rows = []
    n = 0
    for record in bundled("initiatives"):
        members = REFERENCE.entities_among(record["leads"] + record["partners"])
        n += entity in members
        cells = cells_of(REFERENCE, record, on)
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


def test_a_quotient_of_few_is_not_ranked(ds: im.Dataset) -> None:
    """Fewer than five initiatives are chance; the rest comes highest first, each inside its interval."""
    found = im.portfolio(ds, "UNODC")
    counts = Counter(row.count >= 5 for row in found)
    assert len(found.specialization) == counts[True] < len(found)
    quotients = [round(row.quotient, 9) for row in found.specialization]
    assert quotients == sorted(quotients, reverse=True)
    assert all(row.low < row.quotient < row.high for row in found)
