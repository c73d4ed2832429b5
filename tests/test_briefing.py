"""
Briefs on countries: what they count, whom they name, and that they can be read in every form.

Counts come from plain loops over the records as ``json`` reads them.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

import icatmapping as im
from icatmapping.datapackage.package import Package
from support.packages import bundled
from support.reference import COLLECTIONS, NODE_PREFIXES, years_of
from support.reference_answers import support
from support.strategies import SmallMapping, worlds

if TYPE_CHECKING:
    from support.packages import Json, Raw
    from support.reference import Reference

REACHES = st.sampled_from(["named", "regional", "global"])
NAMED = sorted({one for kind in NODE_PREFIXES for record in bundled(kind) for one in record["countries"]})


SECTIONS = ("Whom to turn to", "own bodies", "Current and recent work", "Who works with whom", "References")


def check_readable(brief: im.Brief) -> None:
    """Check that a brief can be read as text, as Markdown and as JSON."""
    content = brief.to_dict()
    assert json.loads(json.dumps(content, allow_nan=False)) == content
    text, markdown = brief.to_text(), brief.to_markdown()
    assert str(brief) == text
    assert brief.country.name in text.splitlines()[0]
    assert markdown.startswith("# ")
    for said in (text, markdown):
        assert all(part in said for part in SECTIONS)
        assert not re.search(r": None\b|<icatmapping|\b(?:Theme|Form)\.\w", said)


def newest_first(kind: str, records: list[Json]) -> list[str]:
    """List the ids of some records, newest first, in the order of the file where they are as old."""
    return [one["id"] for one in sorted(records, key=lambda one: -max(years_of(kind, one), default=0))]


def check_contents(brief: im.Brief, reference: Reference, country: str, reach: str, **more: Any) -> None:
    """Check everything that a brief lists against loops over plain records."""
    asked = {"country": country, **more}

    def meeting(kind: str, how: str) -> list[Json]:
        return [one for one in reference.raw[kind] if reference.meets(kind, one, {**asked, "reach": how})]

    content = brief.to_dict()
    named = {kind: meeting(kind, reach) for kind in NODE_PREFIXES}
    for kind in ("partnerships", "resources"):
        assert content[kind] == newest_first(kind, named[kind])
    recent = [one for one in named["initiatives"] if max(years_of("initiatives", one), default=0) > reference.as_of - 3]
    earlier = [one for one in named["initiatives"] if one not in recent]
    assert content["current"] == newest_first("initiatives", recent)
    assert content["earlier"] == newest_first("initiatives", earlier)
    for kind in ("initiatives", "partnerships"):
        wider = [one for one in meeting(kind, "global") if one not in named[kind]]
        assert content[f"wider_{kind}"] == newest_first(kind, wider)
    assert [row["entity"] for row in content["support"]["rows"]] == [
        row.entity for row in support(reference, country, more)
    ]
    counts: Counter[str] = Counter()
    for event in reference.events(of=COLLECTIONS[0], donors=False, criteria=asked).values():
        counts.update(event.participants)
    own = [
        one
        for one in counts
        if one in reference.organizations
        and reference.organizations[one]["kind"] == "government"
        and reference.organizations[one]["country"] == country
        and reference.organizations[one]["ended"] is None
    ]
    assert content["own_bodies"] == sorted(own, key=lambda one: (-counts[one], one))


# --- every country -------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_every_country_that_is_named_has_a_brief(ds: im.Dataset) -> None:
    """Whatever is known of it, its brief can be read in every form."""
    assert len(NAMED) > 100
    for country in NAMED[::6]:
        brief = im.country_brief(ds, country)
        assert brief.country.alpha3 == country
        check_readable(brief)


@pytest.mark.slow
@pytest.mark.parametrize("country", NAMED[::40])
def test_briefs_of_wider_reach_can_be_read(ds: im.Dataset, country: str) -> None:
    """So can those that count what reaches the country without naming it."""
    check_readable(im.country_brief(ds, country, reach="regional"))
    check_readable(im.country_brief(ds, country, reach="global", theme="protection"))


def test_a_country_without_work_has_a_brief(ds: im.Dataset) -> None:
    """It says that there is nothing, and fails at nothing."""
    brief = im.country_brief(ds, "Nauru", theme="prosecution", since=2026)
    check_readable(brief)
    assert (len(brief.initiatives), brief.current, brief.earlier, brief.own_bodies) == (0, (), (), ())
    assert "none known" in brief.to_text()


# --- what it lists -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reach", ["named", "regional", "global"])
@pytest.mark.parametrize("country", ["NGA", "UKR", "FJI"])
def test_a_brief_lists_what_is_recorded(ds: im.Dataset, reference: Reference, country: str, reach: Any) -> None:
    """Its records, support and bodies are those of plain loops over the records, newest first."""
    check_contents(im.country_brief(ds, country, reach=reach), reference, country, reach)


@pytest.mark.parametrize(
    "more", [{"theme": "protection"}, {"since": 2022}, {"theme": "prosecution", "since": 2015}], ids=str
)
def test_a_brief_may_be_narrowed_down(ds: im.Dataset, reference: Reference, more: dict[str, Any]) -> None:
    """All of it is then about the records with that theme, or active since that year."""
    check_contents(im.country_brief(ds, "Nigeria", **more), reference, "NGA", "named", **more)


@settings(max_examples=40)
@given(world=worlds(), country=st.sampled_from(["NGA", "GHA", "UKR", "FRA"]), reach=REACHES, theme=st.booleans())
def test_a_brief_of_a_small_world_lists_what_is_recorded(
    world: SmallMapping, country: str, reach: Any, *, theme: bool
) -> None:
    """So it is on any small mapping."""
    more = {"theme": "prevention"} if theme else {}
    brief = im.country_brief(world.ds, country, reach=reach, **more)
    check_contents(brief, world.reference, country, reach, **more)
    check_readable(brief)


def test_every_record_of_a_brief_has_its_years_and_more_are_counted(ds: im.Dataset) -> None:
    """Each line of work begins with when it was; what is not shown is counted; without a limit all is shown."""
    brief = im.country_brief(ds, "Nigeria", since=2022, limit=10)
    everything = brief.to_text(limit=None)
    for record in (*brief.initiatives, *brief.partnerships):
        assert f"{record.period}: {record.label}" in everything
    hidden = len(brief.current) - 10
    assert f"and {hidden} more" in brief.to_text()
    assert len(everything) > len(brief.to_text())
    for limit in (0, -1, True):
        with pytest.raises(ValueError, match="limit"):
            im.country_brief(ds, "Nigeria", limit=limit)


@pytest.mark.parametrize("ending", [".md", ".txt", ".html", ".docx"])
def test_a_brief_is_saved_by_its_ending(ds: im.Dataset, tmp_path: Path, ending: str) -> None:
    """Every form says the same; an ending that is none is an error, and nothing is written."""
    brief = im.country_brief(ds, "Ghana")
    target = tmp_path / f"ghana{ending}"
    brief.save(target)
    if ending == ".docx":
        docx = pytest.importorskip("docx")
        said = "\n".join(paragraph.text for paragraph in docx.Document(str(target)).paragraphs)
    else:
        said = target.read_text(encoding="utf-8")
    assert "Ghana" in said
    assert all(part in said for part in SECTIONS)
    with pytest.raises(ValueError, match="must end in"):
        brief.save(tmp_path / "ghana.pdf")
    assert sorted(tmp_path.iterdir()) == [target]


def test_a_state_finds_its_own_bodies(ds: im.Dataset, reference: Reference) -> None:
    """They are its governments, nobody else's, and take part."""
    bodies = reference.organizations.items()
    agencies = {one for one, body in bodies if (body["kind"], body["country"]) == ("government", "NGA")}
    found = {one.id for one in im.country_brief(ds, "Nigeria").own_bodies}
    assert "naptip" in found
    assert found <= agencies


