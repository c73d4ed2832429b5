"""
The same displays as plain text, for terminals: tables in columns, cards as labels and values, lists. Knows nothing of
what is shown.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import zip_longest
from typing import TYPE_CHECKING

from icatmapping.display.elements import Element, element
from icatmapping.display.html import draw

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from icatmapping.display.elements import Node

__all__ = ["WIDTH", "node_to_text", "to_text"]

WIDTH = 100
"""How many columns a text takes at most."""
_GAP = "  "
_CELL_LINES = 3
"""How many lines a cell of a table takes at most."""
_NARROWEST = 14
"""How many columns of a terminal a column of text keeps while another one can be narrowed."""
_LONG_WORD = 14
"""Words in cells of more columns of a terminal than these may break."""
_FIRST_COLUMN = 0.6
_BLOCKS = frozenset({"caption", "div", "h3", "h4", "li", "ol", "p", "table", "ul"})
_UNDERLINED = {"h3": "=", "h4": "-"}


def to_text(shown: object) -> str:
    """
    Return anything that this library gives as plain text, at most `WIDTH` columns wide.

    Raises:
        TypeError: If it is nothing that this library gives.

    Examples:
        >>> import icatmapping as im
        >>> print(to_text(im.country("Nigeria")))
        Nigeria
        Codes:        NGA, NG, 566
        Region:       Africa
        Sub-region:   Western Africa
        Also called:  ...
    """
    return node_to_text(draw(shown))


def node_to_text(node: Node, width: int = WIDTH) -> str:
    """
    Write a display as plain text.

    Examples:
        >>> from icatmapping.display.elements import bullets, element
        >>> print(node_to_text(element("div", element("p", "Two", " parts:"), bullets(["one", "another"], more=3))))
        Two parts:
        - one
        - another
        - and 3 more
    """
    return "\n".join(line.rstrip() for line in _lines(node, width)).strip("\n")


def _lines(node: Node, width: int) -> list[str]:
    """Return the lines of a block."""
    if isinstance(node, str) or node.name == "details":  # what is folded away is only counted
        return _wrapped(_inline(node), width)
    if "aria-hidden" in node.attributes:
        return []
    if node.name == "table":
        return _table(node, width)
    if node.name in ("ul", "ol"):
        return _list(node, width)
    if node.name in _UNDERLINED:
        title = _wrapped(_inline(node), width)
        return ["", *title, _UNDERLINED[node.name] * max(map(_columns, title), default=0)]
    return _flowing(node.children, width)


def _flowing(children: Iterable[Node], width: int) -> list[str]:
    """Return the lines of text and blocks that follow each other."""
    lines: list[str] = []
    running: list[Node] = []
    for child in [*children, None]:
        if child is not None and not _is_block(child):
            running.append(child)
            continue
        lines += _wrapped(_inline(element("span", running)), width)
        running = []
        if child is not None:
            block = _lines(child, width)
            if lines and block and _is_table(child):
                lines.append("")
            lines += block
    return lines


def _is_block(node: Node) -> bool:
    return isinstance(node, Element) and (node.name in _BLOCKS or "aria-hidden" in node.attributes)


def _is_table(node: Node) -> bool:
    return isinstance(node, Element) and (node.name == "table" or any(map(_is_table, node.children)))


def _inline(node: Node) -> str:
    """Return what is in a node as one line."""
    if isinstance(node, str):
        return _visible(node)
    if "aria-hidden" in node.attributes:
        return ""
    children = node.children[:1] if node.name == "details" else node.children
    return "".join([(" " if _is_apart(child) else "") + _inline(child) for child in children])


def _is_apart(node: Node) -> bool:
    return isinstance(node, Element) and (node.name in _BLOCKS or node.name == "details")


# Line breaks and whatever else moves the cursor would break a table apart.
_INVISIBLE = re.compile("[\0-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def _visible(text: str) -> str:
    return _INVISIBLE.sub(lambda found: " " if found[0] in "\t\n\r" else "\N{REPLACEMENT CHARACTER}", text)


def _wrapped(text: str, width: int, *, whole_addresses: bool = True) -> list[str]:
    """Break a text into lines; a web address is left whole, unless it must fit."""
    words = _visible(text).split()
    lines: list[str] = []
    line = ""
    for word in words:
        joined = f"{line} {word}" if line else word
        if _columns(joined) <= width:
            line = joined
            continue
        if line:
            lines.append(line)
        line = word
        if _columns(word) > width and not (whole_addresses and "://" in word):
            *pieces, line = _pieces(word, width)
            lines += pieces
    return [*lines, line] if line else lines


def _pieces(word: str, width: int) -> list[str]:
    """Break a long word, at a hyphen if there is one in the second half of what fits."""
    pieces: list[str] = []
    begun, taken = 0, 0
    for place, letter in enumerate(word):
        if taken + _columns(letter) > width and place > begun:
            hyphen = word.rfind("-", begun + (place - begun) // 2, place)
            end = hyphen + 1 if hyphen >= 0 else place
            pieces.append(word[begun:end])
            begun, taken = end, _columns(word[end:place])
        taken += _columns(letter)
    return [*pieces, word[begun:]]


def _list(node: Element, width: int) -> list[str]:
    lines: list[str] = []
    for number, item in enumerate(node.children, start=1):
        mark = f"{number}. " if node.name == "ol" else "- "
        inner = _flowing(item.children if isinstance(item, Element) else (item,), width - len(mark))
        lines += [(mark if not place else " " * len(mark)) + line for place, line in enumerate(inner)]
    return lines


# --- tables ----------------------------------------------------------------------------------------------------------


def _table(node: Element, width: int) -> list[str]:
    parts = {child.name: child for child in node.children if isinstance(child, Element)}
    title = _wrapped(_inline(parts["caption"]), width) if "caption" in parts else []
    if "thead" not in parts:
        return [*title, *_card(parts.get("tbody"), width)]
    rows = [list(_cells(row)) for name in ("thead", "tbody", "tfoot") if name in parts for row in _rows(parts[name])]
    kept = [
        place for place, cells in enumerate(zip_longest(*rows)) if any(cell and _inline(cell).strip() for cell in cells)
    ]
    texts = [[" ".join(_inline(row[place]).split()) if place < len(row) else "" for place in kept] for row in rows]
    right = ["text-align:right" in rows[0][place].attributes.get("style", "") for place in kept]
    columns = list(zip(*texts, strict=True))
    widths = _fitted(
        [max(map(_columns, column)) for column in columns], list(map(_longest_word, columns)), right, width
    )
    head, *body = [_row(text, widths, right) for text in texts]
    rule = "-" * (sum(widths) + len(_GAP) * (len(widths) - 1))
    foot = [rule, *body.pop()] if "tfoot" in parts else []
    return [*title, *head, rule, *(line for lines in body for line in lines), *foot]


def _rows(part: Element) -> Iterator[Element]:
    return (child for child in part.children if isinstance(child, Element))


_cells = _rows


def _card(body: Element | None, width: int) -> list[str]:
    if body is None:
        return []
    fields = [tuple(_cells(row)) for row in _rows(body)]
    labels = [f"{_inline(label)}:" for label, _ in fields]
    indent = max(map(_columns, labels)) + len(_GAP)
    lines: list[str] = []
    for label, (_, value) in zip(labels, fields, strict=True):
        inner = _flowing(value.children, width - indent) or [""]
        lines.append(_padded(label, indent) + inner[0])
        lines += [" " * indent + line for line in inner[1:]]
    return lines


def _longest_word(column: Sequence[str]) -> int:
    """Return how wide a column is to be so that no word of its head breaks, nor any of its cells that is not long."""
    head, *cells = column
    words = (_columns(word) for cell in cells for word in cell.split())
    return max([*map(_columns, head.split()), *(length for length in words if length <= _LONG_WORD)], default=1)


def _fitted(widths: Sequence[int], least: Sequence[int], right: Sequence[bool], width: int) -> list[int]:
    """
    Narrow the widest columns until all of them fit: text first, the first column, which names the row, last.

    Words break only where the columns would not fit otherwise.
    """
    fitted = list(widths)
    room = width - len(_GAP) * (len(widths) - 1)
    while sum(fitted) > room:
        can = [place for place, one in enumerate(fitted) if one > least[place]]
        places = [place for place in can if fitted[place] > _NARROWEST and not right[place]] or can
        places = places or [place for place, one in enumerate(fitted) if one > 1]
        if not places:
            break
        fitted[max(places, key=lambda place: fitted[place] * (1 if place else _FIRST_COLUMN))] -= 1
    return fitted


def _row(texts: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> list[str]:
    cells = [_cell(text, width) for text, width in zip(texts, widths, strict=True)]
    lines: list[str] = []
    for parts in zip_longest(*cells, fillvalue=""):
        padded = [
            _padded(part, width, right=on_right) for part, width, on_right in zip(parts, widths, right, strict=True)
        ]
        lines.append(_GAP.join(padded).rstrip())
    return lines


def _cell(text: str, width: int) -> list[str]:
    lines = _wrapped(text, width, whole_addresses=False)
    if len(lines) <= _CELL_LINES:
        return lines or [""]
    return [*lines[: _CELL_LINES - 1], _cut(f"{lines[_CELL_LINES - 1]} …", width)]


def _cut(text: str, width: int) -> str:
    if _columns(text) <= width:
        return text
    while _columns(text) >= width and text:
        text = text[:-1]
    return f"{text.rstrip(' …')}…"


def _padded(text: str, width: int, *, right: bool = False) -> str:
    blank = " " * max(width - _columns(text), 0)
    return blank + text if right else text + blank


def _columns(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text
    )
