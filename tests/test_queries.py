"""
Asking a collection: by criteria, by name, by words, by position.

Expectations come from plain loops over the JSON of the data files, written here from the definitions in the
documentation: nothing of the library's own dimensions, indexes or name tables is used to compute them.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import icatmapping as im
from icatmapping.query.search import search_words
from support.packages import KINDS, ROLES, Raw, written
from support.reference import BODIES, GRADES, Reference, names_of, plain, vocabulary_of

if TYPE_CHECKING:
    from pathlib import Path

Record: TypeAlias = dict[str, Any]
Question: TypeAlias = dict[str, Any]
Value: TypeAlias = str | int

LOCATED = ("country", "subregion", "region", "grouping", "theme", "form", "target_group", "sector", "priority_area")
LOCATED += ("entity", "organization")
DIMENSIONS = {
    "initiatives": (
        *LOCATED,
        "scope",
        "response",
        "lead",
        "partner",
        "donor",
        "donor_country",
        "kind",
        "status",
        "year",
        "evidence",
    ),
    "partnerships": (*LOCATED, "scope", "response", "member", "kind", "year", "evidence"),
    "resources": (*LOCATED, "publisher", "kind", "language", "year", "evidence"),
    "entities": ("region", "scope", "theme", "form", "response", "target_group", "priority_area", "kind", "evidence"),
    "organizations": ("country", "subregion", "region", "kind", "evidence"),
}
ENUMS: dict[str, type[im.vocabulary.Term]] = {
    "region": im.Region,
    "scope": im.Scope,
    "theme": im.Theme,
    "form": im.Form,
    "response": im.Response,
    "target_group": im.TargetGroup,
    "priority_area": im.PriorityArea,
    "status": im.Status,
    "evidence": im.Evidence,
    "entity_kind": im.EntityKind,
    "organization_kind": im.OrganizationKind,
    "partnership_kind": im.PartnershipKind,
    "resource_kind": im.ResourceKind,
}


def spellings(reference: Reference, kind: str, dimension: str, value: Value) -> list[object]:
    """List ways to write a value that all mean it."""
    if dimension == "year":
        return [value, str(value)]
    if dimension in ("country", "donor_country"):
        record = reference.country[str(value)]
        codes = [code for code in (record["alpha2"], record["m49"]) if code]
        written = [value, *codes, record["name"], record["name"].upper(), str(value).lower(), *record["aliases"]]
        return [*written, im.country(record["name"]), *([int(record["m49"])] if record["m49"] else [])]
    if dimension in BODIES:
        body = reference.bodies[str(value)]
        names = [name for name in names_of(body) if name and reference.names[plain(name)] == 1]
        loaded = im.load().entities if value in reference.entities else im.load().organizations
        return [value, str(value).upper(), *names, *(name.upper() for name in names), loaded[str(value)]]
    if dimension == "grouping":
        (grouping,) = (one for one in reference.raw["groupings"] if one["id"] == value)
        return [value, str(value).upper(), grouping["name"], grouping["name"].lower(), *grouping["aliases"]]
    term = reference.terms[vocabulary_of(kind, dimension)][str(value)]
    text = term["value"]
    enum = ENUMS.get(vocabulary_of(kind, dimension))
    ways = [text, text.upper(), text.replace("_", "-"), text.replace("_", " ").title(), term["label"]]
    return [*ways, term["label"].upper(), *([enum(text)] if enum else [])]


def _asked(key: str, value: object) -> Question:
    """Ask for something, whatever type checkers may say."""
    return {key: value}


def ids(records: Any) -> list[str]:
    """List the ids of some records."""
    return [record.id for record in records]


@st.composite
def questions(draw: st.DrawFn, reference: Reference, kind: str, most: int = 3) -> Question:
    """Draw criteria: dimensions with one or several values, many of them of one record, so that some are met."""
    record = draw(st.sampled_from(reference.raw[kind]))
    dimensions = draw(st.lists(st.sampled_from(DIMENSIONS[kind]), min_size=1, max_size=most, unique=True))
    criteria: Question = {}
    for dimension in dimensions:
        own = sorted(reference.values(kind, record, dimension), key=str)
        anything = st.sampled_from(reference.universe(kind, dimension))
        likely = st.one_of(st.sampled_from(own), st.sampled_from(own), anything) if own else anything
        criteria[dimension] = draw(st.lists(likely, min_size=1, max_size=3, unique=True))
    return criteria


def options(kind: str, criteria: Question) -> st.SearchStrategy[Question]:
    """Draw how far ``country`` reaches, and whether years are those that are known or those that are possible."""
    optional: dict[str, st.SearchStrategy[str]] = {}
    if "country" in criteria and kind != "organizations":
        optional["reach"] = st.sampled_from(["named", "regional", "global"])
    if "year" in criteria:
        optional["dates"] = st.sampled_from(["known", "possible"])
    return st.fixed_dictionaries({}, optional=optional)


# --- where -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_where_equals_a_plain_loop_over_the_files(
    kind: str, ds: im.Dataset, reference: Reference, data: st.DataObject
) -> None:
    """Whatever is asked for, the answer is what the definitions say, in the order of the collection."""
    criteria = data.draw(questions(reference, kind))
    chosen = data.draw(options(kind, criteria))
    containers: st.SearchStrategy[Any] = st.sampled_from([list, tuple, set, iter, dict.fromkeys])
    asked: Question = {
        dimension: values[0] if len(values) == 1 and data.draw(st.booleans()) else data.draw(containers)(values)
        for dimension, values in criteria.items()
    }
    expected = reference.where(kind, {name: set(values) for name, values in criteria.items()}, **chosen)
    assert ids(ds.collection(kind).where(**asked, **chosen)) == expected


@pytest.mark.parametrize("kind", KINDS)
def test_every_value_of_every_dimension_finds_what_a_plain_loop_finds(
    kind: str, ds: im.Dataset, reference: Reference
) -> None:
    """No value is forgotten: each of those that a record has, one by one."""
    for dimension in DIMENSIONS[kind]:
        expected: dict[Value, list[str]] = {}
        for record in reference.raw[kind]:
            for value in reference.values(kind, record, dimension):
                expected.setdefault(value, []).append(record["id"])
        found = {value: ids(ds.collection(kind).where(**_asked(dimension, value))) for value in expected}
        assert found == expected, dimension


@pytest.mark.parametrize("kind", ["initiatives", "partnerships", "resources"])
@pytest.mark.parametrize("reach", ["named", "regional", "global"])
def test_every_country_is_reached_by_what_the_definition_says(
    kind: str, reach: str, ds: im.Dataset, reference: Reference
) -> None:
    """Regional work counts for a country unless it names others of the region; global work if it names no place."""
    for alpha3 in itertools.islice(reference.country, 0, None, 5):
        expected = reference.where(kind, {"country": {alpha3}}, reach=reach)
        assert ids(ds.collection(kind).where(**_asked("country", alpha3), **_asked("reach", reach))) == expected


@given(first=st.integers(1980, 2030), length=st.integers(0, 20), possible=st.booleans())
def test_years_can_be_a_range(
    ds: im.Dataset,
    reference: Reference,
    first: int,
    length: int,
    possible: bool,  # noqa: FBT001
) -> None:
    """A range of years finds what is active in any of them; or may have been, if that is asked for."""
    dates = "possible" if possible else "known"
    years = range(first, first + length)
    for kind in ("initiatives", "partnerships", "resources"):
        expected = reference.where(kind, {"year": set(years)}, dates=dates)
        assert ids(ds.collection(kind).where(**_asked("year", years), **_asked("dates", dates))) == expected


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_chained_questions_equal_one(kind: str, ds: im.Dataset, reference: Reference, data: st.DataObject) -> None:
    """Each further call narrows the answer, in any order."""
    criteria = data.draw(questions(reference, kind))
    collection = ds.collection(kind)
    chained = collection
    for name in data.draw(st.permutations(list(criteria))):
        chained = chained.where(**{name: criteria[name]})
    assert chained == collection.where(**criteria)


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_several_values_are_the_union_of_each(
    kind: str, ds: im.Dataset, reference: Reference, data: st.DataObject
) -> None:
    """Any of the values will do."""
    name, values = next(iter(data.draw(questions(reference, kind, most=1)).items()))
    chosen = data.draw(options(kind, {name: values}))
    collection = ds.collection(kind)
    union = {record for value in values for record in collection.where(**{name: value}, **chosen)}
    assert list(collection.where(**{name: values}, **chosen)) == [record for record in collection if record in union]


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_every_spelling_of_a_value_means_it(
    kind: str, ds: im.Dataset, reference: Reference, data: st.DataObject
) -> None:
    """Values, labels, enumeration members, codes, numbers, names, aliases and records, in any case, ask the same."""
    name, values = next(iter(data.draw(questions(reference, kind, most=1)).items()))
    spelt = [data.draw(st.sampled_from(spellings(reference, kind, name, value))) for value in values]
    assert ids(ds.collection(kind).where(**_asked(name, spelt))) == reference.where(kind, {name: set(values)})


@given(data=st.data())
def test_a_question_to_a_part_stays_within_it(ds: im.Dataset, reference: Reference, data: st.DataObject) -> None:
    """A slice, reversed or not, is filtered like the list that it is."""
    kind = data.draw(st.sampled_from(KINDS))
    collection = ds.collection(kind)
    part = collection[data.draw(st.slices(len(collection)))]
    criteria = data.draw(questions(reference, kind, most=2))
    meeting = set(reference.where(kind, {name: set(values) for name, values in criteria.items()}))
    assert ids(part.where(**criteria)) == [identifier for identifier in ids(part) if identifier in meeting]


def test_no_criterion_keeps_everything_and_no_value_nothing(ds: im.Dataset) -> None:
    """Of no values none is met; of no criteria all are."""
    assert ds.initiatives.where() == ds.initiatives
    assert len(ds.initiatives.where(theme=[])) == 0


@pytest.mark.parametrize(("option", "value", "needed"), [("reach", "global", "country"), ("dates", "possible", "year")])
def test_an_option_needs_what_it_is_an_option_of(option: str, value: str, needed: str, ds: im.Dataset) -> None:
    """How far a country reaches says nothing where none is asked for, nor how years are meant."""
    with pytest.raises(ValueError, match=f"{option} .*needs {needed}="):
        ds.initiatives.where(**_asked(option, value))


@pytest.mark.parametrize(
    ("kind", "key", "nearest"),
    [
        ("initiatives", "countries", "country"),
        ("initiatives", "themes", "theme"),
        ("initiatives", "target_groups", "target_group"),
        ("partnerships", "menber", "member"),
        ("resources", "languages", "language"),
        ("entities", "forms", "form"),
        ("organizations", "contry", "country"),
    ],
)
def test_an_unknown_criterion_is_a_type_error_that_names_the_nearest(
    kind: str, key: str, nearest: str, ds: im.Dataset
) -> None:
    """A misspelt keyword is never ignored."""
    with pytest.raises(TypeError, match=rf"{key}.*{nearest}"):
        ds.collection(kind).where(**{key: "anything"})


@pytest.mark.parametrize("kind", KINDS)
def test_a_criterion_of_other_records_is_a_type_error(kind: str, ds: im.Dataset) -> None:
    """Only what the records have can be asked for."""
    every = {name for names in DIMENSIONS.values() for name in names} | {"reach", "dates"}
    located = {"reach", "dates"} if kind in ("initiatives", "partnerships", "resources") else set()
    for name in every - set(DIMENSIONS[kind]) - located:
        with pytest.raises(TypeError, match=name):
            ds.collection(kind).where(**{name: "named" if name == "reach" else "known"})


@pytest.mark.parametrize(
    ("key", "value", "suggestion"),
    [
        ("country", "Nigerai", "Nigeria"),
        ("theme", "child protecton", "child_protection"),
        ("form", "sexual exploitaton", "sexual_exploitation"),
        ("region", "Afrca", "africa"),
        ("subregion", "Westrn Africa", "Western Africa"),
        ("entity", "UNDOC", "UNODC"),
        ("lead", "Interpool", "INTERPOL"),
        ("status", "completd", "completed"),
        ("evidence", "offical", "official"),
        ("reach", "globl", "global"),
        ("dates", "posible", "possible"),
    ],
)
def test_an_unknown_value_raises_with_suggestions(key: str, value: str, suggestion: str, ds: im.Dataset) -> None:
    """A misspelt value is never an empty answer."""
    with pytest.raises(im.UnknownNameError) as caught:
        ds.initiatives.where(**_asked(key, value))
    assert suggestion in caught.value.suggestions
    assert repr(value) in str(caught.value)


@pytest.mark.parametrize("kind", ["entities", "organizations", "initiatives", "partnerships", "resources"])
def test_the_bundled_records_name_their_best_evidence_first(kind: str, reference: Reference) -> None:
    """Where one source stands for all of them, it is one of the best grade."""
    for record in reference.raw[kind]:
        taking_part = {one for role in ROLES for one in record.get(role, ())} or {record["id"]}
        bodies = reference.with_parents(taking_part)
        grades = [GRADES.index(reference.grade(address, bodies)) for address in record["sources"]]
        assert grades == sorted(grades), record["id"]


@pytest.mark.parametrize("value", [None, 1.5, b"NGA", object(), ("nested",), [["prevention"]]])
@pytest.mark.parametrize("key", ["theme", "year", "lead", "entity", "status", "country"])
def test_a_value_of_the_wrong_type_is_an_unknown_name(key: str, value: object, ds: im.Dataset) -> None:
    """What is no name at all is refused like a misspelt one."""
    with pytest.raises(im.UnknownNameError):
        ds.initiatives.where(**_asked(key, value))


# --- names -----------------------------------------------------------------------------------------------------------


@given(data=st.data())
def test_a_collection_is_sliced_like_a_list(ds: im.Dataset, data: st.DataObject) -> None:
    """Positions and slices, and slices of slices, mean what they mean for a list."""
    collection, expected = ds.partnerships, list(ds.partnerships)
    for _ in range(2):
        piece = data.draw(st.slices(len(expected)))
        collection, expected = collection[piece], expected[piece]
    assert list(collection) == expected
    assert list(reversed(collection)) == expected[::-1]
    assert all(collection[place] == expected[place] for place in range(-len(expected), len(expected)))
    with pytest.raises(IndexError):
        collection[len(expected)]


def test_the_order_is_that_of_the_files(ds: im.Dataset, raw: Raw) -> None:
    """Every collection is sorted by id."""
    for kind in KINDS:
        assert ids(ds.collection(kind)) == [record["id"] for record in raw[kind]] == sorted(ids(ds.collection(kind)))


def test_collections_are_equal_when_they_hold_the_same_records_in_the_same_order(ds: im.Dataset) -> None:
    """However they came about; and equal collections have equal hashes."""
    chosen = ds.initiatives.where(region="africa")
    kept = ds.initiatives[:].where(region=["africa", "africa"])
    assert chosen == kept
    assert hash(chosen) == hash(kept)
    assert chosen != chosen[::-1]
    assert chosen[::-1][::-1] == chosen
    assert chosen != list(chosen)
    assert ds.entities[:0] != ds.organizations[:0]


def test_membership_is_of_records(ds: im.Dataset) -> None:
    """A record is in a collection that holds it, and a record of another kind in none."""
    part = ds.initiatives[:10]
    assert ds.initiatives[3] in part
    assert ds.initiatives[10] not in part
    strangers: list[Any] = [ds.entities[0], "unodc", None, 7]
    assert not any(stranger in ds.initiatives for stranger in strangers)


def test_a_collection_cannot_be_changed(ds: im.Dataset) -> None:
    """Neither its records nor its attributes."""
    collection: Any = ds.entities
    with pytest.raises(TypeError):
        collection[0] = collection[1]
    with pytest.raises(TypeError):
        del collection[0]
    with pytest.raises(AttributeError):
        collection.kind = im.Initiative
    with pytest.raises(AttributeError):
        collection.append(collection[0])
    with pytest.raises(AttributeError):
        collection.note = "mine"


def test_what_a_caller_does_to_values_later_changes_no_answer(ds: im.Dataset) -> None:
    """A list that was asked with may be changed afterwards."""
    values = ["prevention"]
    found = ds.initiatives.where(theme=values)
    before = ids(found)
    values.append("protection")
    assert ids(found) == before


# --- search ----------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_search_finds_the_records_in_which_every_word_begins_a_word(
    kind: str, ds: im.Dataset, reference: Reference, data: st.DataObject
) -> None:
    """
    No record is missed that a plain loop over the texts finds, for whole words, prefixes and any case.

    Others are found by the names of what they are coded as, by forms of a word and by its other spellings.
    """
    texts = reference.words[kind]
    likely = st.sampled_from(sorted(texts[data.draw(st.sampled_from(list(texts)))]))
    asked = [word for word in data.draw(st.lists(likely, min_size=1, max_size=3)) if search_words(word) != []]
    cut = [word[: data.draw(st.integers(1, 12))] for word in asked]
    telling = search_words(" ".join(cut))
    expected = {
        identifier
        for identifier, words in texts.items()
        if all(any(word.startswith(start) for word in words) for start in telling)
    }
    typed = " ".join(cut)
    found = ids(ds.collection(kind).search(data.draw(st.sampled_from([typed, typed.upper(), typed.title()]))))
    assert expected <= set(found)
    assert len(found) == len(set(found))


@pytest.mark.parametrize(
    ("typed", "plainly"),
    [("Yaoundé", "yaounde"), ("CÔTE D'IVOIRE", "cote d’ivoire"), ("Türkiye", "turkiye"), ("cabin-crew", "cabin crew")],
)
def test_search_forgives_diacritics_and_punctuation(typed: str, plainly: str, ds: im.Dataset) -> None:
    """The same records in the same order, however the words are typed."""
    assert ds.initiatives.search(typed) == ds.initiatives.search(plainly)
    assert ds.resources.search(typed) == ds.resources.search(plainly)
    assert len(ds.initiatives.search(typed)) + len(ds.resources.search(typed)) > 0


@settings(max_examples=100)
@given(text=st.text())
@example("\0")
@example("trafficking\0forced")
@example("\ud800 trafficking \udfff")
@example('"')
@example("'; DROP TABLE texts; --")
@example("NEAR(forced labour, 2)")
@example("title: forced AND NOT labour OR *")
@example("^forced + labour*")
@example("{name acronym} : forced")
@example("-labour")
@example("forced " * 5000)
@example(" ".join(map(str, range(3000))))
@example("x" * 100_000)
def test_any_text_is_safe_to_search(ds: im.Dataset, text: str) -> None:
    """No text is an error or an operator; what is found is some of the collection, each once."""
    found = ids(ds.initiatives.search(text))
    assert len(found) == len(set(found))
    assert set(found) <= set(ids(ds.initiatives))


@pytest.mark.parametrize("text", ["", "  ", "\0", "*", '"', "—", "\ud800"])
def test_a_text_without_words_finds_everything(text: str, ds: im.Dataset) -> None:
    """As no criterion keeps everything."""
    assert ds.resources.search(text) == ds.resources


def test_a_match_in_the_title_comes_before_one_in_the_summary(small: Raw, tmp_path: Path) -> None:
    """Wherever the record stands in the file."""
    first, *_, last = small["initiatives"]
    first["summary"] += " It mentions a quokka."
    last["title"] = f"Quokka: {last['title']}"
    found = im.load(written(tmp_path / "package", small)).initiatives.search("quokka")
    assert ids(found) == [last["id"], first["id"]]


@given(data=st.data())
def test_search_and_where_go_together(ds: im.Dataset, reference: Reference, data: st.DataObject) -> None:
    """Searching a part finds the part of what is found, best first; filtering what is found keeps its order."""
    kind = data.draw(st.sampled_from(KINDS))
    collection = ds.collection(kind)
    text = data.draw(
        st.sampled_from(sorted(reference.words[kind][data.draw(st.sampled_from(reference.raw[kind]))["id"]]))
    )
    criteria = data.draw(questions(reference, kind, most=1))
    part = set(ids(collection.where(**criteria)))
    expected = [identifier for identifier in ids(collection.search(text)) if identifier in part]
    assert ids(collection.where(**criteria).search(text)) == expected
    assert ids(collection.search(text).where(**criteria)) == expected


# --- one dataset, in every thread and process ------------------------------------------------------------------------
