"""
What is shown of a record: its facts in order, its sources with their grade, how to cite it. Knows nothing of markup.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from icatmapping.io.citations import cite
from icatmapping.model.fields import is_statement
from icatmapping.model.records import Entity, Organization, Partnership, participants
from icatmapping.model.schema import COLLECTIONS
from icatmapping.model.vocabulary import Term, terms
from icatmapping.site.context import FOLDERS, Link
from icatmapping.utils.text import join_and

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from icatmapping.model.records import Identifier, Initiative, Record, Resource
    from icatmapping.site.context import Site

__all__ = ["Fact", "Source", "describe", "facts", "line", "references", "sources"]

_ROLES = {
    "leads": "Led by",
    "partners": "With",
    "donors": "Funded by",
    "members": "Members",
    "publishers": "Published by",
}
_CODED = {
    "forms": ("Forms of exploitation", "form"),
    "responses": ("Responses", "response"),
    "themes": ("Themes", "theme"),
    "target_groups": ("For whom", "target_group"),
    "sectors": ("Sectors", "sector"),
}
_REGISTERS = {
    "doi": "https://doi.org/",
    "isni": "https://isni.org/isni/",
    "ror": "https://ror.org/",
    "wikidata": "https://www.wikidata.org/wiki/",
}


class Fact(NamedTuple):
    """
    A fact of a record.

    Attributes:
        title: What it is.
        links: Its values.
        is_list: Whether each value stands alone, as a name does, rather than in a sentence.
    """

    title: str
    links: tuple[Link, ...]
    is_list: bool = False


class Source(NamedTuple):
    """
    A page that says so.

    Attributes:
        text: Its address, or what is stated.
        address: Its address, or None if it is a statement of one's own and no page.
        grade: How it counts as evidence.
        meaning: What that means.
    """

    text: str
    address: str | None
    grade: str
    meaning: str


def facts(site: Site, record: Record) -> list[Fact]:
    """Return the facts of a record, those that are known, in the order in which they are read."""
    return [fact for fact in _facts(site, record) if fact.links]


def _facts(site: Site, record: Record) -> Iterator[Fact]:
    for role in record.roles:
        yield Fact(_ROLES[role], tuple([site.body(one) for one in getattr(record, role)]), is_list=True)
    if isinstance(record, Entity):
        yield from _of_entity(site, record)
    elif isinstance(record, Organization):
        yield from _of_organization(site, record)
    else:
        countries: tuple[str, ...] = getattr(record, "countries", ())
        yield Fact("Countries", tuple(map(site.country, countries)), is_list=True)
    regions = tuple([site.area(str(area)) for area in getattr(record, "regions", ())])
    yield Fact("Areas", regions)
    for field, (title, dimension) in _CODED.items():
        found = tuple([_term(record, dimension, term) for term in getattr(record, field, ())])
        yield Fact(title, found)
    for field, title in (("scope", "Reach"), ("status", "Status")):
        term = getattr(record, field, None)
        yield Fact(title, () if term is None else (Link(term.label),))
    for field, title in (("start", "Began"), ("end", "Ended or is to end"), ("last_seen", "Last seen at work")):
        stated = getattr(record, field, None)
        yield Fact(title, () if stated is None else (Link(str(stated)),))
    if getattr(record, "languages", ()):
        names = terms("language")
        languages: tuple[str, ...] = getattr(record, "languages", ())
        yield Fact("Languages", tuple([Link(names[code].label if code in names else code) for code in languages]))
    if isinstance(record, Partnership) and record.initiative is not None:
        yield Fact("The same undertaking", (site.record(site.ds.initiatives[record.initiative]),))
    aliases = getattr(record, "aliases", ())
    yield Fact("Also called", tuple([Link(alias) for alias in aliases]))
    yield Fact("Identifiers", tuple(map(_identifier, getattr(record, "identifiers", ()))))
    for field, title in (("url", "Page"), ("website", "Website"), ("trafficking_url", "Page on trafficking")):
        address = getattr(record, field, None)
        yield Fact(title, () if address is None else (Link(address, address),))


def _of_entity(site: Site, record: Entity) -> Iterator[Fact]:
    yield Fact("Acts under", tuple(map(Link, record.legal_basis)), is_list=True)
    if record.headquarters is not None:
        yield Fact("Seat", (site.country(record.headquarters),))
    yield Fact("Membership", (Link(record.membership.label),))
    for year, title in ((record.joined, "Joined ICAT"), (record.left, "Left ICAT")):
        yield Fact(title, () if year is None else (Link(str(year)),))
    yield Fact("Works at", tuple([Link(level.label) for level in record.levels]))


def _of_organization(site: Site, record: Organization) -> Iterator[Fact]:
    if record.country is not None:
        yield Fact("Country", (site.country(record.country),))
    for one, title in ((record.part_of, "Part of"), (record.successor, "Succeeded by")):
        yield Fact(title, () if one is None else (site.body(one),))
    if record.body_of is not None:
        yield Fact("Body of", (site.record(site.ds.partnerships[record.body_of]),))
    if record.ended is not None:
        yield Fact("Ended", (Link(str(record.ended)),))


def _term(record: Record, dimension: str, term: Term) -> Link:
    """Return a term, with a link to the records that share it."""
    listed = record.collection in ("initiatives", "partnerships", "resources")
    return Link(term.label, f"{FOLDERS[record.collection]}.html#{dimension}={term}" if listed else None)


def _identifier(identifier: Identifier) -> Link:
    register = _REGISTERS.get(str(identifier.type))
    return Link(str(identifier), None if register is None else f"{register}{identifier.value}")


def sources(site: Site, record: Record) -> list[Source]:
    """Return the pages that a record rests on, with how each counts as evidence."""
    bodies = (record.id,) if isinstance(record, Entity | Organization) else participants(record)
    wholes = site.ds.directory.with_parents(bodies)
    meanings = terms("evidence")
    found = [(source, meanings[str(site.ds.directory.grade(source, wholes))]) for source in record.sources]
    return [
        Source(source, None if is_statement(source) else source, grade.label, grade.definition)
        for source, grade in found
    ]


def references(site: Site, record: Record) -> tuple[str, str]:
    """Return how to cite a record: in words, with the mapping that it is in, and as BibTeX."""
    named = f"{COLLECTIONS[record.collection].singular} “{record.id}”"
    where = f"In: icatmapping, {site.source}, {named}."
    return f"{cite(record, ds=site.ds)}. {where}", cite(record, "bibtex", ds=site.ds)


def describe(site: Site, record: Record) -> str:
    """Return a record in a sentence or two, as search engines and messengers show it."""
    summary: str = getattr(record, "summary", "") or getattr(record, "mandate", "")
    return " ".join(part for part in (f"{line(site, record)}.", summary) if part)


def line(site: Site, record: Initiative | Partnership | Resource | Any) -> str:
    """Return in a line what a record is: its kind, when, by whom."""
    kind = getattr(record, "kind", None)
    parts = ["" if kind is None else kind.label, getattr(record, "period", ""), _by(site, record)]
    return " · ".join(part for part in parts if part)


def _by(site: Site, record: Record) -> str:
    names = [site.ds.directory.label(one) for role in record.roles[:1] for one in getattr(record, role)]
    more = [f"{len(names) - 3} other{'' if len(names) == 4 else 's'}"] if len(names) > 3 else []
    return join_and([*names[:3], *more]) if names else ""


def by_newest(records: Iterable[Any]) -> list[Any]:
    """Return records newest first; undated ones last."""
    return sorted(records, key=lambda one: (one.last_active is None, -(one.last_active or 0), one.id))
