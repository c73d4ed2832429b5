"""
What entities cover, counted: of initiatives in memory here, of those on frames by their engine.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from icatmapping.query.collection import Collection
from icatmapping.query.readers import years_in
from icatmapping.query.tallies import Cell, PairedTally, PortfolioTally
from icatmapping.statistics.covering import covered

if TYPE_CHECKING:
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
    mine, everyone = Counter[Cell](), Counter[Cell]()
    years: dict[Cell, list[int]] = {}
    n = placed = all_placed = 0
    for members, span, cells, number in covered(records, names):
        all_placed += number if cells else 0
        for cell in cells:
            everyone[cell] += number
        if entity in members:
            n += number
            placed += number if cells else 0
            for cell in cells:
                mine[cell] += number
                years.setdefault(cell, []).extend(years_in(span))
    spans = {
        cell: (number, min(years[cell], default=None), max(years[cell], default=None)) for cell, number in mine.items()
    }
    return PortfolioTally(n, placed, all_placed, spans, everyone)


def paired_tally(
    records: Collection[Initiative] | Records[Initiative], one: str, other: str, names: tuple[str, ...]
) -> PairedTally:
    """Count the cells that two entities cover, by the years in which they do, and whether both take part."""
    if not isinstance(records, Collection):
        from icatmapping.frames import cell_tallies  # noqa: PLC0415 - as above

        return cell_tallies.paired_tally(records, one, other, names)
    counts: Counter[tuple[Cell, int | None, int | None, bool, bool]] = Counter()
    n_one = n_other = 0
    for members, span, cells, number in covered(records, names):
        has = (one in members, other in members)
        if any(has):
            n_one, n_other = n_one + has[0] * number, n_other + has[1] * number
            first, last = (None, None) if span is None else (span.first, span.last)
            for cell in cells:
                counts[cell, first, last, *has] += number
    return PairedTally(n_one, n_other, tuple([(*key, number) for key, number in counts.items()]))
