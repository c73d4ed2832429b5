"""
Damage to data packages, by number, so that any of it can be done again: what mutants are made of, and what is expected.

A mutant is a sound package that one or two things were done to: to its values, its bytes, the folder or the zip file
that it lies in. It either loads to what its files say, as plain ``json`` reads them, or is refused by a `DatasetError`
that names the place; nothing else, and within a time. `check_outcome` holds it to that.
"""

from __future__ import annotations

import bz2
import contextlib
import json
import lzma
import os
import random
import re
import shutil
import signal
import socket
import struct
import zlib
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import icatmapping as im
from support.packages import KINDS, ROLES, Files, Json, bundled_files, dumped, small_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Outcome: TypeAlias = Literal["loads", "refused", "either"]

SECONDS = 10
"""What a mutant may take; most take some milliseconds."""


@dataclass(frozen=True)
class Place:
    """A place that a fault may name: a file, a record in it, the beginning of a field; empty for any."""

    file: str = ""
    record: str = ""
    field: str = ""
    told: str = ""

    def is_named(self, fault: im.Fault) -> bool:
        """Tell whether a fault names it."""
        return (
            self.file in ("", fault.file)
            and self.record in ("", fault.record)
            and fault.field.startswith(self.field)
            and self.told in fault.message
        )


@dataclass(frozen=True)
class Damage:
    """What became of a package: its files, what is expected, and the places of which a fault has to name one."""

    files: Files
    expected: Outcome
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Mutant:
    """A package that something was done to, written where it can be loaded, or laid over another."""

    number: int
    kind: str
    path: Any
    contents: Files
    expected: Outcome
    places: tuple[Place, ...] = field(default=(Place(),))
    extends: bool = False


class MisbehaviourError(AssertionError):
    """A mutant was neither loaded as it is nor refused as it should be."""


# --- what the descriptor says of fields ------------------------------------------------------------------------------

DESCRIPTOR = "datapackage.json"
RECORDS = tuple(f"{name}.json" for name in (*KINDS, "findings", "hosts"))
RULED = ("countries.json", "vocabulary.json")
ALL = (*RECORDS, *RULED, DESCRIPTOR)
_TYPES: dict[str, type] = {"string": str, "integer": int, "array": list, "object": dict}


@cache
def _types_of(file: str) -> dict[str, set[type]]:
    """Give the types that each field of a file may have; those of the items of a list under ``name[]``."""
    (schema,) = (one["schema"] for one in _descriptor()["resources"] if one["path"] == file)
    found: dict[str, set[type]] = {}
    for one in schema["fields"]:
        required = one.get("constraints", {}).get("required") or one["type"] == "array"
        found[one["name"]] = {_TYPES[one["type"]]} | (set() if required else {type(None)})
        found[f"{one['name']}[]"] = {_TYPES[one.get("arrayItem", {"type": "string"})["type"]]}
    return found


def _descriptor() -> Json:
    described: Json = json.loads(bundled_files()[DESCRIPTOR])
    return described


def _key(file: str) -> str:
    return {"hosts.json": "host", "countries.json": "alpha3", "vocabulary.json": "value"}.get(file, "id")


# --- damage to values ------------------------------------------------------------------------------------------------

_CONTENT: dict[str, Callable[[random.Random, Files], Damage]] = {}
_Content: TypeAlias = "Callable[[random.Random, Files], Damage]"


def _content(make: _Content) -> _Content:
    _CONTENT[make.__name__.strip("_").replace("_", " ")] = make
    return make


class _Spot:
    """A record somewhere in some files, which may be changed."""

    def __init__(self, rng: random.Random, files: Files, among: Sequence[str] = RECORDS) -> None:
        self.files = files
        self.file = rng.choice(among)
        self.records: list[Json] = json.loads(files[self.file])
        self.position = rng.randrange(len(self.records))
        self.record = self.records[self.position]
        self.name = str(self.record[_key(self.file)])

    def done(self, expected: Outcome, *places: Place, text: str | None = None) -> Damage:
        """Give the damage; in place of "%HERE%" a text that ``json`` would not write."""
        data = dumped(self.records)
        if text is not None:
            data = data.replace(b'"%HERE%"', text.encode())
        return Damage({**self.files, self.file: data}, expected, places or (Place(self.file),))

    def place(self, name: str = "") -> Place:
        """Give the place of a field of the record."""
        return Place(self.file, self.name, name)


