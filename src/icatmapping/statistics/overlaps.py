"""
Who works on the same things, and who of them does so at the same time and not together.
"""

from __future__ import annotations

from functools import cache, reduce
from itertools import chain, combinations
from math import sqrt
from operator import or_
from typing import TYPE_CHECKING, Literal, TypeAlias, Unpack, overload

from attrs import frozen

from icatmapping.errors import UnknownNameError
from icatmapping.model.records import Initiative
from icatmapping.network.context import check_criteria
from icatmapping.query.bitsets import bitset, positions_of
from icatmapping.query.dimensions import dimension
from icatmapping.query.provenance import provenance_of
from icatmapping.results import NO_PROVENANCE, Provenance, Row, Table
from icatmapping.statistics.cells import Cell, cell_dimensions
from icatmapping.statistics.counts import values_among
from icatmapping.statistics.overlap_tally import overlap_tally
from icatmapping.statistics.tallies import check_source
from icatmapping.utils.arguments import check_choice, materialize, relistable
from icatmapping.utils.garbage import all_stay
from icatmapping.utils.representation import join_first
from icatmapping.utils.text import fold, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from icatmapping.dataset import Dataset
    from icatmapping.frames.frames import Frames
    from icatmapping.model.schema import Value
    from icatmapping.query.criteria import SharedCriteria
    from icatmapping.statistics.overlap_tally import OverlapTally

