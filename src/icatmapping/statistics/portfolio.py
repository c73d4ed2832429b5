"""
What an entity does, beside what all members do, and what two of them do beside each other.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING, Any, NamedTuple, Unpack

from attrs import frozen

from icatmapping.dataset import Dataset
from icatmapping.network.affiliations import UNDERTAKINGS, collect_events
from icatmapping.network.joint import joint_events
from icatmapping.query.provenance import provenance_of
from icatmapping.results import NO_PROVENANCE, Provenance, Row, Table
from icatmapping.statistics.cell_tallies import paired_tally, portfolio_tally
from icatmapping.statistics.cells import Cell, cell_dimensions, cell_labels
from icatmapping.statistics.counts import values_among
from icatmapping.statistics.intervals import wilson
from icatmapping.statistics.tallies import check_source
from icatmapping.utils.arguments import materialize, relistable
from icatmapping.utils.garbage import all_stay
from icatmapping.utils.representation import join_first

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from icatmapping.frames.frames import Frames
    from icatmapping.model.records import Entity, Initiative, Partnership, Resource
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
    ds: Dataset | Frames,
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
    check_source(ds)
    one = ds.directory.entity_asked_for(entity)
    names = cell_dimensions(on)
    label = cell_labels(ds.directory, names)
    asked = materialize(criteria)
    with all_stay():
        counted = portfolio_tally(ds.initiatives.select(asked), one, names)
    rows = [
        _cell(cell, label(cell), span, counted.everyone[cell], counted.placed, counted.all_placed)
        for cell, span in sorted(counted.mine.items(), key=lambda item: (-item[1][0], item[0]))
    ]
    about = provenance_of(ds.directory, asked)
    return Portfolio(
        one, ds.directory.label(one), names, counted.n, counted.placed, counted.all_placed, tuple(rows), about
    )


_Z = NormalDist().inv_cdf((1 + LEVEL) / 2)


def _cell(
    cell: Cell,
    label: str,
    span: tuple[int, int | None, int | None],
    of_all: int,
    placed: int,
    all_placed: int,
) -> PortfolioCell:
    count, first, last = span
    part = of_all / all_placed
    low, high = wilson(count, placed, _Z)
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
        together: The initiatives and partnerships in which both take part, newest first; of frames, of the newest 100.
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
    ds: Dataset | Frames,
    a: str | Entity,
    b: str | Entity,
    *,
    on: str | Iterable[str] = ("country", "theme"),
    among: object = None,
    **criteria: Unpack[SharedCriteria],
) -> Comparison:
    """
    Show two portfolios side by side: what both do, what only one does, when, and what they do together.

    Args:
        ds: The dataset.
        a: One entity, by any of its names.
        b: The other.
        on: The dimensions that make a cell.
        among: Of which values of the first dimension the cells are looked at: an area, or values by any name.
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
    check_source(ds)
    one, other = ds.directory.entity_asked_for(a), ds.directory.entity_asked_for(b)
    if one == other:
        message = f"both are the same entity, {ds.directory.label(one)!r}"
        raise ValueError(message)
    names = cell_dimensions(on)
    label = cell_labels(ds.directory, names)
    asked = materialize(criteria)
    with all_stay():
        counted = paired_tally(ds.initiatives.select(asked), one, other, names)
    among = relistable(among)
    kept = None if among is None else frozenset(values_among(ds.initiatives, names[0], among))
    found: dict[Cell, list[_Sort]] = {}
    for cell, first, last, has_one, has_other, number in counted.rows:
        if kept is None or cell[0] in kept:
            found.setdefault(cell, []).append(_Sort(first, last, has_one, has_other, number))
    rows = [_comparison_cell(cell, label(cell), sorts) for cell, sorts in found.items()]
    rows.sort(key=lambda row: (not (row.count_a and row.count_b), -(row.count_a + row.count_b), row.cell))
    labels = (ds.directory.label(one), ds.directory.label(other))
    return Comparison(
        one,
        other,
        labels[0],
        labels[1],
        names,
        counted.n_one,
        counted.n_other,
        _together(ds, one, other, asked),
        tuple(rows),
        provenance_of(ds.directory, asked, {names[0]: among}),
    )


class _Sort(NamedTuple):
    """Initiatives of the same years in a cell, in which the same of two entities take part."""

    first: int | None
    last: int | None
    has_one: bool
    has_other: bool
    number: int

    @property
    def years(self) -> range:
        """The years in which they are known to be active."""
        return range(0) if self.first is None or self.last is None else range(self.first, self.last + 1)


def _comparison_cell(cell: Cell, label: str, sorts: list[_Sort]) -> ComparisonCell:
    mine, theirs = ([one for one in sorts if one.has_one], [one for one in sorts if one.has_other])
    years_a, years_b = ({year for one in some for year in one.years} for some in (mine, theirs))
    return ComparisonCell(
        cell,
        label,
        sum(one.number for one in mine),
        sum(one.number for one in theirs),
        max(years_a, default=None),
        max(years_b, default=None),
        tuple(sorted(years_a & years_b)),
        sum(one.number for one in sorts if one.has_one and one.has_other),
    )


def _together(
    ds: Dataset | Frames, one: str, other: str, asked: Mapping[str, Any]
) -> tuple[Initiative | Partnership | Resource, ...]:
    """Return the records in which two entities take part, newest first."""
    if not isinstance(ds, Dataset):
        from icatmapping.network.frame_context import newest_together  # noqa: PLC0415 - only frames need it

        return newest_together(ds, one, other, asked)
    if asked:
        events = [event for event in collect_events(ds, criteria=asked).values() if {one, other} <= event.roles.keys()]
    else:
        events = joint_events(ds, one, other, of=UNDERTAKINGS, donors=False, organs="fold")
    events.sort(key=lambda event: (event.last_active is None, -(event.last_active or 0), event.node))
    return tuple([record for event in events for record in event.records])
