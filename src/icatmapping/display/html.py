"""
Which drawing shows what: one table from classes to drawings, and the one function that reads it.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from icatmapping.briefing.brief import ActivityTable, Brief, EntryPoints
from icatmapping.dataset import Dataset
from icatmapping.display import reading, records, tables
from icatmapping.display.elements import write
from icatmapping.model.geography import Country
from icatmapping.model.records import RECORD_KINDS, Finding, Host, Identifier
from icatmapping.network.affiliations import Brokers, Communities, NetworkSummary
from icatmapping.network.partners import Suggestions
from icatmapping.network.paths import Connections, Path, Paths, Step
from icatmapping.query.collection import Collection
from icatmapping.results import Row, Rows
from icatmapping.statistics.comparing import Findings, Gaps, Overlaps, Portfolio, UncoordinatedCells
from icatmapping.statistics.counting import Concentration, Coverage, Crosstab, Timeline

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from icatmapping.display.elements import Node

__all__ = ["DRAWINGS", "as_html"]

DRAWINGS: Mapping[type[Any], Callable[[Any], Node]] = MappingProxyType(
    {
        Dataset: records.dataset_card,
        Collection: records.collection_table,
        Country: records.country_card,
        Finding: records.finding_card,
        **dict.fromkeys((*RECORD_KINDS.values(), Host), records.record_card),
        Identifier: tables.row_card,
        Coverage: tables.coverage_table,
        Crosstab: tables.crosstab_table,
        Timeline: tables.timeline_table,
        Concentration: tables.concentration_card,
        Gaps: tables.gaps_table,
        Overlaps: tables.overlaps_table,
        UncoordinatedCells: tables.uncoordinated_table,
        Portfolio: tables.portfolio_table,
        Findings: tables.findings_table,
        Connections: tables.connections_table,
        Suggestions: tables.suggestions_table,
        Brokers: tables.brokers_table,
        Communities: tables.communities_table,
        NetworkSummary: tables.network_card,
        ActivityTable: tables.activity_table,
        EntryPoints: tables.entry_points_table,
        Paths: reading.paths_page,
        Path: reading.path_page,
        Step: reading.step_page,
        Brief: reading.brief_page,
        Rows: tables.rows_table,
        Row: tables.row_card,
    }
)
"""What draws the things of a class and of those derived from it; rows and tables without an entry of their own, too."""


def as_html(shown: object) -> str:
    """
    Draw anything that this library gives as HTML, all text escaped.

    Raises:
        TypeError: If it is nothing that this library gives.

    Examples:
        >>> import icatmapping as im
        >>> as_html(im.country("Nigeria")).startswith("<div")
        True
    """
    for kind in type(shown).__mro__:
        if kind in DRAWINGS:
            return write(DRAWINGS[kind](shown))
    message = f"no drawing shows {type(shown).__name__}"
    raise TypeError(message)
