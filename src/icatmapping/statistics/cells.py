"""
What entities cover: the combinations of values of some dimensions.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from icatmapping.model.records import Initiative
from icatmapping.query.dimensions import dimension
from icatmapping.query.tallies import Cell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from icatmapping.query.directory import Directory

__all__ = ["Cell", "cell_dimensions", "cell_labels"]


def cell_dimensions(on: str | Iterable[str]) -> tuple[str, ...]:
    """Check the dimensions of cells and return their names, each once."""
    names = (on,) if isinstance(on, str) else tuple(dict.fromkeys(on))
    if not names:
        message = "on must name at least one dimension"
        raise ValueError(message)
    for name in names:
        for kind in ("initiatives", "partnerships"):
            dimension(name, kind)
    return names


def cell_labels(directory: Directory, names: tuple[str, ...]) -> Callable[[Cell], str]:
    """Return what gives the label of a cell."""
    entries = [dimension(name, Initiative) for name in names]

    @cache
    def label(cell: Cell) -> str:
        return ", ".join(entry.label(value, directory) for entry, value in zip(entries, cell, strict=True))

    return label
