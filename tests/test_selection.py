"""
Parts of collections: their order, putting two together, and questions in the words of the field.

Expectations come from plain loops over JSON, of the bundled records and of drawn ones: `support.rules`.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import icatmapping as im
from support.packages import bundled
from support.rules import LOCATED, dataset_of, ids, is_active, known_years, small_worlds

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.packages import Json, Raw

kinds = st.sampled_from(LOCATED)


def plain(text: str) -> str:
    """Give a text without case and diacritics."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


# --- order -----------------------------------------------------------------------------------------------------------


def keys(kind: str, by: str) -> Callable[[Json], Any]:
    """Give what a plain record is put in order by; None if it has nothing of the kind."""
    readers: dict[str, Callable[[Json], Any]] = {
        "label": lambda record: plain(record.get("title") or record.get("name") or ""),
        "first_active": lambda record: next(iter(known_years(kind, record)), None),
        "last_active": lambda record: next(reversed(known_years(kind, record)), None),
    }
    return readers.get(by, lambda record: record[by])


def ordered(records: list[Json], key: Callable[[Json], Any], *, descending: bool) -> list[str]:
    """Put records in order by inserting each behind those that are not to come after it."""
    done: list[Json] = []
    for record in (one for one in records if key(one) is not None):
        place = len(done)
        while place and (key(done[place - 1]) < key(record) if descending else key(done[place - 1]) > key(record)):
            place -= 1
        done.insert(place, record)
    return [one["id"] for one in [*done, *(one for one in records if key(one) is None)]]


@given(world=small_worlds(), kind=kinds, data=st.data(), descending=st.booleans())
def test_sorting_keeps_ties_in_order_and_leaves_what_has_no_value_for_last(
    world: Raw, kind: str, data: st.DataObject, *, descending: bool
) -> None:
    """By label, by first and last year, by any dimension of one value; either way round."""
    single = {"initiatives": ("scope", "status", "kind"), "partnerships": ("scope", "kind"), "resources": ("kind",)}
    by = data.draw(st.sampled_from(["label", "first_active", "last_active", *single[kind]]))
    found = dataset_of(world).collection(kind).sort(by, descending=descending)
    assert ids(found) == ordered(world[kind], keys(kind, by), descending=descending)


@pytest.mark.parametrize("kind", LOCATED)
@pytest.mark.parametrize("by", ["first_active", "last_active"])
def test_the_newest_come_first_if_asked_for(by: str, kind: str, ds: im.Dataset, raw: Raw) -> None:
    """Of the bundled records; undated ones last, either way."""
    for descending in (False, True):
        found = [getattr(record, by) for record in ds.collection(kind).sort(by, descending=descending)]
        dated = [year for year in found if year is not None]
        assert dated == sorted(dated, reverse=descending)
        assert found[len(dated) :] == [None] * sum(not known_years(kind, record) for record in raw[kind])


def test_what_has_several_values_gives_no_order(ds: im.Dataset) -> None:
    """The error lists what does."""
    with pytest.raises(im.UnknownNameError, match="last_active"):
        ds.initiatives.sort("theme")


def test_a_part_in_order_can_be_asked_on(ds: im.Dataset) -> None:
    """Criteria keep the order, and so does a slice."""
    newest = ds.initiatives.sort("last_active", descending=True)
    found = newest.where(country="Ghana")
    assert ids(found) == [record.id for record in newest if record in set(ds.initiatives.where(country="Ghana"))]
    assert ids(newest[:5]) == ids(newest)[:5]


# --- putting two together --------------------------------------------------------------------------------------------


@given(world=small_worlds(), kind=kinds, data=st.data())
def test_two_parts_are_put_together_as_sets_in_order(world: Raw, kind: str, data: st.DataObject) -> None:
    """Those of the first in their order, then those of the second; what is possible of either stays so."""
    collection = dataset_of(world).collection(kind)
    asked: list[dict[str, Any]] = [
        data.draw(st.sampled_from([{}, {"theme": "protection"}, {"since": 2018}, {"until": 2016}, {"year": 2020}]))
        for _ in range(2)
    ]
    one, other = (collection.where(**criteria) for criteria in asked)
    one = one.sort("label", descending=data.draw(st.booleans()))
    first, second = ids(one), ids(other)
    either, both, without = one | other, one & other, one - other
    assert ids(either) == [*first, *(identifier for identifier in second if identifier not in first)]
    assert ids(both) == [identifier for identifier in first if identifier in second]
    assert ids(without) == [identifier for identifier in first if identifier not in second]
    may_be = {*ids(one.possible)}, {*ids(other.possible)}
    assert {*ids(either.possible)} == (may_be[0] | may_be[1]) - {*ids(either)}
    assert {*ids(both.possible)} == (({*first} | may_be[0]) & ({*second} | may_be[1])) - {*ids(both)}
    assert {*ids(without.possible)} == may_be[0] - {*second}


