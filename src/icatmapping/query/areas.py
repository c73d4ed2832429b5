"""
Areas: countries, M49 sub-regions, regions and groupings, found by any of their names, and what lies in what.

Knows nothing of records but the groupings.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from icatmapping.errors import AmbiguousNameError, UnknownNameError
from icatmapping.model import geography
from icatmapping.model.vocabulary import find_term, terms
from icatmapping.utils.laziness import cached_property
from icatmapping.utils.text import fold, nearest, unify_spelling

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from icatmapping.model.records import Country


__all__ = ["Area", "AreaKind", "Areas", "GroupingFacts"]

AreaKind: TypeAlias = Literal["country", "region", "subregion", "grouping"]
"""What an area is."""

_MOST_TOLD = 20
"""How many countries of an area a message names."""
_BEGINNING = 4
"""How many letters a beginning must have that stands for a name."""


class Area(NamedTuple):
    """
    A country, an M49 sub-region, a region or a grouping.

    Attributes:
        kind: Which of them it is.
        value: Its code, name, value or id: what records say of it.
        label: Its name as people write it.
        countries: The countries that it consists of (alpha-3).
    """

    kind: AreaKind
    value: str
    label: str
    countries: frozenset[str]


class GroupingFacts(NamedTuple):
    """What there is to know of a grouping here: fields of its record, which need not be made for that."""

    id: str
    name: str
    kind: str
    aliases: tuple[str, ...]
    members: tuple[str, ...]


class Areas:
    """The areas that a dataset knows: those of the library and its groupings."""

    def __init__(self, groupings: Iterable[GroupingFacts]) -> None:
        self.groupings: Mapping[str, GroupingFacts] = MappingProxyType(
            {grouping.id: grouping for grouping in groupings}
        )

    @cached_property
    def named(self) -> Mapping[str, Area]:
        """The areas that records can name beside countries, by value."""
        found = {
            value: Area("region", value, record.label, _members("region", value))
            for value, record in terms("region").items()
        }
        for value in terms("subregion"):
            found[value] = Area("subregion", value, value, _members("subregion", value))
        for grouping in self.groupings.values():
            area = Area("grouping", grouping.id, grouping.name, frozenset(grouping.members))
            found.setdefault(grouping.id, area)
        return MappingProxyType(found)

    @cached_property
    def _grouping_names(self) -> dict[str, str]:
        names: dict[str, str] = {}
        for grouping in self.groupings.values():
            for name in (grouping.id, grouping.name, *grouping.aliases):
                names.setdefault(_key(name), grouping.id)
        return names

    def grouping(self, value: object) -> str:
        """Find the id of a grouping by id, name, alias, or a beginning that only one has."""
        found = self._find_grouping(value)
        if found is None and isinstance(value, str):
            begun = {area.value for area in self._begun(value).values() if area.kind == "grouping"}
            found = begun.pop() if len(begun) == 1 else None
        if found is None:
            valid = [grouping.name for grouping in self.groupings.values()]
            raise UnknownNameError(value, "grouping", nearest(str(value)[:200], valid), valid=sorted(valid))
        return found

    def _find_grouping(self, value: object) -> str | None:
        if not isinstance(value, str):
            return None
        if value in self.groupings:
            return value
        return self._grouping_names.get(_key(value[:200]))

    def find(self, value: object, first: AreaKind = "country") -> Area:
        """
        Find an area by any of its names.

        Args:
            value: A code, a number, a name, an alias, a country, or an area, which is returned as it is.
            first: The kind of area that is meant where a name is that of several kinds.

        Raises:
            UnknownNameError: If there is no such area, with the nearest names.
            AmbiguousNameError: If it is the name of several countries.
        """
        if isinstance(value, Area):
            return value
        ways: dict[AreaKind, Callable[[object], Area | None]] = {
            "country": self._find_country,
            "region": lambda given: self._term("region", given),
            "subregion": lambda given: self._term("subregion", given),
            "grouping": lambda given: self._named(self._find_grouping(given)),
        }
        ambiguous: AmbiguousNameError | None = None
        # A country that shares its name with an area ("Micronesia") is meant where a country is asked for, else last.
        others: list[AreaKind] = ["region", "subregion", "grouping", "country"]
        order: Iterable[AreaKind] = dict.fromkeys([first, *others])
        for kind in order:
            try:
                found = ways[kind](value)
            except AmbiguousNameError as error:
                ambiguous = error
                continue
            if found is not None:
                return found
        if ambiguous is not None:
            raise ambiguous
        begun = self._begun(value)
        if len(begun) == 1:
            return next(iter(begun.values()))
        if first == "country":
            raise UnknownNameError(value, "country or area", lambda: self._near(value))
        raise UnknownNameError(value, "region", lambda: self._near(value), valid=terms("region"))

    def country(self, value: str | int | Country) -> Country:
        """
        Find a country as `geography.country` does; of an area, the error says which countries it consists of.

        Raises:
            UnknownNameError: If no country is called so.
            AmbiguousNameError: If it is the name of several countries.
            TypeError: If it is neither text nor a whole number nor a country.
        """
        try:
            return geography.country(value)
        except AmbiguousNameError:
            raise
        except UnknownNameError as error:
            area = None if error.reason else self._named_exactly(value)
            if area is None or not area.countries:
                raise
            names = sorted(map(geography.name_of, area.countries))
            told = f"{', '.join(names[:_MOST_TOLD])}{', …' if len(names) > _MOST_TOLD else ''}"
            reason = f"{area.label!r} is an area of {len(names)} countries: {told}; name one of them"
            raise UnknownNameError(value, "country", names, reason=reason) from None

    def _named_exactly(self, value: object) -> Area | None:
        """Return the region, sub-region or grouping that has a name."""
        found = self._term("region", value) or self._term("subregion", value)
        return found or self._named(self._find_grouping(value))

    def _find_country(self, value: object) -> Area | None:
        try:
            alpha3 = geography.code_of(value)  # type: ignore[arg-type]
        except AmbiguousNameError:
            raise
        except (UnknownNameError, TypeError):
            return None
        return Area("country", alpha3, geography.name_of(alpha3), frozenset((alpha3,)))

    def _term(self, vocabulary: AreaKind, value: object) -> Area | None:
        return self._named(find_term(vocabulary, value, beginnings=False)) if isinstance(value, str) else None

    def _named(self, value: str | None) -> Area | None:
        return None if value is None else self.named.get(value)

    def _begun(self, value: object) -> dict[str, Area]:
        """Return the countries and areas whose name begins as a text does, if that is long enough to tell."""
        folded = fold(value[:200]) if isinstance(value, str) else ""
        if len(folded) < _BEGINNING:
            return {}
        found = {area.value: area for area in self.named.values() if fold(area.label).startswith(folded)}
        key = _key(folded)
        found |= {value: self.named[value] for name, value in self._grouping_names.items() if name.startswith(key)}
        for alpha3, name in geography.names():
            if fold(name).startswith(folded):
                found[alpha3] = Area("country", alpha3, geography.name_of(alpha3), frozenset((alpha3,)))
        return found

    def _near(self, value: object) -> list[str]:
        if not isinstance(value, str):
            return []
        # A region is named by its value, as other terms are; a sub-region has no other name.
        areas = (area.value if area.kind == "region" else area.label for area in self.named.values())
        names = [*(name for _, name in geography.names()), *areas]
        names += [alias for grouping in self.groupings.values() for alias in grouping.aliases]
        return nearest(value, dict.fromkeys(names))

    @cached_property
    def region_of(self) -> Mapping[str, str | None]:
        """For every area that records can name, the region in which all its countries lie, or None."""
        found: dict[str, str | None] = {}
        for value, area in self.named.items():
            regions = {geography.region_of(alpha3) for alpha3 in area.countries}
            found[value] = regions.pop() if len(regions) == 1 else None
            if area.kind == "region":
                found[value] = value
        return MappingProxyType(found)

    def targets(self, countries: Iterable[str], areas: Iterable[str], is_national: bool) -> frozenset[str]:  # noqa: FBT001 - one of three facts
        """
        Return the countries that something is for: those that it names, and those of every area of which it names none.

        An area of which it names one country counts as well, unless it is national ("regional centre, in Bahrain").
        Nothing stands for all countries: it names no place.
        """
        named = frozenset(countries)
        found = set(named)
        for value in areas:
            area = self.named.get(value)
            if area is not None:
                within = len(area.countries & named)
                if within == 0 or (within == 1 and not is_national):
                    found |= area.countries
        return frozenset(found)

    def within(self, countries: frozenset[str]) -> frozenset[str]:
        """Return the areas that records can name and that lie wholly in some countries."""
        return frozenset(value for value, area in self.named.items() if area.countries and area.countries <= countries)

    def holding(self, alpha3: str) -> tuple[Area, ...]:
        """Return the areas that records can name and in which a country lies."""
        return tuple(area for area in self.named.values() if alpha3 in area.countries)


def _key(name: str) -> str:
    return unify_spelling(fold(name)).removeprefix("the ").replace(" and ", " ").replace(" ", "")


def _members(field: Literal["region", "subregion"], value: str) -> frozenset[str]:
    return frozenset(geography.members(field, value))
