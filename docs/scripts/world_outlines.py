"""
Makes ``src/icatmapping/plots/world.json``, the outlines of countries that ``im.plots.world_map`` draws.

Run by hand, when Natural Earth has changed or the scale has to::

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python docs/scripts/world_outlines.py package

The package `world-atlas <https://github.com/topojson/world-atlas>`_ holds Natural Earth's boundaries (public domain) as
TopoJSON, at a scale of 1:50 million, by M49 number. Each border is simplified once, so that neighbours still fit each
other. Countries too small to be seen at this scale become places, to be drawn as dots.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from heapq import heapify, heappop, heappush
from math import radians, sin
from pathlib import Path
from typing import Any, TypeAlias

Point: TypeAlias = tuple[float, float]
Ring: TypeAlias = list[Point]

ROOT = Path(__file__).parents[2]
TARGET = ROOT / "src" / "icatmapping" / "plots" / "world.json"

EARTH = 6371.0  # km, the mean radius
BEND = 350  # km²; a corner that encloses less with its neighbours is cut
SMALLEST_PIECE = 500  # km²; a smaller island of a country that has larger ones is left out
SMALLEST_OUTLINE = 5000  # km²; a country without a larger piece is a dot

# Areas without a number: Kosovo, which has a code here, and those that for the United Nations are part of a country.
# Others are drawn as land of nobody.
BY_NAME = {"Kosovo": "XKX", "Somaliland": "SOM", "N. Cyprus": "CYP"}

# Pieces that Natural Earth gives to one country and ISO 3166 to another (in the case of Crimea, the General Assembly:
# resolution 68/262): the code in the source, then west, south, east and north of the piece, then the code here.
MOVED = (
    ("RUS", (32, 44, 37, 46.5), "UKR"),
    ("FRA", (-55, 2, -51, 6), "GUF"),
    ("FRA", (-62, 15.7, -61, 16.6), "GLP"),
    ("FRA", (-61.3, 14.3, -60.7, 15), "MTQ"),
    ("FRA", (44.9, -13.1, 45.4, -12.5), "MYT"),
    ("FRA", (55, -21.5, 56, -20.7), "REU"),
    ("NOR", (-10, 70.5, -7, 71.5), "SJM"),
    ("NOR", (10, 74, 35, 81), "SJM"),
    ("NLD", (-68.5, 11.9, -62.8, 17.8), "BES"),
    ("Indian Ocean Ter.", (105, -11, 106, -10), "CXR"),
    ("Indian Ocean Ter.", (96, -13, 97.5, -11), "CCK"),
)

# Natural Earth divides Western Sahara along the line of control; for the United Nations all of it is a territory of its
# own, south of this parallel.
PARALLEL, NORTH_OF_IT, SOUTH_OF_IT = 27 + 2 / 3, "MAR", "ESH"

# What has no outline in the source at this scale.
PLACES = {
    "BES": (-68.3, 12.2),
    "BVT": (3.4, -54.4),
    "CCK": (96.8, -12.1),
    "CXR": (105.6, -10.5),
    "GIB": (-5.4, 36.1),
    "TKL": (-171.8, -9.2),
    "TUV": (179.2, -8.5),
    "UMI": (-176.5, 0.2),
}

UNDRAWN = {"ATA"}


def main(package: Path) -> None:
    """Read the package and write the file."""
    topology = json.loads((package / "countries-50m.json").read_text("utf-8"))
    known = json.loads((ROOT / "src" / "icatmapping" / "data" / "countries.json").read_text("utf-8"))
    codes = {country["m49"]: country["alpha3"] for country in known}
    scale, shift = topology["transform"]["scale"], topology["transform"]["translate"]
    full = [decoded(arc, scale, shift) for arc in topology["arcs"]]
    simple = [simplified(arc) for arc in full]
    outlines: dict[str, list[Ring]] = {}
    places = dict(PLACES)
    found = borders(topology, codes, full)
    divided = merged([*found.pop(NORTH_OF_IT), *found.pop(SOUTH_OF_IT)], full)
    for code, rings in sorted(found.items()):
        sizes = [abs(area(joined(ring, full))) for ring in rings]
        largest = max(sizes)
        if code in UNDRAWN:
            continue
        if largest < SMALLEST_OUTLINE and code in codes.values():
            places.setdefault(code, middle(joined(rings[sizes.index(largest)], full)))
            continue
        kept = [ring for ring, size in zip(rings, sizes, strict=True) if size >= min(largest, SMALLEST_PIECE)]
        outlines[code] = [rounded(part) for ring in kept for part in cut(joined(ring, simple))]
    land = joined(max(divided, key=lambda ring: abs(area(joined(ring, full)))), simple)
    for code, side in ((NORTH_OF_IT, 1), (SOUTH_OF_IT, -1)):
        outlines[code] = [rounded(clipped(land, PARALLEL, side, axis=1))]
    lost = {country["alpha3"] for country in known} - outlines.keys() - places.keys() - UNDRAWN
    if lost:
        message = f"neither outline nor place: {sorted(lost)}"
        raise ValueError(message)
    outlines = {code: [ring for ring in outlines[code] if len(ring) > 3] for code in sorted(outlines)}
    write({"outlines": outlines, "places": {code: rounded([places[code]])[0] for code in sorted(places)}})


def borders(topology: dict[str, Any], codes: dict[str, str], arcs: list[Ring]) -> dict[str, list[list[int]]]:
    """Give the shores and borders of every country by code, as rings of arcs; of what is no country, by name."""
    found: dict[str, list[list[int]]] = defaultdict(list)
    for shape in topology["objects"]["countries"]["geometries"]:
        name: str = shape["properties"]["name"]
        source = BY_NAME[name] if name in BY_NAME else codes.get(str(shape.get("id")), name)
        polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
        for polygon in polygons:
            found[owner(source, middle(joined(polygon[0], arcs)))] += polygon
    return {code: merged(rings, arcs) for code, rings in found.items()}


def merged(rings: list[list[int]], arcs: list[Ring]) -> list[list[int]]:
    """Take away the borders between pieces of the same country: arcs that run in it both ways."""
    everything = {number for ring in rings for number in ring}
    inner = {number for number in everything if ~number in everything}
    kept = [ring for ring in rings if inner.isdisjoint(ring)]
    loose = [number for ring in rings if ring not in kept for number in ring if number not in inner]
    while loose:
        ring = [loose.pop()]
        while run(ring[-1], arcs)[-1] != run(ring[0], arcs)[0]:
            following = next(number for number in loose if run(number, arcs)[0] == run(ring[-1], arcs)[-1])
            loose.remove(following)
            ring.append(following)
        kept.append(ring)
    return kept


def run(number: int, arcs: list[Ring]) -> Ring:
    """Give an arc by number; a negative number is an arc backwards."""
    return arcs[number] if number >= 0 else arcs[~number][::-1]


def owner(source: str, place: Point) -> str:
    """Tell whose a piece of land is."""
    for code, (west, south, east, north), to in MOVED:
        if code == source and west <= place[0] <= east and south <= place[1] <= north:
            return to
    return source


def decoded(arc: list[list[int]], scale: Point, shift: Point) -> Ring:
    """Give an arc in degrees; TopoJSON stores steps on a grid."""
    x = y = 0
    points = []
    for step_x, step_y in arc:
        x, y = x + step_x, y + step_y
        points.append((x * scale[0] + shift[0], y * scale[1] + shift[1]))
    return points


def joined(ring: list[int], arcs: list[Ring]) -> Ring:
    """
    Join arcs to a ring.

    One that crosses the line between the days goes on beyond 180 degrees.
    """
    points: Ring = []
    for number in ring:
        for longitude, latitude in run(number, arcs)[1 if points else 0 :]:
            turns = round((longitude - points[-1][0]) / 360) if points else 0
            points.append((longitude - 360 * turns, latitude))
    return points


def cut(ring: Ring) -> list[Ring]:
    """Cut a ring that goes beyond 180 degrees in two, one at each edge of the map."""
    for edge, side in ((180, 1), (-180, -1)):
        if max(side * (longitude - edge) for longitude, _ in ring) > 0:
            beyond = [(longitude - 360 * side, latitude) for longitude, latitude in clipped(ring, edge, side)]
            return [clipped(ring, edge, -side), beyond]
    return [ring]


def clipped(ring: Ring, edge: float, side: int, *, axis: int = 0) -> Ring:
    """Keep what of a ring lies on one side of a meridian or parallel (I. E. Sutherland, G. W. Hodgman 1974)."""
    points: Ring = []
    for a, b in zip(ring, ring[1:] + ring[:1], strict=True):
        if side * (a[axis] - edge) >= 0:
            points.append(a)
        if (a[axis] - edge) * (b[axis] - edge) < 0:
            part = (edge - a[axis]) / (b[axis] - a[axis])
            points.append((a[0] + part * (b[0] - a[0]), a[1] + part * (b[1] - a[1])))
    return [*points, points[0]]


def flat(point: Point) -> Point:
    """Project a point so that areas are true, in km (Lambert's cylindrical projection)."""
    return EARTH * radians(point[0]), EARTH * sin(radians(point[1]))


def area(ring: Ring) -> float:
    """Measure a ring in km²; the sign tells which way round it goes."""
    points = [flat(point) for point in ring]
    return sum(ax * by - bx * ay for (ax, ay), (bx, by) in zip(points, points[1:] + points[:1], strict=True)) / 2


def middle(ring: Ring) -> Point:
    """Give the centre of the box around a ring."""
    longitudes, latitudes = zip(*ring, strict=True)
    longitude, latitude = ((min(values) + max(values)) / 2 for values in (longitudes, latitudes))
    return longitude - 360 * round(longitude / 360), latitude


def simplified(arc: Ring) -> Ring:
    """
    Cut the least corners of an arc, ends kept (M. Visvalingam, J. D. Whyatt 1993, doi:10.1179/000870493786962263).

    A closed arc keeps two corners at least, so that an island stays one.
    """
    before = list(range(-1, len(arc) - 1))
    after = list(range(1, len(arc) + 1))

    def size(place: int) -> float:
        return abs(area([arc[before[place]], arc[place], arc[after[place]]]))

    sizes = {place: size(place) for place in range(1, len(arc) - 1)}
    queue = [(size, place) for place, size in sizes.items()]
    heapify(queue)
    fewest = 2 if arc[0] == arc[-1] else 0
    while queue and len(sizes) > fewest:
        least, place = heappop(queue)
        if sizes.get(place) != least:
            continue
        if least > BEND:
            break
        del sizes[place]
        left, right = before[place], after[place]
        after[left], before[right] = right, left
        for one in (left, right):
            if one in sizes:
                sizes[one] = max(least, size(one))
                heappush(queue, (sizes[one], one))
    return [arc[0], *(arc[place] for place in sorted(sizes)), arc[-1]]


def rounded(ring: Ring) -> Ring:
    """Round to a tenth of a degree, which is less than a pixel, and leave out what then repeats."""
    points: Ring = []
    for longitude, latitude in ring:
        point = round(longitude, 1) + 0.0, round(latitude, 1) + 0.0
        if not points or point != points[-1]:
            points.append(point)
    return points


def write(world: dict[str, Any]) -> None:
    """Write a line for every country."""
    lines = []
    for name, values in world.items():
        entries = [f'"{code}":{json.dumps(value, separators=(",", ":"))}' for code, value in values.items()]
        lines.append(f'"{name}":{{\n' + ",\n".join(entries) + "\n}")
    text = "{\n" + ",\n".join(lines) + "\n}\n"
    TARGET.write_text(text.replace(".0,", ",").replace(".0]", "]"), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
