"""
Briefs on paper.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

import icatmapping as im

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("country", ["Nigeria", "Thailand", "Ukraine", "Fiji"])
def test_a_brief_prints_on_two_pages(ds: im.Dataset, browser: Any, tmp_path: Path, country: str) -> None:
    """The page that a brief is saved as takes two sheets of A4; all of it takes more."""
    sheets = []
    for limit in (..., None):
        target = tmp_path / "brief.html"
        im.country_brief(ds, country).save(target, limit=limit)
        page = browser.new_page()
        page.goto(target.as_uri())
        sheets.append(len(re.findall(rb"/Type\s*/Page\b(?!s)", page.pdf(prefer_css_page_size=True))))
        page.close()
    assert sheets[0] == 2 < sheets[1]
