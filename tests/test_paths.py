"""
Collaboration paths: through whom one organization can reach another, and on what evidence.

What the paths should be is found by trying everything: networkx lists all simple paths of a graph built here from the
plain records, and those that keep the three rules, read literally, are put in order with exact fractions.
"""

from __future__ import annotations

import itertools
import json
from math import fsum
from typing import TYPE_CHECKING, Any

import networkx as nx
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import icatmapping as im
from support.reference_network import BruteForcePaths, changed, most_frequent
from support.strategies import (
    HOPS,
    SETTINGS,
    WEIGHING,
    SmallMapping,
    criteria,
    ends,
    mapping_of,
    worlds,
)

if TYPE_CHECKING:
    from support.reference import Reference

BY = st.sampled_from(["hops", "distance", "recent"])
PLACES_AND_TOPICS = ("place", "place", "theme", "form", "year", "since", "until", "scope", "entity")
OPTIONS = st.builds(lambda one, other: {**one, **other}, SETTINGS, WEIGHING)


def check(ds: im.Dataset, trial: BruteForcePaths, source: str, target: str, *, k: int, by: Any) -> im.Paths:
    found = im.collaboration_paths(ds, source, target, k=k, by=by, **trial.options, **trial.chosen)
    expected = trial.paths(*folded(trial, source, target), by)[:k]
    assert [path.organizations for path in found] == expected
    for path in found:
        assert path.distance == pytest.approx(trial.distance(path.organizations), rel=1e-12)
    return found


def folded(trial: BruteForcePaths, *organizations: str) -> tuple[str, ...]:
    """An end that is an organ stands for its entity, where organs fold."""
    keeps = trial.options["organs"] == "keep"
    return organizations if keeps else tuple(map(trial.reference.fold, organizations))


# --- everything that there is, in order ----------------------------------------------------------------------------


@settings(max_examples=120)
@given(world=worlds(), options=OPTIONS, hops=HOPS, k=st.sampled_from([1, 2, 3, 5, 1000]), by=BY, data=st.data())
def test_the_paths_of_a_small_world_are_the_best_that_keep_the_rules(
    world: SmallMapping, *, options: dict[str, Any], hops: int, k: int, by: str, data: st.DataObject
) -> None:
    """On any small mapping, for any question, the answer is what trying everything gives."""
    reference = world.reference
    asked = data.draw(criteria(reference, PLACES_AND_TOPICS))
    trial = BruteForcePaths(reference, {**options, "max_hops": hops}, asked)
    check(world.ds, trial, *data.draw(ends(reference)), k=k, by=by)


CONTEXTS = ("place", "place", "theme", "subregion", "form", "priority_area", "response", "scope", "year", "since")


@settings(max_examples=25)
@given(options=OPTIONS, hops=st.sampled_from([3, 4]), k=st.sampled_from([1, 3, 5, 50]), by=BY, data=st.data())
def test_the_paths_are_the_best_that_keep_the_rules(
    ds: im.Dataset, reference: Reference, *, options: dict[str, Any], hops: int, k: int, by: str, data: st.DataObject
) -> None:
    """In any context of the bundled dataset, between any two that are active there, so is the answer."""
    trial = BruteForcePaths(reference, {**options, "max_hops": hops}, data.draw(criteria(reference, CONTEXTS)))
    active = sorted(one for one in trial.graph if trial.graph.degree(one))
    assume(len(active) > 1)
    size = trial.graph.number_of_edges()
    trial.options["max_hops"] = min(hops, 4 if size < 250 else 3 if size < 500 else 2)
    members = [one for one in active if one in reference.entities]
    choice = st.sampled_from(members if len(members) > 1 and data.draw(st.booleans()) else active)
    source, target = data.draw(choice), data.draw(choice)
    assume(source != target)
    check(ds, trial, source, target, k=k, by=by)


@pytest.mark.parametrize("by", ["hops", "distance", "recent"])
def test_the_paths_through_the_whole_dataset_are_the_best_that_keep_the_rules(
    ds: im.Dataset, reference: Reference, by: str
) -> None:
    """Without criteria, so is the answer between members that are not the best connected."""
    trial = BruteForcePaths(reference, {"max_hops": 2}, {"theme": "child_protection"})
    shown = 0
    for source, target in (("cbss", "imo"), ("dpo", "unaids"), ("cted", "oas"), ("osrsg-svc", "icao")):
        shown += len(check(ds, trial, source, target, k=25, by=by))
    assert shown > 12


