"""
Tables and cards of any rows, and the columns that all of them use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from icatmapping.display.elements import Column, Element, bar, card, element, inline_list, link, listed, page, table
from icatmapping.display.formatting import field_label, format_number, pluralize
from icatmapping.model.vocabulary import Term

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from icatmapping.display.elements import Children, Node
    from icatmapping.io.drafts import Draft
    from icatmapping.results import Table

__all__ = [
    "COLUMNS_SHOWN",
    "bars_column",
    "decimal_column",
    "draft_page",
    "names_column",
    "number_column",
    "row_card",
    "rows_table",
    "table_title",
    "text_column",
]


COLUMNS_SHOWN = 10


def table_title(*parts: Children) -> Element:
    """Return the title of a table."""
    return element("strong", *parts)


def text_column(field: str, title: str | None = None) -> Column:
    """Return a column of a field as text."""
    return Column(title or field_label(field), lambda row: _plain(getattr(row, field), field))


def number_column(field: str, title: str | None = None) -> Column:
    """Return a column of a field as whole or short numbers."""
    return Column(title or field_label(field), lambda row: format_number(getattr(row, field)), number=True)


def decimal_column(field: str, digits: int = 2) -> Column:
    """Return a column of a field with so many digits after the point."""

    def read(row: Any) -> str:
        value = getattr(row, field)
        return "–" if value is None else f"{value:,.{digits}f}"

    return Column(field_label(field), read, number=True)


def names_column(field: str, title: str | None = None, label: Callable[[str], str] = str) -> Column:
    """Return a column of a field that holds several names."""
    return Column(title or field_label(field), lambda row: inline_list(map(label, getattr(row, field))))


def bars_column(part: Callable[[Any], float], rows: Iterable[Any]) -> Column:
    """Draw bars of which the longest fills its cell."""
    highest = max(map(part, rows), default=0.0)
    return Column("", lambda row: bar(part(row) / highest if highest else 0.0))


def row_card(row: Any) -> Node:
    """Draw a row by itself: its fields with their labels in front."""
    fields = [(field_label(name), _plain(getattr(row, name), name)) for name in type(row).__match_args__]
    return page(card(table_title(type(row).__name__), fields))


def rows_table(rows: Table[Any]) -> Node:
    """Draw a table that has no drawing of its own."""
    names: tuple[str, ...] = type(rows[0]).__match_args__ if len(rows) else ()
    columns = [text_column(name) for name in names]
    return page(table(table_title(f"{type(rows).__name__}: {pluralize(len(rows), 'row')}"), columns, rows))


def draft_page(draft: Draft) -> Node:
    """Draw what a reader made of a file: what it is, its columns, what was not understood and what was left out."""
    parts = (draft.columns, draft.problems, draft.left_out, draft.new_bodies)
    said = str(draft).partition("\n")[0]
    notes = [element("p", text) for text in draft.notes]
    return page(element("p", table_title(said)), *notes, *(rows_table(part) for part in parts if len(part)))


_YEARS = ("year", "since", "until", "joined", "left", "ended", "founded")


def _plain(value: Any, field: str) -> Children:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        is_year = isinstance(value, int) and (field in _YEARS or field.startswith(("first_", "last_")))
        return str(value) if is_year else format_number(value)
    if isinstance(value, str):
        return value.label if isinstance(value, Term) else link(value)
    if isinstance(value, tuple | list):
        return listed(map(_in_words, value))
    return str(value)


def _in_words(value: Any) -> str:
    return " × ".join(map(str, value)) if isinstance(value, tuple) else str(value)
