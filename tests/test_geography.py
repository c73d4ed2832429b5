"""Countries: the codes against pycountry, the sub-regions against country_converter, and the names that people type."""

from __future__ import annotations

import json
import os
import pickle
import re
import string
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import pycountry
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import icatmapping
from icatmapping.errors import AmbiguousNameError, UnknownNameError
from icatmapping.model import geography
from icatmapping.model.geography import Country, by_alpha3, countries, country, region_of, subregion_of
from support.country_names import converter_rows, published_names, typed_names, without_marks

if TYPE_CHECKING:
    from collections.abc import Callable

KOSOVO = "XKX"
DATA = Path(icatmapping.__file__).parent / "data" / "countries.json"

any_country = st.sampled_from(countries())
any_name = any_country.flatmap(lambda each: st.tuples(st.just(each), st.sampled_from((each.name, *each.aliases))))
any_text = st.text(st.characters(exclude_categories=()))


def test_codes_are_those_of_iso() -> None:
    """All of ISO 3166-1 is there, with its codes and nothing else; Kosovo comes on top."""
    ours = {(each.alpha3, each.alpha2, each.m49) for each in countries()}

    assert ours == {(iso.alpha_3, iso.alpha_2, iso.numeric) for iso in pycountry.countries} | {(KOSOVO, "XK", None)}


def test_subregions_are_those_of_m49() -> None:
    """Sub-regions agree with country_converter but for Antarctica and Nauru, where it departs from M49."""
    expected: dict[str, str | None] = {alpha3: row["UNregion"] for alpha3, row in converter_rows().items()}
    expected |= {"ATA": None, "NRU": "Micronesia"}

    assert {each.alpha3: each.subregion for each in countries()} == expected


def test_regions_group_subregions() -> None:
    """A region is a group of M49 sub-regions; five countries of Western Asia are in Europe."""
    groups = {
        "africa": {"Northern Africa", "Western Africa", "Middle Africa", "Eastern Africa", "Southern Africa"},
        "europe": {"Northern Europe", "Western Europe", "Eastern Europe", "Southern Europe"},
        "middle_east": {"Western Asia"},
        "central_asia": {"Central Asia"},
        "asia_pacific": {
            *("Eastern Asia", "South-eastern Asia", "Southern Asia"),
            *("Australia and New Zealand", "Melanesia", "Micronesia", "Polynesia"),
        },
        "latin_america_caribbean": {"Caribbean", "Central America", "South America"},
        "north_america": {"Northern America"},
    }
    group_of = {subregion: region for region, members in groups.items() for subregion in members}
    group_of_country: dict[str, str] = dict.fromkeys(("ARM", "AZE", "CYP", "GEO", "TUR"), "europe")

    for each in countries():
        expected = group_of_country.get(each.alpha3) or group_of.get(each.subregion or "")
        assert each.region == expected, each


def test_region_and_subregion_of_a_code() -> None:
    """The two short cuts take exact alpha-3 codes."""
    assert {alpha3: (region_of(alpha3), subregion_of(alpha3)) for alpha3 in ("NGA", "MEX", "ATA")} == {
        "NGA": ("africa", "Western Africa"),
        "MEX": ("latin_america_caribbean", "Central America"),
        "ATA": (None, None),
    }


@pytest.mark.parametrize("of", [region_of, subregion_of])
def test_region_of_a_code_that_no_country_has(of: Callable[[str], object]) -> None:
    """A short cut does not resolve names."""
    with pytest.raises(UnknownNameError):
        of("Nigeria")


def test_data_file_is_in_its_form() -> None:
    """The file is what the formatter would write: sorted, indented, keys in order, one newline at the end."""
    text = DATA.read_text(encoding="utf-8")
    records = json.loads(text)

    assert text == json.dumps(records, ensure_ascii=False, indent=2) + "\n"
    assert [record["alpha3"] for record in records] == sorted(record["alpha3"] for record in records)
    assert {tuple(record) for record in records} == {tuple(field.name for field in attrs.fields(Country))}


def test_countries_by_alpha3() -> None:
    """The mapping has every country in the order of codes, and cannot be changed."""
    assert list(by_alpha3().items()) == [(each.alpha3, each) for each in countries()]
    with pytest.raises(TypeError):
        by_alpha3()["NGA"] = by_alpha3()["NER"]  # type: ignore[index]


