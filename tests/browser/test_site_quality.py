"""
What holds for every page of the explorer in a real browser: accessibility, small screens, safety, size, speed, numbers.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest

import icatmapping as im
from icatmapping.site.search_index import stems
from icatmapping.utils.text import fold, unify_spelling
from support.packages import Raw, written

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.browser

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
    "paths.html#country=NGA&topic=theme:child_protection&a=unodc&b=unicef",
    "gaps.html",
    "gaps/form--western-africa.html",
    "gaps/theme--caribbean.html",
    "compare.html#a=iom&b=ilo",
    "search.html?q=forced+labour",
    "terms.html",
    "about.html",
    "404.html",
)


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


def test_pages_can_be_read_without_scripts(browser: Any, base: str) -> None:
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


def test_stems_in_the_browser_are_those_of_the_index(page: Any, served: str, ds: im.Dataset) -> None:
    """Every word of every title and summary has the same stem in the browser as in the index."""
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
    countries = [str(row.value) for row in im.coverage(ds.initiatives, by="country")]
    for alpha3 in drawn.sample(countries, 30):
        _check_country(page, served, ds, alpha3)
    for entity in drawn.sample([one.id for one in ds.entities], 20):
        _check_member(page, served, ds, entity)


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
