"""
The picture of a partnership network: where its organizations stand, and names that do not cover each other.

Knows nothing of how the network comes about.
"""

from __future__ import annotations

from math import cos, fsum, hypot, inf, pi, sin, sqrt
from typing import TYPE_CHECKING, Any, TypeAlias

from attrs import define

from icatmapping.plots.style import (
    AS_IT_IS,
    BLUE,
    GREY,
    INK,
    MUTED,
    ORANGE,
    asked,
    canvas,
    check_limit,
    empty_axes,
    figure_of,
    hide_frame,
    note,
    number,
    require_type,
    size_of,
    source,
    title,
    wrapped,
)
from icatmapping.results import Provenance

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import networkx as nx
    from matplotlib.axes import Axes

__all__ = ["network"]

Place: TypeAlias = "tuple[float, float]"
Box: TypeAlias = "tuple[float, float, float, float]"

_MOST_DRAWN = 150
"""More organizations than this are a ball of wool."""

_SIZE = 400  # square points of the largest mark
_EDGE = 0.9  # the part of the axes in which marks stand; the rest is for their names
_GAP = 4  # points between marks
_LEGEND = 24  # points for the legend between title and picture


def network(graph: nx.Graph[str], *, limit: int = 40, ax: Axes | None = None) -> Axes:
    """
    Draw a partnership network: who works with whom, the most connected named.

    Organizations are the larger, and lines the wider, the more they share. Those that are tied to nobody are not drawn,
    and of a large network only the 150 most connected.

    Args:
        graph: The network, e.g. ``im.partnership_graph(ds, country="Nigeria")``.
        limit: How many organizations to name at most, most connected first. No name covers another; on small axes those
            for which there is no room are left out.
        ax: The axes to draw on; a new figure if none are given.

    Returns:
        The axes. The same network gives the same picture.

    Raises:
        TypeError: If it is no network.
        ValueError: If ``limit`` is less than 1, or the network is not one of organizations alone.
        MissingExtraError: If matplotlib is not installed.

    Examples:
        >>> import icatmapping as im
        >>> ax = im.plots.network(im.partnership_graph(im.load(), country="Sudan"), limit=10)
        >>> len(ax.texts)
        10

    References:
        T. M. J. Fruchterman, E. M. Reingold (1991), Graph drawing by force-directed placement, Software: Practice and
        Experience 21, 1129-1164.
    """
    import networkx as nx  # noqa: PLC0415 - costs 90 ms

    require_type(graph, nx.Graph, "network", 'im.partnership_graph(ds, country="Nigeria")')
    check_limit(limit)
    if any(data.get("bipartite") for _, data in graph.nodes(data=True)):
        message = "plots.network draws a network of organizations (im.partnership_graph), not one with records in it"
        raise ValueError(message)
    ax = canvas(ax, 9, 7.2)
    hide_frame(ax)
    strengths = _strengths(graph)
    drawn = list(strengths)[:_MOST_DRAWN]
    question = graph.graph.get("question")
    about = Provenance(question if question not in (None, "everything") else "", graph.graph.get("dataset_version"))
    title(ax, asked("Who works with whom", about), above=_LEGEND)
    note(
        ax,
        f"{number(len(graph))} organizations, {number(graph.number_of_edges())} ties, the wider the more they share.",
        f"Not drawn: {number(len(strengths) - len(drawn))} that are less connected." * (len(drawn) < len(strengths)),
        f"Not drawn: {number(len(graph) - len(strengths))} that work with nobody." * (len(strengths) < len(graph)),
        source(about),
    )
    if not drawn:
        return empty_axes(ax, "No two organizations work together")
    radii = {one: sqrt(_SIZE * (0.04 + strengths[one] / strengths[drawn[0]])) / 2 for one in drawn}
    half = _half_size(ax)
    places = _remove_overlaps(_places(graph.subgraph(drawn)), radii, half)
    _draw_ties(ax, graph, places)
    _draw_organizations(ax, graph, places, radii)
    ax.set_xlim(-half[0], half[0])
    ax.set_ylim(-half[1], half[1])
    _write_names(ax, {one: _name(graph, one) for one in drawn[:limit]}, places, radii)
    return ax


def _name(graph: nx.Graph[str], one: str) -> str:
    data = graph.nodes[one]
    return str(data.get("acronym") or data.get("name") or one)


def _strengths(graph: nx.Graph[str]) -> dict[str, float]:
    """Return the sum of the weights of the ties of each organization that has any, strongest first."""
    weights = {one: [tie.get("weight", 1.0) for _, _, tie in graph.edges(one, data=True)] for one in graph}
    sums = {one: fsum(parts) for one, parts in weights.items() if any(parts)}
    return dict(sorted(sums.items(), key=lambda item: (-round(item[1], 9), str(item[0]))))


