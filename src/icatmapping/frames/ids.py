"""
The ids of more records than there is room for, eight bytes each: which are duplicated, and which are missing.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Ids"]


class Ids:
    """
    Ids of which only the hash is kept, so that ten million take 80 MB.

    Needs pyarrow. Two ids may have one hash, if hardly ever: who acts on a duplicate looks at the ids themselves.

    >>> ids = Ids()
    >>> ids.add(["one", "two", "one"])
    >>> ids.duplicated() == {hash("one")}
    True
    >>> ids.missing(["two", "three"])
    ['three']
    """

    def __init__(self) -> None:
        self._hashes = array("q")

    def __len__(self) -> int:
        return len(self._hashes)

    def add(self, ids: Iterable[str]) -> None:
        """Take in ids."""
        self._hashes.extend(map(hash, ids))

    def duplicated(self) -> frozenset[int]:
        """Return the hashes of the ids that were taken in more than once."""
        pc = _compute()
        hashes = self._as_arrow()
        ordered = hashes.take(pc.sort_indices(hashes))
        later, before = ordered[1:], ordered[: max(0, len(ordered) - 1)]
        return frozenset(later.filter(pc.equal(later, before)).to_pylist())

    def missing(self, wanted: Iterable[str]) -> list[str]:
        """Return those of some ids that were not taken in, in order, each once."""
        import pyarrow as pa  # noqa: PLC0415 - an extra

        pc = _compute()

        names = dict.fromkeys(wanted)
        hashes = self._as_arrow()
        asked = pa.array([hash(name) for name in names], pa.int64())
        found = frozenset(hashes.filter(pc.is_in(hashes, value_set=asked)).to_pylist())
        return [name for name in names if hash(name) not in found]

    def _as_arrow(self) -> Any:
        import pyarrow as pa  # noqa: PLC0415 - an extra

        return pa.Array.from_buffers(pa.int64(), len(self), [None, pa.py_buffer(self._hashes.tobytes())])


def _compute() -> Any:
    """Return what Arrow computes with; its functions are made on import, so that no type checker sees them."""
    import pyarrow.compute as pc  # noqa: PLC0415 - an extra

    return pc
