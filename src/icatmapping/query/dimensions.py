"""
The one table of dimensions: by what a record can be asked for, counted or tabulated.

A dimension gives the values that a record has, the label of a value, and its universe (every value that there could
be). Queries, statistics and tables all read this table, so a new dimension is one entry. It knows nothing of who asks.
"""

from __future__ import annotations

from functools import cached_property, partial
from itertools import chain
from operator import index
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol, SupportsIndex, TypeAlias

from icatmapping.datapackage.bundled import column
from icatmapping.errors import UnknownNameError
from icatmapping.model import geography
from icatmapping.model.vocabulary import Evidence, PriorityArea, parse, terms
from icatmapping.query.names import NameIndex
from icatmapping.utils.text import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from icatmapping.model.records import Entity, Host, Initiative, Organization, Partnership, Record, Resource


__all__ = [
    "DIMENSIONS",
    "LOCATED",
    "Dimension",
    "Directory",
    "Kind",
    "Value",
    "collection_of",
    "dimension",
    "dimensions_of",
    "participants",
]

Value: TypeAlias = str | int
"""A value of a dimension: a term, a code, an id, or a year."""
Kind: TypeAlias = type[Any] | str
"""A kind of record: its class, or the name of its collection."""


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
        both = (self._source.entities, self._source.organizations)
        return MappingProxyType({record.id: record for records in both for record in records})

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
        return (record.acronym if record.collection == "entities" else None) or record.name

    @cached_property
    def years(self) -> tuple[int, ...]:
        """Every year from the first to the last in which a dated record is active."""
        entry = DIMENSIONS["year"]
        columns = [entry.column(getattr(self._source, name), name, self) for name in entry.readers]
        years = {int(year) for values in chain(*columns) for year in values}
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
    return _together({}, *(getattr(record, role) for role in record.roles if donors or role != "donors"))


# --- reading the values that records have ----------------------------------------------------------------------------


class Reader:
    """
    Reads the values of a dimension from some fields of a record.

    Attributes:
        fields: The fields.
    """

    __slots__ = ("_read", "fields")

    fields: tuple[str, ...]

    def __init__(self, read: Callable[..., tuple[Any, ...]], *fields: str) -> None:
        self._read = read
        self.fields = fields

    def values(self, record: Record, directory: Directory) -> tuple[Any, ...]:
        """Give the values that a record has."""
        return self._read(directory, *[getattr(record, field) for field in self.fields])

    def column(self, records: Sequence[Record], directory: Directory) -> Iterable[tuple[Any, ...]]:
        """Give the values of each of some records, in order."""
        return map(partial(self._read, directory), *[column(records, field) for field in self.fields])


class _Field(Reader):
    """Reads the values of a dimension that is a field of the record."""

    __slots__ = ()

    def __init__(self, field: str) -> None:
        super().__init__(lambda _, values: values, field)

    def column(self, records: Sequence[Record], directory: Directory) -> Iterable[tuple[Any, ...]]:  # noqa: ARG002 - others need it
        """Give the values of each of some records, in order."""
        return column(records, *self.fields)


def _single(field: str) -> Reader:
    return Reader(_maybe, field)


def _maybe(_: Directory, value: Any) -> tuple[Any, ...]:
    return () if value is None else (value,)


def _together(_: object, *fields: tuple[str, ...]) -> tuple[str, ...]:
    """Give the values of several fields, each once."""
    return tuple(dict.fromkeys([value for values in fields for value in values]))


def _entities(directory: Directory, *roles: tuple[str, ...]) -> tuple[str, ...]:
    return directory.entities_of(_together(directory, *roles))


def _years_of_initiative(
    _: Directory, start: str | None, end: str | None, status: str, checked: str
) -> tuple[int, ...]:
    first = _year(start)
    return _span(first, _year(end), _year(checked) if status == "ongoing" else first)


def _years_of_partnership(_: Directory, first: int | None, last: int | None, checked: str) -> tuple[int, ...]:
    return _span(first, last, _year(checked))


def _span(first: int | None, last: int | None, open_end: int | None) -> tuple[int, ...]:
    """List the years of what has no last year if it goes on, until the open end."""
    if first is None:
        return () if last is None else (last,)
    return tuple(range(first, max(first, last or open_end or first) + 1))


def _year(date: str | None) -> int | None:
    return None if date is None else int(date[:4])


def _regions(_: Directory, countries: tuple[str, ...], regions: tuple[str, ...]) -> tuple[str, ...]:
    if not countries:
        return regions
    own = [region for region in map(geography.region_of, countries) if region is not None]
    return tuple(dict.fromkeys([*map(str, regions), *own]))


def _region(_: Directory, country: str | None) -> tuple[str, ...]:
    return _regions(_, (country,), ()) if country else ()


def _subregions(_: Directory, countries: tuple[str, ...]) -> tuple[str, ...]:
    found = map(geography.subregion_of, countries)
    return tuple(dict.fromkeys([subregion for subregion in found if subregion is not None]))


