"""
Damage to data packages, by number, so that any of it can be done again: what mutants are made of, and what is expected.

A mutant is a sound package that one or two things were done to: to its values, its bytes, the folder or the zip file
that it lies in. It either loads to what its files say, as plain ``json`` reads them, or is refused by a `DatasetError`
that names the place; nothing else, and within a time. `check_outcome` holds it to that.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

import icatmapping as im
from support.corruption_base import (
    RECORDS,
    SECONDS,
    Damage,
    MisbehaviourError,
    Mutant,
    Place,
    key_of,
    types_of,
)
from support.corruption_files import FOLDERS, PATHS
from support.corruption_values import CONTENT, Spot, draw_value
from support.corruption_zips import ZIPS, entries_of, zipped
from support.packages import KINDS, Files, Json, dumped, small_files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


# --- damage to what is laid over -------------------------------------------------------------------------------------


def _endless(depth: int) -> Any:
    nest: Any = {"id": "x"}
    for _ in range(depth):
        nest = [nest] if depth % 2 else {"a": nest}
    return nest


def _given(rng: random.Random, files: Files) -> Any:
    """Make something of Python's own that is no records, or hardly."""
    spot = Spot(rng, files, RECORDS[:5])
    name = spot.file.removesuffix(".json")
    loop: Json = dict(spot.record)
    loop["aliases"] = [loop]
    odd: list[Any] = [b"x", {1, 2}, Decimal(1), object(), 1j, float("nan"), 10**5000, loop, "\ud800", "x" * 10**6]
    odd += [(), iter(()), range(3), bytearray(9), spot.record, [spot.record], im.load().entities[0]]
    one = rng.choice([*odd, _endless(5000), _endless(2001)])
    holder, key, _ = draw_value(rng, spot.record)
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
    paths = [f"path: {name}" for name in PATHS]
    return [*filter(_possible, [*CONTENT, *CONTENT, *FOLDERS, *ZIPS, *ZIPS, *paths[:2]]), *paths[2:], *laid * 4]


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
    if kind in CONTENT:
        return _damaged(rng, number, kind, sound, folder)
    if kind in FOLDERS:
        expected, blamed = FOLDERS[kind](rng, _written(folder / "package", sound))
        return Mutant(number, kind, folder / "package", sound, expected, (Place(blamed),))
    if kind in ZIPS:
        data, expected = ZIPS[kind](rng, sound)
        folder.mkdir(parents=True)
        return Mutant(number, kind, _stored(folder / "package.zip", data), sound, expected)
    if kind == "laid over: objects":
        return Mutant(number, kind, _given(rng, sound), sound, "either", extends=True)
    if kind == "laid over: files":
        made = _damaged(rng, number, rng.choice(list(CONTENT)), sound, folder)
        changed = {name: data for name, data in made.contents.items() if data != sound[name]}
        shutil.rmtree(folder)
        path = _written(folder / "package", changed)
        alone = path / next(iter(changed)) if len(changed) == 1 and rng.random() < 0.5 else path
        return replace(made, kind=f"{kind}: {made.kind}", path=alone, contents=changed, expected="either", extends=True)
    path = PATHS[kind.removeprefix("path: ")](_written(folder / "package", sound))
    return Mutant(number, kind, path, sound, "refused")


def _damaged(rng: random.Random, number: int, kind: str, sound: Files, folder: Path) -> Mutant:
    damage = CONTENT[kind](rng, sound)
    if rng.random() < 0.1:
        # The second may undo the first, or find nothing left to work on.
        with contextlib.suppress(ValueError, LookupError, AttributeError, TypeError, RecursionError):
            second = CONTENT[rng.choice(list(CONTENT))](rng, damage.files)
            damage = Damage(second.files, "either", (Place(),))
    if rng.random() < 0.2:
        folder.mkdir(parents=True)
        path = _stored(folder / "package.zip", zipped(entries_of(damage.files, rng.choice(["", "package/"]))))
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
        key = key_of(f"{name}.json")
        records: list[Json] = json.loads(files[f"{name}.json"])
        optional: Json = {"identifiers": []} if "identifiers" in types_of(f"{name}.json") else {}
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
            key, types = key_of(file), types_of(file)
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
