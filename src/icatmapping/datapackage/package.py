"""
From files to records: reading a data package, checking every rule that it must keep, and naming every fault at once.

A package is checked in full before any of it is handed out. The bundled one is checked when the library is built, and
does not come through here. This module knows nothing of queries.
"""

from __future__ import annotations

import json
import re
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, get_args, get_origin

from attrs import fields, frozen

from icatmapping.data import bundled
from icatmapping.datapackage.reading import printable, read
from icatmapping.errors import DatasetError, Fault
from icatmapping.model.records import (
    IDENTIFIER_PATTERNS,
    RECORD_KINDS,
    Entity,
    Finding,
    Format,
    Host,
    Identifier,
    Initiative,
    Organization,
    Partnership,
    Resource,
)
from icatmapping.model.vocabulary import VOCABULARIES, IdentifierType, Term, terms
from icatmapping.utils.text import nearest_or_none

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from cattrs import BaseConverter, Converter

__all__ = [
    "DESCRIPTOR",
    "FILES",
    "KINDS",
    "RULED",
    "Faults",
    "Package",
    "is_optional",
    "is_tuple",
    "parse_file",
    "read_files",
    "read_package",
    "record_name",
    "reference_faults",
    "ruled_faults",
    "structured",
]


KINDS: Mapping[str, type] = {**RECORD_KINDS, "hosts": Host, "findings": Finding}
RULED = ("countries", "vocabulary")
DESCRIPTOR = "datapackage.json"
FILES: tuple[str, ...] = tuple(f"{name}.json" for name in (*KINDS, *RULED))
"""The data files of a package, beside its descriptor."""

_LONGEST_TEXT = 20_000
_LONGEST_VERSION = 100
_MOST_VALUES = 10_000
"""What a list in a record may hold; there are 250 countries."""
_MOST_WHOLES = 100
"""How many others a body may be a part of, one within the other; each is looked up by all that it is a part of."""
_MOST_FAULTS = 10_000
_MOST_COMPARISONS = 300_000
"""How many names are compared, a second or two, to find the valid values nearest to wrong ones."""


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
    version: str | None = None


class Faults(list[Fault]):
    """
    What is wrong with a package, as it is found.

    It stops at a number that nobody reads to the end, and stops looking for the nearest valid values when that begins
    to take long, so that no package, whatever it was made for, keeps a program busy or fills its memory.
    """

    def __init__(self) -> None:
        super().__init__()
        self._nearest: dict[tuple[str, tuple[str, ...]], str | None] = {}
        self._comparisons = 0

    @property
    def too_many(self) -> bool:
        """Whether there are more than are named."""
        return len(self) > _MOST_FAULTS

    def note(self, found: Iterable[Fault]) -> None:
        """Take in what is found, no further than the number of faults that are named."""
        for fault in () if self.too_many else found:
            if len(self) == _MOST_FAULTS:
                message = f"is where checking stopped, at {_MOST_FAULTS:,} faults"
                self.append(Fault(fault.file, fault.record, "", message))
                return
            self.append(fault)

    def near(self, name: str, known: Iterable[str]) -> str | None:
        """Give the valid value nearest to a wrong one, if there is one and there was time to find it."""
        key = (name[:200], tuple(known))
        if key not in self._nearest and self._comparisons < _MOST_COMPARISONS:
            self._comparisons += len(key[1])
            self._nearest[key] = nearest_or_none(*key)
        return self._nearest.get(key)


def read_package(path: str | os.PathLike[str]) -> Package:
    """
    Read and check a data package: a folder, or a ``.zip`` of it.

    Raises:
        DatasetError: With every fault of the package, whatever is wrong with it.
    """
    faults = Faults()
    contents = read_files(path, faults)
    raw: dict[str, Any] = {}
    for name in list(contents):
        parse_file(name, contents.pop(name), raw, faults)
    collections: dict[str, tuple[Any, ...]] = {}
    if DESCRIPTOR in raw:
        faults.note(_descriptor_faults(raw[DESCRIPTOR]))
    for name in RULED:
        if f"{name}.json" in raw:
            faults.note(ruled_faults(name, raw[f"{name}.json"]))
    for name, kind in KINDS.items():
        if f"{name}.json" in raw:
            collections[name] = structured(kind, raw[f"{name}.json"], faults)
    faults.note(reference_faults(raw, faults.near))
    if faults:
        raise DatasetError(faults)
    return Package(**collections, version=raw[DESCRIPTOR].get("version"))


