"""
Laying records of one's own over a package: read from files or given as they are, checked together with what is there.

Knows nothing of queries.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from os import PathLike
from typing import Any, TypeAlias

from attrs import fields

from icatmapping.datapackage.faults import FaultLog
from icatmapping.datapackage.fixed_tables import check_fixed_tables
from icatmapping.datapackage.package import Package, parse_files
from icatmapping.datapackage.reading import read
from icatmapping.datapackage.references import CheckedRecords, reference_faults
from icatmapping.datapackage.twins import twin_faults
from icatmapping.datapackage.validation import record_label, structure_records
from icatmapping.errors import DatasetError, UnknownNameError
from icatmapping.model.records import RECORD_CLASSES, Record
from icatmapping.model.schema import BODIES, COLLECTIONS, DESCRIPTOR, FILES, FIXED_TABLES, QUERIED
from icatmapping.utils.annotations import is_optional, is_tuple
from icatmapping.utils.frames import MISSING, as_plain, is_frame, rows_of
from icatmapping.utils.text import nearest

__all__ = ["Overlay", "merge"]

Overlay: TypeAlias = "str | PathLike[str] | Mapping[str, Iterable[Mapping[str, Any] | Record] | Any] | Iterable[Record]"
"""Records from elsewhere: a path; records or data frames by collection; or records."""


def merge(base: Package, given: Overlay) -> Package:
    """
    Lay records over a package: those with an id that it has replace its own, the others are added.

    Only what is laid over is checked; what it is laid over is known to be sound.

    Args:
        base: The package, which must have been checked.
        given: A folder, a ``.zip`` or a single file with some of the files of a package; or records or data frames by
            collection; or records.

    Raises:
        DatasetError: If the two together break a rule; with every fault.
        UnknownNameError: If there is no such collection.
        TypeError: If what is given is none of these.

    Warns:
        DatasetWarning: If a body that is laid over has a name of another that is there.
    """
    faults = FaultLog()
    raw = _raw(given, faults)
    for name in FIXED_TABLES:
        if name in raw:
            faults.extend(check_fixed_tables(name, raw.pop(name)))
    collections: dict[str, tuple[Any, ...]] = {}
    laid = {name: _fill_defaults(kind, raw.get(name, [])) for name, kind in RECORD_CLASSES.items()}
    fresh: dict[str, Any] = {}
    for name, kind in RECORD_CLASSES.items():
        found = structure_records(kind, laid[name], faults)
        collections[name] = _laid_over(getattr(base, name), found, COLLECTIONS[name].key[0])
        if name in BODIES:
            fresh |= {record.id: record for record in found}
    files = {f"{name}.json": items for name, items in laid.items()}
    faults.extend(reference_faults(files, faults.nearest, _checked_records(base, laid)))
    if fresh and not faults:
        faults.extend(twin_faults(fresh, {record.id: record for name in BODIES for record in getattr(base, name)}))
    if faults:
        raise DatasetError(faults)
    version = None if base.version is None else f"{base.version.partition('+')[0]}+extended"
    return Package(**collections, version=version, about=base.about)


def _laid_over(own: tuple[Any, ...], fresh: tuple[Any, ...], key: str) -> tuple[Any, ...]:
    if not fresh:
        return own
    key_of = attrgetter(key)
    return tuple(sorted({key_of(record): record for record in (*own, *fresh)}.values(), key=key_of))


def _checked_records(base: Package, laid: Mapping[str, Any]) -> CheckedRecords:
    """Return what references need to know of the records that are not replaced."""
    ids: dict[str, frozenset[str]] = {}
    former: list[tuple[str, str, str, str]] = []
    parents: dict[str, str] = {}
    for name in QUERIED:
        records: tuple[Any, ...] = getattr(base, name)
        ids[name] = frozenset(record.id for record in records)
        items = laid[name] if isinstance(laid[name], list) else []
        replaced = {record_label(item, "id", place) for place, item in enumerate(items)}
        former += [
            (name, record.id, f"former_ids[{place}]", one)
            for record in records
            if record.former_ids and record.id not in replaced
            for place, one in enumerate(record.former_ids)
        ]
        if name == "organizations":
            parents = {one.id: one.part_of for one in records if one.part_of is not None and one.id not in replaced}
    ids["groupings"] = frozenset(record.id for record in base.groupings)
    return CheckedRecords(ids, former, parents)


def _raw(given: Overlay, faults: FaultLog) -> dict[str, Any]:
    """Return the records by collection in the form in which JSON has them, from wherever they come."""
    if isinstance(given, str | bytes | PathLike):
        parsed = parse_files(read(given, (DESCRIPTOR, *FILES), faults, some=True), faults)
        return {name.removesuffix(".json"): content for name, content in parsed.items() if name != DESCRIPTOR}
    raw: dict[str, Any] = {}
    if isinstance(given, Mapping):
        for name, records in given.items():
            if name not in RECORD_CLASSES:
                raise UnknownNameError(name, "collection", nearest(str(name)[:200], RECORD_CLASSES) or RECORD_CLASSES)
            if records is None or isinstance(records, str | bytes):
                message = f"{name} must be records or a data frame, not {'None' if records is None else 'text'}"
                raise TypeError(message)
            raw[str(name)] = [_as_json(record) for record in rows_of(records)]
        return raw
    if not isinstance(given, Sequence) and is_frame(given):
        message = f"a data frame must be given with its collection: {{'organizations': {type(given).__name__}(…)}}"
        raise TypeError(message)
    if not isinstance(given, Iterable):
        message = f"records, records by collection, or a path are wanted, not {given!r}"
        raise TypeError(message)
    for record in given:
        if type(record) not in RECORD_CLASSES.values():
            message = f"records, records by collection, or a path are wanted, not {type(record).__name__}"
            raise TypeError(message)
        raw.setdefault(record.collection, []).append(_as_json(record))
    return raw


MAX_DEPTH = 5
"""How deep records are looked into: an identifier is an object in a list in a record. What lies deeper is no value."""


def _as_json(value: Any, depth: int = 0) -> Any:
    if isinstance(value, Mapping) and depth < MAX_DEPTH:
        items = ((key, as_plain(item)) for key, item in value.items())
        # What a data frame has no value for is left out; null, which only JSON knows, stays.
        return {str(key): _as_json(item, depth + 1) for key, item in items if item is not MISSING}
    if isinstance(value, list | tuple) and depth < MAX_DEPTH:
        return [None if item is MISSING else _as_json(item, depth + 1) for item in map(as_plain, value)]
    to_dict = getattr(value, "to_dict", None)
    if to_dict is not None:
        return to_dict()
    return str(value) if isinstance(value, str) else value


def _fill_defaults(kind: type[Any], raw: Any) -> Any:
    """Fill in what a record that is laid over others may leave out: unknown is null, or an empty list."""
    if not isinstance(raw, list):
        return raw
    blanks: dict[str, Any] = {}
    for attribute in fields(kind):
        if is_tuple(attribute.type) or is_optional(attribute.type):
            blanks[attribute.name] = [] if is_tuple(attribute.type) else None
    return [{**blanks, **item} if isinstance(item, dict) else item for item in raw]
