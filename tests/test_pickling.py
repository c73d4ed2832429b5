"""
Datasets and answers can be sent from one process to another.
"""

from __future__ import annotations

import copy
import json
import pickle
from typing import TYPE_CHECKING, Any

import pytest

import icatmapping as im
from support.packages import Raw, written
from support.questions import QUESTIONS

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("protocol", [2, pickle.HIGHEST_PROTOCOL])
def test_a_dataset_of_ones_own_survives_pickling_and_copying(protocol: int, small: Raw, tmp_path: Path) -> None:
    """It comes back equal, with its version, and answers as before."""
    ds = im.load(written(tmp_path / "package", small))
    ds.initiatives.search("labour")
    for again in (pickle.loads(pickle.dumps(ds, protocol)), copy.deepcopy(ds), copy.copy(ds)):
        assert again == ds
        assert again.version == ds.version
        assert again.initiatives.search("labour") == ds.initiatives.search("labour")
        assert im.overlaps(again) == im.overlaps(ds)


def test_a_part_of_the_bundled_dataset_is_sent_as_its_place_in_it(ds: im.Dataset) -> None:
    """A few bytes say which records they are; they come back in the same dataset."""
    parts = (ds.initiatives[:1], ds.initiatives, ds.resources[::-1], ds.initiatives.where(country="Ghana", since=2022))
    for part in parts:
        sent = pickle.dumps(part)
        assert len(sent) < 4000
        for again in (pickle.loads(sent), copy.copy(part), copy.deepcopy(part)):
            assert again.store is part.store
            assert list(again) == list(part)
            assert again.question == part.question
            assert again.possible == part.possible


def test_a_part_of_a_dataset_of_ones_own_is_sent_with_it(small: Raw, tmp_path: Path) -> None:
    """Two parts that are sent together come back in one dataset."""
    ds = im.load(written(tmp_path / "package", small))
    some, others = pickle.loads(pickle.dumps((ds.initiatives[1:3], ds.initiatives[2:])))
    assert (some, others) == (ds.initiatives[1:3], ds.initiatives[2:])
    assert some | others == ds.initiatives[1:]


@pytest.mark.slow
@pytest.mark.parametrize("name", QUESTIONS)
def test_an_answer_survives_pickling_and_copying(name: str, asked: dict[str, Any]) -> None:
    """It comes back equal, of the same type, and says the same."""
    answer = asked[name]
    for again in (pickle.loads(pickle.dumps(answer)), copy.deepcopy(answer), copy.copy(answer)):
        assert type(again) is type(answer)
        assert again == answer
        assert repr(again) == repr(answer)
        assert json.dumps(again.to_dict()) == json.dumps(answer.to_dict())
