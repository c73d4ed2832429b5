"""
Collaboration paths: through whom one organization can reach another, and on what evidence. Knows nothing of display.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from math import fsum, inf
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, Unpack, overload

from attrs import frozen

from icatmapping.errors import UnknownNameError
from icatmapping.model.geography import country as find_country
from icatmapping.model.records import Entity, Initiative, Organization, Partnership, Resource
from icatmapping.network.affiliations import TieCollection, Ties, tables, tying
from icatmapping.query.dimensions import DIMENSIONS
from icatmapping.query.names import name_of
from icatmapping.results import ReadOnly, Row, Rows, frame
from icatmapping.utils.representation import Presentable, first_few
from icatmapping.utils.text import nearest

if TYPE_CHECKING:
    import pandas as pd

    from icatmapping.dataset import Dataset
    from icatmapping.query.collection import SharedCriteria

__all__ = [
    "Connection",
    "Connections",
    "Order",
    "Path",
    "Paths",
    "Step",
    "asked_countries",
    "check_count",
    "collaboration_paths",
    "connections",
    "foreign_to",
    "repeatable",
]

Order: TypeAlias = Literal["hops", "distance"]
"""Whether fewest hops or least distance comes first."""

_DIGITS = 9


@frozen(repr=False)
class Step(Presentable):
    """
    One step of a path: two organizations and what ties them.

    Attributes:
        a: The id of the organization that the step starts from.
        b: The id of the one that it leads to.
        weight: How strongly they are tied: the sum of 1/(participants − 1) over the records that they share.
        distance: 1/weight.
        records: The nodes of the records that they share (``"initiative:ID"`` …); first those in which no other
            organization of the path takes part.
        evidence: Those records themselves, in that order.
        countries: The countries that those records name (alpha-3), most often named first.
        themes: The themes of those records, most frequent first.
    """

    a: str
    b: str
    weight: float
    distance: float
    records: tuple[str, ...]
    evidence: tuple[Initiative | Partnership | Resource, ...]
    countries: tuple[str, ...]
    themes: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Give the step as plain, JSON-ready data."""
        return {
            "a": self.a,
            "b": self.b,
            "weight": self.weight,
            "distance": self.distance,
            "records": list(self.records),
            "countries": list(self.countries),
            "themes": list(self.themes),
        }

    def _gist(self) -> str:
        return f" {self.a} – {self.b}: {len(self.records)} shared, {first_few(self.records, 2)}"


@frozen(repr=False)
class Path(Presentable):
    """
    A way from one organization to another, each step resting on records that both ends share.

    Attributes:
        organizations: The ids on the way, from source to target.
        steps: The steps between them.
        distance: The sum of the distances of the steps.
        names: What the organizations are called: entities by acronym, others by name.
    """

    organizations: tuple[str, ...]
    steps: tuple[Step, ...]
    distance: float
    names: tuple[str, ...]

    @property
    def hops(self) -> int:
        """The number of steps."""
        return len(self.steps)

    def describe(self) -> str:
        """Say the path in a sentence."""
        if self.hops == 1:
            return f"{self.names[0]} and {self.names[1]} work together directly: {_through(self.steps[0])}."
        between = _listed([*self.names[1:-1]])
        legs = [
            f"{a} and {b} {_through(step)}" for a, b, step in zip(self.names, self.names[1:], self.steps, strict=False)
        ]
        return f"{self.names[0]} reaches {self.names[-1]} through {between}: {'; '.join(legs)}."

    def to_dict(self) -> dict[str, Any]:
        """Give the path as plain, JSON-ready data."""
        return {
            "organizations": list(self.organizations),
            "names": list(self.names),
            "hops": self.hops,
            "distance": self.distance,
            "description": self.describe(),
            "steps": [step.to_dict() for step in self.steps],
        }

    def _gist(self) -> str:
        hops = f"{self.hops} hop{'' if self.hops == 1 else 's'}"
        return f" {' – '.join(self.names)}: {hops}, distance {self.distance:.4g}"


