"""
Packages that were made to keep a program busy, and packages of programs that write files in their own way.
"""

from __future__ import annotations

import json
import random
import struct
import time
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

import icatmapping as im

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

SECONDS = 60
"""What any of these may take on a slow machine; without limits they take minutes."""
MARKS = "a" + "\u0301" * 40_000 + "\u0316" * 40_000
"""Combining marks out of order: to sort them takes the square of their number."""


@pytest.fixture
def written(tmp_path: Path, ds: im.Dataset) -> Path:
    """Give the bundled package, written anew."""
    im.write_package(ds, tmp_path / "package")
    return tmp_path / "package"


def _records(folder: Path, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((folder / f"{name}.json").read_text("utf-8"))
    return found


def _zipped(folder: Path, *, between: str = "/", before: bytes = b"", **files: str) -> Path:
    """Pack a package in a folder of a zip file, some of its files with other content."""
    target = folder.parent / "package.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.iterdir()):
            entry = zipfile.ZipInfo("x")
            entry.filename = f"ours{between}{file.name}"
            content = files[file.stem].encode() if file.stem in files else file.read_bytes()
            archive.writestr(entry, before + content, zipfile.ZIP_DEFLATED)
    return target


def _faults(path: Any) -> list[im.Fault]:
    began = time.process_time()
    with pytest.raises(im.DatasetError) as caught:
        im.load(path)
    assert time.process_time() - began < SECONDS
    return list(caught.value.faults)


def _bodies(folder: Path, *ids: str) -> str:
    records = _records(folder, "organizations")
    blank = {**records[0], "former_ids": [], "identifiers": [], "part_of": None, "body_of": None}
    return json.dumps(records + [{**blank, "id": identifier} for identifier in ids])


# --- files of other programs -----------------------------------------------------------------------------------------


def test_backslashes_and_byte_order_marks_are_read(written: Path, ds: im.Dataset) -> None:
    """As some programs on Windows write them, in a zip file and in a folder."""
    assert im.load(_zipped(written, between="\\", before=b"\xef\xbb\xbf")) == ds
    for file in written.iterdir():
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert im.load(written) == ds
    assert len(ds.extended(written / "initiatives.json").initiatives) == len(ds.initiatives)


@pytest.mark.parametrize("prefix", ["..\\", "C:\\", "one\\two\\"])
def test_backslashes_lead_nowhere_else(prefix: str, written: Path) -> None:
    """Neither out of the archive nor deep into it."""
    target = written.parent / "other.zip"
    with zipfile.ZipFile(target, "w") as archive:
        for file in written.iterdir():
            entry = zipfile.ZipInfo("x")
            entry.filename = f"{prefix}{file.name}"
            archive.writestr(entry, file.read_bytes())
    assert _faults(target)


def test_no_path_is_no_package(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty text is not the folder in which a program happens to run."""
    monkeypatch.chdir(written)
    assert im.load(".") == im.load()
    (fault,) = _faults("")
    assert "not a path" in fault.message


# --- limits ----------------------------------------------------------------------------------------------------------


def test_names_that_are_alike_are_not_compared_for_long(written: Path) -> None:
    """Of two letters each, so that every one may be meant; and thousands of wrong ones beside thousands of others."""
    rng = random.Random(1)
    ids = ["".join(rng.choices("ab", k=199)) for _ in range(231)]
    first, *others = _records(written, "initiatives")
    wrong = json.dumps([{**first, "partners": sorted({*ids[30:]})}, *others])
    assert len(_faults(_zipped(written, organizations=_bodies(written, *ids[:30]), initiatives=wrong))) == 201
    wrong = json.dumps([{**first, "partners": [f"iomm-{number}" for number in range(9000)]}, *others])
    many = _bodies(written, *(f"body-{number}" for number in range(30_000)))
    found = _faults(_zipped(written, organizations=many, initiatives=wrong))
    assert len(found) == 9000
    assert found[0].nearest == "iom"


@pytest.mark.parametrize("content", ["[]", '{"a": 0}', "0"])
def test_a_small_archive_of_many_values_is_refused(content: str, written: Path) -> None:
    """It would take gigabytes in memory."""
    count = 2**26 // (len(content) + 1) - 2**21  # beside which there is room for the other files
    faults = _faults(_zipped(written, initiatives=f"[{','.join([content] * count)}]"))
    assert {fault.file for fault in faults} == {"initiatives.json"}


def test_an_archive_of_millions_of_files_is_refused_at_once(tmp_path: Path) -> None:
    """Before an object is made for each."""
    entry = struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 0, 0, 33, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"x"
    count = 2_000_000
    size = len(entry) * count
    end = struct.pack("<4sQHHLLQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, count, count, size, 0)
    end += struct.pack("<4sLQL", b"PK\6\7", 0, size, 1)
    end += struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    (tmp_path / "many.zip").write_bytes(entry * count + end)
    began = time.process_time()
    (fault,) = _faults(tmp_path / "many.zip")
    assert "too many files" in fault.message
    assert time.process_time() - began < SECONDS


@pytest.mark.parametrize("length", [200, 201, 300])
def test_an_id_twice_is_a_fault_of_any_length(length: int, written: Path) -> None:
    """Two hundred characters are the most that an id may have."""
    faults = _faults(_zipped(written, organizations=_bodies(written, "a" * length, "a" * length)))
    messages = [fault.message for fault in faults]
    assert messages.count("is duplicated") == (length <= 253)
    assert sum("at most 200 characters" in message for message in messages) == (0 if length == 200 else 2)


def test_a_host_is_no_longer_than_hosts_can_be(written: Path) -> None:
    """The Domain Name System has 253 characters."""
    hosts = _records(written, "hosts")
    longer = [{**hosts[0], "host": "a" * 254, "owner": None}]
    (fault,) = _faults(_zipped(written, hosts=json.dumps(hosts + longer)))
    assert (fault.file, fault.field) == ("hosts.json", "host")


def test_combining_marks_without_end_take_no_longer_than_letters(written: Path, ds: im.Dataset) -> None:
    """In a question, and in a package."""
    began = time.process_time()
    assert len(ds.initiatives.search(MARKS)) >= 0
    assert ds.organizations.get(MARKS) is None
    for ask in (im.country, ds.entities.__getitem__, lambda text: ds.initiatives.where(country=text)):
        with pytest.raises(im.UnknownNameError) as caught:
            ask(MARKS)
        assert str(caught.value)
    assert time.process_time() - began < SECONDS
    records = _records(written, "organizations")
    records[0]["aliases"] = [MARKS[:20_000]]
    began = time.process_time()
    own = im.load(_zipped(written, organizations=json.dumps(records)))
    assert own.organizations.get("nobody of this name") is None
    assert time.process_time() - began < SECONDS
