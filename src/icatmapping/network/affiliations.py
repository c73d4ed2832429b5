"""
The affiliation network: which organizations take part in which events, and how strongly that ties them.

An event is a star, never a clique: what ties an organization to others is worked out when it is asked for, so that an
event of thousands costs no more than its participants. Knows nothing of graphs and paths.
"""

from __future__ import annotations

from math import fsum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias, get_args
from weakref import WeakKeyDictionary

from icatmapping.errors import UnknownNameError
from icatmapping.model.schema import COLLECTIONS
from icatmapping.network.evidence import by_age, shared_of
from icatmapping.network.memberships import Events, Memberships
from icatmapping.network.ties import SharedNodes, TiesOf
from icatmapping.utils.laziness import cached_property
from icatmapping.utils.text import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from icatmapping.dataset import Dataset
    from icatmapping.model.records import Initiative, Partnership, Resource
    from icatmapping.network.evidence import Shared
    from icatmapping.network.ties import Layers, StepEnds
    from icatmapping.query.collection import Collection as Records
    from icatmapping.query.store import Store

__all__ = [
    "UNDERTAKINGS",
    "Affiliations",
    "Event",
    "EventCollection",
    "Organs",
    "Tie",
    "applicable",
    "collect_events",
    "event_collections",
    "events_at",
]

EventCollection: TypeAlias = Literal["initiatives", "partnerships", "resources"]
"""A collection whose records tie organizations to each other."""
Organs: TypeAlias = Literal["fold", "keep"]
"""Whether an organ of an entity sits as the entity, or as itself."""

NODE_PREFIXES: Mapping[EventCollection, str] = MappingProxyType(
    {name: COLLECTIONS[name].singular for name in get_args(EventCollection)}
)
"""What the names of the nodes of records begin with, by collection."""
UNDERTAKINGS: tuple[EventCollection, ...] = ("initiatives", "partnerships")
MOST_TAKING_PART = 3_000
"""How many may take part in an event that is taken apart into ties between all of them."""
_NONE: frozenset[str] = frozenset()
_IN_ROLE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {role: (role.removesuffix("s"),) for role in ("leads", "partners", "donors", "members", "publishers")}
)


class Event(NamedTuple):
    """
    An event of the affiliation network: a record, or an initiative together with the partnership that is the same
    undertaking.

    Attributes:
        node: The node of the record in the networks, e.g. ``"initiative:aircop"``.
        records: The record, or the initiative and then the partnership.
        roles: For each of those that take part, by id, the roles in which they do.
        first_active: The first year in which it is known to have been active, or None if it is undated.
        last_active: The last year, or None.
        countries: The countries that it names (alpha-3).
    """

    node: str
    records: tuple[Initiative | Partnership | Resource, ...]
    roles: Mapping[str, tuple[str, ...]]
    first_active: int | None
    last_active: int | None
    countries: tuple[str, ...]

    @property
    def participants(self) -> tuple[str, ...]:
        """The ids of those that take part."""
        return tuple(self.roles)

    def with_twin(self, twin: Event) -> Event:
        """Return the event of an initiative and its partnership twin: participants, countries and years of both."""
        roles = {one: tuple(dict.fromkeys([*self.roles.get(one, ()), *twin.roles.get(one, ())])) for one in twin.roles}
        return Event(
            self.node,
            (*self.records, *twin.records),
            {**self.roles, **roles},
            least(self.first_active, twin.first_active),
            greatest(self.last_active, twin.last_active),
            tuple(dict.fromkeys([*self.countries, *twin.countries])),
        )


def least(*years: int | None) -> int | None:
    return min((year for year in years if year is not None), default=None)


def greatest(*years: int | None) -> int | None:
    return max((year for year in years if year is not None), default=None)


class Tie(NamedTuple):
    """
    What ties two organizations.

    Attributes:
        weight: How strongly they are tied: the sum of the parts of the events that they share.
        is_on_topic: Whether one of those events is on the topic.
        first_active: The first year of those events, or None if all are undated.
        last_active: The last year of those events, or None.
    """

    weight: float
    is_on_topic: bool
    first_active: int | None
    last_active: int | None

    @property
    def distance(self) -> float:
        """1/weight."""
        return 1 / self.weight


