"""
Bodies that are laid over others and bear the name of one that is there: the same body twice would split a network.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, TypeAlias

from icatmapping.errors import DatasetWarning, Fault
from icatmapping.utils.text import fold, unify_spelling

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from icatmapping.model.records import Entity, Organization

    Body: TypeAlias = Entity | Organization

__all__ = ["twin_faults"]


def twin_faults(fresh: Mapping[str, Body], there: Mapping[str, Body]) -> Iterator[Fault]:
    """
    Yield a fault for every body that is there already under another id: of the same name, kind and country.

    Of those that only share a name, an acronym or an alias with another, a `DatasetWarning` says so: they may be
    others.

    Args:
        fresh: The bodies that are laid over, by id.
        there: The bodies that they are laid over, by id.
    """
    wanted: dict[str, list[tuple[Body, str]]] = {}
    for identifier, body in fresh.items():
        known = {_key(name) for name in _names(there[identifier])} if identifier in there else set()
        for name in _names(body):
            if _key(name) not in known:
                wanted.setdefault(_key(name), []).append((body, name))
    beginnings = {key[:2] for key in wanted} | {"th"}
    found: dict[tuple[str, str], str] = {}
    for other in (*(body for identifier, body in there.items() if identifier not in fresh), *fresh.values()):
        for spelling in _names(other):
            # Most names begin otherwise, which costs less to see than to fold them.
            if spelling[:2].casefold() in beginnings or not spelling[:2].isascii():
                for body, name in wanted.get(_key(spelling), ()):
                    if body is not other and (other.id, body.id) not in found and _may_be_same(body, other):
                        found.setdefault((body.id, other.id), name)
    yield from _twin_faults(found, fresh, there)


def _twin_faults(
    found: Mapping[tuple[str, str], str], fresh: Mapping[str, Body], there: Mapping[str, Body]
) -> Iterator[Fault]:
    for (identifier, twin), name in found.items():
        body, other = fresh[identifier], fresh.get(twin) or there[twin]
        file = f"{body.collection}.json"
        if body.name == other.name and body.kind == other.kind and _home(body) == _home(other):
            yield Fault(file, identifier, "name", f"{name[:100]!r} is here already, as {twin!r}", twin)
        else:
            message = (
                f"{file}: {identifier}: {name[:100]!r} is also a name of {twin!r} ({other.name[:100]}); "
                f"if it is the same body, refer to {twin!r} instead, or lay a record with that id over it"
            )
            warnings.warn(message, DatasetWarning, stacklevel=6)


def _names(body: Body) -> Iterable[str]:
    return filter(None, (body.name, body.acronym, *body.aliases))


def _key(name: str) -> str:
    return unify_spelling(fold(name[:500])).removeprefix("the ")


def _home(body: Body) -> str | None:
    return getattr(body, "country", None)


def _may_be_same(body: Body, other: Body) -> bool:
    """Return whether two bodies may be one: every country has a ministry of justice."""
    return _home(body) is None or _home(other) is None or _home(body) == _home(other)
