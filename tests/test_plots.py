"""
Pictures: what is drawn is what the answer says, nothing else is touched, and names can be read.
"""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from itertools import combinations, pairwise
from math import cos, radians, sin
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import networkx as nx
import numpy as np
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.collections import LineCollection, PathCollection, QuadMesh
from matplotlib.colors import to_hex, to_rgba
from matplotlib.text import Text
from scipy.stats import binomtest

import icatmapping as im
from icatmapping import plots
from icatmapping.plots.world_map import equal_earth

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from matplotlib.axes import Axes

    from support.packages import Raw

NOTHING = {"country": "Nauru", "year": 1950}
FORMULA = r"$\frac{_a$ & \$5"
"""A name that is no formula, and stops matplotlib if it is taken for one."""


@pytest.fixture(autouse=True)
def _clean() -> Iterator[None]:
    """Draw without a display; no picture may change a setting."""
    mpl.use("Agg")
    before = dict(mpl.rcParams)
    yield
    plt.close("all")
    assert dict(mpl.rcParams) == before


def drawers(ds: im.Dataset, **criteria: Any) -> dict[str, Callable[..., Axes]]:
    some = ds.initiatives.where(**criteria)
    by_region, by_country = im.coverage(some, "region", interval=0.9), im.coverage(some, "country")
    graph = im.partnership_graph(ds, **criteria)
    return {
        "coverage": lambda **given: plots.coverage(by_region, **given),
        "crosstab": lambda **given: plots.crosstab(im.crosstab(some, "region", "form"), **given),
        "timeline": lambda **given: plots.timeline(im.timeline(some), **given),
        "world_map": lambda **given: plots.world_map(by_country, **given),
        "network": lambda **given: plots.network(graph, **given),
    }


def route(ds: im.Dataset) -> im.Path:
    return im.collaboration_paths(ds, "UNODC", "UNICEF", country="Nigeria", theme="child_protection")[0]


def labels(texts: Sequence[Text]) -> list[str]:
    return [text.get_text().replace("\n", " ") for text in texts]


def darkness(colour: Any) -> float:
    red, green, blue, _ = to_rgba(colour)
    return 1 - (0.2126 * red + 0.7152 * green + 0.0722 * blue)


# --- what is drawn is what the answer says ---------------------------------------------------------------------------


def test_bars_are_as_long_as_shares(ds: im.Dataset, raw: Raw) -> None:
    """A bar for each kind of resource, most frequent first, with its count beside it."""
    counts = Counter(resource["kind"] for resource in raw["resources"])
    terms = {term["value"]: term["label"] for term in raw["vocabulary"] if term["vocabulary"] == "resource_kind"}
    expected = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ax = plots.coverage(im.coverage(ds.resources, by="kind"))
    bars = sorted(ax.patches, key=lambda bar: bar.get_y())  # type: ignore[attr-defined]
    assert [bar.get_width() for bar in bars] == pytest.approx([n / counts.total() for _, n in expected])  # type: ignore[attr-defined]
    assert labels(ax.get_yticklabels()) == [terms[kind] for kind, _ in expected]
    assert labels(ax.texts) == [str(n) for _, n in expected]
    assert f"n = {counts.total():,}, unclassified: 0" in ax.get_xlabel()
    assert ax.yaxis_inverted()


def test_intervals_are_lines_from_end_to_end(ds: im.Dataset, raw: Raw) -> None:
    """They are those that scipy computes."""
    counts = Counter(resource["kind"] for resource in raw["resources"])
    ax = plots.coverage(im.coverage(ds.resources, by="kind", interval=0.9))
    (lines,) = (one for one in ax.collections if isinstance(one, LineCollection))
    drawn = [(line[0][0], line[1][0]) for line in map(np.asarray, lines.get_segments())]
    for (low, high), (_, n) in zip(drawn, counts.most_common(), strict=True):
        wanted = binomtest(n, counts.total()).proportion_ci(0.9, "wilson")
        assert (low, high) == pytest.approx((wanted.low, wanted.high))


def test_a_share_of_all_has_an_interval_that_can_be_drawn(ds: im.Dataset) -> None:
    """Rounding may put the end of an interval on the wrong side of the share; the line has no length then."""
    found = im.coverage(ds.resources, by="kind", interval=0.9)
    row = evolve(found[0], share=1.0, low=1.0 + 1e-16, high=1.0 - 1e-16)
    ax = plots.coverage(evolve(found, rows=(row,)))
    assert len(ax.patches) == 1


