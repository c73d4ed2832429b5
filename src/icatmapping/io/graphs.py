"""
Networks as files that other programs read: GraphML, GEXF (Gephi), node-link JSON, and edge lists in CSV.

Takes any networkx graph, not only those of this library. Knows nothing of display.
"""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from icatmapping.utils.files import csv_bytes, known_suffix, write_atomically

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import networkx as nx

__all__ = ["write_graph"]

SEPARATOR = "|"
"""What stands between the items of a list where a format holds no lists."""


def write_graph(graph: nx.Graph[Any], path: str | os.PathLike[str]) -> None:
    """
    Write a network to a file in the format that the suffix of its name says.

    - ``.graphml``: GraphML, for Gephi, yEd, Cytoscape, igraph and networkx;
    - ``.gexf``: GEXF, for Gephi; nodes are labelled by their name or title;
    - ``.json``: node-link data, for D3 and networkx;
    - ``.csv``: an edge list, one row per edge with all its attributes. Nodes without edges are not in it.

    Lists, such as the ``records`` of an edge, stay lists in JSON; elsewhere their items are joined by ``|``. An
    attribute that is None is null in JSON, empty in CSV and left out elsewhere. GraphML and GEXF give all values of an
    attribute one type: text, if they are of several. The file is written whole or not at all.

    Args:
        graph: Any networkx graph, e.g. that of `partnership_graph`.
        path: The file. One that exists is replaced.

    Raises:
        UnknownNameError: If the suffix is none of these; with all of them, the nearest first.
        ValueError: If the format cannot hold the graph: text with characters that XML has not, or different nodes that
            read the same.

    Examples:
        >>> import tempfile
        >>> from pathlib import Path
        >>> import icatmapping as im
        >>> graph = im.partnership_graph(im.load(), country="Nigeria")
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     write_graph(graph, Path(folder) / "nigeria.csv")
        ...     print((Path(folder) / "nigeria.csv").read_text(encoding="utf-8").splitlines()[0])
        source,target,weight,distance,records,first,last
    """
    suffix = known_suffix(path, _FORMATS, "a graph file")
    write_atomically(Path(path), _FORMATS[suffix](graph))


def _graphml(graph: nx.Graph[Any]) -> bytes:
    import networkx as nx  # noqa: PLC0415 - costs 90 ms

    written = io.BytesIO()
    nx.write_graphml_xml(_flatten_attributes(graph), written)
    return written.getvalue()


def _gexf(graph: nx.Graph[Any]) -> bytes:
    from networkx.readwrite.gexf import GEXFWriter  # noqa: PLC0415 - costs 90 ms

    flat = _flatten_attributes(graph)
    for node, attributes in flat.nodes(data=True):
        attributes.setdefault("label", str(attributes.get("name") or attributes.get("title") or node))
    writer = GEXFWriter(encoding="utf-8", version="1.2draft")
    writer.add_graph(flat)
    # The day of writing would make two files of one graph differ.
    writer.xml.find("meta").attrib.pop("lastmodifieddate")
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def _json(graph: nx.Graph[Any]) -> bytes:
    import networkx as nx  # noqa: PLC0415 - costs 90 ms

    content = nx.node_link_data(graph, edges="edges")
    return (json.dumps(content, ensure_ascii=False, allow_nan=False, indent=2, default=sorted) + "\n").encode("utf-8")


def _csv(graph: nx.Graph[Any]) -> bytes:
    ends = ("source", "target", "key") if graph.is_multigraph() else ("source", "target")
    edges = list(_edges(graph))
    names = dict.fromkeys(name for *_, attributes in edges for name in attributes)
    rows = ([*end, *(_join_list(attributes.get(name)) for name in names)] for *end, attributes in edges)
    return csv_bytes([[*ends, *names], *rows])


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


def _flatten_attributes(graph: nx.Graph[Any]) -> nx.Graph[Any]:
    """Copy a graph, with no attribute that XML cannot hold."""
    flat: nx.Graph[Any] = graph.__class__()
    flat.graph.update(_attributes(graph.graph, "the graph"))
    if len(set(map(str, graph))) < len(graph):
        raise ValueError("different nodes of the graph read the same when written as text")
    flat.add_nodes_from(
        (_require_xml(node, "a node"), _attributes(data, f"node {node!r}")) for node, data in graph.nodes(data=True)
    )
    flat.add_edges_from((*ends, _attributes(data, f"edge {ends!r}")) for *ends, data in _edges(graph))
    _make_uniform([data for _, data in flat.nodes(data=True)])
    _make_uniform([data for *_, data in _edges(flat)])
    return flat


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


def _attributes(attributes: Mapping[Any, Any], owner: str) -> dict[str, Any]:
    return {
        _require_xml(str(name), f"the name of an attribute of {owner}"): _require_xml(
            _join_list(value), f"{name} of {owner}"
        )
        for name, value in attributes.items()
        if value is not None
    }


# Carriage returns are left out as well: XML readers turn them into line feeds.
_NOT_IN_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _require_xml(value: Any, place: str) -> Any:
    """Return a value back if XML can hold it."""
    if isinstance(value, str) and (found := _NOT_IN_XML.search(value)):
        message = f"{place} holds {found[0]!r}, which XML cannot hold; write .json instead, or take it out"
        raise ValueError(message)
    return value


def _join_list(value: Any) -> Any:
    """Make text of a list, a set or a term; leave anything else as it is."""
    if isinstance(value, set | frozenset):
        return SEPARATOR.join(sorted(map(str, value)))
    if isinstance(value, list | tuple):
        return SEPARATOR.join(map(str, value))
    return str(value) if isinstance(value, str) else value
