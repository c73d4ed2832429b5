"""
The explorer of the bundled records in a real browser: from files and from a server, with scripts and without.

Needs Chromium and Playwright's Python package, and npm for axe-core; deselected unless asked for with ``-m browser``.
``CHROMIUM`` names the browser, by default ``/usr/bin/chromium``; ``AXE`` a copy of ``axe.min.js``; ``EXPLORER`` a site of
the bundled records that is there already.
"""

from __future__ import annotations

import csv
import functools
import http.server
import io
import json
import os
import random
import shutil
import subprocess
import tarfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import icatmapping as im
from support.packages import Raw, written

pytestmark = pytest.mark.browser
sync_api = pytest.importorskip("playwright.sync_api")

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
AXE_VERSION = "4.14.1"
KINDS_OF_PAGES = (
    "index.html",
    "countries.html",
    "countries/NGA.html",
    "members.html",
    "members/unodc.html",
    "organizations.html",
    "organizations/naptip.html",
    "initiatives.html#theme=child_protection&since=2020",
    "initiatives--2.html",
    "initiatives/50-for-freedom.html",
    "partnerships/alliance-8-7.html",
    "resources.html",
    "support.html#country=GHA&response=capacity_building",
    "paths.html#country=NGA&theme=child_protection&a=unodc&b=unicef",
    "gaps.html",
    "gaps/form--western-africa.html",
    "gaps/theme--caribbean.html",
    "compare.html#a=iom&b=ilo",
    "search.html?q=forced+labour",
    "terms.html",
    "about.html",
    "404.html",
)


@pytest.fixture(scope="session")
def explorer(ds: im.Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the site of the bundled records."""
    if "EXPLORER" in os.environ:
        return Path(os.environ["EXPLORER"])
    path = tmp_path_factory.mktemp("explorer") / "site"
    im.write_site(ds, path)
    return path


@pytest.fixture(scope="session")
def served(explorer: Path) -> Iterator[str]:
    """Return the address of a server that serves the site."""
    handler = functools.partial(_Quiet, directory=str(explorer))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing of what is asked."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Return a browser."""
    with sync_api.sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=FLAGS)
        yield found
        found.close()


@pytest.fixture(params=["file", "http"])
def base(request: pytest.FixtureRequest, explorer: Path, served: str) -> str:
    """Return where the site is: in a folder, and on a server."""
    return explorer.as_uri() if request.param == "file" else served


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """Return a page that must raise no error, say nothing in its console and ask nobody else for anything."""
    found = browser.new_page(viewport={"width": 1280, "height": 900})
    complaints: list[str] = []
    found.on("pageerror", lambda error: complaints.append(str(error)))
    found.on("console", lambda message: complaints.append(message.text))
    found.on("request", lambda asked: complaints.append(asked.url) if _is_foreign(asked.url) else None)
    yield found
    found.close()
    assert complaints == []


