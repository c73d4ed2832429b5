"""
Whom to work with next: organizations active in a context that an organization has no tie with there.

Knows nothing of display.
"""

from __future__ import annotations

from collections import Counter
from math import fsum, sqrt
from typing import TYPE_CHECKING, Unpack

from attrs import frozen

from icatmapping.model.records import Entity, Organization
from icatmapping.network.affiliations import Affiliations, EventCollection, event_collections, events
from icatmapping.network.path_search import is_foreign_government, requested_countries
from icatmapping.results import Row, Table
from icatmapping.utils.arguments import check_count, materialize
from icatmapping.utils.representation import join_first

if TYPE_CHECKING:
    from collections.abc import Iterable

    from icatmapping.dataset import Dataset
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
        common: The ids of the partners that both have in the context, those that bring them closest first.
        themes: The themes that both work on, most frequent first.
        records: The nodes of the records in the context in which it takes part.
        together_elsewhere: The nodes of the records outside the context in which both take part.
    """

    organization: str
    name: str
    score: float
    similarity: float
    common: tuple[str, ...]
    themes: tuple[str, ...]
    records: tuple[str, ...]
    together_elsewhere: tuple[str, ...]


@frozen(repr=False)
class Suggestions(Table[Suggestion]):
    """
    Organizations to work with, most promising first.

    Attributes:
        entity: The id of the organization for which they were sought, or None.
        rows: The suggestions.
    """

    entity: str | None
    rows: tuple[Suggestion, ...]

    def _repr_summary(self) -> str:
        whom = "" if self.entity is None else f" for {self.entity}"
        return f"{whom}: {join_first(row.name for row in self.rows) or 'none'}"


def suggest_partners(
    ds: Dataset,
    entity: str | Entity | Organization | None,
    *,
    k: int = 10,
    of: Iterable[EventCollection] = ("initiatives", "partnerships"),
    donors: bool = False,
    external: bool = True,
    foreign_governments: bool = False,
    **criteria: Unpack[ContextCriteria],
) -> Suggestions:
    r"""
    Suggest organizations for an organization to work with in a context.

    Candidates are active in the context and share no record there with the organization. Left out are its own organs
    and the body whose organ it is, partnerships' own bodies (``body_of``) and, where a country is asked for, the
    governments of other countries.

    They are ranked by weighted resource allocation, :math:`\sum_z w(a,z)\,w(z,b)/s(z)` over the common partners
    :math:`z` on the projection of the context, where :math:`s(z)` is the sum of the weights of all ties of :math:`z`;
    then by the cosine of the theme and form counts over all records of each; then by the number of records in the
    context; then by id.

    Args:
        ds: The dataset.
        entity: The organization to suggest partners for, by id, acronym, name or alias. None ranks all that are
            active by the later keys: the entry of a State that looks for support.
        k: How many to suggest at most.
        of: The collections whose records tie organizations.
        donors: Whether donors take part in an initiative.
        external: Whether organizations that are no ICAT entities are candidates.
        foreign_governments: Whether the governments of other countries are.
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
    seeker = None if entity is None else ds.directory.lookup(entity)
    asked = materialize(criteria)
    of = event_collections(of)
    here = Affiliations(events(ds, of=of, donors=donors, criteria=asked))
    everywhere = here if not asked else Affiliations(events(ds, of=of, donors=donors, criteria={}))
    home = None if foreign_governments else requested_countries(asked)
    candidates = [
        one
        for one in here.events_of
        if _may_be_suggested(ds, one, seeker, home, external=external) and not _together(here, seeker, one)
    ]
    profiles = {one: _profile(everywhere, one) for one in (*candidates, *([seeker] if seeker else []))}
    rows = [_suggestion(ds, here, everywhere, seeker=seeker, one=one, profiles=profiles) for one in candidates]
    rows.sort(key=_rank)
    return Suggestions(seeker, tuple(rows[:k]))


def _rank(row: Suggestion) -> tuple[float, float, int, str]:
    return (-round(row.score, DIGITS), -round(row.similarity, DIGITS), -len(row.records), row.organization)


def _may_be_suggested(
    ds: Dataset, one: str, seeker: str | None, home: frozenset[str] | None, *, external: bool
) -> bool:
    record = ds.directory.by_id[one]
    if isinstance(record, Organization) and (
        not external or record.body_of is not None or is_foreign_government(home, record)
    ):
        return False
    if seeker is None:
        return True
    return seeker not in ds.directory.with_parents([one]) and one not in ds.directory.with_parents([seeker])


def _together(network: Affiliations, seeker: str | None, one: str) -> bool:
    return (
        seeker is not None
        and seeker in network.events_of
        and not network.events_of[seeker].isdisjoint(network.events_of[one])
    )


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
    ds: Dataset,
    here: Affiliations,
    everywhere: Affiliations,
    *,
    seeker: str | None,
    one: str,
    profiles: dict[str, Counter[str]],
) -> Suggestion:
    mine = here.weights.get(seeker, {}) if seeker is not None else {}
    theirs = here.weights[one]
    shares = {
        z: weight * theirs[z] / fsum(here.weights[z].values()) for z, weight in mine.items() if z in theirs and z != one
    }
    similarity = 0.0
    themes: tuple[str, ...] = ()
    elsewhere: frozenset[str] = frozenset()
    if seeker is not None:
        similarity = _cosine(profiles[seeker], profiles[one])
        themes = _shared_themes(profiles[seeker], profiles[one])
        elsewhere = everywhere.events_of.get(seeker, frozenset()) & everywhere.events_of[one]
    return Suggestion(
        one,
        ds.directory.label(one),
        fsum(shares.values()),
        similarity,
        tuple(sorted(shares, key=lambda z: (-round(shares[z], DIGITS), z))),
        themes,
        tuple(sorted(here.events_of[one])),
        tuple(sorted(elsewhere)),
    )


def _shared_themes(one: Counter[str], other: Counter[str]) -> tuple[str, ...]:
    both = {term: min(count, other[term]) for term, count in one.items() if term.startswith("theme:") and other[term]}
    return tuple(term.removeprefix("theme:") for term in sorted(both, key=lambda term: (-both[term], term)))
