"""
Who works with whom: the affiliation network of organizations and records, and its projection onto organizations.

Graphs are plain networkx graphs with documented attributes, so that every networkx function takes them. This module
knows nothing of paths.
"""

from __future__ import annotations

from itertools import combinations
from math import fsum
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, Unpack

from attrs import field, frozen

from icatmapping._names import name_of
from icatmapping._text import nearest
from icatmapping.dimensions import participants
from icatmapping.errors import UnknownNameError
from icatmapping.records import Entity, Initiative, Partnership, Record, Resource

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import networkx as nx

    from icatmapping.collection import SharedCriteria
    from icatmapping.dataset import Dataset
    from icatmapping.dimensions import Directory

__all__ = ["Table", "TieCollection", "Ties", "affiliation_graph", "partnership_graph", "tables", "ties"]

TieCollection: TypeAlias = Literal["initiatives", "partnerships", "resources"]
"""A collection whose records tie organizations to each other."""

_TYING: Mapping[str, str] = {"initiatives": "initiative", "partnerships": "partnership", "resources": "resource"}
_UNDERTAKINGS: tuple[TieCollection, ...] = ("initiatives", "partnerships")


@frozen
class Table:
    """
    What organizations sit around: a record, or a partnership together with the initiative that is the same undertaking.

    Attributes:
        node: The node of the record in the networks, e.g. ``"initiative:aircop"``.
        records: The record, or the initiative and then the partnership.
        participants: The ids of those that take part.
    """

    node: str
    records: tuple[Initiative | Partnership | Resource, ...]
    participants: tuple[str, ...]


@frozen
class Ties:
    """
    The projection of some tables onto the organizations that sit at them.

    Attributes:
        tables: The tables by node.
        seats: For each organization, the nodes of the tables at which it sits.
        weights: For each organization, the others that it sits with and how strongly it is tied to them.
    """

    tables: Mapping[str, Table]
    seats: Mapping[str, frozenset[str]]
    weights: Mapping[str, Mapping[str, float]] = field(repr=False)

    def shared(self, one: str, other: str) -> list[str]:
        """Give the nodes of the tables at which two organizations both sit, sorted."""
        return sorted(self.seats[one] & self.seats[other])


def tables(
    ds: Dataset,
    *,
    of: Iterable[TieCollection] = _UNDERTAKINGS,
    donors: bool = False,
    criteria: Mapping[str, Any],
) -> dict[str, Table]:
    """
    Collect the records that meet some criteria, by node; a partnership and its initiative twin are one.

    Raises:
        TypeError: If a criterion is none that all the collections share.
        UnknownNameError: If a collection or a value does not exist.
    """
    chosen = _collections(of)
    criteria = {name: value if isinstance(value, str | int) else _kept(value) for name, value in criteria.items()}
    _check_shared(criteria)
    found: dict[str, Table] = {}
    for name in chosen:
        collection = ds.collection(name)
        for record in collection._selected({key: value for key, value in criteria.items() if _applies(key, name)}):  # noqa: SLF001
            twin = found.get(f"initiative:{record.initiative}") if isinstance(record, Partnership) else None
            members = participants(record, donors=donors)
            if twin is None:
                node = f"{_TYING[name]}:{record.id}"
                found[node] = Table(node, (record,), members)
            else:
                everybody = tuple(dict.fromkeys([*twin.participants, *members]))
                found[twin.node] = Table(twin.node, (*twin.records, record), everybody)
    return found


def _kept(value: Any) -> Any:
    """Keep the values of an iterator that would be used up by the first collection that is asked."""
    return tuple(value) if hasattr(value, "__next__") else value


def _collections(of: Iterable[TieCollection]) -> list[str]:
    wanted = (of,) if isinstance(of, str) else tuple(of)
    for name in wanted:
        if name not in _TYING:
            raise UnknownNameError(name, "collection that ties organizations", nearest(str(name), _TYING) or _TYING)
    return [name for name in _TYING if name in wanted]


_SHARED = (
    "country",
    "region",
    "subregion",
    "scope",
    "theme",
    "form",
    "response",
    "target_group",
    "priority_area",
    "year",
    "entity",
    "organization",
    "reach",
    "undated",
)
# Resources have neither a scope nor responses; a joint publication is not left out for that.
_NOT_OF_RESOURCES = frozenset({"scope", "response"})


def _applies(criterion: str, collection: str) -> bool:
    return collection != "resources" or criterion not in _NOT_OF_RESOURCES


def _check_shared(criteria: Iterable[str]) -> None:
    for name in criteria:
        if name not in _SHARED:
            near = nearest(name, _SHARED, most=1)
            hint = f"; did you mean {near[0]!r}?" if near else f": {', '.join(_SHARED)}"
            message = f"networks cannot be asked for by {name!r}{hint}"
            raise TypeError(message)


