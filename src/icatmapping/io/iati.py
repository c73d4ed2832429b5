"""
Initiatives as an activity file of the IATI standard, version 2.03.
"""

from __future__ import annotations

import calendar
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from icatmapping.dataset import Dataset
from icatmapping.io.iati_reading import OWN_VOCABULARY
from icatmapping.model import geography
from icatmapping.model.fields import is_statement
from icatmapping.model.records import Initiative
from icatmapping.utils.files import known_suffix, write_atomically

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping

    from icatmapping.query.collection import Collection
    from icatmapping.query.directory import Directory

__all__ = ["ReportingOrganization", "to_iati", "write_iati"]


class ReportingOrganization(NamedTuple):
    """
    Who publishes activities.

    Attributes:
        ref: Its identifier in the IATI registry, e.g. ``"XM-DAC-41128"``.
        name: Its name.
        type: Its code in the list OrganisationType, e.g. ``"40"`` for a multilateral organization.
    """

    ref: str
    name: str
    type: str = "40"


def to_iati(records: Dataset | Collection[Initiative], reporting: tuple[str, str] | tuple[str, str, str]) -> str:
    """
    Return initiatives as an activity file of the IATI standard 2.03.

    Leads are accountable organizations, partners implement, donors fund. The terms of the mapping, which IATI has no
    codes for, are tags of vocabularies of its own, so that `read_iati` reads the same again; a date of which only the
    year or the month is known is written as its first or last day, and says so. The standard has no activity without a
    date, so that initiatives with neither start nor end are left out. A status
    that nobody knows is written as closed if the end is past, else as implementation.

    Args:
        records: A dataset, of which the initiatives are meant, or some initiatives.
        reporting: Who publishes them: the identifier in the IATI registry, the name, and the type if it is not
            multilateral (``"40"``), as in `ReportingOrganization`.

    Raises:
        TypeError: If they are records of another kind.
        ValueError: If the identifier of the publisher could not be one.

    Examples:
        >>> import icatmapping as im
        >>> text = im.to_iati(im.load().initiatives[:1], ("XX-EXAMPLE-1", "Example organization", "22"))
        >>> "<iati-identifier>XX-EXAMPLE-1-50-for-freedom</iati-identifier>" in text
        True
    """
    initiatives: Collection[Any] = records.initiatives if isinstance(records, Dataset) else records
    if initiatives.kind is not Initiative:
        message = f"activities are made of initiatives, not of {initiatives.kind.collection}"
        raise TypeError(message)
    publisher = ReportingOrganization(*reporting)
    if re.fullmatch(r"[^\s/&|?]+", publisher.ref) is None:
        message = f"the identifier of the publisher must have no blanks and none of / & | ?, not {publisher.ref!r}"
        raise ValueError(message)
    root = ET.Element("iati-activities", {"version": "2.03"})
    as_of = getattr(initiatives.directory.source, "as_of", "")
    for initiative in initiatives:
        if _dates(initiative):
            root.append(_activity(initiative, publisher, initiatives.directory, as_of))
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def write_iati(
    records: Dataset | Collection[Initiative],
    path: str | os.PathLike[str],
    reporting: tuple[str, str] | tuple[str, str, str],
) -> None:
    """
    Write the activities of `to_iati` to a file, whole or not at all.

    Args:
        records: A dataset, of which the initiatives are meant, or some initiatives.
        path: The file, ``.xml``. One that exists is replaced.
        reporting: Who publishes them, as in `to_iati`.

    Raises:
        UnknownNameError: If the suffix is another.
    """
    known_suffix(path, (".xml",), "an IATI file")
    write_atomically(Path(path), to_iati(records, reporting).encode("utf-8"))


_ROLES: Mapping[str, str] = MappingProxyType({"donors": "1", "leads": "2", "partners": "4"})
_SCOPES: Mapping[str, str] = MappingProxyType({"global": "1", "regional": "2", "national": "4"})
_TERMS: Mapping[str, str] = MappingProxyType(
    {"theme": "themes", "form": "forms", "response": "responses", "target_group": "target_groups", "sector": "sectors"}
)
_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "government": "10",
        "donor_agency": "10",
        "ngo": "21",
        "private_sector": "70",
        "academia": "80",
        "foundation": "60",
        "international_organization": "40",
        "regional_organization": "40",
        "eu_body": "40",
    }
)