def _value(rng: random.Random, record: Json, wanted: Callable[[Any], bool] = lambda _: True) -> tuple[Any, Any, str]:
    """Choose a value of a record, maybe an item of a list: what holds it, its key there, its field."""
    places: list[tuple[Any, Any, str]] = [(record, name, name) for name in record]
    for name, value in record.items():
        if isinstance(value, list):
            places += [(value, number, f"{name}[]") for number in range(len(value))]
    good = [place for place in places if wanted(place[0][place[1]])]
    return rng.choice(good)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


@_content
def _drop_a_field(rng: random.Random, files: Files) -> Damage:
    spot = _Spot(rng, files, (*RECORDS, *RULED))
    name = rng.choice(list(spot.record))
    del spot.record[name]
    if name in (_key(spot.file), "vocabulary"):
        return spot.done("refused", Place(spot.file, f"[{spot.position}]"))
    return spot.done("either" if name == "identifiers" else "refused", Place(spot.file, "", name))


@_content
def _rename_a_field(rng: random.Random, files: Files) -> Damage:
    spot = _Spot(rng, files)
    name = rng.choice(list(spot.record))
    spellings = [name.upper(), name.title(), f"{name}s", f" {name}", f"{name}\0", name.replace("e", "\u0435")]
    spelt = rng.choice([spelling for spelling in (*spellings, name[:-1]) if spelling not in spot.record])
    record = {spelt if one == name else one: value for one, value in spot.record.items()}
    spot.records[spot.position] = record
    return spot.done("refused", Place(spot.file, spot.name if name != _key(spot.file) else f"[{spot.position}]"))


@_content
def _add_a_field(rng: random.Random, files: Files) -> Damage:
    spot = _Spot(rng, files, (*RECORDS, *RULED))
    spot.record[rng.choice(["x", "", "\ud800", "\0", "Id", "name " * 99, "__class__"])] = rng.choice([None, 1, "x", {}])
    return spot.done("refused", Place(spot.file))


_OF_TYPES: tuple[Any, ...] = (None, True, False, 0, 2020, 2020.0, -0.0, "x", "2020", [], ["x"], {}, {"id": "x"}, [[]])


@_content
def _retype_a_value(rng: random.Random, files: Files) -> Damage:
    spot = _Spot(rng, files)
    holder, key, name = _value(rng, spot.record)
    holder[key] = rng.choice([value for value in _OF_TYPES if type(value) is not type(holder[key])])
    if type(holder[key]) in _types_of(spot.file)[name]:
        return spot.done("either", spot.place(), Place(spot.file, f"[{spot.position}]"))
    at = f"[{spot.position}]" if name == _key(spot.file) else spot.name
    return spot.done("refused", Place(spot.file, at, name.removesuffix("[]")))


@_content
def _swap_two_values(rng: random.Random, files: Files) -> Damage:
    spot = _Spot(rng, files)
    one, other = rng.sample(list(spot.record), 2)
    spot.record[one], spot.record[other] = spot.record[other], spot.record[one]
    return spot.done("either", *map(Place, RECORDS))


@_content
def _put_junk_in_a_value(rng: random.Random, files: Files) -> Damage:
    spot = _Spot(rng, files)
    holder, key, _ = _value(rng, spot.record)
    words = ["2020", "2020-02", "NGA", "en", "iom", "global", "prevention", "africa", "https://un.org/", "other", "Q1"]
    noise = "".join(chr(rng.randrange(0x110000)) for _ in range(rng.randrange(1, 30)))
    letters = "".join(rng.choice("aAéßı\u0301\u202e\u00ad\ufeff\u2028 -'\"<&") for _ in range(10))
    holder[key] = rng.choice(
        [rng.choice(words), [rng.choice(words)], rng.sample(words, 3), rng.randrange(3000), noise, letters]
    )
    return spot.done("either", *map(Place, RECORDS))


@_content
def _duplicate_a_record(rng: random.Random, files: Files) -> Damage:
    spot = _Spot(rng, files, (*RECORDS, *RULED))
    twin = dict(spot.record)
    if "sources" in twin and rng.random() < 0.5:
        twin["sources"] = ["https://example.org/twin"]
    spot.records.insert(rng.randrange(len(spot.records) + 1), twin)
    return spot.done("refused", Place(spot.file))


@_content
def _duplicate_a_key(rng: random.Random, files: Files) -> Damage:
    spot = _Spot(rng, files, (*RECORDS, *RULED))
    name = rng.choice(list(spot.record))
    spot.record["%HERE%"] = 0
    data = dumped(spot.records).replace(b'"%HERE%": 0', dumped(name) + b": " + dumped(spot.record[name]))
    return Damage({**files, spot.file: data}, "refused", (Place(spot.file),))


