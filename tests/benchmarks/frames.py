"""
The same questions in memory and on frames, at growing sizes, beside the same question written by hand in the engine.

Run: python tests/benchmarks/frames.py [SIZE ...], e.g. 100000 1000000 10000000. Every question is asked twice in a
process of its own, and the second time counts; the peak of memory is that process's, 400 MB of it for DuckDB. Of more
than a million records a million are made, the others are these under other ids; memory is asked of a million at most.
A line ends with the hash of the answer, which must be that of all who answered.
"""

from __future__ import annotations

import gc
import hashlib
import json
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import duckdb
import polars as pl
from by_hand import DUCKDB, POLARS

import icatmapping as im
from support.synthetic import diversify, scale_up

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_MADE = 1_000_000
TABLES = ("initiatives", "partnerships", "resources", "organizations", "entities")
ENGINES = ("polars", "duckdb")
LIMIT = "400MB"
PLACE: dict[str, Any] = {"country": "Nigeria", "theme": "child_protection"}
QUESTIONS: dict[str, Callable[[Any], Any]] = {
    "coverage by country": lambda ds: im.coverage(ds.initiatives, "country"),
    "coverage by region, fractional": lambda ds: im.coverage(ds.initiatives, "region", count="fractional"),
    "crosstab country × theme": lambda ds: im.crosstab(ds.initiatives, "country", "theme"),
    "timeline": lambda ds: im.timeline(ds.initiatives),
    "where(region, years), by form": lambda ds: im.coverage(
        ds.initiatives.where(region="africa", since=2014, until=2019), "form"
    ),
    "portfolio of UNODC": lambda ds: im.portfolio(ds, "UNODC"),
    "IOM beside the ILO": lambda ds: im.compare(ds, "IOM", "ILO"),
    "gaps country × form in Africa": lambda ds: im.gaps(ds, "country", "form", among="africa"),
    "five paths in a country on a theme": lambda ds: im.collaboration_paths(ds, "UNODC", "UNICEF", **PLACE),
}


def opened(folder: Path, engine: str) -> im.Frames:
    """Return the tables of a folder."""
    files = {name: sorted(map(str, folder.glob(f"{name}*.parquet"))) for name in TABLES}
    if engine == "polars":
        return im.Frames(**{name: pl.scan_parquet(paths) for name, paths in files.items()}, version=im.load().version)
    connection = limited()
    frames = {name: connection.read_parquet(paths) for name, paths in files.items()}
    return im.Frames(**frames, version=im.load().version)


def limited() -> duckdb.DuckDBPyConnection:
    """Return a connection that has less memory than the data take."""
    connection = duckdb.connect()
    connection.execute(f"set memory_limit = '{LIMIT}'; set temp_directory = '{gettempdir()}'")
    return connection


def by_hand(folder: Path, engine: str, name: str) -> Callable[[], Any]:
    """Return what asks the same question in the engine's own words."""
    files = sorted(map(str, folder.glob("initiatives*.parquet")))
    if engine == "polars":
        return lambda: POLARS[name](pl.scan_parquet(files), pl.scan_parquet(folder / "partnerships.parquet"))
    connection = limited()
    connection.execute(f"create view t as from read_parquet({files})")
    connection.execute(f"create view agreed as from '{folder}/partnerships.parquet'")
    return lambda: DUCKDB[name](connection)


def taken(ask: Callable[[], Any]) -> tuple[float, Any]:
    """Return how long a question takes when it is asked again, and its answer."""
    ask()
    gc.collect()
    begun = time.perf_counter()
    answer = ask()
    return time.perf_counter() - begun, answer


def hashed(answer: Any) -> str:
    """Return the hash of an answer that is cut as those from frames are."""
    told = json.dumps(answer.to_dict(), sort_keys=True, default=str)
    return hashlib.sha256(told.encode()).hexdigest()[:8]


def ask_alone(folder: Path, engine: str, name: str, *, hand: bool) -> dict[str, Any]:
    """Return what a process of its own tells of a question."""
    told = subprocess.run(
        [sys.executable, __file__, "--one", str(folder), engine, name, "hand" if hand else ""],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    found: dict[str, Any] = json.loads(told)
    return found


def one(folder: str, engine: str, name: str, hand: str) -> None:
    """Ask a question, and print how long it took, how much memory, and the hash of the answer."""
    if hand:
        seconds, _ = taken(by_hand(Path(folder), engine, name))
        answer = ""
    else:
        frames = opened(Path(folder), engine)
        seconds, found = taken(lambda: QUESTIONS[name](frames))
        answer = hashed(found)
    # What getrusage tells of a new process is at least what the one that began it had.
    (peak,) = (
        int(line.split()[1]) / 1024
        for line in Path("/proc/self/status").read_text().splitlines()
        if line.startswith("VmHWM")
    )
    print(json.dumps({"seconds": seconds, "peak": peak, "hash": answer}))


def report(ds: im.Dataset | None, folder: Path) -> None:
    """Print the table of a size; memory is asked of a dataset, if there is one."""
    print("| question | memory | polars | by hand | peak | DuckDB | by hand | peak | answer |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |", flush=True)
    for name, ask in QUESTIONS.items():
        told: list[str] = []
        hashes: set[str] = set()
        if ds is None:
            told.append("–")
        else:
            seconds, _ = taken(lambda ask=ask: ask(ds))
            told.append(f"{seconds:.3f} s")
        for engine in ENGINES:
            found = ask_alone(folder, engine, name, hand=False)
            hand = ask_alone(folder, engine, name, hand=True)["seconds"]
            told += [f"{found['seconds']:.2f} s", f"{hand:.2f} s", f"{found['peak']:,.0f} MB"]
            hashes.add(found["hash"])
        if len(hashes) > 1:
            message = f"{name}: {' and '.join(ENGINES)} answer differently"
            raise ValueError(message)
        print(f"| {name} | {' | '.join(told)} | {hashes.pop()} |", flush=True)


def main(sizes: list[int], *, drawn: bool) -> None:
    """Print a table per size; in the drawn world every list is drawn value by value."""
    small = im.load()
    for size in sizes:
        with TemporaryDirectory() as name:
            folder = Path(name)
            ds = scale_up(small, max(min(size, MOST_MADE), len(small.initiatives)))
            ds = diversify(ds) if drawn else ds
            begun = time.perf_counter()
            im.write_frames(ds, folder)
            written = time.perf_counter() - begun
            first = folder / "initiatives.parquet"
            for copy in range(1, size // MOST_MADE):
                more = folder / f"initiatives-{copy}.parquet"
                copied = f"select * replace (id || '-{copy}' as id) from '{first}'"
                duckdb.sql(f"copy ({copied}) to '{more}' (row_group_size 65536)")
            millions = sum(file.stat().st_size for file in folder.iterdir()) / 1e6
            world = "drawn value by value" if drawn else "repeated"
            print(f"\n{size:,} initiatives, {world}; written in {written:.0f} s, {millions:.0f} MB\n")
            if size > MOST_MADE:
                del ds
            report(ds if size <= MOST_MADE else None, folder)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(*sys.argv[2:])
    else:
        figures = [int(size) for size in sys.argv[1:] if size.isdigit()]
        main(figures or [100_000, 1_000_000], drawn="--drawn" in sys.argv)
