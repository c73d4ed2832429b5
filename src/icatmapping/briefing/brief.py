"""
What the mapping knows of work against trafficking in persons in a country, put together from the other answers.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

from attrs import frozen

from icatmapping.briefing.outline import as_markdown, as_text, outline
from icatmapping.briefing.support import Support, find_support
from icatmapping.dataset import check_dataset
from icatmapping.model.articles import in_sentence
from icatmapping.model.records import Initiative, Organization, Partnership, Record, Resource
from icatmapping.model.vocabulary import Theme, parse
from icatmapping.network.affiliations import UNDERTAKINGS, collect_events
from icatmapping.network.connections import Connections, connections
from icatmapping.query.provenance import provenance_of
from icatmapping.results import plain
from icatmapping.statistics.gaps import Gap, Gaps, gaps
from icatmapping.utils.files import write_atomically
from icatmapping.utils.garbage import all_stay
from icatmapping.utils.representation import Displayable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from icatmapping.dataset import Dataset
    from icatmapping.model.records import Country
    from icatmapping.query.collection import Collection
    from icatmapping.query.criteria import Reach, Year
    from icatmapping.results import Provenance

__all__ = ["Brief", "assemble", "country_brief"]


class _Asked(TypedDict, total=False):
    theme: Theme
    since: Year


RECENT_YEARS = 3
"""What was last active in so many years up to the dataset's present goes on, as far as is known."""
DEFAULT_LIMIT = 10


