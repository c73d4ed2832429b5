"""
The engines that answer: what narwhals makes of a frame, and their errors as errors of this library.
"""

from __future__ import annotations

import os
import re
from contextlib import contextmanager
from functools import wraps
from io import BytesIO
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from icatmapping.errors import EngineError, IcatMappingError, MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import narwhals as nw

K = TypeVar("K")
P = ParamSpec("P")
T = TypeVar("T")

__all__ = [
    "answered",
    "apart",
    "as_lazy",
    "as_number",
    "engine_of",
    "fetch",
    "fetch_some",
    "held",
    "import_narwhals",
    "told",
]

_PIECE = 5_000
"""How many rows polars looks at in one go."""
_HELD = 20_000
"""How many rows of what is held in memory are put away at a time."""
_FEW = 20
"""How many, where they are few of many."""
_LIMITS = ("memory_limit", "temp_directory", "threads")
"""The settings of DuckDB that what is held keeps to."""
_PIECES_SET = ("POLARS_IDEAL_MORSEL_SIZE", "POLARS_STREAMING_CHUNK_SIZE")
"""What is set where somebody has said so already, by polars of today and of before."""
_AHEAD = 4
"""How many groups of rows of a file polars reads ahead."""
_AHEAD_SET = "POLARS_ROW_GROUP_PREFETCH_SIZE"
_MOST_TOLD = 300
"""How many characters of an engine's message are shown."""
_ADVICE: tuple[tuple[str, str], ...] = (
    (
        r"out ?of ?memory|memory limit|memoryerror|heap space|cannot allocate|allocation failed",
        "ask of fewer records, or give the engine more memory, or DuckDB a place on disk (SET temp_directory)",
    ),
    (r"no space left|disk full", "make room on the disk where the engine puts what does not fit in memory"),
    (
        r"lost|connection (refused|reset)|py4jnetwork|exit(ed|ing)? |killed|heartbeat",
        "a worker is gone: ask again, with more memory for each if it happens twice",
    ),
    (
        r"no such file|not ?found|does not exist|no files found|failed to open",
        "tables must stay where they are as long as they are asked; open them again",
    ),
    (
        r"column|type|cast|schema",
        "frames must have the layout that write_frames writes",
    ),
)
"""What helps, by what an engine says, the most telling first."""
_CAUSE = re.compile(r"Caused by: (?P<cause>[^\n]+)")


def apart(lf: nw.LazyFrame[Any], *columns: str) -> nw.LazyFrame[Any]:
    """Return a row for each value of lists, one list after the other; none for a list without values."""
    for column in columns:
        # An engine that need not keep what has no values looks at its rows once.
        lf = lf.explode(column, empty_as_null=False, keep_nulls=False)
    return lf


def as_number(condition: nw.Expr) -> nw.Expr:
    """Return 1 where a condition holds, and 0 where it does not."""
    import narwhals as nw  # noqa: PLC0415 - an extra

    return nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0))


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


