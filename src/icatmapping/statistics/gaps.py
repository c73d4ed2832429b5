"""
Where nobody works, or few do.
"""

from __future__ import annotations

from collections import Counter
from itertools import product
from typing import TYPE_CHECKING, Any

from attrs import frozen

from icatmapping.model.geography import countries
from icatmapping.model.records import Initiative
from icatmapping.model.vocabulary import parse
from icatmapping.query.dimensions import dimension
from icatmapping.results import Row, Table
from icatmapping.statistics.counts import plain_value, universe_of
from icatmapping.utils.representation import join_first

if TYPE_CHECKING:
    from collections.abc import Iterable

    from icatmapping.dataset import Dataset
    from icatmapping.model.schema import Value

__all__ = ["Gap", "Gaps", "gaps"]


@frozen(repr=False)
class Gap(Row):
    """
    A cell that no initiative, or hardly any, names.

    Attributes:
        row: The value of the row dimension.
        row_label: It as people write it.
        col: The value of the column dimension; None if only rows were asked for.
        col_label: It as people write it, or None.
        count: The number of initiatives that name both.
        expected: The number that would, if rows and columns had nothing to do with each other.
        unclassified: How many initiatives of the row state no value of the column dimension: what an empty cell may
            hide. 0 if only rows were asked for.
        regional: How many more initiatives are for the country's region and name no country of it, so that they may
            reach the country. None if rows are not countries.
        global_: How many more are global and name no place. None if rows are not countries. ``"global"`` in plain data.
        too_thin: Whether less than one initiative is expected, so that the cell being empty tells nothing.
    """

    row: Value
    row_label: str
    col: Value | None
    col_label: str | None
    count: int
    expected: float
    unclassified: int
    regional: int | None
    global_: int | None
    too_thin: bool

    def to_dict(self) -> dict[str, Any]:
        """Return the row as plain, JSON-ready data."""
        return {name.rstrip("_"): value for name, value in super().to_dict().items()}


@frozen(repr=False)
class Gaps(Table[Gap]):
    """
    Where nobody works, or hardly anybody: the most telling cells first, those too thin to tell last.

    Attributes:
        by: The dimensions of rows and columns, or of rows alone.
        among: The rows that were looked at.
        at_most: The highest count that is a gap.
        n: The number of initiatives that name one of the rows.
        unclassified: How many of them state no value of the column dimension, so that they are in no cell.
        cells: The number of cells that were looked at.
        rows: The gaps.
    """

    by: tuple[str, ...]
    among: tuple[Value, ...]
    at_most: int
    n: int
    unclassified: int
    cells: int
    rows: tuple[Gap, ...]

    def _repr_summary(self) -> str:
        found = join_first(
            f"{gap.row_label} × {gap.col_label}" if gap.col_label else gap.row_label for gap in self.rows
        )
        cells = f"{len(self.rows)} of {self.cells} cells"
        return f" by {' and '.join(self.by)}: {cells}{', ' if found else ''}{found}"


