"""
Tallies: the whole numbers that statistics are made of, whoever counts them. Knows nothing of shares, labels and order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from icatmapping.model.schema import Value

__all__ = ["GapTally", "PairTally", "Tally"]


class Tally(NamedTuple):
    """
    How many records have each value of a dimension.

    Attributes:
        n: How many records there are.
        unclassified: How many of them have no value.
        sizes: For each value, how many records have it beside how many in all: ``{"africa": {1: 40, 2: 7}}`` are 40
            records of Africa alone, and 7 of Africa and one other.
    """

    n: int
    unclassified: int
    sizes: Mapping[Value, Mapping[int, int]]


class PairTally(NamedTuple):
    """
    How many records have each pair of values of two dimensions.

    Attributes:
        n: How many records there are.
        unclassified: How many of them lack a value in one dimension or both.
        cells: For each pair of values, how many records have it beside how many pairs in all.
    """

    n: int
    unclassified: int
    cells: Mapping[tuple[Value, Value], Mapping[int, int]]


class GapTally(NamedTuple):
    """
    What gaps are found from.

    Attributes:
        named: How many records name one of the rows that are looked at.
        unclassified: How many of these state no column.
        totals: For each row, how many records name it and state a column.
        counts: For each row, how many of them name each column.
        groups: For each sub-region and region of countries (``"subregion Western Africa"``, ``"region africa"``), and
            for everything (``""``), how many records state a column, and how many name each.
        uncoded: For each row, how many records name it and state no column, and the ids of the first of them.
        regional: For each row that is a country, how many records for an area that holds it, of which they name no
            country, name each column; None if rows are not countries.
        worldwide: How many global records that name no place name each column.
    """

    named: int
    unclassified: int
    totals: Mapping[Value, int]
    counts: Mapping[Value, Mapping[Value, int]]
    groups: Mapping[str, tuple[int, Mapping[Value, int]]]
    uncoded: Mapping[Value, tuple[int, tuple[str, ...]]]
    regional: Mapping[Value, Mapping[Value, int]] | None
    worldwide: Mapping[Value, int]
