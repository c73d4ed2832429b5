"""
The rows of a table in a file: CSV in whatever encoding and with whatever separator, XLSX, ODS.

Whatever the file is, its rows come out or an `UnreadableFileError` that names the place, in bounded memory. Knows
nothing of what the rows say.
"""

from __future__ import annotations

import csv
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from icatmapping.errors import MissingExtraError, UnknownNameError, UnreadableFileError
from icatmapping.io.archives import check_workbook
from icatmapping.utils.files import known_suffix
from icatmapping.utils.text import nearest

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

__all__ = ["MAX_ROWS", "SUFFIXES", "Worksheet", "column_letter", "open_table"]

SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".ods")
_OLD = (".xls", ".xlsb")
MAX_ROWS = 100_000
"""How many rows of a table are read, unless more are asked for."""
MAX_COLUMNS = 2_000
"""How many columns of a table are looked at; there are some forty fields."""
MAX_CELL = 100_000
"""How many characters a cell may hold."""
_SAMPLE = 64 * 1024


class Worksheet(NamedTuple):
    """
    The rows of a table.

    Attributes:
        file: The name of the file.
        sheet: The name of the worksheet, or None if the file has none.
        rows: The rows, cells as text, numbers, dates; each with the number that a spreadsheet gives it.
        notes: What there is to know of the reading.
        is_cut: Whether there are more rows than were read.
    """

    file: str
    sheet: str | None
    rows: list[tuple[int, list[Any]]]
    notes: list[str]
    is_cut: bool


def column_letter(place: int) -> str:
    """
    Return the letters by which spreadsheets name a column, given its position from 0.

    >>> column_letter(0), column_letter(27)
    ('A', 'AB')
    """
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def open_table(
    path: str | os.PathLike[str],
    *,
    sheet: str | int | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    limit: int = MAX_ROWS,
) -> Worksheet:
    """
    Read the rows of a table.

    Args:
        path: A file: ``.csv``, ``.tsv``, ``.xlsx``, ``.ods`` …
        sheet: The name of the worksheet, or its position from 0; by default the first that is visible.
        encoding: How a text file is encoded; by default UTF-8 or UTF-16 if it is, else Windows-1252.
        delimiter: What separates the values of a text file; by default what its first lines say.
        limit: How many rows are read at most.

    Raises:
        UnreadableFileError: If it is no such file, or broken.
        UnknownNameError: If the suffix is another, or there is no such worksheet.
        MissingExtraError: If a workbook is given and python-calamine is not installed.
    """
    file = Path(path)
    if file.suffix.lower() in _OLD:
        # What reads these formats takes sizes on trust, and may end the process on a file that lies.
        raise UnreadableFileError(file.name, "is a workbook in an older format of Excel; save it as .xlsx")
    suffix = known_suffix(path, SUFFIXES, "a table")
    try:
        if file.is_dir():
            raise UnreadableFileError(file.name, "is a folder")
        if suffix in (".csv", ".tsv", ".txt"):
            return _read_text(file, encoding, delimiter, limit)
        return _read_workbook(file, sheet, limit)
    except OSError as error:
        raise UnreadableFileError(file.name, f"cannot be read: {error.strerror or error}") from None


# --- text ------------------------------------------------------------------------------------------------------------


def _read_text(file: Path, encoding: str | None, delimiter: str | None, limit: int) -> Worksheet:
    with file.open("rb") as stream:
        head = stream.read(_SAMPLE)
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise UnreadableFileError(file.name, "is a workbook or an archive and not text; give it its own suffix")
    used = encoding or _encoding_of(file, head)
    notes = [] if used in ("utf-8-sig", encoding) else [f"read as {'Windows-1252' if used == 'cp1252' else used}"]
    rows: list[tuple[int, list[Any]]] = []
    number = 0
    try:
        with file.open(encoding=used, newline="", errors="strict" if encoding else _ERRORS.get(used, "strict")) as text:
            separator = delimiter or _delimiter_of(text.read(_SAMPLE))
            text.seek(0)
            if separator != ",":
                notes.append(f"values separated by {_SEPARATOR_NAMES.get(separator, repr(separator))}")
            reader = csv.reader(text, delimiter=separator)
            for number, cells in enumerate(reader, 1):
                if len(rows) >= limit:
                    return Worksheet(file.name, None, rows, notes, is_cut=True)
                if any(cells):
                    rows.append((number, [_from_text(cell) for cell in cells[:MAX_COLUMNS]]))
    except (csv.Error, UnicodeError, LookupError) as error:
        place = f"row {number + 1}" if number else ""
        raise UnreadableFileError(file.name, f"cannot be read as a table of text: {error}", place) from None
    if rows and any("\n" in cell and separator in cell for cell in rows[-1][1]):
        notes.append(f"row {rows[-1][0]}, the last, holds lines within a cell: is a quotation mark not closed?")
    return Worksheet(file.name, None, rows, notes, is_cut=False)


