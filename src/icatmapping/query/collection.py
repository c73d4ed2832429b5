"""
Collections of records: immutable sequences that can be looked up, filtered and searched.

This module knows nothing of statistics and graphs.
"""

from __future__ import annotations

from operator import attrgetter, index
from typing import TYPE_CHECKING, Any, SupportsIndex, TypeVar, Unpack, overload

from icatmapping.datapackage.bundled import column
from icatmapping.errors import UnknownNameError
from icatmapping.model.schema import collection_of
from icatmapping.query.bitsets import bitset, kept_in, positions_of
from icatmapping.query.dimensions import DIMENSIONS, dimension, dimensions_of
from icatmapping.query.readers import SingleReader
from icatmapping.query.selection import Selection
from icatmapping.query.store import Store
from icatmapping.utils.arguments import check_text, materialize
from icatmapping.utils.exporting import Exportable
from icatmapping.utils.frames import arrow_columns, polars_frame, typed_frame
from icatmapping.utils.representation import LONGEST, Displayable, shorten_line
from icatmapping.utils.sequences import RowSequence
from icatmapping.utils.text import fold, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from icatmapping.model.records import Entity, Initiative, Organization, Partnership, Record, Resource
    from icatmapping.model.schema import Kind
    from icatmapping.query.criteria import (
        EntityCriteria,
        InitiativeCriteria,
        OrganizationCriteria,
        PartnershipCriteria,
        ResourceCriteria,
    )
    from icatmapping.query.directory import Directory, Source

__all__ = ["Collection", "R", "check_collection"]


R = TypeVar("R", bound="Record")


T = TypeVar("T")


