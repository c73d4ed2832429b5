"""
The one table of dimensions: by what a record can be asked for, counted or tabulated.

A dimension gives the values that a record has, the label of a value, and its universe (every value that there could
be). Queries, statistics and tables all read this table, so a new dimension is one entry. It knows nothing of who asks.
"""

from __future__ import annotations

from functools import cached_property
from operator import attrgetter, index
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol, SupportsIndex, TypeAlias

from attrs import frozen

from icatmapping import geography
from icatmapping._names import NameIndex
from icatmapping._shelf import partial
from icatmapping._text import nearest
from icatmapping.errors import UnknownNameError
from icatmapping.records import Entity, Host, Initiative, Organization, Partnership, Record, Resource
from icatmapping.vocabulary import Evidence, PriorityArea, parse, terms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence


__all__ = ["DIMENSIONS", "Dimension", "Directory", "Value", "dimension", "dimensions_of", "participants"]

Value: TypeAlias = str | int
"""A value of a dimension: a term, a code, an id, or a year."""


class Source(Protocol):
    """Where the records of a dataset come from."""

    @property
    def entities(self) -> Sequence[Entity]: ...
    @property
    def organizations(self) -> Sequence[Organization]: ...
    @property
    def initiatives(self) -> Sequence[Initiative]: ...
    @property
    def partnerships(self) -> Sequence[Partnership]: ...
    @property
    def resources(self) -> Sequence[Resource]: ...
    @property
    def hosts(self) -> Sequence[Host]: ...


class Directory:
    """
    Who is who in a dataset: what the dimensions have to look up beside the record itself.

    Everything is read when first asked for.
    """

    def __init__(self, source: Source) -> None:
        self._source = source

    def __getstate__(self) -> dict[str, Source]:
        return {"_source": self._source}

    @cached_property
    def by_id(self) -> Mapping[str, Entity | Organization]:
        """Every entity and organization by id."""
        return {
            record.id: record for records in (self._source.entities, self._source.organizations) for record in records
        }

    @cached_property
    def entity_ids(self) -> frozenset[str]:
        """The ids of the entities."""
        return frozenset(entity.id for entity in self._source.entities)

    @cached_property
    def _entity_names(self) -> NameIndex:
        return NameIndex("entity", self._source.entities)

    @cached_property
    def _names(self) -> NameIndex:
        return NameIndex("entity or organization", [*self._source.entities, *self._source.organizations])

    @cached_property
    def _whole_of(self) -> dict[str, tuple[str, ...]]:
        """For each id, itself and everything that it is part of, innermost first."""
        parents = {record.id: record.part_of for record in self._source.organizations}
        wholes: dict[str, tuple[str, ...]] = {}
        for start in self.by_id:
            chain = [start]
            while (parent := parents.get(chain[-1])) is not None:
                chain.append(parent)
            wholes[start] = tuple(chain)
        return wholes

    @cached_property
    def _entities_of(self) -> dict[str, tuple[str, ...]]:
        return {
            identifier: tuple(whole for whole in wholes if whole in self.entity_ids)
            for identifier, wholes in self._whole_of.items()
        }

    def entities_of(self, identifiers: Iterable[str]) -> tuple[str, ...]:
        """Give the entities among some ids, themselves or through an organ, each once."""
        return tuple(dict.fromkeys([entity for one in identifiers for entity in self._entities_of[one]]))

    def lookup(self, name: object) -> str:
        """Find the id of an entity or organization by id, acronym, name or alias."""
        return self._names.find(name)

    def lookup_entity(self, name: object) -> str:
        """Find the id of an entity by id, acronym, name or alias."""
        return self._entity_names.find(name)

    def label(self, identifier: Value) -> str:
        """Name an entity by its acronym, anybody else by name."""
        record = self.by_id[str(identifier)]
        return record.acronym if isinstance(record, Entity) else record.name

    @cached_property
    def years(self) -> tuple[int, ...]:
        """Every year from the first to the last in which a dated record is active."""
        source = self._source
        dated = (source.initiatives, source.partnerships, source.resources)
        years = {year for records in dated for record in records for year in _years(record, self)}
        return tuple(range(min(years), max(years) + 1)) if years else ()

    @cached_property
    def _host_rules(self) -> dict[str, Host]:
        return {host.host: host for host in self._source.hosts}

    @cached_property
    def _own_hosts(self) -> dict[str, set[str]]:
        """The hosts of the websites that the entities and organizations state; several may share one."""
        owners: dict[str, set[str]] = {}
        for record in self.by_id.values():
            if record.website is not None:
                owners.setdefault(_host(record.website), set()).add(record.id)
        return owners

    def grade(self, address: str, bodies: frozenset[str]) -> Evidence:
        """Grade a source by its host, for a record in which some bodies take part."""
        host = _host(address)
        labels = host.split(".")
        suffixes = [".".join(labels[start:]) for start in range(len(labels) - 1)]
        rule = next((self._host_rules[suffix] for suffix in suffixes if suffix in self._host_rules), None)
        owners = {rule.owner} if rule is not None else set()
        owners = owners.union(*(self._own_hosts.get(suffix, ()) for suffix in suffixes))
        if not owners.isdisjoint(bodies):
            return Evidence.OWN
        if rule is not None:
            return Evidence(rule.grade)
        return Evidence.OFFICIAL if _is_official(labels) else Evidence.OTHER

    def with_wholes(self, identifiers: Iterable[str]) -> frozenset[str]:
        """Give some ids and those of everything that they are part of."""
        return frozenset(whole for one in identifiers for whole in self._whole_of[one])