def test_cells_hold_the_counts_of_the_table(ds: im.Dataset, raw: Raw) -> None:
    """Every cell bears its count, and the higher the darker; what is zero has a shade of its own."""
    pairs = Counter((resource["kind"], language) for resource in raw["resources"] for language in resource["languages"])
    ax = plots.crosstab(im.crosstab(ds.resources, "kind", "language"), limit=9)
    kinds, languages = (
        [one for one, _ in sorted(totals.items(), key=lambda item: (-item[1], item[0]))][:9]
        for totals in (_summed(pairs, 0), _summed(pairs, 1))
    )
    wanted = [pairs[kind, language] for kind in kinds for language in languages]
    assert labels(ax.texts) == [str(count) for count in wanted]
    ax.figure.draw_without_rendering()  # type: ignore[union-attr]
    (mesh,) = (one for one in ax.collections if isinstance(one, QuadMesh))
    shades = sorted(zip(wanted, map(darkness, mesh.get_facecolor()), strict=True))
    coloured = [(count, shade) for count, shade in shades if count]
    assert all(a < b for (m, a), (n, b) in pairwise(coloured) if m < n)
    assert {to_hex(colour) for count, colour in zip(wanted, mesh.get_facecolor(), strict=True) if not count} == {
        "#e3e3e3"
    }


def _summed(pairs: Counter[tuple[str, str]], side: int) -> Counter[str]:
    totals: Counter[str] = Counter()
    for pair, number in pairs.items():
        totals[pair[side]] += number
    return totals


def test_cells_of_fractional_counts_never_look_like_zero(ds: im.Dataset) -> None:
    """A part of a record is written as such, however small."""
    found = im.crosstab(ds.initiatives, "theme", "target_group", count="fractional")
    ax = plots.crosstab(found, limit=50)
    assert sum(text != "0" for text in labels(ax.texts)) == len(found)
    assert "0.0" not in labels(ax.texts)
    assert "<0.1" in labels(ax.texts)


def test_every_year_has_its_bar(ds: im.Dataset, raw: Raw) -> None:
    """As many resources as were published in it."""
    counts = Counter(resource["year"] for resource in raw["resources"])
    ax = plots.timeline(im.timeline(ds.resources))
    drawn = {round(bar.get_x() + bar.get_width() / 2): bar.get_height() for bar in ax.patches}  # type: ignore[attr-defined]
    assert {year: height for year, height in drawn.items() if height} == {y: n for y, n in counts.items() if y}
    assert f"{counts[None]} without a date" in ax.get_xlabel().replace("\n", " ")


def test_a_limit_leaves_out_the_least_and_says_so(ds: im.Dataset) -> None:
    """The label below counts what is not drawn."""
    found = im.coverage(ds.initiatives, by="country")
    ax = plots.coverage(found, limit=3)
    assert labels(ax.get_yticklabels()) == [row.label for row in found[:3]]
    assert f"The first 3 of {len(found)} values" in ax.get_xlabel()


def test_a_path_shows_everybody_and_what_joins_them(ds: im.Dataset) -> None:
    """Names, titles and years are there, in order."""
    path = route(ds)
    expected = [path.names[0]]
    for name, step in zip(path.names[1:], path.steps, strict=True):
        more = [f"and {len(step.evidence) - 3} more"] if len(step.evidence) > 3 else []
        expected += [*(f"{one.label} ({one.period})" for one in step.evidence[:3]), *more, name]
    drawn = " ".join(" ".join(labels(plots.path(path).texts)).replace("•", "").split())
    assert drawn == " ".join(expected)


# --- the world -------------------------------------------------------------------------------------------------------


def countries_on(ax: Axes) -> dict[str, Any]:
    return {str(one.get_gid()): one for one in [*ax.artists, *ax.patches, *ax.lines] if one.get_gid()}


@pytest.fixture(scope="module")
def world() -> dict[str, Any]:
    """Give what is drawn for each country: an outline or a dot."""
    mpl.use("Agg")
    return countries_on(plots.world_map(im.coverage(im.load().initiatives, by="country")))


def outline(shape: Any) -> Any:
    return shape.get_path()


def test_every_country_but_antarctica_is_on_the_map(world: dict[str, Any], raw: Raw) -> None:
    """With an outline or a dot; beside them only the Siachen Glacier, which is drawn as nobody's."""
    assert set(world) == {country["alpha3"] for country in raw["countries"]} - {"ATA"} | {"Siachen Glacier"}


