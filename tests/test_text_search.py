"""
Searching by words: one form of a word finds the others, what people type finds the record that they mean.

The questions were written from records of the data, in other words than theirs where people would use others, before
anything was searched.
"""

from __future__ import annotations

import contextlib
import json
import pickle
import re
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import icatmapping as im
from icatmapping.query.search import MAX_WORDS

if TYPE_CHECKING:
    from typing import Any


KINDS = ("entities", "organizations", "initiatives", "partnerships", "resources")
QUESTIONS = {
    "conference on online scam centres in Bangkok": "bangkok-online-scams-conference-2025",
    "training prosecutors in Libya on smuggling and trafficking": "iom-unodc-libya-prosecutors",
    "Bangladesh annual report data collection workshop": "unodc-bangladesh-data-consultation-2023",
    "Timor-Leste Alola Foundation": "iom-help-timor-leste",
    "interpol police course in Guinea": "guinea-interpol-oprogem-training-2025",
    "South Sudan action plan child soldiers grave violations": "caac-action-plan-south-sudan-2020",
    "village regulations against trafficking in West Java": "iom-sukabumi-village-policies",
    "journalists training Seychelles": "iom-idf-seychelles",
    "fishers forced labor global action programme": "ilo-gapfish",
    "statistics on child labor by ILO, UNICEF and World Bank": "understanding-childrens-work",
    "garment factories Jordan migrant workers": "better-work-jordan",
    "council of europe North Macedonia project": "coe-hf3-north-macedonia",
    "Declaration of Brasilia": "oas-national-authorities-2014",
    "judges from Morocco and Tunisia": "glo-act-morocco-tunisia-judiciary-2018",
    "voluntary return of trafficking victims from EU countries": "care-project",
    "Belize media campaign": "iom-belize-it-could-happen",
    "gold mining Senegal Kedougou": "iom-senegal-kedougou-workshop",
    "national coordinators meeting south-eastern Europe Montenegro": "osce-montenegro-coordinators-2010",
    "commonwealth experts trafficking women children": "commonwealth-expert-group-trafficking",
    "women police officers ASEAN study": "women-in-law-enforcement-asean-research",
    "joint UN programme Serbia": "ungift-serbia-joint-programme",
    "campaign six grave violations children in conflict": "act-to-protect",
    "sex work paper Seoul": "un-act-seoul-dialogues-2017",
    "Roma communities Romania assistance pilot": "romania-best-practice-victims-assistance",
    "UN procurement supply chains forced labour": "un-supply-chains-policy-framework",
    "camel jockeys": "uae-unicef-camel-racing",
    "national referral mechanism Bomet Kenya": "iom-bomet-nrm-workshop-2018",
    "UN commentary on the EU anti-trafficking directive": "joint-un-commentary-eu-directive",
    "Afghanistan UNODC cooperation": "afghanistan-unodc-declaration-2019",
    "Brazil labour prosecutors observatory": "mpt-ilo-brazil",
    "UN migration network": "un-network-on-migration",
    "Khartoum 2014 Horn of Africa trafficking smuggling": "au-horn-of-africa-initiative",
    "SDG target 8.7 partnership": "alliance-8-7",
    "South American platform against trafficking": "prett-platform",
    "mediterranean routes refugees report": "unhcr-routes-mediterranean-2019",
    "traite des personnes Madagascar": "iom-madagascar-etat-des-lieux-2015",
    "what works modern slavery justice": "what-works-justice",
    "labour trafficking Finland Estonia Lithuania": "adstringo-research-report",
    "sexual violence in conflict special representative": "osrsg-svc",
    "OSCE": "osce",
}


def ids(found: im.Hits) -> list[str]:
    return [hit.record.id for hit in found]


def test_nine_of_ten_questions_find_their_record_among_the_first_five(ds: im.Dataset) -> None:
    """As people type them, over all collections."""
    assert len(QUESTIONS) == 40
    missed = {text: known for text, known in QUESTIONS.items() if known not in ids(ds.search(text, limit=5))}
    assert len(missed) <= 4, missed


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("child labor", "child labour"),
        ("shelters", "shelter"),
        ("organise", "organize"),
        ("counsellors", "counselor"),
        ("trafficked", "trafficking"),
        ("co-operation centre", "Cooperation Center"),
        ("TÜRKIYE", "turkiye"),
        ("the victims of trafficking in Ghana", "victims trafficking ghana"),
        ("la traite des personnes", "traite personnes"),
    ],
)
def test_one_spelling_or_form_finds_what_the_other_finds(one: str, other: str, ds: im.Dataset) -> None:
    """Everywhere, and in the same order."""
    assert ids(ds.search(one, limit=100)) == ids(ds.search(other, limit=100)) != []
    for kind in KINDS:
        assert ds.collection(kind).search(one) == ds.collection(kind).search(other)


