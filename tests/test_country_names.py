"""
Countries as other lists print them: with articles, in other languages, as floats, and those of the past.

Expectations are those of pycountry and of the lists of ISO, M49, UNTERM, UN Comtrade and the World Bank.
"""

from __future__ import annotations

import pickle

import numpy as np
import pycountry
import pytest

import icatmapping as im
from icatmapping.model.former_countries import FORMER_COUNTRIES, former_country

PRINTED = {
    "AFG": ("Afghanistan (l') [masc.]", "Afganistán (el) [masc.]", "l'Afghanistan", "4.0", "004.0"),
    "ALB": ("Albanie (l')", "Albania [fem.]", "die Republik Albanien"),
    "BHS": ("Bahamas (the)", "Bahamas, The", "Las Bahamas", "Bahamas (les) [fém.]"),
    "BOL": ("Bolivia (Plurinational State of)", "Bolivie (État plurinational de) [fém.]"),
    "CHE": ("Suisse (la)", "die Schweiz", "Swiss Confederation"),
    "CHL": ("Chili (le)", "Chilean Republic"),
    "COD": (
        "Congo (la République démocratique du)",
        "République démocratique du Congo (la) [fém.]",
        "Congo, Dem. Rep.",
    ),
    "CYM": ("Caïmans (les Îles)", "Cayman Isds"),
    "DOM": ("dominicaine (la République)", "Dominican Rep.", "República Dominicana (la)"),
    "GHA": ("288.0", "288", "République du Ghana", "Ghana (le)"),
    "GMB": ("Gambia (Republic of The)", "Gambia, The", "Gambie (la)"),
    "GRC": ("Hellenic Republic", "Grèce (la)"),
    "IND": ("l'Inde", "Inde (l')", "India (la)"),
    "IRN": ("Iran (Islamic Republic of)", "Iran (République islamique d') [fém.]", "der Iran"),
    "KOR": ("Korea, Rep.", "Corée (la République de)"),
    "NLD": ("Netherlands (Kingdom of the)", "Pays-Bas (les)", "los Países Bajos"),
    "PHL": ("Philippines (les)", "Philippines (the)", "Filipinas (las)"),
    "PRK": ("Corée (la République populaire démocratique de)", "Dem. People's Rep. of Korea"),
    "SLB": ("Solomon Isds", "Salomon (les Îles)", "SOLOMON ISDS"),
    "SLV": ("El Salvador", "Le Salvador"),
    "TCD": ("Chad (el)", "Tchad (le)", "Chadian Republic"),
    "TGO": ("la République du Togo", "Togolese Republic", "le Togo", "Togo (le)"),
    "TUN": ("Tunisian Republic", "The Tunisian Republic", "Tunisie (la)"),
    "TUR": ("Türkiye (la)", "Turkish Republic"),
    "USA": ("États-Unis d'Amérique (les)", "les États-Unis", "os Estados Unidos", "840.0"),
    "VGB": ("Îles Vierges (les)(britanniques)", "Br. Virgin Isds", "Virgin Islands (British)"),
}


@pytest.mark.parametrize(("alpha3", "name"), [(code, name) for code, names in PRINTED.items() for name in names])
def test_a_country_is_found_as_the_lists_print_it(alpha3: str, name: str) -> None:
    """Articles before and behind, genders, brackets, abbreviations and forms of State say nothing."""
    assert im.country(name).alpha3 == alpha3


@pytest.mark.parametrize("number", [288.0, np.float64(288), np.float32(288), np.int64(288), np.uint16(288), 288])
def test_a_whole_float_is_a_number(number: float) -> None:
    """Data frames make floats of codes as soon as one is missing."""
    assert im.country(number).alpha3 == "GHA"  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [float("nan"), np.nan, 288.5, float("-inf"), True, np.array([True])[0]])
def test_what_no_code_can_be_is_refused(value: object) -> None:
    """Missing values and fractions are no countries; the message says what would be."""
    with pytest.raises(TypeError, match="a country must be text, an M49 number or a Country, not"):
        im.country(value)  # type: ignore[arg-type]