_GOVERNMENT_LABELS = frozenset({"gov", "gob", "gouv", "gub", "govt", "go", "gc", "mil", "government"})


def _is_official(labels: Sequence[str]) -> bool:
    """Tell a government's or an intergovernmental body's host by its ending: .gov, .int, .gov.uk, .gouv.fr, .gc.ca."""
    if labels[-1] in ("gov", "int", "mil"):
        return True
    return (
        labels[-2:] == ["un", "org"]
        or labels[-2:] == ["europa", "eu"]
        or not _GOVERNMENT_LABELS.isdisjoint(labels[-3:-1])
    )


def _host(address: str) -> str:
    rest = address.partition("://")[2]
    for end in "/?#":
        rest = rest.partition(end)[0]
    return rest.rpartition("@")[2].partition(":")[0].lower().removeprefix("www.")


def participants(record: Record, *, donors: bool = False) -> tuple[str, ...]:
    """
    Give the ids of those that take part in a record, each once.

    Participants of an initiative are its leads and partners (and its donors if asked for), of a partnership its
    members, of a resource its publishers.

    Args:
        record: The record.
        donors: Whether those that fund it count as participants.

    Examples:
        >>> import icatmapping as im
        >>> participants(im.load().initiatives["50 for Freedom"])
        ('ilo', 'ioe', 'ituc')
    """
    return _roles(record, [role for role in record.roles if donors or role != "donors"])


def _roles(record: Record, roles: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([identifier for role in roles for identifier in getattr(record, role)]))


def _years(record: Record, _: Directory) -> tuple[int, ...]:
    if isinstance(record, Resource):
        return () if record.year is None else (record.year,)
    checked = int(record.checked[:4])
    if isinstance(record, Initiative):
        first, last = _year(record.start), _year(record.end)
        open_end = checked if record.status == "ongoing" else first
    elif isinstance(record, Partnership):
        first, last, open_end = record.established, record.ended, checked
    else:
        return ()
    if first is None:
        return () if last is None else (last,)
    last = last if last is not None else open_end
    return tuple(range(first, max(first, last or first) + 1))


def _year(date: str | None) -> int | None:
    return None if date is None else int(date[:4])


def _regions(record: Initiative | Partnership | Resource, _: Directory) -> tuple[str, ...]:
    if not record.countries:
        return record.regions
    region_of = geography.region_of
    own = [region for region in map(region_of, record.countries) if region is not None]
    return tuple(dict.fromkeys([*map(str, record.regions), *own]))


def _subregions(record: Initiative | Partnership | Resource, _: Directory) -> tuple[str, ...]:
    found = map(geography.subregion_of, record.countries)
    return tuple(dict.fromkeys([subregion for subregion in found if subregion is not None]))


def _priority_areas(record: Entity | Initiative | Partnership | Resource, _: Directory) -> tuple[PriorityArea, ...]:
    themes = set(record.themes)
    return tuple([area for area in PriorityArea if not themes.isdisjoint(area.themes)])


def _evidence(record: Record, directory: Directory) -> tuple[Evidence, ...]:
    bodies = directory.with_wholes(_roles(record, record.roles) or (record.id,)) if _has_bodies(record) else frozenset()
    grades = {directory.grade(address, bodies) for address in record.sources}
    return (min(grades, key=list(Evidence).index),)


def _has_bodies(record: Record) -> bool:
    return isinstance(record, Entity | Organization) or bool(_roles(record, record.roles))


Reader: TypeAlias = "Callable[[Any, Directory], tuple[Any, ...]]"


