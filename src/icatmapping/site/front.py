"""
The pages that lead to all others: home, the lists, what the words mean, about, and the one for what is not there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from icatmapping.io.jsonld import to_jsonld
from icatmapping.model import geography
from icatmapping.model.schema import LOCATED
from icatmapping.model.vocabulary import terms
from icatmapping.plots.outlines import ENDORSEMENT
from icatmapping.query.dimensions import DIMENSIONS
from icatmapping.site.context import FOLDERS
from icatmapping.site.facts import by_newest
from icatmapping.site.records import rows, write_list
from icatmapping.site.tables import facets_of
from icatmapping.site.world import draw_world
from icatmapping.statistics.coverage import coverage
from icatmapping.statistics.timeline import timeline

if TYPE_CHECKING:
    from icatmapping.site.context import Site

__all__ = ["write_front"]

_TITLES = {
    "initiatives": ("Initiatives", "Programmes, projects, operations, campaigns and events, newest first."),
    "partnerships": ("Partnerships", "Alliances, platforms, co-ordination bodies and agreements, newest first."),
    "resources": ("Resources", "Tools, guidelines, research and other publications, newest first."),
}
_VOCABULARIES = (
    "form",
    "response",
    "theme",
    "target_group",
    "sector",
    "scope",
    "status",
    "initiative_kind",
    "partnership_kind",
    "resource_kind",
    "organization_kind",
    "evidence",
)
_NEWEST = 8
_YEARS = 20


def write_front(site: Site) -> None:
    """Write the pages that lead to all others."""
    ds = site.ds
    _write_home(site)
    for name in LOCATED:
        title, description = _TITLES[name]
        write_list(
            site,
            name,
            by_newest(ds.collection(name)),
            title=title,
            description=description,
            collection=name,
            facets=facets_of(name),
        )
    organizations = sorted(ds.organizations, key=lambda one: one.name.casefold())
    told = "Everyone else that takes part: governments, NGOs, companies, other intergovernmental bodies."
    write_list(site, "organizations", organizations, title="Organizations", description=told)
    _write_members(site)
    _write_countries(site)
    site.page(
        "terms.html",
        "terms.html",
        title="What the words mean",
        description="The terms by which the records of the mapping are coded, with their definitions.",
        vocabularies=[
            (name.replace("_", " ").capitalize(), name, list(terms(name).values())) for name in _VOCABULARIES
        ],
        linked=[name for name in DIMENSIONS if name in ("form", "response", "theme", "target_group", "sector")],
        jsonld=None,
    )
    site.page(
        "search.html",
        "search.html",
        title="Search",
        description="Search all records by their words, names and what they are coded as.",
        jsonld=None,
    )
    site.page(
        "about.html",
        "about.html",
        title="About",
        description="What the mapping is, what its answers mean, where its records come from, and how to cite it.",
        endorsement=ENDORSEMENT,
        jsonld=None,
    )
    site.page(
        "404.html",
        "404.html",
        title="Not found",
        description="There is no page here.",
        jsonld=None,
    )


def _write_home(site: Site) -> None:
    ds = site.ds
    by_country = coverage(ds.initiatives, by="country")
    by_region = coverage(ds.initiatives, by="region")
    years = timeline(ds.initiatives)
    shown = years[-_YEARS:]
    site.page(
        "index.html",
        "home.html",
        title=site.settings.title,
        description="A mapping of the members of the Inter-Agency Coordination Group against Trafficking in Persons "
        f"(ICAT) and what they do, where, when and with whom: {len(ds.initiatives):,} initiatives, {site.source}.",
        world=draw_world({str(row.value): int(row.count) for row in by_country}),
        by_country=by_country,
        by_region=[(row, _region_page(row.value)) for row in by_region],
        years=shown,
        most=max((row.count for row in shown), default=1),
        counts=[
            (FOLDERS[name], "Members of ICAT" if name == "entities" else name.capitalize(), len(ds.collection(name)))
            for name in ("entities", "initiatives", "partnerships", "resources", "organizations")
        ],
        newest=rows(site, _latest(site)),
        endorsement=ENDORSEMENT,
        jsonld=_dataset(site),
    )


def _latest(site: Site) -> list[Any]:
    """Return the initiatives that began most recently, as far as that has come."""
    present = int(site.ds.as_of[:4] or 0)
    begun = [one for one in site.ds.initiatives if one.start is not None and int(one.start[:4]) <= present]
    return sorted(begun, key=lambda one: (str(one.start), one.id), reverse=True)[:_NEWEST]


def _region_page(value: Any) -> str:
    return f"initiatives.html#region={value}"


def _dataset(site: Site) -> dict[str, Any]:
    return {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": site.settings.title,
        "description": "Who does what against trafficking in persons, where, when and with whom.",
        "version": site.ds.version,
        "dateModified": site.ds.as_of,
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "keywords": ["trafficking in persons", "forced labour", "ICAT"],
    }


def _write_members(site: Site) -> None:
    ds = site.ds
    counts = {str(row.value): int(row.count) for row in coverage(ds.initiatives, by="entity")}
    members = sorted(ds.entities, key=lambda one: one.acronym.casefold())
    nodes = to_jsonld(ds.entities)["@graph"][: len(members)]
    site.page(
        "members.html",
        "members.html",
        title="Members of ICAT",
        description="The members of the Inter-Agency Coordination Group against Trafficking in Persons: their mandate "
        "and what they do.",
        members=[(site.record(one), one, counts.get(one.id, 0)) for one in members],
        jsonld={
            "@context": "https://schema.org/",
            "@type": "ItemList",
            "itemListElement": [node.get("name") for node in nodes],
        },
    )


def _write_countries(site: Site) -> None:
    found = {str(row.value): int(row.count) for row in coverage(site.ds.initiatives, by="country")}
    bodies = {str(row.value): int(row.count) for row in coverage(site.ds.partnerships, by="country")}
    parts = [(term.label, geography.members("region", region)) for region, term in terms("region").items()]
    parts.append(("Elsewhere", [code for code in geography.by_alpha3() if geography.region_of(code) is None]))
    regions = [
        (label, [(site.country(code), found.get(code, 0), bodies.get(code, 0)) for code in sorted(codes, key=_name)])
        for label, codes in parts
        if codes
    ]
    site.page(
        "countries.html",
        "countries.html",
        title="Countries",
        description="What is known of work against trafficking in persons in every country and territory.",
        regions=regions,
        jsonld=None,
    )


def _name(alpha3: str) -> str:
    return geography.name_of(alpha3).casefold()
