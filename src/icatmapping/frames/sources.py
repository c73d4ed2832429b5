"""
Where the records of tables come from: a dataset, or streams that are checked as they pass.

What has to be known of all records, their ids, is held in eight bytes each; the records themselves are not held.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from icatmapping.dataset import Dataset, load
from icatmapping.errors import Fault, MissingExtraError, UnknownNameError
from icatmapping.frames.engines import told
from icatmapping.frames.ids import Ids
from icatmapping.frames.layout import derived_types, field_types
from icatmapping.model.records import RECORD_CLASSES
from icatmapping.model.schema import BODIES, LOCATED, RECORD_FILES
from icatmapping.utils.annotations import is_optional, is_tuple
from icatmapping.utils.sequences import RowSequence
from icatmapping.utils.text import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from icatmapping.datapackage.faults import FaultLog
    from icatmapping.model.records import Record

__all__ = ["RecordStream", "Source"]

STEP = 4_096
"""How many rows are taken apart into values of Python at a time."""
_BESIDE = ("groupings", "hosts")


class RecordStream:
    """
    Records that are made while they are asked for: mappings with the fields of a collection, and an Arrow stream.

    Going through it again makes them again.
    """

    def __init__(self, collection: str) -> None:
        self.collection = collection

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        raise NotImplementedError

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Return the records as a stream of the Arrow PyCapsule interface, for DuckDB, polars and the like."""
        from icatmapping.utils.frames import arrow_table  # noqa: PLC0415 - needs pyarrow

        pa = import_pyarrow()
        types = field_types(self.collection)

        def batches() -> Iterator[Any]:
            rows = iter(self)
            while some := list(islice(rows, STEP)):
                yield from arrow_table(types, some).to_batches()

        reader = pa.RecordBatchReader.from_batches(arrow_table(types, ()).schema, batches())
        found: object = reader.__arrow_c_stream__(requested_schema)
        return found


class Source:
    """
    The records that are to be written, some at a time, and what is wrong with them.

    Attributes:
        ds: The bodies, groupings and hosts.
        names: The collections of which there are records.
        faults: What is wrong.
    """

    def __init__(self, given: Dataset | Mapping[str, Any]) -> None:
        from icatmapping.datapackage.faults import FaultLog  # noqa: PLC0415 - checking is for what is written

        self.faults: FaultLog = FaultLog()
        self._streams: Mapping[str, Any] = {}
        self._ids: dict[str, Ids] = {}
        self._later: list[tuple[str, str]] = []
        self._twins: dict[str, str] = {}
        self._has_body: dict[str, str] = {}
        if isinstance(given, Dataset):
            self.ds: Dataset = given
            self.names: tuple[str, ...] = LOCATED
            return
        _check_source(given)
        self._streams = given
        self.names = tuple([name for name in LOCATED if name in given])
        laid = {name: list(self._rows(name)) for name in (*BODIES, *_BESIDE) if name in given}
        for row in laid.get("organizations", ()):
            if isinstance(row.get("body_of"), str):  # of a partnership that is still to come
                self._has_body[str(row.get("id"))] = row["body_of"]
                row["body_of"] = None
        self.ds = load().extended(laid) if laid else load()
        self._known = {name: frozenset(one.id for one in self.ds.collection(name)) for name in BODIES}
        self._known["groupings"] = frozenset(one.id for one in self.ds.groupings)
        self._ids = {name: Ids() for name in self.names}

    def bodies(self, name: str) -> Iterator[dict[str, Any]]:
        """Yield the entities or organizations, as plain data."""
        for record in self.ds.collection(name):
            row = record.to_dict()
            yield row | ({"body_of": self._has_body[record.id]} if record.id in self._has_body else {})

    def batches(self, name: str) -> Iterator[Sequence[Record]]:
        """Yield the records of a collection, some at a time; once something is wrong, they are only checked."""
        if not self._streams:
            records = self.ds.collection(name).store.records
            for start in range(0, len(records), STEP):
                yield records[start : start + STEP]
            return
        rows, place = iter(self._rows(name)), 0
        while not self.faults.is_full and (some := list(islice(rows, STEP))):
            found = self._checked(name, some, place)
            place += len(some)
            if not self.faults:
                yield found

    def check_ids(self, name: str, files: Sequence[Path]) -> None:
        """Check that no id of a collection is there twice, once its records are in files."""
        duplicated = self._ids[name].duplicated() if name in self._ids else ()
        if not duplicated:
            return
        import pyarrow.parquet as pq  # noqa: PLC0415 - an extra

        pairs = self._later
        for file in files:
            for batch in pq.ParquetFile(file).iter_batches(columns=["id", "former_ids"]):
                for identifier, former in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                    pairs += [(identifier, one) for one in (identifier, *former) if hash(one) in duplicated]
        holders: dict[str, str] = {}
        named = {(fault.record, fault.field.partition("[")[0]) for fault in self.faults}
        for holder, one in sorted(pairs, key=lambda pair: pair[0] != pair[1]):
            if one in holders and hash(one) in duplicated:
                field = "id" if one == holder else "former_ids"
                message = (
                    "is duplicated" if field == "id" else f"{one!r} is also an id or former id of {holders[one]!r}"
                )
                if (holder, field) not in named:
                    self.faults.extend([Fault(f"{name}.json", holder, field, message)])
            holders.setdefault(one, holder)
        self._later = []

    def check_references(self) -> None:
        """Check that undertakings and bodies refer to each other's records, once all have passed."""
        for name, field, home, references in (
            ("partnerships", "initiative", "initiatives", self._twins),
            ("organizations", "body_of", "partnerships", self._has_body),
        ):
            if not references:
                continue
            if home in self._ids:
                missing = frozenset(self._ids[home].missing(references.values()))
            else:
                known = self.ds.partnerships.store.position_of if home == "partnerships" else ()
                missing = frozenset(one for one in references.values() if one not in known)
            self.faults.extend(
                Fault(f"{name}.json", label, field, f"{target[:100]!r} is not the id of any record")
                for label, target in references.items()
                if target in missing
            )

    def _checked(self, name: str, rows: Sequence[dict[str, Any]], place: int) -> Sequence[Record]:
        """Return the sound ones of some records, the first of which has a place in its collection."""
        from icatmapping.datapackage.faults import FaultLog  # noqa: PLC0415 - as above
        from icatmapping.datapackage.references import CheckedRecords, reference_faults  # noqa: PLC0415 - as above
        from icatmapping.datapackage.validation import structure_records  # noqa: PLC0415 - as above

        kind = RECORD_CLASSES[name]
        filled = [_filled(kind, row) for row in rows]
        faults = FaultLog()
        found = structure_records(kind, filled, faults)
        # Whether an initiative is there is known at the end: a file that is not named is not looked into.
        files = {f"{one}.json": [] for one in RECORD_FILES if one != "initiatives"} | {f"{name}.json": filled}
        faults.extend(reference_faults(files, self.faults.nearest, CheckedRecords(self._known)))
        self.faults.extend(_placed(fault, place) for fault in faults)
        ids, former = [record.id for record in found], [one for record in found for one in record.former_ids]
        self._ids[name].add(ids)
        self._ids[name].add(former)
        if self.faults:
            self._later += [(record.id, one) for record in found for one in (record.id, *record.former_ids)]
        if name == "partnerships":
            self._twins |= {one.id: one.initiative for one in found if one.initiative is not None}
        return found

    def _rows(self, name: str) -> Iterable[dict[str, Any]]:
        """Yield the rows of a collection as plain data, from whatever they come in."""
        source = self._streams[name]
        if isinstance(source, RowSequence | RecordStream) or not hasattr(source, "__arrow_c_stream__"):
            for row in source:
                to_dict = getattr(row, "to_dict", None)
                plain: Any = row if to_dict is None else to_dict()
                yield dict(plain) if isinstance(plain, Mapping) else plain
            return
        yield from self._streamed(name, source)

    def _streamed(self, name: str, source: Any) -> Iterator[dict[str, Any]]:
        """Yield the rows of a stream of Arrow; columns that are no fields are told once."""
        pa = import_pyarrow()
        fields = field_types(name)
        beside = derived_types(name) if name in LOCATED else {}
        try:
            reader = pa.RecordBatchReader.from_stream(source)
            wanted = [column for column in reader.schema.names if column in fields]
            for column in reader.schema.names:
                if column not in fields and column not in beside:
                    near = next(iter(nearest(column[:200], [one for one in fields if one not in wanted])), None)
                    fault = Fault(
                        f"{name}.json", "", column[:80], "is a column that is not a field of these records", near
                    )
                    self.faults.extend([fault])
            for batch in reader:
                for start in range(0, batch.num_rows, STEP):
                    yield from batch.slice(start, STEP).select(wanted).to_pylist()
        except (pa.ArrowException, OSError) as error:
            raise told(error, f"the stream of {name}") from error