def _subregion(_: Directory, country: str | None) -> tuple[str, ...]:
    return _subregions(_, (country,)) if country else ()


def _priority_areas(_: Directory, themes: tuple[str, ...]) -> tuple[PriorityArea, ...]:
    stated = set(themes)
    areas = terms("priority_area")
    return tuple([area for area in PriorityArea if not stated.isdisjoint(areas[area].themes)])


def _evidence_of_body(directory: Directory, identifier: str, sources: tuple[str, ...]) -> tuple[Evidence, ...]:
    return _best_grade(directory, sources, (identifier,))


def _evidence_of_work(directory: Directory, sources: tuple[str, ...], *roles: tuple[str, ...]) -> tuple[Evidence, ...]:
    return _best_grade(directory, sources, _together(directory, *roles))


def _best_grade(directory: Directory, sources: Iterable[str], bodies: Iterable[str]) -> tuple[Evidence, ...]:
    wholes = directory.with_wholes(bodies)
    grades = {directory.grade(address, wholes) for address in sources}
    return (min(grades, key=list(Evidence).index),)


# --- the table -------------------------------------------------------------------------------------------------------


class Dimension:
    """
    One entry of the table.

    Attributes:
        name: Its name, e.g. ``"target_group"``.
        title: Its name as people write it, e.g. ``"Target group"``.
        readers: For every collection whose records have the dimension, what gives the values of a record.
    """

    __slots__ = ("_labeller", "_lister", "_parser", "name", "readers", "title")

    name: str
    title: str
    readers: Mapping[str, Reader]

    def __init__(
        self,
        name: str,
        readers: Mapping[str, Reader],
        parser: Callable[[object, str, Directory], Value],
        labeller: Callable[[Value, Directory], str],
        lister: Callable[[Directory], Iterable[Value]],
    ) -> None:
        """
        Make an entry.

        Args:
            name: Its name.
            readers: For every collection whose records have the dimension, what gives the values of a record.
            parser: What turns what people type, of the records of a collection, into a value.
            labeller: What gives the label of a value.
            lister: What lists every value that there could be.
        """
        self.name = name
        self.title = name.replace("_", " ").capitalize()
        self.readers = readers
        self._parser = parser
        self._labeller = labeller
        self._lister = lister

    def values(self, record: Record, directory: Directory) -> tuple[Value, ...]:
        """Give the values that a record has; maybe none."""
        return self.readers[record.collection].values(record, directory)

    def column(self, records: Sequence[Record], kind: Kind, directory: Directory) -> Iterable[tuple[Value, ...]]:
        """Give the values of each of some records of one kind, in order; much faster than one by one."""
        return self.readers[collection_of(kind)].column(records, directory)

    def parse(self, value: object, kind: Kind, directory: Directory) -> Value:
        """Turn what people type into a value; raises `UnknownNameError` with the nearest ones."""
        return self._parser(value, collection_of(kind), directory)

    def label(self, value: Value, directory: Directory) -> str:
        """Give the label of a value."""
        return self._labeller(value, directory)

    def universe(self, directory: Directory) -> tuple[Value, ...]:
        """List every value that there could be."""
        return tuple(self._lister(directory))


def _of_vocabulary(name: str, readers: Mapping[str, Reader]) -> Dimension:
    return Dimension(
        name,
        readers,
        lambda value, _collection, _directory: parse(name, value),
        lambda value, _: terms(name)[str(value)].label,
        lambda _: terms(name),
    )


def _of_bodies(name: str, readers: Mapping[str, Reader], *, entities: bool = False) -> Dimension:
    return Dimension(
        name,
        readers,
        lambda value, _, directory: directory.lookup_entity(value) if entities else directory.lookup(value),
        lambda value, directory: directory.label(value),
        lambda directory: sorted(directory.entity_ids if entities else directory.by_id),
    )


def _parse_country(value: object, _collection: str, _directory: Directory) -> str:
    try:
        return geography.code_of(value)  # type: ignore[arg-type]
    except TypeError:
        raise UnknownNameError(value, "country") from None


def _parse_year(value: object, _collection: str, _directory: Directory) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) == 4:
        return int(value)
    if isinstance(value, SupportsIndex) and not isinstance(value, bool):
        return index(value)
    raise UnknownNameError(value, "year")


def _parse_kind(value: object, collection: str, _directory: Directory) -> str:
    return parse(_KIND_VOCABULARY[collection], value)


def _label_kind(value: Value, _: Directory) -> str:
    for vocabulary in _KIND_VOCABULARY.values():
        if value in terms(vocabulary):
            return terms(vocabulary)[str(value)].label
    raise UnknownNameError(value, "kind")


def _all_kinds(_: Directory) -> Iterable[str]:
    return dict.fromkeys(value for vocabulary in _KIND_VOCABULARY.values() for value in terms(vocabulary))


