"""
The one colour of a site in all its shades, each with enough contrast to be read.
"""

from __future__ import annotations

import re

__all__ = ["check_colour", "contrast", "palette"]

_LIGHT, _DARK = "#ffffff", "#14191d"
"""What lies behind text, by day and by night."""
_ENOUGH = 6.0
"""The contrast of text with what lies behind it; WCAG 2.2 AA asks for 4.5, and links stand on shaded grounds too."""
_SHADES = (0.16, 0.32, 0.5, 0.72, 0.95)

Rgb = tuple[float, float, float]


def check_colour(colour: str) -> str:
    """
    Return a colour in lower case, or raise a ValueError if it is none.

    >>> check_colour("#1B5E75")
    '#1b5e75'
    """
    if re.fullmatch(r"#[0-9a-fA-F]{6}", str(colour)) is None:
        message = f"colour must be written as #rrggbb, e.g. '#1b5e75', not {colour!r}"
        raise ValueError(message)
    return colour.lower()


def contrast(one: str, other: str) -> float:
    """
    Return the contrast of two colours as WCAG defines it, from 1 to 21.

    >>> contrast("#000000", "#ffffff")
    21.0
    """
    darker, lighter = sorted((_luminance(_rgb(one)), _luminance(_rgb(other))))
    return round((lighter + 0.05) / (darker + 0.05), 2)


def _rgb(colour: str) -> Rgb:
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return red, green, blue


def _luminance(colour: Rgb) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _mix(one: str, other: str, part: float) -> str:
    """Return so much of one colour in another."""
    mixed = [a * part + b * (1 - part) for a, b in zip(_rgb(one), _rgb(other), strict=True)]
    return "#" + "".join(f"{round(value * 255):02x}" for value in mixed)


def _readable(colour: str, ground: str, towards: str) -> str:
    """Return a colour moved towards black or white until it can be read on a ground."""
    return next(
        (found for step in range(51) if contrast(found := _mix(towards, colour, step / 50), ground) >= _ENOUGH),
        towards,
    )


def palette(colour: str) -> str:
    """Return the style sheet that gives the shades of a colour names, by day and by night."""
    day = _variables(_readable(colour, _LIGHT, "#000000"), _LIGHT)
    night = _variables(_readable(colour, _DARK, "#ffffff"), _DARK)
    return f":root{{{day}}}\n@media screen and (prefers-color-scheme:dark){{:root{{{night}}}}}\n"


def _variables(accent: str, ground: str) -> str:
    shades = {f"s{number}": _mix(accent, ground, part) for number, part in enumerate(_SHADES, start=1)}
    # Text on a shade is whatever can be read on it.
    inks = {
        f"i{number}": max(("#000000", "#ffffff"), key=lambda ink, shade=shade: contrast(ink, shade))  # type: ignore[misc]
        for number, shade in enumerate(shades.values(), start=1)
    }
    named = {
        "accent": accent,
        "on-accent": max((_LIGHT, _DARK), key=lambda ink: contrast(ink, accent)),
        "tint": _mix(accent, ground, 0.08),
        **shades,
        **inks,
    }
    return "".join(f"--{name}:{value};" for name, value in named.items())
