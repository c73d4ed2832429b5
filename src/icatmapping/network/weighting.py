"""
How much an event counts for a tie: by how many take part, how much of it is where it was asked for, how old it is.

Newman's weight is 1/(participants − 1). Relevance multiplies it by `share` and `decay`.
"""

from __future__ import annotations

from functools import cache, partial
from numbers import Real
from typing import TYPE_CHECKING, Literal, TypeAlias

from icatmapping.model import geography

if TYPE_CHECKING:
    from collections.abc import Callable

    from icatmapping.dataset import Dataset
    from icatmapping.network.affiliations import Event

__all__ = [
    "DEFAULT_HALF_LIFE",
    "UNDATED_AGE",
    "Weighting",
    "age_of",
    "counts_all",
    "decay",
    "event_part",
    "share",
    "target_countries",
]

Weighting: TypeAlias = Literal["newman", "relevance"]
"""How events are weighed."""
DEFAULT_HALF_LIFE = 5.0
"""After how many years an event counts half as much."""
MIN_HALF_LIFE = 0.5
UNDATED_AGE = 20
"""How old, in years, an undated event is taken to be."""


def target_countries(ds: Dataset, event: Event) -> frozenset[str]:
    """
    Return the countries that an event is for: those that it names, and those of every area that it names no country of.

    An area of which it names one country counts as well, unless its scope is national ("regional centre, in Bahrain").
    An event that names no place is for all countries.
    """
    areas = dict.fromkeys(str(area) for record in event.records for area in record.regions)
    is_national = all(getattr(record, "scope", None) == "national" for record in event.records)
    return ds.directory.areas.targets(event.countries, areas, is_national) or frozenset(geography.by_alpha3())


def share(ds: Dataset, event: Event, countries: frozenset[str] | None) -> float:
    """
    Return which part of an event is in some countries: a fraction of 1, and 1 where no country was asked for.

    A programme in 22 countries is a twenty-second part of it in each of them: fractional counting.
    """
    if countries is None:
        return 1.0
    targets = target_countries(ds, event)
    return len(countries & targets) / len(targets)


def age_of(ds: Dataset, last_active: int | None) -> int:
    """Return how many years before the dataset's present something was last active; 20 if it is undated."""
    return UNDATED_AGE if last_active is None else max(0, int(ds.as_of[:4]) - last_active)


def decay(ds: Dataset, last_active: int | None, half_life: float | None) -> float:
    """Return how much something counts by its age: 1 when new, a half after ``half_life`` years; 1 without one."""
    return 1.0 if half_life is None else 0.5 ** (age_of(ds, last_active) / half_life)


def event_part(
    ds: Dataset, weighting: Weighting, half_life: float | None, countries: frozenset[str] | None
) -> Callable[[Event], float]:
    """Return what gives the part that an event adds to the weight of a tie between two of its participants."""
    known: dict[tuple[object, ...], float] = {}
    decay_of = cache(partial(decay, ds, half_life=half_life))

    def share_of(event: Event) -> float:
        """Return `share`, worked out once for all events that name the same places."""
        if countries is None:
            return 1.0
        where = (event.countries, *[(record.regions, getattr(record, "scope", None)) for record in event.records])
        found = known.get(where)
        if found is None:
            found = known[where] = share(ds, event, countries)
        return found

    def newman(event: Event) -> float:
        return 1 / (len(event.roles) - 1)

    def relevance(event: Event) -> float:
        return share_of(event) * decay_of(event.last_active) / (len(event.roles) - 1)

    return newman if weighting == "newman" else relevance


def counts_all(weighting: Weighting, countries: frozenset[str] | None) -> bool:
    """Return whether every event in which two take part adds to the weight of their tie, wherever it is."""
    return weighting == "newman" or countries is None


def check_half_life(half_life: float | None) -> None:
    """Check that a half-life is None or a number of years of at least a half."""
    is_number = isinstance(half_life, Real) and not isinstance(half_life, bool)
    if half_life is not None and not (is_number and half_life >= MIN_HALF_LIFE):
        message = f"half_life must be a number of years of at least {MIN_HALF_LIFE}, or None, not {half_life!r}"
        raise ValueError(message)
