"""
The canonical form of the files of a package, and bringing files into it.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import fields

from icatmapping.data import bundled, bundled_folder
from icatmapping.datapackage.descriptor import FIXED_FIELDS, build_descriptor
from icatmapping.datapackage.package import parse_files, read_files
from icatmapping.datapackage.reading import to_printable
from icatmapping.datapackage.validation import RENAMED
from icatmapping.errors import DatasetError, Fault
from icatmapping.model.fields import is_statement
from icatmapping.model.records import RECORD_CLASSES
from icatmapping.model.schema import COLLECTIONS, DESCRIPTOR, FILES, RECORD_FILES
from icatmapping.utils.files import atomic_folder, write_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["bundled_files", "canonical", "canonicalize", "check_canonical", "written"]


def canonical(records: list[dict[str, Any]], name: str) -> bytes:
    """
    Write the records of a file in canonical form.

    That is: sorted by key, fields in their order, UTF-8, two-space indent, one trailing newline.
    """
    keys = COLLECTIONS[name].key
    order = {field: place for place, field in enumerate(_field_names(name))}
    ordered = [
        dict(sorted(record.items(), key=lambda item: order.get(item[0], len(order))))
        for record in sorted(records, key=lambda record: [str(record.get(key)) for key in keys])
    ]
    return written(ordered)


def written(content: Any) -> bytes:
    """Return content as the JSON of canonical form: UTF-8, two-space indent, one trailing newline."""
    # Half a character stays the escape that it was.
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "backslashreplace")


def _field_names(name: str) -> list[str]:
    if name in FIXED_FIELDS:
        return [field["name"] for field in FIXED_FIELDS[name]]
    return [attribute.name for attribute in fields(RECORD_CLASSES[name])]


def check_canonical(path: str | os.PathLike[str] | None = None) -> list[Fault]:
    """
    Compare the files of a package with their canonical form, and with the sizes and hashes in its descriptor.

    Args:
        path: A folder or a ``.zip``; by default the bundled package, all of whose sources must be public pages.
    """
    faults: list[Fault] = []
    contents = bundled_files() if path is None else read_files(path, faults)
    raw = parse_files(contents, faults)
    if faults:
        return faults
    stated = {
        resource["path"]: resource
        for resource in raw[DESCRIPTOR]["resources"]
        if isinstance(resource, dict) and isinstance(resource.get("path"), str)
    }
    for name in FILES:
        if name not in contents:
            continue  # packages from before there was such a file
        wanted = canonical(raw[name], name.removesuffix(".json"))
        if contents[name] != wanted:
            faults.append(Fault(name, "", "", "is not in canonical form; validate --fix writes it so"))
        digest = f"sha256:{hashlib.sha256(contents[name]).hexdigest()}"
        resource = stated.get(name, {})
        if resource.get("hash") != digest or resource.get("bytes") not in (None, len(contents[name])):
            faults.append(Fault(DESCRIPTOR, name, "hash", "does not match the file; validate --fix writes it anew"))
    if path is None or os.path.realpath(path) == os.path.realpath(bundled_folder):
        faults += _unpublished(contents)
    return faults


def bundled_files() -> dict[str, bytes]:
    """Return the files of the bundled package by name, wherever the library is installed."""
    return {name: bundled(name) for name in (DESCRIPTOR, *FILES)}


def _canonical_files(raw: Mapping[str, Any]) -> dict[str, bytes]:
    """Return the files of a package in canonical form, with a descriptor to match."""
    faults: list[Fault] = []
    wanted: dict[str, bytes] = {}
    unfit = (ValueError, AttributeError, TypeError, RecursionError)
    for name in FILES:
        if name in raw:
            try:
                wanted[name] = canonical(raw[name], name.removesuffix(".json"))
            except unfit as error:
                faults.append(Fault(name, "", "", f"must be a JSON list of records: {to_printable(str(error))}"))
    try:
        wanted[DESCRIPTOR] = written(build_descriptor(wanted, raw[DESCRIPTOR]))
    except unfit as error:
        faults.append(Fault(DESCRIPTOR, "", "", f"must be a JSON object: {to_printable(str(error))}"))
    if faults:
        raise DatasetError(faults)
    return wanted


def _unpublished(contents: Mapping[str, bytes]) -> Iterator[Fault]:
    """Refuse, in the bundled package, sources that nobody else can read."""
    for name in RECORD_FILES:
        for record in json.loads(contents[f"{name}.json"]):
            for place, source in enumerate(record.get("sources", ())):
                if is_statement(source):
                    message = f"{source[:100]!r} is no public page, as every source of the bundled package must be"
                    yield Fault(f"{name}.json", str(record.get("id")), f"sources[{place}]", message)


def _rename_fields(raw: Mapping[str, Any]) -> None:
    """Give fields of before the names that they have now, and years the form; what is neither stays, and is a fault."""
    for (collection, before), now in RENAMED.items():
        records = raw.get(f"{collection}.json")
        for record in records if isinstance(records, list) else ():
            if not isinstance(record, dict) or before not in record or now in record:
                continue
            value = record[before]
            if value is None or type(value) in (int, str):
                record[now] = None if value is None else str(value)
                del record[before]


def canonicalize(folder: str | os.PathLike[str]) -> list[str]:
    """
    Rewrite the files of a package in canonical form, and its descriptor to match; return the names of what changed.

    Only the form changes, and no value is lost: what could not be written again as it is, is a fault. Fields that were
    called otherwise before version 0.3 get the names that they have now.

    Raises:
        DatasetError: If a file is missing or no JSON list of records; nothing is written then.
        OSError: If it is not a folder that can be written to; nothing is written then either.
    """
    if not Path(folder).is_dir() and Path(folder).exists():
        message = f"{folder} is not a folder; validate --fix rewrites the files of a folder"
        raise NotADirectoryError(message)
    faults: list[Fault] = []
    contents = read_files(folder, faults)
    before = dict(contents)
    faults = [fault for fault in faults if (fault.file, fault.message) != (DESCRIPTOR, "is missing")]
    if not faults and DESCRIPTOR not in contents:
        contents[DESCRIPTOR] = bundled(DESCRIPTOR)
    raw = parse_files(contents, faults)
    if faults:
        raise DatasetError(faults)
    _rename_fields(raw)
    wanted = _canonical_files(raw)
    changed = [name for name, content in wanted.items() if before.get(name) != content]
    if changed:
        with atomic_folder(Path(folder)) as temporary:
            for name, content in wanted.items():
                write_file(temporary / name, content)
    return changed
