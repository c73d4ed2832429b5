"""
Writing the tables of a mapping as Parquet, in one pass: each batch of records is checked, completed and written.
"""

from __future__ import annotations

import json
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from icatmapping.dataset import Dataset, load
from icatmapping.errors import DatasetError, MissingExtraError, UnknownNameError
from icatmapping.frames.layout import derived_columns, derived_types, field_types
from icatmapping.model.records import RECORD_CLASSES
from icatmapping.model.schema import BODIES, LOCATED, RECORD_FILES
from icatmapping.utils.annotations import is_optional, is_tuple
from icatmapping.utils.arguments import check_count
from icatmapping.utils.files import atomic_folder
from icatmapping.utils.frames import arrow_columns, arrow_table
from icatmapping.utils.text import nearest

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from icatmapping.datapackage.faults import FaultLog
    from icatmapping.model.records import Record

__all__ = ["ABOUT", "LAYOUT", "write_frames"]

ABOUT = "frames.json"
"""The file that says what a folder of tables holds."""
LAYOUT = 1
"""The version of the layout."""
BATCH = 65_536
_PARTITIONS = ("scope", "kind", "status")
_MOST_FILES = 100


def write_frames(
    source: Dataset | Mapping[str, Any],
    path: str | os.PathLike[str],
    *,
    batch: int = BATCH,
    partition_by: str | None = None,
) -> None:
    """
    Write the tables of a mapping, for `scan` and for whatever reads Parquet.

    Records pass through in batches, so that there may be more of them than fit in memory; bodies are held. Each record
    is checked as `load` checks it, and gets its values of every dimension, by the library's own definitions.

    Args:
        source: A dataset; or for each collection something that streams Arrow (`__arrow_c_stream__`: a table of
            pyarrow, a frame of polars, a relation of DuckDB, a reader) or mappings, with the fields of its records.
            Fields that may be null or an empty list can be left out. Bodies of which no table is given are the bundled
            ones; those given are laid over them.
        path: The folder. Other files in it stay.
        batch: How many records are held at a time.
        partition_by: A field with one value, ``"scope"``, ``"kind"`` or ``"status"``, for a file per value.

    Raises:
        DatasetError: If records break a rule; with every fault, and nothing is written.
        UnknownNameError: If there is no such collection or field.
        MissingExtraError: If pyarrow is not installed.

    Examples:
        >>> import icatmapping as im
        >>> from tempfile import mkdtemp
        >>> folder = mkdtemp()
        >>> im.write_frames(im.load(), folder)
        >>> im.scan(folder).partnerships.count() == len(im.load().partnerships)
        True
    """
    check_count("batch", batch)
    if partition_by is not None and partition_by not in _PARTITIONS:
        raise UnknownNameError(
            partition_by, "field of one value", nearest(str(partition_by), _PARTITIONS), valid=_PARTITIONS
        )
    tables = _Tables(source)
    with atomic_folder(Path(path)) as folder:
        files = {name: _write_table(tables, name, folder, batch, partition_by) for name in tables.names}
        ds = tables.ds
        for name in BODIES:
            files[name] = [f"{name}.parquet"]
            records = [record.to_dict() for record in ds.collection(name)]
            _write_whole(arrow_table(field_types(name), records), folder / f"{name}.parquet")
        if tables.faults:
            raise DatasetError(tables.faults)
        about = {
            "layout": LAYOUT,
            "version": ds.version,
            "files": files,
            "groupings": [record.to_dict() for record in ds.groupings],
            "hosts": [record.to_dict() for record in ds.hosts],
        }
        (folder / ABOUT).write_text(json.dumps(about, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


class _Tables:
    """The records that are to be written, batch by batch, and what is wrong with them."""

    def __init__(self, source: Dataset | Mapping[str, Any]) -> None:
        from icatmapping.datapackage.faults import FaultLog  # noqa: PLC0415 - checking is for what is written

        self.faults: FaultLog = FaultLog()
        self._streams: Mapping[str, Any] = {}
        if isinstance(source, Dataset):
            self.ds = source
            self.names: tuple[str, ...] = LOCATED
            return
        for name in source:
            if name not in (*LOCATED, *BODIES, "groupings", "hosts"):
                raise UnknownNameError(name, "collection", nearest(str(name)[:200], RECORD_CLASSES) or LOCATED)
        self._streams = source
        self.names = tuple([name for name in LOCATED if name in source])
        laid = {name: list(_rows(source[name])) for name in (*BODIES, "groupings", "hosts") if name in source}
        self.ds = load().extended(laid) if laid else load()
        self._ids = {name: frozenset(one.id for one in self.ds.collection(name)) for name in BODIES}
        self._ids["groupings"] = frozenset(one.id for one in self.ds.groupings)
        self._seen: dict[str, set[str]] = {name: set() for name in self.names}

    def batches(self, name: str, size: int) -> Iterator[Sequence[Record]]:
        """Yield the records of a collection, so many at a time; of those with faults, nothing."""
        if not self._streams:
            records = self.ds.collection(name).store.records
            for start in range(0, len(records), size):
                yield records[start : start + size]
            return
        rows = iter(_rows(self._streams[name]))
        while not self.faults.is_full and (some := list(islice(rows, size))):
            yield self._checked(name, some)

    def _checked(self, name: str, rows: list[Mapping[str, Any]]) -> Sequence[Record]:
        from icatmapping.datapackage.references import CheckedRecords, reference_faults  # noqa: PLC0415 - as above
        from icatmapping.datapackage.validation import structure_records  # noqa: PLC0415 - as above
        from icatmapping.errors import Fault  # noqa: PLC0415 - as above

        kind = RECORD_CLASSES[name]
        filled = [_filled(kind, row) for row in rows]
        found = structure_records(kind, filled, self.faults)
        ids = {**self._ids, "initiatives": self._seen.get("initiatives", set())}
        files = {f"{one}.json": filled if one == name else [] for one in RECORD_FILES}
        self.faults.extend(reference_faults(files, self.faults.nearest, CheckedRecords(ids)))
        seen = self._seen[name]
        twice = [record.id for record in found if record.id in seen]
        self.faults.extend([Fault(f"{name}.json", one, "id", "is duplicated") for one in twice])
        seen.update([record.id for record in found])
        return () if self.faults else found


def _rows(source: Any) -> Iterable[Mapping[str, Any]]:
    """Yield the rows of what streams Arrow, batch by batch; or mappings or records as they are."""
    if not hasattr(source, "__arrow_c_stream__"):
        for row in source:
            yield row.to_dict() if hasattr(row, "to_dict") else row
        return
    pa = _pyarrow()
    for some in pa.RecordBatchReader.from_stream(source):
        yield from some.to_pylist()


def _filled(kind: type[Any], row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record with what it may leave out, which columns of frames have as nulls."""
    from attrs import fields  # noqa: PLC0415 - comes with the classes

    filled = dict(row)
    for attribute in fields(kind):
        if filled.get(attribute.name) is None:
            if is_tuple(attribute.type):
                filled[attribute.name] = []
            elif is_optional(attribute.type) or attribute.metadata.get("optional"):
                filled[attribute.name] = None
    return filled


def _write_table(tables: _Tables, name: str, folder: Path, batch: int, partition_by: str | None) -> list[str]:
    pq = _parquet()
    types = field_types(name) | derived_types(name)
    by = partition_by if partition_by in types else None
    empty = arrow_table(types, ())
    writers: dict[str, Any] = {}
    with ExitStack() as opened:

        def writer_of(value: str | None) -> Any:
            file = f"{name}.parquet" if by is None else f"{name}--{value or 'none'}.parquet"
            if file not in writers:
                writers[file] = opened.enter_context(pq.ParquetWriter(folder / file, empty.schema, compression="zstd"))
            return writers[file]

        if by is None:
            writer_of(None)
        for records in tables.batches(name, batch):
            if not records or tables.faults:
                continue
            made = _table(records, name, tables, types)
            if by is None:
                writer_of(None).write_table(made)
                continue
            for value in sorted({getattr(record, by) for record in records}, key=str):
                places = [place for place, record in enumerate(records) if getattr(record, by) == value]
                writer_of(None if value is None else str(value)).write_table(made.take(places))
        if not writers:
            writer_of(None).write_table(empty)
    return sorted(writers)


def _table(records: Sequence[Record], name: str, tables: _Tables, types: Mapping[str, Any]) -> Any:
    """Return some records as a table of Arrow, with the columns beside their fields."""
    pa = _pyarrow()
    own = field_types(name)
    made = arrow_columns(own, {field: [getattr(record, field) for record in records] for field in own})
    beside = derived_columns(records, name, tables.ds.directory)
    columns = {column: made.column(column) for column in own}
    schema = arrow_table(types, ()).schema
    columns |= {column: pa.array(values, schema.field(column).type) for column, values in beside.items()}
    return pa.table(columns, schema=schema)


def _write_whole(table: Any, file: Path) -> None:
    _parquet().write_table(table, file, compression="zstd")


def _pyarrow() -> Any:
    try:
        import pyarrow as pa  # noqa: PLC0415 - an extra
    except ImportError:
        raise MissingExtraError("pyarrow", "frames") from None
    return pa


def _parquet() -> Any:
    _pyarrow()
    import pyarrow.parquet as pq  # noqa: PLC0415 - as above

    return pq
