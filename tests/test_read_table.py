"""
Tables as people keep them: what becomes of each form, and that nothing is lost without being told.
"""

from __future__ import annotations

import datetime as dt
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

import icatmapping as im
from icatmapping.io.dates import parse_date, parse_period
from icatmapping.io.headers import field_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def as_csv(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    (folder / "projects.csv").write_bytes(text.encode(encoding))
    return folder / "projects.csv"


def as_xlsx(folder: Path, rows: Sequence[Sequence[Any]], name: str = "projects.xlsx") -> Path:
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(list(row))
    workbook.save(folder / name)
    return folder / name


def as_ods(folder: Path, rows: Sequence[Sequence[str]], tail: str = "") -> Path:
    written = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body>'
        f'<office:spreadsheet><table:table table:name="Data">{written}{tail}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    with zipfile.ZipFile(folder / "projects.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", _MANIFEST)
        archive.writestr("content.xml", content)
    return folder / "projects.ods"


_MANIFEST = (
    '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    '<manifest:file-entry manifest:full-path="/" '
    'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>'
)


def made(draft: im.Draft) -> list[im.Initiative]:
    return list(draft.records["initiatives"])


# --- the forms of tables ---------------------------------------------------------------------------------------------

ROWS = [
    ["Project title", "Lead agency", "Country", "Start date", "End date"],
    ["Training of judges", "UNODC", "Ghana", "15/03/2021", "2023"],
    ["Shelters", "IOM", "Togo", "March 2020", "2022-12"],
]


@pytest.mark.parametrize("form", ["csv", "semicolons", "tabs", "cp1252", "utf-16", "xlsx", "ods"])
def test_the_same_table_reads_the_same_in_every_form(tmp_path: Path, form: str) -> None:
    """Formats, separators and encodings make no difference."""
    separator = {"semicolons": ";", "tabs": "\t"}.get(form, ",")
    text = "\r\n".join(separator.join(row) for row in ROWS)
    if form == "xlsx":
        path = as_xlsx(tmp_path, ROWS)
    elif form == "ods":
        path = as_ods(tmp_path, ROWS)
    else:
        path = as_csv(tmp_path, text, {"cp1252": "cp1252", "utf-16": "utf-16"}.get(form, "utf-8"))
    judges, shelters = sorted(made(im.read_table(path)), key=lambda one: one.title, reverse=True)
    assert (judges.leads, judges.countries, judges.start, judges.end) == (("unodc",), ("GHA",), "2021-03", "2023")
    assert (shelters.leads, shelters.countries, shelters.start, shelters.end) == (
        ("iom",),
        ("TGO",),
        "2020-03",
        "2022-12",
    )


def test_a_table_in_spanish_with_letters_of_windows(tmp_path: Path) -> None:
    """Headers, names of countries and months are understood in other languages."""
    text = "Título;País;Organismo;Inicio;Temas\nCapacitación;España;OIT;marzo de 2021;trabajo forzoso\n"
    draft = im.read_table(as_csv(tmp_path, text, "cp1252"), mapping={"Temas": "topics"})
    (record,) = made(draft)
    assert (record.title, record.countries, record.start) == ("Capacitación", ("ESP",), "2021-03")
    assert "labour_exploitation" in record.forms
    assert "read as Windows-1252" in draft.notes


def test_title_lines_above_and_a_header_of_two_lines(tmp_path: Path) -> None:
    """The header is found where it is; merged groups above its second line do no harm."""
    rows = [
        ["Register of projects"],
        ["as of May 2021"],
        [],
        ["Project", None, "Dates", None, "Where"],
        ["Name", "Lead agency", "Start", "End", "Country"],
        ["P1", "ILO", dt.date(2020, 5, 1), 44926, "Ghana"],
    ]
    draft = im.read_table(as_xlsx(tmp_path, rows))
    (record,) = made(draft)
    assert (record.title, record.leads, record.start, record.end) == ("P1", ("ilo",), "2020-05", "2022-12")
    assert "the header is row 5" in draft.notes


def test_cells_merged_downwards_go_for_every_row(tmp_path: Path) -> None:
    """A country over three rows is that of all three."""
    workbook = openpyxl.Workbook()
    for row in (["Country", "Title"], ["Ghana", "A"], [None, "B"], [None, "C"], ["Togo", "D"]):
        workbook.active.append(row)
    workbook.active.merge_cells("A2:A4")
    workbook.save(tmp_path / "merged.xlsx")
    found = {one.title: one.countries for one in made(im.read_table(tmp_path / "merged.xlsx"))}
    assert found == {"A": ("GHA",), "B": ("GHA",), "C": ("GHA",), "D": ("TGO",)}


def test_the_first_visible_sheet_unless_another_is_named(tmp_path: Path) -> None:
    """A hidden first sheet is not the data; a wrong name lists those that there are."""
    workbook = openpyxl.Workbook()
    workbook.active.title = "Lists"
    workbook.active.sheet_state = "hidden"
    for name, title in (("Data", "A"), ("Old", "B")):
        sheet = workbook.create_sheet(name)
        sheet.append(["Title", "Country"])
        sheet.append([title, "Ghana"])
    workbook.save(tmp_path / "sheets.xlsx")
    assert made(im.read_table(tmp_path / "sheets.xlsx"))[0].title == "A"
    assert made(im.read_table(tmp_path / "sheets.xlsx", sheet="old"))[0].title == "B"
    with pytest.raises(im.UnknownNameError, match="Lists, Data, Old"):
        im.read_table(tmp_path / "sheets.xlsx", sheet="2021")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("15/03/2021", "2021-03"),
        ("3/15/2021", "2021-03"),
        ("15.3.21", "2021-03"),
        ("2021-03-15T10:00:00", "2021-03"),
        ("March 2021", "2021-03"),
        ("15 March 2021", "2021-03"),
        ("March 15th, 2021", "2021-03"),
        ("Mar-21", "2021-03"),
        ("1er août 2021", "2021-08"),
        ("septiembre de 2021", "2021-09"),
        ("2021/03", "2021-03"),
        ("03/2021", "2021-03"),
        ("Q2 2021", "2021"),
        ("2021", "2021"),
        (44270, "2021-03"),
        (2021.0, "2021"),
        (dt.datetime(2021, 3, 5, tzinfo=dt.UTC), "2021-03"),
        ("31/31/2021", None),
        ("soon", None),
        ("2150", None),
        (True, None),
    ],
)
def test_dates_in_the_forms_that_people_write(text: object, expected: str | None) -> None:
    """A year, or a year and month; what is none is none."""
    assert parse_date(text) == expected


