"""
The plain reading of support, gaps and overlaps: loops over JSON records, written from the documentation.

Nothing of the library's own statistics is used; probabilities are those of exact fractions.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction
from math import comb, fsum
from typing import TYPE_CHECKING, Any

from support.reference import COLLECTIONS, ROLES_OF, Event, Reference, years_of
from support.reference_network import decay

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from support.packages import Json


# --- support -------------------------------------------------------------------------------------------------------

TOOLS = ("technical_tool", "guideline", "training")


@dataclass
class Help:
    """What an entity could help with, as the documentation defines it."""

    entity: str
    there: list[str] = field(default_factory=list)
    nearby: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    resources: list[str] = field(default_factory=list)
    parts: list[float] = field(default_factory=list)
    rest: list[float] = field(default_factory=list)
    years: set[int] = field(default_factory=set)

    @property
    def score(self) -> float:
        """The sum of decay times nearness; what is elsewhere counts no more than four new records."""
        return fsum(self.parts) + min(fsum(self.rest), 4) / 8


def nearness(reference: Reference, event: Event, country: str | None) -> float:
    """Give how near an event is to a country: 1, 1/2, 1/4, or 0 for elsewhere."""
    if country is None:
        return 1
    here = reference.country[country]
    named = [reference.country[one] for record in event.records for one in record["countries"]]
    areas = [area for record in event.records for area in record["regions"] if country in reference.areas[area]]
    if here in named:
        return 1
    if here["subregion"] and here["subregion"] in [one["subregion"] for one in named]:
        return 1 / 2
    if any(area == here["subregion"] or len(reference.areas[area]) <= 25 for area in areas):
        return 1 / 2
    if areas or (here["region"] and here["region"] in [one["region"] for one in named]):
        return 1 / 4
    return 0


def support(
    reference: Reference, country: str | None, need: Mapping[str, Any], half_life: float | None = 5
) -> list[Help]:
    """List which entities could help a State, best first."""
    found: dict[str, Help] = {}
    events = reference.events(of=COLLECTIONS[0], donors=False, criteria=need)
    for node in sorted(events, key=lambda node: (-max(events[node].years, default=0), node)):
        event = events[node]
        near = nearness(reference, event, country)
        for entity in event.participants & reference.entities.keys():
            row = found.setdefault(entity, Help(entity))
            place = row.there if near == 1 else row.nearby if near else row.elsewhere
            place += [record["id"] for record in event.records]
            weight = decay(reference, event.years, half_life)
            (row.parts if near else row.rest).append(weight * near if near else weight)
            row.years |= event.years
    texts = [one for one in reference.raw["resources"] if reference.meets("resources", one, need)]
    for text in sorted(texts, key=lambda one: (one["kind"] not in TOOLS, -(one["year"] or 0), one["id"])):
        for entity in reference.entities_among(text["publishers"]):
            if entity in found:
                found[entity].resources.append(text["id"])
    return sorted(found.values(), key=lambda row: (not (row.there or row.nearby), -round(row.score, 9), row.entity))


# --- gaps ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """A cell of two dimensions that few initiatives name."""

    row: Any
    col: Any
    n: int
    count: int
    expected: Fraction
    peers: int
    p: Fraction
    uncoded: tuple[str, ...]


def at_most(count: int, n: int, rate: Fraction) -> Fraction:
    """Give the probability of so many or fewer of n."""
    below = rate.denominator - rate.numerator
    ways = sum(comb(n, k) * rate.numerator**k * below ** (n - k) for k in range(count + 1))
    return Fraction(ways, rate.denominator**n)


def gap_cells(
    reference: Reference, rows: str, cols: str, chosen: Iterable[Any], most: int, criteria: Mapping[str, Any]
) -> tuple[list[Cell], list[Any]]:
    """List the cells with at most so many initiatives, most telling first, and the rows that tell nothing."""
    records = [one for one in reference.raw["initiatives"] if reference.meets("initiatives", one, criteria)]
    coded: list[tuple[set[Any], set[Any]]] = []
    uncoded: dict[Any, list[str]] = defaultdict(list)
    for record in records:
        down, across = (reference.values("initiatives", record, name) for name in (rows, cols))
        if across:
            coded.append((down, across))
        else:
            for row in down:
                uncoded[row].append(record["id"])
    found, empty = [], []
    for row in chosen:
        mine = [across for down, across in coded if row in down]
        if not mine:
            empty.append(row)
            continue
        others = _peers(reference, rows, row, coded)
        for col in reference.terms[cols]:
            count = sum(col in across for across in mine)
            if count <= most:
                hits = sum(col in across for across in others)
                rate = Fraction(hits, len(others)) if others else Fraction(0)
                p = at_most(count, len(mine), rate)
                cell = Cell(row, col, len(mine), count, len(mine) * rate, len(others), p, tuple(uncoded[row]))
                found.append(cell)
    found.sort(key=lambda one: (round(float(one.p), 12), -round(float(one.expected), 9), str(one.row), one.col))
    return found, empty


def _peers(reference: Reference, rows: str, row: Any, coded: Sequence[tuple[set[Any], set[Any]]]) -> list[set[Any]]:
    """List what the initiatives of the peers of a row state."""
    others = [(down, across) for down, across in coded if row not in down]
    if rows == "country":
        for kind in ("subregion", "region"):
            area = reference.country[row][kind]
            near = [across for down, across in others if area in {reference.country[one][kind] for one in down}]
            if area is not None and len(near) >= 10:
                return near
    return [across for _, across in others]


# --- overlaps ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Apart:
    """Where two entities do the same in the same years and nothing joins them."""

    a: str
    b: str
    value: Any
    others: tuple[Any, ...]
    years: tuple[int, ...]
    records_a: frozenset[str]
    records_b: frozenset[str]


def cells_of(reference: Reference, record: Json, on: Sequence[str]) -> set[tuple[Any, ...]]:
    """List the combinations of the values of a record."""
    kind = next(kind for kind, roles in ROLES_OF.items() if roles[0] in record)
    return set(itertools.product(*(reference.values(kind, record, name) for name in on)))


def covered(
    reference: Reference, on: Sequence[str], criteria: Mapping[str, Any]
) -> dict[str, dict[tuple[Any, ...], dict[str, set[int]]]]:
    """Give for each entity the cells of its dated initiatives, with these and their years."""
    found: dict[str, dict[tuple[Any, ...], dict[str, set[int]]]] = {one: {} for one in reference.entities}
    for record in reference.raw["initiatives"]:
        years = set(years_of("initiatives", record))
        if years and reference.meets("initiatives", record, criteria):
            for entity in reference.entities_among(record["leads"] + record["partners"]):
                for cell in cells_of(reference, record, on):
                    found[entity].setdefault(cell, {})[record["id"]] = years
    return found


def uncoordinated(reference: Reference, on: Sequence[str], criteria: Mapping[str, Any]) -> list[Apart]:
    """List where two do the same in the same years and no undertaking that names the place joins them."""
    cover = covered(reference, on, criteria)
    joined = set()
    for event in reference.events(of=COLLECTIONS[0], donors=False, criteria={}).values():
        together = sorted(event.participants & reference.entities.keys())
        values = {cell[0] for record in event.records for cell in cells_of(reference, record, on[:1])}
        joined |= {(a, b, value) for a, b in itertools.combinations(together, 2) for value in values}
    found = []
    for a, b in itertools.combinations(sorted(reference.entities), 2):
        both = cover[a].keys() & cover[b].keys()
        for value in {cell[0] for cell in both if (a, b, cell[0]) not in joined}:
            others, years, mine, theirs = [], set(), set(), set()
            for cell in sorted(cell for cell in both if cell[0] == value):
                common = set().union(*cover[a][cell].values()) & set().union(*cover[b][cell].values())
                if common:
                    others.append(cell[1:])
                    years |= common
                    mine |= {one for one, active in cover[a][cell].items() if active & common}
                    theirs |= {one for one, active in cover[b][cell].items() if active & common}
            if years:
                rest = tuple(one[0] if len(one) == 1 else one for one in others if one)
                found.append(Apart(a, b, value, rest, tuple(sorted(years)), frozenset(mine), frozenset(theirs)))
    return sorted(found, key=lambda one: (-one.years[-1], -len(one.others), one.a, one.b, str(one.value)))