_ERRORS = {"cp1252": "replace"}
_SEPARATOR_NAMES = {";": "semicolons", "\t": "tabs", "|": "bars", ",": "commas"}


def _encoding_of(file: Path, head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            while text.read(1 << 20):
                pass
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _delimiter_of(sample: str) -> str:
    """Return what separates the values in most lines, equally often in as many lines as possible."""
    best, highest = ",", (0, 0)
    lines = sample.splitlines()[:50]
    for separator in (",", ";", "\t", "|"):
        try:
            widths = [len(cells) for cells in csv.reader(lines, delimiter=separator) if any(cells)]
        except csv.Error:
            continue
        wide = [width for width in widths if width > 1]
        common = max(map(wide.count, wide), default=0)
        score = (common, max(wide, default=0))
        if score > highest:
            best, highest = separator, score
    return best


def _from_text(cell: str) -> str:
    """Take the apostrophe off that keeps a spreadsheet from computing, and what cannot be seen around a cell."""
    cell = cell.strip(" \t\r\n\u00a0\u200b\ufeff")[:MAX_CELL]
    return cell[1:] if cell[:1] == "'" and cell[1:2] in _FORMULA else cell


_FORMULA = frozenset("=+-@\t\r")


# --- workbooks -------------------------------------------------------------------------------------------------------


def _read_workbook(file: Path, sheet: str | int | None, limit: int) -> Worksheet:
    try:
        import python_calamine as calamine  # noqa: PLC0415 - optional
    except ImportError:
        raise MissingExtraError("python-calamine", "excel") from None
    notes = check_workbook(file)
    try:
        workbook = calamine.CalamineWorkbook.from_path(str(file))
        name = _sheet_name(workbook, sheet, notes)
        found = workbook.get_sheet_by_name(name)
        merged = _merged(found)
        rows: list[tuple[int, list[Any]]] = []
        is_cut = False
        # Rows come from the first of the sheet, columns from the first in which there is anything.
        left = [""] * (0 if found.start is None else found.start[1])
        for number, cells in enumerate(found.iter_rows(), 1):
            if any(cell != "" for cell in cells):
                if len(rows) >= limit:
                    is_cut = True
                    break
                rows.append((number, [_from_workbook(cell) for cell in [*left, *cells][:MAX_COLUMNS]]))
    except (calamine.CalamineError, ValueError, TypeError, OverflowError) as error:
        raise UnreadableFileError(file.name, f"cannot be read as a workbook: {str(error)[:200]}") from None
    except BaseException as error:
        # What breaks inside the reader, which is written in Rust, is no Exception; its class cannot be imported.
        if type(error).__name__ != "PanicException":
            raise
        raise UnreadableFileError(file.name, f"is a broken workbook: {str(error)[:200]}") from None
    _fill_merged(rows, merged)
    return Worksheet(file.name, name, rows, notes, is_cut=is_cut)


def _sheet_name(workbook: Any, sheet: str | int | None, notes: list[str]) -> str:
    names: Sequence[str] = workbook.sheet_names
    if isinstance(sheet, int) and not isinstance(sheet, bool):
        if not -len(names) <= sheet < len(names):
            raise UnknownNameError(sheet, "worksheet", valid=names)
        return names[sheet]
    if sheet is not None:
        same = [name for name in names if name == sheet] or [
            name for name in names if name.strip().casefold() == str(sheet).strip().casefold()
        ]
        if not same:
            raise UnknownNameError(sheet, "worksheet", nearest(str(sheet), names), valid=names)
        return str(same[0])
    visible = [one.name for one in workbook.sheets_metadata if str(one.visible).endswith("Visible")] or list(names)
    if not visible:
        raise ValueError("it has no worksheet")
    if len(visible) > 1:
        others = ", ".join(map(repr, visible[1:6]))
        notes.append(f"read the first worksheet, {visible[0]!r}; others, not read: {others}")
    return str(visible[0])


def _merged(found: Any) -> Sequence[tuple[tuple[int, int], tuple[int, int]]]:
    return tuple(found.merged_cell_ranges or ()) if hasattr(found, "merged_cell_ranges") else ()


def _fill_merged(rows: list[tuple[int, list[Any]]], merged: Sequence[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    """Give every row of cells that are merged downwards the value that stands in the first."""
    at = dict(rows)
    for (top, left), (bottom, _right) in islice(merged, _MAX_MERGED):
        first = at.get(top + 1)
        if bottom == top or first is None or left >= len(first):
            continue
        for number in range(top + 2, min(bottom + 1, top + _MAX_MERGED) + 1):
            cells = at.get(number)
            if cells is not None:
                cells += [""] * (left + 1 - len(cells))
                if cells[left] == "":
                    cells[left] = first[left]


_MAX_MERGED = 20_000


def _from_workbook(cell: Any) -> Any:
    if isinstance(cell, str):
        return _from_text(cell)
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return int(cell)
    return cell
