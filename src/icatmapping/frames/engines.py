"""
The engines that answer: what narwhals makes of a frame, and their errors as errors of this library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from icatmapping.errors import EngineError, MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Iterable

    import narwhals as nw

__all__ = ["as_lazy", "columns_of", "engine_of", "fetch", "import_narwhals"]

_MOST_TOLD = 300
"""How many characters of an engine's message are shown."""
_ADVICE = {
    "memory": "ask of fewer records, or give the engine more memory or a place on disk (DuckDB: SET temp_directory)",
    "column": "the frames must have the layout that write_frames writes",
}


def import_narwhals() -> Any:
    """
    Return narwhals.

    Raises:
        MissingExtraError: If it is not installed.
    """
    try:
        import narwhals  # noqa: PLC0415 - an extra
    except ImportError:
        raise MissingExtraError("narwhals", "frames") from None
    return narwhals


def as_lazy(frame: object, name: str) -> nw.LazyFrame[Any]:
    """
    Return whatever narwhals takes as a lazy frame; one that is in memory is given to an engine that can be lazy.

    Args:
        frame: A frame of polars, DuckDB, Spark, sqlframe …, lazy or not.
        name: What it holds, for the message.

    Raises:
        TypeError: If it is no frame.
    """
    narwhals = import_narwhals()
    found: Any
    try:
        found = narwhals.from_native(frame)
    except TypeError:
        message = f"{name} must be a frame that narwhals takes (polars, DuckDB, Spark …), not {type(frame).__name__}"
        raise TypeError(message) from None
    lazy: nw.LazyFrame[Any]
    if isinstance(found, narwhals.LazyFrame):
        lazy = found
        return lazy
    if not isinstance(found, narwhals.DataFrame):
        message = f"{name} must be a frame of several columns, not {type(frame).__name__}"
        raise TypeError(message)
    for backend in (None,) if found.implementation.is_polars() else ("polars", "duckdb"):
        try:
            lazy = found.lazy(backend=backend)
        except ImportError:
            continue
        return lazy
    raise MissingExtraError("polars or duckdb", "frames")


def engine_of(lf: nw.LazyFrame[Any]) -> str:
    """Return the name of the engine of a frame, e.g. ``"duckdb"``."""
    return str(lf.implementation.value if hasattr(lf.implementation, "value") else lf.implementation).lower()


def columns_of(lf: nw.LazyFrame[Any]) -> list[str]:
    """Return the names of the columns of a frame."""
    try:
        return list(lf.collect_schema().names())
    except Exception as error:
        raise told(error, engine_of(lf)) from error


def fetch(lf: nw.LazyFrame[Any], columns: Iterable[str] | None = None) -> list[tuple[Any, ...]]:
    """
    Return the rows of a frame.

    Args:
        lf: The frame.
        columns: The columns that are wanted; by default all.

    Raises:
        EngineError: If the engine fails, with what it says.
    """
    wanted = lf if columns is None else lf.select(*columns)
    try:
        return list(wanted.collect().rows())
    except Exception as error:
        raise told(error, engine_of(lf)) from error


def told(error: BaseException, engine: str) -> EngineError:
    """Return the failure of an engine as an error of this library."""
    text = " ".join(str(error).split()) or type(error).__name__
    shown = text if len(text) <= _MOST_TOLD else f"{text[:_MOST_TOLD]} …"
    lowered = text.lower()
    advice = next((advice for word, advice in _ADVICE.items() if word in lowered), None)
    return EngineError(engine, shown, advice)
