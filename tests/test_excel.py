"""
Answers as workbooks and CSV, as another reader finds them.
"""

from __future__ import annotations

import csv
import io
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from attrs import evolve

import icatmapping as im
from icatmapping.io.excel import MAX_CELL, MAX_ROWS
from icatmapping.io.sheets import book_of

if TYPE_CHECKING:
    from pathlib import Path


def cells(workbook: Any, sheet: str) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in workbook[sheet].iter_rows()]


def by_header(rows: list[list[Any]]) -> list[dict[str, Any]]:
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def about(workbook: Any) -> dict[str, str]:
    return {str(label): str(text) for label, text in cells(workbook, "About")}


@pytest.fixture
def opened(ds: im.Dataset, tmp_path: Path) -> Any:
    """Give the workbook of the initiatives of a country, opened by openpyxl."""
    ds.initiatives.where(country="Ghana", since=2015).to_excel(tmp_path / "ghana.xlsx")
    return openpyxl.load_workbook(tmp_path / "ghana.xlsx")


def test_every_record_and_every_field_is_there(ds: im.Dataset, opened: Any) -> None:
    """Each record has a row; names stand beside ids and codes, one value a line."""
    found = ds.initiatives.where(country="Ghana", since=2015)
    rows = by_header(cells(opened, "Initiatives"))
    assert [row["ID"] for row in rows] == [record.id for record in found]
    for row, record in zip(rows, found, strict=True):
        assert (row["Countries (codes)"] or "").split("\n") == list(record.countries)
        assert (row["Countries"] or "").split("\n") == [im.country(code).name for code in record.countries]
        assert (row["Leads (ids)"] or "") == "\n".join(record.leads)
        names = [(ds.entities.get(one) or ds.organizations[one]).name for one in record.leads]
        assert (row["Leads"] or "") == "\n".join(names)
        assert (row["Themes"] or "") == "\n".join(theme.label for theme in record.themes)
        assert row["Page"] == record.url


def test_links_are_links_and_the_header_stays_in_sight(opened: Any) -> None:
    """Pages and sources can be followed; rows can be filtered."""
    sheet = opened["Sources"]
    column = [cell.value for cell in sheet[1]].index("Source")
    assert all(row[column].hyperlink.target.startswith("http") for row in sheet.iter_rows(min_row=2))
    assert sheet.freeze_panes is not None
    assert sheet.auto_filter.ref == sheet.dimensions


def test_the_workbook_says_what_was_asked_of_which_data(ds: im.Dataset, opened: Any) -> None:
    """Question, version and date stand on a sheet of their own."""
    said = about(opened)
    assert "Ghana" in said["Asked"]
    assert "2015" in said["Asked"]
    assert said["Data version"] == ds.version
    assert said["Sources last read"] == ds.as_of


def test_an_answer_knows_its_data_and_has_names_beside_ids(ds: im.Dataset, tmp_path: Path) -> None:
    """Of an answer to the bundled data nothing else need be given."""
    im.to_excel(im.overlaps(ds, country="Ghana"), tmp_path / "overlaps.xlsx")
    workbook = openpyxl.load_workbook(tmp_path / "overlaps.xlsx")
    rows = by_header(cells(workbook, "Overlaps"))
    labels = {record.id: record.acronym for record in ds.entities}
    assert rows
    assert all(row["Name a"] == labels[row["A"]] for row in rows)
    assert about(workbook)["Data version"] == ds.version


