"""
How many records have each value of a dimension.
"""

from __future__ import annotations

from numbers import Real
from typing import TYPE_CHECKING, Any

from attrs import frozen

from icatmapping.query.dimensions import dimension
from icatmapping.query.provenance import provenance_of_records
from icatmapping.results import NO_PROVENANCE, KeyedTable, Provenance, Row
from icatmapping.statistics.counts import (
    COUNTS,
    Count,
    count_values,
    in_order,
    values_among,
)
from icatmapping.statistics.intervals import intervals
from icatmapping.statistics.tallies import combinations_of, tally
from icatmapping.utils.arguments import check_choice, relistable
from icatmapping.utils.representation import join_first

if TYPE_CHECKING:
    from icatmapping.frames.frames import Records
    from icatmapping.model.schema import Value
    from icatmapping.query.collection import Collection
    from icatmapping.query.criteria import Dates

__all__ = ["Coverage", "CoverageRow", "coverage"]


@frozen(repr=False)
class CoverageRow(Row):
    """
    How many records have a value.

    Attributes:
        value: The value, e.g. ``"africa"``.
        label: The value as people write it.
        count: The number of records: a whole one with full counting, the sum of their parts with fractional.
        share: The fraction of the records with any value, from 0 to 1.
        low: The lower end of the interval of the share, or None if none was asked for.
        high: The upper end.
    """

    value: Value
    label: str
    count: float
    share: float
    low: float | None = None
    high: float | None = None


@frozen(repr=False)
class Coverage(KeyedTable[CoverageRow]):
    """
    Records counted by the values of a dimension, most frequent first, ties by value.

    ``found["africa"]`` is the row of a value or label, ``found[0]`` the first one.

    Attributes:
        by: The dimension.
        of: The collection, e.g. ``"initiatives"``.
        counting: ``"full"`` or ``"fractional"``.
        n: The number of records.
        unclassified: How many of them have no value.
        interval: The confidence level of the intervals, e.g. 0.95, or None if none was asked for.
        interval_meaning: What the intervals are, in words, or None.
        rows: A row for every value that a record has.
        provenance: What was asked, and of which data.
    """

    by: str
    of: str
    counting: Count
    n: int
    unclassified: int
    interval: float | None
    interval_meaning: str | None
    rows: tuple[CoverageRow, ...]
    provenance: Provenance = NO_PROVENANCE

    def _repr_summary(self) -> str:
        rows = join_first(f"{row.label} {row.share:.0%}" for row in self.rows)
        return f" of {self.n} {self.of} by {self.by}{super()._repr_summary()}{', ' if rows else ''}{rows}"


def coverage(
    records: Collection[Any] | Records[Any],
    by: str,
    *,
    count: Count = "full",
    interval: float | None = None,
    among: object = None,
    dates: Dates = "known",
) -> Coverage:
    r"""
    Count records by the values of a dimension.

    Args:
        records: The records to count, e.g. ``ds.initiatives.where(year=2021)``.
        by: The dimension, e.g. ``"region"``.
        count: ``"full"`` counts a record once for each of its values, so that shares may add up to more than 1;
            ``"fractional"`` spreads one unit evenly over them, so that shares add up to 1.
        interval: A confidence level between 0 and 1, e.g. 0.95, to have an interval beside every share. It says how
            far a share could be off **if these records were a random sample of all**, which they are not.
        among: Which values to show: an area, for what lies in it; or values, by any name. By default all. Shares are
            those of all records all the same.
        dates: For years, those in which records are ``"known"`` to be active, or those ``"possible"`` ones that their
            dates do not rule out.

    Returns:
        A row of value, label, count and share (a fraction of the records with any value) for every value that
        occurs, most frequent first, years in the order of time; no rows if no record has a value.

    Raises:
        UnknownNameError: If the records have no such dimension.
        ValueError: If the confidence level is not between 0 and 1.

    Intervals with full counting are those of Wilson, :math:`\left(p + \frac{z^2}{2m} \pm z \sqrt{\frac{p(1-p)}{m} +
    \frac{z^2}{4m^2}}\right) / \left(1 + \frac{z^2}{m}\right)` for a share :math:`p` of :math:`m` records. With
    fractional counting they are percentiles of 1000 resamples of the records with a value, drawn with replacement from
    a fixed seed; beyond 5000 such records, the normal distribution that these approach.

    Examples:
        >>> import icatmapping as im
        >>> found = im.coverage(im.load().initiatives, by="region", count="fractional")
        >>> found[0].label, round(sum(row.share for row in found), 12)
        ('Africa', 1.0)

    References:
        L. Waltman, N. J. van Eck (2015), Field-normalized citation impact indicators and the choice of an appropriate
        counting method, Journal of Informetrics 9, 872-894, doi:10.1016/j.joi.2015.08.001; E. B. Wilson (1927),
        Probable inference, the law of succession, and statistical inference, Journal of the American Statistical
        Association 22, 209-212; B. Efron (1979), Bootstrap methods: another look at the jackknife, Annals of Statistics
        7, 1-26.
    """
    check_choice("count", count, COUNTS)
    if interval is not None and not (isinstance(interval, Real) and 0 < interval < 1):
        message = f"interval is a confidence level between 0 and 1, such as 0.95, not {interval!r}"
        raise ValueError(message)
    counted = tally(records, by, dates, sized=count == "fractional")
    entry, directory = dimension(by, records.kind), records.directory
    among = relistable(among)
    shown = None if among is None else frozenset(values_among(records, by, among))
    counts = count_values(counted, count)
    classified = counted.n - counted.unclassified
    ends, meaning = intervals(counted, counts, count, interval, lambda: combinations_of(records, by, dates))
    rows = [
        CoverageRow(
            value,
            entry.label(value, directory),
            counts[value],
            min(counts[value] / classified, 1.0),
            *ends.get(value, ()),
        )
        for value in in_order(by, counts)
        if shown is None or value in shown
    ]
    return Coverage(
        by,
        records.kind.collection,
        count,
        counted.n,
        counted.unclassified,
        interval,
        meaning,
        tuple(rows),
        provenance_of_records(records, {by: among}),
    )
