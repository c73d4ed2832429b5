"""
What records can be asked for by, as types that a type checker reads, and the choices of options.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypedDict

from icatmapping.errors import UnknownNameError
from icatmapping.utils.text import nearest

if TYPE_CHECKING:
    from icatmapping.model import geography
    from icatmapping.model.records import Entity, Organization

__all__ = [
    "OPTIONS",
    "TIME",
    "Bodies",
    "ContextCriteria",
    "Countries",
    "Dates",
    "EntityCriteria",
    "InitiativeCriteria",
    "OrganizationCriteria",
    "PartnershipCriteria",
    "Reach",
    "ResourceCriteria",
    "SharedCriteria",
    "Terms",
    "Years",
    "check_option",
]


Reach: TypeAlias = Literal["named", "regional", "global"]
"""How far ``country`` reaches: records that name it, regional ones that include it, global ones."""


Dates: TypeAlias = Literal["known", "possible"]
"""Whether years mean those in which a record is known to be active, or those that its dates do not rule out."""


Terms: TypeAlias = str | Iterable[str]
"""One term or several, by value, label or alias."""


Countries: TypeAlias = "str | int | geography.Country | Iterable[str | int | geography.Country]"
"""One country or area or several, by name, alias, alpha-2, alpha-3 or M49 number."""


Bodies: TypeAlias = "str | Entity | Organization | Iterable[str | Entity | Organization]"
"""One entity or organization or several, by id, acronym, name or alias."""


Years: TypeAlias = int | str | Iterable[int | str]
"""One year or several, or spans of them as text: ``"2015-2019"``, ``"2020-"``, ``"-2010"``."""


Year: TypeAlias = int | str
"""A single year."""


class EntityCriteria(TypedDict, total=False):
    """What entities can be asked for by."""

    region: Terms
    scope: Terms
    theme: Terms
    form: Terms
    response: Terms
    target_group: Terms
    priority_area: Terms
    kind: Terms
    evidence: Terms


class OrganizationCriteria(TypedDict, total=False):
    """What organizations can be asked for by."""

    country: Countries
    subregion: Terms
    region: Terms
    kind: Terms
    evidence: Terms


class _LocatedCriteria(TypedDict, total=False):
    country: Countries
    subregion: Terms
    region: Terms
    theme: Terms
    form: Terms
    target_group: Terms
    priority_area: Terms
    organization: Bodies
    sector: Terms
    grouping: Terms
    year: Years
    since: Year
    until: Year
    dates: Dates
    reach: Reach


class ContextCriteria(_LocatedCriteria, total=False):
    """What a context of work is made of: places, subjects, time; not one entity."""

    scope: Terms
    response: Terms


class SharedCriteria(ContextCriteria, total=False):
    """What initiatives and partnerships can both be asked for by, and so networks of them."""

    entity: Bodies


class InitiativeCriteria(SharedCriteria, total=False):
    """What initiatives can be asked for by."""

    lead: Bodies
    partner: Bodies
    donor: Bodies
    donor_country: Countries
    kind: Terms
    status: Terms
    evidence: Terms


class PartnershipCriteria(SharedCriteria, total=False):
    """What partnerships can be asked for by."""

    member: Bodies
    kind: Terms
    evidence: Terms


class ResourceCriteria(_LocatedCriteria, total=False):
    """What resources can be asked for by."""

    entity: Bodies
    publisher: Bodies
    kind: Terms
    language: Terms
    evidence: Terms


_REACHES: tuple[Reach, ...] = ("named", "regional", "global")


_DATES: tuple[Dates, ...] = ("known", "possible")


OPTIONS: Mapping[str, tuple[str, ...]] = {"reach": _REACHES, "dates": _DATES}
"""What says how another criterion is meant, with its values, the default first."""


TIME: tuple[str, ...] = ("year", "since", "until")
"""The criteria of time."""


def check_option(name: str, value: Any, values: Sequence[str]) -> str:
    """Check that an option has one of its values, and return it."""
    if value not in values:
        raise UnknownNameError(value, name, nearest(value, values) if isinstance(value, str) else (), valid=values)
    return str(value)
