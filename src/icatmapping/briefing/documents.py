"""
Briefs as documents: a page of HTML that stands alone, and a Word file. Knows nothing of what the lines say.
"""

from __future__ import annotations

import io
from html import escape
from typing import TYPE_CHECKING, Any

from icatmapping.errors import MissingExtraError
from icatmapping.utils.text import escape_address

if TYPE_CHECKING:
    from collections.abc import Sequence

    from icatmapping.briefing.outline import Line

__all__ = ["to_docx", "to_html_page"]

_STYLE = """
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; line-height: 1.25; } h2 { font-size: 1.1rem; margin: 1.5rem 0 .25rem; }
ul { margin: 0; padding-left: 1.2rem; } li { margin: .2rem 0; } ol { font-size: .85rem; overflow-wrap: anywhere; }
sup { font-size: .7em; } a { color: inherit; text-underline-offset: .15em; }
@page { size: A4; margin: 1.3cm 1.8cm; }
@media print {
  body { font: 8.5pt/1.22 Calibri, Carlito, Arial, sans-serif; margin: 0; padding: 0; max-width: none; }
  h1 { font-size: 14pt; margin: 0; } h2 { font-size: 10pt; margin: .35rem 0 0; break-after: avoid; }
  p, li { margin: 0; } a { text-decoration: none; } ol { font-size: 6pt; }
}
"""


def to_html_page(lines: Sequence[Line]) -> str:
    """Return the lines of a brief as a page of HTML that stands alone; everything in it is text."""
    title = next((line.text for line in lines if line.level == "title"), "Brief")
    body: list[str] = []
    opened = ""
    for line in lines:
        wanted = {"item": "ul", "reference": "ol"}.get(line.level, "")
        if opened != wanted:
            body += [f"</{opened}>"] if opened else []
            body += [f"<{wanted}>"] if wanted else []
            opened = wanted
        body.append(_markup(line))
    body += [f"</{opened}>"] if opened else []
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>{head}<title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head>\n<body>\n" + "\n".join(body) + "\n</body>\n</html>\n"
    )


def _markup(line: Line) -> str:
    text = escape(line.text)
    address = None if line.address is None else escape(escape_address(line.address), quote=True)
    if line.level == "reference":
        link = f' <a href="{address}">{address}</a>' if address else ""
        return f'<li id="r{line.reference}">{text}{link}</li>'
    linked = f'<a href="{address}">{text}</a>' if address else text
    note = f'<sup><a href="#r{line.reference}">{line.reference}</a></sup>' if line.reference is not None else ""
    name = {"title": "h1", "section": "h2", "item": "li"}.get(line.level, "p")
    return f"<{name}>{linked}{note}</{name}>"


def to_docx(lines: Sequence[Line]) -> bytes:
    """
    Return the lines of a brief as a Word file of narrow margins and small type, with links and numbered references.

    Raises:
        MissingExtraError: If python-docx is not installed.
    """
    try:
        import docx  # noqa: PLC0415 - optional
        from docx.shared import Cm, Pt  # noqa: PLC0415 - as above
    except ImportError:
        raise MissingExtraError("python-docx", "docx") from None
    document: Any = docx.Document()
    for section in document.sections:
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(1.8)
        section.top_margin = section.bottom_margin = Cm(1.3)
    for name, size, before in (("Normal", 8.5, 0), ("List Bullet", 8.5, 0), ("Title", 15, 0), ("Heading 2", 10, 4)):
        style = document.styles[name]
        style.font.size, style.font.name = Pt(size), "Calibri"
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(1)
        style.paragraph_format.line_spacing = 1
    for line in lines:
        _add_line(document, line, Pt(6))
    document.core_properties.title = next((line.text for line in lines if line.level == "title"), "Brief")
    document.core_properties.author = "icatmapping"
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _add_line(document: Any, line: Line, small: Any) -> None:
    style = {"title": "Title", "section": "Heading 2", "item": "List Bullet"}.get(line.level, "Normal")
    paragraph = document.add_paragraph(style=style)
    text = _writable(line.text)
    if line.level == "reference":
        paragraph.add_run(f"[{line.reference}] {text} ").font.size = small
        if line.address:
            _add_link(paragraph, escape_address(line.address), line.address, small)
        return
    if line.level == "item" and line.address and line.reference is None:
        _add_link(paragraph, escape_address(line.address), text, None)
    else:
        paragraph.add_run(text)
    if line.reference is not None:
        paragraph.add_run(f" [{line.reference}]").font.superscript = True


def _add_link(paragraph: Any, address: str, text: str, size: Any) -> None:
    """Add a hyperlink, for which python-docx has no call of its own."""
    from docx.opc.constants import RELATIONSHIP_TYPE  # noqa: PLC0415 - optional
    from docx.oxml import OxmlElement  # noqa: PLC0415 - as above
    from docx.oxml.ns import qn  # noqa: PLC0415 - as above

    relation = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), relation)
    run = paragraph.add_run(_writable(text))
    run.font.underline = True
    if size is not None:
        run.font.size = size
    link.append(run._r)  # noqa: SLF001 - the element of the run, which python-docx names so
    paragraph._p.append(link)  # noqa: SLF001 - as above


def _writable(text: str) -> str:
    """Leave out what XML has not."""
    return "".join(letter for letter in text if letter.isprintable() or letter in "\t\n")
