"""
Files and folders that are replaced whole or left as they were, and CSV that a spreadsheet may open.

Knows nothing of what is written.
"""

from __future__ import annotations

import csv
import io
import os
import secrets
import shutil
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from icatmapping.errors import UnknownNameError
from icatmapping.utils.text import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

__all__ = ["atomic_file", "atomic_folder", "csv_bytes", "known_suffix", "write_atomically", "write_file"]

# What a spreadsheet takes for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file whole, or leave what was there as it was."""
    with atomic_file(path) as temporary:
        write_file(temporary, content)


@contextmanager
def atomic_file(path: Path) -> Iterator[Path]:
    """Return the path of a file to write beside another, whose place it takes if nothing goes wrong."""
    target = Path(os.path.realpath(path))
    temporary = _temporary_sibling(target)
    try:
        mode = target.stat().st_mode & 0o777 if target.exists() else None
        # Nobody may read the new file, not for a moment, who may not read the old one.
        temporary.touch(0o666 if mode is None else 0o600, exist_ok=False)
        yield temporary
        if mode is not None:
            temporary.chmod(mode)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


@contextmanager
def atomic_folder(path: Path, *, left_out: Iterable[str]) -> Iterator[Path]:
    """
    Return the path of a folder to fill beside another, whose place it takes if nothing goes wrong.

    Args:
        path: The folder to replace, if it is there.
        left_out: The files of it that are not taken over.
    """
    target = Path(os.path.realpath(path))
    temporary, old = _temporary_sibling(target), _temporary_sibling(target)
    try:
        if target.exists():
            shutil.copytree(target, temporary, symlinks=True, ignore=_only_in(target, set(left_out)))
        else:
            temporary.mkdir()
        yield temporary
        _swap(temporary, target, old)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _only_in(folder: Path, names: set[str]) -> Callable[[str, list[str]], set[str]]:
    return lambda place, found: names.intersection(found) if Path(place) == folder else set()


def _swap(new: Path, target: Path, old: Path) -> None:
    """Put a folder in the place of another: two renamings, of which the first is undone if the second fails."""
    if not target.exists():
        new.rename(target)
        return
    target.rename(old)
    try:
        new.rename(target)
    except BaseException:
        old.rename(target)
        raise


def _temporary_sibling(path: Path) -> Path:
    return path.with_name(f".{path.name[:200]}.{secrets.token_hex(4)}")


def write_file(path: Path, content: bytes) -> None:
    """Write a file, and wait until it is on the disk."""
    with path.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def known_suffix(path: str | os.PathLike[str], suffixes: Collection[str], kind: str) -> str:
    """
    Return the suffix of a path in lower case.

    Raises:
        UnknownNameError: If it is none of those that there are; with all of them, the nearest first.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in suffixes:
        raise UnknownNameError(suffix, f"suffix of {kind}", dict.fromkeys([*nearest(suffix, suffixes), *suffixes]))
    return suffix


def csv_bytes(rows: Iterable[Iterable[object]]) -> bytes:
    r"""
    Write rows as CSV in UTF-8; text that a spreadsheet would take for a formula gets an apostrophe in front.

    >>> csv_bytes([["name", "change"], ["=1+1", -1]])
    b"name,change\n'=1+1,-1\n"
    """
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(map(partial(map, _escape_formula), rows))
    return text.getvalue().encode("utf-8")


def _escape_formula(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
