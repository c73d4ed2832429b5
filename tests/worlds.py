"""
Datasets that nobody recorded, and the plain reading of a mapping that expectations are computed from.

`worlds` draws small mappings with hypothesis, `grown` makes the bundled one as large as a test or a benchmark wants.
`Ledger` reads plain JSON records with loops and sets written from the definitions in the documentation; it uses
nothing of the library's own dimensions, queries or graphs.
"""

from __future__ import annotations

import json
import random
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any, TypeAlias, get_args

from attrs import evolve, fields
from hypothesis import strategies as st

import icatmapping as im
from icatmapping.datapackage.package import Package
from icatmapping.model.records import RECORD_KINDS, Finding, Host
from icatmapping.model.vocabulary import Term

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

Json: TypeAlias = dict[str, Any]
Raw: TypeAlias = dict[str, list[Json]]

TYING = {"initiatives": "initiative", "partnerships": "partnership", "resources": "resource"}
ROLES = {"initiatives": ("leads", "partners"), "partnerships": ("members",), "resources": ("publishers",)}
COLLECTIONS = (
    ("initiatives", "partnerships"),
    ("initiatives",),
    ("partnerships",),
    ("resources",),
    ("initiatives", "partnerships", "resources"),
)


@cache
def bundled(name: str) -> list[Json]:
    """Read one of the bundled files as plain JSON."""
    content: list[Json] = json.loads((Path(im.__file__).parent / "data" / f"{name}.json").read_text(encoding="utf-8"))
    return content


# --- the plain reading ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Seats:
    """A record that organizations take part in, or two records of one undertaking, with everybody who does."""

    participants: frozenset[str]
    records: tuple[Json, ...]


class Ledger:
    """What the documented definitions say of some records."""

    def __init__(self, raw: Mapping[str, list[Json]]) -> None:
        self.raw = raw
        self.entities = {entity["id"]: entity for entity in raw["entities"]}
        self.organizations = {organization["id"]: organization for organization in raw["organizations"]}
        self.bodies = self.entities | self.organizations
        self._countries = {country["alpha3"]: country for country in bundled("countries")}
        self._areas = {
            term["value"]: set(term["themes"])
            for term in bundled("vocabulary")
            if term["vocabulary"] == "priority_area"
        }

    def label(self, identifier: str) -> str:
        """Name an entity by its acronym, anybody else by name."""
        return str(self.bodies[identifier]["acronym" if identifier in self.entities else "name"])

    def values(self, kind: str, record: Json, name: str) -> set[Any]:
        """Give the values of a record for a criterion."""
        lists = {"country": "countries", "theme": "themes", "form": "forms", "response": "responses"}
        lists["target_group"] = "target_groups"
        if name in lists:
            return set(record.get(lists[name], ()))
        readers: dict[str, Callable[[], Iterable[Any]]] = {
            "scope": lambda: [record["scope"]] if "scope" in record else [],
            "region": lambda: [*record["regions"], *(self._countries[one]["region"] for one in record["countries"])],
            "subregion": lambda: [self._countries[one]["subregion"] for one in record["countries"]],
            "priority_area": lambda: [area for area, themes in self._areas.items() if themes & set(record["themes"])],
            "organization": lambda: self._everybody(kind, record),
            "entity": lambda: [
                whole for one in self._everybody(kind, record) for whole in self._wholes(one) if whole in self.entities
            ],
            "year": lambda: self._years(kind, record),
        }
        return set(readers[name]()) - {None}

    def _everybody(self, kind: str, record: Json) -> list[str]:
        return [one for role in (*ROLES[kind], "donors") for one in record.get(role, ())]

    def _wholes(self, identifier: str | None) -> list[str]:
        found = []
        while identifier is not None:
            found.append(identifier)
            identifier = self.organizations.get(identifier, {}).get("part_of")
        return found

    @staticmethod
    def _years(kind: str, record: Json) -> Iterable[int]:
        checked = int(record["checked"][:4])
        if kind == "resources":
            return [] if record["year"] is None else [record["year"]]
        first, last = ("start", "end") if kind == "initiatives" else ("established", "ended")
        begin = None if record[first] is None else int(str(record[first])[:4])
        end = None if record[last] is None else int(str(record[last])[:4])
        if begin is None:
            return [] if end is None else [end]
        if end is None:
            end = begin if kind == "initiatives" and record["status"] != "ongoing" else checked
        return range(begin, max(begin, end) + 1)

    def meets(self, kind: str, record: Json, criteria: Mapping[str, Any]) -> bool:
        """Tell whether a record meets every criterion that its kind can be asked for by."""
        for name, given in criteria.items():
            if name in ("reach", "undated") or (kind == "resources" and name in ("scope", "response")):
                continue
            wanted = set(given) if isinstance(given, tuple | range) else {given}
            values = self.values(kind, record, name)
            included = bool(values & wanted)
            if name == "country":
                included |= any(self._reaches(kind, record, one, criteria.get("reach", "named")) for one in wanted)
            if name == "year":
                included |= not values and criteria.get("undated") == "include"
            if not included:
                return False
        return True

    def _reaches(self, kind: str, record: Json, country: str, reach: str) -> bool:
        region = self._countries[country]["region"]
        named = {self._countries[one]["region"] for one in record["countries"]}
        if reach in ("regional", "global") and region in record["regions"] and region not in named:
            return True
        placeless = not record["countries"] and not record["regions"]
        return reach == "global" and placeless and (kind == "resources" or record["scope"] == "global")

    def seats(self, *, of: Sequence[str], donors: bool, criteria: Mapping[str, Any]) -> dict[str, Seats]:
        """Give who takes part in the records that meet some criteria, by node; an undertaking recorded twice once."""
        roles = {**ROLES, "initiatives": (*ROLES["initiatives"], *(("donors",) if donors else ()))}
        who: dict[str, set[str]] = defaultdict(set)
        what: dict[str, list[Json]] = defaultdict(list)
        for kind in (kind for kind in TYING if kind in of):
            for record in (record for record in self.raw[kind] if self.meets(kind, record, criteria)):
                twin = f"initiative:{record.get('initiative')}"
                node = twin if twin in what else f"{TYING[kind]}:{record['id']}"
                who[node].update(one for role in roles[kind] for one in record[role])
                what[node].append(record)
        return {node: Seats(frozenset(who[node]), tuple(records)) for node, records in what.items()}