@pytest.mark.parametrize(("name", "alpha3"), list(typed_names()))
def test_what_people_type(name: str, alpha3: str) -> None:
    """Names in use, inverted, abbreviated, former, foreign, mean the country that people mean."""
    assert country(name).alpha3 == alpha3


def test_what_other_lists_publish() -> None:
    """Every short, official and common name of pycountry and country_converter means the country that has it there."""
    missed = {}
    for name, alpha3 in published_names():
        try:
            found = country(name).alpha3
        except UnknownNameError as error:
            found = str(error)
        if found != alpha3:
            missed[name, alpha3] = found

    assert missed == {}


def test_codes_resolve() -> None:
    """Alpha-2, alpha-3 and M49, as numbers and as text, with zeros in front or without."""
    for iso in pycountry.countries:
        number = int(iso.numeric)
        for code in (
            iso.alpha_2,
            iso.alpha_2.lower(),
            iso.alpha_3,
            iso.alpha_3.lower(),
            iso.numeric,
            str(number),
            number,
        ):
            assert country(code).alpha3 == iso.alpha_3, code


def test_words_that_are_codes_are_codes() -> None:
    """A two-letter word is an alpha-2 code first."""
    assert [country(word).name for word in ("is", "in", "at", "no", "it")] == [
        *("Iceland", "India", "Austria", "Norway", "Italy")
    ]


def test_a_country_is_itself() -> None:
    """A country that was found already is returned as it is."""
    nigeria = country("Nigeria")

    assert country(nigeria) is nigeria


def test_a_country_shows_its_name() -> None:
    """As text a country is its name; its repr does not list every alias."""
    assert f"{country('NGA')}" == "Nigeria"
    assert "aliases" not in repr(country("NGA"))


def test_a_country_is_a_frozen_value() -> None:
    """Countries cannot be changed, are hashable, and survive pickling."""
    nigeria = country("Nigeria")

    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        nigeria.name = "Naija"  # type: ignore[misc]
    assert not hasattr(nigeria, "__dict__")
    assert {pickle.loads(pickle.dumps(nigeria))} == {nigeria}


@pytest.mark.parametrize(
    ("name", "candidates"),
    [
        ("Congo", ("Democratic Republic of the Congo", "Republic of the Congo")),
        ("the Congo", ("Democratic Republic of the Congo", "Republic of the Congo")),
        ("Korea", ("North Korea", "South Korea")),
        ("Corée", ("North Korea", "South Korea")),
        ("Virgin Islands", ("British Virgin Islands", "United States Virgin Islands")),
        ("Virgin Is.", ("British Virgin Islands", "United States Virgin Islands")),
        ("Guiana", ("French Guiana", "Guyana")),
        ("Channel Islands", ("Guernsey", "Jersey")),
    ],
)
def test_a_name_of_several_countries(name: str, candidates: tuple[str, ...]) -> None:
    """A name that several countries have is never given to one; each candidate, typed in turn, is not ambiguous."""
    with pytest.raises(AmbiguousNameError) as caught:
        country(name)

    assert caught.value.candidates == candidates
    assert tuple(country(candidate).name for candidate in candidates) == candidates


def test_a_code_beside_an_ambiguous_name_decides() -> None:
    """What confirms one of the candidates makes a name unambiguous."""
    assert [
        country(text).alpha3
        for text in ("Congo (COG)", "COD - Congo", "KR: Korea", "Korea [PRK]", "Iran (Islamic Republic of) (IRN)")
    ] == [*("COG", "COD", "KOR", "PRK", "IRN")]


@pytest.mark.parametrize(
    "name",
    [
        "Yugoslavia",
        "Czechoslovakia",
        "Soviet Union",
        "USSR",
        "Netherlands Antilles",
        "ANT",
        "East Germany",
        "Serbia and Montenegro",
        "Africa",
        "Southern Africa",
        "Europe",
        "Islands",
        "Republic",
        "the",
        "Niger ia",
        "Nigeria, Niger",
        "Nigeria and Niger",
        "Georgia (USA)",
        "Jersey, NJ",
        "Guinea Bissau Guinea",
        "Northern Cyprus",
        "unknown",
        "None",
        "nan",
        "1000",
        "999",
        "0",
        "-4",
        "4.5",
        "",
        "  ",
        "?",
        "\0",
        "\ud800",
    ],
)
def test_what_is_no_country(name: str) -> None:
    """States that are gone, regions, several countries at once and nonsense are unknown, never guessed."""
    with pytest.raises(UnknownNameError) as caught:
        country(name)

    assert not isinstance(caught.value, AmbiguousNameError)
    assert caught.value.kind == "country"


