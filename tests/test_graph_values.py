"""
Networks with the values that people put on them: numbers of numpy, dates, lists, ids, and names that formats reserve.
"""

from __future__ import annotations

import datetime as dt
import json
import xml.etree.ElementTree as ET
from collections import Counter
from typing import TYPE_CHECKING, Any

import igraph
import networkx as nx
import numpy as np
import pandas as pd
import pytest

import icatmapping as im

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

VALUES: dict[str, tuple[Any, Any]] = {
    "an integer of numpy": (np.int64(7), 7),
    "a number of numpy": (np.float32(0.5), 0.5),
    "a truth value of numpy": (np.array([True])[0], True),
    "text of numpy": (np.str_("x"), "x"),
    "an array": (np.array([0.9, -0.3]), [0.9, -0.3]),
    "an array of arrays": (np.array([[2, 1], [0, 3]]), [[2, 1], [0, 3]]),
    "a day": (dt.date(2026, 11, 29), "2026-11-29"),
    "a moment": (dt.datetime(2026, 11, 29, 8, 30, tzinfo=dt.UTC), "2026-11-29T08:30:00+00:00"),
    "a moment of numpy": (np.datetime64("2026-11-29"), "2026-11-29"),
    "a moment of pandas": (pd.Timestamp("2026-11-29"), "2026-11-29T00:00:00"),
    "a set": ({"b", "a"}, ["a", "b"]),
    "a tuple": ((2, 1), [2, 1]),
    "a mapping": ({"b": np.int8(1)}, {"b": 1}),
    "nothing": (None, None),
    "nothing of pandas": (pd.NA, None),
    "a term": (im.Theme.PROTECTION, "protection"),
}


def _read_json(path: Path) -> nx.Graph[Any]:
    found: nx.Graph[Any] = nx.node_link_graph(json.loads(path.read_text(encoding="utf-8")), edges="edges")
    return found


READERS: dict[str, Callable[[Path], nx.Graph[Any]]] = {
    ".json": _read_json,
    ".graphml": nx.read_graphml,
    ".gexf": nx.read_gexf,
}


def joined(value: Any) -> Any:
    """Say how a value reads where there are no lists."""
    if isinstance(value, dict):
        return json.dumps(value)
    if isinstance(value, list):
        return "|".join(json.dumps(item) if isinstance(item, list) else str(item) for item in value)
    return value


@pytest.mark.parametrize("suffix", READERS)
@pytest.mark.parametrize("kind", VALUES)
def test_a_value_reads_back_as_what_it_is(kind: str, suffix: str, tmp_path: Path) -> None:
    """On nodes and on edges: lists in their order, numbers as numbers, dates as text."""
    value, plain = VALUES[kind]
    graph: nx.Graph[str] = nx.Graph()
    graph.add_node("a", value=value)
    graph.add_edge("a", "b", value=value)
    im.write_graph(graph, tmp_path / f"graph{suffix}")
    read = READERS[suffix](tmp_path / f"graph{suffix}")
    wanted = plain if suffix == ".json" else joined(plain)
    for data in (read.nodes["a"], read.edges["a", "b"]):
        assert (data.get("value"), type(data.get("value"))) == (wanted, type(wanted))


@pytest.mark.parametrize("name", ["id", "pid", "start", "end", "parents", "slices", "spells", "type", "key", "viz"])
@pytest.mark.parametrize("suffix", [".gexf", ".graphml"])
def test_a_name_that_a_format_uses_itself_is_an_attribute_as_any(name: str, suffix: str, tmp_path: Path) -> None:
    """Of nodes: two of one “id” stay two."""
    graph: nx.Graph[str] = nx.Graph()
    graph.add_node("a", **{name: "X"})
    graph.add_node("b", **{name: "X"})
    graph.add_edge("a", "b", weight=2.0)
    im.write_graph(graph, tmp_path / f"graph{suffix}")
    read = READERS[suffix](tmp_path / f"graph{suffix}")
    assert {node: data[name] for node, data in read.nodes(data=True)} == {"a": "X", "b": "X"}
    assert list(read.edges(data="weight")) == [("a", "b", 2.0)]


@pytest.mark.parametrize("name", ["start", "end", "type", "spells", "slices"])
def test_the_same_holds_for_edges_in_gexf(name: str, tmp_path: Path) -> None:
    """Years stay numbers."""
    graph: nx.Graph[str] = nx.Graph()
    graph.add_edge("a", "b", **{name: 2019})
    im.write_graph(graph, tmp_path / "graph.gexf")
    assert nx.read_gexf(tmp_path / "graph.gexf").edges["a", "b"][name] == 2019