class Collection(Displayable, Exportable, RowSequence[R]):
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

    __slots__ = ("__weakref__", "criteria", "positions", "possible_set", "store")

    def __init__(self, kind: Kind, records: Iterable[R], directory: Directory) -> None:
        self.store: Store[R] = Store(collection_of(kind), records, directory)
        self.positions: Sequence[int] = range(len(self.store.records))
        self.possible_set: int = 0
        self.criteria: tuple[Mapping[str, Any], ...] = ()

    def __setattr__(self, name: str, value: object) -> None:
        if hasattr(self, name):
            message = f"a collection cannot be changed, nor its {name!r}"
            raise AttributeError(message)
        super().__setattr__(name, value)

    def __delattr__(self, name: str) -> None:
        message = f"a collection cannot be changed, nor its {name!r}"
        raise AttributeError(message)

    def _subset(
        self, positions: Sequence[int], possible: int = 0, criteria: Mapping[str, Any] | None = None
    ) -> Collection[R]:
        taken: Collection[R] = object.__new__(Collection)
        taken.store = self.store
        taken.positions = positions
        taken.possible_set = possible
        taken.criteria = self.criteria if criteria is None else (*self.criteria, criteria)
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
        Return a record by position or name, or a slice.

        Raises:
            UnknownNameError: If no record of the collection has the name; with the nearest names.
            AmbiguousNameError: If several records have the name equally well.
            IndexError: If there is no such position.
            TypeError: If it is none of these.
        """
        if isinstance(key, slice):
            return self._subset(self.positions[key])
        if isinstance(key, str):
            return self._find(key)
        try:
            return self.store.records[self.positions[index(key)]]
        except TypeError:
            message = f"{self.store.collection} are asked for by name, position or slice, not by {key!r}"
            raise TypeError(message) from None
        except IndexError:
            message = f"there is no position {key} among {len(self)} {self.store.collection}"
            raise IndexError(message) from None

    def _find(self, name: str) -> R:
        position_of = self.store.position_of
        position = position_of.get(name)
        if position is not None and position in self.positions:
            return self.store.records[position]
        if len(self.positions) == len(self.store.records):
            return self.store.records[position_of[self.store.names.find(name)]]
        kept = frozenset(self.positions)
        found = self.store.names.find(name, kept=lambda identifier: position_of[identifier] in kept)
        return self.store.records[position_of[found]]

    @overload
    def get(self, name: str) -> R | None: ...
    @overload
    def get(self, name: str, default: T) -> R | T: ...
    def get(self, name: str, default: T | None = None) -> R | T | None:
        """
        Return a record by name, or a default if none has it.

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
                iterable of values, any of which will do. Values are found by value, label, alias, or a beginning that
                only one has. ``country`` and ``region`` take any area by any of its names ("Western Balkans", "ASEAN"):
                records meet them that name a country of it, it itself, or an area that lies wholly in it. The name of
                a country as ``donor``, ``partner``, ``lead``, ``member``, ``publisher`` or ``organization`` stands for
                its government and all its bodies.
                ``year`` takes years, each any of them, or spans as text (``"2015-2019"``, ``"2020-"``), ``since`` and
                ``until`` the first and the last year of one span: ``year=(2015, 2019)`` means those two years,
                ``since=2015, until=2019`` all from one to the other. ``dates`` says whether years are those in which a
                record is ``"known"`` (default) to be active, or ``"possible"`` ones, which its dates do not rule out.
                ``reach`` says how far a ``country`` reaches: ``"named"`` (default: the record names it),
                ``"regional"`` (or it names an area that holds the country, and no country of that area), ``"global"``
                (or it is global and names no place).

        Returns:
            The records in the order of this collection.

        Raises:
            TypeError: If the records have no such dimension.
            UnknownNameError: If a value does not exist; with the nearest ones, and all valid ones if they are few.
            ValueError: If ``since`` is after ``until``.

        Examples:
            >>> import icatmapping as im
            >>> found = im.load().initiatives.where(country="Ivory Coast", theme="child protection")
            >>> all("CIV" in initiative.countries for initiative in found)
            True
        """
        return self.select(criteria)

    def select(self, criteria: Mapping[str, Any]) -> Collection[R]:
        """Return the records that meet criteria given as a mapping: `where`, untyped."""
        criteria = materialize(criteria)
        selection = Selection(self.store, criteria)
        if not selection.restricts:
            return self
        met, possible = selection.met, selection.possible
        if isinstance(self.positions, range) and len(self.positions) == len(self.store.records):
            positions = positions_of(met)
            return self._subset(positions[:: self.positions.step], possible & ~met, criteria)
        positions = kept_in(met, self.positions)
        if not self.possible_set and possible == met:
            return self._subset(positions, 0, criteria)
        candidates = self.position_set | self.possible_set
        return self._subset(positions, candidates & possible & ~self._set_of(positions), criteria)

    @property
    def position_set(self) -> int:
        """The positions of the records in the whole collection, as a bitset."""
        return self._set_of(self.positions)

    def _set_of(self, positions: Sequence[int]) -> int:
        return bitset(positions, len(self.store.records))

    @property
    def question(self) -> str:
        """What was asked to get these records, in words; empty if nothing was."""
        from icatmapping.query.describe import describe_criteria  # noqa: PLC0415 - only who shows a question needs it

        asked = [describe_criteria(self.store.directory, criteria) for criteria in self.criteria]
        return ", ".join(text for text in asked if text)

    @property
    def possible(self) -> Collection[R]:
        """
        The records left out for their dates alone: those that ``dates="possible"`` would add.

        Examples:
            >>> import icatmapping as im
            >>> found = im.load().initiatives.where(country="Ghana", since=2020)
            >>> may_be = im.load().initiatives.where(country="Ghana", since=2020, dates="possible")
            >>> len(found) + len(found.possible) == len(may_be)
            True
        """
        return self._subset(positions_of(self.possible_set))

    def sort(self, by: str, *, descending: bool = False) -> Collection[R]:
        """
        Return the records in another order; those without a value come last, ties keep their order.

        Args:
            by: ``"label"``, ``"first_active"``, ``"last_active"``, or a dimension of which a record has one value.
            descending: Whether the highest come first.

        Raises:
            UnknownNameError: If the records cannot be put in order by that.

        Examples:
            >>> import icatmapping as im
            >>> newest = im.load().initiatives.where(country="Ghana").sort("last_active", descending=True)
            >>> newest[0].last_active >= newest[1].last_active
            True
        """
        keys = self._sort_keys(by)
        known = [place for place in self.positions if keys[place] is not None]
        known.sort(key=lambda place: keys[place], reverse=descending)
        unknown = [place for place in self.positions if keys[place] is None]
        return self._subset([*known, *unknown], self.possible_set)

    def _sort_keys(self, by: str) -> Mapping[int, Any]:
        store = self.store
        if by in ("label", "first_active", "last_active"):
            keys = {place: getattr(store.records[place], by) for place in self.positions}
            return {place: fold(key) for place, key in keys.items()} if by == "label" else keys
        single = [name for name in dimensions_of(store.collection) if _is_single(name, store.collection)]
        if by not in single:
            valid = ("label", "first_active", "last_active", *single)
            raise UnknownNameError(by, f"order of {store.collection}", nearest(str(by), valid), valid=valid)
        entry = dimension(by, store.collection)
        values = {place: entry.values(store.records[place], store.directory) for place in self.positions}
        return {place: found[0] if found else None for place, found in values.items()}

    def __or__(self, other: Collection[R]) -> Collection[R]:
        """Return the records of either collection: those of this one, then the others."""
        mine, theirs = self.position_set, self._set_of(self._positions_of(other))
        positions = [*self.positions, *kept_in(theirs & ~mine, other.positions)]
        return self._subset(positions, (self.possible_set | other.possible_set) & ~(mine | theirs))

    def __and__(self, other: Collection[R]) -> Collection[R]:
        """Return the records that are in both collections, in the order of this one."""
        theirs = self._set_of(self._positions_of(other))
        either = (self.position_set | self.possible_set) & (theirs | other.possible_set)
        return self._subset(kept_in(theirs, self.positions), either & ~(self.position_set & theirs))

    def __sub__(self, other: Collection[R]) -> Collection[R]:
        """Return the records of this collection that are not in the other, in order."""
        theirs = self._set_of(self._positions_of(other))
        return self._subset(kept_in(self.position_set & ~theirs, self.positions), self.possible_set & ~theirs)

    def _positions_of(self, other: object) -> Sequence[int]:
        """Check that another collection is of the same dataset and kind, and return its positions."""
        if not isinstance(other, Collection):
            message = f"a collection can only be combined with a collection, not with {type(other).__name__}"
            raise TypeError(message)
        if other.store is self.store:
            return other.positions
        message = f"{other.store.collection} and {self.store.collection} cannot be combined"
        if other.store.collection == self.store.collection:
            message = (
                f"{self.store.collection} of two datasets cannot be combined; lay one over the other with extended"
            )
        raise TypeError(message)

    def search(self, text: str) -> Collection[R]:
        """
        Return the records that words find, best match first.

        Words are looked for in the name or title, the acronym, the summary or mandate, the names of those that take
        part, and in all names of the countries, areas and terms that a record is coded as. A word finds its other
        forms ("shelters": shelter), both spellings (labor, labour), and longer words that begin so; case, diacritics
        and punctuation do not matter. Words that everybody uses ("the", "of") do not count.

        Args:
            text: Words; a record must meet all of them. If none of this collection does, those are returned that meet
                the greatest number of them, if that is half or more. A text without words finds every record.

        Examples:
            >>> import icatmapping as im
            >>> im.load().initiatives.search("50 for freedom")[0].title
            '50 for Freedom'
            >>> initiatives = im.load().initiatives
            >>> initiatives.search("child labor") == initiatives.search("Child Labour")
            True
        """
        check_text(text)
        if not fold(text):
            return self
        store = self.store
        return self._subset(store.texts.search(store.collection, text, self.positions))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Collection):
            return NotImplemented
        if self.store is other.store:
            return list(self.positions) == list(other.positions)
        same_kind = self.store.collection == other.store.collection
        return same_kind and len(self) == len(other) and all(map(_same, self, other))

    def __hash__(self) -> int:
        return hash((self.store.collection, *(record.id for record in self)))

    def __reduce_ex__(self, protocol: SupportsIndex) -> str | tuple[Any, ...]:
        """Send the dataset, which comes back as itself where it is the bundled one, and where the records are in it."""
        dataset = self.directory.source
        whole = getattr(dataset, self.store.collection)
        if whole.store is not self.store:
            return super().__reduce_ex__(protocol)
        if whole is self:
            return (getattr, (dataset, self.store.collection))
        return (_taken, (dataset, self.store.collection, self.positions, self.possible_set, self.criteria))

    def __repr__(self) -> str:
        names = [repr(shorten_line(record.label, 50)) for record in self[:3]]
        more = ", …" if len(self) > len(names) else ""
        kind = self.kind.__name__.lower() if len(self) == 1 else self.store.collection
        said = f"{len(self)} {kind}{': ' if names else ''}{', '.join(names)}{more}"
        return f"<{shorten_line(said, LONGEST - 2)}>"

    def to_dict(self) -> list[dict[str, Any]]:
        """Return the records as plain, JSON-ready data."""
        return [record.to_dict() for record in self]

    def to_pandas(self) -> pd.DataFrame:
        """
        Return the records as a pandas data frame: one row per record, one column per field, lists in the cells.

        Raises:
            MissingExtraError: If pandas is not installed.
        """
        return typed_frame(self._types, (record.to_dict() for record in self))

    def to_polars(self) -> pl.DataFrame:
        """
        Return the records as a polars data frame: one row per record, one column per field, lists in the cells.

        Raises:
            MissingExtraError: If polars or pyarrow is not installed.
        """
        return polars_frame(self.to_arrow)

    def to_arrow(self) -> pa.Table:
        """
        Return the records as a table of pyarrow: one row per record, one column per field, lists in the cells.

        Raises:
            MissingExtraError: If pyarrow is not installed.
        """
        return arrow_columns(self._types, {name: self._column(name) for name in self._types})

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """
        Return the records to whoever speaks the Arrow PyCapsule interface; an empty collection has the same schema.

        ``pyarrow.table(records)``, ``polars.DataFrame(records)``, ``pandas.DataFrame.from_arrow(records)``,
        ``narwhals.from_arrow(records, backend=…)`` and a query of DuckDB that names a variable take a collection as it
        is. ``pandas.DataFrame(records)`` is an error that says to call `to_pandas`.

        Raises:
            MissingExtraError: If pyarrow is not installed.
        """
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def _column(self, name: str) -> list[Any]:
        """Return one field of every record."""
        is_whole = isinstance(self.positions, range) and self.positions == range(len(self.store.records))
        return list(column(self.store.records, name) if is_whole else map(attrgetter(name), self))

    @property
    def _types(self) -> Mapping[str, Any]:
        from attrs import fields  # noqa: PLC0415 - costs more than a query

        return {attribute.name: attribute.type for attribute in fields(self.kind)}


def check_collection(value: object) -> None:
    """
    Refuse what is not a collection where one is wanted.

    Raises:
        TypeError: If it is something else, e.g. a dataset, which has several.
    """
    if not isinstance(value, Collection):
        message = f"records must be a collection, such as ds.initiatives, not {type(value).__name__}"
        raise TypeError(message)


def _same(one: object, other: object) -> bool:
    return one == other


def _is_single(name: str, collection: str) -> bool:
    """Return whether a record has at most one value of a dimension."""
    return isinstance(DIMENSIONS[name].readers[collection], SingleReader)


def _taken(
    dataset: Source,
    collection: str,
    positions: Sequence[int],
    possible: int,
    criteria: tuple[Mapping[str, Any], ...],
) -> Collection[Any]:
    """Return the collection that was taken from a dataset."""
    found: Collection[Any] = getattr(dataset, collection)
    for one in criteria:
        found = found._subset(found.positions, criteria=one)  # noqa: SLF001 - of the same module
    return found._subset(positions, possible)  # noqa: SLF001 - as above
