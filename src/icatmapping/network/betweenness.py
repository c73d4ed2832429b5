"""
Who lies between others: weighted betweenness, with ties of paths decided exactly. Knows nothing of records.
"""

from __future__ import annotations

from heapq import heappop, heappush
from itertools import combinations, count
from math import inf
from typing import TYPE_CHECKING, NamedTuple

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
    nodes = sorted(size, key=lambda node: node not in inner)  # paths lead on over the first
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
    ways = _Ways(nodes, len(inner), ties, list(map(float, map(size.__getitem__, nodes))), None if is_small else lengths)
    asked = frozenset(graph if starts is None else starts)
    between = [0.0] * len(inner)
    for group in groups:
        times = sum(one in asked for one in group)
        if times:
            start = place[group[-1]]
            for here, number in ways.depending(start).items():
                between[here] += times * number
    pairs = len(asked) / max(len(graph), 1) * (len(graph) - 1) * (len(graph) - 2)
    scale = 1 / pairs if pairs > 0 else 1.0
    return dict.fromkeys(graph, 0.0) | {node: value * scale for node, value in zip(nodes, between)}  # noqa: B905 - inner


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


class _Reached(NamedTuple):
    """
    What can be reached from a node.

    Attributes:
        order: The inner nodes, nearest first.
        distances: By node, how far it is.
        before: For each of those in order, those that come just before it.
        paths: By node, how many shortest paths lead to it.
        known: How far some are, as whole numbers.
    """

    order: list[int]
    distances: list[float]
    before: dict[int, list[int]]
    paths: list[float]
    known: dict[int, int]


class _Ways:
    """
    The shortest ways from a node to all others. Nodes are numbers here; those that ways can lead on over come first.

    Args:
        names: What each node is called in ``lengths``.
        inner: How many nodes ways can lead on over.
        ties: For each node, those that it is tied to, and how far they are.
        sizes: How many nodes each stands for.
        lengths: The distances as whole numbers; None if those of the ties are.
    """

    def __init__(
        self,
        names: Sequence[str],
        inner: int,
        ties: Sequence[Sequence[tuple[int, float]]],
        sizes: Sequence[float],
        lengths: Mapping[tuple[str, str], int] | None,
    ) -> None:
        self._names = names
        self._inner = inner
        self._sizes = sizes
        self._lengths = lengths
        self._nearly = NEARLY if lengths else 0
        self._ties = ties
        self._onward = [[tie for tie in some if tie[0] < inner] for some in ties]
        # A way to an outer node comes over one of those that it is tied to. To most there is only one, whatever the
        # start: these are counted where they are tied.
        outer = range(inner, len(ties))
        self._several = [(one, sizes[one], self._onward[one]) for one in outer if len(self._onward[one]) > 1]
        self._loads = [0.0] * inner
        for one in outer:
            if len(self._onward[one]) == 1:
                self._loads[self._onward[one][0][0]] += sizes[one]

    def depending(self, start: int) -> dict[int, float]:
        """Return for each inner node how many others are reached over it; where not by all shortest ways, a part."""
        reached = self._from_start(start)
        before, paths = reached.before, reached.paths
        through = {here: self._loads[here] for here in reached.order}
        several = self._several
        if start >= self._inner:  # it is no end itself, and those that it is tied to are reached directly as well
            near = {there: far for there, far in self._ties[start] if there >= self._inner}
            for one in (start, *near):
                if len(self._onward[one]) == 1 and self._onward[one][0][0] in through:
                    through[self._onward[one][0][0]] -= self._sizes[one]
            several = [some for some in several if some[0] != start and some[0] not in near]
            several += [(one, self._sizes[one], [*self._onward[one], (start, far)]) for one, far in near.items()]
        through[start] = 0.0
        self._reach(several, reached, through)
        for here in reversed(reached.order):
            share = (1 + through[here]) / paths[here]
            for earlier in before[here]:
                through[earlier] += paths[earlier] * share
        del through[start]
        return through

    def _reach(
        self, outer: list[tuple[int, float, list[tuple[int, float]]]], reached: _Reached, through: dict[int, float]
    ) -> None:
        """Add to each inner node how many outer ones are reached over it last."""
        distances, paths, nearly = reached.distances, reached.paths, self._nearly
        for one, size, ways in outer:
            shortest, nearest, is_close = inf, -1, False
            for last, far in ways:
                total = distances[last] + far
                if total < shortest - nearly:
                    shortest, nearest, is_close = total, last, False
                elif total <= shortest + nearly < inf:
                    shortest, is_close = min(shortest, total), True
            if is_close:
                close = [last for last, far in ways if distances[last] + far <= shortest + nearly]
                lasts = self._shortest(close, one, reached)
                share = size / sum([paths[last] for last in lasts])
                for last in lasts:
                    through[last] += paths[last] * share
            elif nearest >= 0:
                through[nearest] += size

    def _shortest(self, lasts: list[int], there: int, reached: _Reached) -> list[int]:
        """Return those of some nodes over which ways to another are shortest, where sums are nearly equal."""
        if not self._lengths or len(lasts) == 1:
            return lasts
        exact = [self._over(last, there, reached.before, reached.known) for last in lasts]
        least = min(exact)
        return [last for last, length in zip(lasts, exact, strict=True) if length == least]

    def _from_start(self, start: int) -> _Reached:
        """Return the inner nodes that can be reached, and how."""
        onward, nearly = self._onward, self._nearly
        distances = [inf] * len(onward)
        paths = [0.0] * len(onward)
        settled = [False] * len(onward)
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
            for there, length in onward[here]:
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
                ranks[there] = rank = (round(total, 9), next(pushed))
                heappush(frontier, (*rank, there))
        del ranks[start]
        return _Reached(sorted(ranks, key=ranks.__getitem__), distances, before, paths, known)

    def _over(self, last: int, there: int, before: Mapping[int, Sequence[int]], known: dict[int, int]) -> int:
        """Return how long the shortest way to a node over another is, as a whole number, added up when asked for."""
        if last not in known:
            known[last] = self._over(before[last][0], last, before, known)
        return known[last] + self._lengths[self._names[last], self._names[there]]  # type: ignore[index]
