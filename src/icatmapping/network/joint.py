"""
The events in which two organizations both take part, found by the indexes that queries use, without a network.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from icatmapping.datapackage.bundled import column
from icatmapping.network.affiliations import events_at
from icatmapping.query.bitsets import bitset, packed, positions_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from icatmapping.dataset import Dataset
    from icatmapping.network.affiliations import Event, EventCollection, Organs
    from icatmapping.query.store import Store

__all__ = ["joint_events"]

# Records never change; what is kept goes when the collection goes.
_TAKING_PART: WeakKeyDictionary[Store[Any], dict[tuple[frozenset[str], bool], int]] = WeakKeyDictionary()
_MOST_KEPT = 100
"""Of how many bodies it is kept in which records of a collection they take part."""


def joint_events(
    ds: Dataset, one: str, other: str, *, of: Sequence[EventCollection], donors: bool, organs: Organs
) -> list[Event]:
    """
    Return the events of all records in which two organizations both take part.

    Args:
        ds: The dataset.
        one: The id of the one.
        other: The id of the other.
        of: The collections whose records tie organizations.
        donors: Whether donors take part in an initiative.
        organs: Whether organs of an entity sit as the entity.
    """
    fold = organs == "fold"
    bodies = {who: frozenset(ds.directory.sitting_as(who) if fold else (who,)) for who in (one, other)}
    stores: dict[EventCollection, Store[Any]] = {name: ds.collection(name).store for name in of}
    mine, theirs = (
        {name: _taking_part(store, bodies[who], donors=donors) for name, store in stores.items()}
        for who in (one, other)
    )
    twins: dict[int, list[int]] = {}
    if "initiatives" in stores and "partnerships" in stores:
        twins = _twins(stores["initiatives"], stores["partnerships"])
        second = [twin for halves in twins.values() for twin in halves]
        for sets in (mine, theirs):
            taking_part = frozenset(positions_of(sets["partnerships"]))
            whole = [place for place, halves in twins.items() if not taking_part.isdisjoint(halves)]
            sets["initiatives"] |= bitset(whole, len(stores["initiatives"].records))
            sets["partnerships"] &= ~bitset(second, len(stores["partnerships"].records))
    found: list[Event] = []
    for name, store in stores.items():
        places = positions_of(mine[name] & theirs[name])
        for place, event in zip(places, events_at(store, places, name, donors=donors, fold=fold), strict=True):
            halves = twins.get(place, []) if name == "initiatives" else []
            merged = event
            for twin in (
                events_at(stores["partnerships"], halves, "partnerships", donors=donors, fold=fold) if halves else []
            ):
                merged = merged.with_twin(twin)
            found.append(merged)
    return found


def _taking_part(store: Store[Any], bodies: frozenset[str], *, donors: bool) -> int:
    """Return the set of the records in which any of some bodies takes part."""
    known = _TAKING_PART.setdefault(store, {})
    key = (bodies, donors)
    if key not in known:
        if len(known) >= _MOST_KEPT:
            known.clear()
        roles = [column(store.records, role) for role in store.kind.roles if donors or role != "donors"]
        takes_no_part = store.all_of([packed(bytes(map(bodies.isdisjoint, role))) for role in roles])
        known[key] = store.without((1 << len(store.records)) - 1, takes_no_part)
    return known[key]


def _twins(initiatives: Store[Any], partnerships: Store[Any]) -> dict[int, list[int]]:
    """Return the positions of the partnerships that are the same undertaking as an initiative, by its position."""
    found: dict[int, list[int]] = {}
    for place, named in enumerate(column(partnerships.records, "initiative")):
        twin = None if named is None else initiatives.position_of.get(named)
        if twin is not None:
            found.setdefault(twin, []).append(place)
    return found
