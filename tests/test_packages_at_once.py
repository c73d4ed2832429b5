"""
Folders that are written while they are read, written by two, or written by one who is killed; and forks.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from attrs import evolve

import icatmapping as im
from icatmapping.datapackage.package import Package

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not forked here"),
]


def _mapping(tag: str) -> im.Dataset:
    """Make a mapping of a hundred records in two files, each of which says which mapping it is of."""
    ds = im.load()
    body = evolve(ds.organizations[0], former_ids=(), identifiers=(), part_of=None, body_of=None, successor=None)
    record = evolve(ds.initiatives[0], title=tag, leads=(), partners=(), donors=(), former_ids=())
    return im.Dataset.from_package(
        Package(
            entities=(),
            organizations=tuple(evolve(body, id=f"body-{n:03}", name=f"{tag} {n}") for n in range(100)),
            initiatives=tuple(evolve(record, id=f"record-{n:03}") for n in range(100)),
            **dict.fromkeys(("partnerships", "resources", "findings", "hosts"), ()),
        )
    )


A, B = _mapping("alpha"), _mapping("bravo")


def _child(task: Callable[..., Any], *arguments: Any) -> int:
    """Do something in another process."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            task(*arguments)
            status = 0
        finally:
            os._exit(status)
    return child


def _write(path: Path, times: int, first: int = 0) -> None:
    for number in range(first, first + times):
        im.write_package((A, B)[number % 2], path)


def _modes(folder: Path) -> set[int]:
    return {file.stat().st_mode & 0o777 for file in folder.iterdir()}


def test_a_reader_gets_one_package_or_the_other(tmp_path: Path) -> None:
    """Never a mixture of both, however often it looks."""
    _write(tmp_path / "p", 1)
    child = _child(_write, tmp_path / "p", 10)
    looked = 0
    while os.waitpid(child, os.WNOHANG) == (0, 0):
        try:
            found = im.load(tmp_path / "p")
        except im.DatasetError:
            continue
        looked += 1
        assert found in (A, B)
    assert looked


def test_two_writers_both_succeed(tmp_path: Path) -> None:
    """One after the other; to a folder that is there, to a new one, and to a zip file."""
    for name in ("new", "new", "file.zip"):
        children = [_child(_write, tmp_path / name, 5, first) for first in (0, 1)]
        assert [os.waitpid(child, 0)[1] for child in children] == [0, 0]
        assert im.load(tmp_path / name) in (A, B)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["file.zip", "new"]


def test_nothing_is_lost_when_a_writer_is_killed(tmp_path: Path) -> None:
    """At any moment: there is a package, it is one of the two, and the next writer leaves nothing of the killed one."""
    rng = random.Random(2)
    folder = tmp_path / "p"
    _write(folder, 1)
    for _ in range(8):
        child = _child(_write, folder, 1000)
        time.sleep(rng.random() * 0.2)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        assert im.load(folder) in (A, B)
    im.write_package(A, folder)
    assert im.load(folder) == A
    assert all(not file.is_dir() or file.name != ".new-version" for file in folder.iterdir())


@pytest.mark.parametrize("call", ["link", "replace", "rename"])
@pytest.mark.parametrize("successes", [0, 1, 5])
def test_a_failure_between_two_files_is_undone(call: str, successes: int, tmp_path: Path) -> None:
    """The files that were replaced already are put back."""
    folder = tmp_path / "p"
    im.write_package(A, folder)
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    left, real = [successes], getattr(os, call)

    def failing(*arguments: Any, **options: Any) -> Any:
        left[0] -= 1
        if left[0] == -1:
            raise OSError("disk full")
        return real(*arguments, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, call, failing)
        try:
            im.write_package(B, folder)
        except OSError:
            assert {file.name: file.read_bytes() for file in folder.iterdir()} == before
        else:
            assert im.load(folder) == B  # there was another way
    assert [one.name for one in tmp_path.iterdir()] == ["p"]


def test_a_folder_keeps_its_place_and_its_permissions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also the folder that a program runs in, with things beside the package that no program reads."""
    folder = tmp_path / "p"
    im.write_package(A, folder)
    folder.chmod(0o750)
    for file in folder.iterdir():
        file.chmod(0o600)
    os.mkfifo(folder / "pipe", 0o600)
    place = folder.stat().st_ino
    monkeypatch.chdir(folder)
    im.write_package(B, ".")
    assert im.load(".") == B
    assert (Path.cwd(), folder.stat().st_ino, folder.stat().st_mode & 0o777) == (folder, place, 0o750)
    assert _modes(folder) == {0o600}


def test_names_may_be_as_long_as_they_may_be(tmp_path: Path) -> None:
    """In bytes, of which a letter may have three."""
    for name in ("中" * 83, "中" * 83, f"{'中' * 81}.zip", f"{'中' * 81}.zip"):
        im.write_package(A, tmp_path / name)
        assert im.load(tmp_path / name) == A


FORKING = """
import os, signal, sys, threading, time
import icatmapping as im

def ask():
    ds = im.load()
    return len(list(ds.initiatives)) + len(ds.initiatives.search("child")) + len(ds.directory.by_id)

thread = threading.Thread(target=ask)
thread.start()
time.sleep(float(sys.argv[1]))
child = os.fork()
if child == 0:
    signal.alarm(30)
    os._exit(0 if ask() > 1000 and im.country("Nigeria").alpha3 == "NGA" else 1)
status = os.waitpid(child, 0)[1]
thread.join()
raise SystemExit(status)
"""


@pytest.mark.parametrize("delay", [0, 0.01, 0.03, 0.08])
def test_a_fork_while_a_thread_reads_does_no_harm(delay: float) -> None:
    """The child reads the same, whatever the thread was about to build."""
    environment = {**os.environ, "PYTHONPATH": str(Path(im.__file__).parents[1])}
    subprocess.run([sys.executable, "-c", FORKING, str(delay)], env=environment, check=True, timeout=60)
