"""
How long the projection and five paths take, beside the same from a pandas merge with networkx and rustworkx.

Run: python tests/benchmarks/paths.py [FACTOR ...]. Needs pandas and rustworkx. The others join the table of
participants with itself, sum the weights of pairs, and ask for five shortest paths (networkx:
``shortest_simple_paths``; rustworkx: ``all_shortest_paths``); they keep none of the rules that make a path honest, so
their paths are not compared, but the number of ties is.
"""

from __future__ import annotations

import sys
from itertools import islice
from typing import Any

import networkx as nx
import pandas as pd
import rustworkx as rx
from common import columns, dataset, row, timed

import icatmapping as im

THEME = "child_protection"
LIKE_THE_OTHERS: dict[str, Any] = {"of": ("initiatives",), "organs": "keep", "weighting": "newman"}
"""What the tables of the others say: organs by themselves, ties by how many take part, on the topic alone."""


def main(factors: list[int]) -> None:
    """Print a line per size and context."""
    for factor in factors:
        ds, table = dataset(factor), columns(factor)
        events = pd.DataFrame({"id": table["id"], "participant": table["participant"]}).explode("participant").dropna()
        themes = pd.DataFrame({"id": table["id"], "theme": table["theme"]}).explode("theme").dropna()
        countries = pd.DataFrame({"id": table["id"], "country": table["country"]}).explode("country").dropna()
        contexts: dict[str, dict[str, Any]] = {
            "country and theme": {"country": "NGA", "theme": THEME},
            "theme": {"theme": THEME},
        }
        for name, context in contexts.items():

            def merged(context: dict[str, Any] = context) -> pd.DataFrame:
                kept = themes.loc[themes["theme"] == THEME, ["id"]]
                if "country" in context:
                    kept = kept.merge(countries.loc[countries["country"] == "NGA", ["id"]], on="id")
                there = events.merge(kept, on="id")
                there["weight"] = 1 / (there.groupby("id")["participant"].transform("size") - 1)
                pairs = there.merge(there[["id", "participant"]], on="id", suffixes=("", "_other"))
                pairs = pairs[pairs["participant"] < pairs["participant_other"]]
                summed = pairs.groupby(["participant", "participant_other"], as_index=False)["weight"].sum()
                return summed.assign(distance=1 / summed["weight"])

            def with_networkx(merged: Any = merged) -> list[list[str]]:
                graph = nx.from_pandas_edgelist(merged(), "participant", "participant_other", ["weight", "distance"])
                return list(islice(nx.shortest_simple_paths(graph, "unodc", "unicef"), 5))

            def with_rustworkx(merged: Any = merged) -> Any:
                graph: Any = rx.PyGraph()
                places: dict[str, int] = {}
                edges = merged()
                for name in pd.unique(edges[["participant", "participant_other"]].to_numpy().ravel()):
                    places[name] = graph.add_node(name)
                graph.add_edges_from(
                    [
                        (places[one], places[other], distance)
                        for one, other, distance in zip(
                            edges["participant"], edges["participant_other"], edges["distance"], strict=True
                        )
                    ]
                )
                return rx.all_shortest_paths(graph, places["unodc"], places["unicef"])

            def ours(context: dict[str, Any] = context) -> Any:
                return im.collaboration_paths(ds, "UNODC", "UNICEF", k=5, topic="require", **LIKE_THE_OTHERS, **context)

            graph = im.partnership_graph(ds, **LIKE_THE_OTHERS, **context)
            assert graph.number_of_edges() == len(merged())
            found = {"icatmapping": ours, "pandas and networkx": with_networkx, "pandas and rustworkx": with_rustworkx}
            row(f"projection and 5 paths, {name}", factor, {who: timed(ask)[0] for who, ask in found.items()})


if __name__ == "__main__":
    main([int(factor) for factor in sys.argv[1:]] or [1, 10, 100, 1000])
