"""
What is released: a wheel and a source distribution that hold what they should, the same bytes whoever builds them.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import time
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("docs", "src", "tests")
FILES = ("CHANGELOG.md", "CITATION.cff", "LICENSE", "README.md", "SECURITY.md", "pyproject.toml")
LEFT_BEHIND = ("__pycache__", "_build", "jupyter_execute", "*.egg-info", ".*_cache", ".hypothesis")


def copied(folder: Path) -> Path:
    """Copy the sources to a folder, without what tests and builds have left among them."""
    folder.mkdir()
    for name in FOLDERS:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns(*LEFT_BEHIND))
    for name in FILES:
        shutil.copy(ROOT / name, folder / name)
    return folder


def built(sources: Path) -> tuple[Path, Path]:
    """Build the wheel and the source distribution."""
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(sources.parent / "dist")]
    subprocess.run(command, cwd=sources, check=True, capture_output=True)
    (wheel,), (sdist,) = (sources.parent / "dist").glob("*.whl"), (sources.parent / "dist").glob("*.tar.gz")
    return wheel, sdist


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Path, Path]]:
    """Build twice, in two places, the second time from files that are newer."""
    once = copied(tmp_path_factory.mktemp("once") / "sources")
    again = Path(shutil.copytree(once, tmp_path_factory.mktemp("again") / "elsewhere"))
    for file in again.rglob("*"):
        os.utime(file, (time.time(), time.time()))
    return [built(once), built(again)]


def test_two_builds_are_the_same_to_the_byte(twice: list[tuple[Path, Path]]) -> None:
    """Where and when something is built leaves no trace in it."""
    digests = [[hashlib.sha256(file.read_bytes()).hexdigest() for file in files] for files in twice]
    assert digests[0] == digests[1]


def test_the_wheel_holds_the_library_and_nothing_else(twice: list[tuple[Path, Path]]) -> None:
    """Every module and data file of the library, licences, and no tests."""
    wheel, _ = twice[0]
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
        described = {name.partition(".dist-info/")[2] for name in archive.namelist() if ".dist-info/" in name}
    sources = [file for file in (ROOT / "src").rglob("*") if file.is_file() and "__pycache__" not in file.parts]
    assert names == {file.relative_to(ROOT / "src").as_posix() for file in sources if ".egg-info" not in str(file)}
    assert described == {
        "METADATA",
        "RECORD",
        "WHEEL",
        "entry_points.txt",
        "licenses/LICENSE",
        "licenses/src/icatmapping/data/LICENSE",
    }


def test_the_source_distribution_holds_what_builds_tests_and_documents_it(twice: list[tuple[Path, Path]]) -> None:
    """And nothing that a build or a test left behind."""
    _, sdist = twice[0]
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"src/icatmapping/data/initiatives.json", "tests/worlds.py", "docs/conf.py", "README.md"} <= names
    assert {name.split("/")[0] for name in names} == {*FOLDERS, *FILES, "PKG-INFO"}
    assert not [name for name in names if {"__pycache__", "_build"} & set(name.split("/")) or name.endswith(".pyc")]
