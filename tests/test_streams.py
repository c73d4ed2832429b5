"""
What the command line writes, wherever it goes: files, pipes, terminals that lack characters, disks that are full.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import icatmapping as im
from icatmapping.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow

QUESTION = ("paths", "UNODC", "UNICEF", "--country", "Nigeria", "--theme", "child_protection")
COMMAND = [sys.executable, "-m", "icatmapping"]
DATA = Path(im.__file__).parent / "data"


def _environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(im.__file__).parents[1]), "PYTHONUTF8": "0", **more}


def _run(*arguments: str, stdout: Any = subprocess.PIPE, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*COMMAND, *arguments],
        env=_environment(**environment),
        stdout=stdout,
        stderr=subprocess.PIPE,
        check=False,
        timeout=60,
    )


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Give a package of one's own."""
    im.write_package(im.load(), tmp_path / "own")
    return tmp_path / "own"


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["cp1252", "cp1251", "cp932", "latin-1", "ascii", "utf-16"])
def test_files_and_pipes_get_utf8_whatever_the_environment_says(encoding: str, tmp_path: Path) -> None:
    """Text and JSON, an answer and the help."""
    text = _run(*QUESTION, PYTHONIOENCODING=encoding)
    assert (text.returncode, text.stderr) == (0, b"")
    assert "UNODC → " in text.stdout.decode("utf-8")
    with (tmp_path / "out").open("wb") as target:
        assert (
            _run("brief", "Ivory Coast", "--format", "json", stdout=target, PYTHONIOENCODING=encoding).returncode == 0
        )
    assert "Côte d'Ivoire" in (tmp_path / "out").read_text("utf-8")
    assert json.loads((tmp_path / "out").read_text("utf-8"))["country"] == "CIV"
    assert "…" in _run("--help", PYTHONIOENCODING=encoding).stdout.decode("utf-8")


@pytest.mark.skipif(os.name != "posix", reason="needs a terminal of its own")
def test_a_terminal_gets_substitutes_for_what_it_lacks() -> None:
    """And JSON with escapes, which every program reads."""
    import pty  # noqa: PLC0415 - not on Windows

    def shown(*arguments: str) -> bytes:
        leader, follower = pty.openpty()
        with subprocess.Popen(
            [*COMMAND, *arguments], env=_environment(PYTHONIOENCODING="ascii"), stdout=follower
        ) as run:
            os.close(follower)
            found = b"".join(iter(lambda: _read(leader), b""))
        os.close(leader)
        assert run.returncode == 0
        return found

    assert b"UNODC -> " in shown(*QUESTION)
    text = shown("brief", "Ivory Coast", "--format", "json")
    assert b"C\\u00f4te d'Ivoire" in text
    assert json.loads(text.decode("ascii"))["country"] == "CIV"


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 2**16)
    except OSError:  # what Linux says when the other end is closed
        return b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device here")
@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("arguments", [("validate",), ("--help",), (*QUESTION, "--format", "json")], ids=lambda a: a[0])
def test_a_full_disk_is_one_line_and_a_failure(arguments: tuple[str, ...], unbuffered: str) -> None:
    """No traceback, and no success."""
    with Path("/dev/full").open("wb") as target:
        done = _run(*arguments, stdout=target, PYTHONUNBUFFERED=unbuffered)
    assert done.returncode == 2
    assert done.stderr.decode() == "icatmapping: No space left on device\n"


