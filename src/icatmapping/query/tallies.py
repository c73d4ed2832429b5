"""
Tallies: the whole numbers that statistics are made of, whoever counts them. Knows nothing of shares, labels and order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from icatmapping.model.schema import Value

Cell: TypeAlias = "tuple[Value, ...]"
"""A value of each of some dimensions, e.g. ``("NGA", "child_protection")``."""

__all__ = ["Cell", "Coverer", "GapTally", "PairTally", "PairedTally", "PortfolioTally", "Tally"]


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
        uncoded: Returns for a row how many records name it and state no column, and the ids of the first of them.
        regional: For each row that is a country, how many records for an area that holds it, of which they name no
            country, name each column; None if rows are not countries.
        worldwide: How many global records that name no place name each column.
    """

    named: int
    unclassified: int
    totals: Mapping[Value, int]
    counts: Mapping[Value, Mapping[Value, int]]
    groups: Mapping[str, tuple[int, Mapping[Value, int]]]
    uncoded: Callable[[Value], tuple[int, tuple[str, ...]]]
    regional: Mapping[Value, Mapping[Value, int]] | None
    worldwide: Mapping[Value, int]


class PortfolioTally(NamedTuple):
    """
    What a portfolio is made from.

    Attributes:
        n: How many initiatives the entity leads or partners.
        placed: How many of them are in a cell.
        all_placed: How many initiatives of any entity are.
        mine: For each cell of the entity, how many of its initiatives are in it, and their first and last year.
        everyone: For each cell, how many initiatives of any entity are in it.
    """

    n: int
    placed: int
    all_placed: int
    mine: Mapping[Cell, tuple[int, int | None, int | None]]
    everyone: Mapping[Cell, int]


class PairedTally(NamedTuple):
    """
    What two portfolios side by side are made from.

    Attributes:
        n_one: How many initiatives the one entity leads or partners.
        n_other: How many the other does.
        rows: For each cell, first and last year, and whether each of the two takes part: how many initiatives.
    """

    n_one: int
    n_other: int
    rows: tuple[tuple[Cell, int | None, int | None, bool, bool, int], ...]


class Coverer(NamedTuple):
    """
    That an entity covers a cell.

    Attributes:
        entity: Its id.
        cell: The cell.
        record: The id of the initiative by which it does.
        years: The years in which it does.
    """

    entity: str
    cell: Cell
    record: str
    years: tuple[int, ...]