def gaps(
    ds: Dataset,
    rows: str,
    cols: str | None = None,
    *,
    among: str | Iterable[Value] | None = None,
    at_most: int = 0,
) -> Gaps:
    """
    Find the cells of two dimensions that no initiative names.

    A cell is expected to have row total × column total / grand total initiatives, all within ``among``: what there
    would be if rows and columns were independent. An empty cell of which many are expected is telling; one of which
    less than one is expected is ``too_thin`` to tell. Without columns, each row is expected to have the mean of all.

    Nothing but initiatives that name both values fills a cell. Beside it stand those of the row that state no value
    of the column dimension, as absence of coding is not absence of work, and for countries what regional and global
    initiatives would add.

    Args:
        ds: The dataset.
        rows: The dimension of the rows, e.g. ``"country"``.
        cols: The dimension of the columns, e.g. ``"form"``; None to look at rows alone.
        among: Which rows to look at: a region, for its countries or sub-regions; or values, by any name. By default
            all.
        at_most: The highest count that is a gap.

    Returns:
        The gaps, highest expected count first, then by row and column; those too thin to tell last.

    Raises:
        UnknownNameError: If initiatives lack a dimension, or a region or value does not exist.
        ValueError: If ``at_most`` is negative.

    Examples:
        >>> import icatmapping as im
        >>> found = im.gaps(im.load(), rows="country", cols="form", among="africa")
        >>> found[0].count, found[0].too_thin
        (0, False)
    """
    if type(at_most) is not int or at_most < 0:
        message = f"at_most must be a whole number of at least 0, not {at_most!r}"
        raise ValueError(message)
    records = ds.initiatives
    entry = dimension(rows, Initiative)
    chosen = _rows_among(ds, rows, among)
    kept = frozenset(chosen)
    named = [
        (wanted, _values(ds, record, cols))
        for record in records
        if (wanted := kept.intersection(entry.values(record, ds.directory)))
    ]
    counts = Counter(cell for down, across in named for cell in product(down, across))
    row_totals, col_totals = Counter[Any](), Counter[Any]()
    for (row, col), number in counts.items():
        row_totals[row] += number
        col_totals[col] += number
    uncoded = Counter(row for down, across in named if not across for row in down)
    columns: tuple[Value | None, ...] = (None,) if cols is None else universe_of(cols, Initiative, ds.directory)
    grand = counts.total()
    found: list[Gap] = []
    for row in chosen:
        regional, worldwide = count_beyond_named(ds, row, cols) if rows == "country" else (None, None)
        for col in columns:
            if counts[row, col] <= at_most:
                mean = grand / len(chosen)
                expected = mean if col is None else row_totals[row] * col_totals[col] / grand if grand else 0.0
                found.append(
                    Gap(
                        row,
                        entry.label(row, ds.directory),
                        col,
                        None if cols is None or col is None else dimension(cols, Initiative).label(col, ds.directory),
                        counts[row, col],
                        expected,
                        uncoded[row],
                        None if regional is None else regional[col],
                        None if worldwide is None else worldwide[col],
                        expected < 1,
                    )
                )
    found.sort(key=lambda gap: (gap.too_thin, -round(gap.expected, 9), gap.row, "" if gap.col is None else gap.col))
    by = (rows,) if cols is None else (rows, cols)
    unclassified = sum(1 for _, across in named if not across)
    return Gaps(by, chosen, at_most, len(named), unclassified, len(chosen) * len(columns), tuple(found))


def _values(ds: Dataset, record: Initiative, cols: str | None) -> tuple[Any, ...]:
    """Return the columns that a record is in: its values, or the one that there is if nothing was asked for."""
    return (None,) if cols is None else dimension(cols, Initiative).values(record, ds.directory)


def _rows_among(ds: Dataset, rows: str, among: str | Iterable[Value] | None) -> tuple[Value, ...]:
    universe = universe_of(rows, Initiative, ds.directory)
    if among is None:
        return universe
    if isinstance(among, str) and rows in ("country", "subregion"):
        region = parse("region", among)
        inside = {each.alpha3 if rows == "country" else each.subregion for each in countries() if each.region == region}
        return tuple([value for value in universe if value in inside])
    entry = dimension(rows, Initiative)
    wanted = (among,) if isinstance(among, str | int) else tuple(among)
    given = [plain_value(entry.parse(value, Initiative, ds.directory)) for value in wanted]
    return tuple(sorted(set(given), key=given.index))


def count_beyond_named(ds: Dataset, country: Value, cols: str | None) -> tuple[Counter[Any], Counter[Any]]:
    """Count by column what reaches a country beyond the initiatives that name it: regional work, and global work."""
    named, regional, worldwide = (
        ds.initiatives.where(country=country, reach=reach) for reach in ("named", "regional", "global")
    )
    known, reached = {record.id for record in named}, {record.id for record in regional}
    return (
        Counter(col for record in regional if record.id not in known for col in _values(ds, record, cols)),
        Counter(col for record in worldwide if record.id not in reached for col in _values(ds, record, cols)),
    )
