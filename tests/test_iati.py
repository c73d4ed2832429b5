"""
Activities of the IATI standard: read, judged, written so that the official schema and the reader accept them.
"""

from __future__ import annotations

import importlib.metadata
import tracemalloc
from typing import TYPE_CHECKING, Any

import pytest
from attrs import evolve
from lxml import etree

import icatmapping as im
from icatmapping.io.iati_codes import by_key, judge, patterns

if TYPE_CHECKING:
    from pathlib import Path

PUBLISHER = ("XX-EXAMPLE-1", "Example organization", "22")


def activity(identifier: str, title: str, *parts: str) -> str:
    return (
        f"<iati-activity><iati-identifier>{identifier}</iati-identifier>"
        f"<title><narrative>{title}</narrative></title>{''.join(parts)}</iati-activity>"
    )


def as_file(folder: Path, *activities: str, version: str = "2.03") -> Path:
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<iati-activities version="{version}">'
    (folder / "activities.xml").write_text(f"{text}{''.join(activities)}</iati-activities>", encoding="utf-8")
    return folder / "activities.xml"


FULL = activity(
    "XM-EXAMPLE-7",
    "Ending human trafficking in Namibia",
    '<description type="1"><narrative xml:lang="fr">Texte</narrative>'
    '<narrative xml:lang="en">Helps victims.</narrative></description>',
    '<description type="2"><narrative>Objectives of it.</narrative></description>',
    '<participating-org role="1" type="10"><narrative>Government of Norway</narrative></participating-org>',
    '<participating-org role="2" type="40"><narrative>UNODC</narrative></participating-org>',
    '<participating-org role="4" type="21"><narrative>Helpers of Nowhere</narrative></participating-org>',
    '<activity-status code="4"/><activity-date type="1" iso-date="2018-01-01"/>',
    '<activity-date type="2" iso-date="2018-04-15"/><activity-date type="3" iso-date="2020-12-31"/>',
    '<activity-scope code="4"/><recipient-country code="NA"/><recipient-region vocabulary="1" code="1029"/>',
    '<sector vocabulary="1" code="15160"/><transaction><sector code="15190"/>'
    '<recipient-country code="ZA"/></transaction>',
    '<document-link url="https://example.org/project" format="text/html"><category code="A12"/></document-link>',
)


def test_an_activity_becomes_an_initiative(tmp_path: Path) -> None:
    """Each element is taken for the field that it is; what no field holds is kept."""
    draft = im.read_iati(as_file(tmp_path, FULL))
    (record,) = draft.records["initiatives"]
    assert (record.id, record.title, record.summary) == (
        "xm-example-7",
        "Ending human trafficking in Namibia",
        "Helps victims.",
    )
    assert (record.start, record.end, record.status, record.scope) == ("2018-04", "2020-12", "completed", "national")
    assert (record.countries, record.regions) == (("NAM", "ZAF"), ("Southern Africa",))
    assert (record.leads, record.donors, record.partners) == (("unodc",), ("norway-gov",), ())
    assert record.url == "https://example.org/project"
    assert "internal: IATI activity XM-EXAMPLE-7" in record.sources
    assert "migration" in record.themes
    assert draft.extra[record.id]["Objectives"] == "Objectives of it."
    assert "“human trafficking”" in draft.extra[record.id]["About trafficking for"]
    assert [row.name for row in draft.new_bodies] == ["Helpers of Nowhere"]


def test_new_bodies_have_the_kind_that_the_file_states(ds: im.Dataset, tmp_path: Path) -> None:
    """A code of OrganisationType says what an organization is."""
    extended = im.read_iati(as_file(tmp_path, FULL), new_bodies="add").extend(ds)
    assert extended.organizations["Helpers of Nowhere"].kind == "ngo"
    assert extended.initiatives["xm-example-7"].partners == ("helpers-of-nowhere",)


@pytest.mark.parametrize(
    ("text", "codes", "expected"),
    [
        ("Fighting trafficking in persons", [], True),
        ("Lutte contre la traite des êtres humains", [], True),
        ("Prevención de la trata de personas", [], True),
        ("Against forced labour", [], True),
        ("Safe migration for girls at risk of exploitation", [("sector", "1", "15190")], True),
        ("Safe migration for girls at risk of exploitation", [], False),
        ("Safe migration", [("sector", "1", "15190")], False),
        ("Decent work", [("tag", "3", "8.7")], True),
        ("Against drug trafficking and arms trafficking", [("sector", "1", "15132")], False),
        ("Against wildlife trafficking", [("sector", "1", "15160")], False),
        ("Road maintenance", [("sector", "1", "21020")], False),
        ("Illicit trafficking in cultural goods", [("sector", "1", "15160")], False),
    ],
)
def test_what_is_about_trafficking_in_persons(text: str, codes: Any, expected: bool) -> None:  # noqa: FBT001
    """Codes and words decide, or support each other; what is trafficked and no person does not count."""
    assert judge(codes, text, by_key(im.IATI_CODES), patterns(im.IATI_WORDS)).is_about is expected


