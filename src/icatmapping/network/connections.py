"""
For every pair of entities that are active in a context, how they reach each other.
"""

from __future__ import annotations

from itertools import combinations, pairwise
from math import fsum, inf
from typing import TYPE_CHECKING, Unpack

from attrs import frozen

from icatmapping.network.affiliations import UNDERTAKINGS, EventCollection, Organs
from icatmapping.network.context import Topic, make_context
from icatmapping.network.path_query import PathQuery
from icatmapping.network.path_search import DIGITS
from icatmapping.network.weighting import DEFAULT_HALF_LIFE, Weighting
from icatmapping.query.provenance import provenance_of
from icatmapping.results import NO_PROVENANCE, Provenance, Row, Table
from icatmapping.utils.arguments import check_count
from icatmapping.utils.garbage import all_stay

if TYPE_CHECKING:
    from collections.abc import Iterable

    from icatmapping.dataset import Dataset
    from icatmapping.frames.frames import Frames
    from icatmapping.network.ties import SharedNodes, Ties
    from icatmapping.query.criteria import SharedCriteria

__all__ = ["Connection", "Connections", "connections"]


@frozen(repr=False)
class Connection(Row):
    """
    How two entities can reach each other in a context.

    Attributes:
        a: The id of the first entity, by alphabet.
        b: The id of the second one.
        name_a: What the first one is called.
        name_b: What the second one is called.
        hops: The number of steps of the best path; None if there is none.
        distance: Its distance; None if there is none.
        through: The ids of those in between; empty if the two work together directly.
        on_topic: Whether all its steps are on the topic that was asked for; None if there is no path.
        last_active: The year in which its oldest step was last active; None if one is undated or there is no path.
        records: The nodes of the records in which both take part, by alphabet.
        shared: How many such records there are; there may be more than there are to see in ``records``.
        disconnected: Whether the two are in separate components, so that no path of any length joins them.
    """

    a: str
    b: str
    name_a: str
    name_b: str
    hops: int | None
    distance: float | None
    through: tuple[str, ...]
    on_topic: bool | None
    last_active: int | None
    records: tuple[str, ...]
    shared: int
    disconnected: bool


@frozen(repr=False)
class Connections(Table[Connection]):
    """
    Who can reach whom: every pair of entities active in a context, nearest first, pairs in separate components last.

    Attributes:
        entities: The ids of the entities that are active in the context.
        rows: A row for each pair of them.
        provenance: What was asked, and of which data.
    """

    entities: tuple[str, ...]
    rows: tuple[Connection, ...]
    provenance: Provenance = NO_PROVENANCE

    def _repr_summary(self) -> str:
        direct = sum(row.hops == 1 for row in self.rows)
        apart = sum(row.hops is None for row in self.rows)
        pairs = f"{len(self.rows)} pairs, {direct} direct, {apart} without a path"
        return f" of {len(self.entities)} entities: {pairs}"


def connections(
    ds: Dataset | Frames,
    *,
    max_hops: int = 4,
    topic: Topic = "prefer",
    of: Iterable[EventCollection] = UNDERTAKINGS,
    donors: bool = False,
    external: bool = True,
    foreign_governments: bool = False,
    weighting: Weighting = "relevance",
    half_life: float | None = DEFAULT_HALF_LIFE,
    organs: Organs = "fold",
    evidence: int | None = None,
    **criteria: Unpack[SharedCriteria],
) -> Connections:
    """
    Find for every pair of entities active in a context how they can reach each other.

    Args:
        ds: The dataset, or frames of records that outgrow memory.
        max_hops: How many steps a path may have.
        topic: Whether records must meet the criteria on what they are about, as in `collaboration_paths`.
        of: The collections whose records tie organizations.
        donors: Whether donors take part in an initiative.
        external: Whether organizations that are not ICAT entities may stand in between.
        foreign_governments: Whether the governments of other countries may stand in between.
        weighting: How records are weighed, as in `collaboration_paths`.
        half_life: After how many years a record counts half as much; None for no decay.
        organs: Whether organs of an entity sit as the entity.
        evidence: How many of the records that two share to show at most; None for all of a dataset, and the first 100
            of frames. How many they share is told all the same.
        **criteria: What the records have to meet, as in `Collection.where`.

    Returns:
        A row for each pair, with the best path by the rules and the order of `collaboration_paths`. Pairs without a
        path come last, those in separate components after the others.

    Examples:
        >>> import icatmapping as im
        >>> reach = im.connections(im.load(), country="Sudan")
        >>> reach[0].hops
        1
    """
    check_count("max_hops", max_hops)
    if evidence is not None:
        check_count("evidence", evidence)
    context = make_context(
        ds,
        of=of,
        donors=donors,
        organs=organs,
        weighting=weighting,
        half_life=half_life,
        topic=topic,
        criteria=criteria,
        on_frames=True,
    )
    with all_stay():
        network = context.network()
    active = sorted(network.active(ds.directory.entity_ids))
    network.expect({*active})
    pairs = list(combinations(active, 2))
    shared = network.shared_nodes(pairs, context.most(evidence))
    rows = []
    for a, b in pairs:
        query = PathQuery(context, a, b, max_hops, external, foreign_governments)
        is_apart = network.are_apart(a, b)
        found = [] if is_apart else query.search(network, 1, "hops")
        rows.append(_connection(ds, network, a, b, found[0] if found else (), shared[a, b], disconnected=is_apart))
    rows.sort(key=_rank)
    return Connections(tuple(active), tuple(rows), provenance_of(ds.directory, context.criteria))


def _connection(
    ds: Dataset | Frames,
    network: Ties,
    a: str,
    b: str,
    path: tuple[str, ...],
    shared: SharedNodes,
    *,
    disconnected: bool,
) -> Connection:
    ties = [network.tie(one, other) for one, other in pairwise(path)]
    lasts = [tie.last_active for tie in ties]
    return Connection(
        a,
        b,
        ds.directory.label(a),
        ds.directory.label(b),
        len(path) - 1 if path else None,
        fsum(tie.distance for tie in ties) if path else None,
        path[1:-1],
        all(tie.is_on_topic for tie in ties) if path else None,
        None if not ties or None in lasts else min(last for last in lasts if last is not None),
        tuple(shared.nodes or ()),
        shared.number,
        disconnected,
    )


def _rank(row: Connection) -> tuple[bool, float, bool, float, str, str]:
    is_off_topic = row.on_topic is False
    return (row.disconnected, row.hops or inf, is_off_topic, round(row.distance or inf, DIGITS), row.a, row.b)
