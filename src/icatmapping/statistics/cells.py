"""
What entities cover: the combinations of values of some dimensions.
"""

from __future__ import annotations

from functools import cache
from itertools import product
from typing import TYPE_CHECKING, TypeAlias

from icatmapping.model.records import Initiative
from icatmapping.query.dimensions import dimension
from icatmapping.statistics.counts import plain_value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from icatmapping.dataset import Dataset
    from icatmapping.model.records import Partnership, Resource
    from icatmapping.model.schema import Value

__all__ = ["Cell", "cell_dimensions", "cell_labels", "cells_of"]


Cell: TypeAlias = "tuple[Value, ...]"
"""A value of each of some dimensions, e.g. ``("NGA", "child_protection")``."""


def cell_dimensions(ds: Dataset, on: str | Iterable[str]) -> tuple[str, ...]:
    """Check the dimensions of cells and return their names, each once."""
    names = (on,) if isinstance(on, str) else tuple(dict.fromkeys(on))
    if not names:
        message = "on must name at least one dimension"
        raise ValueError(message)
    for name in names:
        for records in (ds.initiatives, ds.partnerships):
            dimension(name, records.kind)
    return names


def cells_of(ds: Dataset, record: Initiative | Partnership | Resource, names: tuple[str, ...]) -> list[Cell]:
    """Return the cells in which a record is: the combinations of its values."""
    found = [dimension(name, type(record)).values(record, ds.directory) for name in names]
    return list(product(*([plain_value(value) for value in values] for values in found)))


def cell_labels(ds: Dataset, names: tuple[str, ...]) -> Callable[[Cell], str]:
    """Return what gives the label of a cell."""
    entries = [dimension(name, Initiative) for name in names]

    @cache
    def label(cell: Cell) -> str:
        return ", ".join(entry.label(value, ds.directory) for entry, value in zip(entries, cell, strict=True))

    return label
