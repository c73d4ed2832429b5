"""
A brief as people read it: one outline of lines with numbered references, and the hands that write it as text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from icatmapping.model.articles import in_sentence
from icatmapping.utils.text import escape_address, escape_markdown, join_and

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from icatmapping.briefing.brief import Brief
    from icatmapping.briefing.support import SupportRow
    from icatmapping.model.records import Initiative, Partnership, Record, Resource
    from icatmapping.statistics.gaps import Gap

__all__ = ["Level", "Line", "as_markdown", "as_text", "context_of", "outline", "own_bodies_title"]

Level: TypeAlias = Literal["title", "section", "paragraph", "item", "reference"]
"""What a line of a brief is."""
_SENTENCE = 110
"""How many characters of a summary are shown, to the end of a word."""


class Line(NamedTuple):
    """
    A line of a brief.

    Attributes:
        level: What it is.
        text: What it says.
        address: The address that it leads to, or None.
        reference: The number of the reference that stands for it, or None.
    """

    level: Level
    text: str
    address: str | None = None
    reference: int | None = None


def as_text(line: Line) -> str:
    """Return a line as text."""
    level, text, address, reference = line
    if level == "title":
        return f"\n{text}\n{'=' * len(text)}"
    if level == "section":
        return f"\n{text}\n{'-' * len(text)}"
    noted = f"{text} [{reference}]" if reference is not None and level != "reference" else text
    if level == "reference":
        return f"  [{reference}] {text}" + (f"\n      {address}" if address else "")
    if level == "item":
        return f"  {noted}" + (f"\n    {address}" if address and reference is None else "")
    return noted


def as_markdown(line: Line) -> str:
    """Return a line as Markdown; everything in it is text, and addresses are percent-encoded."""
    level, text, address, reference = line
    safe = escape_markdown(text)
    if level == "reference":
        return f"{reference}. {safe}" + (f" <{escape_address(address)}>" if address else "")
    linked = f"[{safe}](<{escape_address(address)}>)" if address else safe
    noted = f"{linked} \\[{reference}\\]" if reference is not None else linked
    return {"title": f"# {noted}\n", "section": f"\n## {noted}\n", "item": f"- {noted}"}.get(level, f"{noted}\n")


class _References:
    """The references of a brief, numbered as they come up."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._records: list[Initiative | Partnership | Resource] = []

    def number(self, record: Initiative | Partnership | Resource) -> int:
        key = f"{record.collection}:{record.id}"
        if key not in self._numbers:
            self._numbers[key] = len(self._numbers) + 1
            self._records.append(record)
        return self._numbers[key]

    def lines(self) -> Iterator[Line]:
        for number, record in enumerate(self._records, start=1):
            period = getattr(record, "period", "")
            dated = f" ({period})" if period else ""
            yield Line("reference", f"{record.label}{dated}. Read {record.checked}.", _address(record), number)


def _address(record: Record) -> str:
    found: str = getattr(record, "url", None) or getattr(record, "website", None) or record.sources[0]
    return found