def _is_foreign(address: str) -> bool:
    return not address.startswith(("file:", "http://127.0.0.1:", "blob:", "data:"))


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the script of axe-core."""
    if "AXE" in os.environ:
        return Path(os.environ["AXE"]).read_text("utf-8")
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("needs npm, or AXE")
    folder = tmp_path_factory.mktemp("axe")
    subprocess.run([npm, "pack", f"axe-core@{AXE_VERSION}"], cwd=folder, check=True, capture_output=True)
    with tarfile.open(next(folder.glob("*.tgz"))) as archive:
        member = archive.extractfile("package/axe.min.js")
        assert member is not None
        return member.read().decode("utf-8")


def ids(page: Any, folder: str = "initiatives") -> list[str]:
    """Return the ids of the records that the list of a page shows."""
    links = page.eval_on_selector_all("#rows > li > a", "found => found.map(one => one.getAttribute('href'))")
    return [link.removeprefix(f"{folder}/").removesuffix(".html") for link in links]


def count(page: Any) -> int:
    """Return how many records a page says there are."""
    return int(page.inner_text("#count").split()[0].replace(",", ""))


def saved(page: Any, button: str) -> str:
    """Return the text of the file that a button saves."""
    with page.expect_download() as download:
        page.get_by_role("button", name=button).click()
    return Path(download.value.path()).read_text("utf-8")


# --- lists -----------------------------------------------------------------------------------------------------------


def test_facets_select_what_where_gives(page: Any, base: str, ds: im.Dataset) -> None:
    """Boxes that are checked and years that are typed select what where does, and each box says how many there are."""
    page.goto(f"{base}/initiatives.html")
    page.wait_for_selector("#facet-theme input[type=checkbox]")
    assert count(page) == len(ds.initiatives)
    box = page.locator("#facet-theme label", has_text="Child protection")
    assert box.inner_text().split("\n")[-1] == str(len(ds.initiatives.where(theme="child_protection")))
    box.click()
    page.fill("#since", "2020")
    page.press("#since", "Tab")
    found = ds.initiatives.where(theme="child_protection", since=2020)
    page.wait_for_function(f"document.getElementById('count').textContent.startsWith('{len(found)} ')")
    assert f"and {len(found.possible)} more that may be" in page.inner_text("#count")
    assert "theme=child_protection" in page.url
    assert "since=2020" in page.url
    assert set(ids(page)) <= {record.id for record in found}


def test_random_views_hold_what_the_library_gives(page: Any, served: str, ds: im.Dataset) -> None:
    """Views drawn at random, opened by their address, hold as many records as where gives."""
    drawn = random.Random(2026)
    for name in ("initiatives", "partnerships", "resources"):
        records = ds.collection(name)
        dimensions = [one for one in im.dimensions.dimensions_of(name) if one != "year"]
        for _ in range(12):
            one = drawn.choice(list(records))
            asked: dict[str, Any] = {}
            for dimension in drawn.sample(dimensions, 2):
                values = im.dimensions.DIMENSIONS[dimension].values(one, ds.directory)
                if values:
                    asked[dimension] = str(drawn.choice(values))
            if drawn.random() < 0.5:
                asked["since"] = drawn.randint(2005, 2024)
            page.goto("about:blank")
            page.goto(f"{served}/{name}.html#" + "&".join(f"{key}={value}" for key, value in asked.items()))
            found = records.where(**asked)
            page.wait_for_selector("#explore.on")
            assert count(page) == len(found), asked
            newest = [record.id for record in found.sort("last_active", descending=True)]
            assert ids(page, name) == newest[:50], asked


def test_a_link_to_a_view_opens_it_anew(page: Any, base: str, ds: im.Dataset, browser: Any) -> None:
    """The address of a view, opened in another window, shows the same view."""
    page.goto(f"{base}/initiatives.html#country=NGA&sort=label")
    page.wait_for_selector("#chosen button")
    shown, address = ids(page), page.url
    other = browser.new_page()
    other.goto(address)
    other.wait_for_selector("#chosen button")
    assert ids(other) == shown
    assert count(other) == len(ds.initiatives.where(country="NGA"))
    other.close()


def test_lists_are_sorted_as_asked(page: Any, base: str, ds: im.Dataset) -> None:
    """A list can be put in order by age and by name."""
    page.goto(f"{base}/initiatives.html#country=GHA")
    page.wait_for_selector("#explore.on")
    found = ds.initiatives.where(country="GHA")
    assert ids(page) == [record.id for record in found.sort("last_active", descending=True)][:50]
    page.select_option("#sort", "first_active")
    page.wait_for_function("location.hash.includes('sort=first_active')")
    assert ids(page) == [record.id for record in found.sort("first_active")][:50]


def test_back_and_forward_lead_through_views(page: Any, base: str) -> None:
    """The buttons of the browser lead back to the view before and forward again."""
    page.goto(f"{base}/initiatives.html")
    page.wait_for_selector("#facet-theme input")
    whole = count(page)
    page.locator("#facet-theme label", has_text="Child protection").click()
    page.wait_for_selector("#chosen button")
    part = count(page)
    assert part < whole
    page.go_back()
    page.wait_for_function("document.querySelectorAll('#chosen button').length === 0")
    assert count(page) == whole
    page.go_forward()
    page.wait_for_selector("#chosen button")
    assert count(page) == part


def test_files_of_a_view_are_the_answer_of_the_library(page: Any, base: str, ds: im.Dataset) -> None:
    """CSV and JSON of a view hold the records that where gives, whole and in the order shown."""
    page.goto(f"{base}/initiatives.html#country=NGA&since=2018")
    page.wait_for_selector("#explore.on")
    found = ds.initiatives.where(country="NGA", since=2018).sort("last_active", descending=True)
    assert json.loads(saved(page, "JSON of this view")) == found.to_dict()
    rows = list(csv.DictReader(io.StringIO(saved(page, "CSV of this view"))))
    assert [row["id"] for row in rows] == [record.id for record in found]
    assert [row["title"].removeprefix("'") for row in rows] == [record.title.removeprefix("'") for record in found]
    assert [row["partners"] for row in rows] == ["; ".join(record.partners) for record in found]


# --- questions -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "need"),
    [
        ("country=GHA&response=capacity_building", {"country": "GHA", "response": "capacity_building"}),
        (
            "country=NGA&theme=child_protection&since=2018",
            {"country": "NGA", "theme": "child_protection", "since": 2018},
        ),
        ("country=FJI", {"country": "FJI"}),
        ("form=forced_marriage", {"form": "forced_marriage"}),
    ],
)
def test_support_is_that_of_the_library(page: Any, base: str, ds: im.Dataset, asked: str, need: dict[str, Any]) -> None:
    """Who could help, in which order and with which score, is the answer of the library, with its reasons."""
    page.goto(f"{base}/support.html#{asked}")
    page.wait_for_selector("#rows li[data-member]")
    support = im.find_support(ds, **need, k=len(ds.entities))
    told = json.loads(saved(page, "JSON of this answer"))
    assert [row["id"] for row in told] == [row.entity for row in support]
    assert [row["score"] for row in told] == pytest.approx([row.score for row in support])
    for row, expected in zip(told, support, strict=True):
        for part in ("there", "nearby", "elsewhere"):
            assert row[part] == [record.id for record in getattr(expected, part)]
        assert row["resources"] == len(expected.resources)
    shown = page.eval_on_selector_all("#rows li[data-member] .score", "found => found.map(one => one.textContent)")
    assert shown == [f"{row.score:.2f}" for row in support]


def test_a_path_between_two_members_shows_its_evidence(page: Any, base: str, ds: im.Dataset) -> None:
    """The ways between two members are the library's, each step with the records that it rests on."""
    page.goto(f"{base}/paths.html#country=NGA&theme=child_protection&a=unicef&b=unodc")
    page.wait_for_selector("#rows .way")
    found = im.collaboration_paths(ds, "UNICEF", "UNODC", country="NGA", theme="child_protection")
    ways = page.eval_on_selector_all(
        "#rows .way", "all => all.map(one => [...one.querySelectorAll('a')].map(a => a.textContent))"
    )
    assert ways == [list(path.names) for path in found]
    steps = page.eval_on_selector_all(
        "#rows > li",
        "all => all.map(way => [...way.querySelectorAll('.step')].map(step => [...step.querySelectorAll('a')].map(a => a.textContent)))",
    )
    for way, path in zip(steps, found, strict=True):
        assert way == [[record.label for record in step.evidence] for step in path.steps]


