"""
Commands that answer questions: how much and where, through whom, who could help, where nobody works.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import icatmapping as im
from icatmapping.briefing.support import Need
from icatmapping.cli.arguments import (
    CRITERIA_OF,
    add_criteria,
    add_data,
    add_network_options,
    add_output,
    criteria_of,
    dataset_of,
    half_life_of,
    network_options_of,
)
from icatmapping.cli.output import show
from icatmapping.model.schema import QUERIED

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

__all__ = ["add_commands"]

_NEEDS = tuple(Need.__annotations__)


def add_commands(commands: Any) -> None:
    """Add the commands that answer questions."""
    _add_statistics(commands)
    _add_paths(commands)
    _add_people(commands)
    _add_gaps(commands)
    brief = commands.add_parser(
        "brief",
        help="put together what is known of a country",
        description="A State's entry point for co-operation: whom to turn to, what goes on, what neighbours do more.",
    )
    brief.add_argument("country", nargs="+", help="a country, by any name or code")
    brief.add_argument("--theme", help="a theme to narrow it down to")
    brief.add_argument("--since", metavar="YEAR", help="the year from which on records count")
    brief.add_argument("--reach", choices=("named", "regional", "global"), default="named", help="default: named")
    add_data(brief)
    add_output(brief, limit=10)
    brief.set_defaults(run=_brief)


def _add_statistics(commands: Any) -> None:
    coverage = commands.add_parser(
        "coverage", help="count records by region, country, theme …", description="Count records: where the effort is."
    )
    coverage.add_argument("--by", required=True, metavar="DIMENSION", help="e.g. region, country, theme, form, entity")
    coverage.add_argument("--interval", type=float, metavar="LEVEL", help="a confidence level, e.g. 0.95")
    crosstab = commands.add_parser(
        "crosstab", help="count records by two dimensions", description="Count records by two dimensions at once."
    )
    crosstab.add_argument("rows", help="e.g. country")
    crosstab.add_argument("cols", help="e.g. form")
    crosstab.add_argument("--among-cols", action="append", metavar="VALUE", help="which columns to show")
    timeline = commands.add_parser(
        "timeline", help="count records by year", description="Count the records known to be active in each year."
    )
    for command in (coverage, crosstab, timeline):
        command.add_argument("--of", choices=QUERIED, default="initiatives", help="default: initiatives")
        add_criteria(command, dict.fromkeys(name for names in CRITERIA_OF.values() for name in names))
        add_data(command)
        add_output(command, limit=0 if command is timeline else 20)
    for command in (coverage, crosstab):
        command.add_argument("--fractional", action="store_true", help="spread a record evenly over its values")
        command.add_argument("--among", action="append", metavar="VALUE", help="which rows to show: an area, or values")
    coverage.set_defaults(run=_coverage)
    crosstab.set_defaults(run=_crosstab)
    timeline.set_defaults(run=_timeline)


def _records(options: argparse.Namespace) -> Any:
    names = dict.fromkeys(name for names in CRITERIA_OF.values() for name in names)
    records = dataset_of(options).collection(options.of)
    try:
        return records.select(criteria_of(options, names))
    except TypeError as error:  # the options are those of every collection: not every one has them all
        raise ValueError(error) from None


def _coverage(options: argparse.Namespace) -> int:
    counting: Any = "fractional" if options.fractional else "full"
    found = im.coverage(
        _records(options), _name(options.by), count=counting, interval=options.interval, among=options.among
    )
    return show(found, options)


def _crosstab(options: argparse.Namespace) -> int:
    counting: Any = "fractional" if options.fractional else "full"
    names = (_name(options.rows), _name(options.cols))
    restricted = {"among": options.among, "among_cols": options.among_cols}
    return show(im.crosstab(_records(options), *names, count=counting, **restricted), options)


def _timeline(options: argparse.Namespace) -> int:
    return show(im.timeline(_records(options)), options)


def _name(text: str) -> str:
    return text.replace("-", "_").replace(" ", "_")


def _add_paths(commands: Any) -> None:
    paths = commands.add_parser(
        "paths",
        help="find through whom one organization can reach another",
        description="Find through whom one organization can reach another, on what evidence, and how old that is.",
    )
    paths.add_argument("source", help="an entity or organization, by any of its names")
    paths.add_argument("target", help="the one to reach")
    paths.add_argument("-k", type=int, default=5, help="how many paths at most (default: 5)")
    paths.add_argument("--by", choices=("hops", "distance", "recent"), default="hops", help="what comes first")
    paths.add_argument("--max-hops", type=int, default=4, help="how many steps at most (default: 4)")
    connections = commands.add_parser(
        "connections", help="find who can reach whom", description="Find for every pair of members how they meet."
    )
    connections.add_argument("--max-hops", type=int, default=4, help="how many steps at most (default: 4)")
    for command in (paths, connections):
        add_criteria(command, CRITERIA_OF["networks"])
        add_network_options(command)
        add_data(command)
        add_output(command)
    paths.set_defaults(run=_paths)
    connections.set_defaults(run=_connections)


def _paths(options: argparse.Namespace) -> int:
    asked = {**network_options_of(options), **criteria_of(options, CRITERIA_OF["networks"])}
    found = im.collaboration_paths(
        dataset_of(options),
        options.source,
        options.target,
        k=options.k,
        by=options.by,
        max_hops=options.max_hops,
        **asked,
    )
    return show(found, options)


def _connections(options: argparse.Namespace) -> int:
    asked = {**network_options_of(options), **criteria_of(options, CRITERIA_OF["networks"])}
    return show(im.connections(dataset_of(options), max_hops=options.max_hops, **asked), options)


def _add_people(commands: Any) -> None:
    support = commands.add_parser(
        "support",
        help="find which members could help a State",
        description="Find which members of ICAT could help, on what record, there and nearby.",
    )
    support.add_argument("country", nargs="*", help="a country, by any name or code; none for anywhere")
    support.add_argument("-k", type=int, default=10, help="how many at most (default: 10)")
    support.add_argument(
        "--half-life", metavar="YEARS", help="after how many years a record counts half; 'none' for never"
    )
    add_criteria(support, _NEEDS)
    suggest = commands.add_parser(
        "suggest", help="suggest partners", description="Suggest with whom an organization could work, and why."
    )
    suggest.add_argument("organization_", metavar="ORGANIZATION", nargs="?", help="for whom; none ranks all there")
    suggest.add_argument("-k", type=int, default=10, help="how many at most (default: 10)")
    add_criteria(suggest, CRITERIA_OF["networks"])
    add_network_options(suggest)
    compare = commands.add_parser(
        "compare", help="compare what two members do", description="Two portfolios side by side, and what they share."
    )
    compare.add_argument("a", help="a member of ICAT")
    compare.add_argument("b", help="another")
    compare.add_argument(
        "--on", default="country,theme", metavar="DIMENSION[,DIMENSION]", help="default: country,theme"
    )
    _add_among(compare)
    add_criteria(compare, CRITERIA_OF["networks"])
    for command, run in ((support, _support), (suggest, _suggest), (compare, _compare)):
        add_data(command)
        add_output(command)
        command.set_defaults(run=run)


def _support(options: argparse.Namespace) -> int:
    country = " ".join(options.country) or None
    half_life: dict[str, Any] = {"half_life": half_life_of(options.half_life)} if options.half_life else {}
    need = criteria_of(options, _NEEDS)
    return show(im.find_support(dataset_of(options), country=country, k=options.k, **half_life, **need), options)


def _suggest(options: argparse.Namespace) -> int:
    asked = {**network_options_of(options), **criteria_of(options, CRITERIA_OF["networks"])}
    return show(im.suggest_partners(dataset_of(options), options.organization_, k=options.k, **asked), options)


def _compare(options: argparse.Namespace) -> int:
    asked = criteria_of(options, CRITERIA_OF["networks"])
    on = tuple(map(_name, options.on.split(",")))
    return show(
        im.compare(dataset_of(options), options.a, options.b, on=on, among=_looked_at(options, on), **asked), options
    )


def _add_among(command: argparse.ArgumentParser) -> None:
    told = "which cells to look at, by the first dimension: an area, or values (default: the country asked for, if any)"
    command.add_argument("--among", action="append", metavar="VALUE", help=told)


def _looked_at(options: argparse.Namespace, on: Sequence[str]) -> list[str] | None:
    """Return which cells are looked at: of countries, those that were asked for, unless something else was."""
    among: list[str] | None = options.among or (options.country if on[0] == "country" else None)
    return among


def _add_gaps(commands: Any) -> None:
    gaps = commands.add_parser(
        "gaps",
        help="find where nobody works",
        description="Find cells that no initiative names, and which tell something.",
    )
    gaps.add_argument("--rows", default="country", metavar="DIMENSION", help="default: country")
    gaps.add_argument("--cols", default="form", metavar="DIMENSION", help="default: form; 'none' for rows alone")
    gaps.add_argument("--among", action="append", metavar="VALUE", help="which rows to look at: an area, or values")
    gaps.add_argument(
        "--at-most", type=int, default=0, metavar="N", help="the highest count that is a gap (default: 0)"
    )
    add_criteria(gaps, CRITERIA_OF["initiatives"])
    overlaps = commands.add_parser(
        "overlaps",
        help="find who does the same at the same time, apart",
        description="Find which members work on the same things, and where they do so at the same time, apart.",
    )
    overlaps.add_argument(
        "--on", default="country,theme", metavar="DIMENSION[,DIMENSION]", help="default: country,theme"
    )
    overlaps.add_argument(
        "--metric", choices=("jaccard", "overlap", "cosine"), default="jaccard", help="default: jaccard"
    )
    _add_among(overlaps)
    overlaps.add_argument("--apart", action="store_true", help="show where two do the same at the same time and apart")
    add_criteria(overlaps, CRITERIA_OF["networks"])
    for command, run in ((gaps, _gaps), (overlaps, _overlaps)):
        add_data(command)
        add_output(command)
        command.set_defaults(run=run)


def _gaps(options: argparse.Namespace) -> int:
    cols = None if options.cols == "none" else _name(options.cols)
    asked = criteria_of(options, CRITERIA_OF["initiatives"])
    among = options.among[0] if options.among and len(options.among) == 1 else options.among
    found = im.gaps(dataset_of(options), _name(options.rows), cols, among=among, at_most=options.at_most, **asked)
    return show(found, options)


def _overlaps(options: argparse.Namespace) -> int:
    asked = criteria_of(options, CRITERIA_OF["networks"])
    on = tuple(map(_name, options.on.split(",")))
    found = im.overlaps(dataset_of(options), on=on, metric=options.metric, among=_looked_at(options, on), **asked)
    return show(found.uncoordinated if options.apart else found, options)


def _brief(options: argparse.Namespace) -> int:
    limit = options.limit or None
    found = im.country_brief(
        dataset_of(options),
        " ".join(options.country),
        theme=options.theme,
        since=options.since,
        reach=options.reach,
        limit=limit,
    )
    if (
        options.output
        and options.format is None
        and Path(options.output).suffix.lower() in (".md", ".html", ".docx", ".txt")
    ):
        found.save(options.output)
        return 0
    return show(found, options, forms={"text": found.to_text, "markdown": lambda: found.to_markdown().rstrip("\n")})
