"""
The pages of a site as tests read them: their links, elements and the data in their scripts.
"""

from __future__ import annotations

import json
from functools import cached_property
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from pathlib import Path

VOID = frozenset({"meta", "link", "input", "br", "hr", "img", "path", "circle"})


class Page(HTMLParser):
    """A page of a site: its elements in order, each with its attributes and the text in it."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self._open: list[int] = []
        self.feed(path.read_text("utf-8"))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take in an element."""
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self.texts.append("")
        if tag not in VOID:
            self._open.append(len(self.elements) - 1)

    def handle_endtag(self, tag: str) -> None:
        """Close the innermost element of the name, and what is in it."""
        while self._open:
            place = self._open.pop()
            if self.elements[place][0] == tag:
                break

    def handle_data(self, data: str) -> None:
        """Take in a text, as that of every element around it."""
        for place in self._open:
            self.texts[place] += data

    def all(self, tag: str, **attributes: str) -> list[tuple[dict[str, str], str]]:
        """Return the attributes and texts of the elements of a name that have some attributes."""
        return [
            (found, " ".join(text.split()))
            for (name, found), text in zip(self.elements, self.texts, strict=True)
            if name == tag and all(found.get(key) == value for key, value in attributes.items())
        ]

    @cached_property
    def ids(self) -> set[str]:
        """The ids of its elements."""
        return {found["id"] for _, found in self.elements if "id" in found}

    @cached_property
    def addresses(self) -> list[str]:
        """Everything that it leads to or loads."""
        return [found[name] for _, found in self.elements for name in ("href", "src", "action") if name in found]


class Pages:
    """All pages of a site."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.by_path = {path: Page(path) for path in sorted(folder.rglob("*.html"))}

    def broken(self) -> list[tuple[str, str]]:
        """Return the pages and links within the site that lead nowhere."""
        found = []
        for path, page in self.by_path.items():
            for address in page.addresses:
                parts = urlsplit(address)
                if parts.scheme:
                    continue
                target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
                anchor = parts.fragment if parts.fragment and "=" not in parts.fragment else None
                is_there = target.is_file() and (anchor is None or anchor in self.by_path[target].ids)
                if not is_there:
                    found.append((str(path.relative_to(self.folder)), address))
        return found


def data_of(folder: Path, name: str) -> Any:
    """Return what a data script of a site holds."""
    text = (folder / "data" / f"{name}.js").read_text("utf-8")
    return json.loads(text.partition("]=")[2].rstrip().removesuffix(";"))
