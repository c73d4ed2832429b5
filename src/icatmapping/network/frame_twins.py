"""
Initiatives and the partnerships that are the same undertaking, on frames: fetched where they are few, else put together
by the engine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from icatmapping.frames.engines import fetch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import narwhals as nw

    from icatmapping.network.frame_events import FetchedEvents, FrameEvents

__all__ = ["add_twins", "fetch_twins"]

MOST_FETCHED = 2_000
"""So many twins are fetched; more are put together by the engine."""


def fetch_twins(source: FrameEvents) -> FetchedEvents:
    """
    Return the events of a context that are an initiative and a partnership, or those that have to be put together here.

    Where the engine puts together the others, the source is told so.
    """
    import narwhals as nw  # noqa: PLC0415 - an extra

    if not {"initiatives", "partnerships"} <= {*source.of}:
        return source.put_together(())
    agreed = source.rows("partnerships").filter(~nw.col("initiative").is_null())
    begun = source.rows("initiatives")
    found = agreed.join(begun.select(begun=nw.col("id")), left_on="initiative", right_on="begun", how="semi")
    limit = MOST_FETCHED + 1 if source.engine in _UNITING else None
    twins = source.fetch(found, "partnerships", limit)
    if len(twins) == limit:
        several = found.group_by("initiative").agg(number=nw.len()).filter(nw.col("number") > 1)
        source.unite([one for one, _ in fetch(several.select("initiative", "number"))])
        twins = source.fetch(found.filter(nw.col("initiative").is_in(source.several)), "partnerships")
    if not twins:
        return source.put_together(())
    if limit is not None:
        begun = begun.filter(
            nw.col("id").is_in(sorted({twin.initiative for twin in twins if twin.initiative is not None}))
        )
    else:
        begun = begun.join(found.select(named=nw.col("initiative")), left_on="id", right_on="named", how="semi")
    return source.put_together([*source.fetch(begun, "initiatives"), *twins])


def add_twins(begun: nw.LazyFrame[Any], agreed: nw.LazyFrame[Any], engine: str) -> nw.LazyFrame[Any]:
    """
    Return a row for each initiative and its partnership: participants, countries and years of both.

    Args:
        begun: The initiatives.
        agreed: The partnerships that are one of them, at most one of each.
        engine: The engine.
    """
    import narwhals as nw  # noqa: PLC0415 - an extra

    kept = ["p", "topic", "first_active", "last_active", "countries", "regions", "scope", "themes"]
    here = begun.select("id", *[nw.col(name).alias(f"{name}_a") for name in kept])
    there = agreed.select("initiative", nw.col("id").alias("id_b"), *[nw.col(name).alias(f"{name}_b") for name in kept])
    both = here.join(there, left_on="id", right_on="initiative", how="inner")
    both = both.with_columns(
        topic=nw.col("topic_a") | nw.col("topic_b"),
        first_active=nw.min_horizontal("first_active_a", "first_active_b"),
        last_active=nw.max_horizontal("last_active_a", "last_active_b"),
    )
    for name in ("p", "countries"):
        both = nw.from_native(_UNITING[engine](both.to_native(), name))
    return both


def _unite_polars(native: Any, name: str) -> Any:
    import polars as pl  # noqa: PLC0415 - an extra

    return native.with_columns(pl.col(f"{name}_a").list.set_union(f"{name}_b").alias(name))


def _unite_duckdb(native: Any, name: str) -> Any:
    return native.project(f"*, list_distinct(list_concat({name}_a, {name}_b)) AS {name}")


def _unite_spark(native: Any, name: str) -> Any:
    return native.selectExpr("*", f"array_union({name}_a, {name}_b) AS {name}")


_UNITING: Mapping[str, Callable[[Any, str], Any]] = {
    "polars": _unite_polars,
    "duckdb": _unite_duckdb,
    "pyspark": _unite_spark,
}
"""How the engines unite two lists, which narwhals does not know."""
