"""
Where nobody works, who works on the same things, what a member does more than others, and what ICAT itself found.

Knows nothing of paths and of display.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cache
from itertools import combinations, product
from math import sqrt
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from attrs import frozen

from icatmapping.errors import UnknownNameError
from icatmapping.model.geography import countries
from icatmapping.model.records import RECORD_KINDS, Entity, Finding, Initiative
from icatmapping.model.vocabulary import parse, terms
from icatmapping.network.affiliations import tables
from icatmapping.query.dimensions import dimension, participants
from icatmapping.results import Row, Rows
from icatmapping.statistics.counting import CoverageRow, checked_choice, coverage, plain_value, universe_of
from icatmapping.utils.representation import first_few
from icatmapping.utils.text import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from icatmapping.dataset import Dataset
    from icatmapping.model.records import Partnership, Resource
    from icatmapping.query.collection import Collection
    from icatmapping.query.dimensions import Value

__all__ = [
    "Cell",
    "FindingCheck",
    "Findings",
    "Gap",
    "Gaps",
    "Metric",
    "Overlap",
    "Overlaps",
    "Portfolio",
    "PortfolioCell",
    "Uncoordinated",
    "UncoordinatedCells",
    "Verdict",
    "findings",
    "gaps",
    "overlaps",
    "portfolio",
]

Cell: TypeAlias = "tuple[Value, ...]"
"""A value of each of some dimensions, e.g. ``("NGA", "child_protection")``."""
Metric: TypeAlias = Literal["jaccard", "overlap", "cosine"]
"""How the similarity of two sets of cells is measured."""
Verdict: TypeAlias = Literal["agrees", "differs", "cannot be compared"]
"""What a published statement is when put beside the same figure from a dataset."""

_METRICS = ("jaccard", "overlap", "cosine")


# --- gaps ------------------------------------------------------------------------------------------------------------


@frozen(repr=False)
class Gap(Row):
    """
    A cell that no initiative, or hardly any, names.

    Attributes:
        row: The value of the row dimension.
        row_label: It as people write it.
        col: The value of the column dimension; None if only rows were asked for.
        col_label: It as people write it, or None.
        count: The number of initiatives that name both.
        expected: The number that would, if rows and columns had nothing to do with each other.
        unclassified: How many initiatives of the row state no value of the column dimension: what an empty cell may
            hide. 0 if only rows were asked for.
        regional: How many more initiatives are for the country's region and name no country of it, so that they may
            reach the country. None if rows are not countries.
        global_: How many more are global and name no place. None if rows are not countries. ``"global"`` in plain data.
        too_thin: Whether less than one initiative is expected, so that the cell being empty tells nothing.
    """

    row: Value
    row_label: str
    col: Value | None
    col_label: str | None
    count: int
    expected: float
    unclassified: int
    regional: int | None
    global_: int | None
    too_thin: bool

    def to_dict(self) -> dict[str, Any]:
        """Give the row as plain, JSON-ready data."""
        return {name.rstrip("_"): value for name, value in super().to_dict().items()}


@frozen(repr=False)
class Gaps(Rows[Gap]):
    """
    Where nobody works, or hardly anybody: the most telling cells first, those too thin to tell last.

    Attributes:
        by: The dimensions of rows and columns, or of rows alone.
        among: The rows that were looked at.
        at_most: The highest count that is a gap.
        n: The number of initiatives that name one of the rows.
        unclassified: How many of them state no value of the column dimension, so that they are in no cell.
        cells: The number of cells that were looked at.
        rows: The gaps.
    """

    by: tuple[str, ...]
    among: tuple[Value, ...]
    at_most: int
    n: int
    unclassified: int
    cells: int
    rows: tuple[Gap, ...]

    def _gist(self) -> str:
        found = first_few(f"{gap.row_label} × {gap.col_label}" if gap.col_label else gap.row_label for gap in self.rows)
        cells = f"{len(self.rows)} of {self.cells} cells"
        return f" by {' and '.join(self.by)}: {cells}{', ' if found else ''}{found}"


def gaps(
    ds: Dataset,
    rows: str,
    cols: str | None = None,
    *,
    among: str | Iterable[Value] | None = None,
    at_most: int = 0,
) -> Gaps:
    """
    Find the cells of two dimensions that no initiative names.

    A cell is expected to have row total × column total / grand total initiatives, all within ``among``: what there
    would be if rows and columns were independent. An empty cell of which many are expected is telling; one of which
    less than one is expected is ``too_thin`` to tell. Without columns, each row is expected to have the mean of all.

    Nothing but initiatives that name both values fills a cell. Beside it stand those of the row that state no value
    of the column dimension, as absence of coding is not absence of work, and for countries what regional and global
    initiatives would add.

    Args:
        ds: The dataset.
        rows: The dimension of the rows, e.g. ``"country"``.
        cols: The dimension of the columns, e.g. ``"form"``; None to look at rows alone.
        among: Which rows to look at: a region, for its countries or sub-regions; or values, by any name. By default
            all.
        at_most: The highest count that is a gap.

    Returns:
        The gaps, highest expected count first, then by row and column; those too thin to tell last.

    Raises:
        UnknownNameError: If initiatives lack a dimension, or a region or value does not exist.
        ValueError: If ``at_most`` is negative.

    Examples:
        >>> import icatmapping as im
        >>> found = im.gaps(im.load(), rows="country", cols="form", among="africa")
        >>> found[0].count, found[0].too_thin
        (0, False)
    """
    if type(at_most) is not int or at_most < 0:
        message = f"at_most must be a whole number of at least 0, not {at_most!r}"
        raise ValueError(message)
    records = ds.initiatives
    entry = dimension(rows, Initiative)
    chosen = _rows_among(ds, rows, among)
    kept = frozenset(chosen)
    named = [
        (wanted, _values(ds, record, cols))
        for record in records
        if (wanted := kept.intersection(entry.values(record, ds.directory)))
    ]
    counts = Counter(cell for down, across in named for cell in product(down, across))
    row_totals, col_totals = Counter[Any](), Counter[Any]()
    for (row, col), number in counts.items():
        row_totals[row] += number
        col_totals[col] += number
    uncoded = Counter(row for down, across in named if not across for row in down)
    columns: tuple[Value | None, ...] = (None,) if cols is None else universe_of(cols, Initiative, ds.directory)
    grand = counts.total()
    found: list[Gap] = []
    for row in chosen:
        regional, worldwide = _reaching(ds, row, cols) if rows == "country" else (None, None)
        for col in columns:
            if counts[row, col] <= at_most:
                mean = grand / len(chosen)
                expected = mean if col is None else row_totals[row] * col_totals[col] / grand if grand else 0.0
                found.append(
                    Gap(
                        row,
                        entry.label(row, ds.directory),
                        col,
                        None if cols is None or col is None else dimension(cols, Initiative).label(col, ds.directory),
                        counts[row, col],
                        expected,
                        uncoded[row],
                        None if regional is None else regional[col],
                        None if worldwide is None else worldwide[col],
                        expected < 1,
                    )
                )
    found.sort(key=lambda gap: (gap.too_thin, -round(gap.expected, 9), gap.row, "" if gap.col is None else gap.col))
    by = (rows,) if cols is None else (rows, cols)
    unclassified = sum(1 for _, across in named if not across)
    return Gaps(by, chosen, at_most, len(named), unclassified, len(chosen) * len(columns), tuple(found))


def _values(ds: Dataset, record: Initiative, cols: str | None) -> tuple[Any, ...]:
    """Give the columns that a record is in: its values, or the one that there is if nothing was asked for."""
    return (None,) if cols is None else dimension(cols, Initiative).values(record, ds.directory)


def _rows_among(ds: Dataset, rows: str, among: str | Iterable[Value] | None) -> tuple[Value, ...]:
    universe = universe_of(rows, Initiative, ds.directory)
    if among is None:
        return universe
    if isinstance(among, str) and rows in ("country", "subregion"):
        region = parse("region", among)
        inside = {each.alpha3 if rows == "country" else each.subregion for each in countries() if each.region == region}
        return tuple([value for value in universe if value in inside])
    entry = dimension(rows, Initiative)
    wanted = (among,) if isinstance(among, str | int) else tuple(among)
    given = [plain_value(entry.parse(value, Initiative, ds.directory)) for value in wanted]
    return tuple(sorted(set(given), key=given.index))


def _reaching(ds: Dataset, country: Value, cols: str | None) -> tuple[Counter[Any], Counter[Any]]:
    """Count by column what reaches a country beyond the initiatives that name it: regional work, and global work."""
    named, regional, worldwide = (
        ds.initiatives.where(country=country, reach=reach) for reach in ("named", "regional", "global")
    )
    known, reached = {record.id for record in named}, {record.id for record in regional}
    return (
        Counter(col for record in regional if record.id not in known for col in _values(ds, record, cols)),
        Counter(col for record in worldwide if record.id not in reached for col in _values(ds, record, cols)),
    )


# --- overlaps --------------------------------------------------------------------------------------------------------


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
class UncoordinatedCells(Rows[Uncoordinated]):
    """
    Cells that two entities cover apart from each other, busiest first.

    Attributes:
        rows: A row for every such cell and pair; by the number of initiatives in the cell, then cell and pair.
    """

    rows: tuple[Uncoordinated, ...]

    def _gist(self) -> str:
        found = first_few((f"{row.label} ({row.a}, {row.b})" for row in self.rows), 2)
        return f"{super()._gist()}{', ' if found else ''}{found}"


@frozen(repr=False)
class Overlaps(Rows[Overlap]):
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

    def _gist(self) -> str:
        found = first_few(f"{row.a} and {row.b} {row.similarity:.2f}" for row in self.rows)
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
    checked_choice("metric", metric, _METRICS)
    names = _dimensions(ds, on)
    covered = _covered(ds, names)
    busy = Counter(cell for record in ds.initiatives for cell in _cells(ds, record, names))
    joined_in, together = _joined(ds, names)
    label = _labeller(ds, names)
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


def _dimensions(ds: Dataset, on: str | Iterable[str]) -> tuple[str, ...]:
    names = (on,) if isinstance(on, str) else tuple(dict.fromkeys(on))
    if not names:
        message = "on must name at least one dimension"
        raise ValueError(message)
    for name in names:
        for records in (ds.initiatives, ds.partnerships):
            dimension(name, records.kind)
    return names


def _cells(ds: Dataset, record: Initiative | Partnership | Resource, names: tuple[str, ...]) -> list[Cell]:
    found = [dimension(name, type(record)).values(record, ds.directory) for name in names]
    return list(product(*([plain_value(value) for value in values] for values in found)))


def _covered(ds: Dataset, names: tuple[str, ...]) -> dict[str, Counter[Cell]]:
    """For each entity, the number of initiatives that it leads or partners in each cell."""
    covered: dict[str, Counter[Cell]] = {one: Counter() for one in ds.directory.entity_ids}
    for record in ds.initiatives:
        cells = _cells(ds, record, names)
        for one in ds.directory.entities_of(participants(record)):
            covered[one].update(cells)
    return covered


def _joined(
    ds: Dataset, names: tuple[str, ...]
) -> tuple[dict[tuple[str, str], set[Cell]], dict[tuple[str, str], list[str]]]:
    """For each pair of entities, the cells in which a record joins them, and the nodes of all that do."""
    cells: dict[tuple[str, str], set[Cell]] = defaultdict(set)
    nodes: dict[tuple[str, str], list[str]] = defaultdict(list)
    for node, table in tables(ds, criteria={}).items():
        members = sorted(ds.directory.entities_of(table.participants))
        if len(members) > 1:
            there = [cell for record in table.records for cell in _cells(ds, record, names)]
            for pair in combinations(members, 2):
                cells[pair].update(there)
                nodes[pair].append(node)
    return cells, nodes


def _labeller(ds: Dataset, names: tuple[str, ...]) -> Callable[[Cell], str]:
    entries = [dimension(name, Initiative) for name in names]

    @cache
    def label(cell: Cell) -> str:
        return ", ".join(entry.label(value, ds.directory) for entry, value in zip(entries, cell, strict=True))

    return label


def _similarity(shared: int, of_a: int, of_b: int, metric: Metric) -> float:
    if not shared:
        return 0.0
    if metric == "jaccard":
        return shared / (of_a + of_b - shared)
    return shared / (min(of_a, of_b) if metric == "overlap" else sqrt(of_a * of_b))


# --- what one entity does --------------------------------------------------------------------------------------------


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
class Portfolio(Rows[PortfolioCell]):
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

    def _gist(self) -> str:
        found = first_few(f"{row.label} {row.count}" for row in self.rows)
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
    names = _dimensions(ds, on)
    label = _labeller(ds, names)
    mine, everyone = Counter[Cell](), Counter[Cell]()
    n = placed = all_placed = 0
    for record in ds.initiatives:
        members = ds.directory.entities_of(participants(record))
        cells = _cells(ds, record, names) if members else []
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


# --- what ICAT found -------------------------------------------------------------------------------------------------


@frozen(repr=False)
class FindingCheck(Row):
    """
    A statement that ICAT published in 2021 about its own mapping, beside the same figure from a dataset.

    Attributes:
        id: The id of the finding.
        statement: What was stated, in the dataset's words.
        verdict: ``"agrees"``, ``"differs"`` or ``"cannot be compared"``.
        rule: When it agrees, in words, or why it cannot be compared.
        figure: What the dataset says, in words.
        counts: The counts behind the figure: of the values that the statement names, in its order.
        sources: Where it was stated.
    """

    id: str
    statement: str
    verdict: Verdict
    rule: str
    figure: str
    counts: tuple[CoverageRow, ...]
    sources: tuple[str, ...]


@frozen(repr=False)
class Findings(Rows[FindingCheck]):
    """
    The statements of 2021 in the order of the dataset; ``.get(id)`` gives one.

    Attributes:
        rows: A row for every statement.
    """

    rows: tuple[FindingCheck, ...]

    def get(self, identifier: str) -> FindingCheck:
        """
        Give the check of a finding by its id.

        Raises:
            UnknownNameError: If there is no such finding.
        """
        for row in self.rows:
            if row.id == identifier:
                return row
        raise UnknownNameError(identifier, "finding", nearest(identifier, [row.id for row in self.rows]))

    def _gist(self) -> str:
        verdicts = Counter(row.verdict for row in self.rows)
        return f": {', '.join(f'{verdict} {number}' for verdict, number in verdicts.items()) or 'none'}"


def findings(ds: Dataset) -> Findings:
    """
    Put each statement that ICAT published in 2021 about its own mapping beside the same figure from a dataset.

    Statements about members are counted over the profiles of the entities, statements about interventions over
    initiatives. The rules stand here, whatever comes out of them; the data are not adjusted to agree.

    ============================== =================================================================================
    Finding                        Agrees if
    ============================== =================================================================================
    ``anchored-on-review``         each priority area named has initiatives
    ``co-chair-2021``              (cannot be compared: the dataset does not record who chairs ICAT)
    ``forms-most-addressed``       no other form is addressed by more members than any of those named
    ``levels``                     each level named has initiatives
    ``membership-size``            as many entities, but for partners, are counted as members
    ``regions-half``               the fractional shares of the regions named add up to at least 0.4 and less than 0.5
    ``regions-most-engaged``       no other region has more initiatives than any of those named
    ``response-capacity-building`` more than half of the members with any response name it
    ``responses-primary``          more than half of the members with any response name each of those named
    ``structure-of-resource``      each of the collections named has records
    ``training-target-groups``     no other group has more initiatives of capacity building than any of those named
    ``uk-funding``                 (cannot be compared: who paid for the mapping of 2021 is no property of its records)
    ============================== =================================================================================

    Any other finding of a dataset of your own cannot be compared, and says so.

    Args:
        ds: The dataset.

    Examples:
        >>> import icatmapping as im
        >>> im.findings(im.load()).get("co-chair-2021").verdict
        'cannot be compared'
    """
    return Findings(tuple([_checked(ds, finding) for finding in ds.findings]))


def _checked(ds: Dataset, finding: Finding) -> FindingCheck:
    rule, check = _RULES.get(finding.id, _NO_RULE) if finding.values else _NO_RULE
    try:
        verdict, figure, counts = check(ds, finding)
    except UnknownNameError as error:
        rule = f"cannot be compared: {error}"
        verdict, figure, counts = _not_recorded(ds, finding)
    return FindingCheck(finding.id, finding.statement, verdict, rule, figure, counts, tuple(finding.sources))


_Outcome: TypeAlias = tuple[Verdict, str, tuple[CoverageRow, ...]]
_Check: TypeAlias = "Callable[[Dataset, Finding], _Outcome]"


def _verdict(agrees: bool) -> Verdict:  # noqa: FBT001 - the only thing that it is about
    return "agrees" if agrees else "differs"


def _named(
    records: Collection[Any], finding: Finding, count: Literal["full", "fractional"] = "full"
) -> list[CoverageRow]:
    """Count records by the values that a finding names, in its order, those that none has included."""
    by = str(finding.dimension)
    found = coverage(records, by, count=count)
    entry = dimension(by, records.kind)
    values = [plain_value(entry.parse(value, records.kind, records.directory)) for value in finding.values]
    zeros = [CoverageRow(value, entry.label(value, records.directory), 0, 0.0) for value in values]
    return [next((row for row in found if row.value == zero.value), zero) for zero in zeros]


def _told(rows: Iterable[CoverageRow], of: str) -> str:
    return f"{', '.join(f'{row.label} {row.count:g} ({row.share:.0%})' for row in rows)} of the {of}"


def _leading(select: Callable[[Dataset], Collection[Any]], of: str) -> _Check:
    """Agree if the values named come before all others."""

    def check(ds: Dataset, finding: Finding) -> _Outcome:
        records = select(ds)
        named = _named(records, finding)
        values = {row.value for row in named}
        others = [row for row in coverage(records, str(finding.dimension)) if row.value not in values]
        agrees = min(row.count for row in named) >= max((row.count for row in others), default=0)
        highest = f"; the highest of the others: {_told(others[:1], of)}" if others else ""
        return _verdict(agrees and any(row.count for row in named)), _told(named, of) + highest, tuple(named)

    return check


def _majority(ds: Dataset, finding: Finding) -> _Outcome:
    named = _named(ds.entities, finding)
    return _verdict(all(row.share > 0.5 for row in named)), _told(named, "members with any response"), tuple(named)


def _present(ds: Dataset, finding: Finding) -> _Outcome:
    named = _named(ds.initiatives, finding)
    return _verdict(all(row.count for row in named)), _told(named, "initiatives"), tuple(named)


def _almost_half(ds: Dataset, finding: Finding) -> _Outcome:
    named = _named(ds.initiatives, finding, "fractional")
    share = sum(row.share for row in named)
    figure = f"{share:.1%} of the initiatives that name a region, each spread evenly over its regions"
    return _verdict(0.4 <= share < 0.5), figure, tuple(named)


def _size(ds: Dataset, finding: Finding) -> _Outcome:
    counts = Counter(str(entity.membership) for entity in ds.entities)
    members = len(ds.entities) - counts["partner"]
    told = [f"{number} {terms('membership')[value].label.lower()}" for value, number in sorted(counts.items())]
    figure = f"{members} members: of {len(ds.entities)} entities, {', '.join(told)}"
    return _verdict([str(members)] == list(finding.values)), figure, ()


def _structure(ds: Dataset, finding: Finding) -> _Outcome:
    for name in finding.values:
        checked_choice("collection", name, tuple(RECORD_KINDS))
    sizes = {name: len(ds.collection(name)) for name in finding.values}
    return _verdict(all(sizes.values())), ", ".join(f"{size} {name}" for name, size in sizes.items()), ()


def _not_recorded(_: Dataset, __: Finding) -> _Outcome:
    return "cannot be compared", "nothing that could stand beside it", ()


def _donor(ds: Dataset, finding: Finding) -> _Outcome:
    named = _named(ds.initiatives, finding)
    return "cannot be compared", f"it funds others: {_told(named, 'initiatives that name a donor')}", tuple(named)


def _initiatives(ds: Dataset) -> Collection[Initiative]:
    return ds.initiatives


def _members(ds: Dataset) -> Collection[Entity]:
    return ds.entities


def _training(ds: Dataset) -> Collection[Initiative]:
    return ds.initiatives.where(response="capacity_building")


_NO_RULE: tuple[str, _Check] = ("cannot be compared: there is no rule for this statement", _not_recorded)
_RULES: Mapping[str, tuple[str, _Check]] = {
    "anchored-on-review": ("agrees if each priority area named has initiatives", _present),
    "co-chair-2021": ("cannot be compared: the dataset does not record who chairs ICAT", _not_recorded),
    "forms-most-addressed": (
        "agrees if no other form is addressed by more members than any of those named",
        _leading(_members, "members with any form"),
    ),
    "levels": ("agrees if each level named has initiatives", _present),
    "membership-size": ("agrees if as many entities, but for partners, are counted as members", _size),
    "regions-half": (
        "agrees if the fractional shares of the regions named add up to at least 0.4 and less than 0.5",
        _almost_half,
    ),
    "regions-most-engaged": (
        "agrees if no other region has more initiatives than any of those named",
        _leading(_initiatives, "initiatives with any region"),
    ),
    "response-capacity-building": ("agrees if more than half of the members with any response name it", _majority),
    "responses-primary": (
        "agrees if more than half of the members with any response name each of those named",
        _majority,
    ),
    "structure-of-resource": ("agrees if each of the collections named has records", _structure),
    "training-target-groups": (
        "agrees if no other group has more initiatives of capacity building than any of those named",
        _leading(_training, "initiatives of capacity building with any group"),
    ),
    "uk-funding": (
        "cannot be compared: who paid for the mapping of 2021 is no property of its records",
        _donor,
    ),
}