def outline(brief: Brief, limit: int | None) -> Iterator[Line]:
    """
    Yield a brief line by line, for whatever hand writes it.

    Args:
        brief: The brief.
        limit: How many items of the main list are shown, and half as many of the others; None for all.
    """
    references = _References()
    few = None if limit is None else max(1, limit // 2)
    label = brief.initiatives.directory.label
    about = f" on {brief.theme.label.lower()}" if brief.theme else ""
    yield Line("title", f"Work against trafficking in persons in {in_sentence(brief.country.name)}{about}")
    yield Line("paragraph", _summary(brief))
    context = context_of(brief)
    if context:
        yield Line("paragraph", context)
    turn_to = [
        Line("item", _support(row), row.page, references.number((*row.there, *row.nearby, *row.elsewhere)[0]))
        for row in brief.support[:few]
    ]
    yield from _section("Whom to turn to", turn_to, len(brief.support))
    yield from _own_bodies(brief, few)

    def listed(
        records: Sequence[Initiative | Partnership | Resource], most: int | None, *, told: bool = True
    ) -> list[Line]:
        return [
            Line("item", _line(record, label, told=told or most is None), _address(record), references.number(record))
            for record in records[:most]
        ]

    first = int(brief.as_of[:4] or 0) - 2
    title = f"Current and recent work (active in {first} or later)"
    yield from _section(title, listed(brief.current, limit), len(brief.current))
    yield from _section("What was done before", listed(brief.earlier, few, told=False), len(brief.earlier))
    yield from _section("Partnerships", listed(brief.partnerships, few), len(brief.partnerships))
    wider: list[Initiative | Partnership | Resource] = [*brief.wider_initiatives, *brief.wider_partnerships]
    wider.sort(key=lambda record: (-(record.last_active or 0), record.id))
    title = f"Regional and global work that includes {in_sentence(brief.country.name)}"
    yield from _section(title, listed(wider, few, told=False), len(wider))
    yield from _section("Publications", listed(brief.resources, few), len(brief.resources))
    pairs = [row for row in brief.connections if row.hops == 1]
    pairs.sort(key=lambda row: (row.on_topic is False, -(row.last_active or 0), -len(row.records), row.a, row.b))
    together = [
        Line(
            "item",
            f"{row.name_a} and {row.name_b}: {_count(len(row.records), 'record')}, "
            + _last(row.last_active, brief.as_of)
            + (", on other themes" if row.on_topic is False and brief.theme is not None else ""),
        )
        for row in pairs[:few]
    ]
    yield from _section("Who works with whom", together, len(pairs))
    yield from _lacking(brief.gaps, few)
    yield Line("section", "References")
    yield from references.lines()
    source = f"icatmapping, dataset {brief.version}" if brief.version else "icatmapping"
    yield Line(
        "paragraph", f"Source: {source}, as of {brief.as_of}. Compiled from public pages; not a publication of ICAT."
    )


_KOSOVO = "References to Kosovo are to be understood in the context of Security Council resolution 1244 (1999)."


def context_of(brief: Brief) -> str | None:
    """Return in what context the name of a place is to be understood, or None if nothing need be said."""
    return _KOSOVO if _is_kosovo(brief) else None


def own_bodies_title(brief: Brief) -> str:
    """Return the heading of the bodies of a place; a State is only spoken of where all speak of one."""
    return "Its own bodies that take part" if _is_kosovo(brief) else "The State's own bodies that take part"


def _is_kosovo(brief: Brief) -> bool:
    return brief.country.alpha3 == "XKX"


def _own_bodies(brief: Brief, few: int | None) -> Iterable[Line]:
    """Name the State's own bodies in a sentence; all of them as a list with their websites if all is asked for."""
    title = own_bodies_title(brief)
    if few is None:
        yield from _section(title, [Line("item", one.name, one.website) for one in brief.own_bodies], 0)
        return
    yield Line("section", f"{title} ({len(brief.own_bodies)})" if len(brief.own_bodies) > 1 else title)
    names = [one.name for one in brief.own_bodies[:few]]
    more = len(brief.own_bodies) - len(names)
    yield Line("paragraph", f"{join_and([*names, f'{more} more'] if more else names or ['None known'])}.")


def _lacking(gaps: Sequence[Gap], few: int | None) -> Iterable[Line]:
    """Say what a country lacks beside its neighbours; what may be chance is only counted unless all is asked for."""
    shown = gaps if few is None else [gap for gap in gaps if gap.telling][:few]
    lines = [
        Line(
            "item",
            f"{gap.col_label}: {gap.count} of {_count(gap.n, 'initiative')}, where {gap.expected:.1f} would be "
            f"expected by work {gap.peers_where} ({_chance(gap.p)}{'' if gap.telling else ', may be due to chance'}); "
            f"{gap.unclassified} not coded",
        )
        for gap in shown
    ]
    telling = sum(gap.telling for gap in gaps)
    title = "Gaps beside the neighbours' work"
    chance = 0 if few is None else len(gaps) - telling
    if not lines and chance:
        yield Line("section", title)
        yield Line("item", f"no telling gap; {_count(chance, 'smaller difference')} may be due to chance")
        return
    yield from _section(title, lines, len(lines) if few is None else telling)
    if chance:
        yield Line("item", f"{_count(chance, 'smaller difference')} may be due to chance")


def _section(title: str, items: Sequence[Line], whole: int) -> Iterable[Line]:
    shown = f"{title} ({whole})" if whole > 1 else title
    yield Line("section", shown)
    yield from items
    if not items:
        yield Line("item", "none known")
    if whole > len(items):
        yield Line("item", f"and {whole - len(items)} more")


def _summary(brief: Brief) -> str:
    name = in_sentence(brief.country.name)
    dated = [one for one in (*brief.initiatives, *brief.partnerships) if one.last_active is not None]
    years = ""
    if dated:
        first = min(one.first_active for one in dated if one.first_active is not None)
        last = max(one.last_active for one in dated if one.last_active is not None)
        years = f", from {first} to {last}" if first != last else f", in {last}"
    undated = len(brief.initiatives) + len(brief.partnerships) - len(dated)
    unknown = f" ({undated} undated)" if undated else ""
    possible = len(brief.initiatives.possible)
    may_be = f" {possible} more initiatives may be, but state no such dates." if possible else ""
    entities = len(brief.connections.entities)
    work = f"{_count(len(brief.initiatives), 'initiative')} and {_count(len(brief.partnerships), 'partnership')}"
    bodies = _count(len(brief.own_bodies), "body", "bodies")
    whose = "its own" if _is_kosovo(brief) else "the State"
    return (
        f"At a glance: {work} for {name}{years}{unknown}, {len(brief.current)} of the initiatives known to be active "
        f"in the last three years.{may_be} {_count(entities, 'entity', 'entities')} take part, and {bodies} of "
        f"{whose}. {_count(len(brief.resources), 'publication')} on {name}."
    )


def _support(row: SupportRow) -> str:
    places = (("there", row.there), ("nearby", row.nearby), ("elsewhere", row.elsewhere))
    counts = join_and([f"{len(found)} {place}" for place, found in places if found])
    newest = (*row.there, *row.nearby, *row.elsewhere)[0]
    bodies = f"; worked with {join_and(row.bodies[:2])}" if row.bodies else ""
    return f"{row.name}: {counts}, such as “{newest.label}” ({newest.period}){bodies}"


def _line(record: Initiative | Partnership | Resource, label: Callable[[str], str], *, told: bool) -> str:
    """Return a record in a line: when, what, by whom, and if it is to be told, the beginning of what it does."""
    names = list(map(label, getattr(record, record.roles[0])))
    by = f" – {join_and(names[:3])}{' and others' if len(names) > 3 else ''}" if names else ""
    summary = _first_sentence(getattr(record, "summary", "")) if told else ""
    return f"{record.period}: {record.label}{by}{f'. {summary}' if summary else ''}"


def _first_sentence(summary: str) -> str:
    end = summary.find(". ")
    sentence = summary[: end + 1] if end > 0 else summary
    return sentence if len(sentence) <= _SENTENCE else f"{sentence[:_SENTENCE].rsplit(' ', 1)[0]} …"


def _count(number: int, one: str, several: str | None = None) -> str:
    return f"{number} {one if number == 1 else several or one + 's'}"


def _chance(p: float | None) -> str:
    return "p < 0.01" if p is None or p < 0.01 else f"p = {p:.2f}"


def _last(year: int | None, as_of: str) -> str:
    if year is None:
        return "undated"
    return f"last {year}" if year <= int(as_of[:4]) else f"going on, to {year}"