@pytest.mark.parametrize("on", ["theme", "country"])
def test_two_members_are_compared_as_by_the_library(page: Any, base: str, ds: im.Dataset, on: str) -> None:
    """What two members do, both and each, is the comparison of the library."""
    page.goto(f"{base}/compare.html#a=iom&b=ilo&on={on}")
    page.wait_for_selector("#answer table")
    rows = page.eval_on_selector_all(
        "#answer tbody tr", "all => all.map(row => [...row.children].map(cell => cell.textContent))"
    )
    found = im.compare(ds, "IOM", "ILO", on=on)
    told = {row[0]: [int(row[1]), int(row[2]), int(row[3])] for row in rows}
    assert told == {row.label: [row.count_a, row.count_b, row.together] for row in found}
    years = {row[0]: row[4:6] for row in rows}
    for row in found:
        last = [
            str(year or "undated") if number else "–"
            for year, number in ((row.last_a, row.count_a), (row.last_b, row.count_b))
        ]
        assert years[row.label] == last
    assert (
        f"IOM: {found.n_a} initiatives. ILO: {found.n_b} initiatives. {len(found.together)} records"
        in page.inner_text("#count")
    )


# --- search ----------------------------------------------------------------------------------------------------------


def test_the_search_finds_what_the_library_finds(page: Any, base: str, ds: im.Dataset) -> None:
    """What the library finds first is among the first results, in either spelling, by stems and by other names."""
    page.goto(f"{base}/search.html?q=50 for freedom")
    page.wait_for_selector("#rows li a")
    assert page.inner_text("#rows li:first-child a") == "50 for Freedom"
    for text in ("child labor", "Child Labour", "prosecuting traffickers", "Ivory Coast", "nigerian"):
        page.fill("#q", text)
        page.wait_for_function("document.getElementById('count').textContent.includes('result')")
        assert count(page) > 0, text
    page.fill("#q", "alliance 8.7")
    shown = page.eval_on_selector_all("#rows li a", "found => found.slice(0, 10).map(one => one.textContent)")
    assert ds.search("alliance 8.7")[0].record.label in shown


