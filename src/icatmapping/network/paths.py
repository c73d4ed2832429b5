"""
Collaboration paths: through whom one organization reaches another, on what evidence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from math import fsum
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, Unpack, overload

from attrs import frozen

from icatmapping.errors import UnknownNameError
from icatmapping.network.affiliations import Affiliations, EventCollection, event_collections, events
from icatmapping.network.path_search import PathSearch, allowed_intermediaries, component
from icatmapping.query.criteria import OPTIONS
from icatmapping.query.dimensions import DIMENSIONS
from icatmapping.results import FrozenMapping
from icatmapping.utils.arguments import check_count, materialize
from icatmapping.utils.frames import frame
from icatmapping.utils.representation import Displayable, join_first
from icatmapping.utils.text import nearest

if TYPE_CHECKING:
    import pandas as pd

    from icatmapping.dataset import Dataset
    from icatmapping.model.records import Entity, Initiative, Organization, Partnership, Resource
    from icatmapping.query.criteria import SharedCriteria

__all__ = ["Order", "Path", "Paths", "Step", "collaboration_paths"]


Order: TypeAlias = Literal["hops", "distance"]
"""Whether fewest hops or least distance comes first."""


@frozen(repr=False)
class Step(Displayable):
    """
    One step of a path: two organizations and what ties them.

    Attributes:
        source: The id of the organization that the step starts from.
        target: The id of the one that it leads to.
        weight: How strongly they are tied: the sum of 1/(participants − 1) over the records that they share.
        distance: 1/weight.
        records: The nodes of the records that they share (``"initiative:ID"`` …); first those in which no other
            organization of the path takes part.
        evidence: Those records themselves, in that order.
        countries: The countries that those records name (alpha-3), most often named first.
        themes: The themes of those records, most frequent first.
    """

    source: str
    target: str
    weight: float
    distance: float
    records: tuple[str, ...]
    evidence: tuple[Initiative | Partnership | Resource, ...]
    countries: tuple[str, ...]
    themes: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the step as plain, JSON-ready data."""
        return {
            "source": self.source,
            "target": self.target,
            "weight": self.weight,
            "distance": self.distance,
            "records": list(self.records),
            "countries": list(self.countries),
            "themes": list(self.themes),
        }

    def _repr_summary(self) -> str:
        return f" {self.source} – {self.target}: {len(self.records)} shared, {join_first(self.records, 2)}"


@frozen(repr=False)
class Path(Displayable):
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
        """Return the path in a sentence."""
        if self.hops == 1:
            return f"{self.names[0]} and {self.names[1]} work together directly: {_through(self.steps[0])}."
        between = join_and([*self.names[1:-1]])
        legs = [
            f"{a} and {b} {_through(step)}" for a, b, step in zip(self.names, self.names[1:], self.steps, strict=False)
        ]
        return f"{self.names[0]} reaches {self.names[-1]} through {between}: {'; '.join(legs)}."

    def to_dict(self) -> dict[str, Any]:
        """Return the path as plain, JSON-ready data."""
        return {
            "organizations": list(self.organizations),
            "names": list(self.names),
            "hops": self.hops,
            "distance": self.distance,
            "description": self.describe(),
            "steps": [step.to_dict() for step in self.steps],
        }

    def _repr_summary(self) -> str:
        hops = f"{self.hops} hop{'' if self.hops == 1 else 's'}"
        return f" {' – '.join(self.names)}: {hops}, distance {self.distance:.4g}"


def _through(step: Step) -> str:
    titles = [f"“{record.label}”" for record in step.evidence[:2]]
    more = len(step.evidence) - len(titles)
    if more:
        titles.append(f"{more} more")
    return f"share {join_and(titles)}"


