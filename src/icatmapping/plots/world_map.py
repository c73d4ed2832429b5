"""
The world map: a coverage by country in colours, drawn offline from outlines that ship with the package.

Outlines are those of Natural Earth, in the public domain; ``docs/scripts/world_outlines.py`` makes them and says where
they differ. The projection is Equal Earth, which keeps areas true, so that no country looks larger for lying north.
"""

from __future__ import annotations

from math import ceil, floor, log10
from typing import TYPE_CHECKING, Any

from icatmapping.model import geography
from icatmapping.plots.outlines import ENDORSEMENT, NORTH, SOUTH, on_plane, world_outlines
from icatmapping.plots.style import (
    AS_IT_IS,
    GREY,
    INK,
    NEUTRAL,
    asked,
    canvas,
    colours_of,
    figure_of,
    hide_frame,
    note,
    number,
    require_type,
    size_of,
    source,
    title,
)
from icatmapping.statistics.coverage import Coverage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap, Normalize
    from numpy.typing import ArrayLike, NDArray

__all__ = ["equal_earth", "world_map"]

_SEA = "#F4F7FA"
_DOT, _EMPTY_DOT = 5.5, 3.0  # points


def world_map(found: Coverage, *, ax: Axes | None = None) -> Axes:
    """
    Draw a coverage by country as a map of the world, more is darker.

    Colours follow the logarithm of the count, from the lowest on. If all countries counted lie in one region, that
    region is shown. Every country and territory but Antarctica is there, the small ones as dots; its patch or line has
    the alpha-3 code for its ``gid``, which becomes the id of the element in an SVG file.

    Args:
        found: The coverage by country, e.g. ``im.coverage(ds.initiatives, by="country")``.
        ax: The axes to draw on; a new figure if none are given.

    Returns:
        The axes.

    Raises:
        TypeError: If it is no coverage.
        ValueError: If it is a coverage by another dimension.
        MissingExtraError: If matplotlib is not installed.

    Examples:
        >>> import icatmapping as im
        >>> ax = im.plots.world_map(im.coverage(im.load().initiatives, by="country"))
        >>> "NGA" in {patch.get_gid() for patch in ax.patches}
        True
    """
    require_type(found, Coverage, "world_map", 'im.coverage(ds.initiatives, by="country")')
    if found.by != "country":
        message = f"plots.world_map draws a coverage by country, not by {found.by}"
        raise ValueError(message)
    counts = {str(row.value): row.count for row in found}
    ax = canvas(ax, *_size_for(_region_of(counts)))
    hide_frame(ax)
    title(ax, asked(f"{found.of.capitalize()} by country", found.provenance))
    drawn = {code for part in world_outlines() for code in part}
    missing = [f"{row.label} ({number(row.count)})" for row in found if row.value not in drawn]
    note(
        ax,
        f"n = {number(found.n)} {found.of}, of which {number(found.unclassified)} name no country. {ENDORSEMENT}",
        f"Not drawn: {', '.join(missing)}" * bool(missing),
        "Colours are logarithmic." * bool(counts),
        source(found.provenance),
    )
    _frame(ax, _region_of(counts))
    if counts:
        _draw_countries(ax, counts, *colours_of(counts.values(), logarithmic=True))
        _draw_scale(ax, found)
    else:
        _draw_countries(ax, counts)
        box = {"facecolor": "white", "edgecolor": "none", "alpha": 0.8}
        ax.text(0.5, 0.5, "No record names a country", transform=ax.transAxes, ha="center", color=INK, bbox=box)
    return ax


def equal_earth(points: ArrayLike) -> NDArray[Any]:
    r"""
    Project longitudes and latitudes in degrees onto the plane, for a globe of radius 1.

    With :math:`\sin\theta = \frac{\sqrt 3}{2} \sin\varphi`,

    .. math::
        x = \frac{2 \sqrt 3\, \lambda \cos\theta}{3\,(9 A_4 \theta^8 + 7 A_3 \theta^6 + 3 A_2 \theta^2 + A_1)}, \quad
        y = A_4 \theta^9 + A_3 \theta^7 + A_2 \theta^3 + A_1 \theta.

    Args:
        points: Pairs of longitude and latitude.

    Returns:
        Pairs of x and y.

    Examples:
        >>> equal_earth([(0, 0), (180, 0), (0, 90)]).round(3).tolist()
        [[0.0, 0.0], [2.707, 0.0], [0.0, 1.317]]

    References:
        B. Šavrič, T. Patterson, B. Jenny (2018), The Equal Earth map projection, International Journal of Geographical
        Information Science 33, 454-465, doi:10.1080/13658816.2018.1504949.
    """
    import numpy as np  # noqa: PLC0415 - comes with matplotlib

    longitude, latitude = np.radians(np.asarray(points, dtype=float)).T
    theta = np.arcsin(np.sqrt(3) / 2 * np.sin(latitude))
    return np.column_stack(on_plane(longitude, theta, np.cos(theta)))


