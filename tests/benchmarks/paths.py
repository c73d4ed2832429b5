"""
How the cost of paths grows: the projection for a context and five paths, on mappings of growing size.

Run: python tests/benchmarks/paths.py
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import icatmapping as im
from worlds import grown

SIZES = ((1_003, 833), (10_000, 2_000), (100_000, 5_000))
CONTEXTS: tuple[dict[str, Any], ...] = (
    {"country": "Nigeria", "theme": "child_protection"},
    {"country": "Nigeria"},
    {"theme": "child_protection"},
)


def main() -> None:
    """Print the time of five paths beside the number of records that match, for each size and context."""
    print(f"{'initiatives':>12} {'matching':>9} {'five paths':>11} {'per record':>11}  context")
    for initiatives, organizations in SIZES:
        ds = im.load()
        if initiatives > len(ds.initiatives):
            ds = grown(ds, initiatives, organizations, 1)
        for context in CONTEXTS:
            matching = len(ds.initiatives.where(**context)) + len(ds.partnerships.where(**context))
            times = []
            for _ in range(5):
                begun = time.perf_counter()
                im.collaboration_paths(ds, "UNODC", "UNICEF", k=5, **context)
                times.append(time.perf_counter() - begun)
            best = min(times)
            figures = (
                f"{initiatives:>12,} {matching:>9,} {best * 1e3:>8.1f} ms {best / max(matching, 1) * 1e6:>8.1f} µs"
            )
            print(f"{figures}  {context}")


if __name__ == "__main__":
    main()