@settings(max_examples=40)
@given(world=worlds(), options=OPTIONS, by=BY, data=st.data())
def test_paths_lead_back_the_way_they_came(
    world: SmallMapping, options: dict[str, Any], by: Any, data: st.DataObject
) -> None:
    """From target to source there are the same paths, backwards."""
    source, target = data.draw(ends(world.reference))
    chosen = data.draw(criteria(world.reference, most=1))
    there = im.collaboration_paths(world.ds, source, target, k=10_000, by=by, **options, **chosen)
    back = im.collaboration_paths(world.ds, target, source, k=10_000, by=by, **options, **chosen)
    assert {path.organizations for path in there} == {path.organizations[::-1] for path in back}
    assert {path.organizations: path.distance for path in there} == pytest.approx(
        {path.organizations[::-1]: path.distance for path in back}
    )


@settings(max_examples=12)
@given(by=BY, data=st.data())
def test_the_best_path_back_is_as_good(ds: im.Dataset, reference: Reference, by: Any, data: st.DataObject) -> None:
    """Between any two bodies of the bundled dataset the best path is as long and as far in both directions."""
    source, target = data.draw(ends(reference))
    there = im.collaboration_paths(ds, source, target, k=1, by=by)
    back = im.collaboration_paths(ds, target, source, k=1, by=by)
    assert [path.hops for path in there] == [path.hops for path in back]
    assert [path.distance for path in there] == pytest.approx([path.distance for path in back])


@settings(max_examples=30)
@given(world=worlds(), k=st.integers(1, 6), by=BY, data=st.data())
def test_asking_for_more_paths_changes_none_of_the_first(
    world: SmallMapping, k: int, by: Any, data: st.DataObject
) -> None:
    """The first k of many are the k that are asked for."""
    source, target = data.draw(ends(world.reference))
    few = im.collaboration_paths(world.ds, source, target, k=k, by=by)
    assert few.found == im.collaboration_paths(world.ds, source, target, k=1000, by=by).found[:k]


@pytest.mark.parametrize("by", ["hops", "distance"])
def test_paths_as_far_as_each_other_come_in_the_order_of_ids(by: Any) -> None:
    """Two paths with the same steps in another order are equally far, whatever the machine's sums say."""
    routes = (("alpha", "m", "n", "o", "bravo"), ("alpha", "x", "y", "z", "bravo"))
    orders = list(itertools.permutations((1, 3, 6, 7)))
    for one, other in itertools.product(orders[::4], orders[::3]):
        work = [
            pair
            for route, counts in zip(routes, (one, other), strict=True)
            for pair, count in zip(itertools.pairwise(route), counts, strict=True)
            for _ in range(count)
        ]
        found = im.collaboration_paths(mapping_of(work).ds, "alpha", "bravo", by=by)
        assert [path.organizations for path in found] == list(routes)


def test_three_at_one_table_are_no_path() -> None:
    """Who only ever sits with the other two does not lead from one to the other, and who also meets each does."""
    table = ("alpha", "bravo", "charlie")
    direct = [("alpha", "bravo")]
    both = [*direct, ("alpha", "charlie", "bravo")]
    for work, expected in (([table], direct), ([table, ("alpha", "charlie"), ("bravo", "charlie")], both)):
        found = im.collaboration_paths(mapping_of(work).ds, "alpha", "bravo")
        assert [path.organizations for path in found] == expected


def test_the_government_of_another_country_is_no_way_round() -> None:
    """Where a country is asked for, only its own government may stand between; without the criterion, anybody's."""
    ghana = {"kind": "government", "country": "GHA"}
    world = mapping_of([("alpha", "ministry"), ("ministry", "bravo")], ministry=ghana)
    asked = im.collaboration_paths(world.ds, "alpha", "bravo", country="Nigeria")
    assert not asked
    assert [dict(change) for change in asked.relaxations] == [{"country": None}]
    assert im.collaboration_paths(world.ds, "alpha", "bravo", country="Nigeria", foreign_governments=True)
    home = mapping_of([("alpha", "ministry"), ("ministry", "bravo")], ministry={**ghana, "country": "NGA"})
    assert im.collaboration_paths(home.ds, "alpha", "bravo", country="Nigeria")


# --- evidence ------------------------------------------------------------------------------------------------------


