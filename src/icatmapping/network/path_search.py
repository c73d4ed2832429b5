"""
The search for the best paths that keep the rules, on layers: who can stand at which place of a path.

A path of so many steps goes through layers of organizations that rule 2 leaves few of: the first one between the ends
is tied to the source and not to the target, the last one the other way round, those between them to neither. Ties are
worked out for those in the layers alone. Knows nothing of labels and evidence.
"""

from __future__ import annotations

import heapq
from math import inf
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from icatmapping.network.affiliations import Tie
    from icatmapping.network.ties import Layers, Ties

__all__ = ["DIGITS", "Order", "PathSearch", "is_allowed_between"]

Order: TypeAlias = Literal["hops", "distance", "recent"]
"""What goes first: few steps, short distances, or recent work."""
DIGITS = 9
"""Distances are compared after rounding to so many digits."""
_LONG = 6
"""From how many steps on it is checked at every step that the end can still be reached."""


class Cost(NamedTuple):
    """
    What a path or a part of it costs.

    Attributes:
        age: Minus the year in which its oldest step was last active; infinite if one is undated.
        off_topic: How many of its steps are off the topic.
        distance: The sum of the distances of its steps.
    """

    age: float
    off_topic: int
    distance: float

    def plus(self, tie: Tie) -> Cost:
        """Return the cost with one step more."""
        return Cost(max(self.age, _age(tie)), self.off_topic + (not tie.is_on_topic), self.distance + tie.distance)

    def at_least(self, other: Cost) -> Cost:
        """Return the cost of two parts one after the other."""
        return Cost(max(self.age, other.age), self.off_topic + other.off_topic, self.distance + other.distance)


def _age(tie: Tie) -> float:
    return inf if tie.last_active is None else -tie.last_active


_NOTHING = Cost(-inf, 0, 0.0)

_KEYS: dict[Order, Callable[[Cost, int], tuple[float, ...]]] = {
    "hops": lambda cost, hops: (hops, cost.off_topic, round(cost.distance, DIGITS)),
    "distance": lambda cost, hops: (round(cost.distance, DIGITS), cost.off_topic, hops),
    "recent": lambda cost, hops: (cost.age, hops, cost.off_topic, round(cost.distance, DIGITS)),
}


