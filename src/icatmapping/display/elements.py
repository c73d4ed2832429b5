"""
What displays are made of: elements, links, tables, bars. Knows nothing of what is shown.

A display is a tree of elements and text. Text stands in it as it is and is escaped in one place, when the tree is
written; there is no other way into the page, so that nothing can be forgotten. Elements and attributes are those
listed here: none runs a script or fetches anything, and only web addresses are links. Every element bears its own
style, made to be read on light and dark pages, and the page reads well without any.
"""

from __future__ import annotations

import re
from contextvars import ContextVar
from html import escape
from typing import TYPE_CHECKING, Any, TypeAlias

from attrs import field, frozen
from attrs.validators import in_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

__all__ = [
    "ATTRIBUTES",
    "ELEMENTS",
    "ROWS_SHOWN",
    "SHOWN",
    "Children",
    "Column",
    "Element",
    "Node",
    "bar",
    "bullets",
    "card",
    "element",
    "inline_list",
    "is_web",
    "link",
    "listed",
    "note",
    "page",
    "stacked_list",
    "table",
    "to_markup",
]

ELEMENTS = frozenset(
    {"a", "bdi", "caption", "details", "div", "em", "h3", "h4", "li", "ol", "p", "span", "strong", "summary"}
    | {"table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"}
)
"""The elements that there are."""
ATTRIBUTES = frozenset({"aria-hidden", "href", "scope", "style"})
"""The attributes that they may have."""

Node: TypeAlias = "Element | str"
"""What a display is made of: an element, or text as it is."""
Children: TypeAlias = "Node | Iterable[Node | None] | None"
"""What is in an element: nodes; None is nothing."""

_WEB = re.compile(r"https?://[^\s\\]+", re.IGNORECASE)
# A browser drops or changes these, and half a surrogate pair cannot even be encoded.
_UNWRITABLE = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")

SHOWN: ContextVar[int | None] = ContextVar("SHOWN", default=None)
"""How many rows of a table are shown, where somebody asked; else each table shows as many as suit it."""
ROWS_SHOWN = 20
"""How many rows of a table are shown, unless it says otherwise."""
_PARTS_SHOWN = 12

_LINE = "border:0 solid rgba(128,128,128,.3);border-bottom-width:1px;"
_CELL = f"text-align:left;vertical-align:top;padding:.2em 1em .2em 0;overflow-wrap:break-word;max-width:32em;{_LINE}"
_NUMBER = f"text-align:right;vertical-align:top;padding:.2em 1em .2em 0;white-space:nowrap;{_LINE}"
_NUMBER_HEAD = f"{_NUMBER}font-weight:bold;vertical-align:bottom;white-space:normal;max-width:8em;"
_HEAD = f"{_CELL}font-weight:bold;vertical-align:bottom;"
_VALUE = f"{_CELL}max-width:60em;"
_LABEL = f"{_CELL}font-weight:normal;white-space:nowrap;"
_TABLE = "border-collapse:collapse;font-size:1em;color:inherit;background:none;margin:.3em 0;"
_CARD = f"{_TABLE}min-width:min(36em,100%);"
_CAPTION = "caption-side:top;text-align:left;color:inherit;padding:.2em 0;"
_PAGE = "color:inherit;text-align:left;font-size:.92em;line-height:1.4;max-width:80em;"
_NOTE = "margin:.2em 0;opacity:.75;"
_BAR = "position:relative;width:9em;height:.7em;margin-top:.35em;background:rgba(128,128,128,.15);"
_COLOUR = "70,130,200"


def _is_allowed(_: Element, __: object, attributes: Mapping[str, str]) -> None:
    if not attributes.keys() <= ATTRIBUTES or not is_web(attributes.get("href", "https://example.org")):
        message = f"no attributes of a display: {dict(attributes)}"
        raise ValueError(message)


def _are_nodes(_: Element, __: object, children: tuple[object, ...]) -> None:
    for child in children:
        if not isinstance(child, Element | str):
            message = f"an element holds elements and text, not {type(child).__name__}"
            raise TypeError(message)


