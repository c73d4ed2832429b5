"""
Who does what where (3W) as a table with HXL hashtags, as humanitarian data platforms read it.

The hashtags are those of the Humanitarian Exchange Language 1.1. Knows nothing of display.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from icatmapping.dataset import Dataset
from icatmapping.model import geography
from icatmapping.model.records import Entity, Initiative, Organization
from icatmapping.query.collection import check_collection
from icatmapping.query.dimensions import dimension
from icatmapping.query.selection import as_values
from icatmapping.utils.arguments import check_choice
from icatmapping.utils.files import csv_bytes, known_suffix, write_atomically

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Sequence

    from icatmapping.query.areas import AreaKind
    from icatmapping.query.collection import Collection
    from icatmapping.query.directory import Directory

__all__ = ["to_hxl", "write_hxl"]


By: TypeAlias = Literal["record", "country"]
"""Whether a row is for all the countries that a record names, or for one of them."""


def to_hxl(records: Dataset | Collection[Initiative], *, by: By = "record") -> list[list[str]]:
    """
    Make a 3W table of initiatives: a row of headers, a row of HXL hashtags, then the data.

    There is one row for each initiative and each organization in each role (lead, partner, donor), which says what the
    sources say: that it takes part in a record which names these countries, not that it works in each of them. An
    initiative without organizations keeps a row. Cells under a hashtag with ``+list`` hold several values, separated by
    ``|``, as HXL tools expand them. `read_hxl` makes the same initiatives of the table.

    Args:
        records: A dataset, of which the initiatives are meant, or some initiatives.
        by: ``"record"``, or ``"country"`` for one row for each country besides, as many dashboards want it: it says
            under ``#meta+countries+num`` of how many countries the record is. Of initiatives that were selected by
            country or region, only the countries selected have rows.

    Raises:
        TypeError: If they are records of another kind.
        UnknownNameError: If ``by`` is none of the two.

    Examples:
        >>> import icatmapping as im
        >>> headers, hashtags, first, *_ = to_hxl(im.load().initiatives)
        >>> for cells in list(zip(headers, hashtags, first))[:5]:
        ...     print(*cells, sep="; ")
        Organization code; #org+code; ilo
        Organization acronym; #org+acronym; ILO
        Organization; #org+name; International Labour Organization
        Organization type; #org+type; UN specialized agency
        Role; #org+role; lead
        >>> ghana = to_hxl(im.load().initiatives.where(country="Ghana"), by="country")
        >>> {row[ghana[1].index("#country+name")] for row in ghana[2:]}
        {'Ghana'}
    """
    check_choice("by", by, ("record", "country"))
    initiatives: Collection[Any] = records.initiatives if isinstance(records, Dataset) else records
    check_collection(initiatives)
    if initiatives.kind is not Initiative:
        message = f"a 3W table is made of initiatives, not of {initiatives.kind.collection}"
        raise TypeError(message)
    directory = initiatives.directory
    where = _OF_COUNTRY if by == "country" else _OF_RECORD
    selected = _countries_selected(initiatives) if by == "country" else None
    rows: list[list[str]] = []
    for initiative in initiatives:
        what = [column.read(initiative, directory) for column in _WHAT]
        places = _places(initiative, selected) if by == "country" else [initiative]
        located = [[column.read(place, directory) for column in where] for place in places]
        for participation in _participations(initiative, directory):
            who = [column.read(participation, directory) for column in _WHO]
            rows += [[*who, *place, *what] for place in located]
    columns = (*_WHO, *where, *_WHAT)
    return [[column.header for column in columns], [column.hashtag for column in columns], *rows]


def write_hxl(records: Dataset | Collection[Initiative], path: str | os.PathLike[str], *, by: By = "record") -> None:
    """
    Write the table of `to_hxl` to a CSV file, whole or not at all.

    Text that a spreadsheet would take for a formula gets an apostrophe in front, and the file a byte-order mark, by
    which Excel knows that it is UTF-8.

    Args:
        records: A dataset, of which the initiatives are meant, or some initiatives.
        path: The file, ``.csv``. One that exists is replaced.
        by: Whether a row is for all the countries of a record, or for one, as in `to_hxl`.

    Raises:
        TypeError: If they are records of another kind.
        UnknownNameError: If the suffix is another, or ``by`` is none of the two.
    """
    known_suffix(path, (".csv",), "an HXL file")
    write_atomically(Path(path), csv_bytes(to_hxl(records, by=by), mark=True))


# --- rows ------------------------------------------------------------------------------------------------------------


def _countries_selected(initiatives: Collection[Any]) -> frozenset[str] | None:
    """Return the countries that a collection was selected by, or None if it was not."""
    selected: frozenset[str] | None = None
    kinds: tuple[AreaKind, ...] = ("country", "subregion", "region")
    for criteria in initiatives.criteria:
        for kind in kinds:
            if criteria.get(kind) is not None:
                areas = [initiatives.directory.areas.find(one, first=kind) for one in as_values(criteria[kind])]
                found = frozenset[str]().union(*(area.countries for area in areas))
                selected = found if selected is None else selected & found
    return selected


class _Participation(NamedTuple):
    """Who, and as what."""

    organization: Entity | Organization | None
    role: str


def _participations(initiative: Initiative, directory: Directory) -> Sequence[_Participation]:
    found = [
        _Participation(directory.by_id[one], role.removesuffix("s"))
        for role in initiative.roles
        for one in getattr(initiative, role)
    ]
    return found or [_Participation(None, "")]


class _Place(NamedTuple):
    """Where: a country and its region, or a region alone; and of how many countries the record is."""

    country: str | None
    region: str | None
    among: int


def _places(initiative: Initiative, selected: frozenset[str] | None) -> Sequence[_Place]:
    among = len(initiative.countries)
    named = {geography.region_of(country) for country in initiative.countries}
    kept = [country for country in initiative.countries if selected is None or country in selected]
    countries = [_Place(country, geography.region_of(country), among) for country in kept]
    if countries and selected is not None:
        return countries
    others = [_Place(None, region, among) for region in initiative.regions if region not in named]
    return [*countries, *others] or [_Place(None, None, among)]


# --- columns ---------------------------------------------------------------------------------------------------------


class _Column(NamedTuple):
    """A column: its header, its hashtag, and what gives the text of a cell."""

    header: str
    hashtag: str
    read: Callable[..., str]


def _of_organization(header: str, hashtag: str, field: str) -> _Column:
    return _Column(header, hashtag, lambda who, _: (getattr(who.organization, field) or "") if who.organization else "")


def _of_initiative(header: str, hashtag: str, field: str) -> _Column:
    return _Column(header, hashtag, lambda initiative, _: str(getattr(initiative, field) or ""))


def _of_dimension(header: str, headers: str, hashtag: str, name: str) -> tuple[_Column, _Column]:
    """Make two columns, codes and labels, of a dimension of which an initiative may have several values."""
    entry = dimension(name, Initiative)

    def codes(initiative: Initiative, directory: Directory) -> str:
        return _listed(map(str, entry.values(initiative, directory)))

    def labels(initiative: Initiative, directory: Directory) -> str:
        return _listed(entry.label(value, directory) for value in entry.values(initiative, directory))

    return _Column(f"{header} codes", f"{hashtag}+code+list{'+v_iso3' * (name == 'country')}", codes), _Column(
        headers, f"{hashtag}+name+list", labels
    )


def _listed(values: Iterable[str]) -> str:
    # Only addresses can hold the separator; there, this is another spelling of it.
    return "|".join(value.replace("|", "%7C") for value in values)


def _area_name(value: str) -> str:
    return geography.area_label(str(value))


_WHO = (
    _of_organization("Organization code", "#org+code", "id"),
    _of_organization("Organization acronym", "#org+acronym", "acronym"),
    _of_organization("Organization", "#org+name", "name"),
    _Column("Organization type", "#org+type", lambda who, _: who.organization.kind.label if who.organization else ""),
    _Column("Role", "#org+role", lambda who, _: who.role),
)
_OF_COUNTRY = (
    _Column("Country code", "#country+code+v_iso3", lambda place, _: place.country or ""),
    _Column("Country", "#country+name", lambda place, _: geography.name_of(place.country) if place.country else ""),
    _Column("Region code", "#region+code", lambda place, _: str(place.region or "")),
    _Column("Region", "#region+name", lambda place, _: geography.area_label(place.region) if place.region else ""),
    _Column("Countries of the record", "#meta+countries+num", lambda place, _: str(place.among or "")),
)
_OF_RECORD = (
    *_of_dimension("Country", "Countries", "#country", "country"),
    *_of_dimension("Region", "Regions", "#region", "region"),
)
_WHAT = (
    _of_initiative("Initiative code", "#activity+code", "id"),
    _of_initiative("Initiative", "#activity+name", "title"),
    _of_initiative("Initiative acronym", "#activity+acronym", "acronym"),
    _Column("Former codes", "#activity+former+list", lambda initiative, _: _listed(initiative.former_ids)),
    _of_initiative("Kind", "#activity+kind", "kind"),
    _Column("Area codes", "#region+named+code+list", lambda initiative, _: _listed(map(str, initiative.regions))),
    _Column(
        "Areas named", "#region+named+name+list", lambda initiative, _: _listed(map(_area_name, initiative.regions))
    ),
    *_of_dimension("Priority area", "Priority areas", "#sector+priority", "priority_area"),
    *_of_dimension("Theme", "Themes", "#subsector", "theme"),
    *_of_dimension("Response", "Responses", "#activity+type", "response"),
    *_of_dimension("Target group", "Target groups", "#beneficiary", "target_group"),
    *_of_dimension("Form of exploitation", "Forms of exploitation", "#x_exploitation", "form"),
    *_of_dimension("Economic sector", "Economic sectors", "#x_economic_sector", "sector"),
    _of_initiative("Scope", "#x_scope", "scope"),
    _of_initiative("Start", "#date+start", "start"),
    _of_initiative("End", "#date+end", "end"),
    _of_initiative("Last seen", "#date+reported", "last_seen"),
    _of_initiative("Status", "#status", "status"),
    _of_initiative("Summary", "#description", "summary"),
    _of_initiative("Page", "#activity+url", "url"),
    _Column("Sources", "#meta+url+list", lambda initiative, _: _listed(initiative.sources)),
    _of_initiative("Sources read", "#date+checked", "checked"),
)
