# pyright: reportUnnecessaryTypeIgnoreComment=true
"""
Real uses of the library, which only type checkers run: mypy --strict and pyright accept every line as it stands.

A line with an "ignore" comment is a mistake that both must see: one that no longer did would complain of the comment.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, assert_type

import icatmapping as im

if TYPE_CHECKING:
    from collections.abc import Sequence

ds = im.load()
assert_type(ds, im.Dataset)
assert_type(im.load("mapping.zip"), im.Dataset)
assert_type(im.load(Path("mapping")), im.Dataset)
im.load(7)  # type: ignore[arg-type]

# --- collections are sequences of their records ----------------------------------------------------------------------

assert_type(ds.entities, im.Collection[im.Entity])
assert_type(ds.organizations, im.Collection[im.Organization])
assert_type(ds.initiatives, im.Collection[im.Initiative])
assert_type(ds.partnerships, im.Collection[im.Partnership])
assert_type(ds.resources, im.Collection[im.Resource])
assert_type(ds.findings, tuple[im.Finding, ...])

assert_type(ds.entities["UNODC"], im.Entity)
assert_type(ds.initiatives[0], im.Initiative)
assert_type(ds.initiatives[-1].title, str)
assert_type(ds.initiatives[:10], im.Collection[im.Initiative])
assert_type(ds.initiatives[::-1][1:3], im.Collection[im.Initiative])
assert_type(len(ds.resources), int)
assert_type([record.year for record in ds.resources], list[int | None])
as_sequence: Sequence[im.Resource] = ds.resources
ds.entities[1.5]  # type: ignore[call-overload]
ds.entities[0] = ds.entities[1]  # type: ignore[index]

assert_type(ds.entities.get("UNODC"), im.Entity | None)
assert_type(ds.entities.get("UNODC", None), im.Entity | None)
assert_type(ds.entities.get("UNODC", ds.entities[0]), im.Entity)
assert_type(ds.entities.get("UNODC", "nobody"), im.Entity | str)
ds.entities.get(7)  # type: ignore[call-overload]

assert_type(ds.entities.to_dict(), list[dict[str, Any]])
assert_type(ds.resources.search("cabin crew"), im.Collection[im.Resource])

# --- records are frozen and their fields are known -------------------------------------------------------------------

initiative = ds.initiatives[0]
assert_type(initiative.themes, tuple[im.Theme, ...])
assert_type(initiative.scope, im.Scope)
assert_type(initiative.countries, tuple[str, ...])
assert_type(initiative.start, str | None)
assert_type(ds.entities[0].membership, im.Membership)
assert_type(initiative.scope.label, str)
assert_type(im.Theme.parse("child protection"), im.Theme)
assert_type(im.country("Ivory Coast"), im.Country)
initiative.title = "Another"  # type: ignore[misc]
initiative.name  # type: ignore[attr-defined]  # noqa: B018

# --- every criterion, one value or several ---------------------------------------------------------------------------

assert_type(
    ds.initiatives.where(
        country="Ivory Coast",
        subregion="Western Africa",
        region=im.Region.AFRICA,
        scope=["national", "regional"],
        theme={im.Theme.PREVENTION, im.Theme.PROTECTION},
        form="child trafficking",
        response=("capacity_building",),
        target_group="law_enforcement",
        priority_area=im.PriorityArea.DEMAND,
        entity=ds.entities["UNODC"],
        lead="UNODC",
        partner=["IOM", ds.organizations[0]],
        donor=(donor.id for donor in ds.organizations),
        organization=ds.organizations,
        status=im.Status.ONGOING,
        year=range(2014, 2020),
        evidence=im.Evidence.OWN,
        reach="regional",
        since=2018,
        until="2026",
        kind="programme",
        sector="agriculture",
        grouping="ECOWAS",
        donor_country="Japan",
    ),
    im.Collection[im.Initiative],
)
assert_type(
    ds.partnerships.where(
        country=[566, "GH", im.country("Togo")], member="IOM", kind="network", year=2020, reach="global"
    ),
    im.Collection[im.Partnership],
)
assert_type(
    ds.resources.where(
        language=["en", "French"], publisher="UNODC", kind=im.ResourceKind.GUIDELINE, year=["2019", 2020]
    ),
    im.Collection[im.Resource],
)
assert_type(
    ds.entities.where(kind=im.EntityKind.UN_SECRETARIAT, scope="global", response="coordination", evidence="own"),
    im.Collection[im.Entity],
)
assert_type(ds.organizations.where(country=566, kind="ngo", region="africa"), im.Collection[im.Organization])
assert_type(ds.initiatives.where(), im.Collection[im.Initiative])

# --- calls chain and keep the type -----------------------------------------------------------------------------------

assert_type(ds.resources.search("cabin crew").where(kind="guideline")[:5].where(language="en")[0], im.Resource)
assert_type(ds.initiatives.where(theme="gender").where(year=2020).get("none"), im.Initiative | None)

# --- what no record of the kind can be asked for is a mistake --------------------------------------------------------

ds.initiatives.where(themes="gender")  # type: ignore[call-arg]
ds.initiatives.where(member="IOM")  # type: ignore[call-arg]
ds.initiatives.where(language="en")  # type: ignore[call-arg]
ds.partnerships.where(lead="IOM")  # type: ignore[call-arg]
ds.partnerships.where(status="ongoing")  # type: ignore[call-arg]
ds.resources.where(scope="global")  # type: ignore[call-arg]
ds.resources.where(response="coordination")  # type: ignore[call-arg]
ds.entities.where(country="Nigeria")  # type: ignore[call-arg]
ds.entities.where(year=2020)  # type: ignore[call-arg]
ds.organizations.where(theme="gender")  # type: ignore[call-arg]
ds.organizations.where(reach="global")  # type: ignore[call-arg]

# --- nor are values of the wrong type --------------------------------------------------------------------------------

ds.initiatives.where(theme=7)  # type: ignore[arg-type]
ds.initiatives.where(country=1.5)  # type: ignore[arg-type]
ds.initiatives.where(year=None)  # type: ignore[arg-type]
ds.initiatives.where(reach="far")  # type: ignore[arg-type]
ds.initiatives.where(since=None)  # type: ignore[arg-type]
ds.initiatives.where(entity=ds.initiatives[0])  # type: ignore[arg-type]
ds.initiatives.where("gender")  # type: ignore[call-arg]

# --- time, areas, order, two collections at once ---------------------------------------------------------------------

recent = ds.initiatives.where(country="Western Balkans", since=2020, until="2024", dates="possible")
assert_type(recent, im.Collection[im.Initiative])
assert_type(recent.possible, im.Collection[im.Initiative])
assert_type(
    ds.initiatives.where(year=["2015-2019", 2021], sector="fishing", grouping="ASEAN"), im.Collection[im.Initiative]
)
assert_type(ds.partnerships.where(since=2015, kind="network").possible, im.Collection[im.Partnership])
assert_type(recent.sort("last_active", descending=True), im.Collection[im.Initiative])
assert_type(recent | ds.initiatives, im.Collection[im.Initiative])
assert_type(recent & ds.initiatives, im.Collection[im.Initiative])
assert_type(ds.initiatives - recent, im.Collection[im.Initiative])
assert_type(recent[0].first_active, int | None)
assert_type(ds.resources[0].last_active, int | None)
assert_type(ds.partnerships[0].period, str)
assert_type(ds.entities[0].label, str)
assert_type(initiative.kind, im.InitiativeKind | None)
assert_type(initiative.sectors, tuple[im.Sector, ...])
assert_type(ds.groupings, tuple[im.Grouping, ...])
assert_type(ds.as_of, str)
recent | ds.resources  # type: ignore[operator]
ds.initiatives.where(dates="maybe")  # type: ignore[arg-type]
ds.entities.where(since=2020)  # type: ignore[call-arg]

# --- search ----------------------------------------------------------------------------------------------------------

hits = ds.search("forced labour on fishing boats", limit=5)
assert_type(hits, im.Hits)
assert_type(hits.suggestion, str | None)
for hit in hits:
    assert_type(hit, im.Hit)
    assert_type(hit.snippet, str)
    assert_type(hit.score, float)
ds.search(7)  # type: ignore[arg-type]

# --- who could help, who does what, where nobody works ---------------------------------------------------------------

support = im.find_support(
    ds, country="Ghana", response="training", target_group="prosecutors", since=2015, half_life=None
)
assert_type(support, im.Support)
assert_type(support[0], im.SupportRow)
assert_type(support[0].last_active, int | None)
assert_type(im.compare(ds, "IOM", ds.entities["ILO"].id, country="Nigeria", since=2018), im.Comparison)
found_gaps = im.gaps(ds, rows="country", cols="form", among="Western Africa", since=2015, theme="prevention")
assert_type(found_gaps, im.Gaps)
assert_type(found_gaps[0].telling, bool)
assert_type(im.overlaps(ds, on=("country", "theme"), since=2015).uncoordinated[0].years, tuple[int, ...])
im.find_support(ds, lead="IOM")  # type: ignore[call-arg]
im.gaps(ds, rows="country", member="IOM")  # type: ignore[call-arg]
im.compare(ds, "IOM")  # type: ignore[call-arg]

# --- citations, changes, other people's tables -----------------------------------------------------------------------

assert_type(im.cite(initiative), str)
assert_type(im.cite(initiative, style="bibtex"), str)
assert_type(im.references(recent), im.References)
assert_type(im.references(recent)[0], im.Reference)
assert_type(im.changes(im.load("older.zip"), ds), im.Changes)
draft = im.read_table("ours.xlsx", ds=ds)
assert_type(draft, im.Draft)
assert_type(draft.extend(ds), im.Dataset)
assert_type(im.read_hxl("3w.csv"), im.Draft)
assert_type(im.read_iati(Path("activities.xml")), im.Draft)
im.write_template("template.xlsx")
im.to_excel(recent, "recent.xlsx")
im.to_csv(im.coverage(ds.initiatives, "region"), Path("regions.csv"))
im.cite(initiative, style="haiku")  # type: ignore[arg-type]
im.country_brief(ds, "Nigeria", since=2020, limit=None).save("nigeria.docx")

# --- errors ----------------------------------------------------------------------------------------------------------

try:
    ds.entities["nobody"]
except im.AmbiguousNameError as ambiguous:
    assert_type(ambiguous.candidates, tuple[str, ...])
except im.UnknownNameError as unknown:
    assert_type(unknown.suggestions, tuple[str, ...])
except im.DatasetError as broken:
    assert_type(broken.faults, tuple[im.Fault, ...])
    assert_type(broken.faults[0].nearest, str | None)

# --- paths -----------------------------------------------------------------------------------------------------------

paths = im.collaboration_paths(ds, "UNODC", ds.entities["UNICEF"].id, country="Nigeria", theme="child_protection")
assert_type(paths, im.Paths)
for path in paths:
    assert_type(path, im.Path)
    assert_type(path.steps[0], im.Step)

# --- what networks, statistics and briefs give -----------------------------------------------------------------------

assert_type(im.connections(ds, country="Sudan")[0], im.Connection)
assert_type(im.suggest_partners(ds, None, country="Nigeria")[0], im.Suggestion)
assert_type(im.network_summary(ds).density, float)
assert_type(im.country_brief(ds, "Nigeria").initiatives, im.Collection[im.Initiative])
im.connections(ds, status="ongoing")  # type: ignore[call-arg]
im.country_brief(ds, "Nigeria", reach="far")  # type: ignore[arg-type]

# --- records of one's own, other registers ---------------------------------------------------------------------------

assert_type(ds.version, str | None)
assert_type(ds.extended("our-initiatives.json"), im.Dataset)
assert_type(ds.extended({"initiatives": [{"id": "ours"}]}), im.Dataset)
assert_type(ds.extended({"organizations": [ds.organizations[0]]}), im.Dataset)
assert_type(ds.extended(ds.initiatives[:3]), im.Dataset)
assert_type(ds.resources[0].identifiers, tuple[im.Identifier, ...])
assert_type(ds.resources[0].identifiers[0].type, im.IdentifierType)
ds.extended(7)  # type: ignore[arg-type]

# --- frames, files and pictures --------------------------------------------------------------------------------------

assert_type(im.tidy(ds.initiatives, "country", "theme"), im.Tidy)
assert_type(im.tidy(ds.initiatives, "country").columns, tuple[str, ...])
assert_type(im.to_hxl(ds.initiatives), list[list[str]])
assert_type(im.to_jsonld(ds), dict[str, Any])
im.write_graph(im.partnership_graph(ds), "ties.graphml")
im.write_graph(im.partnership_graph(ds), Path("ties.gexf"))
im.write_hxl(ds, "3w.csv")
im.write_package(ds, Path("mapping.zip"))
im.tidy("country")  # type: ignore[arg-type]
im.plots.coverage(im.coverage(ds.initiatives, "region"), limit=5)
im.plots.path(paths[0])
im.plots.network(im.partnership_graph(ds, country="Nigeria"))
im.plots.timeline(im.coverage(ds.initiatives, "region"))  # type: ignore[arg-type]
