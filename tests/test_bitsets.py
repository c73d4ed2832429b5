"""
Sets of positions as numbers, and values as codes: as plain sets and loops have them.
"""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import icatmapping as im
from icatmapping.query.bitsets import bitset, kept_in, packed, positions_of
from icatmapping.query.codes import Codes, coded_fields, has_many_pairs, paired
from icatmapping.query.dimensions import dimension, dimensions_of
from icatmapping.query.side_by_side import Written, added
from support.synthetic import diversify, scale_up

if TYPE_CHECKING:
    from collections.abc import Sequence

SIZE = 700
places = st.lists(st.integers(0, SIZE - 1), unique=True, max_size=SIZE)
said = st.lists(st.lists(st.sampled_from("abcdé"), unique=True, max_size=3).map(tuple), max_size=60)


@given(places)
def test_a_set_of_positions_gives_them_back_in_order(positions: list[int]) -> None:
    """What goes into a set comes out of it, few or many."""
    found = bitset(positions, SIZE)
    assert positions_of(found) == sorted(positions)
    assert found == sum(1 << position for position in positions)
    assert found.bit_count() == len(positions)


@pytest.mark.parametrize("taken", [slice(None), slice(3, 90), slice(None, None, -1), slice(5, 60, 7), slice(9, 9)])
def test_a_range_of_positions_is_a_set_as_well(taken: slice) -> None:
    """Ranges of any step are the set of what they hold."""
    positions = range(100)[taken]
    assert positions_of(bitset(positions, 100)) == sorted(positions)


@given(st.binary(max_size=90).map(lambda content: bytes(one % 2 for one in content)))
def test_flags_become_the_set_of_where_they_are_up(flags: bytes) -> None:
    """A position is in the set if its flag is up."""
    assert positions_of(packed(flags)) == [place for place, flag in enumerate(flags) if flag]


@given(places, places)
def test_sets_meet_and_join_as_sets_do(one: list[int], other: list[int]) -> None:
    """Operators of numbers are those of sets, and what is kept stays in its order."""
    mine, theirs = bitset(one, SIZE), bitset(other, SIZE)
    assert positions_of(mine & theirs) == sorted({*one} & {*other})
    assert positions_of(mine | theirs) == sorted({*one} | {*other})
    assert positions_of(mine & ~theirs) == sorted({*one} - {*other})
    assert kept_in(theirs, one) == [position for position in one if position in other]


@given(said)
def test_codes_say_what_was_said(column: list[tuple[str, ...]]) -> None:
    """Codes give the column back, count it, and know who says what."""
    codes = Codes.of(column)
    assert codes.column() == column
    assert codes.counted() == Counter(column)
    assert codes.mapped(len).column() == list(map(len, column))
    some = range(0, len(column), 2)
    assert codes.at(some).column() == codes.column(some) == column[::2]
    assert codes.counted(list(some)) == Counter(column[::2])
    values = {value for one in column for value in one or (None,)}
    assert {value: list(found) for value, found in codes.index().items()} == {
        value: [place for place, one in enumerate(column) if value in (one or (None,))] for value in values
    }
    sets = dict(zip(codes.combinations, codes.sets(), strict=True))
    assert {one: positions_of(found) for one, found in sets.items()} == {
        one: [place for place, other in enumerate(column) if other == one] for one in column
    }


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=80))
def test_pairs_are_counted_as_they_are(pairs: list[tuple[int, int]]) -> None:
    """Two columns side by side are counted as the pairs that they are."""
    one, other = Codes.of([a for a, _ in pairs]), Codes.of([b for _, b in pairs])
    assert paired(one, other) == Counter(pairs)


def test_more_than_65536_things_are_counted_too() -> None:
    """Where numbers need more than 16 bits, nothing is lost."""
    many = Codes.of(range(70_000))
    few = Codes.of([number % 3 for number in range(70_000)])
    assert (many.numbers.typecode, few.numbers.typecode) == ("I", "H")
    counts = paired(many, few)
    assert len(counts) == 70_000
    assert counts[69_999, 0] == 1
    assert has_many_pairs(many, few)
    assert not has_many_pairs(few, few)