def test_fishing_in_south_east_asia_finds_the_programme_on_fishers(ds: im.Dataset) -> None:
    """It speaks of fishers and seafood, and names countries."""
    there = ds.initiatives.where(region="South-East Asia")
    found = [record.id for record in there.search("fishing")]
    assert "ship-to-shore-rights-sea" in found
    assert "ship-to-shore-rights-sea" in ids(ds.search("fishing in South-East Asia", limit=5))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("traficking", "trafficking"),
        ("traficking in Nigera", "trafficking in nigeria"),
        ("exploitaton", "exploitation"),
    ],
)
def test_a_misspelt_word_is_answered_with_the_nearest_one(typed: str, meant: str, ds: im.Dataset) -> None:
    """And what is found by that is given no suggestion."""
    found = ds.search(typed)
    assert found.suggestion == meant
    assert ds.search(meant).suggestion is None
    assert len(ds.search(meant)) > 0


def test_nothing_near_gives_no_suggestion(ds: im.Dataset) -> None:
    """And nothing is found."""
    found = ds.search("qqzzxxjj")
    assert (len(found), found.suggestion) == (0, None)


@pytest.fixture(scope="module")
def coded(ds: im.Dataset) -> im.Dataset:
    """Give a dataset with four records that say next to nothing, and one body that takes part in the first."""
    blank = {"title": "One two three", "summary": "Four five six.", "leads": ["ilo"]}
    initiatives = [evolved(ds, f"record-{name}", blank) for name in ("a", "b", "c", "d")]
    initiatives[0] |= {
        "leads": ["quokka-trust"],
        "countries": ["CIV"],
        "themes": ["protection"],
        "sectors": ["fishing"],
    }
    initiatives[1]["summary"] = "Four quokka six."
    initiatives[2]["acronym"] = "QUOKKA-2"
    initiatives[3]["title"] = "One quokka three"
    body = ds.organizations["a21"].to_dict()
    body |= {"id": "quokka-trust", "name": "Quokka Trust", "acronym": "QQT", "aliases": ["Wallaby Fund"]}
    return ds.extended({"organizations": [body], "initiatives": initiatives})


def evolved(ds: im.Dataset, identifier: str, changes: dict[str, Any]) -> dict[str, Any]:
    """Give a record that is like another one, but not coded as anything."""
    record = ds.initiatives["50-for-freedom"].to_dict()
    empty: dict[str, Any] = {
        name: [] for name, value in record.items() if isinstance(value, list) and name != "sources"
    }
    return {**record, **empty, "acronym": None, "kind": None, "id": identifier, **changes}


def test_names_of_what_a_record_is_coded_as_find_it(coded: im.Dataset) -> None:
    """Of its countries, its participants, its terms: names that the record itself does not hold."""
    for text in ("quokka", "QQT", "wallabies", "ivory coast", "west africa", "shelter", "seafood", "quokka seafood"):
        assert "record-a" in [record.id for record in coded.initiatives.search(text)], text
    assert "record-a" not in [record.id for record in coded.initiatives.search("garments in asia")]


def test_title_goes_before_acronym_before_summary_before_the_rest(coded: im.Dataset) -> None:
    """Wherever the records stand in the file."""
    found = [record.id for record in coded.initiatives.search("quokka")]
    assert found == ["record-d", "record-c", "record-b", "record-a"]


def test_all_words_are_met_if_any_record_does_that(ds: im.Dataset) -> None:
    """Else those are given that meet most of them."""
    both = ds.initiatives.search("camel jockeys")
    assert both
    for record in both:
        said = f"{record.title} {record.summary}".lower()
        assert "camel" in said
    assert ds.initiatives.search("camel jockeys qqzzxxjj") == both
    assert len(ds.initiatives.search("camel qqzzxxjj xxqqzzjj")) == 0
    assert ds.entities.search("") == ds.entities


def test_records_that_meet_all_words_come_before_others(ds: im.Dataset) -> None:
    """Over all collections."""
    found = ds.search("camel racing children", limit=200)
    texts = [json.dumps(hit.record.to_dict(), ensure_ascii=False).lower() for hit in found]
    assert "camel" in texts[0]
    assert len({hit.collection for hit in found}) > 1


