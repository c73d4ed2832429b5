"""
Would the suggestions have come true? Hides the records that begin in a year or later, suggests partners from the rest
as it was known then, and looks whether the hidden records bring them together. Prints hit rates, with and without share
and decay and with several half-lives, beside those of other scores.

Run: python tests/benchmarks/backtest.py [YEAR ...]. All the years from 2014 to 2023 take a quarter of an hour.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from contextlib import contextmanager
from statistics import mean
from typing import TYPE_CHECKING, Any

import attrs
import networkx as nx

import icatmapping as im
from icatmapping.datapackage.package import Package
from icatmapping.model.records import participants
from icatmapping.network import weighting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CUTS = range(2014, 2024)
TOPS = (5, 10)
FEWEST = 8
"""How many hidden records must name a country for it to be asked about."""
Score = "Callable[[nx.Graph, str, list[str]], dict[str, float]]"


def begun(record: im.Initiative | im.Partnership) -> int | None:
    """Give the year in which a record begins, if it is known."""
    return int(record.start[:4]) if record.start else None


def as_then(record: Any, cut: int) -> Any:
    """Give a record as it was known at the end of the year before: nothing that came later is in it."""
    last = f"{cut - 1}-12"
    changes = {
        name: None for name in ("end", "last_seen") if getattr(record, name, None) and getattr(record, name) > last
    }
    if "end" in changes and getattr(record, "status", None) == "completed":
        changes["status"] = "ongoing"
    if changes:  # it was going on when it was last looked at
        changes["last_seen"] = last
    return attrs.evolve(record, checked=min(record.checked, last), **changes)


def split(ds: im.Dataset, cut: int) -> tuple[im.Dataset, list[im.Initiative | im.Partnership]]:
    """Keep what begins before a year, as it was known then; hide what begins in it or later; leave out the undated."""
    dated = [record for record in (*ds.initiatives, *ds.partnerships) if begun(record) is not None]
    hidden = [record for record in dated if (begun(record) or 0) >= cut]
    kept = [as_then(record, cut) for record in dated if (begun(record) or 0) < cut]
    ids = {record.id for record in kept}
    last = f"{cut - 1}-12"
    known = Package(
        entities=tuple(attrs.evolve(one, checked=last) for one in ds.entities),
        organizations=tuple(
            attrs.evolve(one, checked=last, ended=None, body_of=one.body_of if one.body_of in ids else None)
            for one in ds.organizations
        ),
        initiatives=tuple(record for record in kept if isinstance(record, im.Initiative)),
        partnerships=tuple(
            attrs.evolve(record, initiative=record.initiative if record.initiative in ids else None)
            for record in kept
            if isinstance(record, im.Partnership)
        ),
        resources=(),
        findings=(),
        hosts=(),
        groupings=tuple(ds.groupings),
    )
    return im.Dataset.from_package(known), hidden


def pairs(function: Callable[..., Iterator[tuple[str, str, float]]]) -> Callable[..., dict[str, float]]:
    """Turn one of networkx's link predictions into a score of candidates."""
    return lambda graph, one, candidates: {
        other: score for _, other, score in function(graph, [(one, candidate) for candidate in candidates])
    }


def common(graph: nx.Graph[str], one: str, candidates: list[str]) -> dict[str, float]:
    """Count common neighbours."""
    return {other: len(set(graph[one]) & set(graph[other])) for other in candidates}


OTHERS: dict[str, Callable[..., dict[str, float]]] = {
    "common neighbours": common,
    "resource allocation (unweighted)": pairs(nx.resource_allocation_index),
    "Adamic-Adar": pairs(nx.adamic_adar_index),
    "preferential attachment": pairs(nx.preferential_attachment),
}


VARIANTS: dict[str, tuple[bool, dict[str, Any]]] = {
    "share and decay, half-life 5 years": (True, {}),
    "share and decay, half-life 3 years": (True, {"half_life": 3}),
    "share and decay, half-life 10 years": (True, {"half_life": 10}),
    "share, no decay": (True, {"half_life": None}),
    "decay of 5 years, no share": (False, {}),
    "neither (Newman's weights)": (True, {"weighting": "newman"}),
}
"""Whether the share counts, and what else is asked."""


@contextmanager
def without_share(*, share_counts: bool) -> Iterator[None]:
    """Let every record count whole, wherever else it is."""
    share = weighting.share
    if not share_counts:
        weighting.share = lambda *_: 1.0
    try:
        yield
    finally:
        weighting.share = share


Hits = dict[str, dict[int, list[float]]]


def tally(hits: Hits, name: str, order: list[str], came: set[str]) -> None:
    """Note whether somebody who came is among the first."""
    for top in TOPS:
        hits.setdefault(name, {}).setdefault(top, []).append(float(bool(came & set(order[:top]))))


def ask(known: im.Dataset, entity: str, tables: list[set[str]], hits: Hits, **context: Any) -> list[str] | None:
    """Ask for suggestions in every way, and note which came true; None if nobody new came."""
    ranked: list[str] = []
    came: set[str] = set()
    for name, (counts, options) in VARIANTS.items():
        with without_share(share_counts=counts):
            found = im.suggest_partners(known, entity, k=10_000, **options, **context)
        ranked = [row.organization for row in found]
        came = came or {one for table in tables if entity in table for one in table} & set(ranked)
        if not came:
            return None
        tally(hits, name, ranked, came)
    chance = random.Random(f"{entity} {context} {len(ranked)}")
    for top in TOPS:
        drawn = [float(bool(came & set(chance.sample(ranked, min(top, len(ranked)))))) for _ in range(100)]
        hits.setdefault("random", {}).setdefault(top, []).append(mean(drawn))
    return sorted(came)


def main(cuts: list[int]) -> None:
    """Print the hit rates."""
    ds = im.load()
    fold = ds.directory.fold
    anywhere: Hits = {}
    in_countries: Hits = {}
    for cut in cuts:
        known, hidden = split(ds, cut)
        graph = im.partnership_graph(known)
        tables = [set(map(fold, participants(record))) for record in hidden]
        for entity in [one.id for one in known.entities if one.id in graph]:
            came = ask(known, entity, tables, anywhere)
            if came is not None:
                ranked = sorted(one for one in graph if one != entity and not graph.has_edge(one, entity))
                for name, score in OTHERS.items():
                    scores = score(graph, entity, ranked)
                    order = sorted(ranked, key=lambda one, scores=scores: (-scores[one], one))
                    tally(anywhere, name, order, set(came))
        named = Counter(country for record in hidden for country in record.countries)
        for country in sorted(country for country, number in named.items() if number >= FEWEST):
            there = [table for table, record in zip(tables, hidden, strict=True) if country in record.countries]
            active = im.partnership_graph(known, country=country)
            for entity in sorted({one for table in there for one in table} & ds.directory.entity_ids & set(active)):
                ask(known, entity, there, in_countries, country=country)
    for title, hits in (("Anywhere", anywhere), ("In a country", in_countries)):
        asked = len(hits["random"][TOPS[0]])
        print(f"\n{title}: {asked} questions, an entity and a year of {', '.join(map(str, cuts))}\n")
        print(f"| score | {' | '.join(f'hits@{top}' for top in TOPS)} |\n| --- |{' ---: |' * len(TOPS)}")
        for name, by_top in hits.items():
            print(f"| {name} | {' | '.join(f'{mean(by_top[top]):.3f}' for top in TOPS)} |", flush=True)


if __name__ == "__main__":
    main([int(year) for year in sys.argv[1:]] or list(CUTS))