@given(kind=kinds, year=st.integers(2005, 2026))
def test_parts_of_the_bundled_records(kind: str, year: int, ds: im.Dataset) -> None:
    """Before and from a year on: what is in both was active all along."""
    before, after = ds.collection(kind).where(until=year - 1), ds.collection(kind).where(since=year)
    both = [
        record["id"]
        for record in bundled(kind)
        if is_active(kind, record, range(1900, year)) and is_active(kind, record, range(year, 2100))
    ]
    assert ids(before & after) == both
    dated = [record["id"] for record in bundled(kind) if known_years(kind, record)]
    assert sorted(ids(before | after)) == sorted(dated)
    assert len(before - after) + len(after - before) + len(both) == len(dated)


def test_what_is_not_of_one_kind_and_dataset_cannot_be_put_together(ds: im.Dataset, tmp_path: Any) -> None:
    """The error says so."""
    mixed: Any = ds.resources
    with pytest.raises(TypeError, match="resources and initiatives cannot be combined"):
        ds.initiatives | mixed
    with pytest.raises(TypeError, match="only be combined with a collection, not with list"):
        ds.initiatives & [*ds.initiatives]  # type: ignore[operator]
    im.write_package(ds, tmp_path / "copy")
    with pytest.raises(TypeError, match="of two datasets cannot be combined"):
        ds.initiatives - im.load(tmp_path / "copy").initiatives


# --- in the words of the field ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("criterion", "typed", "value"),
    [
        ("form", "forced labour", "labour_exploitation"),
        ("form", "forced labor", "labour_exploitation"),
        ("response", "training", "capacity_building"),
        ("target_group", "police", "law_enforcement"),
        ("theme", "shelter", "protection"),
        ("sector", "seafood", "fishing"),
        ("theme", "child prot", "child_protection"),
    ],
)
def test_terms_are_found_by_the_words_that_people_use(
    criterion: str, typed: str, value: str, ds: im.Dataset, raw: Raw
) -> None:
    """And by a beginning that only one has."""
    asked: dict[str, Any] = {criterion: typed}
    expected = [record["id"] for record in raw["initiatives"] if value in record[f"{criterion}s"]]
    assert ids(ds.initiatives.where(**asked)) == expected != []


@pytest.mark.parametrize(("typed", "known"), [("OIM", "iom"), ("ONUDC", "unodc"), ("OIT", "ilo"), ("ACNUR", "unhcr")])
def test_members_are_found_by_their_acronyms_in_other_languages(typed: str, known: str, ds: im.Dataset) -> None:
    """As their offices call themselves."""
    assert ds.entities[typed].id == known
    assert ds.initiatives.where(entity=typed) == ds.initiatives.where(entity=known)


@pytest.mark.parametrize(("typed", "alpha3"), [("Norway", "NOR"), ("Switzerland", "CHE"), ("United States", "USA")])
def test_a_country_as_donor_stands_for_its_government_and_all_its_bodies(
    typed: str, alpha3: str, ds: im.Dataset, raw: Raw
) -> None:
    """Ministries and agencies, whatever they are part of."""
    bodies = {record["id"]: record for record in raw["organizations"]}

    def is_of_the_state(identifier: str | None) -> bool:
        record = bodies.get(identifier or "")
        if record is None:
            return False
        is_state = record["kind"] in ("government", "donor_agency") and record["country"] == alpha3
        return is_state or is_of_the_state(record["part_of"])

    expected = [record["id"] for record in raw["initiatives"] if any(map(is_of_the_state, record["donors"]))]
    assert ids(ds.initiatives.where(donor=typed)) == expected != []


@pytest.mark.parametrize("country", ["SRB", "IRQ", "TCD", "PLW"])
def test_a_name_that_many_have_means_the_body_of_the_country_asked(country: str, ds: im.Dataset, raw: Raw) -> None:
    """“Ministry of Justice” in a question on Serbia is that of Serbia."""
    there = [
        record["id"]
        for record in raw["organizations"]
        if record["country"] == country
        and any(name.startswith("Ministry of Justice") for name in (record["name"], *record["aliases"]))
    ]
    if len(there) != 1:
        pytest.skip("the data has not one such ministry there")
    asked = ds.initiatives.where(country=country, organization="Ministry of Justice")
    assert asked == ds.initiatives.where(country=country, organization=there[0])


@pytest.mark.parametrize(("criterion", "typed"), [("form", "forced labr"), ("theme", "sheltr"), ("sector", "fishry")])
def test_an_unknown_term_lists_what_is_valid(criterion: str, typed: str, ds: im.Dataset) -> None:
    """All of it, and nothing is guessed."""
    asked: dict[str, Any] = {criterion: typed}
    with pytest.raises(im.UnknownNameError) as caught:
        ds.initiatives.where(**asked)
    assert all(value in str(caught.value) for value in im.terms(criterion))
