"""
The same questions in memory and on frames, at growing sizes, beside the same question written by hand in the engine.

Run: python tests/benchmarks/frames.py [SIZE ...], e.g. 100000 1000000 10000000. Every question is asked twice, of which
the second time counts; a size of ten million is a million records ten times over, which takes minutes to make and
which memory is not asked of. Peaks are of the whole process.
"""

from __future__ import annotations

import gc
import resource
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl

import icatmapping as im
from support.synthetic import scale_up

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_IN_MEMORY = 1_000_000
NAMES = ("initiatives", "partnerships", "resources", "organizations", "entities")
PLACE: dict[str, Any] = {"country": "Nigeria", "theme": "child_protection"}
QUESTIONS: dict[str, Callable[[Any], Any]] = {
    "coverage by country": lambda ds: im.coverage(ds.initiatives, "country"),
    "coverage by region, fractional": lambda ds: im.coverage(ds.initiatives, "region", count="fractional"),
    "crosstab country × theme": lambda ds: im.crosstab(ds.initiatives, "country", "theme"),
    "timeline": lambda ds: im.timeline(ds.initiatives),
    "where(region, years), by form": lambda ds: im.coverage(
        ds.initiatives.where(region="africa", since=2014, until=2019), "form"
    ),
    "gaps country × form in Africa": lambda ds: im.gaps(ds, "country", "form", among="africa"),
    "five paths in a country on a theme": lambda ds: im.collaboration_paths(ds, "UNODC", "UNICEF", **PLACE),
}
BY_HAND = {
    "coverage by country": "select v, count(*) from (select unnest(d_country) as v from '{}') group by v",
    "crosstab country × theme": (
        "select a, b, count(*) from (select a, unnest(d_theme) as b from "
        "(select unnest(d_country) as a, d_theme from '{}')) group by a, b"
    ),
}


def opened(folder: Path, engine: str, times: int) -> im.Frames:
    """Return the tables of a folder so many times over."""
    files = {name: [str(folder / f"{name}.parquet")] for name in NAMES}
    files |= {name: files[name] * times for name in NAMES[:3]}
    if engine == "polars":
        return im.Frames(**{name: pl.scan_parquet(paths) for name, paths in files.items()})
    connection = duckdb.connect()
    return im.Frames(**{name: connection.read_parquet(paths) for name, paths in files.items()})


def taken(ask: Callable[[], Any]) -> float:
    """Return how long a question takes when it is asked again."""
    ask()
    gc.collect()
    begun = time.perf_counter()
    ask()
    return time.perf_counter() - begun


def by_hand(folder: Path, engine: str, times: int, name: str) -> float | None:
    """Return how long the same question takes that is written in the engine's own words."""
    if name not in BY_HAND:
        return None
    file = str(folder / "initiatives.parquet")
    if engine == "duckdb":
        query = BY_HAND[name].replace("'{}'", f"read_parquet({[file] * times})")
        return taken(lambda: duckdb.sql(query).fetchall())
    columns = ["d_country", "d_theme"][: 1 if name.startswith("coverage") else 2]
    lf = pl.scan_parquet([file] * times).select(columns)
    for column in columns:
        lf = lf.explode(column)
    return taken(lambda: lf.group_by(columns).len().collect())


def report(ds: im.Dataset | None, folder: Path, times: int) -> None:
    """Print the table of a size; memory is asked of a dataset, if there is one."""
    print("| question | memory | polars | by hand | DuckDB | by hand |\n| --- | ---: | ---: | ---: | ---: | ---: |")
    engines = {engine: opened(folder, engine, times) for engine in ("polars", "duckdb")}
    for key, ask in QUESTIONS.items():
        if times > 1 and "paths" in key:
            continue  # ids come several times over, and records are shown by them
        told = [None if ds is None else taken(lambda ask=ask: ask(ds))]
        for engine, frames in engines.items():
            told += [taken(lambda ask=ask, frames=frames: ask(frames)), by_hand(folder, engine, times, key)]
        figures = " | ".join("–" if one is None else f"{one:.3f} s" for one in told)
        print(f"| {key} | {figures} |", flush=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\nPeak of the process, what was written included: {peak:,.0f} MB", flush=True)


def main(sizes: list[int]) -> None:
    """Print a table per size."""
    small = im.load()
    for size in sizes:
        times = max(1, size // MOST_IN_MEMORY)
        with TemporaryDirectory() as name:
            folder = Path(name)
            ds = scale_up(small, max(size // times, len(small.initiatives)))
            begun = time.perf_counter()
            im.write_frames(ds, folder)
            written = time.perf_counter() - begun
            millions = sum(file.stat().st_size for file in folder.iterdir()) / 1e6
            print(f"\n{size:,} initiatives; written in {written:.0f} s, {millions:.0f} MB ({times} times over)\n")
            report(ds if times == 1 else None, folder, times)


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [100_000, 1_000_000])
