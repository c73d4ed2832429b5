"""
Whom to work with next: the suggestions and their order, computed again from the plain records.
"""

from __future__ import annotations

import json
from collections import Counter
from math import sqrt
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import icatmapping as im
from support.reference import COLLECTIONS
from support.reference_network import BruteForceNetwork, asked_countries, may_stand_between, share
from support.strategies import SETTINGS, WEIGHING, SmallMapping, criteria, ends, worlds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from support.reference import Event, Reference

# A context is made of places, subjects and time, not of one organization.
NAMES = ("place", "region", "subregion", "scope", "theme", "form", "response", "priority_area", "year", "since")
LIMITS: dict[str, Any] = {"topic": "require"}


def seated(events: Mapping[str, Event], one: str | None) -> set[str]:
    return {node for node, event in events.items() if one in event.participants}


def profile(events: Mapping[str, Event], one: str) -> Counter[tuple[str, str]]:
    """Count themes and forms; an undertaking recorded twice counts once, as the initiative."""
    firsts = [events[node].records[0] for node in seated(events, one)]
    return Counter((field, value) for record in firsts for field in ("themes", "forms") for value in record[field])


def cosine(one: Counter[Any], other: Counter[Any]) -> float:
    dot = sum(one[term] * other[term] for term in one)
    return dot / sqrt(sum(n * n for n in one.values()) * sum(n * n for n in other.values())) if dot else 0.0


class Advice(BruteForceNetwork):
    """Suggestions as the documentation defines them."""

    def __init__(
        self, reference: Reference, entity: str | None, options: Mapping[str, Any], chosen: Mapping[str, Any]
    ) -> None:
        super().__init__(reference, {**LIMITS, **options}, chosen)
        self.asks = entity
        keeps = self.options["organs"] == "keep" or entity is None
        self.entity = entity if keeps else reference.fold(entity)
        settled = {name: self.options[name] for name in ("of", "donors", "organs")}
        self.here = self.events
        self.everywhere = reference.events(**settled, criteria={})
        self.mine = Counter() if self.entity is None else profile(self.everywhere, self.entity)
        self.weights = {one: {other: self.weight(one, other) for other in self.graph[one]} for one in self.graph}

    def candidates(self) -> list[str]:
        """Give everybody who may be suggested."""
        return sorted(filter(self.may_be_suggested, self.graph))

    def may_be_suggested(self, one: str) -> bool:
        """Tell whether somebody may be suggested."""
        limits = {name: self.options[name] for name in ("external", "foreign_governments")}
        if not may_stand_between(self.reference, one, self.chosen, **limits):
            return False
        if self.entity is None:
            return True
        if self.are_related(one, self.entity):
            return False
        return not seated(self.here, one) & seated(self.here, self.entity)

    def shares(self, one: str) -> dict[str, float]:
        """Say how much each common partner brings."""
        if self.entity not in self.graph:
            return {}
        common = set(self.graph[self.entity]) & set(self.graph[one])
        weights = self.weights
        return {z: weights[self.entity][z] * weights[z][one] / sum(weights[z].values()) for z in common}

    def profiles(self, one: str) -> tuple[Counter[Any], Counter[Any]]:
        """Give the theme and form counts of who asks and of somebody."""
        return self.mine, profile(self.everywhere, one)

    def presence(self, one: str) -> float:
        """Sum what part of each record of somebody in the context is where it was asked for."""
        countries = asked_countries(self.reference, self.chosen)
        return float(sum(share(self.reference, self.here[node], countries) for node in seated(self.here, one)))

    def newest_first(self, one: str) -> list[str]:
        """List the records of somebody in the context."""
        return sorted(seated(self.here, one), key=lambda node: (-max(self.here[node].years, default=0), node))

    def place(self, one: str) -> tuple[float, float, float, str]:
        """Say what somebody is ranked by."""
        score = sum(self.shares(one).values())
        similarity = cosine(*self.profiles(one))
        return (-round(score, 9), -round(similarity, 9), -round(self.presence(one), 9), one)


