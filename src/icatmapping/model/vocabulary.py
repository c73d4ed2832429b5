"""
The vocabularies: every term that a record may use, its label and definition, and lenient parsing of what people type.

The values are code, so that a type checker knows them; labels and definitions are read from ``vocabulary.json``
when first asked for. This module knows nothing of records.
"""

from __future__ import annotations

import json
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, Self

from icatmapping.data import bundled
from icatmapping.errors import UnknownNameError
from icatmapping.utils.text import fold, nearest, unify_spelling

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "VOCABULARIES",
    "EntityKind",
    "Evidence",
    "Form",
    "GroupingKind",
    "IdentifierType",
    "InitiativeKind",
    "Membership",
    "OrganizationKind",
    "PartnershipKind",
    "PriorityArea",
    "Region",
    "ResourceKind",
    "Response",
    "Scope",
    "Sector",
    "Status",
    "TargetGroup",
    "Term",
    "TermRecord",
    "Theme",
    "find_term",
    "parse",
    "terms",
]


class TermRecord(NamedTuple):
    """What ``vocabulary.json`` says of one term."""

    value: str
    label: str
    definition: str
    themes: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


class Term(StrEnum):
    """
    A term of a vocabulary: a string with a label and a definition.

    Examples:
        >>> Form.CHILD_TRAFFICKING.label
        'Child trafficking'
        >>> Form.parse("Child-Trafficking") is Form("child_trafficking")
        True
    """

    @property
    def label(self) -> str:
        """The term as people write it, e.g. ``"Child trafficking"``."""
        return terms(_NAME_OF[type(self)])[self.value].label

    @property
    def definition(self) -> str:
        """What the term means in this dataset."""
        return terms(_NAME_OF[type(self)])[self.value].definition

    @classmethod
    def parse(cls, value: str) -> Self:
        """
        Find a term by value or label, in any case, with spaces, hyphens or underscores.

        Raises:
            UnknownNameError: If no term of this vocabulary is called so.
        """
        return cls(parse(_NAME_OF[cls], value))


class Membership(Term):
    """How an entity belongs to ICAT."""

    STATED = "stated"
    PARTNER = "partner"
    UNCONFIRMED = "unconfirmed"


class EntityKind(Term):
    """What kind of body a member of ICAT is."""

    UN_SECRETARIAT = "un_secretariat"
    UN_FUND_OR_PROGRAMME = "un_fund_or_programme"
    UN_SPECIALIZED_AGENCY = "un_specialized_agency"
    UN_RELATED_ORGANIZATION = "un_related_organization"
    UN_RESEARCH_OR_TRAINING = "un_research_or_training"
    INTERGOVERNMENTAL_ORGANIZATION = "intergovernmental_organization"
    REGIONAL_ORGANIZATION = "regional_organization"


class OrganizationKind(Term):
    """What kind of body an organization is."""

    GOVERNMENT = "government"
    DONOR_AGENCY = "donor_agency"
    INTERNATIONAL_ORGANIZATION = "international_organization"
    REGIONAL_ORGANIZATION = "regional_organization"
    EU_BODY = "eu_body"
    NGO = "ngo"
    PRIVATE_SECTOR = "private_sector"
    ACADEMIA = "academia"
    FOUNDATION = "foundation"
    NETWORK = "network"
    OTHER = "other"
    UMBRELLA = "umbrella"
    ARMED_GROUP = "armed_group"


class Region(Term):
    """Regions, built from M49 sub-regions."""

    AFRICA = "africa"
    MIDDLE_EAST = "middle_east"
    EUROPE = "europe"
    CENTRAL_ASIA = "central_asia"
    ASIA_PACIFIC = "asia_pacific"
    LATIN_AMERICA_CARIBBEAN = "latin_america_caribbean"
    NORTH_AMERICA = "north_america"


class Scope(Term):
    """How far an undertaking reaches."""

    GLOBAL = "global"
    REGIONAL = "regional"
    NATIONAL = "national"


