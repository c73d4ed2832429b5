"""
Answers that would embarrass whoever brings them to a meeting: each once given, and not again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import icatmapping as im
from icatmapping.cli.main import main
from icatmapping.io.dates import parse_date

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

AT_WAR = ("Yemen", "Syria", "Mali", "Myanmar", "Sudan", "Central African Republic", "Philippines", "Colombia")


@pytest.mark.parametrize("country", AT_WAR)
def test_no_armed_group_is_suggested_or_stands_between(ds: im.Dataset, country: str) -> None:
    """Parties to conflicts stand in records of what they undertook, and nobody is sent to them."""
    armed = {body.id for body in ds.organizations.where(kind="armed_group")}
    assert len(armed) >= 15
    for seeker in ("UNICEF", "IOM"):
        found = im.suggest_partners(ds, seeker, country=country, k=500)
        assert armed.isdisjoint(row.organization for row in found)
    for path in im.collaboration_paths(ds, "UNICEF", "UNODC", country=country, k=10):
        assert armed.isdisjoint(path.organizations)


@pytest.mark.parametrize(("a", "b"), [("UNODC", "ILO"), ("UNODC", "IOM"), ("UNICEF", "IOM")])
def test_one_display_counts_what_two_share_once(ds: im.Dataset, a: str, b: str) -> None:
    """A partnership and the initiative that it is are one in every number of a path."""
    paths = im.collaboration_paths(ds, a, b, k=1)
    step = paths[0].steps[0]
    assert len(step.evidence) > step.shared == len(step.undertakings) == len(step.records)
    told = f"share {step.shared} records"
    assert str(paths).count(told) == 2
    assert f"and {step.shared - 2} more" in paths.describe()


def test_a_search_says_how_many_it_found(ds: im.Dataset) -> None:
    """Not how many it shows."""
    hits = ds.search("fishing", limit=4)
    every = ds.search("fishing", limit=10_000)
    assert hits.total == every.total == len(every) > len(hits) == 4
    assert str(hits).startswith(f"The best 4 of {every.total} hits for “fishing”")
    assert str(every).startswith(f"{every.total} hits for “fishing”")
    assert ds.search("the").total == len(ds.search("the", limit=10_000))


def test_overlaps_and_comparisons_look_at_the_cells_that_are_asked_for(ds: im.Dataset) -> None:
    """A programme in ten countries makes cells in ten; among= keeps those of one."""
    whole, here = im.overlaps(ds, country="PHL"), im.overlaps(ds, country="PHL", among="PHL")
    for row in here:
        other = whole[row.a, row.b]
        assert row.cells == tuple(cell for cell in other.cells if cell[0] == "PHL")
        assert row.records == other.records
    assert {row.value for row in here.uncoordinated} == {"PHL"} < {row.value for row in whole.uncoordinated}
    assert [row for row in whole.uncoordinated if row.value == "PHL"] == list(here.uncoordinated)
    two = im.compare(ds, "IOM", "UNODC", country="TUN", among="Tunisia")
    assert list(two) == [row for row in im.compare(ds, "IOM", "UNODC", country="TUN") if row.cell[0] == "TUN"]
    assert "among Tunisia" in two.provenance.question
    with pytest.raises(im.UnknownNameError, match="Tunisia"):
        im.compare(ds, "IOM", "UNODC", among="Tunesia")


@pytest.mark.parametrize(
    "text", ["31.02.2023", "30.02.2024", "2023-02-30", "20230231", "31 June 2021", "June 31, 2021"]
)
def test_a_day_that_does_not_exist_is_no_date(text: str) -> None:
    """What is not understood is told, not rounded."""
    assert parse_date(text) is None


def test_a_day_that_does_not_exist_is_told_of_a_table(tmp_path: Path) -> None:
    """It stands among the problems of the draft, with its row."""
    file = tmp_path / "table.csv"
    file.write_text("Title;Country;Start date\nTraining;Togo;31.02.2023\n", encoding="utf-8")
    draft = im.read_table(file)
    assert draft.records["initiatives"][0].start is None
    assert any("31.02.2023" in str(problem) for problem in draft.problems)


REFUSED: dict[str, tuple[type[Exception], str, Callable[[im.Dataset], Any]]] = {
    "half_life as text": (
        ValueError,
        "half_life must be a number of years",
        lambda ds: im.collaboration_paths(ds, "UNODC", "ILO", half_life="none"),  # type: ignore[arg-type]
    ),
    "interval as text": (
        ValueError,
        "interval is a confidence level",
        lambda ds: im.coverage(ds.initiatives, "form", interval="0.9"),  # type: ignore[arg-type]
    ),
    "a position too far": (IndexError, "no position 99999 among", lambda ds: ds.initiatives[99999]),
    "a position that is none": (TypeError, "by name, position or slice", lambda ds: ds.initiatives[None]),  # type: ignore[call-overload]
    "nothing laid over": (TypeError, "are wanted, not None", lambda ds: ds.extended(None)),  # type: ignore[arg-type]
    "no records laid over": (TypeError, "initiatives must be records", lambda ds: ds.extended({"initiatives": None})),
    "a brief saved nowhere": (
        TypeError,
        "path must be the path of a file",
        lambda ds: im.country_brief(ds, "Kenya").save(None),  # type: ignore[arg-type]
    ),
    "a body that is no entity": (
        im.UnknownNameError,
        "Save the Children is an organization",
        lambda ds: im.compare(ds, "Save the Children", "IOM"),
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_wrong_arguments_are_refused_in_words(ds: im.Dataset, case: str) -> None:
    """The message says what was wanted, not what Python could not do."""
    error, told, ask = REFUSED[case]
    with pytest.raises(error, match=told):
        ask(ds)


@pytest.mark.parametrize("asked", [{"since": None}, {"until": None}, {"since": None, "until": None}])
def test_no_bound_is_no_question(ds: im.Dataset, asked: dict[str, None]) -> None:
    """None for since or until asks for everything, alone or beside other criteria."""
    assert ds.initiatives.where(**asked) == ds.initiatives
    assert ds.initiatives.where(country="Kenya", **asked) == ds.initiatives.where(country="Kenya")
    assert ds.initiatives.where(**asked).possible == ds.initiatives.possible


def test_what_goes_on_was_seen_lately(ds: im.Dataset) -> None:
    """No initiative is told to go on that nobody has seen for years."""
    stale = [one.id for one in ds.initiatives if one.status == "ongoing" and (one.last_active or 2024) < 2024]
    assert stale == []


def test_a_brief_on_kosovo_says_in_what_context(ds: im.Dataset) -> None:
    """It speaks of no State, and names the resolution; other briefs do not."""
    text = im.country_brief(ds, "Kosovo").to_text()
    assert "resolution 1244 (1999)" in text
    assert "State's own bodies" not in text
    assert "1244" not in im.country_brief(ds, "Albania").to_text()


def test_a_word_of_another_vocabulary_is_told_from_a_misspelt_one(tmp_path: Path) -> None:
    """Labour exploitation among themes is a form, not a misspelt migration."""
    file = tmp_path / "table.csv"
    file.write_text("Title;Country;Theme\nTraining;Togo;labour exploitation\n", encoding="utf-8")
    (problem,) = [one for one in im.read_table(file).problems if one.value == "labour exploitation"]
    assert problem.message == "is a form, and no theme: name its column so"
    assert problem.nearest is None


def test_an_unknown_ending_is_no_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command says what it can write, and writes nothing."""
    assert main(["export", str(tmp_path / "mapping.xyz")]) == 2
    assert "must be a folder, or end in .zip, .xlsx" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
