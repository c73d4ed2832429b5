"""
Answers as CSV: UTF-8, a header, one row a line, nothing that a spreadsheet would take for a formula.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from icatmapping.dataset import Dataset
from icatmapping.io.columns import Link
from icatmapping.io.sheets import book_of
from icatmapping.utils.files import csv_bytes, known_suffix, write_atomically

if TYPE_CHECKING:
    import os

    from icatmapping.io.sheets import Sheet

__all__ = ["csv_text", "to_csv"]

SEPARATOR = "; "


def to_csv(
    what: object, path: str | os.PathLike[str], *, ds: Dataset | None = None, separator: str = SEPARATOR
) -> None:
    """
    Write a collection, an answer or a whole dataset as CSV.

    Records have a column for every field, with names beside ids and codes. Text that a spreadsheet would take for a
    formula gets an apostrophe in front. The file is written whole or not at all.

    Args:
        what: A collection, an answer, a record; or a dataset, of which each collection becomes a file of a ``.zip``.
        path: The file, ``.csv`` (or ``.zip``). One that exists is replaced.
        ds: The dataset that an answer was computed from, so that names stand beside ids; collections know theirs.
        separator: What stands between several values in one cell.

    Raises:
        UnknownNameError: If the suffix is another.
        TypeError: If there is nothing to write in what is given.

    Examples:
        >>> import tempfile
        >>> from pathlib import Path
        >>> import icatmapping as im
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     im.to_csv(im.coverage(im.load().initiatives, "region"), Path(folder) / "regions.csv")
        ...     print((Path(folder) / "regions.csv").read_text(encoding="utf-8").splitlines()[0])
        Value,Label,Count,Share,Low,High
    """
    if isinstance(what, Dataset):
        known_suffix(path, (".zip",), "the CSV files of a dataset")
        write_atomically(Path(path), _zipped(what, separator))
        return
    known_suffix(path, (".csv",), "a CSV file")
    write_atomically(Path(path), csv_text(what, ds=ds, separator=separator).encode("utf-8"))


def csv_text(what: object, *, ds: Dataset | None = None, separator: str = SEPARATOR) -> str:
    """Return the first sheet of a collection or an answer as the text of a CSV file, as `to_csv` writes it."""
    return _content(book_of(what, ds=ds, asked=None, separator=separator).sheets[0]).decode("utf-8")


def _content(sheet: Sheet) -> bytes:
    rows = ([cell.address if isinstance(cell, Link) else cell for cell in row] for row in sheet.rows)
    return csv_bytes([sheet.headers, *rows])


def _zipped(ds: Dataset, separator: str) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for sheet in book_of(ds, ds=ds, asked=None, separator=separator).sheets:
            # The time of writing may not show in the bytes.
            entry = zipfile.ZipInfo(f"{sheet.title.lower()}.csv", date_time=(1980, 1, 1, 0, 0, 0))
            archive.writestr(entry, _content(sheet), zipfile.ZIP_DEFLATED)
    return written.getvalue()
