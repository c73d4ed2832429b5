"""
Loading a data package: one that keeps every rule loads whole; of any other every fault is named and nothing is loaded.
"""

from __future__ import annotations

import copy
import json
import random
import time
from typing import TYPE_CHECKING, Any

import attrs
import pytest

import icatmapping as im
from support.faults import damaged, faults_of, places, zipped
from support.packages import KINDS, Raw, written

if TYPE_CHECKING:
    from pathlib import Path

FILES = (*(f"{kind}.json" for kind in KINDS), "findings.json", "hosts.json", "countries.json", "vocabulary.json")


def shape(value: object) -> object:
    """Say of what types a value is made."""
    return (type(value), *map(shape, value)) if isinstance(value, tuple) else type(value)


# --- what loads ------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_copy_of_the_bundled_package_loads_equal(package: Path, tmp_path: Path, ds: im.Dataset) -> None:
    """From a folder, its text, a zip file, and a zip file that holds the folder."""
    for path in (
        package,
        str(package),
        zipped(package, tmp_path / "flat.zip"),
        zipped(package, tmp_path / "nested.zip", "icatmapping-2026/"),
    ):
        loaded = im.load(path)
        assert loaded == ds
        assert loaded is not ds
        assert (loaded.findings, loaded.hosts) == (ds.findings, ds.hosts)


def test_trusted_and_checked_loading_build_identical_records(package: Path, ds: im.Dataset) -> None:
    """The same values of the same types: enumeration members and tuples, at every depth."""
    loaded = im.load(package)
    for name in (*KINDS, "findings", "hosts"):
        trusted, checked = list(getattr(ds, name)), list(getattr(loaded, name))
        assert trusted == checked
        for one, other in zip(trusted, checked, strict=True):
            for field in attrs.fields_dict(type(one)):
                assert shape(getattr(one, field)) == shape(getattr(other, field)), (one.id, field)


def test_the_order_of_records_and_keys_does_not_matter(small: Raw, tmp_path: Path) -> None:
    """A file edited by hand need not be in the form that the formatter writes."""
    expected = im.load(written(tmp_path / "ordered", small))
    shuffler = random.Random(0)
    shuffled: Raw = {}
    for name, records in small.items():
        if isinstance(records, list):
            items = [dict(shuffler.sample(list(record.items()), len(record))) for record in records]
            shuffled[name] = shuffler.sample(items, len(items))
        else:
            shuffled[name] = records
    loaded = im.load(written(tmp_path / "shuffled", shuffled))
    assert loaded == expected
    assert (loaded.findings, loaded.hosts) == (expected.findings, expected.hosts)


def test_a_loaded_dataset_answers_like_the_bundled_one(package: Path, ds: im.Dataset) -> None:
    """Queries do not depend on where the records come from."""
    loaded = im.load(package)
    question: dict[str, Any] = {"country": "Nigeria", "entity": "UNODC", "evidence": ["own", "official"]}
    assert loaded.initiatives.where(**question) == ds.initiatives.where(**question)
    assert loaded.resources.search("forced labour") == ds.resources.search("forced labour")


def test_years_and_months_compare_as_far_as_both_say(small: Raw, tmp_path: Path) -> None:
    """An end in a year is not before a start in a month of it."""
    small["initiatives"][0] |= {"start": "2019-05", "end": "2019"}
    assert im.load(written(tmp_path / "package", small)).initiatives[0].end == "2019"


# --- faults of a field -----------------------------------------------------------------------------------------------

