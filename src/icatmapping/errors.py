"""
Every error that the library raises on purpose.

All of them derive from `IcatMappingError`. This module knows nothing of the rest of the package.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

__all__ = [
    "AmbiguousNameError",
    "DatasetError",
    "DatasetWarning",
    "EngineError",
    "Fault",
    "IcatMappingError",
    "MissingExtraError",
    "UnknownNameError",
    "UnreadableFileError",
]

Names: TypeAlias = "Iterable[str] | Callable[[], Iterable[str]]"
"""Names, or what finds them when somebody reads them."""

_SHOWN_FAULTS = 20


class IcatMappingError(Exception):
    """The base of every error that the library raises on purpose."""


class UnknownNameError(IcatMappingError, LookupError):
    """
    A name that nothing has.

    Attributes:
        name: What was asked for.
        kind: What kind of thing it should have been, e.g. ``"country"``.
        reason: Why there is none any more, in words; empty if nothing is known of it.

    Examples:
        >>> raise UnknownNameError("Nigerai", "country", ["Nigeria", "Niger"])
        Traceback (most recent call last):
        ...
        icatmapping.errors.UnknownNameError: unknown country 'Nigerai'; did you mean 'Nigeria' or 'Niger'?
    """

    def __init__(
        self, name: object, kind: str, suggestions: Names = (), *, valid: Iterable[str] = (), reason: str = ""
    ) -> None:
        """
        Make the error.

        Args:
            name: What was asked for.
            kind: What kind of thing it should have been.
            suggestions: The nearest names that exist, nearest first, or what finds them when the message is read.
            valid: Every value that would have been valid, nearest first, if they are few enough to be listed.
            reason: Why there is none any more, in words.
        """
        self._reason: str | Callable[[], str] = reason
        self.name = name
        self.kind = kind
        self.valid: tuple[str, ...] = tuple(valid)
        self._suggestions = suggestions if callable(suggestions) else tuple(suggestions)
        super().__init__(name, kind)

    @property
    def suggestions(self) -> tuple[str, ...]:
        """The nearest names that exist, nearest first; maybe empty."""
        if callable(self._suggestions):
            self._suggestions = tuple(self._suggestions())
        return self._suggestions

    @property
    def reason(self) -> str:
        """Why there is none, in words; empty if nothing is known of it."""
        if callable(self._reason):
            self._reason = self._reason()
        return self._reason

    def explain(self, reason: str | Callable[[], str]) -> None:
        """Add why there is none, in words, or what finds that when the message is read; not if it is known already."""
        self._reason = self._reason or reason

    def __str__(self) -> str:
        message = f"unknown {self.kind} {_shown(self.name)}"
        if self.reason:
            return f"{message}: {self.reason}"
        if self.suggestions:
            message += f"; did you mean {_alternatives(self.suggestions)}?"
        if self.valid:
            message += f"{'' if self.suggestions else ';'} valid: {', '.join(self.valid)}"
        return message

    def __reduce__(self) -> tuple[Callable[..., UnknownNameError], tuple[Any, ...]]:
        return (_restore, (type(self), self.name, self.kind, self.suggestions, self.valid, self.reason))


class AmbiguousNameError(UnknownNameError):
    """
    A name that several things have equally.

    Attributes:
        candidates: What it could mean, each a name that is not ambiguous.

    Examples:
        >>> raise AmbiguousNameError("Congo", "country", ["COD", "COG"])
        Traceback (most recent call last):
        ...
        icatmapping.errors.AmbiguousNameError: ambiguous country 'Congo': it could be 'COD' or 'COG'
    """

    def __init__(self, name: object, kind: str, candidates: Names, *, valid: Iterable[str] = ()) -> None:
        super().__init__(name, kind, candidates, valid=valid)

    @property
    def candidates(self) -> tuple[str, ...]:
        """What it could mean, each a name that is not ambiguous."""
        return self.suggestions

    def __str__(self) -> str:
        return f"ambiguous {self.kind} {_shown(self.name)}: it could be {_alternatives(self.candidates)}"


def _restore(error: type[UnknownNameError], name: object, kind: str, *rest: Any) -> UnknownNameError:
    suggestions, valid, reason = rest
    restored = error(name, kind, suggestions, valid=valid)
    restored.explain(reason)
    return restored


class Fault(NamedTuple):
    """
    One thing that is wrong with a data package.

    Attributes:
        file: The file, e.g. ``"initiatives.json"``.
        record: The id of the record, or its position (``"[3]"``) if it has no usable id; empty for the whole file.
        field: The field, with the position of an element (``"countries[0]"``); empty for the whole record.
        message: What is wrong.
        nearest: The valid value nearest to the one found, if there is one.
    """

    file: str
    record: str
    field: str
    message: str
    nearest: str | None = None

    def __str__(self) -> str:
        place = ": ".join(part for part in (self.file, self.record, self.field) if part)
        hint = f" (nearest valid value: {self.nearest!r})" if self.nearest is not None else ""
        text = f"{place}: {self.message}{hint}"
        # A package may be made to say something to the terminal in which its faults are shown.
        return text if text.isprintable() else "".join(map(_visible, text))


class MissingExtraError(IcatMappingError, ImportError):
    """
    An optional library that a call needs is not installed; the message says how to install it.

    Attributes:
        library: The library that is missing, e.g. ``"pandas"``.
        extra: The extra of this package that brings it.
    """

    def __init__(self, library: str, extra: str) -> None:
        self.library = library
        self.extra = extra
        super().__init__(library, extra)

    def __str__(self) -> str:
        return f"{self.library} is not installed; install it with: pip install 'icatmapping[{self.extra}]'"


class EngineError(IcatMappingError):
    """
    An engine that answers for frames failed.

    Attributes:
        engine: The engine, e.g. ``"duckdb"``.
        said: What it says, in a line.
        advice: What may help, or None.
    """

    def __init__(self, engine: str, said: str, advice: str | None = None) -> None:
        self.engine = engine
        self.said = said
        self.advice = advice
        super().__init__(engine, said, advice)

    def __str__(self) -> str:
        return f"{self.engine} failed: {self.said}" + (f"; {self.advice}" if self.advice else "")


class DatasetError(IcatMappingError):
    """
    A data package that breaks its own rules; nothing of it was loaded.

    Attributes:
        faults: Every `Fault` that was found, in the order of files and records.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)
        super().__init__(self.faults)

    def __str__(self) -> str:
        count = len(self.faults)
        lines = [f"{count} fault{'' if count == 1 else 's'} in the data package"]
        lines += [f"  {fault}" for fault in self.faults[:_SHOWN_FAULTS]]
        if count > _SHOWN_FAULTS:
            lines.append(f"  and {count - _SHOWN_FAULTS} more, see .faults")
        return "\n".join(lines)


