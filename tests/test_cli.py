"""
The command line: what it answers, what it refuses, and how it says so.

Commands run in this process, as in one of their own; a few run there, which costs more.
"""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

import icatmapping as im
from support.command import COMMAND, ENVIRONMENT, Done, answer, joined, run
from support.packages import KINDS, Raw

if TYPE_CHECKING:
    from pathlib import Path


QUESTION = ("paths", "UNODC", "UNICEF", "--country", "Nigeria", "--theme", "child_protection")
NOWHERE = ("paths", "CBSS", "OAS", "--country", "Nauru")


def titles(raw: Raw, country: str) -> dict[str, set[str]]:
    """Map the titles of the records about a country to who takes part in them, organs as their entity."""
    organs = {one["id"]: one["part_of"] for one in raw["organizations"] if one["part_of"]}
    entities = {one["id"] for one in raw["entities"]}
    found: dict[str, set[str]] = {}
    for kind, roles in (("initiatives", ("leads", "partners")), ("partnerships", ("members",))):
        for record in raw[kind]:
            if country in record["countries"]:
                bodies = [one for role in roles for one in record[role]]
                wholes = {organs[one] for one in bodies if organs.get(one) in entities}
                found.setdefault(record.get("title") or record["name"], set()).update({*bodies, *wholes})
    return found


# --- paths ---------------------------------------------------------------------------------------------------------


def test_paths_are_printed_with_the_records_behind_each_step(raw: Raw) -> None:
    """Under each pair stand records about that country that name both, and how many there are."""
    text = answer(*QUESTION)
    bodies = {body["id"]: body for kind in ("entities", "organizations") for body in raw[kind]}
    ids = {body["acronym"] if body in raw["entities"] else body["name"]: one for one, body in bodies.items()}
    known = titles(raw, "NGA")
    steps = re.split(r"^   - (\S.*?) and (\S.*?)\s+share (\d+)\s+records?", joined(text), flags=re.MULTILINE)[1:]
    told = list(zip(steps[::4], steps[1::4], steps[2::4], steps[3::4], strict=True))
    assert len(told) > 2
    for a, b, count, evidence in told:
        together = {title for title, who in known.items() if {ids[a], ids[b]} <= who}
        shared = [line for line in evidence.split("\n     - ")[1:] if any(line.startswith(one) for one in together)]
        assert len(shared) == min(5, int(count))
    assert re.search(r"^1\. UNODC → .* → UNICEF ", text, flags=re.MULTILINE)


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


def test_markdown_has_an_item_for_every_path_step_and_record() -> None:
    """The text says the same, in a form that renders, with the address of a source for every record."""
    content = json.loads(answer(*QUESTION, "--format", "json"))
    lines = answer(*QUESTION, "--format", "markdown").splitlines()
    steps = [step for path in content["paths"] for step in path["steps"]]
    assert sum(re.match(r"\d\. \*\*", line) is not None for line in lines) == len(content["paths"])
    assert sum(line.startswith("   - ") for line in lines) == len(steps)
    linked = [line for line in lines if line.startswith("     - [")]
    assert len(linked) == sum(min(5, len(step["records"])) for step in steps)
    assert all(re.search(r"\]\(<https?://[^ >]+>\)", line) for line in linked)
    assert "topicAbout" not in "".join(lines)


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
        (("paths", "UNODC", "UNICEF", "--year", "lately"), ("lately", "2015-2019")),
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
        [*COMMAND, "paths", "ILO", "IOM", "-k", "400", "--max-hops", "3"],
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert b"paths from ILO to IOM" in process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


# --- the rest ------------------------------------------------------------------------------------------------------


def test_a_process_of_its_own_answers_the_same() -> None:
    """The answer on one stream, what is wrong on the other, and the status."""
    for arguments in (("--version",), ("terms", "scope"), ("terms", "scoop")):
        done = subprocess.run([*COMMAND, *arguments], env=ENVIRONMENT, capture_output=True, text=True, check=False)
        assert Done(done.returncode, done.stdout, done.stderr) == run(*arguments)


def test_the_version_is_that_of_the_library() -> None:
    """One version, wherever one asks."""
    assert answer("--version").strip() == f"icatmapping {im.__version__}"


