"""
What the records of a collection say that can be searched for, the one spelling in which it is, and what everybody says.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from icatmapping.datapackage.bundled import column
from icatmapping.utils.text import fold, unify_spelling

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from icatmapping.model.records import Record

__all__ = ["COMMON", "Speller", "Texts", "places_in", "texts_of"]

# Words that everybody uses, in English, French and Spanish. "Who" and "un" are acronyms here.
_ENGLISH = """
    a about all also among an and any are as at be been between both but by can could did do does for from had has have
    how if in into is it its more most no nor not of on or other our over some such than that the their them then there
    these they this those through to under very was we were what when where which while whom whose why will with within
    would you your
"""
_FRENCH = """
    au aux avec ce ces cette comme d dans de des du elle en entre est et l la le les leur leurs lui mais ne ou par pas
    plus pour qu que qui sa sans se ses son sont sur une
"""
_SPANISH = """
    al como con cual del desde donde e el ella ellos es esta este esto estos fue ha hay las lo los mas muy o para pero
    por quien ser sin sobre son su sus tambien una unas unos y ya
"""
COMMON = frozenset(f"{_ENGLISH} {_FRENCH} {_SPANISH}".split())

# What a word has that is written in several ways; looked for first, as most words have nothing of it.
_MANY_SPELLINGS = re.compile("is|our|[tb]re|ence|programme|ll|co |organs?$")


class Speller:
    """Writes texts in one spelling; as texts share their words, each word is looked at once."""

    def __init__(self, texts: Iterable[str]) -> None:
        tokens = set(" ".join(texts).split())
        # What is of plain letters only, as most words are, is folded by the step that is left.
        spelled = {token: token.lower() if token.isascii() and token.isalnum() else fold(token) for token in tokens}
        self.words: set[str] = set(" ".join(spelled.values()).split(" ")) - {""}
        several = {token: folded for token, folded in spelled.items() if _MANY_SPELLINGS.search(folded)}
        unified = unify_spelling("\n".join(several.values())).split("\n")
        self._spelled = spelled | dict(zip(several, unified, strict=True))

    def __call__(self, text: str) -> str:
        """Return a text in one spelling."""
        return " ".join(map(self._spelled.__getitem__, text.split()))


_FIELDS: Mapping[str, tuple[str, str | None, str | None]] = {
    "entities": ("name", "acronym", "mandate"),
    "organizations": ("name", "acronym", None),
    "initiatives": ("title", "acronym", "summary"),
    "partnerships": ("name", "acronym", "summary"),
    "resources": ("title", None, None),
}
"""The fields of a collection that hold the name or title, the acronym and the summary."""
_WITH_ALIASES = ("entities", "organizations")


class Texts(NamedTuple):
    """
    What the records of a collection say, field by field.

    Attributes:
        names: Their names or titles.
        acronyms: Their acronyms, empty where there is none.
        bodies: Their summaries or mandates, likewise.
        others: Their other names.
    """

    names: list[str]
    acronyms: list[str]
    bodies: list[str]
    others: list[tuple[str, ...]]

    def parts(self) -> Iterator[str]:
        """Yield all that they say, the same thing once."""
        yield from self.names
        yield from set(self.acronyms)
        yield from set(self.bodies)
        yield from (other for others in self.others for other in others)


def texts_of(collection: str, records: Sequence[Record]) -> Texts:
    """Return what the records of a collection say."""
    blank = [""] * len(records)
    names, acronyms, bodies = (
        blank if field is None else [text or "" for text in column(records, field)] for field in _FIELDS[collection]
    )
    has_others = collection in _WITH_ALIASES
    return Texts(names, acronyms, bodies, list(column(records, "aliases")) if has_others else [()] * len(records))


def places_in(names: list[str], wanted: str) -> Iterator[int]:
    """Yield where a name stands in a list, which is looked through faster than a table of a million is made."""
    place = -1
    while True:
        try:
            place = names.index(wanted, place + 1)
        except ValueError:
            return
        yield place
