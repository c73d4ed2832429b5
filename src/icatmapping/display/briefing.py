"""
What briefs and support look like.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from icatmapping.briefing.outline import outline
from icatmapping.display.elements import Column, bullets, element, inline_list, link, note, page, table
from icatmapping.display.formatting import last_year, pluralize
from icatmapping.display.records import titled
from icatmapping.display.tables import bars_column, decimal_column, table_title
from icatmapping.model.articles import in_sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from icatmapping.briefing.brief import Brief
    from icatmapping.briefing.outline import Line
    from icatmapping.briefing.support import Support, SupportRow
    from icatmapping.display.elements import Children, Element, Node

__all__ = ["brief_page", "support_row", "support_table"]


def brief_page(brief: Brief) -> Node:
    """Draw a brief: the sections that it has as text, too."""
    return page(_sections(outline(brief, brief.limit)))


def _sections(lines: Iterable[Line]) -> Iterator[Element]:
    points: list[Children] = []
    for line in lines:
        if line.level in ("item", "reference"):
            number = None if line.reference is None else f" [{line.reference}]"
            points.append([link(line.address, line.text), number])
            continue
        if points:
            yield bullets(points)
            points = []
        yield element(_ELEMENTS[line.level], link(line.address, line.text))
    if points:
        yield bullets(points)


_ELEMENTS = {"title": "h3", "section": "h4", "paragraph": "p"}


def support_table(found: Support) -> Node:
    """Draw who could help, on what record."""
    columns = [
        Column("Entity", lambda row: link(row.page, row.name)),
        decimal_column("score"),
        bars_column(lambda row: row.score, found.rows),
        Column("There", lambda row: _places(row.there)),
        Column("Nearby", lambda row: _places(row.nearby)),
        Column("Elsewhere", lambda row: str(len(row.elsewhere)), number=True),
        Column("Publications", lambda row: str(len(row.resources)), number=True),
        # Until when something is planned somewhere says nothing of whoever takes part in it.
        Column(
            "Last active anywhere",
            lambda row: last_year(row.last_active, found.provenance.as_of).partition(",")[0],
            number=True,
        ),
        Column("Worked with", lambda row: inline_list(row.bodies)),
    ]
    where = "" if found.country is None else f" in {in_sentence(found.country.name)}"
    need = f" {found.need}" if found.need else ""
    title = f"Who could help{where}{need}: {pluralize(len(found), 'entity', 'entities')} of {found.total}"
    return page(
        table(table_title(title), columns, found),
        note("Scores add up records by age and nearness; publications and sheer volume elsewhere count little."),
    )


def _places(records: tuple[object, ...]) -> Children:
    """Show how many records there are, and the newest with its years."""
    if not records:
        return "–"
    newest: object = records[0]
    many = f"{len(records)}, newest: " if len(records) > 1 else None
    return [many, titled(newest), f" ({getattr(newest, 'period', '')})"]


def support_row(row: SupportRow) -> Node:
    """Draw one entity that could help."""
    return page(element("p", link(row.page, row.describe())))
