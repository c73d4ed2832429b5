"""
Questions that are asked of the wrong thing, and answers that are looked up by what they have not: errors that say so.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

import pytest

import icatmapping as im
from icatmapping.statistics.intervals import _resampled

if TYPE_CHECKING:
    from collections.abc import Callable

OF_RECORDS: dict[str, Callable[[Any], Any]] = {
    "coverage": lambda given: im.coverage(given, "region"),
    "crosstab": lambda given: im.crosstab(given, "region", "form"),
    "timeline": im.timeline,
    "concentration": lambda given: im.concentration(given, "region"),
    "tidy": lambda given: im.tidy(given, "country"),
}
OF_A_DATASET: dict[str, Callable[[Any], Any]] = {
    "findings": im.findings,
    "gaps": lambda given: im.gaps(given, "country", "form"),
    "overlaps": im.overlaps,
    "portfolio": lambda given: im.portfolio(given, "IOM"),
    "compare": lambda given: im.compare(given, "IOM", "ILO"),
    "brokers": im.brokers,
    "paths": lambda given: im.collaboration_paths(given, "IOM", "ILO"),
    "partnership_graph": im.partnership_graph,
    "suggest_partners": lambda given: im.suggest_partners(given, "IOM"),
    "country_brief": lambda given: im.country_brief(given, "Ghana"),
    "find_support": lambda given: im.find_support(given, country="Ghana"),
}


@pytest.mark.parametrize("name", OF_RECORDS)
def test_a_statistic_of_records_says_that_it_wants_a_collection(name: str, ds: im.Dataset) -> None:
    """A dataset has several; a list of records is none."""
    for given in (ds, list(ds.initiatives[:3]), None):
        kind = type(given).__name__
        with pytest.raises(TypeError, match=rf"records must be a collection, such as ds\.initiatives, not {kind}"):
            OF_RECORDS[name](given)


@pytest.mark.parametrize("name", OF_A_DATASET)
def test_a_question_of_the_whole_says_that_it_wants_a_dataset(name: str, ds: im.Dataset) -> None:
    """A collection is a part of one."""
    for given in (ds.initiatives, None):
        kind = type(given).__name__
        with pytest.raises(TypeError, match=rf"ds must be a dataset, such as load\(\) returns, not {kind}"):
            OF_A_DATASET[name](given)


def test_a_finding_is_named_by_its_id(ds: im.Dataset) -> None:
    """Not by its number, which is what positions are for."""
    found = im.findings(ds)
    assert found.get(found[5].id) is found[5]
    for wrong in (5, None, 5.0):
        with pytest.raises(TypeError, match=f"a finding must be named by its id, such as 'levels', not {wrong}"):
            found.get(wrong)  # type: ignore[arg-type]
    with pytest.raises(im.UnknownNameError, match="did you mean 'levels'"):
        found.get("level")


def test_a_cell_of_a_crosstab_is_found_by_values_and_labels(ds: im.Dataset) -> None:
    """In any case; the count is that of the records that meet both."""
    found = im.crosstab(ds.initiatives, "region", "form")
    count = len(ds.initiatives.where(region="africa", form="child_trafficking"))
    for row in ("africa", "Africa", "AFRICA"):
        for col in ("child_trafficking", "Child trafficking", "child trafficking"):
            assert found[row, col] == count
    years = im.crosstab(ds.initiatives, "year", "scope")
    assert (
        years[2019, "national"] == years["2019", "National"] == len(ds.initiatives.where(year=2019, scope="national"))
    )


def test_a_cell_that_both_values_have_records_for_but_none_together_is_zero(ds: im.Dataset) -> None:
    """That is a finding, not a mistake."""
    found = im.crosstab(ds.initiatives, "country", "form")
    cells = {(cell.row, cell.col) for cell in found}
    row, col = next((row, col) for row in found.row_totals for col in found.col_totals if (row, col) not in cells)
    assert found[row, col] == 0


@pytest.mark.parametrize(
    ("key", "message"),
    [
        (("afrika", "nonsense"), "unknown region of this table 'afrika'; did you mean 'Africa'"),
        (("africa", "child traficking"), "unknown form of this table 'child traficking'; did you mean"),
        (("africa", 7), "unknown form of this table 7"),
    ],
)
def test_a_value_that_a_crosstab_has_not_is_an_error(key: tuple[Any, Any], message: str, ds: im.Dataset) -> None:
    """With the nearest that it has."""
    with pytest.raises(im.UnknownNameError, match=message):
        im.crosstab(ds.initiatives, "region", "form")[key]


def test_a_cell_has_two_values(ds: im.Dataset) -> None:
    """One or three are none."""
    found = im.crosstab(ds.initiatives, "region", "form")
    for key in (("africa",), ("africa", "child_trafficking", "x")):
        with pytest.raises(TypeError, match="a cell must be named by two values"):
            found[key]  # type: ignore[call-overload]


@pytest.mark.parametrize(("level", "left_out"), [(0.5, 250), (0.8, 100), (0.9, 50), (0.95, 25), (0.98, 10), (0.99, 5)])
def test_quantiles_of_the_bootstrap_leave_out_what_the_level_says(level: float, left_out: int) -> None:
    """Half of what the level leaves of a thousand resamples at each end, which is 50 at 0.9, not 49.999… cut to 49."""
    random = Random(0)
    shares = []
    for _ in range(1000):
        drawn = random.choices(range(2), [300, 700], k=1000)
        shares.append(drawn.count(0) / 1000)
    shares.sort()
    found = _resampled({("a",): 300, ("b",): 700}, 1000, level)
    assert found["a"] == (shares[left_out], shares[-1 - left_out])
