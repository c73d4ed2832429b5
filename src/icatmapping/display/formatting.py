"""
How values read: terms by label, countries by name, counts and shares as people write them. Knows nothing of pages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from icatmapping.model import geography
from icatmapping.model.vocabulary import VOCABULARIES, Term, terms

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "country_name",
    "dimensions",
    "field_label",
    "format_number",
    "format_percent",
    "last_year",
    "pluralize",
    "share_range",
    "term_label",
    "years",
    "years_in_words",
]

_FIELD_LABELS = {
    "url": "Page",
    "trafficking_url": "Page on trafficking",
    "m49": "M49 code",
    "alpha2": "Alpha-2 code",
    "alpha3": "Alpha-3 code",
    "hhi": "Herfindahl-Hirschman index",
    "checked": "Sources last read",
    "left": "Left in",
    "joined": "Joined in",
}
_KINDS = ("entity_kind", "organization_kind", "partnership_kind", "resource_kind")


def field_label(name: str) -> str:
    """Name a field as people do."""
    return _FIELD_LABELS.get(name, name.strip("_").replace("_", " ").capitalize())


def term_label(vocabulary: str, value: object) -> str:
    """Return the label of a value of a vocabulary or dimension; a value that is no term stands as it is."""
    if isinstance(value, Term):
        return value.label
    if vocabulary in ("country", "countries"):
        return country_name(str(value))
    for name in _KINDS if vocabulary == "kind" else (vocabulary,):
        if name in VOCABULARIES and value in terms(name):
            return terms(name)[str(value)].label
    return str(value)


def country_name(alpha3: str) -> str:
    """Name a country by its code; what is no code stands as it is."""
    found = geography.by_alpha3().get(alpha3)
    return alpha3 if found is None else found.name


def format_number(number: float | None) -> str:
    """
    Write a number.

    Examples:
        >>> format_number(1003), format_number(12.5), format_number(2.0), format_number(None), format_number(0.001)
        ('1,003', '12.50', '2', '–', '0.001')
    """
    if number is None:
        return "–"
    if isinstance(number, int) or number.is_integer():
        return f"{number:,.0f}"
    return f"{number:,.2f}" if abs(number) >= 0.1 else f"{number:.2g}"


def format_percent(part: float) -> str:
    """
    Write a fraction of 1 as a percentage.

    Examples:
        >>> [format_percent(part) for part in (0.3424, 0.034, 1.0, 0.0, 0.0001)]
        ['34%', '3.4%', '100%', '0%', '<0.1%']
    """
    if part <= 0:
        return "0%"
    if part < 0.001:
        return "<0.1%"
    return f"{part:.1%}" if part < 0.0995 else f"{part:.0%}"


def share_range(low: float | None, high: float | None) -> str:
    """Write an interval of shares."""
    return "–" if low is None or high is None else f"{format_percent(low)} to {format_percent(high)}"


def pluralize(number: int, one: str, several: str | None = None) -> str:
    """
    Return how many there are of something.

    Examples:
        >>> pluralize(1, "row"), pluralize(1003, "row"), pluralize(2, "entity", "entities")
        ('1 row', '1,003 rows', '2 entities')
    """
    return f"{number:,} {one if number == 1 else several or one + 's'}"


def years(first: object, last: object) -> str:
    """Return from when to when; a side that nobody stated is left open, and nothing said if both are."""
    if first is None and last is None:
        return ""
    return str(first) if first == last else f"{'' if first is None else first}–{'' if last is None else last}"


def last_year(year: int | None, as_of: str) -> str:
    """
    Return the last year of some work as a table shows it; what is planned beyond the present is told from the past.

    >>> last_year(2019, "2026-11"), last_year(2030, "2026-11"), last_year(None, "2026-11")
    ('2019', 'now, to 2030', 'undated')
    """
    if year is None:
        return "undated"
    return f"now, to {year}" if as_of and year > int(as_of[:4]) else str(year)


def dimensions(names: Sequence[str]) -> str:
    """Name some dimensions in a row."""
    return " and ".join(name.replace("_", " ") for name in names)


def years_in_words(found: Sequence[int]) -> str:
    """
    Return years, those in a row as a span.

    >>> years_in_words([2015, 2016, 2017, 2020]), years_in_words([])
    ('2015–2017, 2020', '–')
    """
    spans: list[list[int]] = []
    for year in found:
        if spans and year == spans[-1][1] + 1:
            spans[-1][1] = year
        else:
            spans.append([year, year])
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in spans) or "–"