@frozen(repr=False)
class Brief(Displayable):
    """
    What the mapping knows of work against trafficking in persons in a country: a State's entry point for co-operation.

    Attributes:
        country: The country.
        theme: The theme that it is narrowed down to, or None.
        since: The year from which on records count, or None.
        reach: How far records reach to count as work there: ``"named"``, ``"regional"`` or ``"global"``.
        as_of: The dataset's present (YYYY-MM), from which "recent" is counted.
        version: The version of the dataset, or None.
        limit: How many items of a list are shown, unless asked otherwise; None for all.
        initiatives: The initiatives there, newest first.
        partnerships: The partnerships there, newest first.
        resources: The publications on it, newest first.
        wider_initiatives: The initiatives of wider reach that include it, newest first.
        wider_partnerships: The partnerships of wider reach that include it, newest first.
        support: The entities to turn to, with reasons.
        own_bodies: The State's own bodies that exist and take part, most active first.
        connections: Which entities can reach each other there, and through whom.
        gaps: What the neighbours' work names and the country's does not: forms, then themes, telling ones first.
    """

    country: Country
    theme: Theme | None
    since: int | None
    reach: Reach
    as_of: str
    version: str | None
    limit: int | None
    initiatives: Collection[Initiative]
    partnerships: Collection[Partnership]
    resources: Collection[Resource]
    wider_initiatives: Collection[Initiative]
    wider_partnerships: Collection[Partnership]
    support: Support
    own_bodies: tuple[Organization, ...]
    connections: Connections
    gaps: tuple[Gap, ...]

    @property
    def provenance(self) -> Provenance:
        """What was asked, and of which data."""
        asked: dict[str, Any] = {"country": self.country, "theme": self.theme, "since": self.since}
        asked["reach"] = self.reach if self.reach != "named" else None
        given = {name: value for name, value in asked.items() if value is not None}
        return provenance_of(self.initiatives.directory, given)

    @property
    def current(self) -> tuple[Initiative, ...]:
        """The initiatives that are known to have been active in the last three years, newest first."""
        return tuple([one for one in self.initiatives if self._is_recent(one)])

    @property
    def earlier(self) -> tuple[Initiative, ...]:
        """The initiatives that are not known to have been active in the last three years, newest first."""
        return tuple([one for one in self.initiatives if not self._is_recent(one)])

    def _is_recent(self, record: Initiative) -> bool:
        return record.last_active is not None and record.last_active > int(self.as_of[:4]) - RECENT_YEARS

    def to_dict(self) -> dict[str, Any]:
        """Return the brief as plain, JSON-ready data; records by id, newest first."""
        return {
            "country": self.country.alpha3,
            "theme": plain(self.theme),
            "since": self.since,
            "reach": self.reach,
            "as_of": self.as_of,
            "version": self.version,
            "current": _ids(self.current),
            "earlier": _ids(self.earlier),
            "partnerships": _ids(self.partnerships),
            "resources": _ids(self.resources),
            "wider_initiatives": _ids(self.wider_initiatives),
            "wider_partnerships": _ids(self.wider_partnerships),
            "own_bodies": _ids(self.own_bodies),
            "support": plain(self.support),
            "connections": plain(self.connections),
            "gaps": plain(self.gaps),
        }

    def __str__(self) -> str:
        return self.to_text()

    def to_text(self, *, limit: int | object | None = ...) -> str:
        """
        Return the brief as text to read.

        Args:
            limit: How many items of a list are shown, None for all; by default as the brief was asked for.
        """
        return "\n".join(map(as_text, outline(self, self._limit(limit)))).lstrip("\n")

    def to_markdown(self, *, limit: int | object | None = ...) -> str:
        """
        Return the brief as Markdown.

        Args:
            limit: How many items of a list are shown, None for all; by default as the brief was asked for.
        """
        return "\n".join(map(as_markdown, outline(self, self._limit(limit)))) + "\n"

    def save(self, path: str | os.PathLike[str], *, limit: int | object | None = ...) -> None:
        """
        Write the brief to a file, by its ending: ``.md``, ``.html``, ``.docx`` (needs the extra ``docx``) or ``.txt``.

        Args:
            path: The file; it is written whole or not at all.
            limit: How many items of a list are shown, None for all; by default as the brief was asked for.

        Raises:
            MissingExtraError: If python-docx is needed and not installed.
            TypeError: If the path is none.
            ValueError: If the ending is none of these.
        """
        if not isinstance(path, str | os.PathLike):
            message = f"path must be the path of a file, such as 'brief.docx', not {path!r}"
            raise TypeError(message)
        target = Path(path)
        lines = list(outline(self, self._limit(limit)))
        ending = target.suffix.lower()
        if ending == ".md":
            content = ("\n".join(map(as_markdown, lines)) + "\n").encode()
        elif ending == ".txt":
            content = ("\n".join(map(as_text, lines)).lstrip("\n") + "\n").encode()
        elif ending in (".html", ".htm"):
            from icatmapping.briefing.documents import to_html_page  # noqa: PLC0415 - only this needs it

            content = to_html_page(lines).encode()
        elif ending == ".docx":
            from icatmapping.briefing.documents import to_docx  # noqa: PLC0415 - only this needs it

            content = to_docx(lines)
        else:
            message = f"the name of the file must end in .md, .html, .docx or .txt, not {target.suffix!r}"
            raise ValueError(message)
        write_atomically(target, content)

    def _limit(self, limit: int | object | None) -> int | None:
        return self.limit if limit is ... else _checked_limit(limit)

    def _repr_summary(self) -> str:
        about = "" if self.theme is None else f", {self.theme.label}"
        names = ("initiatives", "partnerships", "resources")
        numbers = ", ".join(f"{len(getattr(self, name))} {name}" for name in names)
        return f" on {in_sentence(self.country.name)}{about}: {numbers}"


def _ids(records: Iterable[Record]) -> list[str]:
    return [record.id for record in records]


def country_brief(
    ds: Dataset,
    country: str | int | Country,
    *,
    theme: str | None = None,
    since: Year | None = None,
    reach: Reach = "named",
    limit: int | None = DEFAULT_LIMIT,
) -> Brief:
    """
    Put together what the mapping knows of a country: a State's entry point for co-operation.

    Args:
        ds: The dataset.
        country: The country, by any name or code.
        theme: A theme to narrow it down to, or None for all.
        since: The year from which on records count, or None.
        reach: How far records reach to count as work there. What reaches it from further stands apart.
        limit: How many items of a list are shown; None for all.

    Raises:
        UnknownNameError: If there is no such country, theme or reach.
        ValueError: If ``limit`` is less than 1.

    Examples:
        >>> import icatmapping as im
        >>> brief = im.country_brief(im.load(), "Nigeria")
        >>> brief.country.alpha3, brief.own_bodies[0].id
        ('NGA', 'naptip')
    """
    with all_stay():
        return assemble(ds, country, theme=theme, since=since, reach=reach, limit=limit)


