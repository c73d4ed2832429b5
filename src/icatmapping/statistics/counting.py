"""
How much there is of what: records counted by dimension, crossed, over the years, and how concentrated they are.

Everything is counted from the combinations of values that records have. Knows nothing of graphs and of display.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import product
from math import exp, fsum, log, sqrt
from random import Random
from statistics import NormalDist
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar, overload
from weakref import WeakKeyDictionary

from attrs import field, frozen

from icatmapping.errors import UnknownNameError
from icatmapping.query.dimensions import dimension
from icatmapping.results import ReadOnly, Row, Rows, frame
from icatmapping.utils.representation import first_few
from icatmapping.utils.text import fold, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import pandas as pd

    from icatmapping.model.records import Record
    from icatmapping.query.collection import Collection
    from icatmapping.query.dimensions import Directory, Value

__all__ = [
    "Concentration",
    "Count",
    "Coverage",
    "CoverageRow",
    "Crosstab",
    "CrosstabCell",
    "Timeline",
    "TimelineRow",
    "checked_choice",
    "combinations_of",
    "concentration",
    "coverage",
    "crosstab",
    "plain_value",
    "timeline",
    "universe_of",
]

Count: TypeAlias = Literal["full", "fractional"]
"""Whether a record counts once for each of its values, or as one unit spread evenly over them."""

Combination: TypeAlias = "tuple[Value, ...]"

_COUNTS = ("full", "fractional")
_SAMPLE = "if these records were a random sample of all"
_RESAMPLES = 1000
# Beyond this many records a bootstrap in plain Python takes minutes and shows nothing that its limit does not.
_MOST_RESAMPLED = 5_000


# --- tables by value -------------------------------------------------------------------------------------------------

R_co = TypeVar("R_co", bound=Row, covariant=True)


class Keyed(Rows[R_co]):
    """A table with one value per row, which finds a row by that value or its label as well."""

    __slots__ = ()

    @overload
    def __getitem__(self, index: int | str) -> R_co: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[R_co]: ...
    def __getitem__(self, index: int | str | slice) -> R_co | Sequence[R_co]:
        """
        Give a row by position, or by value or label in any case; or some rows.

        Raises:
            UnknownNameError: If no row has the value; with the nearest ones.
            IndexError: If there is no such position.
        """
        if not isinstance(index, str):
            return self.rows[index]
        found = self.get(index)
        if found is None:
            raise UnknownNameError(index, "value of this table", nearest(index, [str(key) for key in self._keys()]))
        return found

    def get(self, value: Value) -> R_co | None:
        """Give the row of a value or label, or None if no record has it."""
        wanted = fold(str(value))
        for keys in (self._keys(), self._labels()):
            for row, key in zip(self.rows, keys, strict=True):
                if fold(str(key)) == wanted:
                    return row
        return None

    def _keys(self) -> Iterable[Value]:
        return [row.value for row in self.rows]  # type: ignore[attr-defined]

    def _labels(self) -> Iterable[str]:
        return [row.label for row in self.rows]  # type: ignore[attr-defined]


# --- what is counted -------------------------------------------------------------------------------------------------

# A whole collection never changes, so its combinations are read once; they go when the collection goes.
_COMBINATIONS: WeakKeyDictionary[object, dict[str, Mapping[Combination, int]]] = WeakKeyDictionary()


def combinations_of(records: Collection[Any], name: str) -> Mapping[Combination, int]:
    """
    Count how many records have each combination of values of a dimension; ``()`` is that of records without a value.

    Raises:
        UnknownNameError: If the records have no such dimension.
    """
    store = records._store  # noqa: SLF001 - what every selection of a collection shares
    if len(records) < len(store.records):
        return Counter(_column(records, name))
    known = _COMBINATIONS.setdefault(store, {})
    if name not in known:
        known[name] = Counter(_column(records, name))
    return known[name]


def _column(records: Collection[Any], name: str) -> list[Combination]:
    """Read the values of every record, in order."""
    return list(dimension(name, records.kind).column(records, records.kind, records.directory))


def plain_value(value: Value) -> Value:
    """Give a value without the class of its vocabulary."""
    return str(value) if isinstance(value, str) else value


def universe_of(name: str, kind: type[Record], directory: Directory) -> tuple[Value, ...]:
    """List the values of a dimension that records of a kind could have."""
    entry = dimension(name, kind)
    return tuple([plain_value(value) for value in entry.universe(directory) if _fits(value, name, kind, directory)])


def _fits(value: Value, name: str, kind: type[Record], directory: Directory) -> bool:
    """Tell whether records of a kind could have a value: the kinds of publications are none of partnerships."""
    try:
        dimension(name, kind).parse(value, kind, directory)
    except UnknownNameError:
        return False
    return True


def checked_choice(name: str, value: str, values: Sequence[str]) -> None:
    """Refuse a word that is none of the possible ones."""
    if value not in values:
        raise UnknownNameError(value, name, nearest(str(value), values) or values)


def _counted(combinations: Mapping[Combination, int], counting: Count) -> dict[Value, float]:
    """Count records by value. Fractional counts are summed without rounding, so that no order of records matters."""
    if counting == "full":
        counts: Counter[Value] = Counter()
        for combination, number in combinations.items():
            for value in combination:
                counts[value] += number
        return {plain_value(value): number for value, number in counts.items()}
    by_size: dict[Value, Counter[int]] = defaultdict(Counter)
    for combination, number in combinations.items():
        for value in combination:
            by_size[plain_value(value)][len(combination)] += number
    return {value: fsum(number / size for size, number in sizes.items()) for value, sizes in by_size.items()}


def _most_first(counts: Mapping[Value, float]) -> list[Value]:
    return sorted(counts, key=lambda value: (-round(counts[value], 9), value))


# --- coverage --------------------------------------------------------------------------------------------------------


@frozen(repr=False)
class CoverageRow(Row):
    """
    How many records have a value.

    Attributes:
        value: The value, e.g. ``"africa"``.
        label: The value as people write it.
        count: The number of records: a whole one with full counting, the sum of their parts with fractional.
        share: The fraction of the records with any value, from 0 to 1.
        low: The lower end of the interval of the share, or None if none was asked for.
        high: The upper end.
    """

    value: Value
    label: str
    count: float
    share: float
    low: float | None = None
    high: float | None = None


@frozen(repr=False)
class Coverage(Keyed[CoverageRow]):
    """
    Records counted by the values of a dimension, most frequent first, ties by value.

    ``found["africa"]`` is the row of a value or label, ``found[0]`` the first one.

    Attributes:
        by: The dimension.
        of: The collection, e.g. ``"initiatives"``.
        counting: ``"full"`` or ``"fractional"``.
        n: The number of records.
        unclassified: How many of them have no value.
        interval: The confidence level of the intervals, e.g. 0.95, or None if none was asked for.
        interval_meaning: What the intervals are, in words, or None.
        rows: A row for every value that a record has.
    """

    by: str
    of: str
    counting: Count
    n: int
    unclassified: int
    interval: float | None
    interval_meaning: str | None
    rows: tuple[CoverageRow, ...]

    def _gist(self) -> str:
        rows = first_few(f"{row.label} {row.share:.0%}" for row in self.rows)
        return f" of {self.n} {self.of} by {self.by}{super()._gist()}{', ' if rows else ''}{rows}"


def coverage(records: Collection[Any], by: str, *, count: Count = "full", interval: float | None = None) -> Coverage:
    r"""
    Count records by the values of a dimension.

    Args:
        records: The records to count, e.g. ``ds.initiatives.where(year=2021)``.
        by: The dimension, e.g. ``"region"``.
        count: ``"full"`` counts a record once for each of its values, so that shares may add up to more than 1;
            ``"fractional"`` spreads one unit evenly over them, so that shares add up to 1.
        interval: A confidence level between 0 and 1, e.g. 0.95, to have an interval beside every share. It says how
            far a share could be off **if these records were a random sample of all**, which they are not.

    Returns:
        A row of value, label, count and share (a fraction of the records with any value) for every value that
        occurs, most frequent first; no rows if no record has a value.

    Raises:
        UnknownNameError: If the records have no such dimension.
        ValueError: If the confidence level is not between 0 and 1.

    Intervals with full counting are those of Wilson, :math:`\left(p + \frac{z^2}{2m} \pm z \sqrt{\frac{p(1-p)}{m} +
    \frac{z^2}{4m^2}}\right) / \left(1 + \frac{z^2}{m}\right)` for a share :math:`p` of :math:`m` records. With
    fractional counting they are percentiles of 1000 resamples of the records with a value, drawn with replacement from
    a fixed seed; beyond 5000 such records, the normal distribution that these approach.

    Examples:
        >>> import icatmapping as im
        >>> found = im.coverage(im.load().initiatives, by="region", count="fractional")
        >>> found[0].label, round(sum(row.share for row in found), 12)
        ('Africa', 1.0)

    References:
        L. Waltman, N. J. van Eck (2015), Field-normalized citation impact indicators and the choice of an appropriate
        counting method, Journal of Informetrics 9, 872-894, doi:10.1016/j.joi.2015.08.001; E. B. Wilson (1927),
        Probable inference, the law of succession, and statistical inference, Journal of the American Statistical
        Association 22, 209-212; B. Efron (1979), Bootstrap methods: another look at the jackknife, Annals of Statistics
        7, 1-26.
    """
    checked_choice("count", count, _COUNTS)
    if interval is not None and not 0 < interval < 1:
        message = f"interval is a confidence level between 0 and 1, such as 0.95, not {interval!r}"
        raise ValueError(message)
    combinations = combinations_of(records, by)
    entry, directory = dimension(by, records.kind), records.directory
    counts = _counted(combinations, count)
    unclassified = combinations.get((), 0)
    classified = len(records) - unclassified
    ends, meaning = _intervals(combinations, counts, classified, count, interval)
    rows = [
        CoverageRow(
            value,
            entry.label(value, directory),
            counts[value],
            min(counts[value] / classified, 1.0),
            *ends.get(value, ()),
        )
        for value in _most_first(counts)
    ]
    return Coverage(by, records.kind.collection, count, len(records), unclassified, interval, meaning, tuple(rows))


def _intervals(
    combinations: Mapping[Combination, int],
    counts: Mapping[Value, float],
    classified: int,
    counting: Count,
    level: float | None,
) -> tuple[Mapping[Value, tuple[float, float]], str | None]:
    if level is None:
        return {}, None
    z = NormalDist().inv_cdf((1 + level) / 2)
    if counting == "full":
        ends = {value: _wilson(number, classified, z) for value, number in counts.items()}
        return ends, f"Wilson score interval at {level:.4g}, {_SAMPLE}"
    if classified > _MOST_RESAMPLED:
        limits = _normal_limits(combinations, counts, classified, z)
        return limits, f"normal limit of the bootstrap over records at {level:.4g}, {_SAMPLE}"
    return _resampled(combinations, classified, level), f"bootstrap over records at {level:.4g}, {_SAMPLE}"


def _wilson(successes: float, trials: int, z: float) -> tuple[float, float]:
    p = successes / trials
    middle = p + z * z / (2 * trials)
    reach = z * sqrt(p * (1 - p) / trials + z * z / (4 * trials * trials))
    whole = 1 + z * z / trials
    return max(0.0, (middle - reach) / whole), 1.0 if successes == trials else min(1.0, (middle + reach) / whole)


def _resampled(
    combinations: Mapping[Combination, int], classified: int, level: float
) -> dict[Value, tuple[float, float]]:
    """Give percentiles of the shares over resamples. Combinations are sorted: the order of records is no matter."""
    kept = sorted((tuple(map(plain_value, one)), number) for one, number in combinations.items() if one)
    tuples, weights = [one for one, _ in kept], [number for _, number in kept]
    drawn: dict[Value, list[float]] = {value: [] for one in tuples for value in one}
    random = Random(0)  # noqa: S311 - nothing secret is drawn
    places = range(len(tuples))
    for _ in range(_RESAMPLES if tuples else 0):
        sums = dict.fromkeys(drawn, 0.0)
        for place, number in sorted(Counter(random.choices(places, weights, k=classified)).items()):
            one = tuples[place]
            part = number / len(one)
            for value in one:
                sums[value] += part
        for value, total in sums.items():
            drawn[value].append(total / classified)
    cut = int(_RESAMPLES * (1 - level) / 2)
    return {
        value: (min((found := sorted(shares))[cut], 1.0), min(found[-1 - cut], 1.0)) for value, shares in drawn.items()
    }


def _normal_limits(
    combinations: Mapping[Combination, int], counts: Mapping[Value, float], classified: int, z: float
) -> dict[Value, tuple[float, float]]:
    squares: dict[Value, list[float]] = {value: [] for value in counts}
    for combination, number in combinations.items():
        for value in combination:
            squares[plain_value(value)].append(number / len(combination) ** 2)
    ends: dict[Value, tuple[float, float]] = {}
    for value, parts in squares.items():
        share = counts[value] / classified
        reach = z * sqrt(max(0.0, fsum(parts) / classified - share * share) / classified)
        ends[value] = (max(0.0, share - reach), min(1.0, share + reach))
    return ends


# --- two dimensions --------------------------------------------------------------------------------------------------


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
class Crosstab(Rows[CrosstabCell]):
    """
    Records counted by two dimensions.

    ``found["africa", "labour_exploitation"]`` is the count of a cell, 0 if no record has both values.

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

    @overload
    def __getitem__(self, index: int) -> CrosstabCell: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[CrosstabCell]: ...
    @overload
    def __getitem__(self, index: tuple[Value, Value]) -> float: ...
    def __getitem__(self, index: int | slice | tuple[Value, Value]) -> CrosstabCell | Sequence[CrosstabCell] | float:
        """Give the count of a cell by its two values, or cells by position."""
        if isinstance(index, tuple):
            return next((cell.count for cell in self.rows if (cell.row, cell.col) == index), 0)
        return self.rows[index]

    def to_pandas(self) -> pd.DataFrame:
        """
        Give the table as people draw it: a data frame with the values of both dimensions for its index and columns.

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

    def _gist(self) -> str:
        size = f"{len(self.row_totals)} by {len(self.col_totals)}"
        return f" of {self.n} {self.of} by {self.by[0]} and {self.by[1]}: {size}, total {self.total:g}"


def crosstab(records: Collection[Any], rows: str, cols: str, *, count: Count = "full") -> Crosstab:
    """
    Count records by two dimensions at once.

    Args:
        records: The records to count.
        rows: The dimension of the rows, e.g. ``"region"``.
        cols: The dimension of the columns, e.g. ``"form"``.
        count: ``"full"`` counts a record once in each of its cells; ``"fractional"`` spreads one unit evenly over them.

    Returns:
        The cells, with totals of the cells: with full counting a record with several values is several times in them.

    Raises:
        UnknownNameError: If the records lack one of the dimensions.

    Examples:
        >>> import icatmapping as im
        >>> found = im.crosstab(im.load().initiatives, "region", "scope")
        >>> found["africa", "national"] > found["north_america", "national"]
        True
    """
    checked_choice("count", count, _COUNTS)
    pairs = Counter(zip(_column(records, rows), _column(records, cols), strict=True))
    kind, directory = records.kind, records.directory
    cells, row_totals, col_totals, total = _crossed(pairs, count)
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
    unclassified = sum(number for (down, across), number in pairs.items() if not down or not across)
    totals = ReadOnly(row_totals), ReadOnly(col_totals)
    return Crosstab((rows, cols), kind.collection, count, len(records), unclassified, total, *totals, tuple(found))


_Cells: TypeAlias = "dict[tuple[Value, Value], float]"
_Totals: TypeAlias = "dict[Value, float]"


def _crossed(
    pairs: Mapping[tuple[Combination, Combination], int], counting: Count
) -> tuple[_Cells, _Totals, _Totals, float]:
    """Count the cells of two dimensions, with totals by row and column, highest first, and of all."""
    plain = {combination: tuple(map(plain_value, combination)) for pair in pairs for combination in pair}
    by_size: dict[int, Counter[tuple[Value, Value]]] = defaultdict(Counter)
    for (down, across), number in pairs.items():
        counter = by_size[1 if counting == "full" else len(down) * len(across)]
        for cell in product(plain[down], plain[across]):
            counter[cell] += number
    cells: dict[tuple[Value, Value], list[float]] = defaultdict(list)
    row_parts: dict[Value, list[float]] = defaultdict(list)
    col_parts: dict[Value, list[float]] = defaultdict(list)
    for size, counter in by_size.items():
        for cell, number in counter.items():
            part = number / size if counting == "fractional" else number
            cells[cell].append(part)
            row_parts[cell[0]].append(part)
            col_parts[cell[1]].append(part)
    # Summed without rounding, so that no order of records matters.
    added: Callable[[Iterable[float]], float] = sum if counting == "full" else fsum
    row_totals = {value: added(parts) for value, parts in row_parts.items()}
    col_totals = {value: added(parts) for value, parts in col_parts.items()}
    return (
        {cell: added(parts) for cell, parts in cells.items()},
        {value: row_totals[value] for value in _most_first(row_totals)},
        {value: col_totals[value] for value in _most_first(col_totals)},
        added(part for parts in cells.values() for part in parts),
    )


# --- concentration ---------------------------------------------------------------------------------------------------


@frozen(repr=False)
class Concentration(Row):
    """
    How concentrated records are on few values of a dimension.

    Attributes:
        by: The dimension.
        of: The collection.
        n: The number of records.
        unclassified: How many of them have no value.
        possible: The number of values that there could be, those that no record has included.
        hhi: The Herfindahl-Hirschman index, the sum of squared shares: from 1/possible (even) to 1 (all on one value).
        gini: The Gini coefficient of the shares: from 0 (even) to 1 − 1/possible (all on one value).
        entropy: Shannon's entropy of the shares, in nats: from 0 (all on one value) to log(possible) (even).
        effective: The effective number of values, exp(entropy): as many evenly used ones would have that entropy.
        top: The value with the highest share.
        top_share: Its share, a fraction of 1.
    """

    by: str
    of: str
    n: int
    unclassified: int
    possible: int
    hhi: float
    gini: float
    entropy: float
    effective: float
    top: Value
    top_share: float

    def _gist(self) -> str:
        top = f"most on {self.top} ({self.top_share:.0%})"
        return f" of {self.n} {self.of} by {self.by}: as if on {self.effective:.1f} of {self.possible} values, {top}"


def concentration(records: Collection[Any], by: str) -> Concentration:
    r"""
    Measure how concentrated records are on few values of a dimension.

    All measures are of the fractional shares :math:`s_i` over the :math:`N` values that there could be, zeros included:
    HHI :math:`\sum s_i^2`; Gini :math:`\frac{2 \sum_i i\,s_{(i)}}{N} - \frac{N+1}{N}` with shares in ascending order;
    entropy :math:`-\sum s_i \ln s_i`.

    Args:
        records: The records.
        by: The dimension.

    Raises:
        UnknownNameError: If the records have no such dimension.
        ValueError: If none of them has a value, as nothing is neither concentrated nor spread.

    Examples:
        >>> import icatmapping as im
        >>> found = im.concentration(im.load().initiatives, "region")
        >>> found.top, 1 < found.effective < found.possible
        ('africa', True)

    References:
        A. O. Hirschman (1964), The paternity of an index, American Economic Review 54, 761; C. Gini (1912), Variabilità
        e mutabilità; C. E. Shannon (1948), A mathematical theory of communication, Bell System Technical Journal 27,
        379-423; M. O. Hill (1973), Diversity and evenness, Ecology 54, 427-432 (the effective number).
    """
    found = coverage(records, by, count="fractional")
    if not found:
        message = f"concentration by {by!r} is undefined: none of the {found.n} {found.of} has a value"
        raise ValueError(message)
    shares = sorted(row.share for row in found)
    values = len({*universe_of(by, records.kind, records.directory), *(row.value for row in found)})
    ranks = range(values - len(shares) + 1, values + 1)
    gini = 2 * fsum(rank * share for rank, share in zip(ranks, shares, strict=True)) / values - (values + 1) / values
    entropy = max(0.0, -fsum(share * log(share) for share in shares))
    return Concentration(
        by,
        found.of,
        found.n,
        found.unclassified,
        values,
        hhi=fsum(share * share for share in shares),
        gini=max(0.0, gini),
        entropy=entropy,
        effective=exp(entropy),
        top=found[0].value,
        top_share=found[0].share,
    )


# --- years -----------------------------------------------------------------------------------------------------------


@frozen(repr=False)
class TimelineRow(Row):
    """
    How many records were active in a year.

    Attributes:
        year: The year.
        count: The number of records; one that lasted several years counts in each.
    """

    year: int
    count: int


@frozen(repr=False)
class Timeline(Keyed[TimelineRow]):
    """
    Records over the years, earliest first; ``found["2019"]`` is the row of a year.

    Attributes:
        of: The collection.
        n: The number of records.
        undated: How many of them have no date; they are in no year.
        rows: A row for every year from the first to the last, those without a record included.
    """

    of: str
    n: int
    undated: int
    rows: tuple[TimelineRow, ...]

    def _keys(self) -> Iterable[Value]:
        return [row.year for row in self.rows]

    def _labels(self) -> Iterable[str]:
        return [str(row.year) for row in self.rows]

    def _gist(self) -> str:
        span = f"{self.rows[0].year} to {self.rows[-1].year}, " if self.rows else ""
        return f" of {self.n} {self.of}: {span}{self.undated} undated"


def timeline(records: Collection[Any]) -> Timeline:
    """
    Count the records that were active in each year.

    Args:
        records: Initiatives, partnerships or resources.

    Returns:
        A row for every year from the first to the last; none if no record has a date.

    Raises:
        UnknownNameError: If the records have no dates.

    Examples:
        >>> import icatmapping as im
        >>> found = im.timeline(im.load().initiatives)
        >>> found["2019"].count > found["1999"].count
        True
    """
    combinations = combinations_of(records, "year")
    counts: Counter[int] = Counter()
    for years, number in combinations.items():
        counts.update(dict.fromkeys(map(int, years), number))
    span = range(min(counts), max(counts) + 1) if counts else range(0)
    rows = tuple([TimelineRow(year, counts[year]) for year in span])
    return Timeline(records.kind.collection, len(records), combinations.get((), 0), rows)
