"""
Tables from streams: activities of IATI, Arrow of others, ids and references across all records; and what will not do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import icatmapping as im
from icatmapping.frames.ids import Ids
from icatmapping.utils.files import UNFINISHED

if TYPE_CHECKING:
    from pathlib import Path

pa = pytest.importorskip("pyarrow")
pl = pytest.importorskip("polars")
duckdb = pytest.importorskip("duckdb")
pytest.importorskip("narwhals")


@pytest.fixture
def activities(ds: im.Dataset, tmp_path: Path) -> Path:
    """Return an activity file with a body that nobody knows, twice, and one activity twice."""
    file = tmp_path / "activities.xml"
    im.write_iati(ds.initiatives.where(country="Ghana"), file, ("XX-1", "Example", "22"))
    text = file.read_text(encoding="utf-8")
    head, *rest = text.split("<iati-activity ")
    body = '<participating-org role="4" type="22"><narrative>Shelter of Hope</narrative></participating-org></title>'
    body = "</title>" + body.removesuffix("</title>")
    rest[:2] = [one.replace("</title>", body, 1) for one in rest[:2]]
    twice = [rest[0], *rest]
    file.write_text("<iati-activity ".join([head, *twice]), encoding="utf-8")
    return file


def test_activities_go_into_tables_as_a_draft_has_them(ds: im.Dataset, activities: Path, tmp_path: Path) -> None:
    """The same records as read at once, new bodies among them; of two with one identifier the first."""
    stream = im.iati_stream(activities, new_bodies="add")
    im.write_frames(stream, tmp_path / "tables")
    frames = im.scan(tmp_path / "tables")
    draft = im.read_iati(activities, new_bodies="add")
    assert [one.to_dict() for one in frames.initiatives.collect()] == [
        one.to_dict() for one in draft.records["initiatives"]
    ]
    assert frames.initiatives.where(partner="Shelter of Hope").count() == 2
    assert len(frames.organizations) == len(ds.organizations) + 1
    assert (stream.records, len(stream.draft.left_out)) == (frames.initiatives.count(), 1)


def test_activities_are_arrow_to_others(activities: Path) -> None:
    """Other libraries take the stream as it is, as often as they like."""
    stream = im.iati_stream(activities)
    for _ in range(2):
        assert pa.table(stream["initiatives"]).num_rows == pl.DataFrame(stream["initiatives"]).height == stream.records


def test_references_between_records_are_checked_at_the_end(ds: im.Dataset, tmp_path: Path) -> None:
    """A partnership's initiative and an organization's partnership may come later, but they must come."""
    pact = ds.partnerships[0].to_dict() | {"id": "our-pact", "initiative": "ours", "former_ids": []}
    body = {"id": "our-body", "name": "Our Body", "kind": "ngo", "body_of": "our-pact"}
    body |= {"sources": ["https://example.org/"], "checked": "2026-11"}
    ours = ds.initiatives[0].to_dict() | {"id": "ours", "former_ids": []}
    im.write_frames({"partnerships": [pact], "initiatives": [ours], "organizations": [body]}, tmp_path / "a")
    assert im.scan(tmp_path / "a").organizations["our-body"].body_of == "our-pact"
    with pytest.raises(im.DatasetError) as caught:
        im.write_frames({"partnerships": [pact | {"id": "other-pact"}], "organizations": [body]}, tmp_path / "b")
    told = {(fault.file, fault.record, fault.field) for fault in caught.value.faults}
    assert told == {("partnerships.json", "other-pact", "initiative"), ("organizations.json", "our-body", "body_of")}
    assert not (tmp_path / "b").exists()


def test_ids_are_each_others_former_ids_nowhere(ds: im.Dataset, tmp_path: Path) -> None:
    """An id twice, and a former id that is an id, are found however far apart they stand."""
    some = [one.to_dict() for one in ds.initiatives[:300]]
    rows = [row | {"id": f"copy-{place}-{row['id']}"[:90], "former_ids": []} for place in range(15) for row in some]
    rows[4_400]["former_ids"] = [rows[0]["id"]]
    rows.append(dict(rows[1]))
    with pytest.raises(im.DatasetError) as caught:
        im.write_frames({"initiatives": rows}, tmp_path / "tables")
    told = {(fault.record, fault.field) for fault in caught.value.faults}
    assert told == {(rows[4_400]["id"], "former_ids"), (rows[1]["id"], "id")}


def test_ids_are_known_by_their_hashes() -> None:
    """Those there twice and those that are missing, as sets say."""
    ids = Ids()
    assert (ids.duplicated(), ids.missing(["a"])) == (frozenset(), ["a"])
    ids.add(f"id-{number % 90}" for number in range(100))
    assert ids.duplicated() == {hash(f"id-{number}") for number in range(10)}
    assert ids.missing(["id-3", "id-95", "id-95"]) == ["id-95"]


def test_a_column_that_is_no_field_is_told_once(ds: im.Dataset, tmp_path: Path) -> None:
    """With the field that may be meant; a table that was written before is taken as it is."""
    table = pa.table(ds.initiatives)
    named = table.rename_columns(["theme" if name == "themes" else name for name in table.column_names])
    with pytest.raises(im.DatasetError) as caught:
        im.write_frames({"initiatives": named}, tmp_path / "a")
    assert [(fault.field, fault.nearest) for fault in caught.value.faults] == [("theme", "themes")]
    im.write_frames(ds, tmp_path / "a")
    again = {"initiatives": duckdb.read_parquet(str(tmp_path / "a" / "initiatives.parquet"))}
    im.write_frames(again, tmp_path / "b")
    assert im.scan(tmp_path / "b").initiatives.collect() == ds.initiatives


@pytest.mark.parametrize("source", [pl.LazyFrame({"id": ["a"]}), "initiatives.csv", 3])
def test_what_is_no_table_is_refused(source: Any, tmp_path: Path) -> None:
    """With a sentence that says what would do, and before anything is written."""
    with pytest.raises(TypeError, match="initiatives must be a table or stream"):
        im.write_frames({"initiatives": source}, tmp_path / "a")
    with pytest.raises(TypeError, match="source must be a dataset"):
        im.write_frames(source, tmp_path / "a")
    assert not (tmp_path / "a").exists()


def test_a_stream_that_breaks_off_writes_nothing(ds: im.Dataset, tmp_path: Path) -> None:
    """What the engine says comes as an error of the library."""
    table = pa.table(ds.initiatives)

    def batches() -> Any:
        yield from table.to_batches(max_chunksize=100)[:3]
        message = "the line is dead"
        raise OSError(message)

    with pytest.raises(im.EngineError, match="line is dead"):
        im.write_frames({"initiatives": pa.RecordBatchReader.from_batches(table.schema, batches())}, tmp_path / "a")
    assert not (tmp_path / "a").exists()


def test_tables_of_before_are_gone(ds: im.Dataset, tmp_path: Path) -> None:
    """Whoever reads every file of a folder finds no old records among the new; what is somebody else's stays."""
    im.write_frames(ds, tmp_path / "a", partition_by="scope")
    (tmp_path / "a" / "notes.txt").write_text("mine", encoding="utf-8")
    im.write_frames(ds, tmp_path / "a")
    assert [file.name for file in (tmp_path / "a").glob("initiatives*")] == ["initiatives.parquet"]
    assert (tmp_path / "a" / "notes.txt").exists()


