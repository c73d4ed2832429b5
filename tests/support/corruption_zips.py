"""
Damage to data packages: to zip files.
"""

from __future__ import annotations

import bz2
import lzma
import re
import struct
import zlib
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from support.corruption_base import (
    ALL,
    Outcome,
)

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Sequence

    from support.packages import Files


ZIPS: dict[str, Callable[[random.Random, Files], tuple[bytes, Outcome]]] = {}
_Zip: TypeAlias = "Callable[[random.Random, Files], tuple[bytes, Outcome]]"

STORED, DEFLATED, BZIP2, LZMA = 0, 8, 12, 14


def _zip(make: _Zip) -> _Zip:
    """Register what is done to a package in a zip file; it gives the bytes and what is expected."""
    ZIPS[make.__name__.strip("_").replace("_", " ")] = make
    return make


@dataclass(frozen=True)
class Entry:
    """An entry of a zip file, in which anything may be stated."""

    name: str
    data: bytes = b""
    method: int = DEFLATED
    flags: int = 0x800
    crc: int | None = None
    size: int | None = None
    packed: bytes | None = None
    packed_size: int | None = None


def zipped(entries: Sequence[Entry], *, before: bytes = b"", comment: bytes = b"") -> bytes:
    """Write a zip file as the format is published (APPNOTE 6.3), whatever is stated of the entries."""
    body, directory = bytearray(before), bytearray()
    for one in entries:
        name = one.name.encode("utf-8", "surrogateescape")
        packed = _packed(one) if one.packed is None else one.packed
        crc = zlib.crc32(one.data) if one.crc is None else one.crc
        sizes = (
            len(packed) if one.packed_size is None else one.packed_size,
            len(one.data) if one.size is None else one.size,
        )
        common = struct.pack("<HHHHHLLLHH", 20, one.flags, one.method, 0, 33, crc, *sizes, len(name), 0)
        directory += struct.pack("<4sH", b"PK\1\2", 20) + common + struct.pack("<HHHLL", 0, 0, 0, 0, len(body)) + name
        body += b"PK\3\4" + common + name + packed
    count = len(entries) & 0xFFFF
    end = struct.pack("<4sHHHHLLH", b"PK\5\6", 0, 0, count, count, len(directory), len(body), len(comment))
    return bytes(body + directory) + end + comment


def _packed(entry: Entry) -> bytes:
    if entry.method == DEFLATED:
        packer = zlib.compressobj(1, zlib.DEFLATED, -15)
        return packer.compress(entry.data) + packer.flush()
    if entry.method == BZIP2:
        return bz2.compress(entry.data)
    if entry.method == LZMA:
        return _lzma_packed(entry.data)
    return entry.data


def _lzma_packed(data: bytes) -> bytes:
    chosen = {"id": lzma.FILTER_LZMA1, "preset": 0}
    properties: bytes = lzma._encode_filter_properties(chosen)  # type: ignore[attr-defined]
    packer = lzma.LZMACompressor(lzma.FORMAT_RAW, filters=[chosen])
    return struct.pack("<BBH", 9, 4, len(properties)) + properties + packer.compress(data) + packer.flush()


def entries_of(files: Files, prefix: str = "", **stated: Any) -> list[Entry]:
    return [Entry(prefix + name, data, **stated) for name, data in files.items()]


def _one_changed(rng: random.Random, files: Files, **stated: Any) -> bytes:
    """Zip files of which something else is stated of one."""
    entries = entries_of(files)
    place = rng.randrange(len(entries))
    entries[place] = replace(entries[place], **stated)
    return zipped(entries)


@_zip
def _sound_zip(rng: random.Random, files: Files) -> tuple[bytes, Outcome]:
    entries = entries_of(files, rng.choice(["", "one/", "ü b/", "ICAT-2026/"]), method=rng.choice([STORED, DEFLATED]))
    rng.shuffle(entries)
    entries += [Entry(f"one/two/{number}.json", b"[", STORED) for number in range(rng.choice([0, 1, 2000]))]
    entries.insert(0, Entry("one/", b"", STORED))
    before = rng.choice([b"", b"#!/bin/sh\n", bytes(1000)])
    # What stands before or behind the zip file proper is not always seen through.
    return zipped(entries, before=before, comment=rng.choice([b"", b"PK", bytes(500)])), "either" if before else "loads"


@_zip
def _cut_off_zip(rng: random.Random, files: Files) -> tuple[bytes, Outcome]:
    data = zipped(entries_of(files))
    return rng.choice([data[: rng.randrange(len(data))], data[rng.randrange(1, len(data)) :]]), "either"


@_zip
def _bytes_of_a_zip_flipped(rng: random.Random, files: Files) -> tuple[bytes, Outcome]:
    data = bytearray(zipped(entries_of(files)))
    # Most of what is read of a zip file stands at its end: half of the damage goes there.
    first = rng.choice([0, len(data) - 1000])
    for _ in range(rng.choice([1, 1, 2, 10])):
        data[rng.randrange(first, len(data))] ^= rng.randrange(1, 256)
    return bytes(data), "either"


