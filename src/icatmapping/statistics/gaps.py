"""
Where nobody works, or hardly anybody: cells that no initiative names, beside what work elsewhere would lead to expect.
"""

from __future__ import annotations

from collections import Counter
from math import exp, fsum, log, log1p
from statistics import median
from typing import TYPE_CHECKING, Any, Unpack

from attrs import frozen

from icatmapping.model import geography
from icatmapping.model.articles import in_sentence
from icatmapping.model.records import Initiative
from icatmapping.query.dimensions import dimension
from icatmapping.query.provenance import provenance_of_records
from icatmapping.results import NO_PROVENANCE, Provenance, Row, Table
from icatmapping.statistics.counts import universe_of, values_among
from icatmapping.statistics.tallies import check_source, gap_tally, named_of, tally
from icatmapping.utils.arguments import relistable
from icatmapping.utils.representation import join_first

if TYPE_CHECKING:
    from collections.abc import Mapping

    from icatmapping.dataset import Dataset
    from icatmapping.frames.frames import Frames, Records
    from icatmapping.model.schema import Value
    from icatmapping.query.collection import Collection
    from icatmapping.query.criteria import InitiativeCriteria

__all__ = ["Gap", "Gaps", "gaps"]

TELLING = 0.05
"""A gap is telling where its p is less than this."""
_ANYWHERE = "anywhere else"
_FEW_PEERS = 10
_TEXT_LIMIT = 3


@frozen(repr=False)
class Gap(Row):
    """
    A cell that no initiative, or hardly any, names.

    Attributes:
        row: The value of the row dimension.
        row_label: It as people write it.
        col: The value of the column dimension; None if only rows were asked for.
        col_label: It as people write it, or None.
        n: The number of initiatives that name the row and state any value of the column dimension.
        count: The number of them that name the column.
        expected: The number that would, if they did as often as the peers' initiatives do: n × rate. Without columns,
            the median of the rows that are its peers.
        rate: The share of the peers' initiatives that name the column, a fraction of 1; None without columns.
        peers: How many initiatives the rate rests on; 0 without columns.
        peers_in: Where the peers work: a sub-region, a region, or ``"anywhere else"``.
        p: The probability of so few or fewer of n at that rate (binomial); None without columns.
        telling: Whether p is less than 0.05.
        unclassified: How many initiatives name the row and state no value of the column dimension.
        uncoded: The ids of those, to be looked at: an empty cell may hide them.
        regional: How many more name the column and are for an area that holds the country, and name no country of it.
            None if rows are not countries.
        global_: How many more name the column, are global and name no place. None if rows are not countries.
            ``"global"`` in plain data.
    """

    row: Value
    row_label: str
    col: Value | None
    col_label: str | None
    n: int
    count: int
    expected: float
    rate: float | None
    peers: int
    peers_in: str
    p: float | None
    telling: bool
    unclassified: int
    uncoded: tuple[str, ...]
    regional: int | None
    global_: int | None

    @property
    def peers_where(self) -> str:
        """Return where the peers work, as it stands in a sentence: "in the Caribbean", "anywhere else"."""
        return self.peers_in if self.peers_in == _ANYWHERE else f"in {in_sentence(self.peers_in)}"

    def to_dict(self) -> dict[str, Any]:
        """Return the row as plain, JSON-ready data."""
        return {name.rstrip("_"): value for name, value in super().to_dict().items()}


@frozen(repr=False)
class Gaps(Table[Gap]):
    """
    Where nobody works, or hardly anybody: the most telling cells first.

    Attributes:
        by: The dimensions of rows and columns, or of rows alone.
        among: The rows that were looked at.
        at_most: The highest count that is a gap.
        n: The number of initiatives that name one of the rows.
        unclassified: How many of them state no value of the column dimension, so that they are in no cell.
        cells: The number of cells that were looked at, those of empty rows left out.
        empty_rows: The rows without any initiative that states a value of the column dimension: they tell nothing.
        rows: The gaps; by p, then expected count (highest first), then row and column.
        provenance: What was asked, and of which data.
    """

    by: tuple[str, ...]
    among: tuple[Value, ...]
    at_most: int
    n: int
    unclassified: int
    cells: int
    empty_rows: tuple[Value, ...]
    rows: tuple[Gap, ...]
    provenance: Provenance = NO_PROVENANCE

    @property
    def telling(self) -> tuple[Gap, ...]:
        """The gaps whose p is less than 0.05."""
        return tuple([gap for gap in self.rows if gap.telling])

    def _repr_summary(self) -> str:
        found = join_first(
            (f"{gap.row_label} × {gap.col_label}" if gap.col_label else gap.row_label for gap in self.rows), _TEXT_LIMIT
        )
        cells = f"{len(self.rows)} of {self.cells} cells, {len(self.telling)} telling"
        return f" by {' and '.join(self.by)}: {cells}{', ' if found else ''}{found}"


