"""
What the fields of records must look like: formats, the types that bear them, the shapes of identifiers.
"""

from __future__ import annotations

import re
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, TypeAlias

from icatmapping.model.vocabulary import IdentifierType

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "IDENTIFIER_PATTERNS",
    "STATEMENT",
    "Address",
    "Alpha3",
    "Area",
    "Date",
    "Format",
    "Id",
    "Language",
    "Month",
    "Source",
    "Text",
    "Year",
    "is_statement",
]

_ADDRESS = r"https?://[^\s/?#.]+(?:\.[^\s/?#.]+)+(?:[/?#][^\s]*)?"
STATEMENT = "internal: "
"""What a source begins with that is no public page but a statement: ``"internal: project register"``."""


def is_statement(source: str) -> bool:
    """
    Return whether a source is a statement of one's own and no public page.

    >>> is_statement("internal: project register"), is_statement("https://www.unodc.org/")
    (True, False)
    """
    return source.startswith(STATEMENT)


class Format(Enum):
    """What a string or number in a record must look like."""

    ID = ("an id: lower-case words of letters and digits, joined by hyphens", r"[a-z0-9]+(?:-[a-z0-9]+)*")
    TEXT = ("text: not blank, no control characters, no blanks around it", r"\S(?:.*\S)?")
    ADDRESS = ("a web address", _ADDRESS)
    SOURCE = (
        "a web address, or a statement such as 'internal: project register'",
        rf"(?a:{_ADDRESS})|{STATEMENT}\S(?:.*\S)?",
    )
    AREA = ("an area: a region, an M49 sub-region or the id of a grouping", r"\S(?:.*\S)?")
    ALPHA3 = ("an ISO 3166-1 alpha-3 code", r"[A-Z]{3}")
    LANGUAGE = ("an ISO 639-1 code", r"[a-z]{2}")
    DATE = ("a year or a year and month: YYYY or YYYY-MM", r"(?:19|20)\d\d(?:-(?:0[1-9]|1[0-2]))?")
    MONTH = ("a year and month: YYYY-MM", r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])")
    YEAR = ("a year from 1900 to 2099", r"(?:19|20)\d\d")

    def __init__(self, description: str, pattern: str) -> None:
        self.description = description
        self.pattern = pattern

    def fits(self, text: str) -> bool:
        """Return whether a text looks like this."""
        return (
            re.fullmatch(self.pattern, text, 0 if self in (Format.TEXT, Format.AREA, Format.SOURCE) else re.ASCII)
            is not None
        )


Id: TypeAlias = Annotated[str, Format.ID]


Text: TypeAlias = Annotated[str, Format.TEXT]


Address: TypeAlias = Annotated[str, Format.ADDRESS]
Source: TypeAlias = Annotated[str, Format.SOURCE]
Area: TypeAlias = Annotated[str, Format.AREA]


Alpha3: TypeAlias = Annotated[str, Format.ALPHA3]


Language: TypeAlias = Annotated[str, Format.LANGUAGE]


Date: TypeAlias = Annotated[str, Format.DATE]


Month: TypeAlias = Annotated[str, Format.MONTH]


Year: TypeAlias = Annotated[int, Format.YEAR]


IDENTIFIER_PATTERNS: Mapping[IdentifierType, str] = MappingProxyType(
    {
        IdentifierType.DOCUMENT_SYMBOL: r"\S(?:.*\S)?",
        IdentifierType.DOI: r"10\.\d{4,9}/\S+",
        IdentifierType.IATI: r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)+",
        IdentifierType.ISBN: r"(?:97[89]\d{10}|\d{9}[\dX])",
        IdentifierType.ISNI: r"\d{15}[\dX]",
        IdentifierType.ISSN: r"\d{4}-\d{3}[\dX]",
        IdentifierType.ROR: r"0[a-z0-9]{6}\d{2}",
        IdentifierType.WIKIDATA: r"Q[1-9]\d*",
    }
)
"""What an identifier of each type looks like, as a regular expression for the whole of it."""