def check_evidence(trial: BruteForcePaths, paths: im.Paths) -> None:
    for path in paths:
        assert path.hops == len(path.steps) == len(path.organizations) - 1
        assert path.distance == fsum(step.distance for step in path.steps)
        for (a, b), step in zip(itertools.pairwise(path.organizations), path.steps, strict=True):
            assert (step.source, step.target) == (a, b)
            assert step.weight == pytest.approx(float(trial.weight(a, b)), abs=1e-12)
            assert step.distance == 1 / step.weight
            others = set(path.organizations) - {a, b}
            alone = [node for node in step.records if others.isdisjoint(trial.events[node].participants)]
            assert alone
            assert list(step.records) == trial.evidence(path.organizations, a, b)
            assert step.on_topic == trial.is_on_topic(a, b)
            years = trial.years(a, b)
            assert (step.first_active, step.last_active) == ((min(years), max(years)) if years else (None, None))
            records = [record for node in step.records for record in trial.events[node].records]
            assert [record.to_dict() for record in step.evidence] == records
            for seen, field in ((step.countries, "countries"), (step.themes, "themes")):
                assert list(seen) == most_frequent(value for record in records for value in record[field])
        lasts = [step.last_active for step in path.steps]
        assert path.last_active == (None if None in lasts else min(lasts))
        assert path.on_topic == all(step.on_topic for step in path.steps)


@settings(max_examples=60)
@given(world=worlds(), options=OPTIONS, data=st.data())
def test_every_step_shows_the_records_that_it_rests_on(
    world: SmallMapping, options: dict[str, Any], data: st.DataObject
) -> None:
    """They meet the criteria and name both ends; those in which nobody else of the path takes part come first."""
    trial = BruteForcePaths(world.reference, options, data.draw(criteria(world.reference, PLACES_AND_TOPICS)))
    source, target = data.draw(ends(world.reference))
    paths = im.collaboration_paths(world.ds, source, target, k=20, **trial.options, **trial.chosen)
    check_evidence(trial, paths)


@settings(max_examples=12)
@given(options=OPTIONS, data=st.data())
def test_every_step_in_the_bundled_dataset_shows_its_records(
    ds: im.Dataset, reference: Reference, options: dict[str, Any], data: st.DataObject
) -> None:
    """So do the steps of paths between members in any context."""
    trial = BruteForcePaths(reference, options, data.draw(criteria(reference, CONTEXTS)))
    active = sorted(one for one in trial.graph if one in reference.entities)
    assume(len(active) > 1)
    source, target = data.draw(st.permutations(active))[:2]
    paths = im.collaboration_paths(ds, source, target, **trial.options, **trial.chosen)
    check_evidence(trial, paths)
    together = trial.together(*folded(trial, source, target))
    assert [record.id for record in paths.together] == [record["id"] for record in together]


@settings(max_examples=40)
@given(world=worlds(), options=OPTIONS, data=st.data())
def test_an_answer_begins_with_what_the_two_share_anywhere(
    world: SmallMapping, options: dict[str, Any], data: st.DataObject
) -> None:
    """The records of both, on anything, newest first; a sentence says how many, how old, and how many are asked for."""
    trial = BruteForcePaths(world.reference, options, data.draw(criteria(world.reference, PLACES_AND_TOPICS)))
    source, target = data.draw(ends(world.reference))
    paths = im.collaboration_paths(world.ds, source, target, **trial.options, **trial.chosen)
    source, target = folded(trial, source, target)
    everywhere = BruteForcePaths(world.reference, options, {})
    nodes = everywhere.at[source] & everywhere.at[target]
    assert [record.to_dict() for record in paths.together] == trial.together(source, target)
    first = paths.describe().split("\n")[0]
    assert first == paths.sharing
    if not nodes:
        assert "share no record" in first
        return
    years = [year for node in nodes for year in everywhere.events[node].years]
    assert f"share {len(nodes)} record" in first
    assert (f"last {max(years)}" if years else "undated") in first
    if trial.chosen and len(nodes) > 1:
        here = len(nodes & trial.at[source] & trial.at[target] & trial.on_topic)
        number = {0: "none", len(nodes): "all"}.get(here, str(here))
        assert f"{number} of them" in first


@settings(max_examples=20)
@given(world=worlds(), data=st.data())
def test_a_description_names_everybody(world: SmallMapping, data: st.DataObject) -> None:
    """Each path in words mentions all its organizations, in one line."""
    source, target = data.draw(ends(world.reference))
    paths = im.collaboration_paths(world.ds, source, target)
    for path in paths:
        labels = [world.reference.label(one) for one in path.organizations]
        assert all(record.period in path.describe() for step in path.steps for record in step.evidence[:1])
        assert path.names == tuple(labels)
        assert all(label in path.describe() for label in labels)
        assert "\n" not in path.describe()
        assert path.describe() in paths.describe().split("\n")


