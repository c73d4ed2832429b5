"""
Answers as Excel workbooks: real links, filters, a frozen header, and a sheet that says what was asked of which data.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

from icatmapping.errors import MissingExtraError
from icatmapping.io.columns import Link
from icatmapping.io.sheets import LIST_SEPARATOR, book_of
from icatmapping.utils.files import atomic_file, known_suffix

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    from icatmapping.dataset import Dataset
    from icatmapping.io.columns import Cell
    from icatmapping.io.sheets import Asked, Sheet

__all__ = ["open_workbook", "sheet_name", "to_excel"]

MAX_ROWS = 1_048_575
"""How many rows a worksheet holds beside its header."""
MAX_CELL = 32_767
"""How many characters a cell holds."""
MAX_LINK = 2_079
MAX_LINKS = 65_000
"""How long a link may be, and how many a worksheet may have; beyond that they stand as text."""
MANY_ROWS = 50_000
"""From how many rows on a workbook is written row by row, so that memory does not grow with it."""
_WIDEST = 60
_SAMPLED = 200
_PRINTED = 16
"""How many columns are still read when they are printed on one page."""


def to_excel(
    what: object,
    path: str | os.PathLike[str],
    *,
    ds: Dataset | None = None,
    asked: Asked = None,
    separator: str = LIST_SEPARATOR,
) -> None:
    """
    Write a collection, an answer or a whole dataset as an Excel workbook.

    Records have a column for every field, with names beside ids and codes; a sheet lists every source as a link. The
    header stays in sight and has filters. The sheet "About" says what was asked, of which version of the data and as
    of when. No text becomes a formula. The same answer gives the same bytes; the file is written whole or not at all.

    Args:
        what: A dataset, a collection, an answer, a record.
        path: The file, ``.xlsx``. One that exists is replaced.
        ds: The dataset that an answer was computed from, so that names stand beside ids and the sheet "About" says
            which data it is; collections know theirs.
        asked: What was asked, as text or as criteria (``{"country": "Ghana"}``), for the sheet "About".
        separator: What stands between several values in one cell; by default each has a line.

    Raises:
        MissingExtraError: If XlsxWriter is not installed.
        UnknownNameError: If the suffix is another.
        TypeError: If there is nothing to write in what is given.
        ValueError: If there are more rows than a worksheet holds.

    Examples:
        >>> import tempfile
        >>> from pathlib import Path
        >>> import icatmapping as im
        >>> ds = im.load()
        >>> question = {"country": "Ghana", "since": 2020}
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     im.to_excel(ds.initiatives.where(**question), Path(folder) / "ghana.xlsx", asked=question)
    """
    known_suffix(path, (".xlsx",), "an Excel workbook")
    book = book_of(what, ds=ds, asked=asked, separator=separator)
    for sheet in book.sheets:
        if len(sheet.rows) > MAX_ROWS:
            message = f"{sheet.title} has {len(sheet.rows):,} rows; a worksheet holds {MAX_ROWS:,}: write .csv instead"
            raise ValueError(message)
    with atomic_file(Path(path)) as temporary:
        workbook = open_workbook(temporary, is_long=any(len(sheet.rows) > MANY_ROWS for sheet in book.sheets))
        writer = _Writer(workbook)
        taken: set[str] = set()
        for sheet in book.sheets:
            writer.write(sheet, sheet_name(sheet.title, taken))
        writer.write_about([*book.about, *writer.shortened()], sheet_name("About", taken))
        workbook.close()


def open_workbook(path: Path, *, is_long: bool = False) -> Any:
    """Return a workbook of XlsxWriter in which no text becomes a formula, a number or a link unasked."""
    try:
        import xlsxwriter  # noqa: PLC0415 - optional
    except ImportError:
        raise MissingExtraError("XlsxWriter", "excel") from None
    workbook = xlsxwriter.Workbook(
        str(path),
        {
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "constant_memory": is_long,
            "in_memory": not is_long,
            "max_url_length": MAX_LINK,
        },
    )
    # The day of writing would make two files of one answer differ.
    workbook.set_properties({"created": dt.datetime(2000, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)})
    return workbook


def sheet_name(title: str, taken: set[str]) -> str:
    """
    Return a name that a worksheet may have, and that no other of the workbook has.

    >>> taken = set()
    >>> sheet_name("Initiatives: a/b", taken), sheet_name("initiatives  a b", taken)
    ('Initiatives  a b', 'initiatives  a b 2')
    """
    plain = "".join(" " if letter in "[]:*?/\\" else letter for letter in title).strip().strip("'")[:28] or "Sheet"
    name, number = plain, 1
    while name.casefold() in taken:
        number += 1
        name = f"{plain} {number}"
    taken.add(name.casefold())
    return name


class _Writer:
    """What writes sheets into a workbook."""

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self._header = workbook.add_format({"bold": True, "bottom": 1, "valign": "top", "text_wrap": True})
        self._text = workbook.add_format({"valign": "top", "text_wrap": True})
        self._link = workbook.add_format({"valign": "top", "font_color": "blue", "underline": 1})
        self._shortened = 0

    def shortened(self) -> list[tuple[str, str]]:
        """Return what there is to say of cells that were cut."""
        if not self._shortened:
            return []
        return [
            ("Cells cut", f"{self._shortened} held more than the {MAX_CELL:,} characters of a cell; write .csv instead")
        ]

    def write(self, sheet: Sheet, name: str) -> None:
        worksheet = self._workbook.add_worksheet(name)
        for column, width in enumerate(_widths(sheet)):
            worksheet.set_column(column, column, width, self._text)
        for column, header in enumerate(sheet.headers):
            worksheet.write_string(0, column, header, self._header)
        links = 0
        for place, row in enumerate(sheet.rows, 1):
            for column, cell in enumerate(row):
                links += self._write_cell(worksheet, place, column, cell, links < MAX_LINKS)
        worksheet.set_landscape()
        worksheet.repeat_rows(0)
        if len(sheet.headers) <= _PRINTED:
            worksheet.fit_to_pages(1, 0)
        if sheet.headers:
            worksheet.freeze_panes(1, min(2, len(sheet.headers) - 1))
            worksheet.autofilter(0, 0, len(sheet.rows), len(sheet.headers) - 1)

    def _write_cell(self, worksheet: Any, row: int, column: int, cell: Cell, may_link: bool) -> bool:  # noqa: FBT001
        """Write a cell, and return whether it is a link."""
        if cell is None:
            return False
        if isinstance(cell, Link):
            if may_link and len(cell.address) <= MAX_LINK and cell.address.startswith(("http://", "https://")):
                # What takes no address for a link says so by its number.
                shown = None if cell.text is None else cell.text[:MAX_CELL]
                if worksheet.write_url(row, column, cell.address, self._link, shown) == 0:
                    return True
            cell = cell.text or cell.address
        if isinstance(cell, bool):
            worksheet.write_string(row, column, "yes" if cell else "no", self._text)
        elif isinstance(cell, int | float):
            worksheet.write_number(row, column, cell, self._text)
        else:
            if len(cell) > MAX_CELL:
                self._shortened += 1
                cell = f"{cell[: MAX_CELL - 1]}…"
            worksheet.write_string(row, column, cell, self._text)
        return False

    def write_about(self, about: Sequence[tuple[str, str]], name: str) -> None:
        worksheet = self._workbook.add_worksheet(name)
        worksheet.set_column(0, 0, 24, self._text)
        worksheet.set_column(1, 1, 100, self._text)
        for row, (label, text) in enumerate(about):
            worksheet.write_string(row, 0, label, self._header)
            worksheet.write_string(row, 1, text[:MAX_CELL], self._text)


def _widths(sheet: Sheet) -> list[int]:
    """Return a width for every column: that of its longest lines among the first rows, within bounds."""
    widths = [min(_WIDEST, len(header) + 3) for header in sheet.headers]
    for row in sheet.rows[:_SAMPLED]:
        for column, cell in enumerate(row):
            shown = cell.text or cell.address if isinstance(cell, Link) else "" if cell is None else str(cell)
            longest = max(map(len, shown[:2_000].split("\n")))
            widths[column] = min(_WIDEST, max(widths[column], longest + 1))
    return widths
