"""
Pictures of what one acts on: gaps, overlaps, portfolios, comparisons, support.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from icatmapping.briefing.support import Support
from icatmapping.model.articles import in_sentence
from icatmapping.plots.style import (
    AS_IT_IS,
    BLUE,
    INK,
    MUTED,
    NEUTRAL,
    ORANGE,
    asked,
    canvas,
    check_limit,
    colours_of,
    empty_axes,
    is_dark,
    note,
    number,
    require_type,
    source,
    title,
    wrapped,
)
from icatmapping.statistics.gaps import Gaps
from icatmapping.statistics.overlaps import Overlaps
from icatmapping.statistics.portfolio import Comparison, Portfolio

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

__all__ = ["compare", "gaps", "overlaps", "portfolio", "support"]

_LABEL_WIDTH = 40
_ROW = 0.36  # inches from one row to the next


def _rows_on(ax: Axes | None, labels: Sequence[str], width: float = 8.5) -> Axes:
    """Return axes with a row for each label, the first one at the top."""
    drawn = canvas(ax, width, 1.9 + _ROW * max(len(labels), 3))
    drawn.set_yticks(range(len(labels)), [wrapped(label, _LABEL_WIDTH, 2) for label in labels], **AS_IT_IS)
    drawn.set_ylim(len(labels) - 0.4, -0.6)
    drawn.tick_params(axis="y", length=0)
    drawn.spines[["top", "right", "left"]].set_visible(False)
    return drawn


def gaps(found: Gaps, *, limit: int = 20, ax: Axes | None = None) -> Axes:
    """
    Draw gaps: how many initiatives there are in each cell, and how many work elsewhere would lead to expect.

    Args:
        found: The gaps, e.g. ``im.gaps(ds, "country", "form", among="Western Africa")``.
        limit: How many to draw at most, the most telling first.
        ax: The axes to draw on; a new figure if none are given.

    Returns:
        The axes.

    Raises:
        TypeError: If it is not an answer of `icatmapping.gaps`.
        ValueError: If ``limit`` is less than 1.
        MissingExtraError: If matplotlib is not installed.

    Examples:
        >>> import icatmapping as im
        >>> ax = im.plots.gaps(im.gaps(im.load(), "country", "form", among="Western Africa"), limit=5)
        >>> len(ax.get_yticklabels())
        5
    """
    require_type(found, Gaps, "gaps", 'im.gaps(ds, "country", "form")')
    check_limit(limit)
    rows = found.rows[:limit]
    labels = [gap.row_label if gap.col_label is None else f"{gap.row_label}: {gap.col_label}" for gap in rows]
    ax = _rows_on(ax, labels)
    title(ax, asked(f"Gaps by {' and '.join(found.by).replace('_', ' ')}", found.provenance))
    note(
        ax,
        "Dot: initiatives that name both. Ring: as many as the peers' work would lead to expect. "
        "Orange: fewer than chance explains (p < 0.05); of twenty cells, one is so by chance. Not coded is not absent.",
        f"The first {len(rows)} of {len(found)}" if len(rows) < len(found) else "",
        source(found.provenance),
    )
    if not rows:
        return empty_axes(ax, "No gap")
    for place, gap in enumerate(rows):
        colour = ORANGE if gap.telling else MUTED
        ax.plot([gap.count, gap.expected], [place, place], color=colour, linewidth=2, zorder=1)
        ax.plot(gap.expected, place, "o", markerfacecolor="white", markeredgecolor=colour, markersize=8, zorder=2)
        ax.plot(gap.count, place, "o", color=colour, markersize=7, zorder=3)
        said = "" if gap.p is None else f"p = {gap.p:.3f}, {gap.unclassified} not coded"
        ax.annotate(
            said, (gap.expected, place), (9, 0), textcoords="offset points", va="center", color=INK, fontsize=8.5
        )
    ax.set_xlim(-0.02 * max(1.0, *(gap.expected for gap in rows)), max(1.0, *(gap.expected for gap in rows)) * 1.35)
    return ax


def overlaps(found: Overlaps, *, limit: int = 15, ax: Axes | None = None) -> Axes:
    """
    Draw how alike the work of entities is, as a table of colours.

    Args:
        found: The overlaps, e.g. ``im.overlaps(ds, since=2020)``.
        limit: How many entities to draw at most, those that share most cells first.
        ax: The axes to draw on; a new figure if none are given.

    Returns:
        The axes.

    Raises:
        TypeError: If it is not an answer of `icatmapping.overlaps`.
        ValueError: If ``limit`` is less than 1.
        MissingExtraError: If matplotlib is not installed.

    Examples:
        >>> import icatmapping as im
        >>> ax = im.plots.overlaps(im.overlaps(im.load(), since=2020), limit=5)
        >>> len(ax.get_yticklabels())
        5
    """
    import numpy as np  # noqa: PLC0415 - comes with matplotlib

    require_type(found, Overlaps, "overlaps", "im.overlaps(ds)")
    check_limit(limit)
    shared: dict[str, int] = {}
    for row in found:
        for name in (row.name_a, row.name_b):
            shared[name] = shared.get(name, 0) + row.shared
    names = sorted(shared, key=lambda name: (-shared[name], name))[:limit]
    size = 2.6 + 0.45 * max(len(names), 4)
    ax = canvas(ax, size + 0.8, size)
    title(ax, asked(f"How alike what entities do is, on {' and '.join(found.on).replace('_', ' ')}", found.provenance))
    apart = len(found.uncoordinated)
    note(
        ax,
        f"Similarity ({found.metric}), from 0 to 1. {number(apart)} places and pairs do the same in the same years, "
        "apart from each other.",
        f"The first {len(names)} of {len(shared)} entities" if len(names) < len(shared) else "",
        source(found.provenance),
    )
    if not any(row.shared for row in found):
        return empty_axes(ax, "No two entities share a cell")
    place = {name: position for position, name in enumerate(names)}
    table = np.full((len(names), len(names)), np.nan)
    for row in found:
        if row.name_a in place and row.name_b in place:
            table[place[row.name_a], place[row.name_b]] = table[place[row.name_b], place[row.name_a]] = row.similarity
    values = np.ma.masked_invalid(table)
    palette, norm = colours_of([max(1e-9, float(values.max()))])
    edges = np.arange(len(names) + 1) - 0.5
    ax.pcolormesh(
        edges, edges, values, cmap=palette.with_extremes(bad=NEUTRAL), norm=norm, edgecolors="white", linewidth=1
    )
    for (down, across), value in np.ndenumerate(table):
        if not np.isnan(value):
            colour = "white" if is_dark(palette(norm(value))) else INK
            ax.text(across, down, f"{value:.2f}", ha="center", va="center", fontsize=7.5, color=colour)
    ax.set_yticks(range(len(names)), names, **AS_IT_IS)
    ax.set_xticks(range(len(names)), names, rotation=40, ha="right", rotation_mode="anchor", **AS_IT_IS)
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.tick_params(length=0)
    ax.set_frame_on(False)
    return ax


def portfolio(found: Portfolio, *, limit: int = 15, ax: Axes | None = None) -> Axes:
    """
    Draw on what an entity specializes: its location quotients with their intervals.

    Args:
        found: The portfolio, e.g. ``im.portfolio(ds, "IMO", on="theme")``.
        limit: How many cells to draw at most, highest quotient first; those of fewer than 5 initiatives are left out.
        ax: The axes to draw on; a new figure if none are given.

    Returns:
        The axes.

    Raises:
        TypeError: If it is not an answer of `icatmapping.portfolio`.
        ValueError: If ``limit`` is less than 1.
        MissingExtraError: If matplotlib is not installed.

    Examples:
        >>> import icatmapping as im
        >>> ax = im.plots.portfolio(im.portfolio(im.load(), "ILO", on="theme"), limit=5)
        >>> len(ax.get_yticklabels())
        5
    """
    require_type(found, Portfolio, "portfolio", 'im.portfolio(ds, "ILO", on="theme")')
    check_limit(limit)
    rows = found.specialization[:limit]
    ax = _rows_on(ax, [row.label for row in rows])
    on = " and ".join(found.on).replace("_", " ")
    title(ax, asked(f"{found.name}: what it does more than members on the whole, by {on}", found.provenance))
    note(
        ax,
        f"Location quotient of {number(found.placed)} initiatives, with its interval at 95 %; 1: as much as all "
        "members. Cells of fewer than 5 initiatives are left out.",
        source(found.provenance),
    )
    if not rows:
        return empty_axes(ax, "No cell of 5 initiatives or more")
    for place, row in enumerate(rows):
        ax.plot([row.low, row.high], [place, place], color=MUTED, linewidth=1.5, zorder=1)
        ax.plot(row.quotient, place, "o", color=BLUE, markersize=7, zorder=2)
        ax.annotate(
            f"{row.count} initiatives",
            (row.high, place),
            (6, 0),
            textcoords="offset points",
            va="center",
            color=INK,
            fontsize=8.5,
        )
    ax.axvline(1, color=INK, linewidth=0.8, linestyle=":")
    ax.set_xlim(0, max(row.high for row in rows) * 1.2)
    return ax


def compare(found: Comparison, *, limit: int = 15, ax: Axes | None = None) -> Axes:
    """
    Draw two portfolios back to back: the initiatives of one entity to the left, those of the other to the right.

    Args:
        found: The comparison, e.g. ``im.compare(ds, "IOM", "ILO", on="theme")``.
        limit: How many cells to draw at most, what both do first.
        ax: The axes to draw on; a new figure if none are given.

    Returns:
        The axes.

    Raises:
        TypeError: If it is not an answer of `icatmapping.compare`.
        ValueError: If ``limit`` is less than 1.
        MissingExtraError: If matplotlib is not installed.

    Examples:
        >>> import icatmapping as im
        >>> ax = im.plots.compare(im.compare(im.load(), "IOM", "ILO", on="theme"), limit=5)
        >>> len(ax.get_yticklabels())
        5
    """
    require_type(found, Comparison, "compare", 'im.compare(ds, "IOM", "ILO")')
    check_limit(limit)
    rows = found.rows[:limit]
    ax = _rows_on(ax, [row.label for row in rows])
    on = " and ".join(found.on).replace("_", " ")
    title(ax, asked(f"{found.name_a} (left) and {found.name_b} (right) by {on}", found.provenance))
    note(
        ax,
        f"Initiatives of {number(found.n_a)} and {number(found.n_b)}; "
        f"both take part in {number(len(found.together))} records.",
        f"The first {len(rows)} of {len(found)} cells" if len(rows) < len(found) else "",
        source(found.provenance),
    )
    if not rows:
        return empty_axes(ax, "Neither has an initiative in a cell")
    places = range(len(rows))
    ax.barh(places, [-row.count_a for row in rows], color=BLUE, height=0.7)
    ax.barh(places, [row.count_b for row in rows], color=ORANGE, height=0.7)
    for place, row in enumerate(rows):
        for count, side, align in ((-row.count_a, -4, "right"), (row.count_b, 4, "left")):
            ax.annotate(
                number(abs(count)),
                (count, place),
                (side, 0),
                textcoords="offset points",
                va="center",
                ha=align,
                color=INK,
                fontsize=8.5,
            )
    reach = 1.2 * max(max(row.count_a, row.count_b) for row in rows)
    ax.set_xlim(-reach, reach)
    ax.axvline(0, color=INK, linewidth=0.8)
    ax.xaxis.set_major_formatter(lambda count, _: f"{abs(count):.0f}")
    return ax


def support(found: Support, *, limit: int = 10, ax: Axes | None = None) -> Axes:
    """
    Draw who could help a State: how many records each entity has there, nearby and elsewhere.

    Args:
        found: The answer, e.g. ``im.find_support(ds, country="Ghana", response="training")``.
        limit: How many entities to draw at most, best first.
        ax: The axes to draw on; a new figure if none are given.

    Returns:
        The axes.

    Raises:
        TypeError: If it is not an answer of `icatmapping.find_support`.
        ValueError: If ``limit`` is less than 1.
        MissingExtraError: If matplotlib is not installed.

    Examples:
        >>> import icatmapping as im
        >>> ax = im.plots.support(im.find_support(im.load(), country="Ghana", theme="protection"), limit=5)
        >>> len(ax.get_yticklabels())
        5
    """
    require_type(found, Support, "support", 'im.find_support(ds, country="Ghana")')
    check_limit(limit)
    rows = found.rows[:limit]
    ax = _rows_on(ax, [row.name for row in rows])
    where = "" if found.country is None else f" in {in_sentence(found.country.name)}"
    title(ax, asked(f"Who could help{where}", found.provenance))
    note(
        ax,
        "Records that meet the need; entities by score, which counts recent work and work there most.",
        f"The first {len(rows)} of {found.total} entities" if len(rows) < found.total else "",
        source(found.provenance),
    )
    if not rows:
        return empty_axes(ax, "No entity has a record that meets the need")
    starts = [0] * len(rows)
    for name, colour in (("there", BLUE), ("nearby", ORANGE), ("elsewhere", NEUTRAL)):
        counts = [len(getattr(row, name)) for row in rows]
        ax.barh(range(len(rows)), counts, left=starts, color=colour, height=0.7, label=name)
        starts = [start + count for start, count in zip(starts, counts, strict=True)]
    for place, (row, end) in enumerate(zip(rows, starts, strict=True)):
        last = "undated" if row.last_active is None else f"last {row.last_active}"
        ax.annotate(
            f"score {row.score:.1f}, {last}",
            (end, place),
            (5, 0),
            textcoords="offset points",
            va="center",
            color=INK,
            fontsize=8.5,
        )
    ax.set_xlim(0, max(starts) * 1.25)
    ax.legend(loc="lower right", frameon=False, fontsize=8.5)
    return ax
