"""
Datasets of tests on frames of every engine, without files.
"""

from __future__ import annotations

from functools import cache
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
from attrs import evolve

import icatmapping as im
from icatmapping.frames.layout import derived_columns, derived_types, field_types
from icatmapping.model.schema import BODIES, LOCATED
from icatmapping.utils.frames import arrow_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ENGINES = ("polars", "duckdb")
"""Those that the tests always ask."""
TOLD = 100
"""How many ids an answer from frames names."""
_numbers = count()


def on_every_engine(ds: im.Dataset) -> Iterator[im.Frames]:
    """Yield a dataset on frames of each engine."""
    for engine in ENGINES:
        yield on_frames(ds, engine)


def cut(found: im.Gaps) -> im.Gaps:
    """Return gaps with as many ids as frames name."""
    return evolve(found, rows=tuple([evolve(gap, uncoded=tuple(sorted(gap.uncoded)[:TOLD])) for gap in found]))


def on_frames(ds: im.Dataset, engine: str) -> im.Frames:
    """Put a dataset on frames of polars, DuckDB, sqlframe or PySpark."""
    put = {"polars": _polars, "duckdb": _duckdb, "sqlframe": _sqlframe, "pyspark": _spark}[engine]
    tables = {name: put(_table(ds, name)) for name in LOCATED}
    bodies = {name: put(_plain(ds, name)) for name in BODIES}
    frames = im.Frames(**tables, **bodies, version=ds.version)
    frames.know([one.to_dict() for one in ds.groupings], [one.to_dict() for one in ds.hosts])
    return frames


def _plain(ds: im.Dataset, name: str) -> pa.Table:
    return arrow_table(field_types(name), [record.to_dict() for record in ds.collection(name)])


def _table(ds: im.Dataset, name: str) -> pa.Table:
    records = list(ds.collection(name))
    schema = arrow_table(field_types(name) | derived_types(name), ()).schema
    own = _plain(ds, name)
    beside = derived_columns(records, name, ds.directory)
    columns = {column: own.column(column) for column in own.column_names}
    columns |= {column: pa.array(values, schema.field(column).type) for column, values in beside.items()}
    return pa.table(columns, schema=schema)


def _polars(table: pa.Table) -> Any:
    import polars as pl  # noqa: PLC0415 - the engine that is asked for

    found = pl.from_arrow(table)
    assert isinstance(found, pl.DataFrame)
    return found.lazy()


@cache
def _connection() -> Any:
    import duckdb  # noqa: PLC0415 - as above

    return duckdb.connect()


def _duckdb(table: pa.Table) -> Any:
    return _connection().from_arrow(table)


@cache
def _sqlframe_session() -> Any:
    from sqlframe.duckdb import DuckDBSession  # noqa: PLC0415 - as above

    return DuckDBSession.builder.getOrCreate()


def _sqlframe(table: pa.Table) -> Any:
    # A session is one for the whole process, whoever made it first; files are what any of them reads.
    file = Path(_folder().name) / f"table_{next(_numbers)}.parquet"
    pq.write_table(table, file)
    return _sqlframe_session().read.parquet(str(file))


@cache
def _folder() -> TemporaryDirectory[str]:
    return TemporaryDirectory()


@cache
def _spark_session() -> Any:
    from pyspark.sql import SparkSession  # noqa: PLC0415 - as above

    builder: Callable[[str, str], Any] = SparkSession.builder.config
    settings = {"spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "1", "spark.default.parallelism": "1"}
    for name, value in settings.items():
        builder = builder(name, value).config
    return builder("spark.master", "local[1]").getOrCreate()


def _spark(table: pa.Table) -> Any:
    return _spark_session().createDataFrame(table)
