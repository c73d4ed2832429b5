"""
How long a warm query for a country and a theme takes, beside pandas, polars, DuckDB and libhxl on the same records.

Run: python tests/benchmarks/queries.py [FACTOR ...]. Needs pandas, polars, duckdb and libhxl. Every engine has its
table ready in memory and gives the ids of what it found; that they agree is checked.
"""

from __future__ import annotations

import sys

import hxl
import polars as pl
from common import columns, dataset, engines, row, timed

COUNTRY, THEME = "NGA", "child_protection"


def main(factors: list[int]) -> None:
    """Print a line per size."""
    for factor in factors:
        records, table = dataset(factor).initiatives, columns(factor)
        few, many, connection = engines(factor)
        asks = {
            "icatmapping": lambda: [one.id for one in records.where(country=COUNTRY, theme=THEME)],
            "pandas": lambda: few.loc[
                few["country"].map(lambda values: COUNTRY in values) & few["theme"].map(lambda values: THEME in values),
                "id",
            ].tolist(),
            "polars": lambda: (
                many.lazy()
                .filter(pl.col("country").list.contains(COUNTRY) & pl.col("theme").list.contains(THEME))
                .select("id")
                .collect()["id"]
                .to_list()
            ),
            "duckdb": lambda: [
                identifier
                for (identifier,) in connection.execute(
                    "SELECT id FROM records WHERE list_contains(country, ?) AND list_contains(theme, ?)",
                    [COUNTRY, THEME],
                ).fetchall()
            ],
        }
        if factor <= 10:
            lines = [
                [identifier, country, theme]
                for identifier, countries, themes in zip(table["id"], table["country"], table["theme"], strict=True)
                for country in countries
                for theme in themes
            ]
            source = [["id", "country", "theme"], ["#activity+code", "#country+code", "#subsector+code"], *lines]
            asks["libhxl"] = lambda: [
                found.get("#activity+code")
                for found in hxl.data(source, hxl.InputOptions(allow_local=True))
                .with_rows(f"#country+code={COUNTRY}")
                .with_rows(f"#subsector+code={THEME}")
            ]
        found = {name: timed(ask) for name, ask in asks.items()}
        assert all(sorted(answer) == sorted(found["icatmapping"][1]) for _, answer in found.values())
        row("`where(country=…, theme=…)`", factor, {name: taken for name, (taken, _) in found.items()})


if __name__ == "__main__":
    main([int(factor) for factor in sys.argv[1:]] or [1, 10, 100, 1000])
