"""
All the records of one collection, with what is built from them once: indexes and names.
"""

from __future__ import annotations

from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from icatmapping.datapackage.bundled import LazyRecords, column, record_class
from icatmapping.query.bitsets import bitset, packed
from icatmapping.query.codes import coded_fields
from icatmapping.query.conditions import NAMED_AREA, in_area
from icatmapping.query.dimensions import dimension
from icatmapping.query.names import NameIndex
from icatmapping.query.readers import coded_spans, years_in
from icatmapping.utils.laziness import BUILDING, cached_property

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from icatmapping.model.records import Record
    from icatmapping.model.schema import Value
    from icatmapping.model.time import Span
    from icatmapping.query.areas import Area
    from icatmapping.query.codes import Codes
    from icatmapping.query.directory import Directory
    from icatmapping.query.search import TextIndex

R = TypeVar("R", bound="Record")

_MAX_SPANS = 500
"""How many spans of years are kept with the records that are active in them."""


_MAX_VALUES = 1_000
"""How many values a dimension has at most whose sets are kept; those of 80,000 bodies would take gigabytes."""
_FEW = 6
"""How many values of a dimension are looked for one by one before all are put into an index, which takes as long."""


__all__ = ["Store"]


class Store(Generic[R]):
    """All the records of one collection, with what is built from them once: indexes and names."""

    def __init__(self, collection: str, records: Iterable[R], directory: Directory) -> None:
        self.collection = collection
        self.records: Sequence[R] = records if isinstance(records, LazyRecords) else tuple(records)
        self.directory = directory
        self._codes: dict[str, Codes[tuple[Value, ...]]] = {}
        self._spans: dict[str, Codes[Span | None]] = {}
        self._indexes: dict[str, Mapping[Value | None, Sequence[int]]] = {}
        self._looked_for: dict[str, int] = {}
        self._sets: dict[tuple[str, Value | None], int] = {}
        self._areas: dict[tuple[frozenset[str], str], int] = {}
        self._span_sets: dict[str, list[int]] = {}
        self._active: dict[tuple[int | None, int | None, str], int] = {}

    def __setattr__(self, name: str, value: object) -> None:
        if name in self.__dict__ or hasattr(type(self), name):
            message = f"the records of a collection cannot be changed, nor their {name!r}"
            raise AttributeError(message)
        super().__setattr__(name, value)

    def __reduce__(self) -> tuple[type[Store[R]], tuple[str, Sequence[R], Directory]]:
        return (Store, (self.collection, self.records, self.directory))

    @cached_property
    def kind(self) -> type[R]:
        """The class of the records."""
        return record_class(self.collection)

    @cached_property
    def names(self) -> NameIndex:
        """The names of the records, to look them up by."""
        return NameIndex(self.kind.__name__.lower(), self.records)

    @cached_property
    def position_of(self) -> dict[str, int]:
        """The position of every record by id."""
        return {identifier: position for position, identifier in enumerate(column(self.records, "id"))}

    @cached_property
    def texts(self) -> TextIndex:
        """The texts of the records, and of those of the other collections, to be searched."""
        from icatmapping.query.search import TextIndex  # noqa: PLC0415 - only a search needs it, and attrs

        with BUILDING:
            found: TextIndex | None = self.__dict__.get("texts")  # of threads that ask at once, the first makes it
            if found is None:
                stores = {**self.directory.stores(), self.collection: self}
                first: Store[Any] = next(iter(stores.values()))
                # All collections of a dataset share one; records that are not its own stand in the place of those.
                is_own = self.directory.stores()[self.collection] is self
                found = first.texts if is_own and first is not self else TextIndex(stores, self.directory.areas)
                self.__dict__["texts"] = found
            return found

    def codes(self, name: str) -> Codes[tuple[Value, ...]]:
        """Return the values that records have of a dimension, or the areas that they name, as codes."""
        found = self._codes.get(name)
        if found is None:
            with BUILDING:
                found = self._codes.get(name)
                if found is None:
                    found = self._codes[name] = self._coded(name)
        return found

    def has_codes(self, name: str) -> bool:
        """Return whether the codes of a dimension have been made."""
        return name in self._codes

    def _coded(self, name: str) -> Codes[tuple[Value, ...]]:
        if name == NAMED_AREA:
            return coded_fields(self.records, ("regions",))
        return dimension(name, self.collection).codes(self.records, self.collection, self.directory)

    def spans(self, dates: str) -> Codes[Span | None]:
        """Return the years in which records are known to be, or may be, active, as codes."""
        found = self._spans.get(dates)
        if found is None:
            with BUILDING:
                found = self._spans.get(dates)
                if found is None:
                    found = self._spans[dates] = coded_spans(self.records, self.collection, dates)
        return found

    def index(self, name: str) -> Mapping[Value | None, Sequence[int]]:
        """Return the positions of the records with each value of a dimension; under None, of those with none."""
        index = self._indexes.get(name)
        if index is None:
            with BUILDING:
                index = self._indexes.get(name)
                if index is None:
                    index = self._indexes[name] = self.codes(name).index()
        return index

    def values(self, name: str) -> list[Value | None]:
        """Return the values of a dimension that any record has, and None if any has none."""
        if name in self._indexes:
            return list(self._indexes[name])
        combinations = self.codes(name).combinations
        return list(dict.fromkeys(value for values in combinations for value in values or (None,)))

    def holds(self, name: str, value: Value | None) -> int:
        """Return the set of the records that have a value."""
        if name == "year":
            return self._undated if value is None else self.active(int(value), int(value), "known")
        key = (name, value)
        found = self._sets.get(key)
        if found is None:
            found = self._look_for(name, value)
            if found and (name not in self._indexes or len(self._indexes[name]) <= _MAX_VALUES):
                self._sets[key] = found
        return found

    def _look_for(self, name: str, value: Value | None) -> int:
        """Return the set of the records that have a value: of the first few found without an index of all values."""
        if name not in self._indexes:
            self._looked_for[name] = times = self._looked_for.get(name, 0) + 1
            if times <= _FEW:
                return packed(self.codes(name).flags(lambda values: value in values if values else value is None))
        index = self.index(name)
        return bitset(index[value], len(self.records)) if value in index else 0

    def area(self, area: Area) -> int:
        """Return the set of the records that are in an area, which is made once."""
        key = (area.countries, area.value)
        found = self._areas.get(key)
        if found is None:
            found = self._areas[key] = in_area(self, area)
        return found

    def inside(self, area: Area) -> int:
        """Return the set of the records that name a country of an area."""
        return self.any_of([self.holds("country", alpha3) for alpha3 in area.countries])

    def any_of(self, parts: Iterable[int]) -> int:
        """Return the set of the records of any of the parts."""
        return reduce(or_, parts, 0)

    def is_nothing(self, part: int) -> bool:
        """Return whether a set is empty."""
        return not part

    def all_of(self, parts: Iterable[int]) -> int:
        """Return the set of the records of all the parts."""
        return reduce(and_, parts)

    def without(self, one: int, other: int) -> int:
        """Return the set of the records of the one part that are not of the other."""
        return one & ~other

    # --- time

    def active(self, since: int | None, until: int | None, dates: str) -> int:
        """Return the set of the records that are known to be, or may be, active in some year of a span."""
        key = (since, until, dates)
        found = self._active.get(key)
        if found is None:
            found = self._active_in(dates, lambda span: span is not None and span.overlaps(since, until))
            if len(self._active) < _MAX_SPANS:
                self._active[key] = found
        return found

    @cached_property
    def _undated(self) -> int:
        return self._active_in("known", lambda span: not years_in(span))

    def _active_in(self, dates: str, is_wanted: Callable[[Span | None], bool]) -> int:
        """Return the set of the records whose years are wanted ones."""
        spans = self.spans(dates)
        if len(spans.combinations) > _MAX_SPANS:
            return packed(spans.flags(is_wanted))
        sets = self._span_sets.get(dates)
        if sets is None:
            with BUILDING:
                sets = self._span_sets.setdefault(dates, spans.sets())
        return self.any_of([found for span, found in zip(spans.combinations, sets, strict=True) if is_wanted(span)])
