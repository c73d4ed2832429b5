"""
Records from somebody's table: CSV, XLSX, ODS, with whatever columns it has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from attrs import fields

from icatmapping.dataset import Dataset, load
from icatmapping.errors import UnknownNameError, UnreadableFileError
from icatmapping.io.cells import as_text
from icatmapping.io.dates import is_month_first
from icatmapping.io.drafting import Drafter
from icatmapping.io.drafts import DraftColumn
from icatmapping.io.headers import MAX_HEADER_ROWS, PERIOD, TOPICS, find_header, hashtag_row, is_blank
from icatmapping.io.worksheets import MAX_ROWS, column_letter, open_table
from icatmapping.model.fields import Format
from icatmapping.model.records import RECORD_CLASSES
from icatmapping.utils.arguments import check_choice, check_count
from icatmapping.utils.text import fold, nearest

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

    from icatmapping.io.drafts import Draft
    from icatmapping.io.headers import Header
    from icatmapping.io.worksheets import Worksheet

__all__ = ["MADE", "NewBodiesChoice", "TableCollection", "check_checked", "draft_columns", "draft_rows", "read_table"]

TableCollection: TypeAlias = Literal["initiatives", "partnerships", "resources", "organizations"]
"""Of what records a table may be made."""
NewBodiesChoice: TypeAlias = Literal["list", "add"]
"""What becomes of names of bodies that nobody knows."""
MADE: tuple[TableCollection, ...] = ("initiatives", "partnerships", "resources", "organizations")
_DATES = ("start", "end", "last_seen", "checked", "year", PERIOD)


def read_table(
    path: str | os.PathLike[str],
    *,
    ds: Dataset | None = None,
    of: TableCollection = "initiatives",
    sheet: str | int | None = None,
    mapping: Mapping[str, str | None] | None = None,
    new_bodies: NewBodiesChoice = "list",
    source: str | None = None,
    checked: str | None = None,
    month_first: bool | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    limit: int = MAX_ROWS,
) -> Draft:
    r"""
    Read a table of projects, partnerships, publications or organizations as people keep it, and return a draft.

    The header is found among the first rows (title lines may stand above it), its columns are understood by what
    people call them in English, French and Spanish. Names of countries, bodies and terms are found as everywhere in
    the library; several in one cell stand on lines, between semicolons, or between commas if all are known. A table
    with a row of HXL hashtags is read by them. Rows on one undertaking (the same id; or the same title, and dates that
    do not differ) become one record. What was not understood is in the draft and keeps nothing else from being read.

    Args:
        path: A file: ``.csv``, ``.tsv``, ``.xlsx``, ``.ods`` …
        ds: The dataset whose names are known; by default the bundled one.
        of: What the rows are: ``"initiatives"``, ``"partnerships"``, ``"resources"``, ``"organizations"``.
        sheet: The name of the worksheet, or its position from 0; by default the first that is visible.
        mapping: For headers that are not understood, the field that they stand for: ``{"Bénéf.": "target_groups"}``;
            None for a column to be left. Beside fields, ``"period"`` and ``"topics"`` (terms of any vocabulary).
        new_bodies: What becomes of names of bodies that nobody knows: ``"list"`` tells them, ``"add"`` makes
            organizations of them.
        source: What records rest on that state no source: an address, or a statement (``"project register"``); by
            default the file and the row. A statement is graded ``unpublished``.
        checked: When it was read (YYYY-MM); by default the dataset's own present.
        month_first: Whether the month stands first in dates such as 03/04/2021; by default the other dates of the
            column tell, or else the day does.
        encoding: How a text file is encoded; by default UTF-8 or UTF-16 if it is, else Windows-1252.
        delimiter: What separates the values of a text file; by default what its first lines say.
        limit: How many rows are read at most.

    Raises:
        UnreadableFileError: If the file cannot be read, or no row looks like a header.
        UnknownNameError: If there is no such suffix, worksheet, field or collection.
        MissingExtraError: If a workbook is given and python-calamine is not installed.

    Examples:
        >>> import tempfile
        >>> from pathlib import Path
        >>> import icatmapping as im
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = Path(folder) / "projects.csv"
        ...     _ = file.write_text("Projet;Pays;Début\nFormation;Togo, Benin;15/03/2021\n", encoding="utf-8")
        ...     draft = im.read_table(file)
        >>> draft.records["initiatives"][0].countries, draft.records["initiatives"][0].start
        (('TGO', 'BEN'), '2021-03')
    """
    check_choice("of", of, MADE)
    check_choice("new_bodies", new_bodies, ("list", "add"))
    check_count("limit", limit)
    check_checked(checked)
    given = _mapping(mapping, of)
    dataset = load() if ds is None else ds
    table = open_table(path, sheet=sheet, encoding=encoding, delimiter=delimiter, limit=limit + MAX_HEADER_ROWS)
    if not table.rows:
        raise UnreadableFileError(table.file, "is empty", f"sheet {table.sheet!r}" if table.sheet else "")
    first = [cells for _, cells in table.rows[: MAX_HEADER_ROWS + 1]]
    if hashtag_row(first) is not None:
        from icatmapping.io.hxl_reading import draft_hxl  # noqa: PLC0415 - it takes from here what it needs

        return draft_hxl(table, dataset, new_bodies=new_bodies, source=source, checked=checked, limit=limit)
    found = find_header(first, of, given)
    if found is None:
        message = (
            "no row looks like a header; name the columns, e.g. 'Title', 'Country', 'Lead agency', 'Start date', "
            "or say what they are with mapping="
        )
        raise UnreadableFileError(table.file, message, f"rows 1 to {table.rows[len(first) - 1][0]}")
    begin, headers = found
    missing = [name for name in given if name not in {fold(header.text) for header in headers}]
    if missing:
        texts = [header.text for header in headers if header.text]
        raise UnknownNameError(missing[0], "header of the table", nearest(missing[0], texts), valid=texts[:40])
    rows = table.rows[begin:]
    drafter = Drafter(
        dataset,
        of,
        file=table.file,
        sheet=table.sheet,
        source=source,
        checked=checked,
        add_bodies=new_bodies == "add",
        month_first=_month_first(headers, rows, month_first),
    )
    header_row = table.rows[begin - 1][0]
    drafter.notes += [*table.notes, f"the header is row {header_row}"]
    return draft_rows(drafter, table, rows, headers, limit)


def draft_rows(
    drafter: Drafter, table: Worksheet, rows: Sequence[tuple[int, list[Any]]], headers: Sequence[Header], limit: int
) -> Draft:
    """Make a draft of the rows below a header."""
    for number, cells in rows[:limit]:
        drafter.add(number, cells, headers)
    if table.is_cut or len(rows) > limit:
        drafter.notes.append(f"rows after the first {limit:,} were not read; give limit= to read more")
    return drafter.draft(draft_columns(headers, rows))


def draft_columns(headers: Sequence[Header], rows: Sequence[tuple[int, list[Any]]]) -> list[DraftColumn]:
    """Return what each column was taken for, with the first value that stands in it."""
    widest = max([len(headers), *(len(cells) for _, cells in rows[:_SAMPLED])])
    columns = []
    for place in range(widest):
        values = (cells[place] for _, cells in rows[:_SAMPLED] if place < len(cells) and not is_blank(cells[place]))
        example = as_text(next(values, ""))[:100]
        header = headers[place] if place < len(headers) else None
        if example or (header is not None and header.text):
            text, field = ("", None) if header is None else (header.text, header.field)
            columns.append(DraftColumn(column_letter(place), text, field, example))
    return columns


_SAMPLED = 200


def check_checked(checked: str | None) -> None:
    """Refuse what is no year and month."""
    if checked is not None and not Format.MONTH.fits(checked):
        message = f"checked must be {Format.MONTH.description}, not {checked!r}"
        raise ValueError(message)


def _mapping(mapping: Mapping[str, str | None] | None, collection: str) -> dict[str, str | None]:
    known = [*(attribute.name for attribute in fields(RECORD_CLASSES[collection])), PERIOD, TOPICS]
    for field in (mapping or {}).values():
        if field is not None and field not in known:
            raise UnknownNameError(field, f"field of {collection}", nearest(str(field), known), valid=known)
    return {fold(header): field for header, field in (mapping or {}).items()}


def _month_first(
    headers: Sequence[Header],
    rows: Sequence[tuple[int, list[Any]]],
    given: bool | None,  # noqa: FBT001
) -> bool | dict[int, bool]:
    """Return whether the month stands first, in all columns or in some: what one date of a column says goes for all."""
    if given is not None:
        return given
    dated = [place for place, header in enumerate(headers) if header.field in _DATES]
    said = {place: is_month_first(cells[place] for _, cells in rows if place < len(cells)) for place in dated}
    known = {value for value in said.values() if value is not None}
    # A table is written by one hand: what one column says goes for those that do not tell.
    other = known.pop() if len(known) == 1 else False
    return {place: other if value is None else value for place, value in said.items()}
