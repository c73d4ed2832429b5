"""
Sets of positions as whole numbers: the bit of a position is set if it is in the set.

``&``, ``|`` and ``~`` are those of sets, and a million positions are 125 kB. Knows nothing of records.
"""

from __future__ import annotations

import re
from itertools import compress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["bitset", "flags_of", "kept_in", "packed", "positions_of"]

_DENSE = 30
"""Where more than one position in so many is in a set, all are looked at in one go."""
_NOT_ZERO = re.compile(rb"[^\0]")
_BITS = tuple([tuple([bit for bit in range(8) if byte >> bit & 1]) for byte in range(256)])
_DIGITS = bytes([48, *[49] * 255])
"""What turns bytes that are zero or not into the digits of a binary number."""
_FLAGS = bytes(48) + b"\0\1" + bytes(206)
"""What turns those digits into zeros and ones."""


def bitset(positions: Sequence[int], size: int) -> int:
    """
    Return the set of some positions, of which each is less than a size.

    >>> bin(bitset([0, 3], 8)), bin(bitset(range(2, 5), 8))
    ('0b1001', '0b11100')
    """
    if isinstance(positions, range):
        first, last = (positions[0], positions[-1]) if positions else (1, 0)
        if abs(positions.step) == 1:
            low, high = min(first, last), max(first, last)
            return 0 if not positions else (1 << (high + 1)) - (1 << low)
    if _DENSE * len(positions) > size:
        flags = bytearray(size)
        for position in positions:
            flags[position] = 1
        return packed(flags)
    found = bytearray((size + 7) // 8)
    for position in positions:
        found[position >> 3] |= 1 << (position & 7)
    return int.from_bytes(found, "little")


def packed(flags: bytes | bytearray) -> int:
    """
    Return the set of the positions at which some bytes are not zero.

    >>> bin(packed(bytes([1, 0, 0, 1])))
    '0b1001'
    """
    return int(bytes(flags[::-1]).translate(_DIGITS) or b"0", 2)


def flags_of(found: int, size: int) -> bytes:
    """
    Return for each position less than a size whether it is in a set: 1 or 0.

    >>> list(flags_of(0b1001, 6))
    [1, 0, 0, 1, 0, 0]
    """
    return format(found, "b").encode()[::-1].translate(_FLAGS).ljust(size, b"\0")


def positions_of(found: int) -> list[int]:
    """
    Return the positions in a set, in order.

    >>> positions_of(0b1001)
    [0, 3]
    """
    size = found.bit_length()
    if _DENSE * found.bit_count() > size:
        return list(compress(range(size), flags_of(found, size)))
    content = found.to_bytes((size + 7) // 8, "little")
    places = [match.start() for match in _NOT_ZERO.finditer(content)]
    return [8 * place + bit for place in places for bit in _BITS[content[place]]]


def kept_in(found: int, positions: Iterable[int]) -> list[int]:
    """
    Return those of some positions that are in a set, in the order in which they are given.

    >>> kept_in(0b1001, [3, 2, 0, 9])
    [3, 0]
    """
    content = found.to_bytes((found.bit_length() + 7) // 8, "little")
    most = len(content)
    return [one for one in positions if one >> 3 < most and content[one >> 3] >> (one & 7) & 1]
