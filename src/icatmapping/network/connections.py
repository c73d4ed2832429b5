"""
For every pair of entities that are active in a context, how they reach each other.
"""

from __future__ import annotations

from itertools import pairwise
from math import fsum, inf
from typing import TYPE_CHECKING, Unpack

from attrs import frozen

from icatmapping.network.affiliations import Affiliations, EventCollection, events
from icatmapping.network.path_search import DIGITS, PathSearch, allowed_intermediaries, components
from icatmapping.results import Row, Table
from icatmapping.utils.arguments import check_count, materialize

if TYPE_CHECKING:
    from collections.abc import Iterable

    from icatmapping.dataset import Dataset
    from icatmapping.query.criteria import SharedCriteria

__all__ = ["Connection", "Connections", "connections"]


@frozen(repr=False)
class Connection(Row):
    """
    How two entities can reach each other in a context.

    Attributes:
        a: The id of the one.
        b: The id of the other, later in the alphabet.
        hops: The number of steps of the best path; None if there is none.
        distance: Its distance; None if there is none.
        through: The ids of those in between; empty if the two work together directly.
        records: The nodes of the records in which both take part.
        disconnected: Whether the two are in separate components, so that no path of any length joins them.
    """

    a: str
    b: str
    hops: int | None
    distance: float | None
    through: tuple[str, ...]
    records: tuple[str, ...]
    disconnected: bool


@frozen(repr=False)
class Connections(Table[Connection]):
    """
    Who can reach whom: every pair of entities active in a context, nearest first, pairs in separate components last.

    Attributes:
        entities: The ids of the entities that are active in the context.
        rows: A row for each pair of them.
    """

    entities: tuple[str, ...]
    rows: tuple[Connection, ...]

    def _repr_summary(self) -> str:
        direct = sum(row.hops == 1 for row in self.rows)
        apart = sum(row.hops is None for row in self.rows)
        pairs = f"{len(self.rows)} pairs, {direct} direct, {apart} without a path"
        return f" of {len(self.entities)} entities: {pairs}"


def connections(
    ds: Dataset,
    *,
    max_hops: int = 4,
    of: Iterable[EventCollection] = ("initiatives", "partnerships"),
    donors: bool = False,
    external: bool = True,
    foreign_governments: bool = False,
    **criteria: Unpack[SharedCriteria],
) -> Connections:
    """
    Find for every pair of entities active in a context how they can reach each other.

    Args:
        ds: The dataset.
        max_hops: How many steps a path may have.
        of: The collections whose records tie organizations.
        donors: Whether donors take part in an initiative.
        external: Whether organizations that are no ICAT entities may stand in between.
        foreign_governments: Whether the governments of other countries may stand in between.
        **criteria: What the records have to meet, as in `Collection.where`.

    Returns:
        A row for each pair, with the best path by the rules of `collaboration_paths`: fewest hops first, then least
        distance, then ids. Pairs without a path come last, those in separate components after the others.

    Examples:
        >>> import icatmapping as im
        >>> reach = im.connections(im.load(), country="Sudan")
        >>> reach[0].hops
        1
    """
    check_count("max_hops", max_hops)
    asked = materialize(criteria)
    network = Affiliations(events(ds, of=of, donors=donors, criteria=asked))
    active = sorted(ds.directory.entity_ids & network.events_of.keys())
    allowed = allowed_intermediaries(ds, network, asked, external=external, foreign_governments=foreign_governments)
    groups = {one: group for group in components(network) for one in group}
    rows = []
    for place, a in enumerate(active):
        for b in active[place + 1 :]:
            disconnected = groups[a] is not groups[b]
            best = () if disconnected else PathSearch(network, a, b, allowed).first(max_hops)
            distance = fsum(1 / network.weights[one][other] for one, other in pairwise(best)) if best else None
            hops = len(best) - 1 if best else None
            rows.append(Connection(a, b, hops, distance, best[1:-1], tuple(network.shared_events(a, b)), disconnected))
    rows.sort(key=lambda row: (row.disconnected, row.hops or inf, round(row.distance or inf, DIGITS), row.a, row.b))
    return Connections(tuple(active), tuple(rows))