class DatasetWarning(UserWarning):
    """Something in records that is no fault and may be a mistake, such as a body that is there under another id."""


class UnreadableFileError(DatasetError):
    """
    A file that cannot be read as what it should be; the message names the place.

    Examples:
        >>> raise UnreadableFileError("projects.xlsx", "is not a workbook")
        Traceback (most recent call last):
        ...
        icatmapping.errors.UnreadableFileError: projects.xlsx: is not a workbook
    """

    def __init__(self, file: str, message: str, place: str = "") -> None:
        """
        Make the error.

        Args:
            file: The name of the file.
            message: What is wrong with it.
            place: Where in the file, e.g. ``"sheet 'Data', row 3"``.
        """
        self._parts = (file, message, place)
        super().__init__((Fault(file, place, "", message),))

    def __str__(self) -> str:
        return str(self.faults[0])

    def __reduce__(self) -> tuple[Callable[..., UnreadableFileError], tuple[str, str, str]]:
        return (UnreadableFileError, self._parts)


def _visible(letter: str) -> str:
    return letter if letter.isprintable() else letter.encode("unicode_escape").decode()


def _shown(name: object) -> str:
    try:
        text = repr(name)
    except ValueError:  # an integer of more digits than Python writes out
        text = "a number too long to show"
    return text if len(text) <= 80 else f"{text[:77]}..."


def _alternatives(names: Sequence[str]) -> str:
    quoted = [repr(name) for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"
