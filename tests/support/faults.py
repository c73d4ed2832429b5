"""
Packages with faults: how they are made, and the faults that loading them gives.
"""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, Any

import pytest

import icatmapping as im
from support.packages import Raw, written

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def faults_of(path: Any) -> tuple[im.Fault, ...]:
    """Load a package that must not load, and give its faults."""
    with pytest.raises(im.DatasetError) as caught:
        im.load(path)
    assert caught.value.faults
    assert str(caught.value).encode()
    return caught.value.faults


def places(faults: Iterable[im.Fault]) -> set[tuple[str, str, str]]:
    """Say where faults are: file, record and field."""
    return {(fault.file, fault.record, fault.field) for fault in faults}


def damaged(content: Raw, folder: Path, name: str, data: bytes | str) -> Path:
    """Write a package with other bytes in one of its files."""
    written(folder, content)
    (folder / name).write_bytes(data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data)
    return folder


def zipped(folder: Path, archive: Path, prefix: str = "") -> Path:
    """Put the files of a folder in a zip file."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as target:
        for file in sorted(folder.iterdir()):
            target.write(file, prefix + file.name)
    return archive
