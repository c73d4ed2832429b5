"""
Who can reach whom in a context: every pair of entities, with the best path and what the two share.

What the best path is comes from trying everything on small worlds, and from the paths asked for one by one on the
bundled dataset; who is active and who is in one group comes from the plain records.
"""

from __future__ import annotations

import itertools
import json
from math import inf
from typing import TYPE_CHECKING, Any

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import icatmapping as im
from support.reference import Reference
from support.reference_network import BruteForcePaths
from support.strategies import HOPS, SETTINGS, WEIGHING, SmallMapping, criteria, worlds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from support.packages import Raw

CONTEXTS: list[dict[str, Any]] = [
    {"country": "SDN"},
    {"country": "NGA"},
    {"country": "NGA", "reach": "regional", "theme": "protection"},
    {"country": ("UKR", "MDA")},
    {"theme": "prosecution", "year": 2022},
]


def active(trial: BruteForcePaths) -> list[str]:
    return sorted(one for one in trial.at if one in trial.reference.entities)


def check_frame(trial: BruteForcePaths, found: im.Connections) -> None:
    """Check what does not take a search: the pairs, what they share, their groups and the order."""
    entities = active(trial)
    assert found.entities == tuple(entities)
    assert sorted((row.a, row.b) for row in found) == list(itertools.combinations(entities, 2))
    groups = {one: place for place, group in enumerate(nx.connected_components(trial.graph)) for one in group}
    for row in found:
        assert row.records == tuple(sorted(trial.at[row.a] & trial.at[row.b]))
        assert row.disconnected == (groups[row.a] != groups[row.b])
        assert (row.hops is None) == (row.distance is None)
        assert not (row.disconnected and row.hops is not None)
    assert list(found) == sorted(found, key=position_of)


def position_of(row: im.Connection) -> tuple[Any, ...]:
    hops = inf if row.hops is None else row.hops
    distance = inf if row.distance is None else round(row.distance, 9)
    return (row.disconnected, hops, row.on_topic is False, distance, row.a, row.b)


def check_best(row: im.Connection, best: tuple[str, ...], trial: BruteForcePaths) -> None:
    assert (row.name_a, row.name_b) == (trial.reference.label(row.a), trial.reference.label(row.b))
    if not best:
        assert (row.hops, row.distance, row.through, row.on_topic, row.last_active) == (None, None, (), None, None)
    else:
        assert (row.hops, row.through) == (len(best) - 1, best[1:-1])
        assert row.distance == pytest.approx(trial.distance(best), rel=1e-12)
        assert row.on_topic == all(trial.is_on_topic(a, b) for a, b in itertools.pairwise(best))
        assert row.last_active == (None if trial.age(best) == inf else -trial.age(best))


@settings(max_examples=80)
@given(world=worlds(), options=SETTINGS, weighing=WEIGHING, hops=HOPS, data=st.data())
def test_each_pair_of_a_small_world_has_the_best_path_that_keeps_the_rules(
    world: SmallMapping, options: dict[str, Any], weighing: dict[str, Any], hops: int, data: st.DataObject
) -> None:
    """On any small mapping, in any context, each row is the best of all that there are."""
    asked = data.draw(criteria(world.reference, ("place", "theme", "form", "year", "since")))
    trial = BruteForcePaths(world.reference, {**options, **weighing, "max_hops": hops}, asked)
    found = im.connections(world.ds, **trial.options, **trial.chosen)
    check_frame(trial, found)
    for row in found:
        best = next(iter(trial.paths(row.a, row.b, "hops")), ())
        check_best(row, best, trial)


@pytest.mark.slow
@pytest.mark.parametrize("context", CONTEXTS, ids=str)
@pytest.mark.parametrize(
    "options", [{}, {"external": False, "max_hops": 3}, {"donors": True, "foreign_governments": True}], ids=str
)
def test_each_pair_of_a_context_has_the_first_of_its_paths(
    ds: im.Dataset, reference: Reference, context: Mapping[str, Any], options: Mapping[str, Any]
) -> None:
    """Each row is what the paths of the pair begin with when they are asked for by themselves."""
    trial = BruteForcePaths(reference, options, context)
    found = im.connections(ds, **trial.options, **context)
    assert found
    check_frame(trial, found)
    for row in found[:: 1 + len(found) // 40]:
        paths = im.collaboration_paths(ds, row.a, row.b, k=1, **trial.options, **context)
        best = paths[0].organizations if paths else ()
        check_best(row, best, trial)


def test_pairs_without_a_path_come_after_those_with_one_and_separate_components_last(raw: Raw, ds: im.Dataset) -> None:
    """A path too long to be counted is not the same as none."""
    trial = BruteForcePaths(Reference(raw), {"max_hops": 1}, {"country": "NGA"})
    kinds = [(row.hops is None, row.disconnected) for row in im.connections(ds, max_hops=1, country="Nigeria")]
    assert kinds == sorted(kinds)
    assert set(kinds) >= {(False, False), (True, False)}
    expected = sum(trial.graph.has_edge(a, b) for a, b in itertools.combinations(active(trial), 2))
    assert kinds.count((False, False)) == expected


@settings(max_examples=20)
@given(world=worlds(), options=SETTINGS, data=st.data())
def test_connections_are_plain_data(world: SmallMapping, options: dict[str, Any], data: st.DataObject) -> None:
    """What to_dict gives comes back from JSON as it went in, with a row for each pair."""
    chosen = data.draw(criteria(world.reference))
    trial = BruteForcePaths(world.reference, options, chosen)
    content = im.connections(world.ds, **options, **chosen).to_dict()
    assert json.loads(json.dumps(content, allow_nan=False)) == content
    count = len(active(trial))
    assert content["entities"] == active(trial)
    assert len(content["rows"]) == count * (count - 1) // 2


def test_connections_become_a_data_frame(ds: im.Dataset, reference: Reference) -> None:
    """It has a row for each pair and a column for each field."""
    count = len(active(BruteForcePaths(reference, {}, {"country": "SDN"})))
    frame = im.connections(ds, country="Sudan").to_pandas()
    assert len(frame) == count * (count - 1) // 2
    assert list(frame.columns) == [
        *("a", "b", "name_a", "name_b", "hops", "distance", "through", "on_topic", "last_active", "records"),
        *("shared", "disconnected"),
    ]


@pytest.mark.parametrize("country", ["ARG", "GHA", "NGA", "SDN", "UKR"])
def test_countries_may_be_used_up(ds: im.Dataset, country: str) -> None:
    """A one-shot iterator of countries means what a tuple of them means, for those in between as well."""
    once = im.connections(ds, country=iter([country]))
    assert once.rows == im.connections(ds, country=(country,)).rows


def test_a_context_without_work_has_no_connections(ds: im.Dataset) -> None:
    """Nobody is active there, so there are no pairs."""
    found = im.connections(ds, country="Nauru", theme="prosecution", topic="require")
    assert (len(found), found.entities, list(found)) == (0, (), [])
    assert not found


def test_connections_refuse_what_is_no_question(ds: im.Dataset) -> None:
    """Steps are whole and positive; values and criteria exist."""
    for value in (0, -1, 1.5, True):
        with pytest.raises(ValueError, match="max_hops"):
            im.connections(ds, max_hops=value)  # type: ignore[arg-type]
    with pytest.raises(im.UnknownNameError):
        im.connections(ds, country="Ruritania")
    with pytest.raises(TypeError, match="lead"):
        im.connections(ds, lead="UNODC")  # type: ignore[call-arg]