def read_files(path: str | os.PathLike[str], faults: list[Fault]) -> dict[str, bytes]:
    """Read the files of a package from a folder or a zip file; what cannot be read becomes a fault."""
    return read(path, (DESCRIPTOR, *FILES), faults)


def parse_file(name: str, data: bytes, raw: dict[str, Any], faults: list[Fault]) -> None:
    """Parse one file of a package, strictly; what is no JSON becomes a fault."""
    try:
        raw[name] = json.loads(data.decode("utf-8"), object_pairs_hook=_once, parse_constant=_refuse)
    except UnicodeDecodeError as error:
        faults.append(Fault(name, "", "", f"is not UTF-8: {error.reason} at byte {error.start}"))
    except RecursionError:
        faults.append(Fault(name, "", "", "is nested too deeply"))
    except ValueError as error:
        faults.append(Fault(name, "", "", f"is not valid JSON: {printable(str(error))}"))


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


# --- the rules of one record ---------------------------------------------------------------------------------------


_Meant: TypeAlias = tuple[str, "Iterable[str]"] | None
"""A wrong value, and the valid ones among which the nearest may be meant."""
_Found: TypeAlias = tuple[str, str, _Meant]
"""A fault of a record: the place in it, what is wrong, what may be meant."""
_Near: TypeAlias = "Callable[[str, Iterable[str]], str | None]"


class _InvalidError(ValueError):
    """A value that breaks a rule of its field."""

    def __init__(self, message: str, meant: _Meant = None) -> None:
        super().__init__(message)
        self.meant = meant


def structured(kind: type, raw: Any, faults: Faults) -> tuple[Any, ...]:
    """Make records of a parsed file, in the order of ids; those that break a rule become faults."""
    file = f"{kind.collection}.json"  # type: ignore[attr-defined]
    if not isinstance(raw, list):
        faults.note([Fault(file, "", "", f"must be a list of records, not {_type_name(raw)}")])
        return ()
    key = "host" if kind is Host else "id"
    records: dict[str, Any] = {}
    for position, item in enumerate(raw):
        name = record_name(item, key, position)
        if faults.too_many:
            break
        if not isinstance(item, dict):
            faults.note([Fault(file, name, "", f"must be a record, not {_type_name(item)}")])
            continue
        values: dict[str, Any] = {}
        before = len(faults)
        found = chain(_field_faults(kind, item), _value_faults(kind, item, values), _record_faults(kind, values))
        faults.note(
            Fault(file, name, place, message, None if meant is None else faults.near(*meant))
            for place, message, meant in found
        )
        sound = len(faults) == before
        if name in records:
            faults.note([Fault(file, name, key, "stands twice")])
        records[name] = kind(**values) if sound else None
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


def record_name(item: Any, key: str, position: int) -> str:
    """Give the id of a raw record, or its position if it has no usable one."""
    name = item.get(key) if isinstance(item, dict) else None
    return printable(name) if isinstance(name, str) and 0 < len(name) <= 200 else f"[{position}]"


def _field_faults(kind: type, item: dict[str, Any]) -> Iterator[_Found]:
    expected = [attribute.name for attribute in fields(kind)]
    unknown = [name for name in item if name not in expected]
    for name in unknown:
        missing = [other for other in expected if other not in item]
        yield printable(name)[:80], "is no field of this record", (name, missing or expected)
    for name in [attribute.name for attribute in fields(kind) if not attribute.metadata.get("optional")]:
        if name not in item:
            yield name, "is missing", (name, unknown[:_MOST_VALUES])


