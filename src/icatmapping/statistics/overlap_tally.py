"""
What entities cover, and in what they take part together, counted over the columns of all records at once.
"""

from __future__ import annotations

from collections import defaultdict
from functools import reduce
from itertools import combinations, count, product
from operator import or_
from typing import TYPE_CHECKING, Any, NamedTuple

from icatmapping.datapackage.bundled import column
from icatmapping.dataset import Dataset
from icatmapping.network.affiliations import NODE_PREFIXES
from icatmapping.query.bitsets import positions_of
from icatmapping.statistics.counts import plain_value
from icatmapping.statistics.covering import Members, members_of
from icatmapping.statistics.overlap_cells import Covering

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from collections.abc import Set as AbstractSet

    from icatmapping.frames.frames import Frames
    from icatmapping.model.schema import Value
    from icatmapping.query.collection import Collection
    from icatmapping.query.tallies import Cell

__all__ = ["OverlapTally", "overlap_tally"]


class OverlapTally(NamedTuple):
    """
    What entities cover, and in what they take part together. Years are whole numbers of which the bit of each is set.

    Attributes:
        years: For each entity that covers something, by the value of the first dimension and then by those of the
            others, its years in each cell that it covers.
        together: The nodes of the events in which two entities take part, by their ids in order; sorted.
        joined: Two entities and the values of the first dimension that some event in which both take part names.
        active: Returns the ids of the initiatives of an entity that have a value of the first dimension and are active
            in some years in some cells there, newest first.
    """

    years: Mapping[str, Mapping[Value, Mapping[Cell, int]]]
    together: Mapping[tuple[str, str], tuple[str, ...]]
    joined: AbstractSet[tuple[str, str, Value]]
    active: Callable[[str, Value, Mapping[Cell, int]], tuple[str, ...]]


def overlap_tally(ds: Dataset | Frames, names: tuple[str, ...], criteria: Mapping[str, Any]) -> OverlapTally:
    """
    Count what entities cover, and in what they take part together.

    Args:
        ds: The dataset, or frames.
        names: The dimensions that make a cell.
        criteria: What initiatives and partnerships have to meet.
    """
    if not isinstance(ds, Dataset):
        return _tally_of_frames(ds, names, criteria)
    covering = Covering(ds.initiatives.select(criteria), names)
    nodes = _nodes_of_pairs(ds, covering.records, ds.partnerships.select(criteria))
    together = {pair: tuple(sorted(found)) for pair, found in nodes.items()}
    return OverlapTally(covering.years(), together, _joined(ds, names[0]), covering.active)


def _tally_of_frames(ds: Frames, names: tuple[str, ...], criteria: Mapping[str, Any]) -> OverlapTally:
    """Return what the engine counts."""
    from icatmapping.frames.cell_tallies import coverers, joined_events  # noqa: PLC0415 - only frames need it

    initiatives, partnerships = ds.initiatives.select(criteria), ds.partnerships.select(criteria)
    covered: dict[str, dict[Value, dict[Cell, dict[str, int]]]] = defaultdict(lambda: defaultdict(dict))
    for one in coverers(initiatives, names):
        covered[one.entity][one.cell[0]].setdefault(one.cell[1:], {})[one.record] = _mask(one.years)
    years = {
        one: {
            value: {rest: reduce(or_, records.values()) for rest, records in cells.items()}
            for value, cells in there.items()
        }
        for one, there in covered.items()
    }
    together: dict[tuple[str, str], list[str]] = defaultdict(list)
    for node, (members, _) in joined_events(initiatives, partnerships, names[0]).items():
        for pair in combinations(sorted(members), 2):
            together[pair].append(node)
    joined = {
        (a, b, value)
        for members, values in joined_events(ds.initiatives, ds.partnerships, names[0]).values()
        for (a, b), value in product(combinations(sorted(members), 2), values)
    }

    def active(entity: str, value: Value, wanted: Mapping[Cell, int]) -> tuple[str, ...]:
        last: dict[str, int] = {}
        for rest, common in wanted.items():
            mine = covered[entity][value][rest]
            last |= {one: mask.bit_length() for one, mask in mine.items() if mask & common}
        return tuple(sorted(last, key=lambda one: (-last[one], one)))

    return OverlapTally(years, {pair: tuple(sorted(nodes)) for pair, nodes in together.items()}, joined, active)