def ties(found: Mapping[str, Table]) -> Ties:
    """Project some tables onto the organizations that sit at them, with Newman's weights."""
    seats: dict[str, list[str]] = {}
    parts: dict[str, dict[str, list[float]]] = {}
    for node, table in found.items():
        for one in table.participants:
            seats.setdefault(one, []).append(node)
            parts.setdefault(one, {})
        if len(table.participants) > 1:
            weight = 1 / (len(table.participants) - 1)
            for one, other in combinations(table.participants, 2):
                parts[one].setdefault(other, []).append(weight)
                parts[other].setdefault(one, []).append(weight)
    weights = {one: {other: fsum(shares) for other, shares in others.items()} for one, others in parts.items()}
    return Ties(found, {one: frozenset(nodes) for one, nodes in seats.items()}, weights)


def affiliation_graph(
    ds: Dataset,
    *,
    of: Iterable[TieCollection] = _UNDERTAKINGS,
    donors: bool = False,
    external: bool = True,
    **criteria: Unpack[SharedCriteria],
) -> nx.Graph[str]:
    """
    Build the two-mode network of organizations and the records in which they take part.

    Nodes with ``bipartite=0`` are organizations, named by id, with ``name``, ``kind``, ``entity`` (whether it is an
    ICAT entity) and, where known, ``country``. Nodes with ``bipartite=1`` are records, named ``"initiative:ID"``,
    ``"partnership:ID"`` or ``"resource:ID"``, with ``title`` and ``participants``, the number of all that take part.
    A partnership and the initiative that it names as the same undertaking are one node.

    Args:
        ds: The dataset.
        of: The collections whose records tie organizations.
        donors: Whether donors take part.
        external: Whether organizations that are no ICAT entities are nodes.
        **criteria: What the records have to meet, as in `Collection.where`.

    Examples:
        >>> import icatmapping as im
        >>> graph = im.affiliation_graph(im.load(), country="Nigeria")
        >>> graph.nodes["unodc"]["bipartite"], graph.nodes["unodc"]["entity"]
        (0, True)

    References:
        M. E. J. Newman (2001), Scientific collaboration networks. I, Physical Review E 64, 016131.
    """
    import networkx as nx  # noqa: PLC0415 - costs 90 ms

    graph: nx.Graph[str] = nx.Graph()
    for node, table in tables(ds, of=of, donors=donors, criteria=criteria).items():
        graph.add_node(node, bipartite=1, title=name_of(table.records[0]), participants=len(table.participants))
        for one in table.participants:
            if external or one in ds.directory.entity_ids:
                if one not in graph:
                    graph.add_node(one, bipartite=0, **_attributes(ds.directory, one))
                graph.add_edge(one, node)
    return graph


def partnership_graph(
    ds: Dataset,
    *,
    of: Iterable[TieCollection] = _UNDERTAKINGS,
    donors: bool = False,
    external: bool = True,
    **criteria: Unpack[SharedCriteria],
) -> nx.Graph[str]:
    r"""
    Build the network of organizations that take part in the same records: Newman's collaboration projection.

    Nodes carry ``name``, ``kind``, ``entity`` and, where known, ``country``. Edges carry ``weight`` =
    :math:`\sum_r 1/(n_r - 1)` over the records :math:`r` that both take part in, where :math:`n_r` is the number of
    all participants of the record, ICAT entities or not; ``distance`` = 1/weight; and ``records``, the nodes of those
    records in the affiliation graph, sorted.

    Args:
        ds: The dataset.
        of: The collections whose records tie organizations.
        donors: Whether donors take part.
        external: Whether organizations that are no ICAT entities are nodes.
        **criteria: What the records have to meet, as in `Collection.where`.

    Examples:
        >>> import icatmapping as im
        >>> graph = im.partnership_graph(im.load(), country="Nigeria")
        >>> edge = graph.edges["unodc", "iom"]
        >>> edge["distance"] == 1 / edge["weight"]
        True

    References:
        M. E. J. Newman (2001), Scientific collaboration networks. II. Shortest paths, weighted networks, and
        centrality, Physical Review E 64, 016132.
    """
    import networkx as nx  # noqa: PLC0415 - costs 90 ms

    found = ties(tables(ds, of=of, donors=donors, criteria=criteria))
    graph: nx.Graph[str] = nx.Graph()
    kept = [one for one in found.weights if external or one in ds.directory.entity_ids]
    graph.add_nodes_from((one, _attributes(ds.directory, one)) for one in kept)
    for one in kept:
        for other, weight in found.weights[one].items():
            if one < other and other in graph:
                graph.add_edge(one, other, weight=weight, distance=1 / weight, records=found.shared(one, other))
    return graph


def _attributes(directory: Directory, identifier: str) -> dict[str, str | bool]:
    record: Record = directory.by_id[identifier]
    attributes: dict[str, str | bool] = {
        "name": name_of(record),
        "kind": str(record.kind),  # type: ignore[union-attr]
        "entity": isinstance(record, Entity),
    }
    country = getattr(record, "country", None)
    return attributes | ({"country": country} if country else {})
