"""
Collections of records: immutable sequences that can be looked up, filtered and searched.

This module knows nothing of statistics and graphs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, Unpack, overload

from icatmapping.errors import UnknownNameError
from icatmapping.model.schema import LOCATED, collection_of
from icatmapping.query.criteria import (
    OPTIONS,
    EntityCriteria,
    InitiativeCriteria,
    OrganizationCriteria,
    PartnershipCriteria,
    ResourceCriteria,
    check_option,
)
from icatmapping.query.dimensions import DIMENSIONS, dimension, dimensions_of
from icatmapping.query.names import NameIndex
from icatmapping.query.store import Store
from icatmapping.utils.frames import stream, typed_frame
from icatmapping.utils.representation import LONGEST, Displayable, shorten_line
from icatmapping.utils.text import fold, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from icatmapping.model.records import Entity, Initiative, Organization, Partnership, Record, Resource
    from icatmapping.model.schema import Kind
    from icatmapping.query.directory import Directory

__all__ = ["Collection", "R"]


R = TypeVar("R", bound="Record")


T = TypeVar("T")


class Collection(Displayable, Sequence[R]):
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

    __slots__ = ("__weakref__", "positions", "store")

    def __init__(self, kind: Kind, records: Iterable[R], directory: Directory) -> None:
        self.store: Store[R] = Store(collection_of(kind), records, directory)
        self.positions: Sequence[int] = range(len(self.store.records))

    def _subset(self, positions: Sequence[int]) -> Collection[R]:
        taken: Collection[R] = object.__new__(Collection)
        taken.store = self.store
        taken.positions = positions
        return taken

    @property
    def kind(self) -> type[R]:
        """The class of the records."""
        return self.store.kind

    @property
    def directory(self) -> Directory:
        """Who is who in the dataset that the records come from."""
        return self.store.directory

    def __len__(self) -> int:
        return len(self.positions)

    def __iter__(self) -> Iterator[R]:
        if isinstance(self.positions, range) and len(self.positions) == len(self.store.records):
            return iter(self.store.records[:: self.positions.step])
        return map(self.store.records.__getitem__, self.positions)

    def __contains__(self, record: object) -> bool:
        position = self.store.position_of.get(getattr(record, "id", ""))
        return position is not None and position in self.positions and self.store.records[position] == record

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
            return self._subset(self.positions[key])
        if isinstance(key, str):
            return self._find(key)
        return self.store.records[self.positions[key]]

    def _find(self, name: str) -> R:
        position = self.store.position_of.get(name)
        if position is not None and position in self.positions:
            return self.store.records[position]
        whole = len(self.positions) == len(self.store.records)
        names = self.store.names if whole else NameIndex(self.kind.__name__.lower(), tuple(self))
        return self.store.records[self.store.position_of[names.find(name)]]

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
        return self.select(criteria)

    def select(self, criteria: Mapping[str, Any]) -> Collection[R]:
        self._check_keys(criteria)
        options = {name: check_option(name, criteria.get(name, values[0]), values) for name, values in OPTIONS.items()}
        allowed = [self._positions_for(name, value, options) for name, value in criteria.items() if name not in OPTIONS]
        if not allowed:
            return self
        if isinstance(self.positions, range) and len(self.positions) == len(self.store.records):
            fewest = min(allowed, key=len)
            found = fewest.intersection(*(positions for positions in allowed if positions is not fewest))
            return self._subset(sorted(found, reverse=self.positions.step < 0))
        return self._subset([place for place in self.positions if all(place in positions for positions in allowed)])

    def _check_keys(self, criteria: Mapping[str, Any]) -> None:
        collection = self.store.collection
        known = dimensions_of(collection)
        if collection in LOCATED:
            known += tuple(OPTIONS)
        for name in criteria:
            if name not in known:
                near = nearest(name, known, most=1)
                hint = f"; did you mean {near[0]!r}?" if near else f": {', '.join(known)}"
                elsewhere = "" if name not in DIMENSIONS else ", although others can"
                message = f"{collection} cannot be asked for by {name[:80]!r}{elsewhere}{hint}"
                raise TypeError(message)

    def _positions_for(self, name: str, given: Any, options: Mapping[str, str]) -> frozenset[int]:
        store = self.store
        entry = dimension(name, store.collection)
        values = dict.fromkeys([entry.parse(value, store.collection, store.directory) for value in _as_values(given)])
        if name == "country" and options["reach"] != "named":
            found = [store.positions_reaching(str(value), options["reach"]) for value in values]
        else:
            found = [store.positions_with(name, value) for value in values]
        if name == "year" and options["undated"] == "include":
            found.append(store.positions_with(name, None))
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
        found = self.store.search(words)
        if len(self.positions) < len(self.store.records):
            kept = frozenset(self.positions)
            found = [position for position in found if position in kept]
        return self._subset(found)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Collection):
            return NotImplemented
        if self.store is other.store:
            return list(self.positions) == list(other.positions)
        same_kind = self.store.collection == other.store.collection
        return same_kind and len(self) == len(other) and all(map(_same, self, other))

    def __hash__(self) -> int:
        return hash((self.store.collection, *(record.id for record in self)))

    def __repr__(self) -> str:
        names = [repr(shorten_line(record.label, 50)) for record in self[:3]]
        more = ", …" if len(self) > len(names) else ""
        kind = self.kind.__name__.lower() if len(self) == 1 else self.store.collection
        said = f"{len(self)} {kind}{': ' if names else ''}{', '.join(names)}{more}"
        return f"<{shorten_line(said, LONGEST - 2)}>"

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


def _as_values(given: Any) -> Iterable[Any]:
    """Take one value or an iterable of values for an iterable; a record is one value."""
    return given if isinstance(given, Iterable) and not isinstance(given, str | bytes) else (given,)