def test_a_snippet_is_of_the_record_and_marks_the_words(ds: im.Dataset) -> None:
    """Without the marks it stands in the record, letter by letter."""
    for text in ("shelters in Moldova", "forced labour", "gold mining Senegal", "ОБСЕ", "organise"):
        for hit in ds.search(text):
            record = hit.record.to_dict()
            said = [record.get("summary") or record.get("mandate") or "", hit.record.label]
            said.append(", ".join(record.get("aliases", ())))
            plain = hit.snippet.replace("**", "").removeprefix("… ").removesuffix(" …")
            assert any(plain in one for one in said), hit.snippet
            assert hit.snippet.count("**") % 2 == 0
    marked = re.findall(r"\*\*(.+?)\*\*", ds.search("shelters moldova").rows[0].snippet)
    assert {word.lower()[:5] for word in marked} & {"shelt", "moldo"}


@settings(max_examples=10)
@given(limit=st.integers(1, 60), text=st.sampled_from(list(QUESTIONS)))
def test_a_limit_takes_the_first_ones(ds: im.Dataset, limit: int, text: str) -> None:
    """Scores do not depend on how many are asked for."""
    assert ds.search(text, limit=limit).rows == ds.search(text, limit=60).rows[:limit]


@pytest.mark.parametrize("limit", [0, -1, True, "5", 2.0])
def test_a_limit_is_a_whole_number_from_one(limit: object, ds: im.Dataset) -> None:
    """Anything else is an error that says so."""
    with pytest.raises(ValueError, match="limit must be a whole number"):
        ds.search("labour", limit=limit)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["", "of the", '"*(', "\ud800", "a\0b", "x" * 100_000, "NOT labour OR *", "ﷺ ß ı"])
def test_any_text_is_only_words(text: str, ds: im.Dataset) -> None:
    """No text is an operator or an error, and the answer can be kept."""
    found = ds.search(text)
    assert pickle.loads(pickle.dumps(found)) == found
    assert len(str(found).splitlines()[0]) < 120


def test_many_words_are_searched_for_in_seconds(ds: im.Dataset) -> None:
    """No more of them than a hundred count."""
    words = sorted({word for record in ds.initiatives for word in re.findall(r"[a-z]{4,}", record.summary.lower())})
    assert len(words) > 10 * MAX_WORDS
    began = time.process_time()
    ds.search(" ".join(words))
    ds.initiatives.search(" ".join(words))
    assert time.process_time() - began < 60


def test_hits_are_a_table_like_others(ds: im.Dataset) -> None:
    """Plain data, a data frame, one line, a text."""
    found = ds.search("camel jockeys", limit=3)
    assert found.to_dict()["rows"][0]["record"]["id"] == found[0].record.id
    assert list(found.to_pandas().columns) == ["record", "collection", "score", "snippet"]
    assert repr(found).startswith("<Hits for 'camel jockeys'")
    assert found[0].record.label.split()[0] in str(found)
    assert all(hit.record in ds.collection(hit.collection) for hit in found)
    scores = [hit.score for hit in found]
    assert all(score > 0 for score in scores)


@pytest.mark.parametrize(
    "criteria",
    [{"country": "Ghana"}, {"region": "Africa", "since": 2018}, {"theme": "prosecution"}, {"entity": "IOM"}],
    ids=str,
)
def test_criteria_narrow_a_search_down(ds: im.Dataset, criteria: Any) -> None:
    """What is left are the hits that `where` finds as well, in the same order, of collections that can be asked so."""
    everything = ds.search("training", limit=10_000)
    found = ds.search("training", limit=10_000, **criteria)
    asked = {}
    for name in ("entities", "organizations", "initiatives", "partnerships", "resources"):
        with contextlib.suppress(TypeError):
            asked[name] = {record.id for record in ds.collection(name).where(**criteria)}
    wanted = [hit.record.id for hit in everything if hit.record.id in asked.get(hit.collection, ())]
    assert [hit.record.id for hit in found] == wanted
    assert 0 < len(found) < len(everything)


def test_a_criterion_that_is_none_is_told(ds: im.Dataset) -> None:
    """Also of a value, and where no word would be found."""
    with pytest.raises(TypeError, match="did you mean 'country'"):
        ds.search("training", contry="Ghana")  # type: ignore[call-arg]
    with pytest.raises(im.UnknownNameError, match="Atlantis"):
        ds.search("xyzzy", country="Atlantis")
    assert len(ds.search("training", country=iter(["Ghana"]))) > 0


@pytest.mark.parametrize(("typed", "meant"), [("laber", "labor"), ("Nigera", "nigeria"), ("orgns", "organs")])
def test_of_near_words_the_one_is_meant_that_most_records_say(ds: im.Dataset, typed: str, meant: str) -> None:
    """A town that one record names is as near to what was typed as the word that hundreds say."""
    assert ds.search(f"trafficking {typed}").suggestion == f"trafficking {meant}"


def test_what_is_like_no_word_is_no_misspelling(ds: im.Dataset) -> None:
    """There is no suggestion that has hardly a letter of what was typed."""
    assert ds.search("blockchain").suggestion is None
