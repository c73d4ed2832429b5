"""
The same displays as Markdown: tables with pipes, headings, lists, links. Everything in them is text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from icatmapping.display.elements import Element
from icatmapping.display.html import draw
from icatmapping.utils.text import escape_address, escape_markdown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from icatmapping.display.elements import Node

__all__ = ["node_to_markdown", "to_markdown"]

_BLOCKS = frozenset({"caption", "div", "h3", "h4", "li", "ol", "p", "table", "ul"})


def to_markdown(shown: object) -> str:
    """
    Return anything that this library gives as Markdown.

    Raises:
        TypeError: If it is nothing that this library gives.

    Examples:
        >>> import icatmapping as im
        >>> print(to_markdown(im.coverage(im.load().initiatives, "scope")).splitlines()[2])
        | Scope | Count | Share |  |
    """
    return node_to_markdown(draw(shown))


def node_to_markdown(node: Node) -> str:
    r"""
    Return a display as Markdown.

    Examples:
        >>> from icatmapping.display.elements import bullets, element
        >>> print(node_to_markdown(element("div", element("p", "Two *parts*:"), bullets(["one", "another"]))))
        Two \*parts\*:
        <BLANKLINE>
        - one
        - another
    """
    return "\n\n".join(block for block in _blocks(node) if block)


def _blocks(node: Node) -> list[str]:
    if isinstance(node, str):
        return [_inline(node)]
    if "aria-hidden" in node.attributes:
        return []
    if node.name == "table":
        return _table(node)
    if node.name in ("ul", "ol"):
        marks = (f"{place}." if node.name == "ol" else "-" for place in range(1, len(node.children) + 1))
        return ["\n".join(_item(mark, child) for mark, child in zip(marks, node.children, strict=True))]
    if node.name in ("h3", "h4"):
        return [f"{'#' if node.name == 'h3' else '##'} {_inline(node)}"]
    found: list[str] = []
    running: list[Node] = []
    for child in node.children:
        if isinstance(child, Element) and child.name in _BLOCKS:
            found += ["".join(map(_inline, running))] if running else []
            running = []
            found += _blocks(child)
        else:
            running.append(child)
    return [*found, "".join(map(_inline, running))] if running else found


def _item(mark: str, node: Node) -> str:
    """Return an item of a list; what it holds beside text stands below it, indented."""
    if isinstance(node, str):
        return f"{mark} {_inline(node)}"
    text = ""
    for child in node.children:
        if not _is_list(child):
            apart = text and isinstance(child, Element) and child.name in _BLOCKS
            text += f" · {_inline(child)}" if apart else _inline(child)
    below = [line for child in node.children if _is_list(child) for line in "\n".join(_blocks(child)).split("\n")]
    return "\n".join([f"{mark} {text}", *(f"{' ' * (len(mark) + 1)}{line}" for line in below)])


def _is_list(node: Node) -> bool:
    return isinstance(node, Element) and node.name in ("ul", "ol")


def _table(node: Element) -> list[str]:
    caption = next((child for child in node.children if _named(child, "caption")), None)
    rows = [row for part in node.children if isinstance(part, Element) for row in part.children if _named(row, "tr")]
    cells = [[_inline(cell) for cell in row.children] for row in rows if isinstance(row, Element)]
    lines = ["| " + " | ".join(row) + " |" for row in cells]
    if lines and any(_named(child, "thead") for child in node.children):
        lines.insert(1, "| " + " | ".join("---" for _ in cells[0]) + " |")
    elif lines:
        lines = [
            "| " + " | ".join("" for _ in cells[0]) + " |",
            "| " + " | ".join("---" for _ in cells[0]) + " |",
            *lines,
        ]
    return [*([_inline(caption)] if caption is not None else []), "\n".join(lines)]


def _named(node: Node, name: str) -> bool:
    return isinstance(node, Element) and node.name == name


def _inline(node: Node) -> str:
    if isinstance(node, str):
        return escape_markdown(node) if node.strip() == node else _spaced(node)
    if "aria-hidden" in node.attributes:
        return ""
    if node.name == "details":
        return _inline(node.children[0]) if node.children else ""
    inner = _joined(node.children)
    if node.name == "a" and "href" in node.attributes:
        return f"[{inner}](<{escape_address(node.attributes['href'])}>)"
    if node.name in ("strong", "th") and inner.strip():
        return f"**{inner}**" if node.name == "strong" else inner
    return inner


def _joined(children: Iterable[Node]) -> str:
    """Join what follows each other in a line; blocks are kept apart by a space."""
    parts: list[str] = []
    for child in children:
        text = _inline(child)
        apart = isinstance(child, Element) and child.name in (*_BLOCKS, "details")
        parts.append(f" {text}" if apart and parts else text)
    return "".join(parts)


def _spaced(text: str) -> str:
    """Keep the blanks around a text, which hold it apart from its neighbours."""
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{' ' if before else ''}{escape_markdown(text)}{' ' if after else ''}"