def gaps(
    ds: Dataset | Frames,
    rows: str,
    cols: str | None = None,
    *,
    among: object = None,
    at_most: int = 0,
    **criteria: Unpack[InitiativeCriteria],
) -> Gaps:
    r"""
    Find the cells of two dimensions that no initiative names, or hardly any, and say which of them tell something.

    Of the ``n`` initiatives that name a row and state some value of the column dimension, ``expected`` would name a
    column if they did as often as those of the row's peers. For a country these are the initiatives that name another
    country of its sub-region and not itself; if they are fewer than 10, those of its region; then all that do not name
    it. For other rows they are all that do not name the row. ``p`` is the probability of as few as there are, or
    fewer, of ``n`` at the peers' rate: :math:`\sum_{k \le count} \binom{n}{k} r^k (1-r)^{n-k}`. A gap is ``telling``
    where it is less than 0.05; of many cells looked at, one in twenty is so by chance alone.

    Nothing but initiatives that name both values fills a cell. Beside it stand those of the row that state no value
    of the column dimension, as absence of coding is not absence of work, and for countries what regional and global
    initiatives would add.

    Args:
        ds: The dataset.
        rows: The dimension of the rows, e.g. ``"country"``.
        cols: The dimension of the columns, e.g. ``"form"``; None to look at rows alone, beside the median of the other
            rows (of the same sub-region, for countries).
        among: Which rows to look at: an area, for what lies in it; or values, by any name. By default all.
        at_most: The highest count that is a gap.
        **criteria: What initiatives have to meet, as in `Collection.where`.

    Returns:
        The gaps; by p, then highest expected count, then row and column. Rows without any initiative that states a
        value of the column dimension tell nothing and stand apart.

    Raises:
        UnknownNameError: If initiatives lack a dimension, or an area or value does not exist.
        ValueError: If ``at_most`` is negative.

    Examples:
        >>> import icatmapping as im
        >>> found = im.gaps(im.load(), rows="country", cols="form", among="Western Africa")
        >>> found[0].count, found[0].p <= found[-1].p
        (0, True)
    """
    check_source(ds)
    if type(at_most) is not int or at_most < 0:
        message = f"at_most must be a whole number of at least 0, not {at_most!r}"
        raise ValueError(message)
    records = ds.initiatives.where(**criteria)
    among = relistable(among)
    chosen = values_among(ds.initiatives, rows, among)
    about = provenance_of_records(records, {rows: among})
    if cols is None:
        found = _rows_alone(records, rows, chosen, at_most)
        n = named_of(records, rows, chosen)
        return Gaps((rows,), chosen, at_most, n, 0, len(chosen), (), found, about)
    return _Cells(records, rows, cols, chosen).gaps(at_most, about)


