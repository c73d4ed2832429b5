"""
What the ends of steps share on frames where it is too much to fetch: the engine counts it, and the best is fetched.
"""

from __future__ import annotations

from collections import Counter
from itertools import product
from typing import TYPE_CHECKING, Any, TypeAlias

from icatmapping.frames.engines import apart, as_number, fetch
from icatmapping.network.evidence import Shared, evidence_rank, most_frequent
from icatmapping.network.frame_events import any_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import narwhals as nw

    from icatmapping.network.affiliations import Affiliations, Event
    from icatmapping.network.frame_events import EventKind, FrameEvents
    from icatmapping.network.frame_ties import FrameTies
    from icatmapping.network.ties import StepEnds

__all__ = ["chunks", "count_evidence"]

_Rank: TypeAlias = tuple[int, int, int, int]
"""What evidence is put in order by, but for the node: off topic, met by others, age, number of countries."""
_MOST_FETCHED = 5_000
"""So many events are fetched to be put in order here; of more that are alike, the engine leaves out the later ones."""
_MOST_BODIES = 24
"""Of so many organizations steps are asked for in one question."""
_FIELDS = ("countries", "themes")


def chunks(steps: Sequence[StepEnds]) -> Iterator[list[StepEnds]]:
    """Yield steps in runs that are of few organizations."""
    run: list[StepEnds] = []
    bodies: set[str] = set()
    for step in steps:
        if run and len(bodies.union(step[0])) > _MOST_BODIES:
            yield run
            run, bodies = [], set()
        run.append(step)
        bodies.update(step[0])
    if run:
        yield run


def count_evidence(frame: FrameTies, steps: Sequence[StepEnds], most: int | None) -> list[Shared]:
    """Return for each of some steps of paths what its ends share, at most so many events of it, best first."""
    return _Count(frame, steps, most).shared()


