"""
The rules of time and place, written as plain loops over JSON records from what the documentation says of them.

Nothing of the library's own spans, areas, dimensions or queries is used. `small_worlds` draws a few records whose
dates, countries and areas are combined in every way; `dataset_of` makes a dataset of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

import icatmapping as im
from icatmapping.datapackage.package import Package
from icatmapping.model.records import RECORD_CLASSES
from support.packages import Json, Raw, bundled

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LOCATED = ("initiatives", "partnerships", "resources")


# --- time ------------------------------------------------------------------------------------------------------------


def year_of(date: Any) -> int | None:
    """Return the year that a date begins with."""
    return None if date is None else int(str(date)[:4])


def known_years(kind: str, record: Json) -> range:
    """Return the years in which a record is known to have been active; none if it is undated."""
    if kind == "resources":
        year = record["year"]
        return range(0) if year is None else range(year, year + 1)
    start, end, seen = (year_of(record[name]) for name in ("start", "end", "last_seen"))
    if end is not None:
        last: int | None = end
    elif record.get("status") == "ongoing":
        last = seen if seen is not None else year_of(record["checked"])
    elif start is not None and seen is not None:
        last = max(start, seen)
    else:
        last = start if seen is None else seen
    if last is None:
        return range(0)
    # A start that is stated is known, also where it is after the year in which somebody looked.
    return range(last, last + 1) if start is None else range(start, max(start, last) + 1)


def may_be_active(kind: str, record: Json, year: int) -> bool:
    """Tell whether nothing that is stated rules a year out."""
    if kind == "resources":
        return record["year"] in (None, year)
    start, end = year_of(record["start"]), year_of(record["end"])
    if start is not None and year < start:
        return False
    if end is not None:
        return year <= end
    if record.get("status") in ("ongoing", "completed"):
        return year <= int(record["checked"][:4])
    return True


def is_active(kind: str, record: Json, years: Iterable[int], dates: str = "known") -> bool:
    """Tell whether a record is active in any of some years."""
    if dates == "known":
        known = known_years(kind, record)
        return any(year in known for year in years)
    return any(may_be_active(kind, record, year) for year in years)


# --- place -----------------------------------------------------------------------------------------------------------


class Places:
    """What lies in what: countries, and the areas that records name, by their value."""

    def __init__(self) -> None:
        self.country = {record["alpha3"]: record for record in bundled("countries")}
        self.areas: dict[str, set[str]] = {}
        for name in ("region", "subregion"):
            for alpha3, record in self.country.items():
                if record[name] is not None:
                    self.areas.setdefault(record[name], set()).add(alpha3)
        self.groupings = {record["id"] for record in bundled("groupings")}
        self.areas |= {record["id"]: set(record["members"]) for record in bundled("groupings")}
        self.regions = {record["region"] for record in self.country.values()} - {None}
        self.subregions = {record["subregion"] for record in self.country.values()} - {None}

    def is_in(self, record: Json, area: str) -> bool:
        """Tell whether a record names a country of an area, the area itself, or an area that lies wholly in it."""
        countries = {area} if area in self.country else self.areas[area]
        if any(alpha3 in countries for alpha3 in record["countries"]):
            return True
        return any(named == area or self.areas[named] <= countries for named in record["regions"])

    def reaches(self, kind: str, record: Json, alpha3: str, reach: str) -> bool:
        """Tell whether a record reaches a country."""
        if self.is_in(record, alpha3):
            return True
        if reach in ("regional", "global"):
            for named in record["regions"]:
                if alpha3 in self.areas[named] and not self.areas[named] & set(record["countries"]):
                    return True
        if reach == "global" and not record["countries"] and not record["regions"]:
            return kind == "resources" or record["scope"] == "global"
        return False

    def regions_of(self, record: Json) -> set[str]:
        """Give the regions of a record's countries, and those in which an area that it names lies wholly."""
        found = {self.country[alpha3]["region"] for alpha3 in record["countries"]}
        for named in record["regions"]:
            if named in self.regions:
                found.add(named)
            else:
                found |= {region for region in self.regions if self.areas[named] <= self.areas[region]}
        return found - {None}

    def subregions_of(self, record: Json) -> set[str]:
        """Give the sub-regions of a record's countries, and those that it names."""
        found = {self.country[alpha3]["subregion"] for alpha3 in record["countries"]}
        return (found | {named for named in record["regions"] if named in self.subregions}) - {None}

    def groupings_of(self, record: Json) -> set[str]:
        """Give the groupings that a record names."""
        return {named for named in record["regions"] if named in self.groupings}