class _Cells:
    """The initiatives of a question, counted by rows and columns."""

    def __init__(
        self, records: Collection[Initiative] | Records[Initiative], rows: str, cols: str, chosen: tuple[Value, ...]
    ) -> None:
        self.directory, self.rows, self.cols, self.chosen = records.directory, rows, cols, chosen
        self.counted = gap_tally(records, rows, cols, chosen)

    def _peers(self, row: Value) -> tuple[int, Mapping[Value, int], str]:
        """Return how many initiatives the peers have, how many of them name each column, and where they work."""
        own = self.counted.totals.get(row, 0)
        nobody: tuple[int, Mapping[Value, int]] = (0, {})
        if self.rows == "country":
            subregion, region = geography.subregion_of(str(row)), geography.region_of(str(row))
            labels = ((f"subregion {subregion}", subregion), (f"region {region}", region))
            for group, label in labels:
                size, counts = self.counted.groups.get(group, nobody)
                # Whatever names the row names a country of its sub-region and region.
                if label is not None and size - own >= _FEW_PEERS:
                    return size - own, counts, geography.area_label(str(label))
        size, counts = self.counted.groups.get("", nobody)
        return size - own, counts, _ANYWHERE

    def gaps(self, at_most: int, about: Provenance) -> Gaps:
        """Return the cells with at most so many initiatives."""
        rows, cols = dimension(self.rows, Initiative), dimension(self.cols, Initiative)
        directory, counted = self.directory, self.counted
        columns = universe_of(self.cols, Initiative, directory)
        found: list[Gap] = []
        empty: list[Value] = []
        for row in self.chosen:
            n = counted.totals.get(row, 0)
            if n == 0:
                empty.append(row)
                continue
            size, group, peers_in = self._peers(row)
            counts = counted.counts[row]
            regional = None if counted.regional is None else counted.regional[row]
            for col in columns:
                count = counts.get(col, 0)
                if count > at_most:
                    continue
                unclassified, uncoded = counted.uncoded(row)
                rate = (group.get(col, 0) - count) / size if size else 0.0
                p = binomial_at_most(count, n, rate)
                found.append(
                    Gap(
                        row,
                        rows.label(row, directory),
                        col,
                        cols.label(col, directory),
                        n,
                        count,
                        n * rate,
                        rate,
                        size,
                        peers_in,
                        p,
                        p < TELLING,
                        unclassified,
                        uncoded,
                        None if regional is None else regional.get(col, 0),
                        None if regional is None else counted.worldwide.get(col, 0),
                    )
                )
        found.sort(key=lambda gap: (round(gap.p or 0.0, 12), -round(gap.expected, 9), str(gap.row), str(gap.col)))
        cells = (len(self.chosen) - len(empty)) * len(columns)
        by = (self.rows, self.cols)
        return Gaps(
            by, self.chosen, at_most, counted.named, counted.unclassified, cells, tuple(empty), tuple(found), about
        )


def binomial_at_most(count: int, n: int, rate: float) -> float:
    """
    Return the probability of so many or fewer of n independent trials, each of which succeeds at a rate.

    >>> round(binomial_at_most(0, 10, 0.25), 6), binomial_at_most(3, 3, 0.5), binomial_at_most(0, 5, 0.0)
    (0.056314, 1.0, 1.0)
    """
    if count >= n or rate <= 0:
        return 1.0
    if rate >= 1:
        return 0.0
    # By logarithms: the first terms of a large n are less than the least number that there is.
    odds = log(rate) - log1p(-rate)
    term = n * log1p(-rate)
    terms = [exp(term)]
    for k in range(count):
        term += log(n - k) - log(k + 1) + odds
        terms.append(exp(term))
    return min(1.0, fsum(terms))


def _rows_alone(
    records: Collection[Initiative] | Records[Initiative], rows: str, chosen: tuple[Value, ...], at_most: int
) -> tuple[Gap, ...]:
    """Return the rows with at most so many initiatives, beside the median of the rows that are their peers."""
    entry = dimension(rows, Initiative)
    counts = Counter({value: sum(sizes.values()) for value, sizes in tally(records, rows, sized=False).sizes.items()})
    universe = universe_of(rows, Initiative, records.directory)
    found: list[Gap] = []
    for row in chosen:
        if counts[row] > at_most:
            continue
        peers, peers_in = [other for other in universe if other != row], _ANYWHERE
        if rows == "country":
            subregion = geography.subregion_of(str(row))
            near = [other for other in peers if geography.subregion_of(str(other)) == subregion]
            peers, peers_in = (near, str(subregion)) if near and subregion else (peers, peers_in)
        expected = float(median([counts[other] for other in peers])) if peers else 0.0
        label = entry.label(row, records.directory)
        n = counts[row]
        alone = dict.fromkeys(("col", "col_label", "rate", "p", "regional", "global_"))
        found.append(
            Gap(
                row=row,
                row_label=label,
                n=n,
                count=n,
                expected=expected,
                peers=0,
                peers_in=peers_in,
                telling=False,
                unclassified=0,
                uncoded=(),
                **alone,
            )
        )
    found.sort(key=lambda gap: (-gap.expected, gap.count, str(gap.row)))
    return tuple(found)
