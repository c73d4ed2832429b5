"""
Who lies between others: weighted betweenness, with ties of paths decided exactly. Knows nothing of records.
"""

from __future__ import annotations

from heapq import heappop, heappush
from itertools import combinations, count
from math import inf
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import networkx as nx

__all__ = ["betweenness"]


NEARLY = 1e-9
"""Sums of distances that differ by no more may be equal, and are compared as whole numbers."""


def betweenness(graph: nx.Graph[str], lengths: Mapping[tuple[str, str], int]) -> dict[str, float]:
    """
    Return the weighted betweenness of every node, as a fraction of the pairs of others (Brandes's algorithm).

    Whether two paths are equally short must not depend on how their sums were rounded, so ``lengths`` are the distances
    as whole numbers. They have hundreds of digits: networkx would add them up along every edge. Here, edges that are
    longer than a way round them are left out first, as are nodes over which all ways are longer than others, and only
    sums that are nearly equal are compared as whole numbers.

    References:
        U. Brandes (2001), A faster algorithm for betweenness centrality, Journal of Mathematical Sociology 25, 163-177.
    """
    distances = {here: {there: tie["distance"] for there, tie in ties.items()} for here, ties in graph.adjacency()}
    nearest = {
        here: {there: length for there, length in ties.items() if not _has_detour(distances, here, there, length)}
        for here, ties in distances.items()
    }
    inner = {here for here, ties in nearest.items() if _may_connect(distances, ties)}
    between = dict.fromkeys(graph, 0.0)
    for start in graph:
        order, before, paths = _shortest_paths(nearest, lengths, start, inner)
        through = dict.fromkeys(order, 0.0)
        for here in reversed(order[1:]):
            share = (1 + through[here]) / paths[here]
            for earlier in before[here]:
                through[earlier] += paths[earlier] * share
            between[here] += through[here]
    pairs = (len(graph) - 1) * (len(graph) - 2)
    scale = 1 / pairs if pairs > 0 else 1.0
    return {name: value * scale for name, value in between.items()}


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


def _shortest_paths(
    neighbors: Mapping[str, Mapping[str, float]], lengths: Mapping[tuple[str, str], int], start: str, inner: set[str]
) -> tuple[list[str], dict[str, list[str]], dict[str, float]]:
    """
    Return the nodes that can be reached, nearest first, the nodes just before each, and how many paths lead there.

    Ways lead on only over the start and ``inner`` nodes.
    """
    distances = {start: 0.0}
    before: dict[str, list[str]] = {}
    paths = {start: 1.0}
    exact = _ExactDistances(lengths, before, start)
    ranks = {start: (0.0, 0)}
    pushed = count(1)
    frontier = [(0.0, 0, start)]
    settled: set[str] = set()
    while frontier:
        _, _, here = heappop(frontier)
        if here in settled:
            continue
        settled.add(here)
        distance, number = distances[here], paths[here]
        for there, length in neighbors[here].items():
            if there in settled:
                continue
            total = distance + length
            known = distances.get(there)
            if known is not None and total > known + NEARLY:
                continue
            if known is not None and total >= known - NEARLY:
                difference = exact.difference(here, there)
                if difference == 0:
                    before[there].append(here)
                    paths[there] += number
                if difference >= 0:
                    continue
            distances[there] = total
            before[there] = [here]
            paths[there] = number
            if there in inner:
                ranks[there] = rank = (round(total, 9), next(pushed))
                heappush(frontier, (*rank, there))
    # No way leads on from the others, so that they may come last, in any order that is always the same.
    return [*sorted(ranks, key=ranks.__getitem__), *[one for one in before if one not in ranks]], before, paths


class _ExactDistances:
    """Distances from a start as whole numbers, added up only where they are asked for."""

    def __init__(self, lengths: Mapping[tuple[str, str], int], before: Mapping[str, Sequence[str]], start: str) -> None:
        self._lengths = lengths
        self._before = before
        self._known = {start: 0}

    def difference(self, here: str, there: str) -> int:
        """Return how much longer the way to a node over another is than the shortest one known so far."""
        return self._over(here, there) - self._over(self._before[there][0], there)

    def _over(self, last: str, there: str) -> int:
        if last not in self._known:
            self._known[last] = self._over(self._before[last][0], last)
        return self._known[last] + self._lengths[last, there]
