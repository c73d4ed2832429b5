"""
Reads the named files of a data package from a folder or a zip file. Knows nothing of what is in them.

Whatever is wrong with a place or a file becomes a fault; no exception comes out, nothing is waited for, and no more is
read than the limits below allow, whatever a file says of its own size.
"""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Any

from icatmapping.errors import Fault
from icatmapping.utils.text import nearest_or_none

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

__all__ = ["read", "to_printable"]

MAX_BYTES = 64 * 2**20
"""What the files of a package may take together, of which JSON can make thirty times as much; the bundled: 3 MB."""
MAX_UNPACKED_RATIO = 100
"""How many times its own size a zip file may unpack to, beyond ``MIN_UNPACKED``; the bundled one does six times."""
MIN_UNPACKED = 2**20
MAX_NAMES = 1000
"""How many files of a folder or zip file are compared with those that are missing or misspelt."""


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
        some: Whether files may be missing, and whether the path may be that of a single one of them. Other JSON files
            beside them are faults then, as a misspelt name would be lost otherwise.

    Returns:
        The content of each file by name.
    """
    import zipfile  # noqa: PLC0415 - only a package from elsewhere needs these
    from pathlib import Path  # noqa: PLC0415

    contents: dict[str, bytes] = {}
    before = len(faults)
    shown = to_printable(str(path) if isinstance(path, str) or hasattr(path, "__fspath__") else repr(path))
    try:
        place = Path(path)
    except TypeError:
        faults.append(Fault(shown, "", "", "is not a path"))
        return contents
    try:
        if place.is_dir():
            present = [file.name for file in place.iterdir()]
            for name in _wanted(known, present, faults, optional=optional, some=some):
                _read_file(place / name, contents, faults)
        elif not place.is_file():
            message = "is neither a folder nor a file" if place.exists() else "there is no such folder or file"
            faults.append(Fault(shown, "", "", message))
        elif zipfile.is_zipfile(place):
            with zipfile.ZipFile(place) as archive:
                most = min(MAX_BYTES, MIN_UNPACKED + MAX_UNPACKED_RATIO * place.stat().st_size)
                _read_archive(archive, known, contents, faults, optional=optional, some=some, most=most)
        elif some:
            for name in _wanted(known, [place.name], faults, optional=optional, some=True):
                _read_file(place.parent / name, contents, faults)
        else:
            faults.append(Fault(shown, "", "", "is neither a folder nor a zip file"))
    except Exception as error:  # noqa: BLE001 - zipfile raises errors of any type on bytes that it does not expect
        faults.append(Fault(shown, "", "", _reason(error)))
    if not contents and len(faults) == before:
        faults.append(Fault(shown, "", "", f"holds none of {', '.join(known)}"))
    return contents


def to_printable(text: str) -> str:
    """Make a text of any origin one that can be written out, of at most 300 characters."""
    return text[:300].encode("utf-8", "backslashreplace").decode("utf-8")[:300]


def _wanted(
    known: Sequence[str], present: Iterable[str], faults: list[Fault], *, optional: Sequence[str], some: bool
) -> list[str]:
    """Return which files are to be read; those that should be there and are not, or the other way round, are faults."""
    there = set(present)
    if some:
        strays = sorted(name for name in there if name not in known and name.lower().endswith(".json"))
        message = f"is no file of a data package, which are {', '.join(known)}"
        faults += [Fault(to_printable(one), "", "", message, nearest_or_none(one, known)) for one in strays[:MAX_NAMES]]
    else:
        listed = sorted(there)[:MAX_NAMES]
        absent = [name for name in known if name not in there and name not in optional]
        faults += [Fault(name, "", "", "is missing", nearest_or_none(name, listed)) for name in absent]
    return [name for name in known if name in there]


def _read_file(file: Path, contents: dict[str, bytes], faults: list[Fault]) -> None:
    try:
        # A pipe or a device could be waited for without end.
        if file.is_file():
            _read_one(file.name, file.stat().st_size, partial(file.open, "rb"), contents, faults, most=MAX_BYTES)
        else:
            faults.append(Fault(file.name, "", "", "is no file"))
    except OSError as error:
        faults.append(Fault(file.name, "", "", _reason(error)))


def _read_archive(
    archive: Any,
    known: Sequence[str],
    contents: dict[str, bytes],
    faults: list[Fault],
    *,
    optional: Sequence[str],
    some: bool,
    most: int,
) -> None:
    entries = {entry.filename: entry for entry in archive.infolist()}
    ends = known if some else known[:1]
    holders = [name for name in entries if name.split("/")[-1] in ends]
    holder = min(holders, key=lambda name: (name.count("/"), name), default=known[0])
    prefix = holder.rpartition("/")[0]
    prefix = f"{prefix}/" if prefix else ""
    if prefix.count("/") > 1 or ".." in prefix:
        faults.append(Fault(to_printable(holder), "", "", "lies in no place where a package is looked for"))
        return
    times = Counter(entry.filename for entry in archive.infolist())
    inside = {name.removeprefix(prefix): entry for name, entry in entries.items() if name.startswith(prefix)}
    for name in _wanted(known, [name for name in inside if "/" not in name], faults, optional=optional, some=some):
        entry = inside[name]
        if times[entry.filename] > 1:
            faults.append(Fault(name, "", "", "stands twice in the zip file"))
        elif entry.compress_type not in _BOUNDED_METHODS:
            faults.append(Fault(name, "", "", "is packed in another way than zip files commonly are (deflated)"))
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
        faults.append(Fault(name, "", "", "has not the size that is stated of it"))


def _reason(error: Exception) -> str:
    said = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return f"cannot be read: {to_printable(said)}"
