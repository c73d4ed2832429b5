"""
Collaboration paths: through whom one organization reaches another, on what evidence, and how old that is.
"""

from __future__ import annotations

from itertools import islice, pairwise
from math import fsum
from typing import TYPE_CHECKING, Any, Unpack, overload

from attrs import frozen

from icatmapping.network.affiliations import UNDERTAKINGS, EventCollection, Organs
from icatmapping.network.context import Topic, make_context
from icatmapping.network.path_query import PathQuery, describe_sharing
from icatmapping.network.path_search import Order
from icatmapping.network.weighting import DEFAULT_HALF_LIFE, Weighting
from icatmapping.results import Tabular, attribute_types, plain
from icatmapping.utils.arguments import check_choice, check_count
from icatmapping.utils.garbage import all_stay
from icatmapping.utils.representation import Displayable, join_first
from icatmapping.utils.text import join_and

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from icatmapping.dataset import Dataset
    from icatmapping.frames.frames import Frames
    from icatmapping.model.records import Entity, Initiative, Organization, Partnership, Resource
    from icatmapping.network.affiliations import Event
    from icatmapping.network.evidence import Shared
    from icatmapping.network.ties import Ties
    from icatmapping.query.criteria import SharedCriteria

__all__ = ["Order", "Path", "Paths", "Step", "collaboration_paths"]


