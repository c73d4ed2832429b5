"""
The Data Package descriptor of a package, with a Table Schema for every file.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Annotated, Any, get_args, get_origin

from attrs import fields

from icatmapping.model.fields import Alpha3, Format
from icatmapping.model.geography import by_alpha3
from icatmapping.model.records import RECORD_CLASSES, Identifier
from icatmapping.model.schema import COLLECTIONS, FILES
from icatmapping.model.vocabulary import Term

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FIXED_FIELDS", "build_descriptor"]


FIXED_FIELDS: Mapping[str, list[dict[str, Any]]] = {
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
        {"name": "aliases", "type": "array"},
    ],
}


def build_descriptor(contents: Mapping[str, bytes], about: Mapping[str, Any]) -> dict[str, Any]:
    """
    Describe the files of a package: one table per file, with its Table Schema and hash.

    Args:
        contents: The files by name.
        about: The descriptor so far. What it says of the package as a whole is kept, as are other resources, and what
            else it says of the files.
    """
    kept = {name: value for name, value in about.items() if name != "resources"}
    stated = about.get("resources", [])
    if not isinstance(stated, list):
        message = "resources must be a list"
        raise TypeError(message)
    described: dict[str, Mapping[str, Any]] = {}
    others: list[Any] = []
    for item in stated:
        path = item.get("path") if isinstance(item, dict) else None
        if not isinstance(path, str) or path not in FILES:
            others.append(item)
        elif described.setdefault(path, item) is not item:
            message = f"resources must name {path!r} once"
            raise ValueError(message)
    resources = [
        _resource(name.removesuffix(".json"), contents[name], described.get(name, {}))
        for name in FILES
        if name in contents
    ]
    profile = {"$schema": "https://datapackage.org/profiles/2.0/datapackage.json"}
    return {**profile, **kept, "resources": [*resources, *others]}


def _resource(name: str, content: bytes, stated: Mapping[str, Any]) -> dict[str, Any]:
    own = {
        "name": name,
        "type": "table",  # without it, tools look at the size and the hash, and read no row
        "title": stated.get("title") or COLLECTIONS[name].title,
        "path": f"{name}.json",
        "format": "json",
        "mediatype": "application/json",
        "encoding": "utf-8",
        # No `bytes`: frictionless does not count those of JSON tables, and then finds that none are there.
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": _schema(name),
    }
    return own | {key: value for key, value in stated.items() if key not in {*own, "bytes"}}


def _schema(name: str) -> dict[str, Any]:
    described = FIXED_FIELDS.get(name) or [
        _field(attribute.name, attribute.type, optional=attribute.metadata.get("optional", False))
        for attribute in fields(RECORD_CLASSES[name])
    ]
    keys = list(COLLECTIONS[name].key)
    schema: dict[str, Any] = {"fields": described, "primaryKey": keys if len(keys) > 1 else keys[0]}
    # Table Schema knows neither keys of values in a list nor references to one of several tables.
    single = {attribute["name"] for attribute in described if attribute["type"] != "array"}
    foreign = [
        {"fields": [field], "reference": {"resource": tables[0], "fields": [key]}}
        for field, (tables, key) in COLLECTIONS[name].foreign_keys.items()
        if len(tables) == 1 and field in single
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
    # What is one of a table's keys cannot be said of the values in a list; the table of countries is fixed.
    rule = {"enum": list(by_alpha3())} if kind is Alpha3 else _rule(kind)
    return {"type": "string", "constraints": rule} if rule else {"type": "string"}


def _rule(kind: Any) -> dict[str, Any]:
    if isinstance(kind, type) and issubclass(kind, Term):
        return {"enum": [str(term) for term in kind]}
    form = get_args(kind)[1]
    return {} if form in (Format.TEXT, Format.ADDRESS, Format.SOURCE) else {"pattern": f"^{form.pattern}$"}
