"""
Dates in the forms that people write, as the mapping keeps them: a year, or a year and month. Knows nothing of files.
"""

from __future__ import annotations

import datetime as dt
import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from icatmapping.utils.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["is_month_first", "parse_date", "parse_period"]

_MONTHS_IN = (
    "january february march april may june july august september october november december",
    "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro",
    "januar februar marz april mai juni juli august september oktober november dezember",
)
_SHORT = {"sept": 9, "setiembre": 9, "janv": 1, "fevr": 2, "juil": 7, "ene": 1, "abr": 4, "ago": 8, "dic": 12, "avr": 4}
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th|er|º|ª|°)\b", re.IGNORECASE)
_YEAR = r"((?:19|20)\d\d)"
_ISO = re.compile(rf"{_YEAR}[-/. ](\d{{1,2}})(?:[-/. ](\d{{1,2}}))?(?:[T ].*)?", re.ASCII)
_DAY_FIRST = re.compile(rf"(\d{{1,2}})[-/. ](\d{{1,2}})[-/. ](?:{_YEAR}|(\d\d))(?:[T ].*)?", re.ASCII)
_MONTH_YEAR = re.compile(rf"(\d{{1,2}})[-/.]{_YEAR}", re.ASCII)
_QUARTER = re.compile(
    rf"(?:q[1-4]|[1-4]q|t[1-4]|[1-4]t|h[12]|s[12])\s*[-/ ]?{_YEAR}|{_YEAR}\s*[-/ ]?(?:q|t|h|s)[1-4]", re.IGNORECASE
)
_EXCEL_EPOCH = dt.date(1899, 12, 30)
# From 1954 to 2100: numbers that are years are smaller, and no date of a project is greater.
_SERIALS = range(20_000, 73_051)
_YEARS = range(1900, 2100)
MAX_DATE = 60
"""How many characters a date has at most."""


def _month_names() -> Mapping[str, int]:
    names: dict[str, int] = {}
    for language in _MONTHS_IN:
        for number, name in enumerate(language.split(), 1):
            names.setdefault(name, number)
            names.setdefault(name[:3], number)
    # "mar" is March, Mars, Marzo, März; "mai" is May; "jui" may be June or July.
    names.pop("jui")
    return MappingProxyType(names | _SHORT)


_MONTHS = _month_names()


def parse_date(value: object, *, month_first: bool = False) -> str | None:  # noqa: PLR0911 - a way out for each form
    """
    Return a date as people or spreadsheets write it as YYYY or YYYY-MM, or None if it is none.

    Numbers are years, or days as Excel counts them. Quarters and seasons stand for their year.

    Args:
        value: Text, a number, a date.
        month_first: Whether the month stands first where day and month are both numbers, as in 03/15/2021.

    Examples:
        >>> [parse_date(value) for value in ("15/03/2021", "March 2021", "2021-03", 2021, 44270, "mars 2021")]
        ['2021-03', '2021-03', '2021-03', '2021', '2021-03', '2021-03']
        >>> parse_date("03/04/2021"), parse_date("03/04/2021", month_first=True), parse_date("soon")
        ('2021-04', '2021-03', None)
    """
    if isinstance(value, dt.date):
        return _written(value.year, value.month)
    if isinstance(value, bool):
        return None
    if isinstance(value, float) and not value.is_integer():
        return _of_serial(int(value)) if abs(value) < 10**6 else None
    if isinstance(value, int | float):
        return str(int(value)) if value in _YEARS else _of_serial(int(value)) if abs(value) < 10**6 else None
    if not isinstance(value, str) or len(value) > MAX_DATE:
        return None
    text = _ORDINAL.sub("", value.strip()).strip(" .,")
    if text.isascii() and text.isdigit() and len(text) <= 8:
        return _of_digits(text)
    return _of_numbers(text, month_first=month_first) or _of_words(text)


def _written(year: int, month: int | None) -> str | None:
    if year not in _YEARS:
        return None
    return str(year) if month is None else f"{year}-{month:02}" if 1 <= month <= 12 else None


def _of_serial(days: int) -> str | None:
    if days not in _SERIALS:
        return None
    date = _EXCEL_EPOCH + dt.timedelta(days=days)
    return _written(date.year, date.month)


def _of_digits(text: str) -> str | None:
    if len(text) == 4:
        return _written(int(text), None)
    if len(text) == 8:
        return _of_day(int(text[:4]), int(text[4:6]), int(text[6:]))
    return _of_serial(int(text))