def _places(graph: nx.Graph[str]) -> dict[str, Place]:
    """
    Return every organization a place between -1 and 1.

    Groups that nothing joins are held together by a weak tie, or they would drift apart and leave no room for
    themselves. Distances from the centre are evened out, where the layout alone would heap up most.
    """
    import networkx as nx  # noqa: PLC0415 - costs 90 ms

    ordered: nx.Graph[str] = nx.Graph()
    ordered.add_nodes_from(sorted(graph, key=str))
    for one, other, tie in sorted(graph.edges(data=True), key=lambda edge: sorted(map(str, edge[:2]))):
        ordered.add_edge(one, other, pull=sqrt(tie.get("weight", 1.0)))
    groups = sorted(nx.connected_components(ordered), key=lambda group: (-len(group), min(map(str, group))))
    hubs = [max(sorted(group, key=str), key=ordered.degree) for group in groups]
    for hub in hubs[1:]:
        ordered.add_edge(hubs[0], hub, pull=0.3)
    found = nx.spring_layout(ordered, k=2.2 / sqrt(len(ordered)), iterations=300, weight="pull", seed=1)
    return _even_out({one: (float(x), float(y)) for one, (x, y) in found.items()})


def _even_out(places: Mapping[str, Place]) -> dict[str, Place]:
    """Move each place along its ray from the middle, so that they fill the picture more evenly."""
    n = len(places)
    middle = [fsum(place[axis] for place in places.values()) / n for axis in (0, 1)]
    rays = {one: (x - middle[0], y - middle[1]) for one, (x, y) in places.items()}
    lengths = {one: hypot(*ray) or 1.0 for one, ray in rays.items()}
    longest = max(lengths.values())
    moved = {}
    for rank, one in enumerate(sorted(places, key=lambda one: (lengths[one], str(one)))):
        even = 0.3 * lengths[one] / longest + 0.7 * sqrt((rank + 0.5) / n)
        moved[one] = tuple(part / lengths[one] * even for part in rays[one])
    across, down = (_filled([place[axis] for place in moved.values()]) for axis in (0, 1))
    return dict(zip(moved, zip(across, down, strict=True), strict=True))


def _filled(values: Sequence[float]) -> list[float]:
    """Stretch values so that they go from -1 to 1."""
    least, most = min(values), max(values)
    return [2 * (value - least) / (most - least) - 1 if most > least else 0.0 for value in values]


def _half_size(ax: Axes) -> Place:
    """Return half the width and height of axes in points, as the layout of the figure decides them."""
    figure_of(ax).draw_without_rendering()
    width, height = size_of(ax)
    return width * 36, height * 36


def _remove_overlaps(places: Mapping[str, Place], radii: Mapping[str, float], half: Place) -> dict[str, Place]:
    """Return places in points, and push marks off each other where they would touch."""
    import numpy as np  # noqa: PLC0415 - comes with matplotlib

    spots = np.array(list(places.values())) * half * _EDGE
    reach = np.array([radii[one] for one in places])
    least = reach[:, None] + reach[None, :] + _GAP
    np.fill_diagonal(least, 0)
    for _ in range(100):
        gaps = spots[:, None, :] - spots[None, :, :]
        lengths = np.maximum(np.hypot(gaps[..., 0], gaps[..., 1]), 1e-9)
        pushes = np.maximum(least - lengths, 0) / lengths / 2
        if not pushes.any():
            break
        spots += (gaps * pushes[..., None]).sum(axis=1) / np.maximum((pushes > 0).sum(axis=1), 1)[:, None]
    return {one: (float(x), float(y)) for one, (x, y) in zip(places, spots, strict=True)}


def _draw_ties(ax: Axes, graph: nx.Graph[str], places: Mapping[str, Place]) -> None:
    from matplotlib.collections import LineCollection  # noqa: PLC0415 - optional

    ties = [(one, other, tie.get("weight", 1.0)) for one, other, tie in graph.subgraph(places).edges(data=True)]
    ties.sort(key=lambda tie: (tie[2], str(tie[0]), str(tie[1])))
    if not ties:
        return
    widest = ties[-1][2]
    widths = [0.4 + 4 * weight / widest for _, _, weight in ties]
    lines = [(places[one], places[other]) for one, other, _ in ties]
    ax.add_collection(LineCollection(lines, linewidths=widths, colors=GREY, alpha=0.35, zorder=1), autolim=False)


def _draw_organizations(
    ax: Axes, graph: nx.Graph[str], places: Mapping[str, Place], radii: Mapping[str, float]
) -> None:
    for entity, colour, marker, label in ((True, BLUE, "o", "ICAT entity"), (False, ORANGE, "s", "other organization")):
        some = [one for one in places if bool(graph.nodes[one].get("entity")) is entity]
        if some:
            ax.scatter(
                [places[one][0] for one in some],
                [places[one][1] for one in some],
                s=[(2 * radii[one]) ** 2 for one in some],
                c=colour,
                marker=marker,
                edgecolors="white",
                linewidths=0.8,
                label=label,
                zorder=2,
            )
    legend = ax.legend(
        loc="lower left", bbox_to_anchor=(0, 1), ncols=2, frameon=False, fontsize=9, borderaxespad=0, borderpad=0.3
    )
    for handle in legend.legend_handles:
        handle.set_sizes([45])  # type: ignore[union-attr]


