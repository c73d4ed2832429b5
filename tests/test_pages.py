"""
Whose page an address is, and how it counts: by host and path, where one host holds the pages of many bodies.
"""

from __future__ import annotations

import pytest
from attrs import evolve

import icatmapping as im
from icatmapping.model.records import Host
from icatmapping.model.vocabulary import Evidence

NOBODY: frozenset[str] = frozenset()


@pytest.mark.parametrize(
    "host",
    [
        "gov.uk",
        "moj.go.jp",
        "rcmp-grc.gc.ca",
        "justice.gov.on.ca",
        "army.mil.br",
        "navy.mil",
        "interieur.gouv.fr",
        "www.gob.mx",
        "dol.gov",
        "police.go.th",
        "government.se",
        "who.int",
        "unodc.un.org",
        "bmi.gv.at",
        "gov.wales",
    ],
)
def test_a_government_is_known_by_the_ending_of_its_host(ds: im.Dataset, host: str) -> None:
    """On the second level under a country, or the third where only governments have the label."""
    assert ds.directory.grade(f"https://{host}/page", NOBODY) is Evidence.OFFICIAL


@pytest.mark.parametrize(
    "host",
    [
        "abcnews.go.com",
        "go.com",
        "gc.example.ca",
        "mil.example.br",
        "go.example.jp",
        "gov.example.com",
        "mil.co.uk",
        "navy.mil.example.org",
        "government.example.co.uk",
        "gov.com",
        "egov.org",
    ],
)
def test_what_only_looks_like_a_government_is_none(ds: im.Dataset, host: str) -> None:
    """A company's host may bear the same letters further in front."""
    assert ds.directory.grade(f"https://{host}/page", NOBODY) is Evidence.OTHER


def test_bodies_with_websites_on_one_host_own_their_own_pages_there() -> None:
    """Whoever has the host alone, or its root, owns all of it; of several, each what lies under its address."""
    package = im.load().to_package()
    first, second, third = package.organizations[:3]
    sites = {first.id: "many.example/en/first", second.id: "many.example/Second/", third.id: "one.example/about"}
    organizations = [
        evolve(record, website=f"https://www.{sites[record.id]}") if record.id in sites else record
        for record in package.organizations
    ]
    ds = im.Dataset.from_package(evolve(package, organizations=tuple(organizations)))

    def owners(address: str) -> set[str]:
        return {one for one in sites if ds.directory.grade(f"https://{address}", frozenset({one})) is Evidence.OWN}

    assert owners("many.example/first/page") == owners("many.example/fr/first") == {first.id}
    assert owners("many.example/second?x=1") == {second.id}
    assert owners("many.example/firsts") == owners("many.example") == set()
    assert owners("one.example/contact") == {third.id}


@pytest.fixture(scope="module")
def shared() -> im.Dataset:
    """Give a mapping in which one host holds the pages of several bodies."""
    package = im.load().to_package()
    rules = (
        Host("shared.example", "united-nations", "official"),
        Host("shared.example/counterterrorism", "cted", "official"),
        Host("shared.example/CounterTerrorism/archive", None, "mirror"),
        Host("shared.example/en/ilo/", "ilo", "official"),
    )
    return im.Dataset.from_package(evolve(package, hosts=(*package.hosts, *rules)))


@pytest.mark.parametrize(
    ("path", "owner", "grade"),
    [
        ("", "united-nations", "official"),
        ("/", "united-nations", "official"),
        ("/about", "united-nations", "official"),
        ("/counterterrorism", "cted", "official"),
        ("/counterterrorism/", "cted", "official"),
        ("/CounterTerrorism/page?x=1", "cted", "official"),
        ("/counterterrorism/archive/2019", None, "mirror"),
        ("/counterterrorism-strategy", "united-nations", "official"),
        ("/about/counterterrorism", "united-nations", "official"),
        ("/en/ilo#work", "ilo", "official"),
    ],
)
@pytest.mark.parametrize("host", ["shared.example", "www.shared.example", "sub.shared.example"])
def test_the_longest_rule_for_a_page_holds(
    shared: im.Dataset, host: str, path: str, owner: str | None, grade: str
) -> None:
    """Part by part of the path, whatever the case; subdomains are under the rules of their host."""
    address = f"https://{host}{path}"
    assert shared.directory.grade(address, NOBODY) == grade
    for body in ("united-nations", "cted", "ilo"):
        wanted = "own" if body == owner else grade
        assert shared.directory.grade(address, frozenset({body})) == wanted