class Form(Term):
    """Forms of exploitation that trafficking serves."""

    SEXUAL_EXPLOITATION = "sexual_exploitation"
    LABOUR_EXPLOITATION = "labour_exploitation"
    DOMESTIC_SERVITUDE = "domestic_servitude"
    DEBT_BONDAGE = "debt_bondage"
    CHILD_TRAFFICKING = "child_trafficking"
    FORCED_MARRIAGE = "forced_marriage"
    FORCED_BEGGING = "forced_begging"
    FORCED_CRIMINALITY = "forced_criminality"
    ORGAN_REMOVAL = "organ_removal"
    ARMED_CONFLICT_EXPLOITATION = "armed_conflict_exploitation"


class Response(Term):
    """Kinds of response."""

    TECHNICAL_ASSISTANCE = "technical_assistance"
    NORMATIVE_POLICY = "normative_policy"
    KNOWLEDGE_DEVELOPMENT = "knowledge_development"
    CAPACITY_BUILDING = "capacity_building"
    DIRECT_ASSISTANCE = "direct_assistance"
    AWARENESS_RAISING = "awareness_raising"
    OPERATIONAL_COOPERATION = "operational_cooperation"
    DATA_COLLECTION = "data_collection"
    COORDINATION = "coordination"
    GRANT_MAKING = "grant_making"


class Theme(Term):
    """What the work is about."""

    PREVENTION = "prevention"
    PROTECTION = "protection"
    PROSECUTION = "prosecution"
    PARTNERSHIP = "partnership"
    VICTIM_IDENTIFICATION = "victim_identification"
    NATIONAL_REFERRAL = "national_referral"
    ACCESS_TO_JUSTICE = "access_to_justice"
    NON_PUNISHMENT = "non_punishment"
    SURVIVOR_INCLUSION = "survivor_inclusion"
    DEMAND_REDUCTION = "demand_reduction"
    SUPPLY_CHAINS = "supply_chains"
    PUBLIC_PROCUREMENT = "public_procurement"
    FAIR_RECRUITMENT = "fair_recruitment"
    TECHNOLOGY = "technology"
    FINANCIAL_INVESTIGATION = "financial_investigation"
    TRANSPORT_BORDERS = "transport_borders"
    MIGRATION = "migration"
    ASYLUM_REFUGEES = "asylum_refugees"
    HUMANITARIAN_CONFLICT = "humanitarian_conflict"
    PEACEKEEPING = "peacekeeping"
    TERRORISM_NEXUS = "terrorism_nexus"
    GENDER = "gender"
    CHILD_PROTECTION = "child_protection"
    EDUCATION = "education"
    HEALTH = "health"
    DATA_RESEARCH = "data_research"
    INTERNATIONAL_LEGAL_COOPERATION = "international_legal_cooperation"
    LEGISLATION = "legislation"
    NATIONAL_POLICY = "national_policy"
    CORRUPTION = "corruption"
    CLIMATE = "climate"
    SUSTAINABLE_DEVELOPMENT = "sustainable_development"
    COVID19 = "covid19"


class TargetGroup(Term):
    """For whom the work is meant."""

    LAW_ENFORCEMENT = "law_enforcement"
    PROSECUTORS_JUDGES = "prosecutors_judges"
    BORDER_OFFICIALS = "border_officials"
    LABOUR_INSPECTORS = "labour_inspectors"
    POLICYMAKERS = "policymakers"
    PARLIAMENTARIANS = "parliamentarians"
    CIVIL_SOCIETY = "civil_society"
    EMPLOYERS_BUSINESS = "employers_business"
    WORKERS_ORGANIZATIONS = "workers_organizations"
    VICTIMS_SURVIVORS = "victims_survivors"
    CHILDREN_YOUTH = "children_youth"
    WOMEN_GIRLS = "women_girls"
    MIGRANTS = "migrants"
    REFUGEES_DISPLACED = "refugees_displaced"
    HEALTH_WORKERS = "health_workers"
    SOCIAL_WORKERS = "social_workers"
    EDUCATORS = "educators"
    CONSULAR_STAFF = "consular_staff"
    PEACEKEEPERS_MILITARY = "peacekeepers_military"
    TRANSPORT_WORKERS = "transport_workers"
    LAWYERS = "lawyers"
    MEDIA = "media"
    RESEARCHERS = "researchers"
    GENERAL_PUBLIC = "general_public"


