"""
Who lies between others: weighted betweenness, with ties of paths decided exactly. Knows nothing of records.
"""

from __future__ import annotations

from heapq import heappop, heappush
from itertools import combinations, count
from math import inf
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence

    import networkx as nx

__all__ = ["betweenness"]


NEARLY = 1e-9
"""Sums of distances that differ by no more may be equal, and are compared as whole numbers."""
_SMALL = 1 << 44
"""Whole numbers below are as fast as the distances themselves, and are added up instead of these."""


def betweenness(
    graph: nx.Graph[str],
    lengths: Mapping[tuple[str, str], int],
    *,
    starts: Collection[str] | None = None,
    alike: Mapping[str, Hashable] | None = None,
) -> dict[str, float]:
    """
    Return the weighted betweenness of every node, as a fraction of the pairs of others (Brandes's algorithm).

    Whether two paths are equally short must not depend on how their sums were rounded, so ``lengths`` are the distances
    as whole numbers. They may have hundreds of digits: networkx would add them up along every edge. Here, edges that
    are longer than a way round them are left out first, as are nodes over which all ways are longer than others, and of
    large numbers only sums that are nearly equal are compared.

    Args:
        graph: The nodes and their ties.
        lengths: For each tie, in both directions, its ``distance`` as a whole number in some unit.
        starts: The nodes from which paths are followed, a sample of all; None for all of them.
        alike: For each node what it shares with those that are tied alike: to the same others by the same lengths, and
            to each other. Paths from one of them are like the paths from any, and are followed once.

    References:
        U. Brandes (2001), A faster algorithm for betweenness centrality, Journal of Mathematical Sociology 25, 163-177;
        R. Puzis et al. (2015), Topology manipulations for speeding betweenness centrality computation, Journal of
        Complex Networks 3, 84-112 (on nodes that are alike).
    """
    distances = {here: {there: tie["distance"] for there, tie in ties.items()} for here, ties in graph.adjacency()}
    nearest = {
        here: {there: length for there, length in ties.items() if not _has_detour(distances, here, there, length)}
        for here, ties in distances.items()
    }
    inner = {here for here, ties in nearest.items() if _may_connect(distances, ties)}
    groups = _groups(graph, inner, alike or {})
    # Of nodes that are alike two are kept, so that paths between them are seen: paths start from the last, and the
    # first stands for all others.
    size = {group[0]: len(group) - 1 for group in groups} | {group[-1]: 1 for group in groups}
    nodes = list(size)
    place = {node: number for number, node in enumerate(nodes)}
    is_small = max(lengths.values(), default=0) < _SMALL
    ties: list[list[tuple[int, float]]] = [
        [
            (place[there], lengths[here, there] if is_small else length)
            for there, length in nearest[here].items()
            if there in place
        ]
        for here in nodes
    ]
    ways = _Ways(nodes, ties, [node in inner for node in nodes], None if is_small else lengths)
    sizes = list(map(float, size.values()))
    asked = frozenset(graph if starts is None else starts)
    between = [0.0] * len(nodes)
    for group in groups:
        times = sum(one in asked for one in group)
        if not times:
            continue
        order, before, paths = ways.from_start(place[group[-1]])
        through = dict.fromkeys(order, 0.0)
        for here in reversed(order[1:]):
            share = (sizes[here] + through[here]) / paths[here]
            for earlier in before[here]:
                through[earlier] += paths[earlier] * share
            between[here] += times * through[here]
    pairs = len(asked) / max(len(graph), 1) * (len(graph) - 1) * (len(graph) - 2)
    scale = 1 / pairs if pairs > 0 else 1.0
    return dict.fromkeys(graph, 0.0) | {node: value * scale for node, value in zip(nodes, between, strict=True)}


def _groups(graph: Iterable[str], inner: set[str], alike: Mapping[str, Hashable]) -> list[list[str]]:
    """Return the nodes in groups of those that are alike; one that paths lead over is alone."""
    groups: dict[Hashable, list[str]] = {}
    for node in graph:
        shared = (node,) if node in inner or node not in alike else (None, alike[node])
        groups.setdefault(shared, []).append(node)
    return list(groups.values())


def _has_detour(distances: Mapping[str, Mapping[str, float]], one: str, other: str, length: float) -> bool:
    """Whether a tie or a way over a third node is shorter than a length between two nodes, beyond doubt of rounding."""
    limit = length - NEARLY
    near, far = sorted((distances[one], distances[other]), key=len)
    return near.get(other if near is distances[one] else one, inf) < limit or any(
        there + far[node] < limit for node, there in near.items() if node in far
    )


def _may_connect(distances: Mapping[str, Mapping[str, float]], ties: Mapping[str, float]) -> bool:
    """Whether a shortest path between two neighbors may run over the node that has these ties."""
    return any(not _has_detour(distances, one, other, ties[one] + ties[other]) for one, other in combinations(ties, 2))


class _Ways:
    """
    The shortest ways from a node to all others. Nodes are numbers here.

    Args:
        names: What each node is called in ``lengths``.
        ties: For each node, those that it is tied to, and how far they are.
        passable: Whether a way can lead on over a node.
        lengths: The distances as whole numbers; None if those of the ties are.
    """

    def __init__(
        self,
        names: Sequence[str],
        ties: Sequence[Sequence[tuple[int, float]]],
        passable: Sequence[bool],
        lengths: Mapping[tuple[str, str], int] | None,
    ) -> None:
        self._names = names
        self._ties = ties
        self._passable = passable
        self._lengths = lengths

    def from_start(self, start: int) -> tuple[list[int], dict[int, list[int]], list[float]]:
        """Return the nodes that can be reached, nearest first, those just before each, and how many paths there are."""
        ties, passable = self._ties, self._passable
        nearly = NEARLY if self._lengths else 0
        distances = [inf] * len(ties)
        paths = [0.0] * len(ties)
        settled = [False] * len(ties)
        distances[start], paths[start] = 0.0, 1.0
        before: dict[int, list[int]] = {}
        known = {start: 0}
        ranks = {start: (0.0, 0)}
        pushed = count(1)
        frontier = [(0.0, 0, start)]
        while frontier:
            _, _, here = heappop(frontier)
            if settled[here]:
                continue
            settled[here] = True
            distance, number = distances[here], paths[here]
            for there, length in ties[here]:
                total = distance + length
                shortest = distances[there]
                if total > shortest + nearly or settled[there]:
                    continue
                if total >= shortest - nearly:
                    difference = 0
                    if self._lengths:
                        others = before[there][0]
                        difference = self._over(here, there, before, known) - self._over(others, there, before, known)
                    if difference == 0:
                        before[there].append(here)
                        paths[there] += number
                    if difference >= 0:
                        continue
                distances[there] = total
                before[there] = [here]
                paths[there] = number
                if passable[there]:
                    ranks[there] = rank = (round(total, 9), next(pushed))
                    heappush(frontier, (*rank, there))
        # No way leads on from the others, so that they may come last, in any order that is always the same.
        last = [one for one in before if one not in ranks]
        return [*sorted(ranks, key=ranks.__getitem__), *last], before, paths

    def _over(self, last: int, there: int, before: Mapping[int, Sequence[int]], known: dict[int, int]) -> int:
        """Return how long the shortest way to a node over another is, as a whole number, added up when asked for."""
        if last not in known:
            known[last] = self._over(before[last][0], last, before, known)
        return known[last] + self._lengths[self._names[last], self._names[there]]  # type: ignore[index]
