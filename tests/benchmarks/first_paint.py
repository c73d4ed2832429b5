"""
How soon the explorer shows something on a slow line: the first contentful paint of each kind of page, in Chromium.

Run: python tests/benchmarks/first_paint.py SITE. Needs Chromium and Playwright. The line is Lighthouse's slow 4G:
150 ms for a round trip, 1.6 Mbit/s down; nothing is kept from page to page.
"""

from __future__ import annotations

import functools
import http.server
import os
import sys
import threading
from pathlib import Path
from statistics import median

from playwright.sync_api import sync_playwright

ROUNDS = 3
SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu")


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing of what is asked."""


def pages_of(site: Path) -> list[Path]:
    """List a page of each kind: those at the top that are no further page of a list, and the largest of each folder."""
    found = [page for page in sorted(site.glob("*.html")) if "--" not in page.name]
    for folder in sorted(path for path in site.iterdir() if path.is_dir()):
        inside = sorted(folder.glob("*.html"), key=lambda page: page.stat().st_size)
        found += inside[-1:]
    return found


def main(site: Path) -> None:
    """Print the median time of each page."""
    handler = functools.partial(_Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server, sync_playwright() as playwright:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=list(FLAGS)
        )
        print("| page | kB | first contentful paint, ms |\n|---|---:|---:|")
        for path in pages_of(site):
            taken = []
            for _ in range(ROUNDS):
                context = browser.new_context()
                page = context.new_page()
                line = context.new_cdp_session(page)
                line.send("Network.enable")
                line.send("Network.setCacheDisabled", {"cacheDisabled": True})
                line.send("Network.emulateNetworkConditions", SLOW_4G)
                page.goto(f"http://127.0.0.1:{server.server_port}/{path.relative_to(site)}")
                page.wait_for_timeout(300)
                taken.append(page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime"))
                context.close()
            print(f"| {path.relative_to(site)} | {path.stat().st_size / 1000:.0f} | {median(taken):.0f} |", flush=True)
        browser.close()
        server.shutdown()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
