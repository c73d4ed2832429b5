"""
The spreadsheet to fill in: what is in it, and that it reads back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

import icatmapping as im

if TYPE_CHECKING:
    from pathlib import Path

ANSWERS = {
    "Title": "Training of labour inspectors in the north",
    "Summary": "Trains labour inspectors.",
    "Kind": "Project",
    "Leads": "ILO",
    "Partners": "IOM; UNICEF",
    "Donors": "European Union",
    "Countries": "Ghana; Côte d'Ivoire",
    "Regions": "Western Africa",
    "Themes": "Victim identification; Prevention",
    "Forms": "Labour exploitation",
    "Responses": "Capacity building",
    "Target groups": "Labour inspectors",
    "Sectors": "Fishing and seafood",
    "Start": "2024-03",
    "End": "2027",
    "Status": "Ongoing",
    "Page": "https://www.ilo.org/example",
    "Sources": "project register",
}


def fill(path: Path, answers: dict[str, Any]) -> None:
    """Fill in the third row, as somebody would."""
    workbook = openpyxl.load_workbook(path)
    sheet = workbook.worksheets[0]
    places = {cell.value: cell.column for cell in sheet[1]}
    for header, answer in answers.items():
        sheet.cell(row=3, column=places[header], value=answer)
    workbook.save(path)


def test_filled_in_it_reads_back(tmp_path: Path) -> None:
    """Every column is understood; the example line is not read."""
    path = tmp_path / "projects.xlsx"
    im.write_template(path)
    fill(path, ANSWERS)
    draft = im.read_table(path)
    assert len(draft.problems) == 0
    assert [row.reason for row in draft.left_out] == ["is the example of the template"]
    (record,) = draft.records["initiatives"]
    assert record.title == ANSWERS["Title"]
    assert (record.leads, record.donors) == (("ilo",), ("eu",))
    assert record.partners == ("iom", "unicef")
    assert (record.countries, record.regions) == (("GHA", "CIV"), ("Western Africa",))
    assert (record.themes, record.forms) == (("victim_identification", "prevention"), ("labour_exploitation",))
    assert (record.kind, record.status, record.start, record.end) == ("project", "ongoing", "2024-03", "2027")
    assert record.sectors == ("fishing",)
    assert (record.url, record.sources) == (ANSWERS["Page"], ("internal: project register",))


def test_drop_downs_hold_the_terms_and_countries(tmp_path: Path) -> None:
    """Each list is complete and where the drop-down looks for it."""
    path = tmp_path / "projects.xlsx"
    im.write_template(path)
    workbook = openpyxl.load_workbook(path)
    sheet = workbook.worksheets[0]
    lists: dict[str, list[str]] = {}
    for rule in sheet.data_validations.dataValidation:
        header = sheet.cell(row=1, column=next(iter(rule.sqref.ranges)).min_col).value
        name, _, place = rule.formula1.lstrip("=").partition("!")
        lists[str(header)] = [str(cell[0].value) for cell in workbook[name][place.replace("$", "")]]
    assert lists["Themes"] == [record.label for record in im.terms("theme").values()]
    assert lists["Status"] == [record.label for record in im.terms("status").values()]
    assert set(lists["Countries"]) == {country.name for country in im.geography.countries()}


@pytest.mark.parametrize("of", ["partnerships", "resources", "organizations"])
def test_there_is_one_for_every_kind_of_record(tmp_path: Path, of: Any) -> None:
    """The examples are understood as well, once they are no examples."""
    path = tmp_path / "template.xlsx"
    im.write_template(path, of=of)
    workbook = openpyxl.load_workbook(path)
    sheet = workbook.worksheets[0]
    sheet["A2"].value = sheet["A2"].value.removeprefix("EXAMPLE: ")
    workbook.save(path)
    draft = im.read_table(path, of=of)
    assert len(draft.records[of]) == 1
    assert [row for row in draft.problems if row.column != "scope"] == []


def test_another_suffix_or_kind_is_refused(tmp_path: Path) -> None:
    """A wrong name lists those that there are."""
    with pytest.raises(im.UnknownNameError, match=r"\.xlsx"):
        im.write_template(tmp_path / "x.docx")
    with pytest.raises(im.UnknownNameError, match="initiatives"):
        im.write_template(tmp_path / "x.xlsx", of="initiative")  # type: ignore[arg-type]