@pytest.mark.parametrize("collection", ["entities", "organizations", "initiatives", "partnerships", "resources"])
def test_codes_hold_the_values_of_every_record(ds: im.Dataset, collection: str) -> None:
    """Whatever the dimension, the code of a record stands for what its reader reads from it."""
    records: Any = ds.collection(collection)
    for name in dimensions_of(collection):
        read = [dimension(name, collection).values(record, ds.directory) for record in records]
        assert records.store.codes(name).column() == read, name
        assert {None if value is None else str(value) for value in records.store.values(name)} == {
            None if value is None else str(value) for values in read for value in values or (None,)
        }


@pytest.mark.parametrize("value", [2015, 1990, None])
def test_the_set_of_a_year_is_that_of_the_records_active_in_it(ds: im.Dataset, value: int | None) -> None:
    """A year has those whose known span holds it, None those without one."""
    spans = [record.known_span for record in ds.initiatives]
    wanted = [
        place
        for place, span in enumerate(spans)
        if (span is None if value is None else span is not None and span.first <= value <= span.last)  # type: ignore[operator]
    ]
    assert positions_of(ds.initiatives.store.holds("year", value)) == wanted


# --- a world in which hardly two records say the same, which is counted all at once -----------------------------------


@pytest.fixture(scope="module")
def diverse(ds: im.Dataset) -> im.Dataset:
    """Give a dataset whose values are drawn one by one."""
    return diversify(scale_up(ds, 12_000, seed=2), seed=4)


def looped(records: Sequence[Any], directory: Any, rows: str, cols: str) -> Counter[tuple[str, str]]:
    """Count the cells of two dimensions, record by record."""
    counts: Counter[tuple[str, str]] = Counter()
    for record in records:
        down, across = (dimension(name, "initiatives").values(record, directory) for name in (rows, cols))
        counts.update((str(row), str(col)) for row in down for col in across)
    return counts


@pytest.mark.parametrize("cols", ["theme", "form", "year", "organization"])
def test_a_crosstab_of_a_diverse_world_is_that_of_a_loop(diverse: im.Dataset, cols: str) -> None:
    """Sets, and pairs one by one where there are too many cells for them, count what a loop counts."""
    for records in (diverse.initiatives, diverse.initiatives.where(since=2015), diverse.initiatives[::-3]):
        found = im.crosstab(records, "country", cols)
        counts = {(str(cell.row), str(cell.col)): cell.count for cell in found}
        assert counts == looped(list(records), diverse.directory, "country", cols)
        lacking = [
            record
            for record in records
            if not all(dimension(name, "initiatives").values(record, diverse.directory) for name in ("country", cols))
        ]
        assert found.unclassified == len(lacking)


def test_a_portfolio_of_a_diverse_world_is_that_of_a_loop(diverse: im.Dataset) -> None:
    """What an entity does in each cell, and what all do, counted record by record."""
    everyone: Counter[tuple[str, str]] = Counter()
    mine: Counter[tuple[str, str]] = Counter()
    for one in diverse.initiatives:
        who = diverse.directory.entities_of([*one.leads, *one.partners])
        cells = [(country, str(theme)) for country in one.countries for theme in one.themes]
        everyone.update(cells if who else ())
        mine.update(cells if "unodc" in who else ())
    found = im.portfolio(diverse, "UNODC")
    assert {row.cell: row.count for row in found} == mine
    assert {row.cell: row.all_members for row in found} == {cell: everyone[cell] for cell in mine}


def test_parts_of_a_diverse_world_add_up(diverse: im.Dataset) -> None:
    """With fractional counting every classified record is one, in coverage and crosstabs."""
    records = diverse.initiatives
    whole = [record for record in records if record.countries and record.themes]
    assert im.crosstab(records, "country", "theme", count="fractional").total == pytest.approx(len(whole))
    parts: Counter[str] = Counter()
    for record in records:
        parts.update({alpha3: 1 / len(record.countries) for alpha3 in record.countries})
    found = im.coverage(records, "country", count="fractional")
    assert {row.value: row.count for row in found} == pytest.approx(dict(parts))
    assert found.unclassified == sum(not record.countries for record in records)


