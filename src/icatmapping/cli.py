"""
The command line: a thin layer over the library. ``python -m icatmapping --help`` says what it can do.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import icatmapping as im
from icatmapping.errors import DatasetError, Fault, IcatMappingError
from icatmapping.model.schema import QUERIED
from icatmapping.utils.streams import harmless, is_utf8, readable_streams, silence

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]

_CRITERIA = {
    "country": "a country, by name or code",
    "region": "a region, e.g. africa",
    "subregion": "an M49 sub-region, e.g. 'Western Africa'",
    "theme": "a theme, e.g. child_protection",
    "form": "a form of exploitation, e.g. labour_exploitation",
    "response": "a kind of response, e.g. capacity_building",
    "target-group": "for whom, e.g. law_enforcement",
    "priority-area": "a priority area of the Analytical Review of 2020, e.g. demand",
    "scope": "global, regional or national",
    "sector": "an economic sector, e.g. fishing",
    "grouping": "a grouping that records name, e.g. asean",
    "year": "a year or a span: 2019, 2015-2019, 2020-, -2010",
    "entity": "a member of ICAT that takes part",
    "organization": "anybody that takes part",
}
_EXAMPLES = """\
examples:
  icatmapping coverage --by region --interval 0.95
      where the initiatives are: counts, shares and how far these could be off
  icatmapping paths UNODC UNICEF --country Nigeria --theme child_protection
      through whom UNODC can reach UNICEF on child protection in Nigeria, with the evidence
  icatmapping paths ILO IOM --country Ghana --reach regional --format json
      the same question for other programs, regional initiatives included
  icatmapping brief Nigeria
      who is active in a country, with what, and where to begin
  icatmapping validate
      check the bundled data package; with a folder or .zip, that one
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """
    Run the command line.

    Returns:
        The exit status: 0, also where the answer is that there is none, or nobody reads it to the end; 1 for a faulty
        package; 2 for a wrong question, or if a file cannot be read or written; 130 if it was interrupted.
    """
    with readable_streams():
        try:
            try:
                options = _parser().parse_args(arguments)
                status: int = options.run(options)
            finally:
                _flush()
        except BrokenPipeError:
            silence(sys.stdout)
            return 0
        except (IcatMappingError, ValueError) as error:
            return _fail(str(error))
        except OSError as error:
            silence(sys.stdout)
            name = "" if error.filename is None else f": {error.filename}"
            return _fail(f"{error.strerror or error}{name}")
        except KeyboardInterrupt:
            silence(sys.stdout)
            return _fail("interrupted", status=130)
    return status


def _flush() -> None:
    """Write what has been printed, so that what goes wrong with it goes wrong here."""
    if sys.stdout is not None:
        sys.stdout.flush()