def _spelled(error: BaseException, place: str) -> Iterator[_Found]:
    """Walk the errors that cattrs grouped, down to those of single values, with the way to each."""
    from cattrs import IterableValidationNote  # noqa: PLC0415 - costs 12 ms

    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            notes = [note for note in getattr(inner, "__notes__", ()) if isinstance(note, IterableValidationNote)]
            yield from _spelled(inner, f"{place}[{notes[0].index}]" if notes else place)
    else:
        yield place, printable(str(error)), getattr(error, "meant", None)


@cache
def _converter() -> Converter:
    from cattrs import Converter  # noqa: PLC0415 - costs 12 ms that the bundled package does not need

    converter = Converter(detailed_validation=True)
    converter.register_structure_hook_func(_is_annotated, _formatted)
    for vocabulary in VOCABULARIES.values():
        converter.register_structure_hook(vocabulary, _term)
    converter.register_structure_hook_factory(is_tuple, lambda kind: _tuple_hook(kind, converter))
    converter.register_structure_hook(Identifier, _identifier)
    converter.register_structure_hook_factory(is_optional, lambda kind: _optional_hook(kind, converter))
    return converter


def _identifier(value: Any, _: Any) -> Identifier:
    if not isinstance(value, dict) or set(value) != {"type", "value"}:
        message = f"must be an object with type and value, not {printable(repr(value))[:100]}"
        raise _InvalidError(message)
    kind = _term(value["type"], IdentifierType)
    text: str = _formatted(value["value"], fields(Identifier).value.type)
    if re.fullmatch(IDENTIFIER_PATTERNS[IdentifierType(kind)], text, re.ASCII) is None:
        message = f"{text[:100]!r} does not look like an identifier of the type {str(kind)!r}"
        raise _InvalidError(message)
    return Identifier(IdentifierType(kind), text)


def _is_annotated(kind: Any) -> bool:
    origin: Any = get_origin(kind)
    return origin is Annotated


def is_tuple(kind: Any) -> bool:
    """Tell whether a field holds several values."""
    origin: Any = get_origin(kind)
    return origin is tuple


def is_optional(kind: Any) -> bool:
    """Tell whether a field may be null."""
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
        if len(value) > _MOST_VALUES:
            message = f"holds more than {_MOST_VALUES:,} values"
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
        message = f"must be {form.description}, not {printable(text)[:100]!r}"
        raise _InvalidError(message)
    known = _known_codes(form)
    if known and value not in known:
        message = f"{value!r} is not {form.description} that is in use"
        raise _InvalidError(message, (text, known))
    return value


def _is_clean(text: str) -> bool:
    return text.isprintable() or not any(
        ord(letter) < 32 or 0x7F <= ord(letter) < 0xA0 or 0xD800 <= ord(letter) < 0xE000 for letter in text
    )


@cache
def _known_codes(form: Format) -> Collection[str]:
    if form is Format.ALPHA3:
        from icatmapping.model.geography import by_alpha3  # noqa: PLC0415 - countries are read when first needed

        return by_alpha3()
    return terms("language") if form is Format.LANGUAGE else ()


def _term(value: Any, kind: type[Term]) -> Term:
    if isinstance(value, str):
        found = kind._value2member_map_.get(value)
        if found is not None:
            return kind(value)
    name = next(name for name, vocabulary in VOCABULARIES.items() if vocabulary is kind).replace("_", " ")
    message = f"{printable(repr(value))[:100]} is no {name}"
    raise _InvalidError(message, (value, [str(term) for term in kind]) if isinstance(value, str) else None)


def _type_name(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "text", bool: "true or false", int: "a number", float: "a number"}
    return "null" if value is None else names.get(type(value), type(value).__name__)


def _record_faults(kind: type, values: Mapping[str, Any]) -> Iterator[_Found]:
    """Check what the fields of a record say together; only those that are sound in themselves are given."""
    if kind is Host and values.get("grade", "other") not in _HOST_GRADES:
        yield "grade", f"{values['grade']!r} is none of {', '.join(_HOST_GRADES)}", (values["grade"], _HOST_GRADES)
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


