"""
Names of countries: what people type, and what other lists publish.
"""

from __future__ import annotations

import csv
import unicodedata
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pycountry

if TYPE_CHECKING:
    from collections.abc import Iterator


# What people type, and what they mean by it.
TYPED = {
    "AFG": "Afghanistan | Islamic Republic of Afghanistan | Afganistán",
    "ALA": "Aland | Åland Islands | ALAND ISLANDS",
    "ALB": "Shqipëria | Albanie",
    "ARE": "UAE | U.A.E. | United Arab Emirates | the Emirates | Émirats arabes unis",
    "ASM": "American Samoa | Samoa, American",
    "ATG": "Antigua & Barbuda | Antigua and Barb. | Antigua",
    "AUT": "Österreich | Oesterreich | Osterreich",
    "BEL": "België | Belgique",
    "BES": "Caribbean Netherlands | Bonaire, Saint Eustatius and Saba",
    "BFA": "Upper Volta | Burkina",
    "BHS": "Bahamas, The | The Bahamas | Bahamas (the)",
    "BIH": "Bosnia | BiH | Bosnia & Herzegovina | Bosnia-Hercegovina | Bosnia and Herz. | Bosnie-Herzégovine",
    "BLM": "St. Barts | St-Barthélemy | Saint Barthelemy",
    "BLR": "Byelorussia | Belorussia",
    "BOL": "Bolivia | Bolivia (Plurinational State of) | Bolivia, Plurinational State of",
    "BRA": "Brasil | Brazil",
    "BRN": "Brunei | Brunei Darussalam",
    "CAF": "CAR | C.A.R. | Central African Rep. | Central African Republic (the)",
    "CHE": "Schweiz | Suisse | Svizzera | Swiss Confederation | SUI",
    "CHN": "China | PRC | P.R. China | People's Republic of China | Peoples Republic of China"
    " | China, People's Rep. of",
    "CIV": "Ivory Coast | Côte d'Ivoire | Cote d'Ivoire | Côte d\N{RIGHT SINGLE QUOTATION MARK}Ivoire"
    " | COTE D IVOIRE | Republic of Côte d'Ivoire",
    "COD": "DRC | D.R.C. | DR Congo | D.R. Congo | Congo-Kinshasa | Congo, Dem. Rep. | Dem. Rep. Congo | Zaire"
    " | Congo (DRC)"
    " | Congo (Democratic Republic of the) | Congo, the Democratic Republic of the | Democratic Republic of Congo"
    " | Congo (Kinshasa) | The Democratic Republic of the Congo (formerly Zaire)",
    "COG": "Congo-Brazzaville | Congo, Rep. | Republic of the Congo | Congo, Republic of the | Congo (Brazzaville)",
    "CPV": "Cape Verde | Cabo Verde | Cap-Vert",
    "CUW": "Curacao | Curaçao",
    "CYM": "Cayman Is. | Caymans",
    "CYP": "Kypros | Chypre",
    "CZE": "Czech Republic | Czechia | Czech Rep. | Česko | the Czech Republic",
    "DEU": "Deutschland | Federal Republic of Germany | Allemagne | Alemania | Germany, Federal Republic of | GER",
    "DNK": "Danmark | Dinamarca",
    "DOM": "Dominican Rep. | República Dominicana",
    "EGY": "Egypt, Arab Rep. | Arab Republic of Egypt | Égypte",
    "ESH": "W. Sahara | Western Sahara | Sahrawi Arab Democratic Republic",
    "ESP": "España | Espana | Espagne",
    "EST": "Eesti",
    "FIN": "Suomi",
    "FLK": "Malvinas | Falklands | Falkland Islands (Malvinas) | Falkland Islands (the) [Malvinas]",
    "FRO": "Faeroe Islands | Faroes",
    "FSM": "Micronesia | Micronesia (Federated States of) | Micronesia, Fed. Sts."
    " | Federated States of Micronesia | FSM",
    "GBR": "UK | U.K. | the UK | Great Britain | Britain | England | Scotland | Wales | Northern Ireland"
    " | United Kingdom of Great Britain and Northern Ireland (the) | Royaume-Uni | Reino Unido",
    "GIN": "Guinea | Guinée | Guinea-Conakry | Republic of Guinea",
    "GMB": "Gambia, The | The Gambia | Gambia (the) | gambia",
    "GNB": "Guinea-Bissau | Guinea Bissau | GUINEA BISSAU",
    "GNQ": "Equatorial Guinea | Eq. Guinea | Guinea, Equatorial",
    "GRC": "Hellas | Hellenic Republic | Griechenland",
    "GUF": "French Guiana | Guyane | Guyane française",
    "HKG": "Hong Kong SAR | Hongkong | Hong Kong, China | Hong Kong SAR, China | China, Hong Kong SAR",
    "HRV": "Hrvatska",
    "HUN": "Magyarország | Magyarorszag",
    "IND": "Bharat",
    "IRL": "Ireland | Éire | Eire | Republic of Ireland | Ireland, Republic of",
    "IRN": "Iran | Iran (Islamic Republic of) | Iran, Islamic Rep. | Persia | Islamic Republic of Iran",
    "ISL": "Ísland | Iceland",
    "ITA": "Italia",
    "JPN": "Nippon | 日本 | Japon",
    "KGZ": "Kyrgyz Republic | Kirghizia | Kyrgyz Rep.",
    "KHM": "Kampuchea | Cambodge",
    "KNA": "St Kitts & Nevis | St. Kitts and Nevis | Saint Christopher and Nevis",
    "KOR": "South Korea | Republic of Korea | ROK | Korea, Rep. | Korea (Republic of) | S. Korea | Korea, South"
    " | Korea (the Republic of)",
    "LAO": "Laos | Lao PDR | Lao P.D.R. | Lao People's Democratic Republic"
    " | Lao People\N{ACUTE ACCENT}s Dem. Rep. | Lao People s Democratic Republic",
    "LBY": "Libyan Arab Jamahiriya | Libya",
    "LCA": "St. Lucia | ST LUCIA | Sainte-Lucie",
    "LKA": "Ceylon | SriLanka",
    "MAC": "Macau | Macao SAR, China | Macao",
    "MAF": "Saint Martin | St. Martin (French part) | Saint-Martin (French part)",
    "MDA": "Moldova | Moldova, Republic of | Moldavia | Rep. of Moldova",
    "MKD": "Macedonia | FYROM | North Macedonia | Macedonia, FYR | Macedonia, the former Yugoslav Republic of"
    " | N. Macedonia",
    "MMR": "Burma | Myanmar | Myanmar (Burma) | Burma/Myanmar",
    "MNP": "N. Mariana Is. | Northern Marianas",
    "NER": "Niger | Republic of the Niger | Niger (the) | NIGER",
    "NGA": "Nigeria | nigeria | NG | nga | 566 | Federal Republic of Nigeria | Nigeria (NGA) | NG - Nigeria | 🇳🇬",
    "NLD": "Holland | The Netherlands | Netherlands (Kingdom of the) | Nederland | Netherlands, the | Pays-Bas",
    "NOR": "Norge | Noreg",
    "PHL": "Philippines (the) | Pilipinas | the Philippines",
    "PNG": "PNG | Papua New Guinea",
    "POL": "Polska",
    "PRK": "North Korea | DPRK | Korea, Dem. People's Rep. of"
    " | Korea, Dem. People\N{RIGHT SINGLE QUOTATION MARK}s Rep. | Korea (Democratic People's Republic of)"
    " | Democratic People's Republic of Korea | D.P.R. Korea | N. Korea | Korea, North",
    "PSE": "Palestine | State of Palestine | Occupied Palestinian Territory | West Bank and Gaza"
    " | Palestine, State of | oPt"
    " | Palestinian Territories | Gaza",
    "ROU": "Rumania | România",
    "RUS": "Russia | Russian Federation | Russian Fed. | the Russian Federation | Россия",
    "SAU": "KSA | Kingdom of Saudi Arabia",
    "SDN": "Sudan | the Sudan | Sudan (the) | Republic of the Sudan",
    "SGS": "South Georgia | S. Geo. and the Is.",
    "SHN": "St Helena | Saint Helena, Ascension and Tristan da Cunha",
    "SOM": "Somalia, Fed. Rep.",
    "SSD": "South Sudan | S. Sudan | Sudan, South",
    "STP": "São Tomé and Príncipe | Sao Tome & Principe | São Tomé e Príncipe",
    "SVK": "Slovak Republic | Slovensko",
    "SWE": "Sverige",
    "SWZ": "Swaziland | eSwatini | Eswatini (Swaziland) | Kingdom of Eswatini",
    "SXM": "St. Maarten | Sint Maarten (Dutch part)",
    "SYR": "Syria | Syrian Arab Republic | Syrian Arab Rep.",
    "THA": "Siam",
    "TLS": "East Timor | Timor | Timor Leste | Timor-Leste (East Timor)",
    "TTO": "Trinidad & Tobago | Trinidad and Tobago | Trinidad/Tobago",
    "TUR": "Turkey | Türkiye | Turkiye | Republic of Türkiye | Turkey (Türkiye)",
    "TWN": "Taiwan | Chinese Taipei | Taiwan, Province of China | Taiwan (Province of China) | Taiwan, China",
    "TZA": "Tanzania | United Republic of Tanzania | Tanzania, United Republic of | Tanzania (United Rep. of)",
    "UKR": "the Ukraine",
    "USA": "USA | U.S.A. | U.S. | US | the US | America | United States | United States of America (the)"
    " | États-Unis | EE.UU.",
    "VAT": "Vatican | Holy See | Holy See (the) | Vatican City State | Holy See (Vatican City State)",
    "VCT": "St Vincent & the Grenadines | St. Vin. and Gren. | Saint Vincent",
    "VEN": "Venezuela | Venezuela, RB | Venezuela (Bolivarian Republic of)",
    "VGB": "British Virgin Islands | Virgin Islands (British) | Virgin Islands, British | BVI | British Virgin Is.",
    "VIR": "U.S. Virgin Islands | US Virgin Islands | Virgin Islands (U.S.) | Virgin Islands, U.S. | USVI",
    "VNM": "Vietnam | Viet Nam | VIET-NAM | Socialist Republic of Viet Nam",
    "WSM": "Samoa | Western Samoa",
    "XKX": "Kosovo | Kosovo* | Kosovo (UNSCR 1244) | Kosovo under UNSCR 1244/99 | Republic of Kosovo | XK",
    "YEM": "Yemen, Rep. | Republic of Yemen",
    "ZAF": "RSA | South Africa | Republic of South Africa",
    "ZWE": "Rhodesia | Zimbabwe",
}