ANY = object()
CHANGES: dict[str, tuple[str, dict[str, Any], str, object]] = {
    "an unknown term": ("initiatives", {"themes": ["child_protecton"]}, "themes[0]", "child_protection"),
    "a second unknown term": ("initiatives", {"forms": ["debt_bondage", "organ_removl"]}, "forms[1]", "organ_removal"),
    "a label for a term": ("initiatives", {"scope": "Global"}, "scope", "global"),
    "an unknown status": ("initiatives", {"status": "complete"}, "status", "completed"),
    "an unknown country": ("initiatives", {"countries": ["NGX"]}, "countries[0]", ANY),
    "a country by name": ("initiatives", {"countries": ["Nigeria"]}, "countries[0]", None),
    "an unknown language": ("resources", {"languages": ["en", "qq"]}, "languages[1]", None),
    "a list of lists": ("initiatives", {"leads": [["iom"]]}, "leads[0]", None),
    "text for a list": ("initiatives", {"leads": "iom"}, "leads", None),
    "null for a list": ("initiatives", {"themes": None}, "themes", None),
    "null for text": ("initiatives", {"summary": None}, "summary", None),
    "a number for text": ("initiatives", {"title": 7}, "title", None),
    "an object for text": ("initiatives", {"title": {"en": "x"}}, "title", None),
    "blank text": ("initiatives", {"title": "   "}, "title", None),
    "empty text": ("initiatives", {"title": ""}, "title", None),
    "blanks around text": ("initiatives", {"title": "x "}, "title", None),
    "a line break in text": ("initiatives", {"title": "one\ntwo"}, "title", None),
    "a NUL": ("initiatives", {"title": "a\0b"}, "title", None),
    "10 MB of text": ("initiatives", {"summary": "x" * 10_000_000}, "summary", None),
    "a value twice": ("initiatives", {"themes": ["prevention", "prevention"]}, "themes", None),
    "an end before the start": ("initiatives", {"start": "2020", "end": "2019-12"}, "end", None),
    "a month before the start": ("initiatives", {"start": "2020-06", "end": "2020-05"}, "end", None),
    "a malformed date": ("initiatives", {"start": "2020-13"}, "start", None),
    "a date with a day": ("initiatives", {"start": "2020-01-01"}, "start", None),
    "a number for a date": ("initiatives", {"start": 2020}, "start", None),
    "digits of another script": ("initiatives", {"start": "٢٠٢٠"}, "start", None),
    "a malformed month": ("initiatives", {"checked": "2026"}, "checked", None),
    "a year as text": ("resources", {"year": "2020"}, "year", None),
    "true for a year": ("resources", {"year": True}, "year", None),
    "a year with a fraction": ("resources", {"year": 2020.0}, "year", None),
    "a year long ago": ("resources", {"year": 1066}, "year", None),
    "a huge year": ("resources", {"year": 10**4000}, "year", None),
    "a huge negative year": ("resources", {"year": -(10**4000)}, "year", None),
    "a partnership that ends before it starts": ("partnerships", {"start": "2020", "end": "2019"}, "end", None),
    "left before joined": ("entities", {"joined": 2020, "left": 2019}, "left", None),
    "an address without scheme": ("initiatives", {"url": "www.unodc.org"}, "url", None),
    "a script for an address": ("initiatives", {"url": "javascript:alert(1)"}, "url", None),
    "a blank in an address": ("initiatives", {"sources": ["https://unodc.org/a b"]}, "sources[0]", None),
    "no sources": ("initiatives", {"sources": []}, "sources", None),
    "no sources of a finding": ("findings", {"sources": []}, "sources", None),
    "a former id that is malformed": ("initiatives", {"former_ids": ["Not An Id"]}, "former_ids[0]", None),
    "a former id that is in use": ("initiatives", {"former_ids": ["{last}"]}, "former_ids[0]", None),
    "identifiers of a type that there is not": (
        "entities",
        {"identifiers": [{"type": "rorr", "value": "04v4h0v24"}]},
        "identifiers[0]",
        "ror",
    ),
    "an identifier that is not of its type": (
        "resources",
        {"identifiers": [{"type": "doi", "value": "10.4060/cb1329en"}, {"type": "isbn", "value": "978-92"}]},
        "identifiers[1]",
        None,
    ),
    "an identifier without a type": ("organizations", {"identifiers": [{"value": "x"}]}, "identifiers[0]", None),
    "an identifier that is text": ("organizations", {"identifiers": ["ror:04v4h0v24"]}, "identifiers[0]", None),
    "an identifier twice": (
        "organizations",
        {"identifiers": [{"type": "wikidata", "value": "Q1"}] * 2},
        "identifiers",
        None,
    ),
    "a dangling lead": ("initiatives", {"leads": ["{body}x"]}, "leads[0]", "{body}"),
    "a dangling donor": ("initiatives", {"donors": ["{body}", "{body}x"]}, "donors[1]", "{body}"),
    "a dangling member": ("partnerships", {"members": ["{body}x"]}, "members[0]", "{body}"),
    "a dangling publisher": ("resources", {"publishers": ["{body}x"]}, "publishers[0]", "{body}"),
    "a dangling initiative": ("partnerships", {"initiative": "{last}x"}, "initiative", "{last}"),
    "a dangling part": ("organizations", {"part_of": "{body}x"}, "part_of", "{body}"),
    "a dangling body": ("organizations", {"body_of": "q9"}, "body_of", None),
}


