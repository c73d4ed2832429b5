"""
Any answer as sheets of a workbook: names beside ids, addresses as links, and what was asked on a sheet of its own.

Knows nothing of file formats: what writes CSV and Excel takes its sheets from here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from sys import modules
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from icatmapping.dataset import Dataset, load
from icatmapping.io.columns import Link, field_title, record_columns, value_label
from icatmapping.model.fields import is_statement
from icatmapping.model.records import RECORD_CLASSES
from icatmapping.model.schema import COLLECTIONS, QUERIED
from icatmapping.query.collection import Collection
from icatmapping.query.dimensions import dimension
from icatmapping.query.provenance import provenance_of_records
from icatmapping.results import NO_PROVENANCE, Provenance, Row, Table, Tabular

if TYPE_CHECKING:
    from icatmapping.io.columns import Cell
    from icatmapping.model.records import Record

__all__ = ["LIST_SEPARATOR", "Asked", "Book", "Sheet", "book_of"]

LIST_SEPARATOR = "\n"
"""What stands between several values in one cell by default: one value a line."""

Asked: TypeAlias = "str | Mapping[str, object] | None"
"""What was asked, as text or as criteria."""


class Sheet(NamedTuple):
    """A sheet: its title, the headers of its columns, its rows."""

    title: str
    headers: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]


class Book(NamedTuple):
    """Some sheets, and what there is to know of all of them."""

    sheets: tuple[Sheet, ...]
    about: tuple[tuple[str, str], ...]


def book_of(what: object, *, ds: Dataset | None, asked: Asked, separator: str) -> Book:
    """
    Return the sheets of a dataset, a collection, a record or an answer.

    Args:
        what: It.
        ds: The dataset that an answer was computed from, if it does not know it: names then stand beside ids.
        asked: What was asked.
        separator: What stands between several values in one cell.

    Raises:
        TypeError: If it is none of these.
    """
    found = _dataset_of(what)
    known = ds if found is None else found
    if known is None and _provenance(what).version == load().version:
        known = load()
    writer = _Writer(known, separator)
    sheets = writer.sheets(what)
    if not sheets:
        message = f"{type(what).__name__} has no rows to write; a dataset, a collection or an answer is wanted"
        raise TypeError(message)
    return Book(tuple(sheets), tuple(_about(what, known, asked, sheets)))


def _dataset_of(what: object) -> Dataset | None:
    """Return the dataset that something belongs to, as far as it knows."""
    if isinstance(what, Dataset):
        return what
    if isinstance(what, Collection):
        source: object = what.directory.source
        return source if isinstance(source, Dataset) else None
    for _, part in _parts(what):
        found = _dataset_of(part)
        if found is not None:
            return found
    return None


def _provenance(what: object) -> Provenance:
    """Return what was asked, and of which data, as far as an answer knows."""
    found = getattr(what, "provenance", None)
    if isinstance(found, Provenance):
        return found
    return provenance_of_records(what) if isinstance(what, Collection) else NO_PROVENANCE


def _parts(answer: object) -> Iterable[tuple[str, Table[Any] | Collection[Any]]]:
    """Yield the tables and collections that an answer consists of, by name."""
    for name in getattr(type(answer), "__match_args__", ()):
        value = getattr(answer, name)
        if isinstance(value, Table | Collection):
            yield name, value


class _Writer:
    """What makes sheets, for one dataset and one way to join values."""

    def __init__(self, ds: Dataset | None, separator: str) -> None:
        self._ds = ds
        self._join = separator.join

    def sheets(self, what: object) -> list[Sheet]:
        if isinstance(what, Dataset):
            found = [self._records(what.collection(name)) for name in QUERIED]
            return [*found, self._sources([record for name in QUERIED for record in what.collection(name)])]
        if isinstance(what, Collection):
            return [self._records(what), self._sources(what)]
        if type(what) in RECORD_CLASSES.values():
            return self.sheets(self._alone(what))
        found = []
        if isinstance(what, Table):
            found += self._crosstab(what) if hasattr(what, "col_totals") else []
            found.append(self._rows(type(what).__name__, what))
        elif isinstance(what, Tabular):
            found += self._paths(what)
        for name, part in _parts(what):
            if isinstance(part, Collection):
                found.append(self._records(part, name))
            else:
                found.append(self._rows(field_title(name), part))
        return found

    def _alone(self, record: Any) -> Collection[Any]:
        """Return a collection of one record."""
        ds = load() if self._ds is None else self._ds
        return Collection(type(record), (record,), ds.directory)

    # --- records

    def _records(self, records: Collection[Any], title: str | None = None) -> Sheet:
        columns = record_columns(records.kind, records.directory, self._join)
        rows = [tuple([column.read(record) for column in columns]) for record in records]
        title = COLLECTIONS[records.kind.collection].name if title is None else title
        return Sheet(field_title(title), tuple([column.header for column in columns]), rows)

    def _sources(self, records: Iterable[Record]) -> Sheet:
        """Return a row for every source of every record, so that each can be followed."""
        rows = [
            (
                record.collection,
                record.id,
                record.label,
                source if is_statement(source) else Link(source),
                record.checked,
            )
            for record in records
            for source in record.sources
        ]
        return Sheet("Sources", ("Collection", "ID", "Record", "Source", "Last read"), rows)

    # --- answers

    def _rows(self, title: str, table: Table[Any]) -> Sheet:
        rows, columns_of = table.rows, _columns_of(table)
        fields: tuple[str, ...] = type(rows[0]).__match_args__ if len(rows) else columns_of
        headers: list[str] = []
        columns: list[list[Cell]] = []
        for name in fields:
            for header, column in self._columns(name, [getattr(row, name) for row in rows], fields):
                headers.append(header)
                columns.append(column)
        return Sheet(title, tuple(headers), list(zip(*columns, strict=True)))

    def _columns(self, name: str, values: list[Any], fields: Sequence[str]) -> Iterable[tuple[str, list[Cell]]]:
        title = field_title(name)
        if values and type(values[0]) in RECORD_CLASSES.values():
            yield f"{title} (id)", [value.id for value in values]
            yield title, [value.label for value in values]
            yield "Page", [_page(value) for value in values]
            return
        yield title, [self._cell(value) for value in values]
        if {"name", "label", f"{name}_label", f"name_{name}"}.isdisjoint(fields):
            labels = [self._labels(name, value) for value in values]
            if any(label not in (None, cell) for label, cell in zip(labels, map(self._cell, values), strict=True)):
                yield f"{title} (names)", list(labels)

    def _cell(self, value: Any) -> Cell:
        if value is None or isinstance(value, bool | int | float | Link):
            return value
        if isinstance(value, str):
            return Link(str(value)) if value.startswith(("http://", "https://")) else str(value)
        if isinstance(value, Mapping):
            return self._join(f"{key}: {_flat(item)}" for key, item in value.items())
        if isinstance(value, Iterable):
            return self._join(map(_flat, value))
        return str(value)

    def _labels(self, name: str, value: Any) -> str | None:
        directory = None if self._ds is None else self._ds.directory
        if isinstance(value, str):
            return value_label(name, value, directory, self._ds)
        if isinstance(value, tuple) and value and all(isinstance(one, str) for one in value):
            return self._join(value_label(name, one, directory, self._ds) or one for one in value)
        return None

    def _crosstab(self, table: Any) -> list[Sheet]:
        """Return a table of two dimensions as people draw it."""
        labels = {("row", cell.row): cell.row_label for cell in table.rows}
        labels |= {("col", cell.col): cell.col_label for cell in table.rows}
        counts = {(cell.row, cell.col): cell.count for cell in table.rows}
        columns = list(table.col_totals)
        rows: list[tuple[Cell, ...]] = [
            (labels.get(("row", row), str(row)), *(counts.get((row, col), 0) for col in columns), total)
            for row, total in table.row_totals.items()
        ]
        rows.append(("Total", *table.col_totals.values(), table.total))
        headers = (field_title(table.by[0]), *(labels.get(("col", col), str(col)) for col in columns), "Total")
        return [Sheet("Table", headers, rows)]

    def _paths(self, paths: Any) -> list[Sheet]:
        """Return the paths, what each of their steps rests on, and what the two ends share."""
        found = [
            (place, " – ".join(path.names), path.hops, path.distance, path.describe())
            for place, path in enumerate(paths, 1)
        ]
        steps: list[tuple[Cell, ...]] = [
            (place, number, step.source, step.target, *_ends(path, number), record.id, record.label, _page(record))
            for place, path in enumerate(paths, 1)
            for number, step in enumerate(path.steps, 1)
            for record in step.evidence
        ]
        headers = ("Path", "Step", "From (id)", "To (id)", "From", "To", "Record (id)", "Record", "Page")
        together = [(record.collection, record.id, record.label, _page(record)) for record in paths.together]
        return [
            Sheet("Paths", ("Path", "Organizations", "Hops", "Distance", "In words"), found),
            Sheet("Steps", headers, steps),
            Sheet("Together", ("Collection", "ID", "Record", "Page"), together),
        ]


def _ends(path: Any, number: int) -> tuple[str, str]:
    return path.names[number - 1], path.names[number]


def _page(record: Any) -> Cell:
    address = getattr(record, "url", None) or getattr(record, "website", None) or next(iter(record.sources), None)
    return None if address is None else address if is_statement(address) else Link(address)


def _flat(value: Any) -> str:
    if isinstance(value, str):
        return str(value)
    if type(value) in RECORD_CLASSES.values():
        return str(value.label)
    label, count = getattr(value, "label", None), getattr(value, "count", None)
    if isinstance(value, Row) and isinstance(count, int | float):
        return f"{label} {count:g}"
    return " × ".join(map(_flat, value)) if isinstance(value, tuple) else str(value)


def _columns_of(table: Table[Any]) -> tuple[str, ...]:
    """Return the columns of a table, which one without rows has as well."""
    columns: tuple[str, ...] | None = getattr(table, "columns", None)
    if columns is not None:
        return columns
    stated = type(table).__annotations__.get("rows", "")
    name = str(stated).removeprefix("tuple[").partition(",")[0]
    found: tuple[str, ...] = getattr(vars(modules[type(table).__module__]).get(name), "__match_args__", ())
    return found


# --- what was asked --------------------------------------------------------------------------------------------------


def _about(what: object, ds: Dataset | None, asked: Asked, sheets: Sequence[Sheet]) -> Iterable[tuple[str, str]]:
    from icatmapping import __version__  # noqa: PLC0415 - the root is complete by now

    yield "What", repr(what).strip("<>")
    question = _criteria(asked, what) if isinstance(asked, Mapping) else asked
    provenance = _provenance(what)
    yield "Asked", question or provenance.question or "everything"
    if settings := _settings(what):
        yield "In figures", settings
    for sheet in sheets:
        yield f"Rows of {sheet.title!r}", str(len(sheet.rows))
    if ds is None:
        yield "Data", provenance.source if provenance.version else "not stated by who wrote this file"
    else:
        yield "Data", "icatmapping: who does what against trafficking in persons, where, when and with whom"
        yield "Data version", ds.version or "none stated"
        yield "Sources last read", ds.as_of or "no record"
        if ds is load():
            yield "Licence of the data", "CC BY 4.0, https://creativecommons.org/licenses/by/4.0/"
    yield "Made by", f"icatmapping {__version__}"
    yield "Please note", "Counts say what public pages state, not all that is done; an empty cell is unknown, not no."


def _criteria(asked: Mapping[str, object], what: object) -> str:
    parts = []
    for name, value in asked.items():
        if value is None:
            continue
        several = [value] if isinstance(value, str) or not isinstance(value, Iterable) else list(value)
        parts.append(f"{name.replace('_', ' ')}: {', '.join(_criterion(name, one, what) for one in several)}")
    return "; ".join(parts)


def _criterion(name: str, value: object, what: object) -> str:
    if isinstance(what, Collection):
        try:
            entry = dimension(name, what.kind)
            return entry.label(entry.parse(value, what.kind, what.directory), what.directory)
        except (LookupError, TypeError, ValueError):
            pass  # an area, a span of years: what is no single value stands as it was given
    return str(value)


def _settings(what: object) -> str:
    """Return what an answer says of itself beside its rows, e.g. by which dimension it counts."""
    parts = []
    for name in getattr(type(what), "__match_args__", ()) if isinstance(what, Tabular) else ():
        value = getattr(what, name)
        if (
            name in ("rows", "found", "together")
            or value in (None, "", ())
            or isinstance(value, Table | Collection | Mapping | Provenance)
        ):
            continue
        if isinstance(value, tuple):
            listed = ", ".join(_flat(one) for one in islice(value, _MAX_ASKED))
            value = f"{listed}, …" if len(value) > _MAX_ASKED else listed
        parts.append(f"{field_title(name).lower()}: {value}")
    return "; ".join(parts)


_MAX_ASKED = 20
