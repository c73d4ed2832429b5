"""
The values of many records side by side, as bytes and as bits, so that they are counted without a look at each record.

Where hardly two records say the same, counting what they say one by one costs a call for each. Written side by side,
the values of all are one run of small numbers; and where each record is a lane of bits, one for each value, all lanes
are added at once. Knows nothing of dimensions.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from functools import reduce
from itertools import count
from operator import itemgetter, or_
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

__all__ = ["Lanes", "Written", "added"]

_BYTE, _SHORT = 0x100, 0x10000


class Written:
    """
    What records say, written side by side.

    Args:
        combinations: For each number, what the records say of which it is the number; nothing is written as None.

    Examples:
        >>> written = Written([("GHA", "NGA"), ()])
        >>> written.counted(written.of([0, 1, 0]))
        {'GHA': 2, 'NGA': 2, None: 1}
    """

    __slots__ = ("_code", "_texts", "_values")

    def __init__(self, combinations: Sequence[Sequence[Hashable]]) -> None:
        number_of: defaultdict[Any, int] = defaultdict(count().__next__)
        numbers = [[number_of[value] for value in combination or (None,)] for combination in combinations]
        self._values: list[Any] = list(number_of)
        self._code: Literal["B", "H", "I"] = (
            "B" if len(number_of) <= _BYTE else "H" if len(number_of) <= _SHORT else "I"
        )
        made = bytes if self._code == "B" else lambda told: array(self._code, told).tobytes()
        self._texts = list(map(made, numbers))

    def __len__(self) -> int:
        return len(self._values)

    def of(self, numbers: Iterable[int]) -> bytes:
        """Return what some records say, whose numbers are given."""
        return b"".join(map(self._texts.__getitem__, numbers))

    def length(self, numbers: Iterable[int]) -> int:
        """Return how many bytes it takes to write what some records say."""
        return sum(map(len, map(self._texts.__getitem__, numbers)))

    def places(self, numbers: Iterable[int]) -> dict[Any, array[int]]:
        """Return the positions of the records with each value, of those whose numbers are given in order."""
        found = [array("I") for _ in self._values]
        add = [places.append for places in found]
        texts: Sequence[Iterable[int]] = self._texts
        if self._code != "B":
            texts = [memoryview(text).cast(self._code).tolist() for text in self._texts]
        for position, text in enumerate(map(texts.__getitem__, numbers)):
            for value in text:
                add[value](position)
        return {value: places for value, places in zip(self._values, found, strict=True) if places}

    def counted(self, text: bytes | memoryview) -> dict[Any, int]:
        """Return how often each value comes in what is written."""
        values = self._values
        return {values[number]: found for number, found in Counter(memoryview(text).cast("B").cast(self._code)).items()}


class Lanes:
    """
    What records say, each as a lane of bits, one for each value.

    Args:
        combinations: For each number, what the records say of which it is the number.

    Examples:
        >>> lanes = Lanes([("GHA", "NGA"), (), ("GHA",)])
        >>> of_records = lanes.of([0, 1, 0, 2])
        >>> lanes.counted(of_records, [0, 1, 3]), lanes.counted(of_records, [1])
        ({'GHA': 2, 'NGA': 1}, {})
    """

    __slots__ = ("_lanes", "_size", "_values")

    def __init__(self, combinations: Sequence[Sequence[Hashable]]) -> None:
        bit_of: defaultdict[Any, int] = defaultdict(count().__next__)
        bits = [reduce(or_, [1 << bit_of[value] for value in combination], 0) for combination in combinations]
        self._values: list[Any] = list(bit_of)
        self._size = (len(bit_of) + 7) // 8
        self._lanes = [lane.to_bytes(self._size, "little") for lane in bits]

    def of(self, numbers: Iterable[int]) -> list[bytes]:
        """Return the lanes of some records, whose numbers are given."""
        return list(map(self._lanes.__getitem__, numbers))

    def counted(self, lanes: Sequence[bytes], positions: Sequence[int]) -> dict[Any, int]:
        """Return how many of the lanes at some positions have each value that any of them has."""
        found = itemgetter(*positions)(lanes) if len(positions) > 1 else [lanes[position] for position in positions]
        counts = added(b"".join(found), self._size)
        return {value: number for value, number in zip(self._values, counts, strict=False) if number}


def added(lanes: bytes, size: int) -> list[int]:
    """
    Return how many lanes have each bit set.

    The upper half of the lanes is added to the lower one until a single one is left. The sums are held as planes: the
    first of these has the lowest bits of all sums, and two numbers in planes are added as circuits add them, all lanes
    at once.

    Args:
        lanes: The lanes one after the other, the lowest bits first.
        size: How many bytes a lane has.

    Examples:
        >>> added(bytes([0b011, 0b010, 0b110]), 1)
        [1, 3, 1, 0, 0, 0, 0, 0]
        >>> added(b"", 1)
        [0, 0, 0, 0, 0, 0, 0, 0]
    """
    planes = [int.from_bytes(lanes, "little")]
    left = len(lanes) // size if size else 0
    while left > 1:
        left = (left + 1) // 2
        shift = 8 * size * left
        lower = (1 << shift) - 1
        carry = 0
        sums: list[int] = []
        for plane in planes:
            one, other = plane & lower, plane >> shift
            either = one ^ other
            sums.append(either ^ carry)
            carry = (one & other) | (either & carry)
        if carry:
            sums.append(carry)
        planes = sums
    return [sum([(plane >> bit & 1) << power for power, plane in enumerate(planes)]) for bit in range(8 * size)]
