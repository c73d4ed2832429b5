"""
Searches for inputs that bring anything but a documented error out of the library, guided by the code that they reach.

::

    pip install atheris                                   # an extra tool for Linux and macOS, no dependency
    python tests/fuzz/fuzz.py where -max_total_time=60    # a minute of one target; further options are libFuzzer's

The targets are ``zip`` (`icatmapping.load` of a zip file of these bytes), ``file`` (`icatmapping.load` of a small
package in which one file has them, and laying that file over it), ``where`` (criteria of any names and values),
``search`` (any text) and ``country`` (any text or number). What is found is left in a file ``crash-…`` that, named as
an option, is tried again. Each target begins with a few sound inputs.
"""

# atheris finds its functions when it is imported.
# pyright: reportAttributeAccessIssue=false, reportMissingImports=false

from __future__ import annotations

import contextlib
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import atheris

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

sys.modules.pop("zipfile", None)  # only what is imported here tells atheris how far an input got
with atheris.instrument_imports(include=["icatmapping", "zipfile"]):
    import icatmapping as im
    from icatmapping.model import geography
    from icatmapping.query.dimensions import DIMENSIONS

    for module in (
        "zipfile",
        "icatmapping.datapackage.reading",
        "icatmapping.datapackage.package",
        "icatmapping.datapackage.overlay",
    ):
        import_module(module)

from support.corruption_base import ALL  # noqa: E402 - what is told of must be imported first
from support.corruption_zips import Entry, zipped  # noqa: E402 - as above
from support.packages import small_files  # noqa: E402 - what is told of must be imported first

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

FOLDER = Path(tempfile.mkdtemp(prefix="icatmapping-fuzz-"))
COLLECTIONS = ("entities", "organizations", "initiatives", "partnerships", "resources")
WORDS = ("Nigeria", "NGA", "africa", "prevention", "UNODC", "iom", "2019", "global", "en", "named", "include")


def zip_target(data: bytes) -> None:
    path = FOLDER / "package.zip"
    path.write_bytes(data)
    with contextlib.suppress(im.DatasetError):
        im.load(path)


def file_target(data: bytes) -> None:
    name = ALL[data[0] % len(ALL)] if data else ALL[0]
    path = FOLDER / "package" / name
    path.write_bytes(data[1:])
    try:
        with contextlib.suppress(im.DatasetError):
            im.load(path.parent)
        with contextlib.suppress(im.DatasetError):
            BASE.extended(path)
    finally:
        path.write_bytes(small_files()[name])


def where_target(data: bytes) -> None:
    provider = atheris.FuzzedDataProvider(data)
    records = getattr(im.load(), provider.PickValueInList(list(COLLECTIONS)))
    names = [*DIMENSIONS, "reach", "undated"]
    criteria = {
        provider.PickValueInList(names) if provider.ConsumeProbability() < 0.95 else _text(provider): _value(provider)
        for _ in range(provider.ConsumeIntInRange(1, 3))
    }
    try:
        found = records.where(**criteria)
    except im.UnknownNameError:
        return
    except TypeError as error:
        _check("cannot be asked for by" in str(error) or "a country is text" in str(error))
    else:
        _check(set(found) <= set(records))


def search_target(data: bytes) -> None:
    provider = atheris.FuzzedDataProvider(data)
    records = getattr(im.load(), provider.PickValueInList(list(COLLECTIONS)))
    found = records.search(provider.ConsumeUnicode(sys.maxsize))
    _check(set(found) <= set(records))


def country_target(data: bytes) -> None:
    provider = atheris.FuzzedDataProvider(data)
    with contextlib.suppress(im.UnknownNameError):
        if provider.ConsumeBool():
            found = geography.country(provider.ConsumeUnicode(sys.maxsize))
        else:
            found = geography.country(provider.ConsumeInt(provider.ConsumeIntInRange(1, 40)))
        _check(found in geography.countries())


def _check(holds: bool) -> None:  # noqa: FBT001 - it is all that is asked
    if not holds:
        message = "the answer is none"
        raise AssertionError(message)


def _text(provider: Any) -> str:
    text: str = provider.ConsumeUnicode(provider.ConsumeIntInRange(0, 30))
    return text


def _value(provider: Any, depth: int = 0) -> Any:
    makers: list[Callable[[], Any]] = [
        lambda: provider.PickValueInList(list(WORDS)),
        lambda: _text(provider),
        lambda: provider.ConsumeInt(provider.ConsumeIntInRange(1, 20)),
        lambda: provider.ConsumeIntInRange(1990, 2030),
        provider.ConsumeFloat,
        lambda: provider.ConsumeBytes(5),
        provider.ConsumeBool,
        lambda: None,
        lambda: im.load().entities[provider.ConsumeIntInRange(0, 20)],
    ]
    if depth < 2:
        makers += [lambda: [_value(provider, depth + 1) for _ in range(provider.ConsumeIntInRange(0, 3))]] * 2
    return provider.PickValueInList(makers)()


TARGETS: dict[str, Callable[[bytes], None]] = {
    "zip": zip_target,
    "file": file_target,
    "where": where_target,
    "search": search_target,
    "country": country_target,
}


def _seeds(target: str) -> Iterable[bytes]:
    """Give sound inputs to begin with."""
    if target == "zip":
        empty = {name: b"{}" if name == ALL[-1] else b"[]" for name in ALL}
        return [
            zipped([Entry(prefix + name, data, method) for name, data in empty.items()])
            for prefix, method in (("", 0), ("", 8), ("one/", 8))
        ]
    if target == "file":
        return [bytes([place]) + small_files()[name] for place, name in enumerate(ALL)]
    return [word.encode() for word in ("\1Nigeria", "\1Congo, Dem. Rep.", "child protection", '"a" OR b*', "St. Lucia")]


def main() -> None:
    if len(sys.argv) < 2 or sys.argv[1] not in TARGETS:
        sys.exit(f"usage: fuzz.py {{{','.join(TARGETS)}}} [option of libFuzzer …]")
    target = sys.argv.pop(1)
    corpus = FOLDER / "corpus"
    corpus.mkdir()
    for number, seed in enumerate(_seeds(target)):
        (corpus / str(number)).write_bytes(seed)
    # A file that is named is tried alone.
    alone = any(not argument.startswith("-") for argument in sys.argv[1:])
    atheris.Setup([*sys.argv, "-timeout=10", "-rss_limit_mb=2048", *([] if alone else [str(corpus)])], TARGETS[target])
    atheris.Fuzz()


def _base() -> im.Dataset:
    folder = FOLDER / "package"
    folder.mkdir()
    for name, data in small_files().items():
        (folder / name).write_bytes(data)
    return im.load(folder)


BASE = _base()

if __name__ == "__main__":
    main()