@frozen
class Element:
    """
    An element with its attributes and what is in it.

    Attributes:
        name: One of `ELEMENTS`.
        attributes: Some of `ATTRIBUTES`; ``href`` only with a web address.
        children: Elements and text.
    """

    name: str = field(validator=in_(ELEMENTS))
    attributes: Mapping[str, str] = field(validator=_is_allowed, hash=False)
    children: tuple[Node, ...] = field(validator=_are_nodes)


def element(name: str, *children: Children, **attributes: str) -> Element:
    """Make an element; ``aria_hidden`` stands for ``aria-hidden``."""
    return Element(
        name,
        {key.replace("_", "-"): value for key, value in attributes.items()},
        tuple([node for child in children for node in _nodes(child)]),
    )


def _nodes(child: Children) -> Iterable[Node]:
    if child is None:
        return ()
    return (child,) if isinstance(child, Element | str) else [node for node in child if node is not None]


def to_markup(node: Node) -> str:
    """
    Write a display as HTML. Everything becomes HTML here and nowhere else.

    Examples:
        >>> to_markup(element("p", "1 < 2 & ", element("em", '"x"')))
        '<p>1 &lt; 2 &amp; <em>&quot;x&quot;</em></p>'
    """
    if isinstance(node, str):
        return _escaped(node)
    attributes = "".join(f' {name}="{_escaped(value)}"' for name, value in node.attributes.items())
    return f"<{node.name}{attributes}>{''.join(map(to_markup, node.children))}</{node.name}>"


def _escaped(text: str) -> str:
    return escape(_UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text))


def is_web(address: str) -> bool:
    """
    Return whether an address may be followed.

    Examples:
        >>> is_web("https://icat.un.org/"), is_web("javascript:alert(1)")
        (True, False)
    """
    return _WEB.fullmatch(address) is not None and _UNWRITABLE.search(address) is None


def link(address: str | None, text: str | None = None) -> Node:
    """Link a text to a web address; what is no web address is not linked, but shown behind the text."""
    if address is None:
        return _isolated(text or "")
    if is_web(address):
        return element("a", _isolated(text or address), href=address)
    return _isolated(address if text is None else f"{text} ({address})")


def _isolated(text: Node) -> Node:
    """Keep text that runs from right to left from turning its neighbours around."""
    return text if isinstance(text, str) and text.isascii() else element("bdi", text)


# --- the parts of a page ---------------------------------------------------------------------------------------------


def page(*children: Children) -> Element:
    """Put a display together."""
    return element("div", *children, style=_PAGE)


def note(*children: Children) -> Element:
    """Return something beside the matter: a measure, what is left out."""
    return element("p", *children, style=_NOTE)


def listed(parts: Iterable[Node], most: int = _PARTS_SHOWN) -> list[Node]:
    """List some parts in a line; those beyond the first ones are folded away."""
    isolated = [_isolated(part) for part in parts]
    shown, rest = _divided(isolated, most)
    return [*_joined(shown), *([_folded(len(rest), _joined(rest))] if rest else [])]


def inline_list(parts: Iterable[Node], most: int = 3) -> list[Node]:
    """List some parts in a cell, where those beyond the first ones are only counted; a dash if there are none."""
    isolated = [_isolated(part) for part in parts]
    shown, rest = _divided(isolated, most)
    return [*_joined(shown), f" and {len(rest):,} more"] if rest else _joined(shown) or ["–"]


def stacked_list(parts: Sequence[Node], most: int = _PARTS_SHOWN) -> list[Node]:
    """List some parts one below the other, without marks; those beyond the first ones are folded away."""
    shown, rest = ([element("div", part) for part in some] for some in _divided(parts, most))
    return [*shown, *([_folded(len(rest), rest)] if rest else [])]


def _divided(parts: Sequence[Node], most: int) -> tuple[Sequence[Node], Sequence[Node]]:
    """Part the first ones from the rest, but do not hide a single one."""
    return (parts[:most], parts[most:]) if len(parts) > most + 1 else (parts, ())


