"""
Showing an answer: as text, Markdown, JSON or CSV on the terminal, or in a file of the format that its name says.
"""

from __future__ import annotations

import json
import re
import sys
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import icatmapping as im
from icatmapping.display.elements import SHOWN
from icatmapping.display.html import to_html
from icatmapping.display.markdown import to_markdown
from icatmapping.display.text import to_text
from icatmapping.io.delimited import csv_text
from icatmapping.utils.files import write_atomically
from icatmapping.utils.streams import is_utf8

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

__all__ = ["json_text", "show"]

_ENDINGS = {".txt": "text", ".md": "markdown", ".json": "json", ".csv": "csv", ".html": "html", ".xlsx": "xlsx"}


def show(
    answer: Any, options: argparse.Namespace, *, data: Any = None, forms: dict[str, Callable[[], str]] | None = None
) -> int:
    """
    Show an answer as it was asked for, and return the exit status.

    Args:
        answer: The answer, which the displays and the writers of tables know.
        options: What was asked for: ``format``, ``output``, ``limit``.
        data: What JSON shows, if not the answer's own plain data.
        forms: What writes the answer in some formats, where it is not drawn as everything is.
    """
    target = None if options.output is None else Path(options.output)
    ending = None if target is None else _ENDINGS.get(target.suffix.lower())
    chosen: str | None = options.format or ("text" if target is None else ending)
    if chosen is None:
        valid = (*_ENDINGS, ".docx") if isinstance(answer, im.Brief) else tuple(_ENDINGS)
        message = f"--output must end in one of {', '.join(valid)}, not {target.suffix if target else ''!r}"
        raise ValueError(message)
    limit = getattr(options, "limit", None)
    if chosen in ("xlsx", "csv") and target is not None and options.format is None:
        (im.to_excel if chosen == "xlsx" else im.to_csv)(answer, target)
        return 0
    token = SHOWN.set((limit or sys.maxsize) if limit is not None else None)
    try:
        text = _written(answer, chosen, data, forms or {})
    finally:
        SHOWN.reset(token)
    if target is None:
        print(text)
    else:
        write_atomically(target, f"{text}\n".encode())
    return 0


def _written(answer: Any, chosen: str, data: Any, forms: dict[str, Callable[[], str]]) -> str:
    if chosen in forms:
        return forms[chosen]()
    if chosen == "json":
        return json_text(answer.to_dict() if data is None else data)
    if chosen == "csv":
        return csv_text(answer).rstrip("\r\n")
    if chosen == "html":
        head = f'<meta charset="utf-8"><title>{escape(repr(answer)[1:-1])}</title>'
        return f'<!DOCTYPE html>\n<html lang="en">{head}\n{to_html(answer)}</html>'
    return to_markdown(answer) if chosen == "markdown" else to_text(answer)


def json_text(content: Any) -> str:
    """Return content as JSON that any terminal can show."""
    text = json.dumps(content, ensure_ascii=not is_utf8(sys.stdout), indent=2)
    # JSON escapes control characters but for those of Latin-1, which some terminals obey.
    return re.sub("[\x7f-\x9f]", lambda found: f"\\u{ord(found[0]):04x}", text)
