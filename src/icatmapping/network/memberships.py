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


class Memberships(Mapping[str, frozenset[str]]):
    """The nodes of the events in which each organization takes part, as sets that are made when they are asked for."""

    def __init__(self, events: Mapping[str, Event]) -> None:
        self._nodes: dict[str, list[str]] = {}
        self._sets: dict[str, frozenset[str]] = {}
        nodes = self._nodes
        for node, event in events.items():
            for one in event.roles:
                if one in nodes:
                    nodes[one].append(node)
                else:
                    nodes[one] = [node]

    def nodes(self, one: str) -> Sequence[str]:
        """Return the nodes of an organization in the order of the events; none if it takes part in none."""
        return self._nodes.get(one, ())

    def __getitem__(self, one: str) -> frozenset[str]:
        found = self._sets.get(one)
        if found is None:
            found = self._sets[one] = frozenset(self._nodes[one])
        return found

    def __contains__(self, one: object) -> bool:
        return one in self._nodes

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
