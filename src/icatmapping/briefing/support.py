"""
Which entities could help a State: those that did what it needs, there or nearby, and not long ago.
"""

from __future__ import annotations

from math import fsum
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from attrs import evolve, frozen

from icatmapping.dataset import Dataset
from icatmapping.model import geography
from icatmapping.model.articles import in_sentence
from icatmapping.network.affiliations import Event, collect_events, select
from icatmapping.network.weighting import DEFAULT_HALF_LIFE, check_half_life, decay
from icatmapping.query.describe import describe_criteria
from icatmapping.query.provenance import provenance_of
from icatmapping.results import NO_PROVENANCE, Provenance, Row, Table
from icatmapping.statistics.tallies import check_source
from icatmapping.utils.arguments import check_count, materialize
from icatmapping.utils.representation import join_first
from icatmapping.utils.text import join_and, near_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from icatmapping.frames.frames import Frames
    from icatmapping.model.records import Country, Initiative, Partnership, Resource
    from icatmapping.query.criteria import Terms, Year

__all__ = ["Need", "Support", "SupportRow", "find_support", "nearness"]

_SMALL_AREA = 25
"""Up to how many countries an area has whose work is near each of them."""
ELSEWHERE, MOST_ELSEWHERE = 1 / 8, 4.0
_TOOLS = ("technical_tool", "guideline", "training")


class Need(TypedDict, total=False):
    """What a State needs."""

    theme: Terms
    form: Terms
    response: Terms
    target_group: Terms
    sector: Terms
    priority_area: Terms
    since: Year
    until: Year


@frozen(repr=False)
class SupportRow(Row):
    """
    An entity that could help, and why.

    Attributes:
        entity: Its id.
        name: Its acronym.
        score: What its records that meet the need add up to: each its decay with age times how near it is; what is
            neither there nor nearby together at most a half.
        there: Those that name the country, newest first.
        nearby: Those that name another country of its sub-region or region, or an area that holds it, newest first.
        elsewhere: The others, newest first.
        resources: Its publications that meet the need; tools, guidelines and training first, newest first.
        last_active: The last year in which it is known to have done so anywhere, or None if all is undated.
        page: Its page on trafficking in persons, else its website.
        bodies: The national bodies that it worked with there, by name; the State's first.
    """

    entity: str
    name: str
    score: float
    there: tuple[Initiative | Partnership | Resource, ...]
    nearby: tuple[Initiative | Partnership | Resource, ...]
    elsewhere: tuple[Initiative | Partnership | Resource, ...]
    resources: tuple[Resource, ...]
    last_active: int | None
    page: str
    bodies: tuple[str, ...]

    def describe(self) -> str:
        """Return in a sentence on what record the entity could help."""
        places = (("there", self.there), ("nearby", self.nearby), ("elsewhere", self.elsewhere))
        parts = [f"{len(found)} {place}" for place, found in places if found]
        newest = (*self.there, *self.nearby, *self.elsewhere)[0]
        told = f"{self.name}: {join_and(parts)}, such as “{newest.label}” ({newest.period})"
        with_whom = f", with {join_and(self.bodies[:3])}" if self.bodies else ""
        return f"{told}{with_whom}. {self.page}"


