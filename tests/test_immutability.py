"""
Callers that change what they are given change nothing for anybody else.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping, MutableMapping, MutableSequence, MutableSet
from enum import Enum
from typing import TYPE_CHECKING, Any

import attrs
import pytest

import icatmapping as im
from support.packages import KINDS, Raw, written
from support.questions import QUESTIONS

if TYPE_CHECKING:
    from pathlib import Path


def _parts(value: Any, seen: set[int]) -> Iterator[Any]:
    """Walk over everything that a caller can reach from an answer by its public attributes."""
    if id(value) in seen or value is None or isinstance(value, str | int | float | Enum | type):
        return
    seen.add(id(value))
    yield value
    inner: list[Any] = []
    if attrs.has(type(value)):
        names = [attribute.name for attribute in attrs.fields(type(value))]
        inner += [getattr(value, name) for name in names if not name.startswith("_")]
    if isinstance(value, Mapping):
        inner += [*value.keys(), *value.values()]
    elif isinstance(value, tuple | list | set | frozenset | im.Collection):
        inner += value
    for one in inner:
        yield from _parts(one, seen)


@pytest.mark.parametrize("name", QUESTIONS)
def test_nothing_in_an_answer_can_be_changed(name: str, asked: dict[str, Any]) -> None:
    """Whatever it is made of is frozen, down to the mappings and the records."""
    answer = asked[name]
    parts = list(_parts(answer, set()))
    assert parts
    for part in parts:
        assert not isinstance(part, MutableMapping | MutableSequence | MutableSet | bytearray), type(part)
        if attrs.has(type(part)):
            field = attrs.fields(type(part))[0].name
            with pytest.raises(AttributeError):
                setattr(part, field, None)
            with pytest.raises(AttributeError):
                delattr(part, field)
        elif isinstance(part, Mapping):
            changed: Any = part
            with pytest.raises(TypeError):
                changed["quokka"] = 1


@pytest.mark.parametrize("name", QUESTIONS)
def test_what_is_done_to_plain_data_changes_no_answer(name: str, asked: dict[str, Any]) -> None:
    """Each call gives its own, at every depth."""
    before = json.dumps(asked[name].to_dict())
    _spoil(asked[name].to_dict())
    assert json.dumps(asked[name].to_dict()) == before


def _spoil(data: Any) -> None:
    for item in list(data.values() if isinstance(data, dict) else data):
        if isinstance(item, dict | list):
            _spoil(item)
    data.clear()


@pytest.mark.parametrize("make", [im.partnership_graph, im.affiliation_graph])
def test_a_graph_is_the_callers_own(make: Any, ds: im.Dataset) -> None:
    """What is done to it, or to what its nodes and edges carry, shows in no other graph and no later answer."""
    first = make(ds, country="Nigeria")
    nodes, edges = dict(first.nodes(data=True)), list(first.edges(data=True))
    kept = copy.deepcopy((nodes, edges))
    summary = im.network_summary(ds, country="Nigeria")
    for carried in (*nodes.values(), *(attributes for *_, attributes in edges)):
        for value in carried.values():
            if isinstance(value, list):
                value.clear()
        carried.clear()
    first.clear()
    again = make(ds, country="Nigeria")
    assert (dict(again.nodes(data=True)), list(again.edges(data=True))) == kept
    assert im.network_summary(ds, country="Nigeria") == summary


def test_the_shared_dataset_cannot_be_changed(small: Raw, tmp_path: Path) -> None:
    """None of the public attributes of a dataset can be set or taken away, nor can what they give."""
    for ds in (im.load(), im.load(written(tmp_path / "package", small))):
        names = [name for name in dir(ds) if not name.startswith("_")]
        assert {"version", "directory", *KINDS} <= set(names)
        assert [name for name in names if _can_be_set(ds, name)] == []
        bodies: Any = ds.directory.by_id
        with pytest.raises(TypeError):
            bodies["quokka"] = None


def _can_be_set(thing: object, name: str) -> bool:
    """Try to set an attribute, and leave no trace of it."""
    before = dict(vars(thing))
    try:
        setattr(thing, name, getattr(thing, name))
    except AttributeError:
        return False
    vars(thing).clear()
    vars(thing).update(before)
    return True
