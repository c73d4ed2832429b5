"""
References: who published what, under which title, when, where it is and when it was read; numbered, for a memo.
"""

from __future__ import annotations

import calendar
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from attrs import frozen

from icatmapping.dataset import Dataset, load
from icatmapping.model.fields import STATEMENT, is_statement
from icatmapping.model.records import RECORD_CLASSES, Record, Resource
from icatmapping.model.schema import COLLECTIONS, QUERIED
from icatmapping.query.collection import Collection
from icatmapping.query.directory import host_of
from icatmapping.results import Row, Table
from icatmapping.utils.arguments import check_choice
from icatmapping.utils.text import join_and

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from icatmapping.query.directory import Directory

__all__ = ["Reference", "References", "Style", "cite", "references"]

Style: TypeAlias = Literal["text", "bibtex", "csl-json"]
"""How references are written."""
_MONTHS = tuple(calendar.month_name)[1:]


@frozen(repr=False)
class Reference(Row):
    """
    A source, as a memo refers to it.

    Attributes:
        number: Its number, from 1.
        publisher: Who published it: the names of the bodies, or the host of the page; empty for a statement.
        title: The title of the publication; for a page, that of the record that it supports.
        year: The year of a publication; None for a page, which does not state one.
        address: Its address, or None for a statement of one's own.
        read: When it was last read (YYYY-MM).
        records: The nodes of the records that it supports (``"initiative:ID"`` …).
        identifiers: The identifiers of a publication, by type.
    """

    number: int
    publisher: str
    title: str
    year: int | None
    address: str | None
    read: str
    records: tuple[str, ...]
    identifiers: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        issued = f" ({self.year})" if self.year is not None else ""
        who = f"{self.publisher}{issued}, " if self.publisher else ""
        read = f"{_MONTHS[int(self.read[5:]) - 1]} {self.read[:4]}"
        where = "unpublished" if self.address is None else self.address
        kind = "“{}”" if self.is_publication else "page on “{}”"
        title = self.title if self.address is None else kind.format(self.title)
        return f"{who}{title}, {where} (read {read})"

    @property
    def is_publication(self) -> bool:
        """Whether it is a publication of its own, and not a page that supports a record."""
        return any(node.startswith("resource:") for node in self.records[:1])


@frozen(repr=False)
class References(Table[Reference]):
    """
    Numbered references, in the order in which their records were given.

    Attributes:
        rows: The references.
    """

    rows: tuple[Reference, ...]

    def numbers(self, record: Record) -> tuple[int, ...]:
        """Return the numbers of the references that support a record, e.g. for footnotes: ``(3, 7)``."""
        node = _node(record)
        return tuple(row.number for row in self.rows if node in row.records)

    def write(self, style: Style = "text") -> str:
        """
        Return the references as text, BibTeX or CSL JSON.

        Raises:
            UnknownNameError: If there is no such style.
        """
        check_choice("style", style, tuple(_STYLES))
        return _STYLES[style](self.rows)

    def __str__(self) -> str:
        return self.write()


def cite(what: object, style: Style = "text", *, ds: Dataset | None = None) -> str:
    """
    Return how to refer to a record, or the numbered references of a collection, a brief or another answer.

    A resource is cited as the publication that it is; any other record by its main page. An answer has a reference for
    every source of every record in it, each once. For a page, which states no title of its own in the mapping, the
    title is that of the record that it supports.

    Args:
        what: A record, a collection, some records, or an answer.
        style: ``"text"``, ``"bibtex"`` or ``"csl-json"``.
        ds: The dataset that the records are of; by default that of the collection, or the bundled one.

    Raises:
        UnknownNameError: If there is no such style.
        TypeError: If what is given holds no records.

    Examples:
        >>> import icatmapping as im
        >>> print(im.cite(im.load().initiatives["50 for Freedom"]))
        ILO, page on “50 for Freedom”, https://50forfreedom.org/ (read November 2026)
    """
    check_choice("style", style, tuple(_STYLES))
    if type(what) in RECORD_CLASSES.values():
        directory = _dataset(what, ds).directory
        main = next(_sources_of(what, directory, is_main=True))
        found = References((main,))
        return found.write(style) if style != "text" else str(main)
    return references(what, ds=ds).write(style)


