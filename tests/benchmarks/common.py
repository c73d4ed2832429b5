"""
What the benchmarks share: mappings of any size, tables of the same content for other engines, timing, and printing.
"""

from __future__ import annotations

import gc
import sys
import time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import icatmapping as im
from support.synthetic import scale_up

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["columns", "dataset", "engines", "row", "timed"]


@cache
def dataset(factor: int) -> im.Dataset:
    """Give the bundled dataset, or one that is so many times as large."""
    ds = im.load()
    if factor == 1:
        return ds
    organizations = round(len(ds.organizations) * min(factor, 12) ** 0.75)
    larger = scale_up(ds, factor * len(ds.initiatives), organizations, 1)
    # As a server would: what lives as long as the process is not looked through whenever a question makes objects.
    gc.collect()
    gc.freeze()
    return larger


@cache
def columns(factor: int) -> dict[str, list[Any]]:
    """Give the initiatives as columns of plain values, as any data frame takes them."""
    records = dataset(factor).initiatives
    return {
        "id": [record.id for record in records],
        "country": [list(record.countries) for record in records],
        "theme": [[str(theme) for theme in record.themes] for record in records],
        "participant": [list(dict.fromkeys((*record.leads, *record.partners))) for record in records],
    }


def engines(factor: int) -> tuple[Any, Any, Any]:
    """Give the initiatives as a pandas and a polars data frame, and as the table ``records`` of a DuckDB connection."""
    import duckdb  # noqa: PLC0415 - not every benchmark asks every engine
    import pandas as pd  # noqa: PLC0415 - as above
    import polars as pl  # noqa: PLC0415 - as above

    table = columns(factor)
    frame = pl.DataFrame({name: table[name] for name in ("id", "country", "theme")})
    connection = duckdb.connect()
    connection.register("arrow", frame.to_arrow())
    connection.execute("CREATE TABLE records AS SELECT * FROM arrow")
    return pd.DataFrame(table), frame, connection


def timed(ask: Callable[[], Any], *, seconds: float = 1.0, most: int = 200) -> tuple[float, Any]:
    """Ask again and again for about some seconds; give the least time, and the last answer."""
    best, asked, spent, answer = float("inf"), 0, 0.0, None
    while asked < 3 or (spent < seconds and asked < most):
        begun = time.perf_counter()
        answer = ask()
        taken = time.perf_counter() - begun
        best, asked, spent = min(best, taken), asked + 1, spent + taken
    return best, answer


def row(what: str, factor: int, times: Mapping[str, float]) -> None:
    """Print the times of one question, the library's first, and how many times longer the others take."""
    ours = next(iter(times.values()))
    shown = [
        f"{name} {_time(taken)}" + (f" ({taken / ours:,.1f} x)" if taken != ours else "")
        for name, taken in times.items()
    ]
    print(f"| {what} | {factor:,} x | {' | '.join(shown)} |", flush=True)


def _time(seconds: float) -> str:
    if seconds < 1e-3:
        return f"{seconds * 1e6:.0f} µs"
    return f"{seconds * 1e3:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"
