"""
Countries and the regions that they lie in: what people type ("Ivory Coast", "DRC", "Korea, Rep.") to one `Country`.

The countries are those of ISO 3166-1 and Kosovo; sub-regions are those of the United Nations' M49 standard. Knows
nothing of records. The data is read on first use, not on import; `Country` objects are made when asked for as such.
"""

from __future__ import annotations

import json
import re
import unicodedata
from numbers import Real
from operator import index
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, SupportsIndex, TypeGuard

from icatmapping.data import bundled
from icatmapping.errors import AmbiguousNameError, UnknownNameError
from icatmapping.model.country_names import NEVER_OF_FORM, demonym_of, key, loose_key, of_form, readings, whole_number
from icatmapping.model.former_countries import former_country
from icatmapping.model.vocabulary import terms
from icatmapping.utils.laziness import once
from icatmapping.utils.text import fold, join_and, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from icatmapping.model.records import Country

__all__ = [
    "Country",
    "area_label",
    "by_alpha3",
    "code_of",
    "code_or_none",
    "countries",
    "country",
    "members",
    "name_of",
    "names",
    "region_of",
    "subregion_of",
]


def country(value: str | int | Country) -> Country:
    """
    Find a country by what people call it.

    Codes come first (alpha-2, alpha-3, M49 number), then names and aliases in the six languages of the United Nations
    and others. Case, diacritics, punctuation, articles ("Albanie (l')", "Chad (el)"), common abbreviations ("St.",
    "Is.", "Dem. Rep."), forms of State ("la République du Togo") and inverted order ("Korea, Republic of") make no
    difference. One name or code may confirm another ("Myanmar (Burma)", "Congo [COG]"). A misspelt name is never
    guessed, and the name of a country that is no more is an error that says what became of it.

    Codes are those of ISO 3166-1. Those of FIPS 10-4, of the International Olympic Committee and of other systems are
    not read: ``"GM"`` is the Gambia here, and Germany in FIPS. Turn them into ISO's first.

    Args:
        value: A code, a number (a whole float, as data frames make of one, is one), a name, a flag, or a country, which
            is returned as it is.

    Returns:
        The one country that it means.

    Raises:
        UnknownNameError: If no country is called so; its ``suggestions`` are the names nearest to it, or, for a country
            that is no more, those of its successors.
        AmbiguousNameError: If it is the name of several countries; they are its ``candidates``.
        TypeError: If it is neither text nor a whole number nor a country.

    Examples:
        >>> [country(value).alpha3 for value in ("Ivory Coast", "Congo, Dem. Rep.", "st lucia", "ng", 566)]
        ['CIV', 'COD', 'LCA', 'NGA', 'NGA']
        >>> country("Congo")
        Traceback (most recent call last):
        ...
        icatmapping.errors.AmbiguousNameError: ambiguous country 'Congo': it could be \
'Democratic Republic of the Congo' or 'Republic of the Congo'
    """
    return value if _is_country(value) else by_alpha3()[code_of(value)]


def code_of(value: str | int | Country) -> str:
    """
    Find the alpha-3 code of a country by what people call it, as `country` does.

    >>> code_of("Ivory Coast")
    'CIV'
    """
    if _is_country(value):
        return value.alpha3
    text = value.strip() if isinstance(value, str) else _number(value)
    if len(text) > MAX_TEXT:
        raise UnknownNameError(value, _KIND)
    codes = _meanings(text)
    if len(codes) == 1:
        return codes[0]
    if codes:
        raise AmbiguousNameError(value, _KIND, sorted(_records()[code]["name"] for code in codes))
    former = former_country(text)
    if former is not None:
        names = [name_of(code) for code in former.became]
        reason = f"{former.name} existed until {former.ended}; its territory is that of {join_and(names)} now"
        raise UnknownNameError(value, _KIND, names, reason=reason)
    raise UnknownNameError(value, _KIND, lambda: _suggestions(text))


def code_or_none(text: str) -> str | None:
    """
    Return the alpha-3 code of the one country that a text means, or None: `code_of` for what may be no country at all.

    >>> code_or_none("Ivory Coast"), code_or_none("Congo"), code_or_none("Interpol")
    ('CIV', None, None)
    """
    codes = _meanings(text.strip()) if len(text) <= MAX_TEXT else ()
    return codes[0] if len(codes) == 1 else None


def region_of(alpha3: str) -> str | None:
    """
    Return the region of a country, by its exact alpha-3 code.

    Args:
        alpha3: The code, e.g. ``"NGA"``; names are for `country` to resolve.

    Returns:
        The region, e.g. ``"africa"``; none for Antarctica.

    Raises:
        UnknownNameError: If no country has the code.

    Examples:
        >>> region_of("NGA"), region_of("TUR"), region_of("MEX")
        ('africa', 'europe', 'latin_america_caribbean')
    """
    return _stated_of(alpha3, "region")