def test_a_diverse_world_keeps_how_often_and_how_long(ds: im.Dataset) -> None:
    """Drawing value by value keeps the lengths of lists and about the frequencies, and makes nearly all differ."""
    grown = scale_up(ds, 6_000, seed=1)
    drawn = diversify(grown, seed=1)
    assert drawn == diversify(grown, seed=1)
    assert len({(one.countries, one.themes) for one in drawn.initiatives}) > 2 * len(
        {(one.countries, one.themes) for one in grown.initiatives}
    )
    before, after = (Counter(theme for one in world.initiatives for theme in one.themes) for world in (grown, drawn))
    assert after.keys() == before.keys()
    top = max(before, key=lambda theme: before[theme])
    assert after[top] == pytest.approx(before[top], rel=0.2)


def test_fields_are_coded_together_as_tuples(ds: im.Dataset) -> None:
    """Several fields of a record are one thing that it says."""
    records = tuple(ds.partnerships)
    codes = coded_fields(records, ("start", "end"))
    assert codes.column() == [(record.start, record.end) for record in records]


@pytest.mark.parametrize("by", ["country", "theme", "year", "kind", "organization"])
def test_counts_of_a_diverse_world_are_those_of_a_loop(diverse: im.Dataset, by: str) -> None:
    """Of all records, of stretches and of others; values are written with one, two or more bytes."""
    every = diverse.initiatives
    for records in (
        every,
        every[:-1],
        every[700:],
        every[10:300],
        every[::-2],
        every.where(region="africa"),
        every[:0],
    ):
        told = [tuple(map(str, values_of(one, by))) for one in records]
        found = im.coverage(records, by)
        assert {str(row.value): row.count for row in found if row.count} == Counter(chain.from_iterable(told))
        assert found.unclassified == told.count(())


@given(said, st.data())
def test_values_side_by_side_are_those_of_the_records(column: list[tuple[str, ...]], data: st.DataObject) -> None:
    """What is written is counted, and lanes of bits are added, as a loop would."""
    codes = Codes.of(column)
    first = data.draw(st.integers(0, len(column)))
    some = data.draw(st.lists(st.sampled_from(range(len(column))), unique=True)) if column else []
    for positions in (None, range(first, len(column)), range(first), some):
        kept = column if positions is None else [column[place] for place in positions]
        assert codes.counted_values(positions) == Counter(value for one in kept for value in one or (None,))
    lanes, of_records = codes.lanes()
    assert lanes.counted(of_records, some) == Counter(value for place in some for value in column[place])


def test_no_lane_has_a_bit_for_each_of_thousands(diverse: im.Dataset) -> None:
    """Lanes are for dimensions of few values, whichever of two that is."""
    initiatives = diverse.initiatives
    assert not initiatives.store.codes("organization").has_few_values()
    for rows, cols in (("organization", "theme"), ("theme", "organization"), ("organization", "lead")):
        found = im.crosstab(initiatives, rows, cols)
        counts = {(str(cell.row), str(cell.col)): cell.count for cell in found}
        assert counts == looped(list(initiatives), diverse.directory, rows, cols)


@given(st.integers(1, 3), st.data())
def test_lanes_are_added_bit_by_bit(size: int, data: st.DataObject) -> None:
    """However many there are, and however wide."""
    lanes = data.draw(st.lists(st.integers(0, (1 << 8 * size) - 1), max_size=70))
    written = b"".join(lane.to_bytes(size, "little") for lane in lanes)
    assert added(written, size) == [sum(lane >> bit & 1 for lane in lanes) for bit in range(8 * size)]


@pytest.mark.parametrize("number", [250, 300, 70_000])
def test_values_are_written_however_many_there_are(number: int) -> None:
    """In a byte each where they are few, in two or four where they are more."""
    written = Written([(value,) for value in range(number)])
    assert written.counted(written.of([0, number - 1, number - 1])) == {0: 1, number - 1: 2}
    assert {value: list(places) for value, places in written.places([number - 1, 0]).items()} == {
        number - 1: [0],
        0: [1],
    }


def values_of(one: im.Initiative, by: str) -> tuple[object, ...]:
    """Return the values of an initiative, from its fields."""
    if by == "year":
        return () if one.first_active is None else tuple(range(one.first_active, one.last_active + 1))
    found = {
        "country": one.countries,
        "theme": one.themes,
        "kind": () if one.kind is None else (one.kind,),
        "organization": tuple(dict.fromkeys([*one.leads, *one.partners, *one.donors])),
    }
    return found[by]
