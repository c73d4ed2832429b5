"""
The mapping as linked data: schema.org terms in JSON-LD, which search engines and graph databases read.

Every node has an id that does not change, e.g. ``urn:icatmapping:initiative:50-for-freedom``. Knows nothing of display.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import quote

from icatmapping.dataset import Dataset
from icatmapping.model import geography
from icatmapping.model.fields import is_statement
from icatmapping.model.records import Entity, Initiative, Organization, Partnership, Record, Resource
from icatmapping.model.schema import QUERIED
from icatmapping.model.vocabulary import VOCABULARIES, IdentifierType, OrganizationKind, ResourceKind, Term, terms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from icatmapping.model.records import Identifier
    from icatmapping.query.collection import Collection
    from icatmapping.query.directory import Directory

__all__ = ["to_jsonld"]

Node: TypeAlias = dict[str, Any]

_LINKS = (
    "areaServed",
    "funder",
    "inDefinedTermSet",
    "keywords",
    "location",
    "member",
    "parentOrganization",
    "publisher",
    "sameAs",
    "spatialCoverage",
    "subjectOf",
    "url",
)
"""The properties whose values are ids of nodes or addresses."""
_CONTEXT: Mapping[str, Any] = MappingProxyType(
    {"@vocab": "https://schema.org/", **{link: {"@type": "@id"} for link in _LINKS}}
)
_CLASS_OF: Mapping[Term, str] = MappingProxyType(
    {
        OrganizationKind.GOVERNMENT: "GovernmentOrganization",
        OrganizationKind.NGO: "NGO",
        OrganizationKind.ACADEMIA: "EducationalOrganization",
        ResourceKind.TRAINING: "LearningResource",
        ResourceKind.RESEARCH: "Report",
        ResourceKind.GLOBAL_REPORT: "Report",
        ResourceKind.ISSUE_BRIEF: "Report",
        ResourceKind.LEGAL_INSTRUMENT: "Legislation",
        ResourceKind.DATASET: "Dataset",
        ResourceKind.DATABASE: "Dataset",
    }
)
_REGISTERS: Mapping[IdentifierType, str] = MappingProxyType(
    {
        IdentifierType.DOI: "https://doi.org/",
        IdentifierType.ISNI: "https://isni.org/isni/",
        IdentifierType.ROR: "https://ror.org/",
        IdentifierType.WIKIDATA: "http://www.wikidata.org/entity/",
    }
)
"""Where an identifier is an address, and what stands in front of it there."""


def to_jsonld(records: Dataset | Collection[Any]) -> dict[str, Any]:
    """
    Make linked data of records: a JSON-LD document of schema.org terms, ready for ``json.dumps``.

    Entities, organizations and partnerships are ``Organization`` nodes (governments, NGOs and academia of their own
    classes), initiatives ``Project``, resources ``CreativeWork`` or a class of it. Partners and members are ``member``,
    leads ``member`` through an ``OrganizationRole``, donors ``funder``; sources are ``subjectOf``; terms of the
    vocabularies are ``keywords``, each a ``DefinedTerm`` of the set that it belongs to. Whoever takes part in a record,
    and whatever that is part of, is in the document as well, with the countries, regions and terms that are named.

    Args:
        records: A dataset, or a collection.

    Examples:
        >>> import icatmapping as im
        >>> document = to_jsonld(im.load().initiatives[:1])
        >>> document["@graph"][0]["@id"], document["@graph"][0]["@type"], document["@graph"][0]["name"]
        ('urn:icatmapping:initiative:50-for-freedom', 'Project', '50 for Freedom')
    """
    if isinstance(records, Dataset):
        found: list[Record] = [record for name in QUERIED for record in records.collection(name)]
    else:
        found = list(records)
    found += _mentioned(found, records.directory)
    return {"@context": dict(_CONTEXT), "@graph": [*map(_node, found), *_surroundings(found)]}


def _mentioned(records: Iterable[Record], directory: Directory) -> list[Record]:
    """List the organizations that some records speak of, and whatever they are part of, that are not among them."""
    there = {record.id for record in records if isinstance(record, Entity | Organization)}
    bodies = {one for record in records for role in record.roles for one in getattr(record, role)}
    return [directory.by_id[one] for one in sorted(directory.with_parents(bodies | there) - there)]


# --- records ---------------------------------------------------------------------------------------------------------


def _node(record: Record) -> Node:
    own = _CONTENT_OF[type(record)](record)
    content = {
        "@id": _id(record),
        "@type": own.pop("@type"),
        "name": record.label,
        "alternateName": [name for name in (getattr(record, "acronym", None), *getattr(record, "aliases", ())) if name],
        **own,
        "keywords": [_term_id(term) for term in _terms(record)],
        "identifier": [_property(identifier) for identifier in _identifiers(record)],
        "sameAs": [*_elsewhere(record)],
        "subjectOf": [_address(source) for source in record.sources if not is_statement(source)],
    }
    return {name: value for name, value in content.items() if value not in (None, [])}


def _entity(record: Entity) -> Node:
    return {
        "@type": "Organization",
        "description": record.mandate,
        "url": _address(record.website),
        "location": _country_id(record.headquarters),
        "areaServed": [_area_id(region) for region in record.regions],
    }


def _organization(record: Organization) -> Node:
    part_of = [_body_id(record.part_of)] if record.part_of else []
    body_of = [f"urn:icatmapping:partnership:{record.body_of}"] if record.body_of else []
    return {
        "@type": _CLASS_OF.get(record.kind, "Organization"),
        "url": _address(record.website),
        "location": _country_id(record.country),
        "parentOrganization": part_of + body_of,
    }


def _initiative(record: Initiative) -> Node:
    leads = [{"@type": "OrganizationRole", "roleName": "lead", "member": _body_id(one)} for one in record.leads]
    return {
        "@type": "Project",
        "description": record.summary,
        "url": _address(record.url),
        "member": [*leads, *map(_body_id, record.partners)],
        "funder": [_body_id(one) for one in record.donors],
        "areaServed": _places(record),
        "foundingDate": record.start,
        "dissolutionDate": record.end,
    }


def _partnership(record: Partnership) -> Node:
    return {
        "@type": "Organization",
        "description": record.summary,
        "url": _address(record.url),
        "member": [_body_id(one) for one in record.members],
        "areaServed": _places(record),
        "foundingDate": record.start,
        "dissolutionDate": record.end,
    }


def _resource(record: Resource) -> Node:
    return {
        "@type": _CLASS_OF.get(record.kind, "CreativeWork"),
        "url": _address(record.url),
        "publisher": [_body_id(one) for one in record.publishers],
        "spatialCoverage": _places(record),
        "datePublished": _year(record.year),
        "inLanguage": list(record.languages),
    }


_CONTENT_OF: Mapping[type[Record], Callable[[Any], Node]] = MappingProxyType(
    {
        Entity: _entity,
        Organization: _organization,
        Initiative: _initiative,
        Partnership: _partnership,
        Resource: _resource,
    }
)


def _places(record: Initiative | Partnership | Resource) -> list[str | None]:
    return [*map(_country_id, record.countries), *map(_area_id, record.regions)]


def _terms(record: Record) -> Iterator[Term]:
    """Return the terms that say what a record is, what it is about, how it works and for whom."""
    for name in ("kind", "scope", "levels", "status", "themes", "forms", "responses", "target_groups", "sectors"):
        value = getattr(record, name, ())
        yield from (value,) if isinstance(value, Term) else value or ()


def _identifiers(record: Record) -> tuple[Identifier, ...]:
    found: tuple[Identifier, ...] = getattr(record, "identifiers", ())
    return found


def _property(identifier: Identifier) -> Node:
    return {"@type": "PropertyValue", "propertyID": str(identifier.type), "value": identifier.value}


def _elsewhere(record: Record) -> Iterator[str]:
    """Return the ids under which a record stands elsewhere: in registers, or as the initiative that it is as well."""
    for identifier in _identifiers(record):
        if identifier.type in _REGISTERS:
            yield _REGISTERS[identifier.type] + quote(identifier.value)
    if isinstance(record, Partnership) and record.initiative:
        yield f"urn:icatmapping:initiative:{record.initiative}"


# --- what records speak of -------------------------------------------------------------------------------------------


def _surroundings(records: Iterable[Record]) -> Iterator[Node]:
    """Describe each country, region and term that some records name."""
    countries = {country for record in records for country in _countries(record)}
    for alpha3 in sorted(countries):
        name = geography.country(alpha3).name
        yield {"@id": _country_id(alpha3), "@type": "Country", "name": name, "identifier": alpha3}
    areas = {str(area) for record in records for area in getattr(record, "regions", ())}
    for area in sorted(areas):
        yield {"@id": _area_id(area), "@type": "Place", "name": geography.area_label(area)}
    for term in sorted({(_vocabulary(term), term) for record in records for term in _terms(record)}):
        yield _defined(term[1])


def _countries(record: Record) -> tuple[str, ...]:
    if isinstance(record, Entity):
        return (record.headquarters,) if record.headquarters else ()
    if isinstance(record, Organization):
        return (record.country,) if record.country else ()
    return record.countries


def _defined(term: Term) -> Node:
    return {
        "@id": _term_id(term),
        "@type": "DefinedTerm",
        "name": term.label,
        "description": term.definition,
        "termCode": str(term),
        "inDefinedTermSet": f"urn:icatmapping:{_vocabulary(term)}",
    }


# --- ids -------------------------------------------------------------------------------------------------------------


def _id(record: Record) -> str:
    if isinstance(record, Entity | Organization):
        return _body_id(record.id)
    return f"urn:icatmapping:{type(record).__name__.lower()}:{record.id}"


def _body_id(identifier: str) -> str:
    # One space for entities and organizations: an organization that joins ICAT keeps its id.
    return f"urn:icatmapping:organization:{identifier}"


def _country_id(alpha3: str | None) -> str | None:
    return None if alpha3 is None else f"urn:icatmapping:country:{alpha3}"


def _area_id(area: str) -> str:
    return f"urn:icatmapping:{'region' if area in terms('region') else 'area'}:{quote(area)}"


def _term_id(term: Term) -> str:
    return f"urn:icatmapping:{_vocabulary(term)}:{term}"


_VOCABULARY_OF: Mapping[type[Term], str] = MappingProxyType({enum: name for name, enum in VOCABULARIES.items()})


def _vocabulary(term: Term) -> str:
    return _VOCABULARY_OF[type(term)]


# What stands in some web addresses and may not in the id of a node.
_NO_IRI = str.maketrans({letter: quote(letter) for letter in '<>"{}|\\^`'})


def _address(address: str | None) -> str | None:
    return None if address is None else address.translate(_NO_IRI)


def _year(year: int | None) -> str | None:
    return None if year is None else str(year)
