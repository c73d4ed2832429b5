"""
What mutants of data packages are made of: places, damage, and what the descriptor says of fields.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from support.packages import KINDS, Files, Json, bundled_files

if TYPE_CHECKING:
    import icatmapping as im

Outcome: TypeAlias = Literal["loads", "refused", "either"]

SECONDS = 10
"""What a mutant may take; most take some milliseconds."""


@dataclass(frozen=True)
class Place:
    """A place that a fault may name: a file, a record in it, the beginning of a field; empty for any."""

    file: str = ""
    record: str = ""
    field: str = ""
    told: str = ""

    def is_named(self, fault: im.Fault) -> bool:
        """Tell whether a fault names it."""
        return (
            self.file in ("", fault.file)
            and self.record in ("", fault.record)
            and fault.field.startswith(self.field)
            and self.told in fault.message
        )


@dataclass(frozen=True)
class Damage:
    """What became of a package: its files, what is expected, and the places of which a fault has to name one."""

    files: Files
    expected: Outcome
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Mutant:
    """A package that something was done to, written where it can be loaded, or laid over another."""

    number: int
    kind: str
    path: Any
    contents: Files
    expected: Outcome
    places: tuple[Place, ...] = field(default=(Place(),))
    extends: bool = False


class MisbehaviourError(AssertionError):
    """A mutant was neither loaded as it is nor refused as it should be."""


# --- what the descriptor says of fields ------------------------------------------------------------------------------

DESCRIPTOR = "datapackage.json"
RECORDS = tuple(f"{name}.json" for name in (*KINDS, "findings", "hosts"))
RULED = ("countries.json", "vocabulary.json")
ALL = (*RECORDS, *RULED, DESCRIPTOR)
_TYPES: dict[str, type] = {"string": str, "integer": int, "array": list, "object": dict}


@cache
def types_of(file: str) -> dict[str, set[type]]:
    """Give the types that each field of a file may have; those of the items of a list under ``name[]``."""
    (schema,) = (one["schema"] for one in described()["resources"] if one["path"] == file)
    found: dict[str, set[type]] = {}
    for one in schema["fields"]:
        required = one.get("constraints", {}).get("required") or one["type"] == "array"
        found[one["name"]] = {_TYPES[one["type"]]} | (set() if required else {type(None)})
        found[f"{one['name']}[]"] = {_TYPES[one.get("arrayItem", {"type": "string"})["type"]]}
    return found


def described() -> Json:
    described: Json = json.loads(bundled_files()[DESCRIPTOR])
    return described


def key_of(file: str) -> str:
    return {"hosts.json": "host", "countries.json": "alpha3", "vocabulary.json": "value"}.get(file, "id")
