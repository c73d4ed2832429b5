"""
How the values of a dimension are read from the fields of records, one by one or a whole column.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from icatmapping.datapackage.bundled import column

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from icatmapping.model.records import Record
    from icatmapping.query.directory import Directory

__all__ = ["Direct", "FieldReader", "single_field", "union"]


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
        """Give the values that a record has."""
        return self._read(directory, *[getattr(record, field) for field in self.fields])

    def column(self, records: Sequence[Record], directory: Directory) -> Iterable[tuple[Any, ...]]:
        """Give the values of each of some records, in order."""
        return map(partial(self._read, directory), *[column(records, field) for field in self.fields])


class Direct(FieldReader):
    """Reads the values of a dimension that is a field of the record."""

    __slots__ = ()

    def __init__(self, field: str) -> None:
        super().__init__(lambda _, values: values, field)

    def column(self, records: Sequence[Record], directory: Directory) -> Iterable[tuple[Any, ...]]:  # noqa: ARG002 - others need it
        """Give the values of each of some records, in order."""
        return column(records, *self.fields)


def single_field(field: str) -> FieldReader:
    return FieldReader(optional_field, field)


def optional_field(_: Directory, value: Any) -> tuple[Any, ...]:
    return () if value is None else (value,)


def union(_: object, *fields: tuple[str, ...]) -> tuple[str, ...]:
    """Give the values of several fields, each once."""
    return tuple(dict.fromkeys([value for values in fields for value in values]))