@frozen(repr=False)
class Step(Displayable):
    """
    One step of a path: two organizations and what ties them.

    Attributes:
        source: The id of the organization that the step starts from.
        target: The id of the one that it leads to.
        weight: How strongly they are tied: the sum of the parts of the events that they share.
        distance: 1/weight.
        records: The nodes of those events (``"initiative:ID"`` …): on topic first, then those in which no other
            organization of the path takes part, then the newest, then those that name the fewest countries.
        evidence: Their records themselves, in that order.
        shared: How many such events there are; there may be more than there are to see in ``records``.
        on_topic: Whether one of the events is on the topic that was asked for; true if none was.
        first_active: The first year of those events, or None if all are undated.
        last_active: The last year, or None.
        countries: The countries that those records name (alpha-3), most often named first.
        themes: The themes of those records, most frequent first.
    """

    source: str
    target: str
    weight: float
    distance: float
    records: tuple[str, ...]
    evidence: tuple[Initiative | Partnership | Resource, ...]
    shared: int
    on_topic: bool
    first_active: int | None
    last_active: int | None
    countries: tuple[str, ...]
    themes: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the step as plain, JSON-ready data, with what there is to see of each record."""
        names = ("source", "target", "weight", "distance", "records", "shared")
        evidence = [
            {
                "id": record.id,
                "collection": record.collection,
                "label": record.label,
                "period": record.period,
                "address": record.url or record.sources[0],
            }
            for record in self.evidence
        ]
        fields = {name: plain(getattr(self, name)) for name in (*names, "on_topic", "first_active", "last_active")}
        return {**fields, "countries": list(self.countries), "themes": list(self.themes), "evidence": evidence}

    @property
    def undertakings(self) -> tuple[Initiative | Partnership | Resource, ...]:
        """The records that there are to see, of two that are one undertaking the initiative alone."""
        twins = {record.id for record in self.evidence if record.collection == "initiatives"}
        return tuple([record for record in self.evidence if getattr(record, "initiative", None) not in twins])

    @property
    def unseen(self) -> int:
        """How many of the events that they share there are not to see in ``records`` and ``evidence``."""
        return self.shared - len(self.records)

    @property
    def period(self) -> str:
        """In words, when the two were known to work together, e.g. ``"2015–2019"``."""
        if self.last_active is None:
            return "undated"
        return (
            str(self.last_active)
            if self.first_active == self.last_active
            else f"{self.first_active}–{self.last_active}"
        )

    def _repr_summary(self) -> str:
        return f" {self.source} – {self.target}: {self.shared} shared, {self.period}, {join_first(self.records, 2)}"


@frozen
class _Shown:
    """What there is to see of a record in plain data."""

    id: str
    collection: str
    label: str
    period: str
    address: str


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

    @property
    def on_topic(self) -> bool:
        """Whether every step is on the topic that was asked for."""
        return all(step.on_topic for step in self.steps)

    @property
    def last_active(self) -> int | None:
        """The year in which the oldest of its steps was last active; None if one is undated."""
        years = [step.last_active for step in self.steps]
        return None if None in years else min(year for year in years if year is not None)

    def describe(self) -> str:
        """Return the path in a sentence, with the years of the work that each step rests on."""
        ends = f"{self.names[0]} and {self.names[-1]}"
        if self.hops == 1:
            return f"{ends} work together directly: {_resting_on(self.steps[0])}."
        legs = [
            f"{a} and {b} share {_resting_on(step)}"
            for (a, b), step in zip(pairwise(self.names), self.steps, strict=True)
        ]
        return f"{self.names[0]} reaches {self.names[-1]} through {join_and(self.names[1:-1])}: {'; '.join(legs)}."

    def to_dict(self) -> dict[str, Any]:
        """Return the path as plain, JSON-ready data."""
        return {
            "organizations": list(self.organizations),
            "names": list(self.names),
            "hops": self.hops,
            "distance": self.distance,
            "on_topic": self.on_topic,
            "last_active": self.last_active,
            "description": self.describe(),
            "steps": [step.to_dict() for step in self.steps],
        }

    def _repr_summary(self) -> str:
        hops = f"{self.hops} hop{'' if self.hops == 1 else 's'}"
        when = "undated step" if self.last_active is None else f"last {self.last_active}"
        return f" {' – '.join(self.names)}: {hops}, {when}, distance {self.distance:.4g}"


def _resting_on(step: Step) -> str:
    """Return what a step rests on: its first records with their years, and how many more there are."""
    shown = [f"“{record.label}” ({record.period})" for record in step.undertakings[:2]]
    more = step.shared - len(shown)
    if more:
        last = "" if step.last_active is None else f" (last {step.last_active})"
        shown.append(f"{more} more{last}")
    return f"{join_and(shown)}{'' if step.on_topic else ', none of them on the topic'}"


@frozen(eq=False, repr=False)
class Paths(Displayable, Tabular[Path]):
    """
    The paths found, best first; empty and false if there is none, and then `reason` says why.

    Attributes:
        source: The id of the organization that the paths start from.
        target: The id of the one that they lead to.
        found: The paths.
        together: The records, anywhere and on anything, that the two ends share, newest first.
        sharing: What the two share, in a sentence.
        reason: Why there is no path, and what would give one; None if there is one.
        relaxations: Changes to the question that were tried and do give a path, as arguments to change
            (None: to leave out).
    """

    source: str
    target: str
    found: tuple[Path, ...]
    together: tuple[Initiative | Partnership | Resource, ...] = ()
    sharing: str = ""
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
        """Return what the two ends share anywhere, then every path in a sentence of its own, or why there is none."""
        lines = [self.sharing] if self.sharing else []
        lines += [path.describe() for path in self.found] if self.reason is None else [self.reason]
        return "\n".join(lines)

    def _plain_rows(self) -> Iterable[dict[str, Any]]:
        """Return the steps, one row per step, with the number of its path."""
        return (
            {
                "path": place,
                "hops": path.hops,
                "path_distance": path.distance,
                "path_last_active": path.last_active,
                "step": number,
                **step.to_dict(),
            }
            for place, path in enumerate(self.found, start=1)
            for number, step in enumerate(path.steps, start=1)
        )

    def _column_types(self) -> Mapping[str, Any]:
        of_path = {"path": int, "hops": int, "path_distance": float, "path_last_active": int | None, "step": int}
        types = attribute_types(Step)
        of_step = {name: types[name] for name in Step.__match_args__ if name != "evidence"}
        return of_path | of_step | {"evidence": tuple[_Shown, ...]}

    def to_dict(self) -> dict[str, Any]:
        """Return the paths as plain, JSON-ready data."""
        return {
            "source": self.source,
            "target": self.target,
            "sharing": self.sharing,
            "together": [f"{record.collection}:{record.id}" for record in self.together],
            "paths": [path.to_dict() for path in self.found],
            "reason": self.reason,
            "relaxations": [dict(change) for change in self.relaxations],
        }

    def _repr_summary(self) -> str:
        ways = join_first((" – ".join(path.names) for path in self.found), 2)
        said = f"{len(self.found)}, {ways}" if self.found else f"none, {self.reason}"
        return f" from {self.source} to {self.target}: {said}"


def collaboration_paths(
    ds: Dataset | Frames,
    source: str | Entity | Organization,
    target: str | Entity | Organization,
    *,
    k: int = 5,
    by: Order = "hops",
    max_hops: int = 4,
    topic: Topic = "prefer",
    of: Iterable[EventCollection] = UNDERTAKINGS,
    donors: bool = False,
    external: bool = True,
    foreign_governments: bool = False,
    weighting: Weighting = "relevance",
    half_life: float | None = DEFAULT_HALF_LIFE,
    organs: Organs = "fold",
    evidence: int | None = None,
    **criteria: Unpack[SharedCriteria],
) -> Paths:
    """
    Find through whom one organization can reach another.

    A path is a sequence of different organizations such that

    1. the two ends of each step share a record in which no other organization of the path takes part;
    2. no two of its organizations that are not neighbours share a record, but for source and target themselves;
    3. nobody between them is the own body of a partnership (``body_of``), a mere umbrella name, an armed group, a body
       that has ended (unless the last year asked for is not after that), part of another organization of the path or
       the whole of it, nor, where a country is asked for, the government of another country.

    Criteria on where, when and of whom are the context, which every record must meet. Those on what a record is about
    (theme, form, response, target_group, sector, priority_area) are the topic.

    Args:
        ds: The dataset, or frames of records that outgrow memory.
        source: The organization to start from: an entity or anybody else, by any of its names.
        target: The organization to reach.
        k: How many paths to give at most.
        by: ``"hops"``: fewest steps first, then fewest off the topic, then least distance; ``"distance"``: distance,
            steps off the topic, steps; ``"recent"``: the year of the oldest step, newest first, then as by hops. Ids
            decide what is left. Distances are compared after rounding to 1e-9.
        max_hops: How many steps a path may have.
        topic: ``"prefer"``: every record of the context ties, and steps say whether they are on the topic;
            ``"require"``: only records that meet the topic tie.
        of: The collections whose records tie organizations.
        donors: Whether donors take part in an initiative.
        external: Whether organizations that are not ICAT entities may stand between source and target.
        foreign_governments: Whether the governments of other countries may stand between them.
        weighting: ``"relevance"``: a record counts by how many take part, how much of it is in the countries asked
            for, and its age; ``"newman"``: by how many take part.
        half_life: After how many years a record counts half as much; None for no decay.
        organs: Whether organs of an entity sit as the entity (``"fold"``) or as themselves (``"keep"``).
        evidence: How many of the records that two share to show at most, in each step and altogether; None for all of
            a dataset, and the first 100 of frames. How many they share is told all the same.
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
    check_count("k", k)
    check_count("max_hops", max_hops)
    if evidence is not None:
        check_count("evidence", evidence)
    check_choice("by", by, ("hops", "distance", "recent"))
    context = make_context(
        ds,
        of=of,
        donors=donors,
        organs=organs,
        weighting=weighting,
        half_life=half_life,
        topic=topic,
        criteria=criteria,
        on_frames=True,
    )
    home = context.countries or ()
    start, end = (_end(ds, name, home, organs) for name in (source, target))
    if start == end:
        message = f"source and target are the same organization, {ds.directory.label(start)!r}"
        raise ValueError(message)
    query = PathQuery(context, start, end, max_hops, external, foreign_governments)
    with all_stay():
        network = context.network()
        most = context.most(evidence)
        shared = context.sharing(network, start, end, most)
        found = query.search(network, k, by)
        steps = [(path, a, b) for path in found for a, b in pairwise(path)]
        evidence_of = network.evidence(steps, most)
    seen = [*shared.events, *[event for one in evidence_of for event in one.events]]
    shown = iter(context.with_records(seen))
    together = tuple([record for _ in shared.events for record in next(shown).records])
    made = iter(
        [
            _step(network, a, b, one, [next(shown) for _ in one.events])
            for (_, a, b), one in zip(steps, evidence_of, strict=True)
        ]
    )
    paths = tuple([_path(ds, path, tuple(islice(made, len(path) - 1))) for path in found])
    sharing = describe_sharing(query, shared)
    if paths:
        return Paths(start, end, paths, together, sharing)
    relaxations = query.relaxations(by)
    return Paths(start, end, (), together, sharing, query.explain(network, relaxations), relaxations)


def _end(ds: Dataset | Frames, name: str | Entity | Organization, home: Iterable[str], organs: Organs) -> str:
    """Return the id of an end of a path; an organ stands for its entity where organs fold."""
    found = ds.directory.lookup(name, frozenset(home))
    return ds.directory.fold(found) if organs == "fold" else found


def _path(ds: Dataset | Frames, organizations: tuple[str, ...], steps: tuple[Step, ...]) -> Path:
    names = tuple([ds.directory.label(one) for one in organizations])
    return Path(organizations, steps, fsum(step.distance for step in steps), names)


def _step(network: Ties, source: str, target: str, shared: Shared, events: Sequence[Event]) -> Step:
    tie = network.tie(source, target)
    return Step(
        source,
        target,
        tie.weight,
        tie.distance,
        tuple([event.node for event in events]),
        tuple([record for event in events for record in event.records]),
        shared.number,
        tie.is_on_topic,
        tie.first_active,
        tie.last_active,
        shared.countries,
        shared.themes,
    )
