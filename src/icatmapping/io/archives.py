"""
What is looked at before a workbook is opened: whether it is one, how large it would be, which cells were not computed.

A workbook is a zip file, so that a small file may be made to fill the memory: by what it unpacks to, or by one cell in
the last row of the last column. Knows nothing of what the cells say.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from typing import TYPE_CHECKING

from icatmapping.errors import UnreadableFileError
from icatmapping.utils.representation import join_first

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["check_workbook"]

MAX_UNPACKED = 1 << 30
"""How large the parts of a workbook may be together, in bytes."""
MAX_CELLS = 25_000_000
"""How many cells a worksheet may span, empty ones included: a million rows of 25 columns."""
_CHUNK = 1 << 20
# What may be cut by the end of a chunk: no tag of a worksheet is longer.
_OVERLAP = 4_096
_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]{0,200}?\br="([A-Z]{1,3})(\d{1,7})"')
_UNCOMPUTED = re.compile(
    rb'<c\b[^>]{0,200}?\br="([A-Z]{1,3}\d{1,7})"[^>]{0,200}>\s*<f\b[^>]{0,500}?(?:/>|>[^<]{0,3000}</f>)\s*'
    rb"(?:<v\s*/>|<v>\s*</v>)?\s*</c>"
)
_FAILED = re.compile(rb'<c\b(?=[^>]{0,200}\bt="e")[^>]{0,200}?\br="([A-Z]{1,3}\d{1,7})"')
_ODS = re.compile(
    rb"<table:table-row\b[^>]*>|</table:table-row>|<table:(?:covered-)?table-cell\b[^>]*>|<table:table\b[^>]*>"
)
_REPEATED = re.compile(rb'number-(?:rows|columns)-repeated="(\d{1,12})"')
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


def check_workbook(file: Path) -> list[str]:
    """
    Refuse what is no workbook or would fill the memory, and return what there is to know before it is read.

    Raises:
        UnreadableFileError: If it is none, or too large.
    """
    with file.open("rb") as stream:
        head = stream.read(8)
    if head.startswith(_OLD_EXCEL):
        message = "is a workbook of Excel 97 to 2003, or protected by a password; save it as .xlsx without one"
        raise UnreadableFileError(file.name, message)
    try:
        with zipfile.ZipFile(file) as archive:
            return _check_parts(file, archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise UnreadableFileError(file.name, f"is not a workbook, or a broken one: {str(error)[:200]}") from None


def _check_parts(file: Path, archive: zipfile.ZipFile) -> list[str]:
    names = archive.namelist()
    if not any(name in names for name in ("xl/workbook.xml", "content.xml")):
        raise UnreadableFileError(file.name, "is a zip file, but no workbook: it holds no worksheets")
    total = 0
    uncomputed: list[str] = []
    failed: list[str] = []
    for part in archive.infolist():
        total += part.file_size
        if total > MAX_UNPACKED:
            message = f"unpacks to more than {MAX_UNPACKED >> 20:,} MB; write it as .csv"
            raise UnreadableFileError(file.name, message)
        if part.filename == "content.xml":
            _check_ods(file, _chunks(archive, part))
        elif part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml"):
            places = _check_worksheet(file, part.filename, _chunks(archive, part))
            uncomputed += places[0]
            failed += places[1]
        else:
            for _ in _chunks(archive, part):  # what is larger than it says is found by its checksum
                pass
    notes = []
    if uncomputed:
        advice = "open and save the file in a spreadsheet program"
        notes.append(f"formulas that were never computed are empty: {join_first(uncomputed, 5)}; {advice}")
    if failed:
        notes.append(f"formulas that failed are empty: {join_first(failed, 5)}")
    return notes


def _chunks(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the content of a part, each piece with the end of the one before."""
    tail = b""
    with archive.open(part) as stream:
        while piece := stream.read(_CHUNK):
            yield tail + piece
            tail = piece[-_OVERLAP:]


def _check_worksheet(file: Path, name: str, chunks: Iterator[bytes]) -> tuple[list[str], list[str]]:
    """Refuse a worksheet of too many cells; return where formulas were never computed, and where they failed."""
    widest = lowest = 0
    uncomputed: dict[str, None] = {}
    failed: dict[str, None] = {}
    for chunk in chunks:
        for letters, digits in _CELL.findall(chunk):
            widest = max(widest, _column_number(letters))
            lowest = max(lowest, int(digits))
        if b"<f" in chunk and len(uncomputed) < 100:
            uncomputed |= dict.fromkeys(place.decode() for place in _UNCOMPUTED.findall(chunk))
        if b't="e"' in chunk and len(failed) < 100:
            failed |= dict.fromkeys(place.decode() for place in _FAILED.findall(chunk))
    _check_span(file, widest, lowest, name.rpartition("/")[2])
    return list(uncomputed), list(failed)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _check_span(file: Path, width: int, height: int, place: str) -> None:
    if width * height > MAX_CELLS:
        message = (
            f"spans {height:,} rows and {width:,} columns, which is too much; delete what is far out, or write .csv"
        )
        raise UnreadableFileError(file.name, message, place)


def _check_ods(file: Path, chunks: Iterator[bytes]) -> None:
    """Refuse a spreadsheet with a table that spans too many cells; empty ones at the end do not count."""
    rows = width = row_width = column = repeat = pending = 0
    behind = 0
    for number, chunk in enumerate(chunks):
        start = 0 if number == 0 else max(0, behind)
        end = 0
        for found in _ODS.finditer(chunk, start):
            tag, end = found[0], found.end()
            times = _REPEATED.search(tag)
            count = int(times[1]) if times else 1
            if tag.startswith(b"<table:table-row"):
                repeat, column, row_width = count, 0, 0
            elif tag.startswith(b"</table:table-row"):
                pending += repeat
                if row_width:
                    rows, pending, width = rows + pending, 0, max(width, row_width)
                    _check_span(file, width, rows, "content.xml")
            elif tag.startswith(b"<table:table "):
                rows = width = pending = 0
            else:
                column += count
                if b"value-type=" in tag:
                    row_width = column
        # The next piece begins with the last bytes of this one: tags in them that were read are not read again.
        behind = end - (len(chunk) - _OVERLAP) if len(chunk) > _OVERLAP else end
