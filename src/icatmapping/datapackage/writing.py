"""
The canonical form of the files of a package, and bringing files into it.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import fields

from icatmapping.data import bundled
from icatmapping.datapackage.descriptor import FIXED_FIELDS, build_descriptor
from icatmapping.datapackage.package import read_files
from icatmapping.errors import DatasetError, Fault
from icatmapping.model.records import RECORD_CLASSES
from icatmapping.model.schema import COLLECTIONS, DESCRIPTOR, FILES
from icatmapping.utils.files import write_atomically

if TYPE_CHECKING:
    import os

__all__ = ["canonical", "canonicalize", "check_canonical", "written"]


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
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def _field_names(name: str) -> list[str]:
    if name in FIXED_FIELDS:
        return [field["name"] for field in FIXED_FIELDS[name]]
    return [attribute.name for attribute in fields(RECORD_CLASSES[name])]


def check_canonical(path: str | os.PathLike[str] | None = None) -> list[Fault]:
    """
    Compare the files of a package with their canonical form, and with the sizes and hashes in its descriptor.

    Args:
        path: A folder or a ``.zip``; by default the bundled package.
    """
    faults: list[Fault] = []
    contents = _contents(path, faults)
    if faults:
        return faults
    stated = {resource.get("path"): resource for resource in json.loads(contents[DESCRIPTOR])["resources"]}
    for name in FILES:
        wanted = canonical(json.loads(contents[name]), name.removesuffix(".json"))
        if contents[name] != wanted:
            faults.append(Fault(name, "", "", "is not in canonical form; validate --fix writes it so"))
        digest = f"sha256:{hashlib.sha256(contents[name]).hexdigest()}"
        if stated[name].get("hash") != digest or stated[name].get("bytes", len(contents[name])) != len(contents[name]):
            faults.append(Fault(DESCRIPTOR, name, "hash", "does not match the file; validate --fix writes it anew"))
    return faults


def _contents(path: str | os.PathLike[str] | None, faults: list[Fault]) -> dict[str, bytes]:
    return {name: bundled(name) for name in (DESCRIPTOR, *FILES)} if path is None else read_files(path, faults)


def canonicalize(folder: str | os.PathLike[str]) -> list[str]:
    """
    Rewrite the files of a package in canonical form, its descriptor to match, and return the names of those that changed.

    Only the form changes. A file that holds no list of records is left as it is.

    Raises:
        DatasetError: If a file is missing or no JSON list of records; nothing is written then.
    """
    faults: list[Fault] = []
    contents = read_files(folder, faults)
    missing = [fault for fault in faults if fault.file != DESCRIPTOR]
    if missing:
        raise DatasetError(missing)
    wanted: dict[str, bytes] = {}
    for name in FILES:
        try:
            wanted[name] = canonical(json.loads(contents[name]), name.removesuffix(".json"))
        except (ValueError, AttributeError, TypeError, RecursionError) as error:
            faults.append(Fault(name, "", "", f"is no JSON list of records: {error}"))
    try:
        about = json.loads(contents.get(DESCRIPTOR) or bundled(DESCRIPTOR))
        wanted[DESCRIPTOR] = written(build_descriptor(wanted, about))
    except (ValueError, AttributeError, TypeError, RecursionError) as error:
        faults.append(Fault(DESCRIPTOR, "", "", f"is no JSON object: {error}"))
    broken = [fault for fault in faults if fault.message != "is missing"]
    if broken:
        raise DatasetError(broken)
    changed = [name for name, content in wanted.items() if contents.get(name) != content]
    for name in changed:
        write_atomically(Path(folder) / name, wanted[name])
    return changed