@pytest.mark.parametrize("case", CHANGES)
def test_a_fault_is_named_by_file_record_field_and_nearest_value(case: str, small: Raw, tmp_path: Path) -> None:
    """One damaged field is one fault, at its place."""
    name, change, field, near = CHANGES[case]
    known = {
        "{last}": small["initiatives"][-1]["id"],
        "{body}": max((r["id"] for r in small["organizations"]), key=len),
    }

    def filled(value: Any) -> Any:
        if isinstance(value, list):
            return [filled(inner) for inner in value]
        if isinstance(value, str):
            for mark, text in known.items():
                value = value.replace(mark, text)
        return value

    record = small[name][0]
    record |= {key: filled(value) for key, value in change.items()}
    (fault,) = faults_of(written(tmp_path / "package", small))
    assert (fault.file, fault.record, fault.field) == (f"{name}.json", record["id"], field)
    assert fault.message
    if near is ANY:
        assert fault.nearest in {country["alpha3"] for country in small["countries"]}
    else:
        assert fault.nearest == filled(near)
    assert len(str(fault)) < 1000


def test_a_misspelt_field_is_unknown_and_the_right_one_missing(small: Raw, tmp_path: Path) -> None:
    """Each of the two is named as the nearest to the other."""
    record = small["initiatives"][0]
    record["tittle"] = record.pop("title")
    faults = faults_of(written(tmp_path / "package", small))
    assert {(fault.record, fault.field, fault.nearest) for fault in faults} == {
        (record["id"], "tittle", "title"),
        (record["id"], "title", "tittle"),
    }


LATER_FIELDS = {
    "entities": {"identifiers"},
    "organizations": {"identifiers", "ended", "successor"},
    "initiatives": {"kind", "sectors", "last_seen"},
    "partnerships": {"start", "end", "last_seen", "sectors"},
    "resources": {"identifiers", "sectors"},
}
"""Fields that came after the first packages, by collection."""


@pytest.mark.parametrize("name", [*KINDS, "findings", "hosts"])
def test_every_field_is_required_and_no_other_allowed(name: str, small: Raw, tmp_path: Path) -> None:
    """What is not known is null or empty; only fields that older packages have not may be left out."""
    for place, field in enumerate(small[name][0].keys() - LATER_FIELDS.get(name, set())):
        content = {**small, name: [dict(small[name][0]), *small[name][1:]]}
        del content[name][0][field]
        found = places(faults_of(written(tmp_path / str(place), content)))
        assert {(f"{name}.json", field)} == {(file, where) for file, _, where in found}
    small[name][0]["quokka"] = None
    assert [fault.field for fault in faults_of(written(tmp_path / "more", small))] == ["quokka"]


def test_identifiers_are_read_as_they_stand(small: Raw, tmp_path: Path) -> None:
    """Identifiers come out typed and in order; a package from before there were any loads as if they were empty."""
    known = [{"type": "isbn", "value": "9789221231493"}, {"type": "document_symbol", "value": "A/HRC/26/37"}]
    small["resources"][0]["identifiers"] = known
    for name in ("entities", "organizations"):
        for record in small[name]:
            record.pop("identifiers")
    small["vocabulary"] = [term for term in small["vocabulary"] if term["vocabulary"] != "identifier_type"]
    loaded = im.load(written(tmp_path / "package", small))
    first = loaded.resources[str(small["resources"][0]["id"])]
    assert [str(one) for one in first.identifiers] == ["ISBN 9789221231493", "Document symbol A/HRC/26/37"]
    assert first.to_dict()["identifiers"] == known
    assert {one.identifiers for one in (*loaded.entities, *loaded.organizations)} == {()}


@pytest.mark.parametrize("identifier", ["Not An Id", "", "a--b", "-a", "a_b", "é", "a\n", "x" * 30_000, 7, None, []])
def test_a_bad_id_is_a_fault_of_the_record(identifier: object, small: Raw, tmp_path: Path) -> None:
    """A record without a usable id is named by what it has, or by its position."""
    small["resources"][1]["id"] = identifier
    (fault,) = faults_of(written(tmp_path / "package", small))
    assert (fault.file, fault.field) == ("resources.json", "id")
    short = isinstance(identifier, str) and 0 < len(identifier) < 100
    assert fault.record == (identifier if short else "[1]")


@pytest.mark.parametrize("name", [*KINDS, "findings", "hosts"])
def test_a_duplicate_id_is_a_fault(name: str, small: Raw, tmp_path: Path) -> None:
    """Even if the two records are equal."""
    small[name].append(copy.deepcopy(small[name][0]))
    key = "host" if name == "hosts" else "id"
    assert places(faults_of(written(tmp_path / "package", small))) == {(f"{name}.json", small[name][0][key], key)}


