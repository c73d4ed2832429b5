"""
Refreshes ``README.md``: the table of figures, the one place where totals of the data stand, and what commands print.

Run when the data have changed; tests say when they have::

    python docs/scripts/figures.py
"""

from __future__ import annotations

import contextlib
import io
import re
import shlex
from pathlib import Path

import icatmapping as im
from icatmapping.cli.main import main

README = Path(__file__).parents[2] / "README.md"
SESSION = re.compile(r"(?<=^\$ )(icatmapping [^\n]+)\n((?:(?!\$ |```)[^\n]*\n)+)", re.MULTILINE)
BEGIN, END = "<!-- figures -->\n", "<!-- end of figures -->"


def table(ds: im.Dataset) -> str:
    """Return the figures as a Markdown table."""
    works = (ds.initiatives, ds.partnerships, ds.resources)
    records = [record for records in (*works, ds.entities, ds.organizations) for record in records]
    countries = {code for collection in works for record in collection for code in record.countries}
    present = int(ds.as_of[:4])
    recent = len(ds.initiatives.where(since=present - 2))
    rows = (
        ("Members of ICAT and its partner", len(ds.entities)),
        ("Initiatives", len(ds.initiatives)),
        (f"… of them known to be active in {present - 2} or later", recent),
        ("Partnerships", len(ds.partnerships)),
        ("Publications, tools and databases", len(ds.resources)),
        ("Other bodies that take part: governments, agencies, civil society, companies", len(ds.organizations)),
        ("Countries and territories that records name", len(countries)),
        ("Public pages that records rest on", len({source for record in records for source in record.sources})),
    )
    lines = [f"| {label} | {number:,} |" for label, number in rows]
    return "\n".join([f"| Dataset {ds.version} | as of {ds.as_of} |", "|---|--:|", *lines, ""])


def session(found: re.Match[str]) -> str:
    """Return a command with as many lines of what it prints today as are shown of it."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        main(shlex.split(found[1])[1:])
    lines = [line.rstrip() for line in printed.getvalue().splitlines()]
    shown = len([line for line in found[2].splitlines() if line != "..."])
    return "\n".join([found[1], *lines[:shown], *(["..."] if len(lines) > shown else []), ""])


def refreshed(text: str) -> str:
    """Return the text of the README with the figures of today."""
    before, _, rest = SESSION.sub(session, text).partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + BEGIN + table(im.load()) + END + after


if __name__ == "__main__":
    README.write_text(refreshed(README.read_text("utf-8")), "utf-8", newline="\n")