def check(ds: im.Dataset, advice: Advice, k: int) -> im.Suggestions:
    options = {name: value for name, value in advice.options.items() if name != "max_hops"}
    found = im.suggest_partners(ds, advice.asks, k=k, **options, **advice.chosen)
    assert found.entity == advice.entity
    assert [row.organization for row in found] == sorted(advice.candidates(), key=advice.place)[:k]
    for row in found:
        shares = advice.shares(row.organization)
        mine, theirs = advice.profiles(row.organization)
        assert row.name == advice.reference.label(row.organization)
        assert row.score == pytest.approx(sum(shares.values()), rel=1e-12)
        assert row.presence == pytest.approx(advice.presence(row.organization), rel=1e-12)
        years = {year for node in row.records for year in advice.here[node].years}
        assert row.last_active == max(years, default=None)
        assert row.similarity == pytest.approx(cosine(mine, theirs), rel=1e-12)
        assert list(row.records) == advice.newest_first(row.organization)
        assert sorted(row.common) == sorted(shares)
        brought = [shares[z] for z in row.common]
        assert brought == pytest.approx(sorted(brought, reverse=True), rel=1e-12)
        assert sorted(row.themes) == sorted(value for field, value in mine & theirs if field == "themes")
        together = seated(advice.everywhere, row.organization) & seated(advice.everywhere, advice.entity)
        assert row.together_elsewhere == tuple(sorted(together))
    return found


@settings(max_examples=80)
@given(world=worlds(), options=SETTINGS, weighing=WEIGHING, k=st.sampled_from([1, 3, 100]), data=st.data())
def test_suggestions_in_a_small_world_are_those_of_the_definition(
    world: SmallMapping, options: dict[str, Any], weighing: dict[str, Any], k: int, data: st.DataObject
) -> None:
    """On any small mapping, in any context, for anybody or nobody, they are the best of all that may be suggested."""
    chosen = data.draw(criteria(world.reference, NAMES))
    entity, _ = data.draw(ends(world.reference))
    whom = data.draw(st.sampled_from([entity, entity, None]))
    check(world.ds, Advice(world.reference, whom, {**options, **weighing}, chosen), k)


@pytest.mark.parametrize("entity", ["ilo", "unicef", "osce", "naptip", None])
@pytest.mark.parametrize(
    "context",
    [
        {"country": "NGA"},
        {"country": "SDN", "reach": "regional"},
        {"country": ("UKR", "MDA"), "theme": "protection"},
    ],
    ids=str,
)
def test_suggestions_are_those_of_the_definition(
    ds: im.Dataset, reference: Reference, entity: str | None, context: dict[str, Any]
) -> None:
    """So they are for members and a State's agency in contexts of the bundled dataset."""
    assert check(ds, Advice(reference, entity, {}, context), 40)


@settings(max_examples=15)
@given(options=SETTINGS, data=st.data())
def test_suggestions_in_any_context_are_those_of_the_definition(
    ds: im.Dataset, reference: Reference, options: dict[str, Any], data: st.DataObject
) -> None:
    """So they are wherever somebody asks; on a country and something else, so that everything can be tried."""
    chosen = data.draw(criteria(reference, ("country", "subregion", "year", "form"), most=2))
    check(ds, Advice(reference, data.draw(ends(reference))[0], options, {"country": "KEN", **chosen}), 10)


def test_nobody_is_suggested_whom_the_rules_leave_out(ds: im.Dataset, reference: Reference) -> None:
    """No partner in the context, no organ, no partnership's own body, no foreign government."""
    events = reference.events(of=COLLECTIONS[0], donors=False, criteria={"country": "NGA", "reach": "regional"})
    for entity in sorted(reference.entities)[::4]:
        for row in im.suggest_partners(ds, entity, k=10_000, country="Nigeria", reach="regional"):
            body = reference.bodies[row.organization]
            assert body.get("body_of") is None
            assert body.get("ended") is None
            assert body["kind"] not in ("umbrella", "armed_group")
            assert body.get("part_of") != entity
            assert body["kind"] != "government" or body["country"] in (None, "NGA")
            assert not seated(events, entity) & seated(events, row.organization)


def test_foreign_governments_are_suggested_when_asked_for(ds: im.Dataset, reference: Reference) -> None:
    """They are left out only by default, and only where a country is asked for."""

    def abroad(**more: Any) -> set[str | None]:
        found = im.suggest_partners(ds, None, k=10_000, **more)
        bodies = [reference.bodies[row.organization] for row in found]
        return {body["country"] for body in bodies if body["kind"] == "government"} - {None, "NGA"}

    assert not abroad(country="NGA", reach="regional")
    assert abroad(country="NGA", reach="regional", foreign_governments=True)
    assert abroad(theme="protection")


def test_without_an_entity_everybody_active_is_ranked_by_their_presence(ds: im.Dataset, reference: Reference) -> None:
    """A State's own entry: those who do most there first, without a score; a worldwide grant is no presence."""
    advice = Advice(reference, None, {}, {"country": "NGA"})
    found = im.suggest_partners(ds, None, k=10_000, country="Nigeria")
    here = {one: round(advice.presence(one), 9) for one in advice.candidates()}
    assert [row.organization for row in found] == sorted(here, key=lambda one: (-here[one], one))
    assert {(row.score, row.similarity, row.common, row.themes, row.together_elsewhere) for row in found} == {
        (0.0, 0.0, (), (), ())
    }


