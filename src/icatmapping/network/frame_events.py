"""
The events of a context on frames: what is asked of the engine for them, and how its rows become events.

Participants are read from lists of one record each, so that an event of thousands costs no more than its participants.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from attrs import frozen

from icatmapping.frames.engines import apart, fetch, held
from icatmapping.network.affiliations import NODE_PREFIXES, Affiliations, Event, applicable
from icatmapping.network.ties import SharedNodes
from icatmapping.network.weighting import event_part

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    import narwhals as nw

    from icatmapping.frames.frames import Frames, Records
    from icatmapping.network.affiliations import EventCollection, Tie
    from icatmapping.network.context import Context

__all__ = ["EventKind", "FetchedAffiliations", "FetchedEvents", "FrameEvents", "RecordFacts", "any_of"]


EventKind: TypeAlias = Literal["initiatives", "partnerships", "resources", "twins"]
"""What events are made of on frames: a collection, or initiatives and partnerships put together."""


@frozen
class RecordFacts:
    """
    What a network has to know of a record on frames.

    Attributes:
        collection: The collection that it is in.
        id: Its id.
        countries: The countries that it names.
        regions: The areas that it names.
        scope: Its scope; None for a resource, which has none.
        themes: Its themes.
    """

    collection: EventCollection
    id: str
    countries: tuple[str, ...]
    regions: tuple[str, ...]
    scope: str | None
    themes: tuple[str, ...] = ()


def _facts(name: EventCollection, identifier: str, values: Mapping[str, Any], half: str = "") -> RecordFacts:
    countries, regions, themes = (tuple(values[field + half]) for field in ("countries", "regions", "themes"))
    return RecordFacts(name, identifier, countries, regions, values.get(f"scope{half}"), themes)


@frozen
class FetchedEvents:
    """
    Events that have been fetched, those of twins as one.

    Attributes:
        events: The events by node; their records are `RecordFacts`.
        on_topic: The nodes of those that are on the topic; None if none was asked for.
    """

    events: Mapping[str, Event]
    on_topic: frozenset[str] | None


@frozen
class _Row:
    """The event of a record before it is put together with its twin."""

    event: Event
    is_on_topic: bool
    initiative: str | None


class FrameEvents:
    """
    What is asked of an engine for the events of a context.

    Attributes:
        context: The context.
        frames: The frames.
        of: The collections whose records tie organizations, as far as there are frames of them.
        has_topic: Whether some records may be off the topic.
        engine: The engine.
        kinds: The collections, and ``"twins"`` where the engine puts initiatives and partnerships together.
        several: The ids of initiatives that several partnerships are, which it does not put together.
    """

    def __init__(self, context: Context) -> None:
        frames: Frames = context.ds  # type: ignore[assignment]  # as the context of frames has it
        self.context = context
        self.frames = frames
        self.of: tuple[EventCollection, ...] = tuple([name for name in context.of if name in frames.names])
        self.has_topic: bool = bool(context.topics) and context.topic == "prefer"
        self.engine: str = frames.engine
        self.kinds: tuple[EventKind, ...] = self.of
        self.several: list[str] = []
        self._rows: dict[EventKind, nw.LazyFrame[Any]] = {}
        self._organs: dict[str, tuple[str, ...]] | None = None

    def unite(self, several: list[str]) -> None:
        """Take note that the engine is to put initiatives and partnerships together, but for some initiatives."""
        self.kinds, self.several = (*self.of, "twins"), several

    # --- participants

    @property
    def _folds_donors(self) -> bool:
        return self.context.donors and self.context.organs == "fold"

    def _list(self, name: EventKind) -> nw.Expr:
        """Return the list of those that take part; with donors their organs are not folded yet."""
        import narwhals as nw  # noqa: PLC0415 - an extra

        if self.context.donors and name == "initiatives":
            return nw.col("d_organization")
        return nw.col("d_participant" if self.context.organs == "fold" else "d_participant_kept")

    @property
    def _organs_of(self) -> Mapping[str, tuple[str, ...]]:
        """For each entity that has organs, itself and them."""
        if self._organs is None:
            directory = self.context.ds.directory
            sitting = {whole: directory.sitting_as(whole) for whole in sorted(directory.entity_ids)}
            self._organs = {whole: ones for whole, ones in sitting.items() if len(ones) > 1}
        return self._organs

    def has(self, one: str) -> nw.Expr:
        """Return whether an organization takes part, of the rows of `rows`."""
        import narwhals as nw  # noqa: PLC0415 - an extra

        sits = self._organs_of.get(one, (one,)) if self._folds_donors else (one,)
        return any_of([nw.col("p").list.contains(who) for who in sits])

    def _size(self, name: EventKind) -> nw.Expr:
        """Return how many take part."""
        import narwhals as nw  # noqa: PLC0415 - an extra

        taking_part = nw.col("p") if name == "twins" else self._list(name)
        size = taking_part.list.len().cast(nw.Int64)
        if self._folds_donors and name in ("initiatives", "twins"):
            for ones in self._organs_of.values():
                seats = nw.sum_horizontal(*[taking_part.list.contains(one).cast(nw.Int64) for one in ones])
                size -= nw.when(seats > 1).then(seats - 1).otherwise(nw.lit(0))
        return size

    def seats(self, lf: nw.LazyFrame[Any], name: EventKind, *kept: str) -> nw.LazyFrame[Any]:
        """Return a row for each of those that take part in each of the rows of `rows`, in column p."""
        import narwhals as nw  # noqa: PLC0415 - an extra

        seats = apart(lf.select("id", "p", *kept), "p")
        if self._folds_donors and name in ("initiatives", "twins") and self._organs_of:
            sits_as = {one: whole for whole, ones in self._organs_of.items() for one in ones}
            seats = seats.with_columns(p=nw.col("p").replace_strict(sits_as, default=nw.col("p")))
            seats = seats.group_by("id", "p", *kept).agg(seats=nw.len()).select("id", "p", *kept)
        return seats

    # --- rows

    def selected(self, name: EventCollection) -> Records[Any]:
        """Return the records of the context."""
        return self.records(name).select(applicable(self.context.required, name))

    def on_topic(self, name: EventCollection) -> nw.Expr:
        """Return whether a record of the context is on the topic."""
        topics = applicable(self.context.topics, name) if self.has_topic else {}
        return self.records(name).condition(topics)

    def records(self, name: EventCollection) -> Records[Any]:
        """Return the records of a collection."""
        found: Records[Any] = self.frames.collection(name)
        return found

    def rows(self, name: EventKind) -> nw.LazyFrame[Any]:
        """Return the records of the context with what ties need of them, beside all that they have."""
        found = self._rows.get(name)
        if found is None:
            found = self._rows[name] = self._twins() if name == "twins" else self._selected_rows(name)
        return found

    def _selected_rows(self, name: EventCollection) -> nw.LazyFrame[Any]:
        return self.selected(name).lf.with_columns(p=self._list(name), n=self._size(name), topic=self.on_topic(name))

    def _twins(self) -> nw.LazyFrame[Any]:
        import narwhals as nw  # noqa: PLC0415 - an extra

        from icatmapping.network.frame_twins import add_twins  # noqa: PLC0415 - it builds on this

        agreed = self.rows("partnerships").filter(~nw.col("initiative").is_null())
        if self.several:
            agreed = agreed.filter(~nw.col("initiative").is_in(self.several))
        return add_twins(self.rows("initiatives"), agreed, self.engine).with_columns(n=self._size("twins"))

    def fetch(self, lf: nw.LazyFrame[Any], name: EventKind, most: int | None = None) -> list[_Row]:
        """Return the events of some of the rows of `rows`."""
        columns = ["id", "p", "topic", "first_active", "last_active"]
        facts = ["countries", "regions", "themes", *["scope"] * (name != "resources")]
        columns += [f"{one}_{half}" for half in "ab" for one in facts] + ["id_b"] if name == "twins" else facts
        columns += ["initiative"] * (name == "partnerships")
        lf = lf.select(*columns)
        found = fetch(lf if most is None else lf.head(most))
        return [self._row(name, dict(zip(columns, values, strict=True))) for values in found]

    def _row(self, name: EventKind, values: Mapping[str, Any]) -> _Row:
        records: tuple[RecordFacts, ...]
        if name == "twins":
            records = (
                _facts("initiatives", values["id"], values, "_a"),
                _facts("partnerships", values["id_b"], values, "_b"),
            )
        else:
            records = (_facts(name, values["id"], values),)
        fold = self.context.ds.directory.fold if self._folds_donors else str
        roles: dict[str, tuple[str, ...]] = {fold(one): () for one in values["p"]}
        event = Event(
            f"{NODE_PREFIXES[records[0].collection]}:{values['id']}",
            records,  # type: ignore[arg-type]  # what it is asked for are fields that records have as well
            MappingProxyType(roles),
            values["first_active"],
            values["last_active"],
            tuple(dict.fromkeys([country for facts in records for country in facts.countries])),
        )
        return _Row(event, bool(values["topic"]), values.get("initiative"))

    def put_together(self, rows: Iterable[_Row]) -> FetchedEvents:
        """Return the events of rows, the initiatives among them before the partnerships, those of twins as one."""
        events: dict[str, Event] = {}
        on_topic: set[str] = set()
        for row in rows:
            event = row.event
            twin = None if row.initiative is None else events.get(f"initiative:{row.initiative}")
            if twin is not None:
                event = twin.with_twin(event)
            events[event.node] = event
            if row.is_on_topic:
                on_topic.add(event.node)
        return FetchedEvents(events, frozenset(on_topic) if self.has_topic else None)

    def fetch_all(self, most: int) -> FetchedEvents | None:
        """Return all events of the context, or None if there are more records than so many."""
        rows: list[_Row] = []
        for name in self.of:
            rows += self.fetch(self.rows(name), name, most + 1 - len(rows))
            if len(rows) > most:
                return None
        return self.put_together(rows)

    def hold(self, most: int) -> None:
        """Read what the rows of `rows` say of events into memory, where there are no more than so many of them."""
        import narwhals as nw  # noqa: PLC0415 - an extra

        rows: dict[EventKind, nw.LazyFrame[Any]]
        rows = {name: self.rows(name).select(*self._held_columns(name)) for name in self.of}
        number = 0
        for lf in rows.values():
            number += int(fetch(lf.select(nw.len()))[0][0])
            if number > most:
                return
        self._rows.update(held(rows))

    def _held_columns(self, name: EventCollection) -> list[str]:
        columns = ["id", "p", "n", "topic", "first_active", "last_active", "countries", "regions", "themes"]
        columns += ["scope"] * (name != "resources") + ["initiative"] * (name == "partnerships")
        return [*columns, *["d_target_country"] * (self.context.weighting == "relevance")]

    # --- records

    def with_records(self, events: Sequence[Event]) -> list[Event]:
        """Return events that have been fetched, with their records."""
        wanted: dict[EventCollection, dict[str, None]] = {}
        for event in events:
            for facts in event.records:
                wanted.setdefault(facts.collection, {})[facts.id] = None  # type: ignore[arg-type]
        found: dict[tuple[str, str], Any] = {
            (name, record.id): record for name, ids in wanted.items() for record in self.records(name).collect_ids(ids)
        }
        return [
            event._replace(records=tuple([found[facts.collection, facts.id] for facts in event.records]))
            for event in events
        ]

    def affiliations(self, fetched_events: FetchedEvents) -> FetchedAffiliations:
        """Return the network of events that have been fetched."""
        return FetchedAffiliations(self, fetched_events)


class FetchedAffiliations(Affiliations):
    """An affiliation network of events that have been fetched from frames; of records, only those that are shown."""

    def __init__(self, source: FrameEvents, found: FetchedEvents) -> None:
        context = source.context
        part = event_part(context.ds, context.weighting, context.half_life, context.countries)
        super().__init__(found.events, part, found.on_topic)
        self._source = source

    def participants(self) -> list[str]:
        """Return all those that take part in an event, sorted."""
        return sorted(self.events_of)

    def all_ties(self, among: AbstractSet[str]) -> Iterator[tuple[str, str, Tie, SharedNodes]]:
        """Yield all ties between some organizations, each once, and how many events they rest on."""
        for one, other, tie, shared in super().all_ties(among):
            yield one, other, tie, SharedNodes(shared.number, None)


def any_of(conditions: Sequence[nw.Expr]) -> nw.Expr:
    """Return whether any of some conditions holds."""
    first, *others = conditions
    for other in others:
        first |= other
    return first
