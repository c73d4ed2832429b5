"""
What is wrong with a package, as it is found. Bounded in number and in time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from icatmapping.errors import Fault
from icatmapping.utils.text import NearestNames

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

__all__ = ["FaultLog"]


MAX_FAULTS = 10_000


class FaultLog(list[Fault]):
    """
    What is wrong with a package, as it is found.

    It stops at a number that nobody reads to the end, and stops looking for the nearest valid values when that begins
    to take long, so that no package, whatever it was made for, keeps a program busy or fills its memory.
    """

    def __init__(self) -> None:
        super().__init__()
        self._names = NearestNames()

    @property
    def is_full(self) -> bool:
        """Whether there are more than are reported."""
        return len(self) > MAX_FAULTS

    def extend(self, found: Iterable[Fault]) -> None:
        """Add faults, up to the maximum that is reported."""
        for fault in () if self.is_full else found:
            if len(self) == MAX_FAULTS:
                message = f"is where checking stopped, at {MAX_FAULTS:,} faults"
                self.append(Fault(fault.file, fault.record, "", message))
                return
            self.append(fault)

    def nearest(self, name: str, known: Collection[str]) -> str | None:
        """Return the valid value nearest to a wrong one, if there is one and there was time to find it."""
        return self._names.find(name, known)
