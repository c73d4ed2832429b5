"""
Who could help a State: the entities, their order and what they are named for, computed again from the plain records.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import icatmapping as im
from support.reference_answers import nearness, support
from support.strategies import SmallMapping, worlds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from support.reference import Reference

NEEDS = st.fixed_dictionaries(
    {},
    optional={
        "theme": st.sampled_from(["prevention", "prosecution", ("prevention", "child_protection")]),
        "form": st.sampled_from(["labour_exploitation", "sexual_exploitation"]),
        "since": st.sampled_from([2016, 2020, 2022]),
        "until": st.sampled_from([2023]),
    },
)


def check(
    ds: im.Dataset, reference: Reference, country: str | None, need: Mapping[str, Any], half_life: float | None = 5
) -> im.Support:
    found = im.find_support(ds, country=country, k=1000, half_life=half_life, **need)
    expected = support(reference, country, need, half_life)
    assert [row.entity for row in found] == [row.entity for row in expected]
    assert found.total == len(expected)
    for row, help_ in zip(found, expected, strict=True):
        entity = reference.entities[row.entity]
        assert (row.name, row.page) == (entity["acronym"], entity["trafficking_url"] or entity["website"])
        assert row.score == pytest.approx(help_.score, rel=1e-12)
        assert row.last_active == max(help_.years, default=None)
        for name in ("there", "nearby", "elsewhere", "resources"):
            assert [record.id for record in getattr(row, name)] == getattr(help_, name)
        assert row.name in row.describe()
    return found


@settings(max_examples=80)
@given(
    world=worlds(),
    country=st.sampled_from(["NGA", "GHA", "BEN", "KEN", "UKR", "BRA", None]),
    need=NEEDS,
    half_life=st.sampled_from([5, 5, 0.5, None]),
)
def test_support_in_a_small_world_is_that_of_the_definition(
    world: SmallMapping, country: str | None, need: dict[str, Any], half_life: float | None
) -> None:
    """Scores, places, order and publications are those of loops over the records."""
    check(world.ds, world.reference, country, need, half_life)


@pytest.mark.parametrize("country", ["GHA", "SLV", "MDA", "FJI", "KAZ", "BHR", None])
@pytest.mark.parametrize(
    "need",
    [
        {},
        {"response": "capacity_building", "target_group": "prosecutors_judges"},
        {"theme": ("child_protection", "protection"), "since": 2020},
        {"form": "labour_exploitation", "sector": "fishing"},
    ],
    ids=str,
)
def test_support_is_that_of_the_definition(
    ds: im.Dataset, reference: Reference, country: str | None, need: dict[str, Any]
) -> None:
    """So it is for States of every region."""
    check(ds, reference, country, need)


def test_whoever_is_there_or_nearby_comes_before_whoever_is_not(ds: im.Dataset) -> None:
    """Sheer volume elsewhere is no presence."""
    found = im.find_support(ds, country="Vanuatu", k=100)
    present = [bool(row.there or row.nearby) for row in found]
    assert present == sorted(present, reverse=True)
    assert set(present) == {True, False}
    assert all(row.score <= 0.5 for row, is_present in zip(found, present, strict=True) if not is_present)


def test_the_bodies_named_are_those_that_it_worked_with_there(ds: im.Dataset, reference: Reference) -> None:
    """They exist, are of the country, share a record with the entity there, and the State's come first."""
    events = reference.events(of=("initiatives", "partnerships"), donors=False, criteria={"country": "NGA"})
    here = [event for event in events.values() if nearness(reference, event, "NGA") == 1]
    named = 0
    for row in im.find_support(ds, country="Nigeria", k=100):
        bodies = {
            one: reference.organizations[one]
            for event in here
            if row.entity in event.participants
            for one in event.participants & reference.organizations.keys()
        }
        national = [one for one in bodies.values() if one["country"] == "NGA" and one["ended"] is None]
        assert sorted(row.bodies) == sorted(one["name"] for one in national)
        governments = [name in {one["name"] for one in national if one["kind"] == "government"} for name in row.bodies]
        assert governments == sorted(governments, reverse=True)
        named += len(row.bodies)
    assert named


def test_a_need_is_met_or_refused(ds: im.Dataset) -> None:
    """What cannot be needed, numbers and names that are none, are errors; a need that nobody meets has no rows."""
    with pytest.raises(TypeError, match="did you mean 'theme'"):
        im.find_support(ds, country="Ghana", themes="protection")  # type: ignore[call-arg]
    for wrong in ({"k": 0}, {"half_life": 0.1}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            im.find_support(ds, country="Ghana", **wrong)  # type: ignore[arg-type]
    for wrong in ({"country": "Ruritania"}, {"theme": "football"}):
        with pytest.raises(im.UnknownNameError):
            im.find_support(ds, **wrong)  # type: ignore[arg-type]
    nothing = im.find_support(ds, country="Ghana", theme="prosecution", until=1990)
    assert (len(nothing), nothing.total) == (0, 0)
    assert "No entity" in nothing.describe()


def test_the_first_k_of_many_are_the_k_that_are_asked_for(ds: im.Dataset) -> None:
    """Asking for more changes none of the first; everything is plain data."""
    many = im.find_support(ds, country="Ghana", response="training", k=100)
    assert im.find_support(ds, country="Ghana", response="training").rows == many.rows[:10]
    content = many.to_dict()
    assert json.loads(json.dumps(content, allow_nan=False)) == content
    assert len(many.to_pandas()) == len(many)
