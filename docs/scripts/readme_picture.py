"""
Draws ``docs/network.png``, the picture in the README.

Run by hand when the data have changed; a test tells when they have::

    python docs/scripts/readme_picture.py

The picture carries the ties that it shows, so that one can compare them with those of the data.
"""

from __future__ import annotations

import json
from pathlib import Path

import matplotlib as mpl

import icatmapping as im

TARGET = Path(__file__).parents[1] / "network.png"


def main() -> None:
    """Draw who works with whom on child protection in Nigeria."""
    mpl.use("Agg")
    graph = im.partnership_graph(im.load(), country="Nigeria", theme="child_protection")
    ties = sorted(sorted(tie) for tie in graph.edges)
    im.plots.network(graph).figure.savefig(TARGET, dpi=110, metadata={"Description": json.dumps(ties)})


if __name__ == "__main__":
    main()
