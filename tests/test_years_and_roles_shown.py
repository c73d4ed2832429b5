"""
Years in printed rows, and the column of roles in a draft of a table with HXL hashtags.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

import icatmapping as im
from icatmapping.display.text import to_text
from icatmapping.results import Row

if TYPE_CHECKING:
    from pathlib import Path


@frozen(repr=False)
class Seen(Row):
    """A row with years and counts."""

    year: int
    last_active: int
    first_active: int | None
    since: int
    count: int


def test_years_in_a_row_have_no_separators() -> None:
    """A year is no number of things: 2024, where 2,024 records are counted."""
    text = to_text(Seen(2024, 2023, None, 2015, 2022))
    assert all(year in text for year in ("2024", "2023", "2015"))
    assert all(wrong not in text for wrong in ("2,024", "2,023", "2,015"))
    assert "2,022" in text


def test_a_draft_says_that_roles_were_read(tmp_path: Path) -> None:
    """The column that decides which part an organization takes is not among those that nobody understood."""
    file = tmp_path / "3w.csv"
    file.write_text("#activity,#org,#org+role\nTraining,IOM,lead\nTraining,Norway,donor\n", encoding="utf-8")
    draft = im.read_hxl(file)
    (record,) = draft.records["initiatives"]
    assert record.leads == ("iom",)
    assert "#org+role → leads, partners, donors" in str(draft)
    assert "not understood" not in str(draft)
