"""
Which activities of the IATI standard are about trafficking in persons: codes with their meaning, and words.

That is a judgement. No sector of the OECD is trafficking and nothing else, so that most codes only support what a word
hints at; who thinks otherwise gives `read_iati` another table. Knows nothing of files.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from icatmapping.utils.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["IATI_CODES", "IATI_WORDS", "KINDS_OF_BODIES", "REGIONS", "IatiCode", "IatiWord", "Relevance", "judge"]

CodeElement: TypeAlias = Literal["sector", "tag", "policy-marker"]
Strength: TypeAlias = Literal["decides", "supports"]


class IatiCode(NamedTuple):
    """
    A code of an activity, and what it says of trafficking in persons.

    Attributes:
        element: The element that holds it: ``"sector"``, ``"tag"`` or ``"policy-marker"``.
        vocabulary: The vocabulary of the code in that element, as IATI numbers it.
        code: The code.
        meaning: What it means.
        strength: ``"decides"``: an activity with it is about trafficking; ``"supports"``: it is, if a word supports it.
        themes: The themes of the mapping that an activity with it has.
        forms: The forms of exploitation that it has.
    """

    element: CodeElement
    vocabulary: str
    code: str
    meaning: str
    strength: Strength
    themes: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()


class IatiWord(NamedTuple):
    """
    A word or words of a title or description, and what they say of trafficking in persons.

    Attributes:
        text: The words, in any case, with or without diacritics; ``*`` stands for the end of a word.
        strength: ``"decides"`` or ``"supports"``, as of `IatiCode`; two words that support do not decide.
        themes: The themes of the mapping that an activity has in which they stand.
        forms: The forms of exploitation that it has.
    """

    text: str
    strength: Strength
    themes: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()


# Vocabulary 1 of sectors is the OECD's purpose codes of five digits, 7 and 8 are the Sustainable Development Goals and
# targets; in tags, 2 and 3 are goals and targets. A target says more than trafficking, but its indicators are that.
_TARGETS: tuple[tuple[str, str, Strength, tuple[str, ...]], ...] = (
    ("8.7", "end forced labour, modern slavery, trafficking and child labour", "decides", ()),
    ("16.2", "end abuse, exploitation, trafficking and violence against children", "supports", ("child_protection",)),
    ("5.2", "end violence against women and girls, trafficking included", "supports", ("gender",)),
    ("10.7", "orderly, safe, regular and responsible migration", "supports", ("migration",)),
)
_PURPOSES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("15130", "Legal and judicial development", ()),
    ("15131", "Justice, law and order policy, planning and administration", ()),
    ("15132", "Police", ()),
    ("15134", "Judicial affairs", ()),
    ("15136", "Immigration", ("migration",)),
    ("15137", "Prisons", ()),
    ("15160", "Human rights", ()),
    ("15170", "Women's rights organisations and movements", ("gender",)),
    ("15180", "Ending violence against women and girls", ("gender",)),
    ("15190", "Facilitation of orderly, safe, regular and responsible migration and mobility", ("migration",)),
    ("16010", "Social protection", ()),
    ("16070", "Labour rights, child labour and forced labour included", ()),
    ("25040", "Responsible business conduct", ("supply_chains",)),
)
_CHILD_SOLDIERS = ("armed_conflict_exploitation", "child_trafficking")

IATI_CODES: tuple[IatiCode, ...] = (
    *(IatiCode("tag", "3", code, f"SDG target {code}: {said}", how, themes) for code, said, how, themes in _TARGETS),
    *(IatiCode("sector", "8", code, f"SDG target {code}: {said}", how, themes) for code, said, how, themes in _TARGETS),
    *(IatiCode("sector", "1", code, meaning, "supports", themes) for code, meaning, themes in _PURPOSES),
    IatiCode("sector", "1", "15261", "Child soldiers", "decides", ("child_protection",), _CHILD_SOLDIERS),
    IatiCode("policy-marker", "1", "1", "Gender equality is the principal objective", "supports", ("gender",)),
)
"""The codes that say whether an activity is about trafficking in persons."""

_ANY = (
    *("trafficking in person*", "trafficking in human*", "human trafficking", "trafficking of human*"),
    *("people trafficking", "anti trafficking", "antitrafficking", "counter trafficking", "trafficked person*"),
    *("trafficked victim*", "victim* of trafficking", "trafficking victim*", "survivor* of trafficking"),
    *("trafficking in women", "trafficking of women", "modern slavery", "modern day slavery", "palermo protocol"),
    *("contemporary forms of slavery", "traite des etres humains", "traite d etres humains", "traite des personnes"),
    *("traite de personnes", "victime* de la traite", "victime* de traite", "esclavage moderne", "trata de persona*"),
    *("trata de ser* human*", "victima* de trata", "victima* de la trata", "esclavitud moderna", "trafico de pessoas"),
    *("menschenhandel*", "mensenhandel", "tratta di esseri umani"),
)
_LABOUR = (
    *("forced labour", "forced labor", "bonded labour", "bonded labor", "labour trafficking", "labor trafficking"),
    *("travail force", "trabajo forzoso", "trabajo forzado", "zwangsarbeit"),
)
_CHILDREN = (
    *("child trafficking", "trafficking in child*", "trafficking of child*", "trafficked child*"),
    *("traite des enfants", "traite d enfants", "trata de nin*"),
)
_SEXUAL = (
    *("sex trafficking", "sexual trafficking", "trafficking for sexual exploitation", "commercial sexual exploitation"),
    "trata con fines de explotacion sexual",
)
_SOLDIERS = ("child soldier*", "enfant* soldat*", "nin* soldado*")
_ORGANS = ("organ trafficking", "trafficking for organ removal", "trafic d organes", "trafico de organos")
_HINTS = (
    *("trafficking", "trafficked", "exploitation", "slavery", "child labour", "child labor", "debt bondage"),
    *("smuggling of migrants", "migrant smuggling", "people smuggling", "domestic servitude", "forced marriage"),
    *("forced begging", "fair recruitment", "ethical recruitment", "traite", "trata", "travail des enfants"),
    *("trabajo infantil", "esclavage", "esclavitud", "explotacion"),
)

IATI_WORDS: tuple[IatiWord, ...] = (
    *(IatiWord(text, "decides") for text in _ANY),
    *(IatiWord(text, "decides", forms=("labour_exploitation",)) for text in _LABOUR),
    *(IatiWord(text, "decides", ("child_protection",), ("child_trafficking",)) for text in _CHILDREN),
    *(IatiWord(text, "decides", forms=("sexual_exploitation",)) for text in _SEXUAL),
    *(IatiWord(text, "decides", ("child_protection",), _CHILD_SOLDIERS) for text in _SOLDIERS),
    *(IatiWord(text, "decides", forms=("organ_removal",)) for text in _ORGANS),
    *(IatiWord(text, "supports") for text in _HINTS),
)
"""The words that say whether an activity is about trafficking in persons."""

# What is trafficked and is no person: "trafficking" beside it says nothing.
_GOODS = (
    *("drug*", "narcotic*", "arms", "weapon*", "firearm*", "wildlife", "ivory", "timber", "cultural", "antiquit*"),
    *("goods", "cigarette*", "tobacco", "waste", "medicine*", "illicit*", "air", "road", "rail", "data", "web"),
)
_GOODS_BEFORE = "|".join(word.replace("*", r"\w*") for word in _GOODS)
_OF_GOODS = re.compile(
    rf"\b(?:{_GOODS_BEFORE})(?: (?:and|or) \w+)? traffick\w+|\btraffick\w+ (?:of|in) (?:illicit )?(?:{_GOODS_BEFORE})\b"
)


class Relevance(NamedTuple):
    """
    Why an activity is about trafficking in persons, or why not.

    Attributes:
        is_about: Whether it is.
        reasons: The codes and words that say so, in words.
        themes: The themes that follow from them.
        forms: The forms of exploitation that follow from them.
    """

    is_about: bool
    reasons: tuple[str, ...]
    themes: tuple[str, ...]
    forms: tuple[str, ...]


def judge(
    codes: Iterable[tuple[str, str, str]],
    text: str,
    table: Mapping[tuple[str, str, str], IatiCode],
    words: Iterable[tuple[re.Pattern[str], IatiWord]],
) -> Relevance:
    """
    Judge whether an activity is about trafficking in persons.

    It is if a code or word decides, or if a code and a word support it.

    Args:
        codes: Its codes: element, vocabulary, code.
        text: Its title and description.
        table: The codes that count, by element, vocabulary and code.
        words: The words that count, as `patterns` makes them.

    Examples:
        >>> table, words = by_key(IATI_CODES), patterns(IATI_WORDS)
        >>> judge([("sector", "1", "15190")], "Stopping the trafficking of girls", table, words).is_about
        True
        >>> judge([("sector", "1", "16063")], "Against drug trafficking", table, words).is_about
        False
    """
    folded = _OF_GOODS.sub(" ", fold(text))
    found_codes = [table[key] for key in dict.fromkeys(codes) if key in table]
    found_words = [word for pattern, word in words if pattern.search(folded)]
    found: list[IatiCode | IatiWord] = [*found_codes, *found_words]
    decides = any(one.strength == "decides" for one in found)
    is_about = decides or bool(found_codes and found_words)
    reasons = [f"{one.element} {one.code}, {one.meaning}" for one in found_codes]
    reasons += [f"“{word.text.rstrip('*')}” in the text" for word in found_words]
    return Relevance(
        is_about,
        tuple(reasons),
        tuple(dict.fromkeys(theme for one in found for theme in one.themes)),
        tuple(dict.fromkeys(form for one in found for form in one.forms)),
    )


def by_key(codes: Iterable[IatiCode]) -> Mapping[tuple[str, str, str], IatiCode]:
    """Return codes by element, vocabulary and code."""
    return MappingProxyType({(one.element, one.vocabulary, one.code): one for one in codes})


def patterns(words: Iterable[IatiWord]) -> tuple[tuple[re.Pattern[str], IatiWord], ...]:
    """Return words with what finds each in a folded text."""
    return tuple(
        (re.compile(rf"\b{re.escape(fold(word.text.replace('*', 'STAR'))).replace('star', chr(92) + 'w*')}\b"), word)
        for word in words
    )


KINDS_OF_BODIES: Mapping[str, str] = MappingProxyType(
    {
        "10": "government",
        "11": "government",
        "15": "government",
        "40": "international_organization",
        "60": "foundation",
        "80": "academia",
    }
    | dict.fromkeys(("21", "22", "23", "24"), "ngo")
    | dict.fromkeys(("70", "71", "72", "73"), "private_sector")
)
"""The kind of organization for a code of the list OrganisationType; "other" for the rest."""

REGIONS: Mapping[str, str] = MappingProxyType(
    {
        "88": "Western Balkans",
        "89": "Europe",
        "189": "Northern Africa",
        "289": "Sub-Saharan Africa",
        "298": "Africa",
        "389": "Latin America and the Caribbean",
        "489": "South America",
        "498": "Americas",
        "589": "Middle East",
        "619": "Central Asia",
        "679": "Southern Asia",
        "789": "Eastern Asia",
        "798": "Asia",
        "889": "Pacific",
        "1027": "Eastern Africa",
        "1028": "Middle Africa",
        "1029": "Southern Africa",
        "1030": "Western Africa",
        "1031": "Caribbean",
        "1032": "Central America",
        "1033": "Melanesia",
        "1034": "Micronesia",
        "1035": "Polynesia",
        "998": "global",
    }
)
"""The area for a code of the OECD's list of regions, by a name that the library knows."""