def test_the_first_result_is_there_in_a_tenth_of_a_second(page: Any, served: str) -> None:
    """From a key pressed to the results shown it takes less than 100 ms."""
    page.goto(f"{served}/search.html")
    page.wait_for_function("document.documentElement.dataset.ready === 'yes'")
    took = page.evaluate(
        """() => ["forced", "forced labour", "children in armed conflict", "trai", "fishing"].map((text) => {
            const field = document.getElementById("q"), start = performance.now();
            field.value = text;
            field.dispatchEvent(new Event("input"));
            return [performance.now() - start, document.querySelectorAll("#rows li").length];
        })"""
    )
    assert min(number for _, number in took) > 0
    assert sorted(duration for duration, _ in took)[2] < 100


# --- quality ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", KINDS_OF_PAGES)
def test_no_kind_of_page_breaks_a_rule_of_accessibility(
    browser: Any, served: str, axe: str, name: str, scheme: str
) -> None:
    """axe-core finds nothing on any kind of page, wide or narrow, light or dark."""
    for width in (1280, 320):
        context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
        found = context.new_page()
        found.goto(f"{served}/{name}")
        found.wait_for_timeout(400)
        found.evaluate(axe)
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
        result = found.evaluate("tags => axe.run(document, { runOnly: tags })", tags)
        told = [(one["id"], [node["html"][:120] for node in one["nodes"][:3]]) for one in result["violations"]]
        assert told == [], (width, told)
        assert found.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
        context.close()


@pytest.mark.parametrize("name", KINDS_OF_PAGES)
def test_no_page_is_wider_than_a_small_screen_in_either_direction(page: Any, served: str, name: str) -> None:
    """At 320 px, also from right to left and at twice the size of text, no page has to be moved sideways."""
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{served}/{name}")
    page.wait_for_timeout(300)
    for change in (
        "",
        "document.documentElement.dir = 'rtl'",
        "document.documentElement.style.setProperty('font-size', '200%')",
    ):
        page.evaluate(change or "0")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), change


def test_everything_can_be_reached_and_done_by_keyboard(page: Any, served: str) -> None:
    """The first key leads past the menu, and a box is checked and a country chosen without a mouse."""
    page.goto(f"{served}/initiatives.html")
    page.wait_for_selector("#facet-theme input[type=checkbox]")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    for _ in range(6):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type") == "checkbox":
            break
    page.keyboard.press("Space")
    page.wait_for_selector("#chosen button")
    assert page.evaluate("document.activeElement.type") == "checkbox"


