"""
The records of the mapping: one frozen, slotted class per kind, with its fields in the order of the data files.

A field's type says what may stand in it (an id, a country code, a year and month …); loading checks that.
This module knows nothing of files.
"""

# Annotations are evaluated here on purpose: loading reads them.
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar, TypeAlias

from attrs import field, frozen

from icatmapping.model.fields import Address, Alpha3, Area, Date, Id, Language, Month, Source, Text, Year
from icatmapping.model.record import BaseRecord, Identifier
from icatmapping.model.time import Span, describe_period, known_span, possible_span
from icatmapping.model.vocabulary import (
    EntityKind,
    Form,
    GroupingKind,
    InitiativeKind,
    Membership,
    OrganizationKind,
    PartnershipKind,
    Region,
    ResourceKind,
    Response,
    Scope,
    Sector,
    Status,
    TargetGroup,
    Theme,
)
from icatmapping.utils.representation import Displayable

__all__ = [
    "RECORD_CLASSES",
    "Country",
    "Entity",
    "Finding",
    "Grouping",
    "Host",
    "Identifier",
    "Initiative",
    "Organization",
    "Partnership",
    "Record",
    "Resource",
    "participants",
]


@frozen(repr=False)
class Entity(BaseRecord):
    """
    A member of ICAT.

    Attributes:
        id: Its id, e.g. ``"unodc"``.
        acronym: Its acronym, e.g. ``"UNODC"``.
        name: Its full name.
        aliases: Other names that it goes by.
        kind: What kind of body it is.
        headquarters: The country of its seat (alpha-3), or None if no source says.
        website: Its website.
        trafficking_url: Its page on trafficking in persons, or None.
        membership: Whether a source states that it is a member of ICAT.
        joined: The year in which it joined ICAT, or None if no source says.
        left: The year in which it left, or None.
        mandate: What it is to do against trafficking, in our words.
        legal_basis: The instruments that it acts under.
        levels: At which levels it works.
        regions: In which regions it works.
        themes: What its work is about.
        forms: Which forms of exploitation it works on.
        responses: How it responds.
        target_groups: For whom.
        sources: Addresses of the pages that say so; in records of one's own also statements (``"internal: register"``).
        checked: When they were last read (YYYY-MM).
        former_ids: Ids that this record had, or of records merged into it.
        identifiers: What it is called in registers that its sources name (ROR, ISBN …); a file may leave it out.
    """

    collection: ClassVar[str] = "entities"

    id: Id
    acronym: Text
    name: Text
    aliases: tuple[Text, ...]
    kind: EntityKind
    headquarters: Alpha3 | None
    website: Address
    trafficking_url: Address | None
    membership: Membership
    joined: Year | None
    left: Year | None
    mandate: Text
    legal_basis: tuple[Text, ...]
    levels: tuple[Scope, ...]
    regions: tuple[Region, ...]
    themes: tuple[Theme, ...]
    forms: tuple[Form, ...]
    responses: tuple[Response, ...]
    target_groups: tuple[TargetGroup, ...]
    sources: tuple[Source, ...]
    checked: Month
    former_ids: tuple[Id, ...] = field(default=())
    identifiers: tuple[Identifier, ...] = field(default=(), metadata={"optional": True})


@frozen(repr=False)
class Organization(BaseRecord):
    """
    Anyone else that takes part: a government, an NGO, a company, an intergovernmental body that is no member of ICAT.

    Attributes:
        id: Its id, e.g. ``"la-strada-international"``.
        acronym: Its acronym, or None.
        name: Its name.
        aliases: Other names that it goes by.
        kind: What kind of body it is.
        country: The country that it belongs to (alpha-3), or None if it belongs to none or no source says.
        website: Its website, or None.
        part_of: The id of the entity or organization whose organ it is, or None.
        ended: The year in which it ceased to exist, or None if it exists or no source says.
        successor: The id of the body that took its place, or None.
        body_of: The id of the partnership whose own body it is (its secretariat, the alliance as an actor), or None.
        sources: Addresses of the pages that say so; in records of one's own also statements (``"internal: register"``).
        checked: When they were last read (YYYY-MM).
        former_ids: Ids that this record had, or of records merged into it.
        identifiers: What it is called in registers that its sources name (ROR, ISBN …); a file may leave it out.
    """

    collection: ClassVar[str] = "organizations"

    id: Id
    acronym: Text | None
    name: Text
    aliases: tuple[Text, ...]
    kind: OrganizationKind
    country: Alpha3 | None
    website: Address | None
    part_of: Id | None
    ended: Year | None = field(metadata={"optional": True})
    successor: Id | None = field(metadata={"optional": True})
    body_of: Id | None
    sources: tuple[Source, ...]
    checked: Month
    former_ids: tuple[Id, ...] = field(default=())
    identifiers: tuple[Identifier, ...] = field(default=(), metadata={"optional": True})