_CRITERIA = (
    "country",
    "region",
    "subregion",
    "scope",
    "theme",
    "form",
    "response",
    "target_group",
    "priority_area",
    "year",
    "entity",
    "organization",
)


@st.composite
def criteria(draw: st.DrawFn, ledger: Ledger, names: Sequence[str] = _CRITERIA, most: int = 2) -> dict[str, Any]:
    """Draw criteria that at least one initiative or partnership meets, if there is one; mostly few."""
    kinds = [kind for kind in ("initiatives", "partnerships") if ledger.raw[kind]]
    if not kinds:
        return {}
    kind = draw(st.sampled_from(kinds))
    record = draw(st.sampled_from(ledger.raw[kind]))
    chosen: dict[str, Any] = {}
    for name in draw(st.lists(st.sampled_from(names), unique=True, max_size=most)):
        values = sorted(ledger.values(kind, record, name))
        if values:
            value = draw(st.sampled_from(values))
            more = draw(st.sampled_from([(), (), tuple(values[:2])]))
            chosen[name] = tuple(dict.fromkeys((value, *more))) if more else value
    if "country" in chosen and draw(st.booleans()):
        chosen["reach"] = draw(st.sampled_from(["named", "regional", "global"]))
    if "year" in chosen and draw(st.booleans()):
        chosen["undated"] = draw(st.sampled_from(["exclude", "include"]))
    return chosen


# --- worlds --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class World:
    """A small mapping: its plain records and the dataset made of them."""

    raw: Raw
    ds: im.Dataset

    @property
    def ledger(self) -> Ledger:
        """The plain reading of it."""
        return Ledger(self.raw)

    def __repr__(self) -> str:
        """Show what a failing test has to tell: who takes part in what."""
        kept = {
            kind: [
                {field: value for field, value in record.items() if value and field not in ("sources", "checked")}
                for record in records
            ]
            for kind, records in self.raw.items()
            if kind in ("organizations", *TYING)
        }
        return f"World({json.dumps(kept)})"


_COUNTRIES = ("NGA", "GHA", "UKR")
_REGIONS = ("africa", "europe")
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


def _some(values: Sequence[str], most: int) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), unique=True, max_size=most) if values else st.just([])


def _placed(most: int = 1) -> dict[str, st.SearchStrategy[Any]]:
    return {
        "countries": _some(_COUNTRIES, most),
        "regions": _some(_REGIONS, most),
        "forms": _some(_FORMS, most),
        "themes": _some(_THEMES, 2),
        "target_groups": st.just([]),
    }


_YEARS = st.sampled_from([None, None, 2015, 2020])


