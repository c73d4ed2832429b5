"""
How long a warm query for a country and a theme takes, beside pandas, polars, DuckDB and libhxl on the same records.

Run: python tests/benchmarks/queries.py [FACTOR ...]. Needs pandas, polars, duckdb and libhxl. Every engine has its
table ready in memory. First the selection alone is timed, each in its engine's own form (a collection, a data frame,
an Arrow table), then together with a list of the ids that were found; that these agree is checked.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import hxl
import polars as pl
from common import columns, dataset, engines, row, timed

if TYPE_CHECKING:
    from collections.abc import Callable

COUNTRY, THEME = "NGA", "child_protection"
SQL = "SELECT id FROM records WHERE list_contains(country, ?) AND list_contains(theme, ?)"


def main(factors: list[int]) -> None:
    """Print two lines per size."""
    for factor in factors:
        records = dataset(factor).initiatives
        few, many, connection = engines(factor)
        asks: dict[str, tuple[Callable[[], Any], Callable[[Any], list[str]]]] = {
            "icatmapping": (
                lambda: records.where(country=COUNTRY, theme=THEME),
                lambda found: [one.id for one in found],
            ),
            "pandas": (
                lambda: few[
                    few["country"].map(lambda has: COUNTRY in has) & few["theme"].map(lambda has: THEME in has)
                ],
                lambda found: found["id"].tolist(),
            ),
            "polars": (
                lambda: (
                    many.lazy()
                    .filter(pl.col("country").list.contains(COUNTRY) & pl.col("theme").list.contains(THEME))
                    .select("id")
                    .collect()
                ),
                lambda found: found["id"].to_list(),
            ),
            "duckdb": (
                lambda: connection.sql(SQL, params=[COUNTRY, THEME]).to_arrow_table(),
                lambda found: found["id"].to_pylist(),
            ),
        }
        if factor <= 10:
            source = hxl_table(factor)
            asks["libhxl"] = (
                lambda: list(
                    hxl.data(source, hxl.InputOptions(allow_local=True))
                    .with_rows(f"#country+code={COUNTRY}")
                    .with_rows(f"#subsector+code={THEME}")
                ),
                lambda found: [one.get("#activity+code") for one in found],
            )
        answers = {name: sorted(read(select())) for name, (select, read) in asks.items()}
        assert all(answer == answers["icatmapping"] for answer in answers.values())
        row("`where(country=…, theme=…)`", factor, {name: timed(select)[0] for name, (select, _) in asks.items()})
        both = {name: timed(lambda s=select, r=read: r(s()))[0] for name, (select, read) in asks.items()}
        row("the same, ids listed", factor, both)


def hxl_table(factor: int) -> list[list[str]]:
    """Give the initiatives as rows with hashtags, one per country and theme."""
    table = columns(factor)
    return [
        ["id", "country", "theme"],
        ["#activity+code", "#country+code", "#subsector+code"],
        *(
            [identifier, country, theme]
            for identifier, countries, themes in zip(table["id"], table["country"], table["theme"], strict=True)
            for country in countries
            for theme in themes
        ),
    ]


if __name__ == "__main__":
    main([int(factor) for factor in sys.argv[1:]] or [1, 10, 100, 1000])
