"""
Opening the tables that `write_frames` wrote: nothing is read but what says what there is.
"""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias

from icatmapping.errors import DatasetError, Fault, MissingExtraError, UnknownNameError
from icatmapping.frames.engines import told
from icatmapping.frames.frames import Frames
from icatmapping.frames.writing import ABOUT, LAYOUT
from icatmapping.utils.files import UNFINISHED

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping, Sequence

__all__ = ["Connection", "Engine", "Session", "scan"]

Engine: TypeAlias = Literal["duckdb", "polars"]
"""The engines that open files by themselves."""
ENGINES: tuple[Engine, ...] = ("polars", "duckdb")


class Connection(Protocol):
    """A connection of DuckDB."""

    def read_parquet(self, file_glob: Any, /, **options: Any) -> Any:
        """Return a relation of what files hold."""


class Session(Protocol):
    """A session of Spark, or of sqlframe."""

    @property
    def read(self) -> Any:
        """What reads files."""


def scan(path: str | os.PathLike[str], *, engine: Engine | Connection | Session | None = None) -> Frames:
    """
    Open the tables that `write_frames` wrote, without reading them.

    Args:
        path: The folder.
        engine: What is to answer: ``"polars"``, which is faster where memory suffices, or ``"duckdb"``, which can do
            with less; by default the first of them that is installed. Or a connection of DuckDB, with limits of your
            own, or a session of Spark, whose workers must find the folder under the same path.

    Raises:
        DatasetError: If the folder does not hold such tables.
        EngineError: If the engine cannot open them.
        UnknownNameError: If there is no such engine.
        MissingExtraError: If the engine, or narwhals, is not installed.

    Examples:
        >>> import icatmapping as im
        >>> from tempfile import mkdtemp
        >>> folder = mkdtemp()
        >>> im.write_frames(im.load(), folder)
        >>> frames = im.scan(folder, engine="duckdb")
        >>> frames
        <Frames: initiatives, partnerships, resources on duckdb>
        >>> frames.initiatives.where(country="Ghana", since=2020).count() > 5
        True
    """
    if isinstance(engine, str) and engine not in ENGINES:
        raise UnknownNameError(engine, "engine that opens files", (), valid=ENGINES)
    given = Path(path)
    folder = given / UNFINISHED if (given / UNFINISHED).is_dir() else given
    about = _read_about(folder)
    opened = _open(folder, about["files"], engine)
    frames = Frames(**opened, version=about.get("version"))
    frames.know(about.get("groupings"), about.get("hosts"))
    return frames


def _read_about(folder: Path) -> Mapping[str, Any]:
    try:
        about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    except FileNotFoundError:
        fault = Fault(ABOUT, "", "", f"is not in {str(folder)!r}; a folder that write_frames wrote is wanted")
        raise DatasetError([fault]) from None
    except (OSError, ValueError) as error:
        raise DatasetError([Fault(ABOUT, "", "", f"cannot be read: {error}")]) from None
    if not isinstance(about, dict) or about.get("layout") != LAYOUT or not isinstance(about.get("files"), dict):
        raise DatasetError([Fault(ABOUT, "", "layout", f"must be {LAYOUT}; write the tables anew with write_frames")])
    missing = [file for files in about["files"].values() for file in files if not (folder / Path(file).name).is_file()]
    if missing:
        raise DatasetError([Fault(file, "", "", "is missing") for file in missing])
    return about


def _open(folder: Path, files: Mapping[str, Sequence[str]], engine: Engine | Connection | Session | None) -> Any:
    # Only the names of files: what lies elsewhere is not for this folder to say.
    paths = {name: [str(folder / Path(file).name) for file in listed] for name, listed in files.items()}
    if engine is not None and not isinstance(engine, str):
        return _with_session(paths, engine)
    for candidate in ENGINES if engine is None else (engine,):
        try:
            return _with_polars(paths) if candidate == "polars" else _with_duckdb(paths)
        except ImportError as error:
            if isinstance(error, MissingExtraError):
                raise
    raise MissingExtraError(engine or "polars or duckdb", "frames")


def _with_session(paths: Mapping[str, list[str]], engine: Any) -> dict[str, Any]:
    """Open files with a connection or session of the user."""
    read: Callable[[list[str]], Any]
    if hasattr(engine, "read_parquet"):
        read = partial(engine.read_parquet, hive_partitioning=False)
    elif hasattr(getattr(engine, "read", None), "parquet"):
        read = lambda files: engine.read.parquet(*files)  # noqa: E731 - the other way to read
    else:
        message = (
            "engine must be 'polars', 'duckdb', a connection of DuckDB or a session of Spark, "
            f"not {type(engine).__name__}"
        )
        raise TypeError(message)
    try:
        return {name: read(files) for name, files in paths.items()}
    except Exception as error:
        raise told(error, type(engine).__module__.partition(".")[0].lstrip("_")) from error


def _with_polars(paths: Mapping[str, list[str]]) -> dict[str, Any]:
    import polars as pl  # noqa: PLC0415 - the user's choice

    return {name: pl.scan_parquet(files, hive_partitioning=False) for name, files in paths.items()}


def _with_duckdb(paths: Mapping[str, list[str]]) -> dict[str, Any]:
    import duckdb  # noqa: PLC0415 - the user's choice

    connection = duckdb.connect()
    return {name: connection.read_parquet(files, hive_partitioning=False) for name, files in paths.items()}
