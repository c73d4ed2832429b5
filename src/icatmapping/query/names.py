"""
Finding a record by any name that it has: id, acronym, name or title, alias, former id, identifier, in that order.

Spellings that mean the same are one: British and American, with and without "The", hyphens, dots or "and", with an
acronym in brackets or before a dash. Knows nothing of files or queries.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from icatmapping.errors import AmbiguousNameError, UnknownNameError
from icatmapping.utils.laziness import cached_property
from icatmapping.utils.text import fold, nearest, unify_spelling

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from icatmapping.model.records import Record

__all__ = ["NameIndex"]

_MAX_NAME = 500
"""How many characters of what people type are looked at."""
_BEGINNING = 4
_BRACKETED = re.compile(r"(.+?)\s*[(\[]([^()\[\]]+)[)\]]")
_DASHED = re.compile(r"(.+?)\s+[-–—]+\s+(.+)|(.+?):\s+(.+)")


def name_key(name: str) -> str:
    """
    Return what a name is looked up by.

    >>> name_key("The U.N. Office on Drugs & Crime"), name_key("Co-operation centre for labour")
    ('unofficeondrugscrime', 'cooperationcenterforlabor')
    """
    words = unify_spelling(fold(name)).split(" ")
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    return "".join(word for word in words if word != "and") or "".join(words)


class NameIndex:
    """The names of some records, and the one way to look one up."""

    def __init__(self, kind: str, records: Sequence[Record]) -> None:
        self._kind = kind
        self._records = records

    @cached_property
    def _by_id(self) -> dict[str, Record]:
        return {record.id: record for record in self._records}

    @cached_property
    def _tiers(self) -> tuple[dict[str, dict[str, None]], ...]:
        """For each kind of name, by precedence: its key → ids of the records that have it."""
        tiers: tuple[dict[str, dict[str, None]], ...] = ({}, {}, {}, {}, {}, {})
        for record in self._records:
            acronym = getattr(record, "acronym", None)
            names = (
                (record.id,),
                (acronym,) if acronym else (),
                (record.label,),
                getattr(record, "aliases", ()),
                record.former_ids,
                [identifier.value for identifier in getattr(record, "identifiers", ())],
            )
            for tier, spellings in zip(tiers, names, strict=True):
                for spelling in spellings:
                    tier.setdefault(name_key(spelling), {})[record.id] = None
        return tiers

    def find(self, name: object, *, home: Collection[str] = (), kept: Callable[[str], bool] | None = None) -> str:
        """
        Find the id of the record with a name.

        Args:
            name: A name, or a record, which stands for its id.
            home: Countries (alpha-3) whose body is meant where several have the name.
            kept: Which ids may be found, if not all.

        Raises:
            UnknownNameError: If none has it, with the nearest names.
            AmbiguousNameError: If several have it equally well.
        """
        if not isinstance(name, str):
            name = self._id_of(name)
        if name in self._by_id and (kept is None or kept(name)):
            return name
        found = self._meanings(name[:_MAX_NAME], home, kept)
        if len(found) == 1:
            return found[0]
        if found:
            raise AmbiguousNameError(name, self._kind, sorted(found))
        text = name
        raise UnknownNameError(name, self._kind, lambda: self._suggestions(text, kept))

    def _meanings(self, name: str, home: Collection[str], kept: Callable[[str], bool] | None) -> list[str]:
        found = self._named(name, home, kept)
        if found:
            return found
        for head, tail in _parts(name):
            heads, tails = self._named(head, home, kept), self._named(tail, home, kept)
            both = [identifier for identifier in heads if identifier in tails]
            if both:
                return both
            # An acronym that nobody has recorded says no more than the name beside it.
            for known, other in ((heads, tail), (tails, head)):
                if len(known) == 1 and _is_acronym(other) and not self._named(other, home, kept):
                    return known
        return self._begun(name, kept, home)

    def _named(self, name: str, home: Collection[str], kept: Callable[[str], bool] | None) -> list[str]:
        """Return the ids of the records that have a name, of the kind of name that goes first; at home, if any is."""
        key = name_key(name)
        for tier in self._tiers:
            found = [identifier for identifier in tier.get(key, ()) if kept is None or kept(identifier)]
            if found:
                here = [one for one in found if home and getattr(self._by_id[one], "country", None) in home]
                return here if len(found) > 1 and here else found
        return []

    def _begun(self, name: str, kept: Callable[[str], bool] | None, home: Collection[str]) -> list[str]:
        """
        Return the one record a name of which begins so, if it is one and the beginning is long enough to tell.

        "Ministry of Justice" is the beginning of many names; where countries are given, that of a body of theirs.
        """
        key = name_key(name)
        if len(key) < _BEGINNING:
            return []
        begun = {
            identifier
            for tier in self._tiers[:4]
            for other, identifiers in tier.items()
            if other.startswith(key)
            for identifier in identifiers
            if kept is None or kept(identifier)
        }
        here = [one for one in sorted(begun) if home and getattr(self._by_id[one], "country", None) in home]
        return here or (list(begun) if len(begun) == 1 else [])

    def _id_of(self, record: Any) -> str:
        """Take a record for its id."""
        identifier = getattr(record, "id", None)
        if not isinstance(identifier, str):
            raise UnknownNameError(record, self._kind)
        return identifier

    @cached_property
    def _spellings(self) -> dict[str, tuple[str, str]]:
        """By folded name, a name as it is written and the id of the record that has it."""
        found: dict[str, tuple[str, str]] = {}
        for record in self._records:
            for name in (getattr(record, "acronym", None), record.label, *getattr(record, "aliases", ()), record.id):
                if name:
                    found.setdefault(fold(name), (name, record.id))
        return found

    def _suggestions(self, name: str, kept: Callable[[str], bool] | None) -> list[str]:
        folded = fold(name[:_MAX_NAME])
        if not folded:
            return []
        known = {key: shown for key, (shown, identifier) in self._spellings.items() if kept is None or kept(identifier)}
        near = nearest(name, known.values())
        starting = sorted(shown for key, shown in known.items() if len(folded) > 2 and key.startswith(folded))
        return list(dict.fromkeys([*near, *starting]))[:3]


def _parts(name: str) -> Iterator[tuple[str, str]]:
    """Yield the two parts of "Name (ACRONYM)" and of "ACRONYM - Name"."""
    for pattern in (_BRACKETED, _DASHED):
        found = pattern.fullmatch(name.strip())
        if found is not None:
            head, tail = (part for part in found.groups() if part is not None)
            yield head, tail


def _is_acronym(text: str) -> bool:
    """Return whether a text is one word of capital letters, such as "DRC"."""
    return text.isalpha() and text.isupper() and 2 <= len(text) <= 10
