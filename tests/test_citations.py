"""
References to records and to the sources of answers.
"""

from __future__ import annotations

import json
import re

import pytest
from attrs import evolve

import icatmapping as im


def test_a_publication_is_cited_as_itself(ds: im.Dataset) -> None:
    """Publisher, year, title, address, and when it was read."""
    record = next(one for one in ds.resources if one.year and one.url and len(one.publishers) == 1)
    text = im.cite(record)
    name = ds.entities.get(record.publishers[0]) or ds.organizations[record.publishers[0]]
    publisher = name.acronym if isinstance(name, im.Entity) else name.name
    month = "November" if record.checked.endswith("-11") else ""
    assert text.startswith(f"{publisher} ({record.year}), “{record.title}”, {record.url} (read {month}")


def test_an_answer_has_a_reference_for_every_source_once(ds: im.Dataset) -> None:
    """Numbers run from one; each record finds the numbers of its own sources."""
    found = ds.initiatives.where(country="Ghana")
    references = im.references(found)
    addresses = {address for record in found for address in (*record.sources, *([record.url] if record.url else []))}
    assert {row.address for row in references} == addresses
    assert [row.number for row in references] == list(range(1, len(references) + 1))
    record = found[0]
    cited = {references[number - 1].address for number in references.numbers(record)}
    assert cited == {*record.sources, *([record.url] if record.url else [])}


def test_the_records_in_paths_and_briefs_are_found(ds: im.Dataset) -> None:
    """Whatever holds records, or names them, has references."""
    paths = im.collaboration_paths(ds, "UNODC", "UNICEF", country="Nigeria")
    evidence = {source for path in paths for step in path.steps for one in step.evidence for source in one.sources}
    assert evidence <= {row.address for row in im.references(paths)}
    brief = im.country_brief(ds, "Togo")
    assert len(im.references(brief)) > 0


def test_bibtex_has_an_entry_for_each_with_special_characters_escaped(ds: im.Dataset) -> None:
    """Keys differ, braces balance, no character of TeX stands bare in a title."""
    hostile = evolve(
        ds.resources[0], id="hostile", title="100% of {A} & B_C #1 $5 ~ ^ \\", url="https://example.org/a_b"
    )
    mine = ds.extended([hostile])
    entry = im.cite(mine.resources["hostile"], "bibtex", ds=mine)
    assert r"100\% of \{A\} \& B\_C \#1 \$5" in entry
    assert "url = {https://example.org/a_b}" in entry
    text = im.cite(ds.initiatives.where(country="Ghana"), "bibtex")
    keys = re.findall(r"^@\w+\{(.+),$", text, re.MULTILINE)
    assert len(keys) == len(set(keys)) == len(im.references(ds.initiatives.where(country="Ghana")))


def test_csl_json_is_what_reference_managers_read(ds: im.Dataset) -> None:
    """Every item has an id, a type, a title, an address and the month in which it was read."""
    items = json.loads(im.cite(ds.resources[:20], "csl-json"))
    assert len({item["id"] for item in items}) == len(items)
    assert {item["type"] for item in items} <= {"report", "webpage"}
    assert all(item["title"] and item["URL"] and item["accessed"]["date-parts"][0][0] >= 2020 for item in items)


def test_a_statement_is_cited_as_unpublished(ds: im.Dataset) -> None:
    """It has no address."""
    mine = ds.extended([evolve(ds.initiatives[0], id="mine", url=None, sources=("internal: project register",))])
    assert im.cite(mine.initiatives["mine"], ds=mine).startswith("project register, unpublished (read ")


def test_an_unknown_style_lists_the_styles(ds: im.Dataset) -> None:
    """A wrong name is told with those that there are."""
    with pytest.raises(im.UnknownNameError, match="bibtex"):
        im.cite(ds.entities[0], "bibtext")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="holds no records"):
        im.cite(5)
