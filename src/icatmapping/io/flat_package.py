"""
The files of a data package as CSV or Parquet, for programs that read tables and no lists of objects.

In CSV, several values of a field stand in one cell, joined by ``|``; a ``|`` or a backslash that is part of a value has
a backslash before it. An identifier is written ``type:value``. In Parquet, lists are lists.
"""

from __future__ import annotations

import hashlib
import io
import json
from typing import TYPE_CHECKING, Any

from attrs import fields

from icatmapping.data import bundled
from icatmapping.datapackage.descriptor import FIXED_FIELDS, build_descriptor
from icatmapping.datapackage.writing import written
from icatmapping.errors import MissingExtraError, UnknownNameError
from icatmapping.model.records import RECORD_CLASSES
from icatmapping.model.schema import DESCRIPTOR, FIXED_TABLES
from icatmapping.utils.annotations import is_tuple
from icatmapping.utils.files import csv_bytes
from icatmapping.utils.frames import arrow_table
from icatmapping.utils.text import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from icatmapping.datapackage.package import Package

__all__ = ["FORMATS", "check_format", "flat_files"]

_MEDIA_TYPES = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}
FORMATS = ("json", *_MEDIA_TYPES)
"""The formats in which a package can be written."""


def check_format(name: str) -> str:
    """
    Return the name of a format.

    Raises:
        UnknownNameError: If there is no such format.
    """
    if name not in FORMATS:
        raise UnknownNameError(name, "format of a package", nearest(str(name)[:200], FORMATS), valid=FORMATS)
    return name


def flat_files(
    package: Package, contents: Mapping[str, bytes], about: Mapping[str, Any], form: str
) -> dict[str, bytes]:
    """
    Return the files of a package in another format, with a descriptor to match.

    Args:
        package: The package.
        contents: Its files in JSON, by name.
        about: What the descriptor says of the package as a whole.
        form: The format: ``"csv"`` or ``"parquet"``.

    Raises:
        MissingExtraError: If pyarrow is needed and not installed.
    """
    described = build_descriptor(contents, about)
    write: Callable[[Mapping[str, Any], list[dict[str, Any]]], bytes] = _csv if form == "csv" else _parquet
    files: dict[str, bytes] = {}
    for resource in described["resources"]:
        name = resource["path"].removesuffix(".json") if isinstance(resource.get("path"), str) else None
        if f"{name}.json" not in contents:
            continue
        if name in FIXED_TABLES:
            records: list[dict[str, Any]] = json.loads(bundled(f"{name}.json"))
        else:
            records = [record.to_dict() for record in getattr(package, str(name))]
        content = write(_types(str(name)), records)
        files[f"{name}.{form}"] = content
        resource |= {
            "path": f"{name}.{form}",
            "format": form,
            "mediatype": _MEDIA_TYPES[form],
            "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        }
        resource["schema"] = _flat_schema(resource["schema"], form)
        if form == "parquet":
            del resource["encoding"]
    return {DESCRIPTOR: written(described), **files}


def _types(name: str) -> dict[str, Any]:
    """Return the type of every field of a file, as annotations write it."""
    if name in FIXED_TABLES:
        return {field["name"]: tuple[str, ...] if field["type"] == "array" else str for field in FIXED_FIELDS[name]}
    return {attribute.name: attribute.type for attribute in fields(RECORD_CLASSES[name])}


def _csv(types: Mapping[str, Any], records: Iterable[dict[str, Any]]) -> bytes:
    rows = ([_cell(record.get(name), several=is_tuple(kind)) for name, kind in types.items()] for record in records)
    return csv_bytes([list(types), *rows])


def _cell(value: Any, *, several: bool) -> Any:
    if not several:
        return "" if value is None else value
    return "|".join(_item(item) for item in value or ())


def _item(value: Any) -> str:
    text = f"{value['type']}:{value['value']}" if isinstance(value, dict) else str(value)
    return text.replace("\\", "\\\\").replace("|", "\\|")


_JOINED = 'Several values, joined by "|"; a "|" or a backslash in a value has a backslash before it.'
_JOINED_OBJECTS = f"{_JOINED} A value is a type and an identifier of that type, joined by a colon."


_STATED = "Parquet states the type itself; programs that make other types of it would find fault with one stated here."


def _flat_schema(schema: Mapping[str, Any], form: str) -> dict[str, Any]:
    """Return the schema of a table whose lists are text, or are lists that other programs call otherwise."""
    flat: list[dict[str, Any]] = []
    for field in schema["fields"]:
        name, is_required = field["name"], field.get("constraints", {}).get("required", False)
        if form == "parquet" and (field["type"] == "array" or (field["type"] == "integer" and not is_required)):
            flat.append({"name": name, "type": "any", "description": _STATED})
        elif field["type"] == "array":
            is_object = field.get("arrayItem", {}).get("type") == "object"
            text = {"name": name, "type": "string", "description": _JOINED_OBJECTS if is_object else _JOINED}
            flat.append(text | ({"constraints": {"required": True}} if name == "sources" else {}))
        else:
            flat.append(field)
    return {**schema, "fields": flat}


def _parquet(types: Mapping[str, Any], records: Iterable[dict[str, Any]]) -> bytes:
    try:
        from pyarrow import parquet  # noqa: PLC0415 - optional
    except ImportError:
        raise MissingExtraError("pyarrow", "arrow") from None
    stream = io.BytesIO()
    parquet.write_table(arrow_table(types, records), stream, compression="zstd")
    return stream.getvalue()
