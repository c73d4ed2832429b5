"""
What it means to meet a condition, defined once for whatever holds records: positions in memory, or an engine.

A holder says which records have a value and which are active in a span; here is what follows from that for areas, for
reach, and for several conditions at once. Knows nothing of sets and expressions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from icatmapping.model.schema import LOCATED
from icatmapping.query.dimensions import dimensions_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from icatmapping.model.schema import Value
    from icatmapping.query.areas import Area
    from icatmapping.query.directory import Directory

__all__ = ["NAMED_AREA", "Holder", "in_area", "reaching"]

C = TypeVar("C")

NAMED_AREA = "named area"
"""The index of the areas that records name, beside those of the dimensions."""


class Holder(Protocol[C]):
    """What holds the records of a collection, and says of which of them something is true."""

    @property
    def collection(self) -> str:
        """The name of the collection."""
        raise NotImplementedError

    @property
    def directory(self) -> Directory:
        """Who is who."""
        raise NotImplementedError

    def holds(self, name: str, value: Value | None) -> C:
        """Return the records that have a value of a dimension, or name an area; under None, those with none."""
        raise NotImplementedError

    def active(self, since: int | None, until: int | None, dates: str) -> C:
        """Return the records that are known to be, or may be, active in some year of a span."""
        raise NotImplementedError

    def area(self, area: Area) -> C:
        """Return `in_area`, which may be kept."""
        raise NotImplementedError

    def inside(self, area: Area) -> C:
        """Return the records that name a country of an area."""
        raise NotImplementedError

    def is_nothing(self, part: C) -> bool:
        """Return whether a part is known to be no records."""
        raise NotImplementedError

    def any_of(self, parts: Iterable[C]) -> C:
        """Return the records of any of the parts; of none, no records."""
        raise NotImplementedError

    def all_of(self, parts: Iterable[C]) -> C:
        """Return the records of all the parts, of which there must be one."""
        raise NotImplementedError

    def without(self, one: C, other: C) -> C:
        """Return the records of the one part that are not of the other."""
        raise NotImplementedError


def in_area(holder: Holder[C], area: Area) -> C:
    """Return the records that name a country of an area, it itself, or an area wholly in it."""
    parts: list[C] = []
    if "country" in dimensions_of(holder.collection):
        parts.append(holder.inside(area))
    if holder.collection in (*LOCATED, "entities") and area.kind != "country":
        named = {area.value} | holder.directory.areas.within(area.countries)
        parts += [holder.holds(NAMED_AREA, value) for value in sorted(named)]
    return holder.any_of(parts)


def reaching(holder: Holder[C], area: Area, reach: str) -> C:
    """
    Return the records that reach an area.

    With ``"regional"`` those as well that name an area which holds a country of it, and no country of that area;
    with ``"global"`` those as well that are global and name no place.
    """
    parts = [holder.area(area)]
    if reach == "named":
        return parts[0]
    areas = holder.directory.areas
    for held in dict.fromkeys(held for alpha3 in sorted(area.countries) for held in areas.holding(alpha3)):
        naming = holder.holds(NAMED_AREA, held.value)
        if holder.is_nothing(naming):
            continue
        parts.append(holder.without(naming, holder.inside(held)))
    if reach == "global":
        placeless = [holder.holds(NAMED_AREA, None), holder.holds("country", None)]
        is_scoped = "scope" in dimensions_of(holder.collection)
        parts.append(holder.all_of([*placeless, *([holder.holds("scope", "global")] if is_scoped else [])]))
    return holder.any_of(parts)
