"""
A brief on one country: who is active, with what, who can reach whom, and where to begin. Knows nothing of display.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from attrs import frozen

from icatmapping.model import geography
from icatmapping.model.records import Entity, Initiative, Organization, Partnership, Record, Resource
from icatmapping.model.vocabulary import Form, Status, Theme, parse
from icatmapping.network.affiliations import events
from icatmapping.network.connections import Connections, connections
from icatmapping.network.measures import Broker, Brokers, brokers
from icatmapping.results import Row, Table, plain
from icatmapping.utils.representation import Displayable, join_first

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from icatmapping.dataset import Dataset
    from icatmapping.model.geography import Country
    from icatmapping.query.collection import Collection
    from icatmapping.query.criteria import Reach, SharedCriteria

__all__ = [
    "Activity",
    "ActivityTable",
    "Brief",
    "EntryPoint",
    "EntryPoints",
    "Level",
    "Line",
    "country_brief",
    "outline",
]

Level: TypeAlias = Literal["title", "section", "paragraph", "item"]
"""What a line of a brief is."""

_SHOWN = 5


@frozen(repr=False)
class Activity(Row):
    """
    How often an organization takes part in the records of a brief, by role.

    Attributes:
        organization: Its id.
        name: What it is called: an entity by acronym, others by name.
        entity: Whether it is an ICAT entity.
        leads: The number of initiatives that it leads.
        partners: The number of initiatives in which it is a partner.
        donors: The number of initiatives that it funds.
        members: The number of partnerships that it belongs to.
        publishers: The number of resources that it published.
    """

    organization: str
    name: str
    entity: bool
    leads: int
    partners: int
    donors: int
    members: int
    publishers: int

    @property
    def undertakings(self) -> int:
        """The roles that it has in initiatives and partnerships, those of a donor left out."""
        return self.leads + self.partners + self.members


@frozen(repr=False)
class ActivityTable(Table[Activity]):
    """
    Who is active: ICAT entities first, then the others, the most active first.

    Attributes:
        rows: A row for each organization.
    """

    rows: tuple[Activity, ...]

    def _repr_summary(self) -> str:
        return f": {len(self.rows)} organizations, {join_first(row.name for row in self.rows) or 'none'}"


@frozen(repr=False)
class EntryPoint(Row):
    """
    An entity to turn to.

    Attributes:
        entity: Its id.
        name: Its acronym.
        records: The number of undertakings of the brief in which it takes part, itself or through an organ; an
            initiative and the partnership that is the same undertaking count once.
        page: Its page on trafficking in persons, else its website.
    """

    entity: str
    name: str
    records: int
    page: str


@frozen(repr=False)
class EntryPoints(Table[EntryPoint]):
    """
    The entities to turn to, those with the most records first.

    Attributes:
        rows: The entities.
    """

    rows: tuple[EntryPoint, ...]

    def _repr_summary(self) -> str:
        return f": {join_first((f'{row.name} {row.records}' for row in self.rows), 5) or 'none'}"


@frozen(repr=False)
class Brief(Displayable):
    """
    What the mapping knows of work against trafficking in persons in a country.

    Attributes:
        country: The country.
        theme: The theme that it is narrowed down to, or None.
        reach: How far records reach to be in it: ``"named"``, ``"regional"`` or ``"global"``.
        initiatives: The initiatives.
        named: How many of them name the country.
        partnerships: The partnerships.
        resources: The resources.
        active: Who takes part, by role.
        forms: The forms of exploitation that the initiatives state.
        forms_missing: Those that none of them states; also where work was not coded.
        themes: The themes of the initiatives and partnerships.
        themes_missing: Those that none of them has.
        connections: Which entities can reach each other there, and through whom.
        brokers: Who connects the others.
        entry_points: The entities to turn to first.
        own_bodies: The State's own bodies that take part already.
    """

    country: Country
    theme: Theme | None
    reach: Reach
    initiatives: Collection[Initiative]
    named: int
    partnerships: Collection[Partnership]
    resources: Collection[Resource]
    active: ActivityTable
    forms: tuple[Form, ...]
    forms_missing: tuple[Form, ...]
    themes: tuple[Theme, ...]
    themes_missing: tuple[Theme, ...]
    connections: Connections
    brokers: Brokers
    entry_points: EntryPoints
    own_bodies: tuple[Organization, ...]

    def by_status(self) -> Mapping[Status, Collection[Initiative]]:
        """Return the initiatives by status: ongoing, completed, unknown."""
        return {status: self.initiatives.where(status=status) for status in Status}

    def to_dict(self) -> dict[str, Any]:
        """Return the brief as plain, JSON-ready data; records by id."""
        return {
            "country": self.country.alpha3,
            "theme": plain(self.theme),
            "reach": self.reach,
            "initiatives": {str(status): _ids(found) for status, found in self.by_status().items()},
            "named": self.named,
            "partnerships": _ids(self.partnerships),
            "resources": _ids(self.resources),
            "own_bodies": _ids(self.own_bodies),
            **{name: plain(getattr(self, name)) for name in _PLAIN},
        }

    def __str__(self) -> str:
        return self.to_text()

    def to_text(self) -> str:
        """Return the brief as text to read."""
        return "\n".join(map(_as_text, outline(self))).lstrip("\n")

    def to_markdown(self) -> str:
        """Return the brief as Markdown."""
        return "\n".join(map(_as_markdown, outline(self)))

    def _repr_summary(self) -> str:
        about = "" if self.theme is None else f", {self.theme.label}"
        names = ("initiatives", "partnerships", "resources")
        return f" on {self.country.name}{about}: {', '.join(f'{len(getattr(self, name))} {name}' for name in names)}"


_PLAIN = (
    "active",
    "forms",
    "forms_missing",
    "themes",
    "themes_missing",
    "connections",
    "brokers",
    "entry_points",
)


def _ids(records: Iterable[Record]) -> list[str]:
    return [record.id for record in records]


def country_brief(
    ds: Dataset,
    country: str | int | Country,
    *,
    theme: str | None = None,
    reach: Reach = "regional",
) -> Brief:
    """
    Put together what the mapping knows of a country: a State's entry point for co-operation.

    Args:
        ds: The dataset.
        country: The country, by any name or code.
        theme: A theme to narrow it down to, or None for all.
        reach: How far records reach to be in it: ``"named"``, ``"regional"`` or ``"global"``.

    Raises:
        UnknownNameError: If there is no such country, theme or reach.

    Examples:
        >>> import icatmapping as im
        >>> brief = im.country_brief(im.load(), "Nigeria")
        >>> brief.country.alpha3, brief.own_bodies[0].id
        ('NGA', 'naptip')
    """
    place = geography.country(country)
    wanted = None if theme is None else Theme(parse("theme", theme))
    criteria: SharedCriteria = {"country": place, "reach": reach}
    if wanted is not None:
        criteria["theme"] = wanted
    initiatives = ds.initiatives.where(**criteria)
    partnerships = ds.partnerships.where(**criteria)
    resources = ds.resources.where(country=place, reach=reach)
    if wanted is not None:
        resources = resources.where(theme=wanted)
    undertakings: list[Initiative | Partnership] = [*initiatives, *partnerships]
    active = _active(ds, [*undertakings, *resources])
    forms = _in_order(Form, (form for record in undertakings for form in record.forms))
    themes = _in_order(Theme, (one for record in undertakings for one in record.themes))
    return Brief(
        country=place,
        theme=wanted,
        reach=reach,
        initiatives=initiatives,
        named=sum(place.alpha3 in initiative.countries for initiative in initiatives),
        partnerships=partnerships,
        resources=resources,
        active=active,
        forms=forms,
        forms_missing=tuple(form for form in Form if form not in forms),
        themes=themes,
        themes_missing=tuple(one for one in Theme if one not in themes),
        connections=connections(ds, **criteria),
        brokers=brokers(ds, **criteria),
        entry_points=_entry_points(ds, criteria),
        own_bodies=_own_bodies(ds, place, active),
    )


def _in_order(vocabulary: Any, values: Iterable[Any]) -> tuple[Any, ...]:
    found = set(values)
    return tuple(term for term in vocabulary if term in found)


def _active(ds: Dataset, records: Iterable[Record]) -> ActivityTable:
    counts: dict[str, dict[str, int]] = {}
    for record in records:
        for role in record.roles:
            for one in getattr(record, role):
                roles = counts.setdefault(one, {})
                roles[role] = roles.get(role, 0) + 1
    columns = ("leads", "partners", "donors", "members", "publishers")
    rows = [
        Activity(
            one, ds.directory.label(one), one in ds.directory.entity_ids, *(roles.get(role, 0) for role in columns)
        )
        for one, roles in counts.items()
    ]
    rows.sort(key=lambda row: (not row.entity, -row.undertakings, -row.publishers, -row.donors, row.organization))
    return ActivityTable(tuple(rows))


def _entry_points(ds: Dataset, criteria: SharedCriteria) -> EntryPoints:
    counts: dict[str, int] = {}
    for event in events(ds, criteria=criteria).values():
        for entity in ds.directory.entities_of(event.participants):
            counts[entity] = counts.get(entity, 0) + 1
    rows = []
    for one in sorted(counts, key=lambda one: (-counts[one], one)):
        record = ds.directory.by_id[one]
        if isinstance(record, Entity):
            rows.append(EntryPoint(one, record.acronym, counts[one], record.trafficking_url or record.website))
    return EntryPoints(tuple(rows))


def _own_bodies(ds: Dataset, country: Country, active: ActivityTable) -> tuple[Organization, ...]:
    found = [ds.directory.by_id[row.organization] for row in active]
    return tuple(
        one
        for one in found
        if isinstance(one, Organization) and one.kind == "government" and one.country == country.alpha3
    )


# --- as people read it: one outline, and hands to write it -----------------------------------------------------------


class Line(NamedTuple):
    """A line of a brief: what it is, what it says, and the address that it leads to or None."""

    level: Level
    text: str
    address: str | None = None


def _as_text(line: Line) -> str:
    level, text, address = line
    if level == "title":
        return f"\n{text}\n{'=' * len(text)}"
    if level == "section":
        return f"\n{text}\n{'-' * len(text)}"
    return f"  {text}" + (f"\n    {address}" if address else "") if level == "item" else text


def _as_markdown(line: Line) -> str:
    level, text, address = line
    safe = "".join(f"\\{letter}" if letter in "\\`*_{}[]<>#|" else letter for letter in text)
    linked = f"[{safe}](<{address}>)" if address else safe
    return {"title": f"# {linked}\n", "section": f"\n## {linked}\n", "item": f"- {linked}"}.get(level, f"{linked}\n")


def outline(brief: Brief) -> Iterable[Line]:
    """Return a brief line by line, for whatever hand writes it."""
    about = f" on {brief.theme.label.lower()}" if brief.theme else ""
    yield Line("title", f"Work against trafficking in persons in {brief.country.name}{about}")
    yield Line("paragraph", _summary(brief))
    yield from _section("Where to begin", [_entry(row) for row in brief.entry_points[:_SHOWN]])
    own = [(one.name, one.website) for one in brief.own_bodies]
    yield from _section("The State's own bodies that take part already", own)
    for status, found in brief.by_status().items():
        title = f"Initiatives, {status.label.lower() if status != Status.UNKNOWN else 'status unknown'} ({len(found)})"
        yield from _section(title, _named_first(brief, found), len(found))
    listed = _named_first(brief, brief.partnerships)
    yield from _section(f"Partnerships ({len(brief.partnerships)})", listed, len(brief.partnerships))
    listed = _named_first(brief, brief.resources)
    yield from _section(f"Resources ({len(brief.resources)})", listed, len(brief.resources))
    yield from _section("Who is active", [_roles(row) for row in brief.active[: 2 * _SHOWN]], len(brief.active))
    yield from _section("Who can reach whom", _reached(brief))
    between = [_broker(row) for row in brief.brokers[:_SHOWN] if row.betweenness > 0]
    yield from _section("Who connects the others", between)
    covered = [
        ("Forms of exploitation stated: " + _labels(brief.forms), None),
        ("Stated by none (no work, or not coded): " + _labels(brief.forms_missing), None),
        ("Themes: " + _labels(brief.themes), None),
        ("Themes of none: " + _labels(brief.themes_missing), None),
    ]
    yield from _section("What is covered", covered)


def _summary(brief: Brief) -> str:
    rest = len(brief.initiatives) - brief.named
    wider = f", and {rest} of wider reach that include it" if rest else ""
    entities = sum(row.entity for row in brief.active)
    return (
        f"Initiatives that name {brief.country.name}: {brief.named}{wider}. Partnerships: {len(brief.partnerships)}. "
        f"Resources: {len(brief.resources)}. "
        f"{entities} ICAT entities and {len(brief.active) - entities} others take part."
    )


def _named_first(brief: Brief, records: Iterable[Initiative | Partnership | Resource]) -> list[tuple[str, str]]:
    """List records by title, those that name the country before those of wider reach."""
    ordered = sorted(records, key=lambda record: brief.country.alpha3 not in record.countries)
    return [_titled(record) for record in ordered[: 2 * _SHOWN]]


def _section(title: str, items: Sequence[tuple[str, str | None]], whole: int = 0) -> Iterable[Line]:
    yield Line("section", title)
    for text, address in items:
        yield Line("item", text, address)
    if not items:
        yield Line("item", "none")
    if whole > len(items):
        yield Line("item", f"and {whole - len(items)} more")


def _entry(row: EntryPoint) -> tuple[str, str]:
    return (f"{row.name}: {row.records} record{'' if row.records == 1 else 's'}", row.page)


def _broker(row: Broker) -> tuple[str, None]:
    return (f"{row.name}: betweenness {row.betweenness:.2f}, {row.partners} partners", None)


def _titled(record: Initiative | Partnership | Resource) -> tuple[str, str]:
    return (record.label, record.url or record.sources[0])


def _roles(row: Activity) -> tuple[str, None]:
    parts = [f"{name} {count}" for name, count in row.to_dict().items() if name in _ROLES and count]
    return (f"{row.name}: {', '.join(parts)}", None)


_ROLES = ("leads", "partners", "donors", "members", "publishers")


def _reached(brief: Brief) -> list[tuple[str, None]]:
    rows = brief.connections
    direct = sum(row.hops == 1 for row in rows)
    through = sum(row.hops is not None and row.hops > 1 for row in rows)
    apart = len(rows) - direct - through
    counts = f"{direct} work together, {through} meet through others, {apart} do not"
    return [(f"Of {len(rows)} pairs of active entities {counts}.", None)]


def _labels(terms: Sequence[Form | Theme]) -> str:
    return ", ".join(term.label for term in terms) or "none"
