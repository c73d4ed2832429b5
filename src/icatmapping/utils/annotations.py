"""
What annotations say of the values of a field. Knows nothing of the mapping.
"""

from __future__ import annotations

from typing import Annotated, Any, get_args, get_origin

__all__ = ["is_annotated", "is_optional", "is_tuple"]


def is_annotated(kind: Any) -> bool:
    """Return whether a type is annotated with a format."""
    origin: Any = get_origin(kind)
    return origin is Annotated


def is_tuple(kind: Any) -> bool:
    """Return whether a field holds several values."""
    origin: Any = get_origin(kind)
    return origin is tuple


def is_optional(kind: Any) -> bool:
    """Return whether a field may be null."""
    return type(None) in get_args(kind)
