"""
Collections of records: immutable sequences that can be looked up, filtered and searched.

A collection and everything filtered from it share one index per dimension, built when a query first needs it. This
module knows nothing of statistics and graphs.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeAlias, TypedDict, TypeVar, Unpack, overload

from icatmapping.datapackage.bundled import Shelf, column, kind_of
from icatmapping.errors import UnknownNameError
from icatmapping.model import geography
from icatmapping.query.dimensions import DIMENSIONS, LOCATED, collection_of, dimension, dimensions_of
from icatmapping.query.names import NameIndex, name_of
from icatmapping.utils.frames import stream, typed_frame
from icatmapping.utils.representation import LONGEST, Presentable, one_line
from icatmapping.utils.text import fold, nearest

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    import pandas as pd

    from icatmapping.model.records import Entity, Initiative, Organization, Partnership, Record, Resource
    from icatmapping.query.dimensions import Directory, Kind, Value

__all__ = [
    "Bodies",
    "Collection",
    "ContextCriteria",
    "Countries",
    "EntityCriteria",
    "InitiativeCriteria",
    "OrganizationCriteria",
    "PartnershipCriteria",
    "Reach",
    "ResourceCriteria",
    "SharedCriteria",
    "Terms",
    "Undated",
    "Years",
]

R = TypeVar("R", bound="Record")
T = TypeVar("T")

Reach: TypeAlias = Literal["named", "regional", "global"]
"""How far ``country`` reaches: records that name it, regional ones that include it, global ones."""
Undated: TypeAlias = Literal["exclude", "include"]
"""What ``year`` does with records that have no date."""
Terms: TypeAlias = str | Iterable[str]
"""One term or several, by value or label."""
Countries: TypeAlias = "str | int | geography.Country | Iterable[str | int | geography.Country]"
"""One country or several, by name, alias, alpha-2, alpha-3 or M49 number."""
Bodies: TypeAlias = "str | Entity | Organization | Iterable[str | Entity | Organization]"
"""One entity or organization or several, by id, acronym, name or alias."""
Years: TypeAlias = int | str | Iterable[int | str]
"""One year or several."""


class EntityCriteria(TypedDict, total=False):
    """What entities can be asked for by."""

    region: Terms
    scope: Terms
    theme: Terms
    form: Terms
    response: Terms
    target_group: Terms
    priority_area: Terms
    kind: Terms
    evidence: Terms


class OrganizationCriteria(TypedDict, total=False):
    """What organizations can be asked for by."""

    country: Countries
    subregion: Terms
    region: Terms
    kind: Terms
    evidence: Terms


class _LocatedCriteria(TypedDict, total=False):
    country: Countries
    subregion: Terms
    region: Terms
    theme: Terms
    form: Terms
    target_group: Terms
    priority_area: Terms
    organization: Bodies
    year: Years
    reach: Reach
    undated: Undated


class ContextCriteria(_LocatedCriteria, total=False):
    """What a context of work is made of: places, subjects, time; not one entity."""

    scope: Terms
    response: Terms


class SharedCriteria(ContextCriteria, total=False):
    """What initiatives and partnerships can both be asked for by, and so networks of them."""

    entity: Bodies


class InitiativeCriteria(SharedCriteria, total=False):
    """What initiatives can be asked for by."""

    lead: Bodies
    partner: Bodies
    donor: Bodies
    status: Terms
    evidence: Terms


class PartnershipCriteria(SharedCriteria, total=False):
    """What partnerships can be asked for by."""

    member: Bodies
    kind: Terms
    evidence: Terms


class ResourceCriteria(_LocatedCriteria, total=False):
    """What resources can be asked for by."""

    entity: Bodies
    publisher: Bodies
    kind: Terms
    language: Terms
    evidence: Terms


_REACHES: tuple[Reach, ...] = ("named", "regional", "global")
_UNDATED: tuple[Undated, ...] = ("exclude", "include")
_OPTIONS: Mapping[str, tuple[str, ...]] = {"reach": _REACHES, "undated": _UNDATED}


class _Store(Generic[R]):
    """All the records of one collection, with what is built from them once: indexes, names, full text."""

    def __init__(self, collection: str, records: Iterable[R], directory: Directory) -> None:
        self.collection = collection
        self.records: Sequence[R] = records if isinstance(records, Shelf) else tuple(records)
        self.directory = directory
        self._lock = threading.RLock()
        self._indexes: dict[str, dict[Value | None, list[int]]] = {}
        self._sets: dict[tuple[str, Value | None], frozenset[int]] = {}

    def __reduce__(self) -> tuple[type[_Store[R]], tuple[str, Sequence[R], Directory]]:
        return (_Store, (self.collection, self.records, self.directory))

    @cached_property
    def kind(self) -> type[R]:
        return kind_of(self.collection)

    @cached_property
    def names(self) -> NameIndex:
        return NameIndex(self.kind.__name__.lower(), self.records)

    @cached_property
    def place_of(self) -> dict[str, int]:
        return {identifier: position for position, identifier in enumerate(column(self.records, "id"))}

    def index(self, name: str) -> dict[Value | None, list[int]]:
        """Give the positions of the records with each value of a dimension; under None, of those with none."""
        index = self._indexes.get(name)
        if index is None:
            with self._lock:
                index = self._indexes.get(name)
                if index is None:
                    index = self._indexes[name] = _indexed(self._column(name))
        return index

    def _column(self, name: str) -> Iterable[Iterable[Value]]:
        # What `reach` asks of a record beside its dimensions.
        if name == "own region":
            return column(self.records, "regions")
        if name == "named region":
            return map(_regions_of, column(self.records, "countries"))
        return dimension(name, self.collection).column(self.records, self.collection, self.directory)

    def holding(self, name: str, value: Value | None) -> frozenset[int]:
        """Give the positions of the records that have a value, as a set that is made once."""
        key = (name, value)
        found = self._sets.get(key)
        if found is None:
            found = self._sets[key] = frozenset(self.index(name).get(value, ()))
        return found

    # --- reach

    def reaching(self, alpha3: str, reach: str) -> frozenset[int]:
        """Give the positions of the records that reach a country."""
        found = self.holding("country", alpha3)
        if reach == "named":
            return found
        region = geography.region_of(alpha3)
        if region is not None:
            found |= self.holding("own region", region) - self.holding("named region", region)
        if reach == "global":
            placeless = self.holding("own region", None) & self.holding("country", None)
            found |= (
                placeless & self.holding("scope", "global") if "scope" in dimensions_of(self.collection) else placeless
            )
        return found

    # --- full text

    @cached_property
    def _texts(self) -> sqlite3.Connection:
        import sqlite3  # noqa: PLC0415 - only a search needs it

        connection = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        connection.execute(
            "CREATE VIRTUAL TABLE texts USING fts5(name, acronym, body, tokenize='unicode61 remove_diacritics 0')"
        )
        connection.executemany(
            "INSERT INTO texts(rowid, name, acronym, body) VALUES (?, ?, ?, ?)",
            ((position, *map(fold, _texts_of(record))) for position, record in enumerate(self.records)),
        )
        return connection

    def matching(self, words: Sequence[str]) -> list[int]:
        """Give the positions of the records in which every word, or a longer one that begins so, stands; best first."""
        told = _telling(words)
        # What thousands of words ask for together, no record holds; a few of them show that at once.
        if len(told) > _MOST_WORDS and not self.matching(told[:_MOST_WORDS]):
            return []
        wanted = " ".join(f'"{word}"*' for word in told)
        with self._lock:
            rows = self._texts.execute(
                "SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY name != ?, bm25(texts, 8.0, 8.0, 1.0), rowid",
                (wanted, " ".join(words)),
            )
            return [row[0] for row in rows]


_MOST_WORDS = 100


def _telling(words: Sequence[str]) -> list[str]:
    """Leave out words that stand twice or begin another: they ask for no more, and cost the square of their number."""
    told = sorted(set(words))
    return [word for word, after in zip(told, [*told[1:], ""], strict=True) if not after.startswith(word)]


def _regions_of(countries: Iterable[str]) -> set[str]:
    return {region for country in countries if (region := geography.region_of(country)) is not None}


def _indexed(found: Iterable[Iterable[Value]]) -> dict[Value | None, list[int]]:
    index: dict[Value | None, list[int]] = {}
    for position, values in enumerate(found):
        for value in values or (None,):
            try:
                index[value].append(position)
            except KeyError:
                index[value] = [position]
    return index


def _texts_of(record: Record) -> tuple[str, str, str]:
    acronym: str = getattr(record, "acronym", "") or ""
    body: str = getattr(record, "summary", "") or getattr(record, "mandate", "")
    return name_of(record), acronym, body


class Collection(Presentable, Sequence[R]):
    """
    An immutable sequence of records of one kind.

    Collections come from a dataset (``ds.initiatives``) and from each other (`where`, `search`, slices).
    ``collection["UNODC"]`` looks a record up by id, acronym, name or title, or alias, ignoring case and diacritics, in
    that order; then by an id that it had formerly.

    Examples:
        >>> import icatmapping as im
        >>> ds = im.load()
        >>> ds.entities["unodc"].acronym
        'UNODC'
        >>> len(ds.initiatives) > 900
        True
    """

    __slots__ = ("__weakref__", "_positions", "_store")

    def __init__(self, kind: Kind, records: Iterable[R], directory: Directory) -> None:
        self._store: _Store[R] = _Store(collection_of(kind), records, directory)
        self._positions: Sequence[int] = range(len(self._store.records))

    def _taken(self, positions: Sequence[int]) -> Collection[R]:
        taken: Collection[R] = object.__new__(Collection)
        taken._store = self._store
        taken._positions = positions
        return taken

    @property
    def kind(self) -> type[R]:
        """The class of the records."""
        return self._store.kind

    @property
    def directory(self) -> Directory:
        """Who is who in the dataset that the records come from."""
        return self._store.directory

    def __len__(self) -> int:
        return len(self._positions)

    def __iter__(self) -> Iterator[R]:
        if isinstance(self._positions, range) and len(self._positions) == len(self._store.records):
            return iter(self._store.records[:: self._positions.step])
        return map(self._store.records.__getitem__, self._positions)

    def __contains__(self, record: object) -> bool:
        position = self._store.place_of.get(getattr(record, "id", ""))
        return position is not None and position in self._positions and self._store.records[position] == record

    @overload
    def __getitem__(self, key: int | str) -> R: ...
    @overload
    def __getitem__(self, key: slice) -> Collection[R]: ...
    def __getitem__(self, key: int | str | slice) -> R | Collection[R]:
        """
        Give a record by position or name, or a slice.

        Raises:
            UnknownNameError: If no record of the collection has the name; with the nearest names.
            AmbiguousNameError: If several records have the name equally well.
            IndexError: If there is no such position.
        """
        if isinstance(key, slice):
            return self._taken(self._positions[key])
        if isinstance(key, str):
            return self._find(key)
        return self._store.records[self._positions[key]]

    def _find(self, name: str) -> R:
        position = self._store.place_of.get(name)
        if position is not None and position in self._positions:
            return self._store.records[position]
        whole = len(self._positions) == len(self._store.records)
        names = self._store.names if whole else NameIndex(self.kind.__name__.lower(), tuple(self))
        return self._store.records[self._store.place_of[names.find(name)]]

    @overload
    def get(self, name: str) -> R | None: ...
    @overload
    def get(self, name: str, default: T) -> R | T: ...
    def get(self, name: str, default: T | None = None) -> R | T | None:
        """
        Give a record by name, or a default if none has it.

        Raises:
            AmbiguousNameError: If several records have the name equally well.

        Examples:
            >>> import icatmapping as im
            >>> im.load().entities.get("Interpol").id
            'interpol'
        """
        from icatmapping.errors import AmbiguousNameError  # noqa: PLC0415

        try:
            return self._find(name)
        except AmbiguousNameError:
            raise
        except UnknownNameError:
            return default

    @overload
    def where(self: Collection[Entity], **criteria: Unpack[EntityCriteria]) -> Collection[Entity]: ...
    @overload
    def where(self: Collection[Organization], **criteria: Unpack[OrganizationCriteria]) -> Collection[Organization]: ...
    @overload
    def where(self: Collection[Initiative], **criteria: Unpack[InitiativeCriteria]) -> Collection[Initiative]: ...
    @overload
    def where(self: Collection[Partnership], **criteria: Unpack[PartnershipCriteria]) -> Collection[Partnership]: ...
    @overload
    def where(self: Collection[Resource], **criteria: Unpack[ResourceCriteria]) -> Collection[Resource]: ...
    def where(self, **criteria: Any) -> Any:
        """
        Keep the records that meet every criterion.

        Args:
            **criteria: A dimension of the records (``country``, ``theme``, ``year``, ``entity`` …) and one value or an
                iterable of values, any of which will do. ``reach`` says how far ``country`` reaches: ``"named"``
                (default: the record names it), ``"regional"`` (or the record names its region and no country of
                that), ``"global"`` (or it is global and names no place). ``undated="include"`` lets records without
                a date through ``year``.

        Returns:
            The records in the order of this collection.

        Raises:
            TypeError: If the records have no such dimension.
            UnknownNameError: If a value does not exist; with the nearest ones.

        Examples:
            >>> import icatmapping as im
            >>> found = im.load().initiatives.where(country="Ivory Coast", theme="child protection")
            >>> all("CIV" in initiative.countries for initiative in found)
            True
        """
        return self._selected(criteria)

    def _selected(self, criteria: Mapping[str, Any]) -> Collection[R]:
        self._check_keys(criteria)
        options = {name: _option(name, criteria.get(name, values[0]), values) for name, values in _OPTIONS.items()}
        allowed = [self._meeting(name, value, options) for name, value in criteria.items() if name not in _OPTIONS]
        if not allowed:
            return self
        if isinstance(self._positions, range) and len(self._positions) == len(self._store.records):
            fewest = min(allowed, key=len)
            found = fewest.intersection(*(positions for positions in allowed if positions is not fewest))
            return self._taken(sorted(found, reverse=self._positions.step < 0))
        return self._taken([place for place in self._positions if all(place in positions for positions in allowed)])

    def _check_keys(self, criteria: Mapping[str, Any]) -> None:
        collection = self._store.collection
        known = dimensions_of(collection)
        if collection in LOCATED:
            known += tuple(_OPTIONS)
        for name in criteria:
            if name not in known:
                near = nearest(name, known, most=1)
                hint = f"; did you mean {near[0]!r}?" if near else f": {', '.join(known)}"
                elsewhere = "" if name not in DIMENSIONS else ", although others can"
                message = f"{collection} cannot be asked for by {name[:80]!r}{elsewhere}{hint}"
                raise TypeError(message)

    def _meeting(self, name: str, given: Any, options: Mapping[str, str]) -> frozenset[int]:
        store = self._store
        entry = dimension(name, store.collection)
        values = dict.fromkeys([entry.parse(value, store.collection, store.directory) for value in _each(given)])
        if name == "country" and options["reach"] != "named":
            found = [store.reaching(str(value), options["reach"]) for value in values]
        else:
            found = [store.holding(name, value) for value in values]
        if name == "year" and options["undated"] == "include":
            found.append(store.holding(name, None))
        return found[0] if len(found) == 1 else frozenset().union(*found)

    def search(self, text: str) -> Collection[R]:
        """
        Find records by words in their name or title, acronym, summary or mandate.

        Args:
            text: Words; a record must hold all of them, or longer words that begin so. Case, diacritics and
                punctuation do not matter. A text without words finds every record.

        Returns:
            The records found, best match first.

        Examples:
            >>> import icatmapping as im
            >>> im.load().initiatives.search("50 for freedom")[0].title
            '50 for Freedom'
        """
        words = fold(text).split()
        if not words:
            return self
        found = self._store.matching(words)
        if len(self._positions) < len(self._store.records):
            kept = frozenset(self._positions)
            found = [position for position in found if position in kept]
        return self._taken(found)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Collection):
            return NotImplemented
        if self._store is other._store:
            return list(self._positions) == list(other._positions)
        same_kind = self._store.collection == other._store.collection
        return same_kind and len(self) == len(other) and all(map(_same, self, other))

    def __hash__(self) -> int:
        return hash((self._store.collection, *(record.id for record in self)))

    def __repr__(self) -> str:
        names = [repr(one_line(name_of(record), 50)) for record in self[:3]]
        more = ", …" if len(self) > len(names) else ""
        kind = self.kind.__name__.lower() if len(self) == 1 else self._store.collection
        said = f"{len(self)} {kind}{': ' if names else ''}{', '.join(names)}{more}"
        return f"<{one_line(said, LONGEST - 2)}>"

    def to_dict(self) -> list[dict[str, Any]]:
        """Give the records as plain, JSON-ready data."""
        return [record.to_dict() for record in self]

    def to_pandas(self) -> pd.DataFrame:
        """
        Give the records as a pandas data frame: one row per record, one column per field, lists in the cells.

        Raises:
            MissingExtraError: If pandas is not installed.
        """
        return typed_frame(self._types, (record.to_dict() for record in self))

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """
        Give the records to whoever speaks the Arrow PyCapsule interface; an empty collection has the same schema.

        ``pyarrow.table(records)``, ``polars.from_dataframe(records)``, ``pandas.DataFrame.from_arrow(records)`` and a
        query of DuckDB that names a variable take a collection as it is. ``polars.DataFrame(records)`` and
        ``polars.from_arrow(records)`` take it for a list of objects instead, as they do with every sequence.

        Raises:
            MissingExtraError: If pyarrow is not installed.
        """
        return stream(self._types, (record.to_dict() for record in self), requested_schema)

    @property
    def _types(self) -> Mapping[str, Any]:
        from attrs import fields  # noqa: PLC0415 - costs more than a query

        return {attribute.name: attribute.type for attribute in fields(self.kind)}


def _same(one: object, other: object) -> bool:
    return one == other


def _each(given: Any) -> Iterable[Any]:
    """Take one value or an iterable of values for an iterable; a record is one value."""
    return given if isinstance(given, Iterable) and not isinstance(given, str | bytes) else (given,)


def _option(name: str, value: Any, values: Sequence[str]) -> str:
    if value not in values:
        raise UnknownNameError(value, name, nearest(value, values) or values if isinstance(value, str) else values)
    return str(value)
