"""
The map of the world as SVG: countries in shades by how many initiatives name them, each leading to its page.
"""

from __future__ import annotations

from itertools import pairwise
from math import log
from typing import TYPE_CHECKING, NamedTuple

from icatmapping.model import geography
from icatmapping.plots.outlines import NORTH, SOUTH, project, world_outlines

if TYPE_CHECKING:
    from collections.abc import Mapping

    from icatmapping.plots.outlines import Point

__all__ = ["SHADES", "Shape", "WorldMap", "draw_world"]

SHADES = 5
"""How many shades there are."""
_WIDTH = 960


class Shape(NamedTuple):
    """
    A country on the map.

    Attributes:
        alpha3: Its code.
        name: Its name.
        records: How many records name it.
        shade: From 0 (none) to `SHADES`.
        path: The data of its path in SVG, or None for a dot.
        x: Where the dot is.
        y: The same, downwards.
    """

    alpha3: str
    name: str
    records: int
    shade: int
    path: str | None
    x: int
    y: int


class WorldMap(NamedTuple):
    """
    A map of the world.

    Attributes:
        width: Its width.
        height: Its height.
        shapes: The countries.
        bounds: The lowest and the highest count of each shade that a country has.
    """

    width: int
    height: int
    shapes: list[Shape]
    bounds: list[tuple[int, int, int]]


def draw_world(counts: Mapping[str, int]) -> WorldMap:
    """Return the map of the world with countries shaded by counts, on a logarithmic scale."""
    outlines, places = world_outlines()
    right, _ = project(180, 0)
    scale = _WIDTH / (2 * right)
    top, bottom = project(0, NORTH)[1], project(0, SOUTH)[1]

    def place(point: Point) -> tuple[int, int]:
        x, y = project(*point)
        return round((x + right) * scale), round((top - y) * scale)

    most = max(counts.values(), default=0)
    shapes: list[Shape] = []
    for alpha3 in sorted({*outlines, *places} & set(geography.by_alpha3())):
        count = counts.get(alpha3, 0)
        drawn = _path([[place(point) for point in ring] for ring in outlines[alpha3]]) if alpha3 in outlines else None
        x, y = (0, 0) if drawn is not None else place(places[alpha3])
        shapes.append(Shape(alpha3, geography.name_of(alpha3), count, _shade(count, most), drawn, x, y))
    shapes.sort(key=lambda shape: shape.path is None)
    return WorldMap(_WIDTH, round((top - bottom) * scale), shapes, _bounds(shapes))


def _shade(count: int, most: int) -> int:
    if count == 0:
        return 0
    return 1 + min(SHADES - 1, int(SHADES * log(count) / log(most + 1)))


def _bounds(shapes: list[Shape]) -> list[tuple[int, int, int]]:
    found: dict[int, list[int]] = {}
    for shape in shapes:
        if shape.shade:
            found.setdefault(shape.shade, []).append(shape.records)
    return [(shade, min(counts), max(counts)) for shade, counts in sorted(found.items())]


def _path(rings: list[list[tuple[int, int]]]) -> str:
    """Return rings as the data of a path: whole steps from point to point, those of no length left out."""
    parts: list[str] = []
    for ring in rings:
        kept = [point for place, point in enumerate(ring) if place == 0 or point != ring[place - 1]]
        if len(kept) < 3:
            continue
        steps = "".join(f"{b[0] - a[0]:d} {b[1] - a[1]:d} " for a, b in pairwise(kept)).strip()
        parts.append(f"M{kept[0][0]} {kept[0][1]}l{steps}z".replace(" -", "-"))
    return "".join(parts)