def answered(ask: Callable[Concatenate[Any, P], T]) -> Callable[Concatenate[Any, P], T]:
    """
    Make the failure of an engine an error of this library, in whatever asks the engine of its first argument.

    An engine may fail when it is asked, or before, when it looks at the question.
    """

    @wraps(ask)
    def asked(records: Any, /, *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return ask(records, *args, **kwargs)
        except BaseException as error:  # what goes wrong deep in polars is no Exception
            if isinstance(error, IcatMappingError) or not _is_of_engine(error):
                raise
            raise told(error, records.engine) from error

    return asked


def _is_of_engine(error: BaseException) -> bool:
    """Return whether an error comes from an engine, or from what it reads."""
    home = type(error).__module__.partition(".")[0].lstrip("_")
    return home in _HOMES or isinstance(error, OSError | MemoryError)


_HOMES = frozenset(
    {"duckdb", "narwhals", "polars", "py4j", "pyarrow", "pyo3_runtime", "pyspark", "sqlframe", "sqlglot"}
)


def fetch(lf: nw.LazyFrame[Any]) -> list[tuple[Any, ...]]:
    """Return the rows of a frame."""
    with _in_pieces(lf):
        return list(lf.collect().rows())


def held(frames: Mapping[K, nw.LazyFrame[Any]], at_once: int = _HELD) -> dict[K, nw.LazyFrame[Any]]:
    """
    Return the rows of frames read into memory, as lazy frames of one engine that can be joined with each other.

    Frames of other engines than polars and DuckDB, which may be a cluster's, are returned as they are.

    Args:
        frames: The frames, all of one engine.
        at_once: How many rows polars puts away at a time: until then it keeps all that it has read to find them.
    """
    engines = {engine_of(lf) for lf in frames.values()}
    if engines == {"polars"}:
        return {name: _held_by_polars(lf, at_once) for name, lf in frames.items()}
    if engines == {"duckdb"}:
        return _held_by_duckdb({name: lf.to_native() for name, lf in frames.items()})
    return dict(frames)


def _held_by_polars(lf: nw.LazyFrame[Any], at_once: int) -> nw.LazyFrame[Any]:
    """Return a frame as Parquet in memory."""
    import narwhals as nw  # noqa: PLC0415 - an extra
    import polars as pl  # noqa: PLC0415 - the frame is of it

    rows = BytesIO()
    with _in_pieces(lf):
        lf.to_native().sink_parquet(rows, compression="lz4", row_group_size=at_once)
    return nw.from_native(pl.scan_parquet(rows.getvalue()))


def _held_by_duckdb(relations: Mapping[K, Any]) -> dict[K, nw.LazyFrame[Any]]:
    """Return relations as tables of a new database in memory, which may take as much as theirs and no more."""
    import duckdb  # noqa: PLC0415 - the relations are of it
    import narwhals as nw  # noqa: PLC0415 - an extra

    connection = duckdb.connect()  # nothing is written into whatever database they are of
    settings = ", ".join([f"current_setting('{name}')" for name in _LIMITS])
    ((*values,),) = next(iter(relations.values())).query("held", f"select {settings}").fetchall()
    for setting, value in zip(_LIMITS, values, strict=True):
        if value is not None:
            escaped = str(value).replace("'", "''")
            connection.execute(f"set {setting} = '{escaped}'")
    found: dict[K, nw.LazyFrame[Any]] = {}
    for place, (name, relation) in enumerate(relations.items()):
        connection.from_arrow(relation.to_arrow_reader(_HELD)).create(f"held{place}")
        found[name] = nw.from_native(connection.table(f"held{place}"))
    return found


def fetch_some(lf: nw.LazyFrame[Any]) -> list[tuple[Any, ...]]:
    """Return the rows of a frame that are few of many, without keeping what had to be read to find them."""
    return fetch(held({"": lf}, _FEW)[""]) if lf.implementation.is_polars() else fetch(lf)


@contextmanager
def _in_pieces(lf: nw.LazyFrame[Any]) -> Iterator[None]:
    """
    Make polars go through data in small pieces, and read few ahead: half the memory, and no more time.

    What the user has set stays as it is.
    """
    if not lf.implementation.is_polars() or not os.environ.keys().isdisjoint(_PIECES_SET):
        yield
        return
    import polars as pl  # noqa: PLC0415 - the frame is one

    reads_ahead = _AHEAD_SET not in os.environ
    pl.Config.set_streaming_chunk_size(_PIECE)
    if reads_ahead:
        os.environ[_AHEAD_SET] = str(_AHEAD)
    try:
        yield
    finally:  # these alone: others may set something else meanwhile
        pl.Config.set_streaming_chunk_size(None)
        if reads_ahead:
            os.environ.pop(_AHEAD_SET, None)


def told(error: BaseException, engine: str) -> EngineError:
    """Return the failure of an engine as an error of this library, with what it says and what may help."""
    message = str(error)
    causes = _CAUSE.findall(message)  # of what is said in Java, the last is where it began
    text = " ".join((causes[-1] if causes else message).split()) or type(error).__name__
    if isinstance(error, MemoryError):
        text = f"MemoryError: {text}"
    shown = text if len(text) <= _MOST_TOLD else f"{text[:_MOST_TOLD]} …"
    advice = next((advice for said, advice in _ADVICE if re.search(said, text, re.IGNORECASE)), None)
    return EngineError(engine, shown, advice)