def test_pages_can_be_read_without_scripts(browser: Any, base: str, ds: im.Dataset) -> None:
    """Without scripts, records, lists, countries, heat maps and the map are there, and questions say what they need."""
    context = browser.new_context(java_script_enabled=False)
    found = context.new_page()
    found.goto(f"{base}/index.html")
    assert found.locator("svg path").count() > 150
    found.click("text=Initiatives >> nth=0")
    assert found.locator("#rows li").count() == 50
    found.click("text=Next")
    assert "page 2" in found.inner_text("h1")
    found.goto(f"{base}/countries/NGA.html")
    assert found.locator("#turn-to").is_visible()
    found.goto(f"{base}/support.html")
    assert "scripts have to be on" in found.inner_text("main")
    context.close()


def test_a_brief_prints_on_two_pages(page: Any, served: str) -> None:
    """The brief of the country with the most records is printed on two pages of A4."""
    page.goto(f"{served}/countries/NGA.html")
    printed = page.pdf(format="A4")
    assert printed.count(b"/Type /Page\n") + printed.count(b"/Type/Page/") in (1, 2)


def test_the_first_paint_comes_within_a_second_on_a_slow_connection(browser: Any, served: str) -> None:
    """On a slow 4G connection the first content of home and of a list is painted within a second."""
    for name in ("index.html", "initiatives.html", "countries/NGA.html"):
        found = browser.new_page()
        client = found.context.new_cdp_session(found)
        client.send("Network.enable")
        slow = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 90_000}
        client.send("Network.emulateNetworkConditions", slow)
        found.goto(f"{served}/{name}", wait_until="domcontentloaded")
        found.wait_for_function("performance.getEntriesByName('first-contentful-paint').length")
        painted = found.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
        assert painted < 1000 * float(os.environ.get("SLOWNESS", "1")), (name, painted)
        found.close()


def test_sizes_keep_their_limits(explorer: Path) -> None:
    """Pages, scripts and styles, and the whole site are as small as they have to be."""
    pages = {path: path.stat().st_size for path in explorer.rglob("*.html")}
    assert max(pages.values()) < 100_000
    assets = [path.stat().st_size for path in (explorer / "assets").rglob("*") if path.suffix in (".js", ".css")]
    assert sum(assets) < 150_000
    assert sum(path.stat().st_size for path in explorer.rglob("*") if path.is_file()) < 80_000_000


def test_hostile_strings_run_nowhere(browser: Any, small: Raw, tmp_path: Path) -> None:
    """Whatever the records of an own package say, no page runs it, with or without the policy of the page."""
    attack = '<img src=x onerror="window.attacked=1"><script>window.attacked=1</script>\';window.attacked=1;//{{7*7}}'
    for name in ("entities", "organizations", "initiatives", "partnerships", "resources"):
        for number, record in enumerate(small[name]):
            for field in ("title", "name", "summary", "mandate", "acronym"):
                if record.get(field):
                    record[field] = f"{attack} {name} {number}"
            for field in ("url", "website", "trafficking_url"):
                if record.get(field):
                    record[field] = 'https://example.org/?"onmouseover="window.attacked=1'
    ds = im.load(written(tmp_path / "package", small))
    im.write_site(ds, tmp_path / "site", title=attack, footer=attack)
    member = ds.entities[0].id
    names = [
        str(path.relative_to(tmp_path / "site"))
        for path in (tmp_path / "site").rglob("*.html")
        if "countries/" not in str(path)
    ]
    names += [
        "search.html?q=attacked",
        "initiatives.html#sort=label",
        f"compare.html#a={member}&b={ds.entities[-1].id}",
        "support.html#since=2000",
    ]
    names += [
        "search.html?q=%3Cimg%20src%3Dx%20onerror%3Dwindow.attacked%3D1%3E",
        "initiatives.html#theme=%3Cimg%20src%3Dx%20onerror%3Dwindow.attacked%3D1%3E",
    ]
    context = browser.new_context(bypass_csp=True)
    found = context.new_page()
    for name in names:
        found.goto((tmp_path / "site").as_uri() + "/" + name)
        if "?" in name or "#" in name:
            found.wait_for_timeout(500)
        assert found.evaluate("window.attacked") is None, name
        assert found.locator("img").count() == 0, name
    context.close()


