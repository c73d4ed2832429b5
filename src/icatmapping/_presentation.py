"""
How everything public shows itself: in a line of text wherever Python runs, as HTML in a notebook.

Whoever puts the package together installs what draws the HTML; this module knows nothing of it, nor of what is shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["LONGEST", "Presentable", "first_few", "install", "one_line"]

LONGEST = 200
"""How many characters a line may have."""


class Presentable:
    """What shows itself. Subclasses say in `_gist` what follows the name of their class in the line."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return _drawing[-1](self)

    def __repr__(self) -> str:
        return f"<{one_line(type(self).__name__ + self._gist(), LONGEST - 2)}>"

    def _gist(self) -> str:
        return ""


def _undrawn(shown: object) -> str:
    message = f"nothing is installed that could draw {shown!r}"
    raise NotImplementedError(message)


_drawing: list[Callable[[object], str]] = [_undrawn]


def install(draw: Callable[[object], str]) -> None:
    """Install what draws the HTML of everything that shows itself."""
    _drawing[:] = [draw]


def one_line(text: str, longest: int = LONGEST) -> str:
    r"""
    Make text fit for a line: what cannot be seen is written out, what is too long is cut.

    >>> one_line("a\nb\u202ec"), one_line("abcdef", 4)
    ('a\\nb\\u202ec', 'abc…')
    """
    # A character takes at most ten when written out, but at least one: no more than `longest` of them matter.
    shown = "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text[: longest + 1]
    )
    return shown if len(shown) <= longest else f"{shown[: longest - 1]}…"


def first_few(names: Iterable[str], most: int = 3) -> str:
    """
    List the first names of many.

    >>> first_few(["a", "b"]), first_few("abcdef")
    ('a, b', 'a, b, c, …')
    """
    listed = list(names)
    return ", ".join([*listed[:most], "…"] if len(listed) > most else listed)
