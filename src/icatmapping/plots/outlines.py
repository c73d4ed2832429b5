"""
The outlines of the world and the projection that puts them on a plane, for whoever draws a map.

Outlines are those of Natural Earth, in the public domain; ``docs/scripts/world_outlines.py`` makes them and says where
they differ. The projection is Equal Earth, which keeps areas true, so that no country looks larger for lying north.
Knows nothing of colours and canvases.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from math import asin, cos, radians, sin, sqrt
from typing import Any, TypeAlias

__all__ = ["ENDORSEMENT", "NORTH", "SOUTH", "Point", "Ring", "on_plane", "project", "world_outlines"]

ENDORSEMENT = (
    "Boundaries and names follow Natural Earth and ISO 3166 and imply no endorsement. "
    "What is too small to be seen is a dot. Grey: none is counted here."
)
"""What must be said under a map."""
SOUTH, NORTH = -56, 84
"""The parallels between which every country but Antarctica lies."""

Point: TypeAlias = "tuple[float, float]"
Ring: TypeAlias = "list[Point]"


@cache
def world_outlines() -> tuple[dict[str, list[Ring]], dict[str, Point]]:
    """Return the outlines by country (alpha-3) and the places of those too small to be seen, in degrees."""
    world = json.loads(files("icatmapping.plots").joinpath("world.json").read_text("utf-8"))
    return world["outlines"], world["places"]


def on_plane(longitude: Any, theta: Any, cosine: Any) -> tuple[Any, Any]:
    """
    Return x and y of the Equal Earth projection, of numbers or arrays.

    Args:
        longitude: The longitude in radians.
        theta: The arc sine of √3/2 times the sine of the latitude.
        cosine: The cosine of theta.
    """
    a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
    slope = 9 * a4 * theta**8 + 7 * a3 * theta**6 + 3 * a2 * theta**2 + a1
    x = 2 * sqrt(3) * longitude * cosine / (3 * slope)
    return x, a4 * theta**9 + a3 * theta**7 + a2 * theta**3 + a1 * theta


def project(longitude: float, latitude: float) -> Point:
    """
    Return where a place in degrees lies on the plane, for a globe of radius 1.

    >>> [round(part, 3) for part in project(180, 0)], [round(part, 3) for part in project(0, 90)]
    ([2.707, 0.0], [0.0, 1.317])
    """
    theta = asin(sqrt(3) / 2 * sin(radians(latitude)))
    x, y = on_plane(radians(longitude), theta, cos(theta))
    return float(x), float(y)
