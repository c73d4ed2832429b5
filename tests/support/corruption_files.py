"""
Damage to data packages: to the bytes of files, and to folders.
"""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from support.corruption_base import (
    ALL,
    Damage,
    Outcome,
    Place,
)
from support.corruption_values import register_content

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from support.packages import Files


@register_content
def _cut_off(rng: random.Random, files: Files) -> Damage:
    file = rng.choice(ALL)
    data = files[file].rstrip()
    return Damage({**files, file: data[: rng.randrange(len(data))]}, "refused", (Place(file),))


@register_content
def _flip_bits(rng: random.Random, files: Files) -> Damage:
    file = rng.choice(ALL)
    data = bytearray(files[file])
    for _ in range(rng.choice([1, 1, 1, 2, 20])):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return Damage({**files, file: bytes(data)}, "either", tuple(map(Place, ALL)))


@register_content
def _insert_cut_or_repeat_bytes(rng: random.Random, files: Files) -> Damage:
    file = rng.choice(ALL)
    data = files[file]
    place, length = rng.randrange(len(data)), rng.randrange(1, 30)
    words = [b'"', b"{", b"]", b",", b"\\", b"\\u0000", b"\\ud800", b"\xc3", b"\xed\xa0\x80", b"\0", b"null", b" "]
    changed = rng.choice([data[:place] + data[place + length :], data[: place + length] + data[place:], None])
    changed = data[:place] + rng.choice(words) + data[place:] if changed is None else changed
    return Damage({**files, file: changed}, "either", tuple(map(Place, ALL)))


@register_content
def _encode_otherwise(rng: random.Random, files: Files) -> Damage:
    file = rng.choice(ALL)
    text = files[file].decode()
    # Without letters beyond ASCII, Latin-1 is UTF-8; with them, it nearly always is not.
    similar = ["latin-1", "cp1252", "utf-7"]
    form = rng.choice(["utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp037", *similar])
    data = text.encode(form, "replace")
    return Damage({**files, file: data}, "either" if form in similar else "refused", (Place(file),))


@register_content
def _write_in_another_form(rng: random.Random, files: Files) -> Damage:
    written = dict(files)
    for file in ALL:
        content = json.loads(files[file])
        text = json.dumps(content, ensure_ascii=rng.random() < 0.5, indent=rng.choice([None, 0, 2, "\t"]))
        text = text.replace("\n", rng.choice(["\n", "\r\n", "\r"]))
        blank = rng.choice(["", " ", "\n\n", "\r\n", "\t", " " * 10_000])
        written[file] = (blank + text + blank).encode()
    return Damage(written, "loads", ())


@register_content
def _add_bytes_at_an_end(rng: random.Random, files: Files) -> Damage:
    file = rng.choice(ALL)
    junk = rng.choice([b"\0", b",", b"[]", b"// end", b"\xef\xbb\xbf", b"\xff", b"\x1a", b"\xc2\xa0", b"\0" * 100_000])
    # A byte-order mark at the beginning is read over.
    mark = b"\xef\xbb\xbf"
    data = rng.choice([files[file] + junk, junk + files[file] if junk != mark else files[file] + mark])
    return Damage({**files, file: data}, "refused", (Place(file),))


@register_content
def _exchange_two_files(rng: random.Random, files: Files) -> Damage:
    one, other = rng.sample(ALL, 2)
    return Damage({**files, one: files[other], other: files[one]}, "refused", (Place(one), Place(other)))


@register_content
def _empty_a_file(rng: random.Random, files: Files) -> Damage:
    file = rng.choice(ALL)
    data = rng.choice([b"", b" ", b"\n" * 1000, b"\0" * 1000, b"\xef\xbb\xbf", b"[", b'"', b"\x80"])
    return Damage({**files, file: data}, "refused", (Place(file),))


# --- damage to folders -----------------------------------------------------------------------------------------------

FOLDERS: dict[str, Callable[[random.Random, Path], tuple[Outcome, str]]] = {}
_Folder: TypeAlias = "Callable[[random.Random, Path], tuple[Outcome, str]]"


def _folder(make: _Folder) -> _Folder:
    """Register what is done to a sound package in a folder; it gives what is expected, and the file to be blamed."""
    FOLDERS[make.__name__.strip("_").replace("_", " ")] = make
    return make


