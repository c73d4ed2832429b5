"""
Cards and tables of what the mapping holds: records, collections, countries, the dataset. Knows nothing of answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from icatmapping.dataset import load
from icatmapping.display.elements import (
    Column,
    card,
    element,
    inline_list,
    link,
    listed,
    note,
    page,
    stacked_list,
    table,
)
from icatmapping.display.formatting import country_name, field_label, format_number, pluralize, term_label, years
from icatmapping.model import geography
from icatmapping.model.records import Entity, Initiative, Organization, Partnership, Resource
from icatmapping.model.schema import QUERIED, ROLES
from icatmapping.model.vocabulary import Term
from icatmapping.utils.representation import shorten_line

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from icatmapping.dataset import Dataset
    from icatmapping.display.elements import Children, Node
    from icatmapping.model.geography import Country
    from icatmapping.model.records import Finding
    from icatmapping.query.collection import Collection
    from icatmapping.query.directory import Directory
    from icatmapping.query.search import Hit, Hits

__all__ = [
    "body_label",
    "collection_table",
    "country_card",
    "dataset_card",
    "finding_card",
    "hit_card",
    "hits_table",
    "record_card",
    "titled",
]

_RECORDS_SHOWN = 10
_ADDRESSES_SHOWN = 5
_PARTS_SHOWN = 30
_TEXT_SHOWN = 80

# What the title of a card says already.
_IN_TITLE = ("id", "host", "name", "title", "acronym")
# Where a missing value is something to know: nobody stated it, which is not that there is none.
_TELLING = ("start", "end", "year", "countries", "themes", "forms", "responses", "target_groups")
_ADDRESSES = ("url", "website", "trafficking_url", "sources")
_PLACES = ("country", "countries", "headquarters")
_BODIES = frozenset({"part_of", "successor"}.union(*ROLES.values()))

_COLLECTIONS: Mapping[str, str] = {
    "entities": "Members of ICAT",
    "organizations": "Everyone else that takes part",
    "initiatives": "Programmes, projects, operations, campaigns",
    "partnerships": "Multi-stakeholder bodies",
    "resources": "Publications",
}


# --- records ---------------------------------------------------------------------------------------------------------


def record_card(record: Any) -> Node:
    """Draw a record: every field that has a value, and which telling ones have none."""
    kind = type(record)
    names = [name for name in kind.__match_args__ if name not in _IN_TITLE]
    when = getattr(record, "period", None)
    fields: list[tuple[str, Children]] = [] if when is None else [("When", when)]
    directory = _directory_of(record)
    fields += [
        (field_label(name), _value(name, value, directory))
        for name in names
        if not _is_empty(value := getattr(record, name))
    ]
    missing = [field_label(name).lower() for name in names if name in _TELLING and _is_empty(getattr(record, name))]
    if missing:
        fields.append(("Not stated", ", ".join(missing)))
    return page(card(_title(record, kind.__name__), fields))


def _directory_of(record: Any) -> Directory | None:
    """Return who is who for a record of the bundled dataset; others do not know which dataset they are in."""
    if record.collection not in QUERIED:
        return None
    ds = load()
    store = ds.collection(record.collection).store
    position = store.position_of.get(record.id)
    return ds.directory if position is not None and store.records[position] is record else None


def _title(record: Any, kind: str) -> Children:
    identifier: str = getattr(record, type(record).__match_args__[0])
    name, acronym = getattr(record, "title", None) or getattr(record, "name", None), getattr(record, "acronym", None)
    if name is None:
        return [element("strong", identifier), f" · {kind}"]
    told = name if acronym in (None, name) or f"({acronym})" in name else f"{name} ({acronym})"
    return [element("strong", told), f" · {kind} · {identifier}"]


def _value(name: str, value: Any, directory: Directory | None) -> Children:
    if not isinstance(value, tuple):
        return _part(name, value, directory)
    parts = [_part(name, one, directory) for one in value]
    return stacked_list(parts, most=_ADDRESSES_SHOWN) if name in _ADDRESSES else listed(parts, most=_PARTS_SHOWN)


def _part(name: str, value: Any, directory: Directory | None) -> Node:
    if name in _BODIES and directory is not None:
        return body_label(directory, value)
    if name in _ADDRESSES:
        return link(value)
    if name in _PLACES or (name == "members" and value in geography.by_alpha3()):
        return country_name(value)
    if name == "regions":
        return geography.area_label(str(value))
    return value.label if isinstance(value, Term) else str(value)


def _is_empty(value: object) -> bool:
    return value is None or value == ()


def finding_card(finding: Finding) -> Node:
    """Draw what ICAT published about its own mapping, with the values by label."""
    fields: list[tuple[str, Children]] = [("Statement", finding.statement)]
    if finding.dimension is not None:
        fields.append(("Dimension", finding.dimension))
    if finding.values:
        fields.append(("Values", listed(term_label(finding.dimension or "", value) for value in finding.values)))
    fields.append(("Sources", stacked_list([link(source) for source in finding.sources])))
    return page(card([element("strong", "Finding of 2021"), f" · {finding.id}"], fields))


def country_card(country: Country) -> Node:
    """Draw a country with its codes, region and other names."""
    fields: list[tuple[str, Children]] = [
        ("Codes", ", ".join(code for code in (country.alpha3, country.alpha2, country.m49) if code is not None)),
        ("Region", None if country.region is None else term_label("region", country.region)),
        ("Sub-region", country.subregion),
        ("Also called", listed(country.aliases)),
    ]
    return page(card(element("strong", country.name), [(label, value) for label, value in fields if value]))


# --- collections -----------------------------------------------------------------------------------------------------


def collection_table(records: Collection[Any]) -> Node:
    """Draw the first records of a collection, with the names of those that take part."""
    kind, directory = records.kind, records.directory
    name = kind.__name__.lower()
    more = records.possible_set.bit_count()
    caption = [
        element("strong", pluralize(len(records), name, kind.collection)),
        f", and {more:,} more that may be (dates not stated)" if more else None,
    ]
    return page(table(caption, _COLUMNS[kind](directory), records, most=_RECORDS_SHOWN))


def titled(record: Any) -> Node:
    """Link the name or title of a record to its page, else to its first source."""
    address = getattr(record, "url", None) or getattr(record, "website", None) or next(iter(record.sources), None)
    return link(address, record.label)


def body_label(directory: Directory, identifier: str) -> str:
    """Name an entity by its acronym, anybody else by name, whom the dataset does not know by id."""
    return directory.label(identifier) if identifier in directory.by_id else identifier


def _bodies(directory: Directory, field: str) -> Callable[[Any], Children]:
    return lambda record: inline_list(body_label(directory, one) for one in getattr(record, field))


def _terms(field: str) -> Column:
    return Column(field_label(field), lambda record: inline_list(_label(one) for one in getattr(record, field)))


def _term(field: str) -> Column:
    return Column(field_label(field), lambda record: _label(getattr(record, field)))


def _label(value: Any) -> str:
    return value.label if isinstance(value, Term) else str(value)


def _places(directory: Directory) -> Column:
    named = directory.areas.named

    def read(record: Any) -> Children:
        areas = [] if record.countries else [named[area].label if area in named else area for area in record.regions]
        return inline_list([*map(country_name, record.countries), *areas])

    return Column("Where", read)


def _entity_columns(_: Directory) -> list[Column]:
    return [
        Column("Entity", lambda record: link(record.website, record.acronym)),
        Column("Name", lambda record: record.name),
        _term("kind"),
        _term("membership"),
        _terms("themes"),
    ]


def _organization_columns(directory: Directory) -> list[Column]:
    return [
        Column("Organization", titled),
        Column("Acronym", lambda record: record.acronym or "–"),
        _term("kind"),
        Column("Country", lambda record: "–" if record.country is None else country_name(record.country)),
        Column("Part of", lambda record: "–" if record.part_of is None else body_label(directory, record.part_of)),
    ]


def _initiative_columns(directory: Directory) -> list[Column]:
    return [
        Column("Initiative", titled),
        Column("Leads", _bodies(directory, "leads")),
        _places(directory),
        _terms("themes"),
        Column("When", lambda record: record.period),
        _term("status"),
    ]


def _partnership_columns(directory: Directory) -> list[Column]:
    return [
        Column("Partnership", titled),
        _term("kind"),
        Column("Members", _bodies(directory, "members")),
        _places(directory),
        _terms("themes"),
        Column("When", lambda record: record.period),
    ]


def _resource_columns(directory: Directory) -> list[Column]:
    return [
        Column("Resource", titled),
        _term("kind"),
        Column("Publishers", _bodies(directory, "publishers")),
        _terms("themes"),
        Column("Year", lambda record: record.period),
        Column("Languages", lambda record: inline_list(record.languages)),
    ]


_COLUMNS: Mapping[type[Any], Callable[[Directory], list[Column]]] = {
    Entity: _entity_columns,
    Organization: _organization_columns,
    Initiative: _initiative_columns,
    Partnership: _partnership_columns,
    Resource: _resource_columns,
}


# --- searches --------------------------------------------------------------------------------------------------------


def hits_table(found: Hits) -> Node:
    """Draw what a search found, with the words in bold where they stand."""
    columns = [
        Column("Record", lambda hit: titled(hit.record)),
        Column("Collection", lambda hit: hit.collection),
        Column("When", lambda hit: getattr(hit.record, "period", None) or "–"),
        Column("What it says", lambda hit: _marked(hit.snippet)),
    ]
    number = pluralize(found.total, "hit")
    if found.total > len(found):
        number = f"The best {format_number(len(found))} of {number}"
    caption = element("strong", f"{number} for “{shorten_line(found.text, _TEXT_SHOWN)}”")
    hint = None if found.suggestion is None else note(f"Did you mean “{found.suggestion}”?")
    return page(table(caption, columns, found), hint)


def hit_card(hit: Hit) -> Node:
    """Draw one record that a search found."""
    fields: list[tuple[str, Children]] = [
        ("Collection", hit.collection),
        ("Id", hit.record.id),
        ("What it says", _marked(hit.snippet)),
        ("Score", format_number(hit.score)),
    ]
    return page(card(element("strong", titled(hit.record)), fields))


def _marked(snippet: str) -> list[Node]:
    """Return a snippet with the words between its marks in bold."""
    return [element("strong", part) if place % 2 else part for place, part in enumerate(snippet.split("**"))]


# --- the dataset -----------------------------------------------------------------------------------------------------


def dataset_card(ds: Dataset) -> Node:
    """Draw a dataset: how much it holds, of which version, and where it comes from."""
    read = sorted({record.checked for name in QUERIED for record in ds.collection(name)})
    columns = [
        Column("Collection", lambda name: name),
        Column("Records", lambda name: format_number(len(ds.collection(name))), number=True),
        Column("What they are", lambda name: _COLLECTIONS[name]),
    ]
    title = element("strong", "Who does what against trafficking in persons")
    checked = f" They were last read in {years(read[0], read[-1])}." if read else ""
    return page(
        table([title, f" · version {ds.version}" if ds.version else ""], columns, QUERIED),
        note(f"{_BUNDLED if ds is load() else _OTHER} Every record names the pages that it rests on.{checked}"),
    )


_BUNDLED = "Bundled with icatmapping, compiled from public pages; not a publication of ICAT or of any of its members."
_OTHER = "From a data package of your own or records laid over one."
