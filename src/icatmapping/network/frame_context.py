"""
The context of a network question that is asked of frames: how its network is fetched, and what two share anywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from icatmapping.frames.engines import as_number, fetch, held
from icatmapping.network.affiliations import UNDERTAKINGS, applicable, greatest
from icatmapping.network.context import Context, Sharing
from icatmapping.network.evidence import by_age
from icatmapping.network.frame_events import FrameEvents
from icatmapping.network.frame_twins import fetch_twins
from icatmapping.network.staged import StagedAffiliations

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import narwhals as nw

    from icatmapping.frames.frames import Frames
    from icatmapping.model.records import Initiative, Partnership, Resource
    from icatmapping.network.affiliations import Event, EventCollection
    from icatmapping.network.frame_events import EventKind
    from icatmapping.network.ties import Ties

__all__ = ["EVIDENCE", "FrameContext", "newest_together"]

EVIDENCE = 100
"""How many shared records are shown of frames, unless something else is asked for."""
MOST_WHOLE = 20_000
"""The network of so many records is fetched whole; of more, ties are fetched as they are asked for."""
MOST_HELD = 500_000
"""Of so many records what ties need is read into memory at once; of more, the tables are read at every stage."""


@frozen
class FrameContext(Context):
    """What a network on frames is made of."""

    def network(self) -> Ties:
        """Return the affiliation network of the context, fetched whole if it is small."""
        source = FrameEvents(self)
        whole = source.fetch_all(MOST_WHOLE)
        if whole is not None:
            return source.affiliations(whole)
        source.hold(MOST_HELD)
        return StagedAffiliations(source, source.affiliations(fetch_twins(source)))

    def most(self, evidence: int | None) -> int | None:
        """Return how many shared records to show at most if so many are asked for: by default, 100."""
        return EVIDENCE if evidence is None else evidence

    def with_records(self, events: Sequence[Event]) -> list[Event]:
        """Return events with the records that are to be shown, which are fetched at once."""
        return FrameEvents(self).with_records(events)

    def sharing(self, network: Ties, one: str, other: str, most: int | None) -> Sharing:  # noqa: ARG002 - as in memory
        """Return what two organizations share anywhere, the newest first."""
        return _Together(self, FrameEvents(self.anywhere()), one, other).sharing(most)


class _Together:
    """
    The events in which two organizations both take part.

    Args:
        context: The question: of its events is told how many there are.
        source: The events that are looked at, of the question or of more.
        one: The id of the one.
        other: The id of the other.
    """

    def __init__(self, context: FrameContext, source: FrameEvents, one: str, other: str) -> None:
        self._context = context
        self._source = source
        self._ends = (one, other)
        self._has_twins = {"initiatives", "partnerships"} <= {*self._source.of}

    def sharing(self, most: int | None) -> Sharing:
        """Return how many there are, and the newest of them."""
        number, here, lasts = 0, 0, list[int | None]()
        events: list[Event] = []
        for name, shared in self._shared().items():
            found = self._counted(shared)
            if found[0]:
                number, here, lasts = number + found[0], here + found[1], [*lasts, found[2]]
                newest = shared.sort("last_active", "id", descending=[True, False], nulls_last=True)
                ids = [one for (one,) in fetch((newest if most is None else newest.head(most)).select("id"))]
                events += self._twin_events(ids) if name == "twins" else self._events(ids, name)
        newest_first = sorted(events, key=by_age)[:most]
        return Sharing(number, here, greatest(*lasts), tuple(newest_first))

    def _shared(self) -> dict[Any, nw.LazyFrame[Any]]:
        """Return the events that the two share, as narrow as can be: the tables are read once for each kind."""
        import narwhals as nw  # noqa: PLC0415 - an extra

        narrow = ("id", "here", "last_active")
        kinds: dict[str, nw.LazyFrame[Any]] = {}
        for name in self._source.of:
            own = ("initiative",) if name == "partnerships" else ()
            kinds[name] = self._marked(name).filter(_both()).select(*narrow, *own)
        if not self._has_twins:
            return held(kinds)
        kinds["twins"] = self._twins().filter(_both()).select(*narrow)
        agreed = self._source.rows("partnerships").select(twin=nw.col("initiative"))
        kinds["agreed"] = agreed.filter(~nw.col("twin").is_null())
        begun = self._source.rows("initiatives").select(twin=nw.col("id"))
        kinds["begun"] = begun.join(kinds["agreed"], on="twin", how="semi")
        found = held(kinds)
        begun, agreed = found.pop("begun"), found.pop("agreed")
        found["initiatives"] = found["initiatives"].join(agreed, left_on="id", right_on="twin", how="anti")
        found["partnerships"] = found["partnerships"].join(begun, left_on="initiative", right_on="twin", how="anti")
        return found

    def _marked(self, name: EventCollection) -> nw.LazyFrame[Any]:
        """Return the records with whether the ends take part in them, and whether they are of the question."""
        records = self._source.records(name)
        asked = applicable(self._context.criteria, name)
        required = applicable(self._context.required, name)
        here, begun = records.condition(asked), records.condition(required)
        one, other = (as_number(self._source.has(end)) for end in self._ends)
        rows = self._source.rows(name)
        return rows.with_columns(one=one, other=other, here=as_number(here), begun=as_number(begun))

    def _twins(self) -> nw.LazyFrame[Any]:
        """Return the events of twins: of the question if the initiative is, and one of both is on the topic."""
        import narwhals as nw  # noqa: PLC0415 - an extra

        agreed = self._marked("partnerships").filter(~nw.col("initiative").is_null())
        marks = ("one", "other", "here", "last_active")
        agreed = agreed.select("initiative", *[nw.col(name).alias(f"{name}_too") for name in marks])
        both = self._marked("initiatives").select("id", "begun", *marks)
        both = both.join(agreed, left_on="id", right_on="initiative", how="inner")
        merged = both.group_by("id").agg(
            *[nw.col(name).max() for name in ("begun", *marks)], *[nw.col(f"{name}_too").max() for name in marks]
        )
        return merged.select(
            "id",
            one=nw.max_horizontal("one", "one_too"),
            other=nw.max_horizontal("other", "other_too"),
            here=nw.min_horizontal(nw.max_horizontal("here", "here_too"), nw.col("begun")),
            last_active=nw.max_horizontal("last_active", "last_active_too"),
        )

    def _counted(self, shared: nw.LazyFrame[Any]) -> tuple[int, int, int | None]:
        """Return how many events there are, how many of the question, and the last year."""
        import narwhals as nw  # noqa: PLC0415 - an extra

        counts = shared.select(number=nw.len(), here=nw.col("here").sum(), last=nw.col("last_active").max())
        ((number, here, last),) = fetch(counts)
        return int(number), int(here or 0), last

    def _events(self, ids: list[str], name: EventKind) -> list[Event]:
        import narwhals as nw  # noqa: PLC0415 - an extra

        shown = self._source.rows(name).filter(nw.col("id").is_in(ids))
        return [row.event for row in self._source.fetch(shown, name)]

    def _twin_events(self, ids: list[str]) -> list[Event]:
        import narwhals as nw  # noqa: PLC0415 - an extra

        source = self._source
        begun = source.fetch(source.rows("initiatives").filter(nw.col("id").is_in(ids)), "initiatives")
        agreed = source.fetch(source.rows("partnerships").filter(nw.col("initiative").is_in(ids)), "partnerships")
        return [*source.put_together([*begun, *agreed]).events.values()]


def _both() -> nw.Expr:
    import narwhals as nw  # noqa: PLC0415 - an extra

    return (nw.col("one") == 1) & (nw.col("other") == 1)


def newest_together(
    frames: Frames, one: str, other: str, criteria: Mapping[str, Any]
) -> tuple[Initiative | Partnership | Resource, ...]:
    """
    Return the newest records in which two organizations take part, twins beside each other.

    Args:
        frames: The mapping.
        one: The id of the one.
        other: The id of the other.
        criteria: What the records have to meet.
    """
    context = FrameContext(frames, UNDERTAKINGS, False, "fold", "newman", None, "require", criteria)  # type: ignore[arg-type]  # noqa: FBT003 - without donors
    source = FrameEvents(context)
    newest = _Together(context, source, one, other).sharing(EVIDENCE).events
    return tuple([record for event in source.with_records(newest) for record in event.records])
