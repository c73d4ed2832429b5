"""
A network as a whole: who connects the others, which groups there are, and its figures.

Expectations come from networkx on a graph built here from the plain records, with exact fractions.
"""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
from itertools import pairwise
from math import lcm, sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import shortest_path

import icatmapping as im
from icatmapping.datapackage.package import Package
from icatmapping.network import measures, steps
from support.reference import COLLECTIONS, Reference
from support.reference_network import projected
from support.strategies import SmallMapping, criteria, mapping_of, worlds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from icatmapping.network.weighting import Weighting


CONTEXTS: list[dict[str, Any]] = [
    {"country": "NGA"},
    {"country": "UKR", "reach": "regional"},
    {"theme": "prosecution", "year": 2020},
    {"country": "NRU", "theme": "prosecution"},
]
SETTINGS = st.fixed_dictionaries(
    {},
    optional={"of": st.sampled_from(COLLECTIONS), "donors": st.booleans(), "external": st.booleans()},
)


class ReferenceNetwork:
    """A network as the documentation defines it."""

    def __init__(self, reference: Reference, options: Mapping[str, Any], chosen: Mapping[str, Any]) -> None:
        self.reference = reference
        self.options = {"of": COLLECTIONS[0], "donors": False, "external": True, **options}
        self.chosen = chosen
        self.events = reference.events(of=self.options["of"], donors=self.options["donors"], criteria=chosen)
        every = projected(self.events)
        kept = every if self.options["external"] else [one for one in every if one in reference.entities]
        self.graph: nx.Graph[str] = nx.Graph(every.subgraph(kept))
        # Distances as whole numbers in a common unit: sums are as exact as those of fractions, and faster.
        unit = lcm(*(distance.denominator for *_, distance in self.graph.edges(data="distance")))
        for _, _, edge in self.graph.edges(data=True):
            edge["length"] = int(edge["distance"] * unit)
            edge["weight"] = float(edge["weight"])

    @property
    def asked(self) -> dict[str, Any]:
        """Give the options and criteria to ask with."""
        return {**self.options, **self.chosen}


def check_brokers(ds: im.Dataset, whole: ReferenceNetwork) -> None:
    found = im.brokers(ds, **whole.asked)
    between = nx.betweenness_centrality(whole.graph, weight="length")
    assert {row.organization: row.betweenness for row in found} == pytest.approx(between, abs=1e-12)
    assert len(found) == len(between)
    order = [(-round(row.betweenness, 9), row.organization) for row in found]
    assert order == sorted(order)
    for row in found:
        assert row.name == whole.reference.label(row.organization)
        assert row.partners == len(whole.graph[row.organization])
        assert row.records == sum(row.organization in event.participants for event in whole.events.values())


def check_summary(ds: im.Dataset, whole: ReferenceNetwork) -> None:
    found, graph = im.network_summary(ds, **whole.asked), whole.graph
    n = len(graph)
    groups = sorted(map(len, nx.connected_components(graph)), reverse=True)
    assert (found.organizations, found.ties, found.records) == (n, graph.number_of_edges(), len(whole.events))
    assert (found.components, found.largest) == (len(groups), groups[0] if groups else 0)
    assert found.density == pytest.approx(2 * graph.number_of_edges() / (n * (n - 1)) if n > 1 else 0)
    assert found.clustering == pytest.approx(sum(nx.clustering(graph).values()) / n if n else 0)
    averages = [
        shortest_path(nx.to_scipy_sparse_array(graph, sorted(group), weight=None), unweighted=True).sum()
        / (len(group) * (len(group) - 1))
        for group in nx.connected_components(graph)
        if len(group) > 1 and len(group) == groups[0]
    ]
    if averages:
        assert any(found.average_distance == pytest.approx(average) for average in averages)
    else:
        assert found.average_distance is None


