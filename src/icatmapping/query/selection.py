"""
From criteria to the records that meet them, and those that only their dates leave out, for whatever holds records.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Generic, Protocol, SupportsIndex, TypeVar

from icatmapping.model.schema import LOCATED
from icatmapping.model.time import Span
from icatmapping.query.conditions import reaching
from icatmapping.query.criteria import OPTIONS, TIME, check_option
from icatmapping.query.dimensions import DIMENSIONS, dimension, dimensions_of, parse_years
from icatmapping.utils.laziness import cached_property
from icatmapping.utils.text import near_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from icatmapping.query.areas import Area
    from icatmapping.query.conditions import Holder
    from icatmapping.query.directory import Directory

__all__ = ["Selection", "as_values", "criteria_of", "requested_areas"]

C = TypeVar("C")


class HasDirectory(Protocol):
    """What knows who is who: a collection, or what holds its records."""

    @property
    def directory(self) -> Directory:
        """Who is who."""
        raise NotImplementedError


_PLACES = ("country", "region")
"""The criteria that take any area by any of its names."""


class Selection(Generic[C]):
    """
    What criteria ask of the records of a collection.

    Raises:
        TypeError: If the records have no such criterion.
        UnknownNameError: If a value does not exist.
        ValueError: If ``since`` is after ``until``, or ``reach`` is given without a country.
    """

    def __init__(self, holder: Holder[C], criteria: Mapping[str, Any]) -> None:
        self._holder = holder
        self._check_names(criteria)
        options = {name: check_option(name, criteria.get(name, values[0]), values) for name, values in OPTIONS.items()}
        self._dates, self._reach = options["dates"], options["reach"]
        if "reach" in criteria and "country" not in criteria:
            message = "reach says how far a country reaches, and needs country="
            raise ValueError(message)
        if "dates" in criteria and not any(name in criteria for name in TIME):
            message = "dates says how years are meant, and needs year=, since= or until="
            raise ValueError(message)
        self._areas = requested_areas(holder, criteria)
        self._met = [self._meeting_one(name, value) for name, value in criteria.items() if self._is_timeless(name)]
        # None for since or until asks for nothing.
        self._asked = {
            name: criteria[name] for name in TIME if name in criteria and (name == "year" or criteria[name] is not None)
        }
        if self._asked:
            self._years = tuple(map(parse_years, as_values(self._asked["year"]))) if "year" in criteria else None
            self._since, self._until = (_single_year(name, criteria.get(name)) for name in ("since", "until"))
            if self._since is not None and self._until is not None and self._since > self._until:
                message = f"since={self._since} must not be after until={self._until}"
                raise ValueError(message)

    @property
    def restricts(self) -> bool:
        """Whether anything is asked at all."""
        return bool(self._met or self._asked)

    @cached_property
    def met(self) -> C:
        """The records that meet everything."""
        return self._meeting(self._dates)

    @cached_property
    def possible(self) -> C:
        """The records that may meet everything, as far as their dates do not rule it out."""
        return self._holder.any_of([self._meeting("possible"), self.met]) if self._asked else self.met

    def _meeting(self, dates: str) -> C:
        return self._holder.all_of([*self._met, *(self._active(dates) if self._asked else ())])

    def _active(self, dates: str) -> Iterator[C]:
        holder = self._holder
        if self._years is not None:
            yield holder.any_of([holder.active(span.first, span.last, dates) for span in _joined(self._years)])
        if self._since is not None or self._until is not None:
            yield holder.active(self._since, self._until, dates)

    def _is_timeless(self, name: str) -> bool:
        return name not in OPTIONS and name not in TIME

    def _check_names(self, criteria: Mapping[str, Any]) -> None:
        collection = self._holder.collection
        known = criteria_of(collection)
        for name in criteria:
            if name not in known:
                near = near_words(name, known)
                hint = f"; did you mean {near[0]!r}?" if near else ";"
                hint += f" valid: {', '.join(dict.fromkeys([*near, *known]))}"
                elsewhere = "" if name not in DIMENSIONS else ", although others do"
                message = f"{collection} have no criterion {name[:80]!r}{elsewhere}{hint}"
                raise TypeError(message)

    def _meeting_one(self, name: str, given: Any) -> C:
        holder = self._holder
        if name == "country":
            return holder.any_of([reaching(holder, area, self._reach) for area in self._areas["country"]])
        if name == "region":
            return holder.any_of([holder.area(area) for area in self._areas["region"]])
        entry = dimension(name, holder.collection)
        home = frozenset[str]().union(*(area.countries for areas in self._areas.values() for area in areas))
        values = [
            value for one in as_values(given) for value in entry.find(one, holder.collection, holder.directory, home)
        ]
        return holder.any_of([holder.holds(name, value) for value in dict.fromkeys(values)])


def criteria_of(collection: str) -> tuple[str, ...]:
    """Return what the records of a collection can be asked for by: dimensions, and how time and places are meant."""
    return dimensions_of(collection) + (("since", "until", *OPTIONS) if collection in LOCATED else ())


def requested_areas(holder: HasDirectory, criteria: Mapping[str, Any]) -> dict[str, tuple[Area, ...]]:
    """Return the areas that criteria ask for, by criterion."""
    areas = holder.directory.areas
    return {
        name: tuple(dict.fromkeys([areas.find(one, first=name) for one in as_values(criteria[name])]))  # type: ignore[arg-type]
        for name in _PLACES
        if name in criteria
    }


def as_values(given: Any) -> Iterable[Any]:
    """Return one value or an iterable of values as an iterable; a record or an area is one value."""
    if isinstance(given, Iterable) and not isinstance(given, str | bytes) and not hasattr(given, "countries"):
        return given
    return (given,)


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    """
    Yield as few spans as hold the same years: those that meet or overlap as one, as a million single years may.

    A record is active in one run of years, so it is active in a year of the joined span if and only if in one of them.
    """
    joined: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.first is not None, span.first or 0)):
        last = joined[-1] if joined else None
        if last is None or (last.last is not None and span.first is not None and span.first > last.last + 1):
            joined.append(span)
        elif last.last is not None:
            joined[-1] = Span(last.first, None if span.last is None else max(last.last, span.last))
    yield from joined


def _single_year(name: str, given: object) -> int | None:
    if given is None:
        return None
    _check_four_digits(name, given)
    span = parse_years(given)
    if span.first is None or span.first != span.last:
        message = f"{name} must be a single year such as 2019, not {given!r}; spans are for year="
        raise ValueError(message)
    return span.first


def _check_four_digits(name: str, given: object) -> None:
    """Refuse "20" for 2020, from which on there would be everything, and until which nothing."""
    digits = given.strip() if isinstance(given, str) else given
    is_short = isinstance(digits, str) and digits.isdecimal() and len(digits) < 4
    if isinstance(given, SupportsIndex | float) and not isinstance(given, bool):
        is_short = not 1000 <= given <= 9999  # type: ignore[operator]
    if is_short:
        message = f"{name} must be a year of four digits such as 2019, not {given!r}"
        raise ValueError(message)