class Affiliations:
    """
    The affiliation network: organizations and the events in which they take part.

    Attributes:
        events: The events by node.
        events_of: For each organization, the nodes of the events in which it takes part.
        on_topic: The nodes of the events that are on the topic.
    """

    def __init__(
        self,
        events: Mapping[str, Event],
        part: Callable[[Event], float] | None = None,
        on_topic: frozenset[str] | None = None,
        *,
        counts_all: bool = False,
    ) -> None:
        self.events = events
        self.on_topic: frozenset[str] = frozenset(events) if on_topic is None else on_topic
        self._weigh = _newman if part is None else part
        self.events_of: Memberships = events.memberships if isinstance(events, Events) else Memberships(events)
        self._parts: dict[str, float] = {}
        self._counts_all = counts_all
        self._shared: dict[str, dict[str, list[str]]] = {}
        self._ties: dict[str, TiesOf] = {}

    @cached_property
    def parts(self) -> Mapping[str, float]:
        """By node, what an event adds to the weight of a tie between two of its participants."""
        return {node: self._part(node) for node, event in self.events.items() if len(event.roles) > 1}

    def _part(self, node: str) -> float:
        """Return what an event adds to the weight of a tie; nothing if one alone takes part."""
        found = self._parts.get(node)
        if found is None:
            event = self.events[node]
            found = self._parts[node] = self._weigh(event) if len(event.roles) > 1 else 0.0
        return found

    def ties(self, one: str) -> Mapping[str, Tie]:
        """Return what ties an organization to each of the others that it shares events with."""
        found = self._ties.get(one)
        if found is None:
            if self._counts_all:
                shared = self._shared_with(one)
            else:
                shared = self._gather(one, [node for node in self.events_of.nodes(one) if self._part(node) > 0])
            found = self._ties[one] = TiesOf(shared, self._tie)
        return found

    def _shared_with(self, one: str) -> dict[str, list[str]]:
        """Return the nodes of the events that an organization shares with each of the others."""
        found = self._shared.get(one)
        if found is None:
            found = self._shared[one] = self._gather(one, self.events_of.nodes(one))
        return found

    def _gather(self, one: str, nodes: Iterable[str]) -> dict[str, list[str]]:
        """Return which of the events of an organization each of the others takes part in as well."""
        events = self.events
        found: dict[str, list[str]] = {}
        for node in nodes:
            for other in events[node].roles:
                if other in found:
                    found[other].append(node)
                else:
                    found[other] = [node]
        found.pop(one, None)
        return found

    def tie(self, one: str, other: str) -> Tie:
        """Return what ties two organizations that are tied."""
        return self.ties(one)[other]

    def _tie(self, nodes: Sequence[str]) -> Tie:
        """Return the tie that rests on some events."""
        events, part = self.events, self._part
        if len(nodes) == 1:  # as most are
            (node,) = nodes
            only = events[node]
            return Tie(part(node), node in self.on_topic, only.first_active, only.last_active)
        firsts = [first for node in nodes if (first := events[node].first_active) is not None]
        lasts = [last for node in nodes if (last := events[node].last_active) is not None]
        return Tie(
            fsum(map(part, nodes)),
            not self.on_topic.isdisjoint(nodes),
            min(firsts) if firsts else None,
            max(lasts) if lasts else None,
        )

    @cached_property
    def weights(self) -> Mapping[str, Mapping[str, float]]:
        """For each organization, the others that it shares events with and how strongly it is tied to them."""
        return {one: {other: tie.weight for other, tie in self.ties(one).items()} for one in self.events_of}

    def neighbours(self, one: str) -> set[str]:
        """Return those that an organization shares events with, without working out how strongly it is tied to them."""
        return set(self.ties(one))

    @property
    def size(self) -> int:
        """How many organizations take part."""
        return len(self.events_of)

    def expect(self, ones: AbstractSet[str]) -> None:
        """Take note that the ties of some organizations will be asked for, which costs no less at once."""

    def active(self, ones: AbstractSet[str]) -> set[str]:
        """Return those of some organizations that take part in an event."""
        return {one for one in ones if one in self.events_of}

    def share_events(self, one: str, other: str) -> bool:
        """Return whether two organizations take part in the same event."""
        return not self.events_of.get(one, _NONE).isdisjoint(self.events_of.get(other, _NONE))

    def share_apart(self, one: str, other: str, third: str) -> bool:
        """Return whether two organizations take part in the same event, and a third one does not."""
        return any(third not in self.events[node].roles for node in self._shared_with(one).get(other, ()))

    def layers(self, begin: set[str], end: set[str], steps: int, is_inner: Callable[[str], bool]) -> Layers:
        """
        Return the layers of the ways of so many steps from some organizations to others.

        Args:
            begin: Who can stand at the first place.
            end: Who can stand at the last one.
            steps: How many steps there are between them, at least 1.
            is_inner: Whether somebody can stand at a place between them.
        """
        if self._effort(begin) < self._effort(end):
            return [_mirrored(layer) for layer in reversed(self._layers(end, begin, steps, is_inner))]
        return self._layers(begin, end, steps, is_inner)

    def _layers(self, begin: set[str], end: set[str], steps: int, is_inner: Callable[[str], bool]) -> Layers:
        """Return the layers, worked out from the last one."""
        layers: Layers = []
        reached = end
        for place in range(steps, 0, -1):
            layer: dict[str, dict[str, Tie]] = {}
            for there in sorted(reached):
                for here, tie in self.ties(there).items():
                    if here in begin if place == 1 else is_inner(here):
                        layer.setdefault(here, {})[there] = tie
            layers.insert(0, layer)
            reached = set(layer)
        return layers

    def _effort(self, ones: Iterable[str]) -> int:
        return sum(len(self.events[node].roles) for one in ones for node in self.events_of.nodes(one))

    def evidence(self, steps: Iterable[StepEnds], most: int | None) -> list[Shared]:
        """Return for each of some steps of paths what its ends share, at most so many events of it, best first."""
        return [
            shared_of([self.events[node] for node in self.shared_events(a, b)], path, a, b, self.on_topic, most)
            for path, a, b in steps
        ]

    def newest(self, one: str, most: int) -> tuple[int, list[Event]]:
        """Return how many events an organization takes part in, and the newest of them."""
        events = sorted([self.events[node] for node in self.events_of.get(one, ())], key=by_age)
        return len(events), events[:most]

    def shared_events(self, one: str, other: str) -> list[str]:
        """Return the nodes of the events in which two organizations both take part, sorted."""
        return sorted(self.events_of.get(one, _NONE) & self.events_of.get(other, _NONE))

    def shared_nodes(self, pairs: Iterable[tuple[str, str]], most: int | None) -> dict[tuple[str, str], SharedNodes]:
        """Return for each of some pairs how many events both take part in, and the first so many of their nodes."""
        nodes = {pair: self.shared_events(*pair) for pair in pairs}
        return {pair: SharedNodes(len(found), found[:most]) for pair, found in nodes.items()}

    def participants(self) -> Collection[str]:
        """Return all those that take part in an event."""
        return self.events_of.keys()

    def all_ties(self, among: AbstractSet[str]) -> Iterator[tuple[str, str, Tie, SharedNodes]]:
        """
        Yield all ties between some organizations, each once, and the nodes of the events that they rest on.

        Raises:
            ValueError: If an event is of too many.
        """
        refuse_large(max([len(event.roles) for event in self.events.values()], default=0))
        roles = {node: self.events[node].roles for node, part in self.parts.items() if part > 0}
        for one in among:
            found: dict[str, list[str]] = {}
            for node in self.events_of.nodes(one):
                for other in roles.get(node, ()):
                    if one < other:  # each once
                        if other in found:
                            found[other].append(node)
                        else:
                            found[other] = [node]
            for other, nodes in found.items():
                if other in among:
                    nodes.sort()
                    yield one, other, self._tie(nodes), SharedNodes(len(nodes), nodes)

    @cached_property
    def _component_of(self) -> Mapping[str, int]:
        return {one: number for number, component in enumerate(self.components()) for one in component}

    def are_apart(self, one: str, other: str) -> bool:
        """Return whether no way of any length joins two organizations."""
        return self._component_of[one] != self._component_of[other]

    def components(self) -> Iterator[set[str]]:
        """Yield the connected components, those of organizations without a tie included."""
        seen: set[str] = set()
        for one in self.events_of:
            if one not in seen:
                found = self.component(one)
                seen |= found
                yield found

    def component(self, start: str) -> set[str]:
        """Return the connected component that an organization is in."""
        seen, frontier, passed = {start}, [start], set[str]()
        while frontier:
            for node in self.events_of.nodes(frontier.pop()):
                if node not in passed and self._part(node) > 0:
                    passed.add(node)
                    fresh = self.events[node].roles.keys() - seen
                    seen |= fresh
                    frontier.extend(fresh)
        return seen