def join_and(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


@frozen(eq=False, repr=False)
class Paths(Displayable, Sequence[Path]):
    """
    The paths found, best first; empty and false if there is none, and then `reason` says why.

    Attributes:
        source: The id of the organization that the paths start from.
        target: The id of the one that they lead to.
        found: The paths.
        reason: Why there is no path, and what would give one; None if there is one.
        relaxations: Changes to the question that were tried and do give a path, as arguments to change
            (None: to leave out).
    """

    source: str
    target: str
    found: tuple[Path, ...]
    reason: str | None = None
    relaxations: tuple[Mapping[str, Any], ...] = ()

    @overload
    def __getitem__(self, index: int) -> Path: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Path]: ...
    def __getitem__(self, index: int | slice) -> Path | Sequence[Path]:
        """Return a path by position."""
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
        """Return every path in a sentence of its own, or why there is none."""
        return self.reason if self.reason is not None else "\n".join(path.describe() for path in self.found)

    def to_pandas(self) -> pd.DataFrame:
        """
        Return the steps as a pandas data frame, one row per step, with the number of its path.

        Raises:
            MissingExtraError: If pandas is not installed.
        """
        return frame(
            {"path": place, "hops": path.hops, "path_distance": path.distance, "step": number, **step.to_dict()}
            for place, path in enumerate(self.found, start=1)
            for number, step in enumerate(path.steps, start=1)
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the paths as plain, JSON-ready data."""
        return {
            "source": self.source,
            "target": self.target,
            "paths": [path.to_dict() for path in self.found],
            "reason": self.reason,
            "relaxations": [dict(remedy) for remedy in self.relaxations],
        }

    def _repr_summary(self) -> str:
        ways = join_first((" – ".join(path.names) for path in self.found), 2)
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
    of: Iterable[EventCollection] = ("initiatives", "partnerships"),
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
    settings = {"of": event_collections(of), "donors": donors}
    question = PathQuery(ds, start, end, max_hops, external, foreign_governments, settings, materialize(criteria))
    network = question.network()
    found = question.search(network, k, by)
    if found:
        return Paths(start, end, found)
    relaxations = question.relaxations(by)
    return Paths(start, end, (), question.explain(network, relaxations), relaxations)


def _check(start: str, end: str, k: int, by: str, max_hops: int) -> None:
    if start == end:
        message = f"source and target are the same organization, {start!r}"
        raise ValueError(message)
    check_count("k", k)
    check_count("max_hops", max_hops)
    if by not in ("hops", "distance"):
        raise UnknownNameError(by, "order of paths", nearest(str(by), ("hops", "distance")) or ("hops", "distance"))


@frozen
class PathQuery:
    """What was asked, in a form that can be asked again with one thing changed."""

    ds: Dataset
    start: str
    end: str
    max_hops: int
    external: bool
    foreign_governments: bool
    settings: Mapping[str, Any]
    criteria: Mapping[str, Any]

    def network(self, criteria: Mapping[str, Any] | None = None) -> Affiliations:
        return Affiliations(events(self.ds, **self.settings, criteria=self.criteria if criteria is None else criteria))

    def search(
        self, network: Affiliations, k: int, by: str, criteria: Mapping[str, Any] | None = None
    ) -> tuple[Path, ...]:
        if self.start not in network.events_of or self.end not in network.events_of:
            return ()
        asked = self.criteria if criteria is None else criteria
        free = {"external": self.external, "foreign_governments": self.foreign_governments}
        search = PathSearch(network, self.start, self.end, allowed_intermediaries(self.ds, network, asked, **free))
        found = search.by_hops(self.max_hops, k) if by == "hops" else search.best(range(1, self.max_hops + 1), k)
        return tuple([_path(self.ds, network, organizations) for organizations in found])

    def relaxations(self, by: str) -> tuple[Mapping[str, Any], ...]:
        """Try a wider reach, and each criterion less, and give what leads to a path."""
        found: list[Mapping[str, Any]] = []
        for change in self._changes():
            criteria = {name: value for name, value in {**self.criteria, **change}.items() if value is not None}
            if self.search(self.network(criteria), 1, by, criteria):
                found.append(change)
        return tuple(found)

    def _changes(self) -> Iterator[FrozenMapping[str, Any]]:
        reaches = ("named", "regional", "global")
        if "country" in self.criteria:
            for reach in reaches[reaches.index(self.criteria.get("reach", "named")) + 1 :]:
                yield FrozenMapping({"reach": reach})
        for name in self.criteria:
            if name not in OPTIONS:
                yield FrozenMapping({name: None})

    def explain(self, network: Affiliations, relaxations: Sequence[Mapping[str, Any]]) -> str:
        label = self.ds.directory.label
        absent = [one for one in (self.start, self.end) if one not in network.events_of]
        context = f" ({self._context()})" if self.criteria else ""
        if absent:
            who, verb = join_and([label(one) for one in absent]), "take" if len(absent) > 1 else "takes"
            parts = [f"{who} {verb} part in no record there{context}"]
        elif self.end in component(network, self.start):
            within = f"in one component{context}, but no path of at most {self.max_hops} hops keeps the rules"
            parts = [f"{label(self.start)} and {label(self.end)} are {within}"]
        else:
            parts = [f"{label(self.start)} and {label(self.end)} are in separate components there{context}"]
        parts += [f"{label(one)}: {self._activity(one, network)}" for one in (self.start, self.end)]
        if relaxations:
            parts.append(f"A path appears {join_or([describe_change(change) for change in relaxations])}")
        elif self.criteria:
            parts.append("No wider reach and no single criterion less gives one")
        return ". ".join(parts) + "."

    def _activity(self, one: str, network: Affiliations) -> str:
        memberships = sorted(network.events_of.get(one, ()))
        if not memberships:
            anywhere = len(self.network({}).events_of.get(one, ()))
            return f"no record there, {anywhere} in the whole dataset"
        titles = [f"“{network.events[node].records[0].label}”" for node in memberships[:3]]
        if len(memberships) > len(titles):
            titles.append(f"{len(memberships) - len(titles)} more")
        partners = len(network.weights.get(one, ()))
        return f"takes part in {join_and(titles)}, with {partners} other{'' if partners == 1 else 's'}"

    def _context(self) -> str:
        return ", ".join(f"{name}: {show(value)}" for name, value in self.criteria.items())


def describe_change(change: Mapping[str, Any]) -> str:
    ((name, value),) = change.items()
    if value is None:
        return f"without {name}=" if name not in DIMENSIONS else f"without the criterion {name}"
    return f"with {name}={value!r}"


def join_or(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} or {parts[-1]}"


def show(value: Any) -> str:
    if isinstance(value, Iterable) and not isinstance(value, str):
        return " or ".join(str(getattr(item, "name", item)) for item in value)
    return str(getattr(value, "name", value)) if not isinstance(value, str) else str(value)


def _path(ds: Dataset, network: Affiliations, organizations: tuple[str, ...]) -> Path:
    steps = tuple([_step(network, organizations, a, b) for a, b in pairwise(organizations)])
    names = tuple([ds.directory.label(one) for one in organizations])
    return Path(organizations, steps, fsum(step.distance for step in steps), names)


def _step(network: Affiliations, path: tuple[str, ...], a: str, b: str) -> Step:
    others = frozenset(path) - {a, b}
    nodes = sorted(
        network.shared_events(a, b), key=lambda node: not others.isdisjoint(network.events[node].participants)
    )
    evidence = tuple([record for node in nodes for record in network.events[node].records])
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
