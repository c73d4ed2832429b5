"""
Countries and the regions that they lie in: what people type ("Ivory Coast", "DRC", "Korea, Rep.") to one `Country`.

The countries are those of ISO 3166-1 and Kosovo; sub-regions are those of the United Nations' M49 standard. Knows
nothing of records. The data is read on first use, not on import; `Country` objects are made when asked for as such.
"""

from __future__ import annotations

import json
import re
from operator import index
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, SupportsIndex, TypeGuard

from icatmapping.data import bundled
from icatmapping.errors import AmbiguousNameError, UnknownNameError
from icatmapping.model.vocabulary import terms
from icatmapping.utils.laziness import once
from icatmapping.utils.text import fold, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from icatmapping.model.records import Country

__all__ = [
    "Country",
    "area_label",
    "by_alpha3",
    "code_of",
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

    Codes come first (alpha-2, alpha-3, M49 number), then names and aliases. Case, diacritics, punctuation, articles,
    common abbreviations ("St.", "Is.", "Dem. Rep.") and inverted order ("Korea, Republic of") make no difference. One
    name or code may confirm another ("Myanmar (Burma)", "Congo [COG]"). A misspelt name is never guessed.

    Args:
        value: A code, a number, a name, a flag, or a country, which is returned as it is.

    Returns:
        The one country that it means.

    Raises:
        UnknownNameError: If no country is called so; its ``suggestions`` are the names nearest to it.
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
    raise UnknownNameError(value, _KIND, _suggestions(text))


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

# Names that mean several countries equally, folded as `_key` folds them. They are never resolved to one of them.
_AMBIGUOUS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "congo": ("COD", "COG"),
        "kongo": ("COD", "COG"),
        "korea": ("KOR", "PRK"),
        "coree": ("KOR", "PRK"),
        "corea": ("KOR", "PRK"),
        "guiana": ("GUF", "GUY"),
        "virgin island": ("VGB", "VIR"),
        "iles vierges": ("VGB", "VIR"),
        "islas virgenes": ("VGB", "VIR"),
        "jungferninseln": ("VGB", "VIR"),
        "channel island": ("GGY", "JEY"),
    }
)

# Words that a name has or lacks without meaning another country.
_EMPTY_WORDS = frozenset({"the", "of"})
# Words that are written in several ways, each to one of them; a name that is a single word is left as it is.
_SAME_WORDS: Mapping[str, str] = MappingProxyType(
    dict.fromkeys(("st", "ste", "sainte"), "saint")
    | dict.fromkeys(("is", "isl", "isls", "islands"), "island")
    | dict.fromkeys(("rep", "repub"), "republic")
    | dict.fromkeys(("dem",), "democratic")
    | dict.fromkeys(("fed", "federated", "federation"), "federal")
    | dict.fromkeys(("people", "ppl", "ppls"), "peoples")
    | dict.fromkeys(("sts",), "states")
    | dict.fromkeys(("ter", "terr", "territories"), "territory")
    | {"br": "british", "fr": "french", "eq": "equatorial", "prov": "province"}
)
# Only in front ("N. Korea"): further on, a single letter may be an "and" of another language.
_FIRST_WORDS: Mapping[str, str] = MappingProxyType({"n": "north", "s": "south", "e": "east", "w": "west"})
_INITIALS = re.compile(r"\b(\w) (?=\w\b)")  # "u s a"
_TORN_OFF = re.compile(r"\b([dl]) (?=\w)|(?<=\w) (?=s\b)")  # "cote d ivoire", "people s"
_BRACKETED = re.compile(r"([^()\[\]]+)[(\[]([^()\[\]]+)[)\]]?")
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
    """Write a whole number as M49 does, those of numpy as well; refuse what is not one."""
    if isinstance(value, bool) or not isinstance(value, SupportsIndex):
        message = f"a country is text, an M49 number or a Country, not {type(value).__name__}"
        raise TypeError(message)
    number = index(value)
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
    found = _named(text)
    if found:
        return found
    # "Myanmar (Burma)", "NG - Nigeria", "Congo [COG]": what two parts both mean.
    for cut in _CUT.finditer(text):
        confirmed = _named(text[cut.end() :].strip(" )]"))
        found = tuple(meaning for meaning in _named(text[: cut.start()].strip()) if meaning in confirmed)
        if found:
            return found
    return ()


def _named(text: str) -> tuple[str, ...]:
    """Return the codes of the countries that have a text, as a whole, for a code or name."""
    if text.isascii() and text.isdigit():
        text = text.zfill(3)
    exact = _exact_names().get(text.casefold())
    if exact is not None:
        return (exact,)
    names = _folded_names()
    for key in _readings(text):
        if key in names:
            return names[key]
    code = text.translate(_FLAG_LETTERS)
    return _named(code) if code != text else ()


def _readings(text: str) -> Iterator[str]:
    """Return the keys of a text: as it stands, then with what follows a comma or stands in brackets put first."""
    yield _key(text)
    bracketed = _BRACKETED.fullmatch(text)
    if bracketed is not None:
        head, tail = bracketed.groups()
        yield _key(f"{tail} {head}")
    elif "," in text:
        head, _, tail = text.partition(",")
        yield _key(f"{tail} {head}")


def _key(name: str) -> str:
    """
    Fold a name as `fold` does, and the words that names of countries write in several ways.

    >>> _key("St. Vincent & the Grenadines"), _key("U.S. Virgin Is."), _key("Cote d Ivoire")
    ('saint vincent grenadines', 'us virgin island', 'cote divoire')
    """
    folded = fold(name).replace(" and ", " ")  # but not in "Aruba (AND)", where it is a code
    words = [word for word in folded.split(" ") if word not in _EMPTY_WORDS]
    if any(len(word) == 1 for word in words):
        words = _TORN_OFF.sub(r"\1", _INITIALS.sub(r"\1", " ".join(words))).split(" ")
    if len(words) > 1:
        words = [_FIRST_WORDS.get(words[0], words[0]), *words[1:]]
        words = [_SAME_WORDS.get(word, word) for word in words]
    return " ".join(words)


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
            key = _key(name)
            found[key] = found[key.replace(" ", "")] = (alpha3,)
    for key, codes in _AMBIGUOUS.items():
        found[key] = found[key.replace(" ", "")] = codes
    return found


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