def _fail(message: str, status: int = 2) -> int:
    with suppress(OSError, ValueError):  # where nobody listens, the status says enough
        print(f"icatmapping: {harmless(message)}", file=sys.stderr, flush=True)
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="icatmapping",
        description="Who does what against trafficking in persons, where, when and with whom.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"icatmapping {im.__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_coverage(commands)
    _add_paths(commands)
    _add_brief(commands)
    _add_validate(commands)
    return parser


def _add_paths(commands: Any) -> None:
    paths = commands.add_parser(
        "paths",
        help="find through whom one organization can reach another",
        description="Find through whom one organization can reach another, and on what evidence.",
    )
    paths.add_argument("source", help="an entity or organization, by id, acronym, name or alias")
    paths.add_argument("target", help="the one to reach")
    _add_criteria(paths)
    paths.add_argument("-k", type=int, default=5, help="how many paths at most (default: 5)")
    paths.add_argument("--by", choices=("hops", "distance"), default="hops", help="what comes first (default: hops)")
    paths.add_argument("--max-hops", type=int, default=4, help="how many steps at most (default: 4)")
    paths.add_argument("--members-only", action="store_true", help="only members of ICAT in between")
    paths.add_argument("--donors", action="store_true", help="donors take part in what they fund")
    paths.add_argument("--resources", action="store_true", help="joint publications tie as well")
    paths.add_argument(
        "--foreign-governments", action="store_true", help="governments of other countries may be in between"
    )
    _add_format(paths)
    paths.set_defaults(run=_paths)


def _add_criteria(command: argparse.ArgumentParser) -> None:
    for name, meaning in _CRITERIA.items():
        command.add_argument(f"--{name}", action="append", metavar="VALUE", help=f"{meaning}; again for any of several")
    command.add_argument("--since", metavar="YEAR", help="active in this year or later")
    command.add_argument("--until", metavar="YEAR", help="active in this year or earlier")
    command.add_argument(
        "--dates", choices=("known", "possible"), help="years in which records are known to be active, or may be"
    )
    command.add_argument(
        "--reach", choices=("named", "regional", "global"), help="how far --country reaches (default: named)"
    )


def _add_format(command: argparse.ArgumentParser, *more: str) -> None:
    choices = ("text", "markdown", "json", *more)
    command.add_argument("--format", choices=choices, default="text", help="default: text")


def _add_coverage(commands: Any) -> None:
    coverage = commands.add_parser(
        "coverage",
        help="count records by region, country, theme, form …",
        description="Count records by the values of a dimension: where the effort is.",
    )
    coverage.add_argument("--by", required=True, metavar="DIMENSION", help="e.g. region, country, theme, form, entity")
    coverage.add_argument("--of", choices=QUERIED, default="initiatives", help="default: initiatives")
    coverage.add_argument(
        "--count",
        choices=("full", "fractional"),
        default="full",
        help="a record counts once for each of its values, or as one unit spread over them (default: full)",
    )
    coverage.add_argument("--interval", type=float, metavar="LEVEL", help="a confidence level, e.g. 0.95")
    _add_criteria(coverage)
    _add_format(coverage, "csv")
    coverage.set_defaults(run=_coverage)


def _coverage(options: argparse.Namespace) -> int:
    try:
        records = im.load().collection(options.of).select(_criteria(options))
    except TypeError as error:  # a criterion that these records cannot be asked for by
        raise ValueError(str(error)) from None
    by = options.by.strip().lower().replace("-", "_")
    found = im.coverage(records, by, count=options.count, interval=options.interval)
    if options.format == "json":
        _print_json(found.to_dict())
    elif options.format == "csv":
        _print_csv(found)
    else:
        _print_coverage(found, markdown=options.format == "markdown")
    return 0


def _print_csv(found: im.Coverage) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    names = ["value", "label", "count", "share", *(["low", "high"] if found.interval is not None else [])]
    writer.writerow(names)
    writer.writerows([getattr(row, name) for name in names] for row in found)


def _print_coverage(found: im.Coverage, *, markdown: bool) -> None:
    whole = found.counting == "full"
    head = [found.by.replace("_", " ").capitalize(), found.of.capitalize(), "Share"]
    lines = [[row.label, f"{row.count:.0f}" if whole else f"{row.count:.1f}", f"{row.share:.1%}"] for row in found]
    if found.interval is not None:
        head.append(f"{found.interval:.4g} interval")
        for line, row in zip(lines, found, strict=True):
            line.append(f"{row.low:.1%} – {row.high:.1%}")
    if markdown:
        print(f"| {' | '.join(head)} |\n| --- |{' ---: |' * (len(head) - 1)}")
        for line in lines:
            print(f"| {' | '.join(map(_escaped, line))} |")
    else:
        widths = [max(map(len, column)) for column in zip(head, *lines, strict=True)]
        for line in (head, *lines):
            cells = [cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True)]
            print("  ".join([line[0].ljust(widths[0]), *cells]))
    print(f"\n{_coverage_note(found)}")


def _coverage_note(found: im.Coverage) -> str:
    by = found.by.replace("_", " ")
    note = f"{found.n} {found.of}, {found.unclassified} without a {by}; shares are of the others."
    return note if found.interval_meaning is None else f"{note}\nIntervals: {found.interval_meaning}."


def _add_brief(commands: Any) -> None:
    brief = commands.add_parser(
        "brief",
        help="brief on a country: who is active, with what, and where to begin",
        description="Put together what the mapping knows of a country.",
    )
    brief.add_argument("country", help="a country, by name or code")
    brief.add_argument("--theme", help="narrow it down to a theme, e.g. child_protection")
    brief.add_argument("--reach", choices=("named", "regional", "global"), default="regional", help="default: regional")
    _add_format(brief)
    brief.set_defaults(run=_brief)


def _brief(options: argparse.Namespace) -> int:
    brief = im.country_brief(im.load(), options.country, theme=options.theme, reach=options.reach)
    if options.format == "json":
        _print_json(brief.to_dict())
    else:
        print(brief.to_markdown() if options.format == "markdown" else brief.to_text())
    return 0