COMMANDS: dict[str, tuple[str, ...]] = {
    "list": ("initiatives", "--country", "Ghana", "--since", "2020", "--theme", "child protection"),
    "search": ("forced", "labour", "on", "fishing", "boats"),
    "show": ("50", "for", "Freedom"),
    "terms": ("theme",),
    "countries": ("Western", "Balkans"),
    "coverage": ("--by", "region", "--of", "resources"),
    "crosstab": ("country", "form", "--among", "ECOWAS"),
    "timeline": ("--of", "partnerships"),
    "gaps": ("--among", "Western Africa", "--since", "2015"),
    "overlaps": ("--country", "Nigeria"),
    "compare": ("IOM", "ILO", "--country", "Nigeria"),
    "paths": QUESTION[1:],
    "connections": ("--country", "Sudan"),
    "suggest": ("ILO", "--country", "Nigeria"),
    "support": ("Ghana", "--response", "training", "--target-group", "prosecutors"),
    "brief": ("Nauru",),
}
"""A question for every command that shows an answer."""


def asked(ds: im.Dataset) -> dict[str, Any]:
    """Ask the library the same."""
    return {
        "list": ds.initiatives.where(country="Ghana", since=2020, theme="child protection"),
        "search": ds.search("forced labour on fishing boats"),
        "show": ds.initiatives["50 for Freedom"],
        "coverage": im.coverage(ds.resources, "region"),
        "crosstab": im.crosstab(ds.initiatives, "country", "form", among="ECOWAS"),
        "timeline": im.timeline(ds.partnerships),
        "gaps": im.gaps(ds, "country", "form", among="Western Africa", since=2015),
        "overlaps": im.overlaps(ds, country="Nigeria", among="Nigeria"),
        "compare": im.compare(ds, "IOM", "ILO", country="Nigeria", among="Nigeria"),
        "paths": im.collaboration_paths(ds, "UNODC", "UNICEF", country="Nigeria", theme="child_protection"),
        "connections": im.connections(ds, country="Sudan"),
        "suggest": im.suggest_partners(ds, "ILO", country="Nigeria"),
        "support": im.find_support(ds, country="Ghana", response="training", target_group="prosecutors"),
        "brief": im.country_brief(ds, "Nauru"),
    }


def test_every_command_answers_what_the_library_answers(ds: im.Dataset) -> None:
    """As JSON, which is the plain data of the answer."""
    for name, answered in asked(ds).items():
        assert json.loads(answer(name, *COMMANDS[name], "--format", "json")) == json.loads(
            json.dumps(answered.to_dict())
        ), name


def test_words_and_places_are_those_of_the_files(raw: Raw) -> None:
    """Terms with their labels; the countries of an area."""
    terms = json.loads(answer("terms", "theme", "--format", "json"))["rows"]
    assert [(one["value"], one["label"]) for one in terms] == [
        (term["value"], term["label"]) for term in raw["vocabulary"] if term["vocabulary"] == "theme"
    ]
    (area,) = (one for one in raw["groupings"] if one["id"] == "western-balkans")
    listed = json.loads(answer("countries", "Western", "Balkans", "--format", "json"))["rows"]
    assert [one["code"] for one in listed] == sorted(area["members"])
    every = json.loads(answer("countries", "--format", "json"))["rows"]
    assert {one["code"] for one in every} == {country["alpha3"] for country in raw["countries"]}
    assert {term["vocabulary"] for term in raw["vocabulary"]} <= {
        one["value"] for one in json.loads(answer("terms", "--format", "json"))["rows"]
    }


@pytest.mark.slow
@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_shows_its_answer_in_every_format(name: str, tmp_path: Path) -> None:
    """On the terminal, and in a file of the format that its name says; a file holds what the terminal shows."""
    shown = {form: answer(name, *COMMANDS[name], "--format", form) for form in ("text", "markdown", "json", "csv")}
    assert shown["text"] == answer(name, *COMMANDS[name])
    assert len(set(shown.values())) == len(shown)
    assert all(text.strip() for text in shown.values())
    header, *rows = csv.reader(io.StringIO(shown["csv"]))
    assert {len(row) for row in rows} <= {len(header)}
    for ending, form in ((".txt", "text"), (".md", "markdown"), (".json", "json"), (".csv", "csv")):
        file = tmp_path / f"answer{ending}"
        assert answer(name, *COMMANDS[name], "--output", str(file)) == ""
        if name != "brief" or form == "json":  # a brief is saved as a document of its own
            assert file.read_text(encoding="utf-8").splitlines() == shown[form].splitlines()
    for ending, beginning in ((".html", b"<!DOCTYPE html>"), (".xlsx", b"PK")):
        file = tmp_path / f"answer{ending}"
        assert answer(name, *COMMANDS[name], "--output", str(file)) == ""
        assert file.read_bytes()[: len(beginning)].lower() == beginning.lower()


def test_a_brief_is_written_as_a_document(tmp_path: Path) -> None:
    """By the ending of its name."""
    assert answer("brief", "Nauru", "--output", str(tmp_path / "nauru.docx")) == ""
    assert (tmp_path / "nauru.docx").read_bytes().startswith(b"PK")


