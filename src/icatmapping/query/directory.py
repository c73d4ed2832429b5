"""
Who is who in a dataset: bodies by name, what they are part of, and how the pages of a host count as evidence.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

from icatmapping.errors import AmbiguousNameError, UnknownNameError
from icatmapping.model import geography
from icatmapping.model.fields import is_statement
from icatmapping.model.schema import LOCATED, QUERIED
from icatmapping.model.vocabulary import Evidence
from icatmapping.query.areas import Areas, GroupingFacts
from icatmapping.query.names import NameIndex
from icatmapping.query.readers import known_spans
from icatmapping.utils.laziness import cached_property

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from icatmapping.model.records import Entity, Host, Initiative, Organization, Partnership, Resource
    from icatmapping.model.schema import Value

STATE_KINDS = frozenset({"government", "donor_agency"})
"""The kinds of organizations that act for a State."""

__all__ = ["Directory"]


class Source(Protocol):
    """Where the records of a dataset come from."""

    @property
    def entities(self) -> Iterable[Entity]: ...
    @property
    def organizations(self) -> Iterable[Organization]: ...
    @property
    def initiatives(self) -> Iterable[Initiative]: ...
    @property
    def partnerships(self) -> Iterable[Partnership]: ...
    @property
    def resources(self) -> Iterable[Resource]: ...
    @property
    def hosts(self) -> Iterable[Host]: ...
    def fields_of(self, collection: str, *names: str) -> Iterator[tuple[Any, ...]]: ...
    @property
    def version(self) -> str | None: ...
    @property
    def as_of(self) -> str: ...


class Directory:
    """
    Who is who in a dataset: what the dimensions have to look up beside the record itself.

    Everything is read when first asked for.
    """

    _source: Source

    def __init__(self, source: Source) -> None:
        self.__dict__["_source"] = source

    def __setattr__(self, name: str, value: object) -> None:
        message = f"a directory cannot be changed, nor its {name!r}"
        raise AttributeError(message)

    def __delattr__(self, name: str) -> None:
        self.__setattr__(name, None)

    def __getstate__(self) -> dict[str, Source]:
        return {"_source": self._source}

    @property
    def version(self) -> str | None:
        """The version that the data package states of itself, or None."""
        return self._source.version

    @property
    def as_of(self) -> str:
        """The dataset's present (YYYY-MM): the newest month in which a record was checked."""
        return self._source.as_of

    @property
    def source(self) -> Source:
        """Where the records come from: as a rule, the dataset."""
        return self._source

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
    def _chains(self) -> dict[str, tuple[str, ...]]:
        """For each body that is part of another, itself and everything that it is part of, innermost first."""
        fields = self._source.fields_of("organizations", "id", "part_of")
        parents = {identifier: parent for identifier, parent in fields if parent is not None}
        chains: dict[str, tuple[str, ...]] = {}
        for start in parents:
            chain = [start]
            while (parent := parents.get(chain[-1])) is not None:
                chain.append(parent)
            chains[start] = tuple(chain)
        return chains

    def _wholes_of(self, identifier: str) -> tuple[str, ...]:
        """Return a body and everything that it is part of, innermost first."""
        return self._chains.get(identifier) or (self.by_id[identifier].id,)

    @cached_property
    def _entities_of(self) -> dict[str, tuple[str, ...]]:
        """For each body that is an entity or in a chain of parts, the entities that it is or is part of."""
        entities = self.entity_ids
        found = {one: tuple([whole for whole in chain if whole in entities]) for one, chain in self._chains.items()}
        return {one: (one,) for one in entities} | found

    @cached_property
    def _organs_of(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for one, entities in self._entities_of.items():
            if entities:
                found.setdefault(entities[0], []).append(one)
        return found

    def entities_of(self, identifiers: Iterable[str]) -> tuple[str, ...]:
        """Return the entities among some ids, themselves or through an organ, each once."""
        known = self._entities_of
        return tuple(dict.fromkeys([entity for one in identifiers for entity in known.get(one, ())]))

    def fold(self, identifier: str) -> str:
        """Return the entity whose organ a body is, at any depth; the body itself if it is no entity's."""
        return next(iter(self._entities_of.get(identifier, ())), identifier)

    def sitting_as(self, identifier: str) -> tuple[str, ...]:
        """Return the bodies that `fold` takes for one: an entity and its organs, or a body alone."""
        found = self._organs_of.get(identifier)
        return tuple(found) if found else (identifier,) if self.fold(identifier) == identifier else ()

    def are_related(self, one: str, other: str) -> bool:
        """Return whether two bodies are the same, or one is part of the other, at any depth."""
        return other in self._wholes_of(one) or one in self._wholes_of(other)

    def lookup(self, name: object, home: Collection[str] = ()) -> str:
        """
        Find the id of an entity or organization by any name.

        Args:
            name: A name, or a record.
            home: Countries (alpha-3) whose body is meant where several have the name.
        """
        return self._names.find(name, home=home)

    def lookup_entity(self, name: object) -> str:
        """Find the id of an entity by any name."""
        return self._entity_names.find(name)

    def entity_asked_for(self, name: object) -> str:
        """
        Find the id of the entity that a question is about, by any name.

        Raises:
            UnknownNameError: If no entity has it; where another body has, it says so.
        """
        try:
            return self._entity_names.find(name)
        except AmbiguousNameError:
            raise
        except UnknownNameError:
            try:
                other = self._names.find(name)
            except UnknownNameError:
                other = None
            if other is None:
                raise
            reason = f"{self.label(other)} is an organization, and no entity of the mapping"
            raise UnknownNameError(name, "entity", reason=reason) from None

    def lookup_bodies(self, name: object, home: Collection[str] = ()) -> tuple[str, ...]:
        """
        Find the ids that a name stands for: one body, or, for the name of a country, its government and its bodies.

        Args:
            name: A name, a record, or a country.
            home: Countries (alpha-3) whose body is meant where several have the name.
        """
        try:
            return (self.lookup(name, home),)
        except AmbiguousNameError:
            raise
        except UnknownNameError:
            try:
                alpha3 = geography.code_of(name)  # type: ignore[arg-type]
            except (UnknownNameError, TypeError):
                alpha3 = None
            found = self._state_bodies.get(alpha3) if alpha3 is not None else None
            if found is None:
                raise
            return found

    @cached_property
    def _state_bodies(self) -> dict[str, tuple[str, ...]]:
        """For each country, the ids of its government, of its agencies and of all that is part of them."""
        found: dict[str, set[str]] = {}
        for identifier in self.by_id:
            for alpha3 in map(self.state_of, self._wholes_of(identifier)):
                if alpha3 is not None:
                    found.setdefault(alpha3, set()).add(identifier)
        return {alpha3: tuple(sorted(ids)) for alpha3, ids in found.items()}

    def state_of(self, identifier: str) -> str | None:
        """Return the country whose government or agency a body is, or None if it is none's."""
        record = self.by_id[identifier]
        return getattr(record, "country", None) if record.kind in STATE_KINDS else None

    def label(self, identifier: Value) -> str:
        """Name an entity by its acronym, anybody else by name."""
        record = self.by_id[str(identifier)]
        return (record.acronym if record.collection == "entities" else None) or record.name

    @cached_property
    def areas(self) -> Areas:
        """The areas that records can name, and what lies in what."""
        return Areas(map(GroupingFacts._make, self._source.fields_of("groupings", *GroupingFacts._fields)))

    def stores(self) -> dict[str, Any]:
        """Return the records of every collection of the dataset, with their indexes."""
        return {name: getattr(self._source, name).store for name in QUERIED}

    @cached_property
    def years(self) -> tuple[int, ...]:
        """Every year from the first to the last in which a dated record is known to be active."""
        first: list[int] = []
        last: list[int] = []
        for name in LOCATED:
            for span in known_spans(getattr(self._source, name), name):
                if span is not None and span.first is not None and span.last is not None:
                    first.append(span.first)
                    last.append(span.last)
        return tuple(range(min(first), max(last) + 1)) if first else ()

    @cached_property
    def _host_rules(self) -> dict[str, Host]:
        """The rules by host, or by host and path, in lower case."""
        return {_rule_key(host.host): host for host in self._source.hosts}

    @cached_property
    def _own_hosts(self) -> dict[str, dict[str, tuple[str, ...]]]:
        """By host, those that state a website there, with its path if several bodies share the host."""
        owners: dict[str, dict[str, tuple[str, ...]]] = {}
        for record in self.by_id.values():
            if record.website is not None:
                owners.setdefault(host_of(record.website), {})[record.id] = tuple(path_of(record.website))
        return {host: sites if len(sites) > 1 else dict.fromkeys(sites, ()) for host, sites in owners.items()}

    def _owners_of(self, address: str, suffix: str) -> set[str]:
        """Return those under whose website on a host an address lies."""
        parts = tuple(path_of(address))
        return {one for one, path in self._own_hosts.get(suffix, {}).items() if parts[: len(path)] == path}

    def grade(self, address: str, bodies: frozenset[str]) -> Evidence:
        """Grade a source by its host, for a record in which some bodies take part."""
        if is_statement(address):
            return Evidence.UNPUBLISHED
        labels = host_of(address).split(".")
        suffixes = [".".join(labels[start:]) for start in range(len(labels) - 1)]
        rule = self._rule_for(address, suffixes)
        owners = {rule.owner} if rule is not None else set()
        owners = owners.union(*(self._owners_of(address, suffix) for suffix in suffixes))
        if not owners.isdisjoint(bodies):
            return Evidence.OWN
        if rule is not None:
            return Evidence(rule.grade)
        return Evidence.OFFICIAL if _is_official(labels) else Evidence.OTHER

    def _rule_for(self, address: str, suffixes: Sequence[str]) -> Host | None:
        """
        Return the rule that an address falls under: the longest of the host's, with or without a path, else a parent's.

        A rule for "un.org/counterterrorism" holds for the pages under that path, and goes before one for "un.org".
        """
        parts = path_of(address)
        for suffix in suffixes:
            for length in range(len(parts), -1, -1):
                rule = self._host_rules.get("/".join([suffix, *parts[:length]]))
                if rule is not None:
                    return rule
        return None

    def publisher(self, address: str, bodies: Iterable[str] = ()) -> str | None:
        """
        Return the id of the body whose page an address is, or None if nobody knows.

        Args:
            address: The address of a page.
            bodies: Ids of those that are meant where several bodies share a host.
        """
        labels = host_of(address).split(".")
        suffixes = [".".join(labels[start:]) for start in range(len(labels) - 1)]
        for suffix in suffixes:
            rule = self._rule_for(address, [suffix])
            if rule is not None and rule.owner is not None:
                return rule.owner
            owners = self._owners_of(address, suffix)
            meant = sorted(owners.intersection(bodies)) or sorted(owners)
            if len(meant) == 1:
                return meant[0]
        return None

    def with_parents(self, identifiers: Iterable[str]) -> frozenset[str]:
        """Return some ids and those of everything that they are part of."""
        return frozenset(whole for one in identifiers for whole in self._wholes_of(one))


_GOVERNMENT_LABELS = frozenset({"gov", "gob", "gouv", "gub", "govt", "government"})
"""Labels that only governments have, on the second or third level: gov.uk, gov.on.ca, interieur.gouv.fr."""
_SECOND_LEVEL = frozenset({"go", "gc", "mil", "gv", "gok", "guv"})
"""Labels that are a government's on the second level alone: go.ke, gc.ca, mil.br, but not abcnews.go.com."""
_COMMERCIAL = frozenset({"com", "org", "net", "info", "biz", "co", "ac", "edu", "io"})
"""Labels under which anybody may call a host what they like."""


def _is_official(labels: Sequence[str]) -> bool:
    """Return whether a host is a government's or an intergovernmental body's, by its ending: .int or .gov.uk."""
    last, second, third = [*reversed(labels), "", ""][:3]
    if last in ("gov", "int", "mil") or (second, last) in (("un", "org"), ("europa", "eu")):
        return True
    if second in _GOVERNMENT_LABELS or (second in _SECOND_LEVEL and len(last) == 2):
        return last not in _COMMERCIAL or len(last) == 2
    return third in _GOVERNMENT_LABELS and len(last) == 2 and second not in _COMMERCIAL


def host_of(address: str) -> str:
    rest = address.partition("://")[2]
    for end in "/?#":
        rest = rest.partition(end)[0]
    return rest.rpartition("@")[2].partition(":")[0].lower().removeprefix("www.")


def path_of(address: str) -> list[str]:
    """
    Return the parts of the path of an address in lower case, but for the language in front.

    >>> path_of("https://www.un.org/en/CounterTerrorism/?page=2")
    ['counterterrorism']
    """
    rest = address.partition("://")[2].partition("/")[2]
    for end in "?#":
        rest = rest.partition(end)[0]
    parts = [part for part in rest.lower().split("/", _MAX_PATH) if part]
    return parts[1:] if parts[:1] and parts[0] in _LANGUAGES else parts


_MAX_PATH = 8
"""Into how many parts a path is taken apart."""
_LANGUAGES = frozenset({"ar", "de", "en", "es", "fr", "pt", "ru", "zh"})


def _rule_key(host: str) -> str:
    address = f"https://{host}"
    return "/".join([host_of(address), *path_of(address)])
