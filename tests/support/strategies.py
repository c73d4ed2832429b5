"""
Small mappings that nobody recorded, and questions about them, drawn with hypothesis.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import combinations
from math import prod
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any, get_args

from attrs import fields
from hypothesis import strategies as st

import icatmapping as im
from icatmapping.datapackage.package import Package
from icatmapping.model.records import RECORD_CLASSES
from icatmapping.model.vocabulary import Term
from support.reference import COLLECTIONS, NODE_PREFIXES, Reference

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from support.packages import Json, Raw

_CRITERIA = (
    "country",
    "region",
    "subregion",
    "scope",
    "theme",
    "form",
    "response",
    "target_group",
    "sector",
    "priority_area",
    "year",
    "entity",
    "organization",
)


@st.composite
def criteria(draw: st.DrawFn, reference: Reference, names: Sequence[str] = _CRITERIA, most: int = 2) -> dict[str, Any]:
    """Draw criteria that at least one initiative or partnership meets, if there is one; mostly few."""
    kinds = [kind for kind in ("initiatives", "partnerships") if reference.raw[kind]]
    if not kinds:
        return {}
    kind = draw(st.sampled_from(kinds))
    record = draw(st.sampled_from(reference.raw[kind]))
    chosen: dict[str, Any] = {}
    for name in draw(st.lists(st.sampled_from(names), unique=True, max_size=most)):
        if name in ("since", "until"):
            years = sorted(reference.values(kind, record, "year"))
            if years:
                chosen[name] = years[-1 if name == "since" else 0]
            continue
        values = sorted(reference.values(kind, record, "country" if name == "place" else name))
        if name == "place":
            values += record["regions"]
            name = "country"  # noqa: PLW2901 - a place is asked for as a country
        if values:
            value = draw(st.sampled_from(values))
            more = draw(st.sampled_from([(), (), tuple(values[:2])]))
            chosen[name] = tuple(dict.fromkeys((value, *more))) if more else value
    if "country" in chosen and draw(st.booleans()):
        chosen["reach"] = draw(st.sampled_from(["named", "regional", "global"]))
    if chosen.get("since", 0) > chosen.get("until", 9999):
        chosen["since"], chosen["until"] = chosen["until"], chosen["since"]
    if chosen.keys() & {"year", "since", "until"} and draw(st.booleans()):
        chosen["dates"] = draw(st.sampled_from(["known", "possible"]))
    return chosen


SETTINGS = st.fixed_dictionaries(
    {},
    optional={
        "of": st.sampled_from(COLLECTIONS),
        "donors": st.booleans(),
        "external": st.booleans(),
        "foreign_governments": st.booleans(),
    },
)
WEIGHING = st.fixed_dictionaries(
    {},
    optional={
        "topic": st.sampled_from(["prefer", "require"]),
        "weighting": st.sampled_from(["relevance", "newman"]),
        "half_life": st.sampled_from([None, 0.5, 3, 10]),
        "organs": st.sampled_from(["fold", "keep"]),
    },
)
HOPS = st.sampled_from([4, 4, 4, 5, 3, 2, 1])


@st.composite
def ends(draw: st.DrawFn, reference: Reference) -> tuple[str, str]:
    """Draw two different bodies, mostly entities, that are not the same with organs folded."""
    anybody = st.one_of(st.sampled_from(sorted(reference.entities)), st.sampled_from(sorted(reference.bodies)))
    source = draw(anybody)
    target = draw(anybody.filter(lambda one: reference.fold(one) != reference.fold(source)))
    return source, target


# --- worlds --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SmallMapping:
    """A small mapping: its plain records and the dataset made of them."""

    raw: Raw
    ds: im.Dataset

    @cached_property
    def reference(self) -> Reference:
        """The plain reading of it."""
        return Reference(self.raw)

    def __repr__(self) -> str:
        """Show what a failing test has to tell: who takes part in what."""
        kept = {
            kind: [
                {field: value for field, value in record.items() if value and field not in ("sources", "checked")}
                for record in records
            ]
            for kind, records in self.raw.items()
            if kind in ("organizations", *NODE_PREFIXES)
        }
        return f"SmallMapping({json.dumps(kept)})"


_COUNTRIES = ("NGA", "GHA", "UKR")
_REGIONS = ("africa", "europe", "Western Africa", "coast")
_GROUPINGS: list[Json] = [
    {
        "id": "coast",
        "name": "The Coast",
        "aliases": [],
        "kind": "process",
        "members": ["BEN", "GHA", "NGA"],
        "sources": ["https://example.org/page"],
        "checked": "2024-05",
    }
]
_THEMES = ("prevention", "prosecution", "child_protection")
_FORMS = ("labour_exploitation", "sexual_exploitation")
_NAMES = ("alpha", "bravo", "charlie", "delta")
_PROVENANCE: Json = {"sources": ["https://example.org/page"], "checked": "2024-05", "former_ids": []}


def _entity(name: str) -> Json:
    content = {"acronym": name.upper(), "name": f"{name.title()} Office", "aliases": [f"{name.title()} Agency"]}
    content |= {"kind": "un_secretariat", "headquarters": None, "website": f"https://{name}.int", "mandate": "To help."}
    content |= {"trafficking_url": None, "membership": "stated", "joined": None, "left": None}
    lists = ("legal_basis", "levels", "regions", "themes", "forms", "responses", "target_groups")
    return {"id": name, **content, **{field: [] for field in lists}, **_PROVENANCE}


@cache
def _some(values: tuple[str, ...], most: int) -> Sequence[tuple[str, ...]]:
    """List up to so many of some values, any number of them as often."""
    by_size = [list(combinations(values, size)) for size in range(min(most, len(values)) + 1)]
    as_many = max(map(len, by_size))
    return [some for group in by_size for some in (group * as_many)[:as_many]]


def _records(**fields: Sequence[Any]) -> st.SearchStrategy[Json]:
    """Draw the fields of a record from what each may be: as one number, since a drawn choice takes its time."""

    def record(number: int) -> Json:
        content = {}
        for name, values in fields.items():
            number, position = divmod(number, len(values))
            value = values[position]
            content[name] = list(value) if isinstance(value, tuple) else value
        return content

    return st.integers(0, prod(map(len, fields.values())) - 1).map(record)


_YEARS = (None, None, 2015, 2020)
_SEEN = (None, None, "2018", "2023-07")
_PLACED = {
    "countries": _some(_COUNTRIES, 2),
    "regions": _some(_REGIONS, 1),
    "forms": _some(_FORMS, 1),
    "themes": _some(_THEMES, 2),
}
_UNDERTAKING = {
    "scope": ("global", "regional", "national"),
    **_PLACED,
    "start": (None, "2015", "2020-03"),
    "end": (None, None, "2021"),
    "last_seen": _SEEN,
}
_INITIATIVE = {
    **_UNDERTAKING,
    "status": ("ongoing", "completed", "unknown"),
}


@st.composite
def raw_worlds(draw: st.DrawFn, bodies: int = 9) -> Raw:
    """Draw the plain records of a small mapping: some bodies, and records that mostly join two or three of them."""
    entities = [_entity(name) for name in _NAMES[: draw(st.integers(2, 4))]]
    count = draw(st.integers(0, bodies - len(entities)))
    names = (*(entity["id"] for entity in entities), *(f"org-{place}" for place in range(count)))

    def records(kind: str, most: int, who: st.SearchStrategy[Json], what: st.SearchStrategy[Json]) -> list[Json]:
        drawn = draw(st.lists(st.tuples(who, what), max_size=most))
        return [
            {"id": f"{kind}-{letter}", **participants, **content, **_PROVENANCE}
            for letter, (participants, content) in zip(ascii_lowercase, drawn, strict=False)
        ]

    roles = _records(leads=_some(names, 2), partners=_some(names, 2), donors=_some(names, 1))
    initiatives = records("work", 12, roles, _records(**_INITIATIVE))
    twins = (None, None, *(record["id"] for record in initiatives))
    agreement = _records(**_UNDERTAKING, initiative=twins)
    partnerships = records("pact", 5, _records(members=_some(names, 4)), agreement)
    resources = records("text", 3, _records(publishers=_some(names, 3)), _records(**_PLACED, year=_YEARS))
    described = _records(
        kind=("ngo", "ngo", "government", "umbrella", "armed_group"),
        country=(None, *_COUNTRIES),
        part_of=(None, None, None, _NAMES[0], "the one before"),
        ended=(None, None, None, 2018),
        body_of=(None, None, None, *(record["id"] for record in partnerships)),
    )
    plain: Json = {"acronym": None, "aliases": [], "website": None, "successor": None}
    organizations = [
        {"id": name, "name": name.replace("org-", "Organization "), **plain, **draw(described), **_PROVENANCE}
        for name in names[len(entities) :]
    ]
    for place, record in enumerate(organizations):
        if record["part_of"] == "the one before":
            record["part_of"] = organizations[place - 1]["id"] if place else None
    return _fill_defaults(entities, organizations, initiatives, partnerships, resources)


def _fill_defaults(
    entities: list[Json],
    organizations: list[Json],
    initiatives: list[Json],
    partnerships: list[Json],
    resources: list[Json],
) -> Raw:
    """Give every record the fields that nothing depends on."""
    said = {"url": None, "summary": "Something.", "acronym": None, "responses": [], "target_groups": [], "sectors": []}
    agreed = {**said, "kind": "alliance"}
    said |= {"kind": None}
    published = {
        "url": None,
        "kind": "guideline",
        "languages": [],
        "identifiers": [],
        "target_groups": [],
        "sectors": [],
    }

    def named(records: list[Json], field: str, others: Json) -> list[Json]:
        return [{**record, **others, field: record["id"].replace("-", " ").title()} for record in records]

    return {
        "entities": entities,
        "organizations": organizations,
        "initiatives": named(initiatives, "title", said),
        "partnerships": named(partnerships, "name", agreed),
        "resources": named(resources, "title", published),
        "findings": [],
        "hosts": [],
        "groupings": _GROUPINGS,
    }


def mapping_of(work: Sequence[tuple[str, ...]], **organizations: Json) -> SmallMapping:
    """
    Make a mapping of initiatives in Nigeria by who takes part in them.

    Args:
        work: The participants of each initiative; entities are alpha, bravo, charlie and delta.
        organizations: What is special about an organization, by its id.
    """
    fixed: Json = {"scope": "national", "countries": ["NGA"], "start": None, "end": None, "status": "unknown"}
    fixed |= {"last_seen": None}
    fixed |= {field: [] for field in ("donors", "partners", "regions", "forms", "responses", "themes", "target_groups")}
    initiatives = [
        {"id": f"work-{place}", "leads": list(who), **fixed, **_PROVENANCE} for place, who in enumerate(work)
    ]
    plain: Json = {"acronym": None, "aliases": [], "kind": "ngo", "country": None, "website": None}
    plain |= {"part_of": None, "body_of": None, "ended": None, "successor": None}
    others = [
        {"id": name, **plain, "name": name.title(), **_PROVENANCE, **organizations.get(name, {})}
        for name in sorted({one for who in work for one in who} - set(_NAMES))
    ]
    raw = _fill_defaults([_entity(name) for name in _NAMES], others, initiatives, [], [])
    return SmallMapping(raw, dataset(raw))


def worlds(bodies: int = 9) -> st.SearchStrategy[SmallMapping]:
    """Draw a small mapping."""
    return raw_worlds(bodies).map(lambda raw: SmallMapping(raw, dataset(raw)))


def dataset(raw: Mapping[str, list[Json]]) -> im.Dataset:
    """Make a dataset of plain records, which must keep every rule."""
    kinds: dict[str, Any] = dict(RECORD_CLASSES)
    records = {name: tuple(_record(kind, record) for record in raw.get(name, ())) for name, kind in kinds.items()}
    return im.Dataset.from_package(Package(**records))


def _record(kind: type[Any], raw: Json) -> Any:
    terms = _terms(kind)
    return kind(**{name: _built(value, terms.get(name)) for name, value in raw.items()})


def _built(value: Any, term: type[Term] | None) -> Any:
    if isinstance(value, list):
        return tuple(_built(item, term) for item in value)
    return value if term is None or value is None else term(value)


@cache
def _terms(kind: type[Any]) -> dict[str, type[Term]]:
    """Give the vocabulary of every field that has one."""
    parts = {field.name: (field.type, *get_args(field.type)) for field in fields(kind)}
    found = {name: [part for part in some if isinstance(part, type)] for name, some in parts.items()}
    return {name: part for name, some in found.items() for part in some if issubclass(part, Term)}
