"""
What every answer that is a table has in common: rows in order, plain data, a data frame on request.

Knows nothing of what the rows say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, overload

from icatmapping.errors import UnknownNameError
from icatmapping.utils.frames import frame
from icatmapping.utils.representation import Displayable, join_first
from icatmapping.utils.text import fold, nearest

if TYPE_CHECKING:
    import pandas as pd

    from icatmapping.model.schema import Value

__all__ = ["NO_PROVENANCE", "FrozenMapping", "KeyedTable", "Provenance", "Row", "Table", "plain"]


def plain(value: Any) -> Any:
    """Turn a value into JSON-ready data: tuples into lists, terms into text, rows and records into objects."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return str(value)
    if hasattr(value, "to_dict"):
        return value.to_dict()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    return [plain(item) for item in value]


class Provenance(NamedTuple):
    """
    What an answer is an answer to, and of which data.

    Attributes:
        question: What was asked, in words; empty if everything was.
        version: The version that the data package states of itself, or None.
        as_of: The dataset's present (YYYY-MM).
    """

    question: str = ""
    version: str | None = None
    as_of: str = ""

    @property
    def source(self) -> str:
        """The source to name beside the answer, e.g. ``"icatmapping, dataset 2026.12, as of 2026-11"``."""
        parts = [
            "icatmapping",
            f"dataset {self.version}" if self.version else "",
            f"as of {self.as_of}" if self.as_of else "",
        ]
        return ", ".join(part for part in parts if part)

    def to_dict(self) -> dict[str, str | None]:
        """Return it as plain, JSON-ready data."""
        return self._asdict()


NO_PROVENANCE = Provenance()
"""That of an answer which nobody asked for by a question."""

K = TypeVar("K")
V_co = TypeVar("V_co", covariant=True)


class FrozenMapping(Mapping[K, V_co]):
    """A mapping in an answer: nobody changes it, and it can be pickled, as a ``MappingProxyType`` cannot."""

    __slots__ = ("_held",)

    def __init__(self, held: Mapping[K, V_co]) -> None:
        self._held = dict(held)

    def __getitem__(self, key: K) -> V_co:
        """Return the value of a key."""
        return self._held[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._held)

    def __len__(self) -> int:
        return len(self._held)

    def __repr__(self) -> str:
        return repr(self._held)


class Row(Displayable):
    """A row of a table: a frozen attrs class whose fields are the columns."""

    __slots__ = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the row as plain, JSON-ready data."""
        return {name: plain(getattr(self, name)) for name in type(self).__match_args__}  # type: ignore[attr-defined]

    def _repr_summary(self) -> str:
        names: tuple[str, ...] = type(self).__match_args__  # type: ignore[attr-defined]
        return "".join(f" {name}={_short(getattr(self, name))}" for name in names)


R_co = TypeVar("R_co", bound=Row, covariant=True)


class Table(Displayable, Sequence[R_co]):
    """
    A table: a sequence of rows, best first.

    Subclasses are frozen attrs classes with a field ``rows``.
    """

    __slots__ = ()

    rows: tuple[R_co, ...]

    @overload
    def __getitem__(self, index: int) -> R_co: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[R_co]: ...
    def __getitem__(self, index: int | slice) -> R_co | Sequence[R_co]:
        """Return a row by position, or some rows."""
        return self.rows[index]

    def __len__(self) -> int:
        return len(self.rows)

    def to_dict(self) -> dict[str, Any]:
        """Return the whole answer as plain, JSON-ready data."""
        return {name: plain(getattr(self, name)) for name in type(self).__match_args__}  # type: ignore[attr-defined]

    def to_pandas(self) -> pd.DataFrame:
        """
        Return the rows as a pandas data frame, one column per field.

        Raises:
            MissingExtraError: If pandas is not installed.
        """
        return frame(row.to_dict() for row in self.rows)

    def _repr_summary(self) -> str:
        return f": {len(self.rows):,} row{'' if len(self.rows) == 1 else 's'}"


def _short(value: Any) -> str:
    if isinstance(value, tuple):
        return f"({join_first(map(_short, value), 2)})"
    if isinstance(value, str):
        return repr(str(value))
    return f"{value:.4g}" if isinstance(value, float) else repr(value)


class KeyedTable(Table[R_co]):
    """A table with one value per row, which finds a row by that value or its label as well."""

    __slots__ = ()

    @overload
    def __getitem__(self, index: int | str) -> R_co: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[R_co]: ...
    def __getitem__(self, index: int | str | slice) -> R_co | Sequence[R_co]:
        """
        Return a row by position, or by value or label in any case; or some rows.

        Raises:
            UnknownNameError: If no row has the value; with the nearest ones.
            IndexError: If there is no such position.
        """
        if not isinstance(index, str):
            return self.rows[index]
        found = self.get(index)
        if found is None:
            raise UnknownNameError(index, "value of this table", nearest(index, [str(key) for key in self._keys()]))
        return found

    def get(self, value: Value) -> R_co | None:
        """Return the row of a value or label, or None if no record has it."""
        wanted = fold(str(value))
        for keys in (self._keys(), self._labels()):
            for row, key in zip(self.rows, keys, strict=True):
                if fold(str(key)) == wanted:
                    return row
        return None

    def _keys(self) -> Iterable[Value]:
        return [row.value for row in self.rows]  # type: ignore[attr-defined]

    def _labels(self) -> Iterable[str]:
        return [row.label for row in self.rows]  # type: ignore[attr-defined]