@pytest.mark.parametrize(
    ("misspelt", "meant"),
    [
        ("Nigerai", "Nigeria"),
        ("Gemany", "Germany"),
        ("Deutchland", "Germany"),
        ("Ivry Coast", "Côte d'Ivoire"),
        ("Untied States", "United States"),
        ("Swazland", "Eswatini"),
        ("Phillipines", "Philippines"),
        ("Kazhakstan", "Kazakhstan"),
        ("Türkye", "Türkiye"),
        ("South Korae", "South Korea"),
        ("Columbia", "Colombia"),
    ],
)
def test_a_misspelt_name_is_not_guessed_but_hinted_at(misspelt: str, meant: str) -> None:
    """A misspelling is unknown; the first suggestion is the name of the country that was meant."""
    with pytest.raises(UnknownNameError) as caught:
        country(misspelt)

    assert caught.value.suggestions[0] == meant
    assert len(caught.value.suggestions) <= 3


@pytest.mark.parametrize("value", [None, True, 4.5, b"NG", ["NG"], float("nan"), float("inf"), object()])
def test_what_is_neither_text_nor_number(value: object) -> None:
    """Other types are a mistake of the program, not an unknown name."""
    with pytest.raises(TypeError, match=type(value).__name__):
        country(value)  # type: ignore[arg-type]


@pytest.mark.parametrize("number", [-1, 0, 999, 1000, 10**30, -(10**30), 10**10_000], ids=int.bit_length)
def test_a_number_that_no_country_has(number: int) -> None:
    """A number outside M49 is unknown, and the error can be shown however long the number is."""
    with pytest.raises(UnknownNameError) as caught:
        country(number)

    assert len(str(caught.value)) < 200
    assert caught.value.suggestions == ()


def test_numbers_of_numpy_are_numbers() -> None:
    """A number out of a data frame is as good as one of Python's own."""
    numpy = pytest.importorskip("numpy")

    assert country(numpy.int64(566)).alpha3 == "NGA"


@pytest.mark.parametrize(
    "text",
    ["x" * 10_000_000, "(" * 10_000_000, " " * 10_000_000, "Nigeria," * 1_000_000],
    ids=["word", "brackets", "spaces", "list"],
)
def test_a_very_long_text_is_soon_refused(text: str) -> None:
    """Text that is far longer than any name is not looked at."""
    with pytest.raises(UnknownNameError) as caught:
        country(text)

    assert caught.value.suggestions == ()


@given(any_text)
@example("\0")
@example("\ud800\udc00")
@example("Niger\0ia")
@example("ﷺ" * 200)
@example("e" + "\u0301" * 150)
@example("a, b, (c) [d] / e - f")
def test_any_text_is_safe(text: str) -> None:
    """Any text means one country or none; nothing else comes out, and the error can be shown."""
    names = {each.name for each in countries()}
    try:
        answers = {country(text).name}
    except UnknownNameError as error:
        answers = {*error.suggestions} if str(error) else {"an error that says nothing"}

    assert answers <= names


@given(any_name, st.data())
def test_letter_case_and_spaces_make_no_difference(named: tuple[Country, str], data: st.DataObject) -> None:
    """A name or alias in any mixture of cases, with spaces around it, means its country."""
    each, name = named
    mixed = "".join(data.draw(st.sampled_from((letter, letter.upper(), letter.lower()))) for letter in name)

    assert country(f" \t{mixed}\n") == each


@given(any_name.filter(lambda named: all(letter in string.printable for letter in without_marks(named[1]))))
def test_diacritics_make_no_difference(named: tuple[Country, str]) -> None:
    """A name or alias in Latin letters means its country without its diacritics as well."""
    each, name = named

    assert country(without_marks(name)) == each


