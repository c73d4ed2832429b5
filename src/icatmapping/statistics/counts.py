"""
How many records have which combinations of values: what every statistic is computed from.

Knows nothing of shares, labels and order.
"""

from __future__ import annotations

from collections import Counter
from math import fsum
from typing import TYPE_CHECKING, Any, Literal, TypeAlias
from weakref import WeakKeyDictionary

from icatmapping.errors import UnknownNameError
from icatmapping.query.bitsets import bitset
from icatmapping.query.codes import Codes
from icatmapping.query.collection import check_collection
from icatmapping.query.criteria import OPTIONS
from icatmapping.query.dimensions import dimension
from icatmapping.query.readers import possible_spans
from icatmapping.query.selection import as_values
from icatmapping.utils.arguments import check_choice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from icatmapping.frames.frames import Records
    from icatmapping.model.records import Record
    from icatmapping.model.schema import Value
    from icatmapping.model.time import Span
    from icatmapping.query.areas import AreaKind
    from icatmapping.query.collection import Collection
    from icatmapping.query.criteria import Dates
    from icatmapping.query.directory import Directory
    from icatmapping.query.tallies import Tally

__all__ = [
    "COUNTS",
    "Combination",
    "Count",
    "by_count",
    "coded_values",
    "count_values",
    "in_order",
    "plain_value",
    "universe_of",
    "value_codes",
    "value_column",
    "value_combinations",
    "value_sets",
    "values_among",
]


Count: TypeAlias = Literal["full", "fractional"]
"""Whether a record counts once for each of its values, or as one unit spread evenly over them."""


Combination: TypeAlias = "tuple[Value, ...]"


COUNTS = ("full", "fractional")


# A whole collection never changes, so its combinations are read once; they go when the collection goes.
_COMBINATIONS: WeakKeyDictionary[object, dict[tuple[str, str], Mapping[Combination, int]]] = WeakKeyDictionary()
_FEW = 20
"""Fewer than one record in so many are read one by one."""


def value_combinations(records: Collection[Any], name: str, dates: Dates = "known") -> Mapping[Combination, int]:
    """
    Count how many records have each combination of values of a dimension; ``()`` is that of records without a value.

    Raises:
        UnknownNameError: If the records have no such dimension.
    """
    codes, positions = value_codes(records, name, dates)
    if codes is None:
        return Counter(value_column(records, name, dates))
    if positions is not None:
        return codes.counted(positions)
    known = _COMBINATIONS.setdefault(records.store, {})
    if (name, dates) not in known:
        known[name, dates] = codes.counted()
    return known[name, dates]


def value_codes(
    records: Collection[Any], name: str, dates: Dates = "known"
) -> tuple[Codes[Combination] | None, Sequence[int] | None]:
    """
    Return the codes of the values of a dimension, and at which positions the records stand, None for all.

    There are none for a few records of many, which are read faster one by one.
    """
    check_collection(records)
    check_choice("dates", dates, OPTIONS["dates"])
    dimension(name, records.kind)
    store = records.store
    if _FEW * len(records) < len(store.records) and not store.has_codes(name):
        return None, None
    positions = None if len(records) == len(store.records) else records.positions
    if name == "year" and dates == "possible":
        return store.spans(dates).mapped(_possible_years(records)), positions
    return store.codes(name), positions


def value_column(records: Collection[Any], name: str, dates: Dates = "known") -> list[Combination]:
    """
    Return the values of every record, in order.

    Args:
        records: The records.
        name: The dimension.
        dates: For years, whether those in which a record is known to be active or those that its dates do not rule out,
            as far as they lie between the first and the last year in which any record is known to be active.
    """
    codes = value_codes(records, name, dates)[0]
    if codes is not None:
        return codes.column(records.positions)  # where those of a whole collection may stand in another order
    if name == "year" and dates == "possible":
        return list(map(_possible_years(records), possible_spans(tuple(records), records.kind.collection)))
    return list(dimension(name, records.kind).column(records, records.kind, records.directory))


def coded_values(records: Collection[Any], name: str, dates: Dates = "known") -> Codes[Combination]:
    """Return the values of every record, in order, as codes."""
    codes, positions = value_codes(records, name, dates)
    if codes is None:
        return Codes.of(value_column(records, name, dates))
    return codes if positions is None else codes.at(positions)


