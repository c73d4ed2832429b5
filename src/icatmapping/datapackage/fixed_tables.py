"""
The files whose content the library fixes: packages bring records, not terms and countries.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from icatmapping.data import bundled
from icatmapping.datapackage.reading import to_printable
from icatmapping.datapackage.validation import type_name
from icatmapping.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["check_fixed_tables"]


_ADDED_TERMS = {("evidence", "unpublished"), ("organization_kind", "umbrella"), ("organization_kind", "armed_group")}
"""Terms that came to a vocabulary after version 0.2.0; packages of then lack them."""


def check_fixed_tables(name: str, raw: Any) -> Iterator[Fault]:
    """Compare ``countries.json`` and ``vocabulary.json`` with the library's own: packages bring records, not terms."""
    file = f"{name}.json"
    own: list[dict[str, Any]] = json.loads(bundled(file))
    if not isinstance(raw, list):
        yield Fault(file, "", "", f"must be a list of records, not {type_name(raw)}")
        return
    keys = ("alpha3",) if name == "countries" else ("vocabulary", "value")
    expected = {tuple(item[key] for key in keys): item for item in own}
    found: set[tuple[Any, ...]] = set()
    without: list[str] | None = [] if name == "vocabulary" else None  # terms had no aliases before version 0.3
    for position, item in enumerate(raw):
        key = tuple(str(item.get(key)) for key in keys) if isinstance(item, dict) else ()
        if key not in expected:
            yield Fault(file, f"[{position}]", keys[-1], "is not in this version of the library")
        elif key in found:
            yield Fault(file, " ".join(key), keys[-1], "is duplicated")
        else:
            found.add(key)
            for field in sorted({*item, *expected[key]}):
                if field == "aliases" and _are_some(item.get(field, without), expected[key][field]):
                    continue  # names that were added later make no package wrong
                if field not in item or field not in expected[key] or item[field] != expected[key][field]:
                    message = "differs from the value in this version of the library"
                    yield Fault(file, " ".join(key), to_printable(field)[:80], message)
    # A vocabulary that a package knows nothing of came later than the package: its terms are not missed.
    known = {key[0] for key in found} if name == "vocabulary" else {key[0] for key in expected}
    for key in sorted(key for key in set(expected) - found - _ADDED_TERMS if key[0] in known):
        yield Fault(file, " ".join(key), "", "is missing")


def _are_some(found: Any, known: list[str]) -> bool:
    return isinstance(found, list) and all(isinstance(name, str) and name in known for name in found)