def subregion_of(alpha3: str) -> str | None:
    """
    Return the M49 sub-region of a country, by its exact alpha-3 code.

    Args:
        alpha3: The code, e.g. ``"NGA"``; names are for `country` to resolve.

    Returns:
        The sub-region as M49 writes it, e.g. ``"Western Africa"``; none for Antarctica.

    Raises:
        UnknownNameError: If no country has the code.

    Examples:
        >>> subregion_of("NGA"), subregion_of("TUR")
        ('Western Africa', 'Western Asia')
    """
    return _stated_of(alpha3, "subregion")


def name_of(alpha3: str) -> str:
    """Return the name of a country by its exact alpha-3 code, without making the country."""
    return str(_stated_of(alpha3, "name"))


def members(field: str, value: str) -> list[str]:
    """Return the codes of the countries of a region or sub-region: ``members("subregion", "Western Africa")``."""
    return [alpha3 for alpha3, record in _records().items() if record[field] == value]


def area_label(value: str) -> str:
    """
    Return the name of an area that the library knows, as records write it; what it does not know stands as it is.

    >>> area_label("africa"), area_label("Western Africa"), area_label("western-balkans")
    ('Africa', 'Western Africa', 'Western Balkans')
    """
    region = terms("region").get(value)
    return _grouping_names().get(value, value) if region is None else region.label


@once
def _grouping_names() -> Mapping[str, str]:
    return {record["id"]: record["name"] for record in json.loads(bundled("groupings.json"))}


def names() -> list[tuple[str, str]]:
    """Return the code of every country with each of its names and aliases."""
    return [(alpha3, name) for alpha3, record in _records().items() for name in (record["name"], *record["aliases"])]


@once
def countries() -> tuple[Country, ...]:
    """
    List every country, in the order of alpha-3 codes.

    Examples:
        >>> len(countries()), countries()[0].name
        (250, 'Aruba')
    """
    from icatmapping.model.records import Country  # noqa: PLC0415 - attrs costs more than all the rest here

    return tuple(Country(**{**record, "aliases": tuple(record["aliases"])}) for record in _records().values())


@once
def by_alpha3() -> Mapping[str, Country]:
    """
    Return every country by its alpha-3 code, in the order of codes. The mapping is read-only.

    Examples:
        >>> by_alpha3()["CIV"].name
        "Côte d'Ivoire"
    """
    return MappingProxyType({each.alpha3: each for each in countries()})


if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        """Return the class of countries, which is imported when first asked for."""
        if name != "Country":
            message = f"module {__name__!r} has no attribute {name!r}"
            raise AttributeError(message)
        from icatmapping.model.records import Country  # noqa: PLC0415 - as above

        return Country


_KIND = "country"
# No name of a country is half as long. What is longer is not read, so that no text can keep us busy.
MAX_TEXT = 200
_HIGHEST_CODE = 999
MAX_SUGGESTIONS = 3
# A misspelt letter takes one letter out of a word and brings another in: two slips make four.
_LETTERS_APART = 4
_FLAG_A = ord("\N{REGIONAL INDICATOR SYMBOL LETTER A}")
_FLAG_LETTERS = {_FLAG_A + place: chr(ord("a") + place) for place in range(26)}

# Names that mean several countries equally, as `key` reduces them. They are never resolved to one of them.
_AMBIGUOUS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "congo": ("COD", "COG"),
        "kongo": ("COD", "COG"),
        "конго": ("COD", "COG"),
        "الكونغو": ("COD", "COG"),
        "刚果": ("COD", "COG"),
        "剛果": ("COD", "COG"),
        "korea": ("KOR", "PRK"),
        "coree": ("KOR", "PRK"),
        "corea": ("KOR", "PRK"),
        "coreia": ("KOR", "PRK"),
        "корея": ("KOR", "PRK"),
        "كوريا": ("KOR", "PRK"),
        "guiana": ("GUF", "GUY"),
        "virgin island": ("VGB", "VIR"),
        "iles vierges": ("VGB", "VIR"),
        "islas virgenes": ("VGB", "VIR"),
        "jungferninseln": ("VGB", "VIR"),
        "channel island": ("GGY", "JEY"),
    }
)

_CUT = re.compile(
    r"(?:[(\[/|,;:]|\s[-\N{EN DASH}\N{EM DASH}]\s)(?:\s*(?:formerly|previously|was|now|ex|aka)\b[- ])?",
    re.IGNORECASE,
)


@once
def _records() -> Mapping[str, dict[str, Any]]:
    """Return what the file says of every country by its alpha-3 code."""
    return {record["alpha3"]: record for record in json.loads(bundled("countries.json"))}


def _is_country(value: object) -> TypeGuard[Country]:
    if isinstance(value, str | int):
        return False
    from icatmapping.model.records import Country  # noqa: PLC0415 - as above

    return isinstance(value, Country)


