"""
What frames must be like to be asked: of one engine and one connection, with the columns of the layout.

All of it is looked at before anything is asked, as engines tell late and in other words.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, get_args

from icatmapping.frames.engines import engine_of, import_narwhals, told
from icatmapping.utils.annotations import is_tuple
from icatmapping.utils.frames import plain_type
from icatmapping.utils.text import join_and, near_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    import narwhals as nw

__all__ = ["check_columns", "check_one_engine"]

_MOST_NAMED = 5


def check_one_engine(frames: Mapping[str, nw.LazyFrame[Any]]) -> None:
    """
    Check that frames are of one engine, and, as DuckDB joins no others, of one connection.

    Raises:
        TypeError: If they are not.
    """
    engines = {name: engine_of(frame) for name, frame in frames.items()}
    if len({*engines.values()}) > 1:
        there = join_and([f"{name} of {engine}" for name, engine in engines.items()])
        message = f"all frames must be of one engine, not {there}"
        raise TypeError(message)
    if "duckdb" not in engines.values():
        return
    (first, start), *others = [(name, frame.to_native()) for name, frame in frames.items()]
    for name, relation in others:
        try:
            start.project("1").union(relation.project("1"))
        except Exception as error:
            if "connection" not in str(error):
                raise
            message = f"all frames must be of one connection of DuckDB, but {name} are of another than {first}"
            raise TypeError(message) from None


def check_columns(name: str, frame: nw.LazyFrame[Any], types: Mapping[str, Any]) -> None:
    """
    Check that a frame has columns, and that these hold what they must.

    Args:
        name: What it holds, for the message.
        frame: The frame.
        types: For each column, the type of its values as annotations write it.

    Raises:
        ValueError: If it lacks columns, or some hold something else.
        EngineError: If the engine cannot say what there is.
    """
    try:
        there = dict(frame.collect_schema().items())
    except Exception as error:
        raise told(error, engine_of(frame)) from error
    missing = [column for column in types if column not in there]
    if missing:
        near = near_words(missing[0], [*there])
        hint = f" (did you mean {near[0]!r}?)" if near else ""
        message = f"{name} lack the columns {_first(missing)}{hint}; write_frames writes tables that have them all"
        raise ValueError(message)
    wrong = [
        f"{column} must be {wanted}, not {there[column]}"
        for column, kind in types.items()
        if (wanted := _wanted(kind, there[column])) is not None
    ]
    if wrong:
        message = f"columns of {name} hold something else: {_first(wrong)}; write_frames writes tables that will do"
        raise ValueError(message)


def _first(texts: list[str]) -> str:
    more = len(texts) - _MOST_NAMED
    return ", ".join(texts[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _wanted(kind: Any, dtype: Any) -> str | None:
    """Return what a column must hold, unless it does."""
    narwhals = import_narwhals()
    if dtype == narwhals.Unknown:  # of nulls alone, or of a type that only the engine knows
        return None
    if not is_tuple(kind):
        is_number = plain_type(kind) is int
        return None if _is_plain(dtype, is_number=is_number) else "a whole number" if is_number else "text"
    inner = get_args(kind)[0]
    if not isinstance(dtype, narwhals.List | narwhals.Array):
        return "a list"
    found: Any = dtype.inner
    with suppress(TypeError):
        found = found()
    if found == narwhals.Unknown or isinstance(found, narwhals.Struct):
        return None
    is_number = plain_type(inner) is int
    return None if _is_plain(found, is_number=is_number) else f"a list of {'whole numbers' if is_number else 'text'}"


def _is_plain(dtype: Any, *, is_number: bool) -> bool:
    narwhals = import_narwhals()
    if is_number:
        return bool(dtype.is_integer())
    return isinstance(dtype, narwhals.String | narwhals.Categorical | narwhals.Enum)
