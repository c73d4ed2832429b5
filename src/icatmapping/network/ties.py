"""
What a search for paths asks of an affiliation network, be it in memory or on frames.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeAlias

from icatmapping.utils.laziness import cached_property

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, ItemsView, Iterable, Iterator, Sequence, ValuesView
    from collections.abc import Set as AbstractSet

    from icatmapping.network.affiliations import Event, Tie
    from icatmapping.network.evidence import Shared

__all__ = ["Layers", "SharedNodes", "StepEnds", "Ties", "TiesOf"]

Layers: TypeAlias = "list[dict[str, dict[str, Tie]]]"
"""For every place of a path but the last, who can stand there, and the ties to those who can come next."""
StepEnds: TypeAlias = tuple[tuple[str, ...], str, str]
"""A path, and the two ends of a step of it."""


class SharedNodes(NamedTuple):
    """
    Which events two organizations share.

    Attributes:
        number: How many there are.
        nodes: The nodes of some of them or all, sorted; None if they are not told.
    """

    number: int
    nodes: Sequence[str] | None


class TiesOf(Mapping[str, "Tie"]):
    """
    What ties an organization to others, worked out when it is asked for.

    Args:
        shared: For each of the others, the nodes of the events that it shares with the organization.
        tie: What gives the tie that rests on some events.
    """

    def __init__(self, shared: Mapping[str, Sequence[str]], tie: Callable[[Sequence[str]], Tie]) -> None:
        self._shared = shared
        self._tie = tie
        self._found: dict[str, Tie] = {}

    def __getitem__(self, other: str) -> Tie:
        found = self._found.get(other)
        if found is None:
            found = self._found[other] = self._tie(self._shared[other])
        return found

    def items(self) -> ItemsView[str, Tie]:
        """Return everybody and what ties the organization to them."""
        return self._all.items()

    def values(self) -> ValuesView[Tie]:
        """Return all ties."""
        return self._all.values()

    @cached_property
    def _all(self) -> dict[str, Tie]:
        tie = self._tie
        return {other: tie(nodes) for other, nodes in self._shared.items()}

    def __contains__(self, other: object) -> bool:
        return other in self._shared

    def __iter__(self) -> Iterator[str]:
        return iter(self._shared)

    def __len__(self) -> int:
        return len(self._shared)


class Ties(Protocol):
    """
    An affiliation network, as far as paths and connections ask for it.

    What is asked for many organizations at once is asked in one call, so that frames can answer it with one query.
    """

    @property
    def size(self) -> int:
        """How many organizations take part, or may at most."""
        raise NotImplementedError

    def active(self, ones: AbstractSet[str]) -> set[str]:
        """Return those of some organizations that take part in an event."""
        raise NotImplementedError

    def expect(self, ones: AbstractSet[str]) -> None:
        """Take note that the ties of some organizations will be asked for."""
        raise NotImplementedError

    def ties(self, one: str) -> Mapping[str, Tie]:
        """Return what ties an organization to each of the others that it shares events with."""
        raise NotImplementedError

    def tie(self, one: str, other: str) -> Tie:
        """Return what ties two organizations that have been found to be tied."""
        raise NotImplementedError

    def neighbours(self, one: str) -> set[str]:
        """Return those that an organization is tied to."""
        raise NotImplementedError

    def share_events(self, one: str, other: str) -> bool:
        """Return whether two organizations take part in the same event."""
        raise NotImplementedError

    def share_apart(self, one: str, other: str, third: str) -> bool:
        """Return whether two organizations take part in the same event, and a third one does not."""
        raise NotImplementedError

    def layers(self, begin: set[str], end: set[str], steps: int, is_inner: Callable[[str], bool]) -> Layers:
        """Return the layers of the ways of so many steps from some organizations to others."""
        raise NotImplementedError

    def are_apart(self, one: str, other: str) -> bool:
        """Return whether no way of any length joins two organizations."""
        raise NotImplementedError

    def evidence(self, steps: Iterable[StepEnds], most: int | None) -> list[Shared]:
        """Return for each of some steps of paths what its ends share, at most so many events of it, best first."""
        raise NotImplementedError

    def shared_nodes(self, pairs: Iterable[tuple[str, str]], most: int | None) -> dict[tuple[str, str], SharedNodes]:
        """Return for each of some pairs how many events both take part in, and the first so many of their nodes."""
        raise NotImplementedError

    def newest(self, one: str, most: int) -> tuple[int, list[Event]]:
        """Return how many events an organization takes part in, and the newest of them."""
        raise NotImplementedError

    def participants(self) -> Collection[str]:
        """Return all those that take part in an event."""
        raise NotImplementedError

    def all_ties(self, among: AbstractSet[str]) -> Iterator[tuple[str, str, Tie, SharedNodes]]:
        """Yield all ties between some organizations, each once, and what they rest on."""
        raise NotImplementedError
