"""
The arguments that many commands share: criteria, the dataset, and how an answer is shown.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

import icatmapping as im
from icatmapping.query import criteria as kinds
from icatmapping.query.criteria import OPTIONS, TIME

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "CRITERIA_OF",
    "add_criteria",
    "add_data",
    "add_network_options",
    "add_output",
    "criteria_of",
    "dataset_of",
    "network_options_of",
]

CRITERIA_OF: dict[str, tuple[str, ...]] = {
    "entities": tuple(kinds.EntityCriteria.__annotations__),
    "organizations": tuple(kinds.OrganizationCriteria.__annotations__),
    "initiatives": tuple(kinds.InitiativeCriteria.__annotations__),
    "partnerships": tuple(kinds.PartnershipCriteria.__annotations__),
    "resources": tuple(kinds.ResourceCriteria.__annotations__),
    "networks": tuple(kinds.SharedCriteria.__annotations__),
}
"""What each kind of question can be narrowed down by."""

_HELP = {
    "country": "a country or area, by any name or code: Ghana, 'Western Balkans', ASEAN",
    "region": "a region or other area, e.g. Africa, 'West Africa'",
    "subregion": "an M49 sub-region, e.g. 'Western Africa'",
    "grouping": "a grouping that records name, e.g. ASEAN",
    "scope": "global, regional or national",
    "theme": "a theme, e.g. 'child protection'",
    "form": "a form of exploitation, e.g. 'forced labour'",
    "response": "a kind of response, e.g. training",
    "target_group": "for whom, e.g. police",
    "sector": "an economic sector, e.g. fishing",
    "priority_area": "a priority area of the Analytical Review of 2020, e.g. demand",
    "entity": "a member of ICAT that takes part",
    "organization": "anybody that takes part; a country's name stands for its government and bodies",
    "lead": "who runs it",
    "partner": "who implements it or co-operates",
    "donor": "who funds it; a country's name stands for its government and agencies",
    "donor_country": "the country of a donor that is a government or its agency",
    "member": "who belongs to it",
    "publisher": "who published it",
    "kind": "its kind, e.g. project",
    "status": "ongoing, completed or unknown",
    "language": "a language in which it is available",
    "evidence": "the best grade of its sources: own, official, other, mirror",
    "year": "a year or a span: 2019, 2015-2019, 2020-, -2010",
    "since": "active in this year or later",
    "until": "active in this year or earlier",
    "dates": "whether years are those in which it is known to be active, or possible ones (default: known)",
    "reach": "how far --country reaches: named, or regional or global work that includes it (default: named)",
}


def add_criteria(command: argparse.ArgumentParser, names: Iterable[str]) -> None:
    """Add an argument for every criterion, with its meaning."""
    group = command.add_argument_group(
        "criteria", "what the records have to meet; a criterion given twice means either"
    )
    for name in names:
        flag = f"--{name.replace('_', '-')}"
        if name in OPTIONS:
            group.add_argument(flag, choices=OPTIONS[name], help=_HELP[name])
        elif name in TIME and name != "year":
            group.add_argument(flag, metavar="YEAR", help=_HELP[name])
        else:
            group.add_argument(flag, action="append", metavar="VALUE", help=_HELP.get(name, name))


def criteria_of(options: argparse.Namespace, names: Iterable[str]) -> dict[str, Any]:
    """Return the criteria that were given."""
    found: dict[str, Any] = {}
    for name in names:
        given = getattr(options, name, None)
        if given:
            found[name] = given[0] if isinstance(given, list) and len(given) == 1 else given
    return found


def add_data(command: argparse.ArgumentParser) -> None:
    """Add the argument for a dataset of one's own."""
    command.add_argument(
        "--data", metavar="PACKAGE", help="a data package of your own, a folder or .zip (default: the bundled one)"
    )


def dataset_of(options: argparse.Namespace) -> im.Dataset:
    """Return the dataset that was asked for."""
    return im.load(getattr(options, "data", None))


def add_output(command: argparse.ArgumentParser, *, limit: int | None = 20) -> None:
    """Add the arguments that say how an answer is shown."""
    group = command.add_argument_group("output")
    group.add_argument("--format", choices=("text", "markdown", "json", "csv"), help="default: text, or by --output")
    group.add_argument(
        "--output",
        metavar="FILE",
        help="write to a file, by its ending: .txt .md .json .csv .html .xlsx, for briefs also .docx",
    )
    if limit is not None:
        group.add_argument(
            "--limit", type=_limit, default=limit, metavar="N", help=f"rows shown, 0 for all (default: {limit})"
        )


def _limit(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        message = f"must be a whole number, 0 for all, not {text!r}"
        raise argparse.ArgumentTypeError(message)
    return int(text)


def add_network_options(command: argparse.ArgumentParser, *, between: bool = True) -> None:
    """Add the arguments of questions to the network."""
    group = command.add_argument_group("network")
    group.add_argument("--topic", choices=("prefer", "require"), help="whether records must be on the topic")
    group.add_argument("--donors", action="store_true", help="donors take part in what they fund")
    group.add_argument("--resources", action="store_true", help="joint publications tie as well")
    group.add_argument("--keep-organs", action="store_true", help="organs of a member sit as themselves")
    group.add_argument(
        "--half-life", metavar="YEARS", help="after how many years a record counts half; 'none' for never"
    )
    if between:
        group.add_argument("--members-only", action="store_true", help="only members of ICAT in between")
        group.add_argument(
            "--foreign-governments", action="store_true", help="governments of other countries may be in between"
        )


def network_options_of(options: argparse.Namespace) -> dict[str, Any]:
    """Return the options of a question to the network, as far as they were given."""
    found: dict[str, Any] = {"donors": options.donors, "organs": "keep" if options.keep_organs else "fold"}
    if options.topic:
        found["topic"] = options.topic
    if options.resources:
        found["of"] = ("initiatives", "partnerships", "resources")
    if options.half_life:
        found["half_life"] = half_life_of(options.half_life)
    for name, flag in (("external", "members_only"), ("foreign_governments", "foreign_governments")):
        if hasattr(options, flag):
            given: bool = getattr(options, flag)
            found[name] = not given if name == "external" else given
    return found


def half_life_of(text: str) -> float | None:
    """
    Read a half-life: a number of years, or none.

    Raises:
        ValueError: If it is neither.
    """
    if text.casefold() == "none":
        return None
    try:
        return float(text)
    except ValueError:
        message = f"--half-life must be a number of years or 'none', not {text!r}"
        raise ValueError(message) from None