@st.composite
def raw_worlds(draw: st.DrawFn, bodies: int = 9) -> Raw:
    """Draw the plain records of a small mapping: some bodies, and records that mostly join two or three of them."""
    entities = [_entity(name) for name in _NAMES[: draw(st.integers(2, 4))]]
    count = draw(st.integers(0, bodies - len(entities)))
    names = [entity["id"] for entity in entities] + [f"org-{place}" for place in range(count)]

    def records(kind: str, most: int, content: dict[str, st.SearchStrategy[Any]]) -> list[Json]:
        drawn = draw(st.lists(st.fixed_dictionaries(content), max_size=most))
        return [
            {"id": f"{kind}-{letter}", **record, **_PROVENANCE}
            for letter, record in zip(ascii_lowercase, drawn, strict=False)
        ]

    undertaking = {"scope": st.sampled_from(["global", "regional", "national"]), **_placed(), "responses": st.just([])}
    initiatives = records(
        "work",
        12,
        {
            "leads": _some(names, 2),
            "partners": _some(names, 2),
            "donors": _some(names, 1),
            **undertaking,
            "start": st.sampled_from([None, "2015", "2020-03"]),
            "end": st.sampled_from([None, "2021"]),
            "status": st.sampled_from(["ongoing", "completed", "unknown"]),
        },
    )
    twins = st.sampled_from([None, None, *(record["id"] for record in initiatives)])
    partnerships = records(
        "pact", 5, {"members": _some(names, 4), **undertaking, "established": _YEARS, "initiative": twins}
    )
    resources = records("text", 3, {"publishers": _some(names, 3), **_placed(), "year": _YEARS})
    pacts = st.sampled_from([None, None, None, *(record["id"] for record in partnerships)])
    organizations = [
        {
            "id": name,
            "acronym": None,
            "name": name.replace("org-", "Organization "),
            "aliases": [],
            "kind": draw(st.sampled_from(["ngo", "government"])),
            "country": draw(st.sampled_from([None, *_COUNTRIES])),
            "website": None,
            "part_of": draw(st.sampled_from([None, None, None, _NAMES[0]])),
            "body_of": draw(pacts),
            **_PROVENANCE,
        }
        for name in names[len(entities) :]
    ]
    return _fill_defaults(entities, organizations, initiatives, partnerships, resources)


def _fill_defaults(
    entities: list[Json],
    organizations: list[Json],
    initiatives: list[Json],
    partnerships: list[Json],
    resources: list[Json],
) -> Raw:
    """Give every record the fields that nothing depends on."""
    said = {"url": None, "summary": "Something.", "acronym": None}
    agreed = {**said, "kind": "alliance", "ended": None}
    published = {"url": None, "kind": "guideline", "languages": [], "identifiers": []}

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
    }


def joint(work: Sequence[tuple[str, ...]], **organizations: Json) -> World:
    """
    Make a mapping of initiatives in Nigeria by who takes part in them.

    Args:
        work: The participants of each initiative; entities are alpha, bravo, charlie and delta.
        organizations: What is special about an organization, by its id.
    """
    fixed: Json = {"scope": "national", "countries": ["NGA"], "start": None, "end": None, "status": "unknown"}
    fixed |= {field: [] for field in ("donors", "partners", "regions", "forms", "responses", "themes", "target_groups")}
    initiatives = [
        {"id": f"work-{place}", "leads": list(who), **fixed, **_PROVENANCE} for place, who in enumerate(work)
    ]
    plain: Json = {"acronym": None, "aliases": [], "kind": "ngo", "country": None, "website": None}
    plain |= {"part_of": None, "body_of": None}
    others = [
        {"id": name, **plain, "name": name.title(), **_PROVENANCE, **organizations.get(name, {})}
        for name in sorted({one for who in work for one in who} - set(_NAMES))
    ]
    raw = _fill_defaults([_entity(name) for name in _NAMES], others, initiatives, [], [])
    return World(raw, dataset(raw))


def worlds(bodies: int = 9) -> st.SearchStrategy[World]:
    """Draw a small mapping."""
    return raw_worlds(bodies).map(lambda raw: World(raw, dataset(raw)))


def dataset(raw: Mapping[str, list[Json]]) -> im.Dataset:
    """Make a dataset of plain records, which must keep every rule."""
    kinds: dict[str, Any] = {**RECORD_KINDS, "findings": Finding, "hosts": Host}
    records = {name: tuple(_record(kind, record) for record in raw[name]) for name, kind in kinds.items()}
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


# --- growth --------------------------------------------------------------------------------------------------------


def grown(ds: im.Dataset, n_initiatives: int, n_organizations: int | None = None, seed: int = 0) -> im.Dataset:
    """
    Grow a dataset to any size without changing what it is like.

    Everything in the dataset is kept. Organizations are cloned in turn, each clone with the kind and country of its
    original; initiatives, and partnerships and resources in proportion, are drawn with replacement from those there
    are. A drawn record keeps its countries, themes, dates and the number of its participants in every role. Entities
    stay who they are; for any other participant one of its clones takes part. A partnership that is the same
    undertaking as an initiative is drawn as the twin of a drawn one. The same arguments give an equal dataset.
    """
    kept = len(ds.organizations)
    n_organizations = kept if n_organizations is None else n_organizations
    if n_initiatives < len(ds.initiatives) or n_organizations < kept:
        message = f"a dataset of {len(ds.initiatives)} initiatives and {kept} organizations only grows"
        raise ValueError(message)
    growth = _Growth(ds, n_organizations, random.Random(seed))
    factor = n_initiatives / len(ds.initiatives)
    initiatives = growth.initiatives(n_initiatives)
    package = Package(
        entities=tuple(ds.entities),
        organizations=growth.organizations,
        initiatives=initiatives,
        partnerships=growth.partnerships(round(factor * len(ds.partnerships))),
        resources=growth.resources(round(factor * len(ds.resources))),
        findings=ds.findings,
        hosts=ds.hosts,
    )
    return im.Dataset.from_package(package)


