"""
Reads the named files of a data package from a folder or a zip file. Knows nothing of what is in them.

Whatever is wrong with a place or a file becomes a fault; no exception comes out, nothing is waited for, and no more is
read than the limits below allow, whatever a file says of its own size.
"""

from __future__ import annotations

from collections import Counter
from functools import partial
from stat import S_ISREG
from typing import TYPE_CHECKING, Any, NamedTuple

from icatmapping.errors import Fault
from icatmapping.utils.files import UNFINISHED
from icatmapping.utils.text import NearestNames

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

__all__ = ["read", "to_printable"]

MAX_BYTES = 64 * 2**20
"""What the files of a package may take together, of which JSON can make thirty times as much; the bundled: 3 MB."""
MAX_UNPACKED_RATIO = 100
"""How many times its own size a zip file may unpack to, beyond ``MIN_UNPACKED``; the bundled one does six times."""
MIN_UNPACKED = 2**20
MAX_ARCHIVE_DIRECTORY = 4 * 2**20
"""How many bytes the list of the files in a zip file may have: some ten thousands of them."""
MAX_ATTEMPTS = 20
"""How often a folder is read that somebody else writes at the same time."""
MAX_NAMES = 1000
"""How many files of a folder or zip file are compared with those that are missing or misspelt."""


class _Files(NamedTuple):
    """
    Which files are read, and whether all of them must be there.

    Attributes:
        known: The names of the files, that of the descriptor first.
        optional: The names of files that may be missing.
        some: Whether any may be missing. Other JSON files beside them are faults then, since they may be misspelt.
    """

    known: Sequence[str]
    optional: Sequence[str]
    some: bool


def read(
    path: Any, known: Sequence[str], faults: list[Fault], *, optional: Sequence[str] = (), some: bool = False
) -> dict[str, bytes]:
    """
    Read the files of a package.

    Args:
        path: A folder, or a ``.zip`` of it.
        known: The names of the files, that of the descriptor first.
        faults: Where faults are put.
        optional: The names of files that may be missing.
        some: Accept part of a package: some of its files, or one file. An unknown JSON file is then a fault, since it
            may be a misspelt name.

    Returns:
        The content of each file by name.
    """
    from pathlib import Path  # noqa: PLC0415 - only a package from elsewhere needs it

    before = len(faults)
    shown = to_printable(str(path) if isinstance(path, str) or hasattr(path, "__fspath__") else repr(path))
    if path == "":
        faults.append(Fault("''", "", "", "is not a path; a package is a folder or a .zip"))
        return {}
    try:
        place = Path(path)
    except TypeError:
        faults.append(Fault(shown, "", "", "is not a path"))
        return {}
    contents: dict[str, bytes] = {}
    try:
        contents = _read_place(place, shown, _Files(known, optional, some), faults)
    except Exception as error:  # noqa: BLE001 - zipfile raises errors of any type on bytes that it does not expect
        faults.append(Fault(shown, "", "", _reason(error)))
    if not contents and len(faults) == before:
        faults.append(Fault(shown, "", "", f"must hold some of {', '.join(known)}"))
    return contents


def _read_place(place: Path, shown: str, wanted: _Files, faults: list[Fault]) -> dict[str, bytes]:
    import zipfile  # noqa: PLC0415 - only a package from elsewhere needs it

    contents: dict[str, bytes] = {}
    if place.is_dir():
        return _read_folder(place, shown, wanted, faults)
    if not place.is_file():
        message = "is neither a folder nor a file" if place.exists() else "does not exist: no such folder or file"
        faults.append(Fault(shown, "", "", message))
    elif zipfile.is_zipfile(place):
        with place.open("rb") as stream:
            # What zipfile itself looks up first: how much it is going to read, for which it makes an object each.
            end = zipfile._EndRecData(stream)  # type: ignore[attr-defined]  # noqa: SLF001
            if end is not None and end[zipfile._ECD_SIZE] > MAX_ARCHIVE_DIRECTORY:  # type: ignore[attr-defined]  # noqa: SLF001
                faults.append(Fault(shown, "", "", "holds too many files: their list is longer than 4 MiB"))
                return contents
            with zipfile.ZipFile(stream) as archive:
                most = min(MAX_BYTES, MIN_UNPACKED + MAX_UNPACKED_RATIO * place.stat().st_size)
                _read_archive(archive, wanted, contents, faults, most=most)
    elif wanted.some:
        for name in _names_to_read(wanted, [place.name], faults):
            _read_file(place.parent / name, contents, faults)
    else:
        faults.append(Fault(shown, "", "", "is neither a folder nor a zip file"))
    return contents


