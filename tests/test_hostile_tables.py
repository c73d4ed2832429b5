"""
Tables that nobody should have to read: a clear error that names the place, or a draft that says what it left.
"""

from __future__ import annotations

import io
import pickle
import tracemalloc
import zipfile
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import icatmapping as im
from icatmapping.io.worksheets import column_letter
from test_read_table import as_csv, as_ods, as_xlsx

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def zipped(**parts: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return written.getvalue()


def lying(content: bytes) -> bytes:
    """Give an archive that says of its parts that they are small."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        size = max(part.file_size for part in archive.infolist())
    return content.replace(size.to_bytes(4, "little"), (10).to_bytes(4, "little"))


WORKBOOK = b"<workbook/>"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.xlsx", b"", "is not a workbook, or a broken one"),
        ("a.xlsx", b"no workbook", "is not a workbook, or a broken one"),
        ("a.xlsx", zipped(**{"a.txt": b"x"}), "is a zip file, but no workbook"),
        ("a.ods", zipped(**{"a.txt": b"x"}), "is a zip file, but no workbook"),
        ("a.xlsx", zipped(**{"xl/workbook.xml": b"<"}), "cannot be read as a workbook"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0" + bytes(600), "protected by a password"),
        ("a.xls", b"\xd0\xcf\x11\xe0" + bytes(600), "older format of Excel; save it as \\.xlsx"),
        ("a.csv", zipped(**{"a.txt": b"x"}), "is a workbook or an archive and not text"),
        ("a.csv", b"", "is empty"),
        ("a.csv", b"1,2\n3,4\n", "rows 1 to 2: no row looks like a header"),
        ("a.csv", b'Title\n"' + b"x" * 200_000 + b'"\n', "row 2: cannot be read as a table of text"),
        ("a.xlsx", lying(zipped(**{"xl/workbook.xml": WORKBOOK, "xl/x.xml": b"x" * 5_000_000})), "broken one"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    """The error names the file, and the place where there is one."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(im.UnreadableFileError, match=message) as error:
        im.read_table(tmp_path / name)
    assert str(error.value).startswith(f"{name}: ")
    assert str(pickle.loads(pickle.dumps(error.value))) == str(error.value)


def test_a_file_that_is_not_there_and_a_folder(tmp_path: Path) -> None:
    """They are told as a file that cannot be read, and another suffix as a wrong name."""
    with pytest.raises(im.UnreadableFileError, match=r"none\.csv: cannot be read: No such file"):
        im.read_table(tmp_path / "none.csv")
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(im.UnreadableFileError, match="is a folder"):
        im.read_table(tmp_path / "folder.csv")
    with pytest.raises(im.UnknownNameError, match=r"'\.pdf'"):
        im.read_table(tmp_path / "x.pdf")


@pytest.mark.slow
def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    """What unpacks to more than a gigabyte is no table; looking at it takes little memory."""
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", WORKBOOK)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(1_025):
                part.write(bytes(1 << 20))
    tracemalloc.start()
    with pytest.raises(im.UnreadableFileError, match="unpacks to more than 1,024 MB"):
        im.read_table(tmp_path / "bomb.xlsx")
    assert tracemalloc.get_traced_memory()[1] < 20e6
    tracemalloc.stop()


def test_one_cell_far_out_is_no_reason_to_fill_the_memory(tmp_path: Path) -> None:
    """A value in the last row of the last column would make seventeen billion cells."""
    workbook = openpyxl.Workbook()
    workbook.active["A1"] = "Title"
    workbook.active["XFD1048576"] = "x"
    workbook.save(tmp_path / "far.xlsx")
    with pytest.raises(im.UnreadableFileError, match=r"sheet1\.xml: spans 1,048,576 rows and 16,384 columns"):
        im.read_table(tmp_path / "far.xlsx")


def test_repeated_cells_of_a_spreadsheet(tmp_path: Path) -> None:
    """Empty rows up to the last one are as programs write them; a value repeated as often is refused."""
    empty = (
        '<table:table-row table:number-rows-repeated="1048000">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    rows = [["Title", "Country"], ["A", "Ghana"]]
    assert len(im.read_table(as_ods(tmp_path, rows, empty)).records["initiatives"]) == 1
    filled = (
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell '
        'table:number-columns-repeated="16384" office:value-type="string"><text:p>x</text:p></table:table-cell>'
        "</table:table-row>"
    )
    with pytest.raises(im.UnreadableFileError, match=r"content\.xml: spans"):
        im.read_table(as_ods(tmp_path, rows, filled))


def test_more_rows_than_are_read_are_told(tmp_path: Path) -> None:
    """A long table stops at the limit, and says so."""
    path = as_csv(tmp_path, "Title,Country\n" + "".join(f"Project {number},Ghana\n" for number in range(300)))
    draft = im.read_table(path, limit=100)
    assert len(draft.records["initiatives"]) == 100
    assert any("rows after the first 100 were not read" in note for note in draft.notes)
    assert len(im.read_table(path).records["initiatives"]) == 300


def test_a_million_rows_are_not_kept(tmp_path: Path) -> None:
    """Of a file that goes on and on no more is held than is read."""
    with (tmp_path / "million.csv").open("w", encoding="utf-8") as file:
        file.write("Title,Country\n")
        for _ in range(100):
            file.write("Project,Ghana\n" * 10_000)
    tracemalloc.start()
    draft = im.read_table(tmp_path / "million.csv", limit=1_000)
    assert tracemalloc.get_traced_memory()[1] < 30e6
    tracemalloc.stop()
    assert len(draft.records["initiatives"]) == 1


def test_formulas_that_were_never_computed_or_failed_are_told(tmp_path: Path) -> None:
    """Their places are named; nothing is computed here."""
    path = as_xlsx(tmp_path, [["Title", "Country", "Lead"], ["A", "Ghana", "=1+1"], ["B", "#REF!", "IOM"]])
    notes = im.read_table(path).notes
    assert any("never computed are empty: C2;" in note for note in notes)
    assert any("failed are empty: B3" in note for note in notes)


def test_duplicate_headers_empty_columns_and_short_rows(tmp_path: Path) -> None:
    """Lists are put together; of two single values the first stays and the other is told."""
    text = "Title,,Country,Country,Start,Start\nA,,Ghana,Togo,2020,2021\nB\n"
    draft = im.read_table(as_csv(tmp_path, text))
    first, second = draft.records["initiatives"]
    assert (first.countries, first.start, second.title) == (("GHA", "TGO"), "2020", "B")
    assert [(row.column, row.value) for row in draft.problems if row.column == "Start"] == [("Start", "2021")]


def test_what_ends_within_quotes_is_told(tmp_path: Path) -> None:
    """A quotation mark that is never closed takes the rest of the file with it."""
    draft = im.read_table(as_csv(tmp_path, 'Title,Country\nA,Ghana\n"B,Togo\nC,Mali\n'))
    assert any("is a quotation mark not closed" in note for note in draft.notes)


def test_many_columns_and_letters_of_columns(tmp_path: Path) -> None:
    """A table as wide as a spreadsheet allows is read as far as there are fields."""
    header = ["Title", *(f"x{number}" for number in range(5_000))]
    draft = im.read_table(as_csv(tmp_path, ",".join(header) + "\nA" + ",1" * 5_000 + "\n"))
    assert len(draft.columns) == 2_000
    assert [column_letter(place) for place in (0, 25, 26, 701, 702, 16_383)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]


READERS: dict[str, Callable[[Any], im.Draft]] = {
    ".csv": im.read_table,
    ".xlsx": im.read_table,
    ".ods": im.read_table,
    ".xml": im.read_iati,
    ".json": im.read_hxl,
}


@pytest.mark.parametrize("suffix", READERS)
@given(content=st.binary(max_size=300), text=st.text(alphabet='Title,Country\n;"#org=Gha\x00{}[]<>&', max_size=200))
def test_whatever_the_bytes_nothing_else_comes_out(
    suffix: str, content: bytes, text: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A draft, or the one error of the library for files that cannot be read."""
    path = tmp_path_factory.getbasetemp() / f"any{suffix}"
    for written in (content, text.encode(), b"Title,Country\n" + text.encode()):
        path.write_bytes(written)
        with suppress(im.UnreadableFileError):
            assert isinstance(READERS[suffix](path), im.Draft)
