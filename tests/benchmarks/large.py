"""
How long the first answers take on a mapping of 260,000 records and 80,000 organizations; each is to take 2 s or so.

Run: python tests/benchmarks/large.py [FACTOR ...]. Every question is asked once, in a new dataset, as a table.
"""

from __future__ import annotations

import sys
import time

import icatmapping as im
from support.synthetic import scale_up

COUNTRY = "Ghana"


def main(factors: list[int]) -> None:
    """Print a line per size and question, in wall-clock and processor time."""
    small = im.load()
    for factor in factors:
        ds = scale_up(small, factor * len(small.initiatives), 60 * factor // 100 * len(small.organizations) or None)
        number = sum(len(ds.collection(name)) for name in ("initiatives", "partnerships", "resources"))
        print(f"| {number:,} records, {len(ds.organizations):,} organizations | s | s of the processor |")
        print("| --- | ---: | ---: |", flush=True)
        questions = {
            "where(country)": lambda ds=ds: ds.initiatives.where(country=COUNTRY),
            "country_brief": lambda ds=ds: im.country_brief(ds, COUNTRY),
            "suggest_partners": lambda ds=ds: im.suggest_partners(ds, "ILO", country=COUNTRY),
            "brokers of a country": lambda ds=ds: im.brokers(ds, country=COUNTRY),
            "gaps": lambda ds=ds: im.gaps(ds, "country", "form"),
            "first search": lambda ds=ds: ds.initiatives.search("fishing boats"),
        }
        for name, ask in questions.items():
            wall, processor = time.perf_counter(), time.process_time()
            ask()
            print(f"| {name} | {time.perf_counter() - wall:.2f} | {time.process_time() - processor:.2f} |", flush=True)


if __name__ == "__main__":
    main([int(factor) for factor in sys.argv[1:]] or [150])
