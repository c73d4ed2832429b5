"""
What the two ends of a step share: which events there are to see, in which order, and what they are about.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterable, Sequence

    from icatmapping.network.affiliations import Event

__all__ = ["Shared", "by_age", "evidence_rank", "most_frequent", "shared_of"]


@frozen
class Shared:
    """
    What two organizations share.

    Attributes:
        number: How many events they share.
        events: The first of them that there are to see, in the order of evidence.
        countries: The countries that all of them name, most often named first.
        themes: The themes of all of them, most frequent first.
    """

    number: int
    events: tuple[Event, ...]
    countries: tuple[str, ...]
    themes: tuple[str, ...]


def evidence_rank(event: Event, others: frozenset[str], on_topic: Container[str]) -> tuple[bool, bool, int, int, str]:
    """
    Return what evidence is put in order by.

    On topic first, then those in which no other organization of the path takes part, then the newest, then those that
    name the fewest countries.
    """
    newest = 0 if event.last_active is None else -event.last_active
    return (event.node not in on_topic, not others.isdisjoint(event.roles), newest, len(event.countries), event.node)


def by_age(event: Event) -> tuple[bool, int, str]:
    """Return what puts events in order from the newest to those that are undated."""
    return (event.last_active is None, -(event.last_active or 0), event.node)


def shared_of(
    events: Iterable[Event], path: Collection[str], a: str, b: str, on_topic: Container[str], most: int | None
) -> Shared:
    """Return what the two ends of a step of a path share, of the events that they share, with their records."""
    others = frozenset(path) - {a, b}
    shared: Sequence[Event] = sorted(events, key=lambda event: evidence_rank(event, others, on_topic))
    records = [record for event in shared for record in event.records]
    return Shared(
        len(shared),
        tuple(shared[:most]),
        most_frequent(country for record in records for country in record.countries),
        most_frequent(str(theme) for record in records for theme in record.themes),
    )


def most_frequent(values: Iterable[str] | Counter[str]) -> tuple[str, ...]:
    """Return values by how often they come, most frequent first, ties by value."""
    counts = values if isinstance(values, Counter) else Counter(values)
    return tuple(sorted(counts, key=lambda value: (-counts[value], value)))