def value_sets(records: Collection[Any], name: str, dates: Dates = "known") -> Iterator[tuple[Value | None, int]]:
    """
    Yield each value of a dimension and the set of the records that have it; with None, of those that have none.

    Sets are of positions in the whole collection; those in which none of the records are, are left out.
    """
    store = records.store
    index: Mapping[Value | None, Sequence[int]]
    if name == "year" and dates == "possible":
        index = store.spans(dates).mapped(_possible_years(records)).index()
        sets: Iterable[tuple[Value | None, int]]
        sets = ((value, bitset(found, len(store.records))) for value, found in index.items())
    else:
        sets = ((value, store.holds(name, value)) for value in store.values(name))
    kept = records.position_set
    for value, found in sets:
        if found & kept:
            yield None if value is None else plain_value(value), found & kept


def _possible_years(records: Collection[Any]) -> Callable[[Span | None], Combination]:
    years = records.directory.years
    return lambda span: _within(span, years[0], years[-1]) if years and span is not None else ()


def _within(span: Span, first: int, last: int) -> Combination:
    begin = first if span.first is None else max(first, span.first)
    end = last if span.last is None else min(last, span.last)
    return tuple(range(begin, end + 1))


def values_among(records: Collection[Any] | Records[Any], name: str, among: object) -> tuple[Value, ...]:
    """
    Return the values of a dimension that are to be shown.

    Args:
        records: The records, which say what values there are.
        name: The dimension.
        among: An area, for the countries, sub-regions or regions in it; or values, by any name; None for all.

    Raises:
        UnknownNameError: If an area or value does not exist.
    """
    universe = universe_of(name, records.kind, records.directory)
    if among is None:
        return universe
    if name in ("country", "subregion", "region", "donor_country"):
        areas = records.directory.areas
        first: AreaKind = "country" if name in ("country", "donor_country") else name  # type: ignore[assignment]
        inside = [areas.find(value, first=first) for value in as_values(among)]
        countries = frozenset[str]().union(*(area.countries for area in inside))
        if first == "country":
            single = [area.value for area in inside if area.kind == "country"]
            # Countries that are named one by one stand in the order in which they are named.
            if len(single) == len(inside):
                return tuple(dict.fromkeys(single))
            return tuple([value for value in universe if value in countries])
        within = areas.within(countries) | {area.value for area in inside}
        return tuple([value for value in universe if value in within])
    entry = dimension(name, records.kind)
    given = [
        plain_value(value) for one in as_values(among) for value in entry.find(one, records.kind, records.directory)
    ]
    return tuple(dict.fromkeys(given))


def plain_value(value: Value) -> Value:
    """Return a value without the class of its vocabulary."""
    return str(value) if isinstance(value, str) else value


def universe_of(name: str, kind: type[Record], directory: Directory) -> tuple[Value, ...]:
    """List the values of a dimension that records of a kind could have."""
    entry = dimension(name, kind)
    return tuple([plain_value(value) for value in entry.universe(directory) if _fits(value, name, kind, directory)])


def _fits(value: Value, name: str, kind: type[Record], directory: Directory) -> bool:
    """Return whether records of a kind could have a value: the kinds of publications are none of partnerships."""
    try:
        return plain_value(dimension(name, kind).parse(value, kind, directory)) == plain_value(value)
    except UnknownNameError:
        return False


def count_values(counted: Tally, counting: Count) -> dict[Value, float]:
    """Count records by value. Fractional counts are summed without rounding, so that no order of records matters."""
    if counting == "full":
        return {value: sum(sizes.values()) for value, sizes in counted.sizes.items()}
    return {value: fsum(number / size for size, number in sizes.items()) for value, sizes in counted.sizes.items()}


def in_order(name: str, counts: Mapping[Value, float]) -> list[Value]:
    """Return the values of a dimension by their counts, highest first; years in the order of time."""
    return sorted(counts) if name == "year" else by_count(counts)


def by_count(counts: Mapping[Value, float]) -> list[Value]:
    """Return values by their counts, highest first, ties by value."""
    return sorted(counts, key=lambda value: (-round(counts[value], 9), value))
