"""
Packages as Data Packages: another program finds the faults in their tables, with no more than the descriptor.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import frictionless
import pytest

import icatmapping as im

if TYPE_CHECKING:
    from collections.abc import Callable

DATA = Path(im.__file__).parent / "data"

Records = list[dict[str, Any]]


def _set(position: int, field: str, value: object) -> Callable[[Records], None]:
    def damage(records: Records) -> None:
        records[position][field] = value

    return damage


def _repeat_an_id(records: Records) -> None:
    records[1]["id"] = records[0]["id"]


DAMAGES: dict[str, tuple[str, Callable[[Records], None], str]] = {
    "a theme that is none": ("initiatives", _set(0, "themes", ["nope"]), "constraint"),
    "a date in another form": ("initiatives", _set(1, "start", "2020/05"), "constraint"),
    "a country that is none, in a list": ("initiatives", _set(2, "countries", ["ZZZ"]), "constraint"),
    "a country that is none, of its own": ("organizations", _set(3, "country", "ZZZ"), "foreign-key"),
    "an id twice": ("partnerships", _repeat_an_id, "primary-key"),
    "a year as text": ("resources", _set(0, "year", "soon"), "type"),
    "a title that is missing": ("resources", _set(0, "title", None), "constraint"),
    "no sources": ("entities", _set(0, "sources", []), "constraint"),
}


@pytest.mark.slow
def test_every_table_of_the_bundled_package_is_read_and_valid() -> None:
    """As many rows as the files have records."""
    report = frictionless.validate(str(DATA / "datapackage.json"))
    assert report.valid, report.to_summary()
    rows = {task.name: task.stats["rows"] for task in report.tasks}
    files = {file.stem: json.loads(file.read_text("utf-8")) for file in DATA.glob("*.json")}
    assert rows == {name: len(records) for name, records in files.items() if name != "datapackage"}


@pytest.mark.slow
def test_every_fault_in_the_tables_is_found(package: Path) -> None:
    """Under its kind, in its table, with no help of this library."""
    for name, spoil, _ in DAMAGES.values():
        file = package / f"{name}.json"
        records = json.loads(file.read_text("utf-8"))
        spoil(records)
        file.write_text(json.dumps(records), "utf-8")
    report = frictionless.validate(str(package / "datapackage.json"))
    found = [(task.name, error.type) for task in report.tasks for error in task.errors]
    for name, _, kind in DAMAGES.values():
        wanted = [each for each in DAMAGES.values() if each[0] == name and each[2] == kind]
        assert len([1 for table, error in found if table == name and kind in error]) >= len(wanted)
