"""
Pictures of answers: coverage, tables, years, the world, networks and paths, gaps, overlaps, portfolios, support.

Each function takes an answer, draws it on the axes given or on a new figure, and returns the axes; showing and saving
them is the caller's. Every picture says what was asked, and at its foot the source. Needs matplotlib: the extra
``plot``.
"""

from icatmapping.plots.answers import compare, gaps, overlaps, portfolio, support
from icatmapping.plots.charts import coverage, crosstab, path, timeline
from icatmapping.plots.network import network
from icatmapping.plots.world_map import world_map

__all__ = [
    "compare",
    "coverage",
    "crosstab",
    "gaps",
    "network",
    "overlaps",
    "path",
    "portfolio",
    "support",
    "timeline",
    "world_map",
]
