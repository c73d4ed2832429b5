"""
What gaps are found from, counted by an engine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from icatmapping.frames.engines import answered, apart, as_number, fetch
from icatmapping.frames.expressions import Columns
from icatmapping.frames.layout import NAMED_AREAS, column_of
from icatmapping.frames.tallies import grouped
from icatmapping.query.conditions import NAMED_AREA
from icatmapping.query.dimensions import dimension
from icatmapping.query.tallies import GapTally

if TYPE_CHECKING:
    from collections.abc import Mapping

    import narwhals as nw

    from icatmapping.frames.frames import Records
    from icatmapping.model.schema import Value

__all__ = ["EVIDENCE", "gap_tally", "named_of"]

EVIDENCE = 100
"""How many ids are told of the records that an answer rests on."""
_MOST_FETCHED = 100_000
"""So many pairs of a row and an id are fetched to tell ids; of more, only their number is told."""


@answered
def gap_tally(records: Records[Any], rows: str, cols: str, chosen: tuple[Value, ...]) -> GapTally:
    """
    Count what gaps are found from.

    Args:
        records: The initiatives.
        rows: The dimension of the rows.
        cols: The dimension of the columns.
        chosen: The rows that are looked at.
    """
    import narwhals as nw  # noqa: PLC0415 - an extra

    for name in (rows, cols):
        dimension(name, records.kind)
    down, across = column_of(rows), column_of(cols)
    lf = records.lf.select("id", *dict.fromkeys([down, across, "d_own_subregion", "d_own_region"]))
    coded, uncoded = (lf.filter(nw.col(across).list.len() > 0), lf.filter(nw.col(across).list.len() == 0))
    counts: dict[Value, dict[Value, int]] = {}
    for (row, col), number in _cells(coded, down, across).items():
        counts.setdefault(row, {})[col] = number
    groups: dict[str, tuple[int, Mapping[Value, int]]] = {"": (_number(coded), _each(coded, across))}
    if rows == "country":
        for kind in ("subregion", "region"):
            column = f"d_own_{kind}"
            found: dict[str, dict[Value, int]] = {}
            for (group, col), number in _cells(coded, column, across).items():
                found.setdefault(str(group), {})[col] = number
            for group, size in _each(coded, column).items():
                groups[f"{kind} {group}"] = (size, found.get(str(group), {}))
    named, named_uncoded = _named(lf, _naming(records, rows, chosen), across)
    ids = _with_ids(uncoded, down)
    regional, worldwide = _beyond(records, across, chosen) if rows == "country" else (None, {})
    return GapTally(
        named,
        named_uncoded,
        _each(coded, down),
        counts,
        groups,
        lambda row: ids.get(row, (0, ())),
        regional,
        worldwide,
    )


@answered
def named_of(records: Records[Any], rows: str, chosen: tuple[Value, ...]) -> int:
    """Return how many records name one of some values of a dimension."""
    return _number(records.lf.filter(_naming(records, rows, chosen)))


def _number(lf: nw.LazyFrame[Any]) -> int:
    return int(grouped(lf)[()])


def _apart(lf: nw.LazyFrame[Any], column: str, name: str) -> nw.LazyFrame[Any]:
    """Return a row for each value of a list, in a column of its own."""
    import narwhals as nw  # noqa: PLC0415 - an extra

    return apart(lf.with_columns(**{name: nw.col(column)}), name)


def _named(lf: nw.LazyFrame[Any], naming: nw.Expr, across: str) -> tuple[int, int]:
    """Return how many records name one of the rows, and how many of them state no column."""
    import narwhals as nw  # noqa: PLC0415 - an extra

    is_coded = as_number(nw.col(across).list.len() > 0)
    ((number, coded),) = fetch(lf.filter(naming).select(number=nw.len(), coded=is_coded.sum()))
    return int(number), int(number) - int(coded or 0)


def _each(lf: nw.LazyFrame[Any], column: str) -> dict[Value, int]:
    """Return how many records have each value of a list."""
    return grouped(_apart(lf.select(column), column, "row").select("row"), "row")


def _cells(lf: nw.LazyFrame[Any], down: str, across: str) -> dict[tuple[Value, Value], int]:
    """Return how many records have each pair of values of two lists."""
    by_row = _apart(lf.select(*dict.fromkeys([down, across])), down, "row")
    return grouped(_apart(by_row, across, "col").select("row", "col"), "row", "col")


def _naming(records: Records[Any], rows: str, chosen: tuple[Value, ...]) -> nw.Expr:
    """Return whether a record names one of the rows that are looked at."""
    import narwhals as nw  # noqa: PLC0415 - an extra

    if len(chosen) >= len(dimension(rows, records.kind).universe(records.directory)):
        return nw.col(column_of(rows)).list.len() > 0
    holder = Columns(records.collection, records.directory)
    parts: list[nw.Expr] = []
    if rows == "country":  # regions and sub-regions that are looked at as a whole are one look each
        areas, rest = records.directory.areas.named, set(chosen)
        for kind in ("region", "subregion"):
            for area in [area for area in areas.values() if area.kind == kind and area.countries]:
                if rest.issuperset(area.countries):
                    parts.append(holder.inside(area))
                    rest.difference_update(area.countries)
        chosen = tuple([value for value in chosen if value in rest])
    return holder.any_of([*parts, *[holder.holds(rows, value) for value in chosen]])


def _with_ids(uncoded: nw.LazyFrame[Any], down: str) -> dict[Value, tuple[int, tuple[str, ...]]]:
    """Return for each row how many records state no column, and the first ids of them."""
    by_row = _apart(uncoded.select("id", down), down, "row").select("row", "id")
    numbers = grouped(by_row, "row")
    ids: dict[Value, list[str]] = {row: [] for row in numbers}
    if sum(numbers.values()) <= _MOST_FETCHED:
        for row, identifier in fetch(by_row):
            ids[row].append(identifier)
    return {row: (number, tuple(sorted(ids[row])[:EVIDENCE])) for row, number in numbers.items()}


def _beyond(
    records: Records[Any], across: str, chosen: tuple[Value, ...]
) -> tuple[dict[Value, dict[Value, int]], dict[Value, int]]:
    """Return what reaches countries beyond the records that name them: work for an area, and global work."""
    import narwhals as nw  # noqa: PLC0415 - an extra

    areas = records.directory.areas
    holder = Columns("initiatives", records.directory)
    placeless = holder.holds(NAMED_AREA, None) & holder.holds("country", None) & holder.holds("scope", "global")
    worldwide = _each(records.lf.filter(placeless).select(across), across)
    for_areas = records.lf.filter(nw.col(NAMED_AREAS).list.len() > 0, nw.col(across).list.len() > 0)
    told = {str(area) for area in _each(for_areas.select(NAMED_AREAS), NAMED_AREAS)} & areas.named.keys()
    flag_of = {value: f"area{place}" for place, value in enumerate(sorted(told))}
    flags = {}
    for value, name in flag_of.items():
        reaches = holder.without(holder.holds(NAMED_AREA, value), holder.inside(areas.named[value]))
        flags[name] = as_number(reaches)
    regional: dict[Value, dict[Value, int]] = {row: {} for row in chosen}
    # Countries that lie in the same areas are reached by the same records.
    alike: dict[tuple[str, ...], list[Value]] = {}
    for row in chosen:
        held = tuple([flag_of[value] for value in sorted(told) if row in areas.named[value].countries])
        if held:
            alike.setdefault(held, []).append(row)
    if not alike:
        return regional, worldwide
    names = {held: f"reach{place}" for place, held in enumerate(alike)}
    flagged = for_areas.with_columns(**flags).select(
        across, **{name: nw.max_horizontal(*[nw.col(one) for one in held]) for held, name in names.items()}
    )
    counted = _apart(flagged, across, "col").group_by("col").agg(*[nw.col(name).sum() for name in names.values()])
    for col, *numbers in fetch(counted.select("col", *names.values())):
        for held, number in zip(names, numbers, strict=True):
            for row in alike[held] if number else ():
                regional[row][col] = int(number)
    return regional, worldwide
