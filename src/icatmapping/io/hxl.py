"""
Who does what where (3W) as a table with HXL hashtags, as humanitarian data platforms read it.

The hashtags are those of the Humanitarian Exchange Language 1.1. Knows nothing of display.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from icatmapping.dataset import Dataset
from icatmapping.model import geography
from icatmapping.model.records import Entity, Initiative, Organization
from icatmapping.query.dimensions import dimension
from icatmapping.utils.files import csv_bytes, known_suffix, write_atomically

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from icatmapping.query.collection import Collection
    from icatmapping.query.directory import Directory

__all__ = ["to_hxl", "write_hxl"]


def to_hxl(records: Dataset | Collection[Initiative]) -> list[list[str]]:
    """
    Make a 3W table of initiatives: a row of headers, a row of HXL hashtags, then the data.

    There is one row for each initiative, each organization in each role (lead, partner, donor), and each place: every
    country that the initiative names, and every region that its sources name besides, without a country. An initiative
    without organizations or places keeps a row. Cells under a hashtag with ``+list`` hold several values, separated
    by ``|``, as HXL tools expand them.

    Args:
        records: A dataset, of which the initiatives are meant, or some initiatives.

    Raises:
        TypeError: If they are records of another kind.

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
    """
    initiatives: Collection[Any] = records.initiatives if isinstance(records, Dataset) else records
    if initiatives.kind is not Initiative:
        message = f"a 3W table is made of initiatives, not of {initiatives.kind.collection}"
        raise TypeError(message)
    columns = (*_WHO, *_WHERE, *_WHAT)
    rows = (row for initiative in initiatives for row in _rows(initiative, initiatives.directory))
    return [[column.header for column in columns], [column.hashtag for column in columns], *rows]


def write_hxl(records: Dataset | Collection[Initiative], path: str | os.PathLike[str]) -> None:
    """
    Write the table of `to_hxl` to a CSV file, whole or not at all.

    Text that a spreadsheet would take for a formula gets an apostrophe in front, and the file a byte-order mark, by
    which Excel knows that it is UTF-8.

    Args:
        records: A dataset, of which the initiatives are meant, or some initiatives.
        path: The file, ``.csv``. One that exists is replaced.

    Raises:
        TypeError: If they are records of another kind.
        UnknownNameError: If the suffix is another.
    """
    known_suffix(path, (".csv",), "an HXL file")
    write_atomically(Path(path), csv_bytes(to_hxl(records), mark=True))


# --- rows ------------------------------------------------------------------------------------------------------------


def _rows(initiative: Initiative, directory: Directory) -> Iterator[list[str]]:
    what = [column.read(initiative, directory) for column in _WHAT]
    where = [[column.read(place) for column in _WHERE] for place in _places(initiative)]
    for participation in _participations(initiative, directory):
        who = [column.read(participation) for column in _WHO]
        yield from ([*who, *place, *what] for place in where)


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
    """Where: a country and its region, or a region alone."""

    country: str | None
    region: str | None


def _places(initiative: Initiative) -> Sequence[_Place]:
    countries = [_Place(country, geography.region_of(country)) for country in initiative.countries]
    named = {place.region for place in countries}
    others = [_Place(None, region) for region in initiative.regions if region not in named]
    return [*countries, *others] or [_Place(None, None)]


# --- columns ---------------------------------------------------------------------------------------------------------


class _Column(NamedTuple):
    """A column: its header, its hashtag, and what gives the text of a cell."""

    header: str
    hashtag: str
    read: Callable[..., str]


def _of_organization(header: str, hashtag: str, field: str) -> _Column:
    return _Column(header, hashtag, lambda who: (getattr(who.organization, field) or "") if who.organization else "")


def _of_initiative(header: str, hashtag: str, field: str) -> _Column:
    return _Column(header, hashtag, lambda initiative, _: str(getattr(initiative, field) or ""))


def _of_dimension(header: str, headers: str, hashtag: str, name: str) -> tuple[_Column, _Column]:
    """Make two columns, codes and labels, of a dimension of which an initiative may have several values."""
    entry = dimension(name, Initiative)

    def codes(initiative: Initiative, directory: Directory) -> str:
        return _listed(map(str, entry.values(initiative, directory)))

    def labels(initiative: Initiative, directory: Directory) -> str:
        return _listed(entry.label(value, directory) for value in entry.values(initiative, directory))

    return _Column(f"{header} codes", f"{hashtag}+code+list", codes), _Column(headers, f"{hashtag}+name+list", labels)


def _listed(values: Iterable[str]) -> str:
    # Only addresses can hold the separator; there, this is another spelling of it.
    return "|".join(value.replace("|", "%7C") for value in values)


_WHO = (
    _of_organization("Organization code", "#org+code", "id"),
    _of_organization("Organization acronym", "#org+acronym", "acronym"),
    _of_organization("Organization", "#org+name", "name"),
    _Column("Organization type", "#org+type", lambda who: who.organization.kind.label if who.organization else ""),
    _Column("Role", "#org+role", lambda who: who.role),
)
_WHERE = (
    _Column("Country code", "#country+code+v_iso3", lambda place: place.country or ""),
    _Column("Country", "#country+name", lambda place: geography.country(place.country).name if place.country else ""),
    _Column("Region code", "#region+code", lambda place: str(place.region or "")),
    _Column("Region", "#region+name", lambda place: geography.area_label(place.region) if place.region else ""),
)
_WHAT = (
    _of_initiative("Initiative code", "#activity+code", "id"),
    _of_initiative("Initiative", "#activity+name", "title"),
    *_of_dimension("Priority area", "Priority areas", "#sector", "priority_area"),
    *_of_dimension("Theme", "Themes", "#subsector", "theme"),
    *_of_dimension("Response", "Responses", "#activity+type", "response"),
    *_of_dimension("Target group", "Target groups", "#beneficiary", "target_group"),
    *_of_dimension("Form of exploitation", "Forms of exploitation", "#x_exploitation", "form"),
    _of_initiative("Scope", "#x_scope", "scope"),
    _of_initiative("Start", "#date+start", "start"),
    _of_initiative("End", "#date+end", "end"),
    _of_initiative("Status", "#status", "status"),
    _of_initiative("Summary", "#description", "summary"),
    _of_initiative("Page", "#activity+url", "url"),
    _Column("Sources", "#meta+url+list", lambda initiative, _: _listed(initiative.sources)),
    _of_initiative("Sources read", "#date+checked", "checked"),
)
