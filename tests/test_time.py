"""
When records were active: known and possible years, the criteria of time, and what is left out for its dates alone.

Expectations come from plain loops over JSON, of the bundled records and of drawn ones: `support.rules`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import icatmapping as im
from icatmapping.cli.main import main
from icatmapping.model.time import as_span, describe_period, known_span, possible_span
from support.packages import bundled
from support.rules import LOCATED, dataset_of, ids, is_active, known_years, may_be_active, small_worlds, year_of

if TYPE_CHECKING:
    from support.packages import Json, Raw

YEARS = range(1985, 2035)
years = st.integers(2012, 2028)
spans = (
    st.tuples(st.none() | years, st.none() | years)
    .filter(lambda span: span != (None, None))
    .map(
        lambda span: tuple(sorted(span)) if None not in span else span  # type: ignore[type-var]
    )
)
kinds = st.sampled_from(LOCATED)
dates = st.sampled_from(["known", "possible"])


def between(span: tuple[int | None, int | None]) -> range:
    """Give the years of a span that any record here can be active in."""
    first, last = span
    return range(YEARS.start if first is None else first, YEARS.stop if last is None else last + 1)


def met(kind: str, asked: Any, meant: str = "known", world: Raw | None = None) -> list[str]:
    """Give the ids of the records that are active in any of some years, bundled or drawn ones."""
    records = bundled(kind) if world is None else world[kind]
    return [record["id"] for record in records if is_active(kind, record, asked, meant)]


# --- the years of a record -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", LOCATED)
def test_first_and_last_year_are_those_that_dates_say(kind: str, ds: im.Dataset, raw: Raw) -> None:
    """Of every bundled record; undated ones have none."""
    for record, plain in zip(ds.collection(kind), raw[kind], strict=True):
        known = known_years(kind, plain)
        expected = (known[0], known[-1]) if known else (None, None)
        assert (record.first_active, record.last_active) == expected, plain["id"]


@given(world=small_worlds())
def test_drawn_records_have_the_years_that_their_dates_say(world: Raw) -> None:
    """Known and possible ones, whatever combination of dates is stated."""
    ds = dataset_of(world)
    for kind in LOCATED:
        for record, plain in zip(ds.collection(kind), world[kind], strict=True):
            known = known_years(kind, plain)
            assert (record.first_active, record.last_active) == ((known[0], known[-1]) if known else (None, None))
            assert [year for year in YEARS if record.known_span is not None and year in record.known_span] == [*known]
            possible = [year for year in YEARS if may_be_active(kind, plain, year)]
            assert [year for year in YEARS if year in record.possible_span] == possible


@given(world=small_worlds())
def test_what_is_known_is_possible_where_the_record_was_checked_later(world: Raw) -> None:
    """Stated dates rule out nothing that they make known."""
    for kind in LOCATED:
        for plain in world[kind]:
            stated = [year_of(plain.get(name)) for name in ("start", "end", "last_seen", "year")]
            if all(year is None or year <= int(plain["checked"][:4]) for year in stated) and not plain.get("end"):
                assert all(may_be_active(kind, plain, year) for year in known_years(kind, plain))


def test_an_announcement_without_an_end_is_not_active_for_ever() -> None:
    """It is known for its year, and possible for ever after."""
    assert known_span("2007", None, None) == (2007, 2007)
    assert possible_span("2007", None) == (2007, None)


# --- questions -------------------------------------------------------------------------------------------------------


@given(kind=kinds, span=spans, meant=dates)
def test_since_and_until_ask_for_some_year_between(
    kind: str, span: tuple[int | None, int | None], meant: Any, ds: im.Dataset
) -> None:
    """Both included; either can be left out; what is known or what is possible."""
    asked = {name: year for name, year in zip(("since", "until"), span, strict=True) if year is not None}
    found = ds.collection(kind).where(**asked, dates=meant)
    assert ids(found) == met(kind, between(span), meant)


@given(world=small_worlds(), kind=kinds, span=spans, meant=dates)
def test_since_and_until_of_drawn_records(world: Raw, kind: str, span: Any, meant: Any) -> None:
    """Whatever dates they have."""
    asked = {name: year for name, year in zip(("since", "until"), span, strict=True) if year is not None}
    assert ids(dataset_of(world).collection(kind).where(**asked, dates=meant)) == met(kind, between(span), meant, world)


@given(kind=kinds, asked=st.lists(years, min_size=1, max_size=3), meant=dates)
def test_several_years_mean_any_of_them(kind: str, asked: list[int], meant: Any, ds: im.Dataset) -> None:
    """A tuple of two means these two, not those between; a range means all of its years."""
    collection = ds.collection(kind)
    assert ids(collection.where(year=tuple(asked), dates=meant)) == met(kind, asked, meant)
    between_them = range(min(asked), max(asked) + 1)
    assert ids(collection.where(year=between_them, dates=meant)) == met(kind, between_them, meant)


@given(kind=kinds, span=spans, meant=dates, dash=st.sampled_from(["-", "–", " - "]))
def test_a_span_as_text_means_the_span(
    kind: str, span: tuple[int | None, int | None], meant: Any, dash: str, ds: im.Dataset
) -> None:
    """“2015-2019”, “2020-”, “-2010”."""
    first, last = ("" if year is None else str(year) for year in span)
    found = ds.collection(kind).where(year=f"{first}{dash}{last}", dates=meant)
    assert ids(found) == met(kind, between(span), meant)


@given(kind=kinds, year=years)
def test_a_year_may_be_a_number_or_text(kind: str, year: int, ds: im.Dataset) -> None:
    """As people type it."""
    collection = ds.collection(kind)
    assert collection.where(year=year) == collection.where(year=str(year)) == collection.where(year=f" {year} ")
    assert collection.where(year=year) == collection.where(since=year, until=str(year))


@pytest.mark.slow
@given(kind=kinds, year=years, span=spans)
def test_year_and_span_must_both_be_met(kind: str, year: int, span: Any, ds: im.Dataset) -> None:
    """Each by some year of the record."""
    asked = {name: one for name, one in zip(("since", "until"), span, strict=True) if one is not None}
    both = [one for one in met(kind, [year]) if one in set(met(kind, between(span)))]
    assert ids(ds.collection(kind).where(year=year, **asked)) == both


@pytest.mark.parametrize("value", ["20", "2019-", "soon", "2019-2015", "2015–19", "", 2019.5, None, True])
def test_what_is_no_year_is_an_error(value: Any, ds: im.Dataset) -> None:
    """Never narrowed to a part that can be read; only “2019-” is a span, and so no single year for since."""
    if value != "2019-":
        with pytest.raises(im.UnknownNameError):
            ds.initiatives.where(year=value)
    if value is not None:
        with pytest.raises((im.UnknownNameError, ValueError)):
            ds.initiatives.where(since=value)


def test_since_after_until_is_an_error(ds: im.Dataset) -> None:
    """It asks for no year at all."""
    with pytest.raises(ValueError, match="since=2020 must not be after until=2015"):
        ds.initiatives.where(since=2020, until=2015)


@pytest.mark.parametrize(
    ("text", "span"), [("2015-2019", (2015, 2019)), ("2020-", (2020, None)), ("-2010", (None, 2010)), ("7-", None)]
)
def test_spans_are_read_as_people_write_them(text: str, span: Any) -> None:
    """Or not at all."""
    if span is None:
        with pytest.raises(ValueError, match="is not a year or a span"):
            as_span(text)
    else:
        assert as_span(text) == span


# --- what may be -----------------------------------------------------------------------------------------------------


@given(world=small_worlds(), kind=kinds, span=spans, theme=st.sampled_from([None, "protection"]))
def test_possible_is_what_is_left_out_for_dates_alone(world: Raw, kind: str, span: Any, theme: str | None) -> None:
    """Those that may be active then, are not known to be, and meet everything else; also in steps."""
    asked: dict[str, Any] = {name: one for name, one in zip(("since", "until"), span, strict=True) if one is not None}
    about: dict[str, Any] = {} if theme is None else {"theme": theme}
    collection = dataset_of(world).collection(kind)
    about_it = [one for one in world[kind] if theme is None or theme in one["themes"]]
    known = [one["id"] for one in about_it if is_active(kind, one, between(span))]
    possible = [one["id"] for one in about_it if is_active(kind, one, between(span), "possible")]
    for found in (
        collection.where(**asked, **about),
        collection.where(**asked).where(**about),
        collection.where(**about).where(**asked),
    ):
        assert ids(found) == known
        assert ids(found.possible) == [one for one in possible if one not in set(known)]
    assert ids(collection.where(**asked, **about, dates="possible").possible) == []


@pytest.mark.parametrize("kind", LOCATED)
def test_possible_of_the_bundled_records(kind: str, ds: im.Dataset) -> None:
    """Since 2020, as in the documentation."""
    found = ds.collection(kind).where(since=2020)
    may_be = met(kind, between((2020, None)), "possible")
    assert ids(found.possible) == [one for one in may_be if one not in set(ids(found))]
    assert len(ds.collection(kind).possible) == 0


def test_a_collection_says_how_many_more_may_be(ds: im.Dataset) -> None:
    """Printed and in a notebook; not where there are none."""
    found = ds.initiatives.where(country="Ghana", since=2020)
    more = len(found.possible)
    said = f"{len(found)} initiatives, and {more} more that may be (dates not stated)"
    assert more > 0
    assert str(found).startswith(said)
    assert f", and {more} more that may be (dates not stated)" in found._repr_html_()
    assert "may be" not in str(ds.initiatives.where(country="Ghana"))


# --- in words --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        (("2015", "2019-05", None), "2015–2019"),
        (("2016", None, None), "from 2016, end not stated"),
        (("2020-01", None, None, "ongoing"), "2020, going on"),
        ((None, None, None), "undated"),
        (("2012", "2012", None), "2012"),
    ],
)
def test_a_period_says_what_is_stated(dates: Any, said: str) -> None:
    """And what is not."""
    assert describe_period(*dates) == said


# --- what was answered wrongly before --------------------------------------------------------------------------------


def test_paths_of_a_year_rest_on_records_known_in_that_year(ds: im.Dataset, raw: Raw) -> None:
    """UNICEF and UNODC in South Africa in 2025: an announcement of 2007 ties nobody then."""
    plain: dict[str, tuple[str, Json]] = {one["id"]: (kind, one) for kind in LOCATED for one in raw[kind]}
    found = im.collaboration_paths(ds, "UNICEF", "UNODC", country="South Africa", year=2025)
    for path in found:
        for step in path.steps:
            for record in step.evidence:
                kind, one = plain[record.id]
                assert 2025 in known_years(kind, one), record.id


def test_a_project_with_a_start_and_no_end_may_be_active_the_year_after(ds: im.Dataset) -> None:
    """In Ghana in 2024: those begun in 2023 are not known to be, but possible, and say that no end is stated."""
    found = ds.initiatives.where(country="Ghana", year=2024)
    begun = [
        one
        for one in ds.initiatives.where(country="Ghana", year=2023)
        if one.start == "2023" and one.end is None and one.status == "unknown" and one.last_seen is None
    ]
    assert all(one in found.possible and one.period == "from 2023, end not stated" for one in begun)
    assert all(one.end is None for one in found.possible)


@pytest.mark.parametrize(
    ("typed", "span"), [("2020-", (2020, None)), ("2015-2019", (2015, 2019)), ("2020", (2020, 2020))]
)
def test_the_command_line_takes_a_span_as_such(typed: str, span: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """An open one is never the one year alone."""
    assert main(["coverage", "--by", "theme", "--year", typed]) == 0
    assert f"{len(met('initiatives', between(span))):,} initiatives by" in capsys.readouterr().out


def test_the_command_line_takes_since_and_until(capsys: pytest.CaptureFixture[str]) -> None:
    """As the library does."""
    assert main(["coverage", "--by", "theme", "--since", "2018", "--until", "2019"]) == 0
    assert f"{len(met('initiatives', [2018, 2019])):,} initiatives by" in capsys.readouterr().out


def test_the_command_line_refuses_what_is_no_year(capsys: pytest.CaptureFixture[str]) -> None:
    """With an error that says what a year is."""
    assert main(["coverage", "--by", "theme", "--year", "20-20"]) == 2
    assert "2020-" in capsys.readouterr().err


def test_a_pair_of_years_is_two_years_and_the_documentation_says_so(ds: im.Dataset) -> None:
    """What is meant as a span is since and until."""
    assert ids(ds.initiatives.where(year=(2020, 2026))) == met("initiatives", [2020, 2026])
    assert ids(ds.initiatives.where(since=2020, until=2026)) == met("initiatives", range(2020, 2027))
    assert "year=(2015, 2019)" in (im.Collection.where.__doc__ or "")
