"""
How long the first answers take on mappings of hundreds of thousands of records, in two worlds.

One repeats the bundled records (`scale_up`), so that it has no more combinations of values than these; in the other,
every list is drawn value by value (`diversify`), so that hardly two records say the same.

Run: python tests/benchmarks/large.py [FACTOR ...]. Questions are asked one after the other of one dataset, so that an
index that several need is made by the first; the times of a table are in wall-clock seconds and in the processor's.
"""

from __future__ import annotations

import gc
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import icatmapping as im
from support.synthetic import diversify, scale_up

if TYPE_CHECKING:
    from collections.abc import Callable

COUNTRY = "Ghana"


def questions(ds: im.Dataset) -> dict[str, Callable[[], Any]]:
    """Give what is asked, by name."""
    initiatives = ds.initiatives
    broad: dict[str, Any] = {"theme": "child_protection", "topic": "require"}
    return {
        "where(country)": lambda: initiatives.where(country=COUNTRY),
        "where(country, theme, reach), again": lambda: initiatives.where(
            country=COUNTRY, theme="protection", reach="regional"
        ),
        "coverage by country": lambda: im.coverage(initiatives, "country"),
        "coverage by country, anew": lambda: im.coverage(initiatives[:-1], "country"),
        "coverage by region, fractional": lambda: im.coverage(initiatives, "region", count="fractional"),
        "coverage by year": lambda: im.coverage(initiatives, "year"),
        "crosstab country x theme": lambda: im.crosstab(initiatives, "country", "theme"),
        "crosstab country x theme, anew": lambda: im.crosstab(initiatives[:-1], "country", "theme"),
        "timeline": lambda: im.timeline(initiatives[:-1]),
        "gaps": lambda: im.gaps(ds, "country", "form"),
        "gaps in Africa, again": lambda: im.gaps(ds, "country", "form", among="africa"),
        "overlaps": lambda: im.overlaps(ds),
        "5 paths in a broad context": lambda: im.collaboration_paths(ds, "UNODC", "UNICEF", k=5, **broad),
        "5 paths in a broad context, again": lambda: im.collaboration_paths(ds, "UNODC", "UNICEF", k=5, **broad),
        "country_brief": lambda: im.country_brief(ds, COUNTRY),
        "suggest_partners": lambda: im.suggest_partners(ds, "ILO", country=COUNTRY),
        "brokers of a country": lambda: im.brokers(ds, country=COUNTRY),
        "first search": lambda: initiatives.search("fishing boats"),
        "search": lambda: initiatives.search("child labour"),
        "to Arrow": initiatives.to_arrow,
        "partnership_graph of everything": lambda: im.partnership_graph(ds),
    }


def main(factors: list[int]) -> None:
    """Print a line per world, size and question, in wall-clock and processor time."""
    small = im.load()
    for factor in factors:
        grown = scale_up(small, factor * len(small.initiatives), 60 * factor // 100 * len(small.organizations) or None)
        for world, ds in (("repeated", grown), ("drawn value by value", diversify(grown))):
            gc.collect()
            gc.freeze()  # as a server would
            number = sum(len(ds.collection(name)) for name in ("initiatives", "partnerships", "resources"))
            print(f"| {number:,} records, {len(ds.organizations):,} organizations, {world} | s | s of the processor |")
            print("| --- | ---: | ---: |", flush=True)
            for name, ask in questions(ds).items():
                wall, processor = time.perf_counter(), time.process_time()
                ask()
                spent = time.perf_counter() - wall, time.process_time() - processor
                print(f"| {name} | {spent[0]:.3f} | {spent[1]:.3f} |", flush=True)


if __name__ == "__main__":
    main([int(factor) for factor in sys.argv[1:]] or [150])
