"""
The layout of a mapping on frames: a wide table per collection, with a list for each dimension beside the fields.

Whatever a question needs of a record beside its fields (the regions of its countries, the entity of an organ, the years
in which it was active) is worked out once, when a table is written, by the definitions that memory reads. Lists hold no
nulls and nothing twice. Knows nothing of engines and files.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

from icatmapping.model import geography
from icatmapping.model.records import RECORD_CLASSES, participants
from icatmapping.model.schema import LOCATED
from icatmapping.query.dimensions import DIMENSIONS, dimensions_of
from icatmapping.query.readers import Direct, YearReader, known_spans, possible_spans

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from icatmapping.model.records import Record
    from icatmapping.query.directory import Directory
    from icatmapping.query.readers import FieldReader

__all__ = [
    "NAMED_AREAS",
    "PREFIX",
    "column_of",
    "derived_columns",
    "derived_types",
    "field_types",
    "required_columns",
]

PREFIX = "d_"
"""What the columns of dimensions begin with."""
NAMED_AREAS = "d_named_area"
"""The areas that a record names beside countries."""
_LISTS = (
    "d_named_area",
    "d_own_subregion",
    "d_own_region",
    "d_member_entity",
    "d_participant",
    "d_participant_kept",
    "d_target_country",
)
_YEARS = ("first_active", "last_active", "possible_first", "possible_last")


def column_of(dimension: str) -> str:
    """
    Return the column of a dimension.

    >>> column_of("theme")
    'd_theme'
    """
    return PREFIX + dimension


def field_types(collection: str) -> dict[str, Any]:
    """Return the type of each field of the records of a collection, as annotations write it."""
    from attrs import fields  # noqa: PLC0415 - comes with the classes

    return {attribute.name: attribute.type for attribute in fields(RECORD_CLASSES[collection])}


def derived_types(collection: str) -> dict[str, Any]:
    """
    Return the type of each column that stands beside the fields.

    >>> derived_types("resources")["d_year"], derived_types("resources")["d_language"]
    (tuple[int, ...], tuple[str, ...])
    """
    types: dict[str, Any] = {
        column_of(name): tuple[int, ...] if name == "year" else tuple[str, ...] for name in dimensions_of(collection)
    }
    types |= dict.fromkeys(_LISTS, tuple[str, ...])
    return types | dict.fromkeys(_YEARS, int | None)


def required_columns(collection: str) -> tuple[str, ...]:
    """Return the columns that a table of a collection must have."""
    return (*field_types(collection), *derived_types(collection))


def derived_columns(records: Sequence[Record], collection: str, directory: Directory) -> dict[str, list[Any]]:
    """
    Return the columns that stand beside the fields of some records.

    Args:
        records: The records, of one collection.
        collection: Its name: initiatives, partnerships or resources.
        directory: Who is who.
    """
    assert collection in LOCATED
    found: dict[str, list[Any]] = {}
    for name in dimensions_of(collection):
        reader = DIMENSIONS[name].readers[collection]
        found[column_of(name)] = _values(reader, records, directory)
    fold = directory.fold
    taking_part = list(map(participants, records))
    found["d_named_area"] = [_plain(record.regions) for record in records]  # type: ignore[union-attr]
    places = list(map(attrgetter("countries"), records))
    found["d_own_subregion"] = _remembered(_each(geography.subregion_of), places)
    found["d_own_region"] = _remembered(_each(geography.region_of), places)
    found["d_member_entity"] = _remembered(directory.entities_of, taking_part)
    found["d_participant"] = _remembered(lambda ones: tuple(dict.fromkeys(map(fold, ones))), taking_part)
    found["d_participant_kept"] = [_plain(ones) for ones in taking_part]
    found["d_target_country"] = _remembered(
        lambda key: tuple(sorted(directory.areas.targets(*key))),
        [(one.countries, one.regions, getattr(one, "scope", None) == "national") for one in records],  # type: ignore[union-attr]
    )
    known, possible = list(known_spans(records, collection)), list(possible_spans(records, collection))
    found["first_active"] = [None if span is None else span.first for span in known]
    found["last_active"] = [None if span is None else span.last for span in known]
    found["possible_first"] = [span.first for span in possible]
    found["possible_last"] = [span.last for span in possible]
    return found


def _values(reader: FieldReader, records: Sequence[Record], directory: Directory) -> list[list[Any]]:
    """Return the values of a dimension, which are worked out once for each combination of what they come from."""
    if isinstance(reader, YearReader | Direct):
        return _remembered(lambda values: values, map(tuple, reader.column(records, directory)))
    read: dict[Any, list[Any]] = {}
    found: list[list[Any]] = []
    keys = map(attrgetter(*reader.fields), records)
    for key, record in zip(keys, records, strict=True):
        values = read.get(key)
        if values is None:
            values = read[key] = _plain(reader.values(record, directory))
        found.append(values)
    return found


def _remembered(work_out: Callable[[Any], Iterable[str]], keys: Iterable[Any]) -> list[list[str]]:
    known: dict[Any, list[str]] = {}
    found: list[list[str]] = []
    for key in keys:
        values = known.get(key)
        if values is None:
            values = known[key] = _plain(work_out(key))
        found.append(values)
    return found


def _each(place_of: Callable[[str], str | None]) -> Callable[[Iterable[str]], list[str]]:
    return lambda countries: [place for place in map(place_of, countries) if place is not None]


def _plain(values: Iterable[Any]) -> list[Any]:
    """Return values each once, terms as the text that they are."""
    return [str(value) if isinstance(value, str) else value for value in dict.fromkeys(values)]
