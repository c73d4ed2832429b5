"""
Use that no care was taken of: many threads at once, callers that change what they are given, any text for a search.

What a process is started with makes no difference to an answer, and answers can be sent from one to another.
"""

from __future__ import annotations

import copy
import hashlib
import json
import os
import pickle
import subprocess
import sys
import time
from collections.abc import Mapping, MutableMapping, MutableSequence, MutableSet
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import icatmapping as im
from conftest import KINDS, Raw, written

if TYPE_CHECKING:
    from collections.abc import Iterator

NIGERIA: dict[str, Any] = {"country": "Nigeria", "reach": "regional"}


def answers(ds: im.Dataset) -> dict[str, Any]:
    """Ask one question of every kind."""
    return {
        "where": ds.initiatives.where(theme=["prevention", "protection"], year=range(2015, 2020), **NIGERIA),
        "search": ds.resources.search("forced labour"),
        "coverage": im.coverage(ds.initiatives, "country", count="fractional", interval=0.9),
        "crosstab": im.crosstab(ds.initiatives, "region", "form"),
        "gaps": im.gaps(ds, rows="country", cols="theme", among="africa"),
        "overlaps": im.overlaps(ds),
        "portfolio": im.portfolio(ds, "UNODC"),
        "concentration": im.concentration(ds.initiatives, "country"),
        "timeline": im.timeline(ds.resources),
        "findings": im.findings(ds),
        "paths": im.collaboration_paths(ds, "UNODC", "UNICEF", **NIGERIA),
        "no paths": im.collaboration_paths(ds, "UNODC", "UNU", country="Nigeria"),
        "connections": im.connections(ds, country="Sudan"),
        "partners": im.suggest_partners(ds, "ILO", country="Nigeria"),
        "brokers": im.brokers(ds, **NIGERIA),
        "communities": im.communities(ds, **NIGERIA),
        "network": im.network_summary(ds, **NIGERIA),
        "brief": im.country_brief(ds, "Nigeria"),
        "tidy": im.tidy(ds.partnerships, "country", "theme"),
    }


QUESTIONS = (
    *("where", "search", "coverage", "crosstab", "gaps", "overlaps", "portfolio", "concentration", "timeline"),
    *("findings", "paths", "no paths", "connections", "partners", "brokers", "communities", "network", "brief", "tidy"),
)


@pytest.fixture(scope="module")
def asked(ds: im.Dataset) -> dict[str, Any]:
    """Give an answer to every question."""
    return answers(ds)


def digest(found: dict[str, Any]) -> str:
    """Give a sum of answers that no two different ones have."""
    return hashlib.sha256(json.dumps({name: one.to_dict() for name, one in found.items()}).encode()).hexdigest()


# --- threads ---------------------------------------------------------------------------------------------------------

THREADS = """
import sys, threading
import icatmapping as im
sys.setswitchinterval(1e-6)
ask = {
    "load": lambda: [list(im.load().initiatives), im.load().entities["UNODC"], im.load().organizations[7]],
    "search": lambda: list(im.load().resources.search("child labour")),
    "where": lambda: list(im.load().initiatives.where(country="NGA", entity="UNODC", evidence="own", reach="global")),
}[sys.argv[1]]
barrier, found, failures = threading.Barrier(64), [None] * 64, []
def thread(place):
    try:
        barrier.wait()
        found[place] = [im.load(), im.load().directory, *flat(ask())]
    except BaseException as error:
        failures.append(repr(error))
def flat(items):
    for item in items:
        yield from item if isinstance(item, list) else (item,)
threads = [threading.Thread(target=thread, args=(place,)) for place in range(64)]
[one.start() for one in threads]
[one.join() for one in threads]
assert not failures, failures[:3]
assert len(found[0]) > 3
for other in found:
    assert len(other) == len(found[0])
    assert all(one is another for one, another in zip(found[0], other))
print(*[record.id for record in found[0][2:]])
"""


@pytest.mark.parametrize("first", ["load", "search", "where"])
def test_threads_that_ask_first_all_get_the_same_objects(first: str, ds: im.Dataset) -> None:
    """Sixty-four at once in a fresh process: not equal records, but the same ones, as one thread finds them later."""
    expected: dict[str, list[Any]] = {
        "load": [*ds.initiatives, ds.entities["UNODC"], ds.organizations[7]],
        "search": [*ds.resources.search("child labour")],
        "where": [*ds.initiatives.where(country="NGA", entity="UNODC", evidence="own", reach="global")],
    }
    assert _run(THREADS, first).split() == [record.id for record in expected[first]]


