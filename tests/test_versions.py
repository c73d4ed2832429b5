"""
What is stated in several places is the same in all of them: versions, and the names that users may import.
"""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import icatmapping as im
from support.packages import DATA

ROOT = Path(__file__).parents[1]
HEADING = re.compile(r"^## (?P<library>\S+) \((?P<date>\S+)\)(?:, dataset (?P<dataset>\S+))?$", re.MULTILINE)
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def newest_release() -> re.Match[str]:
    """Return what the newest heading of the changelog says that is no heading of what comes next."""
    return next(HEADING.finditer(CHANGELOG))


def stub() -> ast.Module:
    return ast.parse(Path(im.__file__).with_suffix(".pyi").read_text(encoding="utf-8"))


def test_the_version_of_the_library_is_the_same_everywhere() -> None:
    """In the package, the citation and the newest heading of the changelog, where the date is that of the citation."""
    cited = dict(
        re.findall(r"^(version|date-released): (\S+)$", (ROOT / "CITATION.cff").read_text("utf-8"), re.MULTILINE)
    )
    release = newest_release()
    assert {"version": release["library"], "date-released": release["date"]} == cited
    assert im.__version__ == cited["version"]


def test_releases_stand_in_the_changelog_newest_first() -> None:
    """Each once, with a heading of the same form."""
    found = [tuple(map(int, heading["library"].split("."))) for heading in HEADING.finditer(CHANGELOG)]
    assert found == sorted(set(found), reverse=True)
    headings = re.findall(r"^## .*$", CHANGELOG, re.MULTILINE)
    assert [heading for heading in headings if not HEADING.fullmatch(heading)] in ([], ["## Unreleased"])


def test_the_version_of_the_dataset_is_the_same_everywhere() -> None:
    """In its descriptor, in the changelog where a release brings one, and last in the table of the documentation."""
    described: str = json.loads((DATA / "datapackage.json").read_text("utf-8"))["version"]
    stated = [heading["dataset"] for heading in HEADING.finditer(CHANGELOG) if heading["dataset"]]
    table = re.search(r"^## By version\n\n\|(.*)\|$", (ROOT / "docs" / "data.md").read_text("utf-8"), re.MULTILINE)
    assert table is not None
    assert {described, stated[0], table[1].split("|")[-1].strip()} == {im.load().version}


def test_names_for_type_checkers_are_those_that_can_be_imported() -> None:
    """The stub lists the same public names, and finds each in the module in which it is found when it is asked for."""
    lists = [
        node.value for node in stub().body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
    ]
    assert [sorted(ast.literal_eval(names)) for names in lists] == [im.__all__]
    imported = {
        alias.asname: (node.module, alias.name)
        for node in stub().body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    objects = {name: (f"icatmapping.{module}", name) for module, names in im._EXPORTS.items() for name in names}
    modules = {name: tuple(f"icatmapping.{path}".rsplit(".", 1)) for name, path in im._SUBMODULES.items()}
    assert imported == objects | modules


def test_every_public_name_is_exported_once() -> None:
    """What `__all__` names is what is found in some module, with the plots and the version."""
    exported = [name for names in im._EXPORTS.values() for name in names]
    assert sorted([*exported, "plots", "__version__"]) == im.__all__
