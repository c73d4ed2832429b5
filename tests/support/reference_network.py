"""
The plain reading of networks: ties, weights and paths, by trying everything.

Written from the definitions in the documentation with loops and sets over JSON records. Nothing of the library's own
affiliations, weights or searches is used.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from fractions import Fraction
from math import fsum, inf
from typing import TYPE_CHECKING, Any

import networkx as nx

from support.reference import COLLECTIONS, Event, Reference

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from support.packages import Json

TOPICS = ("theme", "form", "response", "target_group", "sector", "priority_area")
NOT_LEFT_OUT = ("reach", "dates")


def projected(events: Mapping[str, Event]) -> nx.Graph[str]:
    """Tie all that share a record by the sum of 1/(participants - 1)."""
    graph: nx.Graph[str] = nx.Graph()
    for event in events.values():
        graph.add_nodes_from(event.participants)
        for a, b in itertools.combinations(sorted(event.participants), 2):
            weight = Fraction(1, len(event.participants) - 1) + graph.get_edge_data(a, b, {"weight": 0})["weight"]
            graph.add_edge(a, b, weight=weight, distance=1 / weight)
    return graph


# --- how much a record counts --------------------------------------------------------------------------------------


def asked_countries(reference: Reference, criteria: Mapping[str, Any]) -> set[str] | None:
    """Give the countries that are asked for; None if none is."""
    if "country" not in criteria:
        return None
    given = criteria["country"]
    places = given if isinstance(given, tuple) else (given,)
    return {one for place in places for one in reference.countries_of(place)}


def share(reference: Reference, event: Event, countries: set[str] | None) -> Fraction:
    """Give the part of the countries that an event is for which some countries are."""
    if countries is None:
        return Fraction(1)
    named = {one for record in event.records for one in record["countries"]}
    for_whom = set(named)
    for record in event.records:
        for area in record["regions"]:
            inside = reference.areas[area] & named
            is_national = {half.get("scope") for half in event.records} == {"national"}
            if not inside or (len(inside) == 1 and not is_national):
                for_whom |= reference.areas[area]
    if not for_whom:
        for_whom = set(reference.country)
    return Fraction(len(countries & for_whom), len(for_whom))


def decay(reference: Reference, years: Iterable[int], half_life: float | None) -> float:
    """Give how much something counts by its age."""
    last = max(years, default=None)
    age = 20 if last is None else max(0, reference.as_of - last)
    return 1.0 if half_life is None else 0.5 ** (age / half_life)


def may_stand_between(
    reference: Reference, one: str, criteria: Mapping[str, Any], *, external: bool, foreign_governments: bool
) -> bool:
    """Rule 3, but for who is part of whom."""
    if one in reference.entities:
        return True
    body = reference.bodies[one]
    if not external or body["body_of"] is not None or body["kind"] in ("umbrella", "armed_group"):
        return False
    if body["ended"] is not None:
        lasts = [criteria["until"]] if "until" in criteria else []
        if "year" in criteria:
            given = criteria["year"]
            lasts.append(max(given) if isinstance(given, tuple) else given)
        if not lasts or min(lasts) > body["ended"]:
            return False
    home = asked_countries(reference, criteria)
    if home is None or foreign_governments or body["kind"] != "government":
        return True
    return body["country"] is None or body["country"] in home


# --- paths -----------------------------------------------------------------------------------------------------------

_DEFAULTS: dict[str, Any] = {
    "of": COLLECTIONS[0],
    "donors": False,
    "external": True,
    "foreign_governments": False,
    "max_hops": 4,
    "topic": "prefer",
    "weighting": "relevance",
    "half_life": 5,
    "organs": "fold",
}


class BruteForceNetwork:
    """Who shares what with whom in a context, and how much of it."""

    def __init__(self, reference: Reference, options: Mapping[str, Any], chosen: Mapping[str, Any]) -> None:
        self.reference = reference
        self.options = {**_DEFAULTS, **options}
        self.chosen = dict(chosen)
        required = {
            name: value
            for name, value in self.chosen.items()
            if self.options["topic"] == "require" or name not in TOPICS
        }
        self.required = required
        settings = {name: self.options[name] for name in ("of", "donors", "organs")}
        self.events: dict[str, Event] = reference.events(criteria=required, **settings)
        self.on_topic = {
            node
            for node, event in self.events.items()
            if any(reference.meets(_kind(record), record, self.chosen) for record in event.records)
        }
        self.at: dict[str, set[str]] = defaultdict(set)
        for node, event in self.events.items():
            for one in event.participants:
                self.at[one].add(node)
        self.graph: nx.Graph[str] = nx.Graph()
        self.graph.add_nodes_from(self.at)
        for event in self.events.values():
            self.graph.add_edges_from(itertools.combinations(sorted(event.participants), 2))

    def part(self, node: str) -> float:
        """Give what an event adds to the weight of the tie of two who take part in it."""
        event = self.events[node]
        part = Fraction(1, len(event.participants) - 1)
        if self.options["weighting"] == "newman":
            return float(part)
        part *= share(self.reference, event, asked_countries(self.reference, self.chosen))
        return float(part) * decay(self.reference, event.years, self.options["half_life"])

    def weight(self, a: str, b: str) -> float:
        """Sum the parts of the records that two share."""
        return fsum(self.part(node) for node in self.at[a] & self.at[b])

    def distance(self, path: tuple[str, ...]) -> float:
        """Sum the distances of the steps."""
        return fsum(1 / self.weight(a, b) for a, b in itertools.pairwise(path))

    def years(self, a: str, b: str) -> set[int]:
        """Give the years of the records that two share."""
        return {year for node in self.at[a] & self.at[b] for year in self.events[node].years}

    def is_on_topic(self, a: str, b: str) -> bool:
        """Tell whether two share a record on the topic."""
        return bool(self.at[a] & self.at[b] & self.on_topic)

    def are_related(self, a: str, b: str) -> bool:
        """Tell whether one of two is part of the other."""
        return a in self.reference.with_parents([b]) or b in self.reference.with_parents([a])


class BruteForcePaths(BruteForceNetwork):
    """A question, answered by trying everything."""

    def may_stand_between(self, one: str) -> bool:
        """Rule 3, but for who is part of whom."""
        limits = {name: self.options[name] for name in ("external", "foreign_governments")}
        return may_stand_between(self.reference, one, self.chosen, **limits)

    def has_unshared_steps(self, path: tuple[str, ...]) -> bool:
        """Rule 1."""
        for a, b in itertools.pairwise(path):
            others = set(path) - {a, b}
            if not any(others.isdisjoint(self.events[node].participants) for node in self.at[a] & self.at[b]):
                return False
        return True

    def all_paths(self, source: str, target: str) -> list[tuple[str, ...]]:
        """List every path that keeps the rules."""
        found: list[tuple[str, ...]] = []
        if source not in self.graph or target not in self.graph or self.are_related(source, target):
            return found
        todo: list[tuple[str, ...]] = [(source,)]
        while todo:
            path = todo.pop()
            for one in self.graph[path[-1]]:
                longer = (*path, one)
                # Rule 2: no two that are not neighbours share a record, but for the ends.
                strangers = path[1:-1] if one == target else path[:-1]
                if one in path or any(self.graph.has_edge(one, earlier) for earlier in strangers):
                    continue
                if one == target:
                    if self.has_unshared_steps(longer):
                        found.append(longer)
                elif (
                    len(longer) <= self.options["max_hops"]
                    and self.may_stand_between(one)
                    # Rule 3: nobody in between is part of another of the path, or the whole of it.
                    and not any(self.are_related(one, other) for other in (*path, target))
                ):
                    todo.append(longer)
        return found

    def age(self, path: tuple[str, ...]) -> float:
        """Give minus the last year of the oldest step, infinite if one is undated."""
        return max(-max(self.years(a, b), default=-inf) for a, b in itertools.pairwise(path))

    def paths(self, source: str, target: str, by: str) -> list[tuple[str, ...]]:
        """List every path that keeps the rules, best first."""

        def order(path: tuple[str, ...]) -> tuple[Any, ...]:
            distance, hops = round(self.distance(path), 9), len(path) - 1
            off = sum(not self.is_on_topic(a, b) for a, b in itertools.pairwise(path))
            keys = {
                "hops": (hops, off, distance),
                "distance": (distance, off, hops),
                "recent": (self.age(path), hops, off, distance),
            }
            return (*keys[by], path)

        return sorted(self.all_paths(source, target), key=order)

    def evidence(self, path: tuple[str, ...], a: str, b: str) -> list[str]:
        """List the nodes of the records that two on a path share, as a step shows them."""
        others = set(path) - {a, b}

        def order(node: str) -> tuple[Any, ...]:
            event = self.events[node]
            alone = others.isdisjoint(event.participants)
            countries = {one for record in event.records for one in record["countries"]}
            return (node not in self.on_topic, not alone, -max(event.years, default=0), len(countries), node)

        return sorted(self.at[a] & self.at[b], key=order)

    def together(self, source: str, target: str) -> list[Json]:
        """List the records, anywhere and on anything, that two share, newest first."""
        everywhere = type(self)(self.reference, self.options, {})
        shared = sorted(
            everywhere.at[source] & everywhere.at[target],
            key=lambda node: (-max(everywhere.events[node].years, default=0), node),
        )
        return [record for node in shared for record in everywhere.events[node].records]

    def relaxations(self, source: str, target: str) -> list[dict[str, Any]]:
        """Try a wider reach and each required criterion less."""
        if self.are_related(source, target):
            return []
        reaches = ["named", "regional", "global"]
        changes: list[dict[str, Any]] = []
        if "country" in self.chosen:
            changes += [{"reach": one} for one in reaches[reaches.index(self.chosen.get("reach", "named")) + 1 :]]
        changes += [{name: None} for name in self.required if name not in NOT_LEFT_OUT]
        return [
            change
            for change in changes
            if BruteForcePaths(self.reference, self.options, changed(self.chosen, change)).all_paths(source, target)
        ]


def changed(chosen: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """Give criteria with one changed, and without what then means nothing."""
    found = {name: value for name, value in {**chosen, **change}.items() if value is not None}
    if "country" not in found:
        found.pop("reach", None)
    if not found.keys() & {"year", "since", "until"}:
        found.pop("dates", None)
    return found


def most_frequent(values: Iterable[str]) -> list[str]:
    """List values by how often they come, then by alphabet."""
    counts = Counter(values)
    return sorted(counts, key=lambda value: (-counts[value], value))


def _kind(record: Json) -> str:
    return "initiatives" if "leads" in record else "partnerships" if "members" in record else "resources"
