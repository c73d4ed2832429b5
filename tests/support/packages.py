"""
The bundled files as plain JSON, and small packages made of them.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import icatmapping as im

Json: TypeAlias = dict[str, Any]
Raw: TypeAlias = dict[str, list[Json]]
Files: TypeAlias = dict[str, bytes]

DATA = Path(im.__file__).parent / "data"
KINDS = ("entities", "organizations", "initiatives", "partnerships", "resources")
ROLES = ("leads", "partners", "donors", "members", "publishers")


@cache
def bundled(name: str) -> list[Json]:
    """Return the content of one of the bundled files as plain JSON."""
    content: list[Json] = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return content


@cache
def bundled_files() -> Files:
    """Return the files of the bundled package."""
    return {file.name: file.read_bytes() for file in sorted(DATA.glob("*.json"))}


@cache
def small_files() -> Files:
    """Return the files of a small package that keeps every rule; every field has a value in some record."""
    raw = {name.removesuffix(".json"): json.loads(data) for name, data in bundled_files().items()}
    chosen: dict[str, set[str]] = {kind: set() for kind in KINDS}
    for kind in KINDS:
        short = [record for record in raw[kind] if sum(map(len, map(str, record.values()))) < 3000]
        for name in short[0]:
            chosen[kind] |= {record["id"] for record in [record for record in short if record[name]][:1]}
    _add_referents(chosen, raw)
    bodies = chosen["entities"] | chosen["organizations"]
    raw |= {kind: [record for record in raw[kind] if record["id"] in chosen[kind]] for kind in KINDS}
    raw["hosts"] = [host for host in raw["hosts"] if host["owner"] is None or host["owner"] in bodies][:20]
    return {f"{name}.json": dumped(content) for name, content in raw.items()}


def _add_referents(chosen: dict[str, set[str]], raw: Raw) -> None:
    """Add to some ids everything that their records refer to, and what that refers to."""
    records = {kind: {record["id"]: record for record in raw[kind]} for kind in KINDS}
    todo = [(kind, identifier) for kind, identifiers in chosen.items() for identifier in identifiers]
    while todo:
        kind, identifier = todo.pop()
        record = records[kind][identifier]
        bodies = {target for role in ROLES for target in record.get(role, ())}
        bodies |= {record.get("part_of"), record.get("successor")}
        wanted = [("entities" if body in records["entities"] else "organizations", body) for body in bodies]
        wanted += [("partnerships", record.get("body_of")), ("initiatives", record.get("initiative"))]
        for other, target in wanted:
            if target is not None and target not in chosen[other]:
                chosen[other].add(target)
                todo.append((other, target))


def dumped(content: Any) -> bytes:
    """Return plain data as the bytes of a JSON file."""
    try:
        return json.dumps(content, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # half a character, which only an escape can say
        return json.dumps(content).encode()


def written(folder: Path, content: Raw) -> Path:
    """Write a package to a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, value in content.items():
        (folder / f"{name}.json").write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    return folder
