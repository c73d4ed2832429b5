"""
What entities cover, counted by an engine: the cells of a portfolio, of two beside each other, of all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from icatmapping.frames.engines import answered, apart, as_number, fetch
from icatmapping.frames.layout import column_of
from icatmapping.query.tallies import Coverer, PairedTally, PortfolioTally

if TYPE_CHECKING:
    from collections.abc import Iterator

    import narwhals as nw

    from icatmapping.frames.frames import Records
    from icatmapping.model.schema import Value

__all__ = ["coverers", "joined_events", "paired_tally", "portfolio_tally"]

MOST_FETCHED = 2_000_000
"""So many rows of an entity, a cell and a record are fetched to see who covers what."""
_MEMBERS = "d_member_entity"


@answered
def portfolio_tally(records: Records[Any], entity: str, names: tuple[str, ...]) -> PortfolioTally:
    """
    Count the cells that an entity covers, and those that all entities do.

    Args:
        records: The initiatives.
        entity: The id of the entity.
        names: The dimensions of the cells.
    """
    import narwhals as nw  # noqa: PLC0415 - an extra

    cells = [f"cell{place}" for place in range(len(names))]
    whole = _with_cells(
        records.lf.filter(nw.col(_MEMBERS).list.len() > 0), names, "first_active", "last_active", _MEMBERS
    )
    is_mine = nw.col(_MEMBERS).list.contains(entity)
    whole = whole.with_columns(
        mine=as_number(is_mine),
        first=nw.when(is_mine).then(nw.col("first_active")),
        last=nw.when(is_mine).then(nw.col("last_active")),
    ).select(*cells, "mine", "first", "last")
    placed = as_number(nw.all_horizontal(*[nw.col(cell).list.len() > 0 for cell in cells], ignore_nulls=True))
    numbers = whole.with_columns(placed=placed, own_placed=placed * nw.col("mine"))
    ((mine, own_placed, all_placed),) = fetch(
        numbers.select(*[nw.col(name).sum() for name in ("mine", "own_placed", "placed")])
    )
    counted = (
        apart(whole, *cells)
        .group_by(*cells)
        .agg(number=nw.len(), own=nw.col("mine").sum(), first=nw.col("first").min(), last=nw.col("last").max())
    )
    rows = fetch(counted.select(*cells, "number", "own", "first", "last"))
    return PortfolioTally(
        int(mine or 0),
        int(own_placed or 0),
        int(all_placed or 0),
        {tuple(cell): (int(own), first, last) for *cell, _, own, first, last in rows if own},
        {tuple(cell): int(number) for *cell, number, _, _, _ in rows},
    )


@answered
def paired_tally(records: Records[Any], one: str, other: str, names: tuple[str, ...]) -> PairedTally:
    """
    Count the cells that two entities cover, by the years in which they do, and whether both take part.

    Args:
        records: The initiatives.
        one: The id of the one entity.
        other: The id of the other.
        names: The dimensions of the cells.
    """
    import narwhals as nw  # noqa: PLC0415 - an extra

    cells = [f"cell{place}" for place in range(len(names))]
    lf = _with_cells(records.lf, names, "first_active", "last_active", _MEMBERS)
    members = nw.col(_MEMBERS).list
    lf = lf.with_columns(has_one=members.contains(one), has_other=members.contains(other))
    lf = lf.filter(nw.col("has_one") | nw.col("has_other"))
    keys = [*cells, "first_active", "last_active", "has_one", "has_other"]
    counted = apart(lf, *cells).group_by(*keys).agg(number=nw.len()).select(*keys, "number")
    rows = [
        (tuple(cell), first, last, bool(has_one), bool(has_other), int(number))
        for *cell, first, last, has_one, has_other, number in fetch(counted)
    ]
    numbers = lf.select(one=as_number(nw.col("has_one")), other=as_number(nw.col("has_other")))
    ((n_one, n_other),) = fetch(numbers.select(nw.col("one").sum(), nw.col("other").sum()))
    return PairedTally(int(n_one or 0), int(n_other or 0), tuple(rows))


@answered
def coverers(records: Records[Any], names: tuple[str, ...]) -> Iterator[Coverer]:
    """
    Return which entity covers which cell by which record, in which years; undated records cover nothing.

    Args:
        records: The initiatives.
        names: The dimensions of the cells.

    Raises:
        ValueError: If there are too many to be fetched.
    """
    import narwhals as nw  # noqa: PLC0415 - an extra

    cells = [f"cell{place}" for place in range(len(names))]
    lf = records.lf.filter(~nw.col("last_active").is_null(), nw.col(_MEMBERS).list.len() > 0)
    lf = _with_cells(lf, names, "id", "first_active", "last_active", _MEMBERS)
    rows = _fetch_bounded(apart(lf, *cells, _MEMBERS).select(_MEMBERS, *cells, "id", "first_active", "last_active"))
    return (
        Coverer(entity, tuple(cell), identifier, tuple(range(int(first), int(last) + 1)))
        for entity, *cell, identifier, first, last in rows
    )


@answered
def joined_events(
    initiatives: Records[Any], partnerships: Records[Any], name: str
) -> dict[str, tuple[frozenset[str], frozenset[Value]]]:
    """
    Return the events in which several entities take part, by node, with who does and the values that they name.

    A partnership and its initiative twin are one event.

    Args:
        initiatives: The initiatives.
        partnerships: The partnerships.
        name: The dimension of the values.

    Raises:
        ValueError: If there are too many to be fetched.
    """
    import narwhals as nw  # noqa: PLC0415 - an extra

    values = column_of(name)
    members = nw.col(_MEMBERS).list.len()
    agreed = partnerships.lf.filter((members > 1) | ~nw.col("initiative").is_null())
    agreed_rows = _fetch_bounded(agreed.select("id", _MEMBERS, values, "initiative"))
    twins = sorted({twin for *_, twin in agreed_rows if twin is not None})
    begun = members > 1
    if twins:
        begun |= nw.col("id").is_in(twins)
    found: dict[str, tuple[frozenset[str], frozenset[Value]]] = {}
    for identifier, who, what in _fetch_bounded(initiatives.lf.filter(begun).select("id", _MEMBERS, values)):
        found[f"initiative:{identifier}"] = (frozenset(who), frozenset(what))
    for identifier, who, what, twin in agreed_rows:
        node = f"initiative:{twin}" if f"initiative:{twin}" in found else f"partnership:{identifier}"
        before = found.get(node, (frozenset(), frozenset()))
        found[node] = (before[0] | frozenset(who), before[1] | frozenset(what))
    return {node: (who, what) for node, (who, what) in found.items() if len(who) > 1}


def _with_cells(lf: nw.LazyFrame[Any], names: tuple[str, ...], *kept: str) -> nw.LazyFrame[Any]:
    import narwhals as nw  # noqa: PLC0415 - an extra

    return lf.select(*kept, **{f"cell{place}": nw.col(column_of(name)) for place, name in enumerate(names)})


def _fetch_bounded(lf: nw.LazyFrame[Any]) -> list[tuple[Any, ...]]:
    rows = fetch(lf.head(MOST_FETCHED + 1))
    if len(rows) > MOST_FETCHED:
        message = (
            f"more than {MOST_FETCHED:,} rows of an entity, a cell and a record would be fetched: ask of fewer records "
            "(country=, region=, theme=, since= …)"
        )
        raise ValueError(message)
    return rows
