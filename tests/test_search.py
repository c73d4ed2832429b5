"""
Searches for any text, however long: it is only words, and takes no time to speak of.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from support.packages import KINDS

if TYPE_CHECKING:
    import icatmapping as im

OPERATORS = st.sampled_from(
    [
        "AND",
        "OR",
        "NOT",
        "NEAR(",
        "NEAR/3",
        '"',
        "'",
        "*",
        "^",
        ":",
        "{name",
        "}",
        "-",
        "+",
        "(",
        ")",
        "name:",
        "a",
        "\0",
    ]
)


@given(text=st.one_of(st.text(), st.lists(st.one_of(OPERATORS, st.text(max_size=3)), max_size=12).map(" ".join)))
@example("\ud800\udfff")
@example("a\0b")
@example("\U0010ffff ﷺ ß ı İ")
def test_any_words_are_only_words_to_a_search(ds: im.Dataset, text: str) -> None:
    """No text is an error, and one search leaves nothing behind for the next."""
    for kind in KINDS:
        found = ds.collection(kind).search(text)
        assert set(found) <= set(ds.collection(kind))
        assert found == ds.collection(kind).search(text)
    assert ds.entities.search("drugs crime")[0].id == "unodc"


MEGABYTE = 10**6
LONG = {
    "a word again and again": "labour " * (MEGABYTE // 7),
    "words that begin each other": " ".join("trafficking"[: 1 + place % 11] for place in range(MEGABYTE // 7)),
    "different words": " ".join(map(str, range(MEGABYTE // 7))),
    "one word": "x" * MEGABYTE,
    "marks": '"*(' * (MEGABYTE // 3),
    "accents": "e" + "\u0301" * MEGABYTE,
    "half characters": "\ud800" * MEGABYTE,
    "NULs": "a\0" * (MEGABYTE // 2),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", LONG)
def test_a_megabyte_of_words_is_searched_for_in_seconds(case: str, ds: im.Dataset) -> None:
    """Nobody means it, and nobody else may have to wait for it."""
    began = time.process_time()
    found = ds.initiatives.search(LONG[case])
    assert time.process_time() - began < 60  # without limits, minutes
    assert set(found) <= set(ds.initiatives)


def test_words_said_twice_or_begun_find_what_the_others_find(ds: im.Dataset) -> None:
    """To say a word again, or the beginning of another, asks for nothing more."""
    once = {record.id for record in ds.initiatives.search("forced labour training")}
    assert once
    for text in ("labour forced labour training training", "train forced l labour f training"):
        assert {record.id for record in ds.initiatives.search(text)} == once