@_content
def _reorder_records_and_fields(rng: random.Random, files: Files) -> Damage:
    mixed = dict(files)
    for file in (*RECORDS, *RULED):
        records: list[Json] = json.loads(files[file])
        items = [dict(rng.sample(list(record.items()), len(record))) for record in records]
        mixed[file] = dumped(rng.sample(items, len(items)))
    return Damage(mixed, "loads", ())


@_content
def _drop_a_record(rng: random.Random, files: Files) -> Damage:
    spot = _Spot(rng, files, RECORDS[:5])
    spot.records.remove(spot.record)
    places = [Place(told=repr(spot.name)), Place(field="part_of")]
    return spot.done("refused" if _is_referred_to(spot.name, files) else "either", *places)


@_content
def _rename_an_id(rng: random.Random, files: Files) -> Damage:
    spot = _Spot(rng, files, RECORDS[:5])
    spot.record["id"] = rng.choice([f"{spot.name}-2", f"x{spot.name}", spot.name.upper(), f"{spot.name}-", "", "a b"])
    fine = re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", spot.record["id"]) is not None
    places = (Place(told=repr(spot.name)), Place(spot.file, "", "id"))
    return spot.done("refused" if not fine or _is_referred_to(spot.name, files) else "either", *places)


def _is_referred_to(name: str, files: Files) -> bool:
    """Tell whether a role or a link of any record holds an id."""
    for file in RECORDS:
        for record in json.loads(files[file]):
            held = [record.get(link) for link in ("part_of", "body_of", "initiative", "owner")]
            if name in held or any(name in record.get(role, ()) for role in ROLES):
                return True
    return False


@_content
def _rename_every_id_of_a_file(rng: random.Random, files: Files) -> Damage:
    spot = _Spot(rng, files, RECORDS[:2])
    for record in spot.records:
        record["id"] += "x"
    return spot.done("refused", Place(told="is not the id of any record"))


@_content
def _refer_to_nobody(rng: random.Random, files: Files) -> Damage:
    spot = _Spot(rng, files, RECORDS[:5])
    links = [name for name in ("part_of", "body_of", "initiative", *ROLES) if name in spot.record]
    if not links:
        spot.record["former_ids"] = ["Nobody"]
        return spot.done("refused", spot.place("former_ids"))
    name = rng.choice(links)
    wrong = rng.choice(["nobody", "icatx", "a" * 5000, "un-1", "IOM", "iom ", "\u0456om", "ilo\0", spot.name])
    if name in ROLES:
        spot.record[name].insert(0, wrong)
    else:
        spot.record[name] = wrong
    return spot.done("refused", spot.place(name))


@_content
def _make_an_organ_of_itself(rng: random.Random, files: Files) -> Damage:
    organizations: list[Json] = json.loads(files["organizations.json"])
    ring = rng.sample(organizations, rng.randint(1, min(len(organizations), 20)))
    for one, other in zip(ring, [*ring[1:], ring[0]], strict=True):
        one["part_of"] = other["id"]
    places = [Place("organizations.json", one["id"], "part_of") for one in ring]
    return Damage({**files, "organizations.json": dumped(organizations)}, "refused", tuple(places))


@_content
def _chain_many_organs(rng: random.Random, files: Files) -> Damage:
    organizations: list[Json] = json.loads(files["organizations.json"])
    blank = {**organizations[0], "body_of": None, "former_ids": [], "identifiers": []}
    count = rng.choice([5, 50, 101, 4000])
    chain = [{**blank, "id": f"link-{number}", "part_of": f"link-{number + 1}"} for number in range(count)]
    chain[-1]["part_of"] = None
    data = dumped([*organizations, *chain])
    expected: Outcome = "refused" if count > 101 else "loads"
    return Damage({**files, "organizations.json": data}, expected, (Place("organizations.json", "link-0", "part_of"),))


@_content
def _reuse_a_former_id(rng: random.Random, files: Files) -> Damage:
    spot = _Spot(rng, files, RECORDS[:5])
    spot.record["former_ids"] = [rng.choice(spot.records)["id"]]
    return spot.done("refused", spot.place("former_ids"))


