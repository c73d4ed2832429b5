"""
The explorer: every link leads somewhere, every number is the library's, and nothing that records say is ever markup.
"""

from __future__ import annotations

import json
import random
import sqlite3
import sys
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest

import icatmapping as im
from icatmapping.model import geography
from icatmapping.network.context import TOPICS
from icatmapping.query.dimensions import DIMENSIONS
from icatmapping.site.colours import check_colour, contrast, palette
from icatmapping.site.context import Settings, Site, script, templates
from icatmapping.site.countries import write_country
from icatmapping.site.front import write_front
from icatmapping.site.paths import find_pairs, write_country_data
from icatmapping.site.questions import GAP_DIMENSIONS, gap_tables
from icatmapping.site.search_index import stems
from support.packages import Raw, written
from support.site_pages import Page, Pages, data_of

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'`{{7*7}}&amp;=cmd|' /C calc'!A0"
LISTED = ("initiatives", "partnerships", "resources")


@pytest.fixture(scope="module")
def folder(small_ds: im.Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the site of the small package."""
    path = tmp_path_factory.mktemp("site") / "explorer"
    im.write_site(small_ds, path)
    return path


@pytest.fixture(scope="module")
def pages(folder: Path) -> Pages:
    """Return its pages."""
    return Pages(folder)


@pytest.fixture(scope="module")
def part(ds: im.Dataset, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Return a site of the bundled records of which single pages can be written."""
    return Site(ds, Settings("Title", "#1b5e75", None, None), tmp_path_factory.mktemp("part"))


@pytest.mark.slow
def test_every_link_within_the_site_leads_somewhere(pages: Pages) -> None:
    """Every link within the site leads to a page, and to a place on it where it names one."""
    assert pages.broken() == []
    assert len(pages.by_path) > 250


def test_every_record_and_country_has_a_page_and_its_data(small_ds: im.Dataset, folder: Path) -> None:
    """Every record has a page and its own data as JSON, and every country has a page."""
    for collection in ("entities", "organizations", *LISTED):
        for record in small_ds.collection(collection):
            path = folder / ("members" if collection == "entities" else collection) / record.id
            assert json.loads(path.with_suffix(".json").read_text("utf-8")) == record.to_dict()
            assert path.with_suffix(".html").is_file()
    for country in geography.countries():
        assert (folder / "countries" / f"{country.alpha3}.html").is_file()


def test_every_page_says_what_it_is_and_asks_nobody_for_anything(pages: Pages) -> None:
    """Every page has a title, a description, one heading, a policy, and no script or style of its own in it."""
    for path, page in pages.by_path.items():
        (policy,) = (found["content"] for found, _ in page.all("meta", **{"http-equiv": "Content-Security-Policy"}))
        assert policy.startswith("default-src 'none'; script-src 'self' file:;")
        assert "unsafe" not in policy
        assert page.all("title")[0][1], path
        assert page.all("meta", name="description")[0][0]["content"], path
        assert len(page.all("h1")) == 1, path
        assert json.loads(page.all("script", type="application/ld+json")[0][1])["@context"], path
        assert path.stat().st_size < 100_000, path
        for name, found in page.elements:
            assert "style" not in found, (path, name)
            assert not [key for key in found if key.startswith("on")], (path, name)
            if name == "script" and found.get("type") != "application/ld+json":
                assert not found["src"].startswith(("http:", "https:", "//")), (path, found)


def test_linked_data_of_a_page_is_that_of_its_record(small_ds: im.Dataset, folder: Path) -> None:
    """What a page says for machines is what the library says of the record."""
    for record in small_ds.initiatives:
        page = Page(folder / "initiatives" / f"{record.id}.html")
        ((_, text),) = page.all("script", type="application/ld+json")
        node = json.loads(text)
        assert node["@id"] == f"urn:icatmapping:initiative:{record.id}"
        assert " ".join(node["name"].split()) == " ".join(record.title.split())


def test_what_the_browser_selects_is_what_where_gives(small_ds: im.Dataset, folder: Path) -> None:
    """For every value of every dimension, the records that a page would show are those of where."""
    checked = 0
    for name in LISTED:
        table, records = data_of(folder, name), small_ds.collection(name)
        assert table["ids"] == [record.id for record in records]
        for dimension in table["dimensions"]:
            for place, (value, label) in enumerate(dimension["values"]):
                found = [table["ids"][row] for row, values in enumerate(dimension["of"]) if place in values]
                assert found == [record.id for record in records.where(**{dimension["name"]: value})]
                assert label == DIMENSIONS[dimension["name"]].label(value, small_ds.directory)
                checked += 1
    assert checked > 100


def criterion(topic: str) -> dict[str, str]:
    """Return a topic of the explorer, such as ``"theme:health"``, as the library is asked for it."""
    name, _, value = topic.partition(":")
    return {name: value}


def test_every_dimension_but_the_year_is_a_facet(folder: Path) -> None:
    """Every dimension by which a collection can be asked is a facet; years are asked by since and until."""
    for name in LISTED:
        facets = {dimension["name"] for dimension in data_of(folder, name)["dimensions"]}
        with_values = {one for one in im.dimensions.dimensions_of(name) if one != "year"}
        assert facets == with_values


@pytest.mark.slow
@pytest.mark.parametrize("alpha3", ["NGA", "GHA", "MDA"])
def test_paths_of_all_pairs_are_those_of_the_library(ds: im.Dataset, part: Site, alpha3: str) -> None:
    """The paths stored of a country are what the library finds for each pair, on a topic or on none."""
    _, plain, by_topic = find_pairs(part, alpha3)
    drawn = random.Random(alpha3)
    pairs = list(combinations(sorted(ds.directory.entity_ids), 2))
    for pair in drawn.sample(pairs, 20) + drawn.sample(sorted(plain), 10):
        found = im.collaboration_paths(ds, *pair, country=alpha3)
        assert [path.organizations for path in found] == plain.get(pair, [])
    assert {"theme", "form", "response"} <= {topic.partition(":")[0] for topic in by_topic} <= set(TOPICS)
    for topic in drawn.sample(sorted(by_topic), 6):
        for pair in drawn.sample(sorted(plain), 5):
            found = im.collaboration_paths(ds, *pair, country=alpha3, **criterion(topic))
            assert [path.organizations for path in found] == by_topic[topic].get(pair, plain[pair])


def test_steps_rest_on_the_records_that_the_library_names(ds: im.Dataset, part: Site) -> None:
    """What a step rests on, as the scripts put it together of the stored events, is the evidence of the library."""
    write_country_data(part, "NGA")
    data = data_of(part.folder, "country-NGA")
    place = {one: number for number, (one, _, _) in enumerate(data["bodies"])}
    drawn = random.Random(18)
    for key in drawn.sample(sorted(data["paths"]), 12):
        topic = drawn.choice(sorted(data["onTopic"]))
        number = data["topics"].index(topic)
        for path in im.collaboration_paths(ds, *key.split(), country="NGA", **criterion(topic)):
            for step in path.steps:
                ends = {place[step.source], place[step.target]}
                others = {place[one] for one in path.organizations} - ends
                shared = [event for event in data["events"] if ends <= set(event[4])]
                shared.sort(key=lambda event, others=others: (number not in event[3], bool(others & set(event[4]))))
                told = [address for event in shared for address, _, _ in event[0]]
                assert told == [f"{one.collection}/{one.id}.html" for one in step.evidence]
                assert step.on_topic == (number in {one for event in shared for one in event[3]})


def test_records_near_a_country_are_those_that_the_library_counts(ds: im.Dataset, part: Site) -> None:
    """The records stored as in a country and near it are those of the library's answer; twins are near as one."""
    write_country_data(part, "GHA")
    near = data_of(part.folder, "country-GHA")["near"]
    level = {
        (name, ds.collection(name)[place].id): number
        for name, groups in near.items()
        for number, group in enumerate(groups)
        for place in group
    }
    twins = {one.id: one.initiative for one in ds.partnerships if one.initiative is not None}
    of_initiative = {initiative: partnership for partnership, initiative in twins.items()}

    def nearest(record: Any) -> int:
        other = ("initiatives", twins.get(record.id))
        if record.collection == "initiatives":
            other = ("partnerships", of_initiative.get(record.id))
        return min(level.get((record.collection, record.id), 9), level.get(other, 9))

    for row in im.find_support(ds, country="Ghana", k=len(ds.entities)):
        assert {nearest(one) for one in row.there} <= {0}
        assert {nearest(one) for one in row.nearby} <= {1, 2}
        assert {nearest(one) for one in row.elsewhere} <= {9}


def test_the_brief_of_a_country_is_that_of_the_library(ds: im.Dataset, part: Site) -> None:
    """The page of a country shows the scores, counts and gaps of the library's brief."""
    tables = gap_tables(part)
    of_country = [[gap for gap in tables[name] if gap.row == "GHA" and gap.count == 0] for name in ("form", "theme")]
    write_country(part, "GHA", of_country)
    page = Page(part.folder / "countries" / "GHA.html")
    brief = im.country_brief(ds, "Ghana")
    scores = [text for _, text in page.all("span", **{"class": "score"})]
    assert scores == [f"{row.score:.2f}" for row in brief.support[:10]]
    headings = [text for _, text in page.all("h2")]
    assert f"Partnerships ({len(brief.partnerships)})" in headings
    assert any(heading.endswith(f"({len(brief.current)})") for heading in headings)
    told = json.loads((part.folder / "countries" / "GHA.json").read_text("utf-8"))
    assert told["current"] == [record.id for record in brief.current]
    assert [gap["col"] for gap in told["gaps"]] == [gap.col for gap in brief.gaps]
    assert [gap["p"] for gap in told["gaps"]] == [gap.p for gap in brief.gaps]


def test_cells_of_heat_maps_are_counts_of_the_library(small_ds: im.Dataset, folder: Path) -> None:
    """Each cell of a heat map holds as many initiatives as name both its country and its column."""
    by_label = {country.name: country.alpha3 for country in geography.countries()}
    checked = 0
    for name in GAP_DIMENSIONS:
        for path in sorted((folder / "gaps").glob(f"{name}--*.html")):
            page = Page(path)
            heads = [text for found, text in page.all("th", scope="col")][3:]
            countries = [text for _, text in page.all("th", scope="row") if text in by_label]
            cells = [text for found, text in page.all("td") if found.get("class", "").startswith("h")]
            for number, cell in enumerate(cells):
                country, column = countries[number // len(heads)], heads[number % len(heads)]
                count = len(small_ds.initiatives.where(country=by_label[country], **{name: column}))
                assert int(cell.split("of")[0].split()[0]) == count
                checked += 1
    assert checked > 50


def test_long_lists_are_paged_without_scripts(part: Site, ds: im.Dataset) -> None:
    """Every initiative is on one of the pages of the list, fifty on each, and the pages lead to each other."""
    write_front(part)
    found: list[str] = []
    for path in sorted(part.folder.glob("initiatives*.html")):
        page = Page(path)
        links = [found["href"] for found, _ in page.all("a") if found.get("href", "").startswith("initiatives/")]
        assert 0 < len(links) <= 50
        found += links
    assert sorted(found) == sorted(f"initiatives/{record.id}.html" for record in ds.initiatives)


def hostile(small: Raw) -> Raw:
    """Return records with hostile text in every field that takes text or an address."""
    for name in ("entities", "organizations", *LISTED):
        for number, record in enumerate(small[name]):
            text = f"{HOSTILE} {name} {number}"
            texts = dict.fromkeys(("title", "name", "summary", "mandate", "acronym"), text)
            lists = {field: [text] for field in ("aliases", "legal_basis")}
            address = 'https://example.org/?q="><script>alert(3)</script>'
            addresses = dict.fromkeys(("url", "website", "trafficking_url"), address)
            record |= {field: value for field, value in (texts | lists | addresses).items() if record.get(field)}
    return small


@pytest.mark.slow
def test_strings_in_any_field_are_text_and_never_markup(small: Raw, tmp_path: Path) -> None:
    """Whatever records say, a page holds no element and no attribute that the templates do not have."""
    ds = im.load(written(tmp_path / "package", hostile(small)))
    im.write_site(ds, tmp_path / "site", title=HOSTILE, footer=HOSTILE)
    pages = Pages(tmp_path / "site")
    assert pages.broken() == []
    for path, page in pages.by_path.items():
        for name, found in page.elements:
            assert name != "img", path
            assert not [key for key in found if key.startswith("on")], path
            assert name != "script" or "src" in found or found.get("type") == "application/ld+json", path
            assert not found.get("href", "").lower().startswith("javascript:"), path
    for file in (tmp_path / "site" / "data").glob("*.js"):
        assert "</script" not in file.read_text("utf-8").lower(), file


def test_a_site_is_replaced_and_nothing_else_is(small_ds: im.Dataset, folder: Path, tmp_path: Path) -> None:
    """A site takes the place of an older one as a whole; a folder that holds something else is left alone."""
    other = tmp_path / "papers"
    other.mkdir()
    (other / "letter.txt").write_text("Dear all")
    with pytest.raises(FileExistsError, match="it holds something else"):
        im.write_site(small_ds, other)
    assert [file.name for file in tmp_path.iterdir()] == ["papers"]
    assert (other / "letter.txt").read_text() == "Dear all"
    (folder / "old.html").write_text("old")
    im.write_site(small_ds, folder)
    assert not (folder / "old.html").exists()
    assert (folder / "index.html").exists()


def test_title_colour_footer_and_address_can_be_set(small_ds: im.Dataset, tmp_path: Path) -> None:
    """A site has the title, colour and footer that it is given, and whole addresses where it is told its own."""
    done: list[tuple[int, int, str]] = []
    im.write_site(
        small_ds,
        tmp_path / "site",
        title="Our own mapping",
        colour="#7A1F3D",
        footer="Ministry of the Interior",
        url="https://example.org/mapping/",
        progress=lambda *told: done.append(told),
    )
    page = Page(tmp_path / "site" / "members" / f"{small_ds.entities[0].id}.html")
    assert page.all("title")[0][1].endswith("– Our own mapping")
    assert page.all("footer")[0][1].startswith("Ministry of the Interior")
    (canonical,) = page.all("link", rel="canonical")
    assert canonical[0]["href"] == f"https://example.org/mapping/members/{small_ds.entities[0].id}.html"
    assert "--accent:#7a1f3d" in (tmp_path / "site" / "assets" / "colours.css").read_text()
    assert "<loc>https://example.org/mapping/index.html</loc>" in (tmp_path / "site" / "sitemap.xml").read_text()
    nowhere = Page(tmp_path / "site" / "404.html")
    assert all(address.startswith(("https://example.org/mapping/", "#")) for address in nowhere.addresses)
    assert [number for number, _, _ in done] == list(range(1, done[0][1] + 1))


@pytest.mark.parametrize("wrong", [{"colour": "teal"}, {"colour": "#12345"}, {"url": "example.org"}])
def test_what_cannot_be_set_is_refused(small_ds: im.Dataset, tmp_path: Path, wrong: dict[str, Any]) -> None:
    """A colour that is none, or an address that is none, is refused before anything is written."""
    with pytest.raises(ValueError, match="must be"):
        im.write_site(small_ds, tmp_path / "site", **wrong)
    assert list(tmp_path.iterdir()) == []


def test_without_jinja_the_extra_is_named(
    small_ds: im.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without Jinja2 the error says which extra brings it, and nothing is written."""
    templates.cache_clear()
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(im.MissingExtraError, match=r"icatmapping\[site\]"):
        im.write_site(small_ds, tmp_path / "site")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("colour", ["#1b5e75", "#ffee00", "#000000", "#ffffff", "#ff0000"])
def test_text_in_the_colour_of_a_site_can_be_read(colour: str) -> None:
    """Whatever the colour, links have the contrast that WCAG asks for, by day and by night."""
    style = palette(check_colour(colour))
    accents = [part.split(";")[0] for part in style.split("--accent:")[1:]]
    assert contrast(accents[0], "#ffffff") >= 4.5
    assert contrast(accents[1], "#14191d") >= 4.5


def test_stems_of_the_index_are_those_of_sqlite() -> None:
    """Words are stemmed as SQLite's full-text search stems them."""
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE t USING fts5(x, tokenize='porter unicode61')")
    for word, stem in stems({"trafficking", "exploitation", "policies", "agreed"}).items():
        connection.execute("INSERT INTO t VALUES (?)", (stem if stem == word else word,))
        assert connection.execute("SELECT count(*) FROM t WHERE t MATCH ?", (word,)).fetchone()[0] >= 1
    assert stems({"trafficking"}) == {"trafficking": "traffick"}


def test_data_can_stand_in_a_script() -> None:
    """Nothing in data ends the script around it, and it reads as it was."""
    value = [HOSTILE, "\u2028", {"a": None}]
    text = script(value)
    assert "<" not in text
    assert "\u2028" not in text
    assert json.loads(text) == value


def test_a_mapping_without_records_is_a_site_too(small: Raw, tmp_path: Path) -> None:
    """A package that has no records yet makes a site without a broken link."""
    kept = ("countries", "vocabulary", "datapackage")
    content: Raw = {name: records if name in kept else [] for name, records in small.items()}
    im.write_site(im.load(written(tmp_path / "package", content)), tmp_path / "site")
    assert Pages(tmp_path / "site").broken() == []


def test_the_page_of_kosovo_says_in_what_context(part: Site) -> None:
    """It speaks of no State, and names the resolution, as the brief does; other pages do not."""
    tables = list(gap_tables(part).values())
    text = {}
    for alpha3 in ("XKX", "PHL"):
        write_country(part, alpha3, [[row for row in table if row.row == alpha3] for table in tables])
        text[alpha3] = (part.folder / "countries" / f"{alpha3}.html").read_text(encoding="utf-8")
    assert "resolution 1244 (1999)" in text["XKX"]
    assert "State’s own bodies" not in text["XKX"]
    assert "1244" not in text["PHL"]
    assert "The State’s own bodies that take part" in text["PHL"]
    assert "work that includes the Philippines" in text["PHL"]