def check_communities(ds: im.Dataset, whole: ReferenceNetwork, seed: int) -> None:
    found = im.communities(ds, seed=seed, **whole.asked)
    graph = whole.graph
    assert sorted(one for row in found for one in row.organizations) == sorted(graph)
    assert all(row.organizations for row in found)
    assert [len(row.organizations) for row in found] == sorted([len(row.organizations) for row in found], reverse=True)
    for row in found:
        assert row.entities == tuple(one for one in row.organizations if one in whole.reference.entities)
        group = graph.subgraph(row.organizations).copy()
        strengths = [-float(group.degree(one, weight="weight")) for one in row.organizations]
        order = [(round(value, 9), one) for value, one in zip(strengths, row.organizations, strict=True)]
        assert order == sorted(order)
        assert nx.is_connected(group)
    if graph.number_of_edges():
        groups = [set(row.organizations) for row in found]
        assert found.modularity == pytest.approx(float(nx.community.modularity(graph, groups, weight="weight")))
    else:
        assert found.modularity == 0


@settings(max_examples=200)
@given(world=worlds(), options=SETTINGS, seed=st.integers(0, 3), data=st.data())
def test_a_small_network_is_what_networkx_says_it_is(
    world: SmallMapping, options: dict[str, Any], seed: int, data: st.DataObject
) -> None:
    """On any small mapping, in any context, brokers, figures and communities agree with networkx."""
    whole = ReferenceNetwork(world.reference, options, data.draw(criteria(world.reference)))
    check_brokers(world.ds, whole)
    check_summary(world.ds, whole)
    check_communities(world.ds, whole, seed)


@pytest.mark.parametrize("options", [{}, {"external": False}, {"donors": True, "of": COLLECTIONS[-1]}], ids=str)
@pytest.mark.parametrize("context", CONTEXTS, ids=str)
def test_the_network_of_a_context_is_what_networkx_says_it_is(
    ds: im.Dataset, reference: Reference, context: dict[str, Any], options: dict[str, Any]
) -> None:
    """So do they in contexts of the bundled dataset."""
    whole = ReferenceNetwork(reference, options, context)
    check_brokers(ds, whole)
    check_summary(ds, whole)
    check_communities(ds, whole, 0)


@pytest.mark.slow
def test_the_figures_of_the_whole_dataset_are_those_of_networkx(ds: im.Dataset, reference: Reference) -> None:
    """Without criteria, figures and communities are those of everything."""
    whole = ReferenceNetwork(reference, {}, {})
    check_summary(ds, whole)
    check_communities(ds, whole, 7)


@pytest.mark.slow
@pytest.mark.parametrize("options", [{}, {"donors": True, "of": COLLECTIONS[-1]}], ids=str)
def test_the_brokers_of_the_whole_dataset_are_those_of_networkx(
    ds: im.Dataset, reference: Reference, options: dict[str, Any]
) -> None:
    """So are those who connect everybody, whatever ties organizations."""
    check_brokers(ds, ReferenceNetwork(reference, options, {}))


@given(
    pairs=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=60),
    width=st.sampled_from([1, 7, 8192]),
)
def test_steps_are_counted_from_all_nodes_at_once(pairs: list[tuple[int, int]], width: int) -> None:
    """However many starts are looked at together, the average is that of one search after the other."""
    graph: nx.Graph[int] = nx.compose(nx.path_graph(2), nx.Graph(pairs))
    largest = graph.subgraph(max(nx.connected_components(graph), key=len))
    with patch.object(steps, "_AT_ONCE", width):
        found = steps.average_steps(largest)
    assert found == pytest.approx(nx.average_shortest_path_length(largest), abs=1e-12)