@pytest.mark.parametrize(
    ("suffix", "spoil", "message"),
    [
        (".json", lambda graph: graph.add_node("a", id="X"), "id of node 'a'"),
        (".json", lambda graph: graph.add_edge("a", "b", source="page"), "source of edge"),
        (".csv", lambda graph: graph.add_edge("a", "b", target="page"), "target of edge"),
        (".json", lambda graph: graph.add_node("a", value=float("nan")), "value of node 'a' holds a number"),
        (".json", lambda graph: graph.add_edge("a", "b", value=[1.0, float("inf")]), "value of edge"),
        (".csv", lambda graph: graph.add_edge(1, "1"), "read the same"),
        (".gexf", lambda graph: graph.add_edges_from([("a", "b", {"id": 1}), ("a", "c", {"id": 1})]), "id of edge"),
    ],
)
def test_what_would_read_back_otherwise_is_an_error_that_names_it(
    suffix: str, spoil: Callable[[nx.Graph[Any]], None], message: str, tmp_path: Path
) -> None:
    """And nothing is written."""
    graph: nx.Graph[Any] = nx.Graph()
    spoil(graph)
    with pytest.raises(ValueError, match=message):
        im.write_graph(graph, tmp_path / f"graph{suffix}")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("suffix", [*READERS, ".csv"])
def test_a_value_that_is_no_data_is_an_error_that_names_it(suffix: str, tmp_path: Path) -> None:
    """Objects, bytes and complex numbers have no text that could be read back."""
    for value in (object(), b"x", 1j, [object()]):
        graph: nx.Graph[str] = nx.Graph()
        graph.add_edge("a", "b", value=value)
        with pytest.raises(TypeError, match=r"value of edge \('a', 'b'\) must be text, a number, a date"):
            im.write_graph(graph, tmp_path / f"graph{suffix}")


def test_edges_of_a_multigraph_have_ids_of_their_own(tmp_path: Path) -> None:
    """In GraphML, where the keys of two pairs are the same; the keys are kept beside them."""
    graph = nx.MultiDiGraph([("a", "b"), ("a", "b"), ("b", "c")])
    im.write_graph(graph, tmp_path / "graph.graphml")
    root = ET.parse(tmp_path / "graph.graphml").getroot()
    ids = [edge.get("id") for edge in root.iter("{http://graphml.graphdrawing.org/xmlns}edge")]
    assert len(set(ids)) == 3
    read: Any = nx.read_graphml(tmp_path / "graph.graphml")
    assert sorted((a, b, data["key"]) for a, b, data in read.edges(data=True)) == sorted(graph.edges(keys=True))


def test_nodes_that_are_numbers_of_numpy_are_numbers(tmp_path: Path) -> None:
    """As adjacency matrices give them."""
    graph: nx.Graph[Any] = nx.Graph()
    graph.add_edge(np.int64(1), np.int64(2))
    im.write_graph(graph, tmp_path / "graph.json")
    assert sorted(_read_json(tmp_path / "graph.json")) == [1, 2]


@pytest.mark.parametrize("make", [im.partnership_graph, im.affiliation_graph])
def test_the_writers_of_networkx_take_a_flat_graph(
    make: Callable[..., nx.Graph[str]], ds: im.Dataset, tmp_path: Path
) -> None:
    """They refuse the lists of ours; what they write is what this library writes."""
    graph = make(ds, country="Nigeria")
    flat = im.flatten_graph(graph)
    assert set(flat) == set(graph)
    assert flat.number_of_edges() == graph.number_of_edges()
    nx.write_graphml(flat, tmp_path / "theirs.graphml")
    nx.write_gexf(flat, tmp_path / "theirs.gexf")
    im.write_graph(graph, tmp_path / "ours.graphml")
    assert nx.utils.graphs_equal(
        nx.read_graphml(tmp_path / "theirs.graphml"), nx.read_graphml(tmp_path / "ours.graphml")
    )


def test_records_have_names_so_that_no_program_takes_them_for_one(ds: im.Dataset, tmp_path: Path) -> None:
    """R's igraph names nodes by ``name`` and would merge those that have none; every format has it."""
    graph = im.affiliation_graph(ds, country="Nigeria")
    names = nx.get_node_attributes(graph, "name")
    assert set(names) == set(graph)
    im.write_graph(graph, tmp_path / "graph.graphml")
    other = igraph.Graph.Read_GraphML(str(tmp_path / "graph.graphml"))
    assert Counter(other.vs["name"]) == Counter(names.values())
    for suffix in (".json", ".gexf"):
        im.write_graph(graph, tmp_path / f"graph{suffix}")
        assert nx.get_node_attributes(READERS[suffix](tmp_path / f"graph{suffix}"), "name") == names
