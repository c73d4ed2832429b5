"""
The rules between records: references, former ids, what is part of what.
"""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from icatmapping.datapackage.reading import to_printable
from icatmapping.datapackage.validation import MAX_TEXT, record_label
from icatmapping.errors import Fault
from icatmapping.model.fields import Format
from icatmapping.model.geography import by_alpha3
from icatmapping.model.schema import COLLECTIONS, LOCATED, QUERIED, RECORD_FILES
from icatmapping.model.vocabulary import terms

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

__all__ = ["CheckedRecords", "reference_faults"]


MAX_PARENTS = 100
"""How many others a body may be a part of, one within the other; each is looked up by all that it is a part of."""


FindNearest: TypeAlias = "Callable[[str, Collection[str]], str | None]"


class CheckedRecords(NamedTuple):
    """
    What references need to know of records that are there and sound, beside those to be checked.

    Attributes:
        ids: The ids of the records of each collection.
        former_ids: Where each former id stands, as collection, record and place, and the id.
        parents: For each organization that is part of another, the id of that.
    """

    ids: Mapping[str, AbstractSet[str]] = MappingProxyType({})
    former_ids: Sequence[tuple[str, str, str, str]] = ()
    parents: Mapping[str, str] = MappingProxyType({})


NOTHING = CheckedRecords()


def reference_faults(raw: Mapping[str, Any], nearest: FindNearest, base: CheckedRecords = NOTHING) -> Iterator[Fault]:
    """
    Check that records refer to records that are there; on the raw files, so that other faults hide none.

    Args:
        raw: The parsed files by name.
        nearest: Gives the valid value nearest to a wrong one.
        base: Records that they are laid over, and do not replace.
    """
    items = {
        name: [item for item in _listed(raw.get(f"{name}.json")) if isinstance(item, dict)] for name in RECORD_FILES
    }
    ids: dict[str, AbstractSet[str]] = {}
    for name in QUERIED:
        own = {item["id"] for item in items[name] if isinstance(item.get("id"), str)}
        ids[name] = own | base.ids[name] if name in base.ids else own
    # Where a file or an id could not be read, nobody can say whether a reference to it dangles.
    whole = {name for name in QUERIED if _has_every_id(raw.get(f"{name}.json"))}
    for shared in sorted(ids["entities"] & ids["organizations"]):
        yield Fault("organizations.json", to_printable(shared), "id", "is also the id of an entity")
    yield from _former_id_faults(items, ids, base)
    valid: dict[tuple[str, ...], list[str]] = {}
    for name, found in items.items():
        for field, (homes, key) in COLLECTIONS[name].foreign_keys.items():
            if key == "id" and whole.issuperset(homes):
                for place, label, target in _dangling(name, field, found, [ids[home] for home in homes]):
                    if homes not in valid:
                        valid[homes] = sorted(set[str]().union(*(ids[home] for home in homes)))
                    message = f"{target[:100]!r} is not the id of any record"
                    yield Fault(f"{name}.json", label, place, message, nearest(target, valid[homes]))
    if _has_every_id(raw.get("groupings.json")):
        groupings = {item["id"] for item in items["groupings"]}
        yield from _area_faults(items, sorted({*_areas(), *groupings, *base.ids.get("groupings", ())}), nearest)
    if items["organizations"]:
        yield from _part_of_faults(items["organizations"], base.parents)


@cache
def _areas() -> frozenset[str]:
    """Return the regions and the M49 sub-regions."""
    subregions = (one.subregion for one in by_alpha3().values() if one.subregion is not None)
    return frozenset({*terms("region"), *subregions})


def _area_faults(
    items: Mapping[str, list[dict[str, Any]]], known: Sequence[str], nearest: FindNearest
) -> Iterator[Fault]:
    valid = frozenset(known)
    for name in LOCATED:
        for number, item in enumerate(items[name]):
            for position, area in enumerate(_listed(item.get("regions"))):
                if isinstance(area, str) and area not in valid and len(area) <= MAX_TEXT and Format.AREA.fits(area):
                    message = f"{area[:100]!r} is not an area: a region, an M49 sub-region or the id of a grouping"
                    label = record_label(item, "id", number)
                    yield Fault(f"{name}.json", label, f"regions[{position}]", message, nearest(area, known))


def _dangling(
    name: str, field: str, items: Sequence[dict[str, Any]], known: Sequence[AbstractSet[str]]
) -> Iterator[tuple[str, str, str]]:
    """Return the references of a field to records that are not there: the place, the record, the id."""
    for number, item in enumerate(items):
        for place, target in _references(item.get(field), field):
            if not any(target in home for home in known):
                yield place, record_label(item, COLLECTIONS[name].key[0], number), target


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


def _former_id_faults(
    items: Mapping[str, list[dict[str, Any]]], ids: Mapping[str, AbstractSet[str]], base: CheckedRecords
) -> Iterator[Fault]:
    for group in (("entities", "organizations"), ("initiatives",), ("partnerships",), ("resources",)):
        found = [
            (name, record_label(item, "id", number), place, former)
            for name in group
            for number, item in enumerate(items[name])
            for place, former in _references(item.get("former_ids"), "former_ids")
        ]
        found += [entry for entry in base.former_ids if entry[0] in group]
        holders: dict[str, str] = {}
        for name, label, place, former in found:
            holder = former if any(former in ids[one] for one in group) else holders.get(former)
            if holder is not None:
                message = f"{former[:100]!r} is also an id or former id of {holder!r}"
                yield Fault(f"{name}.json", label, place, message)
            holders[former] = label


def _part_of_faults(organizations: Sequence[dict[str, Any]], others: Mapping[str, str]) -> Iterator[Fault]:
    parents = {
        item["id"]: item["part_of"]
        for item in organizations
        if isinstance(item.get("id"), str) and isinstance(item.get("part_of"), str)
    }
    parents |= others
    for start, parent in parents.items():
        seen, place = {start}, parent
        while place in parents and place not in seen and len(seen) < MAX_PARENTS:
            seen.add(place)
            place = parents[place]
        if place == start:
            message = "must not be, through others, a part of itself"
            yield Fault("organizations.json", to_printable(start), "part_of", message)
        elif place in parents and place not in seen:
            message = f"must not be, through others, a part of more than {MAX_PARENTS} others"
            yield Fault("organizations.json", to_printable(start), "part_of", message)