def test_the_more_records_the_darker_a_country(world: dict[str, Any], raw: Raw) -> None:
    """Where it has a tenth more at least; nearer ones may be alike. Without a record they have the neutral shade."""
    counts = Counter(country for initiative in raw["initiatives"] for country in initiative["countries"])
    shades = {
        code: to_hex(shape.get_facecolor() if hasattr(shape, "get_facecolor") else shape.get_color())
        for code, shape in world.items()
    }
    assert {shades[code] for code in world if not counts[code]} == {"#e3e3e3"}
    ordered = sorted((counts[code], darkness(shades[code])) for code in world if counts[code])
    assert all(a <= b for (_, a), (_, b) in pairwise(ordered))
    assert all(a < b for (m, a), (n, b) in combinations(ordered, 2) if 1.1 * m <= n)
    assert len({shade for count, shade in ordered if count == 1}) == 1


@pytest.mark.parametrize(
    ("code", "place"),
    [
        ("NGA", (7.5, 9.1)),
        ("BRA", (-47.9, -15.8)),
        ("THA", (100.6, 14.5)),
        ("RUS", (-175.0, 66.5)),  # beyond the line between the days
        ("USA", (-150.0, 64.8)),
        ("XKX", (21.0, 42.6)),
        ("UKR", (34.3, 45.2)),  # Simferopol
        ("SOM", (44.1, 9.6)),  # Hargeisa
        ("CYP", (33.3, 35.2)),  # Kyrenia's hills
        ("GUF", (-53.0, 4.0)),
        ("SJM", (17.5, 79.0)),
        ("ESH", (-13.0, 24.5)),
        ("PSE", (35.2, 32.1)),
        ("TWN", (121.0, 24.0)),
    ],
)
def test_places_lie_in_their_countries(world: dict[str, Any], code: str, place: tuple[float, float]) -> None:
    """And in no other."""
    (point,) = equal_earth([place])
    outlines = {
        one: shape for one, shape in world.items() if hasattr(shape, "get_path") and hasattr(shape, "get_hatch")
    }
    assert {one for one, shape in outlines.items() if outline(shape).contains_point(point)} == {code}


@pytest.mark.parametrize(
    ("code", "place"),
    [
        ("SGP", (103.8, 1.35)),
        ("MDV", (73.5, 3.2)),
        ("TUV", (179.2, -8.5)),
        ("REU", (55.5, -21.1)),
        ("VAT", (12.5, 41.9)),
    ],
)
def test_small_states_are_dots_at_their_place(world: dict[str, Any], code: str, place: tuple[float, float]) -> None:
    """Within a degree or two."""
    (x, y) = (float(axis[0]) for axis in world[code].get_data())
    assert (x, y) == pytest.approx(tuple(equal_earth([place])[0]), abs=0.06)


@pytest.mark.parametrize(
    ("code", "area"), [("BRA", 8_516_000), ("DZA", 2_382_000), ("RUS", 17_098_000), ("KEN", 580_000), ("FIN", 338_000)]
)
def test_countries_have_their_areas(world: dict[str, Any], code: str, area: float) -> None:
    """The map is true to area: each has as many square kilometres as the statistics say, but for 4 per cent."""
    rings = outline(world[code]).to_polygons()
    x_y = [(ring[:, 0], ring[:, 1]) for ring in map(np.asarray, rings)]
    drawn = abs(sum(float(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1])) / 2 for x, y in x_y))
    assert drawn * 6371**2 == pytest.approx(area, rel=0.04)


@given(west=st.floats(-179, 178), south=st.floats(-89, 88), width=st.floats(0.1, 1), height=st.floats(0.1, 1))
def test_the_projection_keeps_areas(west: float, south: float, width: float, height: float) -> None:
    """A patch of the globe is as large on the map as on the globe."""
    east, north = west + width, south + height
    latitudes = np.linspace(south, north, 200)
    right, left = (equal_earth(np.column_stack([np.full(200, edge), latitudes])) for edge in (east, west))
    ring = np.vstack([right, left[::-1]])
    x, y = ring.T
    drawn = float(np.dot(x, np.roll(y, -1)) - np.dot(np.roll(x, -1), y)) / 2
    assert drawn == pytest.approx(radians(width) * (sin(radians(north)) - sin(radians(south))), rel=1e-3)
    assert cos(radians(north)) > 0


# --- networks --------------------------------------------------------------------------------------------------------


def boxes(ax: Axes) -> list[tuple[float, float, float, float]]:
    ax.figure.draw_without_rendering()  # type: ignore[union-attr]
    return [tuple(Text.get_window_extent(text).extents) for text in ax.texts]


