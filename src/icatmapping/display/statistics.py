"""
What the answers of statistics look like.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from icatmapping.display.elements import (
    Column,
    bar,
    bullets,
    card,
    inline_list,
    link,
    listed,
    note,
    page,
    stacked_list,
    table,
)
from icatmapping.display.formatting import (
    dimensions,
    field_label,
    format_number,
    format_percent,
    pluralize,
    share_range,
    term_label,
    years,
    years_in_words,
)
from icatmapping.display.records import titled
from icatmapping.display.tables import (
    COLUMNS_SHOWN,
    bars_column,
    decimal_column,
    number_column,
    table_title,
    text_column,
)

if TYPE_CHECKING:
    from icatmapping.display.elements import Children, Node
    from icatmapping.results import Provenance
    from icatmapping.statistics.concentration import Concentration
    from icatmapping.statistics.coverage import Coverage
    from icatmapping.statistics.crosstab import Crosstab
    from icatmapping.statistics.findings import Findings
    from icatmapping.statistics.gaps import Gaps
    from icatmapping.statistics.overlaps import Overlaps, UncoordinatedTable
    from icatmapping.statistics.portfolio import Comparison, Portfolio
    from icatmapping.statistics.timeline import Timeline

__all__ = [
    "comparison_table",
    "concentration_card",
    "coverage_table",
    "crosstab_table",
    "findings_table",
    "gaps_table",
    "overlaps_table",
    "portfolio_table",
    "timeline_table",
    "uncoordinated_table",
]


_YEARS_SHOWN = 40


def coverage_table(found: Coverage) -> Node:
    """Draw counts and shares with bars, and their intervals if there are any."""
    highest = max((row.share if row.high is None else row.high for row in found), default=1.0) or 1.0
    columns = [
        text_column("label", field_label(found.by)),
        number_column("count") if found.counting == "full" else decimal_column("count"),
        Column("Share", lambda row: format_percent(row.share), number=True),
    ]
    if found.interval is not None:
        columns.append(Column("Interval", lambda row: share_range(row.low, row.high), number=True))
    columns.append(Column("", lambda row: bar(row.share / highest, *_scaled(row.low, row.high, highest))))
    return page(
        table(table_title(f"{_counted_by(found)} by {dimensions([found.by])}"), columns, found),
        note(
            f"{format_number(found.unclassified)} of {format_number(found.n)} have no value "
            "and are left out of the shares."
        ),
        note(f"Interval: {found.interval_meaning}.") if found.interval_meaning else None,
        _asked(found.provenance),
    )


def _scaled(low: float | None, high: float | None, highest: float) -> tuple[float, ...]:
    return () if low is None or high is None else (low / highest, high / highest)


def _counted_by(found: Coverage | Crosstab) -> str:
    return f"{pluralize(found.n, found.of[:-1], found.of)}{', fractionally counted,' * (found.counting != 'full')}"


def crosstab_table(found: Crosstab) -> Node:
    """Draw a two-way table, each cell shaded by its count, with totals of all rows and columns."""
    counts = {(cell.row, cell.col): cell.count for cell in found.rows}
    row_labels = {cell.row: cell.row_label for cell in found.rows}
    col_labels = {cell.col: cell.col_label for cell in found.rows}
    highest = max(counts.values(), default=0.0) or 1.0

    def said(number: float) -> str:
        return format_number(number) if found.counting == "full" or not number else f"{number:,.2f}"

    def column(col: Any) -> Column:
        def count(row: Any) -> float:
            return counts.get((row, col), 0)

        return Column(col_labels[col], lambda row: said(count(row)), number=True, heat=lambda row: count(row) / highest)

    shown = [col for col in found.col_totals if col in col_labels][:COLUMNS_SHOWN]
    columns = [
        Column(field_label(found.by[0]), lambda row: row_labels[row]),
        *map(column, shown),
        Column("Total", lambda row: table_title(said(found.row_totals[row])), number=True),
    ]
    foot = ["Total", *(said(found.col_totals[col]) for col in shown), said(found.total)]
    caption = table_title(f"{_counted_by(found)} by {dimensions([found.by[0]])} and {dimensions([found.by[1]])}")
    hidden = len(col_labels) - len(shown)
    return page(
        table(caption, columns, [row for row in found.row_totals if row in row_labels], foot=foot),
        note(f"and {pluralize(hidden, 'more column')}, which the totals include") if hidden else None,
        note(f"{format_number(found.unclassified)} of {format_number(found.n)} lack a value and are in no cell."),
        note("Totals add up cells: a record counts in each of its cells.") if found.counting == "full" else None,
        _asked(found.provenance),
    )


def timeline_table(found: Timeline) -> Node:
    """Draw the years with bars, the latest ones if there are many."""
    rows = found.rows[-_YEARS_SHOWN:]
    earlier = len(found) - len(rows)
    columns = [_year_column(), number_column("count", "Active"), bars_column(lambda row: row.count, rows)]
    return page(
        table(table_title(f"{pluralize(found.n, found.of[:-1], found.of)} by year"), columns, rows, most=_YEARS_SHOWN),
        note(f"and {pluralize(earlier, 'earlier year')}") if earlier else None,
        note(f"{format_number(found.undated)} of {format_number(found.n)} have no date and are in no year."),
        _asked(found.provenance),
    )


def _year_column() -> Column:
    return Column("Year", lambda row: str(row.year))


def concentration_card(found: Concentration) -> Node:
    """Draw the measures of concentration, each with what it may range from and to."""
    even = f"{format_number(1 / found.possible)} (even)" if found.possible else "0"
    fields: list[tuple[str, Children]] = [
        ("Records", f"{format_number(found.n)}, of which {format_number(found.unclassified)} have no value"),
        ("Possible values", format_number(found.possible)),
        ("Most frequent", f"{term_label(found.by, found.top)}, {format_percent(found.top_share)}"),
        ("Effective number", f"{format_number(found.effective)} of {format_number(found.possible)} values"),
        (field_label("hhi"), f"{found.hhi:.3f}, from {even} to 1 (all on one value)"),
        ("Gini coefficient", f"{found.gini:.3f}, from 0 (even) to almost 1 (all on one value)"),
        ("Entropy", f"{found.entropy:.3f} nats"),
    ]
    caption = table_title(f"Concentration of {found.of} by {dimensions([found.by])}")
    return page(card(caption, fields), _asked(found.provenance))


def gaps_table(found: Gaps) -> Node:
    """Draw the cells that nobody fills, with what would be expected and what may hide behind them."""
    columns = [text_column("row_label", field_label(found.by[0]))]
    if len(found.by) > 1:
        columns.append(text_column("col_label", field_label(found.by[1])))
    columns += [number_column("count"), decimal_column("expected", 1)]
    if len(found.by) > 1:
        columns += [
            number_column("n", "Coded"),
            Column(
                "p", lambda gap: "–" if gap.p is None else "< 0.001" if gap.p < 0.001 else f"{gap.p:.3f}", number=True
            ),
            Column("Peers", lambda gap: f"{format_percent(gap.rate or 0)} of {gap.peers} {gap.peers_where}"),
            number_column("unclassified", "Not coded"),
        ]
    if any(gap.regional is not None for gap in found):
        columns += [number_column("regional", "Regional"), number_column("global_", "Global")]
    if len(found.by) > 1:
        columns.append(Column("Telling", lambda gap: "yes" if gap.telling else "may be chance"))
    by = next(iter(found.by))
    limit = "no initiative" if found.at_most == 0 else f"at most {pluralize(found.at_most, 'initiative')}"
    return page(
        table(
            table_title(
                f"Gaps by {dimensions(found.by)}: "
                f"{format_number(len(found))} of {format_number(found.cells)} cells have {limit}"
            ),
            columns,
            found,
        ),
        note(
            f"Among {pluralize(len(found.among), 'row')} and {pluralize(found.n, 'initiative')}, of which "
            f"{format_number(found.unclassified)} are in no cell. Absence of coding is not absence of work; of twenty "
            "cells looked at, one has a p below 0.05 by chance."
        ),
        note("Without any coded initiative: ", listed([term_label(by, row) for row in found.empty_rows]))
        if found.empty_rows
        else None,
        _asked(found.provenance),
    )


def overlaps_table(found: Overlaps) -> Node:
    """Draw the pairs of entities that are most alike."""
    columns = [
        text_column("name_a", "Entity"),
        text_column("name_b", "And"),
        decimal_column("similarity"),
        bars_column(lambda row: row.similarity, found.rows),
        number_column("shared", "Shared cells"),
        Column("Records of both", lambda row: format_number(len(row.records)), number=True),
    ]
    apart = pluralize(len(found.uncoordinated), "place and pair is", "places and pairs are")
    names = {row.a: row.name_a for row in found} | {row.b: row.name_b for row in found}
    caption = table_title(f"Overlaps on {dimensions(found.on)} ({found.metric}): {pluralize(len(found), 'pair')}")
    return page(
        table(caption, columns, found),
        note(f"{apart} covered by both in the same years and joined by no record there: uncoordinated, or --apart."),
        note("Without a cell: ", listed([names[one] for one in found.uncovered])) if found.uncovered else None,
        _asked(found.provenance),
    )


def uncoordinated_table(found: UncoordinatedTable) -> Node:
    """Draw where two entities work on the same things in the same years apart from each other."""
    columns = [
        text_column("label", "Where"),
        text_column("name_a", "Entity"),
        text_column("name_b", "And"),
        Column("On", lambda row: inline_list(row.other_labels)),
        Column("Common years", lambda row: years_in_words(row.years)),
        Column("Of the first", lambda row: format_number(len(row.records_a)), number=True),
        Column("Of the second", lambda row: format_number(len(row.records_b)), number=True),
    ]
    title = f"The same things in the same years, apart: {pluralize(len(found), 'row')}"
    return page(
        table(table_title(title), columns, found),
        note("No record that names the place joins the two; they may well talk to each other."),
    )


def comparison_table(found: Comparison) -> Node:
    """Draw two portfolios side by side."""
    columns = [
        text_column("label", "Cell"),
        number_column("count_a", found.name_a),
        number_column("count_b", found.name_b),
        number_column("together"),
        Column("Last of the first", lambda row: str(row.last_a or "–"), number=True),
        Column("Last of the second", lambda row: str(row.last_b or "–"), number=True),
        Column("Common years", lambda row: years_in_words(row.common_years)),
    ]
    title = f"{found.name_a} ({found.n_a}) and {found.name_b} ({found.n_b}) by {dimensions(found.on)}"
    return page(
        table(table_title(title), columns, found),
        note(f"Both take part in {pluralize(len(found.together), 'record')}."),
        bullets([[titled(record), f" ({record.period})"] for record in found.together[:5]]) if found.together else None,
        _asked(found.provenance),
    )


def portfolio_table(found: Portfolio) -> Node:
    """Draw where an entity works and on what."""
    columns = [
        text_column("label", "Cell"),
        number_column("count", "Initiatives"),
        bars_column(lambda row: row.count, found.rows),
        number_column("all_members", "Of all members"),
        Column("Location quotient", lambda row: f"{row.quotient:.2f}", number=True),
        Column("From", lambda row: f"{row.low:.2f}", number=True),
        Column("To", lambda row: f"{row.high:.2f}", number=True),
        Column("Active", lambda row: years(row.first_active, row.last_active) or "undated"),
    ]
    whole = pluralize(found.n, "initiative")
    return page(
        table(table_title(f"Portfolio of {found.name} by {dimensions(found.on)}: {whole}"), columns, found),
        note(
            f"{format_number(found.placed)} of them are in a cell. "
            "A quotient above 1: more of this than members do as a whole."
        ),
    )


def findings_table(found: Findings) -> Node:
    """Draw the statements of 2021 beside the figures of today, with their sources."""
    columns = [
        Column("Statement", lambda row: row.statement),
        Column("Verdict", lambda row: table_title(row.verdict)),
        Column("This dataset", lambda row: row.figure),
        Column("Rule", lambda row: row.rule),
        Column("Sources", lambda row: stacked_list([link(source) for source in row.sources])),
    ]
    verdicts = Counter(row.verdict for row in found)
    said = ", ".join(f"{number} {_VERDICTS[verdict][number != 1]}" for verdict, number in verdicts.items())
    return page(table(table_title(f"{pluralize(len(found), 'statement')} of 2021: {said}"), columns, found))


_VERDICTS = {
    "agrees": ("agrees", "agree"),
    "differs": ("differs", "differ"),
    "cannot be compared": ("cannot be compared", "cannot be compared"),
}


def _chance(p: float | None) -> str:
    if p is None:
        return "–"
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def _asked(about: Provenance) -> Node | None:
    return note(f"Asked: {about.question}.") if about.question else None
