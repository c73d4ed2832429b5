"""
How names of countries are compared: what they are reduced to, and what of them says nothing.

Articles, brackets, inverted order and forms of State in the languages of the United Nations make no difference. Knows
nothing of which countries there are.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from icatmapping.utils.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["DEMONYMS", "NEVER_OF_FORM", "demonym_of", "key", "loose_key", "of_form", "readings", "whole_number"]

# Words that a name has or lacks without meaning another country.
_EMPTY_WORDS = frozenset({"the", "of"})
# Words that are written in several ways, each to one of them; a name that is a single word is left as it is.
_SAME_WORDS: Mapping[str, str] = MappingProxyType(
    dict.fromkeys(("st", "ste", "sainte"), "saint")
    | dict.fromkeys(("is", "isl", "isls", "isd", "isds", "isles", "islands"), "island")
    | dict.fromkeys(("rep", "repub"), "republic")
    | dict.fromkeys(("dem",), "democratic")
    | dict.fromkeys(("fed", "federated", "federation"), "federal")
    | dict.fromkeys(("people", "ppl", "ppls"), "peoples")
    | dict.fromkeys(("sts",), "states")
    | dict.fromkeys(("ter", "terr", "territories"), "territory")
    | {"br": "british", "fr": "french", "eq": "equatorial", "prov": "province", "neth": "netherlands"}
)
# Only in front ("N. Korea"): further on, a single letter may be an "and" of another language.
_FIRST_WORDS: Mapping[str, str] = MappingProxyType({"n": "north", "s": "south", "e": "east", "w": "west"})
_INITIALS = re.compile(r"\b(\w) (?=\w\b)")  # "u s a"
_TORN_OFF = re.compile(r"\b([dl]) (?=\w)|(?<=\w) (?=s\b)")  # "cote d ivoire", "people s"
_BRACKETED = re.compile(r"([^()\[\]]+)[(\[]([^()\[\]]+)[)\]]?")


def key(name: str) -> str:
    """
    Fold a name as `fold` does, and the words that names of countries write in several ways.

    >>> key("St. Vincent & the Grenadines"), key("U.S. Virgin Is."), key("Cote d Ivoire")
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


def readings(text: str) -> Iterator[str]:
    """Yield the keys of a text: as it stands, then with what follows a comma or stands in brackets put first."""
    yield key(text)
    bracketed = _BRACKETED.fullmatch(text)
    if bracketed is not None:
        head, tail = bracketed.groups()
        yield key(f"{tail} {head}")
    elif "," in text:
        head, _, tail = text.partition(",")
        yield key(f"{tail} {head}")


# --- names with articles and forms of State -------------------------------------------------------------------------


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ARTICLES = _listed(
    "the of and "
    "le la les l de du des d et au aux "
    "el los las del y e "
    "o a os as do da dos das "
    "der die das den dem des und "
    "il lo gli i dei della "
    "и "
    "و"
)
_GENDERS = re.compile(r"[(\[]\s*(?:masc|f[eé]m|neut|pl|муж|жен|ср|мн|m|f|n)\b\.?[^()\[\]]{0,20}[)\]]", re.IGNORECASE)
_APOSTROPHES = re.compile("['’‘ʼʻ`´]")
_ARABIC_ARTICLE = re.compile(r"\b(?:وال|ال)(?=\w{3})")
_ARABIC_LETTERS = str.maketrans({"ة": "ه", "ى": "ي", "ـ": None})
_WORDS = re.compile(r"[^\W_]+")


def _loose_words(name: str) -> list[str]:
    """Return the words of a name that say which country it is, in order."""
    text = _APOSTROPHES.sub(" ", _GENDERS.sub(" ", name))
    folded = _ARABIC_ARTICLE.sub("", fold(text)).translate(_ARABIC_LETTERS)
    words = [word for word in _WORDS.findall(folded) if word not in _ARTICLES]
    return [_SAME_WORDS.get(word, word) for word in words] if len(words) > 1 else words


def loose_key(name: str) -> str:
    """
    Reduce a name to the words that say which country it is, in any order: without articles in six languages.

    >>> loose_key("Albanie (l')"), loose_key("Îles Vierges (les) (britanniques)"), loose_key("Congo (le) [masc.]")
    ('albanie', 'britanniques iles vierges', 'congo')
    """
    return " ".join(sorted(_loose_words(name)))


_FORMS = _listed(
    "republic kingdom commonwealth principality sultanate emirate duchy "
    "republique royaume principaute sultanat emirat duche "
    "republica reino principado sultanato emirato ducado "
    "republik konigreich furstentum sultanat emirat herzogtum "
    "республика королевство княжество султанат эмират "
    "جمهوريه مملكه اماره سلطنه"
)

