"""
Writing the tables of a mapping as Parquet, in one pass: each batch of records is checked, completed and written.
"""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from icatmapping.errors import DatasetError, UnknownNameError
from icatmapping.frames.layout import ColumnMaker, derived_types, field_types
from icatmapping.frames.sources import Source, import_pyarrow
from icatmapping.model.schema import BODIES
from icatmapping.utils.arguments import check_count
from icatmapping.utils.files import atomic_folder
from icatmapping.utils.frames import arrow_table
from icatmapping.utils.text import nearest

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

    from icatmapping.dataset import Dataset
    from icatmapping.model.records import Record
    from icatmapping.query.directory import Directory

__all__ = ["ABOUT", "LAYOUT", "write_frames"]

ABOUT = "frames.json"
"""The file that says what a folder of tables holds."""
LAYOUT = 1
"""The version of the layout."""
BATCH = 65_536
_PARTITIONS = ("scope", "kind", "status")


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
    is checked as `load` checks it, and gets its values of every dimension, by the library's own definitions. The folder
    is as it was until all is written; what another call wrote there before is replaced.

    Args:
        source: A dataset; or for each collection something that streams Arrow (`__arrow_c_stream__`: a table of
            pyarrow, a frame of polars, a relation of DuckDB, a reader) or mappings, with the fields of its records,
            such as `iati_stream` gives. Fields that may be null or an empty list can be left out. Bodies of which no
            table is given are the bundled ones; those given are laid over them.
        path: The folder. Other files in it stay.
        batch: How many records are held at a time, and stand together in the file.
        partition_by: A field with one value, ``"scope"``, ``"kind"`` or ``"status"``, for a file per value.

    Raises:
        DatasetError: If records break a rule; with every fault, up to 10,000, and nothing is written.
        EngineError: If a stream breaks off.
        TypeError: If something is neither a table nor a stream nor mappings.
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
    tables = Source(source)
    target = Path(path)
    before = _files_of(target)
    with atomic_folder(target) as folder:
        files = {name: _write_table(tables, name, folder, batch, partition_by) for name in tables.names}
        tables.check_references()
        for name in BODIES:
            files[name] = [f"{name}.parquet"]
            _write_whole(arrow_table(field_types(name), tables.bodies(name)), folder / f"{name}.parquet")
        if tables.faults:
            raise DatasetError(tables.faults)
        about = {
            "layout": LAYOUT,
            "version": tables.ds.version,
            "files": files,
            "groupings": [record.to_dict() for record in tables.ds.groupings],
            "hosts": [record.to_dict() for record in tables.ds.hosts],
        }
        (folder / ABOUT).write_text(json.dumps(about, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    for name in before - {name for names in files.values() for name in names}:
        (target / name).unlink(missing_ok=True)  # else whoever reads every file finds old records among the new


def _files_of(folder: Path) -> set[str]:
    """Return the tables that were written to a folder before."""
    try:
        about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        return {Path(file).name for files in about["files"].values() for file in files}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return set()


class _Columns:
    """Records of a collection as columns of Arrow."""

    def __init__(self, name: str, directory: Directory) -> None:
        self._fields = field_types(name)
        self._deriver = ColumnMaker(name, directory)
        self.types = self._fields | derived_types(name)
        self.schema = arrow_table(self.types, ()).schema

    def table(self, records: Sequence[Record]) -> Any:
        """Return some records as a table of Arrow, with the columns beside their fields."""
        pa = import_pyarrow()
        columns: dict[str, list[Any]] = {
            name: [getattr(record, name) for record in records] for name in self._fields
        } | self._deriver.columns(records)
        if "identifiers" in columns:  # which are no plain values
            columns["identifiers"] = [[one.to_dict() for one in some] for some in columns["identifiers"]]
        arrays = [pa.array(columns[field.name], field.type) for field in self.schema]
        return pa.table(arrays, schema=self.schema)


def _write_table(tables: Source, name: str, folder: Path, batch: int, partition_by: str | None) -> list[str]:
    """Write the records of a collection; return the names of the files."""
    pa, pq = import_pyarrow(), _parquet()
    made = _Columns(name, tables.ds.directory)
    by = partition_by if partition_by in made.types else None
    writers: dict[str, Any] = {}
    waiting: dict[str, list[Any]] = {}

    with ExitStack() as opened:

        def write(file: str) -> None:
            if file not in writers:
                writer = pq.ParquetWriter(folder / file, made.schema, compression="zstd")
                writers[file] = opened.enter_context(writer)
            writers[file].write_table(pa.concat_tables(waiting.pop(file)))

        for records in tables.batches(name):
            for file, some in _by_file(name, records, by).items():
                tables_of_file = waiting.setdefault(file, [])
                tables_of_file.append(made.table(some))
                if sum(table.num_rows for table in tables_of_file) >= batch:
                    write(file)
        for file in [*waiting]:
            write(file)
        if not writers:
            waiting[f"{name}.parquet"] = [made.schema.empty_table()]
            write(f"{name}.parquet")
    tables.check_ids(name, [folder / file for file in writers])
    return sorted(writers)


def _by_file(name: str, records: Sequence[Record], by: str | None) -> Mapping[str, Sequence[Record]]:
    """Return the file that each of some records goes to."""
    if by is None:
        return {f"{name}.parquet": records}
    found: dict[str, list[Record]] = {}
    for record in records:
        value = getattr(record, by)
        found.setdefault(f"{name}--{'none' if value is None else str(value)}.parquet", []).append(record)
    return found


def _write_whole(table: Any, file: Path) -> None:
    _parquet().write_table(table, file, compression="zstd")


def _parquet() -> Any:
    import_pyarrow()
    import pyarrow.parquet as pq  # noqa: PLC0415 - an extra

    return pq