def test_one_date_tells_the_order_of_the_others(tmp_path: Path) -> None:
    """Where a column has a day above twelve, its place goes for all dates of the table."""
    american = "Title,Start,End\nA,03/04/2021,05/06/2022\nB,03/15/2021,\n"
    assert [one.start for one in made(im.read_table(as_csv(tmp_path, american)))] == ["2021-03", "2021-03"]
    assert made(im.read_table(as_csv(tmp_path, american)))[0].end == "2022-05"
    assert made(im.read_table(as_csv(tmp_path, "Title,Start\nA,03/04/2021\n")))[0].start == "2021-04"
    assert parse_period("2019–2021") == ("2019", "2021", False)


# --- what is told ----------------------------------------------------------------------------------------------------


def test_what_is_not_understood_is_told_with_its_place_and_the_nearest(tmp_path: Path) -> None:
    """Row, column, value, and what may have been meant; the record is there without it."""
    text = "Title,Country,Theme,Start\nA,Nigerai,child protecton,soon\nB,Ghana,prevention,2020\n"
    draft = im.read_table(as_csv(tmp_path, text))
    told = {(row.row, row.column): (row.value, row.nearest) for row in draft.problems}
    assert told[2, "Country"] == ("Nigerai", "Nigeria")
    assert told[2, "Theme"] == ("child protecton", "child_protection")
    assert told[2, "Start"][0] == "soon"
    assert [one.title for one in made(draft)] == ["A", "B"]