def _cleared(rng: random.Random, folder: Path) -> Path:
    """Choose a file and take it away."""
    file = folder / rng.choice(ALL)
    file.unlink()
    return file


@_folder
def _a_file_is_missing(rng: random.Random, folder: Path) -> tuple[Outcome, str]:
    return "refused", _cleared(rng, folder).name


@_folder
def _a_file_has_another_name(rng: random.Random, folder: Path) -> tuple[Outcome, str]:
    file = folder / rng.choice(ALL)
    names = (file.name.upper(), f" {file.name}", f"{file.name}.gz", file.stem, f"{file.name}\n", "\udcff.json")
    file.rename(folder / rng.choice(names))
    return "refused", file.name


@_folder
def _a_file_is_a_folder(rng: random.Random, folder: Path) -> tuple[Outcome, str]:
    file = _cleared(rng, folder)
    file.mkdir()
    return "refused", file.name


@_folder
def _a_file_is_a_pipe(rng: random.Random, folder: Path) -> tuple[Outcome, str]:
    file = _cleared(rng, folder)
    os.mkfifo(file)
    return "refused", file.name


@_folder
def _a_file_is_a_socket(rng: random.Random, folder: Path) -> tuple[Outcome, str]:
    file = _cleared(rng, folder)
    before = Path.cwd()
    os.chdir(folder)  # the address of a socket has no room for a long path
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(file.name)
    os.chdir(before)
    return "refused", file.name


@_folder
def _a_file_is_a_device(rng: random.Random, folder: Path) -> tuple[Outcome, str]:
    file = _cleared(rng, folder)
    file.symlink_to(rng.choice(["/dev/zero", "/dev/null", "/dev/full", "/dev/random", "/dev/tty"]))
    return "refused", file.name


@_folder
def _a_link_leads_round_or_nowhere(rng: random.Random, folder: Path) -> tuple[Outcome, str]:
    file = _cleared(rng, folder)
    file.symlink_to(rng.choice([file.name, "nowhere", f"{file.name}/x", "."]))
    return "refused", file.name


@_folder
def _a_link_leads_to_the_file(rng: random.Random, folder: Path) -> tuple[Outcome, str]:
    file = folder / rng.choice(ALL)
    file.rename(folder / "elsewhere")
    file.symlink_to("elsewhere")
    return "loads", ""


@_folder
def _a_file_may_not_be_read(rng: random.Random, folder: Path) -> tuple[Outcome, str]:
    file = folder / rng.choice(ALL)
    file.chmod(0)
    return "either", file.name  # whoever is root reads it all the same


@_folder
def _a_file_is_enormous(rng: random.Random, folder: Path) -> tuple[Outcome, str]:
    file = folder / rng.choice(ALL)
    os.truncate(file, rng.choice([2**26 + 1, 10**10, 10**12]))  # a hole, which takes no place on the disk
    return "refused", file.name


@_folder
def _files_are_enormous_together(rng: random.Random, folder: Path) -> tuple[Outcome, str]:
    names = rng.sample(ALL, 4)
    for name in names:
        os.truncate(folder / name, 2**26 - 2**20)
    return "refused", ""


@_folder
def _there_are_other_files(rng: random.Random, folder: Path) -> tuple[Outcome, str]:
    (folder / "deeper").mkdir()
    os.mkfifo(folder / "pipe")
    (folder / "round").symlink_to("round")
    for number in range(rng.choice([1, 300])):
        (folder / f"notes{number}.json").write_bytes(b"[")
    return "loads", ""


PATHS: dict[str, Callable[[Path], Any]] = {
    "a pipe": lambda folder: _made(folder / "pipe", os.mkfifo),
    "a link to itself": lambda folder: _made(folder / "loop", lambda path: path.symlink_to("loop")),
    "a device": lambda _: "/dev/zero",
    "an empty folder": lambda folder: _made(folder / "none", Path.mkdir),
    "a file in a file": lambda folder: folder / "hosts.json" / "package",
    "one of the files": lambda folder: folder / "hosts.json",
    "the folder around it": lambda folder: folder.parent,
    "a NUL": lambda folder: f"{folder}\0",
    "too long": lambda folder: str(folder) + "/x" * 5000,
    "bytes": os.fsencode,
    "half a character": lambda folder: f"{folder}\ud800",
    "no path": lambda _: {"path": 1},
}


def _made(path: Path, make: Callable[[Path], Any]) -> Path:
    make(path)
    return path
