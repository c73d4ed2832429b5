"""
How many records have each pair of values of two dimensions, and how many would if the two had nothing to do with
each other.
"""

from __future__ import annotations

from collections import defaultdict
from math import fsum
from typing import TYPE_CHECKING, Any, TypeAlias, overload

from attrs import field, frozen

from icatmapping.errors import UnknownNameError
from icatmapping.query.dimensions import dimension
from icatmapping.query.provenance import provenance_of_records
from icatmapping.results import NO_PROVENANCE, FrozenMapping, Provenance, Row, Table
from icatmapping.statistics.counts import (
    COUNTS,
    Count,
    in_order,
    values_among,
)
from icatmapping.statistics.tallies import pair_tally
from icatmapping.utils.arguments import check_choice, relistable
from icatmapping.utils.frames import frame
from icatmapping.utils.text import fold, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import pandas as pd

    from icatmapping.frames.frames import Records
    from icatmapping.model.schema import Value
    from icatmapping.query.collection import Collection
    from icatmapping.query.criteria import Dates
    from icatmapping.query.tallies import PairTally

__all__ = ["Crosstab", "CrosstabCell", "crosstab"]


@frozen(repr=False)
class CrosstabCell(Row):
    """
    How many records have two values.

    Attributes:
        row: The value of the row dimension.
        row_label: It as people write it.
        col: The value of the column dimension.
        col_label: It as people write it.
        count: The number of records: a whole one with full counting, the sum of their parts with fractional.
    """

    row: Value
    row_label: str
    col: Value
    col_label: str
    count: float


@frozen(repr=False)
class Crosstab(Table[CrosstabCell]):
    """
    Records counted by two dimensions.

    ``found["africa", "labour_exploitation"]`` or ``found["Africa", "Labour exploitation"]`` is the count of a cell: 0
    if there are records of either value, but none of both.

    Attributes:
        by: The dimensions of rows and of columns.
        of: The collection.
        counting: ``"full"`` or ``"fractional"``.
        n: The number of records.
        unclassified: How many of them lack a value in one dimension or both; they are in no cell.
        total: The sum of all cells.
        row_totals: The sum of the cells of each row, by value, highest first.
        col_totals: The sum of the cells of each column, by value, highest first.
        rows: The cells that are not zero, row by row in the order of the totals.
        provenance: What was asked, and of which data.
    """

    by: tuple[str, str]
    of: str
    counting: Count
    n: int
    unclassified: int
    total: float
    row_totals: Mapping[Value, float] = field(hash=False)
    col_totals: Mapping[Value, float] = field(hash=False)
    rows: tuple[CrosstabCell, ...]
    provenance: Provenance = NO_PROVENANCE

    @overload
    def __getitem__(self, index: int) -> CrosstabCell: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[CrosstabCell]: ...
    @overload
    def __getitem__(self, index: tuple[Value, Value]) -> float: ...
    def __getitem__(self, index: int | slice | tuple[Value, Value]) -> CrosstabCell | Sequence[CrosstabCell] | float:
        """
        Return the count of a cell by its two values or labels, in any case; or cells by position.

        Raises:
            UnknownNameError: If no row or no column of the table has the value; with the nearest ones.
            IndexError: If there is no such position.
        """
        if not isinstance(index, tuple):
            return self.rows[index]
        if len(index) != 2:
            message = f"a cell must be named by two values, those of its row and its column, not {index!r}"
            raise TypeError(message)
        rows = {cell.row: cell.row_label for cell in self.rows}
        columns = {cell.col: cell.col_label for cell in self.rows}
        row, col = _value_in(rows, index[0], self.by[0]), _value_in(columns, index[1], self.by[1])
        return next((cell.count for cell in self.rows if (cell.row, cell.col) == (row, col)), 0)

    def to_pandas(self) -> pd.DataFrame:
        """
        Return the table as people draw it: a data frame with the values of both dimensions for its index and columns.

        Raises:
            MissingExtraError: If pandas is not installed.
        """
        counts = {(cell.row, cell.col): cell.count for cell in self.rows}
        zero = 0 if self.counting == "full" else 0.0
        table = frame(
            {self.by[0]: row}
            | {f"column {place}": counts.get((row, col), zero) for place, col in enumerate(self.col_totals)}
            for row in self.row_totals
        )
        table = table if self.rows else table.reindex(columns=[self.by[0]])
        table = table.set_index(self.by[0])
        return table.set_axis(list(self.col_totals), axis=1).rename_axis(columns=self.by[1])

    def _repr_summary(self) -> str:
        size = f"{len(self.row_totals)} by {len(self.col_totals)}"
        return f" of {self.n} {self.of} by {self.by[0]} and {self.by[1]}: {size}, total {self.total:g}"


