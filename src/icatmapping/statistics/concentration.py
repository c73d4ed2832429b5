"""
How evenly the records are spread over the values of a dimension.
"""

from __future__ import annotations

from math import exp, fsum, log
from typing import TYPE_CHECKING, Any

from attrs import frozen

from icatmapping.results import NO_PROVENANCE, Provenance, Row
from icatmapping.statistics.counts import universe_of
from icatmapping.statistics.coverage import coverage

if TYPE_CHECKING:
    from icatmapping.frames.frames import Records
    from icatmapping.model.schema import Value
    from icatmapping.query.collection import Collection
    from icatmapping.query.criteria import Dates

__all__ = ["Concentration", "concentration"]


@frozen(repr=False)
class Concentration(Row):
    """
    How concentrated records are on few values of a dimension.

    Attributes:
        by: The dimension.
        of: The collection.
        n: The number of records.
        unclassified: How many of them have no value.
        possible: The number of values that there could be, those that no record has included.
        hhi: The Herfindahl-Hirschman index, the sum of squared shares: from 1/possible (even) to 1 (all on one value).
        gini: The Gini coefficient of the shares: from 0 (even) to 1 − 1/possible (all on one value).
        entropy: Shannon's entropy of the shares, in nats: from 0 (all on one value) to log(possible) (even).
        effective: The effective number of values, exp(entropy): as many evenly used ones would have that entropy.
        top: The value with the highest share.
        top_share: Its share, a fraction of 1.
        provenance: What was asked, and of which data.
    """

    by: str
    of: str
    n: int
    unclassified: int
    possible: int
    hhi: float
    gini: float
    entropy: float
    effective: float
    top: Value
    top_share: float
    provenance: Provenance = NO_PROVENANCE

    def _repr_summary(self) -> str:
        top = f"most on {self.top} ({self.top_share:.0%})"
        return f" of {self.n} {self.of} by {self.by}: as if on {self.effective:.1f} of {self.possible} values, {top}"


def concentration(records: Collection[Any] | Records[Any], by: str, *, dates: Dates = "known") -> Concentration:
    r"""
    Measure how concentrated records are on few values of a dimension.

    All measures are of the fractional shares :math:`s_i` over the :math:`N` values that there could be, zeros included:
    HHI :math:`\sum s_i^2`; Gini :math:`\frac{2 \sum_i i\,s_{(i)}}{N} - \frac{N+1}{N}` with shares in ascending order;
    entropy :math:`-\sum s_i \ln s_i`.

    Args:
        records: The records.
        by: The dimension.
        dates: For years, those in which records are ``"known"`` to be active, or ``"possible"`` ones.

    Raises:
        UnknownNameError: If the records have no such dimension.
        ValueError: If none of them has a value, as nothing is neither concentrated nor spread.

    Examples:
        >>> import icatmapping as im
        >>> found = im.concentration(im.load().initiatives, "region")
        >>> found.top, 1 < found.effective < found.possible
        ('africa', True)

    References:
        A. O. Hirschman (1964), The paternity of an index, American Economic Review 54, 761; C. Gini (1912), Variabilità
        e mutabilità; C. E. Shannon (1948), A mathematical theory of communication, Bell System Technical Journal 27,
        379-423; M. O. Hill (1973), Diversity and evenness, Ecology 54, 427-432 (the effective number).
    """
    found = coverage(records, by, count="fractional", dates=dates)
    if not found:
        message = f"concentration by {by!r} is undefined: none of the {found.n} {found.of} has a value"
        raise ValueError(message)
    shares = sorted(row.share for row in found)
    values = len({*universe_of(by, records.kind, records.directory), *(row.value for row in found)})
    ranks = range(values - len(shares) + 1, values + 1)
    gini = 2 * fsum(rank * share for rank, share in zip(ranks, shares, strict=True)) / values - (values + 1) / values
    top = min(found, key=lambda row: (-round(row.share, 12), row.value))
    entropy = max(0.0, -fsum(share * log(share) for share in shares))
    return Concentration(
        by,
        found.of,
        found.n,
        found.unclassified,
        values,
        hhi=fsum(share * share for share in shares),
        gini=max(0.0, gini),
        entropy=entropy,
        effective=exp(entropy),
        top=top.value,
        top_share=top.share,
        provenance=found.provenance,
    )
