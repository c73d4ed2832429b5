"""
Questions to records on frames: each finds on every engine what it finds in memory, where the answers are held to loops.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import icatmapping as im
from icatmapping.model.schema import LOCATED
from support.frames import ENGINES, on_every_engine
from support.strategies import SmallMapping, worlds

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("narwhals")


@pytest.fixture(scope="module", params=ENGINES)
def frames(request: pytest.FixtureRequest, ds: im.Dataset, tmp_path_factory: pytest.TempPathFactory) -> im.Frames:
    """Return the bundled records on an engine."""
    folder: Path = tmp_path_factory.getbasetemp() / "frames"
    if not folder.exists():
        im.write_frames(ds, folder)
    return im.scan(folder, engine=request.param)


def values(ds: im.Dataset, name: str, kind: str) -> list[Any]:
    """List the values of a dimension that some record of a kind has, in order."""
    entry = im.dimensions.DIMENSIONS[name]
    return sorted({value for record in ds.collection(kind) for value in entry.values(record, ds.directory)}, key=str)


@st.composite
def questions(draw: st.DrawFn, ds: im.Dataset, kind: str) -> dict[str, Any]:
    """Draw criteria of a kind of record, from values that there are, with options."""
    names = draw(st.lists(st.sampled_from(im.dimensions.dimensions_of(kind)), min_size=0, max_size=2, unique=True))
    asked: dict[str, Any] = {}
    for name in names:
        there = values(ds, name, kind)
        if there:
            asked[name] = draw(st.lists(st.sampled_from(there), min_size=1, max_size=2))
    places = [{}, {}, {"country": "Western Africa"}, {"region": "africa"}]
    places += [{"region": "asean"}] if "asean" in ds.directory.areas.groupings else []
    asked |= draw(st.sampled_from(places))
    asked |= draw(st.sampled_from([{}, {}, {"since": 2018}, {"until": 2015}, {"since": 2012, "until": 2020}]))
    if "country" in asked:
        asked["reach"] = draw(st.sampled_from(["named", "regional", "global"]))
    if {"year", "since", "until"} & asked.keys():
        asked["dates"] = draw(st.sampled_from(["known", "possible"]))
    return asked


def check_same(inside: Any, outside: im.Records[Any]) -> None:
    """Check that records on frames are those in memory, the possible ones too."""
    assert outside.count() == len(inside)
    assert [one.id for one in outside.collect()] == [one.id for one in inside]
    assert [one.id for one in outside.possible.collect()] == [one.id for one in inside.possible]
    assert outside.question == inside.question


@pytest.mark.parametrize("kind", LOCATED)
@settings(max_examples=6)
@given(data=st.data())
def test_a_question_finds_on_an_engine_what_it_finds_in_memory(
    kind: str, ds: im.Dataset, frames: im.Frames, data: st.DataObject
) -> None:
    """The records that meet any criteria are the same, and so are those that may meet them."""
    asked = data.draw(questions(ds, kind))
    check_same(ds.collection(kind).where(**asked), frames.collection(kind).where(**asked))
    more = data.draw(questions(ds, kind))
    check_same(ds.collection(kind).where(**asked).where(**more), frames.collection(kind).where(**asked).where(**more))


@pytest.mark.slow
@settings(max_examples=8)
@given(world=worlds(), data=st.data())
def test_questions_to_small_worlds_find_the_same(world: SmallMapping, data: st.DataObject) -> None:
    """Records without countries, with organs and twins, in any script: the same on every engine."""
    kind = data.draw(st.sampled_from(LOCATED))
    asked = data.draw(questions(world.ds, kind))
    for frames in on_every_engine(world.ds):
        check_same(world.ds.collection(kind).where(**asked), frames.collection(kind).where(**asked))


def test_records_come_back_as_they_were(ds: im.Dataset, frames: im.Frames) -> None:
    """Collected, records are equal to those that were written, field by field."""
    for kind in LOCATED:
        assert frames.collection(kind).collect() == ds.collection(kind)
        assert list(frames.collection(kind).collect(limit=3)) == list(ds.collection(kind)[:3])
    assert tuple(frames.entities) == tuple(ds.entities)
    assert tuple(frames.organizations) == tuple(ds.organizations)
    assert (frames.version, frames.as_of) == (ds.version, ds.as_of)
    assert frames.directory.years == ds.directory.years


def test_who_collects_asks_as_in_memory(ds: im.Dataset, frames: im.Frames) -> None:
    """What is collected is a collection like any other."""
    found = frames.initiatives.where(country="Ghana").collect()
    assert found.where(theme="child_protection") == ds.initiatives.where(country="Ghana", theme="child_protection")
    assert found[0].label == ds.initiatives.where(country="Ghana")[0].label


def test_wrong_questions_are_refused_as_in_memory(ds: im.Dataset, frames: im.Frames) -> None:
    """Names that do not exist are the same errors."""
    for asked in ({"theme": "nonsense"}, {"country": "Nigerai"}, {"since": 2020, "until": 2010}, {"them": "x"}):
        with pytest.raises((LookupError, ValueError, TypeError)) as outside:
            frames.initiatives.where(**asked)
        with pytest.raises(type(outside.value)) as inside:
            ds.initiatives.where(**asked)
        assert str(inside.value) == str(outside.value)


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (len, "count()"),
        (iter, "collect()"),
        (lambda records: records[0], "collect()"),
        (lambda records: records.search("fishing"), "collect()"),
    ],
)
def test_what_cannot_be_had_says_what_to_call(frames: im.Frames, ask: Any, told: str) -> None:
    """Records on frames have no length, no order and no words, and say so."""
    with pytest.raises(TypeError, match=told.replace("(", r"\(").replace(")", r"\)")):
        ask(frames.initiatives)


def test_a_line_says_what_is_asked_and_where(frames: im.Frames) -> None:
    """The repr runs nothing, and names engine, collection and question."""
    assert repr(frames) == f"<Frames: initiatives, partnerships, resources on {frames.engine}>"
    assert repr(frames.initiatives.where(country="Ghana")) == f"<Records: initiatives on {frames.engine}: in Ghana>"


@pytest.fixture
def tables(frames: im.Frames) -> dict[str, Any]:
    """Return the tables as frames of their engine."""
    return {kind: frames.collection(kind).lf.to_native() for kind in LOCATED}


def test_frames_of_the_user_are_taken(ds: im.Dataset, tables: dict[str, Any]) -> None:
    """Any lazy frame in the layout will do; with the bundled bodies by default."""
    mine = im.Frames(initiatives=tables["initiatives"])
    assert mine.initiatives.where(country="Ghana").count() == len(ds.initiatives.where(country="Ghana"))
    with pytest.raises(KeyError, match="no partnerships"):
        _ = mine.partnerships


def test_frames_that_will_not_do_are_refused(ds: im.Dataset, tables: dict[str, Any]) -> None:
    """No frame, two engines, missing columns: each a sentence."""
    import duckdb  # noqa: PLC0415 - as the tests of engines do
    import polars as pl  # noqa: PLC0415 - as above

    with pytest.raises(TypeError, match="initiatives must be a frame"):
        im.Frames(initiatives=[1, 2])
    with pytest.raises(ValueError, match="lack the columns d_"):
        im.Frames(initiatives=pl.DataFrame(ds.initiatives))
    other = (
        duckdb.sql("select 1 as id") if "polars" in type(tables["initiatives"]).__module__ else pl.LazyFrame({"id": []})
    )
    with pytest.raises(TypeError, match="of one engine"):
        im.Frames(initiatives=tables["initiatives"], organizations=other)