def test_an_organization_with_the_id_of_an_entity_is_a_fault(small: Raw, tmp_path: Path) -> None:
    """Ids are unique over both files, since either may stand in a role."""
    small["organizations"].append({**small["organizations"][0], "id": small["entities"][0]["id"], "former_ids": []})
    faults = faults_of(written(tmp_path / "package", small))
    assert ("organizations.json", small["entities"][0]["id"], "id") in places(faults)


def test_organs_of_each_other_are_a_fault(small: Raw, tmp_path: Path) -> None:
    """Nothing is a part of itself, not even through others."""
    one, other = small["organizations"][:2]
    one["part_of"], other["part_of"] = other["id"], one["id"]
    found = places(faults_of(written(tmp_path / "package", small)))
    assert found == {("organizations.json", body["id"], "part_of") for body in (one, other)}


@pytest.mark.parametrize("item", [None, 7, "text", [], True])
def test_what_is_no_record_is_a_fault_at_its_position(item: object, small: Raw, tmp_path: Path) -> None:
    """A list of records holds objects."""
    small["partnerships"].insert(1, item)  # type: ignore[arg-type]
    assert places(faults_of(written(tmp_path / "package", small))) == {("partnerships.json", "[1]", "")}


@pytest.mark.parametrize("name", ["countries", "vocabulary"])
def test_other_countries_and_terms_than_the_library_has_are_faults(name: str, small: Raw, tmp_path: Path) -> None:
    """A package brings records, not terms: changed, missing, added and repeated ones are all named."""
    changed, missing, *_, repeated = small[name]
    label = "label" if name == "vocabulary" else "name"
    changed[label] = "Quokka"
    small[name].remove(missing)
    small[name] += [repeated, {**repeated, "value": "quokka", "alpha3": "QQQ"}]
    faults = faults_of(written(tmp_path / "package", small))
    assert {fault.file for fault in faults} == {f"{name}.json"}
    assert len(faults) == 4


# --- several faults --------------------------------------------------------------------------------------------------


def test_faults_of_every_file_are_all_in_one_error(small: Raw, tmp_path: Path) -> None:
    """Nobody repairs a package one fault at a time."""
    small["initiatives"][0]["themes"] = ["quokka", "prevention", "wombat"]
    small["initiatives"][0]["scope"] = "cosmic"
    small["initiatives"][1]["url"] = "nowhere"
    small["resources"][0]["year"] = 20
    small["entities"][0]["sources"] = []
    small["hosts"][0]["grade"] = "excellent"
    small["datapackage"] = []
    written(tmp_path / "package", small)
    (tmp_path / "package" / "findings.json").unlink()
    (tmp_path / "package" / "partnerships.json").write_bytes(b"[\xff]")
    found = places(faults_of(tmp_path / "package"))
    assert found >= {
        ("initiatives.json", small["initiatives"][0]["id"], "themes[0]"),
        ("initiatives.json", small["initiatives"][0]["id"], "themes[2]"),
        ("initiatives.json", small["initiatives"][0]["id"], "scope"),
        ("initiatives.json", small["initiatives"][1]["id"], "url"),
        ("resources.json", small["resources"][0]["id"], "year"),
        ("entities.json", small["entities"][0]["id"], "sources"),
        ("hosts.json", small["hosts"][0]["host"], "grade"),
        ("datapackage.json", "", "resources"),
        ("findings.json", "", ""),
        ("partnerships.json", "", ""),
    }


def test_a_dangling_reference_is_named_beside_other_faults(small: Raw, tmp_path: Path) -> None:
    """A fault in one record hides no broken reference in another."""
    small["initiatives"][0]["themes"] = ["quokka"]
    small["initiatives"][1]["leads"] = ["no-such-body"]
    assert places(faults_of(written(tmp_path / "package", small))) == {
        ("initiatives.json", small["initiatives"][0]["id"], "themes[0]"),
        ("initiatives.json", small["initiatives"][1]["id"], "leads[0]"),
    }


def test_a_faulty_record_is_not_missed_by_those_that_refer_to_it(small: Raw, tmp_path: Path) -> None:
    """One fault is one fault: references to a record that is there, though damaged, are sound."""
    small["entities"][0]["kind"] = "quokka"
    (fault,) = faults_of(written(tmp_path / "package", small))
    assert (fault.file, fault.field) == ("entities.json", "kind")


