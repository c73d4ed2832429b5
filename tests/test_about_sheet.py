"""
What the sheet "About" of a workbook says of the question and of the data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import python_calamine

import icatmapping as im
from icatmapping.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path


def _about(file: Path) -> dict[str, str]:
    rows = python_calamine.CalamineWorkbook.from_path(str(file)).get_sheet_by_name("About").to_python()
    return {str(label): str(text) for label, text, *_ in rows}


def test_about_says_what_a_brief_was_asked_and_of_which_data(tmp_path: Path) -> None:
    """A brief on the command line is written with its country, theme, year and reach, and the version of the data."""
    file = tmp_path / "ghana.xlsx"
    options = ["--theme", "child protection", "--since", "2020", "--output", str(file)]
    assert main(["brief", "Ghana", *options]) == 0
    about = _about(file)
    assert about["Asked"] == "on child protection in Ghana since 2020"
    assert about["Data version"] == im.load().version
    assert about["Sources last read"] == im.load().as_of


def test_about_names_the_reach_of_a_brief_where_it_is_wider() -> None:
    """What counts as work in a country is part of the question, and the default goes without saying."""
    ds = im.load()
    named, wider = (im.country_brief(ds, "Ghana", reach=reach) for reach in ("named", "regional"))
    assert named.provenance.question == "in Ghana"
    assert wider.provenance.question.startswith("in Ghana")
    assert wider.provenance.question != "in Ghana"
    assert (wider.provenance.version, wider.provenance.as_of) == (ds.version, ds.as_of)


def test_collections_know_the_dataset_they_are_of() -> None:
    """A collection of one's own dataset is referred to with the records of that dataset."""
    ds = im.load()
    assert ds.initiatives.where(country="Ghana").directory.source is ds
