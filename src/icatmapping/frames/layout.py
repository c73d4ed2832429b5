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

__all__ = [
    "NAMED_AREAS",
    "PREFIX",
    "ColumnMaker",
    "column_of",
    "derived_columns",
    "derived_types",
    "field_types",
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
_MOST_KNOWN = 50_000
"""How many combinations are kept with what follows from them."""
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


def derived_columns(records: Sequence[Record], collection: str, directory: Directory) -> dict[str, list[Any]]:
    """
    Return the columns that stand beside the fields of some records.

    Args:
        records: The records, of one collection.
        collection: Its name: initiatives, partnerships or resources.
        directory: Who is who.
    """
    return ColumnMaker(collection, directory).columns(records)


class ColumnMaker:
    """
    What works out the columns that stand beside the fields of records, once for each combination of what they hang on.
    """

    def __init__(self, collection: str, directory: Directory) -> None:
        """
        Begin.

        Args:
            collection: The collection of the records: initiatives, partnerships or resources.
            directory: Who is who.
        """
        assert collection in LOCATED
        self._collection = collection
        self._directory = directory
        self._known: dict[str, dict[Any, list[Any]]] = {}

    def columns(self, records: Sequence[Record]) -> dict[str, list[Any]]:
        """Return the columns of some records."""
        directory, found = self._directory, dict[str, list[Any]]()
        for name in dimensions_of(self._collection):
            found[column_of(name)] = self._values(name, records)
        fold, targets = directory.fold, directory.areas.targets
        taking_part = list(map(participants, records))
        found["d_named_area"] = [_plain(record.regions) for record in records]  # type: ignore[union-attr]
        places = list(map(attrgetter("countries"), records))
        found["d_own_subregion"] = self._worked_out("d_own_subregion", _each(geography.subregion_of), places)
        found["d_own_region"] = self._worked_out("d_own_region", _each(geography.region_of), places)
        found["d_member_entity"] = self._worked_out("d_member_entity", directory.entities_of, taking_part)
        found["d_participant"] = self._worked_out("d_participant", lambda ones: map(fold, ones), taking_part)
        found["d_participant_kept"] = [_plain(ones) for ones in taking_part]
        found["d_target_country"] = self._worked_out(
            "d_target_country",
            lambda key: sorted(targets(*key)),
            [(one.countries, one.regions, getattr(one, "scope", None) == "national") for one in records],  # type: ignore[union-attr]
        )
        known, possible = list(known_spans(records, self._collection)), list(possible_spans(records, self._collection))
        found["first_active"] = [None if span is None else span.first for span in known]
        found["last_active"] = [None if span is None else span.last for span in known]
        found["possible_first"] = [span.first for span in possible]
        found["possible_last"] = [span.last for span in possible]
        return found

    def _values(self, name: str, records: Sequence[Record]) -> list[list[Any]]:
        """Return the values of a dimension."""
        reader = DIMENSIONS[name].readers[self._collection]
        if isinstance(reader, YearReader | Direct):
            return self._worked_out(name, tuple, map(tuple, reader.column(records, self._directory)))
        keys = list(map(attrgetter(*reader.fields), records))
        some = dict(zip(keys, records, strict=True))
        return self._worked_out(name, lambda key: reader.values(some[key], self._directory), keys)

    def _worked_out(self, name: str, work_out: Callable[[Any], Iterable[Any]], keys: Iterable[Any]) -> list[list[Any]]:
        known = self._known.setdefault(name, {})
        if len(known) > _MOST_KNOWN:
            known.clear()
        found: list[list[Any]] = []
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
