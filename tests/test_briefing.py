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
from support.reference import COLLECTIONS, NODE_PREFIXES, Reference
from support.strategies import SmallMapping, worlds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from support.packages import Raw
    from support.reference import Event

REACHES = st.sampled_from(["named", "regional", "global"])
NAMED = sorted({one for kind in NODE_PREFIXES for record in bundled(kind) for one in record["countries"]})


def check_readable(brief: im.Brief) -> None:
    """Check that a brief can be read as text, as Markdown and as JSON."""
    name = brief.country.name
    content = brief.to_dict()
    assert json.loads(json.dumps(content, allow_nan=False)) == content
    text, markdown = brief.to_text(), brief.to_markdown()
    assert str(brief) == text
    assert name in text.splitlines()[0]
    assert markdown.startswith("# ")
    for said in (text, markdown):
        for part in ("Where to begin", "Who is active", "Who can reach whom", "What is covered"):
            assert part in said
        assert not re.search(r": None\b|<icatmapping|\b(?:Theme|Form)\.\w", said)


def check_counts(brief: im.Brief, reference: Reference, country: str, **more: str) -> None:
    """Check everything that a brief counts against loops over plain records."""
    asked = {"country": country, **more}
    found = {kind: [one for one in reference.raw[kind] if reference.meets(kind, one, asked)] for kind in NODE_PREFIXES}
    content = brief.to_dict()
    for status in ("ongoing", "completed", "unknown"):
        expected = sorted(one["id"] for one in found["initiatives"] if one["status"] == status)
        assert sorted(content["initiatives"][status]) == expected
    assert sorted(content["partnerships"]) == sorted(one["id"] for one in found["partnerships"])
    assert sorted(content["resources"]) == sorted(one["id"] for one in found["resources"])
    assert brief.named == sum(country in one["countries"] for one in found["initiatives"])
    roles = Counter(
        (one, role)
        for records in found.values()
        for record in records
        for role in ("leads", "partners", "donors", "members", "publishers")
        for one in record.get(role, ())
    )
    assert {row.organization for row in brief.active} == {one for one, _ in roles}
    for row in brief.active:
        assert row.name == reference.label(row.organization)
        assert row.entity == (row.organization in reference.entities)
        for role in ("leads", "partners", "donors", "members", "publishers"):
            assert getattr(row, role) == roles[row.organization, role]
    assert [row.entity for row in brief.active] == sorted((row.entity for row in brief.active), reverse=True)
    undertakings = [*found["initiatives"], *found["partnerships"]]
    for field, vocabulary in (("forms", "form"), ("themes", "theme")):
        terms = [term["value"] for term in bundled("vocabulary") if term["vocabulary"] == vocabulary]
        stated = {value for one in undertakings for value in one[field]}
        assert sorted(getattr(brief, field)) == sorted(stated)
        assert sorted(getattr(brief, f"{field}_missing")) == sorted(set(terms) - stated)
    events = reference.events(of=COLLECTIONS[0], donors=False, criteria=asked)
    check_people(brief, reference, country, events)
    seated = {one for event in events.values() for one in event.participants}
    assert {row.organization for row in brief.brokers} == seated
    assert set(brief.connections.entities) == seated & set(reference.entities)


def check_people(brief: im.Brief, reference: Reference, country: str, events: Mapping[str, Event]) -> None:
    """Check whom a State should turn to, an undertaking recorded twice counted once, and who of its own takes part."""
    counts: Counter[str] = Counter()
    for event in events.values():
        counts.update(reference.entities_among(event.participants))
    ranked = sorted(counts, key=lambda one: (-counts[one], one))
    assert [(row.entity, row.records) for row in brief.entry_points] == [(one, counts[one]) for one in ranked]
    for row in brief.entry_points:
        entity = reference.entities[row.entity]
        assert (row.name, row.page) == (entity["acronym"], entity["trafficking_url"] or entity["website"])
    own = {
        row.organization
        for row in brief.active
        if reference.bodies[row.organization]["kind"] == "government"
        and reference.bodies[row.organization].get("country") == country
    }
    assert [one.id for one in brief.own_bodies] == [row.organization for row in brief.active if row.organization in own]


# --- every country -------------------------------------------------------------------------------------------------


def test_every_country_that_is_named_has_a_brief(ds: im.Dataset) -> None:
    """Whatever is known of it, its brief can be read in every form."""
    assert len(NAMED) > 100
    for country in NAMED:
        brief = im.country_brief(ds, country, reach="named")
        assert brief.country.alpha3 == country
        check_readable(brief)


