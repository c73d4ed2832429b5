"""
Making objects that all stay: the search for cycles rests meanwhile, and goes on afterwards whatever happens.
"""

from __future__ import annotations

import gc
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

import icatmapping as im
from icatmapping.network import affiliations
from icatmapping.utils.garbage import all_stay


def test_it_goes_on_after_a_failure() -> None:
    """An error ends it as well."""
    with pytest.raises(ZeroDivisionError), all_stay():
        raise ZeroDivisionError
    assert gc.isenabled()


def test_whoever_has_switched_it_off_finds_it_off() -> None:
    """It is left as it was found."""
    gc.disable()
    try:
        with all_stay():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_of_threads_the_last_one_switches_it_on() -> None:
    """While any of them makes objects, it rests."""
    inside, first_is_out = Barrier(2), Barrier(2)

    def make(*, is_first: bool) -> bool:
        with all_stay():
            inside.wait(10)
            if not is_first:
                first_is_out.wait(10)
                return gc.isenabled()
        first_is_out.wait(10)
        return True

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.submit(make, is_first=True), pool.submit(make, is_first=False)
        assert first.result(10) is True
        assert second.result(10) is False
    assert gc.isenabled()


def test_a_graph_leaves_it_on(ds: im.Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    """It rests while a projection is made, and goes on after it, also after one that is refused midway."""
    seen: list[bool] = []

    def refuse(participants: int) -> None:
        seen.append(gc.isenabled())
        if len(seen) > 1:
            raise ValueError(participants)

    monkeypatch.setattr(affiliations, "refuse_large", refuse)
    im.partnership_graph(ds, country="Ghana")
    assert gc.isenabled()
    with pytest.raises(ValueError, match=r"\d"):
        im.partnership_graph(ds, country="Ghana")
    assert gc.isenabled()
    assert seen == [False, False]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing is forked there")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_child_that_is_forked_meanwhile_has_it_on() -> None:
    """The thread that would switch it on again is not there."""
    with all_stay():
        child = os.fork()
        if child == 0:
            is_on = gc.isenabled()
            with all_stay():
                rests = not gc.isenabled()
            os._exit(0 if is_on and rests and gc.isenabled() else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert not gc.isenabled()
    assert gc.isenabled(), sys.version
