"""
The network on frames: paths, connections and projections are those that memory gives, on every engine.

What memory should answer is tested elsewhere by trying everything; here, its answers are what an engine has to equal,
on drawn mappings with twins, organs, donors and empty lists, whether the network is fetched whole or by stages.
"""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import icatmapping as im
from icatmapping.network import affiliations, frame_context, frame_evidence, frame_ties, frame_twins, staged
from support.frames import on_frames
from support.strategies import HOPS, SETTINGS, WEIGHING, SmallMapping, criteria, dataset, ends, mapping_of, worlds

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest.importorskip("narwhals")

pytestmark = pytest.mark.slow

OPTIONS = st.builds(lambda one, other: {**one, **other}, SETTINGS, WEIGHING)
ASKED = ("place", "place", "theme", "form", "year", "since", "until", "scope", "entity")
BY = st.sampled_from(["hops", "distance", "recent"])
LIMITS = st.fixed_dictionaries(
    {
        "whole": st.sampled_from([0, 0, 1_000]),
        "held": st.sampled_from([0, 1_000]),
        "twins": st.sampled_from([0, 0, 1_000]),
        "light": st.sampled_from([0, 1_000]),
        "alike": st.sampled_from([0, 1_000]),
        "bodies": st.sampled_from([1, 3, 24]),
        "listed": st.sampled_from([0, 1_000]),
        "at_once": st.sampled_from([1, 4]),
        "kept": st.sampled_from([0, 20]),
    }
)
"""How much is fetched, and how much is left to the engine."""
_NAMES = {
    "whole": (frame_context, "MOST_WHOLE"),
    "held": (frame_context, "MOST_HELD"),
    "twins": (frame_twins, "MOST_FETCHED"),
    "light": (staged, "_LIGHT"),
    "at_once": (staged, "_AT_ONCE"),
    "kept": (staged, "_MOST_KEPT"),
    "alike": (frame_evidence, "_MOST_FETCHED"),
    "bodies": (frame_evidence, "_MOST_BODIES"),
    "listed": (frame_ties, "_MOST_LISTED"),
}
slowly = settings(deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(autouse=True)
def _limits_as_they_were() -> Iterator[None]:
    before = {name: getattr(*place) for name, place in _NAMES.items()}
    yield
    set_limits(**before)


def set_limits(**limits: int) -> None:
    for name, value in limits.items():
        setattr(*_NAMES[name], value)


def same_paths(ds: im.Dataset, frames: im.Frames, source: str, target: str, **asked: Any) -> im.Paths:
    """Check that frames answer as memory does, to the last bit and word, and return the answer."""
    asked = {"evidence": 100, **asked}
    expected = im.collaboration_paths(ds, source, target, **asked)
    found = im.collaboration_paths(frames, source, target, **asked)
    assert found == expected
    assert found.to_dict() == expected.to_dict()
    assert found.describe() == expected.describe()
    assert found.together == expected.together
    return found


# --- drawn mappings ------------------------------------------------------------------------------------------------


@settings(slowly, max_examples=40)
@given(
    world=worlds(),
    options=OPTIONS,
    hops=HOPS,
    k=st.sampled_from([1, 3, 1_000]),
    by=BY,
    limits=LIMITS,
    evidence=st.sampled_from([1, 2, 100]),
    data=st.data(),
)
def test_paths_on_frames_are_those_in_memory(
    world: SmallMapping,
    *,
    options: dict[str, Any],
    hops: int,
    k: int,
    by: str,
    limits: dict[str, int],
    evidence: int,
    data: st.DataObject,
) -> None:
    """On any small mapping and for any question, with their order, weights, years, topics, evidence and reasons."""
    set_limits(**limits)
    asked = data.draw(criteria(world.reference, ASKED))
    source, target = data.draw(ends(world.reference))
    question: dict[str, Any] = {"k": k, "by": by, "max_hops": hops, "evidence": evidence, **options, **asked}
    same_paths(world.ds, on_frames(world.ds, "polars"), source, target, **question)


@settings(slowly, max_examples=8)
@given(world=worlds(), options=OPTIONS, by=BY, limits=LIMITS, data=st.data())
def test_paths_on_another_engine_are_the_same(
    world: SmallMapping, *, options: dict[str, Any], by: str, limits: dict[str, int], data: st.DataObject
) -> None:
    """DuckDB gives the paths that memory gives."""
    set_limits(**limits)
    asked = data.draw(criteria(world.reference, ASKED))
    source, target = data.draw(ends(world.reference))
    if world.reference.fold(source) != world.reference.fold(target):
        same_paths(world.ds, on_frames(world.ds, "duckdb"), source, target, by=by, **options, **asked)


@settings(slowly, max_examples=25)
@given(world=worlds(), options=OPTIONS, hops=HOPS, limits=LIMITS, evidence=st.sampled_from([1, 100]), data=st.data())
def test_connections_on_frames_are_those_in_memory(
    world: SmallMapping,
    *,
    options: dict[str, Any],
    hops: int,
    limits: dict[str, int],
    evidence: int,
    data: st.DataObject,
) -> None:
    """For every pair of entities, with who is in separate components."""
    set_limits(**limits)
    asked = data.draw(criteria(world.reference, ASKED))
    question: dict[str, Any] = {"max_hops": hops, "evidence": evidence, **options, **asked}
    expected = im.connections(world.ds, **question)
    found = im.connections(on_frames(world.ds, "polars"), **question)
    assert found.to_dict() == expected.to_dict()
    assert found == expected


@settings(slowly, max_examples=25)
@given(
    world=worlds(),
    options=OPTIONS,
    limits=LIMITS,
    engine=st.sampled_from(["polars", "polars", "duckdb"]),
    data=st.data(),
)
def test_projections_and_communities_on_frames_are_those_in_memory(
    world: SmallMapping, *, options: dict[str, Any], limits: dict[str, int], engine: str, data: st.DataObject
) -> None:
    """With either weighting: the same nodes and ties, of equal weights and years, and how many records are shared."""
    set_limits(**limits)
    asked = data.draw(criteria(world.reference, ASKED))
    question = {name: value for name, value in options.items() if name not in ("topic", "foreign_governments")} | asked
    expected = im.partnership_graph(world.ds, **question)
    frames = on_frames(world.ds, engine)
    found = im.partnership_graph(frames, **question)
    assert found.graph == expected.graph
    assert dict(found.nodes(data=True)) == dict(expected.nodes(data=True))
    for _, _, tie in expected.edges(data=True):
        assert tie["shared"] == len(tie.pop("records"))
    ties = {frozenset((a, b)): tie for a, b, tie in found.edges(data=True)}
    assert ties == {frozenset((a, b)): tie for a, b, tie in expected.edges(data=True)}
    assert im.communities(frames, **question) == im.communities(world.ds, **question)


# --- the bundled dataset -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def frames(ds: im.Dataset) -> im.Frames:
    """The bundled dataset on polars."""
    return on_frames(ds, "polars")


@pytest.mark.parametrize("whole", [0, 20_000])
@pytest.mark.parametrize(
    ("source", "target", "asked"),
    [
        ("unodc", "unicef", {"country": "Nigeria", "theme": "child_protection"}),
        ("unodc", "unicef", {"theme": "child_protection", "by": "distance"}),
        ("cbss", "imo", {}),
        ("dpo", "unaids", {"topic": "require", "theme": "child_protection", "by": "recent"}),
        ("cbss", "osce", {"country": "Nigeria", "reach": "regional"}),
    ],
)
def test_paths_through_the_whole_dataset_are_the_same(
    ds: im.Dataset, frames: im.Frames, source: str, target: str, asked: dict[str, Any], whole: int
) -> None:
    """Whether its network is fetched whole or by stages."""
    set_limits(whole=whole)
    same_paths(ds, frames, source, target, **asked)


@pytest.mark.parametrize("twins", [0, 2_000])
def test_connections_in_the_whole_dataset_are_the_same(ds: im.Dataset, frames: im.Frames, twins: int) -> None:
    """And so are those of a topic anywhere, fetched by stages."""
    set_limits(whole=0, twins=twins)
    expected = im.connections(ds, theme="child_protection", evidence=3)
    assert im.connections(frames, theme="child_protection", evidence=3) == expected


# --- how much is shown and fetched ---------------------------------------------------------------------------------


def test_a_step_on_frames_shows_a_hundred_records_and_says_how_many_there_are() -> None:
    """Unless more or fewer are asked for; the first of them are the first in memory."""
    world = mapping_of([("alpha", "bravo")] * 130 + [("alpha", "bravo", "org")] * 5)
    on_engine = on_frames(world.ds, "polars")
    everything = im.collaboration_paths(world.ds, "alpha", "bravo")[0].steps[0]
    step = im.collaboration_paths(on_engine, "alpha", "bravo")[0].steps[0]
    assert (step.shared, len(step.records), len(step.evidence), step.unseen) == (135, 100, 100, 35)
    assert step.records == everything.records[:100]
    assert step.weight == everything.weight
    assert (everything.shared, everything.unseen) == (135, 0)
    for_all = im.collaboration_paths(on_engine, "alpha", "bravo", evidence=1_000)[0].steps[0]
    assert for_all == everything
    assert (
        im.collaboration_paths(on_engine, "alpha", "bravo", evidence=2).to_dict()["paths"][0]["steps"][0]["shared"]
        == 135
    )


def test_a_limit_to_the_evidence_holds_in_memory_as_well(ds: im.Dataset) -> None:
    """The description says how many records there are beside those shown."""
    few = im.collaboration_paths(ds, "unodc", "unicef", evidence=3)
    whole = im.collaboration_paths(ds, "unodc", "unicef")
    assert [step.records for path in few for step in path.steps] == [
        step.records[:3] for path in whole for step in path.steps
    ]
    assert [step.shared for path in few for step in path.steps] == [
        len(step.records) for path in whole for step in path.steps
    ]
    assert len(few.together) <= 6 < len(whole.together)
    assert few.sharing == whole.sharing
    with pytest.raises(ValueError, match="evidence must be a whole number of at least 1, not 0"):
        im.collaboration_paths(ds, "unodc", "unicef", evidence=0)


@pytest.mark.parametrize(("engine", "whole", "questions"), [("polars", 0, 3), ("polars", 20_000, 1), ("duckdb", 0, 1)])
def test_a_record_of_ten_thousand_participants_is_a_star(engine: str, whole: int, questions: int) -> None:
    """Paths lead through it at the cost of its participants; it is never taken apart into fifty million ties."""
    set_limits(whole=whole)
    many = tuple(f"org-{number:05d}" for number in range(9_999))
    work = [("alpha", *many), ("bravo", many[5]), ("charlie", "near"), ("near", many[7]), ("bravo", "far")]
    world = mapping_of(work)
    on_engine = on_frames(world.ds, engine)
    for target, hops in (("charlie", 3), ("bravo", 2), (many[9], 1))[:questions]:
        assert same_paths(world.ds, on_engine, "alpha", target)[0].hops == hops
    for mapping in (on_engine, world.ds):
        with pytest.raises(ValueError, match=r"10,000 take part in one event, which would be 49,995,000 ties"):
            im.partnership_graph(mapping)


def test_long_paths_of_a_network_that_is_not_fetched_whole_are_refused() -> None:
    """With a sentence that says what to do; of one that is, they are found."""
    chain = ["alpha", *[f"org-{number}" for number in range(6)], "bravo"]
    world = mapping_of(list(itertools.pairwise(chain)))
    on_engine = on_frames(world.ds, "polars")
    assert same_paths(world.ds, on_engine, "alpha", "bravo", max_hops=7)[0].hops == 7
    set_limits(whole=0)
    with pytest.raises(ValueError, match=r"max_hops must be at most 5 where .* ask of fewer"):
        im.collaboration_paths(on_engine, "alpha", "bravo", max_hops=7)


def test_more_ties_than_can_be_held_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """By number, before they are held."""
    world = mapping_of([("alpha", "bravo", "charlie", "org-1", "org-2")])
    set_limits(whole=0)
    monkeypatch.setattr(frame_ties, "MOST_TIES", 5)
    with pytest.raises(ValueError, match="more than 5 ties would be fetched; ask of fewer records"):
        im.partnership_graph(on_frames(world.ds, "polars"))
    monkeypatch.setattr(affiliations, "MOST_TAKING_PART", 4)
    with pytest.raises(ValueError, match="5 take part in one event, which would be 10 ties"):
        im.partnership_graph(on_frames(world.ds, "polars"))


# --- what frames cannot answer, and what they may lack -------------------------------------------------------------


def test_what_needs_memory_says_so(ds: im.Dataset, frames: im.Frames) -> None:
    """And what to do, which gives the answer."""
    for ask in (im.brokers, im.network_summary, im.affiliation_graph):
        with pytest.raises(TypeError, match=r"worked out in memory, not on frames: collect .* frames\.collect\("):
            ask(frames, country="Nigeria")  # type: ignore[operator]
    with pytest.raises(TypeError, match="worked out in memory"):
        im.suggest_partners(frames, "ILO", country="Nigeria")  # type: ignore[arg-type]
    collected = frames.collect(country="Nigeria")
    assert im.brokers(collected).rows == im.brokers(ds, country="Nigeria").rows


def test_frames_without_partnerships_have_a_network_of_initiatives(ds: im.Dataset) -> None:
    """Only what there is ties."""
    whole = on_frames(ds, "polars")
    part = im.Frames(initiatives=whole.initiatives.lf.to_native(), organizations=None)
    found = im.collaboration_paths(part, "unodc", "unicef", country="Nigeria")
    expected = im.collaboration_paths(ds, "unodc", "unicef", country="Nigeria", of="initiatives", evidence=100)
    assert [path.organizations for path in found] == [path.organizations for path in expected]
    assert found.found == expected.found


# --- other engines -------------------------------------------------------------------------------------------------


@pytest.mark.engine
@pytest.mark.parametrize("engine", ["sqlframe", "pyspark"])
@pytest.mark.parametrize("whole", [0, 20_000])
def test_paths_on_spark_are_those_in_memory(engine: str, whole: int) -> None:
    """And on what speaks its dialect."""
    pytest.importorskip(engine)
    world = _with_twins()
    frames = on_frames(world.ds, engine)
    set_limits(whole=whole, twins=2_000 if engine == "sqlframe" else 0, light=0)
    same_paths(world.ds, frames, "alpha", "bravo", country="Nigeria", theme="prevention", k=3, max_hops=3)
    if whole:
        assert im.connections(frames, evidence=2) == im.connections(world.ds, evidence=2)


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
@pytest.mark.parametrize("twins", [0, 2_000])
def test_twins_are_one_event_wherever_they_are_put_together(engine: str, twins: int) -> None:
    """By the engine or here; how much of them is in a country follows from what both halves name."""
    world = _with_twins()
    frames = on_frames(world.ds, engine)
    for light in (0, 5_000):
        set_limits(whole=0, twins=twins, light=light)
        paths = same_paths(world.ds, frames, "alpha", "bravo", country="Nigeria", theme="prevention", k=10)
        assert [len(one.steps[0].evidence) for one in paths] == [2 * one.steps[0].shared for one in paths]


def _with_twins() -> SmallMapping:
    """Make a mapping in which initiatives are partnerships as well."""
    chains = [
        ("alpha", "x", "y"),
        ("x", "bravo"),
        ("y", "z"),
        ("z", "bravo", "charlie"),
        ("charlie", "v"),
        ("v", "alpha"),
    ]
    raw = json.loads(json.dumps(mapping_of(chains).raw))
    for place, one in enumerate(raw["initiatives"][:3]):
        one["themes"] = ["prevention"] * (place % 2)
        one["regions"] = ["africa"] * (place % 2)
        twin = {name: one[name] for name in ("sources", "checked", "former_ids", "url", "summary", "acronym", "scope")}
        twin |= {name: one[name] for name in ("responses", "target_groups", "sectors", "forms", "regions")}
        twin |= {"id": f"pact-{place}", "name": f"Pact {place}", "kind": "alliance", "initiative": one["id"]}
        twin |= {"members": ["alpha", "v"], "countries": ["NGA", "GHA"], "themes": ["prevention"]}
        twin |= {"start": "2016", "end": None, "last_seen": "2019"}
        raw["partnerships"].append(twin)
    return SmallMapping(raw, dataset(raw))