def star(n: int) -> nx.Graph[str]:
    graph: nx.Graph[str] = nx.star_graph(n)
    nx.set_node_attributes(graph, {node: f"Organization for the number {node}" for node in graph}, "name")
    return graph


def pairs(n: int) -> nx.Graph[str]:
    graph: nx.Graph[str] = nx.Graph()
    graph.add_edges_from((f"a{i:03}", f"b{i:03}") for i in range(n))
    return graph


@pytest.mark.parametrize(
    "context", [{"country": "Nigeria"}, {"country": "Sudan"}, {"external": False}, {}, "star", "pairs"]
)
def test_no_name_covers_another(ds: im.Dataset, context: dict[str, Any] | str) -> None:
    """All forty have room at the size that pictures have, and all stand within the axes."""
    graph = {"star": star(120), "pairs": pairs(200)}.get(str(context)) or im.partnership_graph(ds, **dict(context))
    ax = plots.network(graph)
    found = boxes(ax)
    assert len(found) == min(40, sum(degree > 0 for _, degree in graph.degree))
    covered = [(a, b) for a, b in combinations(found, 2) if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]]
    assert covered == []
    frame = ax.get_window_extent().extents
    assert all(frame[0] <= a[0] and frame[1] <= a[1] and a[2] <= frame[2] and a[3] <= frame[3] for a in found)


def test_names_are_where_their_organizations_are(ds: im.Dataset) -> None:
    """The strongest are named, the stronger the larger, entities in a colour of their own."""
    graph = im.partnership_graph(ds, country="Sudan")
    strengths = dict(graph.degree(weight="weight"))
    ax = plots.network(graph, limit=5)
    marks = [one for one in ax.collections if isinstance(one, PathCollection)]
    drawn = {
        tuple(map(float, place)): (size, to_hex(mark.get_facecolor()[0]))
        for mark in marks
        for place, size in zip(np.asarray(mark.get_offsets()), mark.get_sizes(), strict=True)
    }
    assert len(drawn) == sum(degree > 0 for _, degree in graph.degree)
    named = [(text.get_text().replace("\n", " "), drawn[tuple(map(float, text.xy))]) for text in ax.texts]  # type: ignore[attr-defined]
    expected = sorted((one for one in graph), key=lambda one: (-round(strengths[one], 9), one))[:5]
    for (text, (_, colour)), one in zip(named, expected, strict=True):
        node = graph.nodes[one]
        assert node.get("acronym", node["name"]).startswith(text.rstrip("…"))
        assert colour == ("#0072b2" if graph.nodes[one]["entity"] else "#e69f00")
    sizes = [size for _, (size, _) in named]
    assert sizes == sorted(sizes, reverse=True)
    assert sorted(size for size, _ in drawn.values())[-5:] == sorted(sizes)


def test_lines_are_as_wide_as_ties_are_strong() -> None:
    """The widest is the strongest."""
    graph: nx.Graph[str] = nx.Graph()
    graph.add_weighted_edges_from([("a", "b", 1.0), ("b", "c", 3.0), ("a", "c", 2.0)])
    ax = plots.network(graph)
    (lines,) = (one for one in ax.collections if isinstance(one, LineCollection))
    marks = [one for one in ax.collections if isinstance(one, PathCollection)]
    places = {tuple(map(float, place)) for mark in marks for place in np.asarray(mark.get_offsets())}
    assert {tuple(map(float, end)) for line in lines.get_segments() for end in np.asarray(line)} == places
    one, two, three = lines.get_linewidths()
    assert three - two == pytest.approx(two - one) != 0


def test_the_same_network_gives_the_same_picture(ds: im.Dataset) -> None:
    """In whatever order its organizations and ties came."""
    graph = im.partnership_graph(ds, country="Ghana")
    shuffled: nx.Graph[str] = nx.Graph()
    shuffled.add_nodes_from(reversed(list(graph.nodes(data=True))))
    shuffled.add_edges_from((b, a, data) for a, b, data in reversed(list(graph.edges(data=True))))
    places = [
        [(text.get_text(), text.xy, text.xyann) for text in plots.network(one).texts] for one in (graph, shuffled)
    ]  # type: ignore[attr-defined]
    assert places[0] == places[1]


def test_small_axes_keep_the_names_for_which_there_is_room(ds: im.Dataset) -> None:
    """The others are left out, and no name covers another."""
    _, ax = plt.subplots(figsize=(2.5, 2))
    plots.network(im.partnership_graph(ds, country="Nigeria"), ax=ax)
    found = boxes(ax)
    assert 0 < len(found) < 40
    assert not any(a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3] for a, b in combinations(found, 2))


