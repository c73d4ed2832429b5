"""
What an entity does, beside what all members do, and what two of them do beside each other.
"""

from __future__ import annotations

from collections import Counter
from statistics import NormalDist
from typing import TYPE_CHECKING, Unpack

from attrs import frozen

from icatmapping.dataset import check_dataset
from icatmapping.model.records import Initiative, Partnership, Resource, participants
from icatmapping.network.affiliations import collect_events
from icatmapping.query.provenance import provenance_of
from icatmapping.query.readers import years_in
from icatmapping.results import NO_PROVENANCE, Provenance, Row, Table
from icatmapping.statistics.cells import Cell, cell_dimensions, cell_labels, cells_of
from icatmapping.statistics.intervals import wilson
from icatmapping.utils.arguments import materialize
from icatmapping.utils.representation import join_first

if TYPE_CHECKING:
    from collections.abc import Iterable

    from icatmapping.dataset import Dataset
    from icatmapping.model.records import Entity
    from icatmapping.query.criteria import ContextCriteria, SharedCriteria

MIN_RANKED = 5
"""A location quotient that rests on fewer initiatives is not ranked."""
LEVEL = 0.95
"""The confidence level of the intervals of location quotients."""

__all__ = ["Comparison", "ComparisonCell", "Portfolio", "PortfolioCell", "compare", "portfolio"]


@frozen(repr=False)
class PortfolioCell(Row):
    """
    What an entity does in a cell, beside what all members do there.

    Attributes:
        cell: The cell, e.g. ``("NGA", "child_protection")``.
        label: It as people write it.
        count: The number of initiatives there that the entity leads or partners.
        all_members: The number there that any member leads or partners.
        quotient: The location quotient: the cell's part of the entity's initiatives, divided by its part of all
            members'. Above 1: the entity does more of this than members do on the whole.
        low: The lower end of its interval at 0.95: Wilson's of the entity's part, divided by all members'.
        high: The upper end.
        first_active: The first year in which the entity is known to be active there, or None if all is undated.
        last_active: The last year, or None.
    """

    cell: Cell
    label: str
    count: int
    all_members: int
    quotient: float
    low: float
    high: float
    first_active: int | None
    last_active: int | None


@frozen(repr=False)
class Portfolio(Table[PortfolioCell]):
    """
    Where an entity works and on what, most initiatives first.

    Attributes:
        entity: Its id.
        name: Its acronym.
        on: The dimensions that make a cell.
        n: The number of initiatives that it leads or partners, itself or through an organ.
        placed: How many of them are in any cell; what the quotients divide by.
        all_placed: The number of all members' initiatives that are in any cell.
        rows: A row for every cell that it covers; by count, then cell.
        provenance: What was asked, and of which data.
    """

    entity: str
    name: str
    on: tuple[str, ...]
    n: int
    placed: int
    all_placed: int
    rows: tuple[PortfolioCell, ...]
    provenance: Provenance = NO_PROVENANCE

    @property
    def specialization(self) -> tuple[PortfolioCell, ...]:
        """The cells by location quotient, highest first; those of fewer than 5 initiatives are chance, and left out."""
        ranked = [row for row in self.rows if row.count >= MIN_RANKED]
        return tuple(sorted(ranked, key=lambda row: (-round(row.quotient, 9), -row.count, row.cell)))

    def _repr_summary(self) -> str:
        found = join_first(f"{row.label} {row.count}" for row in self.rows)
        size = f"{self.n} initiatives, {len(self.rows)} cells"
        return f" of {self.name} by {' and '.join(self.on)}: {size}{', ' if found else ''}{found}"


