"""
Finding a record by any name that it has: id, acronym, name or title, alias, former id, in that order of precedence.

Knows nothing of files or queries.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from icatmapping.errors import AmbiguousNameError, UnknownNameError
from icatmapping.utils.text import fold, nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from icatmapping.model.records import Record

__all__ = ["NameIndex"]


class NameIndex:
    """The names of some records, and the one way to look one up."""

    def __init__(self, kind: str, records: Sequence[Record]) -> None:
        self._kind = kind
        self._records = records

    @cached_property
    def _ids(self) -> frozenset[str]:
        return frozenset(record.id for record in self._records)

    @cached_property
    def _tiers(self) -> tuple[dict[str, dict[str, None]], ...]:
        """For each kind of name, by precedence: folded name → ids of the records that have it."""
        tiers: tuple[dict[str, dict[str, None]], ...] = ({}, {}, {}, {}, {})
        for record in self._records:
            acronym = getattr(record, "acronym", None)
            names = (
                (record.id,),
                (acronym,) if acronym else (),
                (record.label,),
                getattr(record, "aliases", ()),
                record.former_ids,
            )
            for tier, spellings in zip(tiers, names, strict=True):
                for spelling in spellings:
                    tier.setdefault(fold(spelling), {})[record.id] = None
        return tiers

    def find(self, name: object) -> str:
        """
        Find the id of the record with a name.

        Raises:
            UnknownNameError: If none has it, with the nearest names.
            AmbiguousNameError: If several have it equally well.
        """
        if not isinstance(name, str):
            name = self._id_of(name)
        if name in self._ids:
            return name
        folded = fold(name)
        for tier in self._tiers:
            found = tier.get(folded)
            if found:
                if len(found) > 1:
                    raise AmbiguousNameError(name, self._kind, sorted(found))
                return next(iter(found))
        raise UnknownNameError(name, self._kind, self._suggestions(name, folded))

    def _id_of(self, record: Any) -> str:
        """Take a record for its id."""
        identifier = getattr(record, "id", None)
        if not isinstance(identifier, str):
            raise UnknownNameError(record, self._kind)
        return identifier

    def _suggestions(self, name: str, folded: str) -> list[str]:
        if not folded:
            return []
        candidates: dict[str, str] = {}
        for record in self._records:
            for spelling in (
                getattr(record, "acronym", None),
                record.label,
                *getattr(record, "aliases", ()),
                record.id,
            ):
                if spelling:
                    candidates.setdefault(fold(spelling), spelling)
        near = nearest(name, candidates.values())
        starting = sorted(shown for key, shown in candidates.items() if len(folded) > 2 and key.startswith(folded))
        return list(dict.fromkeys([*near, *starting]))[:3]
