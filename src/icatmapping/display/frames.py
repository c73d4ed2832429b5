"""
Mappings on frames as cards: what they are and where. Nothing is asked of the engine to show them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from icatmapping.display.elements import card, note, page

if TYPE_CHECKING:
    from icatmapping.display.elements import Node
    from icatmapping.frames.frames import Frames, Records

__all__ = ["frames_card", "records_on_frames_card"]


def frames_card(frames: Frames) -> Node:
    """Draw a mapping on frames: its collections, its engine, its version."""
    fields = [("Collections", ", ".join(frames.names)), ("Engine", frames.engine)]
    fields += [("Version", frames.version)] if frames.version else []
    return page(
        card("A mapping on frames", fields),
        note("Records are counted by the engine when an answer is wanted; .collect() brings them into memory."),
    )


def records_on_frames_card(records: Records[Any]) -> Node:
    """Draw records on frames: of what collection, and what was asked."""
    fields = [("Engine", records.engine), ("Asked for", records.question or "all")]
    return page(
        card(f"{records.collection.capitalize()} on frames", fields),
        note(".count() says how many there are; .collect(limit=100) brings them into memory."),
    )