__all__ = ["Metric", "Overlap", "Overlaps", "Uncoordinated", "UncoordinatedTable", "overlaps"]

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
        name_a: What the one is called.
        name_b: What the other is called.
        similarity: How alike their sets of cells are, from 0 (none shared) to 1; 0 if one has none.
        shared: The number of cells that both cover.
        cells: Those cells, sorted.
        records: The nodes of the initiatives and partnerships in which both take part (``"initiative:ID"`` …), sorted.
    """

    a: str
    b: str
    name_a: str
    name_b: str
    similarity: float
    shared: int
    cells: tuple[Cell, ...]
    records: tuple[str, ...]


@frozen(repr=False)
class Uncoordinated(Row):
    """
    Where two entities work on the same things in the same years, and no record that names the place joins them.

    Attributes:
        a: The id of one entity.
        b: The id of the other.
        name_a: What the one is called.
        name_b: What the other is called.
        value: The value of the first dimension, e.g. the country ``"NGA"``.
        label: It as people write it.
        others: The values of the remaining dimensions that both cover in a common year, sorted; tuples if they are two
            or more dimensions, none if there is no other.
        other_labels: They as people write them.
        years: The years that are common to the two in one of them.
        records_a: The ids of the initiatives of the one that are active there in such a year, newest first.
        records_b: The ids of those of the other.
    """

    a: str
    b: str
    name_a: str
    name_b: str
    value: Value
    label: str
    others: tuple[Value | Cell, ...]
    other_labels: tuple[str, ...]
    years: tuple[int, ...]
    records_a: tuple[str, ...]
    records_b: tuple[str, ...]


@frozen(repr=False)
class UncoordinatedTable(Table[Uncoordinated]):
    """
    Where two entities work on the same things in the same years apart from each other, newest first.

    Attributes:
        rows: A row for every pair and value of the first dimension; by the newest common year, then the number of
            values of the other dimensions, then ids.
    """

    rows: tuple[Uncoordinated, ...]

    def _repr_summary(self) -> str:
        found = join_first((f"{row.label} ({row.name_a}, {row.name_b})" for row in self.rows), 2)
        return f"{super()._repr_summary()}{', ' if found else ''}{found}"


@frozen(repr=False)
class Overlaps(Table[Overlap]):
    """
    What every two entities have in common, most alike first. ``found["IOM", "ILO"]`` is the row of two entities.

    Attributes:
        on: The dimensions that make a cell.
        metric: How the similarity is measured.
        uncovered: The ids of the entities that cover no cell.
        uncoordinated: Where two entities work on the same things in the same years apart from each other.
        rows: A row for every pair; by similarity, then shared cells, then ids.
        provenance: What was asked, and of which data.
    """

    on: tuple[str, ...]
    metric: Metric
    uncovered: tuple[str, ...]
    uncoordinated: UncoordinatedTable
    rows: tuple[Overlap, ...]
    provenance: Provenance = NO_PROVENANCE

    @overload
    def __getitem__(self, index: int) -> Overlap: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Overlap]: ...
    @overload
    def __getitem__(self, index: tuple[str, str]) -> Overlap: ...
    def __getitem__(self, index: int | slice | tuple[str, str]) -> Overlap | Sequence[Overlap]:
        """
        Return the row of two entities by their ids or names, in any order, or rows by position.

        Raises:
            UnknownNameError: If there is no row of the two.
        """
        if not isinstance(index, tuple):
            return self.rows[index]
        wanted = {fold(str(name)) for name in index}
        for row in self.rows:
            if {fold(row.a), fold(row.b)} == wanted or {fold(row.name_a), fold(row.name_b)} == wanted:
                return row
        names = sorted({name for row in self.rows for name in (row.name_a, row.name_b)})
        lacking = next((name for name in index if fold(str(name)) not in set(map(fold, names))), " and ".join(index))
        raise UnknownNameError(lacking, "entity of the overlaps", nearest(str(lacking), names), valid=names)

    def _repr_summary(self) -> str:
        found = join_first(f"{row.name_a} and {row.name_b} {row.similarity:.2f}" for row in self.rows)
        return f" on {' and '.join(self.on)} ({self.metric}): {len(self.rows)} pairs{', ' if found else ''}{found}"


def overlaps(
    ds: Dataset | Frames,
    *,
    on: str | Iterable[str] = ("country", "theme"),
    metric: Metric = "jaccard",
    among: object = None,
    **criteria: Unpack[SharedCriteria],
) -> Overlaps:
    r"""
    Find out which entities work on the same things, and where they do so at the same time and apart from each other.

    An entity covers a cell in the known years of the initiatives that it, or an organ of it, leads or partners there;
    undated ones cover nothing. Two entities are uncoordinated in a country where both cover the same remaining values
    in a common year and no initiative or partnership that names the country joins them, whatever its theme and date.
    That nothing joins them is what the records say: people may well talk to each other.

    Args:
        ds: The dataset.
        on: The dimensions that make a cell, which initiatives and partnerships must both have; the first one says
            where two may be uncoordinated.
        metric: The similarity of two sets of cells :math:`A` and :math:`B`: ``"jaccard"`` :math:`|A \cap B| / |A \cup
            B|`; ``"overlap"`` :math:`|A \cap B| / \min(|A|, |B|)`, which is 1 where one does a part of what the other
            does; ``"cosine"`` :math:`|A \cap B| / \sqrt{|A|\,|B|}`.
        among: Of which values of the first dimension the cells are looked at: an area, or values by any name. A
            question about a country asks for the records that name it, which may name others as well.
        **criteria: What initiatives and partnerships have to meet, as in `Collection.where`.

    Raises:
        UnknownNameError: If initiatives or partnerships lack a dimension, or there is no such metric, area or value.
        ValueError: If no dimension is given.

    Examples:
        >>> import icatmapping as im
        >>> found = im.overlaps(im.load(), since=2020)
        >>> row = found.uncoordinated[0]
        >>> row.years[-1] >= found.uncoordinated[-1].years[-1]
        True

    References:
        P. Jaccard (1912), The distribution of the flora in the alpine zone, New Phytologist 11, 37-50; D. Szymkiewicz
        (1934) and G. G. Simpson (1943) for the overlap coefficient; A. Ochiai (1957) for the cosine of sets.
    """
    check_source(ds)
    check_choice("metric", metric, _METRICS)
    names = cell_dimensions(on)
    check_criteria(criteria)
    asked = materialize(criteria)
    with all_stay():
        counted = overlap_tally(ds, names, asked)
    among = relistable(among)
    if among is not None:
        kept = frozenset(values_among(ds.initiatives, names[0], among))
        looked_at = {
            one: {value: cells for value, cells in there.items() if value in kept}
            for one, there in counted.years.items()
        }
        counted = counted._replace(years=looked_at)
    entities = sorted(ds.directory.entity_ids)
    own = {
        one: [(value, *rest) for value, rests in there.items() for rest in rests]
        for one, there in counted.years.items()
    }
    cells = sorted(set(chain.from_iterable(own.values())))
    place = {cell: number for number, cell in enumerate(cells)}
    covered = {one: bitset([place[cell] for cell in own.get(one, ())], len(cells)) for one in entities}
    label = ds.directory.label
    found: list[Overlap] = []
    for a, b in combinations(entities, 2):
        shared = tuple(map(cells.__getitem__, positions_of(covered[a] & covered[b])))
        alike = _similarity(len(shared), covered[a].bit_count(), covered[b].bit_count(), metric)
        found.append(Overlap(a, b, label(a), label(b), alike, len(shared), shared, counted.together.get((a, b), ())))
    with all_stay():
        apart = _uncoordinated(ds, names, counted, found)
    found.sort(key=lambda row: (-round(row.similarity, 9), -row.shared, row.a, row.b))
    uncovered = tuple([one for one in entities if not covered[one]])
    return Overlaps(
        names,
        metric,
        uncovered,
        UncoordinatedTable(tuple(apart)),
        tuple(found),
        provenance_of(ds.directory, asked, {names[0]: among}),
    )


def _uncoordinated(
    ds: Dataset | Frames, names: tuple[str, ...], counted: OverlapTally, pairs: Iterable[Overlap]
) -> list[Uncoordinated]:
    """Return where two entities work on the same things in the same years, and nothing joins them there."""
    entries = [dimension(name, Initiative) for name in names]

    @cache
    def label(other: Cell) -> str:
        return ", ".join(entry.label(one, ds.directory) for entry, one in zip(entries[1:], other, strict=True))

    found: list[Uncoordinated] = []
    for pair in pairs:
        mine, theirs = counted.years.get(pair.a, {}), counted.years.get(pair.b, {})
        for value, here in mine.items():
            there = theirs.get(value)
            if there is None or (pair.a, pair.b, value) in counted.joined:
                continue
            cells = {rest: common for rest, years in here.items() if (common := years & there.get(rest, 0))}
            if not cells:
                continue
            rest = sorted(cells)
            found.append(
                Uncoordinated(
                    pair.a,
                    pair.b,
                    pair.name_a,
                    pair.name_b,
                    value,
                    entries[0].label(value, ds.directory),
                    tuple([other[0] if len(other) == 1 else other for other in rest if other]),
                    tuple([text for text in map(label, rest) if text]),
                    tuple(positions_of(reduce(or_, cells.values()))),
                    counted.active(pair.a, value, cells),
                    counted.active(pair.b, value, cells),
                )
            )
    found.sort(key=lambda row: (-row.years[-1], -len(row.others), row.a, row.b, str(row.value)))
    return found


def _similarity(shared: int, of_a: int, of_b: int, metric: Metric) -> float:
    if not shared:
        return 0.0
    if metric == "jaccard":
        return shared / (of_a + of_b - shared)
    return shared / (min(of_a, of_b) if metric == "overlap" else sqrt(of_a * of_b))
