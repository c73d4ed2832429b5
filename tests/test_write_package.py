"""
Writing: packages that load as what they were written from, and files that are replaced whole or not at all.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import frictionless
import pytest
from attrs import evolve
from hypothesis import given, settings

import icatmapping as im
from icatmapping.datapackage.writing import check_canonical
from icatmapping.io.graphs import write_graph
from icatmapping.io.hxl import write_hxl
from icatmapping.io.package import write_package
from icatmapping.model.records import Identifier
from icatmapping.model.vocabulary import IdentifierType
from support.packages import DATA, written
from support.strategies import SmallMapping, mapping_of, worlds

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.packages import Raw

OLD, NEW = mapping_of([("alpha", "bravo")]), mapping_of([("alpha", "charlie"), ("bravo", "delta")])

WRITERS: dict[str, Callable[[SmallMapping, Path], None]] = {
    "package": lambda world, path: write_package(world.ds, path),
    "package.zip": lambda world, path: write_package(world.ds, path),
    "table.csv": lambda world, path: write_hxl(world.ds, path),
    "graph.graphml": lambda world, path: write_graph(im.partnership_graph(world.ds), path),
    "graph.gexf": lambda world, path: write_graph(im.partnership_graph(world.ds), path),
    "graph.json": lambda world, path: write_graph(im.partnership_graph(world.ds), path),
    "graph.csv": lambda world, path: write_graph(im.partnership_graph(world.ds), path),
}


def everything(folder: Path) -> dict[str, bytes]:
    """Give every file below a folder."""
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


# --- packages --------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@settings(max_examples=20)
@given(world=worlds())
def test_a_package_loads_as_what_it_was_written_from(
    tmp_path_factory: pytest.TempPathFactory, world: SmallMapping
) -> None:
    """A folder and a zip file, new or in the place of another; its form, sizes and hashes are right."""
    place = tmp_path_factory.getbasetemp() / "written"
    place.mkdir(exist_ok=True)
    for name in ("package", "package.ZIP"):
        write_package(world.ds, place / name)
        loaded = im.load(place / name)
        assert loaded == world.ds
        assert loaded.version is None
        assert check_canonical(place / name) == []
    assert sorted(one.name for one in place.iterdir()) == ["package", "package.ZIP"]


@pytest.mark.slow
def test_frictionless_accepts_what_is_written(tmp_path: Path, ds: im.Dataset) -> None:
    """With identifiers, which are objects, and without; described by default and by the caller."""
    known = (
        Identifier(IdentifierType.ISBN, "9789221231493"),
        Identifier(IdentifierType.DOCUMENT_SYMBOL, "A/HRC/26/37"),
    )
    package = ds.to_package()
    resources = (evolve(package.resources[0], identifiers=known), *package.resources[1:])
    changed = im.Dataset.from_package(evolve(package, resources=resources, version="7"))
    about = {"name": "ours", "title": "Ours", "version": "8", "licenses": [{"name": "CC0-1.0"}]}
    for name, described in (("one", None), ("two", about)):
        write_package(changed, tmp_path / name, about=described)
        report = frictionless.Package(str(tmp_path / name / "datapackage.json")).validate()
        assert report.valid, report.to_summary()
        descriptor = json.loads((tmp_path / name / "datapackage.json").read_text(encoding="utf-8"))
        assert descriptor["version"] == "7"
        # Nothing is said of others' work that only the bundled package may say of itself.
        assert descriptor.get("licenses") == (None if described is None else about["licenses"])
        assert im.load(tmp_path / name).resources[0].identifiers == known


def test_the_bundled_mapping_is_written_as_it_is_bundled(tmp_path: Path, ds: im.Dataset) -> None:
    """Byte for byte, the descriptor as well."""
    write_package(ds, tmp_path / "package")
    bundled = {file.name: file.read_bytes() for file in DATA.glob("*.json")}
    assert everything(tmp_path / "package") == bundled


def test_the_same_dataset_gives_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whenever and wherever it is written; also of graphs, whose format would state the day."""
    first = {name: tmp_path / "first" / name for name in WRITERS}
    second = {name: tmp_path / "second" / name for name in WRITERS}
    for paths in (first, second):
        next(iter(paths.values())).parent.mkdir()
        for name, path in paths.items():
            WRITERS[name](NEW, path)
        monkeypatch.setattr(time, "strftime", lambda *_: "2001-01-01")
        monkeypatch.setattr(time, "time", lambda: 1e9)
    assert everything(tmp_path / "first") == everything(tmp_path / "second")
    with zipfile.ZipFile(tmp_path / "first" / "package.zip") as archive:
        assert archive.namelist()[0] == "datapackage.json"
        assert archive.testzip() is None


def test_a_package_from_before_there_were_identifiers_is_written_anew(small: Raw, tmp_path: Path) -> None:
    """It loads, and what is written of it has them, empty."""
    for name in ("entities", "organizations", "resources"):
        for record in small[name]:
            record.pop("identifiers", None)
    old = im.load(written(tmp_path / "old", small))
    write_package(old, tmp_path / "new")
    assert im.load(tmp_path / "new") == old
    entities = json.loads((tmp_path / "new" / "entities.json").read_text(encoding="utf-8"))
    assert {json.dumps(entity["identifiers"]) for entity in entities} == {"[]"}


