"""
Pictures of answers: coverage, tables, years, the world, networks and paths.

Each function takes an answer, draws it on the axes given or on a new figure, and returns the axes; showing and saving
them is the caller's. Needs matplotlib, the extra ``plot``.
"""

from icatmapping.plots.charts import coverage, crosstab, path, timeline
from icatmapping.plots.network import network
from icatmapping.plots.world_map import world_map

__all__ = ["coverage", "crosstab", "network", "path", "timeline", "world_map"]
