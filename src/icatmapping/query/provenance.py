"""
What an answer is an answer to: the question in words, and the dataset.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from icatmapping.query.describe import describe_criteria
from icatmapping.query.selection import as_values
from icatmapping.results import Provenance
from icatmapping.utils.text import join_and

if TYPE_CHECKING:
    from collections.abc import Mapping

    from icatmapping.query.directory import Directory

__all__ = ["provenance_of", "provenance_of_records"]


def provenance_of(
    directory: Directory, criteria: Mapping[str, Any], among: Mapping[str, object] | None = None
) -> Provenance:
    """
    Return what an answer to some criteria is an answer to.

    Args:
        directory: Whom and what the data know.
        criteria: The criteria.
        among: For dimensions of which only some values were looked at: which, as they were given, or None.
    """
    return _provenance(directory, describe_criteria(directory, criteria), among)


class _Asked(Protocol):
    """Records that know what was asked to get them: a collection, or records on frames."""

    @property
    def directory(self) -> Directory: ...
    @property
    def question(self) -> str: ...


def provenance_of_records(records: _Asked, among: Mapping[str, object] | None = None) -> Provenance:
    """
    Return what an answer about some records is an answer to.

    Args:
        records: The records.
        among: For dimensions of which only some values were looked at: which, as they were given, or None.
    """
    return _provenance(records.directory, records.question, among)


def _provenance(directory: Directory, question: str, among: Mapping[str, object] | None) -> Provenance:
    looked_at = [
        f"{name} among {join_and([_in_words(directory, name, value) for value in as_values(given)] or ['none'])}"
        for name, given in (among or {}).items()
        if given is not None
    ]
    return Provenance(", ".join(filter(None, [question, *looked_at])), directory.version, directory.as_of)


def _in_words(directory: Directory, name: str, value: object) -> str:
    if name not in ("country", "donor_country", "subregion", "region"):
        return str(value)
    return directory.areas.find(value, first="country" if name == "donor_country" else name).label  # type: ignore[arg-type]
