"""
Would the suggestions have come true? Hides the records that begin in a year or later, suggests partners from the rest,
and looks whether the hidden records bring them together. Prints hit rates beside those of other scores.

Run: python tests/benchmarks/backtest.py
"""

from __future__ import annotations

import random
from statistics import mean
from typing import TYPE_CHECKING

import attrs
import networkx as nx

import icatmapping as im
from icatmapping.datapackage.package import Package
from icatmapping.model.records import participants

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CUTS = range(2014, 2024)
TOPS = (5, 10)
Score = "Callable[[nx.Graph, str, list[str]], dict[str, float]]"


def begun(record: im.Initiative | im.Partnership) -> int | None:
    """Give the year in which a record begins, if it is known."""
    if isinstance(record, im.Initiative):
        return int(record.start[:4]) if record.start else None
    return record.established


def split(ds: im.Dataset, cut: int) -> tuple[im.Dataset, list[im.Initiative | im.Partnership]]:
    """Keep what begins before a year; hide what begins in it or later; leave out what has no date."""
    dated = [record for record in (*ds.initiatives, *ds.partnerships) if begun(record) is not None]
    hidden = [record for record in dated if (begun(record) or 0) >= cut]
    kept = [record for record in dated if (begun(record) or 0) < cut]
    ids = {record.id for record in kept}
    known = Package(
        entities=tuple(ds.entities),
        organizations=tuple(
            attrs.evolve(one, body_of=None) if one.body_of not in ids else one for one in ds.organizations
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


def main() -> None:
    """Print the hit rates."""
    ds = im.load()
    hits: dict[str, dict[int, list[float]]] = {}
    asked = 0
    for cut in CUTS:
        known, hidden = split(ds, cut)
        graph = im.partnership_graph(known)
        tables = [set(participants(record)) for record in hidden]
        for entity in known.entities:
            if entity.id not in graph:
                continue
            ranked = [row.organization for row in im.suggest_partners(known, entity, k=10_000)]
            came = {one for table in tables if entity.id in table for one in table} & set(ranked)
            if not came:
                continue
            asked += 1
            orders = {"icatmapping": ranked}
            for name, score in OTHERS.items():
                scores = score(graph, entity.id, ranked)
                orders[name] = sorted(ranked, key=lambda one, scores=scores: (-scores[one], one))
            for name, order in orders.items():
                for top in TOPS:
                    hits.setdefault(name, {}).setdefault(top, []).append(float(bool(came & set(order[:top]))))
            chance = random.Random(f"{cut} {entity.id}")
            for top in TOPS:
                drawn = [float(bool(came & set(chance.sample(ranked, min(top, len(ranked)))))) for _ in range(100)]
                hits.setdefault("random", {}).setdefault(top, []).append(mean(drawn))
    print(f"{asked} questions: an entity and a year from {CUTS[0]} to {CUTS[-1]} after which it found new partners")
    print(f"{'score':34}" + "".join(f"hits@{top:<5}" for top in TOPS))
    for name, by_top in hits.items():
        print(f"{name:34}" + "".join(f"{mean(by_top[top]):<10.3f}" for top in TOPS))


if __name__ == "__main__":
    main()