def _size_for(region: str | None) -> tuple[float, float]:
    """Return the width and height in inches of a map of the world or of a region."""
    if region is None:
        return 9, 5.05
    corners = _corners(region)
    width, height = (corners[:, axis].max() - corners[:, axis].min() for axis in (0, 1))
    return 8, min(9.0, max(4.0, 7.4 * height / width + 1.4))


def _region_of(counts: Mapping[str, float]) -> str | None:
    """Return the region in which all countries lie that are counted, or None if they lie in several."""
    regions = {geography.region_of(alpha3) for alpha3 in counts}
    return regions.pop() if len(regions) == 1 else None


def _frame(ax: Axes, region: str | None) -> None:
    """Set the scale, the same in both directions, and draw the sea; of one region alone, where its countries lie."""
    latitudes = range(SOUTH, NORTH + 1)
    edge = [(180, latitude) for latitude in latitudes] + [(-180, latitude) for latitude in reversed(latitudes)]
    sea = equal_earth(edge)
    ax.fill(sea[:, 0], sea[:, 1], facecolor=_SEA, edgecolor="none", zorder=0)
    ax.set_aspect("equal")
    shown = sea if region is None else _corners(region)
    margin = 0 if region is None else _MARGIN * max(shown[:, 0].max() - shown[:, 0].min(), 0.1)
    ax.set_xlim(max(shown[:, 0].min() - margin, sea[:, 0].min()), min(shown[:, 0].max() + margin, sea[:, 0].max()))
    ax.set_ylim(max(shown[:, 1].min() - margin, sea[:, 1].min()), min(shown[:, 1].max() + margin, sea[:, 1].max()))


_MARGIN = 0.06
"""How much room is left around a region, as a part of its width."""


def _corners(region: str) -> NDArray[Any]:
    """Return the points of a region on the plane: the largest ring of each country, so that no far island counts."""
    import numpy as np  # noqa: PLC0415 - comes with matplotlib

    outlines, places = world_outlines()
    inside = set(geography.members("region", region))
    rings = [max(outlines[code], key=len) for code in inside if code in outlines]
    points = [equal_earth(ring) for ring in rings] or [equal_earth([places[code]]) for code in inside if code in places]
    return np.concatenate(points)


def _draw_countries(
    ax: Axes, counts: Mapping[str, float], palette: Colormap | None = None, norm: Normalize | None = None
) -> None:
    from matplotlib.patches import PathPatch  # noqa: PLC0415 - optional
    from matplotlib.path import Path  # noqa: PLC0415 - optional

    def shade(code: str) -> Any:
        return palette(norm(counts[code])) if palette and norm and code in counts else NEUTRAL

    zoom = min(1.0, size_of(ax)[0] / 6)
    outlines, places = world_outlines()
    for code, rings in outlines.items():
        shape = Path.make_compound_path(*[Path(equal_earth(ring), closed=True) for ring in rings])
        patch = PathPatch(shape, facecolor=shade(code), edgecolor="white", linewidth=0.4, gid=code, zorder=1)
        ax.add_artist(patch)
    for code, place in places.items():
        ((x, y),) = equal_earth([place])
        size = zoom * (_DOT if code in counts else _EMPTY_DOT)
        ax.plot(x, y, "o", color=shade(code), markeredgecolor=GREY, markeredgewidth=0.5, markersize=size, gid=code)


def _draw_scale(ax: Axes, found: Coverage) -> None:
    """Draw the scale of colours inside the axes, in the South Pacific, where there is next to no land."""
    from matplotlib.cm import ScalarMappable  # noqa: PLC0415 - optional

    palette, norm = colours_of((row.count for row in found), logarithmic=True)
    place = ax.inset_axes((0.02, 0.13, 0.17, 0.03))
    bar = figure_of(ax).colorbar(ScalarMappable(norm, palette), cax=place, orientation="horizontal")
    place.set_frame_on(False)
    place.minorticks_off()
    ticks = _ticks(found)
    bar.set_ticks(ticks, labels=[f"{tick:.3g}" for tick in ticks])
    place.tick_params(labelsize=8, length=2)
    place.set_title(f"{found.of} per country", fontsize=8.5, loc="left", color=INK, **AS_IT_IS)


def _ticks(found: Coverage) -> list[float]:
    """Return the lowest and the highest count and round numbers between them, so far apart that they have room."""
    least, most = min(row.count for row in found), max(row.count for row in found)
    if most <= least * 1.01:
        return [most]
    span = log10(most / least)
    powers = range(ceil(log10(most)), floor(log10(least)) - 1, -1)
    ticks = [most]
    for step in (float(f"{digit}e{power}") for power in powers for digit in (5, 2, 1)):
        if least * 1.01 < step < ticks[-1] and log10(ticks[-1] / step) / span > _TICK_ROOM < log10(step / least) / span:
            ticks.append(step)
    return [least, *ticks[::-1]]


_TICK_ROOM = 0.2
"""How much of the scale lies between two ticks at the least."""
