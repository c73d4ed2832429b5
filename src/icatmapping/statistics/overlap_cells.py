"""
The cells and years of initiatives and whose they are, as bits of whole numbers, so that those of two are one ``&``.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from functools import reduce
from itertools import compress, count, islice, product
from operator import gt, or_
from typing import TYPE_CHECKING, Any, TypeAlias

from icatmapping.query.codes import Codes
from icatmapping.query.readers import years_in
from icatmapping.statistics.counts import plain_value
from icatmapping.statistics.covering import members_of
from icatmapping.utils.laziness import cached_property

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from icatmapping.model.schema import Value
    from icatmapping.query.collection import Collection
    from icatmapping.query.store import Store
    from icatmapping.query.tallies import Cell

__all__ = ["Covering"]

_TOGETHER = 64
"""How many cells have their years in one number."""

Parts: TypeAlias = "tuple[tuple[int, int], ...]"
"""What some cells are as bits: the lowest bit of each cell, of every so many cells together."""


class Covering:
    """
    What initiatives cover: by entity and the value of the first dimension, the cells of the others and the years.

    Args:
        records: The initiatives.
        names: The dimensions that make a cell.
    """

    def __init__(self, records: Collection[Any], names: tuple[str, ...]) -> None:
        self.records = records
        store: Store[Any] = records.store
        self._store = store
        self._ids = list(store.position_of)
        spans = store.spans("known")
        years = [years_in(span) for span in spans.combinations]
        self._first = min([min(one) for one in years if one], default=0)
        self._width = max([max(one) for one in years if one], default=0) - self._first + 1
        self._years = [sum([1 << year - self._first for year in one]) for one in years]
        self._spans = spans.numbers
        self._values, *others = [store.codes(name) for name in names]
        self._cells = _Cells(others, len(store.records), self._width)

    def years(self) -> dict[str, dict[Value, dict[Cell, int]]]:
        """Return for each entity, by the value of the first dimension, its years in each cell, as bits that are set."""
        first, width, cells = self._first, self._width, self._cells.cells
        lowest = (1 << width) - 1
        found: dict[str, dict[Value, dict[Cell, int]]] = {}
        for one, there in self._there.items():
            own = found[one] = {}
            for value, here in there.items():
                years: dict[Cell, int] = {}
                for group, packed in here.years.items():
                    place = group * _TOGETHER
                    left = packed
                    while left:
                        if left & lowest:
                            years[cells[place]] = (left & lowest) << first
                        left >>= width
                        place += 1
                if years:
                    own[value] = years
        return found

    def active(self, entity: str, value: Value, wanted: Mapping[Cell, int]) -> tuple[str, ...]:
        """Return the ids of the initiatives of an entity that are active in some years in cells, newest first."""
        wanted_of: defaultdict[int, int] = defaultdict(int)
        for cell, years in wanted.items():
            group, place = divmod(self._cells.number_of[cell], _TOGETHER)
            wanted_of[group] |= years >> self._first << self._width * place
        ids, covered = self._taken_apart(self._there[entity][value])
        hits = [map(years.__and__, covered[group]) for group, years in wanted_of.items() if group in covered]
        return tuple(compress(ids, hits[0] if len(hits) == 1 else map(any, zip(*hits, strict=True))))

    def _taken_apart(self, there: _There) -> tuple[list[str], dict[int, list[int]]]:
        """Return the ids of initiatives, newest first, and for each group of cells what each of them covers."""
        found = there.taken_apart
        if found is None:
            parts, numbers, years_of, spans = self._cells.parts, self._cells.numbers, self._years, self._spans
            places = sorted(there.places, key=lambda place: -years_of[spans[place]].bit_length())
            covered: dict[int, list[int]] = {group: [0] * len(places) for group in there.years}
            for number, place in enumerate(places):
                for group, lanes in parts[numbers[place]]:
                    covered[group][number] = lanes * years_of[spans[place]]
            found = there.taken_apart = [self._ids[place] for place in places], covered
        return found

    @cached_property
    def _there(self) -> dict[str, dict[Value, _There]]:
        """The dated initiatives of each entity that have a value of the first dimension, by that value."""
        members, spans, years_of = members_of(self._store), self._spans, self._years
        values, of_values = [tuple(map(plain_value, said)) for said in self._values.combinations], self._values.numbers
        parts, of_parts = self._cells.parts, self._cells.numbers
        found: dict[str, defaultdict[Value, _There]] = defaultdict(lambda: defaultdict(_There))
        of_members = [[found[one] for one in who] for who in members.combinations]
        for place in self._by_id():
            entities, years = of_members[members.numbers[place]], years_of[spans[place]]
            if not entities or not years:
                continue
            said = values[of_values[place]]
            covered = [(group, lanes * years) for group, lanes in parts[of_parts[place]]]
            for own in entities:
                for value in said:
                    there = own[value]
                    there.places.append(place)
                    for group, packed in covered:
                        there.years[group] |= packed
        return {one: there for one, there in found.items() if there}

    def _by_id(self) -> Sequence[int]:
        """Return the positions of the initiatives in the order of their ids."""
        ids = self._ids
        if any(map(gt, ids, islice(ids, 1, None))):
            return sorted(self.records.positions, key=ids.__getitem__)
        return self.records.positions


class _There:
    """
    The initiatives of one entity that have one value of the first dimension.

    Attributes:
        places: Their positions.
        years: The cells that they cover and the years in each, as bits, by group of cells.
        taken_apart: What is made of them when they are asked for one by one.
    """

    __slots__ = ("places", "taken_apart", "years")

    def __init__(self) -> None:
        self.places = array("I")
        self.years: defaultdict[int, int] = defaultdict(int)
        self.taken_apart: tuple[list[str], dict[int, list[int]]] | None = None


class _Cells:
    """
    The cells that records are in, as numbers.

    Args:
        others: The values of the dimensions that make a cell, as codes; without any, all records are in one cell.
        number: How many records there are.
        width: How many bits a cell has.

    Attributes:
        cells: The cells.
        number_of: The number of each.
        parts: The cells that can be said together, as bits.
        numbers: For each record, the number of those that it is in.
    """

    def __init__(self, others: Sequence[Codes[tuple[Value, ...]]], number: int, width: int) -> None:
        said: Codes[Any]
        if not others:
            said = Codes([((),)], array("I", bytes(4 * number)))
        elif len(others) == 1:
            said = Codes([tuple(zip(values, strict=True)) for values in others[0].combinations], others[0].numbers)
        else:
            said = Codes.of(zip(*[one.numbers for one in others], strict=True)).mapped(
                lambda numbers: tuple(product(*[one.combinations[at] for one, at in zip(others, numbers, strict=True)]))
            )
        number_of: defaultdict[Cell, int] = defaultdict(count().__next__)
        coded = [[number_of[cell] for cell in cells] for cells in said.combinations]
        self.cells: list[Cell] = [tuple(map(plain_value, cell)) for cell in number_of]
        self.number_of = {cell: place for place, cell in enumerate(self.cells)}
        bits = [1 << width * (place % _TOGETHER) for place in range(len(self.cells))]
        self.parts: list[Parts]
        if len(self.cells) <= _TOGETHER:
            self.parts = [((0, reduce(or_, map(bits.__getitem__, places), 0)),) for places in coded]
        else:
            self.parts = [_grouped(places, bits) for places in coded]
        self.numbers = said.numbers


def _grouped(places: Sequence[int], bits: Sequence[int]) -> Parts:
    found: dict[int, int] = {}
    for place in places:
        group = place // _TOGETHER
        found[group] = found.get(group, 0) | bits[place]
    return tuple(found.items())