def refuse_large(participants: int) -> None:
    """Refuse to take an event of too many apart into ties between all of them."""
    if participants > MOST_TAKING_PART:
        message = (
            f"{participants:,} take part in one event, which would be {participants * (participants - 1) // 2:,} ties: "
            f"a projection is of events of at most {MOST_TAKING_PART:,}; collaboration_paths and connections are of any"
        )
        raise ValueError(message)


def _mirrored(layer: dict[str, dict[str, Tie]]) -> dict[str, dict[str, Tie]]:
    found: dict[str, dict[str, Tie]] = {}
    for here, ties in layer.items():
        for there, tie in ties.items():
            found.setdefault(there, {})[here] = tie
    return found


def _newman(event: Event) -> float:
    return 1 / (len(event.roles) - 1)


def collect_events(
    ds: Dataset,
    *,
    of: Iterable[EventCollection] = UNDERTAKINGS,
    donors: bool = False,
    organs: Organs = "fold",
    criteria: Mapping[str, Any],
) -> dict[str, Event]:
    """
    Return the events of the records that meet some criteria, by node; a partnership and its initiative twin are one.

    Raises:
        UnknownNameError: If a collection or a value does not exist.
    """
    names = event_collections(of)
    key = (names, donors, organs)
    known = _ALL_EVENTS.setdefault(ds.initiatives.store, {}).get(key) if not criteria else None
    if known is not None:
        return known
    found = Events()
    for name in names:
        records = select(ds, name, criteria)
        events = events_at(records.store, records.positions, name, donors=donors, fold=organs == "fold")
        if name != "partnerships" or "initiatives" not in names:
            found.update(zip([event.node for event in events], events, strict=True))
            continue
        for event in events:
            initiative = event.records[0].initiative  # type: ignore[union-attr]
            twin = None if initiative is None else found.get(f"initiative:{initiative}")
            if twin is None:
                found[event.node] = event
            else:
                found[twin.node] = twin.with_twin(event)
    if not criteria:
        _ALL_EVENTS[ds.initiatives.store][key] = found
    return found


