"""
The ties of a context of any size on frames, fetched by stages: those of the ends, then those between who stands next.

The engine groups whole numbers: for each pair, how many events of so many participants, so many countries and so old
they share. The parts are worked out and added up here, exactly, so that weights are equal to those in memory.
"""

from __future__ import annotations

from itertools import product
from math import fsum, ldexp
from typing import TYPE_CHECKING, Any, NamedTuple

from icatmapping.frames.engines import fetch
from icatmapping.model import geography
from icatmapping.network.affiliations import Event, Tie, greatest, least, refuse_large
from icatmapping.network.frame_events import RecordFacts, any_of
from icatmapping.network.weighting import decay, share

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet

    import narwhals as nw

    from icatmapping.network.affiliations import Affiliations
    from icatmapping.network.frame_events import EventKind, FrameEvents

__all__ = ["FrameTies", "Pair", "TieRow"]

MOST_PAIRS = 20_000_000
"""How many pairs of participants the events of a stage may be taken apart into."""
MOST_TIES = 5_000_000
"""How many ties of a stage may be fetched."""


class TieRow(NamedTuple):
    """
    What the engine says of the events of one sort that two organizations share.

    Attributes:
        number: How many there are.
        part: What each of them adds to the weight of the tie.
        is_on_topic: Whether they are on the topic.
        first_active: The first year of them, or None.
        last_active: The last year of them, or None.
    """

    number: int
    part: float
    is_on_topic: bool
    first_active: int | None
    last_active: int | None


class Pair:
    """
    What two organizations share, as it is added up.

    Attributes:
        shared: How many events they share.
    """

    __slots__ = ("_first", "_is_on_topic", "_last", "_parts", "shared")

    def __init__(self) -> None:
        self.shared: int = 0
        self._parts: list[float] = []
        self._is_on_topic = False
        self._first: int | None = None
        self._last: int | None = None

    def add(self, row: TieRow) -> None:
        """Add events of one sort."""
        self.shared += row.number
        if row.part > 0:
            self._parts += _multiples(row.part, row.number)
            self._is_on_topic = self._is_on_topic or row.is_on_topic
            self._first = least(self._first, row.first_active)
            self._last = greatest(self._last, row.last_active)

    def tie(self) -> Tie | None:
        """Return what ties the two; None if what they share counts for nothing."""
        return Tie(fsum(self._parts), self._is_on_topic, self._first, self._last) if self._parts else None


def _multiples(part: float, number: int) -> Iterator[float]:
    """Yield numbers of which the exact sum is so many times a part: doublings of it, which rounding leaves alone."""
    for place in range(number.bit_length()):
        if number >> place & 1:
            yield ldexp(part, place)


