"""
From files to records: reading a data package, every file of it, with every fault named at once.

A package is checked in full before any of it is handed out. The bundled one is checked when the library is built, and
does not come through here. This module knows nothing of queries.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from icatmapping.data import bundled
from icatmapping.datapackage.faults import FaultLog
from icatmapping.datapackage.fixed_tables import check_fixed_tables
from icatmapping.datapackage.reading import read, to_printable
from icatmapping.datapackage.references import reference_faults
from icatmapping.datapackage.validation import first_duplicate, is_clean, structure_records, type_name
from icatmapping.errors import DatasetError, Fault
from icatmapping.model.fields import Format
from icatmapping.model.records import RECORD_CLASSES
from icatmapping.model.schema import DESCRIPTOR, FILES, FIXED_TABLES, OPTIONAL_FILES

if TYPE_CHECKING:
    import os
    from collections.abc import Collection, Iterator, Mapping

    from icatmapping.model.records import (
        Entity,
        Finding,
        Grouping,
        Host,
        Initiative,
        Organization,
        Partnership,
        Resource,
    )

__all__ = ["Package", "parse_files", "parse_package", "read_files", "read_package"]


MAX_VERSION = 100


@frozen
class Package:
    """
    The records of a data package, each collection sorted by id, and what its descriptor says of the whole.

    Attributes:
        version: The version that it states, or None.
        about: All that it says of itself (name, title, licences, contributors …), or None if it is not known.
    """

    entities: tuple[Entity, ...]
    organizations: tuple[Organization, ...]
    initiatives: tuple[Initiative, ...]
    partnerships: tuple[Partnership, ...]
    resources: tuple[Resource, ...]
    findings: tuple[Finding, ...]
    hosts: tuple[Host, ...]
    groupings: tuple[Grouping, ...] = ()
    version: str | None = None
    about: Mapping[str, Any] | None = field(default=None, eq=False)


def read_package(path: str | os.PathLike[str]) -> Package:
    """
    Read and check a data package: a folder, or a ``.zip`` of it.

    Raises:
        DatasetError: With every fault of the package, whatever is wrong with it.
    """
    faults = FaultLog()
    return parse_package(read_files(path, faults), faults)


def parse_package(contents: Mapping[str, bytes], faults: FaultLog | None = None) -> Package:
    """
    Make a package of its files, checked.

    Args:
        contents: The files by name.
        faults: What was wrong with reading them.

    Raises:
        DatasetError: With every fault of the package, whatever is wrong with it.
    """
    faults = FaultLog() if faults is None else faults
    raw = parse_files(contents, faults)
    # A file that could be read but not parsed is a fault already; only one that is not there is taken from the library.
    for name in OPTIONAL_FILES:
        if name not in contents:
            raw[name] = json.loads(bundled(name))
    collections: dict[str, tuple[Any, ...]] = {}
    if DESCRIPTOR in raw:
        faults.extend(_descriptor_faults(raw[DESCRIPTOR], contents))
    for name in FIXED_TABLES:
        if f"{name}.json" in raw:
            faults.extend(check_fixed_tables(name, raw[f"{name}.json"]))
    for name, kind in RECORD_CLASSES.items():
        if f"{name}.json" in raw:
            collections[name] = structure_records(kind, raw[f"{name}.json"], faults)
    faults.extend(reference_faults(raw, faults.nearest))
    if faults:
        raise DatasetError(faults)
    described = raw[DESCRIPTOR]
    about = {name: value for name, value in described.items() if name != "resources"}
    return Package(**collections, version=described.get("version"), about=about)


def read_files(path: str | os.PathLike[str], faults: list[Fault]) -> dict[str, bytes]:
    """Read the files of a package from a folder or a zip file; what cannot be read becomes a fault."""
    return read(path, (DESCRIPTOR, *FILES), faults, optional=OPTIONAL_FILES)


MAX_JSON_VALUES = 6_000_000
"""
How many values the files of a package may hold together, by the punctuation before them.

A list that is empty takes three bytes in a file and seventy in memory; all records that 64 MiB hold have fewer values.
"""


def parse_files(contents: Mapping[str, bytes], faults: list[Fault]) -> dict[str, Any]:
    """Parse the files of a package, strictly; what is not JSON, or too much of it, becomes a fault."""
    raw: dict[str, Any] = {}
    left = MAX_JSON_VALUES
    for name, data in contents.items():
        left -= sum(map(data.count, (b",", b"[", b"{")))
        if left < 0:
            message = f"holds too many values: all files together may have {MAX_JSON_VALUES:,}"
            faults.append(Fault(name, "", "", message))
            return raw
        _parse_file(name, data, raw, faults)
    return raw


def _parse_file(name: str, data: bytes, raw: dict[str, Any], faults: list[Fault]) -> None:
    try:
        text = data.decode("utf-8-sig")  # Windows likes to write a byte-order mark, which says nothing
        raw[name] = json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse, parse_float=_exact_float)
    except UnicodeDecodeError as error:
        faults.append(Fault(name, "", "", f"must be UTF-8: {error.reason} at byte {error.start}"))
    except RecursionError:
        faults.append(Fault(name, "", "", "is nested too deeply"))
    except ValueError as error:
        faults.append(Fault(name, "", "", f"must be valid JSON: {to_printable(str(error))}"))


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = first_duplicate(name for name, _ in pairs)
        message = f"the field {twice!r} is duplicated in the record {found.get('id')!r}"
        raise ValueError(message)
    return found


def _refuse(constant: str) -> Any:
    message = f"{constant} is not a JSON value"
    raise ValueError(message)


def _exact_float(text: str) -> float:
    """Return a number, if it is written again as what it was read from."""
    from decimal import Decimal  # noqa: PLC0415 - no field of a record is such a number

    found = float(text)
    if len(text) <= MAX_VERSION and math.isfinite(found) and Decimal(repr(found)) == Decimal(text):
        return found
    message = f"the number {text[:MAX_VERSION]} cannot be kept exactly"
    raise ValueError(message)


def _descriptor_faults(raw: Any, present: Collection[str]) -> Iterator[Fault]:
    resources = raw.get("resources") if isinstance(raw, dict) else None
    if not isinstance(resources, list):
        yield Fault(DESCRIPTOR, "", "resources", "must be a list of resources")
        return
    version = raw.get("version")
    if version is not None and not _is_version(version):
        yield Fault(DESCRIPTOR, "", "version", f"must be text of at most {MAX_VERSION} printable characters")
    for position, item in enumerate(resources):
        if not isinstance(item, dict):
            yield Fault(DESCRIPTOR, "", f"resources[{position}]", f"must be an object, not {type_name(item)}")
    paths = [item.get("path") if isinstance(item, dict) else None for item in resources]
    for name in FILES:
        if paths.count(name) != 1 and not (name in OPTIONAL_FILES and name not in paths and name not in present):
            yield Fault(DESCRIPTOR, "", "resources", f"must name {name!r} once")


def _is_version(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= MAX_VERSION and Format.TEXT.fits(value) and is_clean(value)
