"""
The affiliation network of a context on frames that is too broad to fetch whole: ties are fetched as they are asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from icatmapping.frames.engines import fetch
from icatmapping.network.affiliations import NODE_PREFIXES
from icatmapping.network.evidence import by_age
from icatmapping.network.frame_events import any_of
from icatmapping.network.frame_evidence import chunks, count_evidence
from icatmapping.network.frame_ties import FrameTies, Pair
from icatmapping.network.ties import SharedNodes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from icatmapping.network.affiliations import Affiliations, Event, Tie
    from icatmapping.network.evidence import Shared
    from icatmapping.network.frame_events import EventKind, FrameEvents
    from icatmapping.network.ties import Layers, StepEnds

__all__ = ["StagedAffiliations"]

_AT_ONCE = 4
"""The ties of how many organizations are fetched with what each two of them share with others apart from each other."""
_MOST_KEPT = 20
"""Of so many organizations all ties are fetched and kept, where many pairs are asked for."""
_LONGEST = 5
"""Of how many steps paths are searched for, where the network is not fetched whole."""
_LIGHT = 5_000
"""Up to how many shared events are fetched to put them in order here; more are put in order by the engine."""


class StagedAffiliations:
    """
    An affiliation network on frames, of which no more is fetched than is asked for.

    Args:
        source: The events of the context.
        twins: Those events that are an initiative and a partnership.
    """

    def __init__(self, source: FrameEvents, twins: Affiliations) -> None:
        self._source = source
        self._twins = twins
        self._frame = FrameTies(source, twins)
        self._around: dict[str, dict[str, Pair]] = {}
        self._tied: dict[str, dict[str, Tie]] = {}
        self._apart: dict[tuple[str, str], set[str]] = {}
        self._pairs: dict[tuple[str, str], Pair] = {}
        self._covered: list[tuple[frozenset[str], frozenset[str]]] = []
        self._asks_often = False
        self._component: dict[str, int] = {}

    @property
    def size(self) -> int:
        """How many organizations may take part at most."""
        return len(self._source.context.ds.directory.by_id)

    def active(self, ones: AbstractSet[str]) -> set[str]:
        """Return those of some organizations that take part in an event."""
        found = {one for one in ones if self._around.get(one) or one in self._twins.events_of}
        return found | self._frame.participants(ones - found) if found < ones else found

    def participants(self) -> list[str]:
        """Return all those that take part in an event, sorted."""
        return sorted(self._frame.participants())

    # --- ties

    def all_ties(self, among: AbstractSet[str]) -> Iterator[tuple[str, str, Tie, SharedNodes]]:
        """
        Yield all ties between some organizations, each once, and how many events they rest on.

        Raises:
            ValueError: If an event is of too many, or there are too many ties.
        """
        for (one, other), pair in self._frame.among(among).items():
            tie = pair.tie()
            if tie is not None:
                yield one, other, tie, SharedNodes(pair.shared, None)

    def expect(self, ones: AbstractSet[str]) -> None:
        """Fetch the ties of some organizations in one question."""
        missing = tuple(sorted(ones - self._around.keys()))
        if not missing:
            return
        if len(missing) <= _AT_ONCE:
            around, apart = self._frame.around(missing)
            self._around |= around
            self._apart |= apart
            return
        self._asks_often = True
        self._around |= {one: {} for one in missing}
        for (one, other), pair in self._frame.between(frozenset(missing), None).items():
            self._around[one][other] = pair

    def ties(self, one: str) -> Mapping[str, Tie]:
        """Return what ties an organization to each of the others that it shares events with."""
        found = self._tied.get(one)
        if found is None:
            self.expect({one})
            ties = {other: pair.tie() for other, pair in self._around[one].items()}
            found = self._tied[one] = {other: tie for other, tie in ties.items() if tie is not None}
        return found

    def tie(self, one: str, other: str) -> Tie:
        """Return what ties two organizations that have been found to be tied."""
        tie = self._pair(one, other).tie()
        assert tie is not None
        return tie

    def _pair(self, one: str, other: str) -> Pair:
        if one in self._around:
            return self._around[one].get(other) or Pair()
        if other in self._around:
            return self._around[other].get(one) or Pair()
        if not any((one in a and other in b) or (one in b and other in a) for a, b in self._covered):
            self._fetch({one}, {other})
        return self._pairs.get((one, other)) or self._pairs.get((other, one)) or Pair()

    def _fetch(self, ones: AbstractSet[str], others: AbstractSet[str]) -> dict[tuple[str, str], Pair]:
        if self._asks_often and min(len(ones), len(others)) <= _MOST_KEPT:
            return self._kept(ones, others)
        found = self._frame.between(ones, others)
        self._pairs |= found
        self._covered.append((frozenset(ones), frozenset(others)))
        return found

    def _kept(self, ones: AbstractSet[str], others: AbstractSet[str]) -> dict[tuple[str, str], Pair]:
        """Return ties that the next question may ask for as well: all of the fewer ones are fetched, once."""
        few, many = (ones, others) if len(ones) <= len(others) else (others, ones)
        self.expect(few)
        ties = [((one, other), pair) for one in few for other, pair in self._around[one].items() if other in many]
        return {(pair if few is ones else (pair[1], pair[0])): tie for pair, tie in ties}

    def neighbours(self, one: str) -> set[str]:
        """Return those that an organization is tied to."""
        return {*self.ties(one)}

    def share_events(self, one: str, other: str) -> bool:
        """Return whether two organizations take part in the same event."""
        return self._pair(one, other).shared > 0

    def share_apart(self, one: str, other: str, third: str) -> bool:
        """Return whether two organizations take part in the same event, and a third one does not."""
        if (one, third) not in self._apart:
            if not self.share_events(one, third):
                return self.share_events(one, other)
            _, apart = self._frame.around((one, third))
            self._apart |= apart
        return other in self._apart[one, third]

    def layers(self, begin: set[str], end: set[str], steps: int, is_inner: Callable[[str], bool]) -> Layers:
        """
        Return the layers of the ways of so many steps from some organizations to others.

        Only those stand in them who are on a way, for what is asked for is fetched.

        Raises:
            ValueError: If there are too many steps for a network that is not fetched whole.
        """
        if steps + 2 > _LONGEST:
            message = (
                f"max_hops must be at most {_LONGEST} where the records asked for are too many to fetch their network "
                f"whole; ask of fewer (country=, theme=, since= …), or collect them first"
            )
            raise ValueError(message)
        forth, back = [begin], [end]
        for _ in range(steps - 1):
            forth.append(self._inner_near(forth[-1], is_inner))
            back.append(self._inner_near(back[-1], is_inner))
        places = [begin, *[here & there for here, there in zip(forth[1:], back[:0:-1], strict=True)], end]
        layers: Layers = []
        for place, here in enumerate(places[:-1]):
            layer: dict[str, dict[str, Tie]] = {}
            for (one, other), pair in self._fetch(here, places[place + 1]).items():
                tie = pair.tie()
                if tie is not None:
                    layer.setdefault(one, {})[other] = tie
            layers.append(layer)
            for later in places[place + 2 :]:
                self._fetch(here, later)
        return layers

    def _inner_near(self, ones: set[str], is_inner: Callable[[str], bool]) -> set[str]:
        return {one for one in self._frame.reach(ones) if is_inner(one)} if ones else set()

    def are_apart(self, one: str, other: str) -> bool:
        """Return whether no way of any length joins two organizations."""
        if other in self.ties(one) or not self.ties(one).keys().isdisjoint(self.ties(other)):
            return False
        for start in (one, other):
            if start not in self._component:
                number = len(self._component)
                reached = frontier = {start}
                while frontier:
                    found = self._frame.reach(frontier)
                    frontier, reached = found - reached, reached | found
                self._component |= dict.fromkeys(reached, number)
        return self._component[one] != self._component[other]

    # --- what is shared

    def evidence(self, steps: Iterable[StepEnds], most: int | None) -> list[Shared]:
        """Return for each of some steps of paths what its ends share, at most so many events of it, best first."""
        found: list[Shared] = []
        for some in chunks(list(steps)):
            pairs = dict.fromkeys([(a, b) for _, a, b in some])
            is_light = sum(self._pair(*pair).shared for pair in pairs) <= _LIGHT
            found += self._light(pairs).evidence(some, most) if is_light else count_evidence(self._frame, some, most)
        return found

    def _light(self, pairs: Iterable[tuple[str, str]]) -> Affiliations:
        """Return the network of those events that are shared by some pairs."""
        source, twins = self._source, self._twins
        met = any_of([source.has(a) & source.has(b) for a, b in sorted(pairs)])
        rows = [row for name in source.kinds for row in source.fetch(self._frame.base(name).filter(met), name)]
        found = source.put_together(rows)
        shared = {node for a, b in pairs for node in twins.shared_events(a, b)}
        events = {**found.events, **{node: twins.events[node] for node in sorted(shared)}}
        on_topic = None if found.on_topic is None else found.on_topic | (twins.on_topic & shared)
        return source.affiliations(type(found)(events, on_topic))

    def shared_nodes(self, pairs: Iterable[tuple[str, str]], most: int | None) -> dict[tuple[str, str], SharedNodes]:
        """Return for each of some pairs how many events both take part in, and the first so many of their nodes."""
        pairs = list(pairs)
        self.expect({one for pair in pairs for one in pair})
        found: dict[tuple[str, str], list[str]] = {pair: self._twins.shared_events(*pair) for pair in pairs}
        asked = {one for pair in pairs for one in pair if self._pair(*pair).shared}
        for name in self._source.kinds if asked else ():
            for a, b, node in self._first_nodes(name, sorted(asked), most):
                if (a, b) in found:
                    found[a, b].append(node)
        return {pair: SharedNodes(self._pair(*pair).shared, sorted(found[pair])[:most]) for pair in pairs}

    def _first_nodes(self, name: EventKind, ones: list[str], most: int | None) -> list[tuple[Any, ...]]:
        import narwhals as nw  # noqa: PLC0415 - an extra

        seats = self._frame.seats(name).filter(nw.col("p").is_in(ones))
        there = seats.rename({"id": "other_id", "p": "b"})
        both = seats.rename({"p": "a"}).join(there, left_on="id", right_on="other_id", how="inner")
        both = both.filter(nw.col("a") < nw.col("b")).select("a", "b", "id")
        prefix = NODE_PREFIXES["initiatives" if name == "twins" else name]
        if most is not None:
            both = both.with_columns(place=nw.col("id").cum_count().over("a", "b", order_by="id"))
            both = both.filter(nw.col("place") <= most)
        return [(a, b, f"{prefix}:{one}") for a, b, one in fetch(both.select("a", "b", "id"))]

    def newest(self, one: str, most: int) -> tuple[int, list[Event]]:
        """Return how many events an organization takes part in, and the newest of them."""
        import narwhals as nw  # noqa: PLC0415 - an extra

        twins = [self._twins.events[node] for node in self._twins.events_of.get(one, ())]
        number, events = len(twins), twins
        for name in self._source.kinds:
            met = self._frame.base(name, 1).filter(self._source.has(one))
            ((count,),) = fetch(met.select(nw.len()))
            number += int(count)
            newest = met.sort("last_active", "id", descending=[True, False], nulls_last=True)
            events = [*events, *[row.event for row in self._source.fetch(newest, name, most)]]
        return number, sorted(events, key=by_age)[:most]
