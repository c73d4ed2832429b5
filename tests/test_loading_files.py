"""
Loading a data package from files that are none, or are no sound JSON, from folders and zip files.
"""

from __future__ import annotations

import contextlib
import copy
import json
import os
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

import icatmapping as im
from support.faults import damaged, faults_of, zipped
from support.packages import DATA, KINDS, Raw, written

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


FILES = (*(f"{kind}.json" for kind in KINDS), "findings.json", "hosts.json", "countries.json", "vocabulary.json")


BYTES: dict[str, bytes | str] = {
    "nothing": b"",
    "no JSON": "[",
    "a comment": "[] // none",
    "a trailing comma": "[],",
    "invalid UTF-8": b'[{"id": "\xff\xfe"}]',
    "UTF-16": "[]".encode("utf-16"),
    "NaN": "[NaN]",
    "infinity": '[{"id": -Infinity}]',
    "deep nesting": "[" * 100_000 + "]" * 100_000,
    "deep objects": '{"a":' * 50_000 + "1" + "}" * 50_000,
    "an endless number": "[" + "9" * 100_000 + "]",
    "a key twice": '[{"id": "a", "id": "a"}]',
    "null": "null",
    "an object": "{}",
    "text": '"text"',
    "NULs": b"\0" * 1000,
    "a control character": '["\x01"]',
}


@pytest.mark.slow
@pytest.mark.parametrize("case", BYTES)
@pytest.mark.parametrize("name", [*FILES, "datapackage.json"])
def test_a_file_of_other_bytes_is_a_fault_of_the_file(case: str, name: str, small: Raw, tmp_path: Path) -> None:
    """Whatever is in it."""
    faults = faults_of(damaged(small, tmp_path / "package", name, BYTES[case]))
    assert name in {fault.file for fault in faults}


def test_a_key_that_stands_twice_is_named(small: Raw, tmp_path: Path) -> None:
    """JSON readers would silently take the last; here the field and the record are told."""
    text = json.dumps(small["initiatives"]).replace('"title":', '"scope": "global", "title":', 1)
    (fault, *_) = faults_of(damaged(small, tmp_path / "package", "initiatives.json", text))
    assert fault.file == "initiatives.json"
    assert "scope" in fault.message
    assert small["initiatives"][0]["id"] in fault.message


def test_half_a_character_is_a_fault_of_the_field(small: Raw, tmp_path: Path) -> None:
    """JSON can escape a lone surrogate, which no file could be written with again."""
    small["initiatives"][0]["title"] = "a\ud800b"
    text = json.dumps(small["initiatives"])
    (fault,) = faults_of(damaged({**small, "initiatives": []}, tmp_path / "package", "initiatives.json", text))
    assert fault.field == "title"


@pytest.mark.slow
@pytest.mark.parametrize("depth", [100, 400, 700, 850, 900, 930, 950, 970, 980, 990])
@pytest.mark.parametrize("name", ["initiatives", "countries", "vocabulary", "hosts", "datapackage"])
def test_nesting_of_any_depth_is_only_a_fault(name: str, depth: int, small: Raw, tmp_path: Path) -> None:
    """Also just below the depth at which JSON itself gives up."""
    nest = "[" * depth + "]" * depth
    for field in ("id", "alpha3", "value", "scope", "leads", "resources", "host"):
        records: Any = copy.deepcopy(small[name])
        record = records if isinstance(records, dict) else records[0]
        if field in record:
            record[field] = "%nest%"
            faults_of(damaged(small, tmp_path / field, f"{name}.json", json.dumps(records).replace('"%nest%"', nest)))


@pytest.mark.parametrize("name", [*FILES, "datapackage.json"])
def test_a_missing_file_is_a_fault(name: str, small: Raw, tmp_path: Path) -> None:
    """Every file is needed; one under a similar name is pointed at."""
    folder = written(tmp_path / "package", small)
    (folder / name).rename(folder / f"{name}.bak")
    (fault,) = faults_of(folder)
    assert (fault.file, fault.nearest) == (name, f"{name}.bak")