class FrameTies:
    """
    What the engine groups the events of a context by, and what its rows say of ties.

    Args:
        source: The events of the context.
        twins: Those events that are an initiative and a partnership; they have been fetched, and are left out here.
    """

    def __init__(self, source: FrameEvents, twins: Affiliations) -> None:
        self.source = source
        self.twins = twins
        context = source.context
        is_relevance = context.weighting == "relevance"
        self._countries = context.countries if is_relevance else None
        self._decays = is_relevance and context.half_life is not None
        self._bases: dict[tuple[EventKind, int], nw.LazyFrame[Any]] = {}
        self._seats: dict[tuple[EventKind, bool], nw.LazyFrame[Any]] = {}
        self._parts: dict[tuple[Any, ...], float] = {}

    def keys(self, name: EventKind) -> list[str]:
        """Return what events count by."""
        keys = ["n"]
        if self._countries is not None:
            keys += [f"{one}_{half}" for half in "ab" for one in _PLACES] if name == "twins" else ["inside", "targets"]
        return [*keys, *["year"] * self._decays, *["topic"] * self.source.has_topic]

    def base(self, name: EventKind, least_taking_part: int = 2) -> nw.LazyFrame[Any]:
        """Return the events, of a collection those that are no twins, with what they count by."""
        found = self._bases.get((name, least_taking_part))
        if found is None:
            found = self._bases[name, least_taking_part] = self._counting(name, least_taking_part)
        return found

    def _counting(self, name: EventKind, least_taking_part: int) -> nw.LazyFrame[Any]:
        import narwhals as nw  # noqa: PLC0415 - an extra

        lf = self._without_twins(self.source.rows(name), name).filter(nw.col("n") >= least_taking_part)
        if self._countries is not None and name != "twins":
            everywhere = nw.col("d_target_country").list.len() == 0
            countries = sorted(self._countries & geography.by_alpha3().keys())
            inside = [nw.col("d_target_country").list.contains(one).cast(nw.Int64) for one in countries]
            counted = nw.sum_horizontal(*inside) if inside else nw.lit(0)
            lf = lf.with_columns(
                inside=nw.when(everywhere).then(nw.lit(len(countries))).otherwise(counted),
                targets=nw.when(everywhere)
                .then(nw.lit(len(geography.by_alpha3())))
                .otherwise(nw.col("d_target_country").list.len().cast(nw.Int64)),
            )
        return lf.with_columns(year=nw.col("last_active")) if self._decays else lf

    def seats(self, name: EventKind, *, counting: bool = False) -> nw.LazyFrame[Any]:
        """Return a row for each of those that take part in each event, in columns id and p, and what it counts by."""
        found = self._seats.get((name, counting))
        if found is None:
            kept = dict.fromkeys([*self.keys(name), "first_active", "last_active"]) if counting else ()
            found = self._seats[name, counting] = self.source.seats(self.base(name), name, *kept)
        return found

    def _without_twins(self, lf: nw.LazyFrame[Any], name: EventKind) -> nw.LazyFrame[Any]:
        """Leave out the records that are in an event of twins."""
        import narwhals as nw  # noqa: PLC0415 - an extra

        source = self.source
        if name in ("twins", "resources"):
            return lf
        if "twins" not in source.kinds:
            halves = [record for event in self.twins.events.values() for record in event.records]
            twins = [record.id for record in halves if record.collection == name]
            if not twins:
                return lf
            if len(twins) <= _MOST_LISTED:
                return lf.filter(~nw.col("id").is_in(twins))
        if name == "initiatives":
            agreed = source.rows("partnerships").select(twin=nw.col("initiative"))
            return lf.join(agreed.filter(~nw.col("twin").is_null()), left_on="id", right_on="twin", how="anti")
        begun = source.rows("initiatives").select(twin=nw.col("id"))
        return lf.join(begun, left_on="initiative", right_on="twin", how="anti")

    def grouped(self, lf: nw.LazyFrame[Any], name: EventKind, *by: str) -> Iterator[tuple[tuple[Any, ...], TieRow]]:
        """Yield the rows of events grouped by some columns and what they count by, and what each says of a tie."""
        import narwhals as nw  # noqa: PLC0415 - an extra

        keys = self.keys(name)
        found = lf.group_by(*by, *keys).agg(
            number=nw.len(), first=nw.col("first_active").min(), last=nw.col("last_active").max()
        )
        size = len(by)
        rows = fetch(found.select(*by, *keys, "number", "first", "last").head(MOST_TIES + 1))
        if len(rows) > MOST_TIES:
            message = (
                f"more than {MOST_TIES:,} ties would be fetched; ask of fewer records (country=, theme=, since= …)"
            )
            raise ValueError(message)
        for row in rows:
            *key, number, first, last = row[size:]
            yield row[:size], TieRow(int(number), self._part(keys, key), self._is_on_topic(key), first, last)

    def _is_on_topic(self, key: list[Any]) -> bool:
        return not self.source.has_topic or bool(key[-1])

    def _part(self, keys: list[str], key: list[Any]) -> float:
        """Return what an event adds to the weight of a tie, in the operations of `weighting.event_part`."""
        known = tuple([tuple(value) if isinstance(value, list) else value for value in key])
        part = self._parts.get(known)
        if part is None:
            values: dict[str, Any] = dict(zip(keys, known, strict=True))
            others = int(values["n"]) - 1
            context = self.source.context
            if context.weighting == "newman":
                part = 1 / others
            else:
                part = self._share(values) * decay(context.ds, values.get("year"), context.half_life) / others
            self._parts[known] = part
        return part

    def _share(self, values: Mapping[str, Any]) -> float:
        if self._countries is None:
            return 1.0
        if "targets" in values:
            return int(values["inside"]) / int(values["targets"])
        halves = [
            RecordFacts("initiatives", "", *[values[f"{field}_{half}"] for field in ("countries", "regions", "scope")])
            for half in "ab"
        ]
        countries = tuple(dict.fromkeys([*halves[0].countries, *halves[1].countries]))
        event = Event("", tuple(halves), {}, None, None, countries)  # type: ignore[arg-type]  # as in frame_events
        return share(self.source.context.ds, event, self._countries)

    def twin_row(self, node: str) -> TieRow:
        """Return what an event of twins says of a tie."""
        event, twins = self.twins.events[node], self.twins
        is_on_topic = node in twins.on_topic
        return TieRow(1, twins.parts.get(node, 0.0), is_on_topic, event.first_active, event.last_active)

    # --- stages

    def around(self, ones: tuple[str, ...]) -> tuple[dict[str, dict[str, Pair]], dict[tuple[str, str], set[str]]]:
        """
        Fetch the ties of a few organizations to all others.

        Returns:
            For each of them, what it shares with whom; and for any two of them, with whom the one shares an event in
            which the other takes no part.
        """
        pairs: dict[str, dict[str, Pair]] = {one: {} for one in ones}
        apart: dict[tuple[str, str], set[str]] = {(one, other): set() for one in ones for other in ones if one != other}
        flags = [f"has_{place}" for place in range(len(ones))]
        for name in self.source.kinds:
            has = [self.source.has(one) for one in ones]
            lf = self.base(name).filter(any_of(has)).with_columns(**dict(zip(flags, has, strict=True)))
            kept = dict.fromkeys([*flags, *self.keys(name), "first_active", "last_active"])
            seats = self.source.seats(lf, name, *kept)
            for (other, *having), row in self.grouped(seats, name, "p", *flags):
                there = [one for one, has_it in zip(ones, having, strict=True) if has_it]
                _note(pairs, apart, ones, there, other, row)
        for node in {node for one in ones for node in self.twins.events_of.get(one, ())}:
            roles, row = self.twins.events[node].roles, self.twin_row(node)
            there = [one for one in ones if one in roles]
            for other in roles:
                _note(pairs, apart, ones, there, other, row)
        return pairs, apart

    def between(self, ones: AbstractSet[str], others: AbstractSet[str] | None) -> dict[tuple[str, str], Pair]:
        """Fetch the ties between some organizations and others, or all others."""
        import narwhals as nw  # noqa: PLC0415 - an extra

        found: dict[tuple[str, str], Pair] = {}
        if not ones or (others is not None and not others):
            return found
        for name in self.source.kinds:
            here = self.seats(name, counting=True).rename({"p": "a"}).filter(nw.col("a").is_in(sorted(ones)))
            there = self.seats(name).rename({"id": "other_id", "p": "b"})
            if others is not None:
                there = there.filter(nw.col("b").is_in(sorted(others)))
                if len(ones) * len(others) > MOST_PAIRS:
                    _check_pairs(here, there)
            both = here.join(there, left_on="id", right_on="other_id", how="inner")
            for (a, b), row in self.grouped(both, name, "a", "b"):
                if a != b:
                    found.setdefault((a, b), Pair()).add(row)
        self._add_twins(found, ones, others)
        return found

    def _add_twins(
        self,
        found: dict[tuple[str, str], Pair],
        ones: AbstractSet[str],
        others: AbstractSet[str] | None,
        *,
        is_ordered: bool = False,
    ) -> None:
        for node, event in self.twins.events.items():
            left = [one for one in event.roles if one in ones]
            right = [one for one in event.roles if others is None or one in others] if left else []
            row = self.twin_row(node) if right else None
            for a, b in product(left, right):
                if (a < b if is_ordered else a != b) and row is not None:
                    found.setdefault((a, b), Pair()).add(row)

    def among(self, ones: AbstractSet[str]) -> dict[tuple[str, str], Pair]:
        """
        Fetch all ties between some organizations, each pair in the order of ids.

        Raises:
            ValueError: If an event is of too many, or there are too many ties.
        """
        import narwhals as nw  # noqa: PLC0415 - an extra

        found: dict[tuple[str, str], Pair] = {}
        everybody = self.source.context.ds.directory.by_id.keys()
        for name in self.source.kinds:
            base = self.base(name)
            ((most,),) = fetch(base.select(nw.col("n").max()))
            refuse_large(int(most or 0))
            here = self.seats(name, counting=True).rename({"p": "a"})
            there = self.seats(name).rename({"id": "other_id", "p": "b"})
            if len(ones) < len(everybody) and len(ones) <= _MOST_LISTED:
                here, there = (
                    here.filter(nw.col("a").is_in(sorted(ones))),
                    there.filter(nw.col("b").is_in(sorted(ones))),
                )
            both = here.join(there, left_on="id", right_on="other_id", how="inner").filter(nw.col("a") < nw.col("b"))
            for (a, b), row in self.grouped(both, name, "a", "b"):
                if a in ones and b in ones:
                    found.setdefault((a, b), Pair()).add(row)
        self._add_twins(found, ones, ones, is_ordered=True)
        return found

    def participants(self, ones: AbstractSet[str] | None = None) -> set[str]:
        """Fetch those who take part in an event, or those of some organizations that do."""
        import narwhals as nw  # noqa: PLC0415 - an extra

        found: set[str] = set()
        for name in self.source.of:
            seats = self.source.seats(self.source.rows(name), name)
            if ones is not None:
                seats = seats.filter(nw.col("p").is_in(sorted(ones)))
            found |= {one for one, _ in fetch(seats.group_by("p").agg(number=nw.len()).select("p", "number"))}
        return found

    def reach(self, ones: AbstractSet[str]) -> set[str]:
        """Return those that share an event with some organizations that counts for something, and these."""
        import narwhals as nw  # noqa: PLC0415 - an extra

        found = set(ones)
        counts = self._countries is not None
        for name in self.source.kinds:
            seats = self.seats(name, counting=True) if counts else self.seats(name)
            seats = seats.filter(nw.col("inside") > 0) if counts and name != "twins" else seats
            here = seats.filter(nw.col("p").is_in(sorted(ones))).select(met=nw.col("id"))
            seats = self.source.seats(self.base(name).join(here, left_on="id", right_on="met", how="semi"), name)
            found |= {one for one, _ in fetch(seats.group_by("p").agg(number=nw.len()).select("p", "number"))}
        for node, event in self.twins.events.items():
            if self.twins.parts.get(node, 0) > 0 and not ones.isdisjoint(event.roles):
                found |= event.roles.keys()
        return found