@frozen(repr=False)
class Initiative(BaseRecord):
    """
    A programme, project, operation, campaign, event or the like.

    Attributes:
        id: Its id, e.g. ``"50-for-freedom"``.
        title: Its title as published.
        acronym: Its acronym, or None.
        summary: What it does, in our words.
        kind: What kind of undertaking it is, or None if nobody has said.
        leads: Ids of those that run it.
        partners: Ids of those that implement it or co-operate in it.
        donors: Ids of those that fund it.
        scope: How far it reaches.
        countries: Where it is carried out (alpha-3).
        regions: Areas that its sources name: regions, M49 sub-regions, groupings by id.
        forms: Forms of exploitation that its sources speak of.
        responses: Kinds of response.
        themes: What it is about.
        target_groups: For whom it is meant.
        sectors: The economic sectors that its sources speak of.
        start: When it began (YYYY or YYYY-MM), or None if no source says.
        end: When it ended or is to end (YYYY or YYYY-MM), or None.
        status: Whether it goes on.
        last_seen: The latest time for which a source says that it was going on (YYYY or YYYY-MM), or None.
        url: The page on this very thing of a body that takes part or of an official body, or None.
        sources: Addresses of the pages that say so; in records of one's own also statements (``"internal: register"``).
        checked: When they were last read (YYYY-MM).
        former_ids: Ids that this record had, or of records merged into it.
    """

    collection: ClassVar[str] = "initiatives"
    roles: ClassVar[tuple[str, ...]] = ("leads", "partners", "donors")

    id: Id
    title: Text
    acronym: Text | None
    summary: Text
    kind: InitiativeKind | None = field(metadata={"optional": True})
    leads: tuple[Id, ...]
    partners: tuple[Id, ...]
    donors: tuple[Id, ...]
    scope: Scope
    countries: tuple[Alpha3, ...]
    regions: tuple[Area, ...]
    forms: tuple[Form, ...]
    responses: tuple[Response, ...]
    themes: tuple[Theme, ...]
    target_groups: tuple[TargetGroup, ...]
    sectors: tuple[Sector, ...] = field(metadata={"optional": True})
    start: Date | None
    end: Date | None
    status: Status
    last_seen: Date | None = field(metadata={"optional": True})
    url: Address | None
    sources: tuple[Source, ...]
    checked: Month
    former_ids: tuple[Id, ...] = field(default=())

    @property
    def known_span(self) -> Span | None:
        """The years in which it is known to have been active, or None if it is undated."""
        return known_span(self.start, self.end, self.last_seen, self.status, self.checked)

    @property
    def possible_span(self) -> Span:
        """The years in which it may have been active."""
        return possible_span(self.start, self.end, self.status, self.checked)

    @property
    def period(self) -> str:
        """In words, when it was active, e.g. ``"2015–2019"``, ``"2020, going on"``."""
        return describe_period(self.start, self.end, self.last_seen, self.status)


