"""
Suggesting partners: with whom an organization could work in a context, by the partners that both have there.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from math import fsum, sqrt
from typing import TYPE_CHECKING, Unpack

from attrs import frozen

from icatmapping.network.affiliations import UNDERTAKINGS, EventCollection, Organs
from icatmapping.network.context import Context, Topic, make_context
from icatmapping.network.path_search import is_allowed_between
from icatmapping.network.weighting import DEFAULT_HALF_LIFE, Weighting, share
from icatmapping.query.provenance import provenance_of
from icatmapping.results import NO_PROVENANCE, Provenance, Row, Table
from icatmapping.utils.arguments import check_count
from icatmapping.utils.representation import join_first

if TYPE_CHECKING:
    from collections.abc import Iterable

    from icatmapping.dataset import Dataset
    from icatmapping.model.records import Entity, Organization
    from icatmapping.network.affiliations import Affiliations
    from icatmapping.query.criteria import ContextCriteria

__all__ = ["Suggestion", "Suggestions", "suggest_partners"]

DIGITS = 12


@frozen(repr=False)
class Suggestion(Row):
    """
    An organization that could be a partner, and why.

    Attributes:
        organization: Its id.
        name: What it is called: an entity by acronym, others by name.
        score: Weighted resource allocation through the partners that both have in the context; 0 if they have none.
        similarity: The cosine of the theme and form counts over all records of each, from 0 to 1.
        presence: The sum over its records in the context of the part of each that is in the countries asked for.
        last_active: The last year in which it is known to have been active there, or None if all is undated.
        common: The ids of the partners that both have in the context, those that bring them closest first.
        common_names: What these are called.
        themes: The themes that both work on, most frequent first.
        records: The nodes of the records in the context in which it takes part, newest first.
        together_elsewhere: The nodes of the records outside the context in which both take part.
    """

    organization: str
    name: str
    score: float
    similarity: float
    presence: float
    last_active: int | None
    common: tuple[str, ...]
    common_names: tuple[str, ...]
    themes: tuple[str, ...]
    records: tuple[str, ...]
    together_elsewhere: tuple[str, ...]


@frozen(repr=False)
class Suggestions(Table[Suggestion]):
    """
    Organizations to work with, most promising first.

    Attributes:
        entity: The id of the organization for which they were sought, or None.
        name: What it is called, or None.
        rows: The suggestions.
        provenance: What was asked, and of which data.
    """

    entity: str | None
    name: str | None
    rows: tuple[Suggestion, ...]
    provenance: Provenance = NO_PROVENANCE

    def _repr_summary(self) -> str:
        whom = "" if self.name is None else f" for {self.name}"
        return f"{whom}: {join_first(row.name for row in self.rows) or 'none'}"


def suggest_partners(
    ds: Dataset,
    entity: str | Entity | Organization | None,
    *,
    k: int = 10,
    topic: Topic = "require",
    of: Iterable[EventCollection] = UNDERTAKINGS,
    donors: bool = False,
    external: bool = True,
    foreign_governments: bool = False,
    weighting: Weighting = "relevance",
    half_life: float | None = DEFAULT_HALF_LIFE,
    organs: Organs = "fold",
    **criteria: Unpack[ContextCriteria],
) -> Suggestions:
    r"""
    Suggest organizations for an organization to work with in a context.

    Candidates are active in the context and share no record there with the organization. Left out are its parts and
    the whole of which it is one, partnerships' own bodies (``body_of``), mere umbrella names, armed groups, bodies that
    have ended (unless the last year asked for is not after that) and, where a country is asked for, the governments of
    others.

    They are ranked by weighted resource allocation, :math:`\sum_z w(a,z)\,w(z,b)/s(z)` over the common partners
    :math:`z` on the projection of the context, where :math:`s(z)` is the sum of the weights of all ties of :math:`z`;
    then by the cosine of the theme and form counts over all records of each; then by the sum over its records in the
    context of the part of each that is in the countries asked for (a worldwide grant is no presence); then by id.

    Args:
        ds: The dataset.
        entity: The organization to suggest partners for, by id, acronym, name or alias. None ranks all that are
            active by the later keys: the entry of a State that looks for support.
        k: How many to suggest at most.
        topic: Whether records must meet the criteria on what they are about, or tie all the same.
        of: The collections whose records tie organizations.
        donors: Whether donors take part in an initiative.
        external: Whether organizations that are not ICAT entities are candidates.
        foreign_governments: Whether the governments of other countries are.
        weighting: How records are weighed, as in `collaboration_paths`.
        half_life: After how many years a record counts half as much; None for no decay.
        organs: Whether organs of an entity sit as the entity.
        **criteria: What the records have to meet, as in `Collection.where`.

    Raises:
        UnknownNameError: If nobody is called so.
        ValueError: If ``k`` is less than 1.

    Examples:
        >>> import icatmapping as im
        >>> found = im.suggest_partners(im.load(), "ILO", country="Nigeria", theme="protection", k=3)
        >>> len(found)
        3

    References:
        T. Zhou, L. Lü, Y.-C. Zhang (2009), Predicting missing links via local information, European Physical Journal B
        71, 623-630; weighted by tie strength as in L. Lü, T. Zhou (2010), Link prediction in weighted networks,
        EPL 89, 18001.
    """
    check_count("k", k)
    context = make_context(
        ds,
        of=of,
        donors=donors,
        organs=organs,
        weighting=weighting,
        half_life=half_life,
        topic=topic,
        criteria=criteria,
    )
    seeker = None if entity is None else ds.directory.lookup(entity, context.countries or ())
    if seeker is not None and organs == "fold":
        seeker = ds.directory.fold(seeker)
    here = context.affiliations()
    everywhere = context.anywhere().affiliations() if context.criteria else here
    home = None if foreign_governments else context.countries
    candidates = [
        one
        for one in here.events_of
        if is_allowed_between(ds.directory.by_id[one], external=external, home=home, last_year=context.last_year)
        and not (seeker is not None and (ds.directory.are_related(one, seeker) or _together(here, seeker, one)))
    ]
    profiles = {one: _profile(everywhere, one) for one in (*candidates, *([seeker] if seeker else []))}
    mine = here.ties(seeker) if seeker is not None and seeker in here.events_of else {}
    own = {z: tie.weight for z, tie in mine.items()}
    strength = cache(lambda z: fsum([tie.weight for tie in here.ties(z).values()]))
    shares = {
        one: {z: own[z] * tie.weight / strength(z) for z, tie in here.ties(one).items() if z in own and z != one}
        for one in (candidates if own else ())
    }
    rows = [
        _suggestion(context, here, everywhere, seeker=seeker, one=one, profiles=profiles, shares=shares.get(one, {}))
        for one in candidates
    ]
    rows.sort(key=_rank)
    name = None if seeker is None else ds.directory.label(seeker)
    return Suggestions(seeker, name, tuple(rows[:k]), provenance_of(ds.directory, context.criteria))


def _rank(row: Suggestion) -> tuple[float, float, float, str]:
    return (-round(row.score, DIGITS), -round(row.similarity, DIGITS), -round(row.presence, DIGITS), row.organization)


def _together(network: Affiliations, seeker: str, one: str) -> bool:
    return seeker in network.events_of and network.share_events(seeker, one)


def _profile(network: Affiliations, one: str) -> Counter[str]:
    """Count the themes and forms of all records of an organization."""
    counts: Counter[str] = Counter()
    for node in network.events_of.get(one, ()):
        for record in network.events[node].records[:1]:
            counts.update(f"theme:{theme}" for theme in record.themes)
            counts.update(f"form:{form}" for form in record.forms)
    return counts


def _cosine(one: Counter[str], other: Counter[str]) -> float:
    dot = sum(count * other[term] for term, count in one.items())
    lengths = sum(count * count for count in one.values()) * sum(count * count for count in other.values())
    return dot / sqrt(lengths) if dot else 0.0


def _suggestion(
    context: Context,
    here: Affiliations,
    everywhere: Affiliations,
    *,
    seeker: str | None,
    one: str,
    profiles: dict[str, Counter[str]],
    shares: dict[str, float],
) -> Suggestion:
    similarity = 0.0
    themes: tuple[str, ...] = ()
    elsewhere: frozenset[str] = frozenset()
    if seeker is not None:
        similarity = _cosine(profiles[seeker], profiles[one])
        themes = _shared_themes(profiles[seeker], profiles[one])
        elsewhere = everywhere.events_of.get(seeker, frozenset()) & everywhere.events_of[one]
    events = sorted(
        [here.events[node] for node in here.events_of[one]],
        key=lambda event: (event.last_active is None, -(event.last_active or 0), event.node),
    )
    common = tuple(sorted(shares, key=lambda z: (-round(shares[z], DIGITS), z)))
    return Suggestion(
        one,
        context.ds.directory.label(one),
        fsum(shares.values()),
        similarity,
        fsum(share(context.ds, event, context.countries) for event in events),
        events[0].last_active,
        common,
        tuple(map(context.ds.directory.label, common)),
        themes,
        tuple([event.node for event in events]),
        tuple(sorted(elsewhere)),
    )


def _shared_themes(one: Counter[str], other: Counter[str]) -> tuple[str, ...]:
    both = {term: min(count, other[term]) for term, count in one.items() if term.startswith("theme:") and other[term]}
    return tuple(term.removeprefix("theme:") for term in sorted(both, key=lambda term: (-both[term], term)))
