"""
Countries that are no more, and what became of them: a name that means none of today's is an error that says why.

The years and names are those of ISO 3166-3 and of the United Nations' M49. Knows nothing of today's countries.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, NamedTuple

from icatmapping.model.country_names import key, loose_key, whole_number

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FORMER_COUNTRIES", "Former", "former_country"]


class Former(NamedTuple):
    """
    A country that is no more.

    Attributes:
        name: Its name.
        ended: The year in which it ceased to exist or was divided.
        became: The codes (alpha-3) of the countries that its territory belongs to now.
        aliases: Its other names and the codes that it had.
    """

    name: str
    ended: int
    became: tuple[str, ...]
    aliases: tuple[str, ...]


def _former(name: str, ended: int, became: str, aliases: str) -> Former:
    return Former(name, ended, tuple(became.split()), tuple(alias.strip() for alias in aliases.split("|")))


FORMER_COUNTRIES = (
    _former(
        "Soviet Union",
        1991,
        "ARM AZE BLR EST GEO KAZ KGZ LTU LVA MDA RUS TJK TKM UKR UZB",
        "USSR | U.S.S.R. | Union of Soviet Socialist Republics | SUN | SU | 810 | Union soviétique | URSS"
        " | Union des républiques socialistes soviétiques | Unión Soviética"
        " | Unión de Repúblicas Socialistas Soviéticas"
        " | Sowjetunion | UdSSR | União Soviética | СССР | Советский Союз"
        " | Союз Советских Социалистических Республик | 苏联 | 蘇聯 | 苏维埃社会主义共和国联盟 | الاتحاد السوفياتي"
        " | الاتحاد السوفيتي",
    ),
    _former(
        "Yugoslavia",
        1992,
        "BIH HRV MKD MNE SRB SVN XKX",
        "Socialist Federal Republic of Yugoslavia | SFR Yugoslavia | SFRY | YUG | YU | 890 | Yougoslavie | Jugoslawien"
        " | Iugoslávia | Jugoslavia | Югославия | 南斯拉夫 | يوغوسلافيا | Kingdom of Yugoslavia | Jugoslavija"
        " | Yugoslavia, Socialist Federal Republic of | Yugoslavia, SFR",
    ),
    _former(
        "Serbia and Montenegro",
        2006,
        "MNE SRB XKX",
        "SCG | 891 | Federal Republic of Yugoslavia | FR Yugoslavia | State Union of Serbia and Montenegro"
        " | Serbie-et-Monténégro | Serbia y Montenegro | Serbien und Montenegro | Sérvia e Montenegro"
        " | Сербия и Черногория | 塞尔维亚和黑山 | صربيا والجبل الأسود"
        " | Yugoslavia, Federal Republic of",
    ),
    _former(
        "Czechoslovakia",
        1992,
        "CZE SVK",
        "CSK | 200 | Czechoslovak Republic | Czechoslovak Socialist Republic | Czech and Slovak Federative Republic"
        " | CSFR | CSSR | Tchécoslovaquie | Checoslovaquia | Tschechoslowakei | Checoslováquia | Tchecoslováquia"
        " | Чехословакия | 捷克斯洛伐克 | تشيكوسلوفاكيا | Cecoslovacchia | Československo",
    ),
    _former(
        "East Germany",
        1990,
        "DEU",
        "German Democratic Republic | GDR | DDR | DD | 278 | Democratic Republic of Germany"
        " | République démocratique allemande"
        " | RDA | República Democrática Alemana | Deutsche Demokratische Republik | Ostdeutschland | Allemagne de l'Est"
        " | Alemania Oriental | Alemanha Oriental | ГДР | Германская Демократическая Республика"
        " | 德意志民主共和国 | 东德"
        " | ألمانيا الشرقية | Germany, East | Germany (Democratic Republic)",
    ),
    _former(
        "West Germany",
        1990,
        "DEU",
        "FRG | BRD | 280 | Germany (West) | Fmr Fed. Rep. of Germany | Westdeutschland | Allemagne de l'Ouest"
        " | Alemania Occidental | Западная Германия | 西德 | ألمانيا الغربية",
    ),
    _former(
        "Netherlands Antilles",
        2010,
        "CUW SXM BES",
        "ANT | AN | 530 | Neth. Antilles | Dutch Antilles | Netherlands Antilles (the) | Antilles néerlandaises"
        " | Antillas Neerlandesas | Antillas Holandesas | Niederländische Antillen | Nederlandse Antillen"
        " | Antilhas Holandesas | Antilhas Neerlandesas | Нидерландские Антильские острова | Нидерландские Антилы"
        " | 荷属安的列斯 | 荷属安的列斯群岛 | جزر الأنتيل الهولندية",
    ),
    _former(
        "South Yemen",
        1990,
        "YEM",
        "Democratic Yemen | People's Democratic Republic of Yemen | Yemen, Democratic | YMD | YD | 720 | PDR Yemen"
        " | Yemen PDR | Yémen démocratique | Yémen du Sud | Yemen del Sur | Südjemen | اليمن الجنوبي | Южный Йемен",
    ),
    _former(
        "North Yemen",
        1990,
        "YEM",
        "Yemen Arab Republic | Arab Republic of Yemen | YAR | 886 | Yémen du Nord | Yemen del Norte | Nordjemen"
        " | اليمن الشمالي | Северный Йемен",
    ),
    _former(
        "South Vietnam",
        1976,
        "VNM",
        "South Viet-Nam | Republic of Vietnam | Republic of Viet-Nam | Viet-Nam, Republic of | Sud-Vietnam"
        " | Vietnam del Sur | Südvietnam | Viêt Nam du Sud | Южный Вьетнам | 南越",
    ),
    _former(
        "North Vietnam",
        1976,
        "VNM",
        "North Viet-Nam | Democratic Republic of Vietnam | Democratic Republic of Viet-Nam | VDR | VD"
        " | Viet-Nam, Democratic Republic of | Nord-Vietnam | Vietnam del Norte | Nordvietnam | Viêt Nam du Nord"
        " | Северный Вьетнам | 北越",
    ),
    _former("Tanganyika", 1964, "TZA", "Tanganyika Territory | Танганьика"),
    _former("Zanzibar and Pemba", 1964, "TZA", "Zanzibar and Pemba Isd | Sultanate of Zanzibar"),
    _former(
        "Pacific Islands (Trust Territory)",
        1986,
        "FSM MHL MNP PLW",
        "PCI | PC | 582 | Pacific Isds | Trust Territory of the Pacific Islands",
    ),
    _former("Neutral Zone", 1993, "IRQ SAU", "NTZ | NT | 536 | Saudi Arabian-Iraqi Neutral Zone"),
    _former(
        "Rhodesia and Nyasaland",
        1963,
        "MWI ZMB ZWE",
        "Rhodesia Nyas | Federation of Rhodesia and Nyasaland | Central African Federation",
    ),
    _former("French Afars and Issas", 1977, "DJI", "AFI | Afars and Issas"),
    _former("Panama Canal Zone", 1980, "PAN", "PCZ | PZ | Panama-Canal-Zone | Canal Zone"),
    _former("Gilbert and Ellice Islands", 1979, "KIR TUV", "GEL | Gilbert Islands and Ellice Islands"),
    _former("United Arab Republic", 1971, "EGY SYR", "UAR | U.A.R. | République arabe unie"),
    _former("Austria-Hungary", 1918, "AUT HUN", "Austro-Hungarian Empire | Autriche-Hongrie | Österreich-Ungarn"),
    _former("Ottoman Empire", 1922, "TUR", "Empire ottoman | Imperio otomano | Osmanisches Reich"),
)
"""The countries that are no more which data and documents still name."""

_DIVIDED = (
    # Names that countries of today keep, which data say of them as they were: found behind "former" alone.
    _former("Sudan (with South Sudan)", 2011, "SDN SSD", "Sudan | 736"),
    _former("Ethiopia (with Eritrea)", 1993, "ERI ETH", "Ethiopia | 230"),
    _former("Pakistan (with Bangladesh)", 1971, "BGD PAK", "Pakistan | East and West Pakistan"),
    _former("Indonesia (with Timor-Leste)", 2002, "IDN TLS", "Indonesia"),
    _former("Panama (without the Canal Zone)", 1980, "PAN", "Panama"),
)
_FORMER = re.compile(
    r"^\W*(?:the\s+)?(?:fmr|former(?:ly)?|ex|ancien(?:ne)?|antigua?|ehemalige[rs]?|бывш\w+)\b[\s.-]*", re.IGNORECASE
)


def former_country(text: str) -> Former | None:
    """
    Return the country that is no more which a text names, or None.

    Examples:
        >>> found = former_country("Neth. Antilles")
        >>> found.name, found.ended, found.became
        ('Netherlands Antilles', 2010, ('CUW', 'SXM', 'BES'))
        >>> former_country("Fmr Sudan").became
        ('SDN', 'SSD')
    """
    text = whole_number(text)
    stripped = _FORMER.sub("", text, count=1)
    for name in (text, stripped):
        for reduce in (key, loose_key):
            found = _index(reduce).get(reduce(name)) if name.strip() else None
            if found is not None:
                return found
    if stripped == text and not text.strip().isdigit():
        return None
    return next((each for each in _DIVIDED for alias in each.aliases if key(alias) == key(stripped)), None)


@functools.cache
def _index(reduce: object) -> Mapping[str, Former]:
    found: dict[str, Former] = {}
    for former in FORMER_COUNTRIES:
        for name in (former.name, *former.aliases):
            found.setdefault((key if reduce is key else loose_key)(name), former)
    return found
