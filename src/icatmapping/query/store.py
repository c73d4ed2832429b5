"""
All the records of one collection, with what is built from them once: indexes and names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from icatmapping.datapackage.bundled import LazyRecords, column, record_class
from icatmapping.query.conditions import NAMED_AREA, in_area
from icatmapping.query.dimensions import dimension
from icatmapping.query.names import NameIndex
from icatmapping.query.readers import known_spans, possible_spans
from icatmapping.utils.laziness import BUILDING, cached_property

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from icatmapping.model.records import Record
    from icatmapping.model.schema import Value
    from icatmapping.model.time import Span
    from icatmapping.query.areas import Area
    from icatmapping.query.directory import Directory
    from icatmapping.query.search import TextIndex

R = TypeVar("R", bound="Record")

_MAX_SPANS = 500
"""How many spans of years are kept with the records that are active in them."""


__all__ = ["Store"]


class Store(Generic[R]):
    """All the records of one collection, with what is built from them once: indexes and names."""

    def __init__(self, collection: str, records: Iterable[R], directory: Directory) -> None:
        self.collection = collection
        self.records: Sequence[R] = records if isinstance(records, LazyRecords) else tuple(records)
        self.directory = directory
        self._indexes: dict[str, dict[Value | None, list[int]]] = {}
        self._sets: dict[tuple[str, Value | None], frozenset[int]] = {}
        self._areas: dict[tuple[frozenset[str], str], frozenset[int]] = {}
        self._spans_found: dict[tuple[int | None, int | None, str], frozenset[int]] = {}

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

    def index(self, name: str) -> dict[Value | None, list[int]]:
        """Return the positions of the records with each value of a dimension; under None, of those with none."""
        index = self._indexes.get(name)
        if index is None:
            with BUILDING:
                index = self._indexes.get(name)
                if index is None:
                    index = self._indexes[name] = _indexed(self._column(name))
        return index

    def _column(self, name: str) -> Iterable[Iterable[Value]]:
        if name == NAMED_AREA:
            return column(self.records, "regions")
        return dimension(name, self.collection).column(self.records, self.collection, self.directory)

    def holds(self, name: str, value: Value | None) -> frozenset[int]:
        """Return the positions of the records that have a value, as a set that is made once."""
        key = (name, value)
        found = self._sets.get(key)
        if found is None:
            index = self.index(name)
            if value not in index:
                return frozenset()
            found = self._sets[key] = frozenset(index[value])
        return found

    def area(self, area: Area) -> frozenset[int]:
        """Return the positions of the records that are in an area, as a set that is made once."""
        key = (area.countries, area.value)
        found = self._areas.get(key)
        if found is None:
            found = self._areas[key] = in_area(self, area)
        return found

    def inside(self, area: Area) -> frozenset[int]:
        """Return the positions of the records that name a country of an area."""
        return self.any_of([self.holds("country", alpha3) for alpha3 in area.countries])

    def any_of(self, parts: Iterable[frozenset[int]]) -> frozenset[int]:
        """Return the positions of any of the parts."""
        first, *others = [*parts] or [frozenset[int]()]
        return first.union(*others) if others else first

    def is_nothing(self, part: frozenset[int]) -> bool:
        """Return whether there are no positions."""
        return not part

    def all_of(self, parts: Iterable[frozenset[int]]) -> frozenset[int]:
        """Return the positions of all the parts."""
        fewest, *others = sorted(parts, key=len)
        return fewest.intersection(*others)

    def without(self, one: frozenset[int], other: frozenset[int]) -> frozenset[int]:
        """Return the positions of the one part that are not of the other."""
        return one - other

    # --- time

    def active(self, since: int | None, until: int | None, dates: str) -> frozenset[int]:
        """Return the positions of the records that are known to be, or may be, active in some year of a span."""
        if since is not None and since == until and dates == "known":
            return self.holds("year", since)
        key = (since, until, dates)
        found = self._spans_found.get(key)
        if found is None:
            spans = self._known_spans if dates == "known" else self._possible_spans
            found = frozenset(
                [place for place, span in enumerate(spans) if span is not None and span.overlaps(since, until)]
            )
            if len(self._spans_found) < _MAX_SPANS:
                self._spans_found[key] = found
        return found

    @cached_property
    def _known_spans(self) -> list[Span | None]:
        return list(known_spans(self.records, self.collection))

    @cached_property
    def _possible_spans(self) -> list[Span]:
        return list(possible_spans(self.records, self.collection))


def _indexed(found: Iterable[Iterable[Value]]) -> dict[Value | None, list[int]]:
    index: dict[Value | None, list[int]] = {}
    for position, values in enumerate(found):
        for value in values or (None,):
            try:
                index[value].append(position)
            except KeyError:
                index[value] = [position]
    return index