def _mask(years: Iterable[int]) -> int:
    return reduce(or_, [1 << year for year in years], 0)


def _twins(initiatives: Collection[Any], partnerships: Collection[Any]) -> dict[int, int]:
    """Return the position of the partnership that is the same undertaking as an initiative, by that of the latter."""
    position_of = initiatives.store.position_of
    stated = list(column(partnerships.store.records, "initiative"))
    named = {position: position_of.get(stated[position]) for position in partnerships.positions if stated[position]}
    twins = {twin: position for position, twin in named.items() if twin is not None}
    if len(initiatives) < len(initiatives.store.records):
        kept = frozenset(initiatives.positions)
        twins = {twin: position for twin, position in twins.items() if twin in kept}
    return twins


def _nodes_of_pairs(
    ds: Dataset, initiatives: Collection[Any], partnerships: Collection[Any]
) -> dict[tuple[str, str], list[str]]:
    """Return the nodes of the events in which two entities both take part; twins are one event."""
    together: dict[tuple[str, str], list[str]] = defaultdict(list)
    twins = _twins(initiatives, partnerships)
    others = members_of(ds.partnerships.store)
    merged = {place: others.combinations[others.numbers[twin]] for place, twin in twins.items()}
    second = frozenset(twins.values())
    events: list[tuple[Collection[Any], AbstractSet[int], str]] = [
        (initiatives, merged.keys(), NODE_PREFIXES["initiatives"]),
        (partnerships, second, NODE_PREFIXES["partnerships"]),
    ]
    for records, skipped, prefix in events:
        members = members_of(records.store)
        adders = [[together[pair].append for pair in combinations(who, 2)] for who in members.combinations]
        ids = list(records.store.position_of)
        for place in records.positions:
            adding = adders[members.numbers[place]]
            if adding and place not in skipped:
                node = f"{prefix}:{ids[place]}"
                for add in adding:
                    add(node)
    mine, ids = members_of(initiatives.store), list(initiatives.store.position_of)
    for place, theirs in merged.items():
        everybody = sorted({*mine.combinations[mine.numbers[place]], *theirs})
        for pair in combinations(everybody, 2):
            together[pair].append(f"{NODE_PREFIXES['initiatives']}:{ids[place]}")
    return {pair: nodes for pair, nodes in together.items() if nodes}


def _joined(ds: Dataset, name: str) -> set[tuple[str, str, Value]]:
    """
    Return the pairs of entities that some initiative or partnership joins, with the values that it names.

    A partnership and its initiative twin are one undertaking: whoever is in either is joined in what either names.
    """
    bit_of: defaultdict[Value, int] = defaultdict(count().__next__)
    found: dict[Members, int] = defaultdict(int)
    columns = {}
    for records in (ds.initiatives, ds.partnerships):
        members, codes = members_of(records.store), records.store.codes(name)
        masks = [reduce(or_, [1 << bit_of[value] for value in values], 0) for values in codes.combinations]
        named = [0] * len(members.combinations)
        for number, what in zip(members.numbers, codes.numbers, strict=True):
            named[number] |= masks[what]
        for who, mask in zip(members.combinations, named, strict=True):
            found[who] |= mask
        columns[records.store.collection] = (members, codes, masks)
    (mine, named_here, masks_here), (theirs, named_there, masks_there) = columns.values()
    for place, twin in _twins(ds.initiatives, ds.partnerships).items():
        both = {*mine.combinations[mine.numbers[place]], *theirs.combinations[theirs.numbers[twin]]}
        found[tuple(sorted(both))] |= masks_here[named_here.numbers[place]] | masks_there[named_there.numbers[twin]]
    joined: dict[tuple[str, str], int] = defaultdict(int)
    for who, mask in found.items():
        for pair in combinations(who, 2):
            joined[pair] |= mask
    values = list(map(plain_value, bit_of))
    return {(a, b, values[bit]) for (a, b), mask in joined.items() for bit in positions_of(mask)}