_ROLES: Mapping[str, tuple[str, ...]] = {
    "initiatives": ("leads", "partners", "donors"),
    "partnerships": ("members",),
    "resources": ("publishers",),
}
"""The ``roles`` of the classes of records, which are not imported for them."""
LOCATED = tuple(_ROLES)
"""The collections whose records name countries and regions."""
_UNDERTAKINGS = ("initiatives", "partnerships")
_CODED = ("entities", *LOCATED)
_KIND_VOCABULARY: Mapping[str, str] = {
    "entities": "entity_kind",
    "organizations": "organization_kind",
    "partnerships": "partnership_kind",
    "resources": "resource_kind",
}

_TABLE = (
    Dimension(
        "country",
        {**dict.fromkeys(LOCATED, _Field("countries")), "organizations": _single("country")},
        _parse_country,
        lambda value, _: geography.by_alpha3()[str(value)].name,
        lambda _: geography.by_alpha3(),
    ),
    _of_vocabulary(
        "subregion",
        {**dict.fromkeys(LOCATED, Reader(_subregions, "countries")), "organizations": Reader(_subregion, "country")},
    ),
    _of_vocabulary(
        "region",
        {
            **dict.fromkeys(LOCATED, Reader(_regions, "countries", "regions")),
            "entities": _Field("regions"),
            "organizations": Reader(_region, "country"),
        },
    ),
    _of_vocabulary("scope", {**dict.fromkeys(_UNDERTAKINGS, _single("scope")), "entities": _Field("levels")}),
    _of_vocabulary("theme", dict.fromkeys(_CODED, _Field("themes"))),
    _of_vocabulary("form", dict.fromkeys(_CODED, _Field("forms"))),
    _of_vocabulary("response", dict.fromkeys(("entities", *_UNDERTAKINGS), _Field("responses"))),
    _of_vocabulary("target_group", dict.fromkeys(_CODED, _Field("target_groups"))),
    _of_vocabulary("priority_area", dict.fromkeys(_CODED, Reader(_priority_areas, "themes"))),
    _of_bodies("entity", {name: Reader(_entities, *roles) for name, roles in _ROLES.items()}, entities=True),
    _of_bodies("lead", {"initiatives": _Field("leads")}),
    _of_bodies("partner", {"initiatives": _Field("partners")}),
    _of_bodies("donor", {"initiatives": _Field("donors")}),
    _of_bodies("member", {"partnerships": _Field("members")}),
    _of_bodies("publisher", {"resources": _Field("publishers")}),
    _of_bodies("organization", {name: Reader(_together, *roles) for name, roles in _ROLES.items()}),
    Dimension("kind", dict.fromkeys(_KIND_VOCABULARY, _single("kind")), _parse_kind, _label_kind, _all_kinds),
    _of_vocabulary("status", {"initiatives": _single("status")}),
    Dimension(
        "year",
        {
            "initiatives": Reader(_years_of_initiative, "start", "end", "status", "checked"),
            "partnerships": Reader(_years_of_partnership, "established", "ended", "checked"),
            "resources": _single("year"),
        },
        _parse_year,
        lambda value, _: str(value),
        lambda directory: directory.years,
    ),
    _of_vocabulary("language", {"resources": _Field("languages")}),
    _of_vocabulary(
        "evidence",
        {
            **dict.fromkeys(("entities", "organizations"), Reader(_evidence_of_body, "id", "sources")),
            **{name: Reader(_evidence_of_work, "sources", *roles) for name, roles in _ROLES.items()},
        },
    ),
)


DIMENSIONS: Mapping[str, Dimension] = MappingProxyType({entry.name: entry for entry in _TABLE})
"""Every dimension by name."""


def dimensions_of(kind: Kind) -> tuple[str, ...]:
    """
    List the names of the dimensions that a kind of record has.

    Args:
        kind: The class of the records, or the name of their collection.

    Examples:
        >>> import icatmapping as im
        >>> dimensions_of(im.Organization)
        ('country', 'subregion', 'region', 'kind', 'evidence')
        >>> dimensions_of("organizations") == dimensions_of(im.Organization)
        True
    """
    collection = collection_of(kind)
    return tuple([name for name, entry in DIMENSIONS.items() if collection in entry.readers])


def dimension(name: str, kind: Kind) -> Dimension:
    """
    Find a dimension of a kind of record.

    Args:
        name: The name of the dimension.
        kind: The class of the records, or the name of their collection.

    Raises:
        UnknownNameError: If records of this kind have no such dimension.

    Examples:
        >>> dimension("theme", "initiatives").title
        'Theme'
    """
    entry = DIMENSIONS.get(name)
    collection = collection_of(kind)
    if entry is None or collection not in entry.readers:
        raise UnknownNameError(name, f"dimension of {collection}", nearest(str(name), dimensions_of(collection)))
    return entry


def collection_of(kind: Kind) -> str:
    """Give the name of the collection that the records of a kind are in."""
    return kind if isinstance(kind, str) else str(kind.collection)
