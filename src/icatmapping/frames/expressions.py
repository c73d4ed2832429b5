"""
What meets a condition on an engine: the definitions that memory has, as expressions of narwhals.
"""

from __future__ import annotations

from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING

from icatmapping.frames.layout import NAMED_AREAS, column_of
from icatmapping.query.conditions import NAMED_AREA, in_area

if TYPE_CHECKING:
    from collections.abc import Iterable

    import narwhals as nw

    from icatmapping.model.schema import Value
    from icatmapping.query.areas import Area
    from icatmapping.query.directory import Directory

__all__ = ["Columns", "everything", "nothing"]


def everything() -> nw.Expr:
    """Return what holds for every record; a literal is no condition to narwhals."""
    return ~nothing()


def nothing() -> nw.Expr:
    """Return what holds for no record."""
    import narwhals as nw  # noqa: PLC0415 - an extra

    return nw.col("id").is_null()


class Columns:
    """The columns of a table, as what holds its records: see `icatmapping.query.conditions.Holder`."""

    def __init__(self, collection: str, directory: Directory) -> None:
        self.collection = collection
        self.directory = directory

    def holds(self, name: str, value: Value | None) -> nw.Expr:
        """Return whether a record has a value of a dimension; under None, whether it has none."""
        import narwhals as nw  # noqa: PLC0415 - an extra

        listed = nw.col(NAMED_AREAS if name == NAMED_AREA else column_of(name)).list
        if value is None:
            return listed.len() == 0
        return listed.contains(str(value) if isinstance(value, str) else value)

    def active(self, since: int | None, until: int | None, dates: str) -> nw.Expr:
        """Return whether a record is known to be, or may be, active in some year of a span."""
        import narwhals as nw  # noqa: PLC0415 - an extra

        first, last = (nw.col(f"{name}") for name in _ENDS[dates])
        is_open = dates == "possible"
        parts = [] if is_open else [~last.is_null()]
        if until is not None:
            parts.append((first <= until).fill_null(is_open))
        if since is not None:
            parts.append((last >= since).fill_null(is_open))
        return self.all_of(parts) if parts else everything()

    def area(self, area: Area) -> nw.Expr:
        """Return whether a record is in an area."""
        # The regions of a record are those of its countries and of the areas that it names: one look instead of sixty.
        return self.holds("region", area.value) if area.kind == "region" else in_area(self, area)

    def inside(self, area: Area) -> nw.Expr:
        """Return whether a record names a country of an area; regions and sub-regions are one look."""
        import narwhals as nw  # noqa: PLC0415 - an extra

        if area.kind in ("region", "subregion"):
            return nw.col(f"d_own_{area.kind}").list.contains(area.value)
        return self.any_of([self.holds("country", alpha3) for alpha3 in sorted(area.countries)])

    def is_nothing(self, part: nw.Expr) -> bool:  # noqa: ARG002 - an engine knows only when it is asked
        """Return whether a part is known to be no records, which is never known here."""
        return False

    def any_of(self, parts: Iterable[nw.Expr]) -> nw.Expr:
        """Return whether any of the parts holds."""
        listed = [*parts]
        return reduce(or_, listed) if listed else nothing()

    def all_of(self, parts: Iterable[nw.Expr]) -> nw.Expr:
        """Return whether all the parts hold."""
        return reduce(and_, parts)

    def without(self, one: nw.Expr, other: nw.Expr) -> nw.Expr:
        """Return whether the one part holds and the other does not."""
        return one & ~other


_ENDS = {"known": ("first_active", "last_active"), "possible": ("possible_first", "possible_last")}
