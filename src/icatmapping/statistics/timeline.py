"""
How many records are active in each year.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from attrs import frozen

from icatmapping.query.provenance import provenance_of_records
from icatmapping.results import NO_PROVENANCE, KeyedTable, Provenance, Row
from icatmapping.statistics.tallies import tally

if TYPE_CHECKING:
    from collections.abc import Iterable

    from icatmapping.frames.frames import Records
    from icatmapping.model.schema import Value
    from icatmapping.query.collection import Collection
    from icatmapping.query.criteria import Dates

__all__ = ["Timeline", "TimelineRow", "timeline"]


@frozen(repr=False)
class TimelineRow(Row):
    """
    How many records were active in a year.

    Attributes:
        year: The year.
        count: The number of records; one that lasted several years counts in each.
    """

    year: int
    count: int


@frozen(repr=False)
class Timeline(KeyedTable[TimelineRow]):
    """
    Records over the years, earliest first; ``found["2019"]`` is the row of a year.

    Attributes:
        of: The collection.
        n: The number of records.
        undated: How many of them have no date; they are in no year.
        rows: A row for every year from the first to the last, those without a record included.
        provenance: What was asked, and of which data.
    """

    of: str
    n: int
    undated: int
    rows: tuple[TimelineRow, ...]
    provenance: Provenance = NO_PROVENANCE

    def _keys(self) -> Iterable[Value]:
        return [row.year for row in self.rows]

    def _labels(self) -> Iterable[str]:
        return [str(row.year) for row in self.rows]

    def _repr_summary(self) -> str:
        span = f"{self.rows[0].year} to {self.rows[-1].year}, " if self.rows else ""
        return f" of {self.n} {self.of}: {span}{self.undated} undated"


def timeline(records: Collection[Any] | Records[Any], *, dates: Dates = "known") -> Timeline:
    """
    Count the records that were active in each year.

    Args:
        records: Initiatives, partnerships or resources.
        dates: Whether years are those in which records are ``"known"`` to be active, or ``"possible"`` ones.

    Returns:
        A row for every year from the first to the last; none if no record has a date.

    Raises:
        UnknownNameError: If the records have no dates.

    Examples:
        >>> import icatmapping as im
        >>> found = im.timeline(im.load().initiatives)
        >>> found["2019"].count > found["1999"].count
        True
    """
    counted = tally(records, "year", dates, sized=False)
    counts: Counter[int] = Counter({int(year): sum(sizes.values()) for year, sizes in counted.sizes.items()})
    span = range(min(counts), max(counts) + 1) if counts else range(0)
    rows = tuple([TimelineRow(year, counts[year]) for year in span])
    return Timeline(records.kind.collection, counted.n, counted.unclassified, rows, provenance_of_records(records))
