"""
How long a new process takes to its first answer, beside what a user would start instead.

Run: python tests/benchmarks/cold.py [ROUNDS]. Needs pycountry and bioregistry. Processes take turns, so that a machine
that is slow for a while is slow for all of them; the ratio is the median of the ratios of each turn.
"""

from __future__ import annotations

import subprocess
import sys
import time
from statistics import median

PROGRAMS = {
    "import attrs, cattrs": "import attrs, cattrs",
    "pycountry, first lookup": "import pycountry; pycountry.countries.lookup('Nigeria')",
    "bioregistry, first lookup": "import bioregistry; bioregistry.get_resource('doi')",
    "icatmapping, import": "import icatmapping",
    "icatmapping, first query": (
        "import icatmapping as im; im.load().initiatives.where(country='Nigeria', theme='child_protection')"
    ),
    "icatmapping, first query, titles read": (
        "import icatmapping as im\n"
        "[one.title for one in im.load().initiatives.where(country='Nigeria', theme='child_protection')]"
    ),
    "import attrs, cattrs, networkx": "import attrs, cattrs, networkx",
    "icatmapping, first path": (
        "import icatmapping as im\n"
        "im.collaboration_paths(im.load(), 'UNODC', 'UNICEF', country='Nigeria', theme='child_protection')"
    ),
}
AGAINST = {
    "icatmapping, import": ("import attrs, cattrs",),
    "icatmapping, first query": ("import attrs, cattrs", "pycountry, first lookup", "bioregistry, first lookup"),
    "icatmapping, first query, titles read": ("import attrs, cattrs", "pycountry, first lookup"),
    "icatmapping, first path": ("import attrs, cattrs, networkx",),
}


def main(rounds: int) -> None:
    """Print the median time of each program, and of ours the ratio to the others."""
    times: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    for number in range(rounds + 1):
        for name, program in PROGRAMS.items():
            begun = time.perf_counter()
            subprocess.run([sys.executable, "-c", program], check=True, stdout=subprocess.DEVNULL)
            if number:  # the first turn fills the caches of the file system
                times[name].append(time.perf_counter() - begun)
    for name, taken in times.items():
        ratios = [
            f"{median(ours / theirs for ours, theirs in zip(taken, times[other], strict=True)):.2f} x {other}"
            for other in AGAINST.get(name, ())
        ]
        print(f"| {name} | {median(taken) * 1e3:.0f} ms | {', '.join(ratios)} |", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
