"""
Names of places in a sentence: with "the" where English has it, in titles and in what is told of a question.
"""

from __future__ import annotations

import pytest

import icatmapping as im
from icatmapping.model.articles import in_sentence

WITH = """
    Åland Islands|Bahamas|British Indian Ocean Territory|British Virgin Islands|Cayman Islands|Central African Republic|
    Cocos (Keeling) Islands|Comoros|Cook Islands|Democratic Republic of the Congo|Dominican Republic|Falkland Islands|
    Faroe Islands|French Southern Territories|Gambia|Isle of Man|Maldives|Marshall Islands|Netherlands|
    Northern Mariana Islands|Philippines|Pitcairn Islands|Republic of the Congo|Solomon Islands|
    Turks and Caicos Islands|United Arab Emirates|United Kingdom|United States|
    United States Minor Outlying Islands|United States Virgin Islands
"""


def test_countries_have_an_article_where_english_has_one() -> None:
    """Thirty names of countries do, and no other."""
    wanted = {name.strip() for name in WITH.split("|")}
    names = {country.name for country in im.geography.countries()}
    assert wanted < names
    assert {name for name in names if in_sentence(name) != name} == wanted
    assert in_sentence("Gambia") == "the Gambia"


@pytest.mark.parametrize(
    ("area", "told"),
    [
        ("Western Balkans", "in the Western Balkans"),
        ("ASEAN", "in the Association of Southeast Asian Nations"),
        ("Caribbean", "in the Caribbean"),
        ("Western Africa", "in Western Africa"),
        ("mercosur", "in MERCOSUR"),
    ],
)
def test_areas_have_theirs(ds: im.Dataset, area: str, told: str) -> None:
    """So do areas, in what is told of a question."""
    assert told in str(im.coverage(ds.initiatives.where(region=area), "form"))


def test_titles_and_answers_read_as_english(ds: im.Dataset) -> None:
    """A brief, a table of support and a path that is not there are in the Philippines."""
    assert im.country_brief(ds, "PHL").to_text().startswith("Work against trafficking in persons in the Philippines")
    assert "in the Philippines by" in str(im.find_support(ds, country="PHL", response="training"))
    gap = next(row for row in im.gaps(ds, "country", "form", among="Caribbean"))
    assert gap.peers_where in {"in the Caribbean", "in Latin America and the Caribbean", "anywhere else"}
    assert gap.peers_where in im.gaps(ds, "country", "form", among="Caribbean")._repr_html_()