def test_columns_are_chosen_and_named(raw: Raw) -> None:
    """Cells hold the names of values, in every format."""
    arguments = ("list", "initiatives", "--status", "ongoing", "--scope", "global", "--limit", "0")
    columns = ("--columns", "id,scope,last_active", "--sort", "last_active", "--descending")
    expected = {one["id"] for one in raw["initiatives"] if one["status"] == "ongoing" and one["scope"] == "global"}
    listed = json.loads(answer(*arguments, *columns, "--format", "json"))
    assert {one["id"] for one in listed} == expected
    assert {one["scope"] for one in listed} == {"Global"}
    years = [int(one["last_active"]) for one in listed if one["last_active"]]
    assert years == sorted(years, reverse=True)
    text, table, markdown = (answer(*arguments, *columns, "--format", form) for form in ("text", "csv", "markdown"))
    assert [line.split("\t")[0] for line in text.splitlines()] == ["id", *(one["id"] for one in listed)]
    assert [row["id"] for row in csv.DictReader(io.StringIO(table))] == [one["id"] for one in listed]
    assert len(markdown.splitlines()) == len(listed) + 2


def test_a_limit_says_how_many_rows_are_shown(raw: Raw) -> None:
    """Text says how many more there are; none asks for all."""
    assert f"and {len(raw['organizations']) - 3:,} more" in answer("list", "organizations", "--limit", "3")
    assert len(answer("list", "organizations", "--limit", "0").splitlines()) > 1300


def test_a_record_is_cited_in_every_style() -> None:
    """As the library cites it."""
    record = im.load().initiatives["50 for Freedom"]
    for style in ("text", "bibtex", "csl-json"):
        assert answer("show", "50-for-freedom", "--cite", style).strip() == im.cite(record, style=style).strip()


@pytest.mark.slow
def test_options_of_questions_mean_what_the_library_means(ds: im.Dataset) -> None:
    """Those that only some commands have."""
    said = json.loads(answer("overlaps", "--country", "Nigeria", "--apart", "--on", "country,form", "--format", "json"))
    assert said == json.loads(
        json.dumps(im.overlaps(ds, on=("country", "form"), country="Nigeria", among="Nigeria").uncoordinated.to_dict())
    )
    said = json.loads(answer("gaps", "--cols", "none", "--among", "ECOWAS", "--at-most", "3", "--format", "json"))
    assert said == json.loads(json.dumps(im.gaps(ds, "country", among="ECOWAS", at_most=3).to_dict()))
    said = json.loads(answer("support", "Ghana", "-k", "3", "--half-life", "none", "--format", "json"))
    assert said == json.loads(json.dumps(im.find_support(ds, country="Ghana", k=3, half_life=None).to_dict()))
    said = json.loads(answer("coverage", "--by", "country", "--fractional", "--interval", "0.9", "--format", "json"))
    expected = im.coverage(ds.initiatives, "country", count="fractional", interval=0.9).to_dict()
    assert said == json.loads(json.dumps(expected))
    said = json.loads(
        answer("suggest", "ILO", "--keep-organs", "--topic", "require", "--half-life", "3", "--format", "json")
    )
    expected = im.suggest_partners(ds, "ILO", organs="keep", topic="require", half_life=3).to_dict()
    assert said == json.loads(json.dumps(expected))


def _commands() -> list[tuple[str, ...]]:
    names = (*COMMANDS, "validate", "export", "import", "template", "changes")
    return [(), *((name,) for name in names), *(("list", kind) for kind in KINDS)]


@pytest.mark.parametrize("command", _commands(), ids=" ".join)
def test_help_says_what_can_be_done(command: tuple[str, ...]) -> None:
    """Every command explains itself, and each is named where they are listed."""
    text = answer(*command, "--help")
    assert text.startswith(" ".join(["usage: icatmapping", *command]))
    if not command:
        assert all(re.search(rf"^    {name[0]}\b", text, re.MULTILINE) for name in _commands() if len(name) == 1)


