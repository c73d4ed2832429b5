"""
A real network that nobody here made up: who maintains which package of Debian, beside networkx and rustworkx.

A source package is a record in which its maintainer and uploaders take part; its section stands as a theme. They are
numbered: no name is kept, only who works with whom. The index comes from Debian's mirror, by apt, into a folder that
goes when it has been read.

Run: python tests/benchmarks/debian.py [RELEASE]. Needs apt, a network, polars, DuckDB, pyarrow, narwhals and rustworkx.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import networkx as nx
import rustworkx as rx

import icatmapping as im
from icatmapping.datapackage.package import Package

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MIRROR = "http://deb.debian.org/debian"
APT_HELPER = "/usr/lib/apt/apt-helper"
_ADDRESS = re.compile(r"<([^<>]+)>")


def index_of(release: str) -> str:
    """Return the index of the source packages of a release, as apt fetches it."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "partial").mkdir()
        (folder / "sources.list").write_text(f"deb-src {MIRROR} {release} main\n")
        settings = {
            "Dir::Etc::sourcelist": folder / "sources.list",
            "Dir::Etc::sourceparts": "/dev/null",
            "Dir::State::lists": folder,
            "APT::Sandbox::User": "root",
        }
        options = [part for key, value in settings.items() for part in ("-o", f"{key}={value}")]
        subprocess.run(["apt-get", "-qq", *options, "update"], check=True)
        (found,) = folder.glob("*_Sources*")
        return subprocess.run([APT_HELPER, "cat-file", str(found)], check=True, capture_output=True, text=True).stdout