def test_the_judgement_can_be_adjusted(tmp_path: Path) -> None:
    """Another table of codes, or everything."""
    path = as_file(
        tmp_path, activity("A-1", "Roads", '<sector vocabulary="1" code="21020"/>'), activity("A-2", "Schools")
    )
    draft = im.read_iati(path)
    assert (draft.records["initiatives"], [row.cells for row in draft.left_out]) == (
        (),
        [("A-1", "Roads"), ("A-2", "Schools")],
    )
    mine = [*im.IATI_CODES, im.IatiCode("sector", "1", "21020", "Road transport", "decides")]
    assert [one.id for one in im.read_iati(path, codes=mine).records["initiatives"]] == ["a-1"]
    assert len(im.read_iati(path, everything=True).records["initiatives"]) == 2


def test_cancelled_activities_are_left_out_and_told(tmp_path: Path) -> None:
    """What never was is no record."""
    path = as_file(tmp_path, activity("A-1", "Human trafficking", '<activity-status code="5"/>'))
    assert [row.reason for row in im.read_iati(path).left_out] == ["is cancelled"]


def schema() -> etree.XMLSchema:
    """Give the official schema of version 2.03, as the package pyIATI ships it."""
    try:
        files = importlib.metadata.files("pyIATI") or []
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("pyIATI is not installed: pip install --no-deps pyIATI")
    path = next(file for file in files if str(file).endswith("2-03/schemas/iati-activities-schema.xsd"))
    return etree.XMLSchema(etree.parse(str(path.locate())))


@pytest.mark.slow
def test_the_official_schema_accepts_what_is_written(ds: im.Dataset, tmp_path: Path) -> None:
    """All initiatives, also those without leads or with every character."""
    hostile = evolve(
        ds.initiatives[0], id="hostile", title="A & B <c> “d” \U0001f600", leads=(), partners=(), donors=()
    )
    im.write_iati(ds.extended([hostile]), tmp_path / "out.xml", PUBLISHER)
    official = schema()
    assert official.validate(etree.parse(str(tmp_path / "out.xml"))), official.error_log


def test_what_is_written_reads_back_the_same(ds: im.Dataset, tmp_path: Path) -> None:
    """Every initiative with a date, field by field; those without one are not written."""
    im.write_iati(ds, tmp_path / "out.xml", PUBLISHER)
    draft = im.read_iati(tmp_path / "out.xml")
    dated = [record for record in ds.initiatives if record.start or record.end]
    assert list(draft.records["initiatives"]) == dated
    assert len(draft.problems) == len(draft.left_out) == 0


@pytest.mark.slow
def test_a_long_file_is_read_in_little_memory(tmp_path: Path) -> None:
    """Forty megabytes of activities with many transactions take a few."""
    transactions = f"<transaction><description><narrative>{'x' * 400}</narrative></description></transaction>" * 20
    with (tmp_path / "long.xml").open("w", encoding="utf-8") as file:
        file.write('<iati-activities version="2.03">')
        for number in range(4_500):
            file.write(activity(f"A-{number}", "Roads", transactions))
        file.write(f"{activity('B-1', 'Human trafficking')}</iati-activities>")
    im.read_iati(as_file(tmp_path, FULL))  # what is loaded once does not count
    tracemalloc.start()
    draft = im.read_iati(tmp_path / "long.xml")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (tmp_path / "long.xml").stat().st_size > 40e6
    assert peak < 10e6
    assert [one.id for one in draft.records["initiatives"]] == ["b-1"]


HEAD = '<iati-activities version="2.03">'


@pytest.mark.slow
@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('<!DOCTYPE a [<!ENTITY b "x">]><iati-activities/>', "declares a document type or entities"),
        (
            '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><iati-activities>&b;</iati-activities>',
            "declares a document type or entities",
        ),
        ('<!DOCTYPE a SYSTEM "file:///etc/passwd"><iati-activities/>', "declares a document type or entities"),
        ("<html/>", "begins with <html>"),
        ("<iati-organisations/>", "is an organisation file"),
        ("", "is not well-formed XML: no element found: line 1"),
        (f"{HEAD}<x", "is not well-formed XML: unclosed token: line 1"),
        ('<?xml version="1.0" encoding="klingon"?><iati-activities/>', "unknown encoding"),
        (f"{HEAD}<iati-activity>{'<title/>' * 2_500_000}</iati-activity></iati-activities>", "more than 16 MB"),
    ],
    ids=["entity", "bomb", "external", "html", "organisations", "empty", "broken", "encoding", "huge"],
)
def test_what_is_no_activity_file_is_refused(tmp_path: Path, content: str, message: str) -> None:
    """The error names the file and the place."""
    (tmp_path / "file.xml").write_text(content, encoding="utf-8")
    with pytest.raises(im.UnreadableFileError, match=message) as error:
        im.read_iati(tmp_path / "file.xml")
    assert str(error.value).startswith("file.xml: ")


def test_a_file_that_breaks_off_keeps_what_was_read(tmp_path: Path) -> None:
    """The draft says where it ends."""
    path = tmp_path / "broken.xml"
    path.write_text(f"{HEAD}{activity('A-1', 'Human trafficking')}\n<iati-activity><tit", encoding="utf-8")
    draft = im.read_iati(path)
    assert [one.id for one in draft.records["initiatives"]] == ["a-1"]
    assert any("breaks off after 1 activities" in note and "line 2" in note for note in draft.notes)


def test_only_initiatives_are_activities(ds: im.Dataset) -> None:
    """Other records and publishers without an identifier are refused."""
    with pytest.raises(TypeError, match="not of resources"):
        im.to_iati(ds.resources, PUBLISHER)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="no blanks"):
        im.to_iati(ds, ("X X", "Name"))
