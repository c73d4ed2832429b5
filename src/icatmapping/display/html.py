"""
Which renderer shows what: one table from classes to renderers, and the one function that reads it.

A renderer is imported when something is shown that it draws, so that a coverage brings no networks along.
"""

from __future__ import annotations

from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING

from icatmapping.display.elements import to_markup

if TYPE_CHECKING:
    from collections.abc import Mapping

    from icatmapping.display.elements import Node

__all__ = ["RENDERERS", "draw", "to_html"]

RENDERERS: Mapping[str, str] = MappingProxyType(
    {
        "Dataset": "records.dataset_card",
        "Collection": "records.collection_table",
        "Country": "records.country_card",
        "Frames": "frames.frames_card",
        "IatiStream": "frames.iati_stream_card",
        "Records": "frames.records_on_frames_card",
        **dict.fromkeys(
            ("Entity", "Organization", "Initiative", "Partnership", "Resource", "Host", "Grouping"),
            "records.record_card",
        ),
        "Finding": "records.finding_card",
        "Identifier": "tables.row_card",
        "Hits": "records.hits_table",
        "Hit": "records.hit_card",
        "Draft": "tables.draft_page",
        "Coverage": "statistics.coverage_table",
        "Crosstab": "statistics.crosstab_table",
        "Timeline": "statistics.timeline_table",
        "Concentration": "statistics.concentration_card",
        "Gaps": "statistics.gaps_table",
        "Overlaps": "statistics.overlaps_table",
        "UncoordinatedTable": "statistics.uncoordinated_table",
        "Portfolio": "statistics.portfolio_table",
        "Comparison": "statistics.comparison_table",
        "Findings": "statistics.findings_table",
        "Connections": "network.connections_table",
        "Suggestions": "network.suggestions_table",
        "Brokers": "network.brokers_table",
        "Communities": "network.communities_table",
        "NetworkSummary": "network.network_card",
        "Paths": "network.paths_page",
        "Path": "network.path_page",
        "Step": "network.step_page",
        "Support": "briefing.support_table",
        "SupportRow": "briefing.support_row",
        "Brief": "briefing.brief_page",
        "Table": "tables.rows_table",
        "Row": "tables.row_card",
    }
)
"""
For the name of every class that is shown, the module of `icatmapping.display` and the function in it that draw it, and
what is derived from it: rows and tables without an entry of their own, too.
"""


def to_html(shown: object) -> str:
    """
    Return anything that this library gives as HTML, all text escaped.

    Raises:
        TypeError: If it is nothing that this library gives.

    Examples:
        >>> import icatmapping as im
        >>> to_html(im.country("Nigeria")).startswith("<div")
        True
    """
    return to_markup(draw(shown))


def draw(shown: object) -> Node:
    """
    Return anything that this library gives as a display, which HTML and plain text are written from.

    Raises:
        TypeError: If it is nothing that this library gives.
    """
    for kind in type(shown).__mro__:
        if kind.__module__.startswith("icatmapping.") and kind.__name__ in RENDERERS:
            module, _, function = RENDERERS[kind.__name__].partition(".")
            drawn: Node = getattr(import_module(f"icatmapping.display.{module}"), function)(shown)
            return drawn
    message = f"{type(shown).__name__} has no display: it must be something that icatmapping returns"
    raise TypeError(message)
