"""
Records, the terms that they use, and the errors of the library: plain values that nobody can change.
"""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any

import attrs
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import icatmapping as im
from icatmapping.errors import IcatMappingError
from icatmapping.model.vocabulary import VOCABULARIES, Term, parse, terms
from support.packages import DATA, KINDS, Raw

# --- records ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [*KINDS, "findings", "hosts"])
def test_records_give_back_the_files_exactly(kind: str, ds: im.Dataset) -> None:
    """As plain data, value for value and key for key in the same order: as text there is no difference."""
    written = json.dumps([record.to_dict() for record in getattr(ds, kind)], ensure_ascii=False, indent=2) + "\n"
    assert written == (DATA / f"{kind}.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", KINDS)
def test_collections_give_plain_json_types_only(kind: str, ds: im.Dataset, raw: Raw) -> None:
    """No enumeration member or tuple is left in what to_dict gives."""

    def plain(value: Any) -> bool:
        if isinstance(value, list):
            return all(map(plain, value))
        if type(value) is dict:
            return all(type(inner) is str for pair in value.items() for inner in pair)
        return type(value) in (str, int, type(None))

    dicts = ds.collection(kind).to_dict()
    assert dicts == raw[kind]
    assert all(plain(value) for record in dicts for value in record.values())


@pytest.mark.parametrize("kind", KINDS)
def test_records_cannot_be_changed(kind: str, ds: im.Dataset) -> None:
    """Fields cannot be set or deleted, and there is no room for others; lists are tuples."""
    record: Any = ds.collection(kind)[0]
    for name in (*attrs.fields_dict(type(record)), "note"):
        with pytest.raises(AttributeError):
            setattr(record, name, "mine")
        with pytest.raises(AttributeError):
            delattr(record, name)
    assert not hasattr(record, "__dict__")
    assert not any(isinstance(getattr(record, name), list) for name in attrs.fields_dict(type(record)))


@pytest.mark.parametrize("kind", KINDS)
def test_changing_the_plain_data_changes_no_record(kind: str, ds: im.Dataset, raw: Raw) -> None:
    """What to_dict gives is the caller's own."""
    mine = ds.collection(kind)[0].to_dict()
    mine["sources"].clear()
    mine["id"] = "mine"
    assert ds.collection(kind)[0].to_dict() == raw[kind][0]


@pytest.mark.parametrize("kind", KINDS)
def test_records_are_values(kind: str, ds: im.Dataset) -> None:
    """Equal records are equal and have equal hashes; a changed copy is another."""
    record = ds.collection(kind)[0]
    twin = copy.deepcopy(record)
    assert twin == record
    assert hash(twin) == hash(record)
    other = attrs.evolve(record, checked="2001-01")
    assert other != record
    assert len({record, twin, other}) == 2


@pytest.mark.parametrize("kind", KINDS)
def test_fields_come_in_the_order_of_the_files(kind: str, ds: im.Dataset, raw: Raw) -> None:
    """The class and the file agree on names and order."""
    assert list(attrs.fields_dict(ds.collection(kind).kind)) == list(raw[kind][0])


# --- vocabularies ----------------------------------------------------------------------------------------------------


def _terms_of(raw: Raw, vocabulary: str) -> list[dict[str, Any]]:
    return [term for term in raw["vocabulary"] if term["vocabulary"] == vocabulary]


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
def test_enumerations_hold_the_terms_of_the_file(vocabulary: str, raw: Raw) -> None:
    """The same values, with the labels and definitions that the file gives them."""
    enum = VOCABULARIES[vocabulary]
    found = {term.value: (term.label, term.definition) for term in enum}
    assert found == {term["value"]: (term["label"], term["definition"]) for term in _terms_of(raw, vocabulary)}
    assert {term.name for term in enum} == {value.upper() for value in found}
    assert all(term == term.value and str(term) == term.value for term in enum)


def test_every_vocabulary_of_the_file_is_known(raw: Raw) -> None:
    """Those without an enumeration are the open lists of sub-regions and languages."""
    assert {term["vocabulary"] for term in raw["vocabulary"]} == {*VOCABULARIES, "subregion", "language"}


def test_priority_areas_group_the_themes_of_the_file(raw: Raw) -> None:
    """Each theme that they name exists."""
    expected = {
        term["value"]: [im.Theme(theme) for theme in term["themes"]] for term in _terms_of(raw, "priority_area")
    }
    assert {area.value: list(area.themes) for area in im.PriorityArea} == expected


