"""
Statistics on frames: every answer of every engine is equal to that in memory, which other tests hold to loops.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import icatmapping as im
from icatmapping.model.schema import LOCATED
from support.frames import cut, on_every_engine
from support.strategies import SmallMapping, criteria, worlds

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytest.importorskip("narwhals")

COUNTS = st.sampled_from(["full", "fractional"])
DATES = st.sampled_from(["known", "possible"])


def check_same(ds: im.Dataset, ask: Callable[[Any], Any]) -> None:
    """Check that a question has the same answer on every engine as in memory."""
    expected = ask(ds)
    for frames in on_every_engine(ds):
        found = ask(frames)
        if isinstance(expected, im.Gaps):
            assert cut(found) == cut(expected)
        assert isinstance(expected, im.Gaps) or found == expected


@pytest.mark.slow
@settings(max_examples=8)
@given(world=worlds(), data=st.data())
def test_counts_by_one_dimension_are_the_same(world: SmallMapping, data: st.DataObject) -> None:
    """Coverage, with intervals, of records that criteria select; years known or possible."""
    kind = data.draw(st.sampled_from(LOCATED))
    by = data.draw(st.sampled_from(im.dimensions.dimensions_of(kind)))
    asked = data.draw(criteria(world.reference, names=("place", "theme", "since"))) if kind != "resources" else {}
    options: dict[str, Any] = {"count": data.draw(COUNTS), "interval": data.draw(st.sampled_from([None, 0.9]))}
    dates: Any = data.draw(DATES)
    check_same(world.ds, lambda ds: im.coverage(ds.collection(kind).select(asked), by, dates=dates, **options))
    check_same(world.ds, lambda ds: im.timeline(ds.collection(kind).select(asked), dates=dates))


@pytest.mark.slow
@settings(max_examples=8)
@given(world=worlds(), data=st.data())
def test_counts_by_two_dimensions_are_the_same(world: SmallMapping, data: st.DataObject) -> None:
    """Crosstabs of any two dimensions, in full and in fractions, of an area."""
    kind = data.draw(st.sampled_from(LOCATED))
    rows, cols = (data.draw(st.sampled_from(im.dimensions.dimensions_of(kind))) for _ in range(2))
    count: Any = data.draw(COUNTS)
    dates: Any = data.draw(DATES)
    check_same(world.ds, lambda ds: im.crosstab(ds.collection(kind), rows, cols, count=count, dates=dates))


@pytest.mark.slow
@settings(max_examples=8)
@given(world=worlds(), data=st.data())
def test_gaps_are_the_same(world: SmallMapping, data: st.DataObject) -> None:
    """Gaps with peers, p, uncoded records and what reaches a country beyond those that name it."""
    rows = data.draw(st.sampled_from(["country", "country", "subregion", "theme", "scope"]))
    cols = data.draw(st.sampled_from(["form", "theme", "response", None]))
    among = data.draw(st.sampled_from([None, "Western Africa", "europe"])) if rows in ("country", "subregion") else None
    asked = data.draw(criteria(world.reference, names=("theme", "since")))
    at_most = data.draw(st.sampled_from([0, 1]))
    check_same(world.ds, lambda ds: im.gaps(ds, rows, cols, among=among, at_most=at_most, **asked))


def test_statistics_of_the_bundled_records_are_the_same(ds: im.Dataset) -> None:
    """A question of each kind to all there is."""
    for frames in on_every_engine(ds):
        for kind in LOCATED:
            inside, outside = ds.collection(kind), frames.collection(kind)
            assert im.coverage(inside, "country", count="fractional") == im.coverage(
                outside, "country", count="fractional"
            )
            assert im.coverage(inside, "year", dates="possible") == im.coverage(outside, "year", dates="possible")
            assert im.crosstab(inside, "region", "theme", among="Africa") == im.crosstab(
                outside, "region", "theme", among="Africa"
            )
            assert im.timeline(inside) == im.timeline(outside)
            assert im.concentration(inside, "region") == im.concentration(outside, "region")
        question: dict[str, Any] = {"rows": "country", "cols": "form", "among": "africa", "since": 2015}
        assert cut(im.gaps(ds, **question)) == cut(im.gaps(frames, **question))


def test_what_is_no_records_is_refused(ds: im.Dataset) -> None:
    """A dataset where records are wanted, and records where a dataset is."""
    with pytest.raises(TypeError, match="records must be a collection"):
        im.coverage(ds, "theme")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="ds must be a dataset"):
        im.gaps(ds.initiatives, "country", "form")  # type: ignore[arg-type]


@pytest.mark.slow
@settings(max_examples=8)
@given(world=worlds(), data=st.data())
def test_what_entities_cover_is_the_same(world: SmallMapping, data: st.DataObject) -> None:
    """Portfolios, comparisons and overlaps, of records that criteria select, with twins and organs."""
    on = data.draw(st.sampled_from(["theme", ("country", "theme"), ("region", "response"), "year"]))
    asked = data.draw(criteria(world.reference, names=("place", "theme", "since")))
    one, other = data.draw(
        st.lists(st.sampled_from(sorted(world.reference.entities)), min_size=2, max_size=2, unique=True)
    )
    check_same(world.ds, lambda ds: im.portfolio(ds, one, on=on, **asked))
    check_same(world.ds, lambda ds: im.compare(ds, one, other, on=on, **asked))
    check_same(world.ds, lambda ds: im.overlaps(ds, on=on, **asked))
    check_same(world.ds, lambda ds: im.find_support(ds, country="Ghana", theme="child_protection"))


def test_what_is_worked_out_in_memory_takes_what_is_collected(ds: im.Dataset) -> None:
    """A brief of what frames collect is that of the dataset; asked of frames themselves it says what to call."""
    for frames in on_every_engine(ds):
        collected = frames.collect(country="Ghana")
        assert collected.initiatives == ds.initiatives.where(country="Ghana")
        assert im.brokers(collected, country="Ghana") == im.brokers(ds, country="Ghana")
        for ask in (im.brokers, im.network_summary, lambda one: im.country_brief(one, "Ghana")):
            with pytest.raises(TypeError, match=r"collect"):
                ask(frames)
        assert im.compare(frames, "IOM", "ILO").rows == im.compare(ds, "IOM", "ILO").rows
        assert im.overlaps(frames, since=2020) == im.overlaps(ds, since=2020)


def test_polars_is_left_as_it_was(small_ds: im.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asked in small pieces, and whoever has set the size of pieces finds it as it was."""
    names = ("POLARS_IDEAL_MORSEL_SIZE", "POLARS_STREAMING_CHUNK_SIZE")
    seen: set[str] = set()
    real = pl.LazyFrame.collect

    def collect(lf: pl.LazyFrame, *args: Any, **kwargs: Any) -> Any:
        seen.add(next((os.environ[name] for name in names if name in os.environ), "not set"))
        return real(lf, *args, **kwargs)

    im.write_frames(small_ds, tmp_path)
    frames = im.scan(tmp_path, engine="polars")
    monkeypatch.setattr(pl.LazyFrame, "collect", collect)
    assert len(im.coverage(frames.initiatives, "theme"))
    assert seen == {"5000"}
    assert os.environ.keys().isdisjoint(names)
    seen.clear()
    with pl.Config(streaming_chunk_size=700):
        im.coverage(frames.initiatives, "form")
        assert seen == {"700"}
        assert "700" in map(os.environ.get, names)
