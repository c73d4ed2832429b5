"""
The affiliation network and its projection onto organizations.

What a graph should be is computed from the plain records: networkx itself projects a two-mode graph that is built
here, by the definitions in the documentation.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from math import fsum
from typing import TYPE_CHECKING, Any

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import icatmapping as im
from support.packages import DATA, Raw, bundled, written
from support.reference import COLLECTIONS, NODE_PREFIXES, Event, Reference, first_and_last
from support.strategies import SmallMapping, criteria, dataset, worlds
from support.synthetic import scale_up

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SETTINGS = st.fixed_dictionaries(
    {}, optional={"of": st.sampled_from(COLLECTIONS), "donors": st.booleans(), "external": st.booleans()}
)


LISTS = ("countries", "themes")


def events_of(reference: Reference, options: Mapping[str, Any], chosen: Mapping[str, Any]) -> dict[str, Event]:
    return reference.events(
        of=options.get("of", COLLECTIONS[0]), donors=options.get("donors", False), criteria=dict(chosen)
    )


def two_mode(events: Mapping[str, Event]) -> nx.Graph[str]:
    graph: nx.Graph[str] = nx.Graph()
    for node, event in events.items():
        graph.add_node(node, bipartite=1)
        graph.add_nodes_from(event.participants, bipartite=0)
        graph.add_edges_from((one, node) for one in event.participants)
    return graph


def check_projection(
    ds: im.Dataset, reference: Reference, options: Mapping[str, Any], chosen: Mapping[str, Any]
) -> None:
    events = events_of(reference, options, chosen)
    affiliations = two_mode(events)
    bodies = [node for node, mode in affiliations.nodes(data="bipartite") if mode == 0]
    kept = [one for one in bodies if options.get("external", True) or one in reference.entities]
    expected = nx.bipartite.collaboration_weighted_projected_graph(affiliations, bodies).subgraph(kept)
    graph = im.partnership_graph(ds, **options, **chosen)
    assert set(graph) == set(expected)
    assert {frozenset(edge) for edge in graph.edges} == {frozenset(edge) for edge in expected.edges}
    for a, b, edge in graph.edges(data=True):
        assert edge["weight"] == pytest.approx(expected.edges[a, b]["weight"], abs=1e-12)
        assert edge["distance"] == 1 / edge["weight"]
        assert edge["records"] == sorted(set(affiliations[a]) & set(affiliations[b]))
        years = first_and_last(year for node in edge["records"] for year in events[node].years)
        assert {name: edge[name] for name in edge if name not in ("weight", "distance", "records", "shared")} == years
        assert edge["shared"] == len(edge["records"])


def described(event: Event) -> dict[str, Any]:
    """Say what a network says of an event: what it is called, of what kind, where, on what, and when it was active."""
    record = event.records[0]
    name = record.get("title") or record["name"]
    lists = {key: list(dict.fromkeys(value for half in event.records for value in half[key])) for key in LISTS}
    kind = {"kind": record["kind"]} if record["kind"] else {}
    participants = len(event.participants)
    return {"name": name, "title": name, "participants": participants, **lists, **kind, **first_and_last(event.years)}


def check_affiliations(
    ds: im.Dataset, reference: Reference, options: Mapping[str, Any], chosen: Mapping[str, Any]
) -> None:
    events = events_of(reference, options, chosen)
    expected = two_mode(events)
    if not options.get("external", True):
        expected.remove_nodes_from([one for one in reference.organizations if one in expected])
    graph = im.affiliation_graph(ds, **options, **chosen)
    assert dict(graph.nodes(data="bipartite")) == dict(expected.nodes(data="bipartite"))
    assert {frozenset(edge) for edge in graph.edges} == {frozenset(edge) for edge in expected.edges}
    for node, attributes in graph.nodes(data=True):
        if attributes["bipartite"] == 0:
            body = reference.bodies[node]
            known = {"name": body["name"], "kind": body["kind"], "entity": node in reference.entities}
            known |= {key: body[key] for key in ("acronym", "country") if body.get(key)}
            assert attributes == {"bipartite": 0, **known}
        else:
            assert attributes == {"bipartite": 1, **described(events[node])}


@settings(max_examples=150)
@given(world=worlds(), options=SETTINGS, data=st.data())
def test_a_small_partnership_graph_is_newmans_projection(
    world: SmallMapping, options: dict[str, Any], data: st.DataObject
) -> None:
    """On any small mapping the graph is the one that networkx projects from the records."""
    check_projection(world.ds, world.reference, options, data.draw(criteria(world.reference)))


@pytest.mark.slow
@settings(max_examples=20)
@given(options=SETTINGS, data=st.data())
def test_the_partnership_graph_is_newmans_projection(
    ds: im.Dataset, reference: Reference, options: dict[str, Any], data: st.DataObject
) -> None:
    """For any criteria the graph is the one that networkx projects from the records that meet them."""
    check_projection(ds, reference, options, data.draw(criteria(reference)))


@pytest.mark.slow
@pytest.mark.parametrize("of", COLLECTIONS, ids="+".join)
@pytest.mark.parametrize("donors", [False, True])
def test_the_whole_partnership_graph_is_newmans_projection(
    ds: im.Dataset, reference: Reference, of: tuple[str, ...], *, donors: bool
) -> None:
    """So is the graph of the whole dataset, whatever ties organizations."""
    check_projection(ds, reference, {"of": of, "donors": donors}, {})


@settings(max_examples=100)
@given(world=worlds(), options=SETTINGS, data=st.data())
def test_a_small_affiliation_graph_joins_organizations_to_their_records(
    world: SmallMapping, options: dict[str, Any], data: st.DataObject
) -> None:
    """On any small mapping there is an edge for everybody who takes part in a record, and no other."""
    check_affiliations(world.ds, world.reference, options, data.draw(criteria(world.reference)))


@pytest.mark.slow
@settings(max_examples=15)
@given(options=SETTINGS, data=st.data())
def test_the_affiliation_graph_joins_organizations_to_their_records(
    ds: im.Dataset, reference: Reference, options: dict[str, Any], data: st.DataObject
) -> None:
    """For any criteria there is an edge for everybody who takes part in a record that meets them, and no other."""
    check_affiliations(ds, reference, options, data.draw(criteria(reference)))


def test_the_affiliation_graph_is_bipartite(ds: im.Dataset) -> None:
    """Networkx takes the attribute for what it calls one."""
    graph = im.affiliation_graph(ds, of=COLLECTIONS[-1], donors=True)
    assert nx.bipartite.is_bipartite_node_set(graph, [one for one, mode in graph.nodes(data="bipartite") if mode == 0])


def test_a_joint_programme_recorded_on_both_sides_counts_once(ds: im.Dataset, raw: Raw, reference: Reference) -> None:
    """A partnership and the initiative that it names are one node with the participants of both, if both are there."""
    graph = im.affiliation_graph(ds)
    initiatives = {record["id"]: record for record in raw["initiatives"]}
    twins = [record for record in raw["partnerships"] if record["initiative"]]
    assert twins
    for twin in twins:
        initiative = initiatives[twin["initiative"]]
        assert f"partnership:{twin['id']}" not in graph
        everybody = {*initiative["leads"], *initiative["partners"], *twin["members"]}
        everybody = set(map(reference.fold, everybody))
        assert set(graph[f"initiative:{twin['initiative']}"]) >= everybody
    alone = im.affiliation_graph(ds, of=("partnerships",))
    assert {f"partnership:{twin['id']}" for twin in twins} <= set(alone)


@given(world=worlds(), seed=st.integers(0, 1000))
def test_the_order_of_records_changes_no_weight(world: SmallMapping, seed: int) -> None:
    """Weights are the same to the last bit, in whatever order the records come."""
    rng = random.Random(seed)
    shuffled = {kind: rng.sample(records, len(records)) for kind, records in world.raw.items()}
    one, other = im.partnership_graph(world.ds), im.partnership_graph(dataset(shuffled))
    assert {frozenset((a, b)): edge for a, b, edge in one.edges(data=True)} == {
        frozenset((a, b)): edge for a, b, edge in other.edges(data=True)
    }


def test_weights_are_summed_without_rounding_on_the_way(ds: im.Dataset, reference: Reference) -> None:
    """Every weight is the correctly rounded sum of its shares."""
    events = events_of(reference, {}, {})
    for _, _, edge in im.partnership_graph(ds).edges(data=True):
        assert edge["weight"] == fsum(1 / (len(events[node].participants) - 1) for node in edge["records"])


@given(world=worlds())
def test_leaving_others_out_changes_no_tie_between_entities(world: SmallMapping) -> None:
    """Without external organizations the graph is the part of the whole graph that joins entities."""
    everybody = im.partnership_graph(world.ds)
    entities = im.partnership_graph(world.ds, external=False)
    assert nx.utils.graphs_equal(entities, everybody.subgraph(world.reference.entities))


def test_every_call_gives_a_graph_of_its_own(ds: im.Dataset) -> None:
    """Whatever a caller does to a graph, the next one is as the first."""
    for build in (im.affiliation_graph, im.partnership_graph):
        graph, kept = build(ds, country="Nigeria"), build(ds, country="Nigeria")
        for _, attributes in graph.nodes(data=True):
            attributes["name"] = "somebody else"
        for _, _, edge in graph.edges(data=True):
            edge.get("records", []).append("initiative:invented")
        graph.remove_node("unodc")
        assert nx.utils.graphs_equal(build(ds, country="Nigeria"), kept)


def test_criteria_are_lenient_and_may_be_used_up(ds: im.Dataset) -> None:
    """Names, labels and one-shot iterators mean what their values mean, in every collection."""
    plain = im.partnership_graph(ds, country="CIV", theme=("child_protection", "prevention"))
    typed = im.partnership_graph(ds, country="Ivory Coast", theme=iter(["Child protection", im.Theme.PREVENTION]))
    assert plain.number_of_edges()
    assert nx.utils.graphs_equal(plain, typed)


@pytest.mark.parametrize("build", [im.affiliation_graph, im.partnership_graph])
def test_a_criterion_that_not_all_records_share_is_an_error(ds: im.Dataset, build: Any) -> None:
    """Graphs cannot be asked for by what only one kind of record has, nor by what none has."""
    for name in ("lead", "member", "kind", "status", "language", "evidence", "colour"):
        with pytest.raises(TypeError, match=name):
            build(ds, **{name: "unodc"})
    with pytest.raises(TypeError, match="country"):
        build(ds, contry="Nigeria")
    with pytest.raises(TypeError, match="lead"):
        build(ds, of=(), lead="unodc")


@pytest.mark.parametrize("build", [im.affiliation_graph, im.partnership_graph])
def test_unknown_names_are_errors_with_suggestions(ds: im.Dataset, build: Any) -> None:
    """So are collections that tie nobody, and values that do not exist."""
    with pytest.raises(im.UnknownNameError, match="initiatives"):
        build(ds, of=("initiative",))
    with pytest.raises(im.UnknownNameError):
        build(ds, of=("entities",))
    with pytest.raises(im.UnknownNameError, match="Nigeria"):
        build(ds, country="Nigerai")


# --- the datasets that nobody recorded -----------------------------------------------------------------------------


def package_of(records: Raw) -> dict[str, Any]:
    fixed = {name: bundled(name) for name in ("countries", "vocabulary", "datapackage")}
    return {**records, **fixed}


def plain(ds: im.Dataset) -> Raw:
    collections = {name: ds.collection(name).to_dict() for name in ("entities", "organizations", *NODE_PREFIXES)}
    others = {"findings": ds.findings, "hosts": ds.hosts}
    return collections | {name: [record.to_dict() for record in records] for name, records in others.items()}


@settings(max_examples=15)
@given(world=worlds())
def test_a_small_world_keeps_the_rules_of_a_package(
    tmp_path_factory: pytest.TempPathFactory, world: SmallMapping
) -> None:
    """Written to files, it loads, and is the dataset that it was."""
    folder = written(tmp_path_factory.mktemp("world"), package_of(world.raw))
    assert im.load(folder) == world.ds


def test_a_grown_dataset_keeps_the_rules_of_a_package(ds: im.Dataset, tmp_path: Path) -> None:
    """Written to files, it loads, and is the dataset that it was."""
    large = scale_up(ds, 2500, 2000, seed=3)
    assert im.load(written(tmp_path, package_of(plain(large)))) == large


def test_growth_is_the_same_under_the_same_seed(ds: im.Dataset) -> None:
    """The same arguments give an equal dataset, another seed another one."""
    assert scale_up(ds, 3000, 2000, seed=1) == scale_up(ds, 3000, 2000, seed=1)
    assert scale_up(ds, 3000, 2000, seed=1) != scale_up(ds, 3000, 2000, seed=2)


def test_growth_changes_the_size_and_not_the_likeness(ds: im.Dataset) -> None:
    """Ten times the initiatives, and who takes part, where and on what stays in proportion."""
    large = scale_up(ds, 10 * len(ds.initiatives), 5 * len(ds.organizations), seed=5)
    assert (len(large.initiatives), len(large.organizations)) == (10 * len(ds.initiatives), 5 * len(ds.organizations))
    assert large.entities == ds.entities

    def features(records: im.Collection[im.Initiative]) -> Counter[Any]:
        found: Counter[Any] = Counter()
        for record in records:
            found[len(record.leads), len(record.partners)] += 1
            found.update([*record.countries, *record.themes, record.start, record.status])
            found.update(one for one in record.leads if one in ds.directory.entity_ids)
        return found

    before, after = features(ds.initiatives), features(large.initiatives)
    for feature, count in before.items():
        # Ten standard deviations of a count that is drawn with replacement.
        assert abs(after[feature] - 10 * count) <= 10 * (10 * count) ** 0.5
    assert set(after) == set(before)


def test_grown_organizations_work_with_more_than_one_another(ds: im.Dataset) -> None:
    """Clones take the place of their originals one by one, so the network grows rather than repeats itself."""
    size = im.partnership_graph(ds).number_of_nodes()
    large = im.partnership_graph(scale_up(ds, 4 * len(ds.initiatives), 5 * len(ds.organizations)))
    assert large.number_of_nodes() > 3 * size
    clones = [one for one in large if re.fullmatch(r".*-[1-4]", one) and one not in ds.directory.by_id]
    assert any(large.degree(one) > 5 for one in clones)


def test_the_bundled_files_are_what_the_plain_reading_reads(raw: Raw) -> None:
    """Both plain readings of the data files agree."""
    assert {file.stem for file in DATA.glob("*.json")} >= set(raw)
    assert all(bundled(name) == records for name, records in raw.items())
