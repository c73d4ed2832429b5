"""
How everything public shows itself: in a line wherever Python runs, as text when printed, as HTML in a notebook.

The imports that go up the house stand here, inside methods: what draws is found when a drawing is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["LONGEST", "Displayable", "join_first", "shorten_line"]

LONGEST = 200
"""How many characters a line may have."""


class Displayable:
    """What shows itself. Subclasses say in `_repr_summary` what follows the name of their class in the line."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        from icatmapping.display.html import to_html  # noqa: PLC0415 - drawing is above what is drawn

        return to_html(self)

    def __str__(self) -> str:
        from icatmapping.display.text import to_text  # noqa: PLC0415 - as above

        return to_text(self)

    def __repr__(self) -> str:
        return f"<{shorten_line(type(self).__name__ + self._repr_summary(), LONGEST - 2)}>"

    def _repr_summary(self) -> str:
        return ""


def shorten_line(text: str, longest: int = LONGEST) -> str:
    r"""
    Make text fit for a line: what cannot be seen is written out, what is too long is cut.

    >>> shorten_line("a\nb\u202ec"), shorten_line("abcdef", 4)
    ('a\\nb\\u202ec', 'abc…')
    """
    # A character takes at most ten when written out, but at least one: no more than `longest` of them matter.
    shown = "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text[: longest + 1]
    )
    return shown if len(shown) <= longest else f"{shown[: longest - 1]}…"


def join_first(names: Iterable[str], most: int = 3) -> str:
    """
    List the first names of many.

    >>> join_first(["a", "b"]), join_first("abcdef")
    ('a, b', 'a, b, c, …')
    """
    listed = list(names)
    return ", ".join([*listed[:most], "…"] if len(listed) > most else listed)
