"""
All benchmarks, as the tables of the documentation.

Run: python tests/benchmarks/run.py [--quick]. Needs the extra ``test`` and the dependency group ``bench``. With
``--quick`` nothing grows beyond 10 times the bundled size. Nothing is asserted but that all engines give the same
answer; the figures are for people to judge.
"""

from __future__ import annotations

import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

PARTS = {
    "cold.py": ("A new process", [], []),
    "queries.py": ("Queries", ["1", "10", "100", "1000"], ["1", "10"]),
    "counting.py": ("Counting", ["1", "10", "100", "1000"], ["1", "10"]),
    "paths.py": ("Paths", ["1", "10", "100", "1000"], ["1", "10"]),
    "memory.py": ("Memory", [], []),
}
LIBRARIES = (
    "attrs",
    "cattrs",
    "networkx",
    "pycountry",
    "bioregistry",
    "pandas",
    "polars",
    "duckdb",
    "libhxl",
    "rustworkx",
)


def main(*, quick: bool) -> None:
    """Run each part in a process of its own."""
    print(f"Python {platform.python_version()}, {platform.system()} {platform.machine()}; ", end="")
    print(", ".join(f"{name} {version(name)}" for name in LIBRARIES), flush=True)
    for script, (title, sizes, few) in PARTS.items():
        print(f"\n## {title}\n", flush=True)
        subprocess.run([sys.executable, str(Path(__file__).parent / script), *(few if quick else sizes)], check=True)


if __name__ == "__main__":
    main(quick="--quick" in sys.argv[1:])