class PartnershipKind(Term):
    """What kind of multi-stakeholder body a partnership is."""

    COORDINATION_MECHANISM = "coordination_mechanism"
    ALLIANCE = "alliance"
    PLATFORM = "platform"
    NETWORK = "network"
    JOINT_PROGRAMME = "joint_programme"
    PUBLIC_PRIVATE = "public_private"
    AGREEMENT = "agreement"
    FUND = "fund"


class ResourceKind(Term):
    """What kind of publication a resource is."""

    TECHNICAL_TOOL = "technical_tool"
    TRAINING = "training"
    GUIDELINE = "guideline"
    RESEARCH = "research"
    GLOBAL_REPORT = "global_report"
    ISSUE_BRIEF = "issue_brief"
    POLICY_DOCUMENT = "policy_document"
    LEGAL_INSTRUMENT = "legal_instrument"
    DATASET = "dataset"
    DATABASE = "database"


class InitiativeKind(Term):
    """What kind of undertaking an initiative is."""

    PROGRAMME = "programme"
    PROJECT = "project"
    OPERATION = "operation"
    CAMPAIGN = "campaign"
    EVENT = "event"
    INSTRUMENT = "instrument"
    RESEARCH = "research"
    SERVICE = "service"


class Sector(Term):
    """An economic sector in which people are exploited, or which a record is about."""

    FISHING = "fishing"
    DOMESTIC_WORK = "domestic_work"
    AGRICULTURE = "agriculture"
    CONSTRUCTION = "construction"
    GARMENTS_TEXTILES = "garments_textiles"
    BRICK_KILNS = "brick_kilns"
    MINING = "mining"
    MANUFACTURING = "manufacturing"
    HOSPITALITY = "hospitality"
    ENTERTAINMENT = "entertainment"
    CARE = "care"
    TRANSPORT = "transport"
    FORESTRY = "forestry"
    ONLINE_SCAMS = "online_scams"
    BEGGING = "begging"
    SPORT = "sport"
    OTHER = "other"


class GroupingKind(Term):
    """What kind of grouping of countries a grouping is."""

    ORGANIZATION = "organization"
    PROCESS = "process"
    AREA = "area"


class Status(Term):
    """Whether an initiative goes on."""

    ONGOING = "ongoing"
    COMPLETED = "completed"
    UNKNOWN = "unknown"


class PriorityArea(Term):
    """Priority areas of ICAT's Analytical Review of December 2020, each grouping themes."""

    EVIDENCE_BASE = "evidence_base"
    CORE_DRIVERS = "core_drivers"
    RIGHTS_BASED_APPROACH = "rights_based_approach"
    IMPLEMENTATION_ACCOUNTABILITY = "implementation_accountability"
    DEMAND = "demand"
    PARTNERSHIPS = "partnerships"

    @property
    def themes(self) -> tuple[Theme, ...]:
        """The themes that the priority area groups."""
        return tuple(Theme(value) for value in terms("priority_area")[self.value].themes)


class IdentifierType(Term):
    """By what scheme an identifier names a body or a publication."""

    DOCUMENT_SYMBOL = "document_symbol"
    DOI = "doi"
    IATI = "iati"
    ISBN = "isbn"
    ISNI = "isni"
    ISSN = "issn"
    ROR = "ror"
    WIKIDATA = "wikidata"


class Evidence(Term):
    """The best grade among the sources of a record, best first."""

    OWN = "own"
    OFFICIAL = "official"
    OTHER = "other"
    MIRROR = "mirror"
    UNPUBLISHED = "unpublished"


VOCABULARIES: Mapping[str, type[Term]] = MappingProxyType(
    {
        "membership": Membership,
        "entity_kind": EntityKind,
        "organization_kind": OrganizationKind,
        "region": Region,
        "scope": Scope,
        "form": Form,
        "response": Response,
        "theme": Theme,
        "target_group": TargetGroup,
        "partnership_kind": PartnershipKind,
        "resource_kind": ResourceKind,
        "initiative_kind": InitiativeKind,
        "sector": Sector,
        "grouping_kind": GroupingKind,
        "status": Status,
        "priority_area": PriorityArea,
        "evidence": Evidence,
        "identifier_type": IdentifierType,
    }
)
_NAME_OF: dict[type[Term], str] = {enum: name for name, enum in VOCABULARIES.items()}