def _value_in(labels: Mapping[Value, str], wanted: object, by: str) -> Value:
    """Return the value of a table that is wanted, by itself or by its label."""
    folded = fold(str(wanted))
    for value in labels:
        if fold(str(value)) == folded:
            return value
    for value, label in labels.items():
        if fold(label) == folded:
            return value
    names = [name for value, label in labels.items() for name in (str(value), label)]
    raise UnknownNameError(wanted, f"{by.replace('_', ' ')} of this table", nearest(str(wanted), names))


def crosstab(
    records: Collection[Any] | Records[Any],
    rows: str,
    cols: str,
    *,
    count: Count = "full",
    among: object = None,
    among_cols: object = None,
    dates: Dates = "known",
) -> Crosstab:
    """
    Count records by two dimensions at once.

    Args:
        records: The records to count.
        rows: The dimension of the rows, e.g. ``"region"``.
        cols: The dimension of the columns, e.g. ``"form"``.
        count: ``"full"`` counts a record once in each of its cells; ``"fractional"`` spreads one unit evenly over them.
        among: Which rows to show: an area, for what lies in it; or values, by any name. By default all that occur.
        among_cols: Which columns to show, likewise.
        dates: For years, those in which records are ``"known"`` to be active, or ``"possible"`` ones.

    Returns:
        The cells that are shown, with totals of them: with full counting a record with several values is in several.

    Raises:
        UnknownNameError: If the records lack one of the dimensions.

    Examples:
        >>> import icatmapping as im
        >>> found = im.crosstab(im.load().initiatives, "region", "scope")
        >>> found["africa", "national"] > found["north_america", "national"]
        True
    """
    check_choice("count", count, COUNTS)
    counted = pair_tally(records, rows, cols, dates, sized=count == "fractional")
    kind, directory = records.kind, records.directory
    among, among_cols = relistable(among), relistable(among_cols)
    shown = tuple(
        None if values is None else frozenset(values_among(records, name, values))
        for name, values in ((rows, among), (cols, among_cols))
    )
    cells, row_totals, col_totals, total = cross_tabulate(counted, count, (rows, cols), shown)
    row_labels, col_labels = (
        {value: dimension(name, kind).label(value, directory) for value in totals}
        for name, totals in ((rows, row_totals), (cols, col_totals))
    )
    found = [
        CrosstabCell(row, row_label, col, col_label, cells[row, col])
        for row, row_label in row_labels.items()
        for col, col_label in col_labels.items()
        if (row, col) in cells
    ]
    totals = FrozenMapping(row_totals), FrozenMapping(col_totals)
    return Crosstab(
        (rows, cols),
        kind.collection,
        count,
        counted.n,
        counted.unclassified,
        total,
        *totals,
        tuple(found),
        provenance_of_records(records, {rows: among, cols: among_cols}),
    )


_Cells: TypeAlias = "dict[tuple[Value, Value], float]"


_Totals: TypeAlias = "dict[Value, float]"


def cross_tabulate(
    counted: PairTally,
    counting: Count,
    names: tuple[str, str],
    shown: tuple[frozenset[Value] | None, ...] = (None, None),
) -> tuple[_Cells, _Totals, _Totals, float]:
    """Count the cells of two dimensions, with totals by row and column, highest first, and of all."""
    parts: dict[tuple[Value, Value], list[float]] = {}
    row_parts: dict[Value, list[float]] = defaultdict(list)
    col_parts: dict[Value, list[float]] = defaultdict(list)
    for cell, sizes in counted.cells.items():
        if any(values is not None and value not in values for value, values in zip(cell, shown, strict=True)):
            continue
        found = parts[cell] = [number / size if counting == "fractional" else number for size, number in sizes.items()]
        row_parts[cell[0]] += found
        col_parts[cell[1]] += found
    # Summed without rounding, so that no order of records matters.
    added: Callable[[Iterable[float]], float] = sum if counting == "full" else fsum
    row_totals = {value: added(of_row) for value, of_row in row_parts.items()}
    col_totals = {value: added(of_col) for value, of_col in col_parts.items()}
    return (
        {cell: added(of_cell) for cell, of_cell in parts.items()},
        {value: row_totals[value] for value in in_order(names[0], row_totals)},
        {value: col_totals[value] for value in in_order(names[1], col_totals)},
        added(part for of_cell in parts.values() for part in of_cell),
    )
