"""
The networks as networkx graphs with documented attributes, so that every networkx function takes them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from icatmapping.model.records import Entity, Record
from icatmapping.network.affiliations import UNDERTAKINGS, Affiliations, EventCollection, events

if TYPE_CHECKING:
    from collections.abc import Iterable

    import networkx as nx

    from icatmapping.dataset import Dataset
    from icatmapping.query.criteria import SharedCriteria
    from icatmapping.query.directory import Directory

__all__ = ["affiliation_graph", "partnership_graph", "project"]


def affiliation_graph(
    ds: Dataset,
    *,
    of: Iterable[EventCollection] = UNDERTAKINGS,
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
    for node, event in events(ds, of=of, donors=donors, criteria=criteria).items():
        graph.add_node(node, bipartite=1, title=event.records[0].label, participants=len(event.participants))
        for one in event.participants:
            if external or one in ds.directory.entity_ids:
                if one not in graph:
                    graph.add_node(one, bipartite=0, **organization_attributes(ds.directory, one))
                graph.add_edge(one, node)
    return graph


def partnership_graph(
    ds: Dataset,
    *,
    of: Iterable[EventCollection] = UNDERTAKINGS,
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
    return project(ds, Affiliations(events(ds, of=of, donors=donors, criteria=criteria)), external=external)


def project(ds: Dataset, found: Affiliations, *, external: bool) -> nx.Graph[str]:
    """Return the one-mode projection of an affiliation network, as a networkx graph."""
    import networkx as nx  # noqa: PLC0415 - costs 90 ms

    graph: nx.Graph[str] = nx.Graph()
    kept = [one for one in found.weights if external or one in ds.directory.entity_ids]
    graph.add_nodes_from((one, organization_attributes(ds.directory, one)) for one in kept)
    for one in kept:
        for other, weight in found.weights[one].items():
            if one < other and other in graph:
                graph.add_edge(one, other, weight=weight, distance=1 / weight, records=found.shared_events(one, other))
    return graph


def organization_attributes(directory: Directory, identifier: str) -> dict[str, str | bool]:
    record: Record = directory.by_id[identifier]
    attributes: dict[str, str | bool] = {
        "name": record.label,
        "kind": str(record.kind),
        "entity": isinstance(record, Entity),
    }
    known = {name: getattr(record, name, None) for name in ("acronym", "country")}
    return attributes | {name: value for name, value in known.items() if value}
