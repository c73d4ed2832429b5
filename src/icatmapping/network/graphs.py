"""
The networks as networkx graphs with documented attributes, so that every networkx function takes them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

from icatmapping.model.records import Entity
from icatmapping.network.affiliations import UNDERTAKINGS, EventCollection, Organs
from icatmapping.network.context import make_context
from icatmapping.network.weighting import DEFAULT_HALF_LIFE, Weighting
from icatmapping.query.describe import describe_criteria
from icatmapping.utils.garbage import all_stay

if TYPE_CHECKING:
    from collections.abc import Iterable

    import networkx as nx

    from icatmapping.dataset import Dataset
    from icatmapping.frames.frames import Frames
    from icatmapping.model.records import Record
    from icatmapping.network.affiliations import Event, Tie
    from icatmapping.network.context import Context
    from icatmapping.network.ties import SharedNodes, Ties
    from icatmapping.query.criteria import SharedCriteria
    from icatmapping.query.directory import Directory

__all__ = ["affiliation_graph", "partnership_graph", "project"]


def affiliation_graph(
    ds: Dataset,
    *,
    of: Iterable[EventCollection] = UNDERTAKINGS,
    donors: bool = False,
    external: bool = True,
    organs: Organs = "fold",
    **criteria: Unpack[SharedCriteria],
) -> nx.Graph[str]:
    """
    Build the two-mode network of organizations and the records in which they take part.

    Nodes with ``bipartite=0`` are organizations, named by id, with ``name``, ``kind``, ``entity`` (whether it is an
    ICAT entity) and, where known, ``acronym`` and ``country``. Nodes with ``bipartite=1`` are records, named
    ``"initiative:ID"``, ``"partnership:ID"`` or ``"resource:ID"``, with ``name`` and ``title``, ``participants`` (the
    number of all that take part), ``countries`` and ``themes`` (lists) and, where known, ``kind``, ``first`` and
    ``last``, the years in which it was active. A partnership and the initiative that it names as the same undertaking
    are one node. Edges carry ``role``: lead, partner, donor, member or publisher, several joined by a comma. The graph
    carries ``question`` and ``dataset_version``.

    Args:
        ds: The dataset.
        of: The collections whose records tie organizations.
        donors: Whether donors take part.
        external: Whether organizations that are not ICAT entities are nodes.
        organs: Whether organs of an entity sit as the entity (``"fold"``) or as themselves (``"keep"``).
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

    context = make_context(
        ds, of=of, donors=donors, organs=organs, weighting="newman", half_life=None, criteria=criteria
    )
    graph: nx.Graph[str] = nx.Graph(**_about(context))
    for node, event in context.affiliations().events.items():
        graph.add_node(node, bipartite=1, **_event_attributes(event))
        for one, roles in event.roles.items():
            if external or one in ds.directory.entity_ids:
                if one not in graph:
                    graph.add_node(one, bipartite=0, **organization_attributes(ds.directory, one))
                graph.add_edge(one, node, role=", ".join(roles))
    return graph


def partnership_graph(
    ds: Dataset | Frames,
    *,
    of: Iterable[EventCollection] = UNDERTAKINGS,
    donors: bool = False,
    external: bool = True,
    weighting: Weighting = "newman",
    half_life: float | None = DEFAULT_HALF_LIFE,
    organs: Organs = "fold",
    **criteria: Unpack[SharedCriteria],
) -> nx.Graph[str]:
    r"""
    Build the network of organizations that take part in the same records: Newman's collaboration projection.

    Nodes carry ``name``, ``kind``, ``entity`` and, where known, ``acronym`` and ``country``. Edges carry ``weight`` =
    :math:`\sum_r 1/(n_r - 1)` over the records :math:`r` that both take part in, where :math:`n_r` is the number of
    all participants of the record, ICAT entities or not; ``distance`` = 1/weight; ``shared``, the number of those
    records, and ``records``, their nodes in the affiliation graph, sorted (not on frames, where there may be millions);
    and, where known, ``first`` and ``last``, the years of those records. The graph carries ``question``,
    ``weighting``, ``half_life`` and ``dataset_version``.

    Args:
        ds: The dataset, or frames of records that outgrow memory.
        of: The collections whose records tie organizations.
        donors: Whether donors take part.
        external: Whether organizations that are not ICAT entities are nodes.
        weighting: ``"newman"``, or ``"relevance"``: each record's part times how much of it is in the countries asked
            for, and its decay with age.
        half_life: After how many years a record counts half as much, with ``"relevance"``; None for no decay.
        organs: Whether organs of an entity sit as the entity (``"fold"``) or as themselves (``"keep"``).
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
    context = make_context(
        ds,
        of=of,
        donors=donors,
        organs=organs,
        weighting=weighting,
        half_life=half_life,
        criteria=criteria,
        on_frames=True,
    )
    with all_stay():
        return project(context, context.network(), external=external)


def project(context: Context, network: Ties, *, external: bool) -> nx.Graph[str]:
    """Return the one-mode projection of an affiliation network, as a networkx graph."""
    import networkx as nx  # noqa: PLC0415 - costs 90 ms

    directory = context.ds.directory
    graph: nx.Graph[str] = nx.Graph(**_about(context, weighting=True))
    kept = dict.fromkeys([one for one in network.participants() if external or one in directory.entity_ids])
    graph.add_nodes_from((one, organization_attributes(directory, one)) for one in kept)
    graph.add_edges_from(
        (one, other, _tie_attributes(tie, shared)) for one, other, tie, shared in network.all_ties(kept.keys())
    )
    return graph


def _tie_attributes(tie: Tie, shared: SharedNodes) -> dict[str, Any]:
    weight, _, first, last = tie
    number, nodes = shared
    told: dict[str, Any] = {"weight": weight, "distance": tie.distance, "shared": number}
    if nodes is not None:
        told["records"] = nodes
    if first is not None:
        told["first"] = first
    if last is not None:
        told["last"] = last
    return told


def organization_attributes(directory: Directory, identifier: str) -> dict[str, str | bool]:
    """Return what is said of an organization's node."""
    record: Record = directory.by_id[identifier]
    attributes: dict[str, str | bool] = {
        "name": record.label,
        "kind": str(record.kind),
        "entity": isinstance(record, Entity),
    }
    known = {name: getattr(record, name, None) for name in ("acronym", "country")}
    return attributes | {name: value for name, value in known.items() if value}


def _event_attributes(event: Event) -> dict[str, Any]:
    record = event.records[0]
    known = {"kind": record.kind and str(record.kind), "first": event.first_active, "last": event.last_active}
    return {
        "name": record.label,
        "title": record.label,
        "participants": len(event.roles),
        "countries": list(event.countries),
        "themes": list(dict.fromkeys(str(theme) for half in event.records for theme in half.themes)),
        **{name: value for name, value in known.items() if value is not None},
    }


def _about(context: Context, *, weighting: bool = False) -> dict[str, Any]:
    """Return what the graph says of itself: the question, how ties are weighed, and of which dataset they are."""
    about: dict[str, Any] = {"question": describe_criteria(context.ds.directory, context.criteria) or "everything"}
    if weighting:
        about["weighting"] = context.weighting
        if context.weighting == "relevance" and context.half_life is not None:
            about["half_life"] = context.half_life
    return about | ({"dataset_version": context.ds.version} if context.ds.version else {})
