"""
Damages data packages in thousands of ways, and sees that each is loaded as it is or refused with a reason.

::

    python tests/fuzz/mutate.py --count 10000            # ten minutes; a summary by kind of damage
    python tests/fuzz/mutate.py --seed 7 --only 1234     # one of them again, with all that came of it

Nine in ten are of a small package, the others of the bundled one. The process may take no more than 2 GiB of memory,
and no mutant more than 10 seconds. Exits with 1 if any was neither loaded as its files say nor refused by a
`DatasetError` that names the place.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import sys
import tempfile
import time
import traceback
from collections import Counter, defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import icatmapping as im
from support.corruption import check_outcome, kinds, mutant
from support.packages import bundled_files, small_files

MOST_MEMORY = 2 * 2**30


def main() -> int:
    options = _options()
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    numbers = range(options.count) if options.only is None else [options.only]
    outcomes: dict[str, Counter[str]] = defaultdict(Counter)
    slowest = (0.0, 0)
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        base = _base(Path(folder) / "base")
        for number in numbers:
            start = time.perf_counter()
            kind, outcome = _tried(number, options.seed, Path(folder) / "mutant", base, keep=options.only is not None)
            slowest = max(slowest, (time.perf_counter() - start, number))
            outcomes[kind][outcome] += 1
    _summarize(outcomes)
    total = sum(outcomes.values(), Counter[str]())
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{total.total()} mutants: {total['loaded']} loaded as they are, {total['refused']} refused, "
        f"{total['failed']} failures; {time.perf_counter() - began:.0f} s, the slowest {slowest[0]:.1f} s "
        f"(number {slowest[1]}, with its making), at most {memory:.0f} MiB"
    )
    return 1 if total["failed"] else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").strip().splitlines()[0])
    parser.add_argument("--count", type=int, default=10_000, help="how many")
    parser.add_argument("--seed", type=int, default=0, help="for other mutants than those of the seed 0")
    parser.add_argument("--only", type=int, metavar="NUMBER", help="only the one of this number, told in full")
    return parser.parse_args()


def _base(folder: Path) -> im.Dataset:
    """Load the small package, for others to be laid over."""
    folder.mkdir()
    for name, data in small_files().items():
        (folder / name).write_bytes(data)
    return im.load(folder)


def _tried(number: int, seed: int, folder: Path, base: im.Dataset, *, keep: bool) -> tuple[str, str]:
    """Make a mutant and judge it; give its kind and what came of it."""
    # One in each round of kinds, at another place every round, is of the bundled package.
    whole = number % 10 == number // len(kinds()) % 10
    made = mutant(number, folder, seed=seed, files=bundled_files() if whole else None)
    kind = made.kind.partition(": ")[0] if made.extends else made.kind
    try:
        outcome: str = check_outcome(made, base)
    except Exception as error:  # noqa: BLE001 - whatever comes out is what is looked for
        outcome = "failed"
        print(f"{seed}/{number} ({made.kind}): {type(error).__name__}: {str(error)[:1000]}", flush=True)
        if keep:
            traceback.print_exc()
    if keep:
        print(f"{made.kind}, {made.expected} is expected: {outcome}; {str(made.path)[:500]}")
    shutil.rmtree(folder, ignore_errors=True)
    return kind, outcome


def _summarize(outcomes: dict[str, Counter[str]]) -> None:
    print(f"{'damage':<36}{'loaded':>8}{'refused':>9}{'failed':>8}")
    for kind, counts in sorted(outcomes.items()):
        print(f"{kind:<36}{counts['loaded']:>8}{counts['refused']:>9}{counts['failed']:>8}")


if __name__ == "__main__":
    sys.exit(main())
