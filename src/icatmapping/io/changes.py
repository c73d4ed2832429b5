"""
What is different between two versions of a mapping, for those who depend on it: record by record, field by field.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from attrs import frozen

from icatmapping.model.schema import COLLECTIONS, QUERIED, RECORD_FILES
from icatmapping.results import Row, Table, plain
from icatmapping.utils.representation import shorten_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from icatmapping.dataset import Dataset

__all__ = ["Change", "ChangeKind", "Changes", "changes"]

ChangeKind: TypeAlias = Literal["added", "changed", "gone", "merged", "renamed"]
"""What became of a record."""
_KINDS: tuple[ChangeKind, ...] = ("added", "changed", "gone", "merged", "renamed")


@frozen(repr=False)
class Change(Row):
    """
    What became of a record, or of one of its fields.

    Attributes:
        kind: ``"added"``, ``"changed"`` (a row for every field), ``"gone"``; ``"merged"`` into another record, or
            ``"renamed"``, if a record of the new version has its id as a former one.
        collection: The collection, e.g. ``"initiatives"``.
        id: The id of the record; in the old version, if it is gone, merged or renamed.
        label: Its title or name.
        field: The field that changed, or None.
        before: What the field held, as plain data; None if nothing.
        after: What it holds now.
        into: The id under which the record is found now, if it was merged or renamed.
    """

    kind: ChangeKind
    collection: str
    id: str
    label: str
    field: str | None = None
    before: Any = None
    after: Any = None
    into: str | None = None

    def __str__(self) -> str:
        what = f"{self.kind}: {self.collection}: {self.id}"
        if self.into is not None:
            return f"{what} → {self.into}"
        if self.field is None:
            return f"{what} ({shorten_line(self.label, 60)})"
        before, after = (shorten_line(_written(value), 80) for value in (self.before, self.after))
        return f"{what}: {self.field}: {before} → {after}"


@frozen(repr=False)
class Changes(Table[Change]):
    """
    What is different between two versions, in the order of collections and ids.

    Attributes:
        old: The version of the old dataset, or None.
        new: That of the new one.
        rows: The changes.
    """

    old: str | None
    new: str | None
    rows: tuple[Change, ...]

    def of(self, kind: ChangeKind) -> tuple[Change, ...]:
        """Return the changes of one kind, e.g. ``"gone"``."""
        return tuple(row for row in self.rows if row.kind == kind)

    @property
    def counts(self) -> Mapping[str, int]:
        """How many records were added, changed, and so on."""
        found: dict[str, set[tuple[str, str]]] = {kind: set() for kind in _KINDS}
        for row in self.rows:
            found[row.kind].add((row.collection, row.id))
        return MappingProxyType({kind: len(records) for kind, records in found.items()})

    def __str__(self) -> str:
        said = ", ".join(f"{count:,} {kind}" for kind, count in self.counts.items() if count) or "nothing changed"
        head = f"{self.old or 'no version'} → {self.new or 'no version'}: {said}"
        return "\n".join([head, *(f"  {row}" for row in self.rows)])

    def _repr_summary(self) -> str:
        said = ", ".join(f"{count:,} {kind}" for kind, count in self.counts.items() if count) or "none"
        return f" from {self.old} to {self.new}: {said}"


def changes(old: Dataset, new: Dataset) -> Changes:
    """
    Return what is different in a newer version of a mapping: records added, changed field by field, gone, merged.

    A record whose id is a former id of a record of the new version is ``merged`` into that, if the old version had
    that as well, else ``renamed``; what else changed in it, is told of its new id.

    Args:
        old: The older dataset, e.g. ``im.load("icatmapping-2026.12.zip")``.
        new: The newer one.

    Examples:
        >>> import icatmapping as im
        >>> from attrs import evolve
        >>> ds = im.load()
        >>> mine = evolve(ds.initiatives["50-for-freedom"], end="2026")
        >>> print(im.changes(ds, ds.extended([mine]))[0])
        changed: initiatives: 50-for-freedom: end: nothing → 2026
    """
    rows = [change for name in RECORD_FILES for change in _changes_of(name, old, new)]
    return Changes(old.version, new.version, tuple(rows))


def _records(ds: Dataset, name: str) -> dict[str, Any]:
    key = COLLECTIONS[name].key[0]
    records = ds.collection(name) if name in QUERIED else getattr(ds, name)
    return {getattr(record, key): record for record in records}


def _changes_of(name: str, old: Dataset, new: Dataset) -> Iterator[Change]:
    before, after = _records(old, name), _records(new, name)
    now_at = {former: one for one, record in after.items() for former in getattr(record, "former_ids", ())}
    found: list[Change] = []
    for identifier, record in before.items():
        if identifier in after:
            found += _fields_of(name, record, after[identifier])
            continue
        into = now_at.get(identifier)
        if into is None:
            found.append(Change("gone", name, identifier, record.label))
        elif into in before:
            found.append(Change("merged", name, identifier, record.label, into=into))
        else:
            found.append(Change("renamed", name, identifier, record.label, into=into))
            found += _fields_of(name, record, after[into])
    renamed = {change.into for change in found if change.kind == "renamed"}
    found += [
        Change("added", name, identifier, record.label)
        for identifier, record in after.items()
        if identifier not in before and identifier not in renamed
    ]
    yield from sorted(found, key=lambda change: (change.id, change.kind))


def _fields_of(name: str, before: Any, after: Any) -> list[Change]:
    if before == after:
        return []
    fields: tuple[str, ...] = type(after).__match_args__
    key = COLLECTIONS[name].key[0]
    return [
        Change("changed", name, getattr(after, key), after.label, field, plain(old), plain(new))
        for field in fields
        if field != key and (old := getattr(before, field)) != (new := getattr(after, field))
    ]


def _written(value: Any) -> str:
    if value is None or value == []:
        return "nothing"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
