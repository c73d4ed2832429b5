"""
Sources that are statements of one's own: graded lowest, never in the bundled data.
"""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest
from attrs import evolve

import icatmapping as im
from icatmapping.data import bundled_folder
from icatmapping.datapackage import writing

if TYPE_CHECKING:
    from pathlib import Path


def with_sources(ds: im.Dataset, *sources: str) -> im.Dataset:
    first = ds.initiatives[0]
    return ds.extended([evolve(first, id="mine", title="Mine", sources=sources)])


def test_a_record_of_ones_own_needs_no_public_page(ds: im.Dataset) -> None:
    """A statement is a source, and the evidence is the grade below all others."""
    mine = with_sources(ds, "internal: project register")
    assert [record.id for record in mine.initiatives.where(evidence="unpublished")] == ["mine"]
    assert list(im.Evidence)[-1] == "unpublished"
    assert not ds.initiatives.where(evidence="unpublished")


def test_a_page_beside_a_statement_decides_the_grade(ds: im.Dataset) -> None:
    """The best of the sources counts."""
    mine = with_sources(ds, "internal: register", "https://www.state.gov/report")
    assert mine.initiatives["mine"] in mine.initiatives.where(evidence="official")


@pytest.mark.parametrize("source", ["internal:", "internal: ", "project register", "htp://un.org/x", "internal:  x"])
def test_what_is_neither_page_nor_statement_is_no_source(ds: im.Dataset, source: str) -> None:
    """A misspelt address is not taken for a statement."""
    with pytest.raises(im.DatasetError, match="a web address, or a statement such as 'internal: project register'"):
        with_sources(ds, source)


def test_statements_are_no_addresses_in_linked_data(ds: im.Dataset) -> None:
    """The properties that are addresses hold addresses only."""
    mine = with_sources(ds, "internal: project register")
    text = json.dumps(im.to_jsonld(mine.initiatives.where(evidence="unpublished")))
    assert "project register" not in text


@pytest.mark.slow
def test_the_bundled_package_may_not_hold_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The check of the bundled package names each; that of a package of others does not mind."""
    folder = tmp_path / "data"
    shutil.copytree(bundled_folder, folder)
    file = folder / "initiatives.json"
    records = json.loads(file.read_text(encoding="utf-8"))
    records[0]["sources"].append("internal: project register")
    file.write_text(json.dumps(records), encoding="utf-8")
    writing.canonicalize(folder)
    assert writing.check_canonical(folder) == []
    monkeypatch.setattr(writing, "bundled_folder", str(folder))
    (fault,) = writing.check_canonical(folder)
    assert (fault.file, fault.record) == ("initiatives.json", records[0]["id"])
    assert "is no public page" in fault.message
