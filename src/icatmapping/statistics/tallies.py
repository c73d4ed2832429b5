"""
Counting the records of a question: those in memory here, those on frames by their engine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from icatmapping.dataset import Dataset, check_dataset
from icatmapping.query.collection import Collection, check_collection
from icatmapping.statistics import memory_tallies
from icatmapping.statistics.counts import value_combinations

if TYPE_CHECKING:
    from collections.abc import Mapping

    from icatmapping.frames.frames import Records
    from icatmapping.model.schema import Value
    from icatmapping.query.criteria import Dates
    from icatmapping.query.tallies import GapTally, PairTally, Tally
    from icatmapping.statistics.counts import Combination

__all__ = ["check_source", "combinations_of", "count_of", "gap_tally", "named_of", "pair_tally", "tally"]


def count_of(records: Collection[Any] | Records[Any]) -> int:
    """Return how many records there are."""
    return len(records) if isinstance(records, Collection) else records.count()


def tally(records: Collection[Any] | Records[Any], name: str, dates: Dates = "known", *, sized: bool = True) -> Tally:
    """
    Count how many records have each value of a dimension.

    Args:
        records: The records.
        name: The dimension.
        dates: Whether years are known or possible ones.
        sized: Whether it matters how many values a record has.

    Raises:
        UnknownNameError: If the records have no such dimension.
        TypeError: If they are no records.
    """
    if not isinstance(records, Collection):
        _check_records(records)
        from icatmapping.frames import tallies  # noqa: PLC0415 - only frames need it

        return tallies.tally(records, name, dates, sized=sized)
    return memory_tallies.tally(records, name, dates, sized=sized)


def combinations_of(
    records: Collection[Any] | Records[Any], name: str, dates: Dates = "known"
) -> Mapping[Combination, int]:
    """Count how many records have each combination of values; of records on frames, which must be few."""
    if not isinstance(records, Collection):
        _check_records(records)
        from icatmapping.frames import tallies  # noqa: PLC0415 - as above

        return tallies.combinations(records, name, dates)
    return value_combinations(records, name, dates)


def pair_tally(
    records: Collection[Any] | Records[Any], rows: str, cols: str, dates: Dates = "known", *, sized: bool = True
) -> PairTally:
    """
    Count how many records have each pair of values of two dimensions.

    Args:
        records: The records.
        rows: One dimension.
        cols: The other.
        dates: Whether years are known or possible ones.
        sized: Whether it matters how many pairs a record has.
    """
    if not isinstance(records, Collection):
        _check_records(records)
        from icatmapping.frames import tallies  # noqa: PLC0415 - as above

        return tallies.pair_tally(records, rows, cols, dates, sized=sized)
    return memory_tallies.pair_tally(records, rows, cols, dates, sized=sized)


def named_of(records: Collection[Any] | Records[Any], rows: str, chosen: tuple[Value, ...]) -> int:
    """Return how many records name one of some values of a dimension."""
    if not isinstance(records, Collection):
        from icatmapping.frames import gap_tallies  # noqa: PLC0415 - as above

        return gap_tallies.named_of(records, rows, chosen)
    kept = frozenset(chosen)
    return sum(number for values, number in value_combinations(records, rows).items() if not kept.isdisjoint(values))


def gap_tally(records: Collection[Any] | Records[Any], rows: str, cols: str, chosen: tuple[Value, ...]) -> GapTally:
    """
    Count what gaps are found from.

    Args:
        records: The initiatives.
        rows: The dimension of the rows.
        cols: The dimension of the columns.
        chosen: The rows that are looked at.
    """
    if not isinstance(records, Collection):
        _check_records(records)
        from icatmapping.frames import gap_tallies  # noqa: PLC0415 - as above

        return gap_tallies.gap_tally(records, rows, cols, chosen)
    return memory_tallies.gap_tally(records, rows, cols, chosen)


def check_source(ds: object) -> None:
    """
    Refuse what is neither a dataset nor a mapping on frames.

    Raises:
        TypeError: If it is something else, e.g. a collection of one.
    """
    if not isinstance(ds, Dataset):
        from icatmapping.frames.frames import Frames  # noqa: PLC0415 - a dataset does without

        if not isinstance(ds, Frames):
            check_dataset(ds)


def _check_records(records: object) -> None:
    """
    Refuse what is neither a collection nor records on frames.

    Raises:
        TypeError: If it is something else, e.g. a dataset, which has several.
    """
    from icatmapping.frames.frames import Records  # noqa: PLC0415 - only what is no collection may be that

    if not isinstance(records, Records):
        check_collection(records)
