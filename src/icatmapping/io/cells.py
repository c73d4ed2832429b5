"""
The cells of a row as values of fields, with everything told that was not understood.

Knows nothing of the files that the rows come from, nor of what becomes of the values.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from typing import TYPE_CHECKING, Any, TypeAlias, get_args, get_origin

from attrs import fields

from icatmapping.io.dates import GOING_ON, parse_date, parse_period
from icatmapping.io.drafts import LeftOut, Problem
from icatmapping.io.headers import PERIOD, TOPICS, is_blank
from icatmapping.io.resolving import NOTHING, TOPIC_FIELDS, Resolver, Unresolved, split_cell
from icatmapping.model.fields import STATEMENT, Alpha3, Format, Id, Language
from icatmapping.model.records import RECORD_CLASSES
from icatmapping.model.schema import COLLECTIONS
from icatmapping.model.vocabulary import VOCABULARIES, Term
from icatmapping.utils.annotations import is_optional
from icatmapping.utils.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from icatmapping.dataset import Dataset
    from icatmapping.io.headers import Header

__all__ = ["CellReader", "as_text", "slug"]

MAX_TOLD = 10_000
"""How many problems, and how many rows left out, a draft names."""
MAX_ID = 100
_YEAR_FIELDS = frozenset({"year", "joined", "left", "ended"})
_DATE_FIELDS = _YEAR_FIELDS | {PERIOD, "start", "end", "last_seen", "checked"}
Handler: TypeAlias = "Callable[[int, Header, str, str, dict[str, Any]], None]"
"""What reads a cell: the row, the header, the field, the text, and the fields of the record so far."""
MAX_TEXT = 20_000
"""How many characters a field holds; the rest of a longer cell is cut."""


def slug(text: str) -> str:
    """
    Return an id made of a title.

    >>> slug("Côte d'Ivoire: training of judges (2021)")
    'cote-divoire-training-of-judges-2021'
    """
    words = re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")
    return words[:MAX_ID].rstrip("-") or "record"


class CellReader:
    """What reads the cells of rows, and notes what it does not understand."""

    def __init__(
        self,
        ds: Dataset,
        collection: str,
        *,
        file: str,
        sheet: str | None,
        source: str | None,
        checked: str | None,
        add_bodies: bool,
        month_first: bool | Mapping[int, bool] = False,
    ) -> None:
        """
        Begin a draft.

        Args:
            ds: The dataset whose names are known.
            collection: The collection of which records are made.
            file: The name of the file.
            sheet: The worksheet, or None.
            source: What records without a source of their own rest on; by default the file and the row.
            checked: When it was read (YYYY-MM); by default the dataset's own present.
            add_bodies: Whether organizations are made of bodies that nobody knows.
            month_first: Whether the month stands first in dates; or the columns, by position, in which it does.
        """
        self.resolver: Resolver = Resolver(ds)
        self.notes: list[str] = []
        self._ds, self._collection, self._kind = ds, collection, RECORD_CLASSES[collection]
        self._file, self._sheet, self._source = file, sheet, source
        self._checked = checked or ds.as_of or "2026-01"
        self._add_bodies, self._month_first = add_bodies, month_first
        self._types = {attribute.name: attribute.type for attribute in fields(self._kind)}
        self._handlers: dict[str, Handler] = {}
        self._problems: list[Problem] = []
        self._left_out: list[LeftOut] = []
        self._untold = Counter[str]()
        self._unknown: dict[str, tuple[str, str | None]] = {}
        self._unknown_count = Counter[str]()
        self._organizations: dict[str, dict[str, Any]] = {}
        self._body_of: dict[str, str] = {}

    # --- what is told

    def tell(self, row: int, column: str, value: object, message: str, nearest: str | None = None) -> None:
        """Note a value that was not understood."""
        if len(self._problems) < MAX_TOLD:
            self._problems.append(Problem(row, column, as_text(value)[:500], message, nearest))
        else:
            self._untold["problems"] += 1

    def leave_out(self, row: int, reason: str, cells: Iterable[object]) -> None:
        """Note a row of which no record is made."""
        if len(self._left_out) < MAX_TOLD:
            self._left_out.append(LeftOut(row, reason, tuple(as_text(cell)[:1_000] for cell in cells)))
        else:
            self._untold["rows left out"] += 1

    # --- cells

    def _values(
        self, row: int, cells: Sequence[object], headers: Sequence[Header]
    ) -> tuple[dict[str, Any], dict[str, str]]:
        """Return what the cells of a row say: fields, and what stands in columns that are none."""
        values: dict[str, Any] = {}
        extra: dict[str, str] = {}
        coded = {header.field for header in headers if header.is_coded}
        # Places first: they tell whose Ministry of Justice is meant.
        order = sorted(range(len(cells)), key=lambda place: _field_at(headers, place) not in ("countries", "country"))
        for place in order:
            cell = cells[place]
            if is_blank(cell):
                continue
            header = headers[place] if place < len(headers) else None
            if header is None or header.field is None:
                extra[(header.text if header is not None else "") or f"column {place + 1}"] = as_text(cell)
            elif header.field not in coded or header.is_coded:
                self._take(row, place, header, cell, values)
        return values, extra

    def _take(self, row: int, place: int, header: Header, cell: object, values: dict[str, Any]) -> None:
        name = str(header.field)
        if isinstance(cell, str) and _ERROR.fullmatch(cell):
            self.tell(row, header.text, cell, "is what a formula gave that failed")
            return
        month_first = self._month_first if isinstance(self._month_first, bool) else self._month_first.get(place, False)
        if name in _DATE_FIELDS:
            self._take_date(row, name, header, cell, values, month_first=month_first)
            return
        text = as_text(cell)
        if text == "NA" and name in ("countries", "country"):
            self.tell(row, header.text, text, "may be the code of Namibia or mean nothing; write the name", "Namibia")
            return
        if fold(text) in NOTHING and not re.search(r"\d", text):
            return
        self._handler(name)(row, header, name, text, values)

    def _handler(self, name: str) -> Handler:
        """Return what reads the cells of a field, by what the field holds."""
        found = self._handlers.get(name)
        if found is None:
            kind = self._types.get(name)
            if name == TOPICS or name in TOPIC_FIELDS or name in ("countries", "regions"):
                found = self._take_places_and_topics
            elif "entities" in COLLECTIONS[self._collection].foreign_keys.get(name, ((), ""))[0]:
                found = self._take_bodies
            elif name in ("url", "website", "trafficking_url"):
                found = self._take_address
            elif kind is not None and _vocabulary(kind) is not None:
                found = self._take_term
            elif get_origin(kind) is tuple:
                found = self._take_list
            else:
                found = self._take_country if _inner(kind) == Alpha3 else self._take_text
            self._handlers[name] = found
        return found

    def _take_list(self, _row: int, _header: Header, name: str, text: str, values: dict[str, Any]) -> None:
        parts = split_cell(text)
        found: list[Any]
        if name == "sources":
            found = [_as_source(part) for part in parts]
        elif name == "identifiers":
            pairs = (part.partition(":") for part in parts)
            found = [{"type": fold(kind).replace(" ", "_"), "value": value.strip()} for kind, _, value in pairs]
        elif get_args(self._types[name])[0] == Id:
            found = [slug(part) for part in parts]
        else:
            found = [_clean(part) for part in parts]
        kept = values.setdefault(name, [])
        kept += [one for place, one in enumerate(found) if one not in kept and one not in found[:place]]

    def _take_country(self, row: int, header: Header, name: str, text: str, values: dict[str, Any]) -> None:
        found = self.resolver.resolve("countries", text)
        self._tell_all(row, header, found.unresolved)
        for alpha3 in found.values.get("countries", ()):
            self._set(row, header, name, alpha3, values)

    def _take_text(self, row: int, header: Header, name: str, text: str, values: dict[str, Any]) -> None:
        if len(text) > MAX_TEXT:
            self.tell(row, header.text, text, f"is cut after {MAX_TEXT:,} characters")
        self._set(row, header, name, slug(text) if name == "id" else _clean(text), values)

    def _set(self, row: int, header: Header, name: str, value: Any, values: dict[str, Any]) -> None:
        """Set a field that holds one value; a second column with another one is told."""
        if values.get(name) not in (None, value):
            self.tell(
                row, header.text, value, f"is left, as another column says {as_text(values[name])[:60]!r} already"
            )
        else:
            values[name] = value

    def _take_date(
        self, row: int, name: str, header: Header, cell: object, values: dict[str, Any], *, month_first: bool
    ) -> None:
        text = fold(as_text(cell))
        if text in GOING_ON:
            if name in ("end", PERIOD) and "status" in self._types:
                values.setdefault("status", "ongoing")
            return
        if text in NOTHING and not isinstance(cell, int | float):
            return
        date = parse_date(cell, month_first=month_first)
        if name == PERIOD or (name in ("start", "year") and date is None):
            self._take_period(row, header, cell, values, month_first=month_first)
        elif date is None:
            self.tell(row, header.text, cell, "is not a date, or not one that is understood")
        elif name in _YEAR_FIELDS:
            self._set(row, header, name, int(date[:4]), values)
        elif name == "checked" and len(date) == 4:
            self.tell(row, header.text, cell, "has no month")
        else:
            self._set(row, header, name, date, values)

    def _take_period(
        self, row: int, header: Header, cell: object, values: dict[str, Any], *, month_first: bool
    ) -> None:
        period = parse_period(cell, month_first=month_first)
        if period is None:
            self.tell(row, header.text, cell, "is not a date, or not one that is understood")
            return
        start, end, goes_on = period
        if "start" not in self._types:
            self._set(row, header, "year", None if start is None else int(start[:4]), values)
            return
        self._set(row, header, "start", start, values)
        if end is not None:
            self._set(row, header, "end", end, values)
        if goes_on and "status" in self._types:
            values.setdefault("status", "ongoing")

    def _take_address(self, row: int, header: Header, name: str, text: str, values: dict[str, Any]) -> None:
        addresses = [address for address in map(_as_address, split_cell(text)) if Format.ADDRESS.fits(address)]
        if not addresses:
            self.tell(row, header.text, text, "is not a web address")
            return
        values.setdefault(name, addresses[0])
        for other in addresses[1:]:
            self.tell(row, header.text, other, f"is left, as {name} holds one address")

    def _take_term(self, row: int, header: Header, name: str, text: str, values: dict[str, Any]) -> None:
        kind = self._types[name]
        vocabulary = "language" if _inner(kind) == Language else str(_vocabulary(kind))
        found = self.resolver.resolve(vocabulary, text)
        self._tell_all(row, header, found.unresolved)
        terms = found.values.get(vocabulary, [])
        if get_origin(kind) is tuple:
            values.setdefault(name, []).extend(one for one in terms if one not in values[name])
        elif terms:
            self._set(row, header, name, terms[0], values)
            for other in terms[1:]:
                self.tell(row, header.text, other, f"is left, as {name} holds one value")

    def _take_places_and_topics(self, row: int, header: Header, name: str, text: str, values: dict[str, Any]) -> None:
        found = self.resolver.resolve(name, text)
        self._tell_all(row, header, found.unresolved)
        for field, terms in found.values.items():
            if field == "scope":
                values.setdefault("scope", terms[0])
            elif field in self._types:
                values.setdefault(field, []).extend(one for one in terms if one not in values[field])
            elif not any(other in self._types for other in found.values):
                self.tell(row, header.text, text, f"is {field}, which {self._collection} do not have")

    def _tell_all(self, row: int, header: Header, unresolved: Iterable[Unresolved]) -> None:
        for one in unresolved:
            self.tell(row, header.text, one.text, one.message, one.nearest)

    # --- bodies

    def _take_bodies(self, row: int, header: Header, name: str, text: str, values: dict[str, Any]) -> None:
        bodies = self.bodies(row, header.text, text, values.get("countries", ()))
        if get_origin(self._types[name]) is tuple:
            values.setdefault(name, []).extend(one for one in bodies if one not in values[name])
        elif bodies:
            self._set(row, header, name, bodies[0], values)

    def bodies(self, row: int, column: str, text: str, home: Sequence[str] = (), kind: str = "other") -> list[str]:
        """
        Return the ids of the bodies that a cell names, new organizations among them if they are asked for.

        Args:
            row: The row.
            column: The header of the column.
            text: What is written.
            home: The countries of the record (alpha-3).
            kind: The kind of organization that is made of a name that nobody knows.
        """
        found = self.resolver.resolve("bodies", text, home)
        bodies = list(found.values.get("bodies", ()))
        for one in found.unresolved:
            name = _clean(one.text)
            self._unknown.setdefault(fold(name), (name, one.nearest))
            if self._add_bodies and "could be" not in one.message:
                bodies.append(self._new_body(row, name, kind))
            else:
                self.tell(row, column, one.text, one.message, one.nearest)
                self._body_of.setdefault(fold(name), "")
            self._unknown_count[fold(name)] += 1
        return list(dict.fromkeys(bodies))

    def _new_body(self, row: int, name: str, kind: str) -> str:
        key = fold(name)
        known = self._body_of.get(key)
        if known:
            return known
        identifier = base = slug(name)
        number = 1
        while identifier in self._ds.directory.by_id or identifier in self._organizations:
            number += 1
            identifier = f"{base}-{number}"
        self._body_of[key] = identifier
        self._organizations[identifier] = {
            "id": identifier,
            "acronym": None,
            "name": name,
            "aliases": [],
            "kind": kind,
            "country": None,
            "website": None,
            "part_of": None,
            "ended": None,
            "successor": None,
            "body_of": None,
            "sources": [self._statement(row)],
            "checked": self._checked,
            "former_ids": [],
            "identifiers": [],
        }
        return identifier

    def _statement(self, row: int) -> str:
        if self._source is not None:
            return _as_source(self._source)
        sheet = f", sheet {self._sheet}" if self._sheet else ""
        return f"{STATEMENT}{_clean(self._file + sheet)}, row {row}"


_ERROR = re.compile(r"#(?:REF|N/A|VALUE|NAME|DIV/0|NUM|NULL)[!?]?", re.IGNORECASE)


def _field_at(headers: Sequence[Header], place: int) -> str | None:
    return headers[place].field if place < len(headers) else None


def _inner(kind: Any) -> Any:
    if get_origin(kind) is tuple:
        return get_args(kind)[0]
    return next((part for part in get_args(kind) if part is not type(None)), kind) if is_optional(kind) else kind


def _vocabulary(kind: Any) -> str | None:
    """Return the name of the vocabulary of a field, or None if it holds no terms."""
    inner = _inner(kind)
    if inner == Language:
        return "language"
    if isinstance(inner, type) and issubclass(inner, Term):
        return next(name for name, vocabulary in VOCABULARIES.items() if vocabulary is inner)
    return None


def as_text(value: object) -> str:
    """Return a cell as text; a date without a time as its day."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime) and (value.hour, value.minute, value.second) == (0, 0, 0):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)


def _clean(text: str) -> str:
    """Return a text as a field may hold it: no control characters, one blank between words."""
    if text.isprintable() and "  " not in text and len(text) <= MAX_TEXT:
        return text.strip()
    kept = "".join(" " if not letter.isprintable() and not letter.isspace() else letter for letter in text)
    return " ".join(kept.split())[:MAX_TEXT]


def _as_address(text: str) -> str:
    return f"https://{text}" if text.lower().startswith("www.") else text


def _as_source(text: str) -> str:
    """Return a source: an address as it is, anything else as a statement."""
    address = _as_address(_clean(text))
    if Format.SOURCE.fits(address):
        return address
    return f"{STATEMENT}{_clean(text.strip()).removeprefix(STATEMENT.strip()).strip() or 'stated'}"