def _check_source(given: object) -> None:
    if not isinstance(given, Mapping):
        message = (
            f"source must be a dataset, or a mapping with a table or stream for each collection, such as "
            f"{{'initiatives': …}}, not {type(given).__name__}"
        )
        raise TypeError(message)
    for name, one in given.items():
        if name not in (*LOCATED, *BODIES, *_BESIDE):
            raise UnknownNameError(name, "collection", nearest(str(name)[:200], RECORD_CLASSES) or LOCATED)
        is_stream = hasattr(one, "__arrow_c_stream__")
        if not is_stream and (not isinstance(one, Iterable) or isinstance(one, str | bytes | Mapping)):
            message = (
                f"{name} must be a table or stream of Arrow, or mappings, not {type(one).__name__}; "
                "collect a lazy frame first, or give toArrow() of one of Spark"
            )
            raise TypeError(message)


def _placed(fault: Fault, place: int) -> Fault:
    """Return a fault whose record, if it has no id, is told by its place among all."""
    found = re.fullmatch(r"\[(\d+)\]", fault.record)
    if found is None or not place:
        return fault
    return Fault(fault.file, f"[{int(found[1]) + place}]", fault.field, fault.message, fault.nearest)


def _filled(kind: type[Any], row: Any) -> Any:
    """Return a record with what it may leave out, which columns of frames have as nulls."""
    from attrs import fields  # noqa: PLC0415 - comes with the classes

    if not isinstance(row, dict):
        return row
    for attribute in fields(kind):
        if row.get(attribute.name) is None:
            if is_tuple(attribute.type):
                row[attribute.name] = []
            elif is_optional(attribute.type) or attribute.metadata.get("optional"):
                row[attribute.name] = None
    return row


def import_pyarrow() -> Any:
    """
    Return pyarrow.

    Raises:
        MissingExtraError: If it is not installed.
    """
    try:
        import pyarrow as pa  # noqa: PLC0415 - an extra
    except ImportError:
        raise MissingExtraError("pyarrow", "frames") from None
    return pa
