"""
Data packages on disk: the canonical form of the files, and the Data Package descriptor that goes with them.

Knows nothing of display.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args, get_origin

from attrs import fields

from icatmapping.data import bundled
from icatmapping.datapackage.package import DESCRIPTOR, FILES, read_files, read_package
from icatmapping.dataset import load
from icatmapping.errors import DatasetError, Fault
from icatmapping.model.records import RECORD_KINDS, Finding, Format, Host, Identifier
from icatmapping.model.vocabulary import Term
from icatmapping.utils.files import replace_file, replacing_file, replacing_folder, write_file

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from icatmapping.datapackage.package import Package
    from icatmapping.dataset import Dataset

__all__ = ["canonical", "describe", "differences", "fix", "write_package"]

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


_ABOUT: Mapping[str, Any] = {
    "name": "icatmapping",
    "title": "Who does what against trafficking in persons, where, when and with whom",
}


def write_package(ds: Dataset, path: str | os.PathLike[str], *, about: Mapping[str, Any] | None = None) -> None:
    """
    Write a dataset as a data package that `load` reads back equal.

    It is checked before anything is replaced, and written whole or not at all: a new folder is filled beside the old
    one and takes its name. The same dataset gives the same bytes.

    Args:
        ds: The dataset.
        path: A folder, or a ``.zip``. A package that is there is replaced; other files beside it stay.
        about: What the descriptor says of the package as a whole (``name``, ``title``, ``licenses``, ``contributors``
            …). By default that of the bundled package, if the dataset is the bundled one, or else a name and a title.
            The version is always that of the dataset.

    Raises:
        DatasetError: If the dataset breaks a rule, so that it could not be loaded; with every fault.
        OSError: If the path is a folder that holds something else than a package, or cannot be written to.

    Examples:
        >>> import tempfile
        >>> from pathlib import Path
        >>> import icatmapping as im
        >>> ds = im.load()
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     write_package(ds, Path(folder) / "mapping.zip")
        ...     im.load(Path(folder) / "mapping.zip") == ds
        True
    """
    target = Path(path)
    contents = _files_of(ds, about)
    if target.suffix.lower() == ".zip":
        with replacing_file(target) as temporary:
            write_file(temporary, _zipped(contents))
            read_package(temporary)
    else:
        _check_folder(target)
        with replacing_folder(target, left_out=contents) as temporary:
            for name, content in contents.items():
                write_file(temporary / name, content)
            read_package(temporary)


def _files_of(ds: Dataset, about: Mapping[str, Any] | None) -> dict[str, bytes]:
    package = ds.to_package()
    contents = {file: _content(file.removesuffix(".json"), package) for file in FILES}
    whole = dict(_about(ds) if about is None else about) | {"version": ds.version}
    described = describe(contents, {name: value for name, value in whole.items() if value is not None})
    return {DESCRIPTOR: _written(described), **contents}


def _about(ds: Dataset) -> Mapping[str, Any]:
    if ds != load():
        return _ABOUT
    found: dict[str, Any] = json.loads(bundled(DESCRIPTOR))
    return found


def _content(name: str, package: Package) -> bytes:
    if name not in _KINDS:
        return bundled(f"{name}.json")
    return canonical([record.to_dict() for record in getattr(package, name)], name)


def _zipped(contents: Mapping[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, content in contents.items():
            # Neither the time nor the system of writing may show in the bytes.
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED, compresslevel=9)
    return written.getvalue()


def _check_folder(path: Path) -> None:
    """Refuse to replace what is no package."""
    if path.exists() and not path.is_dir():
        message = f"{path} is a file; a package is a folder, or a file whose name ends in .zip"
        raise FileExistsError(message)
    if path.is_dir() and any(path.iterdir()) and not all((path / name).is_file() for name in (DESCRIPTOR, *FILES)):
        message = f"{path} holds something else than a data package of a mapping, and is left as it is"
        raise FileExistsError(message)


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
        _field(attribute.name, attribute.type, optional=attribute.metadata.get("optional", False))
        for attribute in fields(_KINDS[name])
    ]
    keys = _KEYS.get(name, ["id"])
    schema: dict[str, Any] = {"fields": described, "primaryKey": keys if len(keys) > 1 else keys[0]}
    foreign = [
        {"fields": [field], "reference": {"resource": resource, "fields": [key]}}
        for (table, field), (resource, key) in _FOREIGN.items()
        if table == name
    ]
    return {**schema, "foreignKeys": foreign} if foreign else schema


def _field(name: str, kind: Any, *, optional: bool) -> dict[str, Any]:
    required = type(None) not in get_args(kind) and not optional
    inner = next(part for part in get_args(kind) if part is not type(None)) if type(None) in get_args(kind) else kind
    constraints: dict[str, Any] = {"required": True} if required else {}
    if get_origin(inner) is tuple:
        # Table Schema would say this as a `jsonSchema` constraint, which frictionless does not know.
        item = _item(get_args(inner)[0])
        constraints |= {"minLength": 1} if name == "sources" else {}
        return {"name": name, "type": "array", "arrayItem": item, "constraints": constraints}
    if get_origin(inner) is Annotated and get_args(inner)[0] is int:
        return {"name": name, "type": "integer", "constraints": {**constraints, "minimum": 1900, "maximum": 2099}}
    described = {"name": name, "type": "string"}
    constraints |= _rule(inner)
    return {**described, "constraints": constraints} if constraints else described


def _item(kind: Any) -> dict[str, Any]:
    if kind is Identifier:
        return {"type": "object"}
    rule = _rule(kind)
    return {"type": "string", "constraints": rule} if rule else {"type": "string"}


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
