"""
Counting the records of a question: those in memory here, those on frames by their engine.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import product
from typing import TYPE_CHECKING, Any

from icatmapping.datapackage.bundled import column
from icatmapping.dataset import Dataset, check_dataset
from icatmapping.model import geography
from icatmapping.query.collection import Collection, check_collection
from icatmapping.query.tallies import GapTally, PairTally, Tally
from icatmapping.statistics.counts import plain_value, value_column, value_combinations

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from icatmapping.frames.frames import Records
    from icatmapping.model.schema import Value
    from icatmapping.query.areas import Areas
    from icatmapping.query.criteria import Dates
    from icatmapping.statistics.counts import Combination

__all__ = ["check_source", "combinations_of", "count_of", "gap_tally", "named_of", "pair_tally", "tally"]


def count_of(records: Collection[Any] | Records[Any]) -> int:
    """Return how many records there are."""
    return len(records) if isinstance(records, Collection) else records.count()


def tally(records: Collection[Any] | Records[Any], name: str, dates: Dates = "known") -> Tally:
    """
    Count how many records have each value of a dimension.

    Raises:
        UnknownNameError: If the records have no such dimension.
        TypeError: If they are no records.
    """
    if not isinstance(records, Collection):
        _check_records(records)
        from icatmapping.frames import tallies  # noqa: PLC0415 - only frames need it

        return tallies.tally(records, name, dates)
    return _tally(value_combinations(records, name, dates), len(records))


def _tally(combinations: Mapping[Combination, int], n: int) -> Tally:
    sizes: dict[Value, dict[int, int]] = {}
    for combination, number in combinations.items():
        size = len(combination)
        for value in combination:
            of_value = sizes.setdefault(plain_value(value), {})
            of_value[size] = of_value.get(size, 0) + number
    return Tally(n, combinations.get((), 0), sizes)


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
    pairs = Counter(zip(value_column(records, rows, dates), value_column(records, cols, dates), strict=True))
    plain = {combination: tuple(map(plain_value, combination)) for pair in pairs for combination in pair}
    by_size: dict[int, Counter[tuple[Value, Value]]] = defaultdict(Counter)
    for (down, across), number in pairs.items():
        counter = by_size[len(down) * len(across) if sized else 1]
        for cell in product(plain[down], plain[across]):
            counter[cell] += number
    cells: dict[tuple[Value, Value], dict[int, int]] = {}
    for size, counter in by_size.items():
        for cell, number in counter.items():
            cells.setdefault(cell, {})[size] = number
    unclassified = sum(number for (down, across), number in pairs.items() if not down or not across)
    return PairTally(len(records), unclassified, cells)


def named_of(records: Collection[Any] | Records[Any], rows: str, chosen: tuple[Value, ...]) -> int:
    """Return how many records name one of some values of a dimension."""
    if not isinstance(records, Collection):
        from icatmapping.frames import gap_tallies  # noqa: PLC0415 - as above

        return gap_tallies.named_of(records, rows, chosen)
    kept = frozenset(chosen)
    return sum(not kept.isdisjoint(values) for values in value_column(records, rows))


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
    combinations: Counter[tuple[Combination, Combination]] = Counter()
    uncoded: dict[Value, list[int]] = {}
    for place, (down, across) in enumerate(zip(value_column(records, rows), value_column(records, cols), strict=True)):
        combinations[down, across] += 1
        if not across:
            for row in down:
                uncoded.setdefault(row, []).append(place)
    kept = frozenset(chosen)
    named = unclassified = 0
    totals: Counter[Value] = Counter()
    counts: dict[Value, Counter[Value]] = {}
    groups: dict[str, tuple[int, Counter[Value]]] = {}
    for (down, across), number in combinations.items():
        if not kept.isdisjoint(down):
            named += number
            unclassified += 0 if across else number
        if not across:
            continue
        for row in down:
            totals[row] += number
            _add(counts.setdefault(row, Counter()), across, number)
        for group in _groups_of(down) if rows == "country" else {""}:
            size, of_group = groups.get(group, (0, Counter()))
            _add(of_group, across, number)
            groups[group] = (size + number, of_group)
    ids = {row: (len(places), tuple([records[place].id for place in places])) for row, places in uncoded.items()}
    regional, worldwide = _beyond(records, cols, chosen) if rows == "country" else (None, Counter())
    return GapTally(named, unclassified, totals, counts, groups, ids, regional, worldwide)


def _add(counts: Counter[Value], across: Iterable[Value], number: int) -> None:
    for col in across:
        counts[col] += number


def _groups_of(countries: Iterable[Value]) -> set[str]:
    groups = {""}
    for alpha3 in countries:
        subregion, region = geography.subregion_of(str(alpha3)), geography.region_of(str(alpha3))
        groups |= {f"subregion {subregion}", f"region {region}"} if subregion and region else set()
    return groups


def _beyond(
    records: Collection[Any], cols: str, chosen: tuple[Value, ...]
) -> tuple[dict[Value, Counter[Value]], Counter[Value]]:
    """Return what reaches countries beyond the records that name them: work for an area, and global work."""
    areas: Areas = records.directory.areas
    worldwide: Counter[Value] = Counter()
    of_areas: Counter[tuple[tuple[str, ...], Combination]] = Counter()
    places = (value_column(records, "country"), value_column(records, "scope"), value_column(records, cols))
    for regions, countries, scope, across in zip(column(tuple(records), "regions"), *places, strict=True):
        if regions:
            told = frozenset(map(str, countries))
            reached = [one for one in map(str, regions) if one in areas.named]
            reached = [one for one in reached if areas.named[one].countries.isdisjoint(told)]
            if reached and across:
                of_areas[tuple(reached), across] += 1
        elif not countries and scope == ("global",):
            worldwide.update(across)
    regional: dict[Value, Counter[Value]] = {row: Counter() for row in chosen}
    for (reached_areas, across), number in of_areas.items():
        held = frozenset[str]().union(*(areas.named[area].countries for area in reached_areas))
        for row in chosen:
            if row in held:
                _add(regional[row], across, number)
    return regional, worldwide


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
