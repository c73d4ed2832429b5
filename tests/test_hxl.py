"""
3W tables with HXL hashtags: libhxl accepts them, and finds in them what queries find.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import hxl
import pytest
from hypothesis import given, settings

import icatmapping as im
from icatmapping.io.hxl import to_hxl, write_hxl
from icatmapping.utils.files import csv_bytes
from support.strategies import SmallMapping, dataset, mapping_of, worlds

if TYPE_CHECKING:
    from pathlib import Path

    from support.packages import Raw

# The hashtags of the HXL 1.1 core dictionary that a 3W table has use for.
CORE = {"#activity", "#beneficiary", "#country", "#date", "#description", "#meta", "#org", "#region"}
CORE |= {"#sector", "#status", "#subsector"}


def issues(rows: list[list[str]]) -> Counter[str]:
    """Give what libhxl's own schema has to say of a table, by severity."""
    found: Counter[str] = Counter()
    hxl.schema(None, callback=lambda issue: found.update([issue.rule.severity])).validate(hxl.data(rows))
    return found


def activities(source: Any) -> set[str]:
    """Give the initiatives in a table or a part of it."""
    return {row.get("#activity+code") for row in source}


def ids(records: Any) -> set[str]:
    """Give the ids of some records."""
    return {record.id for record in records}


def test_libhxl_finds_nothing_wrong_with_the_bundled_mapping(ds: im.Dataset) -> None:
    """Neither errors nor warnings; it may remark on names that look alike."""
    assert issues(to_hxl(ds)).keys() <= {"info"}


def test_the_hashtags_are_those_of_the_standard(ds: im.Dataset) -> None:
    """Or begin with ``#x_``, as the standard has it for others."""
    columns = [hxl.model.Column.parse(hashtag) for hashtag in to_hxl(ds.initiatives[:1])[1]]
    assert {column.tag for column in columns if not column.tag.startswith("#x_")} == CORE
    assert len({column.display_tag for column in columns}) == len(columns)


@settings(max_examples=25)
@given(world=worlds())
def test_filters_of_libhxl_find_what_queries_find(world: SmallMapping) -> None:
    """By country, region, theme and who plays a role: in the table, a row that says so; in a query, a criterion."""
    ds = world.ds
    rows = to_hxl(ds)
    assert activities(hxl.data(rows)) == ids(ds.initiatives)
    expanded = hxl.data(rows)
    for tag in ("#subsector+code", "#country+code", "#region+code-named"):
        expanded = expanded.expand_lists(tag)
    expanded = expanded.cache()
    by_country = hxl.data(to_hxl(ds, by="country")).cache()
    for country in ("NGA", "GHA"):
        for source in (expanded, by_country):
            found = activities(source.with_rows(f"#country+code={country}"))
            assert found == ids(ds.initiatives.where(country=country))
    for region in ("africa", "europe"):
        found = activities(expanded.with_rows(f"#region+code-named={region}"))
        assert found == ids(ds.initiatives.where(region=region))
    assert activities(expanded.with_rows("#subsector+code=prosecution")) == ids(
        ds.initiatives.where(theme="prosecution")
    )
    led = expanded.with_rows("#org+code=alpha").with_rows("#org+role=lead").with_rows("#country+code=NGA")
    assert activities(led) == ids(ds.initiatives.where(lead="alpha", country="NGA"))


def test_there_is_a_row_for_each_part_and_none_says_more_than_the_record(ds: im.Dataset, raw: Raw) -> None:
    """Counted in the data file: one for each organization in each role, with all the countries of the record."""
    countries = {record["id"]: record["countries"] for record in raw["initiatives"]}
    counted = Counter()
    for record in raw["initiatives"]:
        counted[record["id"]] = max(sum(len(record[role]) for role in ("leads", "partners", "donors")), 1)
    headers, hashtags, *rows = to_hxl(ds)
    place, where = hashtags.index("#activity+code"), hashtags.index("#country+code+list+v_iso3")
    assert Counter(row[place] for row in rows) == counted
    assert all(sorted(filter(None, row[where].split("|"))) == sorted(countries[row[place]]) for row in rows)
    assert {len(row) for row in (headers, hashtags, *rows)} == {len(hashtags)}
    assert {type(cell) for row in rows for cell in row} == {str}
    assert len(set(map(tuple, rows))) == len(rows)


