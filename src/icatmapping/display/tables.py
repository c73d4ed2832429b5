"""
Tables of answers: counts with bars, two-way tables with shades, pairs, rankings. Knows nothing of records.

Any other table of rows is drawn with its fields for columns.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from icatmapping.display.elements import (
    Column,
    Element,
    bar,
    below,
    card,
    element,
    few,
    link,
    listed,
    note,
    page,
    table,
)
from icatmapping.display.formatting import (
    counted,
    dimensions,
    field_label,
    figure,
    share,
    share_range,
    term_label,
)
from icatmapping.model.vocabulary import Term

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from icatmapping.briefing.brief import ActivityTable, EntryPoints
    from icatmapping.display.elements import Children, Node
    from icatmapping.network.affiliations import Brokers, Communities, NetworkSummary
    from icatmapping.network.partners import Suggestions
    from icatmapping.network.paths import Connection, Connections
    from icatmapping.results import Rows
    from icatmapping.statistics.comparing import Findings, Gaps, Overlaps, Portfolio, UncoordinatedCells
    from icatmapping.statistics.counting import Concentration, Coverage, Crosstab, Timeline

__all__ = [
    "activity_table",
    "brokers_table",
    "communities_table",
    "concentration_card",
    "connections_table",
    "coverage_table",
    "crosstab_table",
    "entry_points_table",
    "findings_table",
    "gaps_table",
    "network_card",
    "overlaps_table",
    "portfolio_table",
    "row_card",
    "rows_table",
    "suggestions_table",
    "timeline_table",
    "uncoordinated_table",
]

_COLUMNS_SHOWN = 10
_YEARS_SHOWN = 40


def _title(*parts: Children) -> Element:
    return element("strong", *parts)


def _text(field: str, title: str | None = None) -> Column:
    return Column(title or field_label(field), lambda row: _plain(getattr(row, field)))


def _number(field: str, title: str | None = None) -> Column:
    return Column(title or field_label(field), lambda row: figure(getattr(row, field)), number=True)


def _decimal(field: str, digits: int = 2) -> Column:
    def read(row: Any) -> str:
        value = getattr(row, field)
        return "–" if value is None else f"{value:,.{digits}f}"

    return Column(field_label(field), read, number=True)


def _names(field: str, title: str | None = None, label: Callable[[str], str] = str) -> Column:
    return Column(title or field_label(field), lambda row: few(map(label, getattr(row, field))))


def _bars(part: Callable[[Any], float], rows: Iterable[Any]) -> Column:
    """Draw bars of which the longest fills its cell."""
    highest = max(map(part, rows), default=0.0)
    return Column("", lambda row: bar(part(row) / highest if highest else 0.0))


# --- any row, any table ----------------------------------------------------------------------------------------------


def row_card(row: Any) -> Node:
    """Draw a row by itself: its fields with their labels in front."""
    fields = [(field_label(name), _plain(getattr(row, name))) for name in type(row).__match_args__]
    return page(card(_title(type(row).__name__), fields))


def rows_table(rows: Rows[Any]) -> Node:
    """Draw a table that has no drawing of its own."""
    names: tuple[str, ...] = type(rows[0]).__match_args__ if len(rows) else ()
    columns = [_text(name) for name in names]
    return page(table(_title(f"{type(rows).__name__}: {counted(len(rows), 'row')}"), columns, rows))


def _plain(value: Any) -> Children:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return figure(value)
    if isinstance(value, str):
        return value.label if isinstance(value, Term) else link(value)
    if isinstance(value, tuple | list):
        return listed(map(_in_words, value))
    return str(value)


def _in_words(value: Any) -> str:
    return " × ".join(map(str, value)) if isinstance(value, tuple) else str(value)


# --- counts ----------------------------------------------------------------------------------------------------------


def coverage_table(found: Coverage) -> Node:
    """Draw counts and shares with bars, and their intervals if there are any."""
    highest = max((row.share if row.high is None else row.high for row in found), default=1.0) or 1.0
    columns = [
        _text("label", field_label(found.by)),
        _number("count") if found.counting == "full" else _decimal("count"),
        Column("Share", lambda row: share(row.share), number=True),
    ]
    if found.interval is not None:
        columns.append(Column("Interval", lambda row: share_range(row.low, row.high), number=True))
    columns.append(Column("", lambda row: bar(row.share / highest, *_scaled(row.low, row.high, highest))))
    return page(
        table(_title(f"{_counted_by(found)} by {dimensions([found.by])}"), columns, found),
        note(f"{figure(found.unclassified)} of {figure(found.n)} have no value and are left out of the shares."),
        note(f"Interval: {found.interval_meaning}.") if found.interval_meaning else None,
    )


def _scaled(low: float | None, high: float | None, highest: float) -> tuple[float, ...]:
    return () if low is None or high is None else (low / highest, high / highest)


def _counted_by(found: Coverage | Crosstab) -> str:
    return f"{counted(found.n, found.of[:-1], found.of)}{', fractionally counted,' * (found.counting != 'full')}"


def crosstab_table(found: Crosstab) -> Node:
    """Draw a two-way table, each cell shaded by its count, with totals of all rows and columns."""
    counts = {(cell.row, cell.col): cell.count for cell in found.rows}
    row_labels = {cell.row: cell.row_label for cell in found.rows}
    col_labels = {cell.col: cell.col_label for cell in found.rows}
    highest = max(counts.values(), default=0.0) or 1.0

    def said(number: float) -> str:
        return figure(number) if found.counting == "full" or not number else f"{number:,.2f}"

    def column(col: Any) -> Column:
        def count(row: Any) -> float:
            return counts.get((row, col), 0)

        return Column(col_labels[col], lambda row: said(count(row)), number=True, heat=lambda row: count(row) / highest)

    shown = [col for col in found.col_totals if col in col_labels][:_COLUMNS_SHOWN]
    columns = [
        Column(field_label(found.by[0]), lambda row: row_labels[row]),
        *map(column, shown),
        Column("Total", lambda row: _title(said(found.row_totals[row])), number=True),
    ]
    foot = ["Total", *(said(found.col_totals[col]) for col in shown), said(found.total)]
    caption = _title(f"{_counted_by(found)} by {dimensions([found.by[0]])} and {dimensions([found.by[1]])}")
    hidden = len(col_labels) - len(shown)
    return page(
        table(caption, columns, [row for row in found.row_totals if row in row_labels], foot=foot),
        note(f"and {counted(hidden, 'more column')}, which the totals include") if hidden else None,
        note(f"{figure(found.unclassified)} of {figure(found.n)} lack a value and are in no cell."),
    )


def timeline_table(found: Timeline) -> Node:
    """Draw the years with bars, the latest ones if there are many."""
    rows = found.rows[-_YEARS_SHOWN:]
    earlier = len(found) - len(rows)
    columns = [_year_column(), _number("count", "Active"), _bars(lambda row: row.count, rows)]
    return page(
        table(_title(f"{counted(found.n, found.of[:-1], found.of)} by year"), columns, rows, most=_YEARS_SHOWN),
        note(f"and {counted(earlier, 'earlier year')}") if earlier else None,
        note(f"{figure(found.undated)} of {figure(found.n)} have no date and are in no year."),
    )


def _year_column() -> Column:
    return Column("Year", lambda row: str(row.year))


def concentration_card(found: Concentration) -> Node:
    """Draw the measures of concentration, each with what it may range from and to."""
    even = f"{figure(1 / found.possible)} (even)" if found.possible else "0"
    fields: list[tuple[str, Children]] = [
        ("Records", f"{figure(found.n)}, of which {figure(found.unclassified)} have no value"),
        ("Possible values", figure(found.possible)),
        ("Most frequent", f"{term_label(found.by, found.top)}, {share(found.top_share)}"),
        ("Effective number", f"{figure(found.effective)} of {figure(found.possible)} values"),
        (field_label("hhi"), f"{found.hhi:.3f}, from {even} to 1 (all on one value)"),
        ("Gini coefficient", f"{found.gini:.3f}, from 0 (even) to almost 1 (all on one value)"),
        ("Entropy", f"{found.entropy:.3f} nats"),
    ]
    return page(card(_title(f"Concentration of {found.of} by {dimensions([found.by])}"), fields))


# --- comparisons -----------------------------------------------------------------------------------------------------


def gaps_table(found: Gaps) -> Node:
    """Draw the cells that nobody fills, with what would be expected and what may hide behind them."""
    columns = [_text("row_label", field_label(found.by[0]))]
    if len(found.by) > 1:
        columns.append(_text("col_label", field_label(found.by[1])))
    columns += [_number("count"), _decimal("expected")]
    if len(found.by) > 1:
        columns.append(_number("unclassified", "Not coded"))
    if any(gap.regional is not None for gap in found):
        columns += [_number("regional", "Regional"), _number("global_", "Global")]
    columns.append(Column("Telling", lambda gap: "no, too thin" if gap.too_thin else "yes"))
    limit = "no initiative" if found.at_most == 0 else f"at most {counted(found.at_most, 'initiative')}"
    return page(
        table(
            _title(f"Gaps by {dimensions(found.by)}: {figure(len(found))} of {figure(found.cells)} cells have {limit}"),
            columns,
            found,
        ),
        note(
            f"Among {counted(len(found.among), 'row')} and {counted(found.n, 'initiative')}, of which "
            f"{figure(found.unclassified)} are in no cell. Absence of coding is not absence of work."
        ),
    )


def overlaps_table(found: Overlaps) -> Node:
    """Draw the pairs of entities that are most alike."""
    columns = [
        _text("a", "Entity"),
        _text("b", "And"),
        _decimal("similarity"),
        _bars(lambda row: row.similarity, found.rows),
        _number("shared", "Shared cells"),
        Column("Records of both", lambda row: figure(len(row.records)), number=True),
    ]
    apart = counted(len(found.uncoordinated), "cell and pair is", "cells and pairs are")
    caption = _title(f"Overlaps on {dimensions(found.on)} ({found.metric}): {counted(len(found), 'pair')}")
    return page(
        table(caption, columns, found),
        note(f"{apart} covered by both and joined by no record: see uncoordinated."),
        note("Without a cell: ", listed(found.uncovered)) if found.uncovered else None,
    )


def uncoordinated_table(found: UncoordinatedCells) -> Node:
    """Draw the cells that two entities cover apart from each other."""
    columns = [
        _text("label", "Cell"),
        _text("a", "Entity"),
        _text("b", "And"),
        _number("initiatives", "Initiatives there"),
        _number("of_a", "Of the first"),
        _number("of_b", "Of the second"),
    ]
    return page(table(_title(f"Covered by two entities apart: {counted(len(found), 'row')}"), columns, found))


def portfolio_table(found: Portfolio) -> Node:
    """Draw where an entity works and on what."""
    columns = [
        _text("label", "Cell"),
        _number("count", "Initiatives"),
        _bars(lambda row: row.count, found.rows),
        _number("all_members", "Of all members"),
        Column("Location quotient", lambda row: f"{row.quotient:.2f}", number=True),
    ]
    whole = counted(found.n, "initiative")
    return page(
        table(_title(f"Portfolio of {found.name} by {dimensions(found.on)}: {whole}"), columns, found),
        note(
            f"{figure(found.placed)} of them are in a cell. "
            "A quotient above 1: more of this than members do as a whole."
        ),
    )


def findings_table(found: Findings) -> Node:
    """Draw the statements of 2021 beside the figures of today, with their sources."""
    columns = [
        Column("Statement", lambda row: row.statement),
        Column("Verdict", lambda row: _title(row.verdict)),
        Column("This dataset", lambda row: row.figure),
        Column("Rule", lambda row: row.rule),
        Column("Sources", lambda row: below([link(source) for source in row.sources])),
    ]
    verdicts = Counter(row.verdict for row in found)
    said = ", ".join(f"{number} {_VERDICTS[verdict][number != 1]}" for verdict, number in verdicts.items())
    return page(table(_title(f"{counted(len(found), 'statement')} of 2021: {said}"), columns, found))


_VERDICTS = {
    "agrees": ("agrees", "agree"),
    "differs": ("differs", "differ"),
    "cannot be compared": ("cannot be compared", "cannot be compared"),
}


# --- networks --------------------------------------------------------------------------------------------------------


def connections_table(found: Connections) -> Node:
    """Draw who can reach whom, and through whom."""
    columns = [
        _text("a", "Entity"),
        _text("b", "And"),
        _number("hops"),
        _decimal("distance"),
        Column("Through", _through),
        Column("Shared records", lambda row: figure(len(row.records)), number=True),
    ]
    size = counted(len(found.entities), "entity", "entities")
    return page(table(_title(f"Who can reach whom: {counted(len(found), 'pair')} of {size}"), columns, found))


def _through(row: Connection) -> Children:
    if row.hops is None:
        return "in separate groups" if row.separate else "no path of so few hops"
    return few(row.through) if row.through else "directly"


def suggestions_table(found: Suggestions) -> Node:
    """Draw whom to work with, and why."""
    columns = [
        _text("name", "Organization"),
        _decimal("score", 3),
        _bars(lambda row: row.score, found.rows),
        _decimal("similarity"),
        _names("common", "Common partners"),
        _names("themes", "Shared themes", lambda theme: term_label("theme", theme)),
        Column("Records there", lambda row: figure(len(row.records)), number=True),
        Column("Together elsewhere", lambda row: figure(len(row.together_elsewhere)), number=True),
    ]
    whom = f" for {found.entity}" if found.entity else ""
    return page(table(_title(f"Suggested partners{whom}: {figure(len(found))}"), columns, found))


def brokers_table(found: Brokers) -> Node:
    """Draw who connects the others."""
    columns = [
        _text("name", "Organization"),
        _decimal("betweenness", 3),
        _bars(lambda row: row.betweenness, found.rows),
        _number("partners"),
        _number("records"),
    ]
    return page(table(_title(f"Who connects the others: {counted(len(found), 'organization')}"), columns, found))


def communities_table(found: Communities) -> Node:
    """Draw the communities of a network."""
    columns = [
        Column("Community", lambda row: few(row.organizations)),
        Column("Organizations", lambda row: figure(len(row.organizations)), number=True),
        _bars(lambda row: len(row.organizations), found.rows),
        _names("entities", "ICAT entities"),
    ]
    caption = f"{counted(len(found), 'community', 'communities')}, modularity {found.modularity:.2f}"
    return page(table(_title(caption), columns, found))


def network_card(found: NetworkSummary) -> Node:
    """Draw a network in figures."""
    fields: list[tuple[str, Children]] = [
        ("Organizations", figure(found.organizations)),
        ("Ties", f"{figure(found.ties)}, {share(found.density)} of all pairs"),
        ("Records", figure(found.records)),
        ("Separate groups", f"{figure(found.groups)}, the largest of {counted(found.largest, 'organization')}"),
        (
            "Clustering",
            f"{found.clustering:.2f}: the part of an organization's partners that are partners of each other",
        ),
        ("Average distance", f"{figure(found.average_distance)} steps within the largest group"),
    ]
    return page(card(_title("The network in figures"), fields))


# --- the parts of a brief --------------------------------------------------------------------------------------------


def activity_table(found: ActivityTable) -> Node:
    """Draw who is active, in which roles."""
    roles = ("leads", "partners", "donors", "members", "publishers")
    columns = [
        _text("name", "Organization"),
        Column("ICAT", lambda row: "yes" if row.entity else "–"),
        *map(_number, roles),
    ]
    return page(table(_title(f"Who is active: {counted(len(found), 'organization')}"), columns, found))


def entry_points_table(found: EntryPoints) -> Node:
    """Draw whom to turn to, with the address."""
    columns = [
        Column("Entity", lambda row: row.name),
        _number("records"),
        _bars(lambda row: row.records, found.rows),
        Column("Page", lambda row: link(row.page)),
    ]
    return page(table(_title(f"Where to begin: {counted(len(found), 'entity', 'entities')}"), columns, found))