@pytest.mark.parametrize(
    ("arguments", "hints"),
    [
        (("coverage", "--by", "luck"), ("luck", "country", "theme", "target_group")),
        (("coverage", "--by", "theme", "--of", "organizations"), ("theme", "country", "kind")),
        (("coverage", "--by", "kind", "--of", "organizations", "--theme", "prevention"), ("theme", "country", "kind")),
        (("coverage", "--by", "region", "--interval", "7"), ("interval",)),
        (("crosstab", "country", "colour"), ("colour", "form")),
        (("timeline", "--of", "entities"), ("entities",)),
        (("list", "initiatives", "--columns", "colour"), ("colour", "label", "last_active", "theme")),
        (("list", "initiatives", "--sort", "colour"), ("colour", "last_active", "status")),
        (("list", "initiatives", "--status", "asleep"), ("asleep", "ongoing", "completed")),
        (("list", "things"), ("things", "initiatives")),
        (("show", "UNDOC"), ("UNDOC", "UNODC")),
        (("terms", "colour"), ("colour", "theme", "form")),
        (("countries", "Afrca"), ("Afrca", "africa")),
        (("support", "Narnia"), ("Narnia",)),
        (("support", "Ghana", "--half-life", "x"), ("'x'", "none")),
        (("brief", "Nigerai"), ("Nigerai", "Nigeria")),
        (("brief", "Nigeria", "--since", "never"), ("never", "2019")),
        (("brief", "Nigeria", "--limit", "-1"), ("-1",)),
        (("compare", "IOM", "UNDOC"), ("UNDOC", "UNODC")),
        (("overlaps", "--on", "colour"), ("colour",)),
        (("overlaps", "--metric", "luck"), ("luck", "jaccard")),
        (("terms", "--output", "terms.pdf"), (".pdf", ".xlsx")),
        (("terms", "--output", "no/such/folder/terms.txt"), ("no/such/folder",)),
        (("import", "nowhere.csv"), ("nowhere.csv",)),
        (("list", "initiatives", "--data", "nowhere"), ("nowhere",)),
        (("changes", "nowhere"), ("nowhere",)),
        (("template", "template.pdf"), (".xlsx",)),
    ],
    ids=" ".join,
)
def test_what_there_is_not_is_refused_with_what_there_is(
    arguments: tuple[str, ...], hints: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The status is 2, the answer empty, nothing is written, and the message says what would be valid."""
    monkeypatch.chdir(tmp_path)
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert [hint for hint in hints if hint not in done.stderr] == []
    assert list(tmp_path.iterdir()) == []


# --- files -----------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("form", ["json", "csv"])
def test_a_dataset_is_exported_and_asked(form: str, tmp_path: Path, ds: im.Dataset) -> None:
    """As a package, which can be asked in place of the bundled one."""
    done = run("export", str(tmp_path / "package"), "--format", form)
    assert (done.returncode, done.stdout) == (0, "")
    assert "package" in done.stderr
    if form == "json":
        assert im.load(tmp_path / "package") == ds
        asked = ("coverage", "--by", "scope", "--format", "json")
        assert answer(*asked, "--data", str(tmp_path / "package")) == answer(*asked)
        assert "0" in answer("changes", str(tmp_path / "package"))


@pytest.mark.slow
def test_networks_and_workbooks_are_exported(tmp_path: Path, ds: im.Dataset) -> None:
    """By the ending of the name."""
    networkx = pytest.importorskip("networkx")
    for name in ("ghana.graphml", "ghana.gexf", "ghana.json"):
        assert run("export", str(tmp_path / name), "--country", "Ghana", "--since", "2020").returncode == 0
    graph = networkx.read_graphml(tmp_path / "ghana.graphml")
    assert set(graph) == set(im.partnership_graph(ds, country="Ghana", since=2020))
    assert run("export", str(tmp_path / "all.xlsx")).returncode == 0
    assert (tmp_path / "all.xlsx").read_bytes().startswith(b"PK")


def test_a_table_is_read_and_laid_over(tmp_path: Path, small_ds: im.Dataset) -> None:
    """What was understood is told; the dataset with it is written if asked for."""
    im.write_package(small_ds, tmp_path / "base")
    (tmp_path / "mine.csv").write_text(
        "Title,Country,Lead,Start,Source\nOur shelter,Ghana,IOM,2021,https://example.org/shelter\n", encoding="utf-8"
    )
    done = run(
        *("import", str(tmp_path / "mine.csv"), "--data", str(tmp_path / "base")),
        *("--add-bodies", "--save", str(tmp_path / "ours")),
    )
    assert done.returncode == 0, done.stderr
    ours = im.load(tmp_path / "ours")
    assert ours.initiatives["Our shelter"].countries == ("GHA",)
    assert len(ours.initiatives) == len(small_ds.initiatives) + 1
    told = json.loads(answer("changes", str(tmp_path / "base"), str(tmp_path / "ours"), "--format", "json"))
    assert ("added", ours.initiatives["Our shelter"].id) in {(one["kind"], one["id"]) for one in told["rows"]}


def test_a_template_is_a_workbook(tmp_path: Path) -> None:
    """To fill in and to read."""
    done = run("template", str(tmp_path / "template.xlsx"))
    assert (done.returncode, done.stdout) == (0, "")
    assert (tmp_path / "template.xlsx").read_bytes().startswith(b"PK")


# --- validate ------------------------------------------------------------------------------------------------------
