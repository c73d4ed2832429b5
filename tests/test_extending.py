"""
Records of one's own laid over a dataset: checked together with it, and never a change of it.
"""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import icatmapping as im
from support.packages import KINDS, Raw, written

if TYPE_CHECKING:
    from pathlib import Path

MINE: dict[str, Any] = {
    "id": "our-shelter",
    "title": "Our shelter",
    "summary": "Shelter and legal aid for survivors, run with the national agency.",
    "leads": ["our-ngo"],
    "partners": ["naptip", "iom"],
    "scope": "national",
    "countries": ["NGA"],
    "themes": ["protection"],
    "start": "2025-03",
    "status": "ongoing",
    "sources": ["https://example.org/shelter"],
    "checked": "2026-11",
}
OURSELVES: dict[str, Any] = {
    "id": "our-ngo",
    "name": "Our NGO",
    "kind": "ngo",
    "country": "NGA",
    "sources": ["https://example.org/about"],
    "checked": "2026-11",
}
BOTH = {"initiatives": [MINE], "organizations": [OURSELVES]}


def _stored(form: str, place: Path) -> Path:
    """Store the records in one of the forms that they may come in."""
    folder = written(place / "ours", BOTH)
    if form == "folder":
        return folder
    archive = place / "ours.zip"
    with zipfile.ZipFile(archive, "w") as target:
        for file in folder.iterdir():
            target.write(file, f"ours/{file.name}" if form == "folder in a zip" else file.name)
    return archive


@pytest.mark.parametrize("form", ["folder", "zip", "folder in a zip"])
def test_records_in_files_are_added(form: str, tmp_path: Path, ds: im.Dataset) -> None:
    """Wherever the files lie, they say the same as the records themselves."""
    assert ds.extended(_stored(form, tmp_path)) == ds.extended(BOTH)


def test_added_records_take_part_in_everything(ds: im.Dataset) -> None:
    """They are found, filtered, counted and tie organizations, beside all that was there."""
    ours = ds.extended(BOTH)
    assert ours.initiatives["our shelter"].leads == ("our-ngo",)
    assert ours.initiatives["our-shelter"].donors == ()
    assert {one.id for one in ours.initiatives.where(country="Nigeria", organization="Our NGO")} == {"our-shelter"}
    assert im.partnership_graph(ours, country="Nigeria").has_edge("our-ngo", "naptip")
    before = {row.value: row.count for row in im.coverage(ds.initiatives, "country")}
    after = {row.value: row.count for row in im.coverage(ours.initiatives, "country")}
    assert after == before | {"NGA": before["NGA"] + 1}


def test_the_original_stays_as_it_was(ds: im.Dataset, raw: Raw) -> None:
    """Neither records nor indexes of the dataset that was extended change."""
    before = len(ds.initiatives.where(country="Nigeria"))
    changed = attrs.evolve(ds.initiatives["50-for-freedom"], countries=("NGA",))
    ours = ds.extended([changed])
    assert len(ours.initiatives) == len(ds.initiatives)
    assert ours.initiatives["50-for-freedom"].countries == ("NGA",)
    assert len(ours.initiatives.where(country="Nigeria")) == before + 1
    assert ds.initiatives.to_dict() == raw["initiatives"]
    assert len(ds.initiatives.where(country="Nigeria")) == before


def test_a_version_says_that_records_were_laid_over(ds: im.Dataset) -> None:
    """Once is enough."""
    once = ds.extended(BOTH)
    assert once.version == f"{ds.version}+extended" == once.extended({}).version


