"""
What entities cover, and in what they take part together, counted over the columns of all records at once.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache, reduce
from itertools import combinations, islice, product
from operator import gt, or_
from typing import TYPE_CHECKING, Any, NamedTuple

from icatmapping.datapackage.bundled import column
from icatmapping.dataset import Dataset
from icatmapping.network.affiliations import NODE_PREFIXES
from icatmapping.query.bitsets import bitset, positions_of
from icatmapping.statistics.counts import plain_value
from icatmapping.statistics.covering import Members, members_of
from icatmapping.utils.laziness import cached_property

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from icatmapping.frames.frames import Frames
    from icatmapping.model.schema import Value
    from icatmapping.model.time import Span
    from icatmapping.query.codes import Codes
    from icatmapping.query.collection import Collection
    from icatmapping.query.store import Store
    from icatmapping.query.tallies import Cell

__all__ = ["OverlapTally", "overlap_tally"]


class OverlapTally(NamedTuple):
    """
    What entities cover, and in what they take part together. Years are whole numbers of which the bit of each is set.

    Attributes:
        years: For each entity that covers something, the cells that it covers and its years in each.
        together: The nodes of the events in which two entities take part, by their ids in order; sorted.
        joined: Two entities and the values of the first dimension that some event in which both take part names.
        active: Returns the ids of the initiatives of an entity that are active in some years in cells of one value of
            the first dimension, newest first.
    """

    years: Mapping[str, Mapping[Cell, int]]
    together: Mapping[tuple[str, str], tuple[str, ...]]
    joined: AbstractSet[tuple[str, str, Value]]
    active: Callable[[str, Mapping[Cell, int]], tuple[str, ...]]


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
    covering = _Covering(ds.initiatives.select(criteria), names)
    nodes = _nodes_of_pairs(ds, covering.records, ds.partnerships.select(criteria))
    together = {pair: tuple(sorted(found)) for pair, found in nodes.items()}
    return OverlapTally(covering.years(), together, _joined(ds, names[0]), covering.active)


def _tally_of_frames(ds: Frames, names: tuple[str, ...], criteria: Mapping[str, Any]) -> OverlapTally:
    """Return what the engine counts."""
    from icatmapping.frames.cell_tallies import coverers, joined_events  # noqa: PLC0415 - only frames need it

    initiatives, partnerships = ds.initiatives.select(criteria), ds.partnerships.select(criteria)
    covered: dict[str, dict[Cell, dict[str, int]]] = defaultdict(dict)
    for one in coverers(initiatives, names):
        covered[one.entity].setdefault(one.cell, {})[one.record] = _mask(one.years)
    years = {
        one: {cell: reduce(or_, records.values()) for cell, records in cells.items()} for one, cells in covered.items()
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

    def active(entity: str, wanted: Mapping[Cell, int]) -> tuple[str, ...]:
        last: dict[str, int] = {}
        for cell, common in wanted.items():
            last |= {one: mask.bit_length() for one, mask in covered[entity][cell].items() if mask & common}
        return tuple(sorted(last, key=lambda one: (-last[one], one)))

    return OverlapTally(years, {pair: tuple(sorted(nodes)) for pair, nodes in together.items()}, joined, active)


class _Covering:
    """The cells and years of initiatives, and whose they are."""

    def __init__(self, records: Collection[Any], names: tuple[str, ...]) -> None:
        self.records = records
        self._store: Store[Any] = records.store
        self._spans = self._store.spans("known")
        self._codes = [_plain(self._store.codes(name)) for name in names]
        self._ids = list(self._store.position_of)

    def years(self) -> dict[str, dict[Cell, int]]:
        """Return for each entity that covers something, the cells that it covers and its years in each."""
        return {
            one: {
                (value, *rest): years
                for value, initiatives in there.items()
                for rest, years in initiatives.years_by_rest().items()
            }
            for one, there in self._there.items()
        }

    def active(self, entity: str, wanted: Mapping[Cell, int]) -> tuple[str, ...]:
        """Return the ids of the initiatives of an entity that are active in some years in cells, newest first."""
        there = self._there[entity][next(iter(wanted))[0]]
        found = 0
        for cell, years in wanted.items():
            found |= there.active(cell[1:], years)
        return tuple([there.ids[place] for place in positions_of(found)])

    @cached_property
    def _there(self) -> dict[str, dict[Value, _There]]:
        """The dated initiatives of each entity that have a value of the first dimension, by that value."""
        (values, numbers), *rest = self._codes
        members, spans = members_of(self._store), self._spans.combinations
        places: dict[str, dict[Value, list[int]]] = defaultdict(lambda: defaultdict(list))
        for place in self._newest_first():
            said = values[numbers[place]]
            for one in members.combinations[members.numbers[place]]:
                own = places[one]
                for value in said:
                    own[value].append(place)
        return {
            one: {
                value: _There(
                    [self._ids[place] for place in found],
                    [[theirs[numbers[place]] for place in found] for theirs, numbers in rest],
                    [span for place in found if (span := spans[self._spans.numbers[place]]) is not None],
                )
                for value, found in own.items()
            }
            for one, own in places.items()
        }

    def _newest_first(self) -> list[int]:
        """Return the positions of the initiatives of known years, by the last of these and then by id."""
        ids = self._ids
        order: Sequence[int] = self.records.positions
        if any(map(gt, ids, islice(ids, 1, None))):
            order = sorted(order, key=ids.__getitem__)
        lasts = [None if span is None else span.last for span in self._spans.combinations]
        by_last: dict[int, list[int]] = defaultdict(list)
        for place, last in zip(order, map(lasts.__getitem__, map(self._spans.numbers.__getitem__, order)), strict=True):
            if last is not None:
                by_last[last].append(place)
        return [place for last in sorted(by_last, reverse=True) for place in by_last[last]]


def _plain(codes: Codes[tuple[Value, ...]]) -> tuple[list[tuple[Value, ...]], Sequence[int]]:
    """Return what can be said of a dimension, and the number of what each record says."""
    return [tuple(map(plain_value, values)) for values in codes.combinations], codes.numbers


class _There:
    """
    The initiatives of one entity that have one value of the first dimension, newest first.

    Args:
        ids: Their ids.
        rest: For each other dimension, the values of each initiative.
        spans: The known years of each.
    """

    def __init__(self, ids: list[str], rest: list[list[tuple[Any, ...]]], spans: list[Span]) -> None:
        self.ids = ids
        self._with = [_sets(values) for values in rest]
        in_year: dict[int, int] = defaultdict(int)
        for span, found in _sets([(span,) for span in spans]).items():
            for year in _years(span):
                in_year[1 << year] |= found
        self._in_year = list(in_year.items())

    def years_by_rest(self) -> dict[Cell, int]:
        """Return for each combination of values of the other dimensions that some of them have, their years."""
        found: dict[Cell, int] = {(): (1 << len(self.ids)) - 1}
        for having in self._with:
            found = {
                (*rest, value): both
                for rest, initiatives in found.items()
                for value, theirs in having.items()
                if (both := initiatives & theirs)
            }
        return {
            rest: sum([year for year, active in self._in_year if active & initiatives])
            for rest, initiatives in found.items()
        }

    def active(self, rest: Cell, years: int) -> int:
        """Return the set of those that have some values of the other dimensions and are active in some years."""
        found = self._in(years)
        for value, having in zip(rest, self._with, strict=True):
            found &= having.get(value, 0)
        return found

    @cached_property
    def _in(self) -> Callable[[int], int]:
        in_year = self._in_year
        return cache(lambda years: reduce(or_, [found for year, found in in_year if years & year], 0))


def _sets(said: list[tuple[Any, ...]]) -> dict[Any, int]:
    """Return by value the set of the places that say it."""
    places: dict[Any, list[int]] = defaultdict(list)
    for place, values in enumerate(said):
        for value in values:
            places[value].append(place)
    return {value: bitset(found, len(said)) for value, found in places.items()}


def _mask(years: Iterable[int]) -> int:
    return reduce(or_, [1 << year for year in years], 0)


def _years(span: Any) -> range:
    return range(span.first, span.last + 1)


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
    bit_of: dict[Value, int] = {}
    found: dict[Members, int] = defaultdict(int)
    columns = {}
    for records in (ds.initiatives, ds.partnerships):
        members, codes = members_of(records.store), records.store.codes(name)
        masks = [
            reduce(or_, [1 << bit_of.setdefault(plain_value(value), len(bit_of)) for value in values], 0)
            for values in codes.combinations
        ]
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
    values = list(bit_of)
    return {(a, b, values[bit]) for (a, b), mask in joined.items() for bit in positions_of(mask)}