def test_every_number_of_m49_is_found_as_a_float() -> None:
    """As a float and as the text of one."""
    for country in im.geography.countries():
        if country.m49 is not None:
            assert im.country(float(country.m49)) == im.country(f"{int(country.m49)}.0") == country  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "name",
    [
        "Congo (le)",
        "Congo (el)",
        "le Congo",
        "Corée (la)",
        "la Corée",
        "Конго",
        "刚果",
        "Kongo",
        "Islas Vírgenes (las)",
    ],
)
def test_an_article_decides_nothing_between_several_countries(name: str) -> None:
    """What several have stays ambiguous."""
    with pytest.raises(im.AmbiguousNameError):
        im.country(name)


@pytest.mark.parametrize(
    "name",
    [
        "Chad (LA)",
        "Germany (FR)",
        "Niger, Nigeria",
        "State of Georgia",
        "Estado de México",
        "Republic of Dominica",
        "Republic of Somaliland",
        "Turkish Republic of Northern Cyprus",
        "Serbia and Kosovo",
        "Belgium-Luxembourg",
        "Other Asia, nes",
        "Areas, nes",
        "la",
        "les",
        "of the",
        "(le)",
        "Republic",
        "Kingdom of",
        "Georgia (USA)",
        "4.5",
    ],
)
def test_what_means_no_country_stays_unknown(name: str) -> None:
    """A code that contradicts the name, a part of a country, several countries, articles alone."""
    try:
        found = im.country(name)
    except im.UnknownNameError:
        return
    assert (name, found.alpha3) == ("la", "LAO")  # its code


@pytest.mark.parametrize(
    ("name", "became"),
    [
        ("Neth. Antilles", ("Curaçao", "Sint Maarten", "Bonaire, Sint Eustatius and Saba")),
        ("Antilles néerlandaises (les)", ("Curaçao", "Sint Maarten", "Bonaire, Sint Eustatius and Saba")),
        ("ANT", ("Curaçao", "Sint Maarten", "Bonaire, Sint Eustatius and Saba")),
        ("Czechoslovakia", ("Czechia", "Slovakia")),
        ("Tschechoslowakei", ("Czechia", "Slovakia")),
        ("Fmr Dem. Rep. of Germany", ("Germany",)),
        ("DDR", ("Germany",)),
        ("Serbia and Montenegro", ("Montenegro", "Serbia", "Kosovo")),
        ("Fmr Sudan", ("Sudan", "South Sudan")),
        ("former Ethiopia", ("Eritrea", "Ethiopia")),
    ],
)
def test_a_country_that_is_no_more_is_an_error_that_says_what_became_of_it(name: str, became: tuple[str, ...]) -> None:
    """The successors are the suggestions, and the message names them and the year; pickles keep it."""
    with pytest.raises(im.UnknownNameError, match="existed until") as caught:
        im.country(name)
    assert caught.value.suggestions == became
    assert all(successor in str(caught.value) for successor in became)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
    assert not isinstance(caught.value, im.AmbiguousNameError)


@pytest.mark.parametrize(
    "value", ["SUN", "СССР", "URSS", "U.S.S.R.", "former USSR", "ex-USSR", "Fmr USSR", 810, "810.0"]
)
def test_the_soviet_union_is_found_by_all_its_names(value: str | int) -> None:
    """Codes and numbers that ISO and M49 have withdrawn, names in other languages, with “former” in front."""
    with pytest.raises(im.UnknownNameError, match="Soviet Union existed until 1991"):
        im.country(value)


def test_codes_that_iso_withdrew_are_never_another_country() -> None:
    """Of the countries that ISO 3166-3 lists, each code is unknown or of the country that the name means."""
    for old in pycountry.historic_countries:
        for text in (old.alpha_3, old.name):
            try:
                found = im.country(text)
            except im.UnknownNameError:
                continue
            # What resolves is a country that was renamed, so that its name resolves to the same one.
            assert found == im.country(old.name.partition(",")[0])


def test_no_country_of_today_is_taken_for_one_of_the_past() -> None:
    """No name that means a country is in the table, and every successor is a country."""
    for alpha3, name in im.geography.names():
        assert im.country(name).alpha3 == alpha3
    for former in FORMER_COUNTRIES:
        assert former_country(former.name) == former
        assert all(im.country(code).alpha3 == code for code in former.became)
