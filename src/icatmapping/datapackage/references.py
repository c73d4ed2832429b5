"""
The rules between records: references, former ids, what is part of what.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from icatmapping.datapackage.reading import to_printable
from icatmapping.datapackage.validation import MAX_TEXT, record_label
from icatmapping.errors import Fault
from icatmapping.model.fields import Format
from icatmapping.model.schema import COLLECTIONS, QUERIED, RECORD_FILES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

__all__ = ["reference_faults"]


MAX_PARENTS = 100
"""How many others a body may be a part of, one within the other; each is looked up by all that it is a part of."""


FindNearest: TypeAlias = "Callable[[str, Iterable[str]], str | None]"


def reference_faults(raw: Mapping[str, Any], near: FindNearest) -> Iterator[Fault]:
    """
    Check that records refer to records that are there; on the raw files, so that other faults hide none.

    Args:
        raw: The parsed files by name.
        near: Gives the valid value nearest to a wrong one.
    """
    items = {
        name: [item for item in _listed(raw.get(f"{name}.json")) if isinstance(item, dict)] for name in RECORD_FILES
    }
    ids = {name: {item["id"] for item in items[name] if isinstance(item.get("id"), str)} for name in QUERIED}
    # Where a file or an id could not be read, nobody can say whether a reference to it dangles.
    whole = {name for name in QUERIED if _has_every_id(raw.get(f"{name}.json"))}
    for shared in sorted(ids["entities"] & ids["organizations"]):
        yield Fault("organizations.json", to_printable(shared), "id", "is the id of an entity as well")
    yield from _former_id_faults(items, ids)
    for name, found in items.items():
        for field, (homes, key) in COLLECTIONS[name].foreign_keys.items():
            if key == "id" and whole.issuperset(homes):
                known = sorted(set[str]().union(*(ids[home] for home in homes)))
                yield from check_references(name, field, found, dict.fromkeys(known), near)
    yield from _part_of_faults(items["organizations"])


def check_references(
    name: str, field: str, items: Sequence[dict[str, Any]], known: Mapping[str, None], near: FindNearest
) -> Iterator[Fault]:
    for number, item in enumerate(items):
        for place, target in _references(item.get(field), field):
            if target not in known:
                key = record_label(item, COLLECTIONS[name].key[0], number)
                message = f"{target[:100]!r} is no id of a record"
                yield Fault(f"{name}.json", key, place, message, near(target, known))


def _has_every_id(raw: Any) -> bool:
    return isinstance(raw, list) and all(isinstance(item, dict) and isinstance(item.get("id"), str) for item in raw)


def _listed(raw: Any) -> list[Any]:
    return raw if isinstance(raw, list) else []


def _references(value: Any, field: str) -> Iterator[tuple[str, str]]:
    """Return the ids in a field, and where each stands; what is no id is a fault of another kind."""
    listed = isinstance(value, list)
    for number, item in enumerate(value if listed else (value,)):
        if isinstance(item, str) and len(item) <= MAX_TEXT and Format.ID.fits(item):
            yield f"{field}[{number}]" if listed else field, item


def _former_id_faults(items: Mapping[str, list[dict[str, Any]]], ids: Mapping[str, set[str]]) -> Iterator[Fault]:
    for group in (("entities", "organizations"), ("initiatives",), ("partnerships",), ("resources",)):
        holders = {one: one for name in group for one in ids[name]}
        for name in group:
            for number, item in enumerate(items[name]):
                for place, former in _references(item.get("former_ids"), "former_ids"):
                    key = record_label(item, "id", number)
                    if former in holders:
                        message = f"{former[:100]!r} is also an id or former id of {holders[former]!r}"
                        yield Fault(f"{name}.json", key, place, message)
                    holders[former] = key


def _part_of_faults(organizations: Sequence[dict[str, Any]]) -> Iterator[Fault]:
    parents = {
        item["id"]: item["part_of"]
        for item in organizations
        if isinstance(item.get("id"), str) and isinstance(item.get("part_of"), str)
    }
    for start, parent in parents.items():
        seen, place = {start}, parent
        while place in parents and place not in seen and len(seen) < MAX_PARENTS:
            seen.add(place)
            place = parents[place]
        if place == start:
            yield Fault("organizations.json", to_printable(start), "part_of", "is, through others, a part of itself")
        elif place in parents and place not in seen:
            message = f"is, through others, a part of more than {MAX_PARENTS} others"
            yield Fault("organizations.json", to_printable(start), "part_of", message)
