"""
Writing the tables of a mapping: from a dataset or from streams, in batches, whole or not at all.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

import icatmapping as im
from icatmapping.frames.layout import derived_types, field_types
from icatmapping.model.schema import LOCATED
from support.frames import ENGINES

if TYPE_CHECKING:
    from pathlib import Path

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")
pytest.importorskip("narwhals")


def rows(ds: im.Dataset, kind: str, number: int = 40) -> list[dict[str, Any]]:
    """Return some records as plain data."""
    return [one.to_dict() for one in ds.collection(kind)[:number]]


def test_a_table_has_the_fields_and_a_list_for_each_dimension(ds: im.Dataset, tmp_path: Path) -> None:
    """The fields are those of the Arrow stream; lists hold no nulls and nothing twice."""
    im.write_frames(ds, tmp_path, batch=100)
    for kind in LOCATED:
        table = pq.read_table(tmp_path / f"{kind}.parquet")
        assert table.column_names == [*field_types(kind), *derived_types(kind)]
        assert table.select([*field_types(kind)]).equals(pa.table(ds.collection(kind)))
        assert table.num_rows == len(ds.collection(kind))
        for name in derived_types(kind):
            for values in table.column(name).to_pylist():
                assert not isinstance(values, list) or (None not in values and len(set(values)) == len(values))


def test_lists_hold_what_records_have(ds: im.Dataset, tmp_path: Path) -> None:
    """For each dimension the values that the library gives of each record."""
    im.write_frames(ds, tmp_path)
    for kind in LOCATED:
        table = pq.read_table(tmp_path / f"{kind}.parquet").to_pylist()
        for row, record in zip(table, ds.collection(kind), strict=True):
            for name in im.dimensions.dimensions_of(kind):
                values = im.dimensions.DIMENSIONS[name].values(record, ds.directory)
                assert row[f"d_{name}"] == list(dict.fromkeys(values)), (kind, record.id, name)
            assert (row["first_active"], row["last_active"]) == (record.first_active, record.last_active)


@pytest.mark.parametrize("engine", ENGINES)
def test_streams_are_written_in_batches(ds: im.Dataset, tmp_path: Path, engine: Any) -> None:
    """Arrow streams and mappings, whose optional fields may be missing, give the same tables as a dataset."""
    source = {
        "initiatives": pa.table(ds.initiatives).to_reader(max_chunksize=300),
        "partnerships": pa.table(ds.partnerships),
        "resources": [{key: value for key, value in row.items() if value} for row in rows(ds, "resources", 2000)],
    }
    im.write_frames(source, tmp_path, batch=500)
    frames = im.scan(tmp_path, engine=engine)
    for kind in LOCATED:
        assert frames.collection(kind).collect() == ds.collection(kind)


def test_bodies_of_a_stream_are_laid_over_the_bundled_ones(ds: im.Dataset, tmp_path: Path) -> None:
    """New bodies come with their own table, and are found by name."""
    body = {"id": "our-ministry", "name": "Our Ministry", "kind": "government", "country": "GHA"}
    body |= {"sources": ["https://example.gov.gh/"], "checked": "2026-11"}
    record = rows(ds, "initiatives", 1)[0] | {"id": "ours", "leads": ["our-ministry"]}
    im.write_frames({"organizations": [body], "initiatives": [record]}, tmp_path)
    frames = im.scan(tmp_path)
    assert frames.initiatives.where(lead="Our Ministry").count() == 1
    assert len(frames.organizations) == len(ds.organizations) + 1


def test_faults_are_named_and_nothing_is_written(ds: im.Dataset, tmp_path: Path) -> None:
    """Unknown terms, bodies and areas, ids twice across batches: every one is told, and the folder stays as it was."""
    target = tmp_path / "tables"
    im.write_frames({"initiatives": rows(ds, "initiatives", 3)}, target)
    before = {file.name: file.read_bytes() for file in target.iterdir()}
    wrong = rows(ds, "initiatives", 5)
    wrong[0]["themes"] = ["nonsense"]
    wrong[1]["leads"] = ["unodk"]
    wrong[2]["countries"] = ["NGA", "NGA"]
    wrong[3]["regions"] = ["atlantis"]
    wrong.append(dict(wrong[4]))
    with pytest.raises(im.DatasetError) as caught:
        im.write_frames({"initiatives": wrong}, target, batch=2)
    told = {(fault.record, fault.field) for fault in caught.value.faults}
    assert {
        (wrong[0]["id"], "themes[0]"),
        (wrong[1]["id"], "leads[0]"),
        (wrong[2]["id"], "countries"),
        (wrong[3]["id"], "regions[0]"),
        (wrong[4]["id"], "id"),
    } <= told
    assert any("unodc" in str(fault) for fault in caught.value.faults)
    assert {file.name: file.read_bytes() for file in target.iterdir()} == before


@pytest.mark.parametrize("engine", ENGINES)
def test_a_file_per_value_is_read_as_one_table(ds: im.Dataset, tmp_path: Path, engine: Any) -> None:
    """Partitioned tables hold the same records."""
    im.write_frames(ds, tmp_path, partition_by="scope", batch=300)
    assert {file.name for file in tmp_path.glob("initiatives*")} == {
        f"initiatives--{scope}.parquet" for scope in {str(one.scope) for one in ds.initiatives}
    }
    assert im.scan(tmp_path, engine=engine).initiatives.collect() == ds.initiatives
    with pytest.raises(im.UnknownNameError, match="scope"):
        im.write_frames(ds, tmp_path, partition_by="scop")


def test_a_folder_that_is_none_is_refused(ds: im.Dataset, tmp_path: Path) -> None:
    """No tables, another layout, a table gone: a fault of the file."""
    with pytest.raises(im.DatasetError, match=r"frames\.json"):
        im.scan(tmp_path)
    im.write_frames({"initiatives": rows(ds, "initiatives", 3)}, tmp_path)
    about = json.loads((tmp_path / "frames.json").read_text())
    (tmp_path / "frames.json").write_text(json.dumps(about | {"layout": 99}))
    with pytest.raises(im.DatasetError, match="layout"):
        im.scan(tmp_path)
    (tmp_path / "frames.json").write_text(json.dumps(about))
    (tmp_path / "initiatives.parquet").unlink()
    with pytest.raises(im.DatasetError, match=r"initiatives\.parquet: is missing"):
        im.scan(tmp_path)
    with pytest.raises(im.UnknownNameError, match="duckdb"):
        im.scan(tmp_path, engine="duckdbb")  # type: ignore[arg-type]


@pytest.mark.parametrize("engine", ENGINES)
def test_the_failure_of_an_engine_is_an_error_of_the_library(ds: im.Dataset, tmp_path: Path, engine: Any) -> None:
    """A file that is gone after it was opened is told with what the engine says."""
    im.write_frames(ds, tmp_path)
    frames = im.scan(tmp_path, engine=engine)
    (tmp_path / "initiatives.parquet").unlink()
    with pytest.raises(im.IcatMappingError, match=engine) as caught:
        frames.initiatives.collect()
    assert caught.value.__cause__ is not None


def test_an_engine_without_memory_says_what_may_help(ds: im.Dataset, tmp_path: Path) -> None:
    """DuckDB with too little memory and no place on disk fails with its own words, and the way out."""
    im.write_frames(ds, tmp_path)
    connection = duckdb.connect()
    connection.execute("set memory_limit = '2MB'; set temp_directory = ''; set threads = 1")
    with pytest.raises(im.EngineError, match=r"Out of Memory.*give the engine more memory") as caught:
        im.crosstab(im.scan(tmp_path, engine=connection).initiatives, "country", "organization")
    assert isinstance(caught.value.__cause__, duckdb.OutOfMemoryException)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.filterwarnings("ignore")
def test_a_file_that_breaks_off_is_told_by_the_engine(ds: im.Dataset, tmp_path: Path, engine: Any) -> None:
    """Half a file, cut after it was opened, is no answer of half the records."""
    im.write_frames(ds, tmp_path)
    frames = im.scan(tmp_path, engine=engine)
    file = tmp_path / "initiatives.parquet"
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    with pytest.raises(im.EngineError, match=engine):
        im.coverage(frames.initiatives, "country")