@_content
def _end_before_the_start(rng: random.Random, files: Files) -> Damage:
    spot = _Spot(rng, files, ("initiatives.json", "partnerships.json", "entities.json"))
    first, last = {"i": ("start", "end"), "p": ("established", "ended"), "e": ("joined", "left")}[spot.file[0]]
    dates: list[tuple[Any, Any]] = [("2020", "2019-12"), ("2020-02", "2020-01")] if first == "start" else [(2020, 2019)]
    spot.record[first], spot.record[last] = rng.choice(dates)
    return spot.done("refused", spot.place(last))


@_content
def _respell_a_term(rng: random.Random, files: Files) -> Damage:
    spot = _Spot(rng, files, RECORDS[:5])
    names = ["kind", "status", "scope", "membership", "levels", "regions", "themes", "forms", "responses", "countries"]
    names += ["target_groups", "languages", "headquarters", "country", "checked", "start"]
    having = [name for name in names if spot.record.get(name)]
    name = rng.choice(having)
    holder: Any
    key: Any
    holder, key = (spot.record[name], 0) if isinstance(spot.record[name], list) else (spot.record, name)
    text: str = holder[key]
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in text)
    spelt = (f"{text}.", f" {text}", f"{text}\u200b", text + text, text[:-1], wide, text.swapcase())
    holder[key] = rng.choice([spelling for spelling in spelt if spelling != text])
    return spot.done("refused", spot.place(name))


@_content
def _break_text(rng: random.Random, files: Files) -> Damage:
    spot = _Spot(rng, files)
    holder, key, name = _value(rng, spot.record, _is_text)
    text: str = holder[key]
    middle = rng.randrange(1, len(text) + 1) if len(text) > 1 else 1
    bad = rng.choice(["\0", "\n", "\t", "\x1b[31m", "\x7f", "\x85", "\ud800", "\udfff", "\udcff\ud800"])
    holder[key] = rng.choice(["", " ", f"{text} ", f"\u3000{text}", f"{text[:middle]}{bad}{text[middle:]}"])
    at = spot.place(name.removesuffix("[]"))
    return spot.done("refused", at, Place(spot.file, "", _key(spot.file)))


@_content
def _write_without_end(rng: random.Random, files: Files) -> Damage:
    spot = _Spot(rng, files)
    holder, key, name = _value(rng, spot.record, _is_text)
    length = rng.choice([20_001, 20_001, 200_000, 200_000, 10_000_000])
    holder[key] = rng.choice(["x", "a.", "é", "\U0001f30d", "-a", "\ud800"]) * length
    at = spot.place(name.removesuffix("[]"))
    # In a zip file ten million times the same is taken for a bomb.
    bomb_like = Place(spot.file, told="is too large")
    return spot.done("refused", at, Place(spot.file, f"[{spot.position}]"), bomb_like)


@_content
def _list_without_end(rng: random.Random, files: Files) -> Damage:
    spot = _Spot(rng, files)
    name = rng.choice([name for name, value in spot.record.items() if isinstance(value, list)] or list(spot.record))
    count = rng.choice([300, 3000, 30_000])
    spot.record[name] = rng.choice([[f"x{number}" for number in range(count)], ["NGA"] * count, [None] * count])
    expected: Outcome = "either" if name in ("aliases", "legal_basis", "values", "former_ids") else "refused"
    return spot.done(expected, Place(spot.file, "", name))


@_content
def _write_what_is_no_number(rng: random.Random, files: Files) -> Damage:
    spot = _Spot(rng, files, (*RECORDS, *RULED))
    holder, key, _ = _value(rng, spot.record)
    holder[key] = "%HERE%"
    wrong = ["1e400", "-1e400", "1e-400", "9" * 4000, "-" + "9" * 4000, "9" * 100_000, "1" + "0" * 300 + ".5", "20.20"]
    wrong += ["NaN", "Infinity", "-Infinity", "01", "+1", ".5"]
    return spot.done("refused", Place(spot.file), text=rng.choice(wrong))


@_content
def _nest_deeply(rng: random.Random, files: Files) -> Damage:
    spot = _Spot(rng, files, (*RECORDS, *RULED))
    holder, key, _ = _value(rng, spot.record)
    holder[key] = "%HERE%"
    depth = rng.choice([3, 50, 500, rng.randrange(800, 1010), 5000, 100_000])
    left, right = rng.choice([("[", "]"), ('{"a":', "}"), ('[{"id":', "}]")])
    return spot.done("refused", Place(spot.file), text=left * depth + "0" + right * depth)


