"""
The plain reading of a mapping, which expectations are computed from.

`Reference` reads JSON records with loops and sets written from the definitions in the documentation; it uses nothing
of the library's own dimensions, queries, indexes or graphs.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import urlsplit

from support.packages import KINDS, ROLES, Json, Raw, bundled

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Value: TypeAlias = str | int

NODE_PREFIXES = {"initiatives": "initiative", "partnerships": "partnership", "resources": "resource"}
ROLES_OF = {"initiatives": ("leads", "partners"), "partnerships": ("members",), "resources": ("publishers",)}
COLLECTIONS = (
    ("initiatives", "partnerships"),
    ("initiatives",),
    ("partnerships",),
    ("resources",),
    ("initiatives", "partnerships", "resources"),
)
BODIES = ("entity", "organization", "lead", "partner", "donor", "member", "publisher")
GRADES = ("own", "official", "other", "mirror")
STATE_KINDS = ("government", "donor_agency")
_LISTED = {
    "theme": "themes",
    "form": "forms",
    "response": "responses",
    "target_group": "target_groups",
    "lead": "leads",
    "partner": "partners",
    "donor": "donors",
    "member": "members",
    "publisher": "publishers",
    "language": "languages",
    "sector": "sectors",
}
_KIND_VOCABULARY = {
    "entities": "entity_kind",
    "initiatives": "initiative_kind",
    "organizations": "organization_kind",
    "partnerships": "partnership_kind",
    "resources": "resource_kind",
}
_GOVERNMENT = {"gov", "gob", "gouv", "gub", "govt", "government"}
_SECOND = _GOVERNMENT | {"go", "gc", "mil", "gv", "gok", "guv"}
_TRADE = {"com", "org", "net", "info", "biz", "co", "ac", "edu", "io"}


def _path(address: str) -> str:
    """Give where on its host a page is: without the language, with a slash behind each part."""
    path = re.sub(r"[?#].*", "", address).lower().partition("://")[2].partition("/")[2]
    parts = [part for part in path.split("/") if part]
    if parts and parts[0] in {"ar", "de", "en", "es", "fr", "pt", "ru", "zh"}:
        parts = parts[1:]
    return "".join(f"/{part}" for part in parts) + "/"


def vocabulary_of(kind: str, dimension: str) -> str:
    """Name the vocabulary that a dimension takes its values from."""
    return _KIND_VOCABULARY[kind] if dimension == "kind" else dimension


@dataclass(frozen=True)
class Event:
    """A record that organizations take part in, or two records of one undertaking, with everybody who does."""

    participants: frozenset[str]
    records: tuple[Json, ...]

    @property
    def years(self) -> set[int]:
        """The years in which it is known to have been active."""
        return {year for record in self.records for year in years_of(kind_of(record), record)}


class Reference:
    """What the documented definitions say of some records, by plain loops."""

    def __init__(self, raw: Mapping[str, list[Json]]) -> None:
        self.raw: Raw = {name: bundled(name) for name in ("countries", "vocabulary")} | {"groupings": []} | dict(raw)
        self.country = {record["alpha3"]: record for record in self.raw["countries"]}
        self.terms: dict[str, dict[str, Json]] = {}
        for term in self.raw["vocabulary"]:
            self.terms.setdefault(term["vocabulary"], {})[term["value"]] = term
        self.entities = {entity["id"]: entity for entity in raw["entities"]}
        self.organizations = {organization["id"]: organization for organization in raw["organizations"]}
        self.bodies = self.entities | self.organizations
        self.rules = {rule["host"].removeprefix("www."): rule for rule in raw.get("hosts", ())}
        self.areas = self._find_areas()
        self._priority_areas = {area: set(term["themes"]) for area, term in self.terms["priority_area"].items()}

    def _find_areas(self) -> dict[str, set[str]]:
        """List the countries of every area that a record may name: a region, a sub-region or a grouping."""
        found: dict[str, set[str]] = {grouping["id"]: set(grouping["members"]) for grouping in self.raw["groupings"]}
        for country in self.raw["countries"]:
            for area in (country["region"], country["subregion"]):
                if area is not None:
                    found.setdefault(area, set()).add(country["alpha3"])
        return found

    def region_of(self, area: str) -> str | None:
        """Give the region in which an area lies as a whole, if there is one."""
        regions = {self.country[place]["region"] for place in self.areas[area]}
        return regions.pop() if len(regions) == 1 else None

    def label(self, identifier: str) -> str:
        """Name an entity by its acronym, anybody else by name."""
        return str(self.bodies[identifier]["acronym" if identifier in self.entities else "name"])

    def with_parents(self, identifiers: Iterable[str]) -> set[str]:
        """Add to some ids everything that they are organs of."""
        found, todo = set(identifiers), set(identifiers)
        while todo:
            todo = {part_of for one in todo if (part_of := self.bodies[one].get("part_of"))} - found
            found |= todo
        return found

    def entities_among(self, identifiers: Iterable[str]) -> set[str]:
        """Give the entities that some bodies are, or are organs of."""
        return self.with_parents(identifiers) & self.entities.keys()

    # --- pages

    @cached_property
    def sites(self) -> dict[str, dict[str, str]]:
        """Give, for each host, those that state it as their website, and where on it."""
        found: dict[str, dict[str, str]] = {}
        for identifier, record in self.bodies.items():
            if record["website"]:
                found.setdefault(host_of(record["website"]), {})[identifier] = _path(record["website"])
        return found

    def grade(self, address: str, bodies: set[str]) -> str:
        """Grade a page for a record in which some bodies take part: by the most special rule for its host."""
        labels = host_of(address).split(".")
        suffixes = [".".join(labels[place:]) for place in range(len(labels) - 1)]
        parts = [part for part in urlsplit(address).path.split("/") if part]
        places = ["/".join([suffix, *parts[:length]]) for suffix in suffixes for length in range(len(parts), -1, -1)]
        rule = next((self.rules[place] for place in places if place in self.rules), None)
        if rule is not None and rule["owner"] in bodies:
            return "own"
        page = _path(address)
        for suffix in suffixes:
            sites = self.sites.get(suffix, {})
            if any(one in bodies and (len(sites) == 1 or page.startswith(site)) for one, site in sites.items()):
                return "own"
        if rule is not None:
            return str(rule["grade"])
        special = labels[-1] in {"gov", "int", "mil"} or labels[-2:] in (["un", "org"], ["europa", "eu"])
        second, third = [*labels[-2::-1], "", ""][:2]
        of_country = len(labels[-1]) == 2 and (second in _SECOND or (third in _GOVERNMENT and second not in _TRADE))
        government = second in _GOVERNMENT and labels[-1] not in _TRADE
        return "official" if special or of_country or government else "other"

    # --- values and criteria

    def values(self, kind: str, record: Json, dimension: str) -> set[Any]:  # noqa: C901, PLR0911
        """Give the values of a record for a dimension; none for one that its kind has not."""
        if dimension in _LISTED:
            return set(record.get(_LISTED[dimension], ()))
        if dimension in ("kind", "status"):
            return {record[dimension]}
        if dimension == "scope":
            return set(record["levels"]) if kind == "entities" else {record["scope"]} if "scope" in record else set()
        if dimension == "priority_area":
            return {area for area, themes in self._priority_areas.items() if themes & set(record["themes"])}
        if dimension == "year":
            return set(years_of(kind, record))
        places = record.get("countries") or ([record["country"]] if record.get("country") else [])
        if dimension == "country":
            return set(places)
        if dimension == "subregion":
            named = {area for area in record.get("regions", ()) if area in self.terms["subregion"]}
            return named | {self.country[place]["subregion"] for place in places} - {None}
        if dimension == "region":
            named = {self.region_of(area) for area in record.get("regions", ())}
            return (named | {self.country[place]["region"] for place in places}) - {None}
        if dimension == "grouping":
            return {area for area in record["regions"] if area in {one["id"] for one in self.raw["groupings"]}}
        if dimension == "donor_country":
            donors = [self.bodies[donor] for donor in record.get("donors", ())]
            return {donor["country"] for donor in donors if donor["kind"] in STATE_KINDS} - {None}
        bodies = {one for role in ROLES for one in record.get(role, ())}
        if dimension == "organization":
            return bodies
        if dimension == "entity":
            return self.entities_among(bodies)
        bodies = self.with_parents(bodies or ({record["id"]} if kind in ("entities", "organizations") else ()))
        return {min((self.grade(address, bodies) for address in record["sources"]), key=GRADES.index)}

    def meets(self, kind: str, record: Json, criteria: Mapping[str, Any]) -> bool:
        """Tell whether a record meets every criterion that its kind can be asked for by."""
        reach = criteria.get("reach", "named")
        for name, given in criteria.items():
            if name in ("reach", "dates") or (kind == "resources" and name in ("scope", "response")):
                continue
            wanted = set(given) if isinstance(given, tuple | range | set) else {given}
            if name == "country" and "countries" in record:
                included = any(self.reaches(kind, record, one, reach) for one in wanted)
            elif name in ("since", "until"):
                continue
            elif name == "year" and criteria.get("dates") == "possible":
                included = any(may_be_active(kind, record, year) for year in wanted)
            else:
                included = bool(self.values(kind, record, name) & wanted)
            if not included:
                return False
        return self.is_between(kind, record, criteria)

    def is_between(self, kind: str, record: Json, criteria: Mapping[str, Any]) -> bool:
        """Tell whether a record is active in some year from one to another, if that is asked."""
        if "since" not in criteria and "until" not in criteria:
            return True
        span = range(criteria.get("since", 1900), criteria.get("until", 2100) + 1)
        if criteria.get("dates") == "possible":
            return any(may_be_active(kind, record, year) for year in span)
        return bool(set(span) & set(years_of(kind, record)))

    def countries_of(self, place: str) -> set[str]:
        """Give the countries of a country or an area."""
        return {place} if place in self.country else self.areas[place]

    def is_in(self, record: Json, place: str) -> bool:
        """Tell whether a record names a country of a place, the place itself, or an area that lies wholly in it."""
        countries = self.countries_of(place)
        areas = [area for area in record["regions"] if area == place or self.areas[area] <= countries]
        return bool(areas or countries & set(record["countries"]))

    def reaches(self, kind: str, record: Json, place: str, reach: str) -> bool:
        """Tell whether a record reaches a country, or any country of an area."""
        if place in self.areas:
            some = self.countries_of(place)
            return self.is_in(record, place) or any(self.reaches(kind, record, one, reach) for one in some)
        alpha3 = place
        if self.is_in(record, alpha3):
            return True
        for area in record["regions"] if reach != "named" else ():
            if alpha3 in self.areas[area] and not self.areas[area] & set(record["countries"]):
                return True
        placeless = not record["countries"] and not record["regions"]
        return reach == "global" and placeless and (kind == "resources" or record["scope"] == "global")

    def where(self, kind: str, criteria: Mapping[str, Any], **options: str) -> list[str]:
        """Give the ids of the records that meet every criterion, in the order of the file."""
        return [record["id"] for record in self.raw[kind] if self.meets(kind, record, {**criteria, **options})]

    def universe(self, kind: str, dimension: str) -> list[Value]:
        """List every value that one can ask for."""
        if dimension in ("country", "donor_country"):
            return list(self.country)
        if dimension == "grouping":
            return [grouping["id"] for grouping in self.raw["groupings"]]
        if dimension == "year":
            return list(range(1985, 2032))
        if dimension in BODIES:
            return sorted(self.entities if dimension == "entity" else self.bodies)
        return list(self.terms[vocabulary_of(kind, dimension)])

    # --- names and words

    @cached_property
    def as_of(self) -> int:
        """The year in which a record was last checked."""
        return max((int(record["checked"][:4]) for kind in KINDS for record in self.raw[kind]), default=0)

    @cached_property
    def words(self) -> dict[str, dict[str, set[str]]]:
        """Give the words of every record, by kind and id."""
        return {kind: {record["id"]: words_of(record) for record in self.raw[kind]} for kind in KINDS}

    @cached_property
    def names(self) -> Counter[str]:
        """Count by how many entities and organizations each name is borne."""
        return Counter(
            name for record in self.bodies.values() for name in {plain(name) for name in names_of(record) if name}
        )

    # --- the affiliation network

    def fold(self, body: str) -> str:
        """Give the entity that a body is an organ of, or the body itself."""
        return next(iter(self.entities_among([body])), body)

    def events(
        self, *, of: Sequence[str], donors: bool, criteria: Mapping[str, Any], organs: str = "fold"
    ) -> dict[str, Event]:
        """Give who takes part in the records that meet some criteria, by node; an undertaking recorded twice once."""
        roles = {**ROLES_OF, "initiatives": (*ROLES_OF["initiatives"], *(("donors",) if donors else ()))}
        who: dict[str, set[str]] = defaultdict(set)
        what: dict[str, list[Json]] = defaultdict(list)
        for kind in (kind for kind in NODE_PREFIXES if kind in of):
            for record in (record for record in self.raw[kind] if self.meets(kind, record, criteria)):
                twin = f"initiative:{record.get('initiative')}"
                node = twin if twin in what else f"{NODE_PREFIXES[kind]}:{record['id']}"
                bodies = [one for role in roles[kind] for one in record[role]]
                who[node].update(map(self.fold, bodies) if organs == "fold" else bodies)
                what[node].append(record)
        return {node: Event(frozenset(who[node]), tuple(records)) for node, records in what.items()}


def host_of(address: str) -> str:
    """Give the host of a web address, without the www."""
    return (urlsplit(address).hostname or "").removeprefix("www.")


def kind_of(record: Json) -> str:
    """Name the collection of a record in which organizations take part."""
    return next(kind for kind, roles in ROLES_OF.items() if roles[0] in record)


def first_and_last(years: Iterable[int]) -> dict[str, int]:
    """Give the first and the last of some years, if there are any."""
    found = set(years)
    return {"first": min(found), "last": max(found)} if found else {}


def years_of(kind: str, record: Json) -> range:
    """Give the years in which a record is known to be active."""
    if kind == "resources":
        return range(0) if record["year"] is None else range(record["year"], record["year"] + 1)
    first, last, seen, checked = (
        None if record[field] is None else int(record[field][:4]) for field in ("start", "end", "last_seen", "checked")
    )
    if last is None and record.get("status") == "ongoing":
        last = seen or checked
    if last is None:
        last = max(first or 0, seen or 0) or None
    if last is None:
        return range(0)
    return range(first or last, max(first or last, last) + 1)


def may_be_active(kind: str, record: Json, year: int) -> bool:
    """Tell whether the dates of a record do not rule out that it was active in a year."""
    if kind == "resources":
        return record["year"] in (None, year)
    until = record["end"] or (record["checked"] if record.get("status") in ("ongoing", "completed") else None)
    begun = record["start"] is None or int(record["start"][:4]) <= year
    return (begun and (until is None or year <= int(until[:4]))) or year in years_of(kind, record)


def names_of(record: Json) -> list[str]:
    """List every name of a record."""
    name = record.get("name") or record["title"]
    return [record["id"], record.get("acronym"), name, *record.get("aliases", ()), *record["former_ids"]]


_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "ə": "a"} | dict.fromkeys("'’‘ʼʻ`´")
)


def plain(text: str) -> str:
    """Write a text in lower case, without diacritics and apostrophes, its words apart by one blank."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS)).casefold()
    letters = (letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join("".join(letter if letter.isalnum() else " " for letter in letters).translate(_LETTERS).split())


def words_of(record: Json) -> set[str]:
    """List the words by which a search finds a record."""
    texts = (record.get(field) for field in ("name", "title", "acronym", "summary", "mandate"))
    # "Co-operation" is one word, and none that begins with "op".
    joined = (re.sub(r"\b(co)[-‑](?=o)", r"\1", text, flags=re.IGNORECASE) for text in texts if text)
    return {word for text in joined for word in plain(text).split()}
