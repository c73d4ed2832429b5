"""
Criteria in words: "on child protection in Nigeria since 2020". The same criteria always give the same words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from icatmapping.errors import UnknownNameError
from icatmapping.model.articles import in_sentence
from icatmapping.model.time import Span
from icatmapping.query.dimensions import DIMENSIONS, parse_years
from icatmapping.query.selection import as_values
from icatmapping.utils.text import join_or

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from icatmapping.query.directory import Directory

__all__ = ["describe_criteria"]

_ABOUT = ("theme", "form", "sector", "priority_area")
_ORDER = ("response", "target_group", "kind", "scope", "status", "evidence", "language")
_WORDS = {"response": "by", "target_group": "for", "language": "in"}
_REACHES = {"regional": "and regional work that includes it", "global": "and regional and global work that includes it"}


def describe_criteria(directory: Directory, criteria: Mapping[str, Any]) -> str:
    """
    Return criteria in words, in the order topic, kind of work, place, time, participants.

    Examples:
        >>> import icatmapping as im
        >>> describe_criteria(im.load().directory, {"country": "NGA", "theme": "child_protection", "since": 2020})
        'on child protection in Nigeria since 2020'
    """
    parts: list[str] = []
    about = [_labels(directory, name, criteria[name]) for name in _ABOUT if name in criteria]
    if about:
        parts.append(f"on {' and '.join(about)}")
    parts += [
        f"{_WORDS.get(name, _title(name))} {_labels(directory, name, criteria[name])}"
        for name in _ORDER
        if name in criteria
    ]
    parts += _places(directory, criteria)
    parts += _times(criteria)
    named = {*_ABOUT, *_ORDER, "country", "region", "subregion", "grouping", "year", "since", "until", "dates", "reach"}
    parts += [f"with {_title(name)} {_labels(directory, name, criteria[name])}" for name in sorted({*criteria} - named)]
    return " ".join(parts)


def _places(directory: Directory, criteria: Mapping[str, Any]) -> list[str]:
    parts = []
    for name in ("country", "region"):
        if name in criteria:
            areas = [directory.areas.find(value, first=name) for value in as_values(criteria[name])]
            labels = sorted({area.label for area in areas})
            parts.append(f"in {join_or([*map(in_sentence, labels)] or ['no place'])}")
    parts += [
        f"in {_labels(directory, name, criteria[name])}" for name in ("subregion", "grouping") if name in criteria
    ]
    if criteria.get("reach") in _REACHES:
        parts.append(_REACHES[criteria["reach"]])
    return parts


def _times(criteria: Mapping[str, Any]) -> list[str]:
    parts = []
    if "year" in criteria:
        spans = sorted({parse_years(value) for value in as_values(criteria["year"])}, key=_order)
        parts.append(f"in {join_or([_span(span) for span in _joined(spans)] or ['no year'])}")
    parts += [f"{name} {criteria[name]}" for name in ("since", "until") if criteria.get(name) is not None]
    if criteria.get("dates") == "possible":
        parts.append("as far as dates do not rule it out")
    return parts


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Return years with those of them that follow each other, three or more, as one span."""
    runs: list[list[Span]] = []
    for span in spans:
        if runs and span.first == span.last and _follows(span, runs[-1][-1]):
            runs[-1].append(span)
        else:
            runs.append([span])
    return [one for run in runs for one in ([Span(run[0].first, run[-1].last)] if len(run) >= _A_SPAN else run)]


def _follows(span: Span, before: Span) -> bool:
    return before.first == before.last and before.last is not None and span.first == before.last + 1


_A_SPAN = 3


def _order(span: Span) -> tuple[int, int]:
    return (span.first or 0, span.last or 9999)


def _span(span: Span) -> str:
    if span.first == span.last:
        return str(span.first)
    return f"{'' if span.first is None else span.first}–{'' if span.last is None else span.last}"


def _labels(directory: Directory, name: str, given: Any) -> str:
    entry = DIMENSIONS[name]
    collection = next(iter(entry.readers)) if name != "kind" else _kinds(directory, given)
    labels = {
        entry.label(value, directory) for one in as_values(given) for value in entry.find(one, collection, directory)
    }
    if name in ("subregion", "grouping"):
        return join_or([in_sentence(label) for label in sorted(labels)] or ["nothing"])
    if name in ("theme", "form", "response", "target_group", "sector", "kind", "scope", "status"):
        labels = {label[:1].lower() + label[1:] for label in labels}
    return join_or(sorted(labels) or ["nothing"])


def _kinds(directory: Directory, given: Any) -> str:
    """Return the collection whose kinds are meant."""
    entry = DIMENSIONS["kind"]
    for collection in entry.readers:
        try:
            for one in as_values(given):
                entry.parse(one, collection, directory)
        except UnknownNameError:
            continue
        return collection
    return next(iter(entry.readers))


def _title(name: str) -> str:
    return DIMENSIONS[name].title.lower()
