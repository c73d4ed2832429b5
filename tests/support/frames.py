"""
Mappings on frames, for tests: the tables of a dataset, opened by each engine.
"""

from __future__ import annotations

from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from attrs import evolve

import icatmapping as im

if TYPE_CHECKING:
    from collections.abc import Iterator

ENGINES = ("polars", "duckdb")
TOLD = 100
"""How many ids an answer from frames names."""


def on_every_engine(ds: im.Dataset, engines: tuple[str, ...] = ENGINES, **options: Any) -> Iterator[im.Frames]:
    """Write the tables of a dataset, and yield them as each engine opens them."""
    with TemporaryDirectory() as folder:
        im.write_frames(ds, folder, **options)
        for engine in engines:
            yield im.scan(folder, engine=engine)  # type: ignore[arg-type]


def cut(found: im.Gaps) -> im.Gaps:
    """Return gaps with as many ids as frames name."""
    return evolve(found, rows=tuple([evolve(gap, uncoded=tuple(sorted(gap.uncoded)[:TOLD])) for gap in found]))