NEVER_OF_FORM = frozenset({"CHN", "TWN", "DMA", "DOM", "KOR", "PRK", "COD", "COG", "VNM", "YEM", "GUF", "DEU", "SDN"})
"""Countries that "Republic of …" before their name may not mean, or not today's."""


def of_form(name: str) -> str | None:
    """
    Return the loose key of what a form of State stands before, or None.

    >>> of_form("la République du Togo"), of_form("Kingdom of Norway"), of_form("Togo")
    ('togo', 'norway', None)
    """
    words = _loose_words(name)
    return " ".join(sorted(words[1:])) if len(words) > 1 and words[0] in _FORMS else None


def demonym_of(name: str) -> str | None:
    """
    Return the code of the country of "Tunisian Republic", "Ivorian Republic" and the like, or None.

    >>> demonym_of("The Tunisian Republic"), demonym_of("Dominican Republic")
    ('TUN', None)
    """
    words = _loose_words(name)
    if len(words) < 2 or words[-1] not in ("republic", "kingdom", "confederation"):
        return None
    return DEMONYMS.get(" ".join(words[:-1]))


def whole_number(text: str) -> str:
    """
    Return a number without the decimals that data frames give to whole ones.

    >>> whole_number("288.0"), whole_number("4.00"), whole_number("4.5")
    ('288', '4', '4.5')
    """
    return re.sub(r"^(\d{1,3})\.0+$", r"\1", text)


_DEMONYMS = """\
AFG afghan, ALB albanian, DZA algerian, AGO angolan, ARG argentine argentinian, ARM armenian, AUT austrian,
AZE azerbaijani, BHR bahraini, BGD bangladeshi, BRB barbadian, BLR belarusian, BEL belgian, BEN beninese, BTN bhutanese,
BOL bolivian, BIH bosnian, BWA botswanan, BRA brazilian, BGR bulgarian, BFA burkinabe, BDI burundian,
KHM cambodian, CMR cameroonian, CPV cape-verdean cabo-verdean, CAF central-african, TCD chadian, CHL chilean,
COL colombian, COM comorian, CRI costa-rican, CIV ivorian, HRV croatian, CUB cuban, CYP cypriot, CZE czech, DNK danish,
DJI djiboutian, ECU ecuadorian, EGY egyptian egyptian-arab, SLV salvadoran salvadorian, GNQ equatoguinean, ERI eritrean,
EST estonian, SWZ swazi, ETH ethiopian, FJI fijian, FIN finnish, FRA french, GAB gabonese, GMB gambian, GEO georgian,
GHA ghanaian, GRC greek hellenic, GTM guatemalan, GIN guinean, GUY guyanese, HTI haitian, HND honduran, HUN hungarian,
ISL icelandic, IND indian, IDN indonesian, IRN iranian, IRQ iraqi, IRL irish, ISR israeli, ITA italian, JOR jordanian,
KAZ kazakh kazakhstani, KEN kenyan, KWT kuwaiti, KGZ kyrgyz, LVA latvian, LBN lebanese, LSO basotho, LBR liberian,
LBY libyan, LTU lithuanian, MDG malagasy, MWI malawian, MDV maldivian, MLI malian, MLT maltese, MRT mauritanian,
MUS mauritian, MEX mexican, MDA moldovan, MNG mongolian, MNE montenegrin, MAR moroccan, MOZ mozambican, NAM namibian,
NPL nepalese,
NIC nicaraguan, NGA nigerian, NER nigerien, MKD macedonian, NOR norwegian, OMN omani, PAK pakistani,
PAN panamanian, PRY paraguayan, PER peruvian, PHL philippine filipino, POL polish, PRT portuguese, ROU romanian,
RUS russian, RWA rwandan rwandese, SAU saudi, SEN senegalese, SRB serbian, SYC seychellois, SLE sierra-leonean,
SGP singaporean, SVK slovak, SVN slovenian slovene, SOM somali, ZAF south-african, SSD south-sudanese, ESP spanish,
LKA sri-lankan, SUR surinamese, SWE swedish, CHE swiss, SYR syrian syrian-arab, TJK tajik, TZA tanzanian, THA thai,
TGO togolese, TTO trinidadian, TUN tunisian, TUR turkish, TKM turkmen, UGA ugandan, UKR ukrainian, URY uruguayan,
UZB uzbek, VUT vanuatuan, VEN venezuelan bolivarian, ZMB zambian, ZWE zimbabwean"""

DEMONYMS: Mapping[str, str] = MappingProxyType(
    {
        demonym.replace("-", " "): code
        for code, *demonyms in map(str.split, _DEMONYMS.split(","))
        for demonym in demonyms
    }
)
"""The codes of countries by what their people and things are called in English; none that two countries share."""