def test_stems_in_the_browser_are_those_of_the_index(page: Any, explorer: Path, served: str, ds: im.Dataset) -> None:
    """Every word of every title and summary has the same stem in the browser as in the index."""
    from icatmapping.site.search_index import stems
    from icatmapping.utils.text import fold, unify_spelling

    texts = [f"{record.title} {record.summary}" for record in ds.initiatives] + [one.name for one in ds.organizations]
    expected = stems({word for text in texts for word in unify_spelling(fold(text)).split()})
    page.goto(f"{served}/search.html")
    page.wait_for_function("document.documentElement.dataset.ready === 'yes'")
    words = sorted(expected)
    assert page.evaluate("words => words.map(ICATwords.stem)", words) == [expected[word] for word in words]
    spelled = page.evaluate("texts => texts.map(ICATwords.spell)", texts)
    assert spelled == [unify_spelling(fold(text)) for text in texts]


def test_numbers_on_fifty_pages_are_those_of_the_library(page: Any, served: str, ds: im.Dataset) -> None:
    """On 50 pages drawn from a fixed seed, the numbers shown are those that the library gives now."""
    drawn = random.Random(18)
    numbers: list[Callable[[], None]] = []
    countries = [str(row.value) for row in im.coverage(ds.initiatives, by="country")]
    for alpha3 in drawn.sample(countries, 30):
        numbers.append(functools.partial(_check_country, page, served, ds, alpha3))
    for entity in drawn.sample([one.id for one in ds.entities], 20):
        numbers.append(functools.partial(_check_member, page, served, ds, entity))
    for check in numbers:
        check()
    assert len(numbers) == 50


def _check_country(page: Any, served: str, ds: im.Dataset, alpha3: str) -> None:
    page.goto(f"{served}/countries/{alpha3}.html")
    brief = im.country_brief(ds, alpha3)
    text = " ".join(page.inner_text("main").split())
    for title, records in (("Partnerships", brief.partnerships), ("Publications", brief.resources)):
        assert (f"{title} ({len(records)})" in text) == bool(len(records)), (alpha3, title)
    assert f"(active in {int(ds.as_of[:4]) - 2} or later) ({len(brief.current)})" in text or not brief.current
    shown = page.eval_on_selector_all(".helpers .score", "found => found.map(one => one.textContent)")
    assert shown == [f"{row.score:.2f}" for row in brief.support[:10]], alpha3
    cells = page.eval_on_selector_all(
        "[aria-labelledby=gaps] tbody tr td:nth-child(3)", "found => found.map(one => one.textContent)"
    )
    assert cells == [f"{gap.expected:.1f}" for gap in brief.gaps[:12]], alpha3


def _check_member(page: Any, served: str, ds: im.Dataset, entity: str) -> None:
    page.goto(f"{served}/members/{entity}.html")
    found = im.portfolio(ds, entity, on="theme")
    cells = page.eval_on_selector_all(
        "[aria-labelledby=portfolio] tbody tr",
        "found => found.map(row => [...row.children].slice(0, 3).map(one => one.textContent))",
    )
    assert cells == [[row.label, str(row.count), str(row.all_members)] for row in found], entity
    places = im.portfolio(ds, entity, on="country")
    badges = page.eval_on_selector_all("[aria-labelledby=places] .badge", "found => found.map(one => one.textContent)")
    assert badges == [str(row.count) for row in places], entity


def test_a_site_is_written_in_a_minute(ds: im.Dataset, tmp_path: Path) -> None:
    """The whole site is written in less than a minute, as far as this computer is free."""
    start = time.perf_counter()
    im.write_site(ds, tmp_path / "site")
    assert time.perf_counter() - start < 60 * float(os.environ.get("SLOWNESS", "1"))
