"""
The values of a dimension as codes: one small number for each record, and once what each number stands for.

Records say again and again the same things, so what they say is read once for each way of saying it, and counting is
counting numbers that lie side by side. Knows nothing of dimensions.
"""

from __future__ import annotations

import sys
from array import array
from collections import Counter, defaultdict
from itertools import count
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Generic, TypeGuard, TypeVar

from icatmapping.datapackage.bundled import LazyRecords, column
from icatmapping.query.bitsets import bitset
from icatmapping.query.side_by_side import Lanes, Written
from icatmapping.utils.laziness import cached_property

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

__all__ = ["Codes", "coded_fields", "has_many_pairs", "paired"]

T = TypeVar("T")
U = TypeVar("U")

_MOST_SHORT = 0xFFFF
_MOST_BITS = 1_000
"""How many bits a lane has at most: with those of 80,000 bodies, each record would take 10 kB."""
_SAMPLED = 8_192
"""How many records are looked at to say whether there are many pairs."""


class _Made:
    """What is made of combinations when it is asked for, for all codes that share them."""

    def __init__(self, combinations: Sequence[Any]) -> None:
        self._combinations = combinations

    @cached_property
    def written(self) -> Written:
        """The combinations written side by side."""
        return Written(self._combinations)

    @cached_property
    def lanes(self) -> Lanes:
        """The combinations as lanes of bits."""
        return Lanes(self._combinations)


class Codes(Generic[T]):
    """
    What records say, as numbers.

    Attributes:
        combinations: What each number stands for.
        numbers: The number of each record, in order.

    Examples:
        >>> codes = Codes.of([("GHA",), ("NGA", "GHA"), ("GHA",)])
        >>> codes.combinations, list(codes.numbers)
        ([('GHA',), ('NGA', 'GHA')], [0, 1, 0])
    """

    __slots__ = ("_made", "_whole", "combinations", "numbers")

    combinations: list[T]
    numbers: array[int]

    def __init__(self, combinations: list[T], numbers: array[int], made: _Made | None = None) -> None:
        self.combinations = combinations
        is_short = numbers.typecode == "I" and len(combinations) <= _MOST_SHORT
        self.numbers = array("H", numbers) if is_short else numbers
        self._made = _Made(combinations) if made is None else made
        self._whole = b""

    @classmethod
    def of(cls, said: Iterable[Hashable]) -> Codes[Any]:
        """Return the codes of what records say, in order."""
        seen: defaultdict[Any, int] = defaultdict(count().__next__)
        numbers = array("I", map(seen.__getitem__, said))
        return cls(list(seen), numbers)

    def mapped(self, read: Callable[[T], U]) -> Codes[U]:
        """Return the codes of what is read from what records say, once for each way of saying it."""
        seen: defaultdict[Any, int] = defaultdict(count().__next__)
        numbers = [seen[read(combination)] for combination in self.combinations]
        if len(seen) == len(numbers):
            return Codes(list(seen), self.numbers)
        return Codes(list(seen), array(self.numbers.typecode, map(numbers.__getitem__, self.numbers)))

    def at(self, positions: Sequence[int]) -> Codes[T]:
        """Return the codes of the records at some positions."""
        return Codes(self.combinations, array(self.numbers.typecode, self._at(positions)), self._made)

    def counted(self, positions: Sequence[int] | None = None) -> dict[T, int]:
        """Count the records, or those at some positions, by what they say."""
        combinations = self.combinations
        return {combinations[number]: found for number, found in Counter(self._at(positions)).items()}

    def counted_values(self, positions: Sequence[int] | None = None) -> dict[Any, int]:
        """Count the records, or those at some positions, by each value that they have; under None, those with none."""
        numbers, written = self.numbers, self._made.written
        if positions is None or (_is_stretch(positions) and 2 * len(positions) > len(numbers)):
            whole = self._whole = self._whole or written.of(numbers)
            if positions is None:
                return written.counted(whole)
            begin = written.length(numbers[: positions.start])
            end = len(whole) - written.length(numbers[positions.stop :])
            return written.counted(memoryview(whole)[begin:end])
        return written.counted(written.of(self._at(positions)))

    def index(self) -> dict[Any, array[int]]:
        """Return the positions of the records with each value; under None, of those that have none."""
        return self._made.written.places(self.numbers)

    def has_few_values(self) -> bool:
        """Return whether so few different values are said that a lane with a bit for each is short."""
        return len(self._made.written) <= _MOST_BITS

    def lanes(self) -> tuple[Lanes, list[bytes]]:
        """Return what can be said as lanes of bits, and the lane of each record."""
        lanes = self._made.lanes
        return lanes, lanes.of(self.numbers)

    def column(self, positions: Sequence[int] | None = None) -> list[T]:
        """Return what each record, or each at some positions, says."""
        return list(map(self.combinations.__getitem__, self._at(positions)))

    def flags(self, is_wanted: Callable[[T], bool]) -> bytes:
        """Return for each record whether what it says is wanted: 1 or 0."""
        wanted = [1 if is_wanted(combination) else 0 for combination in self.combinations]
        return bytes(map(wanted.__getitem__, self.numbers))

    def sets(self) -> list[int]:
        """Return for each combination the set of the records that say it."""
        places = [array("I") for _ in self.combinations]
        for position, number in enumerate(self.numbers):
            places[number].append(position)
        return [bitset(found, len(self.numbers)) for found in places]

    def _at(self, positions: Sequence[int] | None) -> Iterable[int]:
        if positions is None:
            return self.numbers
        if isinstance(positions, range) and positions and positions.step > 0:
            return self.numbers[positions.start : positions.stop : positions.step]
        return map(self.numbers.__getitem__, positions)


