"""
The pages that answer questions: where nobody works, who could help, through whom, and two members side by side.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from icatmapping.briefing.support import ELSEWHERE, MOST_ELSEWHERE
from icatmapping.model import geography
from icatmapping.model.articles import in_sentence
from icatmapping.network.context import TOPICS
from icatmapping.network.weighting import DEFAULT_HALF_LIFE, decay
from icatmapping.query.dimensions import DIMENSIONS
from icatmapping.site.context import Link
from icatmapping.statistics.gaps import TELLING, gaps

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from icatmapping.site.context import Site
    from icatmapping.statistics.gaps import Gap, Gaps

__all__ = ["GAP_DIMENSIONS", "gap_pages", "gap_tables", "write_gaps", "write_questions"]

GAP_DIMENSIONS = ("form", "response", "theme", "target_group")
"""The dimensions for which there are heat maps."""
NEEDS = ("response", "target_group", "theme", "form", "sector")
"""What can be asked of whoever could help, in the order in which it is asked."""
COMPARED = ("theme", "country", "form", "response", "target_group")
"""By what two members can be compared."""
_ALL = 10**9
_MILD = 0.2
_MOST_TELLING = 40


class Cell(NamedTuple):
    """
    A cell of a heat map.

    Attributes:
        gap: What the library says of it.
        level: How much it lacks: 0 (nothing to say), 1 (below what would be expected), 2 (telling).
    """

    gap: Gap
    level: int


class HeatRow(NamedTuple):
    """
    A row of a heat map.

    Attributes:
        link: The country.
        n: How many of its initiatives state the dimension.
        peers: How many initiatives its peers have.
        peers_in: Where these work.
        unclassified: How many of its initiatives state nothing of the dimension.
        cells: The cells.
    """

    link: Link
    n: int
    peers: int
    peers_in: str
    unclassified: int
    cells: list[Cell]


def gap_tables(site: Site) -> Mapping[str, Gaps]:
    """Return every cell of countries and each dimension, as the library's gaps."""
    return {name: gaps(site.ds, "country", name, at_most=_ALL) for name in GAP_DIMENSIONS}


def gap_pages() -> dict[str, str]:
    """Return the part of the name of a page for each sub-region."""
    found = sorted({country.subregion for country in geography.countries() if country.subregion is not None})
    return {str(name): str(name).lower().replace(" ", "-").replace("&", "and") for name in found}


def write_gaps(site: Site, tables: Mapping[str, Gaps]) -> None:
    """Write the heat maps, one for each dimension and sub-region, and the page that leads to them."""
    pages = gap_pages()
    for name, table in tables.items():
        by_row: dict[str, list[Gap]] = {}
        for gap in table:
            by_row.setdefault(str(gap.row), []).append(gap)
        for subregion, part in pages.items():
            codes = geography.members("subregion", subregion)
            found = [_row(site, by_row[alpha3]) for alpha3 in codes if alpha3 in by_row]
            empty = [site.country(alpha3) for alpha3 in codes if alpha3 not in by_row]
            title, place = DIMENSIONS[name].title, in_sentence(subregion)
            site.page(
                f"gaps/{name}--{part}.html",
                "heat.html",
                title=f"Where nobody works: {place} by {title.lower()}",
                description=f"How many initiatives in {place} name each {title.lower()}, beside what work of their "
                "neighbours would lead to expect.",
                dimension=name,
                subregion=subregion,
                columns=[gap.col_label for gap in sorted(next(iter(by_row.values()), []), key=_column)],
                found=found,
                empty=empty,
                telling=[cell.gap for row in found for cell in row.cells if cell.level == 2],
                others=[Link(DIMENSIONS[other].title, f"gaps/{other}--{part}.html") for other in tables],
                places=[Link(other, f"gaps/{name}--{slug}.html") for other, slug in pages.items()],
                jsonld=None,
            )
    telling = [gap for name, table in tables.items() for gap in table.telling]
    telling.sort(key=lambda gap: (gap.p, -gap.expected, str(gap.row), str(gap.col)))
    site.page(
        "gaps.html",
        "gaps.html",
        title="Where does nobody work?",
        description="Countries whose initiatives do not name what work in their neighbourhood would lead to expect, "
        "with the number of initiatives, their peers and the probability that it is chance.",
        pages=[
            (subregion, [Link(DIMENSIONS[name].title, f"gaps/{name}--{part}.html") for name in tables])
            for subregion, part in pages.items()
        ],
        telling=[(site.country(str(gap.row)), gap) for gap in telling[:_MOST_TELLING]],
        total=len(telling),
        cells=sum(table.cells for table in tables.values()),
        level=TELLING,
        jsonld=None,
    )


def _column(gap: Gap) -> str:
    return str(gap.col)


def _row(site: Site, found: Sequence[Gap]) -> HeatRow:
    ordered = sorted(found, key=_column)
    one = ordered[0]
    return HeatRow(
        site.country(str(one.row)),
        one.n,
        one.peers,
        one.peers_in,
        one.unclassified,
        [Cell(gap, _level(gap)) for gap in ordered],
    )


def _level(gap: Gap) -> int:
    if gap.telling:
        return 2
    return 1 if gap.p is not None and gap.p < _MILD else 0


def write_questions(site: Site) -> None:
    """Write the pages whose answers the scripts put together, and what they need."""
    ds = site.ds
    members = [
        [entity.id, ds.directory.label(entity.id), site.path(entity), entity.trafficking_url or entity.website]
        for entity in sorted(ds.entities, key=lambda entity: ds.directory.label(entity.id).casefold())
    ]
    site.data(
        "settings",
        {
            "decay": {str(year): decay(ds, year, DEFAULT_HALF_LIFE) for year in ds.directory.years},
            "undated": decay(ds, None, DEFAULT_HALF_LIFE),
            "near": [1.0, 0.5, 0.25],
            "elsewhere": [ELSEWHERE, MOST_ELSEWHERE],
            "tools": ["technical_tool", "guideline", "training"],
            "members": members,
            "countries": [[country.alpha3, country.name] for country in _by_name()],
        },
    )
    countries = [Link(country.name, country.alpha3) for country in _by_name()]
    common: dict[str, Any] = {
        "countries": countries,
        "members": [Link(str(name), str(one)) for one, name, _, _ in members],
        "jsonld": None,
    }
    site.page(
        "support.html",
        "support.html",
        title="Who could help?",
        description="Choose a country and what is needed: members of ICAT that did it there or nearby, and not long "
        "ago, with the records that say so.",
        needs=[(DIMENSIONS[name].title, name, _options(site, name)) for name in NEEDS],
        **common,
    )
    site.page(
        "paths.html",
        "paths.html",
        title="Through whom?",
        description="Choose a country, a topic and two members: the ways from one to the other through shared work, "
        "with the records that each step rests on and their years.",
        topics=[(DIMENSIONS[name].title, name, _options(site, name)) for name in TOPICS],
        **common,
    )
    site.page(
        "compare.html",
        "compare.html",
        title="Two members side by side",
        description="What two members of ICAT both do, what only one of them does, when, and what they do together.",
        dimensions=[Link(DIMENSIONS[name].title, name) for name in COMPARED],
        **common,
    )


def _by_name() -> list[Any]:
    return sorted(geography.countries(), key=lambda country: country.name.casefold())


def _options(site: Site, name: str) -> list[Link]:
    entry = DIMENSIONS[name]
    directory = site.ds.directory
    return [Link(entry.label(value, directory), str(value)) for value in entry.universe(directory)]
