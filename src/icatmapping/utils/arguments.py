"""
Checks of arguments that several functions take. Knows nothing of the mapping.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from icatmapping.errors import UnknownNameError
from icatmapping.utils.text import nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["check_choice", "check_count", "check_text", "materialize", "relistable"]


def check_choice(name: str, value: str, values: Sequence[str]) -> None:
    """Refuse a word that is none of the possible ones."""
    if value not in values:
        raise UnknownNameError(value, name, nearest(str(value), values) or values)


def check_count(name: str, value: object) -> None:
    """Refuse what is no whole number of at least 1."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        message = f"{name} must be a whole number of at least 1, not {value!r}"
        raise ValueError(message)


def check_text(text: object) -> None:
    """Refuse what is no text to search for."""
    if not isinstance(text, str):
        message = f"text must be text, not {'None' if text is None else type(text).__name__}"
        raise TypeError(message)


def materialize(criteria: Mapping[str, Any]) -> dict[str, Any]:
    """Keep the values of iterators, which are asked for more than once."""
    return {name: relistable(value) for name, value in criteria.items()}


def relistable(given: Any) -> Any:
    """Return what was given as it can be gone through again: values that come one at a time as a tuple."""
    return tuple(given) if isinstance(given, Iterator) else given