@_content
def _be_no_list_of_records(rng: random.Random, files: Files) -> Damage:
    file = rng.choice(RECORDS + RULED)
    roots: list[Any] = [None, {}, "records", 7, True, {"records": []}, [None], [7], [[]], ["x"]]
    roots += [[{}] * rng.choice([1, 1000, 60_000]), [[]] * 60_000, list(range(60_000))]
    return Damage({**files, file: dumped(rng.choice(roots))}, "refused", (Place(file),))


@_content
def _change_what_the_library_fixes(rng: random.Random, files: Files) -> Damage:
    spot = _Spot(rng, files, RULED)
    name = rng.choice(["drop", "add", "change"])
    if name == "drop":
        # A vocabulary that is missing as a whole came later than the package.
        spot.records[:] = [one for one in spot.records if one is not spot.record]
        left = {one.get("vocabulary") for one in spot.records}
        return spot.done("refused" if spot.record.get("vocabulary") in left else "either", Place(spot.file))
    if name == "add":
        spot.records.append({**spot.record, _key(spot.file): rng.choice(["new", "", "ZZZ", None, ["x"]])})
        return spot.done("refused", Place(spot.file))
    holder, key, _ = _value(rng, spot.record)
    holder[key] = rng.choice(["else", {}, 12.5, "\ud800"])
    return spot.done("refused", Place(spot.file))


@_content
def _change_the_descriptor(rng: random.Random, files: Files) -> Damage:
    described = json.loads(files[DESCRIPTOR])
    resources = described["resources"]
    one = rng.choice(resources)
    changes: dict[str, Callable[[], Any]] = {
        "drop": lambda: resources.remove(one),
        "repeat": lambda: resources.append(one),
        "path": lambda: one.update(path=rng.choice([None, 7, "x.json", [], "../initiatives.json"])),
        "list": lambda: described.update(resources=rng.choice([None, {}, "x", [], [None], [[]]])),
        "version": lambda: described.update(version=rng.choice([7, [], "", "\ud800", "\0", "x" * 10**6, "1\n2"])),
    }
    name = rng.choice([*changes, "harmless"])
    if name == "harmless":
        described |= {"title": ["anything", 1e300], "x": {"\ud800": None}, "version": rng.choice(["7", "2026.12", "ü"])}
        resources.reverse()
        return Damage({**files, DESCRIPTOR: dumped(described)}, "loads", ())
    changes[name]()
    return Damage({**files, DESCRIPTOR: dumped(described)}, "refused", (Place(DESCRIPTOR),))


# --- damage to bytes -------------------------------------------------------------------------------------------------


@_content
def _cut_off(rng: random.Random, files: Files) -> Damage:
    file = rng.choice(ALL)
    data = files[file].rstrip()
    return Damage({**files, file: data[: rng.randrange(len(data))]}, "refused", (Place(file),))


@_content
def _flip_bits(rng: random.Random, files: Files) -> Damage:
    file = rng.choice(ALL)
    data = bytearray(files[file])
    for _ in range(rng.choice([1, 1, 1, 2, 20])):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return Damage({**files, file: bytes(data)}, "either", tuple(map(Place, ALL)))


@_content
def _insert_cut_or_repeat_bytes(rng: random.Random, files: Files) -> Damage:
    file = rng.choice(ALL)
    data = files[file]
    place, length = rng.randrange(len(data)), rng.randrange(1, 30)
    words = [b'"', b"{", b"]", b",", b"\\", b"\\u0000", b"\\ud800", b"\xc3", b"\xed\xa0\x80", b"\0", b"null", b" "]
    changed = rng.choice([data[:place] + data[place + length :], data[: place + length] + data[place:], None])
    changed = data[:place] + rng.choice(words) + data[place:] if changed is None else changed
    return Damage({**files, file: changed}, "either", tuple(map(Place, ALL)))


@_content
def _encode_otherwise(rng: random.Random, files: Files) -> Damage:
    file = rng.choice(ALL)
    text = files[file].decode()
    # Without letters beyond ASCII, Latin-1 is UTF-8; with them, it nearly always is not.
    similar = ["latin-1", "cp1252", "utf-7"]
    form = rng.choice(["utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp037", *similar])
    data = text.encode(form, "replace")
    return Damage({**files, file: data}, "either" if form in similar else "refused", (Place(file),))


@_content
def _write_in_another_form(rng: random.Random, files: Files) -> Damage:
    written = dict(files)
    for file in ALL:
        content = json.loads(files[file])
        text = json.dumps(content, ensure_ascii=rng.random() < 0.5, indent=rng.choice([None, 0, 2, "\t"]))
        text = text.replace("\n", rng.choice(["\n", "\r\n", "\r"]))
        blank = rng.choice(["", " ", "\n\n", "\r\n", "\t", " " * 10_000])
        written[file] = (blank + text + blank).encode()
    return Damage(written, "loads", ())


