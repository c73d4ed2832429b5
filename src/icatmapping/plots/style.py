"""
What all pictures have in common: axes to draw on, text that is taken as it is, colours that everybody can tell apart.

Knows nothing of what is drawn. matplotlib is imported when something is drawn, and none of its settings is changed.
"""

from __future__ import annotations

from textwrap import shorten, wrap
from typing import TYPE_CHECKING, Any, TypeVar

from icatmapping.errors import MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap, Normalize
    from matplotlib.figure import Figure

    from icatmapping.results import Provenance

__all__ = [
    "AS_IT_IS",
    "BLUE",
    "GREY",
    "INK",
    "MUTED",
    "NEUTRAL",
    "ORANGE",
    "asked",
    "canvas",
    "check_limit",
    "colours_of",
    "empty_axes",
    "figure_of",
    "hide_frame",
    "is_dark",
    "note",
    "number",
    "require_type",
    "size_of",
    "source",
    "title",
    "wrapped",
]

# Okabe and Ito's colours, which people of any colour vision tell apart.
BLUE = "#0072B2"
ORANGE = "#E69F00"
INK = "#222222"
MUTED = "#595959"
GREY = "#999999"
NEUTRAL = "#E3E3E3"
_COLOURS = "viridis_r"

AS_IT_IS: dict[str, Any] = {"parse_math": False, "usetex": False}
"""Settings of a text in which a dollar is a dollar, and no formula."""

_SMALL = 8.5
_NOTE_WIDTH = 15  # characters per inch of a note
_TITLE_WIDTH = 11

T = TypeVar("T")


def require_type(found: object, kind: type[T], function: str, example: str) -> T:
    """Refuse what is not the kind of answer that a picture is of."""
    if not isinstance(found, kind):
        message = (
            f"plots.{function} draws a {kind.__name__}, e.g. plots.{function}({example}), not a {type(found).__name__}"
        )
        raise TypeError(message)
    return found


def check_limit(limit: object) -> None:
    """Refuse what is no whole number of at least 1."""
    if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
        message = f"limit must be a whole number of at least 1, not {limit!r}"
        raise ValueError(message)


def canvas(ax: Axes | None, width: float, height: float) -> Axes:
    """
    Return the axes to draw on: those of the caller, or those of a new figure of a size in inches.

    Raises:
        MissingExtraError: If matplotlib is not installed.
        TypeError: If what the caller gave are no axes.
    """
    try:
        from matplotlib.axes import Axes  # noqa: PLC0415 - optional
    except ImportError:
        raise MissingExtraError("matplotlib", "plot") from None
    if ax is None:
        from matplotlib import pyplot as plt  # noqa: PLC0415 - chooses a backend, which only a new figure needs

        return plt.subplots(figsize=(width, height), layout="constrained")[1]
    if not isinstance(ax, Axes):
        message = f"ax must be the axes of a matplotlib figure, not a {type(ax).__name__}"
        raise TypeError(message)
    return ax


def figure_of(ax: Axes) -> Figure:
    """
    Return the figure in which axes are.

    Raises:
        ValueError: If they have been removed from it.
    """
    figure = ax.get_figure(root=True)
    if figure is None:
        message = "ax is in no figure any more"
        raise ValueError(message)
    return figure


def size_of(ax: Axes) -> tuple[float, float]:
    """Return the width and height of axes in inches."""
    box, dpi = ax.get_window_extent(), figure_of(ax).dpi
    return box.width / dpi, box.height / dpi


def _printable(text: str) -> str:
    """Put spaces for what no font has: line breaks, control characters, halves of characters."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def wrapped(text: str, width: int, lines: int) -> str:
    """Break a text into lines of so many letters, and cut it off after so many lines."""
    found = wrap(_printable(text), width)
    if len(found) <= lines:
        return "\n".join(found)
    return "\n".join([*found[: lines - 1], _cut(" ".join(found[lines - 1 :]), width)])


def _cut(text: str, width: int) -> str:
    return shorten(text, width, placeholder="…") if " " in text[:width] else text[: width - 1] + "…"


def number(value: float, digits: int = 0) -> str:
    """Write a number, with so many digits unless it is zero; what would then look like zero is less than the least."""
    least = 10**-digits
    return f"<{least:.{digits}f}" if 0 < value < least / 2 else f"{value:,.{digits if value else 0}f}"


def title(ax: Axes, text: str, *, above: float = 6) -> None:
    """Write what a picture shows above it, by so many points."""
    width = max(24, int(size_of(ax)[0] * _TITLE_WIDTH))
    ax.set_title(wrapped(text, width, 2), loc="left", pad=above, color=INK, fontsize=12, **AS_IT_IS)


def note(ax: Axes, *parts: str) -> None:
    """Write what one has to know below a picture."""
    width = max(30, int(size_of(ax)[0] * _NOTE_WIDTH))
    lines = [line for part in parts if part for line in wrap(_printable(part), width)]
    ax.set_xlabel("\n".join(lines), loc="left", color=MUTED, fontsize=_SMALL, **AS_IT_IS)


def asked(text: str, provenance: Provenance) -> str:
    """Return what a picture shows, with what was asked."""
    return f"{text} {provenance.question}" if provenance.question else text


def source(provenance: Provenance) -> str:
    """Return the line below a picture that names its source."""
    return f"Source: {provenance.source}. Compiled from public pages."


def hide_frame(ax: Axes) -> None:
    """Take away the frame and the ticks, for pictures without a scale."""
    ax.set_frame_on(False)
    ax.set_xticks([])
    ax.set_yticks([])


def empty_axes(ax: Axes, text: str) -> Axes:
    """Return on the empty axes that there is nothing to draw."""
    hide_frame(ax)
    ax.text(0.5, 0.5, text, transform=ax.transAxes, ha="center", va="center", color=MUTED, **AS_IT_IS)
    return ax


def colours_of(counts: Iterable[float], *, logarithmic: bool = False) -> tuple[Colormap, Normalize]:
    """
    Return a scale of colours for counts up to the highest, more is darker.

    Colours follow the square root of the count, from zero on, or its logarithm, from the lowest count on: or all but
    the highest few would look alike.
    """
    from matplotlib import colormaps  # noqa: PLC0415 - optional
    from matplotlib.colors import LogNorm, PowerNorm  # noqa: PLC0415 - optional

    found = list(counts)
    if logarithmic:
        return colormaps[_COLOURS], LogNorm(min(found), max(*found, min(found) * 1.01))
    return colormaps[_COLOURS], PowerNorm(0.5, 0, max(found))


def is_dark(colour: tuple[float, float, float, float]) -> bool:
    """Return whether light text is more legible on a colour than dark text (by the relative luminance of WCAG 2)."""
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.25
