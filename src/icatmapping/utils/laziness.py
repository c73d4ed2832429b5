"""
What is made once, when it is first asked for: by many threads, and in a process that is forked meanwhile.

Everything that the library builds once is built under one lock. A fork waits for it, so that the child gets what is
being built whole, and no lock that a thread holds which the child does not have.
"""

from __future__ import annotations

import functools
import os
from _thread import RLock  # threading costs a millisecond at import
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["BUILDING", "cached_property", "once"]

T = TypeVar("T")

BUILDING = RLock()
"""The lock under which whatever is built once is built, in all datasets."""

if hasattr(os, "register_at_fork"):  # not on Windows, where nothing is forked
    os.register_at_fork(before=BUILDING.acquire, after_in_parent=BUILDING.release, after_in_child=BUILDING.release)


if TYPE_CHECKING:
    from functools import cached_property
else:

    class cached_property(Generic[T]):  # noqa: N801 - the one of functools has a lock in Python 3.11, which no fork survives
        """
        A property that is computed when it is first asked for, and kept.

        Of threads that ask at the same time, one computes it and the others get the same.

        >>> class Answer:
        ...     @cached_property
        ...     def value(self):
        ...         print("computed")
        ...         return 42
        >>> answer = Answer()
        >>> answer.value, answer.value
        computed
        (42, 42)
        """

        def __init__(self, compute: Callable[[Any], T]) -> None:
            self._compute = compute
            self.__doc__ = compute.__doc__

        def __set_name__(self, owner: type[Any], name: str) -> None:
            self._name = name

        @overload
        def __get__(self, instance: None, owner: type[Any] | None = None) -> cached_property[T]: ...
        @overload
        def __get__(self, instance: object, owner: type[Any] | None = None) -> T: ...
        def __get__(self, instance: object | None, owner: type[Any] | None = None) -> cached_property[T] | T:
            if instance is None:
                return self
            with BUILDING:  # what it takes is maybe imported first, and a child would wait for a thread that imports
                kept: dict[str, T] = instance.__dict__
                if self._name not in kept:
                    kept[self._name] = self._compute(instance)
                return kept[self._name]


def once(build: Callable[[], T]) -> Callable[[], T]:
    """
    Return a function that builds a thing when it is first called, once, however many threads ask at the same time.

    >>> @once
    ... def answer():
    ...     print("built")
    ...     return 42
    >>> answer(), answer()
    built
    (42, 42)
    """
    built: list[T] = []

    @functools.wraps(build)
    def ask() -> T:
        if not built:
            with BUILDING:
                if not built:
                    built.append(build())
        return built[0]

    return ask
