"""
Bodies by the names that people write: in either English, with and without articles, acronyms, countries beside them.
"""

from __future__ import annotations

import pytest

import icatmapping as im
from icatmapping.query.names import NameIndex

SPELLINGS = {
    "iom": (
        "International Organisation for Migration",
        "International Organization for Migration (IOM)",
        "IOM - International Organization for Migration",
        "IOM – International Organisation for Migration",
        "International Organization for Migration, IOM",
        "International Organization for Migration / IOM",
        "(IOM) International Organization for Migration",
        "IOM International Organization for Migration",
        "International Organization for Migration [IOM]",
        "The International Organization for Migration",
        "Int'l Organization for Migration",
        "International Organization of Migration",
        "I.O.M.",
        "IOM/OIM",
        "OIM",
        "XM-DAC-47066",
    ),
    "unodc": (
        "United Nations Office on Drugs & Crime",
        "UN Office on Drugs and Crime",
        "U.N. Office for Drugs and Crime",
        "The UN Office on Drugs & Crime (UNODC)",
        "U.N.O.D.C.",
        "UN-ODC",
    ),
    "un-women": ("UNWOMEN", "UN Women", "U.N. Women", "United Nations Women", "UN_WOMEN"),
    "ilo": (
        "International Labor Organisation",
        "International Labor Organization (ILO)",
        "ILO-International Labour Organization",
        "OIT",
    ),
    "osce": (
        "Organization for Security and Cooperation in Europe",
        "Organisation for Security & Co-operation in Europe (OSCE)",
        "Organisation for Security and Co operation in Europe",
    ),
    "icmpd": (
        "International Center for Migration Policy Development",
        "ICMPD (International Centre for Migration Policy Development)",
    ),
    "unhcr": ("ACNUR", "UN High Commissioner for Refugees", "UNHCR - United Nations High Commissioner for Refugees"),
    "unicef": ("UN Children's Fund", "United Nations Children’s Fund (UNICEF)", "United Nations Children Fund"),
    "unesco": ("United Nations Educational, Scientific, and Cultural Organisation",),
    "undp": ("United Nations Development Program", "UN Development Programme (UNDP)"),
}


@pytest.mark.parametrize(("identifier", "name"), [(key, name) for key, names in SPELLINGS.items() for name in names])
def test_a_member_is_found_by_every_spelling_of_its_name(ds: im.Dataset, identifier: str, name: str) -> None:
    """British and American, with the acronym before or behind, with dots, hyphens, articles and abbreviations."""
    assert ds.entities[name].id == identifier


def test_every_body_is_found_by_its_name_with_its_acronym_beside_it(ds: im.Dataset) -> None:
    """In brackets, before a dash, after a comma or a slash; bodies whose acronym others have as well need the name."""
    for record in (*ds.entities, *ds.organizations):
        collection = ds.collection(record.collection)
        if record.acronym is None:
            continue
        for shape in ("{0} ({1})", "{1} - {0}", "{0}, {1}", "{0} / {1}", "The {0} [{1}]", "{1}: {0}"):
            assert collection[shape.format(record.name, record.acronym)].id == record.id


def test_no_two_bodies_are_one_by_their_names(ds: im.Dataset) -> None:
    """However much spellings are forgiven, every name and alias is still that of its body alone."""
    for collection in (ds.entities, ds.organizations):
        index = NameIndex("body", list(collection))
        for record in collection:
            assert all(index.find(name) == record.id for name in (record.id, record.name, *record.aliases))


@pytest.mark.parametrize(
    "name",
    [
        "Danish Refugee Council (DRC)",
        "DRC - Danish Refugee Council",
        "Danish Refugee Council DRC",
        "Danish Refugee Council-DRC",
    ],
)
def test_an_acronym_that_nobody_recorded_says_no_more_than_the_name_beside_it(ds: im.Dataset, name: str) -> None:
    """Joined only by a space or a hyphen, it must be made of the first letters of that name."""
    assert ds.organizations[name].name == "Danish Refugee Council"


@pytest.mark.parametrize("shape", ["Ministry of Justice ({})", "Ministry of Justice, {}", "{} Ministry of Justice"])
def test_a_country_beside_a_name_says_whose_body_is_meant(ds: im.Dataset, shape: str) -> None:
    """By any name of the country; a body of another country is never taken for it."""
    assert ds.organizations[shape.format("Botswana")].id == "botswana-moj"
    assert ds.organizations[shape.format("Viet-Nam")].id == "viet-nam-moj"
    with pytest.raises(im.UnknownNameError):
        ds.organizations[shape.format("Iceland")]


@pytest.mark.parametrize(
    "name", ["Danish Red Cross (DRC)", "Save the Children (USA)", "Danish Refugee Council XYZ", "UN", "Office"]
)
def test_a_name_that_nobody_has_is_never_guessed(ds: im.Dataset, name: str) -> None:
    """One part that is known does not make the whole so."""
    found = ds.organizations.get(name)
    assert found is None or found.name == "United Nations"


def test_stored_identifiers_find_their_body_also_as_addresses(ds: im.Dataset) -> None:
    """Whatever register they are of."""
    for record in (*ds.entities, *ds.organizations):
        for identifier in record.identifiers:
            for spelling in (identifier.value, f"https://register.example/{identifier.value}/"):
                assert ds.collection(record.collection)[spelling].id == record.id


def test_names_that_differ_in_a_small_word_alone_stay_apart(ds: im.Dataset) -> None:
    """Who types the name as it is written gets that body; what both could be called is ambiguous."""
    names = {
        record.name: record.id for record in ds.partnerships if record.name.startswith("United Nations Country Task")
    }
    assert len(names) == 2
    for name, identifier in names.items():
        assert ds.partnerships[name].id == ds.partnerships[name.upper()].id == identifier
        with pytest.raises(im.AmbiguousNameError) as caught:
            ds.partnerships[name.replace("United Nations", "UN")]
        assert set(caught.value.candidates) == set(names.values())
