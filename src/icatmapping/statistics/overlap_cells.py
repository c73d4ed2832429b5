"""
The cells and years of initiatives, and whose they are.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from itertools import compress, count, islice, product
from operator import gt
from typing import TYPE_CHECKING, Any

from icatmapping.query.bitsets import flags_of, packed
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

_BYTE = 0x100


class Covering:
    """
    What initiatives cover: by entity and the value of the first dimension, the cells of the others and the years.

    Args:
        records: The initiatives.
        names: The dimensions that make a cell.
    """

    def __init__(self, records: Collection[Any], names: tuple[str, ...]) -> None:
        self.records = records
        self._store: Store[Any] = records.store
        self._ids = list(self._store.position_of)
        spans = self._store.spans("known")
        years = [years_in(span) for span in spans.combinations]
        self._first = min([min(one) for one in years if one], default=0)
        masks = [sum([1 << year - self._first for year in one]) for one in years]
        self._years = list(map(masks.__getitem__, spans.numbers))
        self._newness = list(map([-mask.bit_length() for mask in masks].__getitem__, spans.numbers))
        self._values, *others = [self._store.codes(name) for name in names]
        said = _cells_said(others, len(self._ids))
        number_of: defaultdict[Cell, int] = defaultdict(count().__next__)
        numbers = [[number_of[cell] for cell in cells] for cells in said.combinations]
        coded: list[bytes] | list[list[int]] = list(map(bytes, numbers)) if len(number_of) <= _BYTE else numbers
        self._cells: list[Cell] = [tuple(map(plain_value, cell)) for cell in number_of]
        self._number_of = {cell: number for number, cell in enumerate(self._cells)}
        self._coded: list[Sequence[int]] = list(map(coded.__getitem__, said.numbers))

    def years(self) -> dict[str, dict[Value, dict[Cell, int]]]:
        """Return for each entity, by the value of the first dimension, its years in each cell, as bits that are set."""
        first, cells, years_of, coded = self._first, self._cells, self._years, self._coded
        found: dict[str, dict[Value, dict[Cell, int]]] = {}
        for one, there in self._there.items():
            own = found[one] = {}
            for value, places in there.items():
                known: defaultdict[int, int] = defaultdict(int)
                for place in places:
                    years = years_of[place]
                    for cell in coded[place]:
                        known[cell] |= years
                if known:
                    own[value] = {cells[cell]: years << first for cell, years in known.items()}
        return found

    def active(self, entity: str, value: Value, wanted: Mapping[Cell, int]) -> tuple[str, ...]:
        """Return the ids of the initiatives of an entity that are active in some years in cells, newest first."""
        years_in_cell = {self._number_of[cell]: years >> self._first for cell, years in wanted.items()}.get
        found: list[str] = []
        for identifier, years, cells in self._newest_first(entity, value):
            for cell in cells:
                if years_in_cell(cell, 0) & years:
                    found.append(identifier)
                    break
        return tuple(found)

    def _newest_first(self, entity: str, value: Value) -> list[tuple[str, int, Sequence[int]]]:
        """Return the ids, years and cells of initiatives, by the last of their years and then by id."""
        found = self._in_order.get((entity, value))
        if found is None:
            places = self._there[entity][value]
            by_id = places if self._is_by_id else sorted(places, key=self._ids.__getitem__)
            newest = sorted(by_id, key=self._newness.__getitem__)
            found = [(self._ids[place], self._years[place], self._coded[place]) for place in newest]
            self._in_order[entity, value] = found
        return found

    @cached_property
    def _in_order(self) -> dict[tuple[str, Value], list[tuple[str, int, Sequence[int]]]]:
        return {}

    @cached_property
    def _is_by_id(self) -> bool:
        return not any(map(gt, self._ids, islice(self._ids, 1, None)))

    @cached_property
    def _there(self) -> dict[str, dict[Value, array[int]]]:
        """The positions of the dated initiatives of each entity, by their values of the first dimension."""
        dated = packed(bytes(map(bool, self._years)))
        kept = flags_of(self.records.position_set & dated, len(self._ids))
        found: dict[str, dict[Value, array[int]]] = {}
        for one, places in members_of(self._store).index().items():
            positions = list(compress(places, map(kept.__getitem__, places)))
            if one is not None and positions:
                by_value = self._values.at(positions).index()
                by_value.pop(None, None)
                found[one] = {
                    plain_value(value): array("I", map(positions.__getitem__, local))
                    for value, local in by_value.items()
                }
        return found


def _cells_said(others: Sequence[Codes[tuple[Value, ...]]], number: int) -> Codes[tuple[Cell, ...]]:
    """Return in which cells of some dimensions each record is; without any, all are in one."""
    if not others:
        return Codes([((),)], array("I", bytes(4 * number)))
    if len(others) == 1:
        return Codes([tuple(zip(values, strict=True)) for values in others[0].combinations], others[0].numbers)
    said: Codes[tuple[int, ...]] = Codes.of(zip(*[one.numbers for one in others], strict=True))
    return said.mapped(
        lambda numbers: tuple(product(*[one.combinations[at] for one, at in zip(others, numbers, strict=True)]))
    )