def references(what: object, *, ds: Dataset | None = None) -> References:
    """
    Return the numbered references of a record, a collection, a brief or another answer: every source, each once.

    Args:
        what: A record, a collection, some records, or an answer that holds or names records.
        ds: The dataset that the records are of; by default that of the collection, or the bundled one.

    Raises:
        TypeError: If what is given holds no records.

    Examples:
        >>> import icatmapping as im
        >>> found = im.references(im.load().initiatives.where(country="Ghana"))
        >>> found[0].number, len({row.address for row in found}) == len(found)
        (1, True)
    """
    dataset = _dataset(what, ds)
    _check_no_text(what, dataset)
    rows: dict[tuple[str | None, str], Reference] = {}
    seen: set[str] = set()
    has_any = False
    for record in _records_in(what, dataset, 0):
        has_any = True
        if _node(record) in seen:
            continue
        seen.add(_node(record))
        for source in _sources_of(record, dataset.directory):
            key = (source.address, source.title if source.address is None else "")
            known = rows.get(key)
            if known is None:
                rows[key] = _numbered(source, len(rows) + 1)
            else:
                rows[key] = _numbered(
                    known, known.number, (*known.records, *source.records), max(known.read, source.read)
                )
    if not has_any and not isinstance(what, Collection | Table | Sequence):
        message = f"{type(what).__name__} holds no records to refer to; a record, a collection or an answer is wanted"
        raise TypeError(message)
    return References(tuple(rows.values()))


def _check_no_text(what: object, ds: Dataset) -> None:
    """Refuse text that is not the node of a record (``"initiative:ID"``), by which answers name records."""
    items = what if isinstance(what, list | tuple | set | frozenset) else (what,)
    texts = [item for item in items if isinstance(item, str | bytes)]
    unknown = [text for text in texts if isinstance(text, bytes) or not any(_named(text, ds))]
    if unknown:
        text = unknown[0][:80]
        message = f"what to refer to must be a record, a collection, some records or an answer, not the text {text!r}"
        raise TypeError(f"{message}; give the record, such as ds.initiatives[{text!r}]")


def _numbered(
    row: Reference, number: int, records: tuple[str, ...] | None = None, read: str | None = None
) -> Reference:
    return Reference(
        number,
        row.publisher,
        row.title,
        row.year,
        row.address,
        read or row.read,
        records or row.records,
        row.identifiers,
    )


def _dataset(what: object, ds: Dataset | None) -> Dataset:
    if ds is not None:
        return ds
    source = what.directory.source if isinstance(what, Collection) else what
    return source if isinstance(source, Dataset) else load()


MAX_DEPTH = 8
"""How deep an answer is looked into: a record in a step in a path in paths."""


def _records_in(what: object, ds: Dataset, depth: int) -> Iterator[Any]:
    """Yield the records that something holds, or names by their nodes."""
    if type(what) in RECORD_CLASSES.values():
        if type(what).collection in QUERIED:  # type: ignore[attr-defined]
            yield what
    elif isinstance(what, Dataset):
        for name in QUERIED:
            yield from what.collection(name)
    elif isinstance(what, Collection):
        yield from what
    elif isinstance(what, str):
        yield from _named(what, ds)
    elif depth < MAX_DEPTH and not isinstance(what, Mapping):
        for part in _parts(what):
            yield from _records_in(part, ds, depth + 1)


def _named(node: str, ds: Dataset) -> Iterator[Any]:
    """Yield the record that a node names (``"initiative:ID"``), if it is one."""
    kind, colon, identifier = node.partition(":")
    collection = _OF_NODE.get(kind) if colon else None
    if collection is not None and identifier in ds.collection(collection).store.position_of:
        yield ds.collection(collection)[identifier]


def _parts(what: object) -> Iterator[object]:
    """Yield what an answer is made of: its fields, else its items."""
    names: Sequence[str] = getattr(type(what), "__match_args__", ())
    yield from (getattr(what, name) for name in names)
    if isinstance(what, Iterable) and not (names and isinstance(what, Table)):
        yield from what


_OF_NODE: Mapping[str, str] = MappingProxyType(
    {entry.singular: entry.name for entry in COLLECTIONS.values() if entry.roles}
)


def _node(record: Any) -> str:
    return f"{COLLECTIONS[record.collection].singular}:{record.id}"


