"""
What a reader made of somebody's file: the records, what was understood of it, and all that was not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from icatmapping.errors import DatasetError
from icatmapping.results import Row, Table
from icatmapping.utils.exporting import Exportable
from icatmapping.utils.representation import Displayable, shorten_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from icatmapping.dataset import Dataset
    from icatmapping.errors import Fault

__all__ = ["Draft", "DraftColumn", "DraftColumns", "LeftOut", "LeftOuts", "NewBodies", "NewBody", "Problem", "Problems"]


@frozen(repr=False)
class DraftColumn(Row):
    """
    A column of the table, and what it was taken for.

    Attributes:
        column: Its letter, as spreadsheets name it.
        header: Its header.
        field: The field of records that it holds; None if nobody knows: what is in it is in `Draft.extra`.
        example: The first value in it.
    """

    column: str
    header: str
    field: str | None
    example: str


@frozen(repr=False)
class DraftColumns(Table[DraftColumn]):
    """
    The columns of the table, in order.

    Attributes:
        rows: A row for each column that has a header or a value.
    """

    rows: tuple[DraftColumn, ...]


@frozen(repr=False)
class Problem(Row):
    """
    A value that was not understood. The record is there without it.

    Attributes:
        row: The row of the table, as the spreadsheet numbers it; in XML, the position of the activity.
        column: The header of the column, or the element.
        value: What is written there.
        message: What is wrong with it.
        nearest: What may have been meant, or None.
    """

    row: int
    column: str
    value: str
    message: str
    nearest: str | None

    def __str__(self) -> str:
        hint = f"; did you mean {self.nearest!r}?" if self.nearest else ""
        place = f"row {self.row}, {shorten_line(self.column, 40)}"
        return f"{place}: {shorten_line(self.value, 60)!r} {self.message}{hint}"


@frozen(repr=False)
class Problems(Table[Problem]):
    """
    What was not understood, row by row.

    Attributes:
        rows: The problems.
    """

    rows: tuple[Problem, ...]


@frozen(repr=False)
class LeftOut(Row):
    """
    A row of which no record was made.

    Attributes:
        row: The row of the table; in XML, the position of the activity.
        reason: Why not.
        cells: What is written there.
    """

    row: int
    reason: str
    cells: tuple[str, ...]

    def __str__(self) -> str:
        return f"row {self.row}: {self.reason}: {shorten_line(' | '.join(filter(None, self.cells)), 100)}"


@frozen(repr=False)
class LeftOuts(Table[LeftOut]):
    """
    The rows of which no record was made.

    Attributes:
        rows: The rows.
    """

    rows: tuple[LeftOut, ...]


@frozen(repr=False)
class NewBody(Row):
    """
    A name of a body that the dataset does not know.

    Attributes:
        name: The name as it is written.
        records: In how many records it takes part.
        nearest: The body that may have been meant, or None.
        id: The id of the organization that was made of it, or None if none was asked for.
    """

    name: str
    records: int
    nearest: str | None
    id: str | None

    def __str__(self) -> str:
        hint = f"; near to {self.nearest!r}" if self.nearest and self.id is None else ""
        made = f" → {self.id}" if self.id else ""
        count = f"{self.records} record{'' if self.records == 1 else 's'}"
        return f"{shorten_line(self.name, 80)} ({count}){made}{hint}"


@frozen(repr=False)
class NewBodies(Table[NewBody]):
    """
    The names of bodies that the dataset does not know, the most frequent first.

    Attributes:
        rows: The names.
    """

    rows: tuple[NewBody, ...]


@frozen(repr=False)
class Draft(Displayable, Exportable):
    """
    What a reader made of a file. Nothing of the file is lost: what made no record is told.

    Attributes:
        file: The name of the file.
        sheet: The worksheet that was read, or None if the file has none.
        notes: What there is to know of the reading: how the file was decoded, where the header stands …
        columns: The columns, and what each was taken for.
        records: The records that were made, by collection.
        problems: The values that were not understood.
        left_out: The rows of which no record was made.
        new_bodies: The names of bodies that the dataset does not know.
        extra: For each record by id, what stands in columns that no field holds, by header.
    """

    file: str
    sheet: str | None
    notes: tuple[str, ...]
    columns: DraftColumns
    records: Mapping[str, tuple[Any, ...]] = field(hash=False)
    problems: Problems
    left_out: LeftOuts
    new_bodies: NewBodies
    extra: Mapping[str, Mapping[str, str]] = field(hash=False)

    def extend(self, ds: Dataset) -> Dataset:
        r"""
        Return a dataset with the records of the draft laid over it, as `Dataset.extended` does.

        A record that the dataset cannot take, as something that it refers to is not there, is left out and keeps
        none of the others away; `refused` lists those.

        Examples:
            >>> import tempfile
            >>> from pathlib import Path
            >>> import icatmapping as im
            >>> ds = im.load()
            >>> with tempfile.TemporaryDirectory() as folder:
            ...     file = Path(folder) / "projects.csv"
            ...     _ = file.write_text("Project;Country;Agency\nOur training;Ghana;UNODC\n", encoding="utf-8")
            ...     draft = im.read_table(file)
            >>> len(draft.extend(ds).initiatives) - len(ds.initiatives)
            1
        """
        return ds.extended(self._fitting(ds)[0])

    def refused(self, ds: Dataset) -> tuple[Fault, ...]:
        """Return what keeps records of the draft out of a dataset; as a rule nothing."""
        return tuple(self._fitting(ds)[1])

    def _fitting(self, ds: Dataset) -> tuple[dict[str, list[Any]], list[Fault]]:
        kept = {name: list(records) for name, records in self.records.items()}
        refused: list[Fault] = []
        while True:
            try:
                ds.extended(kept)
            except DatasetError as error:
                names = {(fault.file.removesuffix(".json"), fault.record) for fault in error.faults}
                fewer = {
                    name: [record for record in records if (name, record.id) not in names]
                    for name, records in kept.items()
                }
                if sum(map(len, fewer.values())) == sum(map(len, kept.values())):
                    raise  # the fault is not in the records of the draft
                refused += error.faults
                kept = fewer
            else:
                return kept, refused

    def to_dict(self) -> dict[str, Any]:
        """Return the draft as plain, JSON-ready data."""
        from icatmapping.results import plain  # noqa: PLC0415 - as in `Table`

        return {name: plain(getattr(self, name)) for name in type(self).__match_args__}

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        place = f"{self.file}, sheet {self.sheet!r}" if self.sheet else self.file
        yield f"{place}: {self._counts()}"
        yield from (f"  {note}" for note in self.notes)
        if len(self.columns):
            yield "Columns"
            for column in self.columns:
                meaning = "not understood, kept in .extra" if column.field is None else column.field
                yield f"  {column.column:<3} {shorten_line(column.header, 40)} → {meaning}"
        parts = (
            ("Not understood", [str(row) for row in self.problems[:_SHOWN]], len(self.problems)),
            ("Rows left out", [str(row) for row in self.left_out[:_SHOWN]], len(self.left_out)),
            (
                "Bodies that the dataset does not know",
                [str(row) for row in self.new_bodies[:_SHOWN]],
                len(self.new_bodies),
            ),
        )
        for title, lines, count in parts:
            if count:
                yield f"{title} ({count:,})"
                yield from (f"  {line}" for line in lines)
            if count > len(lines):
                yield f"  and {count - len(lines):,} more"

    def _counts(self) -> str:
        made = [f"{len(records):,} {name}" for name, records in self.records.items() if records]
        return ", ".join(made) or "no records"

    def _repr_summary(self) -> str:
        told = (("problems", self.problems), ("rows left out", self.left_out), ("new bodies", self.new_bodies))
        parts = [self._counts(), *(f"{len(rows):,} {name}" for name, rows in told if len(rows))]
        return f" of {self.file}: {', '.join(parts)}"


_SHOWN = 20