@frozen(eq=False)
class Dimension:
    """
    One entry of the table.

    Attributes:
        name: Its name, e.g. ``"target_group"``.
        title: Its name as people write it, e.g. ``"Target group"``.
        readers: For every kind of record that has the dimension, what gives the values of a record.
        parsers: For every such kind, what turns what people type into a value.
        labeller: What gives the label of a value.
        lister: What lists every value that there could be.
    """

    name: str
    title: str
    readers: Mapping[type[Any], Reader]
    parser: Callable[[object, type[Any], Directory], Value]
    labeller: Callable[[Value, Directory], str]
    lister: Callable[[Directory], Sequence[Value]]

    def values(self, record: Record, directory: Directory) -> tuple[Value, ...]:
        """Give the values that a record has; maybe none."""
        return self.readers[type(record)](record, directory)

    def column(self, records: Iterable[Record], kind: type[Any], directory: Directory) -> Iterator[tuple[Value, ...]]:
        """Give the values of each of some records of one kind, in order; much faster than one by one."""
        reader = self.readers[kind]
        found = partial(records, getattr(reader, "needs", None))
        return map(reader.read, found) if isinstance(reader, _Field) else (reader(one, directory) for one in found)

    def parse(self, value: object, kind: type[Any], directory: Directory) -> Value:
        """Turn what people type into a value; raises `UnknownNameError` with the nearest ones."""
        return self.parser(value, kind, directory)

    def label(self, value: Value, directory: Directory) -> str:
        """Give the label of a value."""
        return self.labeller(value, directory)

    def universe(self, directory: Directory) -> tuple[Value, ...]:
        """List every value that there could be."""
        return tuple(self.lister(directory))


class _Field:
    """Reads the values of a dimension that is a field of the record."""

    __slots__ = ("needs", "read")

    def __init__(self, field: str) -> None:
        self.read = attrgetter(field)
        self.needs = (field,)

    def __call__(self, record: Record, _: Directory) -> tuple[Any, ...]:
        values: tuple[Any, ...] = self.read(record)
        return values


class _Reading:
    """Reads the values of a dimension from some fields of the record, which are named."""

    __slots__ = ("_read", "needs")

    def __init__(self, read: Reader, *needs: str) -> None:
        self._read = read
        self.needs = needs

    def __call__(self, record: Record, directory: Directory) -> tuple[Any, ...]:
        return self._read(record, directory)


def _attribute(field: str) -> Reader:
    return _Field(field)


def _single(field: str) -> Reader:
    read = attrgetter(field)
    return _Reading(lambda record, _: () if (value := read(record)) is None else (value,), field)


def _from_roles(read: Reader, *more: str) -> Mapping[type[Any], Reader]:
    return {kind: _Reading(read, *kind.roles, *more) for kind in _LOCATED}


def _of_vocabulary(name: str, readers: Mapping[type[Any], Reader], vocabulary: str | None = None) -> Dimension:
    terms_of = vocabulary or name
    return Dimension(
        name,
        _title(name),
        readers,
        lambda value, _kind, _directory: parse(terms_of, value),
        lambda value, _: terms(terms_of)[str(value)].label,
        lambda _: tuple(terms(terms_of)),
    )


def _of_bodies(name: str, readers: Mapping[type[Any], Reader], *, entities: bool = False) -> Dimension:
    return Dimension(
        name,
        _title(name),
        readers,
        lambda value, _, directory: directory.lookup_entity(value) if entities else directory.lookup(value),
        lambda value, directory: directory.label(value),
        lambda directory: sorted(directory.entity_ids if entities else directory.by_id),
    )


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()


_UNDERTAKINGS = (Initiative, Partnership)
_LOCATED = (Initiative, Partnership, Resource)
_CODED = (Entity, Initiative, Partnership, Resource)
_KIND_VOCABULARY: Mapping[type[Any], str] = {
    Entity: "entity_kind",
    Organization: "organization_kind",
    Partnership: "partnership_kind",
    Resource: "resource_kind",
}


def _parse_country(value: object, _kind: type[Any], _directory: Directory) -> str:
    try:
        return geography.country(value).alpha3  # type: ignore[arg-type]
    except TypeError:
        raise UnknownNameError(value, "country") from None


def _parse_year(value: object, _kind: type[Any], _directory: Directory) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) == 4:
        return int(value)
    if isinstance(value, SupportsIndex) and not isinstance(value, bool):
        return index(value)
    raise UnknownNameError(value, "year")


def _parse_kind(value: object, kind: type[Any], _directory: Directory) -> str:
    return parse(_KIND_VOCABULARY[kind], value)


