"""
How many steps lie between nodes, counted for many of them at once. Knows nothing of records.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable

    import networkx as nx

__all__ = ["average_steps"]

_AT_ONCE = 8192
"""From how many nodes steps are counted at once; each of them is a bit beside each node."""
Node = TypeVar("Node", bound="Hashable")


def average_steps(graph: nx.Graph[Node]) -> float:
    """
    Return how many steps lie between two nodes of a connected graph, on average over all pairs.

    A node holds as a set of bits from which starts it has been reached, and in each round hands the new ones on: one
    operation stands for a step of thousands of searches.

    References:
        M. Then et al. (2014), The more the merrier: efficient multi-source graph traversal, Proceedings of the VLDB
        Endowment 8, 449-460, doi:10.14778/2735496.2735507.
    """
    nodes = list(graph)
    place = {node: number for number, node in enumerate(nodes)}
    neighbors = [[place[other] for other in graph[node]] for node in nodes]
    steps = 0
    for first in range(0, len(nodes), _AT_ONCE):
        starts = range(first, min(first + _AT_ONCE, len(nodes)))
        steps += _steps_from(neighbors, starts)
    return steps / (len(nodes) * (len(nodes) - 1))


def _steps_from(neighbors: list[list[int]], starts: range) -> int:
    """Return how many steps lie between some nodes and all others, added up."""
    fresh = {node: 1 << number for number, node in enumerate(starts)}
    reached = [0] * len(neighbors)
    for node, bits in fresh.items():
        reached[node] = bits
    total = distance = 0
    while fresh:
        distance += 1
        handed: dict[int, int] = {}
        for node, bits in fresh.items():
            for other in neighbors[node]:
                handed[other] = handed.get(other, 0) | bits
        fresh = {}
        for node, bits in handed.items():
            new = bits & ~reached[node]
            if new:
                fresh[node] = new
                reached[node] |= new
                total += distance * new.bit_count()
    return total
