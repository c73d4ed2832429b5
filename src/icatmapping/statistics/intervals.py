"""
Intervals of shares, as if the records were a random sample of all: Wilson's for full counts, the bootstrap for
fractional ones.
"""

from __future__ import annotations

from collections import Counter
from math import fsum, sqrt
from random import Random
from statistics import NormalDist
from typing import TYPE_CHECKING

from icatmapping.statistics.counts import Combination, Count, plain_value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from icatmapping.model.schema import Value
    from icatmapping.query.tallies import Tally

__all__ = ["intervals", "wilson"]


SAMPLE = "if these records were a random sample of all"
_RESAMPLES = 1000


# Beyond this many records a bootstrap in plain Python takes minutes and shows nothing that its limit does not.
MAX_RESAMPLED = 5_000


def intervals(
    counted: Tally,
    counts: Mapping[Value, float],
    counting: Count,
    level: float | None,
    combinations: Callable[[], Mapping[Combination, int]],
) -> tuple[Mapping[Value, tuple[float, float]], str | None]:
    """
    Return the interval of the share of every value, and what the intervals are, in words.

    Args:
        counted: How many records have each value.
        counts: Their counts.
        counting: How these were counted.
        level: The confidence level, or None for no intervals.
        combinations: Gives how many records have each combination of values, which only resampling needs.
    """
    if level is None:
        return {}, None
    z = NormalDist().inv_cdf((1 + level) / 2)
    classified = counted.n - counted.unclassified
    if counting == "full":
        ends = {value: wilson(number, classified, z) for value, number in counts.items()}
        return ends, f"Wilson score interval at {level:.4g}, {SAMPLE}"
    if classified > MAX_RESAMPLED:
        limits = _normal_limits(counted, counts, z)
        return limits, f"normal limit of the bootstrap over records at {level:.4g}, {SAMPLE}"
    return _resampled(combinations(), classified, level), f"bootstrap over records at {level:.4g}, {SAMPLE}"


def wilson(successes: float, trials: int, z: float) -> tuple[float, float]:
    """Return Wilson's interval of a share, for a quantile z of the normal distribution."""
    p = successes / trials
    middle = p + z * z / (2 * trials)
    reach = z * sqrt(p * (1 - p) / trials + z * z / (4 * trials * trials))
    whole = 1 + z * z / trials
    return max(0.0, (middle - reach) / whole), 1.0 if successes == trials else min(1.0, (middle + reach) / whole)


def _resampled(
    combinations: Mapping[Combination, int], classified: int, level: float
) -> dict[Value, tuple[float, float]]:
    """Return percentiles of the shares over resamples. Combinations are sorted: the order of records is no matter."""
    kept = sorted((tuple(map(plain_value, one)), number) for one, number in combinations.items() if one)
    tuples, weights = [one for one, _ in kept], [number for _, number in kept]
    drawn: dict[Value, list[float]] = {value: [] for one in tuples for value in one}
    random = Random(0)  # noqa: S311 - nothing secret is drawn
    places = range(len(tuples))
    for _ in range(_RESAMPLES if tuples else 0):
        sums = dict.fromkeys(drawn, 0.0)
        for place, number in sorted(Counter(random.choices(places, weights, k=classified)).items()):
            one = tuples[place]
            part = number / len(one)
            for value in one:
                sums[value] += part
        for value, total in sums.items():
            drawn[value].append(total / classified)
    # Rounded first: at 0.9, floating point has 49.999… of a thousand below.
    cut = int(round(_RESAMPLES * (1 - level) / 2, 6))
    return {
        value: (min((found := sorted(shares))[cut], 1.0), min(found[-1 - cut], 1.0)) for value, shares in drawn.items()
    }


def _normal_limits(counted: Tally, counts: Mapping[Value, float], z: float) -> dict[Value, tuple[float, float]]:
    classified = counted.n - counted.unclassified
    ends: dict[Value, tuple[float, float]] = {}
    for value, sizes in counted.sizes.items():
        share = counts[value] / classified
        squares = fsum(number / size**2 for size, number in sizes.items())
        reach = z * sqrt(max(0.0, squares / classified - share * share) / classified)
        ends[value] = (max(0.0, share - reach), min(1.0, share + reach))
    return ends