def test_a_row_for_each_country_says_of_how_many_the_record_is(ds: im.Dataset, raw: Raw) -> None:
    """Asked for by name; a selection by country or region has the countries selected alone."""
    countries = {record["id"]: record["countries"] for record in raw["initiatives"]}
    _, hashtags, *rows = to_hxl(ds.initiatives, by="country")
    place, where, among = map(hashtags.index, ("#activity+code", "#country+code+v_iso3", "#meta+countries+num"))
    found: dict[str, set[str]] = {}
    for row in rows:
        assert row[among] == (str(len(countries[row[place]])) if countries[row[place]] else "")
        found.setdefault(row[place], set()).update(filter(None, [row[where]]))
    assert found == {identifier: set(codes) for identifier, codes in countries.items()}
    assert {row[where] for row in to_hxl(ds.initiatives.where(country="Ghana"), by="country")[2:]} == {"GHA"}
    western = ds.initiatives.where(subregion="Western Africa", theme="prevention")
    named = {row[where] for row in to_hxl(western, by="country")[2:]} - {""}
    assert named == {
        code
        for record in raw["initiatives"]
        if "prevention" in record["themes"]
        for code in record["countries"]
        if im.country(code).subregion == "Western Africa"
    }


@pytest.mark.slow
def test_initiatives_come_back_from_their_table(ds: im.Dataset, tmp_path: Path) -> None:
    """Every field of every one: acronyms, areas, former ids, kinds and sectors as well."""
    write_hxl(ds, tmp_path / "all.csv")
    back = {record.id: record.to_dict() for record in im.read_hxl(tmp_path / "all.csv").records["initiatives"]}
    for record in ds.initiatives:
        plain = record.to_dict()
        assert {name: sorted(value) if isinstance(value, list) else value for name, value in plain.items()} == {
            name: sorted(value) if isinstance(value, list) else value for name, value in back[record.id].items()
        }


def test_excel_reads_the_file_as_utf8(ds: im.Dataset, tmp_path: Path) -> None:
    """It starts with a byte-order mark; wide marks of formulas, which East Asian spreadsheets run, are escaped."""
    write_hxl(ds.initiatives.where(country="Ivory Coast"), tmp_path / "table.csv")
    content = (tmp_path / "table.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert "Côte d'Ivoire" in content.decode("utf-8-sig")
    assert csv_bytes([["＝1+1", "＋1", "－1", "＠a", "a＝1"]]) == "'＝1+1,'＋1,'－1,'＠a,a＝1\n".encode()


def test_a_written_table_is_read_back_whole(ds: im.Dataset, tmp_path: Path) -> None:
    """From a file, headers and all; that of a part says what the part says."""
    found = ds.initiatives.where(country="Nigeria", theme="child_protection")
    write_hxl(found, tmp_path / "nigeria.csv")
    source = hxl.data(str(tmp_path / "nigeria.csv"), hxl.InputOptions(allow_local=True)).cache()
    headers = [source.headers[0].removeprefix("\ufeff"), *source.headers[1:]]  # libhxl keeps the byte-order mark
    assert [headers, source.display_tags, *source.values] == to_hxl(found)
    assert activities(source) == ids(found)


def test_a_title_is_no_formula_in_a_spreadsheet(tmp_path: Path) -> None:
    """It gets an apostrophe in the file; in the table it stands as published. Separators in addresses are escaped."""
    raw = mapping_of([("alpha",)]).raw
    raw["initiatives"][0] |= {"title": "=1+1", "sources": ["https://example.org/a|b", "https://example.org/"]}
    ds = dataset(raw)
    _, hashtags, row = to_hxl(ds)
    assert row[hashtags.index("#activity+name")] == "=1+1"
    assert row[hashtags.index("#meta+url+list")] == "https://example.org/a%7Cb|https://example.org/"
    write_hxl(ds, tmp_path / "table.csv")
    source = hxl.data(str(tmp_path / "table.csv"), hxl.InputOptions(allow_local=True))
    assert [one.get("#activity+name") for one in source] == ["'=1+1"]


def test_only_initiatives_make_a_table_and_only_csv_holds_it(ds: im.Dataset, tmp_path: Path) -> None:
    """Anything else is an error that says so, and nothing is written."""
    with pytest.raises(TypeError, match="made of initiatives, not of partnerships"):
        write_hxl(ds.partnerships, tmp_path / "table.csv")  # type: ignore[arg-type]
    with pytest.raises(im.UnknownNameError, match=r"unknown suffix of an HXL file '.xlsx'; did you mean '.csv'"):
        write_hxl(ds, tmp_path / "table.xlsx")
    assert not list(tmp_path.iterdir())