# --- names -----------------------------------------------------------------------------------------------------------

_TURNS = 24
_STEPS = (0, 6, 14, 24, 36, 50, 66, 84, 104, 126, 150, 180)  # points between a mark and its name
_FAR = 5  # points; a name farther off has a line to its mark
_COVER = 60  # points that a name goes to spare a mark without a name
_CROSS = 40  # points that a name goes so that its line crosses no name
_MARGIN = 2  # points around a name


def _write_names(ax: Axes, names: Mapping[str, str], places: Mapping[str, Place], radii: Mapping[str, float]) -> None:
    """
    Write names beside marks, so that no name covers another or the mark of another that is named.

    Each is put at the best free spot around its mark, the first ones first, measured on the axes as they are. Done here
    because libraries that push names apart (adjustText) end with as little overlap as they find, which may be some, and
    bring scipy.
    """
    scale = figure_of(ax).dpi / 72
    marks = {one: _around(ax.transData.transform(place), radii[one] * scale) for one, place in places.items()}
    window = ax.get_window_extent()
    room = LabelPlacer(
        frame=(window.x0, window.y0, window.x1, window.y1),
        kept=[marks[one] for one in names],
        spared=[mark for one, mark in marks.items() if one not in names],
        scale=scale,
    )
    for one, name in names.items():
        style: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 8, "color": INK, **AS_IT_IS}
        text = wrapped(name, 20, 3)
        sample = ax.text(0, 0, text, **style)
        extent = sample.get_window_extent()
        sample.remove()
        found = room.find(marks[one], extent.width / 2 + _MARGIN * scale, extent.height / 2 + _MARGIN * scale)
        if found is None:
            continue
        (x, y), away = found
        middle_x, middle_y = _middle(marks[one])
        line = {"arrowstyle": "-", "color": MUTED, "linewidth": 0.6, "shrinkA": 0, "shrinkB": radii[one]}
        written = ax.annotate(
            text,
            places[one],
            ((x - middle_x) / scale, (y - middle_y) / scale),
            textcoords="offset points",
            arrowprops=line if away > _FAR else None,
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.7, "pad": 0.5},
            zorder=4,
            **style,
        )
        written.set_in_layout(False)


@define
class LabelPlacer:
    """
    The room for names, in pixels.

    Attributes:
        frame: The box in which names have to be.
        kept: The boxes that no name may cover.
        spared: The boxes that a name should not cover.
        scale: The pixels of a point.
    """

    frame: Box
    kept: list[Box]
    spared: list[Box]
    scale: float

    def find(self, mark: Box, half_width: float, half_height: float) -> tuple[Place, float] | None:
        """Find and take a free box around a mark: give its middle and how far it is, in points; none if all is full."""
        best, least = None, inf
        for away in _STEPS:
            if away >= least:
                break
            for x, y in self._around(mark, half_width, half_height, away):
                box = (x - half_width, y - half_height, x + half_width, y + half_height)
                if self._is_free(box):
                    cost = away + _COVER * sum(_intersect(box, other) for other in self.spared)
                    cost += _CROSS * self._crosses(mark, (x, y)) if away > _FAR else 0
                    if cost < least:
                        best, least = (((x, y), float(away)), box), cost
        if best is None:
            return None
        self.kept.append(best[1])
        return best[0]

    def _around(self, mark: Box, half_width: float, half_height: float, away: float) -> Iterator[Place]:
        x, y = _middle(mark)
        reach = (mark[2] - mark[0]) / 2 + away * self.scale
        for turn in range(_TURNS):
            angle = 2 * pi * turn / _TURNS
            yield x + cos(angle) * (reach + half_width), y + sin(angle) * (reach + half_height)

    def _crosses(self, mark: Box, spot: Place) -> bool:
        """Return whether the line from a mark to its name runs through a name that is there already."""
        start = _middle(mark)
        line = [[(part * b + (12 - part) * a) / 12 for a, b in zip(start, spot, strict=True)] for part in range(1, 12)]
        return any(_intersect(_around(place, 1), other) for place in line for other in self.kept if other != mark)

    def _is_free(self, box: Box) -> bool:
        left, low, right, high = self.frame
        inside = left <= box[0] and low <= box[1] and box[2] <= right and box[3] <= high
        return inside and not any(_intersect(box, other) for other in self.kept)


def _around(middle: Iterable[float], reach: float) -> Box:
    x, y = map(float, middle)
    return x - reach, y - reach, x + reach, y + reach


def _middle(box: Box) -> Place:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def _intersect(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