def _number(value: object) -> str:
    """Write a whole number as M49 does, those of numpy and whole floats as well; refuse what is not one."""
    number: int
    kind = type(value)
    if isinstance(value, SupportsIndex) and kind is not bool:
        number = index(value)
    elif isinstance(value, Real) and float(value).is_integer() and kind is not bool:
        number = int(float(value))
    else:
        shown = f" {value}" if isinstance(value, Real) else ""
        message = f"a country must be text, an M49 number or a Country, not {kind.__name__}{shown}"
        raise TypeError(message)
    if 0 <= number <= _HIGHEST_CODE:
        return f"{number:03}"
    # A number too long for Python to write out in tens would make an error that cannot be shown.
    raise UnknownNameError(number if number.bit_length() < MAX_TEXT else hex(number), _KIND)


def _stated_of(alpha3: str, field: str) -> str | None:
    try:
        stated: str | None = _records()[alpha3][field]
    except KeyError:
        raise UnknownNameError(alpha3, _KIND) from None
    return stated


def _meanings(text: str) -> tuple[str, ...]:
    """Return the codes of the countries that a text may mean: one, none, or several if it is ambiguous."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).replace("\N{ARABIC COMMA}", ",")
    found = _named(text)
    if found:
        return found
    # "Myanmar (Burma)", "NG - Nigeria", "Congo [COG]": what two parts both mean.
    contradicted = False
    for cut in _CUT.finditer(text):
        tail = text[cut.end() :].strip(" )]")
        confirmed = _named(tail)
        found = tuple(meaning for meaning in _named(text[: cut.start()].strip()) if meaning in confirmed)
        if found:
            return found
        # "Chad (LA)" is no article, but a code of another country.
        contradicted = contradicted or (bool(confirmed) and len(tail) < 4 and tail.isupper() and not text.isupper())
    return () if contradicted else _loosely_named(text)


def _named(text: str) -> tuple[str, ...]:
    """Return the codes of the countries that have a text, as a whole, for a code or name."""
    text = whole_number(text)
    if text.isascii() and text.isdigit():
        text = text.zfill(3)
    exact = _exact_names().get(text.casefold())
    if exact is not None:
        return (exact,)
    names = _folded_names()
    for reading in readings(text):
        if reading in names:
            return names[reading]
    code = text.translate(_FLAG_LETTERS)
    return _named(code) if code != text else ()


def _loosely_named(text: str) -> tuple[str, ...]:
    """Return the codes of the countries that a text names apart from articles, order, or the form of their State."""
    names = _loose_names()
    found = names.get(loose_key(text))
    if found:
        return found
    of = of_form(text)
    found = names.get(of, ()) if of is not None else ()
    if len(found) == 1 and found[0] not in NEVER_OF_FORM:
        return found
    demonym = demonym_of(text)
    return (demonym,) if demonym is not None else ()


@once
def _exact_names() -> Mapping[str, str]:
    """Index codes, names and aliases as they are written. Most questions end here, without any folding."""
    found: dict[str, str] = {}
    for alpha3, record in _records().items():
        for name in (alpha3, record["alpha2"], record["m49"], record["name"], *record["aliases"]):
            if name is not None:
                found[name.casefold()] = alpha3
    return found


@once
def _folded_names() -> Mapping[str, tuple[str, ...]]:
    """Index names and aliases by their keys, with their words apart and run together ("hongkong")."""
    found: dict[str, tuple[str, ...]] = {}
    for alpha3, record in _records().items():
        for name in (record["name"], *record["aliases"]):
            reduced = key(name)
            found[reduced] = found[reduced.replace(" ", "")] = (alpha3,)
    for name, codes in _AMBIGUOUS.items():
        found[name] = found[name.replace(" ", "")] = codes
    return found


@once
def _loose_names() -> Mapping[str, tuple[str, ...]]:
    """Index names and aliases by their words without articles; what several countries have so is of each of them."""
    found: dict[str, dict[str, None]] = {}
    for alpha3, record in _records().items():
        for name in (record["name"], *record["aliases"]):
            found.setdefault(loose_key(name), {})[alpha3] = None
    for name, codes in _AMBIGUOUS.items():
        found[loose_key(name)] = dict.fromkeys(codes)
    found.pop("", None)
    return {name: tuple(codes) for name, codes in found.items()}


@once
def _spellings() -> tuple[tuple[str, int, str], ...]:
    """List every folded name with the letters that it has and the name of the country."""
    return tuple(
        (spelling, _letters(spelling), record["name"])
        for record in _records().values()
        for spelling in dict.fromkeys(map(fold, (record["name"], *record["aliases"])))
    )


def _letters(folded: str) -> int:
    """Return the set of letters of a text as bits, so that two sets are compared in one step."""
    bits = 0
    for letter in set(folded):
        bits |= 1 << (ord(letter) & 63)
    return bits


def _suggestions(text: str) -> Iterable[str]:
    """Return the names of the countries whose name or alias is nearest to a misspelt one."""
    wanted = _letters(fold(text))
    near = {
        spelling: name for spelling, letters, name in _spellings() if (letters ^ wanted).bit_count() <= _LETTERS_APART
    }
    found = nearest(text, near, most=4 * MAX_SUGGESTIONS)
    return list(dict.fromkeys(near[spelling] for spelling in found))[:MAX_SUGGESTIONS]
