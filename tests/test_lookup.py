"""
Finding one record by name, id, acronym or former id.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import icatmapping as im
from support.packages import KINDS, Raw, written
from support.reference import plain

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("kind", KINDS)
def test_every_name_finds_the_record_that_has_it_first(kind: str, ds: im.Dataset, raw: Raw) -> None:
    """Ids come before acronyms, acronyms before names, names before aliases, aliases before former ids."""
    tiers: list[dict[str, set[str]]] = [{}, {}, {}, {}, {}]
    for record in raw[kind]:
        spellings = (
            [record["id"]],
            [record.get("acronym") or ""],
            [record.get("name") or record["title"]],
            record.get("aliases", []),
            record["former_ids"],
        )
        for tier, names in zip(tiers, spellings, strict=True):
            for name in filter(None, names):
                tier.setdefault(plain(name), set()).add(record["id"])
    collection = ds.collection(kind)
    for name in {name for tier in tiers for name in tier}:
        holders = next(tier[name] for tier in tiers if name in tier)
        if len(holders) == 1:
            assert {collection[name].id} == holders
        else:
            with pytest.raises(im.AmbiguousNameError) as caught:
                collection[name]
            assert set(caught.value.candidates) == holders


@pytest.mark.parametrize("name", ["UNODC", "unodc", " Unodc ", "United Nations Office on Drugs and Crime", "ÜNÖDĆ"])
def test_case_and_diacritics_do_not_matter(name: str, ds: im.Dataset) -> None:
    """A name is found however it is typed."""
    assert ds.entities[name].id == "unodc"


def test_a_former_id_still_finds_its_record(ds: im.Dataset, raw: Raw) -> None:
    """An id in somebody's notebook works for ever."""
    former = {(kind, old): record["id"] for kind in KINDS for record in raw[kind] for old in record["former_ids"]}
    assert former
    assert {key: ds.collection(key[0])[key[1]].id for key in former} == former


def test_the_tiers_of_names_give_way_one_by_one(small: Raw, tmp_path: Path) -> None:
    """The same word as a name of every sort means the record that has it by the most formal one."""
    holders = small["organizations"][:4]
    changes: list[dict[str, Any]] = [
        {"acronym": "Zeta"},
        {"name": "Zeta"},
        {"aliases": ["Zéta"]},
        {"former_ids": ["zeta"]},
    ]
    for record, change in zip(holders, changes, strict=True):
        record.update(change)
    before: dict[str, Any] = {"acronym": None, "name": "Eta", "aliases": []}
    for place, change in enumerate(changes):
        assert im.load(written(tmp_path / str(place), small)).organizations["ZETA"].id == holders[place]["id"]
        holders[place].update({field: before.get(field) for field in change})


def test_an_id_comes_before_every_other_name(small: Raw, tmp_path: Path) -> None:
    """Whoever else is called so."""
    one, *others = small["organizations"]
    for other in others:
        other |= {"acronym": one["id"], "name": one["id"].upper(), "aliases": [one["id"].title()]}
    assert im.load(written(tmp_path / "package", small)).organizations[one["id"].upper()].id == one["id"]


def test_a_name_that_several_have_equally_is_ambiguous(small: Raw, tmp_path: Path) -> None:
    """No record is preferred; the error says which there are, and no default hides it."""
    holders = small["organizations"][:2]
    for record in holders:
        record["acronym"] = "ZETA"
    organizations = im.load(written(tmp_path / "package", small)).organizations
    for ask in (organizations.__getitem__, organizations.get):
        with pytest.raises(im.AmbiguousNameError) as caught:
            ask("zeta")
        assert caught.value.candidates == tuple(sorted(record["id"] for record in holders))


def test_a_name_is_looked_up_among_the_records_asked_for(ds: im.Dataset) -> None:
    """A part of a collection knows only its own."""
    part = ds.entities.where(kind="un_specialized_agency")
    assert part["ILO"].id == "ilo"
    with pytest.raises(im.UnknownNameError):
        part["UNODC"]


def test_a_miss_raises_with_the_nearest_names_or_gives_the_default(ds: im.Dataset) -> None:
    """An unknown name is a LookupError that helps; get gives None or what it was told to."""
    with pytest.raises(im.UnknownNameError, match="UNODC"):
        ds.entities["UNDOC"]
    with pytest.raises(LookupError):
        ds.entities["no such body"]
    assert ds.entities.get("no such body") is None
    assert ds.entities.get("no such body", "nobody") == "nobody"


@given(name=st.text())
@example("\0")
@example("\ud800")
@example("x" * 10_000)
def test_any_text_is_safe_to_look_up(ds: im.Dataset, name: str) -> None:
    """A lookup finds a record or raises an UnknownNameError, whose message can be shown."""
    try:
        found = ds.organizations[name]
    except im.UnknownNameError as error:
        message = str(error)
        assert len(message.encode()) < 2000
    else:
        assert found in ds.organizations


# --- a sequence ------------------------------------------------------------------------------------------------------