class PathSearch:
    """
    Best-first search for the paths that keep the rules, guided by what the rest of the way costs at least.

    Args:
        network: The affiliation network of the context.
        source: The organization to start from.
        target: The organization to reach.
        is_allowed: Whether an organization may stand between them at all.
        are_related: Whether two organizations may not stand in one path, as one is part of the other.
    """

    def __init__(
        self,
        network: Ties,
        source: str,
        target: str,
        is_allowed: Callable[[str], bool],
        are_related: Callable[[str, str], bool],
    ) -> None:
        self._network = network
        self._source = source
        self._target = target
        self._is_allowed = is_allowed
        self._are_related = are_related
        self._near_source = network.ties(source)
        self._near_target = network.ties(target)
        self._may_stand: dict[str, bool] = {source: False, target: False}

    def best(self, k: int, by: Order, max_hops: int) -> list[tuple[str, ...]]:
        """Return the k best paths of at most so many steps, best first."""
        if not self._near_source or not self._near_target:
            return []
        # To count all who take part takes longer than to look for some steps more than there can be.
        longest = max_hops if max_hops < _LONG else min(max_hops, self._network.size - 1)
        if by != "hops":
            return self._search(range(1, longest + 1), k, by)
        found: list[tuple[str, ...]] = []
        for hops in range(1, longest + 1):
            found += self._search((hops,), k - len(found), by)
            if len(found) >= k:
                break
        return found

    def _between(self, one: str) -> bool:
        """Return whether an organization may stand between the ends."""
        found = self._may_stand.get(one)
        if found is None:
            unrelated = not self._are_related(one, self._source) and not self._are_related(one, self._target)
            found = self._may_stand[one] = unrelated and self._is_allowed(one)
        return found

    # --- layers

    def _layers(self, hops: int) -> Layers | None:
        """Return the layers of the paths of so many steps, or None if there can be none."""
        source, target = self._source, self._target
        if hops == 1:
            tie = self._near_source.get(target)
            return None if tie is None else [{source: {target: tie}}]
        if hops == 2:
            middle = [one for one in self._near_source if one in self._near_target and self._stands_alone(one)]
            if not middle:
                return None
            first = {source: {one: self._near_source[one] for one in middle}}
            return [first, {one: {target: self._near_target[one]} for one in middle}]
        begin = {one for one in self._near_source if one not in self._near_target and self._between(one)}
        end = {one for one in self._near_target if one not in self._near_source and self._between(one)}
        if not begin or not end:
            return None
        inner = self._network.layers(begin, end, hops - 2, self._is_inner)
        first = {source: {one: self._near_source[one] for one in begin if one in inner[0]}}
        last = {one: {target: self._near_target[one]} for one in end}
        return [first, *inner, last] if first[source] else None

    def _is_inner(self, one: str) -> bool:
        return one not in self._near_source and one not in self._near_target and self._between(one)

    def _stands_alone(self, one: str) -> bool:
        """Return whether someone between two has an event with each of them in which the other takes no part."""
        if not self._between(one):
            return False
        source, target, network = self._source, self._target, self._network
        return network.share_apart(source, one, target) and network.share_apart(target, one, source)

    # --- search

    def _search(self, lengths: Sequence[int], k: int, by: Order) -> list[tuple[str, ...]]:
        key = _KEYS[by]
        layers: dict[int, Layers] = {}
        rests: dict[int, list[dict[str, Cost]]] = {}
        frontier: list[tuple[tuple[float, ...], tuple[str, ...], int, Cost]] = []
        for hops in lengths:
            found_layers = self._layers(hops)
            if found_layers is None:
                continue
            layers[hops] = found_layers
            rests[hops] = _costs_to_go(found_layers, self._target, by)
            rest = rests[hops][0].get(self._source)
            if rest is not None:
                frontier.append((key(rest, hops), (self._source,), hops, _NOTHING))
        heapq.heapify(frontier)
        found: list[tuple[str, ...]] = []
        while frontier and len(found) < k:
            _, path, hops, cost = heapq.heappop(frontier)
            if len(path) > hops:
                found.append(path)
                continue
            rest_of = rests[hops][len(path)]
            for here, tie in layers[hops][len(path) - 1].get(path[-1], {}).items():
                if here in rest_of and self._may_follow(path, here, hops):
                    gone = cost.plus(tie)
                    heapq.heappush(frontier, (key(gone.at_least(rest_of[here]), hops), (*path, here), hops, gone))
        return found

    def _may_follow(self, path: tuple[str, ...], here: str, hops: int) -> bool:
        if here == self._target:
            return True
        if here in path or any(self._are_related(here, earlier) for earlier in path[1:]):
            return False
        # The layers keep the source apart already.
        if any(self._network.share_events(here, earlier) for earlier in path[1:-1]):
            return False
        return hops < _LONG or self._can_finish(path, here, hops - len(path))

    def _can_finish(self, path: tuple[str, ...], here: str, left: int) -> bool:
        """Return whether the target can be reached in so many steps past everybody tied to the path so far."""
        taken = {other for earlier in path for other in self._network.neighbours(earlier)} | set(path)
        reached, seen = {here}, {here}
        for _ in range(left):
            if any(one in self._near_target for one in reached):
                return True
            reached = {
                other
                for one in reached
                for other in self._network.neighbours(one)
                if other not in seen and other not in taken and self._between(other)
            }
            seen |= reached
            if not reached:
                return False
        return False


def _costs_to_go(layers: Layers, target: str, by: Order) -> list[dict[str, Cost]]:
    """
    Return for every place who can stand there, and what the rest of the way costs at least.

    By hops the parts of the cost are compared in order, so that the cost is that of one way; else each part is the
    least of any way.
    """
    costs: list[dict[str, Cost]] = [{target: _NOTHING}]
    for layer in reversed(layers):
        after = costs[0]
        here: dict[str, Cost] = {}
        for one, ties in layer.items():
            found = [after[other].plus(tie) for other, tie in ties.items() if other in after]
            if not found:
                continue
            if by == "hops":
                here[one] = min(found, key=lambda cost: (cost.off_topic, cost.distance))
            else:
                here[one] = Cost(*(min(parts) for parts in zip(*found, strict=True)))
        costs.insert(0, here)
    return costs


_NOBODY = frozenset({"umbrella", "armed_group"})
"""The kinds of names and bodies that nobody is sent to."""


def is_allowed_between(
    organization: object, *, external: bool, home: frozenset[str] | None, last_year: int | None
) -> bool:
    """
    Return whether somebody may stand between the ends of a path.

    Args:
        organization: The entity or organization.
        external: Whether organizations that are not ICAT entities may.
        home: The countries (alpha-3) whose governments may, or None if every government may.
        last_year: The last year asked for: a body that ended before it may not; None if nothing bounds it.
    """
    if getattr(organization, "collection", None) == "entities":
        return True
    kind, ended, country = (getattr(organization, name) for name in ("kind", "ended", "country"))
    if not external or getattr(organization, "body_of", None) is not None or kind in _NOBODY:
        return False
    if ended is not None and (last_year is None or last_year > ended):
        return False
    return home is None or kind != "government" or country is None or country in home