def _activity(record: Initiative, publisher: ReportingOrganization, directory: Directory, as_of: str) -> ET.Element:
    """Return an activity, its elements in the order of the standard."""
    activity = ET.Element("iati-activity", {"last-updated-datetime": f"{record.checked}-01T00:00:00Z"})
    activity.set("{http://www.w3.org/XML/1998/namespace}lang", "en")
    _child(activity, "iati-identifier").text = f"{publisher.ref}-{record.id}"
    _narrative(_child(activity, "reporting-org", ref=publisher.ref, type=publisher.type), publisher.name)
    _narrative(_child(activity, "title"), record.title)
    _narrative(_child(activity, "description", type="1"), record.summary)
    _add_bodies(activity, record, publisher, directory)
    closed = record.status == "completed" or (record.status == "unknown" and record.end and record.end < as_of)
    _child(activity, "activity-status", code="4" if closed else "2")
    for kind, day, stated in _dates(record):
        _narrative(_child(activity, "activity-date", **{"iso-date": day, "type": kind}), stated)
    _child(activity, "activity-scope", code=_SCOPES[record.scope])
    for country in record.countries:
        _child(activity, "recipient-country", code=geography.country(country).alpha2)
    for area in record.regions:
        region = {"code": area, "vocabulary": "99", "vocabulary-uri": f"{OWN_VOCABULARY}area"}
        _narrative(_child(activity, "recipient-region", **region), geography.area_label(area))
    for name, code, label in _tags(record):
        tag = {"vocabulary": "99", "vocabulary-uri": f"{OWN_VOCABULARY}{name}", "code": code}
        _narrative(_child(activity, "tag", **tag), label)
    pages: list[str] = [*([record.url] if record.url else []), *record.sources]
    for address in dict.fromkeys(pages):
        if not is_statement(address):
            _add_link(activity, record, address)
    return activity


def _add_bodies(
    activity: ET.Element, record: Initiative, publisher: ReportingOrganization, directory: Directory
) -> None:
    has_any = False
    for field, role in _ROLES.items():
        for identifier in getattr(record, field):
            body = directory.by_id[identifier]
            reference = next((one.value for one in body.identifiers if one.type == "iati"), None)
            attributes = {"role": role, "type": _KINDS.get(body.kind, "40" if body.collection == "entities" else "90")}
            if reference is not None:
                attributes["ref"] = reference
            _narrative(_child(activity, "participating-org", **attributes), body.name)
            has_any = True
    if not has_any:  # the standard wants one
        attributes = {"role": "3", "type": publisher.type, "ref": publisher.ref}
        _narrative(_child(activity, "participating-org", **attributes), publisher.name)


def _dates(record: Initiative) -> list[tuple[str, str, str]]:
    """Return the dates of an initiative: the kind of date, the day that stands for it, and what is known of it."""
    found = []
    if record.start is not None:
        found.append(("2", _first_day(record.start), record.start))
    if record.end is not None:
        kind = "4" if record.status == "completed" else "3"
        found.append((kind, _last_day(record.end), record.end))
    return found


def _first_day(date: str) -> str:
    return f"{date}-01" if len(date) > 4 else f"{date}-01-01"


def _last_day(date: str) -> str:
    if len(date) == 4:
        return f"{date}-12-31"
    return f"{date}-{calendar.monthrange(int(date[:4]), int(date[5:]))[1]:02}"


def _tags(record: Initiative) -> Iterable[tuple[str, str, str]]:
    yield "id", record.id, record.title
    for name, field in _TERMS.items():
        for term in getattr(record, field):
            yield name, str(term), term.label
    for name in ("kind", "scope", "status"):
        term = getattr(record, name)
        if term is not None:
            yield name, str(term), term.label
    for name in ("acronym", "last_seen", "checked", "url"):
        value = getattr(record, name)
        if value is not None:
            yield name, value, value
    for name, values in (("source", record.sources), ("former_id", record.former_ids)):
        for value in values:
            yield name, value, value


def _add_link(activity: ET.Element, record: Initiative, address: str) -> None:
    link = _child(activity, "document-link", format="text/html", url=address)
    _narrative(_child(link, "title"), record.title)
    _child(link, "category", code="A12")


def _child(parent: ET.Element, tag: str, **attributes: str) -> ET.Element:
    return ET.SubElement(parent, tag, attributes)


def _narrative(element: ET.Element, text: str) -> None:
    ET.SubElement(element, "narrative").text = text
