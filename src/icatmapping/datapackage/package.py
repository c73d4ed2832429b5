"""
From files to records: reading a data package, every file of it, with every fault named at once.

A package is checked in full before any of it is handed out. The bundled one is checked when the library is built, and
does not come through here. This module knows nothing of queries.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from attrs import frozen

from icatmapping.data import bundled
from icatmapping.datapackage.faults import FaultLog
from icatmapping.datapackage.fixed_tables import check_fixed_tables
from icatmapping.datapackage.reading import read, to_printable
from icatmapping.datapackage.references import reference_faults
from icatmapping.datapackage.validation import first_duplicate, is_clean, structure_records
from icatmapping.errors import DatasetError, Fault
from icatmapping.model.fields import Format
from icatmapping.model.records import RECORD_CLASSES
from icatmapping.model.schema import DESCRIPTOR, FILES, FIXED_TABLES, OPTIONAL_FILES

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

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

__all__ = ["Package", "parse_file", "read_files", "read_package"]


MAX_VERSION = 100


@frozen
class Package:
    """The records of a data package, each collection sorted by id, and the version that its descriptor states."""

    entities: tuple[Entity, ...]
    organizations: tuple[Organization, ...]
    initiatives: tuple[Initiative, ...]
    partnerships: tuple[Partnership, ...]
    resources: tuple[Resource, ...]
    findings: tuple[Finding, ...]
    hosts: tuple[Host, ...]
    groupings: tuple[Grouping, ...]
    version: str | None = None


def read_package(path: str | os.PathLike[str]) -> Package:
    """
    Read and check a data package: a folder, or a ``.zip`` of it.

    Raises:
        DatasetError: With every fault of the package, whatever is wrong with it.
    """
    faults = FaultLog()
    contents = read_files(path, faults)
    raw: dict[str, Any] = {}
    present = set(contents)
    for name in list(contents):
        parse_file(name, contents.pop(name), raw, faults)
    # A file that could be read but not parsed is a fault already; only one that is not there is taken from the library.
    for name in OPTIONAL_FILES:
        if name not in present:
            raw[name] = json.loads(bundled(name))
    collections: dict[str, tuple[Any, ...]] = {}
    if DESCRIPTOR in raw:
        faults.note(_descriptor_faults(raw[DESCRIPTOR]))
    for name in FIXED_TABLES:
        if f"{name}.json" in raw:
            faults.note(check_fixed_tables(name, raw[f"{name}.json"]))
    for name, kind in RECORD_CLASSES.items():
        if f"{name}.json" in raw:
            collections[name] = structure_records(kind, raw[f"{name}.json"], faults)
    faults.note(reference_faults(raw, faults.near))
    if faults:
        raise DatasetError(faults)
    return Package(**collections, version=raw[DESCRIPTOR].get("version"))


def read_files(path: str | os.PathLike[str], faults: list[Fault]) -> dict[str, bytes]:
    """Read the files of a package from a folder or a zip file; what cannot be read becomes a fault."""
    return read(path, (DESCRIPTOR, *FILES), faults, optional=OPTIONAL_FILES)


def parse_file(name: str, data: bytes, raw: dict[str, Any], faults: list[Fault]) -> None:
    """Parse one file of a package, strictly; what is no JSON becomes a fault."""
    try:
        raw[name] = json.loads(data.decode("utf-8"), object_pairs_hook=_once, parse_constant=_refuse)
    except UnicodeDecodeError as error:
        faults.append(Fault(name, "", "", f"is not UTF-8: {error.reason} at byte {error.start}"))
    except RecursionError:
        faults.append(Fault(name, "", "", "is nested too deeply"))
    except ValueError as error:
        faults.append(Fault(name, "", "", f"is not valid JSON: {to_printable(str(error))}"))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = first_duplicate(name for name, _ in pairs)
        message = f"the field {twice!r} stands twice in the record {found.get('id')!r}"
        raise ValueError(message)
    return found


def _refuse(constant: str) -> Any:
    message = f"{constant} is no JSON value"
    raise ValueError(message)


def _descriptor_faults(raw: Any) -> Iterator[Fault]:
    resources = raw.get("resources") if isinstance(raw, dict) else None
    if not isinstance(resources, list):
        yield Fault(DESCRIPTOR, "", "resources", "must be a list of resources")
        return
    version = raw.get("version")
    if version is not None and not _is_version(version):
        yield Fault(DESCRIPTOR, "", "version", f"must be text of at most {MAX_VERSION} to_printable characters")
    paths = [item.get("path") if isinstance(item, dict) else None for item in resources]
    for name in FILES:
        if paths.count(name) != 1 and not (name in OPTIONAL_FILES and name not in paths):
            yield Fault(DESCRIPTOR, "", "resources", f"must name {name!r} once")


def _is_version(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= MAX_VERSION and Format.TEXT.fits(value) and is_clean(value)
