"""
The pages of records: initiatives, partnerships, resources, members and organizations, and the static lists of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from icatmapping.io.jsonld import to_jsonld
from icatmapping.model.articles import in_sentence
from icatmapping.model.records import Initiative, Organization
from icatmapping.model.schema import COLLECTIONS, LOCATED
from icatmapping.network.affiliations import Affiliations, collect_events
from icatmapping.site.context import FOLDERS, Link
from icatmapping.site.facts import by_newest, describe, facts, line, references, sources
from icatmapping.statistics.portfolio import portfolio

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from icatmapping.model.records import Entity, Record
    from icatmapping.site.context import Site

__all__ = ["Row", "rows", "write_bodies", "write_list", "write_records"]

PER_PAGE = 50
"""How many records are on a page of a list."""
FIRST = 20
"""How many records of a list are on the page of whoever it belongs to."""
_TIES = 20


class Row(NamedTuple):
    """
    A record in a list.

    Attributes:
        link: Its name and page.
        line: What it is, when, by whom.
        places: Where.
    """

    link: Link
    line: str
    places: str


def rows(site: Site, records: Iterable[Record]) -> list[Row]:
    """Return records as lists show them."""
    return [Row(site.record(record), line(site, record), _places(site, record)) for record in records]


def _places(site: Site, record: Record) -> str:
    names = [site.country(alpha3).text for alpha3 in getattr(record, "countries", ())]
    if isinstance(record, Organization):
        names = [site.country(record.country).text] if record.country else []
    elif record.collection in LOCATED:
        names += [site.area(str(area)).text for area in record.regions]
    return ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")


def write_list(site: Site, name: str, records: Sequence[Record], *, title: str, description: str, **values: Any) -> int:
    """
    Write a list of records, in as many pages as it takes: ``name.html``, ``name--2.html`` and so on.

    Returns:
        The number of pages.
    """
    pages = max(1, -(-len(records) // PER_PAGE))
    names = [f"{name}.html", *[f"{name}--{number}.html" for number in range(2, pages + 1)]]
    for number, page in enumerate(names, start=1):
        part = records[(number - 1) * PER_PAGE : number * PER_PAGE]
        site.page(
            page,
            "list.html",
            title=title if number == 1 else f"{title}, page {number}",
            description=description,
            rows=rows(site, part),
            start=(number - 1) * PER_PAGE + 1,
            total=len(records),
            number=number,
            pages=names,
            **{"collection": None, "intro": description, "jsonld": None, **values},
        )
    return pages


def _nodes(site: Site, collection: str) -> dict[str, dict[str, Any]]:
    """Return the linked data of each record of a collection, by id, without what surrounds it."""
    records = site.ds.collection(collection)
    document = to_jsonld(records)
    nodes = document["@graph"][: len(records)]
    context = document["@context"]
    return {record.id: {"@context": context, **node} for record, node in zip(records, nodes, strict=True)}


def write_records(site: Site, collection: str) -> None:
    """Write the page and the JSON of every record of a collection in which others take part."""
    nodes = _nodes(site, collection)
    twins = {one.initiative: one for one in site.ds.partnerships if one.initiative is not None}
    for record in site.ds.collection(collection):
        twin = twins.get(record.id) if isinstance(record, Initiative) else None
        _write_record(site, record, nodes[record.id], None if twin is None else site.record(twin))


def _write_record(site: Site, record: Record, node: dict[str, Any], twin: Link | None) -> None:
    path = site.path(record)
    site.json(path.replace(".html", ".json"), record.to_dict())
    site.page(
        path,
        "record.html",
        title=record.label,
        description=describe(site, record),
        record=record,
        line=line(site, record),
        summary=getattr(record, "summary", ""),
        facts=facts(site, record),
        sources=sources(site, record),
        citation=references(site, record),
        twin=twin,
        kind=COLLECTIONS[record.collection].singular,
        jsonld=node,
    )


# --- bodies ----------------------------------------------------------------------------------------------------------


TakingPart: TypeAlias = "dict[tuple[str, str, str], list[Record]]"
"""What everybody takes part in, by collection, role and id."""


class Part(NamedTuple):
    """
    What somebody takes part in, in one role.

    Attributes:
        title: In which role.
        rows: The first of them, newest first.
        total: How many there are.
        href: The page on which all are, or None if all are here.
    """

    title: str
    rows: list[Row]
    total: int
    href: str | None


_PARTS = (
    ("initiatives", "leads", "Initiatives that it leads", "leads"),
    ("initiatives", "partners", "Initiatives in which it is a partner", "partner"),
    ("initiatives", "donors", "Initiatives that it funds", "funds"),
    ("partnerships", "members", "Partnerships", "partnerships"),
    ("resources", "publishers", "Publications", "publications"),
)


def write_bodies(site: Site, collection: str) -> None:
    """Write the page of every entity or organization."""
    nodes = _nodes(site, collection)
    taking_part = _index(site)
    children: dict[str, list[Organization]] = {}
    for organization in site.ds.organizations:
        if organization.part_of is not None:
            children.setdefault(organization.part_of, []).append(organization)
    network = Affiliations(collect_events(site.ds, criteria={})) if collection == "entities" else None
    for body in site.ds.collection(collection):
        site.json(site.path(body).replace(".html", ".json"), body.to_dict())
        site.page(
            site.path(body),
            "body.html",
            title=body.name,
            description=describe(site, body) if collection == "entities" else _told(site, body, taking_part),
            record=body,
            line=_line(body),
            summary=getattr(body, "mandate", ""),
            facts=facts(site, body),
            sources=sources(site, body),
            citation=references(site, body),
            parts_=_parts(site, body, taking_part),
            children=[site.body(one.id) for one in children.get(body.id, ())],
            kind=COLLECTIONS[collection].singular,
            jsonld=nodes[body.id],
            **_member(site, body, network),
        )


def _index(site: Site) -> TakingPart:
    """Return what everybody takes part in, by collection, role and id."""
    found: TakingPart = {}
    for collection, role, _, _ in _PARTS:
        for record in site.ds.collection(collection):
            for one in getattr(record, role):
                found.setdefault((collection, role, one), []).append(record)
    return found


def _parts(site: Site, body: Entity | Organization, taking_part: TakingPart) -> list[Part]:
    found: list[Part] = []
    for collection, role, title, word in _PARTS:
        records = by_newest(taking_part.get((collection, role, body.id), ()))
        if not records:
            continue
        href = None
        if len(records) > FIRST:
            name = f"{FOLDERS[body.collection]}/{body.id}--{word}"
            href = f"{name}.html"
            label = site.ds.directory.label(body.id)
            heading = f"{label}: {title[0].lower()}{title[1:]}"
            told = f"{heading}, newest first."
            write_list(site, name, records, title=heading, description=told, up=site.body(body.id))
        found.append(Part(title, rows(site, records[:FIRST]), len(records), href))
    return found


def _line(body: Entity | Organization) -> str:
    return " · ".join(part for part in (body.acronym, body.kind.label) if part)


def _told(site: Site, body: Organization, taking_part: TakingPart) -> str:
    held = [taking_part.get((collection, role, body.id), ()) for collection, role, _, _ in _PARTS]
    number = len({(record.collection, record.id) for records in held for record in records})
    where = f" in {in_sentence(site.country(body.country).text)}" if body.country else ""
    return f"{body.name}: {body.kind.label}{where}. It takes part in {number} of the records of the mapping."


class Tie(NamedTuple):
    """
    Somebody that a member works with.

    Attributes:
        link: Who it is.
        records: How many initiatives and partnerships they share.
        first: The first year of these, or None.
        last: The last year, or None.
    """

    link: Link
    records: int
    first: int | None
    last: int | None


def _member(site: Site, body: Entity | Organization, network: Affiliations | None) -> dict[str, Any]:
    """Return what only the pages of members show: what it works on, where, and with whom."""
    if network is None:
        return {"themes": None, "places": None, "ties": []}
    by_theme = portfolio(site.ds, body.id, on="theme")
    by_country = portfolio(site.ds, body.id, on="country")
    ties: list[Tie] = []
    if body.id in network.events_of:
        found = [
            Tie(site.body(other), len(network.shared_events(body.id, other)), tie.first_active, tie.last_active)
            for other, tie in network.ties(body.id).items()
        ]
        ties = sorted(found, key=lambda tie: (-tie.records, tie.link.text))[:_TIES]
    return {
        "themes": by_theme,
        "places": [(site.country(str(row.cell[0])), row) for row in by_country.rows],
        "ties": ties,
    }