def _add_validate(commands: Any) -> None:
    validate = commands.add_parser(
        "validate",
        help="check a data package and print every fault",
        description="Check a data package: a folder or a .zip; by default the bundled one.",
    )
    validate.add_argument("package", nargs="?", metavar="DIR", help="a folder or a .zip")
    validate.add_argument("--fix", action="store_true", help="write the files of DIR in canonical form first")
    _add_format(validate)
    validate.set_defaults(run=_validate)


def _criteria(options: argparse.Namespace) -> dict[str, Any]:
    criteria: dict[str, Any] = {}
    for name in (name.replace("-", "_") for name in _CRITERIA):
        values = getattr(options, name)
        if values:
            criteria[name] = values[0] if len(values) == 1 else tuple(values)
    for name in ("since", "until", "dates", "reach"):
        if getattr(options, name):
            criteria[name] = getattr(options, name)
    return criteria


def _paths(options: argparse.Namespace) -> int:
    paths = im.collaboration_paths(
        im.load(),
        options.source,
        options.target,
        k=options.k,
        by=options.by,
        max_hops=options.max_hops,
        of=("initiatives", "partnerships", *(("resources",) if options.resources else ())),
        donors=options.donors,
        external=not options.members_only,
        foreign_governments=options.foreign_governments,
        **_criteria(options),
    )
    if options.format == "json":
        _print_json(paths.to_dict())
    elif not paths:
        print(paths.reason)
    else:
        _print_paths(paths, markdown=options.format == "markdown")
    return 0


def _print_paths(paths: im.Paths, *, markdown: bool) -> None:
    for place, path in enumerate(paths, start=1):
        hops = f"{path.hops} step{'' if path.hops == 1 else 's'}, distance {path.distance:.2f}"
        route = " → ".join(path.names)
        print(f"## {place}. {_escaped(route)}\n\n{hops}\n" if markdown else f"{place}. {route}   ({hops})")
        for step, a, b in zip(path.steps, path.names, path.names[1:], strict=False):
            print(f"- **{_escaped(a)} – {_escaped(b)}**" if markdown else f"   {a} – {b}")
            for record in step.evidence:
                title = _escaped(record.label) if markdown else record.label
                print(f"  - {title} ({_facts(record)})" if markdown else f"     · {title} ({_facts(record)})")
                print(f"    <{record.sources[0]}>" if markdown else f"       {record.sources[0]}")
        print()


def _facts(record: im.Initiative | im.Partnership | im.Resource) -> str:
    kind = type(record).__name__.lower()
    return f"{kind}, {record.period}"


def _escaped(text: str) -> str:
    return "".join(f"\\{letter}" if letter in r"\`*_{}[]<>#|" else letter for letter in text)


def _validate(options: argparse.Namespace) -> int:
    from icatmapping.datapackage.package import parse_package  # noqa: PLC0415 - only this command needs them
    from icatmapping.datapackage.writing import bundled_files, canonicalize, check_canonical  # noqa: PLC0415

    faults: list[Fault] = []
    changed: list[str] = []
    place = "the bundled data package" if options.package is None else options.package
    if options.fix:
        if options.package is None:
            message = "validate --fix needs the folder to write to"
            raise ValueError(message)
        try:
            changed = canonicalize(options.package)
        except DatasetError as error:
            faults += error.faults
    if not faults:
        try:
            if options.package is None:
                parse_package(bundled_files())
            else:
                im.load(options.package)
            faults += check_canonical(options.package)
        except DatasetError as error:
            faults += error.faults
    if options.format == "json":
        fields = ("file", "record", "field", "message", "nearest")
        listed = [{field: getattr(fault, field) for field in fields} for fault in faults]
        _print_json({"package": str(place), "changed": changed, "faults": listed})
    else:
        for name in changed:
            print(f"rewrote {name}")
        for fault in faults:
            text = harmless(str(fault))
            print(f"- {_escaped(text)}" if options.format == "markdown" else text)
        print(f"{harmless(str(place))}: {len(faults) or 'no'} fault{'' if len(faults) == 1 else 's'}")
    return 1 if faults else 0


def _print_json(content: Any) -> None:
    text = json.dumps(content, ensure_ascii=not is_utf8(sys.stdout), indent=2)
    # JSON escapes control characters but for those of Latin-1, which some terminals obey.
    print(re.sub("[\x7f-\x9f]", lambda found: f"\\u{ord(found[0]):04x}", text))
