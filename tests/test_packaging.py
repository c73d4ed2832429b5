"""
What is released and what users install: the wheel holds the library and its data, and the library starts light.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import time
import zipfile
from pathlib import Path

import frictionless
import pytest

import icatmapping as im
from icatmapping.datapackage.package import DESCRIPTOR, FILES
from icatmapping.datapackage.writing import canonical, check_canonical
from icatmapping.model.records import RECORD_CLASSES
from icatmapping.model.schema import LOCATED
from icatmapping.query.dimensions import DIMENSIONS
from support.packages import DATA

ROOT = Path(__file__).parents[1]
FOLDERS = ("docs", "src", "tests")
TOP_FILES = ("CHANGELOG.md", "CITATION.cff", "LICENSE", "README.md", "SECURITY.md", "pyproject.toml")
LEFT_BEHIND = ("__pycache__", "_build", "jupyter_execute", "*.egg-info", ".*_cache", ".hypothesis")


def python(code: str, *, executable: str = sys.executable) -> str:
    done = subprocess.run([executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    return done.stdout.strip()


@pytest.mark.slow
def test_the_wheel_works_in_an_empty_environment(tmp_path: Path) -> None:
    """Built, installed into an environment of its own, it loads its data and answers."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--quiet", "--no-deps", "-w", str(tmp_path), str(ROOT)], check=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {f"icatmapping/data/{name}" for name in (DESCRIPTOR, *FILES)} | {"icatmapping/py.typed"} <= names
    assert all(name.startswith("icatmapping") for name in names)
    home = tmp_path / "home"
    subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
    inside = str(home / ("Scripts" if sys.platform == "win32" else "bin") / "python")
    subprocess.run([inside, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", str(wheel)], check=True)
    asked = "import icatmapping as im; print(im.load().entities['UNODC'].id, len(im.load().initiatives) > 900)"
    assert python(asked, executable=inside) == "unodc True"
    assert python("import importlib.util as u; print(u.find_spec('pandas'))", executable=inside) == "None"
    with pytest.raises(subprocess.CalledProcessError) as caught:
        python("import icatmapping as im; im.connections(im.load(), country='Sudan').to_pandas()", executable=inside)
    assert "icatmapping[pandas]" in python_error(caught.value)


def python_error(error: subprocess.CalledProcessError) -> str:
    return str(error.stderr)


HEAVY = ("attr", "attrs", "cattrs", "matplotlib", "networkx", "pandas", "pyarrow", "sqlite3")
ASKED = "import sys, icatmapping as im; found = im.load().initiatives.where(country='Nigeria', theme='migration')"


def test_importing_and_a_first_query_load_nothing_heavy() -> None:
    """Neither the data at import, nor anything but the standard library by the first answer, sqlite3 not either."""
    assert python(f"import sys, icatmapping; print(sorted({{*{HEAVY}}} & set(sys.modules)))") == "[]"
    assert python(f"{ASKED}; print(len(found) > 9, sorted({{*{HEAVY}}} & set(sys.modules)))") == "True []"
    opened = "import icatmapping; print(icatmapping.load()._collections)"
    assert python(opened) == "{}"


def test_what_a_first_query_does_without_is_there_when_it_is_asked_for() -> None:
    """Records and countries are attrs classes once one is read, and the modules of late things are attributes."""
    read = "import attrs; print(attrs.has(type(found[0])), type(found[0]) is found.kind is im.Initiative)"
    assert python(f"{ASKED}; {read}; print({{type(theme) for theme in found[0].themes}} == {{im.Theme}})") == (
        "True True\nTrue"
    )
    read = "import attrs; from icatmapping.model.geography import Country as C; print(attrs.has(C), C is im.Country)"
    assert python(f"{ASKED}; {read}; print(type(im.country('Nigeria')) is C)").split() == ["True"] * 3
    named = "im.records.Entity is im.Entity, im.geography.countries.__name__, im.vocabulary.__name__, im.plots.__name__"
    shown = "True countries icatmapping.model.vocabulary icatmapping.plots"
    assert python(f"import icatmapping as im; print(*({named}))") == shown


def test_many_threads_ask_first_at_the_same_time() -> None:
    """Whoever comes first, the same place gives the same record, and the same question the same answer."""
    code = (
        "import sys\n"
        "from concurrent.futures import ThreadPoolExecutor\n"
        "from threading import Barrier\n"
        "import icatmapping as im\n"
        "sys.setswitchinterval(1e-6)\n"
        "barrier = Barrier(64)\n"
        "def ask(number):\n"
        "    barrier.wait()\n"
        "    ds = im.load()\n"
        "    if number % 4 == 0:\n"
        "        return id(next(iter(ds.initiatives))), id(ds.initiatives['50 for Freedom'])\n"
        "    found = ds.initiatives.where(country='Nigeria', lead=('UNODC', 'UNICEF'))\n"
        "    assert found.kind is im.Initiative and len(found) > 1\n"
        "    return id(ds.initiatives[0]), id(ds.initiatives['50 for Freedom'])\n"
        "with ThreadPoolExecutor(64) as pool:\n"
        "    print(len(set(pool.map(ask, range(64)))))\n"
    )
    assert python(code) == "1"


def test_the_table_of_dimensions_knows_the_records_that_it_does_not_import() -> None:
    """Which records name places and who takes part is stated as their classes state it."""
    kinds = {name: kind for name, kind in RECORD_CLASSES.items() if "countries" in kind.__match_args__}
    assert tuple(kinds) == LOCATED
    with_bodies = {name for name, kind in RECORD_CLASSES.items() if kind.roles}
    assert set(DIMENSIONS["organization"].readers) == with_bodies == set(LOCATED)
    assert {name: DIMENSIONS["organization"].readers[name].fields for name in LOCATED} == {
        name: kind.roles for name, kind in kinds.items()
    }
    read = {
        (name, field) for entry in DIMENSIONS.values() for name in entry.readers for field in entry.readers[name].fields
    }
    assert all(field in RECORD_CLASSES[name].__match_args__ for name, field in read)


def test_the_bundled_files_are_in_canonical_form(raw: dict[str, list[dict[str, object]]]) -> None:
    """Sorted, indented, ended as the formatter writes them, with the hashes in the descriptor."""
    assert check_canonical() == []
    text = (DATA / "initiatives.json").read_text("utf-8")
    ids = [record["id"] for record in raw["initiatives"]]
    assert ids == sorted(ids)
    assert text == json.dumps(json.loads(text), ensure_ascii=False, indent=2) + "\n"


def test_the_canonical_form_does_not_hang_on_the_order_of_records_or_fields() -> None:
    """Shuffled, a file comes out as it was."""
    content = (DATA / "partnerships.json").read_bytes()
    shuffled = [dict(reversed(record.items())) for record in reversed(json.loads(content))]
    assert canonical(shuffled, "partnerships") == content


@pytest.mark.slow
def test_frictionless_accepts_the_data_package() -> None:
    """The files have the sizes and hashes that the descriptor states."""
    report = frictionless.validate(str(DATA / DESCRIPTOR))
    assert report.valid, report.to_summary()


def test_frictionless_accepts_every_table(tmp_path: Path) -> None:
    """Every record fits its Table Schema, and keys of other tables are there."""
    descriptor = json.loads((DATA / DESCRIPTOR).read_text("utf-8"))
    for resource in descriptor["resources"]:
        resource["type"] = "table"
        resource.pop("bytes", None)  # frictionless does not count the bytes of JSON tables, and then finds none
        (tmp_path / resource["path"]).write_bytes((DATA / resource["path"]).read_bytes())
    (tmp_path / DESCRIPTOR).write_text(json.dumps(descriptor), "utf-8")
    report = frictionless.validate(str(tmp_path / DESCRIPTOR))
    assert report.valid, report.to_summary()
    assert sum(task.stats["rows"] for task in report.tasks) > 2000


def test_frictionless_refuses_a_wrong_term(tmp_path: Path) -> None:
    """The Table Schemas are not empty words: a theme that does not exist is an error."""
    descriptor = json.loads((DATA / DESCRIPTOR).read_text("utf-8"))
    (resource,) = (one for one in descriptor["resources"] if one["name"] == "resources")
    records = json.loads((DATA / "resources.json").read_text("utf-8"))
    records[0]["themes"] = ["no_such_theme"]
    (tmp_path / "resources.json").write_text(json.dumps(records), "utf-8")
    kept = {name: resource[name] for name in ("name", "path", "schema")}
    (tmp_path / DESCRIPTOR).write_text(json.dumps({"name": "one", "resources": [{**kept, "type": "table"}]}), "utf-8")
    assert not frictionless.validate(str(tmp_path / DESCRIPTOR)).valid


def test_every_public_name_is_there() -> None:
    """What ``__all__`` names can be imported, also what is imported late, and ``dir`` lists it."""
    assert all(hasattr(im, name) for name in im.__all__)
    assert set(im.__all__) <= set(dir(im))
    with pytest.raises(AttributeError, match="no_such_name"):
        im.no_such_name  # noqa: B018 - the access is the test


# --- what is released


def copied(folder: Path) -> Path:
    """Copy the sources to a folder, without what tests and builds have left among them."""
    folder.mkdir()
    for name in FOLDERS:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns(*LEFT_BEHIND))
    for name in TOP_FILES:
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


@pytest.mark.slow
def test_two_builds_are_the_same_to_the_byte(twice: list[tuple[Path, Path]]) -> None:
    """Where and when something is built leaves no trace in it."""
    digests = [[hashlib.sha256(file.read_bytes()).hexdigest() for file in files] for files in twice]
    assert digests[0] == digests[1]


@pytest.mark.slow
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


@pytest.mark.slow
def test_the_source_distribution_holds_what_builds_tests_and_documents_it(twice: list[tuple[Path, Path]]) -> None:
    """And nothing that a build or a test left behind."""
    _, sdist = twice[0]
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {
        "src/icatmapping/data/initiatives.json",
        "tests/support/strategies.py",
        "docs/conf.py",
        "README.md",
    } <= names
    assert {name.split("/")[0] for name in names} == {*FOLDERS, *TOP_FILES, "PKG-INFO"}
    assert not [name for name in names if {"__pycache__", "_build"} & set(name.split("/")) or name.endswith(".pyc")]
