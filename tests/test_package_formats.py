"""
What a written package says of itself, and packages written as tables for other programs.
"""

from __future__ import annotations

import csv
import json
import re
import zipfile
from typing import TYPE_CHECKING, Any

import frictionless
import pyarrow.parquet as pq
import pytest

import icatmapping as im

if TYPE_CHECKING:
    from pathlib import Path

KINDS = ("entities", "organizations", "initiatives", "partnerships", "resources")
OUR_WORDS: dict[str, Any] = {
    "name": "ours",
    "title": "Our mapping",
    "licenses": [{"name": "CC0-1.0"}],
    "contributors": [{"title": "We"}],
    "x-note": {"half a character": "\ud800"},
}


@pytest.fixture
def own(tmp_path: Path, ds: im.Dataset) -> im.Dataset:
    """Load a package that says something of itself."""
    im.write_package(ds, tmp_path / "own", about={**OUR_WORDS, "version": "ignored"})
    return im.load(tmp_path / "own")


def _descriptor(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((path / "datapackage.json").read_text("utf-8"))
    return found


@pytest.mark.slow
def test_a_package_keeps_what_it_says_of_itself(own: im.Dataset, tmp_path: Path) -> None:
    """When it is loaded and written, also with records laid over; the caller may say otherwise."""
    assert own.about is not None
    assert own.about.items() >= OUR_WORDS.items()
    own.about["title"] = "changed"
    im.write_package(own, tmp_path / "again")
    assert _descriptor(tmp_path / "again") == _descriptor(tmp_path / "own")
    im.write_package(own.extended(own.initiatives[:1]), tmp_path / "more.zip")
    more = im.load(tmp_path / "more.zip")
    assert more.about is not None
    assert more.about.items() >= OUR_WORDS.items()
    im.write_package(own, tmp_path / "other", about={"name": "other"})
    assert _descriptor(tmp_path / "other")["name"] == "other"
    assert "licenses" not in _descriptor(tmp_path / "other")


@pytest.mark.slow
def test_what_is_made_of_the_bundled_mapping_says_nothing_for_it(ds: im.Dataset, tmp_path: Path) -> None:
    """Its licence and authors are those of what was published."""
    im.write_package(ds.extended(ds.initiatives[:1]), tmp_path / "same")
    im.write_package(ds.extended({"findings": [ds.findings[0].to_dict() | {"statement": "Other."}]}), tmp_path / "p")
    assert "licenses" in _descriptor(tmp_path / "same")
    assert "licenses" not in _descriptor(tmp_path / "p")


@pytest.mark.slow
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_frictionless_reads_every_row_of_other_formats(form: str, ds: im.Dataset, tmp_path: Path) -> None:
    """With its own reader, by the descriptor alone."""
    im.write_package(ds, tmp_path / "p", format=form)
    report = frictionless.Package(str(tmp_path / "p" / "datapackage.json")).validate()
    assert report.valid, report.to_summary()
    rows = {task.name: task.stats["rows"] for task in report.tasks}
    assert {kind: len(ds.collection(kind)) for kind in KINDS}.items() <= rows.items()
    assert _descriptor(tmp_path / "p")["version"] == ds.version


def test_cells_of_several_values_can_be_taken_apart(own: im.Dataset, tmp_path: Path) -> None:
    """As the descriptor says, whatever the values are."""
    odd = own.initiatives[0].to_dict() | {"sources": ["https://example.org/?a|b\\c", "https://example.org/|"]}
    ds = own.extended({"initiatives": [odd]})
    im.write_package(ds, tmp_path / "p.zip", format="csv")
    with zipfile.ZipFile(tmp_path / "p.zip") as archive:
        described = json.loads(archive.read("datapackage.json"))
        for kind in ("initiatives", "resources"):
            rows = list(csv.DictReader(archive.read(f"{kind}.csv").decode("utf-8").splitlines()))
            (schema,) = (one["schema"] for one in described["resources"] if one["name"] == kind)
            joined = [field["name"] for field in schema["fields"] if "joined" in field.get("description", "")]
            assert joined
            for row, record in zip(rows, ds.collection(kind), strict=True):
                plain = record.to_dict()
                for name in joined:
                    parts = [re.sub(r"\\(.)", r"\1", part) for part in re.findall(r"(?:\\.|[^|\\])+", row[name])]
                    wanted = [f"{x['type']}:{x['value']}" if isinstance(x, dict) else x for x in plain[name]]
                    assert parts == wanted


def test_parquet_holds_the_records_as_they_are(ds: im.Dataset, tmp_path: Path) -> None:
    """Lists and objects, empty or not."""
    im.write_package(ds, tmp_path / "p", format="parquet")
    for kind in KINDS:
        assert pq.read_table(tmp_path / "p" / f"{kind}.parquet").to_pylist() == ds.collection(kind).to_dict()


def test_formats_do_not_mix_in_a_folder(ds: im.Dataset, tmp_path: Path) -> None:
    """What is there is replaced by its like alone; a format that there is not is named with those that there are."""
    im.write_package(ds, tmp_path / "p", format="csv")
    im.write_package(ds, tmp_path / "p", format="csv")
    with pytest.raises(FileExistsError, match="something else"):
        im.write_package(ds, tmp_path / "p")
    with pytest.raises(im.UnknownNameError, match="json, csv, parquet"):
        im.write_package(ds, tmp_path / "q", format="cvs")
    assert [one.name for one in tmp_path.iterdir()] == ["p"]