def _of_numbers(text: str, *, month_first: bool) -> str | None:
    found = _ISO.fullmatch(text)
    if found is not None:
        year, month = int(found[1]), int(found[2])
        return _of_day(year, month, int(found[3])) if found[3] else _written(year, month)
    found = _MONTH_YEAR.fullmatch(text)
    if found is not None:
        return _written(int(found[2]), int(found[1]))
    found = _DAY_FIRST.fullmatch(text)
    if found is not None:
        day, month = int(found[1]), int(found[2])
        if (month_first and day <= 12) or month > 12:
            day, month = month, day
        return _of_day(int(found[3]) if found[3] else _century(int(found[4])), month, day)
    found = _QUARTER.fullmatch(text)
    return None if found is None else found[1] or found[2]


def _of_day(year: int, month: int, day: int) -> str | None:
    """Return the month of a day, or None if there is no such day."""
    try:
        date = dt.date(year, month, day)
    except ValueError:
        return None
    return _written(date.year, date.month)


def _century(year: int) -> int:
    return 2000 + year if year < 70 else 1900 + year


def _of_words(text: str) -> str | None:
    """Read a date with a month in words: "15 March 2021", "Mar-21", "mars 2021", "marzo de 2021", "March 15, 2021"."""
    words = [word for word in fold(text).split(" ") if word not in _SMALL_WORDS]
    months = [_MONTHS[word] for word in words if word in _MONTHS]
    numbers = [word for word in words if word.isdigit()]
    if len(months) != 1 or len(numbers) + 1 != len(words) or not 1 <= len(numbers) <= 2:
        return None
    years = [int(word) for word in numbers if len(word) == 4]
    if not years and len(numbers[-1]) == 2:
        years = [_century(int(numbers[-1]))]
        numbers = [*numbers[:-1], ""]
    if len(years) != 1:
        return None
    days = [int(word) for word in numbers if word and len(word) != 4]
    return _of_day(years[0], months[0], days[0]) if days else _written(years[0], months[0])


_SMALL_WORDS = frozenset(
    {"de", "del", "of", "the", "du", "le", "el", "early", "mid", "late", "end", "circa", "ca", "c"}
)
_SPAN = re.compile(r"\s+(?:-|–|—|to|until|till|au|a|al|hasta|bis|jusqu'au|jusqu’au|à)\s+|\s*[–—]\s*", re.IGNORECASE)
_FROM = re.compile(r"^(?:from|since|de|du|depuis|desde|von|ab|seit)\s+", re.IGNORECASE)


def parse_period(  # noqa: PLR0911 - as above
    value: object, *, month_first: bool = False
) -> tuple[str | None, str | None, bool] | None:
    """
    Return the start and the end of a period and whether it goes on, or None if it is no period.

    Examples:
        >>> parse_period("2019-2021"), parse_period("March 2020 – present"), parse_period("since 2018")
        (('2019', '2021', False), ('2020-03', None, True), ('2018', None, False))
    """
    date = parse_date(value, month_first=month_first)
    if date is not None:
        return date, None, False
    if not isinstance(value, str) or len(value) > 2 * MAX_DATE:
        return None
    text = value.strip()
    years = re.fullmatch(rf"{_YEAR}\s*[-–—/]\s*(?:{_YEAR}|(\d\d))?", text)
    if years is not None:
        last = years[2] or (f"{years[1][:2]}{years[3]}" if years[3] else None)
        return years[1], last, False
    since = _FROM.sub("", text)
    parts = _SPAN.split(since)
    if len(parts) == 1 and since != text:
        start = parse_date(since, month_first=month_first)
        return None if start is None else (start, None, False)
    if len(parts) != 2:
        return None
    start, end = (parse_date(part, month_first=month_first) for part in parts)
    if start is None:
        return None
    if fold(parts[1]) in GOING_ON:
        return start, None, True
    return None if end is None else (start, end, False)


GOING_ON = frozenset(
    {
        *("present", "ongoing", "on going", "current", "now", "today", "continuing", "going on", "to date"),
        *("en cours", "actualite", "a ce jour", "en curso", "actualidad", "presente", "vigente", "a la fecha"),
        *("laufend", "heute"),
    }
)
"""What people write for the end of what has not ended."""


def is_month_first(values: Iterable[object]) -> bool | None:
    """
    Return whether the dates of a column have the month first, or None if they do not tell.

    >>> is_month_first(["03/04/2021", "03/15/2021"]), is_month_first(["15/03/2021"]), is_month_first(["03/04/2021"])
    (True, False, None)
    """
    for value in values:
        found = _DAY_FIRST.fullmatch(value.strip()) if isinstance(value, str) and len(value) <= MAX_DATE else None
        if found is not None and int(found[1]) > 12:
            return False
        if found is not None and int(found[2]) > 12:
            return True
    return None
