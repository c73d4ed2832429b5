"""
The context of a network question: which records tie, how they are weighed, who takes part. Built once per question.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias, cast

from attrs import evolve, frozen

from icatmapping.dataset import Dataset, check_dataset
from icatmapping.network.affiliations import (
    NODE_PREFIXES,
    Affiliations,
    collect_events,
    event_collections,
    greatest,
    select,
)
from icatmapping.network.evidence import by_age
from icatmapping.network.joint import joint_events
from icatmapping.network.weighting import check_half_life, counts_all, event_part
from icatmapping.query.criteria import OPTIONS, TIME, SharedCriteria
from icatmapping.query.dimensions import parse_years
from icatmapping.query.selection import as_values, requested_areas
from icatmapping.utils.arguments import check_choice, materialize
from icatmapping.utils.text import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from icatmapping.frames.frames import Frames
    from icatmapping.network.affiliations import Event, EventCollection, Organs
    from icatmapping.network.ties import Ties
    from icatmapping.network.weighting import Weighting
    from icatmapping.query.collection import Collection as Records

__all__ = ["TOPICS", "Context", "Topic", "check_criteria", "make_context"]

Topic: TypeAlias = Literal["prefer", "require"]
"""Whether records must meet the criteria on what they are about, or only had better."""
TOPICS = ("theme", "form", "response", "target_group", "sector", "priority_area")
"""The criteria on what a record is about; the others say where, when and of whom."""


@frozen
class Sharing:
    """
    What two organizations share anywhere and on anything.

    Attributes:
        number: How many events both take part in.
        here: How many of those are of the question.
        last_active: The last year of them all; None if all are undated, or there are none.
        events: The newest of them, those that there are to see.
    """

    number: int
    here: int
    last_active: int | None
    events: tuple[Event, ...]


@frozen
class Context:
    """
    What a network is made of.

    Attributes:
        ds: The dataset.
        of: The collections whose records tie organizations.
        donors: Whether donors take part in an initiative.
        organs: Whether organs of an entity sit as the entity.
        weighting: How events are weighed.
        half_life: After how many years an event counts half as much, or None.
        topic: Whether records must meet the criteria on what they are about.
        criteria: What the records have to meet.
    """

    ds: Dataset
    of: tuple[EventCollection, ...]
    donors: bool
    organs: Organs
    weighting: Weighting
    half_life: float | None
    topic: Topic
    criteria: Mapping[str, Any]

    @property
    def required(self) -> dict[str, Any]:
        """The criteria that every record has to meet."""
        return {name: value for name, value in self.criteria.items() if self.topic == "require" or name not in TOPICS}

    @property
    def topics(self) -> dict[str, Any]:
        """The criteria on what records are about."""
        return {name: value for name, value in self.criteria.items() if name in TOPICS}

    def affiliations(self) -> Affiliations:
        """Return the affiliation network of the context."""
        settings: dict[str, Any] = {"of": self.of, "donors": self.donors, "organs": self.organs}
        events = collect_events(self.ds, **settings, criteria=self.required)
        on_topic = None
        if self.topics and self.topic == "prefer":
            # Of twins, the half that is in the context and on the topic makes the event so.
            meeting = {node for name in self.of for node in _nodes_of(select(self.ds, name, self.criteria), name)}
            twins = [event for event in events.values() if len(event.records) > 1]
            found = [event.node for event in twins if f"partnership:{event.records[1].id}" in meeting]
            on_topic = frozenset(meeting & events.keys()) | frozenset(found)
        part = event_part(self.ds, self.weighting, self.half_life, self.countries)
        return Affiliations(events, part, on_topic, counts_all=counts_all(self.weighting, self.countries))

    def network(self) -> Ties:
        """Return the affiliation network of the context, as far as paths and connections ask for it."""
        return self.affiliations()

    def most(self, evidence: int | None) -> int | None:
        """Return how many shared records to show at most if so many are asked for; None for all."""
        return evidence

    def with_records(self, events: Sequence[Event]) -> list[Event]:
        """Return events with the records that are to be shown."""
        return [*events]

    def sharing(self, network: Ties, one: str, other: str, most: int | None) -> Sharing:
        """
        Return what two organizations share anywhere.

        Args:
            network: The network of the context.
            one: The id of the one.
            other: The id of the other.
            most: How many events to show at most, newest first; None for all.
        """
        here = cast("Affiliations", network)
        found = joint_events(self.ds, one, other, of=self.of, donors=self.donors, organs=self.organs)
        shared = sorted(found, key=by_age)
        return Sharing(
            len(shared),
            sum(event.node in here.on_topic and event.node in here.events for event in shared),
            greatest(*[event.last_active for event in shared]),
            tuple(shared[:most]),
        )

    @property
    def countries(self) -> frozenset[str] | None:
        """The countries that were asked for (alpha-3), or None if none was."""
        areas = requested_areas(self.ds.initiatives, self.criteria).get("country")
        return None if areas is None else frozenset().union(*(area.countries for area in areas))

    @property
    def last_year(self) -> int | None:
        """The last year that was asked for, by ``until`` or ``year``; None if nothing bounds them."""
        bounds: list[int] = []
        if self.criteria.get("until") is not None:
            until = parse_years(self.criteria["until"]).last
            bounds += [] if until is None else [until]
        if "year" in self.criteria:
            lasts = [parse_years(value).last for value in as_values(self.criteria["year"])]
            bounds += [] if None in lasts else [max(last for last in lasts if last is not None)]
        return min(bounds, default=None)

    def anywhere(self) -> Context:
        """Return the context without any criteria."""
        return evolve(self, criteria={})

    def relaxed(self, change: Mapping[str, Any]) -> Context:
        """Return the context with criteria changed, and those left out that are None."""
        criteria = {name: value for name, value in {**self.criteria, **change}.items() if value is not None}
        if "country" not in criteria:
            criteria.pop("reach", None)
        if not any(name in criteria for name in TIME):
            criteria.pop("dates", None)
        return evolve(self, criteria=criteria)

    def relaxations(self) -> Iterator[dict[str, Any]]:
        """Yield what could be asked less: a wider reach, and each required criterion left out."""
        reaches = OPTIONS["reach"]
        if "country" in self.criteria:
            for reach in reaches[reaches.index(self.criteria.get("reach", "named")) + 1 :]:
                yield {"reach": reach}
        for name in self.required:
            if name not in OPTIONS:
                yield {name: None}


def _nodes_of(records: Records[Any], name: EventCollection) -> list[str]:
    ids = list(records.store.position_of)
    return [f"{NODE_PREFIXES[name]}:{ids[position]}" for position in records.positions]


def make_context(
    ds: Dataset | Frames,
    *,
    of: Iterable[EventCollection],
    donors: bool,
    organs: Organs,
    weighting: Weighting,
    half_life: float | None,
    criteria: Mapping[str, Any],
    topic: Topic = "require",
    on_frames: bool = False,
) -> Context:
    """
    Check what a network is made of, and return it.

    Args:
        ds: The dataset, or frames.
        of: The collections whose records tie organizations.
        donors: Whether donors take part in an initiative.
        organs: Whether organs of an entity sit as the entity.
        weighting: How events are weighed.
        half_life: After how many years an event counts half as much, or None.
        criteria: What the records have to meet.
        topic: Whether records must meet the criteria on what they are about.
        on_frames: Whether what is asked can be answered on frames.

    Raises:
        TypeError: If a criterion is none that all the collections share.
        ValueError: If ``half_life`` is less than half a year.
        UnknownNameError: If a collection or a choice does not exist.
    """
    kind = _context_of(ds, on_frames=on_frames)
    check_choice("topic", topic, ("prefer", "require"))
    check_choice("organs", organs, ("fold", "keep"))
    check_choice("weighting", weighting, ("newman", "relevance"))
    check_half_life(half_life)
    check_criteria(criteria)
    return kind(
        cast("Dataset", ds), event_collections(of), donors, organs, weighting, half_life, topic, materialize(criteria)
    )


def _context_of(ds: object, *, on_frames: bool) -> type[Context]:
    """
    Return the class of the context of a question to a dataset or to frames.

    Raises:
        TypeError: If it is neither, or cannot be asked of frames.
    """
    if not isinstance(ds, Dataset):
        from icatmapping.frames.frames import Frames  # noqa: PLC0415 - only what is no dataset may be frames

        if isinstance(ds, Frames) and on_frames:
            from icatmapping.network.frame_context import FrameContext  # noqa: PLC0415 - as above

            return FrameContext
        if isinstance(ds, Frames):
            message = (
                "this is worked out in memory, not on frames: collect the records it is about first, as a dataset, "
                "with frames.collect(country=…)"
            )
            raise TypeError(message)
    check_dataset(ds)
    return Context


def check_criteria(criteria: Iterable[str]) -> None:
    """
    Refuse criteria that initiatives and partnerships do not share.

    Raises:
        TypeError: If there is one; with the nearest.
    """
    shared = tuple(SharedCriteria.__annotations__)
    for name in criteria:
        if name not in shared:
            near = nearest(name, shared, most=1)
            hint = f"; did you mean {near[0]!r}?" if near else f"; valid: {', '.join(shared)}"
            message = f"networks have no criterion {name!r}{hint}"
            raise TypeError(message)
