"""
What entities cover, counted: of initiatives in memory here, of those on frames by their engine.
"""

from __future__ import annotations

from collections import Counter
from itertools import product
from typing import TYPE_CHECKING

from icatmapping.query.codes import has_many_pairs
from icatmapping.query.collection import Collection
from icatmapping.query.readers import years_in
from icatmapping.query.tallies import Cell, PairedTally, PortfolioTally
from icatmapping.statistics.counts import plain_value
from icatmapping.statistics.covering import covered, taken_part_in
from icatmapping.statistics.memory_tallies import pairs_at_once

if TYPE_CHECKING:
    from collections.abc import Mapping

    from icatmapping.frames.frames import Records
    from icatmapping.model.records import Initiative

__all__ = ["paired_tally", "portfolio_tally"]


def portfolio_tally(
    records: Collection[Initiative] | Records[Initiative], entity: str, names: tuple[str, ...]
) -> PortfolioTally:
    """Count the cells that an entity covers, and those that all entities do."""
    if not isinstance(records, Collection):
        from icatmapping.frames import cell_tallies  # noqa: PLC0415 - only frames need it

        return cell_tallies.portfolio_tally(records, entity, names)
    mine = Counter[Cell]()
    firsts: dict[Cell, int] = {}
    lasts: dict[Cell, int] = {}
    n = placed = 0
    for _, span, cells, number in covered(records, names, (entity,)):
        n += number
        placed += number if cells else 0
        known = years_in(span)
        for cell in cells:
            mine[cell] += number
            if known:
                firsts[cell] = min(firsts.get(cell, known[0]), known[0])
                lasts[cell] = max(lasts.get(cell, known[-1]), known[-1])
    spans = {cell: (number, firsts.get(cell), lasts.get(cell)) for cell, number in mine.items()}
    all_placed, everyone = _everyone(records, names)
    return PortfolioTally(n, placed, all_placed, spans, everyone)


def _everyone(records: Collection[Initiative], names: tuple[str, ...]) -> tuple[int, Mapping[Cell, int]]:
    """Return how many initiatives of any entity are in a cell, and how many in each."""
    positions = taken_part_in(records, records.directory.entity_ids)
    codes = [records.store.codes(name).at(positions) for name in names]
    if len(codes) == 2 and has_many_pairs(*codes) and codes[1].has_few_values():
        down, across = codes
        pairs = pairs_at_once(down, across)
        return pairs.n - pairs.unclassified, {cell: sizes[1] for cell, sizes in pairs.cells.items()}
    everyone = Counter[Cell]()
    all_placed = 0
    for numbers, number in Counter(zip(*[one.numbers for one in codes], strict=True)).items():
        cells = list(product(*[one.combinations[place] for one, place in zip(codes, numbers, strict=True)]))
        all_placed += number if cells else 0
        for cell in cells:
            everyone[cell] += number
    return all_placed, {tuple(map(plain_value, cell)): number for cell, number in everyone.items()}


def paired_tally(
    records: Collection[Initiative] | Records[Initiative], one: str, other: str, names: tuple[str, ...]
) -> PairedTally:
    """Count the cells that two entities cover, by the years in which they do, and whether both take part."""
    if not isinstance(records, Collection):
        from icatmapping.frames import cell_tallies  # noqa: PLC0415 - as above

        return cell_tallies.paired_tally(records, one, other, names)
    counts: Counter[tuple[Cell, int | None, int | None, bool, bool]] = Counter()
    n_one = n_other = 0
    for members, span, cells, number in covered(records, names, (one, other)):
        has = (one in members, other in members)
        n_one, n_other = n_one + has[0] * number, n_other + has[1] * number
        first, last = (None, None) if span is None else (span.first, span.last)
        for cell in cells:
            counts[cell, first, last, *has] += number
    return PairedTally(n_one, n_other, tuple([(*key, number) for key, number in counts.items()]))
