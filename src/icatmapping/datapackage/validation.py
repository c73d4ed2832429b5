"""
The rules of one record: its fields, their values, what they say together.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeAlias, get_args

from attrs import fields

from icatmapping.datapackage.reading import to_printable
from icatmapping.errors import Fault
from icatmapping.model.fields import IDENTIFIER_PATTERNS, Format
from icatmapping.model.records import Host, Identifier
from icatmapping.model.vocabulary import VOCABULARIES, IdentifierType, Term, terms
from icatmapping.utils.annotations import is_annotated, is_optional, is_tuple
from icatmapping.utils.text import join_or

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from cattrs import BaseConverter, Converter

    from icatmapping.datapackage.faults import FaultLog

__all__ = [
    "MAX_ID",
    "MAX_TEXT",
    "RENAMED",
    "first_duplicate",
    "is_clean",
    "record_label",
    "structure_records",
    "type_name",
]


MAX_TEXT = 20_000


MAX_ID = 200
"""How many characters an id may have; it is part of file names, addresses and messages."""


MAX_HOST = 253
"""How many characters a host may have, as the Domain Name System has it."""


MAX_VALUES = 10_000
"""What a list in a record may hold; there are 250 countries."""


Candidates: TypeAlias = tuple[str, "Collection[str]"] | None
"""A wrong value, and the valid ones among which the nearest may be meant."""


FieldProblem: TypeAlias = tuple[str, str, Candidates]
"""A fault of a record: the place in it, what is wrong, what may be meant."""


class _InvalidError(ValueError):
    """A value that breaks a rule of its field."""

    def __init__(self, message: str, meant: Candidates = None) -> None:
        super().__init__(message)
        self.meant = meant


def structure_records(kind: type, raw: Any, faults: FaultLog) -> tuple[Any, ...]:
    """Make records of a parsed file, in the order of ids; those that break a rule become faults."""
    file = f"{kind.collection}.json"  # type: ignore[attr-defined]
    if not isinstance(raw, list):
        faults.extend([Fault(file, "", "", f"must be a list of records, not {type_name(raw)}")])
        return ()
    key = "host" if kind is Host else "id"
    records: dict[str, Any] = {}
    for position, item in enumerate(raw):
        name = record_label(item, key, position)
        if faults.is_full:
            break
        if not isinstance(item, dict):
            faults.extend([Fault(file, name, "", f"must be a record, not {type_name(item)}")])
            continue
        values: dict[str, Any] = {}
        before = len(faults)
        found = chain(_field_faults(kind, item), _value_faults(kind, item, values), _record_faults(kind, values))
        faults.extend(
            Fault(file, name, place, message, None if meant is None else faults.nearest(*meant))
            for place, message, meant in found
        )
        sound = len(faults) == before
        if name in records:
            faults.extend([Fault(file, name, key, "is duplicated")])
        records[name] = kind(**values) if sound else None
    return tuple(records[name] for name in sorted(records) if records[name] is not None)


def _value_faults(kind: type, item: dict[str, Any], values: dict[str, Any]) -> Iterator[FieldProblem]:
    """Structure the fields of a record one by one, so that a fault in one hides none in another."""
    converter = _converter()
    for attribute in fields(kind):
        if attribute.name not in item and attribute.metadata.get("optional"):
            values[attribute.name] = () if is_tuple(attribute.type) else None
        elif attribute.name in item:
            try:
                values[attribute.name] = converter.structure(item[attribute.name], attribute.type)
            except Exception as error:  # noqa: BLE001 - cattrs groups whatever the hooks raised
                yield from flatten_errors(error, attribute.name)


RENAMED = {("partnerships", "established"): "start", ("partnerships", "ended"): "end"}
"""Fields that had another name before, and what they are called now."""


def _field_faults(kind: type, item: dict[str, Any]) -> Iterator[FieldProblem]:
    expected = [attribute.name for attribute in fields(kind)]
    unknown = [name for name in item if name not in expected]
    for name in unknown:
        renamed = RENAMED.get((kind.collection, name))  # type: ignore[attr-defined]
        if renamed is not None:
            written = "null" if item[name] is None else to_printable(f'"{item[name]}"')[:80]
            said = f'is called {renamed!r} since version 0.3; write "{renamed}": {written} instead'
            yield name, f"{said}, or let validate --fix do so", None
            continue
        missing = [other for other in expected if other not in item]
        yield to_printable(name)[:80], "is not a field of this record", (name, missing or expected)
    for name in [attribute.name for attribute in fields(kind) if not attribute.metadata.get("optional")]:
        if name not in item:
            yield name, "is missing", (name, unknown[:MAX_VALUES])


def flatten_errors(error: BaseException, place: str) -> Iterator[FieldProblem]:
    """Walk the errors that cattrs grouped, down to those of single values, with the way to each."""
    from cattrs import IterableValidationNote  # noqa: PLC0415 - costs 12 ms

    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            notes = [note for note in getattr(inner, "__notes__", ()) if isinstance(note, IterableValidationNote)]
            yield from flatten_errors(inner, f"{place}[{notes[0].index}]" if notes else place)
    else:
        yield place, to_printable(str(error)), getattr(error, "meant", None)


@cache
def _converter() -> Converter:
    from cattrs import Converter  # noqa: PLC0415 - costs 12 ms that the bundled package does not need

    converter = Converter(detailed_validation=True)
    converter.register_structure_hook_func(is_annotated, structure_formatted)
    for vocabulary in VOCABULARIES.values():
        converter.register_structure_hook(vocabulary, _term)
    converter.register_structure_hook_factory(is_tuple, lambda kind: _tuple_hook(kind, converter))
    converter.register_structure_hook(Identifier, _identifier)
    converter.register_structure_hook_factory(is_optional, lambda kind: _optional_hook(kind, converter))
    return converter


def _identifier(value: Any, _: Any) -> Identifier:
    if not isinstance(value, dict) or set(value) != {"type", "value"}:
        message = f"must be an object with type and value, not {repr(value)[:100]}"
        raise _InvalidError(message)
    kind = _term(value["type"], IdentifierType)
    text: str = structure_formatted(value["value"], fields(Identifier).value.type)
    if re.fullmatch(IDENTIFIER_PATTERNS[IdentifierType(kind)], text, re.ASCII) is None:
        message = f"{text[:100]!r} does not look like an identifier of the type {str(kind)!r}"
        raise _InvalidError(message)
    return Identifier(IdentifierType(kind), text)


def _optional_hook(kind: Any, converter: BaseConverter) -> Callable[[Any, Any], Any]:
    inner = next(part for part in get_args(kind) if part is not type(None))
    return lambda value, _: None if value is None else converter.structure(value, inner)


def _tuple_hook(kind: Any, converter: BaseConverter) -> Callable[[Any, Any], Any]:
    element = get_args(kind)[0]
    listed = list[element]  # type: ignore[valid-type]

    def structure(value: Any, _: Any) -> tuple[Any, ...]:
        if not isinstance(value, list):
            message = f"must be a list, not {type_name(value)}"
            raise _InvalidError(message)
        if len(value) > MAX_VALUES:
            message = f"must hold at most {MAX_VALUES:,} values"
            raise _InvalidError(message)
        found = tuple(converter.structure(value, listed))
        if len(set(found)) < len(found):
            twice = first_duplicate(found)
            message = f"{str(twice)!r} is duplicated"
            raise _InvalidError(message)
        return found

    return structure


def structure_formatted(value: Any, kind: Any) -> Any:
    wanted, form = get_args(kind)[:2]
    if not isinstance(value, wanted) or isinstance(value, bool):
        message = f"must be {form.description}, not {type_name(value)}"
        raise _InvalidError(message)
    text = str(value) if not isinstance(value, int) or abs(value) < 10**6 else "out of range"
    most = MAX_ID if form is Format.ID else MAX_TEXT
    if len(text) > most:
        message = f"must have at most {most:,} characters, not {len(text):,}"
        raise _InvalidError(message)
    if not form.fits(text) or not is_clean(text):
        message = f"must be {form.description}, not {text[:100]!r}"
        raise _InvalidError(message)
    known = _known_codes(form)
    if known and value not in known:
        message = f"{value!r} is not {form.description} that is in use"
        raise _InvalidError(message, (text, known))
    return value


def is_clean(text: str) -> bool:
    """Return whether a text has no control characters and no halves of surrogate pairs."""
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
    name, valid = _named_vocabulary(kind)
    message = f"{repr(value)[:100]} is not {'an' if name[0] in 'aeiou' else 'a'} {name}"
    raise _InvalidError(message, (value, valid) if isinstance(value, str) else None)


@cache
def _named_vocabulary(kind: type[Term]) -> tuple[str, tuple[str, ...]]:
    name = next(name for name, vocabulary in VOCABULARIES.items() if vocabulary is kind).replace("_", " ")
    return name, tuple(str(term) for term in kind)


def type_name(value: object) -> str:
    """Return what JSON calls the type of a value, for messages."""
    names = {dict: "an object", list: "a list", str: "text", bool: "true or false", int: "a number", float: "a number"}
    return "null" if value is None else names.get(type(value), type(value).__name__)


def _record_faults(kind: type, values: Mapping[str, Any]) -> Iterator[FieldProblem]:
    """Check what the fields of a record say together; only those that are sound in themselves are given."""
    if kind is Host and values.get("grade", "other") not in _HOST_GRADES:
        grade: str = values["grade"]
        yield "grade", f"must be {join_or(_HOST_GRADES)}, not {grade[:100]!r}", (grade, _HOST_GRADES)
    if kind is Host and len(values.get("host", "")) > MAX_HOST:
        yield "host", f"must have at most {MAX_HOST} characters, not {len(values['host']):,}", None
    if values.get("sources") == ():
        yield "sources", "must not be empty: every record needs the address of a page that supports it", None
    for first, last in (("start", "end"), ("joined", "left")):
        begin, end = values.get(first), values.get(last)
        # A year alone may hold any month: "2019" does not come before "2019-05".
        if begin is not None and end is not None:
            digits = min(len(str(begin)), len(str(end)))
            if str(end)[:digits] < str(begin)[:digits]:
                yield last, f"must not be before {first}, {begin}, but is {end}", None


_HOST_GRADES = ("official", "other", "mirror")


def first_duplicate(items: Iterable[Any]) -> Any:
    """Return the first item that is there a second time; there must be one."""
    seen: set[Any] = set()
    return next(item for item in items if item in seen or seen.add(item))  # type: ignore[func-returns-value]


def record_label(item: Any, key: str, position: int) -> str:
    """Return the id of a raw record, or its position if it has no usable one."""
    name = item.get(key) if isinstance(item, dict) else None
    return to_printable(name) if isinstance(name, str) and 0 < len(name) <= MAX_HOST else f"[{position}]"
