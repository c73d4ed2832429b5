"""
What every page of a site needs: the dataset, how things are linked, how templates are filled, where files are written.

Knows nothing of what single pages say.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

from attrs import frozen

from icatmapping.errors import MissingExtraError
from icatmapping.model import geography
from icatmapping.model.schema import COLLECTIONS
from icatmapping.utils.text import escape_address

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import jinja2

    from icatmapping.dataset import Dataset
    from icatmapping.model.records import Record

__all__ = ["FOLDERS", "Link", "Settings", "Site", "script"]

FOLDERS: Mapping[str, str] = {
    "entities": "members",
    **{name: name for name in ("organizations", "initiatives", "partnerships", "resources")},
}
"""The folder in which the pages of the records of a collection are."""
_DESCRIPTION = 200
"""How many characters of a description search engines and messengers show."""


class Link(NamedTuple):
    """
    A text that may lead somewhere.

    Attributes:
        text: What it says.
        href: A file of the site, from its root, or a web address; None if it leads nowhere.
        note: What is said after it, or None.
    """

    text: str
    href: str | None = None
    note: str | None = None

    @property
    def is_external(self) -> bool:
        """Whether it leads out of the site."""
        return self.href is not None and self.href.startswith(("http://", "https://"))


@frozen
class Settings:
    """
    What can be set of a site.

    Attributes:
        title: Its title.
        colour: Its one colour, ``#rrggbb``.
        footer: A text at the foot of every page, or None.
        url: The address at which it will be published, without a slash at the end, or None.
    """

    title: str
    colour: str
    footer: str | None
    url: str | None


class Site:
    """
    A site that is being written.

    Args:
        ds: The dataset.
        settings: What is set of the site.
        folder: The folder that it is written to.
    """

    def __init__(self, ds: Dataset, settings: Settings, folder: Path) -> None:
        self.ds = ds
        self.settings = settings
        self.folder = folder
        self._templates = templates()
        self._made: set[Path] = set()

    @property
    def source(self) -> str:
        """The source that every page names."""
        version = f"dataset {self.ds.version}, " if self.ds.version else ""
        return f"{version}as of {self.ds.as_of}" if self.ds.as_of else "an empty dataset"

    # --- links

    def record(self, record: Record, note: str | None = None) -> Link:
        """Return the link to the page of a record."""
        return Link(record.label, self.path(record), note)

    @staticmethod
    def path(record: Record) -> str:
        """Return the page of a record."""
        return f"{FOLDERS[record.collection]}/{record.id}.html"

    def body(self, identifier: str, note: str | None = None) -> Link:
        """Return the link to the page of an entity or organization."""
        record = self.ds.directory.by_id[identifier]
        return Link(self.ds.directory.label(identifier), self.path(record), note)

    def country(self, alpha3: str, note: str | None = None) -> Link:
        """Return the link to the page of a country."""
        return Link(geography.name_of(alpha3), f"countries/{alpha3}.html", note)

    def area(self, value: str) -> Link:
        """Return the name of an area."""
        named = self.ds.directory.areas.named
        return Link(named[value].label if value in named else geography.area_label(value))

    # --- files

    def page(self, name: str, template: str, *, title: str, description: str, **values: Any) -> None:
        """Fill a template, and write the page."""
        settings = self.settings
        root = "../" * name.count("/")
        if name == "404.html" and settings.url:  # which a server shows at any address
            root = f"{settings.url}/"
        values["jsonld"] = values.get("jsonld") or self._webpage(title, description)
        whole = settings.title if title == settings.title else f"{title} – {settings.title}"
        html = self._templates.get_template(template).render(
            site=self,
            settings=settings,
            root=root,
            name=name,
            heading=title,
            title=whole,
            description=shorten(description),
            **values,
        )
        self.write(name, html)

    def _webpage(self, title: str, description: str) -> dict[str, Any]:
        """Return what a page says of itself to machines that has nothing of its own to say."""
        return {
            "@context": "https://schema.org/",
            "@type": "WebPage",
            "name": title,
            "description": description,
            "isPartOf": {"@type": "WebSite", "name": self.settings.title},
            "dateModified": self.ds.as_of or None,
        }

    def write(self, name: str, text: str) -> None:
        """Write a file of the site."""
        target = self.folder / name
        if target.parent not in self._made:
            target.parent.mkdir(parents=True, exist_ok=True)
            self._made.add(target.parent)
        target.write_text(text, encoding="utf-8", newline="\n")

    def data(self, name: str, value: Any) -> None:
        """Write data as a plain script, which pages can read without asking a server: ``window.ICAT["name"] = …``."""
        self.write(f"data/{name}.js", f"(window.ICAT=window.ICAT||{{}})[{script(name)}]={script(value)};\n")

    def json(self, name: str, value: Any) -> None:
        """Write data as JSON."""
        self.write(name, json.dumps(value, ensure_ascii=False) + "\n")


def script(value: Any) -> str:
    r"""
    Return a value as JSON that is a script as well, and can stand inside an element ``script``.

    >>> script(["</script>", 1])
    '["\\u003c/script\\u003e",1]'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return text


def shorten(text: str, most: int = _DESCRIPTION) -> str:
    """
    Return a text of at most so many characters, to the end of a word.

    >>> shorten("Trains police officers", 16)
    'Trains police …'
    """
    return text if len(text) <= most else f"{text[: most - 1].rsplit(' ', 1)[0]} …"


@cache
def templates() -> jinja2.Environment:
    """
    Return the templates; everything that they are filled with is text, and never markup.

    Raises:
        MissingExtraError: If Jinja2 is not installed.
    """
    try:
        import jinja2  # noqa: PLC0415 - optional
        import markupsafe  # noqa: PLC0415 - comes with it
    except ImportError:
        raise MissingExtraError("Jinja2", "site") from None
    folder = files("icatmapping.site").joinpath("templates")
    found = {entry.name: entry.read_text("utf-8") for entry in folder.iterdir() if entry.name.endswith(".html")}
    environment = jinja2.Environment(
        loader=jinja2.DictLoader(found),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["address"] = escape_address
    environment.filters["figure"] = figure
    environment.filters["script"] = lambda value: markupsafe.Markup(script(value))  # noqa: S704 - escaped by script
    environment.globals["singular"] = {name: entry.singular for name, entry in COLLECTIONS.items()}
    return environment


def figure(value: float) -> str:
    """
    Return a number as people read it.

    >>> figure(1724), figure(0.0312), figure(2.0)
    ('1,724', '0.031', '2')
    """
    if float(value).is_integer():
        return f"{int(value):,}"
    return f"{value:.2f}" if abs(value) >= 1 else f"{value:.2g}"
