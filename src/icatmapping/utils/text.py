"""
How names are compared: folding of case, diacritics and punctuation, and the nearest names to a misspelt one.

Knows nothing of what the names stand for.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["fold", "nearest", "nearest_or_none"]

_SEPARATORS = re.compile(r"[\W_]+")
# Letters that Unicode does not decompose, in the spelling that people type without them.
_PLAIN_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ə": "a", "ß": "ss"}
    | dict.fromkeys("'’‘ʼʻ`´", "")
)


def fold(text: str) -> str:
    """
    Reduce a name to what it is compared by: lower case, no diacritics, words separated by one space.

    >>> fold("Côte d’Ivoire"), fold("VIET-NAM"), fold("child_protection")
    ('cote divoire', 'viet nam', 'child protection')
    """
    text = text.casefold()
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.translate(_PLAIN_LETTERS)).casefold()  # "№" comes apart into "No"
        text = "".join(letter for letter in text if not unicodedata.combining(letter)).translate(_PLAIN_LETTERS)
    elif "'" in text or "`" in text:
        text = text.translate(_PLAIN_LETTERS)
    return _SEPARATORS.sub(" ", text).strip()


def nearest(name: str, names: Iterable[str], *, most: int = 3) -> list[str]:
    """
    Find the names nearest to a misspelt one, nearest first.

    >>> nearest("child protecton", ["child_protection", "health"])
    ['child_protection']
    """
    import difflib  # noqa: PLC0415 - only an error needs it

    by_folded = {fold(candidate): candidate for candidate in names}
    wanted = fold(name)[:200]
    found = difflib.get_close_matches(wanted, by_folded, n=most, cutoff=0.6)
    return [by_folded[key] for key in found]


def nearest_or_none(name: str, names: Iterable[str]) -> str | None:
    """Find the one name nearest to a misspelt one, or None if none is near."""
    return next(iter(nearest(name, names, most=1)), None)
