"""
Who takes part in which events.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from icatmapping.utils.laziness import cached_property

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from icatmapping.network.affiliations import Event

__all__ = ["Events", "Memberships"]


_MANY = 1_000
"""How many events are so few that those of everybody are found at once."""
_FEW = 16
"""Of how many organizations events are looked for one by one; those of everybody take as long as of some dozens."""


class Memberships(Mapping[str, frozenset[str]]):
    """
    The nodes of the events in which each organization takes part, as sets that are made when they are asked for.

    Those of a few organizations are looked for among all events, which is done before all are known of everybody.
    """

    def __init__(self, events: Mapping[str, Event]) -> None:
        self._events = events
        self._found: dict[str, list[str]] = {}
        self._sets: dict[str, frozenset[str]] = {}

    @cached_property
    def _nodes(self) -> Mapping[str, list[str]]:
        nodes: dict[str, list[str]] = {}
        for node, event in self._events.items():
            for one in event.roles:
                if one in nodes:
                    nodes[one].append(node)
                else:
                    nodes[one] = [node]
        return nodes

    def nodes(self, one: str) -> Sequence[str]:
        """Return the nodes of an organization in the order of the events; none if it takes part in none."""
        found = self._found
        if len(self._events) > _MANY and one not in found and len(found) < _FEW and "_nodes" not in self.__dict__:
            found[one] = [node for node, event in self._events.items() if one in event.roles]
        return found[one] if one in found else self._nodes.get(one, ())

    def __getitem__(self, one: str) -> frozenset[str]:
        found = self._sets.get(one)
        if found is None:
            nodes = self.nodes(one)
            if not nodes:
                raise KeyError(one)
            found = self._sets[one] = frozenset(nodes)
        return found

    def __contains__(self, one: object) -> bool:
        return isinstance(one, str) and bool(self.nodes(one))

    def __iter__(self) -> Iterator[str]:
        return iter(self._nodes)

    def __len__(self) -> int:
        return len(self._nodes)


class Events(dict[str, "Event"]):
    """Events by node, and who takes part in which of them, worked out once."""

    @cached_property
    def memberships(self) -> Memberships:
        """The nodes of the events in which each organization takes part."""
        return Memberships(self)
