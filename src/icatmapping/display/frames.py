"""
Mappings on frames as cards: what they are and where. Nothing is asked of the engine to show them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from icatmapping.display.elements import card, note, page

if TYPE_CHECKING:
    from icatmapping.display.elements import Node
    from icatmapping.frames.frames import Frames, Records
    from icatmapping.io.iati_streaming import IatiStream

__all__ = ["frames_card", "iati_stream_card", "records_on_frames_card"]


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


def iati_stream_card(activities: IatiStream) -> Node:
    """Draw a stream of activities: of which file, and what it gives."""
    fields = [("File", activities.file), ("Gives", ", ".join(activities))]
    return page(
        card("Activities of IATI, as they are read", fields),
        note("write_frames writes them; .draft then tells what was not understood."),
    )