def portfolio(
    ds: Dataset,
    entity: str | Entity,
    *,
    on: str | Iterable[str] = ("country", "theme"),
    **criteria: Unpack[ContextCriteria],
) -> Portfolio:
    r"""
    Show where an entity works and on what, and what it does more than members do on the whole.

    The location quotient of a cell is :math:`(x / n) / (X / N)`: :math:`x` of the entity's :math:`n` initiatives with
    any cell are in it, and :math:`X` of all members' :math:`N`. The counts stand beside it, as quotients of small
    counts are chance.

    Args:
        ds: The dataset.
        entity: The entity, by id, acronym, name or alias.
        on: The dimensions that make a cell; ``"theme"`` alone shows on what it specializes.
        **criteria: What initiatives have to meet, as in `Collection.where`.

    Raises:
        UnknownNameError: If no entity is called so, or initiatives or partnerships lack a dimension.
        ValueError: If no dimension is given.

    Examples:
        >>> import icatmapping as im
        >>> found = im.portfolio(im.load(), "IMO", on="theme")
        >>> found.specialization[0].label
        'Transport and borders'

    References:
        P. S. Florence (1939), Report on the location of industry; as an index of revealed advantage in B. Balassa
        (1965), Trade liberalisation and revealed comparative advantage, The Manchester School 33, 99-123.
    """
    check_dataset(ds)
    one = ds.directory.lookup_entity(entity)
    names = cell_dimensions(ds, on)
    label = cell_labels(ds, names)
    asked = materialize(criteria)
    mine, everyone = Counter[Cell](), Counter[Cell]()
    n = placed = all_placed = 0
    years: dict[Cell, list[int]] = {}
    for record in ds.initiatives.select(asked):
        members = ds.directory.entities_of(participants(record))
        cells = cells_of(ds, record, names) if members else []
        everyone.update(cells)
        all_placed += bool(cells)
        if one in members:
            mine.update(cells)
            n += 1
            placed += bool(cells)
            for cell in cells:
                years.setdefault(cell, []).extend(years_in(record.known_span))
    rows = [
        _cell(cell, label(cell), count, everyone[cell], placed, all_placed, years[cell])
        for cell, count in sorted(mine.items(), key=lambda item: (-item[1], item[0]))
    ]
    about = provenance_of(ds.directory, asked)
    return Portfolio(one, ds.directory.label(one), names, n, placed, all_placed, tuple(rows), about)


_Z = NormalDist().inv_cdf((1 + LEVEL) / 2)


def _cell(
    cell: Cell, label: str, count: int, of_all: int, placed: int, all_placed: int, years: list[int]
) -> PortfolioCell:
    part = of_all / all_placed
    low, high = wilson(count, placed, _Z)
    first, last = (min(years), max(years)) if years else (None, None)
    return PortfolioCell(cell, label, count, of_all, count / placed / part, low / part, high / part, first, last)


@frozen(repr=False)
class ComparisonCell(Row):
    """
    What two entities do in a cell.

    Attributes:
        cell: The cell, e.g. ``("NGA", "child_protection")``.
        label: It as people write it.
        count_a: The number of initiatives there that the one leads or partners.
        count_b: The number that the other does.
        last_a: The last year in which the one is known to be active there, or None.
        last_b: The last year in which the other is, or None.
        common_years: The years in which both are.
        together: How many of the initiatives there both lead or partner.
    """

    cell: Cell
    label: str
    count_a: int
    count_b: int
    last_a: int | None
    last_b: int | None
    common_years: tuple[int, ...]
    together: int