def test_an_entity_absent_from_the_context_is_ranked_for_by_similarity(ds: im.Dataset, reference: Reference) -> None:
    """It has no partner there, so nobody has a score, but it may have worked with them elsewhere."""
    advice = Advice(reference, "cbss", {}, {"country": "NGA"})
    assert "cbss" not in advice.graph
    found = check(ds, advice, 1000)
    assert {row.score for row in found} == {0.0}
    assert found[0].similarity == max(row.similarity for row in found) > 0
    assert any(row.together_elsewhere for row in found)


def test_asking_for_more_changes_none_of_the_first(ds: im.Dataset) -> None:
    """The first k of many are the k that are asked for."""
    many = im.suggest_partners(ds, "ILO", k=1000, country="Nigeria", reach="regional").rows
    assert len(many) > 10
    for k in (1, 4, 10, len(many)):
        assert im.suggest_partners(ds, "ILO", k=k, country="Nigeria", reach="regional").rows == many[:k]
    assert im.suggest_partners(ds, "ILO", country="Nigeria", reach="regional").rows == many[:10]


def test_only_entities_are_suggested_when_asked_for(ds: im.Dataset, reference: Reference) -> None:
    """Others may still be what two entities have in common."""
    found = im.suggest_partners(ds, "OSCE", k=1000, external=False, country="Ukraine")
    assert found
    assert {row.organization for row in found} <= set(reference.entities)
    every = im.suggest_partners(ds, "OSCE", k=1000, country="Ukraine")
    assert list(found) == [row for row in every if row.organization in reference.entities]


def test_whoever_asks_may_be_called_by_any_name(ds: im.Dataset, reference: Reference) -> None:
    """By id, acronym, name or as a record."""
    expected = im.suggest_partners(ds, "ilo", country="NGA").rows
    for name in ("ILO", reference.entities["ilo"]["name"], ds.entities["ilo"]):
        assert im.suggest_partners(ds, name, country="Nigeria").rows == expected


def test_criteria_of_suggestions_may_be_used_up(ds: im.Dataset) -> None:
    """A one-shot iterator means what a tuple means."""
    once = im.suggest_partners(ds, "ILO", country=iter(["NGA", "GHA"]), theme=iter(["protection"]))
    assert once.rows == im.suggest_partners(ds, "ILO", country=("NGA", "GHA"), theme=("protection",)).rows


@settings(max_examples=20)
@given(world=worlds(), options=SETTINGS, data=st.data())
def test_suggestions_are_plain_data(world: SmallMapping, options: dict[str, Any], data: st.DataObject) -> None:
    """What to_dict gives comes back from JSON as it went in."""
    chosen = data.draw(criteria(world.reference, NAMES))
    found = im.suggest_partners(world.ds, data.draw(ends(world.reference))[0], **options, **chosen)
    content = found.to_dict()
    assert json.loads(json.dumps(content, allow_nan=False)) == content
    assert len(content["rows"]) == len(found)


def test_suggestions_become_a_data_frame(ds: im.Dataset) -> None:
    """It has a row for each suggestion and a column for each field."""
    frame = im.suggest_partners(ds, "ILO", country="Nigeria", k=3).to_pandas()
    assert frame.shape == (3, 11)
    assert list(frame.columns)[:3] == ["organization", "name", "score"]


def test_an_empty_context_has_nobody_to_suggest(ds: im.Dataset) -> None:
    """There is no error, only no suggestion."""
    for entity in ("ILO", None):
        assert list(im.suggest_partners(ds, entity, country="Nauru", theme="prosecution")) == []


@pytest.mark.parametrize("k", [0, -1, 1.5, "3", None, True])
def test_the_number_of_suggestions_is_whole_and_positive(ds: im.Dataset, k: Any) -> None:
    """The error says what it must be."""
    with pytest.raises(ValueError, match="k must be"):
        im.suggest_partners(ds, "ILO", k=k)


def test_unknown_names_are_errors(ds: im.Dataset) -> None:
    """Whoever, whatever collection or value is asked for must exist."""
    with pytest.raises(im.UnknownNameError) as caught:
        im.suggest_partners(ds, "UNDOC")
    assert "UNODC" in caught.value.suggestions
    for arguments in ({"of": ("entities",)}, {"theme": "football"}, {"country": "Ruritania"}):
        with pytest.raises(im.UnknownNameError):
            im.suggest_partners(ds, "UNODC", **arguments)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="lead"):
        im.suggest_partners(ds, "UNODC", lead="UNODC")  # type: ignore[call-arg]
