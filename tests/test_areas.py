"""
Where records are: countries, sub-regions, regions and groupings, what lies in what, and how far work reaches.

Expectations come from plain loops over JSON, of the bundled records and of drawn ones: `support.rules`.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import icatmapping as im
from icatmapping.query.dimensions import dimension
from support.packages import bundled
from support.rules import LOCATED, PLACES, dataset_of, ids, small_worlds

if TYPE_CHECKING:
    from support.packages import Json, Raw

kinds = st.sampled_from(LOCATED)
areas = st.sampled_from(sorted(PLACES.areas))
countries = st.sampled_from(sorted(PLACES.country))
likely = st.sampled_from(["GHA", "NGA", "ALB", "SRB", "IDN", "VNM", "BHR", "BRA", "ATA"])
drawn_areas = st.sampled_from(
    [
        "africa",
        "asia_pacific",
        "europe",
        "Western Africa",
        "Southern Europe",
        "western-balkans",
        "asean",
        "sahel",
        "mena",
    ]
)
reaches = st.sampled_from(["named", "regional", "global"])


def inside(records: list[Json], area: str) -> list[str]:
    return [record["id"] for record in records if PLACES.is_in(record, area)]


# --- any area --------------------------------------------------------------------------------------------------------


@given(kind=kinds, area=areas | countries, criterion=st.sampled_from(["country", "region"]))
def test_an_area_finds_what_is_in_it(kind: str, area: str, criterion: str, ds: im.Dataset) -> None:
    """A country of it, it itself, or an area wholly in it; for either criterion and any kind of area."""
    assume((area, criterion) != ("Micronesia", "country"))  # the country that is called so
    asked: dict[str, Any] = {criterion: area}
    assert ids(ds.collection(kind).where(**asked)) == inside(bundled(kind), area)


@given(world=small_worlds(), kind=kinds, area=drawn_areas | likely, criterion=st.sampled_from(["country", "region"]))
def test_an_area_finds_what_is_in_it_of_drawn_records(world: Raw, kind: str, area: str, criterion: str) -> None:
    """Whatever countries and areas they name."""
    asked: dict[str, Any] = {criterion: area}
    assert ids(dataset_of(world).collection(kind).where(**asked)) == inside(world[kind], area)


@given(kind=kinds, several=st.lists(areas | countries, min_size=1, max_size=3))
def test_several_areas_mean_any_of_them(kind: str, several: list[str], ds: im.Dataset) -> None:
    """As several values of any criterion do."""
    expected = [record["id"] for record in bundled(kind) if any(PLACES.is_in(record, area) for area in several)]
    assert ids(ds.collection(kind).where(region=several)) == expected


@pytest.mark.parametrize("grouping", bundled("groupings"), ids=lambda grouping: grouping["id"])
def test_a_grouping_is_found_by_its_id_its_name_and_its_aliases(grouping: dict[str, Any], ds: im.Dataset) -> None:
    """In any case, for region; the name also for grouping, which asks who names it."""
    found = ds.initiatives.where(region=grouping["id"])
    for name in (grouping["name"], grouping["name"].upper(), *grouping["aliases"]):
        assert ds.initiatives.where(region=name) == found, name
    assert ds.initiatives.where(grouping=grouping["name"]) == ds.initiatives.where(grouping=grouping["id"])


def test_organizations_are_in_the_areas_of_their_country(ds: im.Dataset, raw: Raw) -> None:
    """They name one country or none."""
    for area in ("western-balkans", "asean", "Western Africa", "europe", "GHA"):
        members = PLACES.areas.get(area, {area})
        expected = [record["id"] for record in raw["organizations"] if record["country"] in members]
        assert ids(ds.organizations.where(region=area)) == expected


# --- how far work reaches --------------------------------------------------------------------------------------------


@given(kind=kinds, country=countries | likely, reach=reaches)
def test_reach_takes_in_wider_areas(kind: str, country: str, reach: Any, ds: im.Dataset) -> None:
    """Those that hold the country while no country of theirs is named; then global work that names no place."""
    expected = [record["id"] for record in bundled(kind) if PLACES.reaches(kind, record, country, reach)]
    assert ids(ds.collection(kind).where(country=country, reach=reach)) == expected


@given(world=small_worlds(), kind=kinds, country=likely, reach=reaches)
def test_reach_of_drawn_records(world: Raw, kind: str, country: str, reach: Any) -> None:
    """Whatever countries and areas they name."""
    expected = [record["id"] for record in world[kind] if PLACES.reaches(kind, record, country, reach)]
    assert ids(dataset_of(world).collection(kind).where(country=country, reach=reach)) == expected


def test_work_that_names_another_country_of_a_region_does_not_reach_this_one(ds: im.Dataset) -> None:
    """What reaches Ghana is not what reaches South Africa; Bahrain's work only if it is said to be for Africa."""
    wide = {}
    for country in ("Ghana", "Nigeria", "South Africa"):
        named = ds.initiatives.where(country=country)
        wide[country] = ds.initiatives.where(country=country, reach="regional") - named
        assert all("BHR" not in record.countries or "africa" in record.regions for record in wide[country])
        for record in wide[country]:
            assert im.country(country).alpha3 not in record.countries
    assert len({tuple(ids(found)) for found in wide.values()}) > 1