def select(ds: Dataset, name: EventCollection, criteria: Mapping[str, Any]) -> Records[Any]:
    """Return the records of a collection that meet criteria, as far as its records have them."""
    return ds.collection(name).select(applicable(criteria, name))


def applicable(criteria: Mapping[str, Any], name: EventCollection) -> dict[str, Any]:
    """Return the criteria that the records of a collection have."""
    return {key: value for key, value in criteria.items() if _applies(key, name)}


# Resources have neither a scope nor responses; a joint publication is not left out for that.
_NOT_OF_RESOURCES = frozenset({"scope", "response"})


def _applies(criterion: str, collection: str) -> bool:
    return collection != "resources" or criterion not in _NOT_OF_RESOURCES


# A record never changes, so its event is made once; it goes when the collection goes.
_EVENT_CACHE: WeakKeyDictionary[object, dict[tuple[bool, bool], dict[int, Event]]] = WeakKeyDictionary()
_ALL_EVENTS: WeakKeyDictionary[object, dict[tuple[tuple[EventCollection, ...], bool, Organs], Events]]
_ALL_EVENTS = WeakKeyDictionary()


def events_at(
    store: Store[Any], positions: Sequence[int], name: EventCollection, *, donors: bool, fold: bool
) -> list[Event]:
    """Return the events of the records at some positions."""
    known = _EVENT_CACHE.setdefault(store, {}).setdefault((donors, fold), {})
    missing = [position for position in positions if position not in known]
    if missing:
        sits_as = _Seats(store.directory.fold if fold else str)
        prefix, every = f"{NODE_PREFIXES[name]}:", store.records
        roles = [(role, _IN_ROLE[role]) for role in store.kind.roles if donors or role != "donors"]
        coded = store.spans("known")
        years = [(None, None) if span is None else (span.first, span.last) for span in coded.combinations]
        spans = coded.numbers
        for position in missing:
            record: Any = every[position]
            seats: dict[str, tuple[str, ...]] = {}
            for role, told in roles:
                sitting: dict[str, tuple[str, ...]] = dict.fromkeys(
                    map(sits_as.__getitem__, getattr(record, role)), told
                )
                if not seats:
                    seats = sitting
                else:
                    for sits in seats.keys() & sitting:
                        sitting[sits] = seats[sits] + told
                    seats |= sitting
            first, last = years[spans[position]]
            known[position] = Event(prefix + record.id, (record,), seats, first, last, record.countries)
    return list(map(known.__getitem__, positions))


class _Seats(dict[str, str]):
    """Whom a body sits as, worked out once."""

    def __init__(self, sits_as: Callable[[str], str]) -> None:
        super().__init__()
        self._sits_as = sits_as

    def __missing__(self, body: str) -> str:
        found = self[body] = self._sits_as(body)
        return found


def event_collections(of: Iterable[EventCollection]) -> tuple[EventCollection, ...]:
    """Check the names of collections, and return them in the order in which their records become nodes."""
    wanted: tuple[str, ...] = (of,) if isinstance(of, str) else tuple(of)
    for name in wanted:
        if name not in NODE_PREFIXES:
            near = nearest(str(name), NODE_PREFIXES)
            raise UnknownNameError(name, "collection that ties organizations", near, valid=tuple(NODE_PREFIXES))
    return tuple([name for name in NODE_PREFIXES if name in wanted])
