"""
The pages of countries: the brief of each, with years, whom to turn to, who works with whom, and what is lacking.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from icatmapping.briefing.brief import Brief, assemble
from icatmapping.briefing.outline import context_of, outline, own_bodies_title
from icatmapping.model import geography
from icatmapping.model.articles import in_sentence
from icatmapping.query.dimensions import DIMENSIONS
from icatmapping.results import Row, plain
from icatmapping.site.context import Link
from icatmapping.site.facts import by_newest
from icatmapping.site.questions import GAP_DIMENSIONS, gap_pages
from icatmapping.site.records import FIRST, rows, write_list
from icatmapping.site.records import Row as ListRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from icatmapping.briefing.support import SupportRow
    from icatmapping.network.connections import Connection
    from icatmapping.site.context import Site
    from icatmapping.statistics.gaps import Gap

__all__ = ["write_country"]

_SUPPORT, _PAIRS, _GAPS, _OWN = 10, 15, 12, 20


class Helper(NamedTuple):
    """
    A member to turn to.

    Attributes:
        link: Its page.
        row: What the library says of it.
        newest: The record to begin with.
        period: When that was.
    """

    link: Link
    row: SupportRow
    newest: Link
    period: str


class Pair(NamedTuple):
    """
    Two members that can reach each other.

    Attributes:
        a: One of them.
        b: The other.
        row: What the library says of them.
        through: Those in between.
    """

    a: Link
    b: Link
    row: Connection
    through: tuple[Link, ...]


class Section(NamedTuple):
    """
    A list of records of a brief.

    Attributes:
        anchor: Its place on the page.
        title: What they are.
        rows: The first of them, newest first.
        total: How many there are.
        href: The page on which all are, or None if all are here.
    """

    anchor: str
    title: str
    rows: list[ListRow]
    total: int
    href: str | None


def write_country(site: Site, alpha3: str, tables: Sequence[Sequence[Gap]]) -> None:
    """Write the page of a country, with the library's brief of it."""
    brief = assemble(site.ds, alpha3, tables=tables)
    name = brief.country.name
    lines = [line for line in outline(brief, brief.limit) if line.level == "paragraph"]
    wider = by_newest([*brief.wider_initiatives, *brief.wider_partnerships])
    first = int(brief.as_of[:4] or 0) - 2
    sections = [
        _section(site, alpha3, "current", f"Current and recent work (active in {first} or later)", brief.current),
        _section(site, alpha3, "earlier", "What was done before", brief.earlier),
        _section(site, alpha3, "partnerships", "Partnerships", brief.partnerships),
        _section(site, alpha3, "wider", f"Regional and global work that includes {in_sentence(name)}", wider),
        _section(site, alpha3, "publications", "Publications", brief.resources),
    ]
    site.json(f"countries/{alpha3}.json", _plain(brief))
    site.page(
        f"countries/{alpha3}.html",
        "country.html",
        title=name,
        place=in_sentence(name),
        description=lines[0].text,
        brief=brief,
        summary=lines[0].text.removeprefix("At a glance: "),
        context=context_of(brief),
        own_title=own_bodies_title(brief).replace("'", "’"),
        helpers=_helpers(site, brief),
        pairs=_pairs(site, brief),
        direct=sum(row.hops == 1 for row in brief.connections),
        sections=[section for section in sections if section.total],
        own=[site.body(one.id) for one in brief.own_bodies[:_OWN]],
        gaps=brief.gaps[:_GAPS],
        heat=_heat(brief),
        jsonld=_jsonld(brief),
    )


def _heat(brief: Brief) -> list[Link]:
    """Return the heat maps on which a country is."""
    part = gap_pages().get(str(brief.country.subregion))
    names = GAP_DIMENSIONS if part is not None else ()
    return [Link(DIMENSIONS[name].title, f"gaps/{name}--{part}.html") for name in names]


def _section(site: Site, alpha3: str, anchor: str, title: str, records: Sequence[Any]) -> Section:
    href = None
    if len(records) > FIRST and anchor != "wider":  # which is nearly the same for every country
        name = f"countries/{alpha3}--{anchor}"
        heading = f"{geography.name_of(alpha3)}: {title[0].lower()}{title[1:]}"
        write_list(site, name, records, title=heading, description=f"{heading}, newest first.", up=site.country(alpha3))
        href = f"{name}.html"
    return Section(anchor, title, rows(site, records[:FIRST]), len(records), href)


def _helpers(site: Site, brief: Brief) -> list[Helper]:
    found: list[Helper] = []
    for row in brief.support[:_SUPPORT]:
        newest = (*row.there, *row.nearby, *row.elsewhere)[0]
        found.append(Helper(site.body(row.entity), row, site.record(newest), newest.period))
    return found


def _pairs(site: Site, brief: Brief) -> list[Pair]:
    """Return who works with whom, newest and most often first, then who reaches whom through somebody."""
    joined = [row for row in brief.connections if row.hops is not None]
    joined.sort(key=lambda row: (row.hops, -(row.last_active or 0), -len(row.records), row.a, row.b))
    return [
        Pair(site.body(row.a), site.body(row.b), row, tuple(map(site.body, row.through))) for row in joined[:_PAIRS]
    ]


def _plain(brief: Brief) -> dict[str, Any]:
    """Return a brief as plain data: records by id, newest first."""
    lists = ("current", "earlier", "partnerships", "resources", "own_bodies")
    return {
        "country": brief.country.alpha3,
        "name": brief.country.name,
        "as_of": brief.as_of,
        "version": brief.version,
        **{name: [record.id for record in getattr(brief, name)] for name in lists},
        "support": [_helper(row) for row in brief.support],
        "connections": [_picked(row, _CONNECTION) for row in brief.connections if row.hops is not None],
        "gaps": [_picked(gap, _GAP) for gap in brief.gaps],
    }


_CONNECTION = ("a", "b", "hops", "through", "last_active", "records")
_GAP = ("col", "n", "count", "expected", "rate", "p", "peers", "peers_in", "unclassified")


def _picked(row: Row, names: Iterable[str]) -> dict[str, Any]:
    return {name: plain(getattr(row, name)) for name in names}


def _helper(row: SupportRow) -> dict[str, Any]:
    counts = {name: len(getattr(row, name)) for name in ("nearby", "elsewhere", "resources")}
    there = [record.id for record in row.there]
    return {"entity": row.entity, "score": row.score, "there": there, **counts, "last_active": row.last_active}


def _jsonld(brief: Brief) -> dict[str, Any]:
    country = brief.country
    return {
        "@context": "https://schema.org/",
        "@type": "WebPage",
        "name": f"Work against trafficking in persons in {in_sentence(country.name)}",
        "about": {"@type": "Country", "name": country.name, "identifier": country.alpha3},
        "isPartOf": {"@type": "Dataset", "name": "icatmapping", "version": brief.version},
        "dateModified": brief.as_of,
    }
