"""
Rows as columns whose types are known, so that no rows make the same columns as many: data frames, Arrow streams.

Knows nothing of what the rows say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, get_args, get_origin

from icatmapping.errors import MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

__all__ = ["MISSING", "arrow_table", "as_plain", "frame", "is_frame", "rows_of", "stream", "typed_frame"]


def typed_frame(types: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """
    Make a pandas data frame whose columns do not depend on the rows; whole numbers stay so beside missing ones.

    Args:
        types: For each column, the type of its values as annotations write it: text, whole numbers, or tuples.
        rows: For each row, its values as plain, JSON-ready data.

    Raises:
        MissingExtraError: If pandas is not installed.
    """
    text = frame([{"text": ""}]).dtypes["text"]  # as this version of pandas holds it

    def dtype(kind: Any) -> Any:
        plain = _plain_type(kind)
        if get_origin(plain) is tuple:
            return "object"
        return "Int64" if plain is int else text

    return frame(rows).reindex(columns=list(types)).astype({name: dtype(kind) for name, kind in types.items()})


def stream(types: Mapping[str, Any], rows: Iterable[Mapping[str, Any]], requested_schema: object = None) -> object:
    """
    Make a stream of the Arrow PyCapsule interface: text as ``string``, whole numbers as ``int32``, tuples as ``list``,
    attrs classes as ``struct``.

    Args:
        types: For each column, the type of its values as annotations write it.
        rows: For each row, its values as plain, JSON-ready data.
        requested_schema: A capsule of the schema that the consumer would like, or None.

    Raises:
        MissingExtraError: If pyarrow is not installed.
    """
    return arrow_table(types, rows).__arrow_c_stream__(requested_schema)


def arrow_table(types: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> Any:
    """
    Make an Arrow table, as `stream` makes a stream.

    Raises:
        MissingExtraError: If pyarrow is not installed.
    """
    try:
        import pyarrow as pa  # noqa: PLC0415 - optional
    except ImportError:
        raise MissingExtraError("pyarrow", "arrow") from None
    schema = pa.schema([(name, _arrow_type(kind)) for name, kind in types.items()])
    return pa.Table.from_pylist(list(rows), schema=schema)


def _plain_type(kind: Any) -> Any:
    """Take what makes a type optional, and what a value must look like, off it."""
    if type(None) in get_args(kind):
        return _plain_type(next(part for part in get_args(kind) if part is not type(None)))
    return _plain_type(get_args(kind)[0]) if get_origin(kind) is Annotated else kind


def _arrow_type(kind: Any) -> Any:
    import pyarrow as pa  # noqa: PLC0415 - optional
    from attrs import fields, has  # noqa: PLC0415 - costs more than a query

    kind = _plain_type(kind)
    if get_origin(kind) is tuple:
        return pa.list_(_arrow_type(get_args(kind)[0]))
    if has(kind):
        return pa.struct([(attribute.name, _arrow_type(attribute.type)) for attribute in fields(kind)])
    # Terms are strings, not dictionaries: where there are no rows, a dictionary's type is lost on some consumers.
    return pa.string() if issubclass(kind, str) else {bool: pa.bool_(), int: pa.int32(), float: pa.float64()}[kind]


def frame(rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Make a pandas data frame of some rows."""
    try:
        import pandas as pd  # noqa: PLC0415 - optional
    except ImportError:
        raise MissingExtraError("pandas", "pandas") from None
    return pd.DataFrame(list(rows))


# --- from data frames ------------------------------------------------------------------------------------------------

MISSING = object()
"""What stands for a value that is not there: NaN, NaT, NA."""


def is_frame(value: object) -> bool:
    """Return whether a value is a table of pandas, polars, pyarrow, DuckDB or the like."""
    return hasattr(value, "__arrow_c_stream__") or (hasattr(value, "to_dict") and hasattr(value, "columns"))


def rows_of(records: Any) -> Iterable[Any]:
    """
    Return the rows of a data frame as mappings without what is missing, or records that are no frame as they are.

    Raises:
        MissingExtraError: If pyarrow is needed and not installed.
    """
    if isinstance(records, Sequence | Mapping) or not is_frame(records):
        return records  # type: ignore[no-any-return]
    return [{name: value for name, value in row.items() if value is not None} for row in _frame_rows(records)]


def _frame_rows(records: Any) -> Iterable[dict[str, Any]]:
    if hasattr(records, "to_dict") and hasattr(records, "iloc"):  # as pandas has it
        return records.to_dict("records")  # type: ignore[no-any-return]
    for name in ("to_dicts", "to_pylist"):  # as polars and pyarrow have it
        if hasattr(records, name):
            return getattr(records, name)()  # type: ignore[no-any-return]
    if hasattr(records, "__arrow_c_stream__"):
        try:
            import pyarrow as pa  # noqa: PLC0415 - optional
        except ImportError:
            raise MissingExtraError("pyarrow", "arrow") from None
        return pa.table(records).to_pylist()  # type: ignore[no-any-return]
    return records.to_dict("records")  # type: ignore[no-any-return]


def as_plain(value: Any) -> Any:
    """
    Return a value of a data frame as JSON has it: lists for arrays, whole numbers for those that became floats.

    >>> as_plain(2019.0), as_plain("2019"), as_plain(float("nan")) is MISSING
    (2019, '2019', True)
    """
    if isinstance(value, str | int | list | tuple | Mapping) or value is None:
        return value
    if type(value).__name__ in ("NAType", "NaTType"):
        return MISSING
    if hasattr(value, "tolist") and type(value).__module__.partition(".")[0] in ("numpy", "pandas"):
        return as_plain(value.tolist())
    if isinstance(value, float):
        if value != value:  # noqa: PLR0124 - that is what tells NaN
            return MISSING
        return int(value) if value.is_integer() else value
    return value