@_content
def _add_bytes_at_an_end(rng: random.Random, files: Files) -> Damage:
    file = rng.choice(ALL)
    junk = rng.choice([b"\0", b",", b"[]", b"// end", b"\xef\xbb\xbf", b"\xff", b"\x1a", b"\xc2\xa0", b"\0" * 100_000])
    # A byte-order mark at the beginning is read over.
    mark = b"\xef\xbb\xbf"
    data = rng.choice([files[file] + junk, junk + files[file] if junk != mark else files[file] + mark])
    return Damage({**files, file: data}, "refused", (Place(file),))


@_content
def _exchange_two_files(rng: random.Random, files: Files) -> Damage:
    one, other = rng.sample(ALL, 2)
    return Damage({**files, one: files[other], other: files[one]}, "refused", (Place(one), Place(other)))


@_content
def _empty_a_file(rng: random.Random, files: Files) -> Damage:
    file = rng.choice(ALL)
    data = rng.choice([b"", b" ", b"\n" * 1000, b"\0" * 1000, b"\xef\xbb\xbf", b"[", b'"', b"\x80"])
    return Damage({**files, file: data}, "refused", (Place(file),))


# --- damage to folders -----------------------------------------------------------------------------------------------

_FOLDERS: dict[str, Callable[[random.Random, Path], tuple[Outcome, str]]] = {}
_Folder: TypeAlias = "Callable[[random.Random, Path], tuple[Outcome, str]]"


def _folder(make: _Folder) -> _Folder:
    """Register what is done to a sound package in a folder; it gives what is expected, and the file to be blamed."""
    _FOLDERS[make.__name__.strip("_").replace("_", " ")] = make
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


