"""
The command line on data packages: what it finds in them, and what it mends.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from support.command import answer, run
from support.packages import DATA

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def changed(package: Path, name: str, change: Callable[[list[dict[str, object]]], object]) -> None:
    file = package / f"{name}.json"
    content = json.loads(file.read_text(encoding="utf-8"))
    change(content)
    file.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def files(package: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in package.iterdir() if file.is_file()}


def test_the_bundled_data_has_no_faults() -> None:
    """Neither as it is bundled nor as a folder."""
    assert "no faults" in answer("validate")
    assert "no faults" in answer("validate", str(DATA))
    assert json.loads(answer("validate", "--format", "json"))["faults"] == []


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_every_fault_of_a_broken_package_is_printed(package: Path, form: str) -> None:
    """The status is 1, and each fault is told with its file, record and field, and the nearest valid value."""

    def break_initiatives(records: list[dict[str, object]]) -> None:
        records[0]["themes"] = ["preventoin"]
        records[1]["countries"] = ["XYZ"]
        records[2]["colour"] = "blue"
        for record in records[100:140]:
            record["sources"] = []

    changed(package, "initiatives", break_initiatives)
    changed(package, "organizations", lambda records: records[3].pop("kind"))
    (package / "resources.json").unlink()
    broken = json.loads((package / "initiatives.json").read_text(encoding="utf-8"))
    organization = json.loads((package / "organizations.json").read_text(encoding="utf-8"))[3]["id"]
    expected = {
        ("initiatives.json", broken[0]["id"], "themes[0]"),
        ("initiatives.json", broken[1]["id"], "countries[0]"),
        ("initiatives.json", broken[2]["id"], "colour"),
        ("organizations.json", organization, "kind"),
        *(("initiatives.json", record["id"], "sources") for record in broken[100:140]),
    }
    done = run("validate", str(package), "--format", form)
    assert done.returncode == 1
    if form == "json":
        found = json.loads(done.stdout)["faults"]
        assert {(fault["file"], fault["record"], fault["field"]) for fault in found} >= expected
        assert "prevention" in {fault["nearest"] for fault in found}
        assert {fault["file"] for fault in found} == {"initiatives.json", "organizations.json", "resources.json"}
    else:
        text = done.stdout.replace("\\", "")
        assert all(": ".join(fault) in text for fault in expected)
        assert "'prevention'" in text
        assert "resources.json: is missing" in text
        assert f"{len(expected) + 1} faults" in text


def test_what_a_package_refers_to_must_be_there(package: Path) -> None:
    """A reference to nobody is a fault, told with the nearest id."""
    changed(package, "initiatives", lambda records: records[0].update(leads=["unodk"]))
    done = run("validate", str(package))
    assert done.returncode == 1
    assert "leads[0]" in done.stdout
    assert "'unodc'" in done.stdout


def test_a_package_in_another_form_has_a_fault(package: Path) -> None:
    """A file that says the same but is not in canonical form, or does not match its hash, is told of."""
    changed(package, "initiatives", lambda records: records.reverse())
    done = run("validate", str(package))
    assert done.returncode == 1
    assert "canonical form" in done.stdout
    assert "hash" in done.stdout


@pytest.mark.slow
def test_fix_writes_the_canonical_form_and_leaves_the_rest(package: Path) -> None:
    """Shuffled, minified and with keys in any order, the files become again what they were; other files stay."""
    before = files(DATA)
    (package / "notes.txt").write_text("mine", encoding="utf-8")
    for file in package.glob("*.json"):
        content = json.loads(file.read_text(encoding="utf-8"))
        if isinstance(content, list):
            content = [dict(reversed(record.items())) for record in reversed(content)]
            file.write_text(json.dumps(content), encoding="utf-8")
    text = answer("validate", "--fix", str(package))
    assert "no faults" in text
    assert "rewrote initiatives.json" in text
    assert files(package) == {**before, "notes.txt": b"mine"}
    assert "rewrote" not in answer("validate", "--fix", str(package))
    assert files(package) == {**before, "notes.txt": b"mine"}


def test_fix_writes_nothing_to_a_package_that_it_cannot_read(package: Path) -> None:
    """A file that is no JSON is a fault, and no file is touched."""
    changed(package, "initiatives", lambda records: records.reverse())
    (package / "partnerships.json").write_text("[{", encoding="utf-8")
    before = files(package)
    done = run("validate", "--fix", str(package))
    assert done.returncode == 1
    assert "partnerships.json" in done.stdout
    assert files(package) == before


@pytest.mark.slow
def test_fix_changes_the_form_and_not_what_is_said(package: Path) -> None:
    """Faults of content stay as they are, and are told after the form is mended."""
    changed(package, "initiatives", lambda records: records[0].update(themes=["preventoin"]))
    done = run("validate", "--fix", str(package))
    assert done.returncode == 1
    assert "preventoin" in done.stdout
    assert json.loads((package / "initiatives.json").read_text(encoding="utf-8"))[0]["themes"] == ["preventoin"]


def test_fix_needs_a_folder() -> None:
    """The bundled package is nobody's to rewrite by accident."""
    before = files(DATA)
    done = run("validate", "--fix")
    assert done.returncode == 2
    assert "folder" in done.stderr
    assert files(DATA) == before


def test_a_folder_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    """The status is 1, and the message names the place."""
    done = run("validate", str(tmp_path / "nowhere"))
    assert done.returncode == 1
    assert "nowhere" in done.stdout
    assert "Traceback" not in done.stderr