def _through(step: Step) -> str:
    titles = [f"“{name_of(record)}”" for record in step.evidence[:2]]
    more = len(step.evidence) - len(titles)
    if more:
        titles.append(f"{more} more")
    return f"share {_listed(titles)}"


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


@frozen(eq=False, repr=False)
class Paths(Presentable, Sequence[Path]):
    """
    The paths found, best first; empty and false if there is none, and then `reason` says why.

    Attributes:
        source: The id of the organization that the paths start from.
        target: The id of the one that they lead to.
        found: The paths.
        reason: Why there is no path, and what would give one; None if there is one.
        remedies: Changes to the question that were tried and do give a path, as arguments to change
            (None: to leave out).
    """

    source: str
    target: str
    found: tuple[Path, ...]
    reason: str | None = None
    remedies: tuple[Mapping[str, Any], ...] = ()

    @overload
    def __getitem__(self, index: int) -> Path: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Path]: ...
    def __getitem__(self, index: int | slice) -> Path | Sequence[Path]:
        """Give a path by position."""
        return self.found[index]

    def __len__(self) -> int:
        return len(self.found)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Paths):
            return NotImplemented
        return (self.source, self.target, self.found, self.reason) == (
            other.source,
            other.target,
            other.found,
            other.reason,
        )

    def __hash__(self) -> int:
        return hash((self.source, self.target, tuple(path.organizations for path in self.found)))

    def describe(self) -> str:
        """Say every path in a sentence of its own, or why there is none."""
        return self.reason if self.reason is not None else "\n".join(path.describe() for path in self.found)

    def to_pandas(self) -> pd.DataFrame:
        """
        Give the steps as a pandas data frame, one row per step, with the number of its path.

        Raises:
            MissingExtraError: If pandas is not installed.
        """
        return frame(
            {"path": place, "hops": path.hops, "path_distance": path.distance, "step": number, **step.to_dict()}
            for place, path in enumerate(self.found, start=1)
            for number, step in enumerate(path.steps, start=1)
        )

    def to_dict(self) -> dict[str, Any]:
        """Give the paths as plain, JSON-ready data."""
        return {
            "source": self.source,
            "target": self.target,
            "paths": [path.to_dict() for path in self.found],
            "reason": self.reason,
            "remedies": [dict(remedy) for remedy in self.remedies],
        }

    def _gist(self) -> str:
        ways = first_few((" – ".join(path.names) for path in self.found), 2)
        said = f"{len(self.found)}, {ways}" if self.found else f"none, {self.reason}"
        return f" from {self.source} to {self.target}: {said}"


def collaboration_paths(
    ds: Dataset,
    source: str | Entity | Organization,
    target: str | Entity | Organization,
    *,
    k: int = 5,
    by: Order = "hops",
    max_hops: int = 4,
    of: Iterable[TieCollection] = ("initiatives", "partnerships"),
    donors: bool = False,
    external: bool = True,
    foreign_governments: bool = False,
    **criteria: Unpack[SharedCriteria],
) -> Paths:
    """
    Find through whom one organization can reach another.

    A path is a sequence of different organizations such that

    1. the two ends of each step take part in a common record, and in at least one in which no other organization of
       the path takes part;
    2. no two of its organizations that are not neighbours take part in a common record, but for source and target
       themselves;
    3. nobody between them is the own body of a partnership (``body_of``) nor, where a country is asked for, the
       government of another country, unless ``foreign_governments``.

    Args:
        ds: The dataset.
        source: The organization to start from: an entity or anybody else, by id, acronym, name or alias.
        target: The organization to reach.
        k: How many paths to give at most.
        by: ``"hops"``: fewest hops first, then least distance, then ids; ``"distance"``: distance, hops, ids.
            Distances are compared after rounding to 1e-9.
        max_hops: How many steps a path may have.
        of: The collections whose records tie organizations.
        donors: Whether donors take part in an initiative.
        external: Whether organizations that are no ICAT entities may stand between source and target.
        foreign_governments: Whether the governments of other countries may stand between them.
        **criteria: What the records have to meet, as in `Collection.where`.

    Returns:
        The paths, best first. Without one, an empty result whose ``reason`` says why.

    Raises:
        UnknownNameError: If nobody is called so.
        ValueError: If source and target are the same, or ``k`` or ``max_hops`` is less than 1.

    Examples:
        >>> import icatmapping as im
        >>> paths = im.collaboration_paths(im.load(), "UNODC", "UNICEF", country="Nigeria", theme="child_protection")
        >>> paths[0].organizations[0], paths[0].organizations[-1]
        ('unodc', 'unicef')
    """
    start, end = ds.directory.lookup(source), ds.directory.lookup(target)
    _check(start, end, k, by, max_hops)
    settings = {"of": tying(of), "donors": donors}
    question = _Question(ds, start, end, max_hops, external, foreign_governments, settings, repeatable(criteria))
    network = question.network()
    found = question.search(network, k, by)
    if found:
        return Paths(start, end, found)
    remedies = question.remedies(by)
    return Paths(start, end, (), question.explain(network, remedies), remedies)


