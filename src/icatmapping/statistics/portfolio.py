"""
What an entity does, beside what everybody does.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from attrs import frozen

from icatmapping.model.records import participants
from icatmapping.results import Row, Table
from icatmapping.statistics.cells import cell_dimensions, cell_labels, cells_of
from icatmapping.statistics.overlaps import Cell
from icatmapping.utils.representation import join_first

if TYPE_CHECKING:
    from collections.abc import Iterable

    from icatmapping.dataset import Dataset
    from icatmapping.model.records import Entity

__all__ = ["Portfolio", "PortfolioCell", "portfolio"]


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
    """

    cell: Cell
    label: str
    count: int
    all_members: int
    quotient: float


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
    """

    entity: str
    name: str
    on: tuple[str, ...]
    n: int
    placed: int
    all_placed: int
    rows: tuple[PortfolioCell, ...]

    @property
    def specialization(self) -> tuple[PortfolioCell, ...]:
        """The cells by location quotient, highest first. A high one on a count of one or two says little."""
        return tuple(sorted(self.rows, key=lambda row: (-round(row.quotient, 9), -row.count, row.cell)))

    def _repr_summary(self) -> str:
        found = join_first(f"{row.label} {row.count}" for row in self.rows)
        size = f"{self.n} initiatives, {len(self.rows)} cells"
        return f" of {self.name} by {' and '.join(self.on)}: {size}{', ' if found else ''}{found}"


def portfolio(ds: Dataset, entity: str | Entity, *, on: str | Iterable[str] = ("country", "theme")) -> Portfolio:
    r"""
    Show where an entity works and on what, and what it does more than members do on the whole.

    The location quotient of a cell is :math:`(x / n) / (X / N)`: :math:`x` of the entity's :math:`n` initiatives with
    any cell are in it, and :math:`X` of all members' :math:`N`. The counts stand beside it, as quotients of small
    counts are chance.

    Args:
        ds: The dataset.
        entity: The entity, by id, acronym, name or alias.
        on: The dimensions that make a cell; ``"theme"`` alone shows on what it specializes.

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
    one = ds.directory.lookup_entity(entity)
    names = cell_dimensions(ds, on)
    label = cell_labels(ds, names)
    mine, everyone = Counter[Cell](), Counter[Cell]()
    n = placed = all_placed = 0
    for record in ds.initiatives:
        members = ds.directory.entities_of(participants(record))
        cells = cells_of(ds, record, names) if members else []
        everyone.update(cells)
        all_placed += bool(cells)
        if one in members:
            mine.update(cells)
            n += 1
            placed += bool(cells)
    rows = [
        PortfolioCell(cell, label(cell), count, everyone[cell], count / placed / (everyone[cell] / all_placed))
        for cell, count in sorted(mine.items(), key=lambda item: (-item[1], item[0]))
    ]
    return Portfolio(one, ds.directory.label(one), names, n, placed, all_placed, tuple(rows))