PLACES = Places()


def ids(records: Iterable[Any]) -> list[str]:
    """Give the ids of some records, in order."""
    return [record.id for record in records]


# --- worlds ----------------------------------------------------------------------------------------------------------

_COUNTRIES = ("GHA", "NGA", "ALB", "SRB", "IDN", "VNM", "BHR", "BRA", "ATA")
_AREAS = (
    *("africa", "asia_pacific", "europe", "Western Africa", "South-eastern Asia", "Southern Europe"),
    *("western-balkans", "asean", "ecowas", "sahel", "latin-america", "mena"),
)
_YEARS = ("2015", "2018-03", "2018", "2020-11", "2023")
_CHECKED = ("2023-02", "2024-06", "2026-11")


@st.composite
def small_worlds(draw: st.DrawFn) -> Raw:
    """Draw a few records, mostly with few dates and places."""
    return {kind: [_record(draw, kind, number) for number in range(draw(st.integers(0, 6)))] for kind in LOCATED}


def _record(draw: st.DrawFn, kind: str, number: int) -> Json:
    record: Json = {
        **_like(kind),
        "id": f"record-{number}",
        "countries": draw(st.lists(st.sampled_from(_COUNTRIES), max_size=3, unique=True)),
        "regions": draw(st.lists(st.sampled_from(_AREAS), max_size=2, unique=True)),
        "themes": draw(st.sampled_from([[], ["protection"], ["prevention", "protection"]])),
        "checked": draw(st.sampled_from(_CHECKED)),
    }
    record["title" if "title" in record else "name"] = draw(st.sampled_from(["Émile", "apple", "Zoo", "the b", "b"]))
    if kind == "resources":
        return {**record, "year": draw(st.sampled_from([None, 2015, 2020]))}
    dates = sorted(draw(st.lists(st.sampled_from(_YEARS), min_size=2, max_size=2)))
    record["start"], record["end"] = (draw(st.sampled_from([None, date])) for date in dates)
    record["last_seen"] = draw(st.sampled_from([None, *(date for date in _YEARS if date >= (record["start"] or ""))]))
    record["scope"] = draw(st.sampled_from(["global", "regional", "national"]))
    if kind == "initiatives":
        record["status"] = draw(st.sampled_from(["ongoing", "completed", "unknown"]))
    return record


def _like(kind: str) -> Json:
    """Return a bundled record without what links it to others."""
    record = dict(bundled(kind)[0])
    return (
        record
        | {name: [] for name, value in record.items() if isinstance(value, list) and name != "sources"}
        | {name: None for name in ("initiative", "url") if name in record}
    )


def dataset_of(world: Mapping[str, list[Json]]) -> im.Dataset:
    """Return a dataset of drawn records and the bundled groupings."""
    records: dict[str, Any] = {
        kind: tuple(
            RECORD_CLASSES[kind](
                **{name: tuple(value) if isinstance(value, list) else value for name, value in one.items()}
            )
            for one in world[kind]
        )
        for kind in LOCATED
    }
    nothing: dict[str, Any] = dict.fromkeys(("entities", "organizations", "findings", "hosts"), ())
    return im.Dataset.from_package(Package(**records, **nothing, groupings=tuple(im.load().groupings)))
