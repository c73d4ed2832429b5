"""
What the tests in a browser share: the explorer of the bundled records, a server for it, and Chromium.

Needs Chromium and Playwright's Python package, and npm for axe-core; deselected unless asked for with ``-m browser``.
``CHROMIUM`` names the browser, by default ``/usr/bin/chromium``; ``AXE`` a copy of ``axe.min.js``; ``EXPLORER`` a site
of the bundled records that is there already.
"""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import subprocess
import tarfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import icatmapping as im

if TYPE_CHECKING:
    from collections.abc import Iterator

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
AXE_VERSION = "4.14.1"


@pytest.fixture(scope="session")
def explorer(ds: im.Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the site of the bundled records."""
    if "EXPLORER" in os.environ:
        return Path(os.environ["EXPLORER"])
    path = tmp_path_factory.mktemp("explorer") / "site"
    im.write_site(ds, path)
    return path


@pytest.fixture(scope="session")
def served(explorer: Path) -> Iterator[str]:
    """Return the address of a server that serves the site."""
    handler = functools.partial(_Quiet, directory=str(explorer))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing of what is asked."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Return a browser."""
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=FLAGS)
        yield found
        found.close()


@pytest.fixture(params=["file", "http"])
def base(request: pytest.FixtureRequest, explorer: Path, served: str) -> str:
    """Return where the site is: in a folder, and on a server."""
    return explorer.as_uri() if request.param == "file" else served


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """Return a page that must raise no error, say nothing in its console and ask nobody else for anything."""
    found = browser.new_page(viewport={"width": 1280, "height": 900})
    complaints: list[str] = []
    found.on("pageerror", lambda error: complaints.append(str(error)))
    found.on("console", lambda message: complaints.append(message.text))
    found.on("request", lambda asked: complaints.append(asked.url) if _is_foreign(asked.url) else None)
    yield found
    found.close()
    assert complaints == []


def _is_foreign(address: str) -> bool:
    return not address.startswith(("file:", "http://127.0.0.1:", "blob:", "data:"))


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the script of axe-core."""
    if "AXE" in os.environ:
        return Path(os.environ["AXE"]).read_text("utf-8")
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("needs npm, or AXE")
    folder = tmp_path_factory.mktemp("axe")
    subprocess.run([npm, "pack", f"axe-core@{AXE_VERSION}"], cwd=folder, check=True, capture_output=True)
    with tarfile.open(next(folder.glob("*.tgz"))) as archive:
        member = archive.extractfile("package/axe.min.js")
        assert member is not None
        return member.read().decode("utf-8")