@_zip
def _fields_of_a_zip_overwritten(rng: random.Random, files: Files) -> tuple[bytes, Outcome]:
    data = bytearray(zipped(entries_of(files)))
    starts = [match.start() for match in re.finditer(b"PK(?:\1\2|\3\4|\5\6)", data)]
    place = rng.choice(starts) + rng.randrange(2, 46)
    word = rng.choice([bytes(2), bytes(4), b"\xff" * 2, b"\xff" * 4, b"\xff\xff\xff\x7f", b"\1\0", b"\0\0\0\x80"])
    data[place : place + len(word)] = word
    return bytes(data), "either"


@cache
def _deflated_spaces(mebibytes: int) -> bytes:
    """Deflate spaces a mebibyte at a time: after a full flush each begins anew, so that it can be repeated."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = packer.compress(b" " * 2**20) + packer.flush(zlib.Z_FULL_FLUSH)
    return piece * mebibytes + b"\x03\x00"


_MANY_SPACES = 2**25


@cache
def _other_spaces(method: int) -> bytes:
    spaces = b" " * _MANY_SPACES
    return bz2.compress(spaces) if method == BZIP2 else _lzma_packed(spaces)


def bomb(name: str, files: Files) -> bytes:
    """Make a small zip file of which a file unpacks to far more than anybody has use for."""
    deflated = {"deflated": (2000, 2000), "deflated and denied": (2000, 0), "deflated and played down": (2000, 100)}
    entries = entries_of({one: data for one, data in files.items() if one != "hosts.json"})
    if name in deflated:
        real, stated = deflated[name]
        entries.append(Entry("hosts.json", packed=_deflated_spaces(real), size=stated * 2**20 or 100))
    elif name == "in parts":
        entries = [Entry(one, packed=_deflated_spaces(30), size=30 * 2**20) for one in files]
    else:
        method = BZIP2 if name.startswith("bzip2") else LZMA
        size = 100 if name.endswith("denied") else _MANY_SPACES
        entries.append(Entry("hosts.json", method=method, packed=_other_spaces(method), size=size))
    return zipped(entries)


BOMBS = (
    "deflated",
    "deflated and denied",
    "deflated and played down",
    "in parts",
    "bzip2",
    "bzip2 and denied",
    "lzma",
    "lzma and denied",
)


@_zip
def _a_bomb(rng: random.Random, files: Files) -> tuple[bytes, Outcome]:
    return bomb(rng.choice(BOMBS), files), "refused"


@_zip
def _names_that_lead_out(rng: random.Random, files: Files) -> tuple[bytes, Outcome]:
    prefixes = ["../", "/", "//", "one/../", "one/two/", "./../", "C:\\", "..\\", "a\\b\\", "\udcff/../", "x/" * 10_000]
    return zipped(entries_of(files, rng.choice(prefixes))), "refused"


@_zip
def _names_that_are_odd(rng: random.Random, files: Files) -> tuple[bytes, Outcome]:
    name = rng.choice(ALL)
    odd = [name.upper(), f"{name}\udcff", f"./{name}", f"{name}/", f" {name}", "", name.replace("s", "\u017f")]
    spelt = rng.choice([spelling for spelling in odd if spelling != name])
    entries = [Entry(spelt if one == name else one, data) for one, data in files.items()]
    return zipped(entries), "refused"


@_zip
def _a_name_twice(rng: random.Random, files: Files) -> tuple[bytes, Outcome]:
    name = rng.choice(ALL)
    entries = [*entries_of(files), Entry(name, rng.choice([files[name], b"[]", b""]))]
    rng.shuffle(entries)
    return zipped(entries), "refused"


@_zip
def _an_encrypted_file(rng: random.Random, files: Files) -> tuple[bytes, Outcome]:
    return _one_changed(rng, files, flags=rng.choice([1, 0x41, 0x801, 0x2001, 0x20, 0x840])), "refused"


@_zip
def _a_wrong_size_or_sum(rng: random.Random, files: Files) -> tuple[bytes, Outcome]:
    wrong = rng.choice([0, 1, 100, 2**27, 2**31, 0xFFFFFFFF])
    stated = rng.choice(["crc", "size", "packed_size"])
    # What is deflated says itself where it ends: to be told that more is packed does no harm.
    return _one_changed(rng, files, **{stated: wrong}), "either" if stated == "packed_size" else "refused"


@_zip
def _a_wrong_method(rng: random.Random, files: Files) -> tuple[bytes, Outcome]:
    method = rng.choice([1, 6, 9, BZIP2, LZMA, 93, 95, 97, 98, 99, 0xFFFF])
    return _one_changed(rng, files, method=method, packed=b"\x5d\0\0\x80\0" * 9), "refused"


@_zip
def _noise_for_data(rng: random.Random, files: Files) -> tuple[bytes, Outcome]:
    return _one_changed(rng, files, packed=rng.randbytes(rng.choice([0, 1, 1000]))), "refused"


@_zip
def _a_file_less(rng: random.Random, files: Files) -> tuple[bytes, Outcome]:
    name = rng.choice(ALL)
    return zipped(entries_of({one: data for one, data in files.items() if one != name})), "refused"


@_zip
def _a_zip_in_a_zip(rng: random.Random, files: Files) -> tuple[bytes, Outcome]:
    inner = zipped(entries_of(files, method=rng.choice([STORED, DEFLATED])))
    # An inner one that is only stored is what a reader finds at the end of the outer one's entries.
    return zipped([Entry(rng.choice(["package.zip", *ALL]), inner, DEFLATED)]), "refused"
