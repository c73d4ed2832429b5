"""
Long tables: one row for each record and each combination of its values, as data frames and databases want them.

Knows nothing of display.
"""

from __future__ import annotations

from functools import cache
from itertools import product
from typing import TYPE_CHECKING, Any

from attrs import frozen, make_class

from icatmapping.query.collection import check_collection
from icatmapping.query.dimensions import dimension
from icatmapping.results import Row, Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from icatmapping.model.schema import Value
    from icatmapping.query.collection import Collection

__all__ = ["Tidy", "TidyRow", "tidy"]


class TidyRow(Row):
    """A row of a long table: its columns are its attributes, e.g. ``row.id`` or ``row.country``."""

    __slots__ = ()

    if TYPE_CHECKING:

        def __init__(self, *values: Value | None) -> None: ...

        def __getattr__(self, column: str) -> Value | None: ...

    def __reduce__(self) -> tuple[Any, ...]:
        columns: tuple[str, ...] = type(self).__match_args__  # type: ignore[attr-defined]
        return (_row, (columns, *(getattr(self, column) for column in columns)))


@cache
def _rows_of(columns: tuple[str, ...]) -> type[TidyRow]:
    # The name is that of the base: it stands for every table's own class in what people read.
    made: type[TidyRow] = make_class("TidyRow", columns, bases=(TidyRow,), frozen=True, slots=True, repr=False)
    return made


def _row(columns: tuple[str, ...], *values: Value | None) -> TidyRow:
    return _rows_of(columns)(*values)


@frozen(repr=False)
class Tidy(Table[TidyRow]):
    """
    A long table: one row for each record and combination of its values.

    As every table, it comes into ``polars.DataFrame``, ``pyarrow.table``, ``pandas.DataFrame.from_arrow`` and DuckDB as
    it is.

    Attributes:
        columns: The names of the columns: ``id``, ``name`` or ``title``, then the dimensions.
        rows: The rows, in the order of the records and of their values.
    """

    columns: tuple[str, ...]
    rows: tuple[TidyRow, ...]

    def _column_types(self) -> Mapping[str, Any]:
        return {column: int | None if column == "year" else str for column in self.columns}

    def _repr_summary(self) -> str:
        return f" of {', '.join(self.columns)}{super()._repr_summary()}"


def tidy(records: Collection[Any], *dimensions: str) -> Tidy:
    """
    Make a long table of some records: one row for each record and each combination of its values.

    A record without a value in a dimension keeps its row, with None there. So every record is in the table; to count
    records by one column, count different ids.

    Args:
        records: The records, e.g. ``ds.initiatives.where(year=2021)``.
        *dimensions: The dimensions that become columns, e.g. ``"country", "theme"``; one named twice is one column.

    Returns:
        The table: ``id``, ``name`` or ``title``, and the values of the dimensions, as `Collection.where` takes them.

    Raises:
        UnknownNameError: If the records have no such dimension; with the nearest ones.

    Examples:
        >>> import icatmapping as im
        >>> table = tidy(im.load().initiatives[:1], "lead", "country")
        >>> table.columns
        ('id', 'title', 'lead', 'country')
        >>> table[0].to_dict()
        {'id': '50-for-freedom', 'title': '50 for Freedom', 'lead': 'ilo', 'country': None}
    """
    check_collection(records)
    wanted = [dimension(name, records.kind) for name in dict.fromkeys(dimensions)]
    name = "title" if "title" in records.kind.__match_args__ else "name"
    columns = ("id", name, *(entry.name for entry in wanted))
    row = _rows_of(columns)
    rows: list[TidyRow] = []
    for record in records:
        values = (entry.values(record, records.directory) or (None,) for entry in wanted)
        rows += [row(record.id, record.label, *combination) for combination in product(*values)]
    return Tidy(columns, tuple(rows))
