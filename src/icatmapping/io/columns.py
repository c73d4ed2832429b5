"""
The columns of records and rows in tables for people: what each is called, and what stands in its cells.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, get_args, get_origin

from attrs import fields

from icatmapping.model import geography
from icatmapping.model.fields import Alpha3, Area, Source
from icatmapping.model.records import Identifier
from icatmapping.model.schema import COLLECTIONS
from icatmapping.model.vocabulary import VOCABULARIES, Term, terms
from icatmapping.query.dimensions import DIMENSIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from icatmapping.dataset import Dataset
    from icatmapping.query.directory import Directory

__all__ = ["CODES", "FIELD_TITLES", "IDS", "Cell", "Column", "Link", "field_title", "record_columns", "value_label"]


class Link(NamedTuple):
    """A web address, and the text that is shown for it."""

    address: str
    text: str | None = None


Cell: TypeAlias = str | int | float | bool | Link | None


class Column(NamedTuple):
    """A column: its header, and what gives the cell of a record."""

    header: str
    read: Callable[[Any], Cell]


FIELD_TITLES: Mapping[str, str] = MappingProxyType(
    {
        "id": "ID",
        "url": "Page",
        "trafficking_url": "Page on trafficking",
        "checked": "Sources last read",
        "former_ids": "Former IDs",
        "n": "Records",
        "p": "Probability",
        "hhi": "Herfindahl-Hirschman index",
        "body_of": "Own body of",
        "last_seen": "Last seen",
    }
)
"""What fields are called in tables where their name does not say it."""
IDS, CODES = " (ids)", " (codes)"
"""What stands behind the header of a column of ids or codes, beside the column of their names."""


def field_title(name: str) -> str:
    """
    Return a field as a header names it.

    >>> field_title("target_groups"), field_title("url")
    ('Target groups', 'Page')
    """
    return FIELD_TITLES.get(name, name.strip("_").replace("_", " ").capitalize())


def record_columns(kind: type[Any], directory: Directory, join: Callable[[Iterable[str]], str]) -> list[Column]:
    """
    Return the columns of the records of a kind: every field, with names beside ids and codes.

    Args:
        kind: The class of the records.
        directory: Who is who.
        join: What makes one text of several.
    """
    columns = [column for attribute in fields(kind) for column in _field_columns(kind, attribute, directory, join)]
    if hasattr(kind, "period"):
        place = next((i for i, column in enumerate(columns) if column.header in ("Start", "Year")), len(columns))
        columns.insert(place, Column("Active", lambda record: str(record.period)))
    evidence = DIMENSIONS["evidence"]
    if kind.collection in evidence.readers:
        grade = _labels_of(lambda record: evidence.values(record, directory), lambda one: one.label, join)
        columns.append(Column("Evidence", grade))
    return columns


def _field_columns(
    kind: type[Any], attribute: Any, directory: Directory, join: Callable[[Iterable[str]], str]
) -> Iterator[Column]:
    name, title = attribute.name, field_title(attribute.name)
    inner = _inner(attribute.type)
    homes = COLLECTIONS[kind.collection].foreign_keys.get(name, ((), ""))[0]

    def values(record: Any) -> Sequence[Any]:
        value = getattr(record, name)
        return value if isinstance(value, tuple) else () if value is None else (value,)

    codes = _labels_of(values, str, join)
    if "entities" in homes:
        yield Column(title, _labels_of(values, lambda one: body_label(directory, one), join))
        yield Column(f"{title}{IDS}", codes)
    elif inner == Alpha3:
        yield Column(title, _labels_of(values, geography.name_of, join))
        yield Column(f"{title}{CODES}", codes)
    elif inner == Area:
        named = directory.areas.named
        yield Column(title, _labels_of(values, lambda one: named[one].label if one in named else one, join))
        yield Column(f"{title}{CODES}", codes)
    elif isinstance(inner, type) and issubclass(inner, Term):
        yield Column(title, _labels_of(values, lambda one: one.label, join))
        yield Column(f"{title}{CODES}", codes)
    elif inner == Source:
        yield Column(title, codes)
    elif inner is Identifier:
        yield Column(title, _labels_of(values, lambda one: f"{one.type}: {one.value}", join))
    elif name in ("url", "website", "trafficking_url"):
        yield Column(title, lambda record: None if getattr(record, name) is None else Link(getattr(record, name)))
    elif get_origin(attribute.type) is tuple:
        yield Column(title, codes)
    else:
        yield Column(title, lambda record: _bare(getattr(record, name)))


def _bare(value: Any) -> Cell:
    return str(value) if isinstance(value, str) else value


def _labels_of(
    values: Callable[[Any], Sequence[Any]], label: Callable[[Any], str], join: Callable[[Iterable[str]], str]
) -> Callable[[Any], Cell]:
    return lambda record: join(label(one) for one in values(record)) or None


def _inner(kind: Any) -> Any:
    """Return the type of the values of a field, whether it holds one, maybe none, or several."""
    if get_origin(kind) is tuple:
        return get_args(kind)[0]
    if type(None) in get_args(kind):
        return next(part for part in get_args(kind) if part is not type(None))
    return kind


def body_label(directory: Directory, identifier: str) -> str:
    """Return the name of a body, or its id if the dataset does not know it."""
    found = directory.by_id.get(identifier)
    return identifier if found is None else found.name


_PLURALS: Mapping[str, str] = MappingProxyType(
    {"countries": "country", "entities": "entity", **{f"{name}s": name for name in DIMENSIONS if name[-1] != "y"}}
)
_BODIES = frozenset({"a", "b", "source", "target", "through", "common", "members", "bodies", "own_bodies"})
"""Fields of answers that hold ids of bodies, beside those that are called as a dimension of bodies."""
_ROLES = frozenset({"entity", "organization", "lead", "partner", "donor", "member", "publisher"})
_NODES: Mapping[str, str] = MappingProxyType({entry.singular: name for name, entry in COLLECTIONS.items()})


def value_label(name: str, value: str, directory: Directory | None, ds: Dataset | None) -> str | None:
    """
    Return the name of a value in a column of an answer, or None if there is none to be had.

    >>> value_label("country", "GHA", None, None), value_label("theme", "child_protection", None, None)
    ('Ghana', 'Child protection')
    """
    singular = _PLURALS.get(name, name)
    if singular in ("country", "donor_country"):
        return value if value not in geography.by_alpha3() else geography.name_of(value)
    if directory is not None and (singular in _ROLES or name in _BODIES):
        return body_label(directory, value)
    node, colon, identifier = value.partition(":")
    if colon and ds is not None and node in _NODES:
        records = ds.collection(_NODES[node])
        return records[identifier].label if identifier in records.store.position_of else None
    if singular == "grouping" and directory is not None and value in directory.areas.named:
        return directory.areas.named[value].label
    known = terms(singular).get(value) if singular in DIMENSIONS and singular in _VOCABULARIES else None
    return None if known is None else known.label


_VOCABULARIES = frozenset({*VOCABULARIES, "subregion", "language"})