def test_a_name_of_a_country_and_an_area_means_what_is_asked_for(ds: im.Dataset) -> None:
    """“Micronesia” is a State among countries and a part of the Pacific among regions."""
    assert ids(ds.initiatives.where(region="Micronesia")) == inside(bundled("initiatives"), "Micronesia")
    assert ids(ds.initiatives.where(country="Micronesia")) == inside(bundled("initiatives"), "FSM")


def test_without_reach_only_what_names_the_country_is_found(ds: im.Dataset) -> None:
    """The default is “named”."""
    assert ds.initiatives.where(country="Ghana") == ds.initiatives.where(country="Ghana", reach="named")


# --- the areas of a record -------------------------------------------------------------------------------------------

READ = {"region": PLACES.regions_of, "subregion": PLACES.subregions_of, "grouping": PLACES.groupings_of}


@pytest.mark.parametrize("kind", LOCATED)
@pytest.mark.parametrize("name", READ)
def test_the_areas_of_a_record_are_counted(name: str, kind: str, ds: im.Dataset, raw: Raw) -> None:
    """Those of its countries and those that it names, each once."""
    expected = Counter(value for record in raw[kind] for value in READ[name](record))
    assert {row.value: row.count for row in im.coverage(ds.collection(kind), name)} == expected


@given(world=small_worlds(), kind=kinds, name=st.sampled_from(list(READ)))
def test_the_areas_of_drawn_records(world: Raw, kind: str, name: str) -> None:
    """One by one, and as `where` finds sub-regions and groupings by them."""
    ds = dataset_of(world)
    entry = dimension(name, kind)
    for record, plain in zip(ds.collection(kind), world[kind], strict=True):
        values = entry.values(record, ds.directory)
        assert set(values) == READ[name](plain)
        assert len(values) == len(set(values))
    if name != "region":
        for value in sorted({value for plain in world[kind] for value in READ[name](plain)}):
            asked: dict[str, Any] = {name: value}
            expected = [plain["id"] for plain in world[kind] if value in READ[name](plain)]
            assert ids(ds.collection(kind).where(**asked)) == expected


# --- what people call them -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("Western Balkans", "western-balkans"),
        ("ASEAN", "asean"),
        ("West Africa", "Western Africa"),
        ("South-East Asia", "South-eastern Asia"),
        ("Latin America", "latin-america"),
        ("Latin America and the Caribbean", "latin_america_caribbean"),
        ("Asia", "asia"),
    ],
)
def test_an_area_is_found_as_people_call_it(typed: str, value: str, ds: im.Dataset) -> None:
    """For country and for region."""
    expected = inside(bundled("initiatives"), value)
    assert ids(ds.initiatives.where(region=typed)) == ids(ds.initiatives.where(country=typed)) == expected
    assert expected


@pytest.mark.parametrize(("typed", "never"), [("ASEAN states", "Sudan"), ("Atlantis", "Netherlands"), ("Xyzzy", "")])
def test_an_unknown_area_is_an_error_that_offers_no_nonsense(typed: str, never: str, ds: im.Dataset) -> None:
    """No name is offered that shares no word and no beginning with it."""
    with pytest.raises(im.UnknownNameError) as caught:
        ds.initiatives.where(region=typed)
    assert never not in caught.value.suggestions
