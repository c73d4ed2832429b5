"""
Pictures of answers: coverage, tables, years, the world, networks and paths.

Each function takes an answer, draws it on the axes given or on a new figure, and returns the axes; showing and saving
them is the caller's. Needs matplotlib, the extra ``plot``. Knows nothing of how answers come about.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from icatmapping.network.paths import Path, Step
from icatmapping.plots.style import (
    AS_IT_IS,
    BLUE,
    INK,
    MUTED,
    NEUTRAL,
    asked,
    canvas,
    check_limit,
    colours_of,
    empty_axes,
    hide_frame,
    is_dark,
    note,
    number,
    require_type,
    size_of,
    source,
    title,
    wrapped,
)
from icatmapping.statistics.coverage import Coverage
from icatmapping.statistics.crosstab import Crosstab
from icatmapping.statistics.timeline import Timeline

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from icatmapping.model.schema import Value

__all__ = ["coverage", "crosstab", "path", "timeline"]

_LABEL_WIDTH = 32
_LABEL_LINES = 2


def coverage(found: Coverage, *, limit: int = 20, ax: Axes | None = None) -> Axes:
    """
    Draw a coverage as bars: the share of each value, its count beside it, its interval if it has one.

    Args:
        found: The coverage, e.g. ``im.coverage(ds.initiatives, by="region")``.
        limit: How many values to draw at most, most frequent first.
        ax: The axes to draw on; a new figure if none are given.

    Returns:
        The axes. The label below says how many records there are, and how many without a value.

    Raises:
        TypeError: If it is no coverage.
        ValueError: If ``limit`` is less than 1.
        MissingExtraError: If matplotlib is not installed.

    Examples:
        >>> import icatmapping as im
        >>> ax = im.plots.coverage(im.coverage(im.load().initiatives, by="region"))
        >>> ax.get_title(loc="left")
        'Initiatives by region'
    """
    require_type(found, Coverage, "coverage", 'im.coverage(ds.initiatives, by="region")')
    check_limit(limit)
    rows = found.rows[:limit]
    ax = canvas(ax, 8, 1.6 + 0.34 * max(len(rows), 3))
    title(ax, asked(f"{found.of.capitalize()} by {_said(found.by)}", found.provenance))
    fractional = "fractional counting, " if found.counting == "fractional" else ""
    about = (
        f"Share of the {number(found.n - found.unclassified)} {found.of} with a value "
        f"({fractional}n = {number(found.n)}, unclassified: {number(found.unclassified)})"
    )
    intervals = f"Lines: {found.interval_meaning}" if found.interval_meaning else ""
    note(ax, about, _left_out(len(rows), len(found), "values"), intervals, source(found.provenance))
    if not rows:
        return empty_axes(ax, "No record has a value")
    places, shares = range(len(rows)), [row.share for row in rows]
    ax.barh(places, shares, color=BLUE, height=0.72)
    ends = [row.share if row.high is None else max(row.share, row.high) for row in rows]
    if found.interval is not None:
        starts = [row.share if row.low is None else min(row.share, row.low) for row in rows]
        reach = [
            [share - start for share, start in zip(shares, starts, strict=True)],
            [end - share for share, end in zip(shares, ends, strict=True)],
        ]
        ax.errorbar(shares, places, xerr=reach, fmt="none", ecolor=INK, elinewidth=1.3, capsize=3)
    for place, row, end in zip(places, rows, ends, strict=True):
        ax.annotate(
            number(row.count, _digits(found)),
            (end, place),
            (5, 0),
            textcoords="offset points",
            va="center",
            color=INK,
            fontsize=9,
        )
    ax.set_yticks(places, [wrapped(row.label, _LABEL_WIDTH, _LABEL_LINES) for row in rows], **AS_IT_IS)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.set_xlim(0, max(ends) * 1.1)
    ax.xaxis.set_major_formatter(lambda share, _: f"{share * 100:.4g}%")
    ax.tick_params(axis="y", length=0)
    ax.spines[["top", "right", "left"]].set_visible(False)
    return ax


def _digits(found: Coverage | Crosstab) -> int:
    return int(found.counting == "fractional")


def _said(dimension: str) -> str:
    return dimension.replace("_", " ")


def _left_out(drawn: int, everything: int, what: str) -> str:
    return f"The first {drawn} of {everything} {what}" if drawn < everything else ""


def crosstab(found: Crosstab, *, limit: int = 20, ax: Axes | None = None) -> Axes:
    """
    Draw a table of two dimensions as a map of colours, with the counts written in the cells.

    Args:
        found: The table, e.g. ``im.crosstab(ds.initiatives, "region", "form")``.
        limit: How many rows and how many columns to draw at most, those with the highest totals first.
        ax: The axes to draw on; a new figure if none are given.

    Returns:
        The axes. The label below says how many records there are, and how many lack a value.

    Raises:
        TypeError: If it is no table of two dimensions.
        ValueError: If ``limit`` is less than 1.
        MissingExtraError: If matplotlib is not installed.

    Examples:
        >>> import icatmapping as im
        >>> ax = im.plots.crosstab(im.crosstab(im.load().initiatives, "region", "scope"))
        >>> [label.get_text() for label in ax.get_yticklabels()][0]
        'Africa'
    """
    require_type(found, Crosstab, "crosstab", 'im.crosstab(ds.initiatives, "region", "form")')
    check_limit(limit)
    rows, cols = list(found.row_totals)[:limit], list(found.col_totals)[:limit]
    ax = canvas(ax, 3.2 + 0.6 * max(len(cols), 6), 2.4 + 0.4 * max(len(rows), 3))
    title(ax, asked(f"{found.of.capitalize()} by {_said(found.by[0])} and {_said(found.by[1])}", found.provenance))
    fractional = ", fractional counting" if found.counting == "fractional" else ""
    note(
        ax,
        f"n = {number(found.n)} {found.of}, unclassified in a dimension: {number(found.unclassified)}{fractional}",
        _left_out(len(rows), len(found.row_totals), "rows"),
        _left_out(len(cols), len(found.col_totals), "columns"),
        source(found.provenance),
    )
    if not found.rows:
        return empty_axes(ax, "No record has values of both dimensions")
    counts = {(cell.row, cell.col): cell.count for cell in found}
    _draw_cells(ax, [[counts.get((row, col), 0) for col in cols] for row in rows], _digits(found))
    labels: dict[Value, str] = {cell.row: cell.row_label for cell in found}
    ax.set_yticks(range(len(rows)), [wrapped(labels[row], _LABEL_WIDTH, _LABEL_LINES) for row in rows], **AS_IT_IS)
    labels = {cell.col: cell.col_label for cell in found}
    ax.set_xticks(
        range(len(cols)),
        [wrapped(labels[col], 24, _LABEL_LINES) for col in cols],
        rotation=40,
        ha="right",
        rotation_mode="anchor",
        **AS_IT_IS,
    )
    ax.tick_params(length=0)
    return ax


def _draw_cells(ax: Axes, table: Sequence[Sequence[float]], digits: int) -> None:
    """Colour a cell for every count and write it there, light on dark; a zero has no colour."""
    import numpy as np  # noqa: PLC0415 - comes with matplotlib

    counts = np.ma.masked_equal(np.array(table, dtype=float), 0)
    palette, norm = colours_of([float(count) for count in counts.compressed()])
    down, across = counts.shape
    ax.pcolormesh(
        np.arange(across + 1) - 0.5,
        np.arange(down + 1) - 0.5,
        counts,
        cmap=palette.with_extremes(bad=NEUTRAL),
        norm=norm,
        edgecolors="white",
        linewidth=1,
    )
    for place, count in np.ndenumerate(np.ma.getdata(counts)):
        colour = MUTED if not count else "white" if is_dark(palette(norm(count))) else INK
        ax.text(place[1], place[0], number(count, digits), ha="center", va="center", fontsize=8.5, color=colour)
    ax.set_ylim(down - 0.5, -0.5)
    ax.set_frame_on(False)


def timeline(found: Timeline, *, ax: Axes | None = None) -> Axes:
    """
    Draw how many records were active in each year.

    Args:
        found: The years, e.g. ``im.timeline(ds.initiatives)``.
        ax: The axes to draw on; a new figure if none are given.

    Returns:
        The axes. The label below says how many records there are, and how many without a date.

    Raises:
        TypeError: If it is no timeline.
        MissingExtraError: If matplotlib is not installed.

    Examples:
        >>> import icatmapping as im
        >>> ax = im.plots.timeline(im.timeline(im.load().initiatives))
        >>> ax.get_ylabel()
        'active initiatives'
    """
    require_type(found, Timeline, "timeline", "im.timeline(ds.initiatives)")
    ax = canvas(ax, 8, 3.6)
    title(ax, asked(f"{found.of.capitalize()} known to be active in each year", found.provenance))
    note(
        ax,
        f"n = {number(found.n)} {found.of}, of which {number(found.undated)} without a date are in no year",
        source(found.provenance),
    )
    if not found.rows:
        return empty_axes(ax, "No record has a date")
    ax.bar([row.year for row in found], [row.count for row in found], width=0.85, color=BLUE)
    ax.set_ylabel(f"active {found.of}", **AS_IT_IS)
    present = found.provenance.as_of[:4]
    if present and found[0].year <= int(present) <= found[-1].year:
        ax.axvline(int(present), color=MUTED, linewidth=1, linestyle=":")
        ax.annotate(
            f"as of {found.provenance.as_of}",
            (int(present), 1),
            (-4, -2),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            ha="right",
            va="top",
            color=MUTED,
            fontsize=8.5,
        )
    for axis in (ax.xaxis, ax.yaxis):
        axis.get_major_locator().set_params(integer=True)  # type: ignore[call-arg]
    ax.spines[["top", "right"]].set_visible(False)
    return ax


# --- paths -----------------------------------------------------------------------------------------------------------

_LINE = 0.19  # inches from one line to the next
_SIZE = 9.5  # points, where there is room
_SHOWN = 3  # records at each step
_GAP = 1.0  # lines around a name and around the records


def path(path: Path, *, ax: Axes | None = None) -> Axes:
    """
    Draw a collaboration path: the organizations from source to target, and between them what they share.

    Args:
        path: The path, e.g. ``im.collaboration_paths(ds, "UNODC", "UNICEF", country="Nigeria")[0]``.
        ax: The axes to draw on; a new figure if none are given.

    Returns:
        The axes.

    Raises:
        TypeError: If it is no path, but perhaps several.
        MissingExtraError: If matplotlib is not installed.

    Examples:
        >>> import icatmapping as im
        >>> paths = im.collaboration_paths(im.load(), "UNODC", "UNICEF", country="Nigeria", theme="child_protection")
        >>> ax = im.plots.path(paths[0])
        >>> ax.texts[0].get_text()
        'UNODC'
    """
    require_type(path, Path, "path", 'im.collaboration_paths(ds, "UNODC", "UNICEF")[0]')
    given, width = ax, 8.0 if ax is None else size_of(canvas(ax, 0, 0))[0]
    letters = max(20, int(width * 72 / (_SIZE * 0.56)) - 6)
    names = [wrapped(name, letters, 2) for name in path.names]
    ties = [_evidence(step, letters) for step in path.steps]
    heights = [_GAP + part.count("\n") + 1 for part in _alternating(names, ties)]
    ax = canvas(given, width, 0.6 + _LINE * sum(heights))
    size = min(_SIZE, size_of(ax)[1] * 72 / sum(heights) / 1.3) if given else _SIZE
    hide_frame(ax)
    when = "a step is undated" if path.last_active is None else f"oldest step last active {path.last_active}"
    title(ax, f"From {path.names[0]} to {path.names[-1]}: {when}")
    ax.set_xlim(0, 1)
    ax.set_ylim(sum(heights), 0)
    top = 0.0
    middles = []
    for place, (part, height) in enumerate(zip(_alternating(names, ties), heights, strict=True)):
        if place % 2:
            ax.text(0.09, top + height / 2, part, va="center", fontsize=size, color=INK, linespacing=1.3, **AS_IT_IS)
        else:
            middles.append(top + height / 2)
            end = place in (0, len(heights) - 1)
            ax.text(
                0.02,
                middles[-1],
                part,
                va="center",
                fontsize=size + 0.5,
                fontweight="bold",
                color="white" if end else BLUE,
                bbox={"boxstyle": "round,pad=0.45", "facecolor": BLUE if end else "white", "edgecolor": BLUE},
                **AS_IT_IS,
            )
        top += height
    ax.plot([0.05] * len(middles), middles, color=BLUE, linewidth=2, zorder=0)
    return ax


def _alternating(names: Sequence[str], ties: Sequence[str]) -> list[str]:
    return [part for pair in zip(names, ties, strict=False) for part in pair] + [names[-1]]


def _evidence(step: Step, letters: int) -> str:
    """List some records of a step, one below the other."""
    titles = [wrapped(f"{record.label} ({record.period})", letters, 2) for record in step.evidence[:_SHOWN]]
    more = len(step.evidence) - len(titles) + step.unseen
    return "\n".join(f"•  {one}".replace("\n", "\n    ") for one in titles + [f"and {more} more"] * bool(more))
