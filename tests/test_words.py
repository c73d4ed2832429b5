"""
The words that people use: terms, areas, countries and bodies, as glossaries and pages of agencies write them.

`data/words.json` lists criterion, word, what is meant (any of them) and the page that uses the word so. The list was
made from the pages, before the library had any of these words, and is never changed to suit it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import icatmapping as im
from icatmapping.query.dimensions import dimension

WORDS: list[tuple[str, str, list[str], str]] = [
    tuple(row) for row in json.loads((Path(__file__).parent / "data" / "words.json").read_text(encoding="utf-8"))
]
CRITERIA = sorted({criterion for criterion, *_ in WORDS})


def meaning(ds: im.Dataset, criterion: str, word: str) -> str:
    """Give what a question takes a word for: a value, or the member that a body belongs to."""
    if criterion in ("country", "region"):
        return ds.directory.areas.find(word, first=criterion).value  # type: ignore[arg-type]
    if criterion == "entity":
        found = ds.directory.lookup(word)
        return next(iter(ds.directory.entities_of([found])), found)
    kind = "resources" if criterion in ("kind", "sector") else "initiatives"
    return str(dimension(criterion, kind).parse(word, kind, ds.directory))


def outcome(ds: im.Dataset, criterion: str, word: str, expected: list[str]) -> str:
    """Tell whether a word is taken for what is meant, for something else, or for nothing."""
    try:
        found = meaning(ds, criterion, word)
    except im.IcatMappingError:
        return "missed"
    return "right" if found in expected else f"wrong: {found}"


@pytest.mark.parametrize("criterion", CRITERIA)
def test_no_word_is_taken_for_something_else(criterion: str, ds: im.Dataset) -> None:
    """A word that is not known is an error, and never another value."""
    said = {word: outcome(ds, criterion, word, expected) for name, word, expected, _ in WORDS if name == criterion}
    assert {word: found for word, found in said.items() if found.startswith("wrong")} == {}


def test_at_least_95_of_100_words_are_understood(ds: im.Dataset) -> None:
    """Of the words that people use, few are unknown."""
    found = {(criterion, word): outcome(ds, criterion, word, expected) for criterion, word, expected, _ in WORDS}
    assert len(found) == len(WORDS) > 200
    missed = [word for word, one in found.items() if one == "missed"]
    assert len(missed) <= 0.05 * len(found), missed


@pytest.mark.parametrize("criterion", ["form", "response", "target_group", "theme", "sector", "region"])
def test_a_question_with_the_word_finds_what_the_value_finds(criterion: str, ds: im.Dataset) -> None:
    """Through `where`, as people ask."""
    for name, word, expected, _ in WORDS:
        if name == criterion and outcome(ds, criterion, word, expected) == "right":
            asked: Any = {criterion: word}
            meant: Any = {criterion: meaning(ds, criterion, word)}
            assert ds.initiatives.where(**asked) == ds.initiatives.where(**meant), word