def reference_faults(raw: Mapping[str, Any], near: _Near) -> Iterator[Fault]:
    """
    Check that records refer to records that are there; on the raw files, so that other faults hide none.

    Args:
        raw: The parsed files by name.
        near: Gives the valid value nearest to a wrong one.
    """
    items = {name: [item for item in _listed(raw.get(f"{name}.json")) if isinstance(item, dict)] for name in KINDS}
    ids = {name: {item["id"] for item in items[name] if isinstance(item.get("id"), str)} for name in RECORD_KINDS}
    # Where a file or an id could not be read, nobody can say whether a reference to it dangles.
    whole = {name for name in RECORD_KINDS if _has_every_id(raw.get(f"{name}.json"))}
    for shared in sorted(ids["entities"] & ids["organizations"]):
        yield Fault("organizations.json", printable(shared), "id", "is the id of an entity as well")
    yield from _former_id_faults(items, ids)
    bodies = ("leads", "partners", "donors", "members", "publishers", "part_of", "owner")
    homes = {
        **dict.fromkeys(bodies, ("entities", "organizations")),
        "initiative": ("initiatives",),
        "body_of": ("partnerships",),
    }
    for name, found in items.items():
        for field in [attribute.name for attribute in fields(KINDS[name]) if attribute.name in homes]:
            if whole.issuperset(homes[field]):
                known = sorted(set[str]().union(*(ids[home] for home in homes[field])))
                yield from _dangling(name, field, found, dict.fromkeys(known), near)
    yield from _part_of_faults(items["organizations"])


def _dangling(
    name: str, field: str, items: Sequence[dict[str, Any]], known: Mapping[str, None], near: _Near
) -> Iterator[Fault]:
    for number, item in enumerate(items):
        for place, target in _references(item.get(field), field):
            if target not in known:
                key = record_name(item, "host" if name == "hosts" else "id", number)
                message = f"{target[:100]!r} is no id of a record"
                yield Fault(f"{name}.json", key, place, message, near(target, known))


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
                    key = record_name(item, "id", number)
                    if former in holders:
                        message = f"{former[:100]!r} is also an id or former id of {holders[former]!r}"
                        yield Fault(f"{name}.json", key, place, message)
                    holders[former] = key


def _part_of_faults(organizations: Sequence[dict[str, Any]]) -> Iterator[Fault]:
    parents = {
        item["id"]: item["part_of"]
        for item in organizations
        if isinstance(item.get("id"), str) and isinstance(item.get("part_of"), str)
    }
    for start, parent in parents.items():
        seen, place = {start}, parent
        while place in parents and place not in seen and len(seen) < _MOST_WHOLES:
            seen.add(place)
            place = parents[place]
        if place == start:
            yield Fault("organizations.json", printable(start), "part_of", "is, through others, a part of itself")
        elif place in parents and place not in seen:
            message = f"is, through others, a part of more than {_MOST_WHOLES} others"
            yield Fault("organizations.json", printable(start), "part_of", message)


# --- the files whose content the library fixes ---------------------------------------------------------------------


def ruled_faults(name: str, raw: Any) -> Iterator[Fault]:
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
                    yield Fault(file, " ".join(key), printable(field)[:80], message)
    # A vocabulary that a package knows nothing of came later than the package: its terms are not missed.
    known = {key[0] for key in found} if name == "vocabulary" else {key[0] for key in expected}
    for key in sorted(key for key in set(expected) - found if key[0] in known):
        yield Fault(file, " ".join(key), "", "is missing")


def _descriptor_faults(raw: Any) -> Iterator[Fault]:
    resources = raw.get("resources") if isinstance(raw, dict) else None
    if not isinstance(resources, list):
        yield Fault(DESCRIPTOR, "", "resources", "must be a list of resources")
        return
    version = raw.get("version")
    if version is not None and not _is_version(version):
        yield Fault(DESCRIPTOR, "", "version", f"must be text of at most {_LONGEST_VERSION} printable characters")
    paths = [item.get("path") if isinstance(item, dict) else None for item in resources]
    for name in FILES:
        if paths.count(name) != 1:
            yield Fault(DESCRIPTOR, "", "resources", f"must name {name!r} once")


def _is_version(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST_VERSION and Format.TEXT.fits(value) and _is_clean(value)
