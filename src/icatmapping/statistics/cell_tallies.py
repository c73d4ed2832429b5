"""
What entities cover, counted: of initiatives in memory here, of those on frames by their engine.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from icatmapping.dataset import Dataset
from icatmapping.model.records import participants
from icatmapping.network.affiliations import collect_events
from icatmapping.query.collection import Collection
from icatmapping.query.readers import years_in
from icatmapping.query.tallies import Cell, Coverer, PairedTally, PortfolioTally
from icatmapping.statistics.cells import cells_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from icatmapping.frames.frames import Frames, Records
    from icatmapping.model.records import Initiative
    from icatmapping.model.schema import Value

__all__ = ["coverers", "joined_events", "paired_tally", "portfolio_tally"]


def portfolio_tally(
    records: Collection[Initiative] | Records[Initiative], entity: str, names: tuple[str, ...]
) -> PortfolioTally:
    """Count the cells that an entity covers, and those that all entities do."""
    if not isinstance(records, Collection):
        from icatmapping.frames import cell_tallies  # noqa: PLC0415 - only frames need it

        return cell_tallies.portfolio_tally(records, entity, names)
    directory = records.directory
    mine, everyone = Counter[Cell](), Counter[Cell]()
    years: dict[Cell, list[int]] = {}
    n = placed = all_placed = 0
    for record in records:
        members = directory.entities_of(participants(record))
        cells = cells_of(directory, record, names) if members else []
        everyone.update(cells)
        all_placed += bool(cells)
        if entity in members:
            mine.update(cells)
            n += 1
            placed += bool(cells)
            for cell in cells:
                years.setdefault(cell, []).extend(years_in(record.known_span))
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
    directory = records.directory
    counts: Counter[tuple[Cell, int | None, int | None, bool, bool]] = Counter()
    n_one = n_other = 0
    for record in records:
        members = directory.entities_of(participants(record))
        has = (one in members, other in members)
        if any(has):
            n_one, n_other = n_one + has[0], n_other + has[1]
            for cell in cells_of(directory, record, names):
                counts[cell, record.first_active, record.last_active, *has] += 1
    return PairedTally(n_one, n_other, tuple([(*key, number) for key, number in counts.items()]))


def coverers(records: Collection[Initiative] | Records[Initiative], names: tuple[str, ...]) -> Iterator[Coverer]:
    """Yield which entity covers which cell by which record, in which years; undated records cover nothing."""
    if not isinstance(records, Collection):
        from icatmapping.frames import cell_tallies  # noqa: PLC0415 - as above

        yield from cell_tallies.coverers(records, names)
        return
    directory = records.directory
    for record in records:
        years = years_in(record.known_span)
        members = directory.entities_of(participants(record)) if years else ()
        if members:
            cells = cells_of(directory, record, names)
            yield from (Coverer(entity, cell, record.id, years) for entity in members for cell in cells)


def joined_events(
    ds: Dataset | Frames, name: str, criteria: Mapping[str, Any]
) -> dict[str, tuple[frozenset[str], frozenset[Value]]]:
    """
    Return the events in which several entities take part, by node, with who does and the values that they name.

    A partnership and its initiative twin are one undertaking: whoever is in either is joined in what either names.
    """
    if not isinstance(ds, Dataset):
        from icatmapping.frames import cell_tallies  # noqa: PLC0415 - as above

        return cell_tallies.joined_events(ds.initiatives.select(criteria), ds.partnerships.select(criteria), name)
    found: dict[str, tuple[frozenset[str], frozenset[Value]]] = {}
    for node, event in collect_events(ds, criteria=criteria).items():
        members = ds.directory.entity_ids & event.roles.keys()
        if len(members) > 1:
            values = {cell[0] for record in event.records for cell in cells_of(ds.directory, record, (name,))}
            found[node] = (members, frozenset(values))
    return found
