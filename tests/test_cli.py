"""
The command line, run as a user runs it: in a process of its own.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import icatmapping as im
from support.packages import DATA, Raw

if TYPE_CHECKING:
    from collections.abc import Callable

QUESTION = ("paths", "UNODC", "UNICEF", "--country", "Nigeria", "--theme", "child_protection")
NOWHERE = ("paths", "CBSS", "OAS", "--country", "Nauru")


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "icatmapping", *arguments],
        env={**os.environ, "PYTHONPATH": str(Path(im.__file__).parents[1]), "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def answer(*arguments: str) -> str:
    """Run a command that succeeds and says nothing but its answer."""
    done = run(*arguments)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def titles(raw: Raw, country: str, theme: str) -> dict[str, set[str]]:
    """Map the titles of the records about a country and a theme to who takes part in them."""
    found: dict[str, set[str]] = {}
    for kind, roles in (("initiatives", ("leads", "partners")), ("partnerships", ("members",))):
        for record in raw[kind]:
            if country in record["countries"] and theme in record["themes"]:
                name = record.get("title") or record["name"]
                found.setdefault(name, set()).update(one for role in roles for one in record[role])
    return found


# --- paths ---------------------------------------------------------------------------------------------------------


def test_paths_are_printed_with_the_records_behind_each_step(raw: Raw) -> None:
    """Under each pair stand records about that country and theme that name both, with the address of a source."""
    text = answer(*QUESTION)
    bodies = {body["id"]: body for kind in ("entities", "organizations") for body in raw[kind]}
    ids = {body["acronym"] if body in raw["entities"] else body["name"]: one for one, body in bodies.items()}
    known = titles(raw, "NGA", "child_protection")
    steps = re.split(r"^   (\S.*?) – (\S.*)$", text, flags=re.MULTILINE)[1:]
    triples = list(zip(steps[::3], steps[1::3], steps[2::3], strict=True))
    assert len(triples) > 2
    for a, b, evidence in triples:
        shared = [title for title in known if f"· {title} (" in evidence]
        assert shared
        assert all({ids[a], ids[b]} <= known[title] for title in shared)
        assert evidence.count("https://") + evidence.count("http://") >= len(shared)
    assert re.match(r"1\. UNODC → .* → UNICEF ", text)


def test_the_command_asks_what_the_library_asks() -> None:
    """Every option means the argument of the same name."""
    text = answer(
        *("paths", "ILO", "UNICEF", "--country", "Ghana", "--country", "Nigeria", "--reach", "regional"),
        *("--year", "2012-2022", "-k", "3", "--by", "distance", "--max-hops", "3", "--donors", "--resources"),
        *("--members-only", "--foreign-governments", "--target-group", "migrants", "--format", "json"),
    )
    paths = im.collaboration_paths(
        im.load(),
        *("ILO", "UNICEF"),
        country=("Ghana", "Nigeria"),
        reach="regional",
        year=range(2012, 2023),
        k=3,
        by="distance",
        max_hops=3,
        donors=True,
        of=("initiatives", "partnerships", "resources"),
        external=False,
        foreign_governments=True,
        target_group="migrants",
    )
    assert paths
    assert json.loads(text) == paths.to_dict()


def test_json_is_the_whole_answer() -> None:
    """Other programs read the same paths, their steps and records."""
    content = json.loads(answer(*QUESTION, "--format", "json"))
    assert (content["source"], content["target"], content["reason"]) == ("unodc", "unicef", None)
    for path in content["paths"]:
        assert [step["source"] for step in path["steps"]] == path["organizations"][:-1]
        assert all(step["records"] for step in path["steps"])


def test_markdown_has_a_heading_for_every_path() -> None:
    """The text says the same, in a form that renders."""
    content = json.loads(answer(*QUESTION, "--format", "json"))
    lines = answer(*QUESTION, "--format", "markdown").splitlines()
    assert sum(line.startswith("## ") for line in lines) == len(content["paths"])
    assert sum(line.startswith("- **") for line in lines) == sum(path["hops"] for path in content["paths"])
    assert sum(line.startswith("  - ") for line in lines) >= sum(path["hops"] for path in content["paths"])


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_without_a_path_the_reason_is_the_answer(form: str) -> None:
    """That there is none is an answer and no failure."""
    text = answer(*NOWHERE, "--format", form)
    assert "CBSS" in text
    assert "OAS" in text
    assert "no record there" in text


def test_without_a_path_json_says_so() -> None:
    """The reason and the relaxations are there for a program."""
    content = json.loads(answer(*NOWHERE, "--format", "json"))
    assert content["paths"] == []
    assert content["reason"]
    assert {"country": None} in content["relaxations"]


@pytest.mark.parametrize(
    ("arguments", "hints"),
    [
        (("paths", "UNDOC", "UNICEF"), ("UNDOC", "UNODC")),
        (("paths", "UNODC", "UNICEF", "--country", "Nigerai"), ("Nigerai", "Nigeria")),
        (("paths", "UNODC", "UNICEF", "--theme", "child_protecton"), ("child_protecton", "child_protection")),
        (("paths", "UNODC", "UNICEF", "--country", "Congo"), ("Congo", "Democratic Republic of the Congo")),
        (("paths", "UNODC", "unodc"), ("same",)),
        (("paths", "UNODC", "UNICEF", "-k", "0"), ("k ",)),
        (("paths", "UNODC", "UNICEF", "--max-hops", "0"), ("max_hops",)),
        (("paths", "UNODC", "UNICEF", "--year", "lately"), ("lately", "2015-2020")),
        (("paths", "UNODC"), ("target",)),
        (("paths", "UNODC", "UNICEF", "--by", "luck"), ("luck", "hops")),
        (("path",), ("path", "paths")),
        ((), ("COMMAND",)),
    ],
    ids=" ".join,
)
def test_a_wrong_question_is_refused_with_a_hint(arguments: tuple[str, ...], hints: tuple[str, ...]) -> None:
    """The status is 2, the answer empty, and the message says what is wrong and what was perhaps meant."""
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    assert all(hint in done.stderr for hint in hints)


def test_a_closed_pipe_is_no_failure() -> None:
    """Whoever reads only the first lines gets them, and nothing else happens."""
    with subprocess.Popen(
        [sys.executable, "-m", "icatmapping", "paths", "ILO", "IOM", "-k", "400", "--max-hops", "3"],
        env={**os.environ, "PYTHONPATH": str(Path(im.__file__).parents[1]), "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith(b"1. ILO")
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


# --- the rest ------------------------------------------------------------------------------------------------------


def test_the_version_is_that_of_the_library() -> None:
    """One version, wherever one asks."""
    assert answer("--version").strip() == f"icatmapping {im.__version__}"


@pytest.mark.parametrize("arguments", [("--help",), ("paths", "--help"), ("validate", "--help")], ids=" ".join)
def test_help_says_what_can_be_done(arguments: tuple[str, ...]) -> None:
    """Every command explains itself."""
    text = answer(*arguments)
    assert text.startswith("usage: icatmapping")
    assert "paths" in text if arguments == ("--help",) else arguments[0] in text


# --- validate ------------------------------------------------------------------------------------------------------


def changed(package: Path, name: str, change: Callable[[list[dict[str, object]]], object]) -> None:
    file = package / f"{name}.json"
    content = json.loads(file.read_text(encoding="utf-8"))
    change(content)
    file.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def files(package: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in package.iterdir()}


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