def _sources_of(record: Any, directory: Directory, *, is_main: bool = False) -> Iterator[Reference]:
    """Yield a reference for every source of a record; the publication itself, or the main page, first."""
    bodies = tuple(dict.fromkeys(one for role in record.roles for one in getattr(record, role))) or (record.id,)
    page = getattr(record, "url", None) or getattr(record, "website", None)
    pages: list[str] = [*([page] if page else []), *record.sources]
    addresses = dict.fromkeys(pages)
    for place, source in enumerate(addresses):
        is_itself = isinstance(record, Resource) and (place == 0 or is_main)
        if is_statement(source):
            yield Reference(1, "", source.removeprefix(STATEMENT), None, None, record.checked, (_node(record),))
        elif is_itself:
            identifiers = tuple((str(one.type), one.value) for one in record.identifiers)
            publisher = _names(bodies if record.publishers else (), directory) or host_of(source)
            yield Reference(
                1, publisher, record.title, record.year, source, record.checked, (_node(record),), identifiers
            )
        else:
            owner = directory.publisher(source, bodies)
            publisher = host_of(source) if owner is None else directory.label(owner)
            # A page that supports a publication is none: it stands behind its own records only.
            yield Reference(1, publisher, record.label, None, source, record.checked, (_node(record),))


def _names(bodies: Iterable[str], directory: Directory) -> str:
    names = [directory.label(one) if one in directory.by_id else one for one in bodies]
    return join_and(names) if names else ""


# --- styles ----------------------------------------------------------------------------------------------------------


def _as_text(rows: Sequence[Reference]) -> str:
    width = len(str(len(rows))) + 2
    return "\n".join(f"{f'[{row.number}]':<{width}} {row}" for row in rows)


_LATEX = str.maketrans(
    {letter: f"\\{letter}" for letter in "&%$#_{}"}
    | {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
)


def _as_bibtex(rows: Sequence[Reference]) -> str:
    return "\n\n".join(map(_bibtex, rows))


def _bibtex(row: Reference) -> str:
    kind = "techreport" if row.is_publication and row.year is not None and row.publisher else "misc"
    fields: dict[str, str] = {}
    if row.publisher:
        fields["institution" if kind == "techreport" else "publisher"] = f"{{{row.publisher.translate(_LATEX)}}}"
        fields["author"] = f"{{{row.publisher.translate(_LATEX)}}}"
    fields["title"] = f"{{{row.title.translate(_LATEX)}}}"
    if row.year is not None:
        fields["year"] = str(row.year)
    if row.address is not None:
        fields["url"] = re.sub(r"[{}\\\s]", lambda found: f"%{ord(found[0]):02X}", row.address)
        fields["urldate"] = row.read
    fields["note"] = f"Read {_MONTHS[int(row.read[5:]) - 1]} {row.read[:4]}" + ("" if row.address else ", unpublished")
    fields |= {name: value.translate(_LATEX) for name, value in row.identifiers if name in ("doi", "isbn", "issn")}
    return "\n".join([f"@{kind}{{{_key(row)},", *(f"  {name} = {{{text}}}," for name, text in fields.items()), "}"])


def _key(row: Reference) -> str:
    return f"{row.records[0].partition(':')[2]}-{row.number}"


def _as_csl(rows: Sequence[Reference]) -> str:
    return json.dumps([_csl(row) for row in rows], ensure_ascii=False, indent=2)


def _csl(row: Reference) -> dict[str, Any]:
    kind = "report" if row.is_publication else "webpage" if row.address else "document"
    item: dict[str, Any] = {"id": _key(row), "type": kind, "title": row.title}
    if row.publisher:
        item |= {"author": [{"literal": row.publisher}], "publisher": row.publisher}
    if row.year is not None:
        item["issued"] = {"date-parts": [[row.year]]}
    if row.address is not None:
        item["URL"] = row.address
        item["accessed"] = {"date-parts": [[int(row.read[:4]), int(row.read[5:])]]}
    return item | {name.upper(): value for name, value in row.identifiers if name in ("doi", "isbn", "issn")}


_STYLES: Mapping[str, Callable[[Sequence[Reference]], str]] = MappingProxyType(
    {"text": _as_text, "bibtex": _as_bibtex, "csl-json": _as_csl}
)