class _Count:
    def __init__(self, frame: FrameTies, steps: Sequence[StepEnds], most: int | None) -> None:
        self._frame = frame
        self._source: FrameEvents = frame.source
        self._twins: Affiliations = frame.twins
        self._steps = steps
        self._most = most
        bodies = sorted({one for path, _, _ in steps for one in path})
        self._flags = {one: f"has_{place}" for place, one in enumerate(bodies)}
        self._pairs = list(dict.fromkeys([(a, b) for _, a, b in steps]))
        self._numbers: Counter[tuple[str, str]] = Counter()
        self._values: dict[tuple[str, str], dict[str, Counter[str]]] = {}
        self._events: dict[str, Event] = {}
        self._on_topic: set[str] = set(self._twins.on_topic)

    def shared(self) -> list[Shared]:
        """Return what the ends of the steps share."""
        of = self._source.kinds
        for pair in self._pairs:
            self._values[pair] = {field: Counter() for field in _FIELDS}
            self._count_twins(pair)
        groups = {name: self._groups(name) for name in of}
        bounds = [self._bound(place, groups.values()) for place in range(len(self._steps))]
        for name in of:
            if groups[name]:
                self._count_values(name)
                self._fetch(name, groups[name], bounds)
        return [self._shown(*step) for step in self._steps]

    def _count_twins(self, pair: tuple[str, str]) -> None:
        for node in self._twins.shared_events(*pair):
            event = self._events[node] = self._twins.events[node]
            self._numbers[pair] += 1
            for record in event.records:
                self._values[pair]["countries"].update(record.countries)
                self._values[pair]["themes"].update(map(str, record.themes))

    def _met(self, name: EventKind) -> nw.LazyFrame[Any]:
        """Return the events that the ends of some step share, with who of the paths takes part in them."""
        import narwhals as nw  # noqa: PLC0415 - an extra

        has = {flag: self._source.has(one) for one, flag in self._flags.items()}
        shared = any_of([self._source.has(a) & self._source.has(b) for a, b in self._pairs])
        return self._frame.base(name).filter(shared).with_columns(**has, named=nw.col("countries").list.len())

    def _groups(self, name: EventKind) -> list[dict[str, Any]]:
        """Return how many events there are of each rank and of each of those who take part."""
        import narwhals as nw  # noqa: PLC0415 - an extra

        by = [*self._flags.values(), "last_active", "named", *["topic"] * self._source.has_topic]
        rows = fetch(self._met(name).group_by(*by).agg(number=nw.len()).select(*by, "number"))
        groups = [dict(zip([*by, "number"], row, strict=True)) for row in rows]
        for group in groups:
            for a, b in self._pairs:
                if group[self._flags[a]] and group[self._flags[b]]:
                    self._numbers[a, b] += int(group["number"])
        return groups

    def _rank(self, group: dict[str, Any], path: Iterable[str], a: str, b: str) -> _Rank | None:
        """Return the rank of a group for a step of a path; None if its ends do not share it."""
        if not (group[self._flags[a]] and group[self._flags[b]]):
            return None
        is_met = any(group[self._flags[one]] for one in path if one not in (a, b))
        last = group["last_active"]
        return (int(not group.get("topic", True)), int(is_met), 0 if last is None else -int(last), int(group["named"]))

    def _bound(self, place: int, groups: Iterable[list[dict[str, Any]]]) -> _Rank | None:
        """Return the rank of the last event that is to see of a step; None if all are."""
        counts: Counter[_Rank] = Counter()
        for group in [group for some in groups for group in some]:
            rank = self._rank(group, *self._steps[place])
            if rank is not None:
                counts[rank] += int(group["number"])
        left = self._most
        for rank in sorted(counts):
            left = None if left is None else left - counts[rank]
            if left is not None and left <= 0:
                return rank
        return None

    def _fetch(self, name: EventKind, groups: list[dict[str, Any]], bounds: Sequence[_Rank | None]) -> None:
        """Fetch the events that are to see, and those of their rank."""
        import narwhals as nw  # noqa: PLC0415 - an extra

        number = 0
        for group in groups:
            ranks = zip([self._rank(group, *step) for step in self._steps], bounds, strict=True)
            if any(rank is not None and (bound is None or rank <= bound) for rank, bound in ranks):
                number += int(group["number"])
        if not number:
            return
        wanted = [self._is_within(step, bound) for step, bound in zip(self._steps, bounds, strict=True)]
        lf = self._met(name).filter(any_of(wanted))
        if number > _MOST_FETCHED and self._most is not None:
            alike = [*self._flags.values(), "last_active", "named", *["topic"] * self._source.has_topic]
            lf = lf.with_columns(place=nw.col("id").cum_count().over(*alike, order_by="id"))
            lf = lf.filter(nw.col("place") <= self._most)
        for row in self._source.fetch(lf, name):
            self._events[row.event.node] = row.event
            if row.is_on_topic:
                self._on_topic.add(row.event.node)

    def _is_within(self, step: StepEnds, bound: _Rank | None) -> nw.Expr:
        """Return whether an event is shared by the ends of a step and ranks no lower than a bound."""
        import narwhals as nw  # noqa: PLC0415 - an extra

        path, a, b = step
        shared = nw.col(self._flags[a]) & nw.col(self._flags[b])
        if bound is None:
            return shared
        others = [nw.col(self._flags[one]) for one in path if one not in (a, b)]
        last = nw.col("last_active")
        parts = [
            as_number(~nw.col("topic")) if self._source.has_topic else nw.lit(0),
            as_number(any_of(others)) if others else nw.lit(0),
            nw.when(last.is_null()).then(nw.lit(0)).otherwise(-last),
            nw.col("named"),
        ]
        within = parts[-1] <= bound[-1]
        for part, limit in zip(parts[-2::-1], bound[-2::-1], strict=True):
            within = (part < limit) | ((part == limit) & within)
        return shared & within

    def _count_values(self, name: EventKind) -> None:
        """Count the countries and themes of the events that the ends of each step share."""
        import narwhals as nw  # noqa: PLC0415 - an extra

        flags = [f"pair_{place}" for place in range(len(self._pairs))]
        both = [nw.col(self._flags[a]) & nw.col(self._flags[b]) for a, b in self._pairs]
        met = self._met(name).with_columns(**dict(zip(flags, both, strict=True)))
        halves = ("_a", "_b") if name == "twins" else ("",)
        for field, half in product(_FIELDS, halves):
            values = met.select(*flags, value=nw.col(field + half))
            counted = apart(values, "value").group_by(*flags, "value").agg(number=nw.len())
            counted = counted.select(*flags, "value", "number")
            for *shared, value, number in fetch(counted):
                for pair, is_shared in zip(self._pairs, shared, strict=True):
                    if is_shared:
                        self._values[pair][field][value] += int(number)

    def _shown(self, path: tuple[str, ...], a: str, b: str) -> Shared:
        others = frozenset(path) - {a, b}
        events = [event for event in self._events.values() if a in event.roles and b in event.roles]
        topical = self._on_topic if self._source.has_topic else self._events.keys()
        events.sort(key=lambda event: evidence_rank(event, others, topical))
        countries, themes = (most_frequent(self._values[a, b][field]) for field in _FIELDS)
        return Shared(self._numbers[a, b], tuple(events[: self._most]), countries, themes)