@frozen(repr=False)
class Partnership(BaseRecord):
    """
    A multi-stakeholder body: an alliance, a platform, a co-ordination mechanism, an agreement, a joint programme.

    Attributes:
        id: Its id, e.g. ``"alliance-8-7"``.
        name: Its name as published.
        acronym: Its acronym, or None.
        kind: What kind of body it is.
        summary: What it does, in our words.
        members: Ids of those that belong to it.
        scope: How far it reaches.
        countries: Where it works (alpha-3).
        regions: Areas that its sources name: regions, M49 sub-regions, groupings by id.
        forms: Forms of exploitation that its sources speak of.
        responses: Kinds of response.
        themes: What it is about.
        target_groups: For whom it works.
        sectors: The economic sectors that its sources speak of.
        start: When it was set up (YYYY or YYYY-MM), or None if no source says.
        end: When it ended (YYYY or YYYY-MM), or None.
        last_seen: The latest time for which a source says that it was at work (YYYY or YYYY-MM), or None.
        initiative: The id of the initiative that is the same undertaking, or None.
        url: The page on this very thing of a body that takes part or of an official body, or None.
        sources: Addresses of the pages that say so; in records of one's own also statements (``"internal: register"``).
        checked: When they were last read (YYYY-MM).
        former_ids: Ids that this record had, or of records merged into it.
    """

    collection: ClassVar[str] = "partnerships"
    roles: ClassVar[tuple[str, ...]] = ("members",)

    id: Id
    name: Text
    acronym: Text | None
    kind: PartnershipKind
    summary: Text
    members: tuple[Id, ...]
    scope: Scope
    countries: tuple[Alpha3, ...]
    regions: tuple[Area, ...]
    forms: tuple[Form, ...]
    responses: tuple[Response, ...]
    themes: tuple[Theme, ...]
    target_groups: tuple[TargetGroup, ...]
    sectors: tuple[Sector, ...] = field(metadata={"optional": True})
    start: Date | None = field(metadata={"optional": True})
    end: Date | None = field(metadata={"optional": True})
    last_seen: Date | None = field(metadata={"optional": True})
    initiative: Id | None
    url: Address | None
    sources: tuple[Source, ...]
    checked: Month
    former_ids: tuple[Id, ...] = field(default=())

    @property
    def known_span(self) -> Span | None:
        """The years in which it is known to have been at work, or None if it is undated."""
        return known_span(self.start, self.end, self.last_seen)

    @property
    def possible_span(self) -> Span:
        """The years in which it may have been at work."""
        return possible_span(self.start, self.end)

    @property
    def period(self) -> str:
        """In words, when it was at work, e.g. ``"2015–2019"``, ``"from 2016, end not stated"``."""
        return describe_period(self.start, self.end, self.last_seen)


@frozen(repr=False)
class Resource(BaseRecord):
    """
    A publication: a technical tool, a guideline, research, a policy document.

    Attributes:
        id: Its id.
        title: Its title as published.
        kind: What kind of publication it is.
        publishers: Ids of those that published it.
        year: The year of publication, or None if no source says.
        languages: The languages in which it is available (ISO 639-1).
        forms: Forms of exploitation that it speaks of.
        themes: What it is about.
        target_groups: For whom it is written.
        sectors: The economic sectors that it speaks of.
        countries: The countries that it is about (alpha-3).
        regions: The areas that it is about: regions, M49 sub-regions, groupings by id.
        url: Where to find it, or None.
        sources: Addresses of the pages that say so; in records of one's own also statements (``"internal: register"``).
        checked: When they were last read (YYYY-MM).
        former_ids: Ids that this record had, or of records merged into it.
        identifiers: What it is called in registers that its sources name (ROR, ISBN …); a file may leave it out.
    """

    collection: ClassVar[str] = "resources"
    roles: ClassVar[tuple[str, ...]] = ("publishers",)

    id: Id
    title: Text
    kind: ResourceKind
    publishers: tuple[Id, ...]
    year: Year | None
    languages: tuple[Language, ...]
    forms: tuple[Form, ...]
    themes: tuple[Theme, ...]
    target_groups: tuple[TargetGroup, ...]
    sectors: tuple[Sector, ...] = field(metadata={"optional": True})
    countries: tuple[Alpha3, ...]
    regions: tuple[Area, ...]
    url: Address | None
    sources: tuple[Source, ...]
    checked: Month
    former_ids: tuple[Id, ...] = field(default=())
    identifiers: tuple[Identifier, ...] = field(default=(), metadata={"optional": True})

    @property
    def known_span(self) -> Span | None:
        """The year of publication, as a span, or None if it is undated."""
        return None if self.year is None else Span(self.year, self.year)

    @property
    def possible_span(self) -> Span:
        """The year of publication, as a span; every year if none is stated."""
        return Span(self.year, self.year)

    @property
    def period(self) -> str:
        """The year of publication in words."""
        return "undated" if self.year is None else str(self.year)


