"""
What paths on frames hold in memory: the context of a question, the same answers, and nothing left behind.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Literal

import duckdb
import narwhals as nw
import polars as pl
import pytest

import icatmapping as im
from icatmapping.frames.engines import fetch, held
from icatmapping.network import frame_context

if TYPE_CHECKING:
    from pathlib import Path

QUESTION: Any = {"country": "Nigeria", "theme": "child_protection"}
ROWS = {"id": ["a", "b", "c"], "p": [["x"], [], ["x", "y"]], "year": [2020, None, 2021]}


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
@pytest.mark.parametrize("most", [0, 10_000], ids=["read at every stage", "held"])
def test_paths_are_the_same_whether_their_context_is_held_or_not(
    engine: Literal["polars", "duckdb"], most: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ds = im.load()
    monkeypatch.setattr(frame_context, "MOST_WHOLE", 0)
    monkeypatch.setattr(frame_context, "MOST_HELD", most)
    im.write_frames(ds, tmp_path)
    expected = im.collaboration_paths(ds, "UNODC", "UNICEF", evidence=100, **QUESTION)
    found = im.collaboration_paths(im.scan(tmp_path, engine=engine), "UNODC", "UNICEF", evidence=100, **QUESTION)
    assert expected
    assert found == expected
    assert found.together == expected.together


def test_what_duckdb_holds_is_no_table_of_the_users_database(tmp_path: Path) -> None:
    """It may take as much memory as the user's database, and the user's database stays as it was."""
    connection = duckdb.connect(str(tmp_path / "mapping.duckdb"))
    connection.execute(f"set memory_limit = '256MiB'; set temp_directory = '{tmp_path}/it''s here'")
    rows = pl.DataFrame(ROWS).to_arrow()
    frames = {name: nw.from_native(connection.from_arrow(rows)) for name in ("one", "other")}
    found = held(frames)
    joined = found["one"].join(found["other"].select(other="id"), left_on="id", right_on="other", how="semi")
    assert sorted(fetch(joined)) == sorted(fetch(frames["one"]))
    settings = "select current_setting('memory_limit'), current_setting('temp_directory')"
    theirs = connection.execute(settings).fetchall()
    assert found["one"].to_native().query("held", settings).fetchall() == theirs
    assert not connection.execute("select * from duckdb_tables()").fetchall()


def test_polars_holds_rows_in_order_and_reads_no_further_ahead_than_it_did(monkeypatch: pytest.MonkeyPatch) -> None:
    name = "POLARS_ROW_GROUP_PREFETCH_SIZE"
    lf = nw.from_native(pl.LazyFrame(ROWS))
    assert fetch(held({"": lf}, 1)[""]) == fetch(lf)
    assert name not in os.environ
    monkeypatch.setenv(name, "7")
    assert fetch(held({"": lf})[""]) == fetch(lf)
    assert os.environ[name] == "7"


def test_what_is_of_no_engine_or_of_several_is_left_as_it_is() -> None:
    polars = nw.from_native(pl.LazyFrame(ROWS))
    duck = nw.from_native(duckdb.connect().from_arrow(pl.DataFrame(ROWS).to_arrow()))
    assert held({}) == {}
    found = held({"one": polars, "other": duck})
    assert found["one"] is polars
    assert found["other"] is duck


def test_records_of_some_ids_are_collected_whole(small_ds: im.Dataset, tmp_path: Path) -> None:
    im.write_frames(small_ds, tmp_path)
    wanted = [record.id for record in small_ds.initiatives][::3]
    for engine in ("polars", "duckdb"):
        found = im.scan(tmp_path, engine=engine).initiatives.collect_ids(wanted)
        assert {record.id: record for record in found} == {one: small_ds.initiatives[one] for one in wanted}
