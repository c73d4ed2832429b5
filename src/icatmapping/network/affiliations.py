"""
The affiliation network: which organizations take part in which records.

Knows nothing of graphs and paths.
"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import chain, combinations, permutations, repeat
from math import fsum, lcm
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args
from weakref import WeakKeyDictionary

from attrs import frozen

from icatmapping.errors import UnknownNameError
from icatmapping.model.records import Initiative, Partnership, Resource, participants
from icatmapping.model.schema import COLLECTIONS
from icatmapping.query.criteria import SharedCriteria
from icatmapping.utils.laziness import cached_property
from icatmapping.utils.text import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from icatmapping.dataset import Dataset
    from icatmapping.query.collection import Collection

__all__ = ["UNDERTAKINGS", "Affiliations", "Event", "EventCollection", "event_collections", "events"]


EventCollection: TypeAlias = Literal["initiatives", "partnerships", "resources"]
"""A collection whose records tie organizations to each other."""


NODE_PREFIXES: Mapping[EventCollection, str] = MappingProxyType(
    {name: COLLECTIONS[name].singular for name in get_args(EventCollection)}
)
"""What the names of the nodes of records begin with, by collection."""
UNDERTAKINGS: tuple[EventCollection, ...] = ("initiatives", "partnerships")


@frozen
class Event:
    """
    An event of the affiliation network: a record, or an initiative together with the partnership that is the same
    undertaking.

    Attributes:
        node: The node of the record in the networks, e.g. ``"initiative:aircop"``.
        records: The record, or the initiative and then the partnership.
        participants: The ids of those that take part.
    """

    node: str
    records: tuple[Initiative | Partnership | Resource, ...]
    participants: tuple[str, ...]


class Affiliations:
    """
    The affiliation network: organizations and the events in which they take part.

    Attributes:
        events: The events by node.
        events_of: For each organization, the nodes of the events in which it takes part.
    """

    def __init__(self, found: Mapping[str, Event]) -> None:
        self.events = found
        memberships: dict[str, list[str]] = {}
        for node, event in found.items():
            for one in event.participants:
                memberships.setdefault(one, []).append(node)
        self.events_of: Mapping[str, frozenset[str]] = {one: frozenset(nodes) for one, nodes in memberships.items()}

    @cached_property
    def weights(self) -> Mapping[str, Mapping[str, float]]:
        """For each organization, the others that it shares events with and how strongly it is tied to them (Newman)."""
        by_size: dict[int, list[list[str]]] = {}
        for event in self.events.values():
            if len(event.participants) > 1:
                by_size.setdefault(len(event.participants), []).append(sorted(event.participants))
        parts: dict[tuple[str, str], list[float]] = {}
        for size, groups in by_size.items():
            together = Counter(chain.from_iterable(combinations(group, 2) for group in groups))
            for pair, number in together.items():
                parts.setdefault(pair, []).extend(repeat(1 / (size - 1), number))
        weights: dict[str, dict[str, float]] = {one: {} for one in self.events_of}
        for (one, other), shares in parts.items():
            weights[one][other] = weights[other][one] = fsum(shares)
        return weights

    def integer_distances(self) -> dict[tuple[str, str], int]:
        """
        Return the distances of all pairs (in both orders) as whole numbers in a common unit, and so without rounding.

        Sums of them are equal where paths are equally long, which sums of rounded numbers may not be.
        """
        weights: dict[tuple[str, str], Fraction] = {}
        for event in self.events.values():
            if len(event.participants) > 1:
                share = Fraction(1, len(event.participants) - 1)
                for pair in permutations(event.participants, 2):
                    weights[pair] = weights.get(pair, 0) + share
        unit = lcm(*{weight.numerator for weight in weights.values()})
        return {pair: weight.denominator * (unit // weight.numerator) for pair, weight in weights.items()}

    def shared_events(self, one: str, other: str) -> list[str]:
        """Return the nodes of the events in which two organizations both take part, sorted."""
        return sorted(self.events_of[one] & self.events_of[other])


def events(
    ds: Dataset,
    *,
    of: Iterable[EventCollection] = UNDERTAKINGS,
    donors: bool = False,
    criteria: Mapping[str, Any],
) -> dict[str, Event]:
    """
    Collect the records that meet some criteria, by node; a partnership and its initiative twin are one.

    Raises:
        TypeError: If a criterion is none that all the collections share.
        UnknownNameError: If a collection or a value does not exist.
    """
    criteria = {name: value if isinstance(value, str | int) else _kept(value) for name, value in criteria.items()}
    check_criteria(criteria)
    found: dict[str, Event] = {}
    for name in event_collections(of):
        asked = {key: value for key, value in criteria.items() if _applies(key, name)}
        selected = ds.collection(name).select(asked)
        for event in _events_of(selected, NODE_PREFIXES[name], donors=donors):
            (record,) = event.records
            twin = found.get(f"initiative:{record.initiative}") if isinstance(record, Partnership) else None
            if twin is None:
                found[event.node] = event
            else:
                everybody = tuple(dict.fromkeys([*twin.participants, *event.participants]))
                found[twin.node] = Event(twin.node, (*twin.records, record), everybody)
    return found


# A record never changes, so its event is made once; it goes when the collection goes.
_EVENT_CACHE: WeakKeyDictionary[object, dict[bool, dict[int, Event]]] = WeakKeyDictionary()


def _events_of(records: Collection[Any], kind: str, *, donors: bool) -> Iterator[Event]:
    """Yield the event of each record."""
    store = records.store
    known = _EVENT_CACHE.setdefault(store, {}).setdefault(donors, {})
    for position in records.positions:
        event = known.get(position)
        if event is None:
            record = store.records[position]
            event = known[position] = Event(f"{kind}:{record.id}", (record,), participants(record, donors=donors))
        yield event


def _kept(value: Any) -> Any:
    """Keep the values of an iterator that would be used up by the first collection that is asked."""
    return tuple(value) if hasattr(value, "__next__") else value


def event_collections(of: Iterable[EventCollection]) -> tuple[EventCollection, ...]:
    """Check the names of collections, and return them in the order in which their records become nodes."""
    wanted: tuple[str, ...] = (of,) if isinstance(of, str) else tuple(of)
    for name in wanted:
        if name not in NODE_PREFIXES:
            raise UnknownNameError(
                name, "collection that ties organizations", nearest(str(name), NODE_PREFIXES) or NODE_PREFIXES
            )
    return tuple([name for name in NODE_PREFIXES if name in wanted])


# Resources have neither a scope nor responses; a joint publication is not left out for that.
_NOT_OF_RESOURCES = frozenset({"scope", "response"})


def _applies(criterion: str, collection: str) -> bool:
    return collection != "resources" or criterion not in _NOT_OF_RESOURCES


def check_criteria(criteria: Iterable[str]) -> None:
    """Check that all collections whose records tie organizations share some criteria."""
    shared = tuple(SharedCriteria.__annotations__)
    for name in criteria:
        if name not in shared:
            near = nearest(name, shared, most=1)
            hint = f"; did you mean {near[0]!r}?" if near else f": {', '.join(shared)}"
            message = f"networks have no criterion {name!r}{hint}"
            raise TypeError(message)