@frozen(repr=False)
class Finding(BaseRecord):
    """
    A statement that ICAT published in 2021 about its own mapping.

    Attributes:
        id: Its id.
        statement: What was stated, in our words.
        dimension: The dimension that it speaks of, or None if it is none of this library's.
        values: The values of the dimension that it names.
        sources: Addresses of the pages that say so; in records of one's own also statements (``"internal: register"``).
    """

    collection: ClassVar[str] = "findings"

    id: Id
    statement: Text
    dimension: Text | None
    values: tuple[Text, ...]
    sources: tuple[Source, ...]


@frozen(repr=False)
class Grouping(BaseRecord):
    """
    Countries that people speak of together: an intergovernmental organization, a consultative process, an area.

    Attributes:
        id: Its id, e.g. ``"western-balkans"``, by which the ``regions`` of records name it.
        name: Its name.
        aliases: Other names that it goes by.
        kind: What kind of grouping it is.
        members: The countries that it consists of (alpha-3).
        sources: Addresses of the pages that say so; in records of one's own also statements (``"internal: register"``).
        checked: When they were last read (YYYY-MM).
    """

    collection: ClassVar[str] = "groupings"

    id: Id
    name: Text
    aliases: tuple[Text, ...]
    kind: GroupingKind
    members: tuple[Alpha3, ...]
    sources: tuple[Source, ...]
    checked: Month


@frozen(repr=False)
class Host(BaseRecord):
    """
    A host of web pages, and how its pages count as evidence.

    Attributes:
        host: The host; it stands for its subdomains as well.
        owner: The id of the entity or organization whose site it is, or None.
        grade: How a page there counts: ``"official"``, ``"other"`` or ``"mirror"``.
    """

    collection: ClassVar[str] = "hosts"

    host: Text
    owner: Id | None
    grade: Text


Record: TypeAlias = Entity | Organization | Initiative | Partnership | Resource


RECORD_CLASSES: Mapping[str, type[Any]] = MappingProxyType(
    {
        record_class.collection: record_class
        for record_class in (Entity, Organization, Initiative, Partnership, Resource, Host, Finding, Grouping)
    }
)
"""The class of the records of every collection that packages bring."""


@frozen(slots=True, repr=False)
class Country(Displayable):
    """
    A country or territory of ISO 3166-1, or Kosovo.

    Attributes:
        alpha3: The ISO 3166-1 alpha-3 code (``"XKX"`` for Kosovo, which ISO has no code for).
        alpha2: The alpha-2 code (``"XK"`` for Kosovo).
        m49: The three-digit code of M49 and ISO 3166-1, e.g. ``"004"``; none for Kosovo.
        name: The short English name in common use. No two countries share it.
        aliases: Other names: official, former, abbreviated, in other languages. None means another country as well.
        subregion: The M49 sub-region, e.g. ``"Western Africa"``; none for Antarctica.
        region: The region by which the mapping groups countries, e.g. ``"africa"``; none for Antarctica.

    Examples:
        >>> from icatmapping import country
        >>> nigeria = country("Nigeria")
        >>> nigeria.alpha3, nigeria.m49, nigeria.subregion, nigeria.region
        ('NGA', '566', 'Western Africa', 'africa')
        >>> print(nigeria)
        Nigeria
    """

    alpha3: str
    alpha2: str
    m49: str | None
    name: str
    aliases: tuple[str, ...]
    subregion: str | None
    region: str | None

    def __str__(self) -> str:
        return self.name

    def _repr_summary(self) -> str:
        return f" {self.alpha3!r}: {self.name}"


def participants(record: Record, *, donors: bool = False) -> tuple[str, ...]:
    """
    Return the ids of those that take part in a record, each once.

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
    roles = [role for role in record.roles if donors or role != "donors"]
    return tuple(dict.fromkeys([body for role in roles for body in getattr(record, role)]))
