"""
What the scripts of the pages select from: the records of a collection with every value of every dimension.

Which records a value stands for is what `Collection.where` gives for it, so that a view in the browser holds what the
library would.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from icatmapping.model.schema import KIND_VOCABULARIES, UNDERTAKINGS
from icatmapping.model.vocabulary import terms
from icatmapping.network.affiliations import collect_events
from icatmapping.query.dimensions import DIMENSIONS, dimensions_of
from icatmapping.site.records import rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from icatmapping.query.collection import Collection
    from icatmapping.site.context import Site

__all__ = ["facets_of", "write_table"]

_SHOWN_FIRST = ("theme", "form", "response", "target_group", "country", "region", "entity", "kind", "status", "year")
"""The facets that come first; the others follow in the order of the table of dimensions."""


def facets_of(collection: str) -> list[str]:
    """
    List the dimensions of a collection by which its records can be selected in the browser.

    >>> facets_of("partnerships")[:4]
    ['theme', 'form', 'response', 'target_group']
    """
    names = [name for name in dimensions_of(collection) if name != "year"]
    return sorted(names, key=lambda name: _SHOWN_FIRST.index(name) if name in _SHOWN_FIRST else len(_SHOWN_FIRST))


def write_table(site: Site, collection: str) -> None:
    """Write the records of a collection as two scripts: what lists show and select by, and all that is known."""
    records = site.ds.collection(collection)
    place_of = {record.id: place for place, record in enumerate(records)}
    dimensions = []
    for name in facets_of(collection):
        entry = DIMENSIONS[name]
        values: list[list[Any]] = []
        held: list[list[int]] = [[] for _ in records]
        for value in _universe(site, name, collection):
            found = records.where(**{name: value})
            if len(found):
                for record in found:
                    held[place_of[record.id]].append(len(values))
                values.append([str(value), entry.label(value, site.ds.directory)])
        dimensions.append({"name": name, "title": entry.title, "values": values, "of": held})
    told = [
        [row.link.text, row.line, row.places, record.first_active, record.last_active, *_possible(record)]
        for row, record in zip(rows(site, records), records, strict=True)
    ]
    table = {"ids": [record.id for record in records], "rows": told, "dimensions": dimensions}
    if collection in UNDERTAKINGS:
        table["members"], table["membersOf"] = _members(site, collection, records)
    if collection == "resources":
        table["members"], table["membersOf"] = _publishers(site, records)
    if collection == "partnerships":
        initiatives = {record.id: place for place, record in enumerate(site.ds.initiatives)}
        table["twins"] = [None if one.initiative is None else initiatives[one.initiative] for one in records]
    site.data(collection, table)
    site.data(f"{collection}-full", records.to_dict())


def _universe(site: Site, name: str, collection: str) -> Iterable[Any]:
    if name == "kind":
        return terms(KIND_VOCABULARIES[collection])
    return DIMENSIONS[name].universe(site.ds.directory)


def _possible(record: Any) -> tuple[int | None, int | None]:
    """Return the years between which a record may have been active."""
    span = getattr(record, "possible_span", None)
    return (record.first_active, record.last_active) if span is None else (span.first, span.last)


def _members(site: Site, collection: Any, records: Collection[Any]) -> tuple[list[str], list[list[int]]]:
    """Return the members of ICAT, and for each record the places of those that take part in it, donors left out."""
    members = sorted(site.ds.directory.entity_ids)
    place = {one: number for number, one in enumerate(members)}
    events = collect_events(site.ds, of=(collection,), criteria={})
    by_record = {event.records[0].id: event for event in events.values()}
    return members, [[place[one] for one in by_record[record.id].roles if one in place] for record in records]


def _publishers(site: Site, records: Collection[Any]) -> tuple[list[str], list[list[int]]]:
    members = sorted(site.ds.directory.entity_ids)
    place = {one: number for number, one in enumerate(members)}
    entities_of = site.ds.directory.entities_of
    return members, [[place[one] for one in entities_of(record.publishers)] for record in records]
