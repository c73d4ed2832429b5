"""
Some hundreds of damaged packages: each loads as what its files say, or is refused with a reason.

`mutations` makes them; ``tests/fuzz/mutate.py`` does the same with thousands.
"""

from __future__ import annotations

import json
import tracemalloc
from collections import Counter
from typing import TYPE_CHECKING, Any

import attrs
import pytest

import icatmapping as im
from support.corruption import check_outcome, kinds, mutant
from support.corruption_base import MisbehaviourError
from support.corruption_zips import BOMBS, Entry, bomb, zipped
from support.packages import KINDS, Raw, small_files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ROUND = len(kinds())
MEBIBYTE = 2**20


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> im.Dataset:
    """Give the small package that mutants are laid over."""
    return im.load(_written(tmp_path_factory.mktemp("base")))


def _written(folder: Path) -> Path:
    for name, data in small_files().items():
        (folder / name).write_bytes(data)
    return folder


@pytest.mark.parametrize("number", range(300))
def test_a_mutant_loads_as_it_is_or_is_refused_with_a_reason(number: int, base: im.Dataset, tmp_path: Path) -> None:
    """Whatever was done to it, in folders and zip files, alone or laid over another, which stays as it was."""
    before = base.to_package()
    check_outcome(mutant(number, tmp_path / "mutant"), base)
    assert base.to_package() == before


def test_of_most_damage_it_is_known_what_must_come_of_it(tmp_path: Path) -> None:
    """Of a round of mutants, one of each kind, more than half must not load, and some must."""
    expected = Counter(mutant(number, tmp_path / str(number)).expected for number in range(ROUND))
    assert expected["refused"] > ROUND / 2
    assert expected["loads"] >= 5


def test_a_number_makes_the_same_mutant_again(tmp_path: Path) -> None:
    """What was found once can be looked at; another seed makes another."""
    for number in range(0, ROUND, 7):
        one, again, other = (mutant(number, tmp_path / f"{number} {n}", seed=seed) for n, seed in enumerate((0, 0, 1)))
        assert (one.kind, one.contents, one.expected, one.places) == (
            again.kind,
            again.contents,
            again.expected,
            again.places,
        )
        assert one.kind.partition(":")[0] == other.kind.partition(":")[0]


REFUSED = im.DatasetError([im.Fault("no-such-file.json", "", "", "is not liked")])


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        ("drop a field", lambda sound: sound),
        ("drop a field", lambda _: _raised(REFUSED)),
        ("drop a field", lambda _: _raised(im.DatasetError([]))),
        ("drop a field", lambda _: _raised(KeyError("id"))),
        ("reorder records and fields", lambda _: _raised(REFUSED)),
        ("reorder records and fields", lambda sound: sound.extended([_changed(sound)])),
    ],
)
def test_a_loader_that_does_wrong_is_seen_through(
    kind: str, wrong: Callable[[im.Dataset], Any], base: im.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that takes everything, refuses everything, blames others, raises what it likes or changes what it reads."""
    made = mutant(kinds().index(kind), tmp_path / "mutant")
    monkeypatch.setattr(im, "load", lambda _: wrong(base))
    with pytest.raises((MisbehaviourError, KeyError)):
        check_outcome(made)


def _raised(error: Exception) -> None:
    raise error


def _changed(ds: im.Dataset) -> im.Initiative:
    return attrs.evolve(ds.initiatives[0], end=None, start=None, summary="Something else.")


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_not_unpacked(name: str, tmp_path: Path) -> None:
    """A zip file takes no more than a few times a hundredfold of its own size and a mebibyte, whatever it claims."""
    data = bomb(name, small_files())
    (tmp_path / "bomb.zip").write_bytes(data)
    tracemalloc.start()
    try:
        with pytest.raises(im.DatasetError):
            im.load(tmp_path / "bomb.zip")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 3 * min(64 * MEBIBYTE, MEBIBYTE + 100 * len(data))


def test_a_package_that_packs_well_is_no_bomb(tmp_path: Path) -> None:
    """A thousand records that say the same load from a zip file."""
    files = small_files()
    resources: list[dict[str, Any]] = json.loads(files["resources.json"])
    more = [{**resources[0], "id": f"same-{number}", "former_ids": []} for number in range(1000)]
    files = {**files, "resources.json": json.dumps([*resources, *more]).encode()}
    (tmp_path / "package.zip").write_bytes(zipped([Entry(name, data) for name, data in files.items()]))
    assert len(im.load(tmp_path / "package.zip").resources) == len(resources) + 1000


def test_the_small_package_has_a_value_in_every_field(raw: Raw) -> None:
    """In every one that has a value anywhere, so that nothing is left that could not be damaged."""
    for kind in KINDS:
        records = json.loads(small_files()[f"{kind}.json"])
        for name in records[0]:
            assert any(record[name] for record in records) == any(record[name] for record in raw[kind]), (kind, name)
