"""
What an answer is an answer to: the question in words, and the dataset.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from icatmapping.query.describe import describe_criteria
from icatmapping.results import Provenance

if TYPE_CHECKING:
    from collections.abc import Mapping

    from icatmapping.query.collection import Collection
    from icatmapping.query.directory import Directory

__all__ = ["provenance_of", "provenance_of_records"]


def provenance_of(directory: Directory, criteria: Mapping[str, Any]) -> Provenance:
    """Return what an answer to some criteria is an answer to."""
    return Provenance(describe_criteria(directory, criteria), directory.version, directory.as_of)


def provenance_of_records(records: Collection[Any]) -> Provenance:
    """Return what an answer about some records is an answer to."""
    return Provenance(records.question, records.directory.version, records.directory.as_of)