class _Growth:
    def __init__(self, ds: im.Dataset, n_organizations: int, rng: random.Random) -> None:
        self._ds = ds
        self._rng = rng
        originals = tuple(ds.organizations)
        self._clones: dict[str, list[str]] = {one.id: [one.id] for one in originals}
        found = list(originals)
        while len(found) < n_organizations:
            copy, place = divmod(len(found), len(originals))
            original = originals[place]
            clone = evolve(
                original,
                id=f"{original.id}-{copy}",
                acronym=None if original.acronym is None else f"{original.acronym}{copy}",
                name=f"{original.name} {copy}",
                aliases=tuple(f"{alias} {copy}" for alias in original.aliases),
                body_of=None,
                former_ids=(),
            )
            self._clones[original.id].append(clone.id)
            found.append(clone)
        self.organizations = tuple(sorted(found, key=_id))
        self._twins: dict[str, list[tuple[str, dict[str, str]]]] = {
            one.initiative: [] for one in ds.partnerships if one.initiative is not None
        }

    def initiatives(self, wanted: int) -> tuple[im.Initiative, ...]:
        def clone(original: im.Initiative, rest: tuple[Any, ...], number: int) -> im.Initiative:
            cast: dict[str, str] = {}
            leads, partners, donors = (
                self._cast(role, cast) for role in (original.leads, original.partners, original.donors)
            )
            identifier = f"{original.id}-{number:07d}"
            if original.id in self._twins:
                self._twins[original.id].append((identifier, cast))
            title = f"{original.title} {number}"
            return im.Initiative(
                identifier, title, original.acronym, original.summary, leads, partners, donors, *rest, ()
            )

        return self._drawn(tuple(self._ds.initiatives), wanted, clone, after="donors")

    def partnerships(self, wanted: int) -> tuple[im.Partnership, ...]:
        def clone(original: im.Partnership, rest: tuple[Any, ...], number: int) -> im.Partnership:
            free = self._twins.get(original.initiative or "")
            twin, cast = free.pop() if free else (None, {})
            members = self._cast(original.members, cast)
            made = im.Partnership(
                f"{original.id}-{number:07d}",
                f"{original.name} {number}",
                original.acronym,
                original.kind,
                original.summary,
                members,
                *rest,
                (),
            )
            return evolve(made, initiative=twin)

        return self._drawn(tuple(self._ds.partnerships), wanted, clone, after="members")

    def resources(self, wanted: int) -> tuple[im.Resource, ...]:
        def clone(original: im.Resource, rest: tuple[Any, ...], number: int) -> im.Resource:
            publishers = self._cast(original.publishers, {})
            identifier = f"{original.id}-{number:07d}"
            return im.Resource(identifier, f"{original.title} {number}", original.kind, publishers, *rest, ())

        return self._drawn(tuple(self._ds.resources), wanted, clone, after="publishers")

    def _drawn(self, originals: tuple[Any, ...], wanted: int, clone: Callable[..., Any], after: str) -> tuple[Any, ...]:
        """Clone originals drawn with replacement; what lies between a field and the former ids is shared with them."""
        names = [field.name for field in fields(type(originals[0]))]
        shared = names[names.index(after) + 1 : names.index("former_ids")]
        rests = [tuple(getattr(original, name) for name in shared) for original in originals]
        places = self._rng.choices(range(len(originals)), k=wanted - len(originals))
        clones = [clone(originals[place], rests[place], number) for number, place in enumerate(places)]
        return tuple(sorted([*originals, *clones], key=_id))

    def _cast(self, role: tuple[str, ...], cast: dict[str, str]) -> tuple[str, ...]:
        """Say who plays a role; an organization that plays several in one record is the same clone in all."""
        clones, draw = self._clones, self._rng.random
        if clones.keys().isdisjoint(role):
            return role
        for one in role:
            if one in clones and one not in cast:
                choice = clones[one]
                cast[one] = choice[int(draw() * len(choice))]
        return tuple([cast.get(one, one) for one in role])


def _id(record: Any) -> str:
    identifier: str = record.id
    return identifier