def test_what_is_no_package_is_not_replaced(tmp_path: Path) -> None:
    """Neither a folder with other things, nor part of a package, nor a file; an empty folder is."""
    for name, files in {"photos": ["cat.jpg"], "other": ["datapackage.json", "countries.json"]}.items():
        (tmp_path / name).mkdir()
        for file in files:
            (tmp_path / name / file).write_text("mine")
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "folder.zip").mkdir()
    before = everything(tmp_path)
    for name in ("photos", "other", "notes.txt"):
        with pytest.raises(FileExistsError, match=name):
            write_package(NEW.ds, tmp_path / name)
    with pytest.raises(OSError, match=r"folder\.zip"):
        write_package(NEW.ds, tmp_path / "folder.zip")
    assert everything(tmp_path) == before
    (tmp_path / "empty").mkdir()
    write_package(NEW.ds, tmp_path / "empty")
    assert im.load(tmp_path / "empty") == NEW.ds
    assert len(list(tmp_path.iterdir())) == 5


def test_other_files_in_the_folder_of_a_package_stay(tmp_path: Path) -> None:
    """A licence, notes in folders, links."""
    folder = tmp_path / "package"
    write_package(OLD.ds, folder)
    (folder / "LICENSE").write_text("CC0")
    (folder / "notes").mkdir()
    (folder / "notes" / "entities.json").write_text("notes")
    (folder / "latest").symlink_to("entities.json")
    (tmp_path / "link").symlink_to(folder)
    write_package(NEW.ds, tmp_path / "link")
    assert im.load(folder) == NEW.ds
    assert (folder / "LICENSE").read_text() == "CC0"
    assert (folder / "notes" / "entities.json").read_text() == "notes"
    assert (folder / "latest").is_symlink()
    assert (tmp_path / "link").is_symlink()


@pytest.mark.parametrize("name", ["package", "package.zip"])
def test_a_dataset_that_would_not_load_is_not_written(name: str, tmp_path: Path) -> None:
    """The error names every fault; what is there stays."""
    package = NEW.ds.to_package()
    broken = evolve(package.initiatives[0], leads=("nobody",), title="two\nlines")
    bad = im.Dataset.from_package(evolve(package, initiatives=(broken,)))
    write_package(OLD.ds, tmp_path / name)
    before = everything(tmp_path)
    with pytest.raises(im.DatasetError) as caught:
        write_package(bad, tmp_path / name)
    assert {fault.field for fault in caught.value.faults} == {"leads[0]", "title"}
    assert everything(tmp_path) == before


# --- interruptions ---------------------------------------------------------------------------------------------------


class Failing:
    """A call of the system that goes well some times, then fails once."""

    def __init__(self, call: Callable[..., Any], successes: int) -> None:
        self.call, self.left = call, successes

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        """Do it, or fail."""
        self.left -= 1
        if self.left == -1:
            raise OSError("disk full")
        return self.call(*arguments, **options)


@pytest.mark.parametrize(
    ("name", "call", "times"),
    [
        ("package", "fsync", 11),
        ("package", "rename", 2),
        *((name, call, 1) for name in WRITERS if name != "package" for call in ("fsync", "replace")),
    ],
)
def test_a_write_that_fails_leaves_what_was_there(name: str, call: str, times: int, tmp_path: Path) -> None:
    """Whichever call of the system fails, however often it went well before; nothing else is left behind."""
    WRITERS[name](OLD, tmp_path / name)
    before = everything(tmp_path)
    for successes in range(times):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, call, Failing(getattr(os, call), successes))
            with pytest.raises(OSError, match="disk full"):
                WRITERS[name](NEW, tmp_path / name)
        assert everything(tmp_path) == before
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, call, Failing(getattr(os, call), times))
        WRITERS[name](NEW, tmp_path / name)
    assert everything(tmp_path).keys() == before.keys()
    assert everything(tmp_path) != before


STALLING = """
import os, sys, time
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from test_write_package import NEW, WRITERS

calls = 0

def stalling(handle):
    global calls
    calls += 1
    if calls == int(sys.argv[3]):
        print("writing", flush=True)
        time.sleep(60)

os.fsync = stalling
path = Path(sys.argv[2])
WRITERS[path.name](NEW, path)
"""


@pytest.mark.slow
@pytest.mark.parametrize(("name", "place"), [("package", 4), ("package.zip", 1), ("graph.gexf", 1)])
def test_a_process_that_is_killed_leaves_what_was_there(name: str, place: int, tmp_path: Path) -> None:
    """In the middle of writing, with no chance to tidy up."""
    WRITERS[name](OLD, tmp_path / name)
    before = everything(tmp_path)
    command = [sys.executable, "-c", STALLING, str(Path(__file__).parent), str(tmp_path / name), str(place)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "writing\n"
        process.kill()
    left = everything(tmp_path)
    assert {file: content for file, content in left.items() if not file.startswith(".")} == before
    WRITERS[name](NEW, tmp_path / name)
    if name.startswith("package"):
        assert im.load(tmp_path / name) == NEW.ds


@pytest.mark.parametrize("name", [name for name in WRITERS if "." in name])
def test_a_new_file_may_be_read_by_whom_the_old_one_could(name: str, tmp_path: Path) -> None:
    """And a first one by whom any file that the process makes."""
    file, other = tmp_path / name, tmp_path / "other"
    WRITERS[name](OLD, file)
    other.touch()
    assert file.stat().st_mode == other.stat().st_mode
    file.chmod(0o640)
    mode = file.stat().st_mode
    WRITERS[name](NEW, file)
    assert file.stat().st_mode == mode