def test_nothing_is_lost(tmp_path: Path) -> None:
    """Columns that no field holds are kept by record; rows that are none are listed with their cells."""
    text = "Title,Country,Budget,,Country\nA,Ghana,1000 USD,hm,Togo\n,Kenya,5,,\nTotal,,1005,,\n"
    draft = im.read_table(as_csv(tmp_path, text))
    (record,) = made(draft)
    assert record.countries == ("GHA", "TGO")
    assert dict(draft.extra[record.id]) == {"Budget": "1000 USD", "column 4": "hm"}
    assert [(row.row, row.cells[:3]) for row in draft.left_out] == [(3, ("", "Kenya", "5")), (4, ("Total", "", "1005"))]
    assert "Kenya" in str(draft)


def test_new_bodies_are_listed_or_made(ds: im.Dataset, tmp_path: Path) -> None:
    """Asked for, they become organizations of the dataset; otherwise they are told, and the record is there."""
    path = as_csv(
        tmp_path, "Title,Partners,Country\nA,Foundation of Nowhere; UNICEF,Ghana\nB,Foundation of Nowhere,Togo\n"
    )
    listed = im.read_table(path)
    assert [(row.name, row.records, row.id) for row in listed.new_bodies] == [("Foundation of Nowhere", 2, None)]
    assert made(listed)[0].partners == ("unicef",)
    added = im.read_table(path, new_bodies="add")
    extended = added.extend(ds)
    assert extended.organizations["Foundation of Nowhere"].id == "foundation-of-nowhere"
    assert extended.initiatives["a"].partners == ("unicef", "foundation-of-nowhere")


def test_several_values_in_one_cell(tmp_path: Path) -> None:
    """Lines, semicolons and bars part them; commas if all are known; a name with a comma stays one."""
    text = 'Title,Country,Lead\nA,"Ghana, Togo and Benin","UNODC / IOM"\n'
    text += 'B,"Korea, Republic of",UNICEF\nC,"Ghana;Togo\nMali",\n'
    found = {one.title: one for one in made(im.read_table(as_csv(tmp_path, text)))}
    assert found["A"].countries == ("GHA", "TGO", "BEN")
    assert found["A"].leads == ("unodc", "iom")
    assert found["B"].countries == ("KOR",)
    assert found["C"].countries == ("GHA", "TGO", "MLI")


def test_the_code_of_namibia_is_not_taken_for_nothing_unsaid(tmp_path: Path) -> None:
    """NA may be either, and is told."""
    draft = im.read_table(as_csv(tmp_path, "Title,Country\nA,NA\nB,Namibia\n"))
    assert [(row.value, row.nearest) for row in draft.problems if row.column == "Country"] == [("NA", "Namibia")]
    assert {one.title: one.countries for one in made(draft)} == {"A": (), "B": ("NAM",)}


def test_an_unreadable_row_keeps_none_of_the_others_away(ds: im.Dataset, tmp_path: Path) -> None:
    """What cannot be a record is left out; the rest is laid over the dataset."""
    draft = im.read_table(as_csv(tmp_path, "Title,Country,Start,End\nA,Ghana,2022,2020\n,Togo,,\nB,Mali,2020,2021\n"))
    extended = draft.extend(ds)
    assert {one.title for one in extended.initiatives} >= {"A", "B"}
    assert len(extended.initiatives) == len(ds.initiatives) + 2
    assert draft.refused(ds) == ()
    assert ("end", "2020") in {(row.column, row.value) for row in draft.problems}


def test_a_dataset_that_lacks_a_body_takes_the_other_records(ds: im.Dataset, tmp_path: Path) -> None:
    """Read for one dataset and laid over another, only what does not fit is refused."""
    path = as_csv(tmp_path, "Id,Title,Partners,Country\na1,A,Foundation of Nowhere,Ghana\nb1,B,UNICEF,Togo\n")
    first = im.read_table(path, new_bodies="add").extend(ds)
    draft = im.read_table(path, ds=first)
    extended = draft.extend(ds)
    assert extended.initiatives.get("b1") is not None
    assert extended.initiatives.get("a1") is None
    assert [fault.record for fault in draft.refused(ds)] == ["a1"]


def test_records_rest_on_their_file_unless_they_say_better(tmp_path: Path) -> None:
    """The place in the file is the source; a page, a statement, an address without its beginning go before."""
    text = "Title,Source\nA,\nB,www.unodc.org/x\nC,donor report\n"
    path = as_csv(tmp_path, text)
    found = {one.title: one.sources for one in made(im.read_table(path))}
    assert found == {
        "A": ("internal: projects.csv, row 2",),
        "B": ("https://www.unodc.org/x",),
        "C": ("internal: donor report",),
    }
    assert made(im.read_table(path, source="project register"))[0].sources == ("internal: project register",)