def test_a_version_that_is_being_put_in_place_is_read_whole(ds: im.Dataset, tmp_path: Path) -> None:
    """As after a process was killed while it wrote."""
    im.write_frames(ds, tmp_path / UNFINISHED)
    assert im.scan(tmp_path).initiatives.count() == len(ds.initiatives)


def test_frames_are_of_one_connection_and_hold_what_they_must(ds: im.Dataset, tmp_path: Path) -> None:
    """Each is told before anything is asked."""
    im.write_frames(ds, tmp_path)
    file = str(tmp_path / "initiatives.parquet")
    one, other = duckdb.connect(), duckdb.connect()
    with pytest.raises(TypeError, match="one connection of DuckDB"):
        im.Frames(initiatives=one.read_parquet(file), partnerships=other.read_parquet(file))
    wrong = one.sql(f"select * replace (array_to_string(d_country, ',') as d_country) from '{file}'")
    with pytest.raises(ValueError, match="d_country must be a list"):
        im.Frames(initiatives=wrong)
    with pytest.raises(ValueError, match="first_active must be a whole number, not String"):
        im.Frames(initiatives=one.sql(f"select * replace (first_active::text as first_active) from '{file}'"))


def test_a_connection_with_a_limit_answers_from_more_than_it_may_hold(ds: im.Dataset, tmp_path: Path) -> None:
    """DuckDB, allowed less memory than the data take, gives the same answer."""
    im.write_frames(ds, tmp_path)
    file, times = tmp_path / "initiatives.parquet", 150
    many = f"select * replace (id || '-' || i as id) from '{file}', range({times}) as r(i)"
    duckdb.sql(f"copy ({many}) to '{tmp_path / 'many.parquet'}' (format parquet)")
    (tmp_path / "many.parquet").replace(file)
    connection = duckdb.connect()
    connection.execute("set memory_limit = '120MB'; set threads = 1")
    frames = im.scan(tmp_path, engine=connection)
    wanted = {row.value: row.count * times for row in im.coverage(ds.initiatives, by="theme")}
    assert {row.value: row.count for row in im.coverage(frames.initiatives, by="theme")} == wanted
    with pytest.raises(TypeError, match="a connection of DuckDB or a session"):
        im.scan(tmp_path, engine=object())  # type: ignore[arg-type]
