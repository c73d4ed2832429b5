"""
What the tests share: the bundled dataset, the same data as plain JSON, and packages to damage.

The plain JSON is what expectations are computed from, so that they never come from the code under test.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from hypothesis import HealthCheck, settings

import icatmapping as im

DATA = Path(im.__file__).parent / "data"
KINDS = ("entities", "organizations", "initiatives", "partnerships", "resources")
ROLES = ("leads", "partners", "donors", "members", "publishers")

Raw: TypeAlias = dict[str, list[dict[str, Any]]]

settings.register_profile(
    "icatmapping",
    deadline=None,
    max_examples=60,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("icatmapping")


@pytest.fixture(scope="session")
def ds() -> im.Dataset:
    """Give the bundled dataset."""
    return im.load()


@pytest.fixture(scope="session")
def raw() -> Raw:
    """Give the records of the bundled files, by file, as ``json`` reads them."""
    files = (file for file in sorted(DATA.glob("*.json")) if file.stem != "datapackage")
    return {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in files}


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Give a copy of the bundled data package."""
    return Path(shutil.copytree(DATA, tmp_path / "package"))


def _closed(chosen: dict[str, set[str]], raw: Raw) -> None:
    """Add to some ids everything that their records refer to, and what that refers to."""
    records = {kind: {record["id"]: record for record in raw[kind]} for kind in KINDS}
    todo = [(kind, identifier) for kind, identifiers in chosen.items() for identifier in identifiers]
    while todo:
        kind, identifier = todo.pop()
        record = records[kind][identifier]
        bodies = {target for role in ROLES for target in record.get(role, ())} | {record.get("part_of")}
        wanted = [("entities" if body in records["entities"] else "organizations", body) for body in bodies]
        wanted += [("partnerships", record.get("body_of")), ("initiatives", record.get("initiative"))]
        for other, target in wanted:
            if target is not None and target not in chosen[other]:
                chosen[other].add(target)
                todo.append((other, target))


@pytest.fixture(scope="session")
def small_files(raw: Raw) -> dict[str, str]:
    """Give the files of a small package that keeps every rule: a few records and all that they refer to."""
    picks = {
        "initiatives": [r for r in raw["initiatives"] if r["start"] and r["end"] and len(r["partners"]) == 1][:10],
        "partnerships": [r for r in raw["partnerships"] if r["established"] and len(r["members"]) < 5][:3],
        "resources": [r for r in raw["resources"] if r["countries"]][:3],
        "organizations": [r for r in raw["organizations"] if r["part_of"]][:2],
    }
    chosen: dict[str, set[str]] = {kind: {r["id"] for r in picks.get(kind, ())} for kind in KINDS}
    _closed(chosen, raw)
    content: dict[str, Any] = {kind: [r for r in raw[kind] if r["id"] in chosen[kind]] for kind in KINDS}
    bodies = chosen["entities"] | chosen["organizations"]
    content["hosts"] = [host for host in raw["hosts"] if host["owner"] is None or host["owner"] in bodies]
    content |= {name: raw[name] for name in ("findings", "countries", "vocabulary")}
    content["datapackage"] = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
    return {f"{name}.json": json.dumps(value, ensure_ascii=False) for name, value in content.items()}


@pytest.fixture
def small(small_files: dict[str, str]) -> Raw:
    """Give the small package as data that a test may change."""
    return {name.removesuffix(".json"): json.loads(text) for name, text in small_files.items()}


def written(folder: Path, content: Raw) -> Path:
    """Write a package to a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, value in content.items():
        (folder / f"{name}.json").write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    return folder
