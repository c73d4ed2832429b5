"""
What a network says as a whole: who connects the others, which groups there are, how dense it is.
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from itertools import permutations
from math import fsum, lcm
from random import Random
from typing import TYPE_CHECKING, Any, Unpack

from attrs import frozen

from icatmapping.network.affiliations import UNDERTAKINGS, Affiliations, EventCollection, Organs
from icatmapping.network.betweenness import betweenness
from icatmapping.network.context import Context, make_context
from icatmapping.network.graphs import partnership_graph, project
from icatmapping.network.steps import average_steps
from icatmapping.network.weighting import DEFAULT_HALF_LIFE, Weighting
from icatmapping.query.provenance import provenance_of
from icatmapping.results import NO_PROVENANCE, Provenance, Row, Table
from icatmapping.utils.representation import join_first

if TYPE_CHECKING:
    from collections.abc import Iterable

    import networkx as nx

    from icatmapping.dataset import Dataset
    from icatmapping.network.affiliations import Event
    from icatmapping.query.criteria import SharedCriteria

__all__ = [
    "Broker",
    "Brokers",
    "Communities",
    "Community",
    "NetworkSummary",
    "brokers",
    "communities",
    "network_summary",
]


_MAX_EFFORT = 30_000_000
"""Up to how many organizations times ties every shortest path is followed; that takes some seconds."""
_SAMPLED = 200
"""From how many organizations paths are followed at least, however many ties there are."""
_UNITS = 10**9


def _backend_options(backend: str | None) -> dict[str, Any]:
    return {} if backend is None else {"backend": backend}


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
class Brokers(Table[Broker]):
    """
    Who connects the others, most central first.

    Attributes:
        sampled: From how many organizations, drawn at random from a fixed seed, shortest paths were followed, where the
            network is so large that not all were; None if all were. The standard error of a betweenness of b is then
            about the square root of b (1 − b)/sampled.
        rows: A row for each organization that is active in the context.
        provenance: What was asked, and of which data.
    """

    sampled: int | None
    rows: tuple[Broker, ...]
    provenance: Provenance = NO_PROVENANCE

    def _repr_summary(self) -> str:
        found = join_first(f"{row.name} {row.betweenness:.2f}" for row in self.rows)
        return f": {len(self.rows)} organizations{', ' if found else ''}{found}"


def brokers(
    ds: Dataset,
    *,
    of: Iterable[EventCollection] = UNDERTAKINGS,
    donors: bool = False,
    external: bool = True,
    backend: str | None = None,
    weighting: Weighting = "newman",
    half_life: float | None = DEFAULT_HALF_LIFE,
    organs: Organs = "fold",
    **criteria: Unpack[SharedCriteria],
) -> Brokers:
    """
    Rank the organizations of a context by how much they connect the others: weighted betweenness on ``distance``.

    Args:
        ds: The dataset.
        of: The collections whose records tie organizations.
        donors: Whether donors take part in an initiative.
        external: Whether organizations that are not ICAT entities are nodes.
        backend: A networkx backend to compute with, e.g. ``"parallel"``; by default networkx itself.
        weighting: How records are weighed, as in `partnership_graph`.
        half_life: After how many years a record counts half as much, with ``"relevance"``; None for no decay.
        organs: Whether organs of an entity sit as the entity.
        **criteria: What the records have to meet, as in `Collection.where`.

    Examples:
        >>> import icatmapping as im
        >>> 0 < im.brokers(im.load(), country="Nigeria")[0].betweenness <= 1
        True

    References:
        L. C. Freeman (1977), A set of measures of centrality based on betweenness, Sociometry 40, 35-41.
    """
    context = make_context(
        ds, of=of, donors=donors, organs=organs, weighting=weighting, half_life=half_life, criteria=criteria
    )
    network = context.affiliations()
    graph = project(context, network, external=external)
    between, sampled = _betweenness(context, network, graph, backend)
    rows = [
        Broker(one, ds.directory.label(one), between[one], graph.degree(one), len(network.events_of[one]))
        for one in graph
    ]
    rows.sort(key=lambda row: (-round(row.betweenness, 12), row.organization))
    return Brokers(sampled, tuple(rows), provenance_of(ds.directory, context.criteria))


def _betweenness(
    context: Context, network: Affiliations, graph: nx.Graph[str], backend: str | None
) -> tuple[dict[str, float], int | None]:
    """Return the betweenness of every organization, and from how many it was worked out if not from all."""
    if backend is not None:
        import networkx as nx  # noqa: PLC0415 - costs 90 ms

        found: Any = nx.betweenness_centrality(graph, weight="distance", backend=backend)
        return dict(found), None
    affordable = max(_MAX_EFFORT // max(graph.number_of_edges(), 1), _SAMPLED)
    starts = None
    if affordable < len(graph):
        starts = Random(0).sample(sorted(graph), affordable)  # noqa: S311 - nothing secret
    if context.weighting == "newman" and starts is None:
        lengths = _integer_distances(network.events.values())
    else:  # distances that are equal but for rounding must be equal
        rounded = {(a, b): round(edge["distance"] * _UNITS) for a, b, edge in graph.edges(data=True)}
        lengths = rounded | {(b, a): units for (a, b), units in rounded.items()}
    alike = {one: tuple(network.events_of.nodes(one)) for one in graph}
    return betweenness(graph, lengths, starts=starts, alike=alike), None if starts is None else len(starts)


def _integer_distances(events: Iterable[Event]) -> dict[tuple[str, str], int]:
    """
    Return the distances of all pairs (in both orders) as whole numbers in a common unit, and so without rounding.

    Sums of them are equal where paths are equally long, which sums of rounded numbers may not be.
    """
    weights: dict[tuple[str, str], Fraction] = {}
    for event in events:
        if len(event.roles) > 1:
            part = Fraction(1, len(event.roles) - 1)
            for pair in permutations(event.roles, 2):
                weights[pair] = weights.get(pair, 0) + part
    unit = lcm(*{weight.numerator for weight in weights.values()})
    return {pair: weight.denominator * (unit // weight.numerator) for pair, weight in weights.items()}


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
class Communities(Table[Community]):
    """
    The communities of a network, largest first.

    Attributes:
        modularity: How much denser ties are within them than chance would have it; at most 1, 0 without ties.
        rows: The communities.
    """

    modularity: float
    rows: tuple[Community, ...]

    def _repr_summary(self) -> str:
        sizes = join_first((str(len(row.organizations)) for row in self.rows), 5)
        return f": {len(self.rows)} of {sizes or 'no'} organizations, modularity {self.modularity:.2f}"


def communities(
    ds: Dataset,
    *,
    seed: int = 0,
    of: Iterable[EventCollection] = UNDERTAKINGS,
    donors: bool = False,
    external: bool = True,
    backend: str | None = None,
    weighting: Weighting = "newman",
    half_life: float | None = DEFAULT_HALF_LIFE,
    organs: Organs = "fold",
    **criteria: Unpack[SharedCriteria],
) -> Communities:
    """
    Find groups of organizations that work more with each other than with the rest: Louvain's method on ``weight``.

    Args:
        ds: The dataset.
        seed: What the method's random choices start from; the same seed gives the same communities.
        of: The collections whose records tie organizations.
        donors: Whether donors take part in an initiative.
        external: Whether organizations that are not ICAT entities are nodes.
        backend: A networkx backend to compute with; by default networkx itself.
        weighting: How records are weighed, as in `partnership_graph`.
        half_life: After how many years a record counts half as much, with ``"relevance"``; None for no decay.
        organs: Whether organs of an entity sit as the entity.
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

    whole = partnership_graph(
        ds,
        of=of,
        donors=donors,
        external=external,
        weighting=weighting,
        half_life=half_life,
        organs=organs,
        **criteria,
    )
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
    groups: list[set[int]] = nx.community.louvain_communities(
        graph, weight="weight", seed=seed, **_backend_options(backend)
    )
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
        components: The number of separate components, organizations without a tie included (components).
        largest: The number of organizations in the largest group.
        clustering: The fraction of an organization's partners that are partners of each other, on average, 0 to 1.
        average_distance: The average number of steps between two organizations of the largest group; None if it has
            only one.
    """

    organizations: int
    ties: int
    records: int
    density: float
    components: int
    largest: int
    clustering: float
    average_distance: float | None


def network_summary(
    ds: Dataset,
    *,
    of: Iterable[EventCollection] = UNDERTAKINGS,
    donors: bool = False,
    external: bool = True,
    backend: str | None = None,
    weighting: Weighting = "newman",
    half_life: float | None = DEFAULT_HALF_LIFE,
    organs: Organs = "fold",
    **criteria: Unpack[SharedCriteria],
) -> NetworkSummary:
    """
    Return the partnership network of a context in figures.

    Args:
        ds: The dataset.
        of: The collections whose records tie organizations.
        donors: Whether donors take part in an initiative.
        external: Whether organizations that are not ICAT entities are nodes.
        backend: A networkx backend to compute with; by default networkx itself.
        weighting: How records are weighed, as in `partnership_graph`.
        half_life: After how many years a record counts half as much, with ``"relevance"``; None for no decay.
        organs: Whether organs of an entity sit as the entity.
        **criteria: What the records have to meet, as in `Collection.where`.

    Examples:
        >>> import icatmapping as im
        >>> figures = im.network_summary(im.load(), country="Nigeria")
        >>> figures.largest <= figures.organizations
        True
    """
    import networkx as nx  # noqa: PLC0415 - costs 90 ms

    context = make_context(
        ds, of=of, donors=donors, organs=organs, weighting=weighting, half_life=half_life, criteria=criteria
    )
    network = context.affiliations()
    graph = project(context, network, external=external)
    groups = sorted(nx.connected_components(graph), key=lambda group: (-len(group), min(group)))
    largest = graph.subgraph(groups[0]) if groups else graph
    average = None
    if len(largest) > 1:
        steps = average_steps if backend is None else partial(nx.average_shortest_path_length, backend=backend)
        average = float(steps(largest))
    return NetworkSummary(
        organizations=len(graph),
        ties=graph.number_of_edges(),
        records=len(network.events),
        density=float(nx.density(graph)),
        components=len(groups),
        largest=len(largest),
        clustering=float(nx.average_clustering(graph, **_backend_options(backend))) if len(graph) else 0.0,
        average_distance=average,
    )
