"""
Who takes part in what, in which cells and years: read from the columns of all records at once.
"""

from __future__ import annotations

from collections import Counter
from itertools import compress, product
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias
from weakref import WeakKeyDictionary

from icatmapping.query.codes import Codes, coded_fields
from icatmapping.statistics.counts import plain_value

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from icatmapping.model.time import Span
    from icatmapping.query.collection import Collection
    from icatmapping.query.store import Store
    from icatmapping.query.tallies import Cell

__all__ = ["Covered", "Members", "covered", "members_of", "taken_part_in"]

Members: TypeAlias = tuple[str, ...]
"""The ids of the entities that take part in a record, sorted; donors do not."""
_ROLES = {"initiatives": ("leads", "partners"), "partnerships": ("members",)}
# A whole collection never changes, so it is read once; what was read goes when the collection goes.
_MEMBERS: WeakKeyDictionary[Store[Any], Codes[Members]] = WeakKeyDictionary()


class Covered(NamedTuple):
    """
    What some records have in common.

    Attributes:
        members: The entities that take part in them.
        span: The years in which they are known to be active, or None.
        cells: The cells in which they are.
        number: How many records they are.
    """

    members: Members
    span: Span | None
    cells: list[Cell]
    number: int


def members_of(store: Store[Any]) -> Codes[Members]:
    """Return who takes part in each record of a whole collection."""
    found = _MEMBERS.get(store)
    if found is None:
        entities_of = store.directory.entities_of
        # Each role by itself: there are many more ways of filling two together than of filling each.
        roles = [
            coded_fields(store.records, (role,)).mapped(lambda bodies: tuple(sorted(entities_of(bodies))))
            for role in _ROLES[store.collection]
        ]
        found = roles[0]
        if len(roles) > 1:
            said: Codes[tuple[int, ...]] = Codes.of(zip(*[role.numbers for role in roles], strict=True))
            found = said.mapped(lambda numbers: _united(roles, numbers))
        _MEMBERS[store] = found
    return found


def _united(roles: list[Codes[Members]], numbers: tuple[int, ...]) -> Members:
    """Return who fills some roles, of which the numbers are given."""
    return tuple(
        sorted({one for role, number in zip(roles, numbers, strict=True) for one in role.combinations[number]})
    )


def covered(records: Collection[Any], names: tuple[str, ...], by: Container[str]) -> Iterator[Covered]:
    """
    Yield what initiatives or partnerships cover in which some entities take part, those that say the same together.

    Args:
        records: The records.
        names: The dimensions that make a cell.
        by: The entities.
    """
    store = records.store
    members, spans, codes = members_of(store), store.spans("known"), [store.codes(name) for name in names]
    plain = [[tuple(map(plain_value, values)) for values in one.combinations] for one in codes]
    positions = taken_part_in(records, by)
    all_codes: list[Codes[Any]] = [members, spans, *codes]
    sources = [one.at(positions) for one in all_codes]
    for (who, when, *where), number in Counter(zip(*[source.numbers for source in sources], strict=True)).items():
        cells = list(product(*[values[place] for values, place in zip(plain, where, strict=True)]))
        yield Covered(members.combinations[who], spans.combinations[when], cells, number)


def taken_part_in(records: Collection[Any], by: Container[str]) -> list[int]:
    """Return the positions of the initiatives or partnerships in which any of some entities takes part."""
    flags = members_of(records.store).flags(lambda who: any(one in by for one in who))
    return list(compress(records.positions, map(flags.__getitem__, records.positions)))
