"""
All the records of one collection, with what is built from them once: indexes, names, full text.
"""

from __future__ import annotations

import threading
from functools import cached_property
from typing import TYPE_CHECKING, Generic, TypeVar

from icatmapping.datapackage.bundled import LazyRecords, column, record_class
from icatmapping.model import geography
from icatmapping.query.dimensions import dimension, dimensions_of
from icatmapping.query.names import NameIndex
from icatmapping.utils.text import fold

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

    from icatmapping.model.records import Record
    from icatmapping.model.schema import Value
    from icatmapping.query.directory import Directory

R = TypeVar("R", bound="Record")

__all__ = ["Store"]


class Store(Generic[R]):
    """All the records of one collection, with what is built from them once: indexes, names, full text."""

    def __init__(self, collection: str, records: Iterable[R], directory: Directory) -> None:
        self.collection = collection
        self.records: Sequence[R] = records if isinstance(records, LazyRecords) else tuple(records)
        self.directory = directory
        self._lock = threading.RLock()
        self._indexes: dict[str, dict[Value | None, list[int]]] = {}
        self._sets: dict[tuple[str, Value | None], frozenset[int]] = {}

    def __reduce__(self) -> tuple[type[Store[R]], tuple[str, Sequence[R], Directory]]:
        return (Store, (self.collection, self.records, self.directory))

    @cached_property
    def kind(self) -> type[R]:
        return record_class(self.collection)

    @cached_property
    def names(self) -> NameIndex:
        return NameIndex(self.kind.__name__.lower(), self.records)

    @cached_property
    def position_of(self) -> dict[str, int]:
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

    def positions_with(self, name: str, value: Value | None) -> frozenset[int]:
        """Give the positions of the records that have a value, as a set that is made once."""
        key = (name, value)
        found = self._sets.get(key)
        if found is None:
            found = self._sets[key] = frozenset(self.index(name).get(value, ()))
        return found

    # --- reach

    def positions_reaching(self, alpha3: str, reach: str) -> frozenset[int]:
        """Give the positions of the records that reach a country."""
        found = self.positions_with("country", alpha3)
        if reach == "named":
            return found
        region = geography.region_of(alpha3)
        if region is not None:
            found |= self.positions_with("own region", region) - self.positions_with("named region", region)
        if reach == "global":
            placeless = self.positions_with("own region", None) & self.positions_with("country", None)
            found |= (
                placeless & self.positions_with("scope", "global")
                if "scope" in dimensions_of(self.collection)
                else placeless
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

    def search(self, words: Sequence[str]) -> list[int]:
        """Give the positions of the records in which every word, or a longer one that begins so, stands; best first."""
        told = _distinct_prefixes(words)
        # What thousands of words ask for together, no record holds; a few of them show that at once.
        if len(told) > MAX_WORDS and not self.search(told[:MAX_WORDS]):
            return []
        wanted = " ".join(f'"{word}"*' for word in told)
        with self._lock:
            rows = self._texts.execute(
                "SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY name != ?, bm25(texts, 8.0, 8.0, 1.0), rowid",
                (wanted, " ".join(words)),
            )
            return [row[0] for row in rows]


MAX_WORDS = 100


def _distinct_prefixes(words: Sequence[str]) -> list[str]:
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
    return record.label, acronym, body