@given(
    any_name.filter(lambda named: len(named[1]) > 3),
    st.sampled_from(("the {}", "The {}", "{} (the)", "{}, the", "{}*", "“{}”")),
)
def test_articles_and_marks_make_no_difference(named: tuple[Country, str], form: str) -> None:
    """An article before or after a name, quotation marks and footnote marks do not matter."""
    each, name = named

    assert country(form.format(name)) == each


def test_every_name_means_its_own_country() -> None:
    """All names and aliases, as they are written, resolve to the country that lists them."""
    assert [
        (each.alpha3, name) for each in countries() for name in (each.name, *each.aliases) if country(name) != each
    ] == []


def test_no_name_is_shared() -> None:
    """No two countries have names with the same letters and digits, whatever stands between them."""
    owners: dict[str, set[str]] = {}
    for each in countries():
        for name in (each.name, *each.aliases):
            owners.setdefault("".join(words(name)), set()).add(each.alpha3)

    assert {name: codes for name, codes in owners.items() if len(codes) > 1} == {}


def words(name: str) -> list[str]:
    """Split a name into its words, in lower case and without diacritics."""
    return re.findall(r"\w+", without_marks(name.casefold()))


def test_no_name_is_the_code_of_another_country() -> None:
    """Codes come first, so that a name that is another country's code would never be found."""
    codes = {code.casefold(): each for each in countries() for code in (each.alpha2, each.alpha3)}

    for each in countries():
        for name in (each.name, *each.aliases):
            assert codes.get(name.casefold(), each) is each
            assert codes.get("".join(words(name)), each) is each


def test_no_alias_is_needless() -> None:
    """No alias differs from another of its country in letter case, diacritics or punctuation only."""
    for each in countries():
        names = [" ".join(words(name)) for name in (each.name, *each.aliases)]
        assert len(set(names)) == len(names), each


@given(any_country, any_country.filter(lambda each: each.m49 is not None))
def test_two_countries_are_never_one(one: Country, other: Country) -> None:
    """A name and a code side by side mean a country only if they mean the same one."""
    text = f"{one.name} ({other.m49})"

    if one is other:
        assert country(text) is one
    else:
        with pytest.raises(UnknownNameError):
            country(text)


def test_many_threads_ask_at_once() -> None:
    """Threads that ask first at the same time all get the same objects."""
    code = (
        "from concurrent.futures import ThreadPoolExecutor\n"
        "from threading import Barrier\n"
        "from icatmapping.model.geography import country\n"
        "barrier = Barrier(16)\n"
        "def ask(_):\n"
        "    barrier.wait()\n"
        "    return id(country('the ivory coast!'))\n"
        "with ThreadPoolExecutor(16) as pool:\n"
        "    print(len(set(pool.map(ask, range(16)))))\n"
    )

    assert run(code) == "1"


def test_import_reads_no_data() -> None:
    """Importing the module opens no file of data; the first question does."""
    code = (
        "import sys\n"
        "opened = []\n"
        "sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == 'open' else None)\n"
        "from icatmapping import geography\n"
        "before = any('countries.json' in name for name in opened)\n"
        "geography.country('Nigeria')\n"
        "print(before, any('countries.json' in name for name in opened))\n"
    )

    assert run(code) == "False True"


def test_answers_from_many_threads_are_the_same() -> None:
    """Questions of every kind, asked from several threads, have the answers that one thread gets."""
    asked = [name for name, _ in typed_names()]

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(country, asked)) == [by_alpha3()[alpha3] for _, alpha3 in typed_names()]


def test_public_names() -> None:
    """The module offers what it says and nothing that is missing."""
    assert set(geography.__all__) == {
        *("Country", "area_label", "by_alpha3", "code_of", "code_or_none", "countries", "country", "members"),
        *("name_of", "names", "region_of", "subregion_of"),
    }
    assert all(hasattr(geography, name) for name in geography.__all__)


def run(code: str) -> str:
    """Run a program in a fresh process and give what it prints."""
    source = str(Path(icatmapping.__file__).parent.parent)
    environment = os.environ | {"PYTHONPATH": source}
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, env=environment, timeout=60
    )
    return done.stdout.strip()