def _check(start: str, end: str, k: int, by: str, max_hops: int) -> None:
    if start == end:
        message = f"source and target are the same organization, {start!r}"
        raise ValueError(message)
    check_count("k", k)
    check_count("max_hops", max_hops)
    if by not in ("hops", "distance"):
        raise UnknownNameError(by, "order of paths", nearest(str(by), ("hops", "distance")) or ("hops", "distance"))


def check_count(name: str, value: object) -> None:
    """Refuse what is no whole number of at least 1."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        message = f"{name} must be a whole number of at least 1, not {value!r}"
        raise ValueError(message)


def repeatable(criteria: Mapping[str, Any]) -> dict[str, Any]:
    """Keep the values of iterators, which the search for remedies asks for again."""
    return {name: tuple(value) if isinstance(value, Iterator) else value for name, value in criteria.items()}


@frozen(repr=False)
class Connection(Row):
    """
    How two entities can reach each other in a context.

    Attributes:
        a: The id of the one.
        b: The id of the other, later in the alphabet.
        hops: The number of steps of the best path; None if there is none.
        distance: Its distance; None if there is none.
        through: The ids of those in between; empty if the two work together directly.
        records: The nodes of the records in which both take part.
        separate: Whether the two are in separate groups, so that no path of any length joins them.
    """

    a: str
    b: str
    hops: int | None
    distance: float | None
    through: tuple[str, ...]
    records: tuple[str, ...]
    separate: bool


@frozen(repr=False)
class Connections(Rows[Connection]):
    """
    Who can reach whom: every pair of entities active in a context, nearest first, pairs in separate groups last.

    Attributes:
        entities: The ids of the entities that are active in the context.
        rows: A row for each pair of them.
    """

    entities: tuple[str, ...]
    rows: tuple[Connection, ...]

    def _gist(self) -> str:
        direct = sum(row.hops == 1 for row in self.rows)
        apart = sum(row.hops is None for row in self.rows)
        pairs = f"{len(self.rows)} pairs, {direct} direct, {apart} without a path"
        return f" of {len(self.entities)} entities: {pairs}"


def connections(
    ds: Dataset,
    *,
    max_hops: int = 4,
    of: Iterable[TieCollection] = ("initiatives", "partnerships"),
    donors: bool = False,
    external: bool = True,
    foreign_governments: bool = False,
    **criteria: Unpack[SharedCriteria],
) -> Connections:
    """
    Find for every pair of entities active in a context how they can reach each other.

    Args:
        ds: The dataset.
        max_hops: How many steps a path may have.
        of: The collections whose records tie organizations.
        donors: Whether donors take part in an initiative.
        external: Whether organizations that are no ICAT entities may stand in between.
        foreign_governments: Whether the governments of other countries may stand in between.
        **criteria: What the records have to meet, as in `Collection.where`.

    Returns:
        A row for each pair, with the best path by the rules of `collaboration_paths`: fewest hops first, then least
        distance, then ids. Pairs without a path come last, those in separate groups after the others.

    Examples:
        >>> import icatmapping as im
        >>> reach = im.connections(im.load(), country="Sudan")
        >>> reach[0].hops
        1
    """
    check_count("max_hops", max_hops)
    asked = repeatable(criteria)
    network = Ties(tables(ds, of=of, donors=donors, criteria=asked))
    active = sorted(ds.directory.entity_ids & network.seats.keys())
    allowed = _between(ds, network, asked, external=external, foreign_governments=foreign_governments)
    groups = {one: group for group in _groups(network) for one in group}
    rows = []
    for place, a in enumerate(active):
        for b in active[place + 1 :]:
            separate = groups[a] is not groups[b]
            best = () if separate else _Search(network, a, b, allowed).first(max_hops)
            distance = fsum(1 / network.weights[one][other] for one, other in pairwise(best)) if best else None
            hops = len(best) - 1 if best else None
            rows.append(Connection(a, b, hops, distance, best[1:-1], tuple(network.shared(a, b)), separate))
    rows.sort(key=lambda row: (row.separate, row.hops or inf, round(row.distance or inf, _DIGITS), row.a, row.b))
    return Connections(tuple(active), tuple(rows))


def _groups(network: Ties) -> Iterator[set[str]]:
    seen: set[str] = set()
    for one in network.seats:
        if one not in seen:
            group = _group(network, one)
            seen |= group
            yield group


def _between(
    ds: Dataset, network: Ties, criteria: Mapping[str, Any], *, external: bool, foreign_governments: bool
) -> frozenset[str]:
    """Say who may stand between the ends of a path (rule 3)."""
    directory = ds.directory
    if not external:
        return directory.entity_ids & network.seats.keys()
    home = None if foreign_governments else asked_countries(criteria)
    found = [directory.by_id[one] for one in network.seats]
    return frozenset([one.id for one in found if isinstance(one, Entity) or not (one.body_of or foreign_to(home, one))])


def foreign_to(home: frozenset[str] | None, organization: Organization) -> bool:
    """Tell whether an organization is the government of another country than those asked for, if any were."""
    return home is not None and organization.kind == "government" and organization.country not in (None, *home)


@frozen
class _Question:
    """What was asked, in a form that can be asked again with one thing changed."""

    ds: Dataset
    start: str
    end: str
    max_hops: int
    external: bool
    foreign_governments: bool
    settings: Mapping[str, Any]
    criteria: Mapping[str, Any]

    def network(self, criteria: Mapping[str, Any] | None = None) -> Ties:
        return Ties(tables(self.ds, **self.settings, criteria=self.criteria if criteria is None else criteria))

    def search(self, network: Ties, k: int, by: str, criteria: Mapping[str, Any] | None = None) -> tuple[Path, ...]:
        if self.start not in network.seats or self.end not in network.seats:
            return ()
        asked = self.criteria if criteria is None else criteria
        free = {"external": self.external, "foreign_governments": self.foreign_governments}
        search = _Search(network, self.start, self.end, _between(self.ds, network, asked, **free))
        found = search.by_hops(self.max_hops, k) if by == "hops" else search.best(range(1, self.max_hops + 1), k)
        return tuple([_path(self.ds, network, organizations) for organizations in found])

    def remedies(self, by: str) -> tuple[Mapping[str, Any], ...]:
        """Try a wider reach, and each criterion less, and give what leads to a path."""
        found: list[Mapping[str, Any]] = []
        for change in self._changes():
            criteria = {name: value for name, value in {**self.criteria, **change}.items() if value is not None}
            if self.search(self.network(criteria), 1, by, criteria):
                found.append(change)
        return tuple(found)

    def _changes(self) -> Iterator[ReadOnly[str, Any]]:
        reaches = ("named", "regional", "global")
        if "country" in self.criteria:
            for reach in reaches[reaches.index(self.criteria.get("reach", "named")) + 1 :]:
                yield ReadOnly({"reach": reach})
        for name in self.criteria:
            if name not in ("reach", "undated"):
                yield ReadOnly({name: None})

    def explain(self, network: Ties, remedies: Sequence[Mapping[str, Any]]) -> str:
        label = self.ds.directory.label
        absent = [one for one in (self.start, self.end) if one not in network.seats]
        context = f" ({self._context()})" if self.criteria else ""
        if absent:
            who, verb = _listed([label(one) for one in absent]), "take" if len(absent) > 1 else "takes"
            parts = [f"{who} {verb} part in no record there{context}"]
        elif self.end in _group(network, self.start):
            within = f"in one group{context}, but no path of at most {self.max_hops} hops keeps the rules"
            parts = [f"{label(self.start)} and {label(self.end)} are {within}"]
        else:
            parts = [f"{label(self.start)} and {label(self.end)} are in separate groups there{context}"]
        parts += [f"{label(one)}: {self._activity(one, network)}" for one in (self.start, self.end)]
        if remedies:
            parts.append(f"A path appears {_alternatives([_said(change) for change in remedies])}")
        elif self.criteria:
            parts.append("No wider reach and no single criterion less gives one")
        return ". ".join(parts) + "."

    def _activity(self, one: str, network: Ties) -> str:
        seats = sorted(network.seats.get(one, ()))
        if not seats:
            anywhere = len(self.network({}).seats.get(one, ()))
            return f"no record there, {anywhere} in the whole dataset"
        titles = [f"“{name_of(network.tables[node].records[0])}”" for node in seats[:3]]
        if len(seats) > len(titles):
            titles.append(f"{len(seats) - len(titles)} more")
        partners = len(network.weights.get(one, ()))
        return f"takes part in {_listed(titles)}, with {partners} other{'' if partners == 1 else 's'}"

    def _context(self) -> str:
        return ", ".join(f"{name}: {_shown(value)}" for name, value in self.criteria.items())


def asked_countries(criteria: Mapping[str, Any]) -> frozenset[str] | None:
    """Give the countries that were asked for, or None if none was."""
    if "country" not in criteria:
        return None
    given = criteria["country"]
    values = given if isinstance(given, Iterable) and not isinstance(given, str) else (given,)
    return frozenset(find_country(value).alpha3 for value in values)


def _said(change: Mapping[str, Any]) -> str:
    ((name, value),) = change.items()
    if value is None:
        return f"without {name}=" if name not in DIMENSIONS else f"without the criterion {name}"
    return f"with {name}={value!r}"


def _alternatives(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} or {parts[-1]}"


def _shown(value: Any) -> str:
    if isinstance(value, Iterable) and not isinstance(value, str):
        return " or ".join(str(getattr(item, "name", item)) for item in value)
    return str(getattr(value, "name", value)) if not isinstance(value, str) else str(value)


def _group(network: Ties, start: str) -> set[str]:
    seen, waiting = {start}, [start]
    while waiting:
        fresh = network.weights[waiting.pop()].keys() - seen
        seen |= fresh
        waiting.extend(fresh)
    return seen


class _Search:
    """Best-first search for the shortest paths that keep the rules, guided by how far the end still is at least."""

    def __init__(self, network: Ties, start: str, end: str, allowed: frozenset[str]) -> None:
        self._network = network
        self._weights = network.weights
        self._start = start
        self._end = end
        self._allowed = allowed - {start, end}
        self._ahead: list[dict[str, float]] = [{end: 0.0}]

    def _remaining(self, hops: int) -> dict[str, float]:
        """For each organization, the least distance of any walk to the end in exactly so many hops."""
        near_end = self._weights[self._end].keys()
        while len(self._ahead) <= hops:
            reached = self._ahead[-1]
            last = len(self._ahead) == 1
            layer: dict[str, float] = {}
            for there, rest in reached.items():
                for here, weight in self._weights[there].items():
                    # Only the last one before the end may be tied to it (rule 2), so no other is worth a look.
                    if here == self._start or (here in self._allowed and (last or here not in near_end)):
                        distance = rest + 1 / weight
                        if distance < layer.get(here, inf):
                            layer[here] = distance
            # A walk through the start is no path, but it may be where the path begins.
            self._ahead.append(layer)
        return self._ahead[hops]

    def first(self, max_hops: int) -> tuple[str, ...]:
        """Give the best path, or nothing if there is none."""
        found = self.by_hops(max_hops, 1)
        return found[0] if found else ()

    def by_hops(self, max_hops: int, k: int) -> list[tuple[str, ...]]:
        """Give the k best paths, fewest hops first."""
        found: list[tuple[str, ...]] = []
        for length in range(1, max_hops + 1):
            found += self.best((length,), k - len(found))
            if len(found) >= k:
                break
        return found

    def best(self, lengths: Sequence[int], k: int) -> list[tuple[str, ...]]:
        """Give the k best paths of some lengths: by distance, then length, then ids."""
        waiting: list[tuple[float, int, tuple[str, ...], float]] = []
        for length in lengths:
            rest = self._remaining(length).get(self._start)
            if rest is not None:
                waiting.append((round(rest, _DIGITS), length, (self._start,), 0.0))
        heapq.heapify(waiting)
        found: list[tuple[str, ...]] = []
        while waiting and len(found) < k:
            _, length, path, gone = heapq.heappop(waiting)
            if path[-1] == self._end:
                found.append(path)
                continue
            left = length - len(path)
            ahead = self._remaining(left)
            for here, weight in self._weights[path[-1]].items():
                rest = ahead.get(here)
                if rest is not None and self._may_follow(path, here, left):
                    distance = gone + 1 / weight
                    heapq.heappush(waiting, (round(distance + rest, _DIGITS), length, (*path, here), distance))
        return found

    def _may_follow(self, path: tuple[str, ...], here: str, left: int) -> bool:
        if here == self._end:
            return left == 0 and self._is_honest((*path, here))
        if left == 0 or here not in self._allowed or here in path:
            return False
        tied = self._weights[here]
        return not any(earlier in tied for earlier in path[:-1])

    def _is_honest(self, path: tuple[str, ...]) -> bool:
        """Tell whether each step rests on a record of its own (rule 1); rule 2 sees to it for three hops and more."""
        seats = self._network.seats
        if len(path) != 3:
            return True
        source, between, target = (seats[one] for one in path)
        return bool((source & between) - target) and bool((between & target) - source)


def _path(ds: Dataset, network: Ties, organizations: tuple[str, ...]) -> Path:
    steps = tuple([_step(network, organizations, a, b) for a, b in pairwise(organizations)])
    names = tuple([ds.directory.label(one) for one in organizations])
    return Path(organizations, steps, fsum(step.distance for step in steps), names)


def _step(network: Ties, path: tuple[str, ...], a: str, b: str) -> Step:
    others = frozenset(path) - {a, b}
    nodes = sorted(network.shared(a, b), key=lambda node: not others.isdisjoint(network.tables[node].participants))
    evidence = tuple([record for node in nodes for record in network.tables[node].records])
    weight = network.weights[a][b]
    return Step(
        a,
        b,
        weight,
        1 / weight,
        tuple(nodes),
        evidence,
        _most_frequent(country for record in evidence for country in record.countries),
        _most_frequent(str(theme) for record in evidence for theme in record.themes),
    )


def _most_frequent(values: Iterable[str]) -> tuple[str, ...]:
    counts = Counter(values)
    return tuple(sorted(counts, key=lambda value: (-counts[value], value)))
