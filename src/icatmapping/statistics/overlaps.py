"""
Who works on the same things, and who of them does not work together.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import combinations
from math import sqrt
from typing import TYPE_CHECKING, Literal, TypeAlias

from attrs import frozen

from icatmapping.model.records import participants
from icatmapping.network.affiliations import events
from icatmapping.results import Row, Table
from icatmapping.statistics.cells import cell_dimensions, cell_labels, cells_of
from icatmapping.utils.arguments import check_choice
from icatmapping.utils.representation import join_first

if TYPE_CHECKING:
    from collections.abc import Iterable

    from icatmapping.dataset import Dataset
    from icatmapping.model.schema import Value

__all__ = ["Cell", "Metric", "Overlap", "Overlaps", "Uncoordinated", "UncoordinatedCells", "overlaps"]


Cell: TypeAlias = "tuple[Value, ...]"
"""A value of each of some dimensions, e.g. ``("NGA", "child_protection")``."""


Metric: TypeAlias = Literal["jaccard", "overlap", "cosine"]
"""How the similarity of two sets of cells is measured."""


_METRICS = ("jaccard", "overlap", "cosine")


@frozen(repr=False)
class Overlap(Row):
    """
    How much of what two entities do is the same.

    Attributes:
        a: The id of one entity.
        b: The id of the other.
        similarity: How alike their sets of cells are, from 0 (none shared) to 1; 0 if one has none.
        shared: The number of cells that both cover.
        cells: Those cells, sorted.
        records: The nodes of the initiatives and partnerships in which both take part (``"initiative:ID"`` …), sorted.
    """

    a: str
    b: str
    similarity: float
    shared: int
    cells: tuple[Cell, ...]
    records: tuple[str, ...]


@frozen(repr=False)
class Uncoordinated(Row):
    """
    A cell that two entities both cover and where no record of that cell joins them.

    Attributes:
        a: The id of one entity.
        b: The id of the other.
        cell: The cell, e.g. ``("NGA", "child_protection")``.
        label: It as people write it, e.g. ``"Nigeria, Child protection"``.
        initiatives: The number of all initiatives in the cell.
        of_a: How many of them the one leads or partners.
        of_b: How many the other does.
    """

    a: str
    b: str
    cell: Cell
    label: str
    initiatives: int
    of_a: int
    of_b: int


@frozen(repr=False)
class UncoordinatedCells(Table[Uncoordinated]):
    """
    Cells that two entities cover apart from each other, busiest first.

    Attributes:
        rows: A row for every such cell and pair; by the number of initiatives in the cell, then cell and pair.
    """

    rows: tuple[Uncoordinated, ...]

    def _repr_summary(self) -> str:
        found = join_first((f"{row.label} ({row.a}, {row.b})" for row in self.rows), 2)
        return f"{super()._repr_summary()}{', ' if found else ''}{found}"


@frozen(repr=False)
class Overlaps(Table[Overlap]):
    """
    What every two entities have in common, most alike first.

    Attributes:
        on: The dimensions that make a cell.
        metric: How the similarity is measured.
        uncovered: The ids of the entities that cover no cell.
        uncoordinated: Cells that two entities cover apart from each other, busiest first.
        rows: A row for every pair; by similarity, then shared cells, then ids.
    """

    on: tuple[str, ...]
    metric: Metric
    uncovered: tuple[str, ...]
    uncoordinated: UncoordinatedCells
    rows: tuple[Overlap, ...]

    def _repr_summary(self) -> str:
        found = join_first(f"{row.a} and {row.b} {row.similarity:.2f}" for row in self.rows)
        return f" on {' and '.join(self.on)} ({self.metric}): {len(self.rows)} pairs{', ' if found else ''}{found}"


def overlaps(ds: Dataset, *, on: str | Iterable[str] = ("country", "theme"), metric: Metric = "jaccard") -> Overlaps:
    r"""
    Find out which entities work on the same things, and where they do so apart from each other.

    An entity covers a cell if it, or an organ of it, leads or partners an initiative there. Two entities are joined in
    a cell by an initiative or partnership there in which both take part; a partnership and the initiative that is the
    same undertaking are one. That nothing joins them is what the records say: people may well talk to each other.

    Args:
        ds: The dataset.
        on: The dimensions that make a cell, which initiatives and partnerships must both have.
        metric: The similarity of two sets of cells :math:`A` and :math:`B`: ``"jaccard"`` :math:`|A \cap B| / |A \cup
            B|`; ``"overlap"`` :math:`|A \cap B| / \min(|A|, |B|)`, which is 1 where one does a part of what the other
            does; ``"cosine"`` :math:`|A \cap B| / \sqrt{|A|\,|B|}`.

    Raises:
        UnknownNameError: If initiatives or partnerships lack a dimension, or there is no such metric.
        ValueError: If no dimension is given.

    Examples:
        >>> import icatmapping as im
        >>> found = im.overlaps(im.load())
        >>> row = found.uncoordinated[0]
        >>> row.initiatives >= found.uncoordinated[-1].initiatives
        True

    References:
        P. Jaccard (1912), The distribution of the flora in the alpine zone, New Phytologist 11, 37-50; D. Szymkiewicz
        (1934) and G. G. Simpson (1943) for the overlap coefficient; A. Ochiai (1957) for the cosine of sets.
    """
    check_choice("metric", metric, _METRICS)
    names = cell_dimensions(ds, on)
    covered = cells_by_entity(ds, names)
    busy = Counter(cell for record in ds.initiatives for cell in cells_of(ds, record, names))
    joined_in, together = cells_in_common_events(ds, names)
    label = cell_labels(ds, names)
    found: list[Overlap] = []
    apart: list[Uncoordinated] = []
    for a, b in combinations(sorted(ds.directory.entity_ids), 2):
        shared = tuple(sorted(covered[a].keys() & covered[b].keys()))
        alike = _similarity(len(shared), len(covered[a]), len(covered[b]), metric)
        found.append(Overlap(a, b, alike, len(shared), shared, tuple(sorted(together[a, b]))))
        apart += [
            Uncoordinated(a, b, cell, label(cell), busy[cell], covered[a][cell], covered[b][cell])
            for cell in shared
            if cell not in joined_in[a, b]
        ]
    found.sort(key=lambda row: (-round(row.similarity, 9), -row.shared, row.a, row.b))
    apart.sort(key=lambda row: (-row.initiatives, row.cell, row.a, row.b))
    uncovered = tuple([one for one in sorted(ds.directory.entity_ids) if not covered[one]])
    return Overlaps(names, metric, uncovered, UncoordinatedCells(tuple(apart)), tuple(found))


def cells_by_entity(ds: Dataset, names: tuple[str, ...]) -> dict[str, Counter[Cell]]:
    """For each entity, the number of initiatives that it leads or partners in each cell."""
    covered: dict[str, Counter[Cell]] = {one: Counter() for one in ds.directory.entity_ids}
    for record in ds.initiatives:
        cells = cells_of(ds, record, names)
        for one in ds.directory.entities_of(participants(record)):
            covered[one].update(cells)
    return covered


def cells_in_common_events(
    ds: Dataset, names: tuple[str, ...]
) -> tuple[dict[tuple[str, str], set[Cell]], dict[tuple[str, str], list[str]]]:
    """For each pair of entities, the cells in which a record joins them, and the nodes of all that do."""
    cells: dict[tuple[str, str], set[Cell]] = defaultdict(set)
    nodes: dict[tuple[str, str], list[str]] = defaultdict(list)
    for node, event in events(ds, criteria={}).items():
        members = sorted(ds.directory.entities_of(event.participants))
        if len(members) > 1:
            there = [cell for record in event.records for cell in cells_of(ds, record, names)]
            for pair in combinations(members, 2):
                cells[pair].update(there)
                nodes[pair].append(node)
    return cells, nodes


def _similarity(shared: int, of_a: int, of_b: int, metric: Metric) -> float:
    if not shared:
        return 0.0
    if metric == "jaccard":
        return shared / (of_a + of_b - shared)
    return shared / (min(of_a, of_b) if metric == "overlap" else sqrt(of_a * of_b))
