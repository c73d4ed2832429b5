"""
Questions that could grow without bounds: large partnerships, long paths, many misses, years that nobody recorded.

Nothing is timed; what is counted is the work done or the memory taken, so that no slow machine makes a test fail.
"""

from __future__ import annotations

import tracemalloc
from itertools import pairwise, product
from typing import Any

import pytest

import icatmapping as im
from icatmapping.network.affiliations import Affiliations
from support.questions import run_python
from support.strategies import mapping_of


def large_table(members: int) -> im.Dataset:
    """Return a mapping with one initiative of so many, and one of two beside it."""
    return mapping_of([("alpha", *(f"org-{place}" for place in range(members)), "bravo"), ("alpha", "charlie")]).ds


def test_a_partnership_of_hundreds_ties_only_those_that_are_asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    """A brief works out the ties of the entities there, not those of every pair of members."""
    asked: set[str] = set()
    ties = Affiliations.ties

    def counted(self: Affiliations, one: str) -> Any:
        asked.add(one)
        return ties(self, one)

    monkeypatch.setattr(Affiliations, "ties", counted)
    brief = im.country_brief(large_table(600), "Nigeria")
    assert len(brief.connections) == 3
    assert len(asked) < 20


def test_a_path_in_a_partnership_of_thousands_takes_memory_of_its_members() -> None:
    """A record is a star: four thousand members are no eight million pairs."""
    ds = large_table(4000)
    tracemalloc.start()
    found = im.collaboration_paths(ds, "bravo", "charlie", country="Nigeria")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [path.organizations for path in found] == [("bravo", "alpha", "charlie")]
    assert most < 60_000_000


def test_a_path_is_no_longer_than_there_are_organizations() -> None:
    """However many steps are allowed, no more are tried than somebody could take."""
    world = mapping_of([("alpha", "m"), ("m", "n"), ("n", "bravo")])
    found = im.collaboration_paths(world.ds, "alpha", "bravo", max_hops=1_000_000, k=1000)
    assert [path.organizations for path in found] == [("alpha", "m", "n", "bravo")]
    apart = mapping_of([("alpha", "m"), ("n", "bravo")])
    assert not im.collaboration_paths(apart.ds, "alpha", "bravo", max_hops=1_000_000)


@pytest.mark.parametrize("by", ["hops", "distance", "recent"])
def test_layers_of_organizations_are_pruned(by: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sixty in six layers, each tied to all of the next: of a million ways few are looked at."""
    layers = [[f"org-{layer}-{place}" for place in range(10)] for layer in range(6)]
    work = [pair for one, other in pairwise(layers) for pair in product(one, other)]
    work += [("alpha", one) for one in layers[0]] + [(one, "bravo") for one in layers[-1]]
    ds = mapping_of(work).ds
    looked: list[str] = []
    share_events = Affiliations.share_events

    def counted(self: Affiliations, one: str, other: str) -> bool:
        looked.append(one)
        return share_events(self, one, other)

    monkeypatch.setattr(Affiliations, "share_events", counted)
    found = im.collaboration_paths(ds, "alpha", "bravo", max_hops=8, by=by)
    assert {path.hops for path in found} == {7}
    assert len(found) == 5
    assert len(looked) < 20_000


def test_misses_make_no_suggestions_that_nobody_reads(ds: im.Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asks for a default gets it without a search for the nearest name."""

    def fail(*_: Any, **__: Any) -> Any:
        message = "nobody reads these"
        raise AssertionError(message)

    monkeypatch.setattr("icatmapping.query.names.nearest", fail)
    some = ds.organizations.where(country="Nigeria")
    for place in range(100):
        assert ds.organizations.get(f"Nobody by the name of {place}") is None
        assert some.get(f"Nobody by the name of {place}") is None


def test_years_that_nobody_recorded_are_not_kept(ds: im.Dataset) -> None:
    """Fifty thousand years without a record leave nothing behind."""
    assert not ds.initiatives.where(year=range(3000, 4000))
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    assert not ds.initiatives.where(year=range(5000, 55_000))
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert after - before < 200_000


_REASONS = """
import icatmapping as im
ds = im.load()
for countries in ({"Nigeria", "Ghana", "Togo"}, {"Nauru", "Tuvalu", "Palau"}):
    print(im.collaboration_paths(ds, "UNU", "CBSS", country=countries, theme={"protection", "prosecution"}).describe())
print([row.organizations for row in im.communities(ds, country={"Nigeria", "Ghana"})])
print([row.entity for row in im.find_support(ds, country="Togo", theme={"protection", "prevention"})])
print(im.country_brief(ds, "Togo").to_markdown())
"""


def test_a_reason_reads_the_same_in_every_process() -> None:
    """Whatever the seed of Python's hashes, and in whatever order a set comes, the text is the same."""
    assert len({run_python(_REASONS, PYTHONHASHSEED=seed) for seed in ("1", "2")}) == 1