# ISO and country_converter use these short names for one of the countries that share them.
SHARED = {"Congo", "Guiana"}


def typed_names() -> Iterator[tuple[str, str]]:
    """Give every name in the table with the code that it means."""
    for alpha3, names in TYPED.items():
        for name in names.split(" | "):
            yield name, alpha3


def converter_rows() -> dict[str, dict[str, str]]:
    """Read the table that country_converter ships, by alpha-3."""
    spec = find_spec("country_converter")
    assert spec is not None
    assert spec.origin is not None
    with Path(spec.origin).with_name("country_data.tsv").open(encoding="utf-8", newline="") as table:
        rows = {row["ISO3"]: row for row in csv.DictReader(table, delimiter="\t")}
    return {alpha3: row for alpha3, row in rows.items() if pycountry.countries.get(alpha_3=alpha3) or alpha3 == "XKX"}


def published_names() -> Iterator[tuple[str, str]]:
    """Give the names that pycountry and country_converter publish, with their codes there."""
    for iso in pycountry.countries:
        for attribute in ("name", "official_name", "common_name"):
            name = getattr(iso, attribute, None)
            if name is not None and name not in SHARED:
                yield name, iso.alpha_3
    for alpha3, row in converter_rows().items():
        for column in ("name_short", "name_official"):
            if row[column] not in SHARED:
                yield row[column], alpha3


def without_marks(text: str) -> str:
    """Take the diacritics off letters."""
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