@pytest.mark.slow
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_has_read_enough_is_no_failure(unbuffered: str) -> None:
    """As with ``head``."""
    environment = _environment(PYTHONUNBUFFERED=unbuffered)
    with subprocess.Popen(
        [*COMMAND, "brief", "Nigeria", "--format", "json"], env=environment, stdout=-1, stderr=-1
    ) as run:
        assert run.stdout is not None
        assert run.stderr is not None
        assert run.stdout.readline() == b"{\n"
        run.stdout.close()
        assert run.stderr.read() == b""
    assert run.returncode == 0


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals are sent otherwise")
def test_an_interrupted_command_says_so_in_one_line(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    """And has the status that shells give to what was interrupted."""

    def interrupted(*_: Any, **__: Any) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(1)

    monkeypatch.setattr(im, "collaboration_paths", interrupted)
    assert main([*QUESTION]) == 130
    assert capsys.readouterr().err == "icatmapping: interrupted\n"


# --- validate --------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_fix_loses_no_value(own: Path) -> None:
    """Neither one of two of a name, nor digits of a number, nor resources that the library does not know."""
    file = own / "initiatives.json"
    sound = file.read_text("utf-8")
    for spoilt in (
        sound.replace('"title": ', '"title": "Lost",\n    "title": ', 1),
        sound.replace('"acronym": null', '"acronym": 0.1234567890123456789', 1),
        sound.replace('"acronym": null', '"acronym": 1e999', 1),
    ):
        file.write_text(spoilt, "utf-8")
        done = _run("validate", "--fix", str(own))
        assert (done.returncode, done.stderr) == (1, b"")
        assert file.read_text("utf-8") == spoilt
    file.write_text(json.dumps(json.loads(sound)), "utf-8")
    described = json.loads((own / "datapackage.json").read_text("utf-8"))
    more = {"name": "more", "path": ["a.csv", "b.csv"]}
    described["resources"] += [more]
    described["resources"][0] |= {"sources": [{"title": "ours"}]}
    (own / "datapackage.json").write_text(json.dumps(described), "utf-8")
    assert _run("validate", "--fix", str(own)).returncode == 0
    assert file.read_text("utf-8") == sound
    kept = json.loads((own / "datapackage.json").read_text("utf-8"))["resources"]
    assert (kept[-1], kept[0]["sources"]) == (more, [{"title": "ours"}])


@pytest.mark.parametrize("extra", [None, [], 7, "x"])
def test_a_resource_that_is_none_is_a_fault(extra: object, own: Path) -> None:
    """It crashes nothing."""
    file = own / "datapackage.json"
    described = json.loads(file.read_text("utf-8"))
    described["resources"].append(extra)
    file.write_text(json.dumps(described), "utf-8")
    for arguments in (("validate", str(own)), ("validate", "--fix", str(own))):
        done = _run(*arguments)
        assert (done.returncode, done.stderr) == (1, b"")
        assert f"resources[{len(described['resources']) - 1}]" in done.stdout.decode()


def test_what_cannot_be_fixed_is_one_line(own: Path, capsys: Any) -> None:
    """A zip file, and a folder that nobody may write to."""
    im.write_package(im.load(), own.parent / "own.zip")
    assert main(["validate", "--fix", str(own.parent / "own.zip")]) == 2
    told = capsys.readouterr()
    assert (told.out, told.err.count("\n")) == ("", 1)
    assert "own.zip" in told.err
    (own / "hosts.json").write_text(json.dumps(json.loads((own / "hosts.json").read_text("utf-8"))), "utf-8")
    for folder in (own, own.parent):
        folder.chmod(0o555)
    with _nobody_special(own.parent):
        assert main(["validate", "--fix", str(own)]) == 2
    told = capsys.readouterr()
    assert (told.out, told.err) == ("", f"icatmapping: Permission denied: {own}\n")


class _nobody_special:  # noqa: N801 - it reads like a phrase
    """Give up what root may do, and give it back with the right to tidy up."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.user = folder, os.geteuid()

    def __enter__(self) -> None:
        if self.user == 0:
            for folder in self.folder.parents:
                if folder.stat().st_uid == 0 and not folder.stat().st_mode & 1:
                    folder.chmod(folder.stat().st_mode | 0o011)
            os.seteuid(65534)

    def __exit__(self, *_: object) -> None:
        os.seteuid(self.user)
        for folder in (self.folder, self.folder / "own"):
            folder.chmod(0o755)


def test_control_characters_of_a_package_reach_no_terminal(tmp_path: Path) -> None:
    """In ids, values, names of fields and of files, as text and as JSON."""
    own = Path(shutil.copytree(DATA, tmp_path / "own"))
    for name, change in _changes():
        records = json.loads((own / name).read_text("utf-8"))
        records[0] |= change
        (own / name).write_text(json.dumps(records), "utf-8")
    for form in ("text", "markdown", "json"):
        done = _run("validate", str(own), "--format", form)
        text = done.stdout.decode("utf-8")
        assert done.returncode == 1
        assert all(letter.isprintable() or letter == "\n" for letter in text)
    with pytest.raises(im.DatasetError) as caught:
        im.load(own)
    assert all(letter.isprintable() or letter == "\n" for letter in str(caught.value))


def _changes() -> Iterator[tuple[str, dict[str, Any]]]:
    yield "initiatives.json", {"id": "x\x1b[31m", "title": "a\x9b31mb", "\x1b]0;x\x07": 1}
    yield "resources.json", {"kind": "\x1b]0;x\x07", "year": "\u202e2020"}
    yield "hosts.json", {"grade": "\x1b[2J"}


@pytest.mark.slow
def test_the_library_runs_from_a_zipped_program(tmp_path: Path) -> None:
    """The data is read out of it, and the bundled package validated in it."""
    import zipapp  # noqa: PLC0415 - used once

    import attr  # noqa: PLC0415
    import attrs  # noqa: PLC0415
    import cattrs  # noqa: PLC0415
    import typing_extensions  # noqa: PLC0415

    for package in (im, attr, attrs, cattrs):
        folder = Path(str(package.__file__)).parent
        shutil.copytree(folder, tmp_path / "app" / folder.name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(typing_extensions.__file__, tmp_path / "app")
    zipapp.create_archive(tmp_path / "app", tmp_path / "app.pyz", main="icatmapping.cli.main:main")
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(tmp_path / "app.pyz"), "validate"], capture_output=True, check=False, text=True
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "the bundled data package: no faults\n", "")
