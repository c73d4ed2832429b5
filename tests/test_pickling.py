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


@pytest.mark.parametrize("name", QUESTIONS)
def test_an_answer_survives_pickling_and_copying(name: str, asked: dict[str, Any]) -> None:
    """It comes back equal, of the same type, and says the same."""
    answer = asked[name]
    for again in (pickle.loads(pickle.dumps(answer)), copy.deepcopy(answer), copy.copy(answer)):
        assert type(again) is type(answer)
        assert again == answer
        assert repr(again) == repr(answer)
        assert json.dumps(again.to_dict()) == json.dumps(answer.to_dict())
