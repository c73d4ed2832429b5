"""
Files and folders that are replaced whole or left as they were, and CSV that a spreadsheet may open.

Knows nothing of what is written.
"""

from __future__ import annotations

import csv
import errno
import io
import os
import secrets
import shutil
import time
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from icatmapping.errors import UnknownNameError
from icatmapping.utils.text import nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

__all__ = ["UNFINISHED", "atomic_file", "atomic_folder", "csv_bytes", "known_suffix", "write_atomically", "write_file"]

# What a spreadsheet takes for the beginning of a formula; those of East Asia take the wide forms for it as well.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", *"＝＋－＠")


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
        try:
            temporary.touch(0o666 if mode is None else 0o600, exist_ok=False)
        except OSError as error:
            raise _known_error(error, target) from None
        yield temporary
        _take_permissions(target, temporary)
        try:
            temporary.replace(target)
        except OSError as error:  # a folder has that name
            raise _known_error(error, target) from None
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


@contextmanager
def atomic_folder(path: Path) -> Iterator[Path]:
    """
    Return the path of a folder to fill with files, which take the place of those of the same names in another.

    Other files of that folder stay, as do its place and who may do what with it. Whoever reads the folder reads the
    files in the folder `UNFINISHED` inside it, if there is one: those are whole at any moment, also after this process
    was killed. If anything goes wrong, all is as it was. Several that write at once do so one after the other.

    Raises:
        TimeoutError: If somebody else has been writing to the folder for half a minute.
    """
    target = Path(os.path.realpath(path))
    temporary = _temporary_sibling(target)
    # Nobody may read the new files, not for a moment, who may not read the old ones.
    mode = 0o700 if target.is_dir() else 0o777
    try:
        try:
            temporary.mkdir(mode)
        except OSError as error:  # nobody may write to the folder around it
            if not target.is_dir():
                raise _known_error(error, target) from None
            temporary = _temporary_sibling(target / "inside")
            try:
                temporary.mkdir(mode)
            except OSError as inner:
                raise _known_error(inner, target) from None
        yield temporary
        if not _has_taken_free_place(temporary, target):
            with _locked(target):
                _finish(target)
                _replace_files(temporary, target)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


UNFINISHED = ".new-version"
"""The folder inside another that holds its files, whole, as long as they are being put in their places."""


def _has_taken_free_place(new: Path, target: Path) -> bool:
    if target.exists():
        return False
    try:
        new.rename(target)
    except OSError:
        if not target.is_dir():
            raise
        return False  # somebody else was faster
    return True


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Wait until nobody else writes to a folder; whoever is killed gives way."""
    try:
        import fcntl  # noqa: PLC0415 - not on Windows
    except ImportError:
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        deadline = time.monotonic() + MAX_WAIT
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    message = f"{folder} is being written by somebody else, and is left as it is"
                    raise TimeoutError(message) from None
                time.sleep(0.01)
            except OSError:
                break  # a file system without locks
            else:
                break
        yield
    finally:
        os.close(handle)


MAX_WAIT = 30
"""How many seconds to wait for somebody else who is writing."""


def _replace_files(new: Path, target: Path) -> None:
    """Put the files of a folder in the places of those of another."""
    for file in new.iterdir():
        _take_permissions(target / file.name, file)
    _take_permissions(target, new)
    unfinished = target / UNFINISHED
    backup = _temporary_sibling(target / "inside")
    try:
        backup.mkdir(0o700)
        for file in new.iterdir():
            if os.path.lexists(target / file.name):
                _link_or_copy(target / file.name, backup / file.name)
        _move_folder(new, unfinished)
        try:
            _finish(target)
        except BaseException:
            for file in unfinished.iterdir():
                if os.path.lexists(backup / file.name):
                    (backup / file.name).replace(target / file.name)
                else:
                    (target / file.name).unlink(missing_ok=True)
            _remove_at_once(unfinished)
            raise
    finally:
        shutil.rmtree(backup, ignore_errors=True)


def _finish(folder: Path) -> None:
    """Put the files of a new version in their places, maybe after somebody was killed who was about to."""
    unfinished = folder / UNFINISHED
    if not unfinished.is_dir():
        return
    for file in unfinished.iterdir():
        temporary = _temporary_sibling(folder / "inside")
        try:
            _link_or_copy(file, temporary)
            temporary.replace(folder / file.name)
        finally:
            temporary.unlink(missing_ok=True)
    _remove_at_once(unfinished)


def _move_folder(folder: Path, target: Path) -> None:
    try:
        folder.rename(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        temporary = _temporary_sibling(target)
        try:
            shutil.copytree(folder, temporary)
            temporary.rename(target)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)


def _remove_at_once(folder: Path) -> None:
    """Take a folder away: at one moment it is whole, at the next it has another name."""
    retired = _temporary_sibling(folder)
    folder.rename(retired)
    shutil.rmtree(retired, ignore_errors=True)


def _link_or_copy(file: Path, target: Path) -> None:
    """Give a file a second name, or where the file system knows no such thing, copy it."""
    try:
        os.link(file, target, follow_symlinks=False)
    except (OSError, NotImplementedError):
        shutil.copy2(file, target, follow_symlinks=False)


def _take_permissions(old: Path, new: Path) -> None:
    """Let a new file be read and written by whom an old one may be, if there is one."""
    try:
        stat = old.stat()
    except OSError:
        return
    new.chmod(stat.st_mode & 0o777)
    with suppress(OSError, AttributeError):  # whoever may not give files away keeps them
        os.chown(new, stat.st_uid, stat.st_gid)


def _temporary_sibling(path: Path) -> Path:
    return path.with_name(f".{secrets.token_hex(8)}")


def _known_error(error: OSError, target: Path) -> OSError:
    """Return the error of a file that nobody knows as that of the one meant, or of the folder that is not there."""
    if error.errno is None:
        return error
    is_lost = error.errno in (errno.ENOENT, errno.ENOTDIR) and not target.parent.is_dir()
    return OSError(error.errno, error.strerror, str(target.parent if is_lost else target))


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


def csv_bytes(rows: Iterable[Iterable[object]], *, mark: bool = False) -> bytes:
    r"""
    Write rows as CSV in UTF-8; text that a spreadsheet would take for a formula gets an apostrophe in front.

    Args:
        rows: The rows.
        mark: Whether a byte-order mark stands in front, by which Excel knows that the text is UTF-8.

    >>> csv_bytes([["name", "change"], ["=1+1", -1]])
    b"name,change\n'=1+1,-1\n"
    """
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(map(partial(map, _escape_formula), rows))
    return text.getvalue().encode("utf-8-sig" if mark else "utf-8")


def _escape_formula(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
