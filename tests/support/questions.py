"""
One question of every kind, for what must hold of every answer.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import icatmapping as im

NIGERIA: dict[str, Any] = {"country": "Nigeria", "reach": "regional"}


def answers(ds: im.Dataset) -> dict[str, Any]:
    """Ask one question of every kind."""
    return {
        "where": ds.initiatives.where(theme=["prevention", "protection"], year=range(2015, 2020), **NIGERIA),
        "search": ds.resources.search("forced labour"),
        "coverage": im.coverage(ds.initiatives, "country", count="fractional", interval=0.9),
        "crosstab": im.crosstab(ds.initiatives, "region", "form"),
        "gaps": im.gaps(ds, rows="country", cols="theme", among="africa"),
        "overlaps": im.overlaps(ds),
        "portfolio": im.portfolio(ds, "UNODC"),
        "concentration": im.concentration(ds.initiatives, "country"),
        "timeline": im.timeline(ds.resources),
        "findings": im.findings(ds),
        "paths": im.collaboration_paths(ds, "UNODC", "UNICEF", **NIGERIA),
        "no paths": im.collaboration_paths(ds, "UNODC", "UNU", country="Nigeria"),
        "connections": im.connections(ds, country="Sudan"),
        "partners": im.suggest_partners(ds, "ILO", country="Nigeria"),
        "brokers": im.brokers(ds, **NIGERIA),
        "communities": im.communities(ds, **NIGERIA),
        "network": im.network_summary(ds, **NIGERIA),
        "brief": im.country_brief(ds, "Nigeria"),
        "tidy": im.tidy(ds.partnerships, "country", "theme"),
    }


QUESTIONS = (
    *("where", "search", "coverage", "crosstab", "gaps", "overlaps", "portfolio", "concentration", "timeline"),
    *("findings", "paths", "no paths", "connections", "partners", "brokers", "communities", "network", "brief", "tidy"),
)


def digest(found: dict[str, Any]) -> str:
    """Give a sum of answers that no two different ones have."""
    return hashlib.sha256(json.dumps({name: one.to_dict() for name, one in found.items()}).encode()).hexdigest()


def run_python(script: str, *arguments: str, options: tuple[str, ...] = (), **environment: str) -> str:
    source = os.pathsep.join([str(Path(im.__file__).parents[1]), str(Path(__file__).parents[1])])
    done = subprocess.run(
        [sys.executable, *options, "-c", script, *arguments],
        env={**os.environ, "PYTHONPATH": source, "PYTHONDONTWRITEBYTECODE": "1", **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
