"""
The README is as true as the data: its figures are those of today, and what a shell shows there is what it shows.
"""

from __future__ import annotations

import doctest
import re
import runpy
import shlex
from pathlib import Path

import pytest

import icatmapping as im
from icatmapping.cli.main import main

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
TUTORIAL = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
CONSOLE = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
SESSIONS = [
    session.partition("\n")
    for block in CONSOLE.findall(TEXT + TUTORIAL)
    for session in re.split(r"^\$ ", block, flags=re.MULTILINE)
    if session
]


@pytest.mark.parametrize("session", SESSIONS, ids=lambda session: session[0])
def test_what_a_shell_shows_is_what_it_shows(
    session: tuple[str, str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each command after a `$` gives the lines below it; `...` stands for any."""
    command, _, expected = session
    program, *arguments = shlex.split(command)
    assert program == "icatmapping"
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 0
    printed = capsys.readouterr().out
    assert doctest.OutputChecker().check_output(expected, printed, FLAGS), printed
    if "--output" in arguments:
        assert (tmp_path / arguments[arguments.index("--output") + 1]).stat().st_size


def test_the_figures_are_those_of_the_data() -> None:
    """`python docs/scripts/figures.py` writes them anew, and what commands print."""
    refreshed = runpy.run_path(str(ROOT / "docs" / "scripts" / "figures.py"))["refreshed"]
    assert refreshed(TEXT) == TEXT


def test_totals_stand_in_one_place() -> None:
    """The number of initiatives is in the table of figures and nowhere else in the README."""
    ds = im.load()
    for number in (len(ds.initiatives), len(ds.organizations), len(ds.resources)):
        assert len(re.findall(rf"\b(?:{number}|{number:,})\b", TEXT)) == 1
