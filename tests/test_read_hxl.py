"""
Tables with HXL hashtags, in the layouts that libhxl accepts.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import hxl
import openpyxl
import pytest

import icatmapping as im

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

TABLE = [
    ["Who does what", "", "", "", "", ""],
    ["Organización", "Actividad", "País", "Provincia", "Mujeres", "Fecha"],
    ["#org+es", "#activity", "#country", "#adm1", "#targeted+f", "#date+start"],
    ["ACNUR", "Albergue", "Panamá", "Los Santos", "100", "1 March 2015"],
    ["OIM", "Albergue", "Colombia", "Cauca", "", ""],
    ["UNICEF", "Capacitación de jueces", "Colombia", "Chocó", "300", "2016"],
]


def as_file(folder: Path, rows: Sequence[Sequence[str]], form: str) -> Path:
    path = folder / f"3w.{form}"
    if form == "json":
        path.write_text(json.dumps(rows), encoding="utf-8")
    elif form == "xlsx":
        workbook = openpyxl.Workbook()
        for row in rows:
            workbook.active.append(list(row))
        workbook.save(path)
    else:
        path.write_text("\n".join(",".join(f'"{cell}"' for cell in row) for row in rows), encoding="utf-8")
    return path


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_a_3w_table_with_titles_above_its_hashtags(tmp_path: Path, form: str) -> None:
    """Rows on one activity are one record; figures and places below the country are kept beside."""
    path = as_file(tmp_path, TABLE, form)
    if form != "xlsx":  # libhxl's reader of workbooks takes what is deprecated
        assert len(list(hxl.data(str(path), hxl.InputOptions(allow_local=True)))) == 3
    draft = im.read_hxl(path)
    found = {one.title: one for one in draft.records["initiatives"]}
    assert set(found) == {"Albergue", "Capacitación de jueces"}
    assert (found["Albergue"].leads, found["Albergue"].countries) == (("unhcr", "iom"), ("PAN", "COL"))
    assert found["Capacitación de jueces"].start == "2016"
    assert draft.extra["albergue"]["#adm1"] == "Los Santos\nCauca"


def test_rows_of_json_wherever_they_lie(tmp_path: Path) -> None:
    """Objects with hashtags for names, and rows within a larger answer, as services give them."""
    rows = [{"#org": "UNICEF", "#country": "Ghana"}, {"#org": "IOM", "#country": "Togo"}]
    for content in (rows, {"result": {"page": 1, "data": rows}}, {"data": TABLE}, [1, [TABLE]]):
        (tmp_path / "x.json").write_text(json.dumps(content), encoding="utf-8")
        assert len(im.read_hxl(tmp_path / "x.json").records["initiatives"]) == 2


def test_a_table_without_activities_says_who_does_what_where(tmp_path: Path) -> None:
    """A title is made of what the row says."""
    rows = [["#sector", "#org", "#country"], ["Protection", "UNICEF", "Ghana"], ["Training", "UNICEF", "Togo"]]
    draft = im.read_hxl(as_file(tmp_path, rows, "csv"))
    assert [one.title for one in draft.records["initiatives"]] == [
        "UNICEF: Protection, Ghana",
        "UNICEF: Training, Togo",
    ]


def test_roles_by_attribute_or_by_column(tmp_path: Path) -> None:
    """Funders are donors, implementers partners."""
    rows = [
        ["#activity", "#org+funder", "#org+prog", "#org+impl", "#country"],
        ["A", "Norway", "IOM", "UNICEF", "Ghana"],
    ]
    (record,) = im.read_hxl(as_file(tmp_path, rows, "csv")).records["initiatives"]
    assert (record.donors, record.leads, record.partners) == (("norway-gov",), ("iom",), ("unicef",))
    rows = [["#activity", "#org", "#org+role"], ["A", "IOM", "lead"], ["A", "Norway", "donor"]]
    (record,) = im.read_hxl(as_file(tmp_path, rows, "csv")).records["initiatives"]
    assert (record.donors, record.leads) == (("norway-gov",), ("iom",))


def test_read_table_reads_hashtags_where_there_are_any(tmp_path: Path) -> None:
    """Nobody has to know what HXL is."""
    path = as_file(tmp_path, TABLE, "csv")
    assert im.read_table(path).records == im.read_hxl(path).records


def test_what_is_written_reads_back_the_same(ds: im.Dataset, tmp_path: Path) -> None:
    """All that a 3W table of ours says of an initiative is read again."""
    found = ds.initiatives.where(country=["Ghana", "Namibia"])
    im.write_hxl(found, tmp_path / "3w.csv")
    draft = im.read_hxl(tmp_path / "3w.csv")
    fields = ("leads", "partners", "donors", "countries", "themes", "forms", "responses", "target_groups")
    single = ("id", "title", "summary", "scope", "start", "end", "status", "url", "checked")
    for read, record in zip(draft.records["initiatives"], sorted(found, key=lambda one: one.id), strict=True):
        assert [getattr(read, name) for name in single] == [getattr(record, name) for name in single]
        assert [set(getattr(read, name)) for name in fields] == [set(getattr(record, name)) for name in fields]


def test_what_has_no_hashtags_is_refused(tmp_path: Path) -> None:
    """The error says what is wanted."""
    with pytest.raises(im.UnreadableFileError, match="no row of HXL hashtags"):
        im.read_hxl(as_file(tmp_path, [["Title"], ["A"]], "csv"))
    (tmp_path / "x.json").write_text('{"a": 1}', encoding="utf-8")
    with pytest.raises(im.UnreadableFileError, match="holds no list of rows"):
        im.read_hxl(tmp_path / "x.json")


def test_what_kind_of_body_it_is_is_kept(tmp_path: Path) -> None:
    """No field of an initiative holds it."""
    rows = [["#org", "#org+type", "#activity", "#country"], ["IOM", "UN", "Training on trafficking", "Ghana"]]
    draft = im.read_hxl(as_file(tmp_path, rows, "csv"))
    assert [dict(kept) for kept in draft.extra.values()] == [{"#org+type": "UN"}]