@frozen(repr=False)
class Comparison(Table[ComparisonCell]):
    """
    Two portfolios side by side: what both do first, then what only one does, most initiatives first.

    Attributes:
        a: The id of one entity.
        b: The id of the other.
        name_a: What the one is called.
        name_b: What the other is called.
        on: The dimensions that make a cell.
        n_a: The number of initiatives that the one leads or partners.
        n_b: The number that the other does.
        together: The initiatives and partnerships in which both take part, newest first.
        rows: A row for every cell that one of them covers.
        provenance: What was asked, and of which data.
    """

    a: str
    b: str
    name_a: str
    name_b: str
    on: tuple[str, ...]
    n_a: int
    n_b: int
    together: tuple[Initiative | Partnership | Resource, ...]
    rows: tuple[ComparisonCell, ...]
    provenance: Provenance = NO_PROVENANCE

    @property
    def both(self) -> tuple[ComparisonCell, ...]:
        """The cells that both cover."""
        return tuple([row for row in self.rows if row.count_a and row.count_b])

    @property
    def only_a(self) -> tuple[ComparisonCell, ...]:
        """The cells that only the one covers."""
        return tuple([row for row in self.rows if not row.count_b])

    @property
    def only_b(self) -> tuple[ComparisonCell, ...]:
        """The cells that only the other covers."""
        return tuple([row for row in self.rows if not row.count_a])

    def _repr_summary(self) -> str:
        cells = f"{len(self.both)} cells of both, {len(self.only_a)} and {len(self.only_b)} of one"
        return f" of {self.name_a} and {self.name_b}: {cells}, {len(self.together)} records together"


def compare(
    ds: Dataset,
    a: str | Entity,
    b: str | Entity,
    *,
    on: str | Iterable[str] = ("country", "theme"),
    **criteria: Unpack[SharedCriteria],
) -> Comparison:
    """
    Show two portfolios side by side: what both do, what only one does, when, and what they do together.

    Args:
        ds: The dataset.
        a: One entity, by any of its names.
        b: The other.
        on: The dimensions that make a cell.
        **criteria: What initiatives and partnerships have to meet, as in `Collection.where`.

    Raises:
        UnknownNameError: If no entity is called so, or initiatives or partnerships lack a dimension.
        ValueError: If both are the same, or no dimension is given.

    Examples:
        >>> import icatmapping as im
        >>> found = im.compare(im.load(), "IOM", "ILO", on="theme")
        >>> found.both[0].count_a > 0, len(found.together) > 0
        (True, True)
    """
    check_dataset(ds)
    one, other = ds.directory.lookup_entity(a), ds.directory.lookup_entity(b)
    if one == other:
        message = f"both are the same entity, {ds.directory.label(one)!r}"
        raise ValueError(message)
    names = cell_dimensions(ds, on)
    label = cell_labels(ds, names)
    asked = materialize(criteria)
    found: dict[Cell, tuple[list[Initiative], list[Initiative]]] = {}
    sizes = [0, 0]
    for record in ds.initiatives.select(asked):
        members = ds.directory.entities_of(participants(record))
        for place, entity in enumerate((one, other)):
            if entity in members:
                sizes[place] += 1
                for cell in cells_of(ds, record, names):
                    found.setdefault(cell, ([], []))[place].append(record)
    rows = [_comparison_cell(cell, label(cell), mine, theirs) for cell, (mine, theirs) in found.items()]
    rows.sort(key=lambda row: (not (row.count_a and row.count_b), -(row.count_a + row.count_b), row.cell))
    events = [event for event in collect_events(ds, criteria=asked).values() if {one, other} <= event.roles.keys()]
    events.sort(key=lambda event: (event.last_active is None, -(event.last_active or 0), event.node))
    together = tuple([record for event in events for record in event.records])
    labels = (ds.directory.label(one), ds.directory.label(other))
    return Comparison(
        one,
        other,
        labels[0],
        labels[1],
        names,
        sizes[0],
        sizes[1],
        together,
        tuple(rows),
        provenance_of(ds.directory, asked),
    )


def _comparison_cell(cell: Cell, label: str, mine: list[Initiative], theirs: list[Initiative]) -> ComparisonCell:
    years_a, years_b = (
        {year for record in records for year in years_in(record.known_span)} for records in (mine, theirs)
    )
    shared = {record.id for record in mine} & {record.id for record in theirs}
    return ComparisonCell(
        cell,
        label,
        len(mine),
        len(theirs),
        max(years_a, default=None),
        max(years_b, default=None),
        tuple(sorted(years_a & years_b)),
        len(shared),
    )