@pytest.mark.parametrize("weighting", ["newman", "relevance"])
def test_brokers_of_a_large_network_are_of_a_sample(
    ds: im.Dataset, weighting: Weighting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where paths are followed from a sample alone, the rest is as far off as the documentation says, at most."""
    every = {row.organization: row for row in im.brokers(ds, country="Nigeria", weighting=weighting)}
    monkeypatch.setattr(measures, "_MAX_EFFORT", 0)
    monkeypatch.setattr(measures, "_SAMPLED", 40)
    found = im.brokers(ds, country="Nigeria", weighting=weighting)
    assert found.sampled == 40 < len(every)
    assert {row.organization for row in found} == set(every)
    assert [row.betweenness for row in found] != [row.betweenness for row in every.values()]
    for row in found:
        exact = every[row.organization].betweenness
        assert abs(row.betweenness - exact) <= 4 * sqrt(exact * (1 - exact) / 40)
    assert found == im.brokers(ds, country="Nigeria", weighting=weighting)


def test_whether_paths_are_equally_short_does_not_depend_on_rounding() -> None:
    """Two ways with the same steps in another order are equally short, and both connect."""
    for one, other in itertools.product(itertools.permutations((1, 3, 6, 7)), repeat=2):
        routes = {("alpha", "m", "n", "o", "bravo"): one, ("alpha", "x", "y", "z", "bravo"): other}
        told = [(pair, n) for route, counts in routes.items() for pair, n in zip(pairwise(route), counts, strict=True)]
        world = mapping_of([pair for pair, number in told for _ in range(number)])
        check_brokers(world.ds, ReferenceNetwork(world.reference, {}, {}))


_QUESTIONS = """
import json, icatmapping as im
ds = im.load()
asked = [{}, {"country": "Nigeria"}, {"theme": "protection", "seed": 5}, {"country": "Ukraine", "external": False}]
print(json.dumps([im.communities(ds, **more).to_dict() for more in asked]))
print(json.dumps([im.brokers(ds, country="Nigeria").to_dict(), im.network_summary(ds).to_dict()]))
"""


@pytest.mark.slow
def test_every_process_finds_the_same_communities() -> None:
    """Whatever the seed of Python's hashes, the same seed gives the same communities, to the last letter."""
    path = str(Path(im.__file__).parents[1])
    answers = {
        subprocess.run(
            [sys.executable, "-c", _QUESTIONS],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": path},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "42")
    }
    assert len(answers) == 1
    first, *_ = json.loads(answers.pop().splitlines()[0])
    assert len(first["rows"]) > 1


@settings(max_examples=40)
@given(world=worlds(), seed=st.integers(0, 3), data=st.data())
def test_the_order_of_records_changes_no_community(world: SmallMapping, seed: int, data: st.DataObject) -> None:
    """Communities hang on who works with whom, not on the order in which it was recorded."""
    package = {
        kind: data.draw(st.permutations(list(world.ds.collection(kind)))) for kind in ("initiatives", "partnerships")
    }
    rest = {kind: tuple(world.ds.collection(kind)) for kind in ("entities", "organizations", "resources")}
    other = im.Dataset.from_package(
        Package(**rest, **{kind: tuple(some) for kind, some in package.items()}, findings=(), hosts=())
    )
    assert im.communities(other, seed=seed).to_dict() == im.communities(world.ds, seed=seed).to_dict()


def test_an_empty_context_is_an_empty_network(ds: im.Dataset) -> None:
    """Where nothing matches, there is nobody, no group and no figure but zero."""
    context: dict[str, Any] = {"country": "Nauru", "theme": "prosecution"}
    assert list(im.brokers(ds, **context)) == []
    found = im.communities(ds, **context)
    assert (list(found), found.modularity) == ([], 0.0)
    assert im.network_summary(ds, **context).to_dict() == {
        "organizations": 0,
        "ties": 0,
        "records": 0,
        "density": 0.0,
        "components": 0,
        "largest": 0,
        "clustering": 0.0,
        "average_distance": None,
    }


@pytest.mark.parametrize("ask", [im.brokers, im.communities, im.network_summary], ids=lambda ask: ask.__name__)
def test_whole_networks_refuse_what_is_no_question(ds: im.Dataset, ask: Any) -> None:
    """Values, collections and criteria exist."""
    for arguments in ({"of": ("entities",)}, {"theme": "football"}, {"country": "Ruritania"}):
        with pytest.raises(im.UnknownNameError):
            ask(ds, **arguments)
    with pytest.raises(TypeError, match="lead"):
        ask(ds, lead="UNODC")


@pytest.mark.parametrize("ask", [im.brokers, im.communities, im.network_summary], ids=lambda ask: ask.__name__)
def test_answers_on_whole_networks_are_plain_data(ds: im.Dataset, ask: Any) -> None:
    """What to_dict gives comes back from JSON as it went in."""
    content = ask(ds, country="Nigeria").to_dict()
    assert json.loads(json.dumps(content, allow_nan=False)) == content


def test_brokers_and_communities_become_data_frames(ds: im.Dataset) -> None:
    """They have a row for each answer and a column for each field."""
    brokers, groups = im.brokers(ds, country="Nigeria"), im.communities(ds, country="Nigeria")
    assert brokers.to_pandas().shape == (len(brokers), 5)
    assert groups.to_pandas().shape == (len(groups), 2)
