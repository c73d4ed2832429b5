"""
Counting the records in memory: by the combinations that they have, or, where hardly two have the same, all at once.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from functools import cache
from itertools import chain, product
from typing import TYPE_CHECKING, Any

from icatmapping.model import geography
from icatmapping.query.bitsets import positions_of
from icatmapping.query.codes import Codes, has_many_pairs, paired
from icatmapping.query.conditions import NAMED_AREA
from icatmapping.query.tallies import GapTally, PairTally, Tally
from icatmapping.statistics.counts import (
    coded_values,
    plain_value,
    value_codes,
    value_column,
    value_combinations,
    value_sets,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from icatmapping.model.schema import Value
    from icatmapping.query.collection import Collection
    from icatmapping.query.criteria import Dates
    from icatmapping.statistics.counts import Combination

__all__ = ["gap_tally", "pair_tally", "pairs_at_once", "tally"]

_MANY = 10_000
"""How many records are few enough to be counted in any way."""
_SAMPLED = 8_192
"""Of how many records it is looked at how many values they have."""
_FEW_ALIKE = 8
"""Where there are more combinations than one in so many records, they are counted value by value."""


def tally(records: Collection[Any], name: str, dates: Dates = "known", *, sized: bool = True) -> Tally:
    """Count how many records have each value of a dimension."""
    codes, positions = value_codes(records, name, dates)
    if codes is None:
        codes = Codes.of(value_column(records, name, dates))
    if _FEW_ALIKE * len(codes.combinations) > len(records) > _MANY:
        if sized:
            return _tally_one_by_one(codes if positions is None else codes.at(positions))
        return _tally_values(len(records), codes, positions)
    sizes: dict[Value, dict[int, int]] = {}
    combinations = value_combinations(records, name, dates)
    for combination, number in combinations.items():
        size = len(combination)
        for value in combination:
            of_value = sizes.setdefault(plain_value(value), {})
            of_value[size] = of_value.get(size, 0) + number
    return Tally(len(records), combinations.get((), 0), sizes)


def _tally_values(n: int, codes: Codes[Combination], positions: Sequence[int] | None) -> Tally:
    """Count the values of all records at once."""
    counts = codes.counted_values(positions)
    unclassified = counts.pop(None, 0)
    return Tally(n, unclassified, {plain_value(value): {1: number} for value, number in counts.items()})


def _tally_one_by_one(codes: Codes[Combination]) -> Tally:
    """Count the values of each record by itself."""
    by_size: dict[int, list[Combination]] = defaultdict(list)
    for combination in map(codes.combinations.__getitem__, codes.numbers):
        by_size[len(combination)].append(combination)
    sizes: dict[Value, dict[int, int]] = {}
    for size, found in by_size.items():
        for value, number in Counter(chain.from_iterable(found)).items():
            sizes.setdefault(plain_value(value), {})[size] = number
    return Tally(len(codes.numbers), len(by_size[0]), sizes)


def pair_tally(records: Collection[Any], rows: str, cols: str, dates: Dates, *, sized: bool) -> PairTally:
    """Count how many records have each pair of values of two dimensions."""
    down, across = coded_values(records, rows, dates), coded_values(records, cols, dates)
    if has_many_pairs(down, across):
        is_turned = not across.has_few_values() or (down.has_few_values() and _length(across) < _length(down))
        if sized or not (down if is_turned else across).has_few_values():
            return _pairs_one_by_one(down, across)
        if is_turned:
            return _turned(pairs_at_once(across, down, _places(records, cols, across)))
        return pairs_at_once(down, across, _places(records, rows, down))
    combinations = paired(down, across)
    plain = {combination: tuple(map(plain_value, combination)) for pair in combinations for combination in pair}
    by_size: dict[int, Counter[tuple[Value, Value]]] = defaultdict(Counter)
    for (one, other), number in combinations.items():
        counter = by_size[len(one) * len(other) if sized else 1]
        for cell in product(plain[one], plain[other]):
            counter[cell] += number
    unclassified = sum(number for (one, other), number in combinations.items() if not one or not other)
    return PairTally(len(records), unclassified, _cells(by_size))


def _cells(by_size: Mapping[int, Mapping[tuple[Value, Value], int]]) -> dict[tuple[Value, Value], dict[int, int]]:
    cells: dict[tuple[Value, Value], dict[int, int]] = {}
    for size, counts in by_size.items():
        for cell, number in counts.items():
            cells.setdefault(cell, {})[size] = number
    return cells


def pairs_at_once(
    down: Codes[Combination],
    across: Codes[Combination],
    places: Mapping[Value | None, Sequence[int]] | None = None,
) -> PairTally:
    """
    Count for each value of one dimension the values of the other, of all records at once that have it.

    Args:
        down: What records say of the one.
        across: What they say of the other.
        places: The places of the records with each value of the one, if they are known.
    """
    places = down.index() if places is None else places
    lanes, of_records = across.lanes()
    cells: dict[tuple[Value, Value], dict[int, int]] = {}
    for mine, found in places.items():
        if mine is not None:
            for theirs, number in lanes.counted(of_records, found).items():
                cells[plain_value(mine), plain_value(theirs)] = {1: number}
    without = places.get(None, ())
    unclassified = len(without)
    if () in across.combinations:
        nothing = across.combinations.index(())
        unclassified += across.numbers.count(nothing) - sum(across.numbers[place] == nothing for place in without)
    return PairTally(len(down.numbers), unclassified, cells)


def _places(records: Collection[Any], name: str, codes: Codes[Combination]) -> Mapping[Value | None, Sequence[int]]:
    """Return by value the places of records among those that there are codes of."""
    is_whole = records.store.has_codes(name) and codes is records.store.codes(name)
    return records.store.index(name) if is_whole else codes.index()


def _turned(counted: PairTally) -> PairTally:
    return counted._replace(cells={(row, col): sizes for (col, row), sizes in counted.cells.items()})


def _length(codes: Codes[Combination]) -> int:
    """Return how many values some of the records have, from which it can be told which of two dimensions has fewer."""
    return sum(map(len, map(codes.combinations.__getitem__, codes.numbers[:: len(codes.numbers) // _SAMPLED + 1])))


def _pairs_one_by_one(down: Codes[Combination], across: Codes[Combination]) -> PairTally:
    """Count the pairs of values of each record by itself."""
    ones, others = ([tuple(map(plain_value, values)) for values in codes.combinations] for codes in (down, across))
    grouped: dict[int, tuple[array[int], array[int]]] = defaultdict(lambda: (array("I"), array("I")))
    heights, widths = list(map(len, ones)), list(map(len, others))
    for one, other in zip(down.numbers, across.numbers, strict=True):
        mine, theirs = grouped[heights[one] * widths[other]]
        mine.append(one)
        theirs.append(other)
    unclassified = len(grouped.pop(0)[0]) if 0 in grouped else 0
    by_size: dict[int, Counter[tuple[Value, Value]]] = defaultdict(Counter)
    for size, (mine, theirs) in grouped.items():
        pairs = map(product, map(ones.__getitem__, mine), map(others.__getitem__, theirs))
        by_size[size].update(chain.from_iterable(pairs))
    return PairTally(len(down.numbers), unclassified, _cells(by_size))


def gap_tally(records: Collection[Any], rows: str, cols: str, chosen: tuple[Value, ...]) -> GapTally:
    """Count what gaps are found from, by the sets of the records that have each value."""
    store = records.store
    columns = {col: found for col, found in value_sets(records, cols) if col is not None}
    coded = store.any_of(columns.values())
    without = records.position_set & ~coded
    wanted = frozenset(chosen)
    looked_at = 0
    groups = {"": coded}
    totals: dict[Value, int] = {}
    counts: dict[Value, dict[Value, int]] = {}
    for row, found in value_sets(records, rows):  # one at a time, as there may be many
        if row is None:
            continue
        if found & coded:
            totals[row] = (found & coded).bit_count()
            counts[row] = _counted(found, columns)
        for group in _groups_of(str(row)) if rows == "country" else ():
            groups[group] = groups.get(group, 0) | found & coded
        if row in wanted:
            looked_at |= found

    def uncoded(row: Value) -> tuple[int, tuple[str, ...]]:
        places = positions_of(store.holds(rows, row) & without)
        return len(places), tuple([store.records[place].id for place in places])

    regional, worldwide = _beyond(records, columns, chosen) if rows == "country" else (None, {})
    return GapTally(
        looked_at.bit_count(),
        (looked_at & without).bit_count(),
        totals,
        counts,
        {group: (found.bit_count(), _counted(found, columns)) for group, found in groups.items() if found},
        cache(uncoded),
        regional,
        worldwide,
    )


def _counted(found: int, columns: Mapping[Value, int]) -> dict[Value, int]:
    """Count how many records of a set are in each of some others, where there are any."""
    counts = {col: (found & there).bit_count() for col, there in columns.items()}
    return {col: number for col, number in counts.items() if number}


def _groups_of(alpha3: str) -> Iterable[str]:
    subregion, region = geography.subregion_of(alpha3), geography.region_of(alpha3)
    return (f"subregion {subregion}", f"region {region}") if subregion and region else ()


def _beyond(
    records: Collection[Any], columns: Mapping[Value, int], chosen: tuple[Value, ...]
) -> tuple[dict[Value, Mapping[Value, int]], Mapping[Value, int]]:
    """Return what reaches countries beyond the records that name them: work for an area, and global work."""
    store, areas = records.store, records.directory.areas
    kept = records.position_set
    apart: dict[str, int] = {}
    for value, area in areas.named.items():
        found = store.holds(NAMED_AREA, value) & kept
        if found:
            inside = store.any_of([store.holds("country", alpha3) for alpha3 in area.countries])
            apart[value] = found & ~inside
    known: dict[tuple[str, ...], Mapping[Value, int]] = {}
    regional: dict[Value, Mapping[Value, int]] = {}
    for row in chosen:
        holding = tuple([value for value in apart if row in areas.named[value].countries])
        if holding not in known:
            known[holding] = _counted(store.any_of([apart[value] for value in holding]), columns)
        regional[row] = known[holding]
    placeless = [store.holds(NAMED_AREA, None), store.holds("country", None), store.holds("scope", "global")]
    return regional, _counted(store.all_of(placeless) & kept, columns)