@settings(max_examples=20)
@given(world=worlds(), options=SETTINGS, data=st.data())
def test_answers_are_plain_data(world: SmallMapping, options: dict[str, Any], data: st.DataObject) -> None:
    """What to_dict gives comes back from JSON as it went in."""
    source, target = data.draw(ends(world.reference))
    chosen = data.draw(criteria(world.reference))
    content = im.collaboration_paths(world.ds, source, target, **options, **chosen).to_dict()
    assert json.loads(json.dumps(content)) == content
    assert all(path["organizations"][0] == world.reference.fold(source) for path in content["paths"])


# --- no path -------------------------------------------------------------------------------------------------------


def check_nothing(ds: im.Dataset, trial: BruteForcePaths, source: str, target: str) -> None:
    paths = im.collaboration_paths(ds, source, target, **trial.options, **trial.chosen)
    assume(not paths)
    assert not paths.found
    assert paths.reason is not None
    assert paths.describe() == f"{paths.sharing}\n{paths.reason}"
    source, target = folded(trial, source, target)
    if trial.are_related(source, target):
        assert "is part of" in paths.reason
        assert paths.relaxations == ()
        return
    first = paths.reason.split(". ")[0]
    absent = {one for one in (source, target) if one not in trial.graph}
    labels = {one: trial.reference.label(one) for one in (source, target)}
    assert all(label in paths.reason for label in labels.values())
    if absent:
        assert all(labels[one] in first for one in absent)
        assert "part in no record" in first
    else:
        assert all(label in first for label in labels.values())
        assert ("separate components" in first) == (not nx.has_path(trial.graph, source, target))
    assert [dict(change) for change in paths.relaxations] == trial.relaxations(source, target)
    for change in paths.relaxations:
        assert im.collaboration_paths(ds, source, target, **trial.options, **changed(trial.chosen, dict(change)))
        assert all(name in paths.reason for name in change)


@settings(max_examples=70)
@given(world=worlds(), options=OPTIONS, data=st.data())
def test_where_there_is_no_path_the_answer_says_why(
    world: SmallMapping, options: dict[str, Any], data: st.DataObject
) -> None:
    """It names who is absent or that the two are in separate components, and exactly the changes that give a path."""
    trial = BruteForcePaths(world.reference, options, data.draw(criteria(world.reference, CONTEXTS)))
    check_nothing(world.ds, trial, *data.draw(ends(world.reference)))


@settings(max_examples=10)
@given(options=SETTINGS, data=st.data())
def test_where_the_bundled_dataset_has_no_path_the_answer_says_why(
    ds: im.Dataset, reference: Reference, options: dict[str, Any], data: st.DataObject
) -> None:
    """So it does there; with few hops, so that everything can be tried."""
    chosen = data.draw(criteria(reference, ("country", "subregion", "theme", "form", "year"), most=3))
    assume(chosen)
    source, target = data.draw(st.permutations(sorted(reference.entities)))[:2]
    check_nothing(ds, BruteForcePaths(reference, {**options, "max_hops": 2}, chosen), source, target)


def test_a_reason_counts_what_the_absent_do_elsewhere(ds: im.Dataset, reference: Reference) -> None:
    """Whoever takes part in nothing there may do so elsewhere, and the reason says in how many records."""
    context = {"country": "TUV"}
    here, everywhere = BruteForcePaths(reference, {}, context), BruteForcePaths(reference, {}, {})
    assert "icao" not in here.graph
    reason = im.collaboration_paths(ds, "icao", "cbss", country="Tuvalu").reason
    assert reason is not None
    for one in ("icao", "cbss"):
        assert str(len(everywhere.at[one])) in reason.partition(f"{reference.label(one)}: ")[2].split(". ")[0]


def test_an_answer_without_paths_is_empty_and_false(ds: im.Dataset) -> None:
    """It has no paths, and its relaxations are among its plain data."""
    paths = im.collaboration_paths(ds, "CBSS", "OAS", country="Nauru")
    assert not paths
    assert (len(paths), list(paths)) == (0, [])
    assert paths.to_dict()["reason"] == paths.reason
    assert paths.to_dict()["paths"] == []


