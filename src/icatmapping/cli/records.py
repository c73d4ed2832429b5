"""
Commands that find records and words: list, search, show, terms, countries.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

import icatmapping as im
from icatmapping.cli.arguments import CRITERIA_OF, add_criteria, add_data, add_output, criteria_of, dataset_of
from icatmapping.cli.output import show
from icatmapping.errors import UnknownNameError
from icatmapping.model.geography import area_label
from icatmapping.model.schema import QUERIED
from icatmapping.model.vocabulary import VOCABULARIES
from icatmapping.query.dimensions import dimension, dimensions_of
from icatmapping.results import Row, Table
from icatmapping.utils.files import csv_bytes
from icatmapping.utils.text import nearest

if TYPE_CHECKING:
    import argparse

__all__ = ["add_commands"]

_FIELDS = ("id", "label", "period", "first_active", "last_active", "url", "summary", "checked")


def add_commands(commands: Any) -> None:
    """Add the commands that find records and words."""
    _add_list(commands)
    search = commands.add_parser(
        "search", help="find everything that speaks of something", description="Search all collections, best first."
    )
    search.add_argument("text", nargs="+", help="words, e.g. forced labour on fishing boats")
    add_criteria(search, CRITERIA_OF["networks"])
    add_data(search)
    add_output(search)
    search.set_defaults(run=_search)
    show_ = commands.add_parser(
        "show", help="show one record", description="Show all that is known of a record, with its sources."
    )
    show_.add_argument("name", nargs="+", help="its id, name, title, acronym or alias")
    show_.add_argument("--cite", choices=("text", "bibtex", "csl-json"), help="show how to cite it instead")
    add_data(show_)
    add_output(show_, limit=None)
    show_.set_defaults(run=_show)
    terms = commands.add_parser(
        "terms", help="list vocabularies and their terms", description="List the vocabularies, or the terms of one."
    )
    terms.add_argument("vocabulary", nargs="?", help="e.g. theme, form, response, target_group, sector")
    add_output(terms, limit=0)
    terms.set_defaults(run=_terms)
    countries = commands.add_parser(
        "countries", help="list countries and areas", description="List countries, all or those of an area."
    )
    countries.add_argument("area", nargs="*", help="a region, sub-region or grouping, e.g. 'Western Balkans'")
    add_data(countries)
    add_output(countries, limit=0)
    countries.set_defaults(run=_countries)


def _add_list(commands: Any) -> None:
    listing = commands.add_parser(
        "list",
        help="list entities, organizations, initiatives, partnerships or resources",
        description="List the records of a collection that meet some criteria.",
    )
    kinds = listing.add_subparsers(title="collections", metavar="COLLECTION", required=True)
    for name in QUERIED:
        command = kinds.add_parser(name, help=f"list {name}")
        add_criteria(command, CRITERIA_OF[name])
        command.add_argument(
            "--sort", metavar="FIELD", help="label, first_active, last_active or a single-valued dimension"
        )
        command.add_argument("--descending", action="store_true", help="the highest first")
        columns = ", ".join((*_FIELDS, *dimensions_of(name)))
        command.add_argument("--columns", metavar="NAME[,NAME]", help=f"which columns to show, of: {columns}")
        add_data(command)
        add_output(command)
        command.set_defaults(run=_list, collection=name)


@frozen(repr=False)
class _ListRow(Row):
    record: Any
    cells: tuple[str, ...]


def _list(options: argparse.Namespace) -> int:
    name = options.collection
    records = dataset_of(options).collection(name).select(criteria_of(options, CRITERIA_OF[name]))
    if options.sort:
        records = records.sort(options.sort, descending=options.descending)
    if not options.columns:
        return show(records, options)
    chosen = [column.strip() for column in options.columns.split(",") if column.strip()]
    known = (*_FIELDS, *dimensions_of(name))
    for column in chosen:
        if column not in known:
            raise UnknownNameError(column, f"column of {name}", nearest(column, known), valid=known)
    limit = options.limit or len(records)
    rows = [[_cell(record, column, records) for column in chosen] for record in records[:limit]]
    forms = {
        "text": lambda: "\n".join("\t".join(row) for row in (chosen, *rows)),
        "csv": lambda: csv_bytes([chosen, *rows]).decode().rstrip("\r\n"),
        "markdown": lambda: _markdown(chosen, rows),
    }
    data = [dict(zip(chosen, row, strict=True)) for row in rows]
    return show(records, options, data=data, forms=forms)


def _cell(record: Any, column: str, records: Any) -> str:
    """Return what stands in a cell: the names of values, not their codes."""
    if column in _FIELDS:
        value = getattr(record, column, None)
        return "" if value is None else " ".join(str(value).split())
    entry = dimension(column, records.store.collection)
    values = entry.values(record, records.directory)
    return "; ".join(entry.label(value, records.directory) for value in values)


def _markdown(columns: list[str], rows: list[list[str]]) -> str:
    from icatmapping.utils.text import escape_markdown  # noqa: PLC0415 - only this form needs it

    lines = [columns, ["---"] * len(columns), *([escape_markdown(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _search(options: argparse.Namespace) -> int:
    asked = criteria_of(options, CRITERIA_OF["networks"])
    hits = dataset_of(options).search(" ".join(options.text), limit=options.limit or 1000, **asked)
    return show(hits, options)


def _show(options: argparse.Namespace) -> int:
    ds = dataset_of(options)
    record = _find(ds, " ".join(options.name))
    if options.cite:
        print(im.cite(record, style=options.cite))
        return 0
    return show(record, options)


def _find(ds: im.Dataset, name: str) -> Any:
    """Find a record of any collection by any of its names."""
    suggestions: list[str] = []
    for collection in QUERIED:
        try:
            return ds.collection(collection)[name]
        except UnknownNameError as error:
            suggestions += error.suggestions
    raise UnknownNameError(name, "record", nearest(name, suggestions) or suggestions[:3])


@frozen(repr=False)
class _Term(Row):
    value: str
    label: str
    definition: str
    aliases: tuple[str, ...]


@frozen(repr=False)
class Terms(Table[_Term]):
    rows: tuple[_Term, ...]


def _terms(options: argparse.Namespace) -> int:
    if options.vocabulary is None:
        names = (*VOCABULARIES, "subregion", "language")
        found = [
            _Term(name, name.replace("_", " ").capitalize(), ", ".join(list(im.terms(name))[:6]), ()) for name in names
        ]
    else:
        records = im.terms(options.vocabulary.replace("-", "_").replace(" ", "_")).values()
        found = [_Term(record.value, record.label, record.definition, record.aliases) for record in records]
    return show(Terms(tuple(found)), options)


@frozen(repr=False)
class _CountryRow(Row):
    code: str
    name: str
    subregion: str
    region: str


@frozen(repr=False)
class Countries(Table[_CountryRow]):
    rows: tuple[_CountryRow, ...]


def _countries(options: argparse.Namespace) -> int:
    wanted = None
    if options.area:
        wanted = dataset_of(options).directory.areas.find(" ".join(options.area), first="region").countries
    rows = [
        _CountryRow(each.alpha3, each.name, each.subregion or "–", area_label(each.region) if each.region else "–")
        for each in im.geography.countries()
        if wanted is None or each.alpha3 in wanted
    ]
    return show(Countries(tuple(rows)), options)
