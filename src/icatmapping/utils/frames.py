"""
Rows as columns whose types are known, so that no rows make the same columns as many: data frames, Arrow streams.

Knows nothing of what the rows say.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin

from icatmapping.errors import MissingExtraError
from icatmapping.utils.sequences import RowSequence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import pandas as pd
    import polars as pl
    import pyarrow as pa

__all__ = [
    "MISSING",
    "arrow_columns",
    "arrow_table",
    "as_plain",
    "frame",
    "is_frame",
    "plain_type",
    "polars_frame",
    "rows_of",
    "typed_frame",
]


def typed_frame(types: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """
    Make a pandas data frame whose columns do not depend on the rows; whole numbers stay so beside missing ones.

    Args:
        types: For each column, the type of its values as annotations write it. Values of several types are held as
            pandas sees fit.
        rows: For each row, its values as plain, JSON-ready data.

    Raises:
        MissingExtraError: If pandas is not installed.
    """
    text = frame([{"text": ""}]).dtypes["text"]  # as this version of pandas holds it
    made = frame(rows).reindex(columns=list(types))
    dtypes = {name: _dtype(kind, text) for name, kind in types.items()}
    if len(made):
        return made.astype({name: dtype for name, dtype in dtypes.items() if dtype is not None})
    return made.astype({name: text if dtype is None else dtype for name, dtype in dtypes.items()})


def _dtype(kind: Any, text: Any) -> Any:
    """Return what pandas holds values of a type as, or None if it is to see for itself."""
    plain = plain_type(kind)
    if plain in (bool, float):
        return "float64" if plain is float else ("boolean" if plain is not kind else "bool")
    if plain is int:
        return "Int64" if plain is not kind else "int64"
    if isinstance(plain, type) and issubclass(plain, str):
        return text
    return None if get_origin(plain) in (Union, UnionType) else "object"


def arrow_table(types: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """
    Make a table of Arrow: text as ``string``, whole numbers as ``int32``, tuples as ``list``, attrs classes as
    ``struct``, values that may be text or numbers as text unless all are numbers, anything else as JSON.

    Args:
        types: For each column, the type of its values as annotations write it.
        rows: For each row, its values as plain, JSON-ready data.

    Raises:
        MissingExtraError: If pyarrow is not installed.
    """
    listed = list(rows)
    return arrow_columns(types, {name: [row.get(name) for row in listed] for name in types})


def arrow_columns(types: Mapping[str, Any], columns: Mapping[str, Sequence[Any]]) -> pa.Table:
    """
    Make a table of Arrow, as `arrow_table` does, of columns, which costs a fraction of what rows do.

    Args:
        types: For each column, the type of its values as annotations write it.
        columns: Its values.

    Raises:
        MissingExtraError: If pyarrow is not installed.
    """
    try:
        import pyarrow as pa  # noqa: PLC0415 - optional
    except ImportError:
        raise MissingExtraError("pyarrow", "arrow") from None
    made: dict[str, Any] = {}
    for name, kind in types.items():
        values = columns[name]
        if get_origin(plain_type(kind)) in (Union, UnionType) and values and all(type(one) is int for one in values):
            made[name] = pa.array(values, pa.int32())
        elif _is_direct(kind):
            made[name] = pa.array(values, _arrow_type(kind))
        else:
            made[name] = pa.array([_arrow_value(kind, value) for value in values], _arrow_type(kind))
    return pa.table(made)


def _is_direct(kind: Any) -> bool:
    """Return whether Arrow takes the values of a type as they are: text, numbers, and lists of them."""
    kind = plain_type(kind)
    if get_origin(kind) is tuple:
        return _is_direct(get_args(kind)[0])
    return isinstance(kind, type) and issubclass(kind, str | bool | int | float)


def polars_frame(table: Callable[[], pa.Table]) -> pl.DataFrame:
    """
    Make a polars data frame of a table of Arrow.

    Args:
        table: Gives the table.

    Raises:
        MissingExtraError: If polars or pyarrow is not installed.
    """
    try:
        import polars as pl  # noqa: PLC0415 - optional
    except ImportError:
        raise MissingExtraError("polars", "polars") from None
    made = pl.from_arrow(table())
    assert isinstance(made, pl.DataFrame)
    return made


def plain_type(kind: Any) -> Any:
    """Take what makes a type optional, and what a value must look like, off it."""
    parts = [part for part in get_args(kind) if part is not type(None)]
    if len(parts) == 1 and type(None) in get_args(kind):
        return plain_type(parts[0])
    if get_origin(kind) is Literal:
        return str
    return plain_type(get_args(kind)[0]) if get_origin(kind) is Annotated else kind


def _arrow_type(kind: Any) -> Any:
    import pyarrow as pa  # noqa: PLC0415 - optional

    kind = plain_type(kind)
    if get_origin(kind) is tuple:
        return pa.list_(_arrow_type(get_args(kind)[0]))
    parts = _parts_of(kind)
    if parts is not None:
        return pa.struct([(name, _arrow_type(part)) for name, part in parts.items()])
    # Terms are strings, not dictionaries: where there are no rows, a dictionary's type is lost on some consumers.
    return {bool: pa.bool_(), int: pa.int32(), float: pa.float64()}.get(kind, pa.string())


def _parts_of(kind: Any) -> Mapping[str, Any] | None:
    """Return the types of the fields of an attrs class; None for anything else."""
    from attrs import fields, has  # noqa: PLC0415 - costs more than a query

    return {each.name: each.type for each in fields(kind)} if isinstance(kind, type) and has(kind) else None


def _arrow_value(kind: Any, value: Any) -> Any:
    """Return a value as its column holds it: as JSON where the type of the column cannot be told."""
    kind = plain_type(kind)
    if value is None or isinstance(value, str):
        return value
    if get_origin(kind) is tuple:
        return [_arrow_value(get_args(kind)[0], item) for item in value]
    parts = _parts_of(kind)
    if parts is not None:
        values = value if isinstance(value, Mapping) else value.to_dict()
        return {name: _arrow_value(part, values.get(name)) for name, part in parts.items()}
    return value if kind in (bool, int, float) else json.dumps(value, ensure_ascii=False)


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
    if isinstance(value, RowSequence):
        return False  # a collection, which is taken record by record
    return hasattr(value, "__arrow_c_stream__") or (hasattr(value, "to_dict") and hasattr(value, "columns"))


def rows_of(records: Any) -> Iterable[Any]:
    """
    Return the rows of a data frame as mappings without what is missing, or records that are no frame as they are.

    Raises:
        MissingExtraError: If pyarrow is needed and not installed.
    """
    if isinstance(records, Sequence | Mapping | RowSequence) or not is_frame(records):
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
