"""
Commands on data: validate, export, import, template, changes, site.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import icatmapping as im
from icatmapping.cli.arguments import add_data, add_output, dataset_of
from icatmapping.cli.output import json_text, show
from icatmapping.errors import DatasetError, Fault
from icatmapping.utils.streams import harmless
from icatmapping.utils.text import escape_markdown

if TYPE_CHECKING:
    import argparse

__all__ = ["add_commands"]


def add_commands(commands: Any) -> None:
    """Add the commands on data."""
    validate = commands.add_parser(
        "validate",
        help="check a data package",
        description="Check every rule that a data package must keep, and name every fault.",
    )
    validate.add_argument("package", nargs="?", help="a folder or .zip; by default the bundled one")
    validate.add_argument("--fix", action="store_true", help="write the files of a folder in canonical form first")
    validate.add_argument("--format", choices=("text", "markdown", "json"), default="text", help="default: text")
    validate.set_defaults(run=_validate)
    export = commands.add_parser(
        "export",
        help="write the dataset, or a network, to a file",
        description="Write the dataset as a data package or workbook, or a partnership network as a graph file.",
    )
    export.add_argument("path", help="a folder, or a name ending in .zip, .xlsx, .graphml, .gexf or .json (node-link)")
    export.add_argument("--format", choices=("json", "csv", "parquet"), default="json", help="of a package's tables")
    export.add_argument("--country", action="append", metavar="VALUE", help="of a network: a country or area")
    export.add_argument("--since", metavar="YEAR", help="of a network: active in this year or later")
    add_data(export)
    export.set_defaults(run=_export)
    reading = commands.add_parser(
        "import",
        help="read a spreadsheet, 3W table or IATI file",
        description="Read a table of your own, say what was understood and what was not, and lay it over the dataset.",
    )
    reading.add_argument("path", help="a .csv, .xlsx, .ods, a 3W table with HXL hashtags, or an IATI .xml")
    reading.add_argument("--as", dest="kind", choices=("table", "hxl", "iati"), help="default: by the file's content")
    reading.add_argument("--save", metavar="PACKAGE", help="write the dataset with the records laid over it")
    reading.add_argument("--add-bodies", action="store_true", help="make organizations of bodies that are not known")
    add_data(reading)
    reading.set_defaults(run=_import)
    template = commands.add_parser(
        "template",
        help="write an empty spreadsheet to fill in",
        description="Write a workbook with drop-downs of terms.",
    )
    template.add_argument("path", help="a name ending in .xlsx")
    template.set_defaults(run=_template)
    changes = commands.add_parser(
        "changes", help="compare two data packages", description="Records added, changed, gone and merged."
    )
    changes.add_argument("old", help="a folder or .zip")
    changes.add_argument("new", nargs="?", help="another; by default the bundled one")
    add_output(changes)
    changes.set_defaults(run=_changes)
    site = commands.add_parser(
        "site",
        help="write a static site to read, search and ask",
        description="Write the explorer: pages that anyone can open from a folder, or put on any web server.",
    )
    site.add_argument("path", help="the folder to write it to; a site that is there is replaced")
    site.add_argument("--title", help="what the site is called")
    site.add_argument("--colour", metavar="#RRGGBB", help="its one colour")
    site.add_argument("--footer", metavar="TEXT", help="a text at the foot of every page, e.g. who publishes it")
    site.add_argument("--url", metavar="ADDRESS", help="where it will be published, for the sitemap and for sharing")
    add_data(site)
    site.set_defaults(run=_site)


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
        print(json_text({"package": str(place), "changed": changed, "faults": listed}))
    else:
        for name in changed:
            print(f"rewrote {name}")
        for fault in faults:
            text = harmless(str(fault))
            print(f"- {escape_markdown(text)}" if options.format == "markdown" else text)
        print(f"{harmless(str(place))}: {len(faults) or 'no'} fault{'' if len(faults) == 1 else 's'}")
    return 1 if faults else 0


def _export(options: argparse.Namespace) -> int:
    ds, path = dataset_of(options), Path(options.path)
    ending = path.suffix.lower()
    if ending in (".graphml", ".gexf", ".json"):
        asked: dict[str, Any] = {"country": options.country} if options.country else {}
        asked |= {"since": options.since} if options.since else {}
        im.write_graph(im.partnership_graph(ds, **asked), path)
    elif ending == ".xlsx":
        im.to_excel(ds, path)
    elif ending in ("", ".zip") or path.is_dir():
        im.write_package(ds, path, format=options.format)
    else:
        message = f"{str(path)!r} must be a folder, or end in .zip, .xlsx, .graphml, .gexf or .json"
        raise ValueError(message)
    print(f"wrote {harmless(str(path))}", file=sys.stderr)
    return 0


def _import(options: argparse.Namespace) -> int:
    ds = dataset_of(options)
    readers: dict[str, Any] = {"table": im.read_table, "hxl": im.read_hxl, "iati": im.read_iati}
    kind = options.kind or ("iati" if Path(options.path).suffix.lower() == ".xml" else "table")
    settings: dict[str, Any] = {"new_bodies": "add"} if options.add_bodies else {}
    draft = readers[kind](options.path, ds=ds, **settings)
    print(harmless(str(draft)) if "\x1b" in str(draft) else draft)
    if options.save:
        im.write_package(draft.extend(ds), options.save)
        print(f"wrote {harmless(str(options.save))}", file=sys.stderr)
    return 0


def _template(options: argparse.Namespace) -> int:
    im.write_template(options.path)
    print(f"wrote {harmless(str(options.path))}", file=sys.stderr)
    return 0


def _changes(options: argparse.Namespace) -> int:
    return show(im.changes(im.load(options.old), im.load(options.new)), options)


def _site(options: argparse.Namespace) -> int:
    names = ("title", "colour", "footer", "url")
    settings = {name: getattr(options, name) for name in names if getattr(options, name) is not None}
    on_terminal = sys.stderr is not None and sys.stderr.isatty()

    def tell(done: int, number: int, what: str) -> None:
        print(f"\r{done} of {number}: {what:<40.40}", end="", file=sys.stderr, flush=True)

    im.write_site(dataset_of(options), options.path, progress=tell if on_terminal else None, **settings)
    if on_terminal:
        print("\r" + " " * 70 + "\r", end="", file=sys.stderr)
    print(f"wrote {harmless(str(Path(options.path) / 'index.html'))}", file=sys.stderr)
    return 0
