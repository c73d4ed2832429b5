"""
How answers look in a notebook: every text is shown as it is, nothing runs, and the figures are those of the data.
"""

from __future__ import annotations

import pickle
import re
from collections import Counter
from enum import Enum
from functools import cache
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Annotated, Any, get_args, get_origin, get_type_hints

import pytest
from attrs import evolve, has
from hypothesis import given
from hypothesis import strategies as st

import icatmapping as im
from icatmapping.datapackage.package import Package
from icatmapping.display.elements import bar, element, link, to_markup
from icatmapping.display.html import RENDERERS, to_html
from icatmapping.model.fields import Format
from icatmapping.model.records import RECORD_CLASSES
from support.packages import KINDS
from support.strategies import SmallMapping, mapping_of, worlds
from test_packaging import python

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from support.packages import Raw

ALLOWED = {
    "a": {"href"},
    **{name: {"style"} for name in ("div", "p", "span", "ol", "ul", "li", "table", "caption", "td")},
    **{name: set() for name in ("bdi", "details", "em", "h3", "h4", "strong", "summary", "tbody", "tfoot", "thead")},
    "div": {"style", "aria-hidden"},
    "th": {"scope", "style"},
    "tr": set(),
}
VOID = re.compile(r"url|expression|import|behavior|#|(?<!a)\brgb\(|white(?!-)|black|[<>\"\\]", re.IGNORECASE)