def test_a_table_of_two_dimensions_is_drawn_as_people_do(ds: im.Dataset, tmp_path: Path) -> None:
    """One sheet has rows and columns with their totals, another the cells."""
    found = im.crosstab(ds.initiatives, "region", "form")
    found.to_excel(tmp_path / "table.xlsx")
    rows = by_header(cells(openpyxl.load_workbook(tmp_path / "table.xlsx"), "Table"))
    africa = next(row for row in rows if row["Region"] == "Africa")
    assert africa["Labour exploitation"] == found["africa", "labour_exploitation"]
    assert rows[-1]["Total"] == found.total


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1+1", "@SUM(A1)", '=HYPERLINK("http://x.example/","y")', "{=1}"])
def test_no_text_becomes_a_formula(ds: im.Dataset, tmp_path: Path, formula: str) -> None:
    """What looks like a formula is text in the workbook, and marked as text in CSV."""
    hostile = evolve(ds.initiatives[0], id="hostile", title=formula, summary=formula)
    records = ds.extended([hostile]).initiatives
    found = records[[record.id for record in records].index("hostile") :][:1]
    found.to_excel(tmp_path / "hostile.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "hostile.xlsx")["Initiatives"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "inlineStr"}
    assert sheet["B2"].value == formula
    found.to_csv(tmp_path / "hostile.csv")
    (row,) = csv.DictReader(io.StringIO((tmp_path / "hostile.csv").read_text(encoding="utf-8")))
    assert row["Title"][0] not in "=+-@\t\r"


def test_a_statement_is_no_link(ds: im.Dataset, tmp_path: Path) -> None:
    """What begins with internal means a place in the workbook to the writer, and must not."""
    mine = ds.extended([evolve(ds.initiatives[0], id="mine", sources=("internal: Sheet1!A1",))])
    mine.initiatives.where(evidence="unpublished").to_excel(tmp_path / "mine.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "mine.xlsx")["Sources"]
    assert sheet["D2"].hyperlink is None
    assert sheet["D2"].value == "internal: Sheet1!A1"


def test_values_are_joined_as_asked(ds: im.Dataset, tmp_path: Path) -> None:
    """Several values of one cell stand apart by what was asked for."""
    record = ds.initiatives["50 for Freedom"]
    im.to_excel(record, tmp_path / "one.xlsx", separator=" / ")
    (row,) = by_header(cells(openpyxl.load_workbook(tmp_path / "one.xlsx"), "Initiatives"))
    assert row["Partners (ids)"] == " / ".join(record.partners)


def test_the_same_answer_gives_the_same_bytes(ds: im.Dataset, tmp_path: Path) -> None:
    """Neither the time nor the place of writing shows."""
    for name in ("a.xlsx", "b.xlsx"):
        ds.entities.to_excel(tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_what_is_too_much_for_a_cell_is_cut_and_told(ds: im.Dataset, tmp_path: Path) -> None:
    """The sheet About says how many cells were cut."""
    sources = tuple(f"https://example.org/{number:020}" for number in range(2_000))
    mine = ds.extended([evolve(ds.initiatives[0], id="mine", title="Mine of many", sources=sources)])
    found = mine.initiatives.search("mine of many")[:1]
    found.to_excel(tmp_path / "long.xlsx")
    workbook = openpyxl.load_workbook(tmp_path / "long.xlsx")
    longest = max(len(str(cell.value)) for row in workbook["Initiatives"].iter_rows() for cell in row)
    assert longest == MAX_CELL
    assert about(workbook)["Cells cut"].startswith("1 ")


@pytest.mark.slow
def test_more_rows_than_a_worksheet_holds_are_refused(ds: im.Dataset, tmp_path: Path) -> None:
    """The error says how many, and what to do; nothing is written."""
    table = im.tidy(ds.initiatives[:1], "country")
    long = evolve(table, rows=table.rows * (MAX_ROWS + 1))
    with pytest.raises(ValueError, match=r"1,048,576 rows; a worksheet holds 1,048,575: write \.csv"):
        im.to_excel(long, tmp_path / "long.xlsx")
    assert not (tmp_path / "long.xlsx").exists()


def test_a_whole_dataset_is_a_workbook_and_an_archive_of_tables(ds: im.Dataset, tmp_path: Path) -> None:
    """Every collection has its sheet, or its file."""
    small = {"entities", "organizations", "initiatives", "partnerships", "resources", "sources"}
    assert {sheet.title.lower() for sheet in book_of(ds, ds=None, asked=None, separator="\n").sheets} == small
    ds.to_csv(tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert set(archive.namelist()) == {f"{name}.csv" for name in small}
        rows = list(csv.DictReader(io.TextIOWrapper(archive.open("entities.csv"), encoding="utf-8")))
    assert [row["ID"] for row in rows] == [record.id for record in ds.entities]


def test_an_answer_without_rows_keeps_its_columns(ds: im.Dataset, tmp_path: Path) -> None:
    """An empty table is a header."""
    im.to_csv(im.coverage(ds.initiatives[:0], "region"), tmp_path / "none.csv")
    assert (tmp_path / "none.csv").read_text(encoding="utf-8") == "Value,Label,Count,Share,Low,High\n"


def test_what_has_no_rows_is_refused(tmp_path: Path) -> None:
    """The error says what is wanted."""
    with pytest.raises(TypeError, match="int has no rows to write"):
        im.to_excel(5, tmp_path / "x.xlsx")
    with pytest.raises(im.UnknownNameError, match=r"\.xlsx"):
        im.to_excel(im.load().entities, tmp_path / "x.xls")