def test_several_faults_of_one_record_are_all_named(small: Raw, tmp_path: Path) -> None:
    """An unknown field, a bad value, and an end before the start."""
    small["initiatives"][0] |= {"quokka": 1, "scope": "cosmic", "start": "2020", "end": "2010", "sources": []}
    fields = {fault.field for fault in faults_of(written(tmp_path / "package", small))}
    assert fields == {"quokka", "scope", "end", "sources"}


def test_an_error_of_many_faults_shows_some_and_counts_all(small: Raw, tmp_path: Path) -> None:
    """The message stays readable; the attribute has them all."""
    for record in small["organizations"]:
        record["kind"] = "quokka"
    with pytest.raises(im.DatasetError) as caught:
        im.load(written(tmp_path / "package", small))
    count = len(small["organizations"])
    assert len(caught.value.faults) == count
    assert str(caught.value).startswith(f"{count} faults")


# --- limits ------------------------------------------------------------------------------------------------------


def test_no_more_faults_are_named_than_anybody_reads(small: Raw, tmp_path: Path) -> None:
    """A file of a million empty objects has twenty million; the last that is named says that there are more."""
    folder = damaged(small, tmp_path / "package", "initiatives.json", "[" + ",".join(["{}"] * 10**6) + "]")
    faults = faults_of(folder)
    assert len(faults) == 10_001
    assert "stopped" in faults[-1].message
    assert faults[0].nearest is None


def test_many_wrong_names_take_no_longer_than_a_few(small: Raw, tmp_path: Path) -> None:
    """The first come with the nearest valid value; for thousands of different ones nobody would wait."""
    small["initiatives"][0]["leads"] = [f"iomm-{number}" for number in range(9000)]
    small["organizations"] += [
        {**small["organizations"][0], "id": f"body-{number}", "former_ids": [], "identifiers": []}
        for number in range(3000)
    ]
    began = time.process_time()
    faults = faults_of(written(tmp_path / "package", small))
    assert time.process_time() - began < 60  # to compare each with each would take minutes
    assert len(faults) == 9000
    assert faults[0].nearest is not None


def test_a_list_of_more_values_than_there_could_be_is_one_fault(small: Raw, tmp_path: Path) -> None:
    """Its values are not looked at."""
    small["initiatives"][0]["countries"] = ["nowhere"] * 10_001
    assert places(faults_of(written(tmp_path / "package", small))) == {
        ("initiatives.json", small["initiatives"][0]["id"], "countries")
    }


def test_organs_within_organs_end_somewhere(small: Raw, tmp_path: Path) -> None:
    """A hundred and one within each other load; each more of them is a fault."""
    blank = {**small["organizations"][0], "body_of": None, "former_ids": [], "identifiers": []}
    chain = [{**blank, "id": f"link-{number}", "part_of": f"link-{number + 1}"} for number in range(104)]
    chain[100]["part_of"] = None
    loaded = im.load(written(tmp_path / "hundred", small | {"organizations": small["organizations"] + chain[:101]}))
    assert loaded.organizations["link-0"].part_of == "link-1"
    chain[100]["part_of"], chain[103]["part_of"] = "link-101", None
    faults = faults_of(written(tmp_path / "more", small | {"organizations": small["organizations"] + chain}))
    assert places(faults) == {("organizations.json", f"link-{number}", "part_of") for number in range(3)}


@pytest.mark.parametrize("version", ["", " ", "1\n2", "\ud800", "x" * 101, 7, []])
def test_a_version_is_a_short_text(version: object, small: Raw, tmp_path: Path) -> None:
    """It is shown and written without further thought."""
    small["datapackage"]["version"] = version  # type: ignore[call-overload]
    text = json.dumps(small["datapackage"])
    folder = damaged({**small, "datapackage": []}, tmp_path / "package", "datapackage.json", text)
    assert places(faults_of(folder)) == {("datapackage.json", "", "version")}


def test_files_are_no_larger_together_than_anybody_needs(
    small: Raw, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file that is too much is named, from a folder and from a zip file."""
    folder = written(tmp_path / "package", small)
    size = sum(file.stat().st_size for file in folder.iterdir())
    for path in (folder, zipped(folder, tmp_path / "package.zip")):
        monkeypatch.setattr("icatmapping.datapackage.reading.MAX_BYTES", size)
        im.load(path)
        monkeypatch.setattr("icatmapping.datapackage.reading.MAX_BYTES", size - 1)
        (fault,) = faults_of(path)
        assert (fault.file, fault.field) == ("vocabulary.json", "")


# --- faults of a file ------------------------------------------------------------------------------------------------
