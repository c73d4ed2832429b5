"""
Finding a record by any name that it has: id, acronym, name or title, alias, former id, identifier, in that order.

Spellings that mean the same are one: British and American, with and without "The", hyphens, dots or "and", with an
acronym or a country in brackets, before a dash, after a comma. Knows nothing of files or queries.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import islice, takewhile
from typing import TYPE_CHECKING, Any

from icatmapping.errors import AmbiguousNameError, UnknownNameError
from icatmapping.model import geography
from icatmapping.utils.laziness import cached_property
from icatmapping.utils.text import fold, nearest, unify_spelling

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from icatmapping.model.records import Record

__all__ = ["NameIndex"]

_MAX_NAME = 500
"""How many characters of what people type are looked at."""
_MAX_PARTS = 12
"""In how many ways a name is taken apart."""
_BEGINNING = 4
_BRACKETED = re.compile(r"(.+?)\s*[(\[]([^()\[\]]+)[)\]][.,;]?")
_BRACKETED_FIRST = re.compile(r"[(\[]([^()\[\]]+)[)\]]\s*(.+)")
_DIVIDED = re.compile(r"\s+[-–—]+\s+|\s*[/|;,:–—]\s*")
_LOOSELY_DIVIDED = re.compile(r"-|\s+")

# Words that a name has or lacks without meaning another body.
_SMALL_WORDS = frozenset({"the", "and", "of", "for", "on", "in", "to", "et", "und", "y"})
_ABBREVIATIONS = {
    "intl": "international",
    "int": "international",
    "internat": "international",
    "org": "organization",
    "natl": "national",
    "nat": "national",
    "dept": "department",
    "dep": "department",
    "min": "ministry",
    "govt": "government",
    "gov": "government",
    "assoc": "association",
    "assn": "association",
    "univ": "university",
    "fed": "federation",
    "soc": "society",
    "dev": "development",
    "prog": "program",
    "comm": "commission",
    "commn": "commission",
    "off": "office",
    "inst": "institute",
}
_SAME_PHRASES = (
    (re.compile(r"\bunited nations\b"), "un"),
    (re.compile(r"\bunited states of america\b|\bunited states\b|\busa\b"), "us"),
    (re.compile(r"\bunited kingdom\b"), "uk"),
    (re.compile(r"\beuropean union\b"), "eu"),
    (re.compile(r"\bint l\b"), "international"),
    (re.compile(r"\bu (?=[nsk]\b)"), "u"),
)


def name_key(name: str) -> str:
    """
    Return what a name is looked up by.

    >>> name_key("The U.N. Office for Drugs & Crime"), name_key("Int'l Co-operation Centre for Labour")
    ('unofficedrugcrime', 'internationalcooperationcenterlabor')
    """
    text = unify_spelling(fold(name))
    for pattern, phrase in _SAME_PHRASES:
        text = pattern.sub(phrase, text)
    words = text.split(" ")
    if len(words) == 1:
        return text
    kept = [_ABBREVIATIONS.get(word, word) for word in words if word not in _SMALL_WORDS]
    if len(kept) > 1:  # a name of one word may be an acronym, whose last letter matters
        kept = [word[:-1] if len(word) > 3 and word[-1] == "s" and word[-2] != "s" else word for word in kept]
    return "".join(kept) or "".join(words)


# By precedence, the names of each kind that a record has.
_KINDS: tuple[Callable[[Any], Iterable[str]], ...] = (
    lambda record: (record.id,),
    lambda record: filter(None, (getattr(record, "acronym", None),)),
    lambda record: (record.label,),
    lambda record: getattr(record, "aliases", ()),
    lambda record: record.former_ids,
    lambda record: [identifier.value for identifier in getattr(record, "identifiers", ())],
)
_CALLED = 4
"""How many of these kinds are what a body is called."""
_REGISTERED = 5


class _Tiers:
    """
    For each kind of name, by precedence: what it is reduced to → ids of the records that have it.

    Each is made when it is asked for: most names that people type are of the first kinds.
    """

    def __init__(self, records: Iterable[Record], reduce: Callable[[str], str]) -> None:
        self._records = records
        self._reduce = reduce
        self._made: dict[int, dict[str, dict[str, None]]] = {}

    def __getitem__(self, number: int) -> Mapping[str, dict[str, None]]:
        tier = self._made.get(number)
        if tier is None:
            names_of, reduce = _KINDS[number], self._reduce
            tier = {}
            for record in self._records:
                for name in names_of(record):
                    tier.setdefault(reduce(name), {})[record.id] = None
            self._made[number] = tier
        return tier

    def __iter__(self) -> Iterator[Mapping[str, dict[str, None]]]:
        return map(self.__getitem__, range(len(_KINDS)))


class NameIndex:
    """The names of some records, and the one way to look one up."""

    def __init__(self, kind: str, records: Iterable[Record]) -> None:
        self._kind = kind
        self._records = records

    @cached_property
    def _by_id(self) -> dict[str, Record]:
        return {record.id: record for record in self._records}

    @cached_property
    def _written(self) -> _Tiers:
        """The names as they are written, but for case and diacritics."""
        return _Tiers(self._records, fold)

    @cached_property
    def _tiers(self) -> _Tiers:
        """The names by their keys: spellings that mean the same are one."""
        return _Tiers(self._records, name_key)

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
        found = self._named(name, home, kept) or self._registered(name, kept)
        if found:
            return found
        for head, tail, loose in _parts(name):
            found = self._agreed(head, tail, home, kept, loose=loose)
            if found:
                return found
        return self._begun(name, kept, home)

    def _agreed(
        self, head: str, tail: str, home: Collection[str], kept: Callable[[str], bool] | None, *, loose: bool
    ) -> list[str]:
        """
        Return the ids that the two parts of a name mean together: what both mean, or what one does and the other says
        no more of, being the country of that body or an acronym that nobody has recorded.

        Args:
            head: The first part.
            tail: The second part.
            home: As in `find`.
            kept: As in `find`.
            loose: Whether only a space or a hyphen parts them, so that an acronym must be that of the name beside it.
        """
        heads, tails = self._named(head, home, kept), self._named(tail, home, kept)
        both = [identifier for identifier in heads if identifier in tails]
        if both:
            return both
        for known, name, other in ((heads, head, tail), (tails, tail, head)):
            # Whether a part is a country is asked last: it costs more than all the rest.
            known_at_all = known or any(self._starting(name_key(name)))
            alpha3 = geography.code_or_none(other) if known_at_all else None
            if alpha3 is not None:
                at_home = self._at_home(name, alpha3, kept)
                if at_home:
                    return at_home
            elif len(known) == 1 and self._says_nothing(other, name, home, kept, loose=loose):
                return known
        return []

    def _says_nothing(
        self, other: str, name: str, home: Collection[str], kept: Callable[[str], bool] | None, *, loose: bool
    ) -> bool:
        """Return whether what stands beside a name is an acronym that nobody has; of that name, if it is loose."""
        return _is_acronym(other) and not self._named(other, home, kept) and (not loose or _is_initials(other, name))

    def _at_home(self, name: str, alpha3: str, kept: Callable[[str], bool] | None) -> list[str]:
        """Return the one body of a country that is called so, or whose name begins so."""
        key = name_key(name)
        starting = [
            (other, identifier)
            for other, identifier in (self._starting(key) if len(key) >= _BEGINNING else ())
            if getattr(self._by_id[identifier], "country", None) == alpha3 and (kept is None or kept(identifier))
        ]
        for found in ({one for other, one in starting if other == key}, {one for _, one in starting}):
            if len(found) == 1:
                return list(found)
        return []

    def _named(self, name: str, home: Collection[str], kept: Callable[[str], bool] | None) -> list[str]:
        """Return the ids of the records that have a name, of the kind of name that goes first; at home, if any is."""
        key = fold(name)
        identifier = key.replace(" ", "-")  # as ids are written, so that they need not be folded
        if identifier in self._by_id and (kept is None or kept(identifier)):
            return [identifier]
        found = self._first(self._written, key, home, kept)
        return found or (self._first(self._tiers, name_key(name), home, kept) if key else [])

    def _first(self, tiers: _Tiers, key: str, home: Collection[str], kept: Callable[[str], bool] | None) -> list[str]:
        for tier in tiers:
            found = [identifier for identifier in tier.get(key, ()) if kept is None or kept(identifier)]
            if found:
                here = [one for one in found if home and getattr(self._by_id[one], "country", None) in home]
                return here if len(found) > 1 and here else found
        return []

    def _registered(self, name: str, kept: Callable[[str], bool] | None) -> list[str]:
        """Return the ids of the records whose identifier an address ends with: "https://ror.org/041e9qk67"."""
        if "://" not in name:
            return []
        found = self._tiers[_REGISTERED].get(name_key(name.rstrip("/").rpartition("/")[2]), ())
        return [identifier for identifier in found if kept is None or kept(identifier)]

    def _begun(self, name: str, kept: Callable[[str], bool] | None, home: Collection[str]) -> list[str]:
        """
        Return the one record a name of which begins so, if it is one and the beginning is long enough to tell.

        "Ministry of Justice" is the beginning of many names; where countries are given, that of a body of theirs.
        """
        key = name_key(name)
        if len(key) < _BEGINNING:
            return []
        begun = {identifier for _, identifier in self._starting(key) if kept is None or kept(identifier)}
        here = [one for one in sorted(begun) if home and getattr(self._by_id[one], "country", None) in home]
        return here or (list(begun) if len(begun) == 1 else [])

    @cached_property
    def _sorted_keys(self) -> list[tuple[str, str]]:
        """The keys of ids, acronyms, names and aliases, each with the id of the record, in order."""
        return sorted((key, one) for tier in islice(self._tiers, _CALLED) for key, ids in tier.items() for one in ids)

    def _starting(self, key: str) -> Iterator[tuple[str, str]]:
        """Yield the keys that begin so, each with the id of the record."""
        place = bisect_left(self._sorted_keys, (key, ""))
        return takewhile(lambda pair: pair[0].startswith(key), islice(self._sorted_keys, place, None))

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


def _parts(name: str) -> Iterator[tuple[str, str, bool]]:
    """
    Yield the two parts of "Name (ACRONYM)", "ACRONYM - Name", "Name / ACRONYM", then of "ACRONYM Name"; and whether
    they are parted loosely.
    """
    text = name.strip()
    for pattern in (_BRACKETED, _BRACKETED_FIRST):
        found = pattern.fullmatch(text)
        if found is not None:
            yield found[1], found[2], False
    for cut in islice(_DIVIDED.finditer(text), _MAX_PARTS):
        yield from _two(text, cut, loose=False)
    cuts = list(islice(_LOOSELY_DIVIDED.finditer(text), _MAX_PARTS))
    for cut in dict.fromkeys([*cuts[:3], *cuts[-3:]]):
        yield from _two(text, cut, loose=True)


def _two(text: str, cut: re.Match[str], *, loose: bool) -> Iterator[tuple[str, str, bool]]:
    head, tail = text[: cut.start()], text[cut.end() :]
    if head and tail:
        yield head, tail, loose


def _is_acronym(text: str) -> bool:
    """Return whether a text is one word, most of it capital letters, such as "DRC", "S.C.I." or "CoE"."""
    letters = [letter for letter in text if letter.isalpha()]
    capitals = sum(letter.isupper() for letter in letters)
    return 2 <= len(letters) <= 10 and 2 * capitals > len(letters) and capitals > 1 and not any(map(str.isspace, text))


def _is_initials(acronym: str, name: str) -> bool:
    """Return whether an acronym is made of the first letters of the words of a name, small words or not."""
    words = fold(name).split(" ")
    initials = {"".join(word[0] for word in words), "".join(word[0] for word in words if word not in _SMALL_WORDS)}
    return fold(acronym).replace(" ", "") in initials