def _read_folder(place: Path, shown: str, wanted: _Files, faults: list[Fault]) -> dict[str, bytes]:
    """Read the files of a folder as they are at one time: again, if somebody writes them meanwhile."""
    import time  # noqa: PLC0415 - as above

    for attempt in range(MAX_ATTEMPTS):
        time.sleep(0.005 * attempt)
        found: list[Fault] = []
        contents: dict[str, bytes] = {}
        folder = place / UNFINISHED if (place / UNFINISHED).is_dir() else place
        before = _state(folder, wanted.known)
        try:
            present = [file.name for file in folder.iterdir()]
        except OSError:
            if folder == place:
                raise
            continue  # whoever was writing has finished
        for name in _names_to_read(wanted, present, found):
            _read_file(folder / name, contents, found)
        if before == _state(folder, wanted.known) and (folder != place or not (place / UNFINISHED).is_dir()):
            faults.extend(found)
            return contents
    faults.append(Fault(shown, "", "", "was being changed while it was read; load it again when that is done"))
    return {}


def _state(folder: Path, names: Sequence[str]) -> list[tuple[int, ...] | None]:
    """Return what changes when a file of a folder is written or replaced."""
    found: list[tuple[int, ...] | None] = []
    for place in (folder, *(folder / name for name in names)):
        try:
            stat = place.stat()
        except OSError:
            found.append(None)
        else:
            changes = (stat.st_size, stat.st_mtime_ns) if S_ISREG(stat.st_mode) else ()
            found.append((stat.st_dev, stat.st_ino, *changes))
    return found


def to_printable(text: str) -> str:
    """Return a text of any origin as one that can be written out, of at most 300 characters."""
    return text[:300].encode("utf-8", "backslashreplace").decode("utf-8")[:300]


def _names_to_read(wanted: _Files, present: Iterable[str], faults: list[Fault]) -> list[str]:
    """Return which files are to be read; those that should be there and are not, or the other way round, are faults."""
    known, there, names = wanted.known, set(present), NearestNames()
    if wanted.some:
        strays = sorted(name for name in there if name not in known and name.lower().endswith(".json"))
        message = f"is not a file of a data package, which are {', '.join(known)}"
        faults += [Fault(to_printable(one), "", "", message, names.find(one, known)) for one in strays[:MAX_NAMES]]
    else:
        listed = sorted(there)[:MAX_NAMES]
        absent = [name for name in known if name not in there and name not in wanted.optional]
        faults += [Fault(name, "", "", "is missing", names.find(name, listed)) for name in absent]
    return [name for name in known if name in there]


def _read_file(file: Path, contents: dict[str, bytes], faults: list[Fault]) -> None:
    try:
        # A pipe or a device could be waited for without end.
        if file.is_file():
            _read_one(file.name, file.stat().st_size, partial(file.open, "rb"), contents, faults, most=MAX_BYTES)
        else:
            faults.append(Fault(file.name, "", "", "is not a file"))
    except OSError as error:
        faults.append(Fault(file.name, "", "", _reason(error)))


def _read_archive(archive: Any, wanted: _Files, contents: dict[str, bytes], faults: list[Fault], *, most: int) -> None:
    # Some programs on Windows write backslashes, which the format does not know.
    named = [(entry.filename.replace("\\", "/"), entry) for entry in archive.infolist()]
    entries = dict(named)
    ends = wanted.known if wanted.some else wanted.known[:1]
    holders = [name for name in entries if name.rpartition("/")[2] in ends]
    holder = min(holders, key=lambda name: (name.count("/"), name), default=wanted.known[0])
    prefix = holder.rpartition("/")[0]
    prefix = f"{prefix}/" if prefix else ""
    if prefix.count("/") > 1 or ".." in prefix or ":" in prefix:
        faults.append(Fault(to_printable(holder), "", "", "must be at the top of the archive or in one folder"))
        return
    times = Counter(name for name, _ in named)
    inside = {name.removeprefix(prefix): name for name in entries if name.startswith(prefix)}
    for name in _names_to_read(wanted, [name for name in inside if "/" not in name], faults):
        entry = entries[inside[name]]
        if times[inside[name]] > 1:
            faults.append(Fault(name, "", "", "is duplicated in the archive"))
        elif entry.compress_type not in _BOUNDED_METHODS:
            faults.append(Fault(name, "", "", "uses an unsupported compression method; use stored or deflated"))
        else:
            _read_one(name, entry.file_size, partial(archive.open, entry), contents, faults, most=most)


_BOUNDED_METHODS = (0, 8)
"""Stored and deflated. Of the others zipfile unpacks without bound: a hundred bytes of bzip2 may be gigabytes."""


def _read_one(
    name: str, size: int, opened: Callable[[], Any], contents: dict[str, bytes], faults: list[Fault], *, most: int
) -> None:
    """Read a file of a stated size; more is neither read nor unpacked."""
    if size > most - sum(map(len, contents.values())):
        faults.append(Fault(name, "", "", f"is too large: all files together may have {most:,} bytes"))
        return
    try:
        with opened() as stream:
            found = stream.read(size + 1)
    except Exception as error:  # noqa: BLE001 - zipfile and zlib raise errors of any type on bytes they do not expect
        faults.append(Fault(name, "", "", _reason(error)))
        return
    if len(found) == size:
        contents[name] = found
    else:
        faults.append(Fault(name, "", "", "does not have the size that the archive declares"))


def _reason(error: Exception) -> str:
    said = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return f"cannot be read: {to_printable(said)}"
