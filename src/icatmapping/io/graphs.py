"""
Networks as files that other programs read: GraphML, GEXF (Gephi), node-link JSON, and edge lists in CSV.

Takes any networkx graph, not only those of this library. Knows nothing of display.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from datetime import date, time
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from icatmapping.utils.files import csv_bytes, known_suffix, write_atomically

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Sequence

    import networkx as nx

__all__ = ["flatten_graph", "write_graph"]

SEPARATOR = "|"
"""What stands between the items of a list where a format holds no lists."""


def write_graph(graph: nx.Graph[Any], path: str | os.PathLike[str]) -> None:
    """
    Write a network to a file in the format that the suffix of its name says.

    - ``.graphml``: GraphML, for Gephi, yEd, Cytoscape, igraph and networkx;
    - ``.gexf``: GEXF, for Gephi; nodes are labelled by their name or title;
    - ``.json``: node-link data, for D3 and networkx;
    - ``.csv``: an edge list, one row per edge with all its attributes. Nodes without edges are not in it.

    Lists, such as the ``records`` of an edge, stay lists in JSON; elsewhere their items are joined by ``|``. Arrays and
    numbers of numpy are lists and numbers, dates are text (``"2026-11-29"``). What is None is null in JSON, empty in
    CSV and left out elsewhere. GraphML and GEXF give all values of an attribute one type: text, if they are of
    several. Edges of a multigraph have ids of their own in GraphML, and their key as an attribute where it is not one.
    The file is written whole or not at all. What is written reads back the same, or is an error that names it.

    Args:
        graph: Any networkx graph, e.g. that of `partnership_graph`.
        path: The file. One that exists is replaced.

    Raises:
        UnknownNameError: If the suffix is none of these; with all of them, the nearest first.
        ValueError: If the format cannot hold the graph: text with characters that XML has not, different nodes that
            read the same, an attribute that the format has another use for (``id`` of a node in JSON, ``source`` of an
            edge in JSON and CSV), numbers that JSON has not.
        TypeError: If an attribute is neither text, a number, a date, None, nor a list or mapping of such.

    Examples:
        >>> import tempfile
        >>> from pathlib import Path
        >>> import icatmapping as im
        >>> graph = im.partnership_graph(im.load(), country="Nigeria")
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     write_graph(graph, Path(folder) / "nigeria.csv")
        ...     print((Path(folder) / "nigeria.csv").read_text(encoding="utf-8").splitlines()[0])
        source,target,weight,distance,shared,records,first,last
    """
    suffix = known_suffix(path, _FORMATS, "a graph file")
    write_atomically(Path(path), _FORMATS[suffix](graph))


def _graphml(graph: nx.Graph[Any]) -> bytes:
    import networkx as nx  # noqa: PLC0415 - costs 90 ms

    written = io.BytesIO()
    nx.write_graphml_xml(_with_edge_ids(flatten_graph(graph)), written)
    return written.getvalue()


def _with_edge_ids(graph: nx.Graph[Any]) -> nx.Graph[Any]:
    """Return a multigraph whose keys, which GraphML takes for the ids of edges, are all different."""
    if not graph.is_multigraph():
        return graph
    edges = list(_edges(graph))
    if len({str(key) for _, _, key, _ in edges}) == len(edges):
        return graph
    numbered: nx.Graph[Any] = graph.__class__(**graph.graph)
    numbered.add_nodes_from(graph.nodes(data=True))
    for number, (a, b, key, data) in enumerate(edges):
        numbered.add_edges_from([(a, b, f"e{number}", {"key": key, **data})])  # type: ignore[list-item]  # of multigraphs
    _make_uniform([data for *_, data in _edges(numbered)])
    return numbered


def _gexf(graph: nx.Graph[Any]) -> bytes:
    from networkx.readwrite.gexf import GEXFWriter  # noqa: PLC0415 - costs 90 ms

    flat = flatten_graph(graph)
    for node, attributes in flat.nodes(data=True):
        attributes["label"] = _label(node, attributes)
        viz = graph.nodes[node].get("viz") if node in graph else None
        _set_aside(attributes, _GEXF_OF_NODES)
        if isinstance(viz, dict):  # colours, sizes and places, for which GEXF has elements of its own
            attributes.pop(f"{_ASIDE}viz", None)
            attributes["viz"] = viz
    names = _GEXF_OF_EDGES if _has_numbers(flat, "weight") else (*_GEXF_OF_EDGES, "weight")
    for *_, attributes in _edges(flat):
        _set_aside(attributes, names if flat.is_multigraph() else (*names, "key"))
    _require_unique_ids(flat)
    writer = GEXFWriter(encoding="utf-8", version="1.2draft")
    writer.add_graph(flat)
    for attribute in writer.xml.iter("attribute"):
        attribute.set("title", attribute.get("title").removeprefix(_ASIDE))
    # The day of writing would make two files of one graph differ.
    writer.xml.find("meta").attrib.pop("lastmodifieddate")
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


# networkx takes these attributes for parts of GEXF that mean something else: nodes of one "id" become one.
_GEXF_OF_NODES = ("id", "pid", "start", "end", "parents", "slices", "spells", "viz", "key")
_GEXF_OF_EDGES = ("type", "start", "end", "slices", "spells", "viz")
_ASIDE = "attribute:"


def _set_aside(attributes: dict[str, Any], names: Sequence[str]) -> None:
    for name in names:
        if name in attributes:
            attributes[f"{_ASIDE}{name}"] = attributes.pop(name)


def _has_numbers(graph: nx.Graph[Any], name: str) -> bool:
    """Return whether an attribute of edges is a number wherever it is stated."""
    return all(type(attributes[name]) in (int, float) for *_, attributes in _edges(graph) if name in attributes)


def _require_unique_ids(graph: nx.Graph[Any]) -> None:
    """Refuse edges of one id: it is that of the edge in GEXF."""
    seen: set[str] = set()
    for *ends, attributes in _edges(graph):
        identifier = str(attributes.get("id", ""))
        if identifier and identifier in seen:
            message = f"id of edge {tuple(ends)!r} must be its own in GEXF, not {identifier!r}; write .json instead"
            raise ValueError(message)
        seen.add(identifier)


def _json(graph: nx.Graph[Any]) -> bytes:
    import networkx as nx  # noqa: PLC0415 - costs 90 ms

    ends = ("source", "target", "key") if graph.is_multigraph() else ("source", "target")
    taken = _copy(graph, _jsonable)
    for node, attributes in taken.nodes(data=True):
        if attributes.get("id", node) != node:
            message = f"id of node {node!r} cannot stand beside the node's own id in JSON; call the attribute otherwise"
            raise ValueError(message)
    _require_no(taken, ends, "JSON")
    content = nx.node_link_data(taken, edges="edges")
    return (json.dumps(content, ensure_ascii=False, allow_nan=False, indent=2) + "\n").encode("utf-8")


def _csv(graph: nx.Graph[Any]) -> bytes:
    ends = ("source", "target", "key") if graph.is_multigraph() else ("source", "target")
    taken = _copy(graph, lambda value, place: _join_list(_as_plain(value, place)))
    _require_distinct(taken)
    _require_no(taken, ends, "CSV")
    edges = list(_edges(taken))
    names = dict.fromkeys(name for *_, attributes in edges for name in attributes)
    rows = ([*end, *(attributes.get(name) for name in names)] for *end, attributes in edges)
    return csv_bytes([[*ends, *names], *rows])


def _require_no(graph: nx.Graph[Any], names: Sequence[str], form: str) -> None:
    """Refuse attributes of edges that have the name of what a format says of every edge."""
    for *ends, attributes in _edges(graph):
        for name in names:
            if name in attributes:
                message = f"{name} of edge {tuple(ends)!r} cannot be an attribute in {form}; call it otherwise"
                raise ValueError(message)


_FORMATS: Mapping[str, Callable[[nx.Graph[Any]], bytes]] = MappingProxyType(
    {".graphml": _graphml, ".gexf": _gexf, ".json": _json, ".csv": _csv}
)


def _edges(graph: nx.Graph[Any]) -> Iterable[tuple[Any, ...]]:
    """Return the edges: both ends, the key if there may be several between them, the attributes."""
    edges: Iterable[tuple[Any, ...]] = (
        graph.edges(data=True, keys=True)  # type: ignore[call-overload]  # what only a multigraph's edges take
        if graph.is_multigraph()
        else graph.edges(data=True)
    )
    return edges


def flatten_graph(graph: nx.Graph[Any]) -> nx.Graph[Any]:
    """
    Return a copy of a graph that networkx's own writers take, ``nx.write_graphml(flatten_graph(graph), path)``.

    Lists are text, joined by ``|``; what is None is left out; arrays and numbers of numpy are lists and numbers, dates
    are text; all values of an attribute are of one type: text, if they were of several.

    Args:
        graph: Any networkx graph, e.g. that of `partnership_graph`.

    Raises:
        ValueError: If it has text with characters that XML has not, or different nodes that read the same.
        TypeError: If an attribute is neither text, a number, a date, None, nor a list or mapping of such.

    Examples:
        >>> import icatmapping as im
        >>> graph = im.flatten_graph(im.partnership_graph(im.load(), country="Nigeria"))
        >>> type(graph.edges["unodc", "iom"]["records"])
        <class 'str'>
    """
    flat = _copy(graph, lambda value, place: _require_xml(_join_list(_as_plain(value, place)), place))
    _require_distinct(flat)
    for node in flat:
        _require_xml(node, "a node")
    for attributes in _attributes_in(flat):
        for name in [name for name, value in attributes.items() if value is None]:
            del attributes[name]
        for name in attributes:
            _require_xml(name, "the name of an attribute")
    _make_uniform([data for _, data in flat.nodes(data=True)])
    _make_uniform([data for *_, data in _edges(flat)])
    return flat


def _attributes_in(graph: nx.Graph[Any]) -> Iterable[dict[str, Any]]:
    yield graph.graph
    yield from (data for _, data in graph.nodes(data=True))
    yield from (data for *_, data in _edges(graph))


def _copy(graph: nx.Graph[Any], convert: Callable[[Any, str], Any]) -> nx.Graph[Any]:
    """Copy a graph with every value of an attribute converted, which is told what it is of."""

    def converted(attributes: Mapping[Any, Any], owner: str) -> dict[str, Any]:
        return {str(name): convert(value, f"{name} of {owner}") for name, value in attributes.items()}

    copy: nx.Graph[Any] = graph.__class__()
    copy.graph.update(converted(graph.graph, "the graph"))
    plain = {node: _plain_node(node) for node in graph}
    copy.add_nodes_from((plain[node], converted(data, f"node {node!r}")) for node, data in graph.nodes(data=True))
    copy.add_edges_from(
        (plain[a], plain[b], *key, converted(data, f"edge {(a, b)!r}")) for a, b, *key, data in _edges(graph)
    )
    return copy


def _plain_node(node: Any) -> Any:
    """Return a node as text or a number, if it is one; others are what they are."""
    if isinstance(node, str):
        return str(node)
    return _as_plain(node, "a node") if hasattr(node, "dtype") or isinstance(node, date | time) else node


def _require_distinct(graph: nx.Graph[Any]) -> None:
    if len(set(map(str, graph))) < len(graph):
        raise ValueError("different nodes of the graph read the same when written as text")


def _as_plain(value: Any, place: str) -> Any:  # noqa: PLR0911 - one for each kind of value
    """Return a value as JSON has it: text, a number, None, or a list or mapping of such."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return None
    for kind in (bool, int, float, str):  # of terms and the like, what they are
        if isinstance(value, kind):
            return kind(value)
    if hasattr(value, "dtype") and hasattr(value, "tolist"):  # arrays and numbers of numpy
        return _as_plain(value.tolist(), place)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, set | frozenset):
        return sorted((_as_plain(item, place) for item in value), key=lambda item: (str(type(item)), item))
    if isinstance(value, list | tuple):
        return [_as_plain(item, place) for item in value]
    if isinstance(value, Mapping):
        return {str(name): _as_plain(item, place) for name, item in value.items()}
    message = f"{place} must be text, a number, a date, None, or a list or mapping of such, not {type(value).__name__}"
    raise TypeError(message)


