"""
From files to records: reading a data package, checking every rule that it must keep, and naming every fault at once.

The bundled package is checked when the library is built, so its records are built straight from the files, collection
by collection; a package from elsewhere is checked in full before any of it is handed out. This module knows nothing of
queries.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, get_args, get_origin

from attrs import fields, frozen

from icatmapping._data import bundled
from icatmapping._text import nearest
from icatmapping.errors import DatasetError, Fault
from icatmapping.records import (
    RECORD_KINDS,
    Entity,
    Finding,
    Format,
    Host,
    Initiative,
    Organization,
    Partnership,
    Resource,
)
from icatmapping.vocabulary import VOCABULARIES, Term, terms

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from cattrs import BaseConverter, Converter

__all__ = ["DESCRIPTOR", "FILES", "Package", "read_bundled", "read_files", "read_package"]


_KINDS: Mapping[str, type] = {**RECORD_KINDS, "hosts": Host, "findings": Finding}
_RULED = ("countries", "vocabulary")
DESCRIPTOR = "datapackage.json"
FILES: tuple[str, ...] = tuple(f"{name}.json" for name in (*_KINDS, *_RULED))
"""The data files of a package, beside its descriptor."""

_MOST_BYTES = 256 * 2**20
_LONGEST_TEXT = 20_000


@frozen
class Package:
    """The records of a data package, each collection sorted by id."""

    entities: tuple[Entity, ...]
    organizations: tuple[Organization, ...]
    initiatives: tuple[Initiative, ...]
    partnerships: tuple[Partnership, ...]
    resources: tuple[Resource, ...]
    findings: tuple[Finding, ...]
    hosts: tuple[Host, ...]


# --- the bundled package -------------------------------------------------------------------------------------------


def read_bundled(kind: type[Any]) -> tuple[Any, ...]:
    """Build the records of one kind from the bundled package, which is trusted: the tests load it in full."""
    raw = json.loads(bundled(f"{kind.collection}.json"))
    builders = [(attribute.name, _builder(attribute.type)) for attribute in fields(kind)]
    return tuple(
        [kind(*[build(record[name]) if build else record[name] for name, build in builders]) for record in raw]
    )


def _builder(expected: Any) -> Callable[[Any], Any] | None:
    if isinstance(expected, type) and issubclass(expected, Term):
        return expected._value2member_map_.__getitem__
    if get_origin(expected) is tuple:
        build = _builder(get_args(expected)[0])
        return tuple if build is None else lambda values: tuple([build(value) for value in values])
    return None


# --- a package from elsewhere --------------------------------------------------------------------------------------


def read_package(path: str | os.PathLike[str]) -> Package:
    """
    Read and check a data package: a folder, or a ``.zip`` of it.

    Raises:
        DatasetError: With every fault of the package, whatever is wrong with it.
    """
    faults: list[Fault] = []
    contents = read_files(path, faults)
    raw: dict[str, Any] = {}
    for name, data in contents.items():
        _parse(name, data, raw, faults)
    collections: dict[str, tuple[Any, ...]] = {}
    if DESCRIPTOR in raw:
        faults += _descriptor_faults(raw[DESCRIPTOR])
    for name in _RULED:
        if f"{name}.json" in raw:
            faults += _ruled_faults(name, raw[f"{name}.json"])
    for name, kind in _KINDS.items():
        if f"{name}.json" in raw:
            collections[name] = _structured(kind, raw[f"{name}.json"], faults)
    faults += _reference_faults(raw)
    if faults:
        raise DatasetError(faults)
    return Package(**collections)


def read_files(path: str | os.PathLike[str], faults: list[Fault]) -> dict[str, bytes]:
    """Read the files of a package from a folder or a zip file; what cannot be read becomes a fault."""
    import zipfile  # noqa: PLC0415 - only a package from elsewhere needs these
    from pathlib import Path  # noqa: PLC0415

    contents: dict[str, bytes] = {}
    try:
        place = Path(path)
        if place.is_dir():
            for name in (DESCRIPTOR, *FILES):
                _read_file(place, name, contents, faults)
        elif zipfile.is_zipfile(place):
            with zipfile.ZipFile(place) as archive:
                _read_archive(archive, contents, faults)
        else:
            message = "is neither a folder nor a zip file" if place.exists() else "there is no such folder or file"
            faults.append(Fault(_printable(str(path)), "", "", message))
    except (OSError, ValueError, RuntimeError, NotImplementedError, EOFError, zipfile.BadZipFile) as error:
        faults.append(Fault(_printable(str(path)), "", "", f"cannot be read: {_printable(str(error))}"))
    except TypeError:
        faults.append(Fault(_printable(repr(path)), "", "", "is not a path"))
    return contents


def _read_file(folder: Path, name: str, contents: dict[str, bytes], faults: list[Fault]) -> None:
    file = folder / name
    try:
        if file.stat().st_size > _MOST_BYTES:
            faults.append(Fault(name, "", "", f"is larger than {_MOST_BYTES:,} bytes"))
        else:
            contents[name] = file.read_bytes()
    except FileNotFoundError:
        faults.append(Fault(name, "", "", "is missing", _nearest_or_none(name, (one.name for one in folder.iterdir()))))
    except OSError as error:
        faults.append(Fault(name, "", "", f"cannot be read: {error.strerror or error}"))


def _read_archive(archive: Any, contents: dict[str, bytes], faults: list[Fault]) -> None:
    import zlib  # noqa: PLC0415

    entries = {entry.filename: entry for entry in archive.infolist()}
    holders = [name for name in entries if name.split("/")[-1] == DESCRIPTOR]
    holder = min(holders, key=lambda name: name.count("/"), default=DESCRIPTOR)
    prefix = holder[: -len(DESCRIPTOR)]
    if prefix.count("/") > 1 or ".." in prefix:
        faults.append(Fault(_printable(holder), "", "", "lies in no place where a package is looked for"))
        return
    for name in (DESCRIPTOR, *FILES):
        entry = entries.get(prefix + name)
        if entry is None:
            faults.append(Fault(name, "", "", "is missing", _nearest_or_none(prefix + name, entries)))
        elif entry.file_size > _MOST_BYTES:
            faults.append(Fault(name, "", "", f"is larger than {_MOST_BYTES:,} bytes"))
        else:
            try:
                with archive.open(entry) as stream:
                    data = stream.read(_MOST_BYTES + 1)
            except (OSError, ValueError, RuntimeError, NotImplementedError, EOFError, zlib.error) as error:
                faults.append(Fault(name, "", "", f"cannot be read: {_printable(str(error))}"))
                continue
            except Exception as error:  # noqa: BLE001 - zipfile raises its own BadZipFile, and lzma and bz2 theirs
                faults.append(Fault(name, "", "", f"cannot be unpacked: {_printable(str(error))}"))
                continue
            contents[name] = data


def _parse(name: str, data: bytes, raw: dict[str, Any], faults: list[Fault]) -> None:
    try:
        raw[name] = json.loads(data.decode("utf-8"), object_pairs_hook=_once, parse_constant=_refuse)
    except UnicodeDecodeError as error:
        faults.append(Fault(name, "", "", f"is not UTF-8: {error.reason} at byte {error.start}"))
    except RecursionError:
        faults.append(Fault(name, "", "", "is nested too deeply"))
    except ValueError as error:
        faults.append(Fault(name, "", "", f"is not valid JSON: {_printable(str(error))}"))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = _first_twice(name for name, _ in pairs)
        message = f"the field {twice!r} stands twice in the record {found.get('id')!r}"
        raise ValueError(message)
    return found


def _first_twice(items: Iterable[Any]) -> Any:
    seen: set[Any] = set()
    return next(item for item in items if item in seen or seen.add(item))  # type: ignore[func-returns-value]


def _refuse(constant: str) -> Any:
    message = f"{constant} is no JSON value"
    raise ValueError(message)


def _printable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")[:300]


def _nearest_or_none(name: str, names: Iterable[str]) -> str | None:
    return next(iter(nearest(name, names, most=1)), None)


# --- the rules of one record ---------------------------------------------------------------------------------------


_Found: TypeAlias = tuple[str, str, str | None]
"""A fault of a record: the place in it, what is wrong, the nearest valid value."""


class _InvalidError(ValueError):
    """A value that breaks a rule of its field."""

    def __init__(self, message: str, near: str | None = None) -> None:
        super().__init__(message)
        self.near = near


def _structured(kind: type, raw: Any, faults: list[Fault]) -> tuple[Any, ...]:
    file = f"{kind.collection}.json"  # type: ignore[attr-defined]
    if not isinstance(raw, list):
        faults.append(Fault(file, "", "", f"must be a list of records, not {_type_name(raw)}"))
        return ()
    key = "host" if kind is Host else "id"
    records: dict[str, Any] = {}
    for position, item in enumerate(raw):
        name = _record_name(item, key, position)
        if not isinstance(item, dict):
            faults.append(Fault(file, name, "", f"must be a record, not {_type_name(item)}"))
            continue
        values: dict[str, Any] = {}
        found = [*_field_faults(kind, item), *_value_faults(kind, item, values), *_record_faults(kind, values)]
        faults += [Fault(file, name, place, message, near) for place, message, near in found]
        if name in records:
            faults.append(Fault(file, name, key, "stands twice"))
        records[name] = None if found else kind(**values)
    return tuple(records[name] for name in sorted(records) if records[name] is not None)


def _value_faults(kind: type, item: dict[str, Any], values: dict[str, Any]) -> Iterator[_Found]:
    """Structure the fields of a record one by one, so that a fault in one hides none in another."""
    converter = _converter()
    for attribute in fields(kind):
        if attribute.name in item:
            try:
                values[attribute.name] = converter.structure(item[attribute.name], attribute.type)
            except Exception as error:  # noqa: BLE001 - cattrs groups whatever the hooks raised
                yield from _spelled(error, attribute.name)


def _record_name(item: Any, key: str, position: int) -> str:
    name = item.get(key) if isinstance(item, dict) else None
    return _printable(name) if isinstance(name, str) and 0 < len(name) <= 200 else f"[{position}]"


def _field_faults(kind: type, item: dict[str, Any]) -> Iterator[_Found]:
    expected = [attribute.name for attribute in fields(kind)]
    unknown = [name for name in item if name not in expected]
    for name in unknown:
        missing = [other for other in expected if other not in item]
        yield _printable(name)[:80], "is no field of this record", _nearest_or_none(name, missing or expected)
    for name in expected:
        if name not in item:
            yield name, "is missing", _nearest_or_none(name, unknown)


def _spelled(error: BaseException, place: str) -> Iterator[_Found]:
    """Walk the errors that cattrs grouped, down to those of single values, with the way to each."""
    from cattrs import IterableValidationNote  # noqa: PLC0415 - costs 12 ms

    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            notes = [note for note in getattr(inner, "__notes__", ()) if isinstance(note, IterableValidationNote)]
            yield from _spelled(inner, f"{place}[{notes[0].index}]" if notes else place)
    else:
        yield place, _printable(str(error)), getattr(error, "near", None)


@cache
def _converter() -> Converter:
    from cattrs import Converter  # noqa: PLC0415 - costs 12 ms that the bundled package does not need

    converter = Converter(detailed_validation=True)
    converter.register_structure_hook_func(_is_annotated, _formatted)
    for vocabulary in VOCABULARIES.values():
        converter.register_structure_hook(vocabulary, _term)
    converter.register_structure_hook_factory(_is_tuple, _tuple_hook)
    converter.register_structure_hook_factory(_is_optional, _optional_hook)
    return converter


def _is_annotated(kind: Any) -> bool:
    origin: Any = get_origin(kind)
    return origin is Annotated


def _is_tuple(kind: Any) -> bool:
    origin: Any = get_origin(kind)
    return origin is tuple


def _is_optional(kind: Any) -> bool:
    return type(None) in get_args(kind)


def _optional_hook(kind: Any, converter: BaseConverter) -> Callable[[Any, Any], Any]:
    inner = next(part for part in get_args(kind) if part is not type(None))
    return lambda value, _: None if value is None else converter.structure(value, inner)


def _tuple_hook(kind: Any, converter: BaseConverter) -> Callable[[Any, Any], Any]:
    element = get_args(kind)[0]
    listed = list[element]  # type: ignore[valid-type]

    def structure(value: Any, _: Any) -> tuple[Any, ...]:
        if not isinstance(value, list):
            message = f"must be a list, not {_type_name(value)}"
            raise _InvalidError(message)
        found = tuple(converter.structure(value, listed))
        if len(set(found)) < len(found):
            twice = _first_twice(found)
            message = f"{str(twice)!r} stands twice"
            raise _InvalidError(message)
        return found

    return structure


def _formatted(value: Any, kind: Any) -> Any:
    wanted, form = get_args(kind)[:2]
    if not isinstance(value, wanted) or isinstance(value, bool):
        message = f"must be {form.description}, not {_type_name(value)}"
        raise _InvalidError(message)
    text = str(value) if not isinstance(value, int) or abs(value) < 10**6 else "out of range"
    if len(text) > _LONGEST_TEXT:
        message = f"is longer than {_LONGEST_TEXT:,} characters"
        raise _InvalidError(message)
    if not form.fits(text) or not _is_clean(text):
        message = f"must be {form.description}, not {_printable(text)[:100]!r}"
        raise _InvalidError(message)
    known = _known_codes(form)
    if known and value not in known:
        message = f"{value!r} is not {form.description} that is in use"
        raise _InvalidError(message, _nearest_or_none(text, known))
    return value


def _is_clean(text: str) -> bool:
    return text.isprintable() or not any(
        ord(letter) < 32 or 0x7F <= ord(letter) < 0xA0 or 0xD800 <= ord(letter) < 0xE000 for letter in text
    )


@cache
def _known_codes(form: Format) -> frozenset[str]:
    if form is Format.ALPHA3:
        from icatmapping.geography import by_alpha3  # noqa: PLC0415 - countries are read when first needed

        return frozenset(by_alpha3())
    return frozenset(terms("language")) if form is Format.LANGUAGE else frozenset()


def _term(value: Any, kind: type[Term]) -> Term:
    if isinstance(value, str):
        found = kind._value2member_map_.get(value)
        if found is not None:
            return kind(value)
    name = next(name for name, vocabulary in VOCABULARIES.items() if vocabulary is kind).replace("_", " ")
    message = f"{_printable(repr(value))[:100]} is no {name}"
    raise _InvalidError(message, _nearest_or_none(value, list(kind)) if isinstance(value, str) else None)


def _type_name(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "text", bool: "true or false", int: "a number", float: "a number"}
    return "null" if value is None else names.get(type(value), type(value).__name__)


def _record_faults(kind: type, values: Mapping[str, Any]) -> Iterator[_Found]:
    """Check what the fields of a record say together; only those that are sound in themselves are given."""
    if kind is Host and values.get("grade", "other") not in _HOST_GRADES:
        yield "grade", f"{values['grade']!r} is none of {', '.join(_HOST_GRADES)}", _HOST_GRADES[0]
    if values.get("sources") == ():
        yield "sources", "is empty: every record needs the address of a page that supports it", None
    for first, last in (("start", "end"), ("established", "ended"), ("joined", "left")):
        begin, end = values.get(first), values.get(last)
        # A year alone may hold any month: "2019" does not come before "2019-05".
        if begin is not None and end is not None:
            digits = min(len(str(begin)), len(str(end)))
            if str(end)[:digits] < str(begin)[:digits]:
                yield last, f"{end} comes before {first}, {begin}", None


_HOST_GRADES = ("official", "other", "mirror")


# --- the rules between records -------------------------------------------------------------------------------------


def _reference_faults(raw: Mapping[str, Any]) -> Iterator[Fault]:
    """Check that records refer to records that are there; on the raw files, so that other faults hide none."""
    items = {name: [item for item in _listed(raw.get(f"{name}.json")) if isinstance(item, dict)] for name in _KINDS}
    ids = {name: {item["id"] for item in items[name] if isinstance(item.get("id"), str)} for name in RECORD_KINDS}
    # Where a file or an id could not be read, nobody can say whether a reference to it dangles.
    whole = {name for name in RECORD_KINDS if _has_every_id(raw.get(f"{name}.json"))}
    for shared in sorted(ids["entities"] & ids["organizations"]):
        yield Fault("organizations.json", _printable(shared), "id", "is the id of an entity as well")
    yield from _former_id_faults(items, ids)
    bodies = ("leads", "partners", "donors", "members", "publishers", "part_of", "owner")
    homes = {
        **dict.fromkeys(bodies, ("entities", "organizations")),
        "initiative": ("initiatives",),
        "body_of": ("partnerships",),
    }
    for name, found in items.items():
        for field in [attribute.name for attribute in fields(_KINDS[name]) if attribute.name in homes]:
            if whole.issuperset(homes[field]):
                known = set[str]().union(*(ids[home] for home in homes[field]))
                yield from _dangling(name, field, found, known)
    yield from _part_of_cycles(items["organizations"])


def _dangling(name: str, field: str, items: Sequence[dict[str, Any]], known: set[str]) -> Iterator[Fault]:
    for number, item in enumerate(items):
        for place, target in _references(item.get(field), field):
            if target not in known:
                key = _record_name(item, "host" if name == "hosts" else "id", number)
                message = f"{target!r} is no id of a record"
                yield Fault(f"{name}.json", key, place, message, _nearest_or_none(target, known))


def _has_every_id(raw: Any) -> bool:
    return isinstance(raw, list) and all(isinstance(item, dict) and isinstance(item.get("id"), str) for item in raw)


def _listed(raw: Any) -> list[Any]:
    return raw if isinstance(raw, list) else []


def _references(value: Any, field: str) -> Iterator[tuple[str, str]]:
    """Give the ids in a field, and where each stands; what is no id is a fault of another kind."""
    listed = isinstance(value, list)
    for number, item in enumerate(value if listed else (value,)):
        if isinstance(item, str) and len(item) <= _LONGEST_TEXT and Format.ID.fits(item):
            yield f"{field}[{number}]" if listed else field, item


def _former_id_faults(items: Mapping[str, list[dict[str, Any]]], ids: Mapping[str, set[str]]) -> Iterator[Fault]:
    for group in (("entities", "organizations"), ("initiatives",), ("partnerships",), ("resources",)):
        holders = {one: one for name in group for one in ids[name]}
        for name in group:
            for number, item in enumerate(items[name]):
                for place, former in _references(item.get("former_ids"), "former_ids"):
                    key = _record_name(item, "id", number)
                    if former in holders:
                        message = f"{former!r} is also an id or former id of {holders[former]!r}"
                        yield Fault(f"{name}.json", key, place, message)
                    holders[former] = key


def _part_of_cycles(organizations: Sequence[dict[str, Any]]) -> Iterator[Fault]:
    parents = {
        item["id"]: item["part_of"]
        for item in organizations
        if isinstance(item.get("id"), str) and isinstance(item.get("part_of"), str)
    }
    for start, parent in parents.items():
        seen, place = {start}, parent
        while place is not None and place not in seen:
            seen.add(place)
            place = parents.get(place)
        if place == start:
            yield Fault("organizations.json", _printable(start), "part_of", "is, through others, a part of itself")


# --- the files whose content the library fixes ---------------------------------------------------------------------


def _ruled_faults(name: str, raw: Any) -> Iterator[Fault]:
    """Compare ``countries.json`` and ``vocabulary.json`` with the library's own: packages bring records, not terms."""
    file = f"{name}.json"
    own: list[dict[str, Any]] = json.loads(bundled(file))
    if not isinstance(raw, list):
        yield Fault(file, "", "", f"must be a list of records, not {_type_name(raw)}")
        return
    keys = ("alpha3",) if name == "countries" else ("vocabulary", "value")
    expected = {tuple(item[key] for key in keys): item for item in own}
    found: set[tuple[Any, ...]] = set()
    for position, item in enumerate(raw):
        key = tuple(str(item.get(key)) for key in keys) if isinstance(item, dict) else ()
        if key not in expected:
            yield Fault(file, f"[{position}]", keys[-1], "is none of those of this version of the library")
        elif key in found:
            yield Fault(file, " ".join(key), keys[-1], "stands twice")
        else:
            found.add(key)
            for field in sorted({*item, *expected[key]}):
                if field not in item or field not in expected[key] or item[field] != expected[key][field]:
                    message = "differs from that of this version of the library"
                    yield Fault(file, " ".join(key), _printable(field)[:80], message)
    for key in sorted(set(expected) - found):
        yield Fault(file, " ".join(key), "", "is missing")


def _descriptor_faults(raw: Any) -> Iterator[Fault]:
    resources = raw.get("resources") if isinstance(raw, dict) else None
    if not isinstance(resources, list):
        yield Fault(DESCRIPTOR, "", "resources", "must be a list of resources")
        return
    paths = [item.get("path") if isinstance(item, dict) else None for item in resources]
    for name in FILES:
        if paths.count(name) != 1:
            yield Fault(DESCRIPTOR, "", "resources", f"must name {name!r} once")
