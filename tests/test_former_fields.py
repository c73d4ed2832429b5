"""
Packages of before version 0.3: what they called otherwise gets its name of now, and can be compared with today's.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import icatmapping as im
from icatmapping.cli.main import main
from support.packages import Raw, written

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def former(small: Raw, tmp_path: Path) -> Path:
    """Give a package in which partnerships have the years of before: whole numbers, or null."""
    for place, record in enumerate(small["partnerships"]):
        del record["start"], record["end"]
        record["established"], record["ended"] = (2004 + place % 10, None) if place % 2 else (2001, 2003)
        record["last_seen"] = None
    return written(tmp_path / "former", small)


def test_a_fault_says_what_to_write_and_what_writes_it(former: Path) -> None:
    """Loading changes nothing by itself: it names the field, its name of now, and the command."""
    with pytest.raises(im.DatasetError) as caught:
        im.load(former)
    fault = caught.value.faults[0]
    assert (fault.file, fault.field) == ("partnerships.json", "established")
    assert 'write "start": "2001" instead, or let validate --fix do so' in fault.message


def test_fix_gives_them_the_names_of_now(former: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Years become text, null stays null, nothing else changes; the package can be compared with another."""
    before = json.loads((former / "partnerships.json").read_text("utf-8"))
    assert main(["validate", "--fix", str(former)]) == 0
    assert "no faults" in capsys.readouterr().out
    ds = im.load(former)
    assert len(ds.partnerships) == len(before) > 0
    for record in before:
        first, last = record.pop("established"), record.pop("ended")
        plain = ds.partnerships[record["id"]].to_dict()
        assert (plain["start"], plain["end"]) == (str(first), None if last is None else str(last))
        assert {name: plain[name] for name in record} == record
    assert {row.kind for row in im.changes(ds, im.load())} >= {"added"}


@pytest.mark.parametrize("value", [[2001], True, 2001.5])
def test_what_is_no_year_stays_and_is_a_fault(value: object, former: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is lost that could not be understood."""
    records = json.loads((former / "partnerships.json").read_text("utf-8"))
    records[0]["established"] = value
    (former / "partnerships.json").write_text(json.dumps(records), "utf-8")
    assert main(["validate", "--fix", str(former)]) == 1
    assert "established" in capsys.readouterr().out
    kept = json.loads((former / "partnerships.json").read_text("utf-8"))
    assert value in [record.get("established") for record in kept]