def packages(index: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the section of every package, and the addresses of those who maintain it."""
    for paragraph in index.split("\n\n"):
        fields = dict(re.findall(r"^(Section|Maintainer|Uploaders): *(.*(?:\n .*)*)", paragraph, re.MULTILINE))
        people = _ADDRESS.findall(f"{fields.get('Maintainer', '')}, {fields.get('Uploaders', '')}")
        if people:
            yield fields.get("Section", "unknown").split("/")[-1], list(dict.fromkeys(map(str.lower, people)))


def mapping_of(index: str) -> im.Dataset:
    """Return the packages as initiatives and those who maintain them as organizations."""
    themes = sorted(im.terms("theme"))
    theme_of: dict[str, str] = {}
    body_of: dict[str, str] = {}
    shared: dict[str, Any] = {"sources": ["internal: index of packages"], "checked": "2026-11"}
    initiatives = []
    for number, (section, people) in enumerate(packages(index)):
        theme = theme_of.setdefault(section, themes[len(theme_of) % len(themes)])
        lead, *partners = [body_of.setdefault(person, f"body-{len(body_of):05}") for person in people]
        record = {"id": f"package-{number:05}", "title": f"Package {number}", "summary": section, "kind": "project"}
        record |= {"leads": [lead], "partners": partners, "themes": [theme], "scope": "global", "status": "unknown"}
        initiatives.append(record | shared)
    bodies = [{"id": one, "name": f"Body {one}", "kind": "other"} | shared for one in body_of.values()]
    ds = im.load()
    own = ds.extended({"organizations": bodies, "initiatives": initiatives})
    return im.Dataset.from_package(
        Package(
            entities=tuple(own.entities),
            organizations=tuple(own.organizations),
            initiatives=tuple(one for one in own.initiatives if one.id.startswith("package-")),
            partnerships=(),
            resources=(),
            findings=(),
            hosts=(),
        )
    )


def pairs_of(ds: im.Dataset) -> list[tuple[str, str]]:
    """Return who maintains which package, as networkx and rustworkx get it."""
    return [(one, record.id) for record in ds.initiatives for one in (*record.leads, *record.partners)]


def by_networkx(pairs: list[tuple[str, str]]) -> nx.Graph[str]:
    """Return the projection of networkx with Newman's weights."""
    graph: nx.Graph[str] = nx.Graph(pairs)
    return nx.bipartite.collaboration_weighted_projected_graph(graph, {body for body, _ in pairs})


def by_rustworkx(pairs: list[tuple[str, str]]) -> rx.PyGraph[str, float]:
    """Return a graph of rustworkx, which has no projection: the weights are added up here."""
    members: dict[str, list[str]] = {}
    for body, package in pairs:
        members.setdefault(package, []).append(body)
    weights: dict[tuple[str, str], float] = {}
    for those in members.values():
        for place, one in enumerate(those):
            for other in those[place + 1 :]:
                key = (one, other) if one < other else (other, one)
                weights[key] = weights.get(key, 0.0) + 1 / (len(those) - 1)
    graph: rx.PyGraph[str, float] = rx.PyGraph()
    number = dict(zip(names := sorted({body for body, _ in pairs}), graph.add_nodes_from(names), strict=True))
    graph.add_edges_from([(number[a], number[b], weight) for (a, b), weight in weights.items()])
    return graph


def taken(ask: Callable[[], Any]) -> tuple[float, Any]:
    """Return how long a question takes, the second time, and its answer."""
    ask()
    begun = time.perf_counter()
    answer = ask()
    return time.perf_counter() - begun, answer


def main(release: str) -> None:
    """Print what the network is like, how long each library takes, and whether they agree."""
    begun = time.perf_counter()
    ds = mapping_of(index_of(release))
    pairs = pairs_of(ds)
    bodies = {body for body, _ in pairs}
    print(f"{release}: {len(ds.initiatives):,} packages, {len(bodies):,} maintainers, {len(pairs):,} times")
    print(f"fetched and checked in {time.perf_counter() - begun:.0f} s\n")
    print("| question | icatmapping | on polars | on DuckDB | networkx | rustworkx |\n|---|---:|---:|---:|---:|---:|")
    with TemporaryDirectory() as folder:
        im.write_frames(ds, folder)
        frames = [im.scan(folder, engine=engine) for engine in ("polars", "duckdb")]
        asked = [taken(lambda source=source: im.partnership_graph(source)) for source in (ds, *frames)]
        asked += [taken(lambda: by_networkx(pairs)), taken(lambda: by_rustworkx(pairs))]
        row("who works with whom, by Newman's weights", [seconds for seconds, _ in asked])
        ours, *others = [answer for _, answer in asked]
        edges = {(a, b) if a < b else (b, a): weight for a, b, weight in ours.edges(data="weight")}
        agree(edges, others)
        networkx_graph, rustworkx_graph = others[2], others[3]
        names = rustworkx_graph.nodes()
        largest = max(nx.connected_components(networkx_graph), key=lambda group: (len(group), min(group)))
        one, other = min(largest), max(largest)
        for _, _, edge in networkx_graph.edges(data=True):
            edge["distance"] = 1 / edge["weight"]
        paths = [
            taken(lambda source=source: im.collaboration_paths(source, one, other, by="distance", weighting="newman"))[
                0
            ]
            for source in (ds, *frames)
        ]
        shortest = taken(lambda: nx.dijkstra_path(networkx_graph, one, other, "distance"))[0]
        places = names.index(one), names.index(other)
        fast = taken(
            lambda: rx.dijkstra_shortest_paths(
                rustworkx_graph, places[0], places[1], weight_fn=lambda weight: 1 / weight
            )
        )[0]
        row(
            "five ways between two, with their evidence (networkx, rustworkx: one way, without)",
            [*paths, shortest, fast],
        )
        brokers, found = taken(lambda: im.brokers(ds))
        between = taken(lambda: nx.betweenness_centrality(networkx_graph, k=found.sampled, weight="distance", seed=0))[
            0
        ]
        many = "all" if found.sampled is None else f"{found.sampled:,}"
        row(f"who connects the others, by weighted betweenness from {many}", [brokers, None, None, between, None])
        summary = taken(lambda: im.network_summary(ds))[0]
        row("the network in figures", [summary, None, None, taken(lambda: figures(networkx_graph))[0], None])


def figures(graph: nx.Graph[str]) -> tuple[float, ...]:
    """Return what `network_summary` says, by networkx."""
    largest = graph.subgraph(max(nx.connected_components(graph), key=len))
    return nx.density(graph), nx.average_clustering(graph), nx.average_shortest_path_length(largest)


def agree(edges: dict[tuple[str, str], float], others: list[Any]) -> None:
    """Raise an error if another library finds other ties, or other weights."""
    for other in others:
        if isinstance(other, rx.PyGraph):
            names = other.nodes()
            ties = ((names[a], names[b], weight) for a, b, weight in other.weighted_edge_list())
        else:
            ties = other.edges(data="weight")
        found = {(a, b) if a < b else (b, a): weight for a, b, weight in ties}
        if found.keys() != edges.keys() or any(abs(found[key] - edges[key]) > 1e-9 for key in edges):
            message = f"{type(other)} finds {len(found)} ties, not the {len(edges)} of icatmapping, or other weights"
            raise ValueError(message)
    print(f"| ties, the same of all | {len(edges):,} | | | | |")


def row(question: str, seconds: list[float | None]) -> None:
    """Print a line of the table."""
    print(f"| {question} | {' | '.join('–' if one is None else f'{one:.3f} s' for one in seconds)} |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "stable")