def _is_stretch(positions: Sequence[int]) -> TypeGuard[range]:
    """Return whether positions are one after the other."""
    return isinstance(positions, range) and positions.step == 1


def coded_fields(records: Sequence[Any], fields: Sequence[str]) -> Codes[Any]:
    """Return the codes of some fields of records: of one field its values, of several tuples of them."""
    if len(fields) == 1:
        return Codes.of(column(records, fields[0]))
    if isinstance(records, LazyRecords):
        return Codes.of(zip(*[column(records, field) for field in fields], strict=True))
    return Codes.of(map(attrgetter(*fields), records))


def paired(one: Codes[T], other: Codes[U]) -> Mapping[tuple[T, U], int]:
    """
    Count records by what they say of two things.

    >>> paired(Codes.of("aab"), Codes.of("xyy")) == {("a", "x"): 1, ("a", "y"): 1, ("b", "y"): 1}
    True
    """
    ones, others = one.combinations, other.combinations
    a, b = one.numbers, other.numbers
    if a.typecode != "H" or b.typecode != "H":
        return {(ones[first], others[second]): found for (first, second), found in Counter(zip(a, b)).items()}  # noqa: B905 - as long
    # Two numbers of 16 bits side by side are one of 32, which is counted as it is.
    both = array("H", bytes(4 * len(a)))
    both[::2], both[1::2] = (a, b) if sys.byteorder == "little" else (b, a)
    counted = Counter(memoryview(both).cast("B").cast("I"))
    return {(ones[pair & _MOST_SHORT], others[pair >> 16]): found for pair, found in counted.items()}


def has_many_pairs(one: Codes[Any], other: Codes[Any]) -> bool:
    """Return whether nearly every record says a thing of its own, as a sample of them shows."""
    step = len(one.numbers) // _SAMPLED + 1
    sampled = len(one.numbers[::step])
    pairs = set(zip(one.numbers[::step], other.numbers[::step], strict=True))
    return sampled > _SAMPLED // 2 and len(pairs) > sampled // 3