def test_no_two_terms_of_a_vocabulary_can_be_confused(raw: Raw) -> None:
    """Labels are unique, and none is the value of another term, whatever the case and separators."""
    for vocabulary in {term["vocabulary"] for term in raw["vocabulary"]}:
        owner: dict[str, str] = {}
        for term in _terms_of(raw, vocabulary):
            for name in (term["value"], term["label"]):
                key = name.casefold().replace("_", " ").replace("-", " ")
                assert owner.setdefault(key, term["value"]) == term["value"], (vocabulary, name)


def test_terms_are_found_by_value_or_label_however_typed(raw: Raw) -> None:
    """In any case, with spaces, hyphens or underscores."""
    for term in raw["vocabulary"]:
        for name in (term["value"], term["label"]):
            for typed in (
                name,
                name.upper(),
                name.lower(),
                name.replace("_", "-"),
                name.replace(" ", "_"),
                f" {name} ",
            ):
                assert parse(term["vocabulary"], typed) == term["value"]


def test_a_parsed_term_is_the_member_itself() -> None:
    """Not a string that looks like it."""
    assert im.Theme.parse("Child-Protection") is im.Theme.CHILD_PROTECTION
    assert im.Region.parse(im.Region.AFRICA) is im.Region.AFRICA


@given(text=st.text())
@example("\0")
@example("\ud800")
@example("x" * 10_000)
def test_any_text_is_a_term_or_an_unknown_name(text: str) -> None:
    """No other error comes out of parsing, and its message can be shown."""
    try:
        found = im.Theme.parse(text)
    except im.UnknownNameError as error:
        message = str(error)
        assert message.encode()
    else:
        assert found in im.Theme


@pytest.mark.parametrize("enum", VOCABULARIES.values())
def test_terms_survive_pickling(enum: type[Term]) -> None:
    """As the same members."""
    assert all(pickle.loads(pickle.dumps(term)) is term for term in enum)


def test_terms_and_tables_are_read_only() -> None:
    """Nobody can add a term for everybody."""
    table: Any = terms("theme")
    with pytest.raises(TypeError):
        table["quokka"] = table["prevention"]
    with pytest.raises(im.UnknownNameError, match="theme"):
        terms("themes")


# --- errors ----------------------------------------------------------------------------------------------------------

ERRORS = {
    "unknown theme 'protecton'; did you mean 'protection'?": im.UnknownNameError("protecton", "theme", ["protection"]),
    "unknown country 'Nigerai'; did you mean 'Nigeria' or 'Niger'?": im.UnknownNameError(
        "Nigerai", "country", ("Nigeria", "Niger")
    ),
    "unknown entity 'a'; did you mean 'b', 'c' or 'd'?": im.UnknownNameError("a", "entity", iter("bcd")),
    "unknown year None": im.UnknownNameError(None, "year"),
    "ambiguous country 'Congo': it could be 'COD' or 'COG'": im.AmbiguousNameError("Congo", "country", ["COD", "COG"]),
    "1 fault in the data package\n  a.json: b: c[0]: is wrong (nearest valid value: 'd')": im.DatasetError(
        [im.Fault("a.json", "b", "c[0]", "is wrong", "d")]
    ),
    "2 faults in the data package\n  a.json: is missing\n  b.json: [3]: is no record": im.DatasetError(
        [im.Fault("a.json", "", "", "is missing"), im.Fault("b.json", "[3]", "", "is no record")]
    ),
}


@pytest.mark.parametrize("message", ERRORS)
def test_errors_say_what_is_wrong_and_what_would_be_right(message: str) -> None:
    """The message is a sentence, and every error is one of the library's."""
    assert str(ERRORS[message]) == message
    assert isinstance(ERRORS[message], IcatMappingError)


@pytest.mark.parametrize("message", ERRORS)
@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_errors_survive_pickling_and_copying(message: str, protocol: int) -> None:
    """What a worker process raises arrives whole."""
    error = ERRORS[message]
    for twin in (pickle.loads(pickle.dumps(error, protocol)), copy.copy(error), copy.deepcopy(error)):
        assert type(twin) is type(error)
        assert str(twin) == message
        assert vars(twin) == vars(error)


def test_errors_can_be_caught_as_what_python_would_raise() -> None:
    """An unknown name is a LookupError, an ambiguous one an unknown one."""
    assert issubclass(im.UnknownNameError, LookupError)
    assert issubclass(im.AmbiguousNameError, im.UnknownNameError)
    assert not issubclass(im.DatasetError, LookupError)


@given(name=st.one_of(st.text(), st.integers(), st.binary(), st.lists(st.text())))
@example("\ud800")
@example("x" * 10_000)
@example(10**5000)
def test_a_message_about_any_name_can_be_shown(name: object) -> None:
    """It is short and can be written anywhere."""
    assert len(str(im.UnknownNameError(name, "theme")).encode()) < 500
