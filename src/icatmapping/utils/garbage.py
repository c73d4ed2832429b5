"""
Making millions of objects that all stay, without Python's search for cycles that can go.

It would look through all of them again and again while they are made, and find nothing: a third of the time.
"""

from __future__ import annotations

import gc
import os
from _thread import allocate_lock  # threading costs a millisecond at import
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["all_stay"]


class _Pause:
    """Who is making objects that all stay: while anybody is, cycles are not looked for."""

    def __init__(self) -> None:
        self._lock = allocate_lock()
        self._makers = 0
        self._was_enabled = False

    def begin(self) -> None:
        with self._lock:
            if self._makers == 0:
                self._was_enabled = gc.isenabled()
                gc.disable()
            self._makers += 1

    def end(self) -> None:
        with self._lock:
            if self._makers == 1 and self._was_enabled:
                gc.enable()
            self._makers = max(self._makers - 1, 0)  # none is left in a process that was forked meanwhile

    def forget(self) -> None:
        """Start anew in a child process, where only the thread that forked goes on."""
        self._lock = allocate_lock()
        if self._makers and self._was_enabled:
            gc.enable()
        self._makers = 0


_PAUSE = _Pause()

if hasattr(os, "register_at_fork"):  # not on Windows, where nothing is forked
    os.register_at_fork(after_in_child=_PAUSE.forget)


@contextmanager
def all_stay() -> Iterator[None]:
    """
    Make objects of which none is garbage before the end.

    >>> import gc
    >>> with all_stay():
    ...     gc.isenabled()
    False
    >>> gc.isenabled()
    True
    """
    _PAUSE.begin()
    try:
        yield
    finally:
        _PAUSE.end()