_PATHS: dict[str, Callable[[Path], Any]] = {
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


# --- damage to zip files ---------------------------------------------------------------------------------------------

_ZIPS: dict[str, Callable[[random.Random, Files], tuple[bytes, Outcome]]] = {}
_Zip: TypeAlias = "Callable[[random.Random, Files], tuple[bytes, Outcome]]"

STORED, DEFLATED, BZIP2, LZMA = 0, 8, 12, 14


def _zip(make: _Zip) -> _Zip:
    """Register what is done to a package in a zip file; it gives the bytes and what is expected."""
    _ZIPS[make.__name__.strip("_").replace("_", " ")] = make
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


def _entries(files: Files, prefix: str = "", **stated: Any) -> list[Entry]:
    return [Entry(prefix + name, data, **stated) for name, data in files.items()]


def _one_changed(rng: random.Random, files: Files, **stated: Any) -> bytes:
    """Zip files of which something else is stated of one."""
    entries = _entries(files)
    place = rng.randrange(len(entries))
    entries[place] = replace(entries[place], **stated)
    return zipped(entries)


@_zip
def _sound_zip(rng: random.Random, files: Files) -> tuple[bytes, Outcome]:
    entries = _entries(files, rng.choice(["", "one/", "ü b/", "ICAT-2026/"]), method=rng.choice([STORED, DEFLATED]))
    rng.shuffle(entries)
    entries += [Entry(f"one/two/{number}.json", b"[", STORED) for number in range(rng.choice([0, 1, 2000]))]
    entries.insert(0, Entry("one/", b"", STORED))
    before = rng.choice([b"", b"#!/bin/sh\n", bytes(1000)])
    # What stands before or behind the zip file proper is not always seen through.
    return zipped(entries, before=before, comment=rng.choice([b"", b"PK", bytes(500)])), "either" if before else "loads"


@_zip
def _cut_off_zip(rng: random.Random, files: Files) -> tuple[bytes, Outcome]:
    data = zipped(_entries(files))
    return rng.choice([data[: rng.randrange(len(data))], data[rng.randrange(1, len(data)) :]]), "either"


@_zip
def _bytes_of_a_zip_flipped(rng: random.Random, files: Files) -> tuple[bytes, Outcome]:
    data = bytearray(zipped(_entries(files)))
    # Most of what is read of a zip file stands at its end: half of the damage goes there.
    first = rng.choice([0, len(data) - 1000])
    for _ in range(rng.choice([1, 1, 2, 10])):
        data[rng.randrange(first, len(data))] ^= rng.randrange(1, 256)
    return bytes(data), "either"


@_zip
def _fields_of_a_zip_overwritten(rng: random.Random, files: Files) -> tuple[bytes, Outcome]:
    data = bytearray(zipped(_entries(files)))
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
    entries = _entries({one: data for one, data in files.items() if one != "hosts.json"})
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
    return zipped(_entries(files, rng.choice(prefixes))), "refused"


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
    entries = [*_entries(files), Entry(name, rng.choice([files[name], b"[]", b""]))]
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
    return zipped(_entries({one: data for one, data in files.items() if one != name})), "refused"


@_zip
def _a_zip_in_a_zip(rng: random.Random, files: Files) -> tuple[bytes, Outcome]:
    inner = zipped(_entries(files, method=rng.choice([STORED, DEFLATED])))
    # An inner one that is only stored is what a reader finds at the end of the outer one's entries.
    return zipped([Entry(rng.choice(["package.zip", *ALL]), inner, DEFLATED)]), "refused"


# --- damage to what is laid over -------------------------------------------------------------------------------------


def _endless(depth: int) -> Any:
    nest: Any = {"id": "x"}
    for _ in range(depth):
        nest = [nest] if depth % 2 else {"a": nest}
    return nest


def _given(rng: random.Random, files: Files) -> Any:
    """Make something of Python's own that is no records, or hardly."""
    spot = _Spot(rng, files, RECORDS[:5])
    name = spot.file.removesuffix(".json")
    loop: Json = dict(spot.record)
    loop["aliases"] = [loop]
    odd: list[Any] = [b"x", {1, 2}, Decimal(1), object(), 1j, float("nan"), 10**5000, loop, "\ud800", "x" * 10**6]
    odd += [(), iter(()), range(3), bytearray(9), spot.record, [spot.record], im.load().entities[0]]
    one = rng.choice([*odd, _endless(5000), _endless(2001)])
    holder, key, _ = _value(rng, spot.record)
    holder[key] = one
    nearly = {name: [spot.record]}
    elsewhere = {rng.choice(["x", 7, None, "countries", "\ud800", "n" * 10**6]): [spot.record]}
    return rng.choice([nearly, nearly, nearly, {name: one}, {name: [one]}, one, [one], elsewhere])


# --- mutants ---------------------------------------------------------------------------------------------------------

_POSIX = ("pipe", "socket", "device", "link", "other files", "another name", "enormous")


def _possible(name: str) -> bool:
    return os.name == "posix" or not any(word in name for word in _POSIX)


def kinds() -> list[str]:
    """Give every kind of damage that can be done here."""
    laid = ["laid over: files", "laid over: files", "laid over: objects"]
    paths = [f"path: {name}" for name in _PATHS]
    return [*filter(_possible, [*_CONTENT, *_CONTENT, *_FOLDERS, *_ZIPS, *_ZIPS, *paths[:2]]), *paths[2:], *laid * 4]


def mutant(number: int, folder: Path, *, seed: int = 0, files: Files | None = None) -> Mutant:
    """
    Make a mutant of a package.

    Args:
        number: Which; the same number and seed give the same one on the same system.
        folder: A folder that does not exist yet, for it to be written to.
        seed: For others than those of the seed 0.
        files: The files of a sound package; by default the small one.
    """
    rng = random.Random(f"{seed} {number}")
    sound = small_files() if files is None else files
    every = kinds()
    kind = every[number % len(every)]
    if kind in _CONTENT:
        return _damaged(rng, number, kind, sound, folder)
    if kind in _FOLDERS:
        expected, blamed = _FOLDERS[kind](rng, _written(folder / "package", sound))
        return Mutant(number, kind, folder / "package", sound, expected, (Place(blamed),))
    if kind in _ZIPS:
        data, expected = _ZIPS[kind](rng, sound)
        folder.mkdir(parents=True)
        return Mutant(number, kind, _stored(folder / "package.zip", data), sound, expected)
    if kind == "laid over: objects":
        return Mutant(number, kind, _given(rng, sound), sound, "either", extends=True)
    if kind == "laid over: files":
        made = _damaged(rng, number, rng.choice(list(_CONTENT)), sound, folder)
        changed = {name: data for name, data in made.contents.items() if data != sound[name]}
        shutil.rmtree(folder)
        path = _written(folder / "package", changed)
        alone = path / next(iter(changed)) if len(changed) == 1 and rng.random() < 0.5 else path
        return replace(made, kind=f"{kind}: {made.kind}", path=alone, contents=changed, expected="either", extends=True)
    path = _PATHS[kind.removeprefix("path: ")](_written(folder / "package", sound))
    return Mutant(number, kind, path, sound, "refused")


def _damaged(rng: random.Random, number: int, kind: str, sound: Files, folder: Path) -> Mutant:
    damage = _CONTENT[kind](rng, sound)
    if rng.random() < 0.1:
        # The second may undo the first, or find nothing left to work on.
        with contextlib.suppress(ValueError, LookupError, AttributeError, TypeError, RecursionError):
            second = _CONTENT[rng.choice(list(_CONTENT))](rng, damage.files)
            damage = Damage(second.files, "either", (Place(),))
    if rng.random() < 0.2:
        folder.mkdir(parents=True)
        path = _stored(folder / "package.zip", zipped(_entries(damage.files, rng.choice(["", "package/"]))))
    else:
        path = _written(folder / "package", damage.files)
    return Mutant(number, kind, path, damage.files, damage.expected, damage.places)


def _written(folder: Path, files: Files) -> Path:
    folder.mkdir(parents=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


def _stored(file: Path, data: bytes) -> Path:
    file.write_bytes(data)
    return file


# --- what is expected ------------------------------------------------------------------------------------------------


def check_outcome(made: Mutant, base: im.Dataset | None = None) -> Literal["loaded", "refused"]:
    """
    Load a mutant, or lay it over a dataset, and say what came of it.

    Raises:
        MisbehaviourError: If it was loaded as something else than its files say, or refused without a good word, or if
            another was expected.
        Exception: Whatever else came out.
    """
    try:
        with _time_limit():
            loaded = base.extended(made.path) if made.extends and base is not None else im.load(made.path)
    except im.DatasetError as error:
        _check_faults(error, made)
        return "refused"
    except (TypeError, im.UnknownNameError):
        if made.kind != "laid over: objects":
            raise
        return "refused"
    if made.expected == "refused":
        message = "was loaded although it had to be refused"
        raise MisbehaviourError(message)
    if made.kind != "laid over: objects":
        expected = _laid_over(made.contents, small_files()) if made.extends else made.contents
        _check_loaded(loaded, expected)
    return "loaded"


def _check_faults(error: im.DatasetError, made: Mutant) -> None:
    faults = error.faults
    text = str(error).encode() + b"".join(str(fault).encode() for fault in faults[:100])
    long = max((len(str(fault)) for fault in faults), default=0)
    if made.expected == "loads":
        message = f"was refused although it is sound: {faults[:3]}"
    elif not faults or not text or not all(fault.file and fault.message for fault in faults):
        message = "was refused without a word"
    elif long > 1500:
        message = f"was refused by a fault of {long} characters"
    elif not made.extends and not any(place.is_named(fault) for place in made.places for fault in faults):
        message = f"was refused for something else than {made.places}: {faults[:3]}"
    else:
        return
    raise MisbehaviourError(message)


def _check_loaded(loaded: im.Dataset, files: Files) -> None:
    for name in (*KINDS, "findings", "hosts"):
        key = _key(f"{name}.json")
        records: list[Json] = json.loads(files[f"{name}.json"])
        optional: Json = {"identifiers": []} if "identifiers" in _types_of(f"{name}.json") else {}
        wanted = [{**optional, **record} for record in sorted(records, key=lambda record: str(record[key]))]
        found = [record.to_dict() for record in getattr(loaded, name)]
        # As text: 2020 and 2020.0, 1 and true are equal, and not the same.
        if json.dumps(found, sort_keys=True) != json.dumps(wanted, sort_keys=True):
            message = f"{name} are not what the file says"
            raise MisbehaviourError(message)


def _laid_over(changed: Files, files: Files) -> Files:
    """Say what a package has to hold after records were laid over it."""
    together = dict(files)
    for file, data in changed.items():
        if file in RECORDS:
            key, types = _key(file), _types_of(file)
            names = [name for name, of in types.items() if not name.endswith("[]") and of & {list, type(None)}]
            blank: Json = {name: [] if list in types[name] else None for name in names}
            records = {record[key]: record for record in json.loads(files[file])}
            records |= {record[key]: {**blank, **record} for record in json.loads(data)}
            together[file] = dumped(list(records.values()))
    return together


@contextlib.contextmanager
def _time_limit() -> Iterator[None]:
    if not hasattr(signal, "setitimer"):
        yield
        return

    def stop(*_: object) -> None:
        message = f"took longer than {SECONDS} seconds"
        raise TimeoutError(message)

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