def assemble(
    ds: Dataset,
    country: str | int | Country,
    *,
    theme: str | None = None,
    since: Year | None = None,
    reach: Reach = "named",
    limit: int | None = DEFAULT_LIMIT,
    tables: Iterable[Iterable[Gap]] | None = None,
) -> Brief:
    """
    Put together a brief as `country_brief` does, from gaps that may be there already, as all countries share them.

    Args:
        ds: The dataset.
        country: The country, by any name or code.
        theme: A theme to narrow it down to, or None for all.
        since: The year from which on records count, or None.
        reach: How far records reach to count as work there.
        limit: How many items of a list are shown; None for all.
        tables: The gaps by form and by theme since the same year, of this country and maybe others; None to look
            for them.
    """
    check_dataset(ds)
    place = ds.directory.areas.country(country)
    wanted = None if theme is None else Theme(parse("theme", theme))
    asked: _Asked = {}
    if wanted is not None:
        asked["theme"] = wanted
    if since is not None:
        asked["since"] = since
    initiatives = ds.initiatives.where(country=place, reach=reach, **asked)
    partnerships = ds.partnerships.where(country=place, reach=reach, **asked)
    resources = ds.resources.where(country=place, reach=reach, **asked)
    wider = ds.initiatives.where(country=place, reach="global", **asked) - initiatives
    wider_partnerships = ds.partnerships.where(country=place, reach="global", **asked) - partnerships
    return Brief(
        country=place,
        theme=wanted,
        since=None if since is None else int(since),
        reach=reach,
        as_of=ds.as_of,
        version=ds.version,
        limit=_checked_limit(limit),
        initiatives=_newest_first(initiatives),
        partnerships=_newest_first(partnerships),
        resources=_newest_first(resources),
        wider_initiatives=_newest_first(wider),
        wider_partnerships=_newest_first(wider_partnerships),
        support=find_support(ds, country=place, k=len(ds.entities) or 1, **asked),
        own_bodies=_own_bodies(ds, place, asked),
        connections=connections(ds, country=place, reach=reach, **asked),
        gaps=_gaps(place, _tables(ds, place, asked) if tables is None else tables),
    )


def _checked_limit(limit: int | object | None) -> int | None:
    if limit is not None and (isinstance(limit, bool) or not isinstance(limit, int) or limit < 1):
        message = f"limit must be a whole number of at least 1, or None, not {limit!r}"
        raise ValueError(message)
    return limit


def _newest_first(records: Collection[Any]) -> Collection[Any]:
    return records.sort("last_active", descending=True)


def _own_bodies(ds: Dataset, country: Country, asked: _Asked) -> tuple[Organization, ...]:
    """Return the bodies of a State that exist and take part in work that names it, most active first."""
    counts: dict[str, int] = {}
    events = collect_events(ds, of=UNDERTAKINGS, criteria={"country": country, **asked})
    for event in events.values():
        for one in event.roles:
            counts[one] = counts.get(one, 0) + 1
    found = [
        record
        for one in counts
        if isinstance(record := ds.directory.by_id[one], Organization)
        and record.kind == "government"
        and record.country == country.alpha3
        and record.ended is None
    ]
    return tuple(sorted(found, key=lambda record: (-counts[record.id], record.id)))


def _tables(ds: Dataset, country: Country, asked: _Asked) -> Iterable[Gaps]:
    """Yield the gaps of a country, by form, then by theme."""
    context: _Asked = {}
    if "since" in asked:
        context["since"] = asked["since"]
    for cols in ("form", "theme"):
        yield gaps(ds, "country", cols, among=country, **context)


def _gaps(country: Country, tables: Iterable[Iterable[Gap]]) -> tuple[Gap, ...]:
    """Return what the neighbours' work names and the country's does not: forms, then themes; telling ones first."""
    found = [gap for table in tables for gap in table if gap.row == country.alpha3 and gap.expected > 0]
    return tuple(sorted(found, key=lambda gap: (not gap.telling,)))
