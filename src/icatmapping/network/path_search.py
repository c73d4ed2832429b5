"""
The search for the best paths that keep the rules. Knows nothing of labels and evidence.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import inf
from typing import TYPE_CHECKING, Any

from icatmapping.model.geography import country as find_country
from icatmapping.model.records import Entity, Organization

if TYPE_CHECKING:
    from icatmapping.dataset import Dataset
    from icatmapping.network.affiliations import Affiliations

__all__ = [
    "DIGITS",
    "PathSearch",
    "allowed_intermediaries",
    "component",
    "components",
    "is_foreign_government",
    "requested_countries",
]


DIGITS = 9


def components(network: Affiliations) -> Iterator[set[str]]:
    """Yield the connected components of a network."""
    seen: set[str] = set()
    for one in network.events_of:
        if one not in seen:
            group = component(network, one)
            seen |= group
            yield group


def allowed_intermediaries(
    ds: Dataset, network: Affiliations, criteria: Mapping[str, Any], *, external: bool, foreign_governments: bool
) -> frozenset[str]:
    """Return who may stand between the ends of a path (rule 3)."""
    directory = ds.directory
    if not external:
        return directory.entity_ids & network.events_of.keys()
    home = None if foreign_governments else requested_countries(criteria)
    found = [directory.by_id[one] for one in network.events_of]
    return frozenset(
        [one.id for one in found if isinstance(one, Entity) or not (one.body_of or is_foreign_government(home, one))]
    )


def is_foreign_government(home: frozenset[str] | None, organization: Organization) -> bool:
    """Return whether an organization is the government of another country than those asked for, if any were."""
    return home is not None and organization.kind == "government" and organization.country not in (None, *home)


def requested_countries(criteria: Mapping[str, Any]) -> frozenset[str] | None:
    """Return the countries that were asked for, or None if none was."""
    if "country" not in criteria:
        return None
    given = criteria["country"]
    values = given if isinstance(given, Iterable) and not isinstance(given, str) else (given,)
    return frozenset(find_country(value).alpha3 for value in values)


def component(network: Affiliations, start: str) -> set[str]:
    """Return the connected component that an organization is in."""
    seen, frontier = {start}, [start]
    while frontier:
        fresh = network.weights[frontier.pop()].keys() - seen
        seen |= fresh
        frontier.extend(fresh)
    return seen


class PathSearch:
    """Best-first search for the shortest paths that keep the rules, guided by how far the end still is at least."""

    def __init__(self, network: Affiliations, start: str, end: str, allowed: frozenset[str]) -> None:
        self._network = network
        self._weights = network.weights
        self._start = start
        self._end = end
        self._allowed = allowed - {start, end}
        self._layers: list[dict[str, float]] = [{end: 0.0}]

    def _heuristic(self, hops: int) -> dict[str, float]:
        """For each organization, the least distance of any walk to the end in exactly so many hops."""
        near_end = self._weights[self._end].keys()
        while len(self._layers) <= hops:
            reached = self._layers[-1]
            last = len(self._layers) == 1
            layer: dict[str, float] = {}
            for there, rest in reached.items():
                for here, weight in self._weights[there].items():
                    # Only the last one before the end may be tied to it (rule 2), so no other is worth a look.
                    if here == self._start or (here in self._allowed and (last or here not in near_end)):
                        distance = rest + 1 / weight
                        if distance < layer.get(here, inf):
                            layer[here] = distance
            # A walk through the start is no path, but it may be where the path begins.
            self._layers.append(layer)
        return self._layers[hops]

    def first(self, max_hops: int) -> tuple[str, ...]:
        """Return the best path, or nothing if there is none."""
        found = self.by_hops(max_hops, 1)
        return found[0] if found else ()

    def by_hops(self, max_hops: int, k: int) -> list[tuple[str, ...]]:
        """Return the k best paths, fewest hops first."""
        found: list[tuple[str, ...]] = []
        for length in range(1, max_hops + 1):
            found += self.best((length,), k - len(found))
            if len(found) >= k:
                break
        return found

    def best(self, lengths: Sequence[int], k: int) -> list[tuple[str, ...]]:
        """Return the k best paths of some lengths: by distance, then length, then ids."""
        frontier: list[tuple[float, int, tuple[str, ...], float]] = []
        for length in lengths:
            rest = self._heuristic(length).get(self._start)
            if rest is not None:
                frontier.append((round(rest, DIGITS), length, (self._start,), 0.0))
        heapq.heapify(frontier)
        found: list[tuple[str, ...]] = []
        while frontier and len(found) < k:
            _, length, path, cost = heapq.heappop(frontier)
            if path[-1] == self._end:
                found.append(path)
                continue
            left = length - len(path)
            cost_to_go = self._heuristic(left)
            for here, weight in self._weights[path[-1]].items():
                rest = cost_to_go.get(here)
                if rest is not None and self._may_follow(path, here, left):
                    distance = cost + 1 / weight
                    heapq.heappush(frontier, (round(distance + rest, DIGITS), length, (*path, here), distance))
        return found

    def _may_follow(self, path: tuple[str, ...], here: str, left: int) -> bool:
        if here == self._end:
            return left == 0 and self._has_own_records((*path, here))
        if left == 0 or here not in self._allowed or here in path:
            return False
        tied = self._weights[here]
        return not any(earlier in tied for earlier in path[:-1])

    def _has_own_records(self, path: tuple[str, ...]) -> bool:
        """Return whether each step rests on a record of its own (rule 1); rule 2 sees to it for three hops and more."""
        memberships = self._network.events_of
        if len(path) != 3:
            return True
        source, between, target = (memberships[one] for one in path)
        return bool((source & between) - target) and bool((between & target) - source)
