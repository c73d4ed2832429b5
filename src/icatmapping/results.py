"""
What every answer that is a table has in common: rows in order, plain data, a data frame on request.

Knows nothing of what the rows say.
"""

from __future__ import annotations

import builtins
import collections.abc
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, get_args, overload

from icatmapping.errors import UnknownNameError
from icatmapping.model import schema
from icatmapping.utils.exporting import Exportable
from icatmapping.utils.frames import arrow_table, polars_frame, typed_frame
from icatmapping.utils.representation import Displayable, join_first
from icatmapping.utils.sequences import RowSequence
from icatmapping.utils.text import fold, nearest

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from icatmapping.model.schema import Value

__all__ = [
    "NO_PROVENANCE",
    "FrozenMapping",
    "KeyedTable",
    "Provenance",
    "Row",
    "Table",
    "Tabular",
    "attribute_types",
    "plain",
]


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


T_co = TypeVar("T_co", covariant=True)


class Tabular(Exportable, RowSequence[T_co]):
    """
    What comes into data frames: ``polars.DataFrame(it)``, ``pyarrow.table(it)`` and a query of DuckDB take it as it is.

    An empty one has the same columns as any other. Subclasses say what the columns and the rows of the frame are.
    """

    __slots__ = ()

    def to_pandas(self) -> pd.DataFrame:
        """
        Return the rows as a pandas data frame, one column per field.

        Raises:
            MissingExtraError: If pandas is not installed.
        """
        return typed_frame(self._column_types(), self._plain_rows())

    def to_polars(self) -> pl.DataFrame:
        """
        Return the rows as a polars data frame, one column per field.

        Raises:
            MissingExtraError: If polars or pyarrow is not installed.
        """
        return polars_frame(self.to_arrow)

    def to_arrow(self) -> pa.Table:
        """
        Return the rows as a table of pyarrow, one column per field.

        Raises:
            MissingExtraError: If pyarrow is not installed.
        """
        return arrow_table(self._column_types(), self._plain_rows())

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Return the rows to whoever speaks the Arrow PyCapsule interface."""
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def _plain_rows(self) -> Iterable[dict[str, Any]]:
        raise NotImplementedError

    def _column_types(self) -> Mapping[str, Any]:
        raise NotImplementedError


class Table(Displayable, Tabular[R_co]):
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

    def _plain_rows(self) -> Iterator[dict[str, Any]]:
        return (row.to_dict() for row in self.rows)

    def _column_types(self) -> Mapping[str, Any]:
        """Return the type of the values of every column; of the dimensions that a table is by, years are numbers."""
        types = dict(_row_types(type(self)))
        by = getattr(self, "by", ())
        values = [name for name, kind in types.items() if {str, int} <= set(get_args(kind))]
        for name, dimension in zip(values, (by,) if isinstance(by, str) else by, strict=False):
            types[name] = int if dimension == "year" else str
        return types

    def _repr_summary(self) -> str:
        return f": {len(self.rows):,} row{'' if len(self.rows) == 1 else 's'}"


def _short(value: Any) -> str:
    if isinstance(value, tuple):
        return f"({join_first(map(_short, value), 2)})"
    if isinstance(value, str):
        return repr(str(value))
    return f"{value:.4g}" if isinstance(value, float) else repr(value)


class _Names(dict[str, Any]):
    """The names that annotations of a module use, also those that it imports for type checkers alone."""

    def __init__(self, module: str) -> None:
        super().__init__(vars(collections.abc) | vars(schema) | vars(sys.modules[module]))

    def __getitem__(self, name: str) -> Any:
        found = super().__getitem__(name)
        return eval(found, {}, self) if isinstance(found, str) else found  # noqa: S307 - an alias, and ours

    def __missing__(self, name: str) -> Any:
        return getattr(builtins, name, object)


@cache
def _row_types(table: type[Table[Any]]) -> Mapping[str, Any]:
    """Return the types of the fields of the rows of a table; what cannot be told is an object."""
    (row, *_) = get_args(attribute_types(table)["rows"])
    types = attribute_types(row)
    # An underscore behind keeps a field from being a word of Python's; plain data has none.
    return {name.removesuffix("_"): types.get(name, object) for name in row.__match_args__}


def attribute_types(kind: type) -> dict[str, Any]:
    """Return the types of the attributes of a class; the classes of rows among them get to know theirs."""
    types: dict[str, Any] = {}
    for owner in reversed(kind.__mro__):
        names = _Names(owner.__module__)
        for name, annotation in vars(owner).get("__annotations__", {}).items():
            try:
                types[name] = eval(annotation, {}, names) if isinstance(annotation, str) else annotation  # noqa: S307 - it is ours
            except (TypeError, AttributeError):  # what only type checkers can make sense of
                types[name] = object
    for found in types.values():
        _resolve_rows(found)
    return types


def _resolve_rows(kind: Any) -> None:
    from attrs import fields, has  # noqa: PLC0415 - costs more than a query

    for part in get_args(kind):
        _resolve_rows(part)
    if isinstance(kind, type) and issubclass(kind, Row) and has(kind):
        types = attribute_types(kind)
        for attribute in fields(kind):
            object.__setattr__(attribute, "type", types.get(attribute.name, object))


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