def test_a_country_may_be_called_by_any_name(ds: im.Dataset) -> None:
    """By name, code or number; an unknown country, theme or reach is an error."""
    expected = im.country_brief(ds, "NGA").to_dict()
    for name in ("Nigeria", "ng", 566):
        assert im.country_brief(ds, name).to_dict() == expected
    with pytest.raises(im.UnknownNameError):
        im.country_brief(ds, "Ruritania")
    with pytest.raises(im.UnknownNameError):
        im.country_brief(ds, "Nigeria", theme="football")
    with pytest.raises(im.UnknownNameError):
        im.country_brief(ds, "Nigeria", reach="galactic")  # type: ignore[arg-type]


# --- how it reads --------------------------------------------------------------------------------------------------

HOSTILE = (
    "[click](https://evil.example) now",
    "<script>alert(1)</script>",
    "**bold** _and_ `code`",
    "# heading | table | row #",
    "](https://evil.example) ![image](x)",
    "back\\slash \\[x\\](y)",
)


def retitled(ds: im.Dataset, identifier: str, title: str) -> im.Dataset:
    """Give one initiative another title."""
    records = {kind: tuple(ds.collection(kind)) for kind in ("entities", "organizations", "partnerships", "resources")}
    initiatives = tuple(evolve(one, title=title) if one.id == identifier else one for one in ds.initiatives)
    return im.Dataset.from_package(
        Package(**records, initiatives=initiatives, findings=ds.findings, hosts=ds.hosts, groupings=ds.groupings)
    )


@pytest.mark.parametrize("title", HOSTILE)
def test_a_title_is_only_text_in_markdown(ds: im.Dataset, raw: Raw, title: str) -> None:
    """Nothing in it opens a link, an image, a tag, a table, a heading or an emphasis, and nothing of it is lost."""
    first = min(one["id"] for one in raw["initiatives"] if "FJI" in one["countries"])
    other = retitled(ds, first, title)
    brief = im.country_brief(other, "FJI", limit=None)
    unescaped = re.sub(r"\\(.)", r"\1", brief.to_markdown())
    assert title in unescaped
    assert title not in brief.to_markdown()
    assert title in brief.to_text()


# --- the command ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_the_command_prints_the_brief(ds: im.Dataset, form: str) -> None:
    """It says what the library says, in the form that was asked for."""
    done = subprocess.run(
        [sys.executable, "-m", "icatmapping", "brief", "Nigeria", "--theme", "protection", "--format", form],
        env={**os.environ, "PYTHONPATH": str(Path(im.__file__).parents[1]), "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    brief = im.country_brief(ds, "Nigeria", theme="protection")
    if form == "json":
        assert json.loads(done.stdout) == brief.to_dict()
    else:
        assert done.stdout.strip() == (brief.to_markdown() if form == "markdown" else brief.to_text()).strip()
