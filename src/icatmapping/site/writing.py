"""
Writing a site: what is to be done, in which order, on as many processors as there are.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import secrets
import shutil
import sys
import threading
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from icatmapping.model import geography
from icatmapping.model.schema import LOCATED
from icatmapping.site.colours import check_colour, palette
from icatmapping.site.context import Settings, Site
from icatmapping.site.countries import write_country
from icatmapping.site.front import write_front
from icatmapping.site.paths import write_country_data
from icatmapping.site.questions import gap_tables, write_gaps, write_questions
from icatmapping.site.records import write_bodies, write_records
from icatmapping.site.search_index import write_search
from icatmapping.site.tables import write_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from icatmapping.dataset import Dataset
    from icatmapping.statistics.gaps import Gaps

__all__ = ["write_site"]

TITLE = "Who does what against trafficking in persons"
COLOUR = "#1b5e75"
_MARK = "site.json"
"""The file that says that a folder holds a site."""
_COUNTRIES_AT_ONCE = 5
_FEW_RECORDS = 500


class Task(NamedTuple):
    """
    A part of a site that can be written on its own.

    Attributes:
        what: What it is, as the progress names it.
        part: Which part of it.
    """

    what: str
    part: tuple[str, ...] = ()


def write_site(
    ds: Dataset,
    path: str | os.PathLike[str],
    *,
    title: str = TITLE,
    colour: str = COLOUR,
    footer: str | None = None,
    url: str | None = None,
    progress: Callable[[int, int, str], object] | None = None,
) -> None:
    """
    Write a mapping as a static site for people to read, search and ask: the explorer.

    Every number in it is the library's. It asks no server for anything, so it can be opened from a folder as well as
    put on any web server.

    Args:
        ds: The dataset.
        path: The folder to write it to. A site that is there is replaced as a whole.
        title: What the site is called.
        colour: Its one colour, ``#rrggbb``; it is made darker or lighter where it could not be read otherwise.
        footer: A text at the foot of every page, e.g. who publishes it.
        url: The address at which it will be published, for what needs a whole address: the sitemap, links for sharing.
        progress: What is called after each part with the number of parts done, the number of all, and what was done.

    Raises:
        FileExistsError: If the folder holds something that is not a site.
        MissingExtraError: If Jinja2 is not installed.
        ValueError: If the colour or the address is none.

    Examples:
        >>> import tempfile
        >>> from pathlib import Path
        >>> import icatmapping as im
        >>> empty = im.load().extended([])
        >>> with tempfile.TemporaryDirectory() as folder:  # doctest: +SKIP
        ...     im.write_site(im.load(), Path(folder) / "explorer")
        ...     (Path(folder) / "explorer" / "index.html").exists()
        True
    """
    settings = Settings(title, check_colour(colour), footer, _checked(url))
    with _replacing(Path(os.path.realpath(path))) as folder:
        site = Site(ds, settings, folder)
        _copy_assets(site)
        tables = gap_tables(site)
        tasks = _tasks(site)
        _run(site, tables, tasks, progress or (lambda _done, _all, _what: None))
        pages = sorted(str(page.relative_to(folder).as_posix()) for page in folder.rglob("*.html"))
        write_sitemap(site, pages)
        site.json(_MARK, {"title": title, "dataset": ds.version, "as_of": ds.as_of, "pages": len(pages)})


def _checked(url: str | None) -> str | None:
    if url is not None and not url.startswith(("http://", "https://")):
        message = f"url must be a web address such as 'https://example.org/explorer', not {url!r}"
        raise ValueError(message)
    return None if url is None else url.rstrip("/")


def _tasks(site: Site) -> list[Task]:
    """Return what there is to do, what takes longest first."""
    codes = list(geography.by_alpha3())
    parts = [tuple(codes[place : place + _COUNTRIES_AT_ONCE]) for place in range(0, len(codes), _COUNTRIES_AT_ONCE)]
    tasks = [Task("records", (name,)) for name in LOCATED if len(site.ds.collection(name))]
    tasks += [Task("bodies", (name,)) for name in ("organizations", "entities")]
    tasks += [Task("search"), Task("gaps")]
    tasks += [Task("countries", part) for part in parts]
    tasks += [Task("tables", (name,)) for name in LOCATED]
    return [*tasks, Task("questions"), Task("front")]


def _do(site: Site, tables: Mapping[str, Gaps], task: Task) -> None:
    if task.what == "countries":
        for alpha3 in task.part:
            write_country(site, alpha3, _of_country(tables, alpha3))
            write_country_data(site, alpha3)
    elif task.what == "gaps":
        write_gaps(site, tables)
    elif task.part:
        by_collection: dict[str, Callable[[Site, str], None]] = {
            "records": write_records,
            "bodies": write_bodies,
            "tables": write_table,
        }
        by_collection[task.what](site, *task.part)
    else:
        whole: dict[str, Callable[[Site], None]] = {
            "search": write_search,
            "questions": write_questions,
            "front": write_front,
        }
        whole[task.what](site)


def _of_country(tables: Mapping[str, Gaps], alpha3: str) -> list[list[Any]]:
    """Return the cells of a country that no initiative names, by form and by theme: what gaps are by default."""
    return [[gap for gap in tables[name] if gap.row == alpha3 and gap.count == 0] for name in ("form", "theme")]


# --- on several processors -------------------------------------------------------------------------------------------

_SHARED: dict[str, Any] = {}


def _run(
    site: Site, tables: Mapping[str, Gaps], tasks: list[Task], progress: Callable[[int, int, str], object]
) -> None:
    with _pool(site, tables) as pool:
        alone = (_done(site, tables, task) for task in tasks)
        done: Iterable[str] = alone if pool is None else pool.imap_unordered(_do_shared, tasks)
        for number, what in enumerate(done, start=1):
            progress(number, len(tasks), what)


def _done(site: Site, tables: Mapping[str, Gaps], task: Task) -> str:
    _do(site, tables, task)
    return task.what


def _do_shared(task: Task) -> str:
    return _done(_SHARED["site"], _SHARED["tables"], task)


@contextmanager
def _pool(site: Site, tables: Mapping[str, Gaps]) -> Iterator[Any]:
    """Return processes that share what was read, or None where they could not or it is not worth it."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    small = sum(len(site.ds.collection(name)) for name in LOCATED) < _FEW_RECORDS
    # A process with several threads must not be copied; elsewhere than on Linux processes share nothing.
    if small or processors < 2 or threading.active_count() > 1 or sys.platform != "linux":
        yield None
        return
    _SHARED.update(site=site, tables=tables)
    try:
        with multiprocessing.get_context("fork").Pool(processors) as pool:
            yield pool
    finally:
        _SHARED.clear()