def _run(script: str, *arguments: str, options: tuple[str, ...] = (), **environment: str) -> str:
    source = os.pathsep.join([str(Path(im.__file__).parents[1]), str(Path(__file__).parent)])
    done = subprocess.run(
        [sys.executable, *options, "-c", script, *arguments],
        env={**os.environ, "PYTHONPATH": source, "PYTHONDONTWRITEBYTECODE": "1", **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


# --- callers that change what they are given -------------------------------------------------------------------------


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


# --- searches --------------------------------------------------------------------------------------------------------

OPERATORS = st.sampled_from(
    [
        "AND",
        "OR",
        "NOT",
        "NEAR(",
        "NEAR/3",
        '"',
        "'",
        "*",
        "^",
        ":",
        "{name",
        "}",
        "-",
        "+",
        "(",
        ")",
        "name:",
        "a",
        "\0",
    ]
)


@given(text=st.one_of(st.text(), st.lists(st.one_of(OPERATORS, st.text(max_size=3)), max_size=12).map(" ".join)))
@example("\ud800\udfff")
@example("a\0b")
@example("\U0010ffff ﷺ ß ı İ")
def test_any_words_are_only_words_to_a_search(ds: im.Dataset, text: str) -> None:
    """No text is an error, and one search leaves nothing behind for the next."""
    for kind in KINDS:
        found = ds.collection(kind).search(text)
        assert set(found) <= set(ds.collection(kind))
        assert found == ds.collection(kind).search(text)
    assert ds.entities.search("drugs crime")[0].id == "unodc"


MEGABYTE = 10**6
LONG = {
    "a word again and again": "labour " * (MEGABYTE // 7),
    "words that begin each other": " ".join("trafficking"[: 1 + place % 11] for place in range(MEGABYTE // 7)),
    "different words": " ".join(map(str, range(MEGABYTE // 7))),
    "one word": "x" * MEGABYTE,
    "marks": '"*(' * (MEGABYTE // 3),
    "accents": "e" + "\u0301" * MEGABYTE,
    "half characters": "\ud800" * MEGABYTE,
    "NULs": "a\0" * (MEGABYTE // 2),
}


@pytest.mark.parametrize("case", LONG)
def test_a_megabyte_of_words_is_searched_for_in_seconds(case: str, ds: im.Dataset) -> None:
    """Nobody means it, and nobody else may have to wait for it."""
    began = time.perf_counter()
    found = ds.initiatives.search(LONG[case])
    assert time.perf_counter() - began < 5
    assert set(found) <= set(ds.initiatives)


def test_words_said_twice_or_begun_find_what_the_others_find(ds: im.Dataset) -> None:
    """To say a word again, or the beginning of another, asks for nothing more."""
    once = {record.id for record in ds.initiatives.search("forced labour training")}
    assert once
    for text in ("labour forced labour training training", "train forced l labour f training"):
        assert {record.id for record in ds.initiatives.search(text)} == once


# --- other processes -------------------------------------------------------------------------------------------------

DIGEST = """
import locale, sys
try:
    locale.setlocale(locale.LC_ALL, "")
except locale.Error:
    pass  # the language is not installed here; Python and its libraries still see that it is asked for
import icatmapping as im
from test_hostile_use import answers, digest
print(digest(answers(im.load())))
"""


@pytest.mark.parametrize(
    ("options", "environment"),
    [
        ((), {"PYTHONHASHSEED": "1", "LC_ALL": "C", "TZ": "Pacific/Kiritimati", "PYTHONUTF8": "0"}),
        (("-O",), {"PYTHONHASHSEED": "4242", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "TZ": "Asia/Kathmandu"}),
        (("-OO",), {"PYTHONHASHSEED": "random", "LC_ALL": "de_DE", "LANG": "de_DE", "TZ": "America/St_Johns"}),
    ],
    ids=["C", "Turkish, -O", "German, -OO"],
)
def test_what_a_process_is_started_with_changes_no_answer(
    options: tuple[str, ...], environment: dict[str, str], asked: dict[str, Any]
) -> None:
    """Hash seed, language, time zone and optimization: the same answers, to the last digit and in the same order."""
    assert _run(DIGEST, options=options, **environment).strip() == digest(asked)


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
