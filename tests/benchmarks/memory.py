"""
How much memory the loaded dataset takes, beside the size of its JSON text.

Run: python tests/benchmarks/memory.py. Python's own count of what is allocated (tracemalloc), so that other programs
and the allocator's reserves play no part.
"""

from __future__ import annotations

import tracemalloc
from importlib.resources import files

import icatmapping as im
from icatmapping.model.schema import QUERIED


def main() -> None:
    """Print the memory of all records, then of all that questions build beside them."""
    folder = files("icatmapping").joinpath("data")
    size = sum(len(folder.joinpath(f"{name}.json").read_bytes()) for name in QUERIED)
    tracemalloc.start()
    ds = im.load()
    for name in QUERIED:
        list(ds.collection(name))
    loaded = tracemalloc.get_traced_memory()[0]
    ds.initiatives.where(country="Nigeria", theme="child_protection", year=2020, entity="IOM", reach="regional")
    ds.entities["UNODC"], ds.organizations["naptip"]
    ds.initiatives.search("cabin crew")
    im.collaboration_paths(ds, "UNODC", "UNICEF", country="Nigeria")
    used = tracemalloc.get_traced_memory()[0]
    print(f"| JSON text | {size / 1e6:.1f} MB | |")
    print(f"| all records loaded | {loaded / 1e6:.1f} MB | {loaded / size:.1f} x the text |")
    print(f"| and indexes, names and countries built | {used / 1e6:.1f} MB | {used / size:.1f} x the text |")


if __name__ == "__main__":
    main()