def terms(vocabulary: str) -> Mapping[str, TermRecord]:
    """
    List the terms of a vocabulary with their labels and definitions, by value.

    Besides the enumerations of this module there are ``"subregion"`` (M49) and ``"language"`` (ISO 639-1).

    Raises:
        UnknownNameError: If there is no such vocabulary.

    Examples:
        >>> terms("language")["fr"].label
        'French'
    """
    try:
        return _terms()[vocabulary]
    except KeyError:
        raise UnknownNameError(
            vocabulary, "vocabulary", nearest(vocabulary, _terms()), valid=sorted(_terms())
        ) from None


def parse(vocabulary: str, value: object) -> str:
    """
    Find the value of a term by value, label or alias, in any case, with spaces, hyphens or underscores; then by a
    beginning of four letters or more that only one term has.

    Raises:
        UnknownNameError: If the vocabulary has no such term; with the nearest ones, and all if they are not many.

    Examples:
        >>> parse("theme", "Child protection")
        'child_protection'
        >>> parse("language", "French")
        'fr'
    """
    found = find_term(vocabulary, value)
    if found is None:
        kind = vocabulary.replace("_", " ")
        if not isinstance(value, str):
            raise UnknownNameError(value, kind, valid=_nearest_first(vocabulary, ""))
        raise UnknownNameError(value, kind, lambda: _near(vocabulary, value), valid=_nearest_first(vocabulary, value))
    return found


def find_term(vocabulary: str, value: object, *, beginnings: bool = True) -> str | None:
    """
    Return the value of the term that is called so, as `parse` does, or None if there is none.

    Args:
        vocabulary: The name of the vocabulary.
        value: What people type.
        beginnings: Whether a beginning stands for the whole.
    """
    enum = VOCABULARIES.get(vocabulary)
    if not isinstance(value, str):
        return None
    if enum is not None:
        member = enum._value2member_map_.get(value)
        if member is not None:
            return str(member)
    key = _key(value[:MAX_WORD])
    names = _names(vocabulary)
    found = names.get(key)
    if found is None and beginnings and len(key) >= _BEGINNING:
        begun = {names[name] for name in names if name.startswith(key)}
        found = begun.pop() if len(begun) == 1 else None
    return found


MAX_WORD = 200
"""How many characters of what people type are looked at."""
_BEGINNING = 4
_MOST_LISTED = 40


def _key(name: str) -> str:
    return unify_spelling(fold(name)).replace(" and ", " ")


def _near(vocabulary: str, value: str) -> list[str]:
    """Return the values of the terms whose value, label or alias is nearest to a text."""
    names = {name: one.value for one in terms(vocabulary).values() for name in (one.value, one.label, *one.aliases)}
    return list(dict.fromkeys(names[name] for name in nearest(value, names)))


def _nearest_first(vocabulary: str, value: str) -> list[str]:
    """Return every value of a vocabulary, the nearest to a text first; none if they are too many to be read."""
    values = list(terms(vocabulary))
    return [] if len(values) > _MOST_LISTED else list(dict.fromkeys([*_near(vocabulary, value), *values]))


@cache
def _names(vocabulary: str) -> dict[str, str]:
    """Return the value of the term that each name stands for; a value or label goes before an alias."""
    records = terms(vocabulary).values()
    names = {_key(alias): record.value for record in records for alias in record.aliases}
    labels = {_key(record.label): record.value for record in records}
    return names | labels | {_key(record.value): record.value for record in records}


@cache
def _terms() -> dict[str, Mapping[str, TermRecord]]:
    found: dict[str, dict[str, TermRecord]] = {}
    for term in json.loads(bundled("vocabulary.json")):
        facts = (term["value"], term["label"], term["definition"])
        record = TermRecord(*facts, tuple(term["themes"]), tuple(term["aliases"]))
        found.setdefault(term["vocabulary"], {})[record.value] = record
    return {name: MappingProxyType(by_value) for name, by_value in found.items()}