@pytest.mark.parametrize(
    ("change", "place", "near"),
    [
        ({"countries": ["NGA", "ZWX"]}, "countries[1]", "ZWE"),
        ({"leads": ["unodcc"]}, "leads[0]", "unodc"),
        ({"tilte": "x"}, "tilte", None),
        ({"sources": []}, "sources", None),
        ({"former_ids": ["50-for-freedom"]}, "former_ids[0]", None),
    ],
)
def test_what_breaks_a_rule_is_named_and_nothing_is_laid_over(
    change: dict[str, Any], place: str, near: str | None, ds: im.Dataset
) -> None:
    """The faults are those of the records that were given, at their places."""
    with pytest.raises(im.DatasetError) as caught:
        ds.extended({"initiatives": [MINE | change], "organizations": [OURSELVES]})
    (fault,) = caught.value.faults
    assert (fault.file, fault.record, fault.field) == ("initiatives.json", "our-shelter", place)
    assert near is None or fault.nearest == near


def test_a_reference_to_a_record_that_is_replaced_stays_good(ds: im.Dataset) -> None:
    """A partnership that names an initiative names the one that took its place."""
    linked = next(one for one in ds.partnerships if one.initiative)
    target = ds.initiatives[str(linked.initiative)]
    ours = ds.extended([attrs.evolve(target, title="Another title")])
    assert ours.initiatives[str(ours.partnerships[linked.id].initiative)].title == "Another title"


def test_an_organization_with_the_id_of_an_entity_is_refused(ds: im.Dataset) -> None:
    """Ids are unique over both, also across what was there and what is new."""
    with pytest.raises(im.DatasetError, match="is also the id of an entity"):
        ds.extended({"organizations": [OURSELVES | {"id": "iom"}]})


@pytest.mark.parametrize("name", ["initiative.json", "Initiatives.json", "notes.json"])
def test_a_file_that_is_none_of_a_package_is_not_passed_over(name: str, tmp_path: Path, ds: im.Dataset) -> None:
    """A misspelt name of a file would otherwise lose all that is in it."""
    (tmp_path / name).write_text(json.dumps([MINE]))
    with pytest.raises(im.DatasetError, match="is not a file of a data package"):
        ds.extended(tmp_path)
    with pytest.raises(im.DatasetError, match="is not a file of a data package"):
        ds.extended(tmp_path / name)


def test_a_single_file_is_enough(tmp_path: Path, ds: im.Dataset) -> None:
    """Its name says what its records are."""
    (tmp_path / "organizations.json").write_text(json.dumps([OURSELVES]))
    assert ds.extended(tmp_path / "organizations.json").organizations["Our NGO"].country == "NGA"


@pytest.mark.parametrize("given", [7, [7], [{"id": "x"}], [None], {"initiatives": 7}])
def test_what_holds_no_records_is_a_type_error(given: Any, ds: im.Dataset) -> None:
    """A number or a mapping without a collection says nothing of what it is."""
    with pytest.raises(TypeError):
        ds.extended(given)


def test_an_unknown_collection_is_named_with_the_nearest(ds: im.Dataset) -> None:
    """As any other name."""
    with pytest.raises(im.UnknownNameError, match="did you mean 'initiatives'"):
        ds.extended({"initiative": [MINE]})


def test_empty_places_hold_nothing_to_lay_over(tmp_path: Path, ds: im.Dataset) -> None:
    """A path that leads to no records is a mistake, not an empty extension."""
    for place in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(im.DatasetError):
            ds.extended(place)


def check_laid_over_itself(ds: im.Dataset, chosen: list[Any]) -> None:
    assert ds.extended(chosen) == ds
    plain = {kind: [one.to_dict() for one in chosen if one.collection == kind] for kind in KINDS}
    assert ds.extended(plain) == ds


@given(data=st.data())
def test_records_laid_over_themselves_change_nothing(data: st.DataObject, small_ds: im.Dataset) -> None:
    """In any order, as records or as plain data."""
    records = [record for kind in KINDS for record in small_ds.collection(kind)]
    order = data.draw(st.permutations(records))
    check_laid_over_itself(small_ds, order[: data.draw(st.integers(0, 10))])


def test_bundled_records_laid_over_themselves_change_nothing(ds: im.Dataset) -> None:
    """So it is with some of every kind that come with the library."""
    check_laid_over_itself(ds, [record for kind in KINDS for record in ds.collection(kind)[::-97]])
