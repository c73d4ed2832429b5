"""
Who works with whom: the affiliation network of organizations and records, and its projection onto organizations.

Graphs are plain networkx graphs with documented attributes, so that every networkx function takes them. This module
knows nothing of paths.
"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from functools import cached_property
from itertools import chain, combinations, permutations, repeat
from math import fsum, lcm
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, Unpack
from weakref import WeakKeyDictionary

from attrs import frozen

from icatmapping.errors import UnknownNameError
from icatmapping.model.records import Entity, Initiative, Partnership, Record, Resource
from icatmapping.query.dimensions import participants
from icatmapping.query.names import name_of
from icatmapping.results import Row, Rows
from icatmapping.utils.representation import first_few
from icatmapping.utils.text import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import networkx as nx

    from icatmapping.dataset import Dataset
    from icatmapping.query.collection import Collection, SharedCriteria
    from icatmapping.query.dimensions import Directory

__all__ = [
    "Broker",
    "Brokers",
    "Communities",
    "Community",
    "NetworkSummary",
    "Table",
    "TieCollection",
    "Ties",
    "affiliation_graph",
    "brokers",
    "communities",
    "network_summary",
    "partnership_graph",
    "tables",
    "tying",
]

TieCollection: TypeAlias = Literal["initiatives", "partnerships", "resources"]
"""A collection whose records tie organizations to each other."""

_TYING: Mapping[TieCollection, str] = {
    "initiatives": "initiative",
    "partnerships": "partnership",
    "resources": "resource",
}
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


class Ties:
    """
    The organizations that sit at some tables, and how strongly they are tied by that.

    Attributes:
        tables: The tables by node.
        seats: For each organization, the nodes of the tables at which it sits.
    """

    def __init__(self, found: Mapping[str, Table]) -> None:
        self.tables = found
        seats: dict[str, list[str]] = {}
        for node, table in found.items():
            for one in table.participants:
                seats.setdefault(one, []).append(node)
        self.seats: Mapping[str, frozenset[str]] = {one: frozenset(nodes) for one, nodes in seats.items()}

    @cached_property
    def weights(self) -> Mapping[str, Mapping[str, float]]:
        """For each organization, the others that it sits with and how strongly it is tied to them (Newman)."""
        by_size: dict[int, list[list[str]]] = {}
        for table in self.tables.values():
            if len(table.participants) > 1:
                by_size.setdefault(len(table.participants), []).append(sorted(table.participants))
        parts: dict[tuple[str, str], list[float]] = {}
        for size, groups in by_size.items():
            together = Counter(chain.from_iterable(combinations(group, 2) for group in groups))
            for pair, number in together.items():
                parts.setdefault(pair, []).extend(repeat(1 / (size - 1), number))
        weights: dict[str, dict[str, float]] = {one: {} for one in self.seats}
        for (one, other), shares in parts.items():
            weights[one][other] = weights[other][one] = fsum(shares)
        return weights

    def lengths(self) -> dict[tuple[str, str], int]:
        """
        Give the distances of all pairs (in both orders) as whole numbers in a common unit, and so without rounding.

        Sums of them are equal where paths are equally long, which sums of rounded numbers may not be.
        """
        weights: dict[tuple[str, str], Fraction] = {}
        for table in self.tables.values():
            if len(table.participants) > 1:
                share = Fraction(1, len(table.participants) - 1)
                for pair in permutations(table.participants, 2):
                    weights[pair] = weights.get(pair, 0) + share
        unit = lcm(*{weight.numerator for weight in weights.values()})
        return {pair: weight.denominator * (unit // weight.numerator) for pair, weight in weights.items()}

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
    criteria = {name: value if isinstance(value, str | int) else _kept(value) for name, value in criteria.items()}
    _check_shared(criteria)
    found: dict[str, Table] = {}
    for name in tying(of):
        asked = {key: value for key, value in criteria.items() if _applies(key, name)}
        selected = ds.collection(name)._selected(asked)  # noqa: SLF001 - as `where`, but untyped
        for table in _laid(selected, _TYING[name], donors=donors):
            (record,) = table.records
            twin = found.get(f"initiative:{record.initiative}") if isinstance(record, Partnership) else None
            if twin is None:
                found[table.node] = table
            else:
                everybody = tuple(dict.fromkeys([*twin.participants, *table.participants]))
                found[twin.node] = Table(twin.node, (*twin.records, record), everybody)
    return found


# A record never changes, so its table is laid once; it goes when the collection goes.
_LAID: WeakKeyDictionary[object, dict[bool, dict[int, Table]]] = WeakKeyDictionary()


def _laid(records: Collection[Any], kind: str, *, donors: bool) -> Iterator[Table]:
    """Give the table of each record."""
    store = records._store  # noqa: SLF001 - what every selection of a collection shares
    laid = _LAID.setdefault(store, {}).setdefault(donors, {})
    for position in records._positions:  # noqa: SLF001 - as above
        table = laid.get(position)
        if table is None:
            record = store.records[position]
            table = laid[position] = Table(f"{kind}:{record.id}", (record,), participants(record, donors=donors))
        yield table


def _kept(value: Any) -> Any:
    """Keep the values of an iterator that would be used up by the first collection that is asked."""
    return tuple(value) if hasattr(value, "__next__") else value


def tying(of: Iterable[TieCollection]) -> tuple[TieCollection, ...]:
    """Check the names of collections, and put them in the order in which their records become nodes."""
    wanted: tuple[str, ...] = (of,) if isinstance(of, str) else tuple(of)
    for name in wanted:
        if name not in _TYING:
            raise UnknownNameError(name, "collection that ties organizations", nearest(str(name), _TYING) or _TYING)
    return tuple([name for name in _TYING if name in wanted])


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
    ICAT entity) and, where known, ``acronym`` and ``country``. Nodes with ``bipartite=1`` are records, named
    ``"initiative:ID"``, ``"partnership:ID"`` or ``"resource:ID"``, with ``title`` and ``participants``, the number of
    all that take part. A partnership and the initiative that it names as the same undertaking are one node.

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

    Nodes carry ``name``, ``kind``, ``entity`` and, where known, ``acronym`` and ``country``. Edges carry ``weight`` =
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
    return _projected(ds, Ties(tables(ds, of=of, donors=donors, criteria=criteria)), external=external)


def _projected(ds: Dataset, found: Ties, *, external: bool) -> nx.Graph[str]:
    import networkx as nx  # noqa: PLC0415 - costs 90 ms

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
    known = {name: getattr(record, name, None) for name in ("acronym", "country")}
    return attributes | {name: value for name, value in known.items() if value}


def _on(backend: str | None) -> dict[str, Any]:
    return {} if backend is None else {"backend": backend}


# --- what the network says as a whole --------------------------------------------------------------------------------


@frozen(repr=False)
class Broker(Row):
    """
    An organization that connects others.

    Attributes:
        organization: Its id.
        name: What it is called: an entity by acronym, others by name.
        betweenness: The fraction of shortest paths (by distance) between two others that run through it, from 0 to 1.
        partners: The number of organizations that it is tied to.
        records: The number of records in the context in which it takes part.
    """

    organization: str
    name: str
    betweenness: float
    partners: int
    records: int


@frozen(repr=False)
class Brokers(Rows[Broker]):
    """
    Who connects the others, most central first.

    Attributes:
        rows: A row for each organization that is active in the context.
    """

    rows: tuple[Broker, ...]

    def _gist(self) -> str:
        found = first_few(f"{row.name} {row.betweenness:.2f}" for row in self.rows)
        return f": {len(self.rows)} organizations{', ' if found else ''}{found}"


def brokers(
    ds: Dataset,
    *,
    of: Iterable[TieCollection] = _UNDERTAKINGS,
    donors: bool = False,
    external: bool = True,
    backend: str | None = None,
    **criteria: Unpack[SharedCriteria],
) -> Brokers:
    """
    Rank the organizations of a context by how much they connect the others: weighted betweenness on ``distance``.

    Args:
        ds: The dataset.
        of: The collections whose records tie organizations.
        donors: Whether donors take part in an initiative.
        external: Whether organizations that are no ICAT entities are nodes.
        backend: A networkx backend to compute with, e.g. ``"parallel"``; by default networkx itself.
        **criteria: What the records have to meet, as in `Collection.where`.

    Examples:
        >>> import icatmapping as im
        >>> 0 < im.brokers(im.load(), country="Nigeria")[0].betweenness <= 1
        True

    References:
        L. C. Freeman (1977), A set of measures of centrality based on betweenness, Sociometry 40, 35-41.
    """
    import networkx as nx  # noqa: PLC0415 - costs 90 ms

    found = Ties(tables(ds, of=of, donors=donors, criteria=criteria))
    graph = _projected(ds, found, external=external)
    weight = "distance"
    if backend is None:
        # Whether two paths are equally short must not hang on how their sums were rounded.
        weight = "length"
        lengths = found.lengths()
        nx.set_edge_attributes(graph, {(a, b): lengths[a, b] for a, b in graph.edges}, weight)
    between: dict[str, float] = nx.betweenness_centrality(graph, weight=weight, **_on(backend))
    rows = [
        Broker(one, ds.directory.label(one), between[one], graph.degree(one), len(found.seats[one])) for one in graph
    ]
    rows.sort(key=lambda row: (-round(row.betweenness, 12), row.organization))
    return Brokers(tuple(rows))


@frozen(repr=False)
class Community(Row):
    """
    Organizations that work more with each other than with the rest.

    Attributes:
        organizations: Their ids, those with the strongest ties within first.
        entities: The ICAT entities among them.
    """

    organizations: tuple[str, ...]
    entities: tuple[str, ...]


@frozen(repr=False)
class Communities(Rows[Community]):
    """
    The communities of a network, largest first.

    Attributes:
        modularity: How much denser ties are within them than chance would have it; at most 1, 0 without ties.
        rows: The communities.
    """

    modularity: float
    rows: tuple[Community, ...]

    def _gist(self) -> str:
        sizes = first_few((str(len(row.organizations)) for row in self.rows), 5)
        return f": {len(self.rows)} of {sizes or 'no'} organizations, modularity {self.modularity:.2f}"


def communities(
    ds: Dataset,
    *,
    seed: int = 0,
    of: Iterable[TieCollection] = _UNDERTAKINGS,
    donors: bool = False,
    external: bool = True,
    backend: str | None = None,
    **criteria: Unpack[SharedCriteria],
) -> Communities:
    """
    Find groups of organizations that work more with each other than with the rest: Louvain's method on ``weight``.

    Args:
        ds: The dataset.
        seed: What the method's random choices start from; the same seed gives the same communities.
        of: The collections whose records tie organizations.
        donors: Whether donors take part in an initiative.
        external: Whether organizations that are no ICAT entities are nodes.
        backend: A networkx backend to compute with; by default networkx itself.
        **criteria: What the records have to meet, as in `Collection.where`.

    Examples:
        >>> import icatmapping as im
        >>> found = im.communities(im.load(), country="Nigeria")
        >>> 0 <= found.modularity <= 1
        True

    References:
        V. D. Blondel, J.-L. Guillaume, R. Lambiotte, E. Lefebvre (2008), Fast unfolding of communities in large
        networks, Journal of Statistical Mechanics P10008.
    """
    import networkx as nx  # noqa: PLC0415 - costs 90 ms

    whole = partnership_graph(ds, of=of, donors=donors, external=external, **criteria)
    # The method's choices follow the order of nodes and of sets of them: as numbers by rank, nodes have the same order
    # in every process, whatever the order of records.
    names = sorted(whole)
    rank = {one: number for number, one in enumerate(names)}
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(len(names)))
    edges = sorted(tuple(sorted((rank[a], rank[b]))) for a, b in whole.edges)
    graph.add_weighted_edges_from((a, b, whole[names[a]][names[b]]["weight"]) for a, b in edges)
    if not edges:
        return Communities(0.0, tuple([_community(ds, whole, {one}) for one in names]))
    groups: list[set[int]] = nx.community.louvain_communities(graph, weight="weight", seed=seed, **_on(backend))
    rows = [_community(ds, whole, {names[number] for number in group}) for group in groups]
    rows.sort(key=lambda row: (-len(row.organizations), row.organizations))
    return Communities(float(nx.community.modularity(graph, groups, weight="weight")), tuple(rows))


def _community(ds: Dataset, graph: nx.Graph[str], group: set[str]) -> Community:
    within = {one: fsum(graph[one][other]["weight"] for other in graph[one] if other in group) for one in group}
    ranked = sorted(group, key=lambda one: (-round(within[one], 12), one))
    return Community(tuple(ranked), tuple([one for one in ranked if one in ds.directory.entity_ids]))


@frozen(repr=False)
class NetworkSummary(Row):
    """
    A network in figures.

    Attributes:
        organizations: The number of organizations (the order of the graph).
        ties: The number of pairs that share a record (its size).
        records: The number of records.
        density: The fraction of all pairs that are tied, from 0 to 1.
        groups: The number of separate groups, organizations without a tie included (components).
        largest: The number of organizations in the largest group.
        clustering: The fraction of an organization's partners that are partners of each other, on average, 0 to 1.
        average_distance: The average number of steps between two organizations of the largest group; None if it has
            only one.
    """

    organizations: int
    ties: int
    records: int
    density: float
    groups: int
    largest: int
    clustering: float
    average_distance: float | None


def network_summary(
    ds: Dataset,
    *,
    of: Iterable[TieCollection] = _UNDERTAKINGS,
    donors: bool = False,
    external: bool = True,
    backend: str | None = None,
    **criteria: Unpack[SharedCriteria],
) -> NetworkSummary:
    """
    Give the partnership network of a context in figures.

    Args:
        ds: The dataset.
        of: The collections whose records tie organizations.
        donors: Whether donors take part in an initiative.
        external: Whether organizations that are no ICAT entities are nodes.
        backend: A networkx backend to compute with; by default networkx itself.
        **criteria: What the records have to meet, as in `Collection.where`.

    Examples:
        >>> import icatmapping as im
        >>> figures = im.network_summary(im.load(), country="Nigeria")
        >>> figures.largest <= figures.organizations
        True
    """
    import networkx as nx  # noqa: PLC0415 - costs 90 ms

    found = Ties(tables(ds, of=of, donors=donors, criteria=criteria))
    graph = _projected(ds, found, external=external)
    groups = sorted(nx.connected_components(graph), key=lambda group: (-len(group), min(group)))
    largest = graph.subgraph(groups[0]) if groups else graph
    average = None
    if len(largest) > 1:
        average = float(nx.average_shortest_path_length(largest, **_on(backend)))
    return NetworkSummary(
        organizations=len(graph),
        ties=graph.number_of_edges(),
        records=len(found.tables),
        density=float(nx.density(graph)),
        groups=len(groups),
        largest=len(largest),
        clustering=float(nx.average_clustering(graph, **_on(backend))) if len(graph) else 0.0,
        average_distance=average,
    )
