"""
What is wrong with a package, as it is found. Bounded in number and in time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from icatmapping.errors import Fault
from icatmapping.utils.text import nearest_or_none

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["FaultLog"]


MAX_FAULTS = 10_000


MAX_COMPARISONS = 300_000
"""How many names are compared, a second or two, to find the valid values nearest to wrong ones."""


class FaultLog(list[Fault]):
    """
    What is wrong with a package, as it is found.

    It stops at a number that nobody reads to the end, and stops looking for the nearest valid values when that begins
    to take long, so that no package, whatever it was made for, keeps a program busy or fills its memory.
    """

    def __init__(self) -> None:
        super().__init__()
        self._nearest: dict[tuple[str, tuple[str, ...]], str | None] = {}
        self._comparisons = 0

    @property
    def too_many(self) -> bool:
        """Whether there are more than are named."""
        return len(self) > MAX_FAULTS

    def note(self, found: Iterable[Fault]) -> None:
        """Take in what is found, no further than the number of faults that are named."""
        for fault in () if self.too_many else found:
            if len(self) == MAX_FAULTS:
                message = f"is where checking stopped, at {MAX_FAULTS:,} faults"
                self.append(Fault(fault.file, fault.record, "", message))
                return
            self.append(fault)

    def near(self, name: str, known: Iterable[str]) -> str | None:
        """Return the valid value nearest to a wrong one, if there is one and there was time to find it."""
        key = (name[:200], tuple(known))
        if key not in self._nearest and self._comparisons < MAX_COMPARISONS:
            self._comparisons += len(key[1])
            self._nearest[key] = nearest_or_none(*key)
        return self._nearest.get(key)
