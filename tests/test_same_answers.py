"""
The same answers in every process, thread and copy.
"""

from __future__ import annotations

import copy
import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

import icatmapping as im
from support.packages import KINDS


def test_a_pickled_or_copied_dataset_is_the_same_object(ds: im.Dataset) -> None:
    """The bundled dataset is one per process."""
    assert im.load() is ds
    assert pickle.loads(pickle.dumps(ds)) is ds
    assert copy.deepcopy(ds) is ds


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_records_survive_pickling(protocol: int, ds: im.Dataset) -> None:
    """A record sent to another process is equal to itself."""
    for kind in KINDS:
        records = list(ds.collection(kind)[:5])
        assert pickle.loads(pickle.dumps(records, protocol)) == records


def _answer_of(script: str, seed: str) -> str:
    source = str(Path(im.__file__).parents[1])
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": source, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


ANSWERS = """
import icatmapping as im
ds = im.load()
for found in (
    ds.initiatives.where(region={"africa", "europe", "middle_east"}, theme={"protection", "prevention"}),
    ds.initiatives.where(country={"NGA", "GHA", "CIV"}, reach="global", year=range(2010, 2020), dates="possible"),
    ds.partnerships.where(entity={"UNODC", "IOM", "ILO"}),
    ds.resources.where(evidence={"own", "official"}),
    ds.resources.search("forced labour"),
    ds.initiatives.search("train pol"),
):
    print([record.id for record in found])
for name in ("UNDOC", "interpool", "world"):
    try:
        print(ds.entities[name].id)
    except im.UnknownNameError as error:
        print(error)
for record in ds.organizations[:50]:
    print(record.to_dict())
"""


@pytest.mark.slow
def test_answers_are_the_same_in_every_process() -> None:
    """Same records, same order, same messages, however the process hashes its strings."""
    answers = {_answer_of(ANSWERS, seed) for seed in ("0", "1", "42", "random")}
    assert len(answers) == 1
    assert len(answers.pop()) > 1000


THREADS = """
import sys, threading
import icatmapping as im
sys.setswitchinterval(1e-6)
barrier, answers, failures = threading.Barrier(64), [], []
def ask(place):
    try:
        barrier.wait()
        ds = im.load()
        tasks = [
            lambda: [r.id for r in ds.initiatives.search("child labour")],
            lambda: [r.id for r in ds.initiatives.where(country="Nigeria", entity="UNODC", reach="regional")],
            lambda: [r.id for r in ds.resources.where(evidence="own", language="French", year=range(2010, 2020))],
            lambda: [r.id for r in ds.partnerships.where(member="Interpol", priority_area="partnerships")],
            lambda: [ds.organizations.get("IFC"), ds.entities["UNICEF"].id],
        ]
        turn = place % len(tasks)
        found = {(turn + n) % len(tasks): tasks[(turn + n) % len(tasks)]() for n in range(len(tasks))}
        answers.append((id(ds), id(ds.initiatives), repr(sorted(found.items()))))
    except BaseException as error:
        failures.append(repr(error))
threads = [threading.Thread(target=ask, args=(place,)) for place in range(64)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
assert not failures, failures[:3]
assert len(answers) == 64 and len(set(answers)) == 1, len(set(answers))
print(answers[0][2])
"""


@pytest.mark.slow
def test_many_threads_at_first_use_get_the_same_answers() -> None:
    """Loading, indexing and searching are safe from the first moment on, and agree with a single thread."""
    assert _answer_of(THREADS, "0") == _answer_of(THREADS.replace("64", "1"), "0") == _answer_of(THREADS, "1")