@pytest.mark.parametrize("country", NAMED[::8])
def test_briefs_of_wider_reach_can_be_read(ds: im.Dataset, country: str) -> None:
    """So can those that count what reaches the country without naming it."""
    check_readable(im.country_brief(ds, country))
    check_readable(im.country_brief(ds, country, reach="global", theme="protection"))


def test_a_country_without_work_has_a_brief(ds: im.Dataset) -> None:
    """It says that there is nothing, and fails at nothing."""
    brief = im.country_brief(ds, "Nauru", theme="prosecution", reach="named")
    check_readable(brief)
    assert (len(brief.initiatives), brief.named, len(brief.active), len(brief.entry_points)) == (0, 0, 0, 0)
    assert "none" in brief.to_text()


# --- what it counts ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reach", ["named", "regional", "global"])
@pytest.mark.parametrize("country", ["NGA", "SDN", "UKR", "THA", "FJI"])
def test_a_brief_counts_what_is_recorded(ds: im.Dataset, reference: Reference, country: str, reach: Any) -> None:
    """Its records, roles, terms, entry points and bodies are those of a plain loop over the records."""
    check_counts(im.country_brief(ds, country, reach=reach), reference, country, reach=reach)


@pytest.mark.parametrize("theme", ["protection", "prosecution", "child_protection"])
def test_a_brief_may_be_narrowed_down_to_a_theme(ds: im.Dataset, reference: Reference, theme: str) -> None:
    """All of it is then about the records with that theme."""
    brief = im.country_brief(ds, "Nigeria", theme=theme)
    check_counts(brief, reference, "NGA", reach="regional", theme=theme)
    records = [*brief.initiatives, *brief.partnerships, *brief.resources]
    assert records
    assert all(theme in record.themes for record in records)
    assert len(brief.initiatives) < len(im.country_brief(ds, "Nigeria").initiatives)


@settings(max_examples=120)
@given(world=worlds(), country=st.sampled_from(["NGA", "GHA", "UKR", "FRA"]), reach=REACHES, theme=st.booleans())
def test_a_brief_of_a_small_world_counts_what_is_recorded(
    world: SmallMapping, country: str, reach: Any, *, theme: bool
) -> None:
    """So it is on any small mapping."""
    more = {"theme": "prevention"} if theme else {}
    brief = im.country_brief(world.ds, country, reach=reach, **more)
    check_counts(brief, world.reference, country, reach=reach, **more)
    check_readable(brief)


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
    return im.Dataset.from_package(Package(**records, initiatives=initiatives, findings=ds.findings, hosts=ds.hosts))


@pytest.mark.parametrize("title", HOSTILE)
def test_a_title_is_only_text_in_markdown(ds: im.Dataset, raw: Raw, title: str) -> None:
    """Nothing in it opens a link, an image, a tag, a table, a heading or an emphasis, and nothing of it is lost."""
    first = min(one["id"] for one in raw["initiatives"] if "FJI" in one["countries"])
    other = retitled(ds, first, title)
    plain, brief = (im.country_brief(one, "FJI", reach="named") for one in (ds, other))
    lines = [line for line in brief.to_markdown().splitlines() if line not in plain.to_markdown().splitlines()]
    written = [re.fullmatch(r"- \[(?P<text>(?:[^\\\[\]]|\\.)*)\]\(<[^<>]*>\)", line) for line in lines]
    assert len(written) == 1
    assert written[0] is not None
    text = written[0]["text"]
    assert re.sub(r"\\(.)", r"\1", text) == title
    assert not re.search(r"[`*_{}\[\]<>#|]", re.sub(r"\\.", "", text))
    assert f"  {title}\n" in brief.to_text()


@settings(max_examples=60)
@given(world=worlds(), title=st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1))
def test_any_title_is_only_text_in_markdown(world: SmallMapping, title: str) -> None:
    """Whatever its letters are, a line of Markdown holds it and its address and nothing else."""
    records = {
        kind: tuple(world.ds.collection(kind)) for kind in ("entities", "organizations", "partnerships", "resources")
    }
    initiatives = tuple(evolve(one, title=title, countries=("NGA",)) for one in world.ds.initiatives)
    ds = im.Dataset.from_package(Package(**records, initiatives=initiatives, findings=(), hosts=()))
    lines = im.country_brief(ds, "NGA", reach="named").to_markdown().splitlines()
    items = [re.fullmatch(r"- \[((?:[^\\\[\]]|\\.)*)\]\(<https://example\.org/page>\)", line) for line in lines]
    texts = [re.sub(r"\\(.)", r"\1", item[1]) for item in items if item]
    assert texts.count(title) >= min(len(initiatives), 10)


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
