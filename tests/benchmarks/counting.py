"""
How long coverage by country and a crosstab of country and theme take, beside pandas, polars and DuckDB.

Run: python tests/benchmarks/counting.py [FACTOR ...]. Needs pandas, polars and duckdb. "Anew" is a collection asked for
the first time; after that the counts of a whole collection, which never changes, are kept. The counts are compared.
"""

from __future__ import annotations

import sys
from typing import Any

import polars as pl
from common import dataset, engines, row, timed

import icatmapping as im
from icatmapping.statistics import counts

Counts = dict[Any, int]


def main(factors: list[int]) -> None:
    """Print two lines per size."""
    for factor in factors:
        records = dataset(factor).initiatives
        few, many, connection = engines(factor)

        def ours(records: Any = records) -> Counts:
            return {found.value: int(found.count) for found in im.coverage(records, "country")}

        def anew(ours: Any = ours) -> Counts:
            counts._COMBINATIONS.clear()
            found: Counts = ours()
            return found

        asks = {
            "icatmapping, anew": anew,
            "icatmapping, again": ours,
            "pandas": lambda: few["country"].explode().dropna().value_counts().to_dict(),
            "polars": lambda: dict(
                many.lazy()
                .select(pl.col("country").explode())
                .drop_nulls()
                .group_by("country")
                .agg(pl.len())
                .collect()
                .iter_rows()
            ),
            "duckdb": lambda: dict(
                connection.execute(
                    "SELECT country, count(*) FROM (SELECT unnest(country) AS country FROM records) GROUP BY country"
                ).fetchall()
            ),
        }
        found = {name: timed(ask) for name, ask in asks.items()}
        assert all(answer == found["pandas"][1] for _, answer in found.values())
        row('`coverage(…, "country")`', factor, {name: taken for name, (taken, _) in found.items()})
        crossed = {
            "icatmapping": lambda: {
                (cell.row, cell.col): int(cell.count) for cell in im.crosstab(records, "country", "theme")
            },
            "pandas": lambda: (
                few[["country", "theme"]].explode("country").explode("theme").dropna().value_counts().to_dict()
            ),
            "polars": lambda: {
                (country, theme): number
                for country, theme, number in many.lazy()
                .select("country", "theme")
                .explode("country")
                .explode("theme")
                .drop_nulls()
                .group_by("country", "theme")
                .agg(pl.len())
                .collect()
                .iter_rows()
            },
            "duckdb": lambda: {
                (country, theme): number
                for country, theme, number in connection.execute(
                    """
                    SELECT country, theme, count(*)
                    FROM (SELECT unnest(country) AS country, theme AS themes FROM records), unnest(themes) AS one(theme)
                    GROUP BY country, theme
                    """
                ).fetchall()
            },
        }
        both = {name: timed(ask) for name, ask in crossed.items()}
        assert all(answer == both["pandas"][1] for _, answer in both.values())
        row('`crosstab(…, "country", "theme")`', factor, {name: taken for name, (taken, _) in both.items()})


if __name__ == "__main__":
    main([int(factor) for factor in sys.argv[1:]] or [1, 10, 100, 1000])