def test_an_answer_with_paths_has_no_reason(ds: im.Dataset) -> None:
    """A reason is given only where there is no path."""
    paths = im.collaboration_paths(ds, "UNODC", "UNICEF", country="Nigeria")
    assert paths
    assert (paths.reason, paths.relaxations) == (None, ())


# --- questions -----------------------------------------------------------------------------------------------------


def test_everybody_may_be_called_by_any_name(ds: im.Dataset, reference: Reference) -> None:
    """By id, acronym, name, alias, in any case, or as a record."""
    expected = im.collaboration_paths(ds, "unodc", "iom", country="NGA")
    assert expected
    unodc = reference.entities["unodc"]
    for name in ("UNODC", "Unodc", unodc["name"], *unodc["aliases"], ds.entities["unodc"]):
        assert im.collaboration_paths(ds, name, "IOM", country="Nigeria") == expected


def test_an_agency_of_a_state_may_ask_for_itself(ds: im.Dataset, reference: Reference) -> None:
    """Rule 3 is about those in between: a government may be an end of a path, at home and abroad."""
    agencies = [
        one for one, body in reference.organizations.items() if (body["kind"], body["country"]) == ("government", "NGA")
    ]
    trial = BruteForcePaths(reference, {"max_hops": 3}, {"country": "NGA"})
    active = [one for one in agencies if one in trial.graph and trial.graph.degree(one)]
    assert active
    found = [check(ds, trial, agency, "unicef", k=10, by="hops") for agency in active]
    assert any(found)
    abroad = BruteForcePaths(reference, {"max_hops": 3}, {"country": "GHA", "reach": "global"})
    assert any(check(ds, abroad, agency, "iom", k=10, by="hops") for agency in agencies if agency in abroad.graph)


@settings(max_examples=30)
@given(world=worlds(), by=BY, data=st.data())
def test_a_path_of_one_hop_is_a_direct_tie(world: SmallMapping, by: Any, data: st.DataObject) -> None:
    """Whoever shares a record has a path of one step, and only they."""
    source, target = data.draw(ends(world.reference))
    paths = im.collaboration_paths(world.ds, source, target, max_hops=1, by=by)
    pair = (world.reference.fold(source), world.reference.fold(target))
    tied = im.partnership_graph(world.ds).has_edge(*pair)
    assert [path.organizations for path in paths] == ([pair] if tied else [])


def test_nobody_needs_a_path_to_themselves(ds: im.Dataset) -> None:
    """Source and target by two names of the same organization are still the same."""
    for source, target in (("unodc", "unodc"), ("UNODC", "unodc"), (ds.entities["unodc"], "UNODC")):
        with pytest.raises(ValueError, match="same"):
            im.collaboration_paths(ds, source, target)


@pytest.mark.parametrize("name", ["k", "max_hops"])
@pytest.mark.parametrize("value", [0, -1, 1.5, "3", None, True])
def test_numbers_must_be_whole_and_positive(ds: im.Dataset, name: str, value: Any) -> None:
    """The error says which of them is not."""
    with pytest.raises(ValueError, match=name):
        im.collaboration_paths(ds, "unodc", "iom", **{name: value})


def test_unknown_names_are_errors_with_suggestions(ds: im.Dataset) -> None:
    """Whoever, whatever order, collection or value is asked for must exist."""
    with pytest.raises(im.UnknownNameError) as caught:
        im.collaboration_paths(ds, "UNDOC", "IOM")
    assert "UNODC" in caught.value.suggestions
    for arguments in ({"by": "steps"}, {"of": ("entities",)}, {"theme": "football"}, {"country": "Ruritania"}):
        with pytest.raises(im.UnknownNameError):
            im.collaboration_paths(ds, "UNODC", "IOM", **arguments)
    with pytest.raises(im.UnknownNameError):
        im.collaboration_paths(ds, "UNODC", "nobody at all")
    with pytest.raises(TypeError, match="lead"):
        im.collaboration_paths(ds, "UNODC", "IOM", lead="UNODC")  # type: ignore[call-arg]


def test_criteria_may_be_used_up(ds: im.Dataset) -> None:
    """One-shot iterators mean what tuples mean, also where the question is asked again to find relaxations."""
    for source, target in (("unodc", "unicef"), ("cbss", "oas")):
        once = im.collaboration_paths(
            ds, source, target, country=iter(["Nigeria", "Ghana"]), theme=iter(["protection"])
        )
        assert (
            once.found
            == im.collaboration_paths(ds, source, target, country=("NGA", "GHA"), theme=("protection",)).found
        )