_PLACES = ("countries", "regions", "scope")
"""What twins are grouped by: the countries that they are for follow from what both halves name."""
_MOST_LISTED = 2_000
"""How many ids are listed in a question; of more, the engine joins the records."""


def _note(
    pairs: Mapping[str, dict[str, Pair]],
    apart: Mapping[tuple[str, str], set[str]],
    ones: Iterable[str],
    there: Iterable[str],
    other: str,
    row: TieRow,
) -> None:
    for one in there:
        if other != one:
            pairs[one].setdefault(other, Pair()).add(row)
        for absent in ones:
            if absent != one and absent not in there:
                apart[one, absent].add(other)


def _check_pairs(here: nw.LazyFrame[Any], there: nw.LazyFrame[Any]) -> None:
    """
    Refuse to take events apart into more pairs than anybody can look through.

    Raises:
        ValueError: If there are more than `MOST_PAIRS`.
    """
    import narwhals as nw  # noqa: PLC0415 - an extra

    left = here.group_by("id").agg(left=nw.len())
    right = there.group_by("other_id").agg(right=nw.len())
    pairs = left.join(right, left_on="id", right_on="other_id", how="inner")
    counted = pairs.select(pairs=nw.col("left").cast(nw.Int64) * nw.col("right").cast(nw.Int64))
    ((number,),) = fetch(counted.select(nw.col("pairs").sum()))
    _refuse_pairs(0 if number is None else int(number))


def _refuse_pairs(number: int) -> None:
    """Refuse more pairs of participants than there may be."""
    if number > MOST_PAIRS:
        message = (
            f"the events asked for are of {number:,} pairs of participants, more than {MOST_PAIRS:,}, for an event of "
            f"thousands is a star, and no tie between all of them; ask of fewer records (country=, theme=, since= …)"
        )
        raise ValueError(message)
