"""
How long coverage by country takes on a million initiatives, beside polars and DuckDB on the same data in memory.

Run it with ``python tests/benchmarks/coverage.py [NUMBER]``; it needs polars, pyarrow and duckdb, and a few minutes.
Each engine asks its own table, made beforehand: the collection, a data frame with a list column, a DuckDB table. The
answer is that of the library: value, label, count and share, most frequent first. Nothing is asserted but that the
three answers are the same; times are the best and the first of several.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl

sys.path.insert(0, str(Path(__file__).parents[1]))

import icatmapping as im
from icatmapping import counting, geography
from worlds import grown

if TYPE_CHECKING:
    from collections.abc import Callable

REPEATS = 5

Answer = list[tuple[Any, ...]]


def timed(ask: Callable[[], Answer]) -> tuple[float, float, Answer]:
    """Give the first time, the best time, and the answer."""
    times: list[float] = []
    answer: Answer = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        answer = ask()
        times.append(time.perf_counter() - start)
    return times[0], min(times), answer


def main(number: int) -> None:
    """Make the tables, ask each engine, and print the times and their ratios."""
    records = grown(im.load(), number).initiatives
    columns = {"id": [record.id for record in records], "country": [list(record.countries) for record in records]}
    names = {"country": [country.alpha3 for country in geography.countries()]}
    names["label"] = [country.name for country in geography.countries()]
    frame, labels = pl.DataFrame(columns), pl.DataFrame(names)
    connection = duckdb.connect()
    for name, table in (("records", frame.to_arrow()), ("labels", pl.DataFrame(names).to_arrow())):
        connection.register("arrow", table)
        connection.execute(f"CREATE TABLE {name} AS SELECT * FROM arrow")
    values = sum(map(len, columns["country"]))
    print(f"{number:,} initiatives, {values:,} countries named; {REPEATS} times each")

    def ask_library() -> Answer:
        return [(row.value, row.label, row.count, row.share) for row in im.coverage(records, "country")]

    def ask_library_anew() -> Answer:
        counting._COMBINATIONS.clear()
        return ask_library()

    def ask_polars() -> Answer:
        classified = frame.select((pl.col("country").list.len() > 0).sum()).item()
        return (
            frame.lazy()
            .select(pl.col("country").explode())
            .drop_nulls()
            .group_by("country")
            .agg(pl.len().alias("count"))
            .join(labels.lazy(), on="country")
            .with_columns(share=pl.col("count") / classified)
            .sort(["count", "country"], descending=[True, False])
            .select("country", "label", "count", "share")
            .collect()
            .rows()
        )

    def ask_duckdb() -> Answer:
        return connection.execute(
            """
            WITH named AS (SELECT unnest(country) AS country FROM records),
            counted AS (SELECT country, count(*) AS n FROM named GROUP BY country)
            SELECT country, label, n, n / (SELECT count(*) FROM records WHERE len(country) > 0)
            FROM counted JOIN labels USING (country) ORDER BY n DESC, country
            """
        ).fetchall()

    asked = {"polars": ask_polars, "duckdb": ask_duckdb, "icatmapping, read anew": ask_library_anew}
    found = {name: timed(ask) for name, ask in {**asked, "icatmapping, asked again": ask_library}.items()}
    rounded = {name: [(*row[:3], round(row[3], 12)) for row in answer] for name, (_, _, answer) in found.items()}
    assert all(answer == rounded["polars"] for answer in rounded.values())
    print(f"{'':26}{'first':>10}{'best':>10}{'/ polars':>10}{'/ duckdb':>10}")
    for name, (first, best, _) in found.items():
        ratios = [best / found[other][1] for other in ("polars", "duckdb")]
        print(f"{name:26}{first:>9.4f}s{best:>9.4f}s" + "".join(f"{ratio:>10.3f}" for ratio in ratios))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
