"""
Tallies by an engine: lists are taken apart and grouped there, and whole numbers come back.

Only groupings are used, no windows and no tables of our own, which every engine can do out of core.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from icatmapping.frames.engines import answered, apart, as_number, fetch
from icatmapping.frames.layout import column_of
from icatmapping.query.criteria import OPTIONS
from icatmapping.query.dimensions import dimension
from icatmapping.query.tallies import PairTally, Tally
from icatmapping.utils.arguments import check_choice

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import narwhals as nw

    from icatmapping.frames.frames import Records
    from icatmapping.model.schema import Value
    from icatmapping.query.criteria import Dates

__all__ = ["combinations", "grouped", "pair_tally", "tally"]


class _Axis:
    """A dimension that is counted by: a list that is taken apart, or the years that dates do not rule out."""

    def __init__(self, records: Records[Any], name: str, dates: Dates, place: int) -> None:
        check_choice("dates", dates, OPTIONS["dates"])
        dimension(name, records.kind)  # raises if there is none
        self._is_span = name == "year" and dates == "possible"
        self._years = records.directory.years if self._is_span else ()
        self._place = place
        self._column = column_of(name)

    @property
    def columns(self) -> dict[str, nw.Expr]:
        """What has to be selected."""
        import narwhals as nw  # noqa: PLC0415 - an extra

        place = self._place
        if self._is_span:
            return {f"first{place}": nw.col("possible_first"), f"last{place}": nw.col("possible_last")}
        return {f"value{place}": nw.col(self._column), f"size{place}": nw.col(self._column).list.len().cast(nw.Int64)}

    @property
    def keys(self) -> list[str]:
        """The columns that are grouped by once the list is taken apart."""
        place = self._place
        return [f"first{place}", f"last{place}"] if self._is_span else [f"value{place}", f"size{place}"]

    def apart(self, lf: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        """Return a row for each value of each record."""
        return lf if self._is_span else apart(lf, f"value{self._place}")

    @property
    def whole_keys(self) -> list[str]:
        """What records that have a value are grouped by."""
        return self.keys if self._is_span else []

    def values(self, first: Any, second: Any) -> tuple[Sequence[Value], int]:
        """Return the values that a row stands for, and how many its records have."""
        if not self._is_span:
            return (first,), int(second)
        if not self._years:
            return (), 0
        begin = self._years[0] if first is None else max(self._years[0], int(first))
        end = self._years[-1] if second is None else min(self._years[-1], int(second))
        years = range(begin, end + 1)
        return years, len(years)


@answered
def tally(records: Records[Any], name: str, dates: Dates, *, sized: bool) -> Tally:
    """Count how many records have each value of a dimension."""
    if not sized and not (name == "year" and dates == "possible"):
        return _tally_of_list(records, name, dates)
    found = _tallied(records, (name,), dates, sized=sized)
    sizes: dict[Value, dict[int, int]] = {}
    for (value,), by_size in found[2].items():
        sizes[value] = by_size
    return Tally(found[0], found[1], sizes)


def _tally_of_list(records: Records[Any], name: str, dates: Dates) -> Tally:
    """Count the values of a list in one look at it: a list without values is taken apart into one row without."""
    import narwhals as nw  # noqa: PLC0415 - an extra

    (column, *_) = _Axis(records, name, dates, 0).columns.values()
    counts = grouped(records.lf.select(value=column).explode("value"), "value")
    unclassified = counts.pop(None, 0)
    (n,) = fetch(records.lf.select(number=nw.len()))[0]
    return Tally(int(n), unclassified, {value: {1: number} for value, number in counts.items()})


@answered
def pair_tally(records: Records[Any], rows: str, cols: str, dates: Dates, *, sized: bool) -> PairTally:
    """Count how many records have each pair of values of two dimensions."""
    n, unclassified, cells = _tallied(records, (rows, cols), dates, sized=sized)
    return PairTally(n, unclassified, {(down, across): by_size for (down, across), by_size in cells.items()})


def _tallied(
    records: Records[Any], names: tuple[str, ...], dates: Dates, *, sized: bool
) -> tuple[int, int, Mapping[tuple[Value, ...], dict[int, int]]]:
    """Return how many records there are, how many lack a value, and for each cell how many have so many cells."""
    import narwhals as nw  # noqa: PLC0415 - an extra

    axes = [_Axis(records, name, dates, place) for place, name in enumerate(names)]
    lf = records.lf.select(**{name: value for axis in axes for name, value in axis.columns.items()})
    n, classified = _numbers(lf, axes)
    keys = [key for axis in axes for key in (axis.keys if sized or axis.whole_keys else axis.keys[:1])]
    by_value = lf.select(*keys)  # what is not grouped by is not carried along
    for axis in axes:
        by_value = axis.apart(by_value)
    cells: dict[tuple[Value, ...], dict[int, int]] = {}
    for row in fetch(by_value.group_by(*keys).agg(number=nw.len()).select(*keys, "number")):
        *key, number = row
        values: list[tuple[Value, ...]] = [()]
        size = 1
        for axis in axes:
            width = 2 if sized or axis.whole_keys else 1
            (first, *rest), key = key[:width], key[width:]
            some, many = axis.values(first, rest[0] if rest else 1)
            values = [(*one, value) for one in values for value in some]
            size *= many
        for cell in values:
            by_size = cells.setdefault(cell, {})
            place = size if sized else 1
            by_size[place] = by_size.get(place, 0) + int(number)
    return n, n - classified, cells


def _numbers(lf: nw.LazyFrame[Any], axes: Sequence[_Axis]) -> tuple[int, int]:
    """Return how many records there are, and how many have a value of every dimension: one look at them."""
    import narwhals as nw  # noqa: PLC0415 - an extra

    spans = [axis for axis in axes if axis.whole_keys]
    listed = [nw.col(axis.keys[1]) > 0 for axis in axes if not axis.whole_keys]
    if listed:
        has_all = as_number(nw.all_horizontal(*listed, ignore_nulls=True))
        lf = lf.with_columns(whole=has_all)
    else:
        lf = lf.with_columns(whole=nw.lit(1))
    keys = [key for axis in spans for key in axis.whole_keys]
    sums = {"number": nw.len(), "classified": nw.col("whole").sum()}
    rows = fetch(lf.group_by(*keys).agg(**sums).select(*keys, "number", "classified") if keys else lf.select(**sums))
    n = classified = 0
    for *key, number, whole in rows:
        n += int(number)
        if all(axis.values(*key[2 * place : 2 * place + 2])[1] for place, axis in enumerate(spans)):
            classified += int(whole or 0)
    return n, classified


def _rows(lf: nw.LazyFrame[Any], keys: list[str]) -> list[tuple[Any, ...]]:
    """Return how many rows there are of each key, or in all if there is none."""
    import narwhals as nw  # noqa: PLC0415 - an extra

    if not keys:
        return fetch(lf.select(number=nw.len()))
    return fetch(lf.group_by(*keys).agg(number=nw.len()).select(*keys, "number"))


@answered
def combinations(records: Records[Any], name: str, dates: Dates) -> Mapping[tuple[Value, ...], int]:
    """Count how many records have each combination of values, which are fetched record by record."""
    axis = _Axis(records, name, dates, 0)
    rows = fetch(records.lf.select(**axis.columns))
    if axis.whole_keys:
        return Counter(tuple(axis.values(first, last)[0]) for first, last in rows)
    return Counter(tuple(values) for values, _ in rows)


def grouped(lf: nw.LazyFrame[Any], *keys: str) -> dict[Any, int]:
    """Return how many rows there are of each key, which is a value if it is of one column."""
    found = _rows(lf, [*keys])
    return {(key[0] if len(key) == 1 else tuple(key)): int(number) for *key, number in found}