def test_a_folder_in_place_of_a_file_is_a_fault(small: Raw, tmp_path: Path) -> None:
    """It cannot be read."""
    folder = written(tmp_path / "package", small)
    (folder / "hosts.json").unlink()
    (folder / "hosts.json").mkdir()
    assert [fault.file for fault in faults_of(folder)] == ["hosts.json"]


def test_a_link_to_itself_is_a_fault(small: Raw, tmp_path: Path) -> None:
    """It cannot be read either."""
    folder = written(tmp_path / "package", small)
    (folder / "hosts.json").unlink()
    try:
        (folder / "hosts.json").symlink_to(folder / "hosts.json")
    except OSError:
        pytest.skip("no links here")
    assert [fault.file for fault in faults_of(folder)] == ["hosts.json"]


@pytest.mark.parametrize(
    "path", ["nowhere", "\0", "a\0b", "x" * 5000, "\udcff", "", b"bytes", 7, 1.5, object(), ["list"], False]
)
def test_what_is_no_path_to_a_package_is_a_fault(path: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither an OSError nor a TypeError comes out, and the message can be printed."""
    monkeypatch.chdir(tmp_path)
    faults_of(path)


def test_a_path_through_a_file_is_a_fault(tmp_path: Path) -> None:
    """As is a file that is no package at all."""
    file = tmp_path / "notes.txt"
    file.write_text("hello", encoding="utf-8")
    faults_of(file)
    faults_of(file / "package")


@pytest.mark.skipif(os.name != "posix", reason="nothing is unreadable here")
def test_an_unreadable_file_is_a_fault(small: Raw, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Permission is denied by a fault, too."""
    folder = written(tmp_path / "package", small)
    im.load(folder)  # imports what it needs while everything may be read
    shipped = {file.name: file.read_bytes() for file in DATA.glob("*.json")}
    # The library may be closed to others.
    monkeypatch.setattr("icatmapping.datapackage.fixed_tables.bundled", shipped.__getitem__)
    folder.chmod(0o755)
    (folder / "hosts.json").chmod(0)
    monkeypatch.chdir(folder)  # as may the folders above
    with nobody_special():
        assert [fault.file for fault in faults_of(".")] == ["hosts.json"]


@contextlib.contextmanager
def nobody_special() -> Iterator[None]:
    """Give up what root may do, if that is who runs the tests."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(before)


# --- zip files -------------------------------------------------------------------------------------------------------


def test_a_truncated_zip_is_a_fault(small: Raw, tmp_path: Path) -> None:
    """Wherever it was cut off."""
    data = zipped(written(tmp_path / "package", small), tmp_path / "whole.zip").read_bytes()
    for size in (0, 1, 100, len(data) // 2, len(data) - 30, len(data) - 1):
        (tmp_path / "cut.zip").write_bytes(data[:size])
        faults_of(tmp_path / "cut.zip")


def test_a_zip_without_descriptor_or_files_names_them(small: Raw, tmp_path: Path) -> None:
    """Like a folder without them."""
    folder = written(tmp_path / "package", small)
    (folder / "datapackage.json").unlink()
    (fault,) = faults_of(zipped(folder, tmp_path / "package.zip"))
    assert fault.file == "datapackage.json"
    zipfile.ZipFile(tmp_path / "empty.zip", "w").close()
    assert {fault.file for fault in faults_of(tmp_path / "empty.zip")} == {*FILES, "datapackage.json"}


@pytest.mark.parametrize("prefix", ["one/two/", "../"])
def test_a_package_deep_in_a_zip_is_not_looked_for(prefix: str, small: Raw, tmp_path: Path) -> None:
    """At the top, or in one folder at the top."""
    folder = written(tmp_path / "package", small)
    faults_of(zipped(folder, tmp_path / "package.zip", prefix))


def test_another_descriptor_deeper_in_a_zip_does_not_matter(small: Raw, tmp_path: Path) -> None:
    """The package at the top is the package."""
    folder = written(tmp_path / "package", small)
    with zipfile.ZipFile(tmp_path / "package.zip", "w") as archive:
        archive.writestr("archive/datapackage.json", "{}")
        for file in folder.iterdir():
            archive.write(file, file.name)
    assert im.load(tmp_path / "package.zip") == im.load(folder)
