"""
How names are compared: folding of case, diacritics and punctuation, and the nearest names to a misspelt one.

Knows nothing of what the names stand for.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

__all__ = [
    "SAME_SPELLINGS",
    "NearestNames",
    "fold",
    "is_akin",
    "join_and",
    "join_or",
    "nearest",
    "unify_spelling",
]

_SEPARATORS = re.compile(r"[\W_]+")
# Letters that Unicode does not decompose, in the spelling that people type without them.
_PLAIN_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ə": "a", "ß": "ss"}
    | dict.fromkeys("'’‘ʼʻ`´", "")
)


class _BareLetters(dict[int, str]):
    """
    What becomes of each character: it comes apart on its own, and its marks are dropped.

    To take a whole text apart would sort its combining marks, which takes the square of their number.
    """

    def __missing__(self, code: int) -> str:
        text = unicodedata.normalize("NFKD", chr(code).translate(_PLAIN_LETTERS)).casefold()  # "№" becomes "No"
        text = "".join(letter for letter in text if not unicodedata.combining(letter)).translate(_PLAIN_LETTERS)
        if len(self) < _MAX_LETTERS:
            self[code] = text
        return text


_MAX_LETTERS = 20_000
_BARE_LETTERS = _BareLetters()


def fold(text: str) -> str:
    """
    Reduce a name to what it is compared by: lower case, no diacritics, words separated by one space.

    >>> fold("Côte d’Ivoire"), fold("VIET-NAM"), fold("child_protection")
    ('cote divoire', 'viet nam', 'child protection')
    """
    text = text.casefold()
    if not text.isascii():
        text = text.translate(_BARE_LETTERS)
    elif "'" in text or "`" in text:
        text = text.translate(_PLAIN_LETTERS)
    return _SEPARATORS.sub(" ", text).strip()


# Words that are written in several ways, each to one of them: British and American, joined and apart.
SAME_SPELLINGS = (
    (re.compile(r"\bco (?=operat|ordinat)"), "co"),
    (re.compile(r"is(?=(?:ations?|ational|e|ed|ers?|es|ing)\b)"), "iz"),
    (re.compile(r"\b(lab|neighb|behavi|col|hon|fav|harb)our"), r"\1or"),
    (re.compile(r"\b(cent|theat|fib|met)re(?=s?\b)"), r"\1er"),
    (re.compile(r"\bprogramme"), "program"),
    (re.compile(r"\b(def|off|lic)ence"), r"\1ense"),
    (re.compile(r"\b(travel|counsel|label|model)l(?=(?:ed|ers?|ors?|ing)\b)"), r"\1"),
    (re.compile(r"\borgans?\b"), "organx"),  # a stemmer would take an organ for an organization
)


def unify_spelling(folded: str) -> str:
    """
    Return a folded text with every word in one of its spellings.

    >>> unify_spelling(fold("Labour centre for organising co-operation programmes"))
    'labor center for organizing cooperation programs'
    """
    for pattern, spelling in SAME_SPELLINGS:
        folded = pattern.sub(spelling, folded)
    return folded


def nearest(name: str, names: Iterable[str], *, most: int = 3) -> list[str]:
    """
    Return the names nearest to a misspelt one, nearest first; none that shares no word and no beginning with it.

    >>> nearest("child protecton", ["child_protection", "health"])
    ['child_protection']
    >>> nearest("training", ["grant_making"])
    []
    """
    import difflib  # noqa: PLC0415 - only an error needs it

    by_folded = {fold(candidate[:MAX_COMPARED]): candidate for candidate in names}
    wanted = fold(name[:MAX_COMPARED])
    likely = [folded for folded in by_folded if is_akin(wanted, folded)]
    found = difflib.get_close_matches(wanted, likely, n=most, cutoff=0.6)
    return [by_folded[key] for key in found]


class NearestNames:
    """
    The names nearest to many misspelt ones, found as long as a bounded amount of work lasts, then no more.

    Valid names are folded once. Work is counted in characters that are compared with each other, so the same
    questions have the same answers everywhere.

    >>> NearestNames().find("preventoin", ("prevention", "protection"))
    'prevention'
    >>> NearestNames(budget=10).find("preventoin", ("prevention", "protection")) is None
    True
    """

    def __init__(self, budget: int = 8_000_000) -> None:
        self._left = budget
        self._folded: dict[object, tuple[Collection[str], dict[str, str], int, int]] = {}
        self._found: dict[tuple[str, object], str | None] = {}

    def find(self, name: str, known: Collection[str]) -> str | None:
        """Return the valid name nearest to a misspelt one, or None if none is near or the work is used up."""
        if self._left <= 0:
            return None
        # Long lists are known by who they are: to compare them would be work for every name.
        which: object = tuple(known) if len(known) <= _SHORT_LIST else id(known)
        key = (name[:MAX_COMPARED], which)
        if key not in self._found:
            self._found[key] = self._nearest(fold(key[0]), which, known)
        return self._found[key]

    def _nearest(self, wanted: str, which: object, known: Collection[str]) -> str | None:
        import difflib  # noqa: PLC0415 - only an error needs it

        if which not in self._folded:
            by_folded = {fold(candidate[:MAX_COMPARED]): candidate for candidate in known}
            length = sum(map(len, by_folded)) + 20 * len(by_folded)
            words = sum(folded.count(" ") + 1 for folded in by_folded)
            self._folded[which] = (known, by_folded, length, words)
            self._left -= length
        _, by_folded, length, words = self._folded[which]
        self._left -= length + 3 * words * wanted.count(" ")
        likely = [folded for folded in by_folded if is_akin(wanted, folded)] if self._left > 0 else []
        self._left -= len(wanted) * sum(map(len, likely))
        found = difflib.get_close_matches(wanted, likely, n=1, cutoff=0.6) if self._left > 0 else []
        return by_folded[found[0]] if found else None


_SHORT_LIST = 100


MAX_COMPARED = 200
"""How many characters of a name are compared."""


def is_akin(one: str, other: str) -> bool:
    """
    Return whether two folded names share a word or a beginning, so that who typed one may have meant the other.

    >>> is_akin("nigerai", "nigeria"), is_akin("asean", "sudan"), is_akin("police", "policymakers")
    (True, False, True)
    """
    words, others = one.split(" "), other.split(" ")
    if any(len(word) > 2 and word in others for word in words):
        return True
    return any(
        a[:3] == b[:3] or (a[:2] == b[:2] and (len(a) == len(b) == 3 or _has_letters_of(a, b)))
        for a in words
        for b in others
        if a and b
    )


def _has_letters_of(one: str, other: str) -> bool:
    """Return whether two words are of much the same letters, as one with two letters exchanged."""
    return len(set(one) ^ set(other)) <= 1 and abs(len(one) - len(other)) <= 1


def near_words(name: str, words: Collection[str]) -> list[str]:
    """
    Return the one word nearest to a misspelt one among a few that are all there are; none if none is near.

    >>> near_words("teme", ["country", "theme"]), near_words("xyz", ["country", "theme"])
    (['theme'], [])
    """
    import difflib  # noqa: PLC0415 - only an error needs it

    return nearest(name, words, most=1) or difflib.get_close_matches(name[:MAX_COMPARED], words, n=1, cutoff=0.75)


def join_and(parts: Sequence[str]) -> str:
    """
    Return parts as a list in a sentence.

    >>> join_and(["a"]), join_and(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def join_or(parts: Sequence[str]) -> str:
    """
    Return parts as alternatives in a sentence.

    >>> join_or(["a", "b", "c"])
    'a, b or c'
    """
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} or {parts[-1]}"


_MARKS = re.compile(r"[\\`*_{}\[\]<>#|~&!]")
_LIST_MARK = re.compile(r"^(\s*)([-+]|\d+[.)])(?=\s|$)")


def escape_markdown(text: str) -> str:
    r"""
    Return a text as Markdown that shows just that text, in one line.

    >>> print(escape_markdown("1. A*B & <C>"))
    1\. A\*B \& \<C\>
    """
    line = " ".join(text.split())
    marked = _LIST_MARK.match(line)
    escaped = _MARKS.sub(lambda found: f"\\{found[0]}", line)
    if marked:
        mark = marked[2]
        return f"{marked[1]}{mark[:-1]}\\{mark[-1]}{escaped[marked.end() :]}"
    return f"\\{escaped}" if escaped.startswith("=") else escaped


def escape_address(address: str) -> str:
    """
    Return an address that can stand in Markdown and in a hyperlink: what may not stand in one is percent-encoded.

    >>> escape_address("https://example.org/>)<script>")
    'https://example.org/%3E%29%3Cscript%3E'
    """
    from urllib.parse import quote  # noqa: PLC0415 - only what is written needs it

    return quote(address, safe="%/:?#@!$&*+,;=~'-._")
