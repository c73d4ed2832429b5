"""
How many records have which combinations of values: what every statistic is computed from.

Knows nothing of shares, labels and order.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from math import fsum
from typing import TYPE_CHECKING, Any, Literal, TypeAlias
from weakref import WeakKeyDictionary

from icatmapping.errors import UnknownNameError
from icatmapping.query.dimensions import dimension

if TYPE_CHECKING:
    from collections.abc import Mapping

    from icatmapping.model.records import Record
    from icatmapping.model.schema import Value
    from icatmapping.query.collection import Collection
    from icatmapping.query.directory import Directory

__all__ = [
    "COUNTS",
    "Combination",
    "Count",
    "by_count",
    "count_values",
    "plain_value",
    "universe_of",
    "value_column",
    "value_combinations",
]


Count: TypeAlias = Literal["full", "fractional"]
"""Whether a record counts once for each of its values, or as one unit spread evenly over them."""


Combination: TypeAlias = "tuple[Value, ...]"


COUNTS = ("full", "fractional")


# A whole collection never changes, so its combinations are read once; they go when the collection goes.
_COMBINATIONS: WeakKeyDictionary[object, dict[str, Mapping[Combination, int]]] = WeakKeyDictionary()


def value_combinations(records: Collection[Any], name: str) -> Mapping[Combination, int]:
    """
    Count how many records have each combination of values of a dimension; ``()`` is that of records without a value.

    Raises:
        UnknownNameError: If the records have no such dimension.
    """
    store = records.store
    if len(records) < len(store.records):
        return Counter(value_column(records, name))
    known = _COMBINATIONS.setdefault(store, {})
    if name not in known:
        known[name] = Counter(value_column(records, name))
    return known[name]


def value_column(records: Collection[Any], name: str) -> list[Combination]:
    """Read the values of every record, in order."""
    return list(dimension(name, records.kind).column(records, records.kind, records.directory))


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
        dimension(name, kind).parse(value, kind, directory)
    except UnknownNameError:
        return False
    return True


def count_values(combinations: Mapping[Combination, int], counting: Count) -> dict[Value, float]:
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


def by_count(counts: Mapping[Value, float]) -> list[Value]:
    """Return values by their counts, highest first, ties by value."""
    return sorted(counts, key=lambda value: (-round(counts[value], 9), value))