class Page(HTMLParser):
    """A page as the parser of the standard library reads it; it refuses what a display may not hold."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self.links: list[str] = []
        self.found: list[tuple[str, dict[str, str]]] = []
        self._open: list[str] = []
        self.tables: list[list[list[str]]] = []
        self.feed(text)
        self.close()
        assert not self._open, f"left open: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take an element that is allowed, with attributes that are."""
        attributes = {name: value or "" for name, value in attrs}
        assert attributes.keys() <= ALLOWED[tag], (tag, attributes)
        assert len(attributes) == len(attrs)
        assert not VOID.search(attributes.get("style", "")), attributes
        self._open.append(tag)
        self.found.append((tag, attributes))
        if tag == "a":
            assert re.match(r"https?://", attributes["href"], re.IGNORECASE)
            self.links.append(attributes["href"])
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        """Close what was opened last, and nothing else."""
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Keep a text, also as part of the cell that it is in."""
        self.texts.append(data)
        if "tr" in self._open:
            self.tables[-1][-1][-1] += data

    def handle_comment(self, data: str) -> None:
        """Refuse comments."""
        pytest.fail(f"a comment: {data}")

    handle_decl = handle_pi = unknown_decl = handle_comment

    def shows(self, text: str) -> bool:
        """Tell whether a text stands in the page, in one piece and letter by letter."""
        return any(text in shown for shown in self.texts)


def page(shown: Any) -> Page:
    return Page(shown._repr_html_())


# --- every text is shown as it is ------------------------------------------------------------------------------------

ATTACKS = (
    "<script>alert(1)</script>",
    "\"><img src=x onerror='alert(1)'>",
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)//https://example.org",
    "data:text/html,<script>alert(1)</script>",
    'https://example.org/"onclick="alert(1)',
    "https://example.org/?a=1&copy=2",
    "http://example.org/</a><b>",
    "&lt;b&gt; &amp;amp; &#60;i&#62; &nosuch;",
    "</td></tr></table></div><!-- <![CDATA[ ]]> <?php ?>",
    "\N{RIGHT-TO-LEFT OVERRIDE}gnp.exe \N{HEBREW LETTER SHIN}\N{ARABIC LETTER BEH}",
    "%s {} {0} ${x} `x`",
    "long " * 400,
    "x" * 2000,
)
# With a mark at its end, so that it is no code of a country, no term and no name of a dimension: those show a label.
WRITABLE = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=20).map("{}¶".format)
HOSTILE = st.one_of(st.sampled_from(ATTACKS), WRITABLE, st.tuples(WRITABLE, st.sampled_from(ATTACKS)).map("".join))


@cache
def _made(kind: type[Any]) -> st.SearchStrategy[Any]:
    """Draw a record with a hostile text in every place that holds text, none of them checked by anybody."""
    return st.builds(
        kind,
        **{
            name: _value(hint)
            for name, hint in get_type_hints(kind, include_extras=True).items()
            if name in kind.__match_args__
        },
    )


DATES = st.sampled_from(["2019", "2020-05", "2031"])


def _value(hint: Any) -> st.SearchStrategy[Any]:
    origin, parts = get_origin(hint), get_args(hint)
    if origin is Annotated and parts[1] in (Format.DATE, Format.MONTH):  # what is no date is no record
        return DATES if parts[1] is Format.DATE else st.just("2026-11")
    if origin is Annotated:
        return _value(parts[0])
    if origin is tuple:
        return st.lists(_value(parts[0]), max_size=3).map(tuple)
    if parts:
        return st.one_of(*map(_value, parts))
    if issubclass(hint, Enum):
        return st.sampled_from(list(hint))
    plain = {str: HOSTILE, int: st.integers(1900, 2099), type(None): st.none()}
    return plain[hint] if hint in plain else _made(hint)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, tuple):
        for one in value:
            yield from _texts(one)
    elif has(type(value)):
        for name in type(value).__match_args__:
            yield from _texts(getattr(value, name))
    elif isinstance(value, str) and not isinstance(value, Enum):
        yield value


@pytest.mark.parametrize("kind", [*RECORD_CLASSES.values(), im.Country])
@given(data=st.data())
def test_every_text_of_a_record_is_shown_letter_by_letter(kind: type[Any], data: st.DataObject) -> None:
    """Whatever stands in a record is text in its card; only its own web addresses are links."""
    record = data.draw(_made(kind))
    shown = page(record)
    texts = list(_texts(record))
    assert [text for text in texts if not shown.shows(text)] == []
    assert set(shown.links) <= set(texts)
    assert len(repr(record)) <= 200
    assert repr(record).isprintable()


def hostile(world: SmallMapping, attack: str) -> im.Dataset:
    """Give everybody and everything in a mapping a hostile id, name, title and address."""
    ids = {record["id"] for kind in KINDS for record in world.raw[kind]}

    def renamed(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(renamed(one) for one in value)
        return f"{value} {attack}" if isinstance(value, str) and not isinstance(value, Enum) and value in ids else value

    def taken(record: Any) -> Any:
        changed = {name: renamed(getattr(record, name)) for name in type(record).__match_args__}
        for name in ("name", "title", "acronym", "summary", "mandate"):
            if isinstance(changed.get(name), str):
                changed[name] = f"{changed[name]} {attack}"
        for name in ("url", "website", "trafficking_url"):
            if name in changed and attack.startswith(("javascript", "http", "data")):
                changed[name] = attack
        return evolve(record, **changed)

    records = {name: tuple(map(taken, world.ds.collection(name))) for name in KINDS}
    return im.Dataset.from_package(Package(**records, findings=world.ds.findings, hosts=()))


def answers(ds: im.Dataset, **context: Any) -> Iterator[Any]:
    """Ask a mapping everything that there is to ask, about its first members and places; networks in a context."""
    yield ds
    for name in KINDS:
        records = ds.collection(name)
        yield records
        yield from records[:1]
        yield im.coverage(records, "evidence", count="fractional")
    work = ds.initiatives
    yield im.coverage(work, "organization", interval=0.9)
    yield im.crosstab(work, "organization", "lead", count="fractional")
    yield im.timeline(work)
    if any(record.leads for record in work):
        yield im.concentration(work, "organization")
    yield im.gaps(ds, "lead", "entity", at_most=1)
    found = im.overlaps(ds, on="organization")
    yield from (found, found.uncoordinated, *found[:1], im.findings(ds))
    first, second = (entity.id for entity in ds.entities[:2])
    yield im.portfolio(ds, first, on="organization")
    yield from (ask(ds, **context) for ask in (im.connections, im.brokers, im.communities, im.network_summary))
    yield im.suggest_partners(ds, first, **context)
    paths = im.collaboration_paths(ds, first, second)
    yield from (paths, *paths[:1], *(step for path in paths[:1] for step in path.steps))
    brief = im.country_brief(ds, "Ghana")
    yield from (brief, brief.support, *brief.support[:1], *brief.own_bodies[:1], *brief.gaps[:1])
    hits = ds.search("alpha trafficking")
    yield from (hits, *hits[:1], im.compare(ds, first, second, on="organization"))
    support = im.find_support(ds, country="Ghana")
    yield from (support, *support[:1])


@pytest.mark.slow
@given(worlds(), st.sampled_from(ATTACKS) | WRITABLE)
def test_every_answer_about_a_hostile_mapping_is_harmless(world: SmallMapping, attack: str) -> None:
    """No answer lets an id, a name, a title or an address out of its text; each names what it begins with."""
    ds = hostile(world, attack)
    for answer in answers(ds):
        shown = page(answer)
        assert len(repr(answer)) <= 200
        assert repr(answer).isprintable()
        first = answer[0] if isinstance(answer, im.Coverage | im.Gaps | im.Overlaps | im.Suggestions) and answer else ()
        names = [getattr(first, name) for name in ("label", "row_label", "name") if hasattr(first, name)]
        names += [ds.directory.label(first.a)] if isinstance(first, im.Overlap) else []
        assert all(shown.shows(name) for name in names)


def test_what_no_page_can_hold_becomes_a_mark() -> None:
    """Control characters and halves of surrogate pairs are replaced, so that the page can be saved."""
    country = evolve(im.country("Nigeria"), name="a\0b\x1bc\ud800d")
    assert page(country).shows("a\ufffdb\ufffdc\ufffdd")
    country._repr_html_().encode()
    assert repr(country) == r"<Country 'NGA': a\x00b\x1bc\ud800d>"


@pytest.mark.parametrize(
    ("name", "attributes"),
    [("script", {}), ("img", {}), ("a", {"onclick": "x"}), ("a", {"href": "javascript:alert(1)"}), ("a", {"href": ""})],
)
def test_what_is_no_part_of_a_display_cannot_be_made(name: str, attributes: dict[str, str]) -> None:
    """Elements that run, attributes that run and addresses that run are refused where they are made."""
    with pytest.raises(ValueError, match=r"."):
        element(name, "text", **attributes)


def test_nothing_but_text_and_elements_goes_into_an_element() -> None:
    """Markup in a string is text; bytes and numbers are nothing that could be shown."""
    assert to_markup(element("p", "<b>")) == "<p>&lt;b&gt;</p>"
    with pytest.raises(TypeError, match="bytes"):
        element("p", [b"<b>"])  # type: ignore[list-item]
    with pytest.raises(TypeError, match="bytes has no display"):
        to_html(b"<b>")


@pytest.mark.parametrize(
    "address", ["ftp://example.org", "//example.org", "https://", "https://a b", "https://a\\@b", ""]
)
def test_only_web_addresses_are_links(address: str) -> None:
    """Any other address stands there as text."""
    shown = Page(to_markup(element("p", link(address, "text"))))
    assert (shown.links, shown.texts) == ([], [f"text ({address})"])


# --- everything public shows itself ----------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def shown_things(ds: im.Dataset, tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """Give something of every public kind."""
    tables = [im.gaps(ds, "country", "form", among="africa"), im.coverage(ds.initiatives, "country", interval=0.95)]
    tables += [im.crosstab(ds.initiatives, "country", "theme"), im.suggest_partners(ds, "ILO", country="Nigeria")]
    things = [*answers(ds, country="Ghana"), *tables, im.country("Ivory Coast"), *ds.findings, *ds.hosts[:1]]
    things += [im.tidy(ds.initiatives, "country", "theme"), im.Identifier(im.IdentifierType.ISBN, "9789221231493")]
    things += [ds.groupings[0], ds.search("forced labour"), im.references(ds.initiatives[:3]), im.portfolio(ds, "IOM")]
    mine = tmp_path_factory.mktemp("tables") / "mine.csv"
    mine.write_text("Title,Country,Source\nOurs,Ghana,https://example.org/ours\n", encoding="utf-8")
    newer = ds.extended({"initiatives": [evolve(ds.initiatives[0], title="Another title")]})
    things += [im.changes(ds, newer), im.read_table(mine, ds=ds)]
    im.write_frames({"initiatives": [ds.initiatives[0]]}, mine.parent / "frames")
    frames = im.scan(mine.parent / "frames")
    im.write_iati(ds.initiatives[:2], mine.parent / "activities.xml", ("XX-1", "Example", "22"))
    things += [im.iati_stream(mine.parent / "activities.xml")]
    things += [frames, frames.initiatives.where(country="Ghana")]
    return things + [row for table in things if hasattr(table, "rows") for row in table[:1]]


def test_everything_public_shows_itself(shown_things: list[Any]) -> None:
    """As a harmless page and as a line, be it ever so much."""
    public = [getattr(im, name) for name in im.__all__]
    kinds = [
        one
        for one in public
        if isinstance(one, type) and not issubclass(one, Enum | im.IatiCode | im.IatiWord)
        if one.__module__ != "icatmapping.errors"
    ]
    assert len(kinds) > 25
    assert [kind for kind in kinds if not any(isinstance(thing, kind) for thing in shown_things)] == []
    for thing in shown_things:
        assert page(thing).texts
        assert re.fullmatch(r"<\S.{3,197}>", repr(thing))
        assert len(thing._repr_html_()) < 200_000


def test_every_drawing_is_of_a_kind_of_its_own(shown_things: list[Any]) -> None:
    """No drawing is there in vain: each draws something of the kind that it stands for."""
    names = [[kind.__name__ for kind in type(thing).__mro__] for thing in shown_things]
    drawn = {next(name for name in mro if name in RENDERERS) for mro in names}
    assert set(RENDERERS) - drawn <= {"Table", "Row"}


def test_to_show_itself_costs_a_record_nothing(ds: im.Dataset) -> None:
    """Records and rows have no room for more, and come back from pickle as they were."""
    for thing in (ds.entities[0], im.coverage(ds.entities, "kind")[0], im.country("Nigeria")):
        assert not hasattr(thing, "__dict__")
        assert pickle.loads(pickle.dumps(thing)) == thing


def test_displays_are_loaded_when_first_shown() -> None:
    """A program that shows nothing pays nothing for it, nor does a line of text."""
    code = "import sys, icatmapping as im; c = im.country('NG'); repr(c); print('icatmapping.display' in sys.modules); "
    assert python(f"{code}c._repr_html_(); print('icatmapping.display' in sys.modules)").split() == ["False", "True"]


# --- what they say ---------------------------------------------------------------------------------------------------


def test_counts_and_bars_are_those_of_the_data(ds: im.Dataset, raw: Raw) -> None:
    """A table of coverage has the counts as text, and beside each a bar as long as it in proportion."""
    counts = Counter(record["scope"] for record in raw["initiatives"]).most_common()
    shown = page(im.coverage(ds.initiatives, "scope"))
    head, *body = shown.tables[0]
    assert head == ["Scope", "Count", "Share", ""]
    labels = {term["value"]: term["label"] for term in raw["vocabulary"] if term["vocabulary"] == "scope"}
    whole = len(raw["initiatives"])
    assert body == [[labels[value], f"{count:,}", f"{count / whole:.0%}", ""] for value, count in counts]
    widths = [float(width) for width in re.findall(r"top:0;height:100%;width:([\d.]+)%", str(shown.found))]
    assert widths == pytest.approx([100 * count / counts[0][1] for _, count in counts], abs=0.06)


def test_bars_are_for_the_eye_alone(ds: im.Dataset) -> None:
    """Whoever listens hears the numbers: bars hold no text and are hidden from readers of the screen."""
    bars = [attributes for tag, attributes in page(im.timeline(ds.resources)).found if "aria-hidden" in attributes]
    assert bars
    assert Page(to_markup(bar(0.5, 0.4, 0.6))).texts == []
    assert "width:100.0%" in to_markup(bar(7.0))


def test_a_two_way_table_adds_up(ds: im.Dataset, raw: Raw) -> None:
    """Its cells, and its totals in the last row and column, are those of the data."""
    counts = Counter((one["status"], one["scope"]) for one in raw["initiatives"])
    labels = {(term["vocabulary"], term["value"]): term["label"] for term in raw["vocabulary"]}
    (head, *body, foot), *_ = page(im.crosstab(ds.initiatives, "status", "scope")).tables
    cells = {
        (line[0], name): int(number.replace(",", ""))
        for line in body
        for name, number in zip(head, line, strict=True)
        if number.isdigit()
    }
    for (status, scope), count in counts.items():
        assert cells[labels["status", status], labels["scope", scope]] == count
    assert [foot[0], foot[-1]] == ["Total", f"{len(raw['initiatives']):,}"]
    for line in body:
        assert int(line[-1].replace(",", "")) == sum(int(number.replace(",", "")) for number in line[1:-1])


def test_long_tables_say_how_much_more_there_is(ds: im.Dataset, raw: Raw) -> None:
    """The first rows are shown, and the others counted."""
    shown = page(ds.organizations)
    assert len(shown.tables[0]) == 11
    assert shown.shows(f"and {len(raw['organizations']) - 10:,} more")
    assert not any("more" in text for text in page(ds.organizations[:10]).texts)
    assert page(ds.organizations[:0]).texts == ["0 organizations"]


def test_collections_name_those_that_take_part(ds: im.Dataset, raw: Raw) -> None:
    """Where a directory is at hand, ids are resolved: entities by acronym, others by name."""
    bodies = {record["id"]: record["acronym"] for record in raw["entities"]}
    bodies |= {record["id"]: record["name"] for record in raw["organizations"]}
    head, *lines = page(ds.initiatives).tables[0]
    assert head[:2] == ["Initiative", "Leads"]
    for line, record in zip(lines, raw["initiatives"], strict=False):
        assert line[0] == record["title"]
        assert all(bodies[one] in line[1] for one in record["leads"][:3])


def test_a_card_says_what_nobody_stated(ds: im.Dataset) -> None:
    """A record without dates shows no year, but that none is stated."""
    record = evolve(ds.initiatives["50-for-freedom"], start=None, end=None)
    (lines,) = page(record).tables
    fields = {line[0]: line[1] for line in lines}
    assert "Start" not in fields
    assert fields["Not stated"].split(", ")[-2:] == ["start", "end"]


def test_a_path_shows_its_evidence(ds: im.Dataset, raw: Raw) -> None:
    """Each step links the records that it rests on, by the titles that they have."""
    found = im.collaboration_paths(ds, "UNODC", "UNICEF", country="Nigeria", theme="child_protection")
    shown = page(found)
    titles = {f"initiative:{one['id']}": one["title"] for one in raw["initiatives"]}
    titles |= {f"partnership:{one['id']}": one["name"] for one in raw["partnerships"]}
    nodes = {step.records[0] for path in found for step in path.steps}
    assert nodes
    assert all(titles[node] in shown.texts for node in nodes)
    assert shown.links


def test_without_a_path_the_reason_is_shown_and_what_would_give_one() -> None:
    """What the answer says of itself, and each change as it is to be typed."""
    found = im.collaboration_paths(mapping_of([("alpha", "bravo")]).ds, "alpha", "bravo", country="Ghana")
    assert found.reason is not None
    shown = page(found)
    assert shown.shows(found.reason)
    assert found.relaxations == ({"country": None},)
    assert "leave out country" in shown.texts


def test_a_brief_has_the_sections_that_it_has_as_markdown(ds: im.Dataset) -> None:
    """Both are written from one outline."""
    brief = im.country_brief(ds, "Sudan", theme="protection")
    shown = page(brief)
    headings = [line.lstrip("# ") for line in brief.to_markdown().splitlines() if line.startswith("#")]
    assert [text for text in shown.texts if text in headings] == headings
    assert len(shown.links) == brief.to_markdown().count("<http")


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda ds: ds, r"<Dataset: 29 entities, .* resources>"),
        (lambda ds: ds.initiatives["50-for-freedom"], "<Initiative '50-for-freedom': 50 for Freedom>"),
        (lambda _: im.country("Ivory Coast"), "<Country 'CIV': Côte d'Ivoire>"),
        (
            lambda ds: im.coverage(ds.initiatives, "region"),
            r"<Coverage of \d+ initiatives by region: 7 rows, Africa 3\d%, .*, …>",
        ),
        (lambda ds: im.coverage(ds.initiatives[:0], "region"), "<Coverage of 0 initiatives by region: 0 rows>"),
        (
            lambda ds: im.country_brief(ds, "Sudan"),
            r"<Brief on Sudan: \d+ initiatives, \d+ partnerships, \d+ resources>",
        ),
        (
            lambda ds: im.collaboration_paths(ds, "UNODC", "IOM")[0],
            r"<Path UNODC – IOM: 1 hop, last \d{4}, distance [\d.]+>",
        ),
        (lambda ds: im.timeline(ds.partnerships[:0]), "<Timeline of 0 partnerships: 0 undated>"),
    ],
)
def test_a_line_says_what_it_is(ds: im.Dataset, ask: Callable[[im.Dataset], Any], said: str) -> None:
    """Enough to tell one answer from another at a prompt."""
    assert re.fullmatch(said, repr(ask(ds)))
