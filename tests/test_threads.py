"""
Many threads that ask first at the same time get the same answers, made once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from support.questions import run_python

if TYPE_CHECKING:
    import icatmapping as im

THREADS = """
import sys, threading
import icatmapping as im
sys.setswitchinterval(1e-6)
ask = {
    "load": lambda: [list(im.load().initiatives), im.load().entities["UNODC"], im.load().organizations[7]],
    "search": lambda: list(im.load().resources.search("child labour")),
    "where": lambda: list(im.load().initiatives.where(country="NGA", entity="UNODC", evidence="own", reach="global")),
}[sys.argv[1]]
barrier, found, failures = threading.Barrier(64), [None] * 64, []
def thread(place):
    try:
        barrier.wait()
        found[place] = [im.load(), im.load().directory, *flat(ask())]
    except BaseException as error:
        failures.append(repr(error))
def flat(items):
    for item in items:
        yield from item if isinstance(item, list) else (item,)
threads = [threading.Thread(target=thread, args=(place,)) for place in range(64)]
[one.start() for one in threads]
[one.join() for one in threads]
assert not failures, failures[:3]
assert len(found[0]) > 3
for other in found:
    assert len(other) == len(found[0])
    assert all(one is another for one, another in zip(found[0], other))
print(*[record.id for record in found[0][2:]])
"""


@pytest.mark.parametrize("first", ["load", "search", "where"])
def test_threads_that_ask_first_all_get_the_same_objects(first: str, ds: im.Dataset) -> None:
    """Sixty-four at once in a fresh process: not equal records, but the same ones, as one thread finds them later."""
    expected: dict[str, list[Any]] = {
        "load": [*ds.initiatives, ds.entities["UNODC"], ds.organizations[7]],
        "search": [*ds.resources.search("child labour")],
        "where": [*ds.initiatives.where(country="NGA", entity="UNODC", evidence="own", reach="global")],
    }
    assert run_python(THREADS, first).split() == [record.id for record in expected[first]]