def test_rows_on_one_undertaking_become_one_record(tmp_path: Path) -> None:
    """The same id, or the same title with no other dates; other dates make another record."""
    text = "Title,Country,Lead,Start\nA,Ghana,IOM,2020\nA,Togo,ILO,2020\nA,Mali,IOM,2023\n"
    first, second = sorted(made(im.read_table(as_csv(tmp_path, text))), key=lambda one: one.start or "")
    assert (first.countries, first.leads, first.scope) == (("GHA", "TGO"), ("iom", "ilo"), "regional")
    assert (second.countries, second.id) == (("MLI",), "a-2")


def test_what_the_library_wrote_reads_back_the_same(ds: im.Dataset, tmp_path: Path) -> None:
    """A workbook of records, read again, is those records; so is a CSV file."""
    found = ds.initiatives.where(country=["Ghana", "Namibia"])
    found.to_excel(tmp_path / "written.xlsx")
    found.to_csv(tmp_path / "written.csv")
    assert made(im.read_table(tmp_path / "written.xlsx")) == sorted(found, key=lambda one: one.id)
    assert made(im.read_table(tmp_path / "written.csv")) == sorted(found, key=lambda one: one.id)


@pytest.mark.parametrize("of", ["partnerships", "resources", "organizations"])
def test_other_kinds_of_records_read_back_as_well(ds: im.Dataset, tmp_path: Path, of: Any) -> None:
    """Partnerships, publications and organizations are kept in tables too."""
    found = ds.collection(of)[:40]
    found.to_excel(tmp_path / "written.xlsx")
    draft = im.read_table(tmp_path / "written.xlsx", of=of)
    assert list(draft.records[of]) == sorted(found, key=lambda one: one.id)


def test_headers_that_people_write(tmp_path: Path) -> None:
    """Brackets, stars, two languages in one, and a mapping for the rest; a mapping of no header is an error."""
    headers = {
        "Donor*": "donors",
        "Start date (dd/mm/yyyy)": "start",
        "Lead agency / Organisme chef de file": "leads",
        "Bailleurs de fonds": "donors",
        "PAÍS": "countries",
        "Budget": None,
    }
    assert {text: field_of(text, "initiatives", {}).field for text in headers} == headers
    path = as_csv(tmp_path, "Quoi,Bénéf.\nA,enfants et jeunes\n")
    (record,) = made(im.read_table(path, mapping={"Quoi": "title", "Bénéf.": "target_groups"}))
    assert record.title == "A"
    with pytest.raises(im.UnknownNameError, match="header of the table 'nothing'"):
        im.read_table(path, mapping={"Quoi": "title", "Nothing": "themes"})
    with pytest.raises(im.UnknownNameError, match="field of initiatives 'themas'"):
        im.read_table(path, mapping={"Quoi": "themas"})


def test_a_member_beside_a_body_that_nobody_knows_is_kept(tmp_path: Path) -> None:
    """No name begins with that of a member; other names with "and" or "&" stay whole."""
    draft = im.read_table(as_csv(tmp_path, "Title,Lead,Partners\nA,ILO & Rainbow Fleet,Ministry of Sea & Sun\n"))
    (one,) = made(draft)
    assert one.leads == ("ilo",)
    assert {row.name for row in draft.new_bodies} == {"Rainbow Fleet", "Ministry of Sea & Sun"}


def test_a_name_of_a_state_and_an_area_is_what_its_column_holds(tmp_path: Path) -> None:
    """Micronesia is a State among countries and a sub-region among regions."""
    (one,) = made(im.read_table(as_csv(tmp_path, "Title,Lead,Region\nA,IOM,Micronesia\n")))
    assert (one.countries, one.regions) == ((), ("Micronesia",))
    (one,) = made(im.read_table(as_csv(tmp_path, "Title,Lead,Country\nA,IOM,Micronesia\n")))
    assert (one.countries, one.regions) == (("FSM",), ())
