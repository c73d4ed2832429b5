"""
What briefs look like.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from icatmapping.briefing.brief import outline
from icatmapping.display.elements import bullets, element, link, page

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from icatmapping.briefing.brief import Brief, Line
    from icatmapping.display.elements import Element, Node

from typing import TYPE_CHECKING

from icatmapping.display.elements import Column, table
from icatmapping.display.formatting import pluralize
from icatmapping.display.tables import bars_column, number_column, table_title, text_column

if TYPE_CHECKING:
    from icatmapping.briefing.brief import ActivityTable, EntryPoints
    from icatmapping.display.elements import Node

__all__ = ["activity_table", "brief_page", "entry_points_table", "heading"]


def activity_table(found: ActivityTable) -> Node:
    """Draw who is active, in which roles."""
    roles = ("leads", "partners", "donors", "members", "publishers")
    columns = [
        text_column("name", "Organization"),
        Column("ICAT", lambda row: "yes" if row.entity else "–"),
        *map(number_column, roles),
    ]
    return page(table(table_title(f"Who is active: {pluralize(len(found), 'organization')}"), columns, found))


def entry_points_table(found: EntryPoints) -> Node:
    """Draw whom to turn to, with the address."""
    columns = [
        Column("Entity", lambda row: row.name),
        number_column("records"),
        bars_column(lambda row: row.records, found.rows),
        Column("Page", lambda row: link(row.page)),
    ]
    return page(table(table_title(f"Where to begin: {pluralize(len(found), 'entity', 'entities')}"), columns, found))


def brief_page(brief: Brief) -> Node:
    """Draw a brief: the sections that it has as text, too."""
    return page(_sections(outline(brief)))


def _sections(lines: Iterable[Line]) -> Iterator[Element]:
    points: list[Node] = []
    for line in lines:
        if line.level == "item":
            points.append(link(line.address, line.text))
            continue
        if points:
            yield bullets(points)
            points = []
        yield element(_ELEMENTS[line.level], link(line.address, line.text))
    if points:
        yield bullets(points)


_ELEMENTS = {"title": "h3", "section": "h4", "paragraph": "p"}


def heading(text: str) -> Element:
    """Return a heading within a page."""
    return element("p", element("strong", text))
