"""
What is printed: everything that the library gives, as a text that fits a terminal and says what a notebook shows.
"""

from __future__ import annotations

import re
import unicodedata
from html import unescape
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import icatmapping as im
from icatmapping.display.elements import Column, bar, bullets, card, element, link, page, stacked_list, table
from icatmapping.display.html import RENDERERS
from icatmapping.display.text import WIDTH, node_to_text, to_text
from support.packages import KINDS
from support.questions import QUESTIONS


def columns(text: str) -> int:
    """Give how many columns of a terminal a text takes."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return len(text) + wide - sum(unicodedata.combining(letter) > 0 for letter in text)


def words(text: str) -> set[str]:
    return set(re.findall(r"\w{3,}", text))


def check(shown: Any) -> str:
    """Check that something prints as a text that fits, of words that its notebook display has, and give the text."""
    text = str(shown)
    assert text
    for line in text.split("\n"):
        assert columns(line) <= WIDTH or "://" in line, line
        assert line.isprintable(), line
        assert line == line.rstrip()
    page_words = words(unescape(re.sub(r"<[^>]*>", " ", shown._repr_html_())))
    cut = {word for word in words(text) - page_words if not any(word in other for other in page_words)}
    assert not cut, cut
    assert "\n" not in repr(shown)
    return text


# --- everything ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_answer_prints_as_a_text_that_fits(name: str, asked: dict[str, Any]) -> None:
    """Of the words that a notebook shows; a brief prints as it always did."""
    if name == "brief":
        assert str(asked[name]) == asked[name].to_text()
    else:
        check(asked[name])


@pytest.mark.parametrize("kind", KINDS)
def test_every_record_and_collection_prints(kind: str, ds: im.Dataset) -> None:
    """All fields with a value have a line that begins with their name."""
    collection = ds.collection(kind)
    head = check(collection).split("\n")[0]
    assert head == f"{len(collection):,} {kind}"
    for record in collection[:: max(len(collection) // 25, 1)]:
        text = check(record)
        assert " ".join(record.label.split()[:3]) in text.split("\n")[0]
        assert text.count("\nSources:") == 1
    assert str(collection[:0]).startswith(f"0 {kind}")


def test_rows_hits_and_the_dataset_print(ds: im.Dataset) -> None:
    """Also what is none of the collections."""
    for shown in (ds, ds.search("shelters"), ds.search("shelters")[0], ds.findings[0], ds.groupings[0], ds.hosts[0]):
        check(shown)
    check(im.coverage(ds.initiatives, "region")[0])
    check(im.overlaps(ds)[0])


def test_a_country_prints_as_its_name_and_an_identifier_as_itself(ds: im.Dataset) -> None:
    """As they stand in sentences."""
    assert f"in {im.country('CIV')}" == "in Côte d'Ivoire"
    known = next(record.identifiers[0] for record in ds.resources if record.identifiers)
    assert str(known) == f"{known.type.label} {known.value}"


def test_cards_name_those_that_take_part(ds: im.Dataset) -> None:
    """A bundled record is shown with names, in text and in a notebook; one of unknown origin with ids."""
    record = next(one for one in ds.initiatives if "iom" in one.leads and "unodc" in one.leads)
    assert re.search(r"\nLeads: +.*IOM.*UNODC|\nLeads: +.*UNODC.*IOM", str(record))
    assert re.search(r"\nLeads: +.*iom.*unodc|\nLeads: +.*unodc.*iom", str(evolve(record, title="Another")))


def test_what_is_nothing_of_the_library_has_no_text() -> None:
    """It is an error that says so."""
    with pytest.raises(TypeError, match="str has no display"):
        to_text("a text")


def test_every_renderer_names_a_class_that_prints() -> None:
    """No class has a notebook display and no text."""
    assert {"Hits", "Hit", "Grouping", "Collection", "Table", "Row"} <= RENDERERS.keys()


# --- how it looks ----------------------------------------------------------------------------------------------------


def test_a_table_stands_in_columns_with_numbers_on_the_right() -> None:
    """A bar is nothing in text, and its column is left out."""
    drawn = table(
        element("strong", "Two rows"),
        [
            Column("Name", lambda row: row[0]),
            Column("Count", lambda row: str(row[1]), number=True),
            Column("", lambda row: bar(row[1] / 100)),
        ],
        [("Ghana", 7), ("Côte d'Ivoire", 100)],
        foot=["Total", "107"],
    )
    assert node_to_text(drawn).split("\n") == [
        "Two rows",
        "Name           Count",
        "--------------------",
        "Ghana              7",
        "Côte d'Ivoire    100",
        "--------------------",
        "Total            107",
    ]


def test_a_card_stands_as_labels_and_values() -> None:
    """Values begin in one column, and go on in it; an address stays whole."""
    address = f"https://example.org/{'a' * 100}"
    drawn = card("Title", [("One", "word " * 30), ("Another", stacked_list([link(address), link("https://b.org")]))])
    lines = node_to_text(drawn).split("\n")
    assert lines[0] == "Title"
    assert lines[1].startswith("One:      word word")
    assert lines[2].startswith("          word")
    assert lines[3:] == [f"Another:  {address}", "          https://b.org"]


def test_lists_in_lists_are_indented() -> None:
    """Numbered ones with their numbers."""
    drawn = page(bullets(["a", ["b", bullets(["c", "d"], more=2)]], numbered=True))
    assert node_to_text(drawn) == "1. a\n2. b\n   - c\n   - d\n   - and 2 more"


CELL = st.text(min_size=0, max_size=60) | st.sampled_from(
    ["word " * 40, "x" * 300, "联合国毒品和犯罪" * 10, "a-b-" * 60]
)


@given(rows=st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=4))
def test_any_text_fits_in_a_table(rows: list[list[str]]) -> None:
    """Whatever it is made of, it breaks no line and no column."""

    def reader(place: int) -> Any:
        return lambda row: row[place]

    drawn = table("Any", [Column(name, reader(place)) for place, name in enumerate("abc")], rows)
    lines = node_to_text(drawn).split("\n")
    assert all(columns(line) <= WIDTH for line in lines)
    assert len(lines) <= 3 + 3 * len(rows)


@given(text=st.text())
def test_any_text_in_a_card_stays_in_its_place(text: str) -> None:
    """No control character reaches a terminal, and no line begins where a label does."""
    lines = node_to_text(card("Title", [("Label", text), ("Last", "end")])).split("\n")
    assert lines[0] == "Title"
    assert lines[-1] == "Last:   end"
    assert all(line.startswith(("Label:", "        ")) for line in lines[1:-1])
    assert not any(unicodedata.category(letter) == "Cc" for line in lines for letter in line)