def _label_kind(value: Value, _: Directory) -> str:
    for vocabulary in _KIND_VOCABULARY.values():
        if value in terms(vocabulary):
            return terms(vocabulary)[str(value)].label
    raise UnknownNameError(value, "kind")


def _all_kinds(_: Directory) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for vocabulary in _KIND_VOCABULARY.values() for value in terms(vocabulary)))


def _all_roles(record: Record, _: Directory) -> tuple[str, ...]:
    return _roles(record, record.roles)


def _entities(record: Record, directory: Directory) -> tuple[str, ...]:
    return directory.entities_of(_roles(record, record.roles))


_TABLE = (
    Dimension(
        "country",
        "Country",
        {**dict.fromkeys(_LOCATED, _attribute("countries")), Organization: _single("country")},
        _parse_country,
        lambda value, _: geography.by_alpha3()[str(value)].name,
        lambda _: tuple(geography.by_alpha3()),
    ),
    _of_vocabulary(
        "subregion",
        {
            **dict.fromkeys(_LOCATED, _Reading(_subregions, "countries")),
            Organization: lambda record, _: _maybe(record.country and geography.subregion_of(record.country)),
        },
    ),
    _of_vocabulary(
        "region",
        {
            **dict.fromkeys(_LOCATED, _Reading(_regions, "countries", "regions")),
            Entity: _attribute("regions"),
            Organization: lambda record, _: _maybe(record.country and geography.region_of(record.country)),
        },
    ),
    _of_vocabulary("scope", {**dict.fromkeys(_UNDERTAKINGS, _single("scope")), Entity: _attribute("levels")}),
    _of_vocabulary("theme", dict.fromkeys(_CODED, _attribute("themes"))),
    _of_vocabulary("form", dict.fromkeys(_CODED, _attribute("forms"))),
    _of_vocabulary("response", dict.fromkeys((Entity, *_UNDERTAKINGS), _attribute("responses"))),
    _of_vocabulary("target_group", dict.fromkeys(_CODED, _attribute("target_groups"))),
    _of_vocabulary("priority_area", dict.fromkeys(_CODED, _Reading(_priority_areas, "themes"))),
    _of_bodies("entity", _from_roles(_entities), entities=True),
    _of_bodies("lead", {Initiative: _attribute("leads")}),
    _of_bodies("partner", {Initiative: _attribute("partners")}),
    _of_bodies("donor", {Initiative: _attribute("donors")}),
    _of_bodies("member", {Partnership: _attribute("members")}),
    _of_bodies("publisher", {Resource: _attribute("publishers")}),
    _of_bodies("organization", _from_roles(_all_roles)),
    Dimension("kind", "Kind", dict.fromkeys(_KIND_VOCABULARY, _single("kind")), _parse_kind, _label_kind, _all_kinds),
    _of_vocabulary("status", {Initiative: _single("status")}),
    Dimension(
        "year",
        "Year",
        {
            Initiative: _Reading(_years, "start", "end", "status", "checked"),
            Partnership: _Reading(_years, "established", "ended", "checked"),
            Resource: _Reading(_years, "year"),
        },
        _parse_year,
        lambda value, _: str(value),
        lambda directory: directory.years,
    ),
    _of_vocabulary("language", {Resource: _attribute("languages")}),
    _of_vocabulary(
        "evidence",
        {kind: _Reading(_evidence, "id", "sources", *kind.roles) for kind in (*_CODED, Organization)},
    ),
)


def _maybe(value: str | None) -> tuple[str, ...]:
    return () if not value else (value,)


DIMENSIONS: Mapping[str, Dimension] = MappingProxyType({entry.name: entry for entry in _TABLE})
"""Every dimension by name."""


def dimensions_of(kind: type[Any]) -> tuple[str, ...]:
    """
    List the names of the dimensions that a kind of record has.

    Examples:
        >>> dimensions_of(Organization)
        ('country', 'subregion', 'region', 'kind', 'evidence')
    """
    return tuple([name for name, entry in DIMENSIONS.items() if kind in entry.readers])


def dimension(name: str, kind: type[Any]) -> Dimension:
    """
    Find a dimension of a kind of record.

    Raises:
        UnknownNameError: If records of this kind have no such dimension.

    Examples:
        >>> dimension("theme", Initiative).title
        'Theme'
    """
    entry = DIMENSIONS.get(name)
    if entry is None or kind not in entry.readers:
        known = dimensions_of(kind)
        raise UnknownNameError(name, f"dimension of {kind.collection}", nearest(str(name), known))
    return entry
