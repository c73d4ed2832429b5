"""
When an undertaking was active: the one set of rules that queries, statistics, networks and displays read.

What is *known* runs from the first to the last year for which a record's dates say that it went on; what is *possible*
is every year that they do not rule out. A publication has its year. This module knows nothing of records: it takes
their dates.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["ALWAYS", "Span", "as_span", "describe_period", "known_span", "possible_span", "year_of"]


class Span(NamedTuple):
    """
    Years from the first to the last, both included; None where nothing bounds them.

    Attributes:
        first: The first year, or None if there is no first.
        last: The last year, or None if there is no last.
    """

    first: int | None
    last: int | None

    def overlaps(self, since: int | None, until: int | None) -> bool:
        """Return whether some year lies between two years and in the span as well; None bounds nothing."""
        return not (
            (until is not None and self.first is not None and self.first > until)
            or (since is not None and self.last is not None and self.last < since)
        )

    def __contains__(self, year: object) -> bool:
        return isinstance(year, int) and self.overlaps(year, year)


ALWAYS = Span(None, None)
"""Every year."""


def year_of(date: str | int | None) -> int | None:
    """
    Return the year of a date, which is a year or a year and month.

    >>> year_of("2019-05"), year_of(2019), year_of(None)
    (2019, 2019, None)
    """
    return None if date is None else int(str(date)[:4])


def known_span(
    start: str | None, end: str | None, last_seen: str | None, status: str | None = None, checked: str | None = None
) -> Span | None:
    """
    Return the years in which something is known to have been active, or None if it is undated.

    The last year is that of ``end``, if it is stated; else, if it is ongoing, that of ``last_seen``, or of ``checked``
    where that is null; else the later of ``start`` and ``last_seen``. The first is that of ``start``, or the last.

    Examples:
        >>> known_span("2016", None, "2019-04")
        Span(first=2016, last=2019)
        >>> known_span("2020-01", None, None, "ongoing", "2026-11")
        Span(first=2020, last=2026)
        >>> known_span(None, "2015", None)
        Span(first=2015, last=2015)
    """
    first, seen = year_of(start), year_of(last_seen)
    last = year_of(end)
    if last is None and status == "ongoing":
        last = seen if seen is not None else year_of(checked)
    elif last is None:
        last = max((year for year in (first, seen) if year is not None), default=None)
    if last is None:
        return None
    return Span(last if first is None else first, last if first is None else max(first, last))


def possible_span(start: str | None, end: str | None, status: str | None = None, checked: str | None = None) -> Span:
    """
    Return the years in which something may have been active, as far as its dates do not rule them out.

    It begins with ``start``, or ever if none is stated, and lasts until ``end``, if that is stated; else, if it is
    ongoing or completed, until ``checked``; else ever.

    Examples:
        >>> possible_span("2023-04", None, "unknown", "2026-11")
        Span(first=2023, last=None)
        >>> possible_span(None, None, "completed", "2026-11")
        Span(first=None, last=2026)
    """
    last = year_of(end)
    if last is None and status in ("ongoing", "completed"):
        last = year_of(checked)
    return Span(year_of(start), last)


def describe_period(start: str | None, end: str | None, last_seen: str | None, status: str | None = None) -> str:
    """
    Return in words when something was active.

    Examples:
        >>> describe_period("2015-03", "2019", None), describe_period("2016", None, None)
        ('2015–2019', 'from 2016, end not stated')
        >>> describe_period("2016", None, "2019-06"), describe_period("2020", None, None, "ongoing")
        ('from 2016, last seen 2019', '2020, going on')
        >>> describe_period(None, "2012", None), describe_period(None, None, "2021"), describe_period(None, None, None)
        ('until 2012', 'last seen 2021', 'undated')
    """
    first, last, seen = year_of(start), year_of(end), year_of(last_seen)
    if last is not None:
        if first is None:
            return f"until {last}"
        return str(first) if first == last else f"{first}–{last}"
    if status == "ongoing":
        return f"{first}, going on" if first is not None else "going on, start not stated"
    if first is None:
        return "undated" if seen is None else f"last seen {seen}"
    if seen is not None and seen > first:
        return f"from {first}, last seen {seen}"
    return f"from {first}, end not stated"


def as_span(text: str) -> Span:
    """
    Read a year or a span of years as people write them.

    Raises:
        ValueError: If it is neither.

    Examples:
        >>> [tuple(as_span(text)) for text in ("2015-2019", "2020-", "-2010", "2017")]
        [(2015, 2019), (2020, None), (None, 2010), (2017, 2017)]
    """
    first, dash, last = (part.strip() for part in text.strip().replace("–", "-").replace("—", "-").partition("-"))
    parts = [part for part in (first, last) if part]
    if not parts or any(not (part.isascii() and part.isdigit() and len(part) == 4) for part in parts):
        message = f"{text!r} is not a year or a span of years such as '2019', '2015-2019', '2020-' or '-2010'"
        raise ValueError(message)
    if not dash:
        return Span(int(first), int(first))
    span = Span(int(first) if first else None, int(last) if last else None)
    if span.first is not None and span.last is not None and span.first > span.last:
        message = f"{text!r} must have its earlier year first: '{span.last}-{span.first}'"
        raise ValueError(message)
    return span