# --- files -----------------------------------------------------------------------------------------------------------


def _copy_assets(site: Site) -> None:
    folder = files("icatmapping.site").joinpath("assets")
    for entry in folder.iterdir():
        if entry.is_file():
            site.write(f"assets/{entry.name}", entry.read_text("utf-8"))
    for entry in folder.joinpath("vendor").iterdir():
        site.write(f"assets/vendor/{entry.name}", entry.read_text("utf-8"))
    site.write("assets/colours.css", palette(site.settings.colour))


def write_sitemap(site: Site, pages: list[str]) -> None:
    """Write the sitemap; without an address to publish at, from the root of whatever server it will be on."""
    base = site.settings.url or ""
    found = "".join(f"<url><loc>{_xml(f'{base}/{page}')}</loc></url>\n" for page in pages if page != "404.html")
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    site.write("sitemap.xml", f"{head}{found}</urlset>\n")
    where = f"Sitemap: {base}/sitemap.xml\n" if base else ""
    site.write("robots.txt", f"User-agent: *\nAllow: /\n{where}")


def _xml(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@contextmanager
def _replacing(target: Path) -> Iterator[Path]:
    """Return a new folder that takes the place of another when all went well; what is no site is never replaced."""
    if target.exists() and not _is_free(target):
        message = f"{target} must be a new folder, an empty one, or one that holds a site; it holds something else"
        raise FileExistsError(message)
    target.parent.mkdir(parents=True, exist_ok=True)
    new = target.with_name(f".{secrets.token_hex(8)}")
    new.mkdir()
    try:
        yield new
        old = None
        if target.exists():
            new.chmod(target.stat().st_mode & 0o777)
            old = target.with_name(f".{secrets.token_hex(8)}")
            target.rename(old)
        try:
            new.rename(target)
        except OSError:
            if old is not None:
                old.rename(target)
            raise
        if old is not None:
            shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _is_free(folder: Path) -> bool:
    if not folder.is_dir():
        return False
    mark = folder / _MARK
    if mark.is_file():
        try:
            return "pages" in json.loads(mark.read_text("utf-8"))
        except ValueError:
            return False
    return not any(folder.iterdir())
