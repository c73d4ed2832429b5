"""
Collaboration paths: they are the same in every process, and a new record makes none longer.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import icatmapping as im
from support.strategies import (
    SmallMapping,
    dataset,
    worlds,
)

_QUESTIONS = """
import json, icatmapping as im
ds = im.load()
asked = [("unodc", "unicef", {"country": "Nigeria", "theme": "child_protection"}), ("cbss", "unaids", {"k": 10}),
         ("icao", "who", {"by": "distance", "of": ("initiatives", "partnerships", "resources")}),
         ("cbss", "oas", {"country": "Nauru", "theme": "protection"})]
print(json.dumps([im.collaboration_paths(ds, a, b, **more).to_dict() for a, b, more in asked]))
"""


@pytest.mark.slow
def test_every_process_gives_the_same_answer() -> None:
    """Whatever the seed of Python's hashes, every question is answered alike, to the last letter."""
    path = str(Path(im.__file__).parents[1])
    answers = {
        subprocess.run(
            [sys.executable, "-c", _QUESTIONS],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": path},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "42")
    }
    assert len(answers) == 1
    first, second, *_ = json.loads(answers.pop())
    assert first["paths"]
    assert second["paths"]


@settings(max_examples=25)
@given(world=worlds(), data=st.data())
def test_a_new_record_of_two_never_makes_the_best_path_longer(world: SmallMapping, data: st.DataObject) -> None:
    """Two that begin to work together are a shortcut or change nothing; only larger tables can spoil a path."""
    bodies = sorted(body["id"] for kind in ("entities", "organizations") for body in world.raw[kind])
    source, target, one, other = (data.draw(st.sampled_from(bodies)) for _ in range(4))
    fold = world.reference.fold
    assume(fold(source) != fold(target) and fold(one) != fold(other))
    before = im.collaboration_paths(world.ds, source, target, k=1, max_hops=6)
    record = {**_PAIR, "id": "a-new-record-of-two", "leads": [one], "partners": [other]}
    after = im.collaboration_paths(
        dataset({**world.raw, "initiatives": [*world.raw["initiatives"], record]}), source, target, k=1, max_hops=6
    )
    assert not before or (after and after[0].hops <= before[0].hops)


_PAIR: dict[str, Any] = {
    "title": "Two at a table",
    "kind": None,
    "last_seen": None,
    "sectors": [],
    "acronym": None,
    "summary": "Two work together.",
    "donors": [],
    "scope": "global",
    **{key: [] for key in ("countries", "regions", "forms", "responses", "themes", "target_groups", "former_ids")},
    "start": None,
    "end": None,
    "status": "unknown",
    "url": None,
    "checked": "2026-11",
    "sources": ["https://example.org/two"],
}