# --- manners ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["coverage", "crosstab", "timeline", "world_map", "network", "path"])
def test_the_axes_given_are_drawn_on_and_nothing_else_is_touched(ds: im.Dataset, name: str) -> None:
    """Neither the other axes nor the list of figures change."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(12, 5))
    draw = {**drawers(ds), "path": lambda **given: plots.path(route(ds), **given)}[name]
    others = left.get_position().bounds, len(left.get_children()), figure.get_size_inches().tolist(), plt.get_fignums()
    empty = len(right.get_children())
    assert draw(ax=right) is right
    assert len(right.get_children()) > empty
    assert figure.axes == [left, right]
    assert others == (
        left.get_position().bounds,
        len(left.get_children()),
        figure.get_size_inches().tolist(),
        plt.get_fignums(),
    )


@pytest.mark.parametrize("name", ["coverage", "crosstab", "timeline", "world_map", "network"])
def test_an_empty_answer_is_drawn_with_a_note(ds: im.Dataset, name: str) -> None:
    """It says that there is nothing, and is a picture all the same."""
    ax = drawers(ds, **NOTHING)[name]()
    ax.figure.draw_without_rendering()  # type: ignore[union-attr]
    assert [text.get_text()[:2] for text in ax.texts] == ["No"]


@pytest.mark.parametrize("name", ["coverage", "crosstab", "timeline", "world_map", "network", "path"])
def test_other_things_are_refused(ds: im.Dataset, name: str) -> None:
    """The message names what is wanted and what was given, and no empty figure is left behind."""
    kind = {"world_map": "Coverage", "network": "Graph"}.get(name, name.capitalize())
    with pytest.raises(TypeError, match=rf"plots\.{name} draws a {kind}, e\.g\. .+, not a Collection"):
        getattr(plots, name)(ds.initiatives)
    assert plt.get_fignums() == []


def test_what_cannot_be_drawn_is_refused(ds: im.Dataset) -> None:
    """A map needs countries, a network organizations alone, `limit` a number, and `ax` axes."""
    found = im.coverage(ds.initiatives, "region")
    with pytest.raises(ValueError, match="by country, not by region"):
        plots.world_map(found)
    with pytest.raises(ValueError, match="partnership_graph"):
        plots.network(im.affiliation_graph(ds, country="Ghana"))
    for limit in (0, True, 2.5):
        with pytest.raises(ValueError, match="limit must be"):
            plots.coverage(found, limit=limit)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="not a list"):
        plots.coverage(found, ax=[])  # type: ignore[arg-type]
    assert plt.get_fignums() == []


def test_names_are_never_formulas(ds: im.Dataset) -> None:
    """Dollars, underscores, line breaks and halves of characters in names and titles are drawn as text."""
    name = f"{FORMULA}\n\ud800\x00 end"
    found = im.coverage(ds.resources, by="kind")
    table = im.crosstab(ds.resources, "kind", "language")
    path = route(ds)
    step = evolve(path.steps[0], evidence=(evolve(path.steps[0].evidence[0], title=name),))
    graph: nx.Graph[str] = nx.path_graph(2)
    nx.set_node_attributes(graph, name, "name")
    cells = tuple(evolve(cell, row_label=name, col_label=name) for cell in table)
    drawn = [
        labels(plots.coverage(evolve(found, of=name, rows=(evolve(found[0], label=name),))).get_yticklabels()),
        labels(plots.crosstab(evolve(table, rows=cells)).get_xticklabels()),
        labels(plots.network(graph).texts),
        labels(plots.path(evolve(path, names=(name, *path.names[1:]), steps=(step, *path.steps[1:]))).texts),
    ]
    for number in plt.get_fignums():
        plt.figure(number).draw_without_rendering()
    assert all(f"{FORMULA} end" in texts[0] for texts in drawn)


def test_matplotlib_is_loaded_only_to_draw_and_missed_by_name() -> None:
    """Without it the module can be imported, and drawing says which extra to install."""
    code = (
        "import sys, icatmapping as im; from icatmapping import plots;"
        "print('matplotlib' in sys.modules); sys.modules['matplotlib'] = None;"
        "plots.timeline(im.timeline(im.load().resources))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=False)
    assert done.stdout.strip() == "False"
    assert "MissingExtraError: matplotlib is not installed" in done.stderr
    assert "icatmapping[plot]" in done.stderr
