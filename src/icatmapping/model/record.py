"""
What every record has: an id, sources, a label, the years in which it was active, and plain data.

This module knows nothing of files.
"""

# Annotations are evaluated here on purpose: loading reads them.
from typing import Any, ClassVar

from attrs import frozen

from icatmapping.model.fields import Text
from icatmapping.model.vocabulary import IdentifierType
from icatmapping.utils.representation import Displayable

__all__ = ["BaseRecord", "Identifier", "plain_field"]


@frozen(repr=False)
class Identifier(Displayable):
    """
    What a body or a publication is called in somebody else's register.

    Attributes:
        type: The scheme, e.g. ``"ror"`` or ``"isbn"``.
        value: The identifier in that scheme, without a web address in front.

    Examples:
        >>> print(Identifier(IdentifierType.ISBN, "9789221231493"))
        ISBN 9789221231493
    """

    type: IdentifierType
    value: Text

    def to_dict(self) -> dict[str, str]:
        """Return the identifier as plain, JSON-ready data."""
        return {"type": str(self.type), "value": self.value}

    def __str__(self) -> str:
        return f"{self.type.label} {self.value}"

    def _repr_summary(self) -> str:
        return f" {self}"


class BaseRecord(Displayable):
    """What every record has: an id, sources, and plain data."""

    __slots__ = ()

    collection: ClassVar[str]
    roles: ClassVar[tuple[str, ...]] = ()

    @property
    def label(self) -> str:
        """The title or name of the record, whatever its kind."""
        fields: tuple[str, ...] = type(self).__match_args__  # type: ignore[attr-defined]
        return str(getattr(self, next(name for name in ("title", "name", "statement", "host") if name in fields)))

    @property
    def first_active(self) -> int | None:
        """The first year in which it is known to have been active; None if it is undated or not a thing of its time."""
        span = getattr(self, "known_span", None)
        return None if span is None else span.first

    @property
    def last_active(self) -> int | None:
        """The last year in which it is known to have been active; None if it is undated or not a thing of its time."""
        span = getattr(self, "known_span", None)
        return None if span is None else span.last

    def to_dict(self) -> dict[str, Any]:
        """Return the record as plain, JSON-ready data, keys in the order of the data files."""
        return {name: plain_field(getattr(self, name)) for name in type(self).__match_args__}  # type: ignore[attr-defined]

    def _repr_summary(self) -> str:
        identifier = getattr(self, type(self).__match_args__[0])  # type: ignore[attr-defined]
        named = (getattr(self, name, "") for name in ("title", "name", "statement"))
        return f" {identifier!r}: {next(filter(None, named), '')}".removesuffix(": ")


def plain_field(value: object) -> object:
    """Return the value of a field as plain, JSON-ready data."""
    if isinstance(value, tuple):
        return [item.to_dict() if isinstance(item, Identifier) else str(item) for item in value]
    return str(value) if isinstance(value, str) else value