def _folded(number: int, parts: Sequence[Node]) -> Element:
    return element("details", element("summary", f"and {number:,} more"), parts)


def _joined(parts: Sequence[Node]) -> list[Node]:
    return [node for place, part in enumerate(parts) for node in ((", ", part) if place else (part,))]


def bullets(parts: Iterable[Children], *, numbered: bool = False, more: int = 0) -> Element:
    """List some parts one below the other, and say how many more there are."""
    shown = [element("li", part, style="margin:.15em 0;") for part in parts]
    rest = element("li", f"and {more:,} more", style="opacity:.75;") if more else None
    return element("ol" if numbered else "ul", shown, rest, style="margin:.3em 0;padding-left:1.6em;")


@frozen
class Column:
    """
    A column of a table.

    Attributes:
        title: What stands above it.
        read: What gives the cell of a row.
        number: Whether its cells are numbers, which stand on the right.
        heat: What gives how dark the cell of a row is, from 0 to 1; None for a column without shades.
    """

    title: str
    read: Callable[[Any], Children]
    number: bool = False
    heat: Callable[[Any], float] | None = None


def table(
    caption: Children,
    columns: Sequence[Column],
    rows: Sequence[Any],
    *,
    foot: Sequence[Children] = (),
    most: int = ROWS_SHOWN,
) -> Element:
    """Draw a table whose first column says what a row is about; beyond the first rows it says how many there are."""
    limit = SHOWN.get()
    shown = rows[: most if limit is None else limit]
    body = [element("tr", [_cell(one, row, first=one is columns[0]) for one in columns]) for row in shown]
    last = [
        element("td" if place else "th", value, style=_NUMBER_HEAD if column.number else _HEAD)
        for place, (column, value) in enumerate(zip(columns, foot, strict=False))
    ]
    drawn = element(
        "table",
        element("caption", caption, style=_CAPTION),
        element("thead", element("tr", map(_head, columns))) if body else None,
        element("tbody", body) if body else None,
        element("tfoot", element("tr", last)) if body and last else None,
        style=_TABLE,
    )
    more = len(rows) - len(shown)
    return element("div", drawn, note(f"and {more:,} more") if more else None, style="overflow-x:auto;")


def _head(column: Column) -> Element:
    if not column.title:
        return element("td", style=_HEAD)
    return element("th", column.title, scope="col", style=_NUMBER_HEAD if column.number else _HEAD)


def _cell(column: Column, row: Any, *, first: bool) -> Element:
    style = _NUMBER if column.number else _CELL
    if first:
        return element("th", column.read(row), scope="row", style=f"font-weight:normal;{style}")
    heat = "" if column.heat is None else f"padding-left:1em;background:rgba({_COLOUR},{_heat(column.heat(row))});"
    return element("td", column.read(row), style=style + heat)


def _heat(part: float) -> str:
    return f"{0.55 * _within(part):.2f}"


def card(title: Children, fields: Iterable[tuple[str, Children]]) -> Element:
    """Draw a card: a title, and values with their labels in front."""
    rows = [
        element("tr", element("th", label, scope="row", style=_LABEL), element("td", value, style=_VALUE))
        for label, value in fields
    ]
    caption = element("caption", title, style=_CAPTION)
    return element("table", caption, element("tbody", rows) if rows else None, style=_CARD)


def bar(part: float, low: float | None = None, high: float | None = None) -> Element:
    """Draw a bar, from 0 to 1, and the interval of it as a line upon it. The number has to stand beside it as text."""
    fill = f"position:absolute;left:0;top:0;height:100%;width:{_percent(part)};background:rgba({_COLOUR},.6);"
    line = None
    if low is not None and high is not None:
        width = _percent(high - low)
        line = f"position:absolute;left:{_percent(low)};width:{width};top:40%;height:20%;background:currentColor;"
    drawn = [element("div", style=fill), element("div", style=line) if line else None]
    return element("div", drawn, aria_hidden="true", style=_BAR)


def _percent(part: float) -> str:
    return f"{100 * _within(part):.1f}%"


def _within(part: float) -> float:
    return min(max(part, 0.0), 1.0)
