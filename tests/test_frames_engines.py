"""
The same answers from engines that need more than a wheel: Spark's dialect by sqlframe, and Spark itself.

Deselected unless asked for with ``-m engine``. PySpark needs Java 17.
"""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

import icatmapping as im
from support.frames import cut

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = [pytest.mark.engine, pytest.mark.filterwarnings("ignore")]

TABLES = ("initiatives", "partnerships", "resources", "organizations", "entities")


@pytest.fixture(scope="module")
def folder(small_ds: im.Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the tables of a small mapping."""
    path = tmp_path_factory.mktemp("tables")
    im.write_frames(small_ds, path)
    return path


@pytest.fixture(scope="module", params=["sqlframe", "pyspark"])
def read(request: pytest.FixtureRequest) -> Iterator[Callable[[str], Any]]:
    """Return what reads a file of Parquet as a frame of an engine."""
    if request.param == "sqlframe":
        sqlframe = pytest.importorskip("sqlframe.duckdb")
        yield sqlframe.DuckDBSession.builder.getOrCreate().read.parquet
        return
    pyspark = pytest.importorskip("pyspark.sql")
    builder = pyspark.SparkSession.builder.master("local[2]")
    for name, value in (("spark.ui.enabled", "false"), ("spark.sql.shuffle.partitions", "1")):
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session.read.parquet
    session.stop()


@pytest.fixture(scope="module")
def frames(read: Callable[[str], Any], folder: Path, small_ds: im.Dataset) -> im.Frames:
    """Return a small mapping on an engine."""
    return im.Frames(**{name: read(str(folder / f"{name}.parquet")) for name in TABLES}, version=small_ds.version)


QUESTIONS: dict[str, Callable[[Any], Any]] = {
    "coverage": lambda ds: im.coverage(ds.initiatives, "country", count="fractional"),
    "coverage of a selection": lambda ds: im.coverage(ds.initiatives.where(region="Africa", since=2010), "theme"),
    "possible years": lambda ds: im.coverage(ds.partnerships, "year", dates="possible"),
    "crosstab": lambda ds: im.crosstab(ds.initiatives, "region", "theme", count="fractional"),
    "timeline": lambda ds: im.timeline(ds.initiatives),
    "concentration": lambda ds: im.concentration(ds.resources, "theme"),
    "gaps": lambda ds: cut(im.gaps(ds, "country", "form", among="Western Africa")),
    "portfolio": lambda ds: im.portfolio(ds, "UNODC", on="theme"),
    "compare": lambda ds: im.compare(ds, "IOM", "UNODC", on="theme").rows,
    "overlaps": lambda ds: im.overlaps(ds, since=2010),
    "support": lambda ds: im.find_support(ds, country="Nigeria", theme="protection"),
    "paths": lambda ds: im.collaboration_paths(ds, "UNODC", "IOM", theme="prosecution").found,
    "connections": lambda ds: im.connections(ds, region="Africa").rows,
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_answer_of_the_engine_is_that_of_memory(frames: im.Frames, small_ds: im.Dataset, question: str) -> None:
    """Equal objects, whoever counted."""
    assert QUESTIONS[question](frames) == QUESTIONS[question](small_ds)


def test_records_come_back_as_they_were(frames: im.Frames, small_ds: im.Dataset) -> None:
    """Collected, records are equal to those that were written; possible ones stand apart."""
    for name in ("initiatives", "partnerships", "resources"):
        assert frames.collection(name).collect() == small_ds.collection(name)
    found, expected = (ds.initiatives.where(country="Nigeria", since=2018) for ds in (frames, small_ds))
    assert found.collect() == expected
    assert found.possible.collect() == expected.possible


_LOST = """
import sys, icatmapping as im
from pyspark.sql import SparkSession
session = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
names = ("initiatives", "partnerships", "organizations", "entities")
frames = im.Frames(**{name: session.read.parquet(f"{sys.argv[1]}/{name}.parquet") for name in names})
print(im.coverage(frames.initiatives, "region").n)
machine = session.sparkContext._gateway.proc
machine.kill()
machine.wait()
try:
    im.coverage(frames.initiatives, "theme")
except im.EngineError as error:
    print(error)
"""


def test_an_engine_that_is_gone_says_what_may_help(folder: Path, small_ds: im.Dataset) -> None:
    """Where Spark's process is killed between two questions, the second is told of it."""
    pytest.importorskip("pyspark.sql")
    done = subprocess.run([sys.executable, "-c", _LOST, str(folder)], capture_output=True, text=True, check=True)
    n, told = done.stdout.splitlines()
    assert int(n) == len(small_ds.initiatives)
    assert told.startswith("pyspark failed:")
    assert "a worker is gone: ask again" in told
