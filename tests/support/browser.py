"""
What tests read of the pages of the explorer in a browser.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any


def ids(page: Any, folder: str = "initiatives") -> list[str]:
    """Return the ids of the records that the list of a page shows."""
    links = page.eval_on_selector_all("#rows > li > a", "found => found.map(one => one.getAttribute('href'))")
    return [link.removeprefix(f"{folder}/").removesuffix(".html") for link in links]


def count(page: Any) -> int:
    """Return how many records a page says there are."""
    return int(page.inner_text("#count").split()[0].replace(",", ""))


def saved(page: Any, button: str) -> str:
    """Return the text of the file that a button saves."""
    with page.expect_download() as download:
        page.get_by_role("button", name=button).click()
    return Path(download.value.path()).read_text("utf-8")
