"""
Networks in files: what other programs read back is what was written.
"""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any

import igraph
import networkx as nx
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import icatmapping as im
from icatmapping.io.graphs import write_graph
from support.strategies import SmallMapping, worlds

if TYPE_CHECKING:
    from pathlib import Path

FORMATS = (".graphml", ".gexf", ".json", ".csv")
TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff")
    | st.sampled_from("<>&\"'\t\n=|;,"),
    min_size=1,
    max_size=12,
)
ATTRIBUTES = st.fixed_dictionaries(
    {},
    optional={
        "name": TEXT,
        "list": st.none() | st.lists(TEXT, max_size=3),
        "Überzahl": st.none() | st.integers(-(2**31), 2**31),
        "weight": st.floats(allow_nan=False, allow_infinity=False),
        "yes": st.booleans(),
    },
)


@st.composite
def graphs(draw: st.DrawFn) -> nx.Graph[str]:
    """Draw a graph with attributes of any kind."""
    graph: nx.Graph[str] = draw(st.sampled_from([nx.Graph, nx.DiGraph]))()
    nodes = draw(st.lists(TEXT, unique=True, min_size=1, max_size=5))
    graph.add_nodes_from((node, draw(ATTRIBUTES)) for node in nodes)
    for ends in draw(st.lists(st.tuples(st.sampled_from(nodes), st.sampled_from(nodes)), max_size=5)):
        graph.add_edge(*ends, **draw(ATTRIBUTES))
    return graph


def flat(attributes: dict[str, Any]) -> dict[str, Any]:
    """Say what is left of attributes where there are neither lists nor nothing."""
    joined = {name: "|".join(value) if isinstance(value, list) else value for name, value in attributes.items()}
    # A reader takes an empty text for none.
    return {name: value for name, value in joined.items() if value is not None and value != ""}