def _jsonable(value: Any, place: str) -> Any:
    plain = _as_plain(value, place)
    try:
        json.dumps(plain, allow_nan=False)
    except ValueError:
        message = f"{place} holds a number that JSON has not: NaN or an infinite one"
        raise ValueError(message) from None
    return plain


def _label(node: Any, attributes: Mapping[str, Any]) -> str:
    return str(next(filter(None, (attributes.get(name) for name in ("label", "name", "title"))), node))


def _make_uniform(data: Sequence[dict[str, Any]]) -> None:
    """Return all values of an attribute one type, text if need be: a file declares the type once."""
    types: dict[str, set[type]] = {}
    for attributes in data:
        for name, value in attributes.items():
            types.setdefault(name, set()).add(type(value))
    for attributes in data:
        for name in [name for name in attributes if len(types[name]) > 1]:
            attributes[name] = float(attributes[name]) if types[name] == {int, float} else _text(attributes[name])


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


# Carriage returns are left out as well: XML readers turn them into line feeds.
_NOT_IN_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _require_xml(value: Any, place: str) -> Any:
    """Return a value back if XML can hold it."""
    if isinstance(value, str) and (found := _NOT_IN_XML.search(value)):
        message = f"{place} holds {found[0]!r}, which XML cannot hold; write .json instead, or take it out"
        raise ValueError(message)
    return value


def _join_list(value: Any) -> Any:
    """Make text of a list, items joined, and of a mapping, as JSON; leave anything else as it is."""
    if isinstance(value, Mapping):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return SEPARATOR.join(
            json.dumps(item, ensure_ascii=False) if isinstance(item, list | Mapping) else _text(item) for item in value
        )
    return value
