"""
Data packages on disk: the canonical form of the files, and the Data Package descriptor that goes with them.

Knows nothing of display.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args, get_origin

from attrs import fields

from icatmapping._data import bundled
from icatmapping.errors import DatasetError, Fault
from icatmapping.loading import DESCRIPTOR, FILES, read_files
from icatmapping.records import RECORD_KINDS, Finding, Format, Host
from icatmapping.vocabulary import Term

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["canonical", "describe", "differences", "fix", "replace_file"]

_KINDS: Mapping[str, type] = {**RECORD_KINDS, "findings": Finding, "hosts": Host}
_KEYS: Mapping[str, list[str]] = {"hosts": ["host"], "countries": ["alpha3"], "vocabulary": ["vocabulary", "value"]}
_TITLES: Mapping[str, str] = {
    "entities": "Members of ICAT",
    "organizations": "Everyone else that takes part",
    "initiatives": "Programmes, projects, operations and campaigns",
    "partnerships": "Multi-stakeholder bodies",
    "resources": "Publications",
    "findings": "What ICAT published in 2021 about its own mapping",
    "hosts": "Hosts of web pages, and how their pages count as evidence",
    "countries": "Countries (ISO 3166-1, and Kosovo) with their M49 sub-regions and regions",
    "vocabulary": "Terms with their labels and definitions",
}
_FOREIGN: Mapping[tuple[str, str], tuple[str, str]] = {
    ("entities", "headquarters"): ("countries", "alpha3"),
    ("organizations", "country"): ("countries", "alpha3"),
    ("organizations", "body_of"): ("partnerships", "id"),
    ("partnerships", "initiative"): ("initiatives", "id"),
}
_RULED_FIELDS: Mapping[str, list[dict[str, Any]]] = {
    "countries": [
        {"name": "alpha3", "type": "string", "constraints": {"required": True, "pattern": "[A-Z]{3}"}},
        {"name": "alpha2", "type": "string", "constraints": {"required": True, "pattern": "[A-Z]{2}"}},
        {"name": "m49", "type": "string", "constraints": {"pattern": "[0-9]{3}"}},
        {"name": "name", "type": "string", "constraints": {"required": True}},
        {"name": "aliases", "type": "array", "constraints": {"required": True}},
        {"name": "subregion", "type": "string"},
        {"name": "region", "type": "string"},
    ],
    "vocabulary": [
        {"name": "vocabulary", "type": "string", "constraints": {"required": True}},
        {"name": "value", "type": "string", "constraints": {"required": True}},
        {"name": "label", "type": "string", "constraints": {"required": True}},
        {"name": "definition", "type": "string", "constraints": {"required": True}},
        {"name": "themes", "type": "array", "constraints": {"required": True}},
    ],
}


def canonical(records: list[dict[str, Any]], name: str) -> bytes:
    """
    Write the records of a file in canonical form.

    That is: sorted by key, fields in their order, UTF-8, two-space indent, one trailing newline.
    """
    keys = _KEYS.get(name, ["id"])
    order = {field: place for place, field in enumerate(_field_names(name))}
    ordered = [
        dict(sorted(record.items(), key=lambda item: order.get(item[0], len(order))))
        for record in sorted(records, key=lambda record: [str(record.get(key)) for key in keys])
    ]
    return _written(ordered)


def _written(content: Any) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def _field_names(name: str) -> list[str]:
    if name in _RULED_FIELDS:
        return [field["name"] for field in _RULED_FIELDS[name]]
    return [attribute.name for attribute in fields(_KINDS[name])]


def describe(contents: Mapping[str, bytes], about: Mapping[str, Any]) -> dict[str, Any]:
    """
    Describe the files of a package: one resource per file, with its Table Schema, hash and size.

    Args:
        contents: The files by name.
        about: The descriptor so far; what it says of the package as a whole is kept.
    """
    kept = {name: value for name, value in about.items() if name not in ("$schema", "resources")}
    resources = [_resource(name.removesuffix(".json"), contents[name]) for name in FILES if name in contents]
    return {"$schema": "https://datapackage.org/profiles/2.0/datapackage.json", **kept, "resources": resources}


def _resource(name: str, content: bytes) -> dict[str, Any]:
    return {
        "name": name,
        "title": _TITLES[name],
        "path": f"{name}.json",
        "format": "json",
        "mediatype": "application/json",
        "encoding": "utf-8",
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "bytes": len(content),
        "schema": _schema(name),
    }


def _schema(name: str) -> dict[str, Any]:
    described = _RULED_FIELDS.get(name) or [
        _field(attribute.name, attribute.type) for attribute in fields(_KINDS[name])
    ]
    keys = _KEYS.get(name, ["id"])
    schema: dict[str, Any] = {"fields": described, "primaryKey": keys if len(keys) > 1 else keys[0]}
    foreign = [
        {"fields": [field], "reference": {"resource": resource, "fields": [key]}}
        for (table, field), (resource, key) in _FOREIGN.items()
        if table == name
    ]
    return {**schema, "foreignKeys": foreign} if foreign else schema


def _field(name: str, kind: Any) -> dict[str, Any]:
    required = type(None) not in get_args(kind)
    inner = kind if required else next(part for part in get_args(kind) if part is not type(None))
    constraints: dict[str, Any] = {"required": True} if required else {}
    if get_origin(inner) is tuple:
        # Table Schema would say this as a `jsonSchema` constraint, which frictionless does not know.
        rule = _rule(get_args(inner)[0])
        item: dict[str, Any] = {"type": "string", "constraints": rule} if rule else {"type": "string"}
        constraints |= {"minLength": 1} if name == "sources" else {}
        return {"name": name, "type": "array", "arrayItem": item, "constraints": constraints}
    if get_origin(inner) is Annotated and get_args(inner)[0] is int:
        return {"name": name, "type": "integer", "constraints": {**constraints, "minimum": 1900, "maximum": 2099}}
    described = {"name": name, "type": "string"}
    constraints |= _rule(inner)
    return {**described, "constraints": constraints} if constraints else described


def _rule(kind: Any) -> dict[str, Any]:
    if isinstance(kind, type) and issubclass(kind, Term):
        return {"enum": [str(term) for term in kind]}
    form = get_args(kind)[1]
    return {} if form in (Format.TEXT, Format.ADDRESS) else {"pattern": f"^{form.pattern}$"}


def differences(path: str | os.PathLike[str] | None = None) -> list[Fault]:
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
        if stated[name].get("hash") != digest or stated[name].get("bytes") != len(contents[name]):
            faults.append(Fault(DESCRIPTOR, name, "hash", "does not match the file; validate --fix writes it anew"))
    return faults


def _contents(path: str | os.PathLike[str] | None, faults: list[Fault]) -> dict[str, bytes]:
    return {name: bundled(name) for name in (DESCRIPTOR, *FILES)} if path is None else read_files(path, faults)


def fix(folder: str | os.PathLike[str]) -> list[str]:
    """
    Rewrite the files of a package in canonical form, and its descriptor to match; give the names of those that changed.

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
        wanted[DESCRIPTOR] = _written(describe(wanted, about))
    except (ValueError, AttributeError, TypeError, RecursionError) as error:
        faults.append(Fault(DESCRIPTOR, "", "", f"is no JSON object: {error}"))
    broken = [fault for fault in faults if fault.message != "is missing"]
    if broken:
        raise DatasetError(broken)
    changed = [name for name, content in wanted.items() if contents.get(name) != content]
    for name in changed:
        replace_file(Path(folder) / name, wanted[name])
    return changed


def replace_file(path: Path, content: bytes) -> None:
    """Write a file whole, or leave what was there as it was."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        if path.exists():
            Path(temporary).chmod(path.stat().st_mode & 0o777)
        else:
            mask = os.umask(0)
            os.umask(mask)
            Path(temporary).chmod(0o666 & ~mask)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