def said(graph: nx.Graph[str], *unsaid: str) -> tuple[Any, ...]:
    """Say what a graph says: its nodes and edges with their attributes, in any order."""

    def kept(data: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in flat(data).items() if name not in unsaid}

    edges = {(a, b) if graph.is_directed() else frozenset((a, b)): kept(data) for a, b, data in graph.edges(data=True)}
    return graph.is_directed(), {node: kept(data) for node, data in graph.nodes(data=True)}, edges


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder that the examples of a test share."""
    return tmp_path_factory.mktemp("graphs")


@given(graph=graphs())
def test_any_graph_comes_back_from_its_file(folder: Path, graph: nx.Graph[str]) -> None:
    """Directed or not, with loops, and with text that has a meaning in XML or JSON."""
    for suffix in (".graphml", ".gexf", ".json"):
        write_graph(graph, folder / f"graph{suffix}")
    assert said(nx.read_graphml(folder / "graph.graphml")) == said(graph)
    read: nx.Graph[str] = nx.read_gexf(folder / "graph.gexf")
    assert said(read, "label", "id") == said(graph)
    assert all(data["label"] == (graph.nodes[node].get("name") or node) for node, data in read.nodes(data=True))
    content = json.loads((folder / "graph.json").read_text(encoding="utf-8"))
    assert nx.utils.graphs_equal(nx.node_link_graph(content, edges="edges"), graph)


@settings(max_examples=15)
@given(world=worlds())
def test_the_networks_of_a_mapping_come_back_from_every_format(folder: Path, world: SmallMapping) -> None:
    """Read by networkx, igraph and pandas."""
    for graph in (im.partnership_graph(world.ds), im.affiliation_graph(world.ds, donors=True)):
        for suffix in FORMATS:
            write_graph(graph, folder / f"network{suffix}")
        assert said(nx.read_graphml(folder / "network.graphml")) == said(graph)
        assert said(nx.read_gexf(folder / "network.gexf"), "label", "id") == said(graph)
        other = igraph.Graph.Read_GraphML(str(folder / "network.graphml"))
        ends = {frozenset(other.vs[end]["id"] for end in edge.tuple): edge.attributes() for edge in other.es}
        assert {pair: data.get("records") for pair, data in ends.items()} == {
            frozenset((a, b)): "|".join(data["records"]) if "records" in data else None
            for a, b, data in graph.edges(data=True)
        }
        assert sorted(other.vs["id"] if other.vcount() else []) == sorted(graph)
        table = pd.read_csv(folder / "network.csv", dtype={"source": str, "target": str})
        stated = ({name: value for name, value in row.items() if pd.notna(value)} for row in table.to_dict("records"))
        rows = {frozenset((row.pop("source"), row.pop("target"))): row for row in stated}
        assert rows == said(graph)[2]


def test_gexf_has_the_parts_that_gephi_asks_for(folder: Path, ds: im.Dataset) -> None:
    """Each value is one of a declared attribute, each end of an edge a node, each node labelled; by the XML alone."""
    graph = im.partnership_graph(ds, country="Nigeria")
    write_graph(graph, folder / "nigeria.gexf")
    space = "{http://www.gexf.net/1.2draft}"
    root = ET.parse(folder / "nigeria.gexf").getroot()
    found = root.find(f"{space}graph")
    assert found is not None
    assert (root.tag, found.get("defaultedgetype")) == (f"{space}gexf", "undirected")
    labels = {node.get("id"): node.get("label") for node in found.iter(f"{space}node")}
    assert labels == dict(graph.nodes(data="name"))
    edges = list(found.iter(f"{space}edge"))
    assert {frozenset((edge.get("source"), edge.get("target"))) for edge in edges} == set(map(frozenset, graph.edges))
    for owner in ("node", "edge"):
        declared = {
            attribute.get("id")
            for group in found.iter(f"{space}attributes")
            if group.get("class") == owner
            for attribute in group
        }
        used = {value.get("for") for one in found.iter(f"{space}{owner}") for value in one.iter(f"{space}attvalue")}
        assert used == declared


@pytest.mark.parametrize(
    ("values", "read"), [((1, 2.5), (1.0, 2.5)), ((True, "x"), ("true", "x")), ((False, 0, "00"), ("false", "0", "00"))]
)
def test_values_of_several_types_are_read_as_one(
    values: tuple[object, ...], read: tuple[object, ...], folder: Path
) -> None:
    """As numbers if they are, else as text; GEXF would say that one of the types is that of all."""
    graph: nx.Graph[int] = nx.path_graph(len(values))
    nx.set_node_attributes(graph, dict(enumerate(values)), "value")
    for suffix, reader in ((".graphml", nx.read_graphml), (".gexf", nx.read_gexf)):
        write_graph(graph, folder / f"mixed{suffix}")
        assert tuple(nx.get_node_attributes(reader(folder / f"mixed{suffix}"), "value").values()) == read


def test_several_edges_between_two_nodes_stay_apart(folder: Path) -> None:
    """A multigraph keeps its keys in every format."""
    graph = nx.MultiDiGraph()
    graph.add_edge("a", "b", key="first", weight=1.5)
    graph.add_edge("a", "b", key="second", weight=2.5, note="x")
    for suffix in FORMATS:
        write_graph(graph, folder / f"multi{suffix}")
    assert (folder / "multi.csv").read_text() == "source,target,key,weight,note\na,b,first,1.5,\na,b,second,2.5,x\n"
    assert dict(nx.read_graphml(folder / "multi.graphml")["a"]["b"]) == dict(graph["a"]["b"])
    assert nx.read_gexf(folder / "multi.gexf").number_of_edges() == 2
    content = json.loads((folder / "multi.json").read_text())
    assert nx.utils.graphs_equal(nx.node_link_graph(content, edges="edges"), graph)


@pytest.mark.parametrize("suffix", [".graphml", ".gexf"])
@pytest.mark.parametrize("letter", ["\x00", "\x0b", "\r", "\ud800", "\ufffe"])
def test_what_xml_cannot_hold_is_an_error_that_says_where(suffix: str, letter: str, tmp_path: Path) -> None:
    """In a value, in a list, in the name of an attribute or of a node; a file that is there stays."""
    bad = f"a{letter}b"
    file = tmp_path / f"graph{suffix}"
    write_graph(nx.path_graph(3), file)
    before = file.read_bytes()
    for node, attributes in (("n", {"note": bad}), ("n", {"note": ["x", bad]}), ("n", {bad: 1}), (bad, {})):
        graph: nx.Graph[str] = nx.Graph()
        graph.add_node(node, **attributes)
        with pytest.raises(ValueError, match="which XML cannot hold"):
            write_graph(graph, file)
    assert file.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == [file.name]


def test_nodes_that_read_the_same_are_not_made_one(tmp_path: Path) -> None:
    """The number 1 and the text 1 are two nodes, which XML could not tell apart."""
    graph: nx.Graph[Any] = nx.Graph([(1, "1")])
    with pytest.raises(ValueError, match="read the same"):
        write_graph(graph, tmp_path / "graph.graphml")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("name", "nearest"), [("graph.grapml", ".graphml"), ("graph.GEFX", ".gexf"), ("graph", None)])
def test_an_unknown_suffix_names_the_known_ones_the_nearest_first(
    name: str, nearest: str | None, tmp_path: Path
) -> None:
    """No file is written."""
    with pytest.raises(im.UnknownNameError, match="unknown suffix of a graph file") as caught:
        write_graph(nx.path_graph(2), tmp_path / name)
    assert sorted(caught.value.suggestions) == sorted(FORMATS)
    assert nearest in (None, caught.value.suggestions[0])
    assert not list(tmp_path.iterdir())


def test_text_in_an_edge_list_is_no_formula(tmp_path: Path) -> None:
    """A spreadsheet shows it instead of running it; numbers stay numbers."""
    graph = nx.Graph()
    graph.add_edge("a", "b", note='=HYPERLINK("https://example.org")', change=-1)
    write_graph(graph, tmp_path / "graph.csv")
    assert pd.read_csv(tmp_path / "graph.csv").to_dict("records") == [
        {"source": "a", "target": "b", "note": '\'=HYPERLINK("https://example.org")', "change": -1}
    ]
