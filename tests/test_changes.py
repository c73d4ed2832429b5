"""
What is told of the difference between two versions.
"""

from __future__ import annotations

from attrs import evolve

import icatmapping as im


def dataset_of(ds: im.Dataset, **replaced: list[im.Initiative]) -> im.Dataset:
    """Make a dataset with other initiatives."""
    from icatmapping.datapackage.package import Package  # noqa: PLC0415

    package = ds.to_package()
    held = {name: getattr(package, name) for name in Package.__match_args__}  # type: ignore[attr-defined]
    return im.Dataset(Package(**(held | {name: tuple(records) for name, records in replaced.items()})))


def test_nothing_changed_is_no_change(ds: im.Dataset) -> None:
    """A version compared with itself has none."""
    assert len(im.changes(ds, ds)) == 0
    assert "nothing changed" in str(im.changes(ds, ds))


def test_added_changed_and_gone(ds: im.Dataset) -> None:
    """Each record is told by id; what changed, field by field with both values."""
    first, second, *rest = ds.initiatives
    newer = dataset_of(
        ds, initiatives=[evolve(first, end="2031", partners=()), *rest, evolve(second, id="new-one", title="New one")]
    )
    found = im.changes(ds, newer)
    told = {(row.kind, row.id, row.field) for row in found}
    fields = {"end"} | ({"partners"} if first.partners else set())
    expected = {("changed", first.id, name) for name in fields}
    assert told == expected | {("added", "new-one", None), ("gone", second.id, None)}
    change = next(row for row in found if row.field == "end")
    assert (change.before, change.after) == (first.end, "2031")
    assert found.counts == {"added": 1, "changed": 1, "gone": 1, "merged": 0, "renamed": 0}


def test_a_former_id_tells_what_was_merged_and_what_was_renamed(ds: im.Dataset) -> None:
    """Merged into a record that was there before; renamed, if it was not."""
    first, second, third, *rest = ds.initiatives
    merged = evolve(first, former_ids=(*first.former_ids, second.id))
    renamed = evolve(third, id="another-name", former_ids=(*third.former_ids, third.id))
    found = im.changes(ds, dataset_of(ds, initiatives=[merged, *rest, renamed]))
    into = {row.id: (row.kind, row.into) for row in found if row.into}
    assert into == {second.id: ("merged", first.id), third.id: ("renamed", "another-name")}
    assert not found.of("gone")
    assert not found.of("added")


def test_changes_are_plain_data_and_text(ds: im.Dataset) -> None:
    """They can be printed, and written as JSON."""
    found = im.changes(ds, ds.extended([evolve(ds.initiatives[0], id="mine", title="Mine")]))
    assert found.to_dict()["rows"][0]["id"] == "mine"
    assert "added: initiatives: mine (Mine)" in str(found)
