"""
Standard output as a command line needs it: every character arrives, or a substitute of it, and what fails is told.
"""

from __future__ import annotations

import codecs
import os
import sys
import unicodedata
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["harmless", "is_utf8", "readable_streams", "silence"]

_SUBSTITUTES = {"→": "->", "–": "-", "—": "-", "…": "...", "·": "*", "•": "*", "’": "'", "‘": "'", "“": '"', "”": '"'}


def _substitute(error: UnicodeError) -> tuple[str, int]:
    """Stand in for characters that a terminal lacks: by their plain letters, or a question mark."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    found = []
    for letter in error.object[error.start : error.end]:
        plain = unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode("ascii")
        found.append(_SUBSTITUTES.get(letter) or plain or "?")
    return "".join(found), error.end


codecs.register_error("icatmapping.substitute", _substitute)


@contextmanager
def readable_streams() -> Iterator[None]:
    """
    Write standard output and error as UTF-8 to files and pipes, and to a terminal with substitutes for what it lacks.

    Whatever the environment says: who reads a file cannot know in which locale it was written.
    """
    changed: list[tuple[TextIO, str, str | None]] = []
    for stream in (sys.stdout, sys.stderr):
        encoding, errors = getattr(stream, "encoding", None), getattr(stream, "errors", None)
        reconfigure = getattr(stream, "reconfigure", None)
        if stream is None or reconfigure is None or not isinstance(encoding, str):
            continue  # closed, or what a program put in its place
        with suppress(OSError, ValueError):
            if stream.isatty():
                reconfigure(errors="icatmapping.substitute")
            else:
                # Written through, an error would come where argparse does not look at it.
                reconfigure(encoding="utf-8", errors="backslashreplace", write_through=False)
            changed.append((stream, encoding, errors))
    try:
        yield
    finally:
        for stream, encoding, errors in changed:
            with suppress(OSError, ValueError):
                stream.reconfigure(encoding=encoding, errors=errors)  # type: ignore[attr-defined]


def is_utf8(stream: TextIO) -> bool:
    """Return whether a stream takes every character."""
    try:
        return codecs.lookup(stream.encoding).name == "utf-8"
    except (AttributeError, LookupError, TypeError):
        return True  # no stream of bytes


def silence(stream: TextIO) -> None:
    """Let nothing more be written to a stream that cannot take it, not even when the program ends."""
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def harmless(text: str) -> str:
    r"""
    Return text with control characters, which a terminal would obey, written out; line breaks and tabs stay.

    >>> harmless("a\x1b[31mb\n"), harmless("\u202ec")
    ('a\\x1b[31mb\n', '\\u202ec')
    """
    if text.isprintable():
        return text
    return "".join(
        letter if letter in "\n\t" or unicodedata.category(letter) not in _CONTROLS else _escaped(letter)
        for letter in text
    )


_CONTROLS = ("Cc", "Cf", "Cs", "Zl", "Zp")
_JOINERS = "\u200c\u200d"


def _escaped(letter: str) -> str:
    return letter if letter in _JOINERS else letter.encode("unicode_escape").decode()
