"""
What the tests share: the bundled dataset, the same data as plain JSON with its plain reading, and packages to damage.

The plain JSON is what expectations are computed from, so that they never come from the code under test.

Properties are tried on the same drawn examples every time. To explore others, at random::

    python -m pytest --hypothesis-profile=explore
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

import icatmapping as im
from support.packages import DATA, Raw, small_files
from support.questions import answers
from support.reference import Reference

settings.register_profile(
    "same",
    deadline=None,
    max_examples=60,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.register_profile("explore", settings.get_profile("same"), derandomize=False)
settings.load_profile("same")


@pytest.fixture(scope="session")
def ds() -> im.Dataset:
    """Return the bundled dataset."""
    return im.load()


@pytest.fixture(scope="session")
def raw() -> Raw:
    """Return the records of the bundled files, by file, as ``json`` reads them."""
    files = (file for file in sorted(DATA.glob("*.json")) if file.stem != "datapackage")
    return {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in files}


@pytest.fixture(scope="session")
def reference(raw: Raw) -> Reference:
    """Return the plain reading of the bundled records."""
    return Reference(raw)


@pytest.fixture(scope="session")
def asked(ds: im.Dataset) -> dict[str, Any]:
    """Return an answer to every question."""
    return answers(ds)


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Return a copy of the bundled data package."""
    return Path(shutil.copytree(DATA, tmp_path / "package"))


@pytest.fixture(scope="session")
def small_ds(tmp_path_factory: pytest.TempPathFactory) -> im.Dataset:
    """Return the dataset of the small package."""
    folder = tmp_path_factory.mktemp("small")
    for name, data in small_files().items():
        (folder / name).write_bytes(data)
    return im.load(folder)


@pytest.fixture
def small() -> Raw:
    """Return the small package as data that a test may change."""
    return {name.removesuffix(".json"): json.loads(data) for name, data in small_files().items()}
