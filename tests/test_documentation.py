"""
The documentation keeps its promises: shell blocks run, links lead somewhere, every public name is there.

Python blocks are run as doctests, and those of notebooks when the documentation is built.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import pytest
from PIL import Image

import icatmapping as im
from support.packages import DATA

ROOT = Path(__file__).parents[1]
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "SECURITY.md", *(ROOT / "docs").rglob("*.md")])
BLOCK = re.compile(r"^ *(```+)(\S*)[^\n]*\n(.*?)^ *\1", re.MULTILINE | re.DOTALL)
# Blocks of these kinds are no promise that something runs.
NOT_RUN = {"", "toml", "{eval-rst}", "{toctree}", "{include}", "{image}", "{figure}", "{note}", "{admonition}"}
RUN_ELSEWHERE = {"pycon", "console", "{code-cell}"}


def blocks(page: Path) -> list[tuple[str, str]]:
    """Give the fenced blocks of a page, each with its language."""
    return [(language, text) for _, language, text in BLOCK.findall(page.read_text(encoding="utf-8"))]


def commands() -> list[str]:
    """Give the commands of the library in every shell block."""
    shell = [text for page in PAGES for language, text in blocks(page) if language == "sh"]
    lines = [line.strip() for text in shell for line in text.splitlines()]
    return sorted({line for line in lines if "-m icatmapping " in line and "&&" not in line})


@pytest.mark.slow
@pytest.mark.parametrize("command", commands())
def test_a_command_in_the_documentation_runs(command: str, tmp_path: Path) -> None:
    """As it is written, in a folder that has the package that it speaks of."""
    shutil.copytree(DATA, tmp_path / "my-package")
    shutil.copytree(DATA, tmp_path / "src" / "icatmapping" / "data")
    words = [sys.executable, *shlex.split(command)[1:]]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_every_block_of_code_is_run_by_something() -> None:
    """A block of a kind that nothing runs is one that nobody tried."""
    kinds = {language for page in PAGES for language, _ in blocks(page)}
    assert kinds <= NOT_RUN | RUN_ELSEWHERE | {"sh"}
    for page in PAGES:
        for language, text in blocks(page):
            if language in NOT_RUN:
                assert ">>>" not in text, page
            if language == "pycon":
                assert text.lstrip().startswith(">>>"), page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_to_files_lead_somewhere(page: Path) -> None:
    """Relative links, from wherever the page lies; headings are checked when the documentation is built."""
    text = re.sub(r"`[^`\n]*`", "", BLOCK.sub("", page.read_text(encoding="utf-8")))
    targets = re.findall(r"\]\(([^)\s]+)\)", text)
    relative = [target.partition("#")[0] for target in targets if not re.match(r"[a-z]+:", target)]
    assert [target for target in relative if target and not (page.parent / target).exists()] == []


def test_the_picture_in_the_readme_shows_the_data_of_today() -> None:
    """It carries the ties that it was drawn from: `python docs/scripts/readme_picture.py` draws it anew."""
    with Image.open(ROOT / "docs" / "network.png") as picture:
        drawn = {tuple(tie) for tie in json.loads(picture.info["Description"])}
    ds, wanted = im.load(), set[tuple[str, str]]()
    seats = {body.id: body.part_of for body in ds.organizations if body.part_of in {one.id for one in ds.entities}}
    for collection, roles in ((ds.initiatives, ("leads", "partners")), (ds.partnerships, ("members",))):
        for work in collection.where(country="Nigeria", theme="child_protection").to_dict():
            wanted.update(combinations(sorted({seats.get(one) or one for role in roles for one in work[role]}), 2))
    assert drawn == wanted


def test_the_reference_names_everything_public() -> None:
    """What can be imported from the package is documented."""
    reference = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    assert [name for name in im.__all__ if not re.search(rf"\b{name}\b", reference)] == []
