"""
Laying records of one's own over a package: read from files or given as they are, checked together with what is there.

Knows nothing of queries.
"""

from __future__ import annotations

from collections.abc import Mapping
from operator import attrgetter
from os import PathLike
from typing import TYPE_CHECKING, Any, TypeAlias

from attrs import fields

from icatmapping.datapackage.faults import FaultLog
from icatmapping.datapackage.fixed_tables import check_fixed_tables
from icatmapping.datapackage.package import Package, parse_file
from icatmapping.datapackage.reading import read
from icatmapping.datapackage.references import reference_faults
from icatmapping.datapackage.validation import record_label, structure_records
from icatmapping.errors import DatasetError, UnknownNameError
from icatmapping.model.records import RECORD_CLASSES, Record
from icatmapping.model.schema import COLLECTIONS, DESCRIPTOR, FILES, FIXED_TABLES
from icatmapping.utils.annotations import is_optional, is_tuple
from icatmapping.utils.text import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Overlay", "merge"]

Overlay: TypeAlias = "str | PathLike[str] | Mapping[str, Iterable[Mapping[str, Any] | Record]] | Iterable[Record]"
"""Records from elsewhere: a path, records by collection, or records."""


def merge(base: Package, given: Overlay) -> Package:
    """
    Lay records over a package: those with an id that it has replace its own, the others are added.

    Args:
        base: The package, which must have been checked.
        given: A folder, a ``.zip`` or a single file with some of the files of a package; or records by collection; or
            records.

    Raises:
        DatasetError: If the two together break a rule; with every fault.
        UnknownNameError: If there is no such collection.
        TypeError: If what is given is none of these.
    """
    faults = FaultLog()
    raw = _raw(given, faults)
    for name in FIXED_TABLES:
        if name in raw:
            faults.note(check_fixed_tables(name, raw.pop(name)))
    collections: dict[str, tuple[Any, ...]] = {}
    together: dict[str, Any] = {}
    for name, kind in RECORD_CLASSES.items():
        key = COLLECTIONS[name].key[0]
        own = {attrgetter(key)(record): record for record in getattr(base, name)}
        laid = _fill_defaults(kind, raw.get(name, []))
        fresh = structure_records(kind, laid, faults)
        together[f"{name}.json"] = laid
        if isinstance(laid, list):
            # Those laid over come first, so that a record without an id is named by its position among them.
            replaced = {record_label(item, key, place) for place, item in enumerate(laid)}
            together[f"{name}.json"] = [*laid, *(own[one].to_dict() for one in own if one not in replaced)]
        merged = own | {attrgetter(key)(record): record for record in fresh}
        collections[name] = tuple(merged[one] for one in sorted(merged))
    faults.note(reference_faults(together, faults.near))
    if faults:
        raise DatasetError(faults)
    version = None if base.version is None else f"{base.version.partition('+')[0]}+extended"
    return Package(**collections, version=version)


def _raw(given: Overlay, faults: FaultLog) -> dict[str, Any]:
    """Return the records by collection in the form in which JSON has them, from wherever they come."""
    if isinstance(given, str | bytes | PathLike):
        parsed: dict[str, Any] = {}
        for name, data in read(given, (DESCRIPTOR, *FILES), faults, some=True).items():
            parse_file(name, data, parsed, faults)
        return {name.removesuffix(".json"): content for name, content in parsed.items() if name != DESCRIPTOR}
    raw: dict[str, Any] = {}
    if isinstance(given, Mapping):
        for name, records in given.items():
            if name not in RECORD_CLASSES:
                raise UnknownNameError(name, "collection", nearest(str(name)[:200], RECORD_CLASSES) or RECORD_CLASSES)
            raw[str(name)] = [_as_json(record) for record in records]
        return raw
    for record in given:
        if type(record) not in RECORD_CLASSES.values():
            message = f"records, records by collection, or a path are wanted, not {type(record).__name__}"
            raise TypeError(message)
        raw.setdefault(record.collection, []).append(_as_json(record))
    return raw


MAX_DEPTH = 5
"""How deep records are looked into: an identifier is an object in a list in a record. What lies deeper is no value."""


def _as_json(value: Any, depth: int = 0) -> Any:
    if hasattr(value, "to_dict"):
        return value.to_dict()
    if isinstance(value, Mapping) and depth < MAX_DEPTH:
        return {str(key): _as_json(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple) and depth < MAX_DEPTH:
        return [_as_json(item, depth + 1) for item in value]
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