@frozen(repr=False)
class Support(Table[SupportRow]):
    """
    Entities that could help a State, best first; those with something there or nearby before those without.

    Attributes:
        country: The country, or None if none was asked for.
        need: What is needed, in words.
        total: The number of entities that meet the need at all.
        rows: The entities.
        provenance: What was asked, and of which data.
    """

    country: Country | None
    need: str
    total: int
    rows: tuple[SupportRow, ...]
    provenance: Provenance = NO_PROVENANCE

    def describe(self) -> str:
        """Return every row in a sentence of its own."""
        return "\n".join(row.describe() for row in self.rows) or "No entity has a record that meets the need."

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as plain, JSON-ready data; the country by its code (alpha-3)."""
        alone = evolve(self, country=None)
        return {**super(Support, alone).to_dict(), "country": None if self.country is None else self.country.alpha3}

    def _repr_summary(self) -> str:
        where = "" if self.country is None else f" in {in_sentence(self.country.name)}"
        return f"{where}: {join_first((f'{row.name} {row.score:.2f}' for row in self.rows), 5) or 'nobody'}"


def find_support(
    ds: Dataset | Frames,
    *,
    country: str | int | Country | None = None,
    k: int = 10,
    half_life: float | None = DEFAULT_HALF_LIFE,
    **need: Unpack[Need],
) -> Support:
    r"""
    Find which entities could help a State, on what record.

    The score of an entity is :math:`\sum_r d_r\,n_r` over the initiatives and partnerships :math:`r` that meet the
    need and in which it takes part (twins once, organs as their entity, donors not). :math:`d_r` is
    :math:`0.5^{age/half\_life}`. The nearness :math:`n_r` is 1 if the record names the country; 1/2 if it names another
    country of its sub-region, the sub-region itself, or an area of at most 25 countries that holds it; 1/4 if it names
    a country of its region, or any other area that holds it. All the rest together count
    :math:`\frac{1}{8} \min(\sum d_r, 4)`, so that sheer volume elsewhere is no presence. Without a country, every
    record is there.

    Args:
        ds: The dataset; or frames, of which the records that meet the need are collected.
        country: The country, by any name or code; None for anywhere.
        k: How many entities to give at most.
        half_life: After how many years a record counts half as much; None for no decay.
        **need: What the records have to meet: ``theme``, ``form``, ``response``, ``target_group``, ``sector``,
            ``priority_area``, ``since``, ``until``.

    Returns:
        The entities with something there or nearby, then those with something elsewhere; each by score, then id.
        Publications are listed and score nothing.

    Raises:
        TypeError: If something is needed that cannot be asked for.
        UnknownNameError: If the country or a value does not exist.
        ValueError: If ``k`` is less than 1, or the half-life less than half a year.

    Examples:
        >>> import icatmapping as im
        >>> found = im.find_support(im.load(), country="Ghana", response="training", target_group="prosecutors")
        >>> found[0].score >= found[1].score > 0
        True
    """
    check_source(ds)
    check_count("k", k)
    check_half_life(half_life)
    asked = _checked(materialize(need))
    if not isinstance(ds, Dataset):
        ds = ds.collect(**asked)
    place = None if country is None else ds.directory.areas.country(country)
    by_entity: dict[str, list[tuple[Event, float]]] = {}
    known: dict[tuple[tuple[str, ...], ...], float] = {}
    entity_ids = ds.directory.entity_ids
    events = sorted(
        collect_events(ds, criteria=asked).values(),
        key=lambda event: (event.last_active is None, -(event.last_active or 0), event.node),
    )
    for event in events:
        where = (event.countries, *[record.regions for record in event.records])
        near = known.get(where)
        if near is None:
            near = known[where] = 1.0 if place is None else nearness(ds, place, event)
        for entity in event.roles:
            if entity in entity_ids:
                by_entity.setdefault(entity, []).append((event, near))
    published: dict[str, list[Resource]] = {}
    for resource in select(ds, "resources", asked):
        for entity in ds.directory.entities_of(resource.publishers):
            published.setdefault(entity, []).append(resource)
    rows = [
        _row(ds, place, entity, events, published.get(entity, []), half_life) for entity, events in by_entity.items()
    ]
    rows.sort(key=lambda row: (not (row.there or row.nearby), -round(row.score, 9), row.entity))
    question = asked if place is None else {"country": place.alpha3, **asked}
    about = provenance_of(ds.directory, question)
    return Support(place, describe_criteria(ds.directory, asked), len(rows), tuple(rows[:k]), about)


def _checked(need: Mapping[str, Any]) -> dict[str, Any]:
    known = tuple(Need.__annotations__)
    for name in need:
        if name not in known:
            near = near_words(name, known)
            hint = f"; did you mean {near[0]!r}?" if near else f"; valid: {', '.join(known)}"
            message = f"a need has no criterion {name!r}{hint}"
            raise TypeError(message)
    return dict(need)


def nearness(ds: Dataset, place: Country, event: Event) -> float:
    """Return how near an event is to a country: 1, 1/2, 1/4, or 0 for elsewhere."""
    if place.alpha3 in event.countries:
        return 1.0
    named = ds.directory.areas.named
    areas = [named[str(area)] for record in event.records for area in record.regions if str(area) in named]
    holding = [area for area in areas if place.alpha3 in area.countries]
    if any(_is_same(geography.subregion_of(alpha3), place.subregion) for alpha3 in event.countries) or any(
        area.value == place.subregion or len(area.countries) <= _SMALL_AREA for area in holding
    ):
        return 0.5
    if holding or any(_is_same(geography.region_of(alpha3), place.region) for alpha3 in event.countries):
        return 0.25
    return 0.0


def _is_same(one: str | None, other: str | None) -> bool:
    return one is not None and one == other


def _row(
    ds: Dataset,
    place: Country | None,
    entity: str,
    ordered: Sequence[tuple[Event, float]],
    resources: Iterable[Resource],
    half_life: float | None,
) -> SupportRow:
    weights = {year: decay(ds, year, half_life) for year in {event.last_active for event, _ in ordered}}
    weighed = [(weights[event.last_active], near) for event, near in ordered]
    rest = fsum(weight for weight, near in weighed if near == 0)
    score = fsum(weight * near for weight, near in weighed) + ELSEWHERE * min(rest, MOST_ELSEWHERE)

    def records(*wanted: float) -> tuple[Initiative | Partnership | Resource, ...]:
        return tuple([record for event, near in ordered if near in wanted for record in event.records])

    record = ds.directory.by_id[entity]
    lasts = [event.last_active for event, _ in ordered if event.last_active is not None]
    return SupportRow(
        entity,
        ds.directory.label(entity),
        score,
        records(1.0),
        records(0.5, 0.25),
        records(0.0),
        tuple(sorted(resources, key=_resource_rank)),
        max(lasts, default=None),
        str(getattr(record, "trafficking_url", None) or record.website),
        () if place is None else _national_bodies(ds, place, [event for event, near in ordered if near == 1.0]),
    )


def _resource_rank(resource: Resource) -> tuple[bool, float, str]:
    return (resource.kind not in _TOOLS, -(resource.year or 0), resource.id)


def _national_bodies(ds: Dataset, place: Country, events: Iterable[Event]) -> tuple[str, ...]:
    """Return the names of the bodies of a country that exist and take part, the State's first, most frequent first."""
    own = {record.id for record in ds.organizations.where(country=place) if record.ended is None}
    counts: dict[str, int] = {}
    for event in events:
        for one in own.intersection(event.roles):
            counts[one] = counts.get(one, 0) + 1
    ranked = sorted(counts, key=lambda one: (ds.directory.by_id[one].kind != "government", -counts[one], one))
    return tuple(map(ds.directory.label, ranked))
