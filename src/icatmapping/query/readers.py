"""
How the values of a dimension are read from the fields of records, one by one or a whole column.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from icatmapping.datapackage.bundled import column
from icatmapping.model.time import Span, known_span, possible_span
from icatmapping.query.codes import coded_fields

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from icatmapping.model.records import Record
    from icatmapping.query.codes import Codes
    from icatmapping.query.directory import Directory

__all__ = [
    "Direct",
    "FieldReader",
    "SingleReader",
    "YearReader",
    "coded_spans",
    "known_spans",
    "possible_spans",
    "union",
    "years_in",
]


class FieldReader:
    """
    Reads the values of a dimension from some fields of a record.

    Attributes:
        fields: The fields.
    """

    __slots__ = ("_read", "fields")

    fields: tuple[str, ...]

    def __init__(self, read: Callable[..., tuple[Any, ...]], *fields: str) -> None:
        self._read = read
        self.fields = fields

    def values(self, record: Record, directory: Directory) -> tuple[Any, ...]:
        """Return the values that a record has."""
        return self._read(directory, *[getattr(record, field) for field in self.fields])

    def column(self, records: Sequence[Record], directory: Directory) -> Iterable[tuple[Any, ...]]:
        """Return the values of each of some records, in order."""
        return map(partial(self._read, directory), *[column(records, field) for field in self.fields])

    def codes(self, records: Sequence[Record], directory: Directory) -> Codes[tuple[Any, ...]]:
        """Return the values of some records as codes, read once for all that say the same."""
        read = self._read
        said = coded_fields(records, self.fields)
        if len(self.fields) == 1:
            return said.mapped(partial(read, directory))
        return said.mapped(lambda values: read(directory, *values))


class Direct(FieldReader):
    """Reads the values of a dimension that is a field of the record."""

    __slots__ = ()

    def __init__(self, field: str) -> None:
        super().__init__(lambda _, values: values, field)

    def column(self, records: Sequence[Record], directory: Directory) -> Iterable[tuple[Any, ...]]:  # noqa: ARG002 - others need it
        """Return the values of each of some records, in order."""
        return column(records, *self.fields)

    def codes(self, records: Sequence[Record], directory: Directory) -> Codes[tuple[Any, ...]]:  # noqa: ARG002 - as above
        """Return the values of some records as codes."""
        return coded_fields(records, self.fields)


class SingleReader(FieldReader):
    """Reads the value of a dimension from a field that holds one value or none."""

    __slots__ = ()

    def __init__(self, field: str) -> None:
        super().__init__(optional_field, field)


_DATES = {
    "initiatives": ("start", "end", "last_seen", "status", "checked"),
    "partnerships": ("start", "end", "last_seen"),
    "resources": ("year",),
}
"""The fields that say when the records of a collection were active."""


def known_spans(records: Iterable[Any], collection: str) -> Iterable[Span | None]:
    """Yield for every record the years in which it is known to have been active, or None if it is undated."""
    columns = [column(records, field) for field in _DATES[collection]]
    if collection == "resources":
        return (None if year is None else Span(year, year) for (year,) in zip(*columns, strict=True))
    return map(known_span, *columns)


def possible_spans(records: Iterable[Any], collection: str) -> Iterable[Span]:
    """Yield for every record the years in which it may have been active."""
    fields = tuple(field for field in _DATES[collection] if field != "last_seen")
    columns = [column(records, field) for field in fields]
    if collection == "resources":
        return (Span(year, year) for (year,) in zip(*columns, strict=True))
    return map(possible_span, *columns)


def coded_spans(records: Sequence[Any], collection: str, dates: str) -> Codes[Span | None]:
    """Return as codes the years in which records are known to have been, or may have been, active; None if undated."""
    said = coded_fields(records, _DATES[collection])
    if collection == "resources":
        is_known = dates == "known"
        return said.mapped(lambda year: None if is_known and year is None else Span(year, year))
    if dates == "known":
        return said.mapped(lambda told: known_span(*told))
    kept = [place for place, field in enumerate(_DATES[collection]) if field != "last_seen"]
    return said.mapped(lambda told: possible_span(*[told[place] for place in kept]))


class YearReader(FieldReader):
    """Reads the years in which a record is known to have been active."""

    __slots__ = ("_collection",)

    def __init__(self, collection: str) -> None:
        super().__init__(lambda _, *__: (), *_DATES[collection])
        self._collection = collection

    def values(self, record: Record, directory: Directory) -> tuple[int, ...]:  # noqa: ARG002 - others need it
        """Return the years of a record."""
        return years_in(getattr(record, "known_span"))  # noqa: B009 - only these records have it

    def column(self, records: Sequence[Record], directory: Directory) -> Iterable[tuple[int, ...]]:  # noqa: ARG002 - as above
        """Return the years of each of some records, in order."""
        return map(years_in, known_spans(records, self._collection))

    def codes(self, records: Sequence[Record], directory: Directory) -> Codes[tuple[int, ...]]:  # noqa: ARG002 - as above
        """Return the years of some records as codes."""
        return coded_spans(records, self._collection, "known").mapped(years_in)


def years_in(span: Span | None) -> tuple[int, ...]:
    """Return the years of a span that has a first and a last one; none of one that is unknown."""
    if span is None or span.first is None or span.last is None:
        return ()
    return tuple(range(span.first, span.last + 1))


def optional_field(_: Directory, value: Any) -> tuple[Any, ...]:
    return () if value is None else (value,)


def union(_: object, *fields: tuple[str, ...]) -> tuple[str, ...]:
    """Return the values of several fields, each once."""
    return tuple(dict.fromkeys([value for values in fields for value in values]))
