"""
Records from rows: what the cells of a row say, as the fields of a record, with everything told that was not understood.

Knows nothing of the files that the rows come from.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from icatmapping.datapackage.faults import FaultLog
from icatmapping.datapackage.validation import structure_records
from icatmapping.io.cells import CellReader, as_text, slug
from icatmapping.io.drafts import Draft, DraftColumns, LeftOuts, NewBodies, NewBody, Problems
from icatmapping.io.headers import TOPICS, is_blank
from icatmapping.model.records import RECORD_CLASSES
from icatmapping.utils.annotations import is_optional, is_tuple
from icatmapping.utils.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from icatmapping.dataset import Dataset
    from icatmapping.io.drafts import DraftColumn
    from icatmapping.io.headers import Header

__all__ = ["Drafter"]


class Drafter(CellReader):
    """What makes a draft, row by row."""

    def __init__(self, ds: Dataset, collection: str, **options: Any) -> None:
        super().__init__(ds, collection, **options)
        self._title = "title" if "title" in self._types else "name"
        self._raw: dict[str, dict[str, Any]] = {}
        self._rows: dict[str, int] = {}
        self._given: set[str] = set()
        self._derived: set[str] = set()
        self._by_title: dict[str, list[str]] = {}
        self._made: dict[str, Any] = {}
        self._extra: dict[str, dict[str, str]] = {}
        self._passed: set[int] = set()

    # --- one row

    def add(self, row: int, cells: Sequence[object], headers: Sequence[Header]) -> None:
        """Make a record of a row, or add what it says to that of an earlier row on the same undertaking."""
        if all(is_blank(cell) for cell in cells):
            return
        first = next((as_text(cell) for cell in cells if not is_blank(cell)), "")
        if fold(first) in _SUMS:
            self.leave_out(row, "is a sum", cells)
            return
        titles = [cell for cell, header in zip(cells, headers, strict=False) if header.field == self._title]
        if any(as_text(title).upper().startswith("EXAMPLE:") for title in titles):
            self.leave_out(row, "is the example of the template", cells)
            return
        values, extra = self._values(row, cells, headers)
        if not values.get(self._title) and not any(header.field == self._title for header in headers):
            values[self._title] = _title_of(cells, headers)
        if values.get(self._title):
            self.put(row, values, extra, cells)
        else:
            self.leave_out(row, f"has no {self._title}", cells)

    def put(self, row: int, values: dict[str, Any], extra: Mapping[str, str], cells: Iterable[object] = ()) -> None:
        """Take in the fields of a record, given as JSON has them."""
        record = self._complete(row, values)
        earlier = self._earlier(record, is_given="id" in values)
        if earlier is not None:
            self._merge(row, self._raw[earlier], record)
            self._made.pop(earlier, None)
            if earlier in self._derived and "scope" not in values:
                self._raw[earlier]["scope"] = _scope_of(self._raw[earlier])
            self._note_extra(earlier, extra)
            return
        record["id"] = self._free_id(record.get("id") or slug(record[self._title]), is_given="id" in values)
        faults = FaultLog()
        made = structure_records(self._kind, [record], faults)
        for fault in faults:
            name = fault.field.partition("[")[0]
            if name not in self._types or not (is_optional(self._types[name]) or is_tuple(self._types[name])):
                self.leave_out(row, f"{fault.field} {fault.message}", cells or record.values())
                return
            self.tell(row, fault.field, record.get(name), fault.message, fault.nearest)
            record[name] = [] if is_tuple(self._types[name]) else None
        self._raw[record["id"]], self._rows[record["id"]] = record, row
        if made:
            self._made[record["id"]] = made[0]
        self._by_title.setdefault(fold(record[self._title]), []).append(record["id"])
        if "id" in values:
            self._given.add(record["id"])
        if "scope" in record and "scope" not in values:
            self._derived.add(record["id"])
        self._note_extra(record["id"], extra)

    def _note_extra(self, identifier: str, extra: Mapping[str, str]) -> None:
        kept = self._extra.setdefault(identifier, {}) if extra else {}
        for header, text in extra.items():
            known = kept.get(header)
            if known is None:
                kept[header] = text
            elif text not in known.split("\n"):
                kept[header] = f"{known}\n{text}"

    # --- whole records

    def _complete(self, row: int, values: dict[str, Any]) -> dict[str, Any]:
        """Fill in what a row does not say: unknown is null or an empty list; what must be there is derived and told."""
        record: dict[str, Any] = {}
        for name, kind in self._types.items():
            value = values.get(name)
            record[name] = ([] if is_tuple(kind) else None) if value is None else value
        if "summary" in record and not record["summary"]:
            record["summary"] = record[self._title]
        if "checked" in record and not record["checked"]:
            record["checked"] = self._checked
        if record.get("scope") is None and "scope" in record:
            record["scope"] = _scope_of(record)
            if not record["countries"] and not record["regions"]:
                self.tell(
                    row,
                    "scope",
                    "",
                    "is not stated and no place is named: it counts as national, so that it reaches nobody else",
                )
        if not record["sources"]:
            page = next((record[name] for name in ("url", "website") if record.get(name)), None)
            record["sources"] = [page or self._statement(row)]
        for name, value in _DEFAULTS.get(self._collection, {}).items():
            record[name] = record[name] or value
        return record

    def _earlier(self, record: dict[str, Any], *, is_given: bool) -> str | None:
        """Return the id of the record that a row goes on with: of the same id, or the same title and dates."""
        if is_given:
            return record["id"] if record["id"] in self._raw else None
        for identifier in self._by_title.get(fold(record[self._title]), ()):
            known = self._raw[identifier]
            if identifier not in self._given and all(
                known.get(name) in (None, record.get(name)) or record.get(name) is None for name in _SAME
            ):
                return identifier
        return None

    def _merge(self, row: int, known: dict[str, Any], record: dict[str, Any]) -> None:
        for name, value in record.items():
            if isinstance(value, list):
                known[name] += [one for one in value if one not in known[name]]
            elif known[name] is None:
                known[name] = value
            elif (
                value is not None
                and value != known[name]
                and name not in ("scope", "summary", "status", "checked", "id")
            ):
                self.tell(row, name, value, f"is left, as an earlier row on {known['id']} says {known[name]!r}")

    def _free_id(self, identifier: str, *, is_given: bool) -> str:
        """Return an id that no other record has; one that is given stands for the record that has it already."""
        identifier = slug(identifier)
        taken = self._ds.collection(self._collection).store.position_of
        number, base = 1, identifier
        while identifier in self._raw or self.has_passed(identifier) or (identifier in taken and not is_given):
            number += 1
            identifier = f"{base}-{number}"
        return identifier

    # --- the end

    def has_passed(self, identifier: str) -> bool:
        """Return whether a record with an id was taken by `pop`."""
        return hash(identifier) in self._passed

    def pop(self) -> list[Any]:
        """Return the records that were made since the last call, and forget them but for their ids."""
        made = [self._made[one] for one in self._raw if one in self._made]
        late = [record for one, record in self._raw.items() if one not in self._made]
        if late:
            faults = FaultLog()
            made += structure_records(self._kind, late, faults)
            for fault in faults:
                self.leave_out(self._rows.get(fault.record, 0), f"{fault.field} {fault.message}", (fault.record,))
        self._passed.update(map(hash, self._raw))
        for kept in (self._raw, self._rows, self._by_title, self._made, self._extra, self._given, self._derived):
            kept.clear()
        return made

    def organizations(self) -> tuple[Any, ...]:
        """Return the organizations that were made of names that nobody knows."""
        return structure_records(RECORD_CLASSES["organizations"], list(self._organizations.values()), FaultLog())

    def draft(self, columns: Iterable[DraftColumn] = ()) -> Draft:
        """Return what was made of all rows."""
        made = {self._collection: list(self._raw.values())}
        if self._organizations:
            made.setdefault("organizations", []).extend(self._organizations.values())
        records: dict[str, tuple[Any, ...]] = {}
        for name, raw in made.items():
            faults = FaultLog()
            found = dict(self._made) if name == self._collection else {}
            late = [one for one in raw if one["id"] not in found]
            found |= {record.id: record for record in structure_records(RECORD_CLASSES[name], late, faults)}
            records[name] = tuple(found[one] for one in sorted(found))
            for fault in faults:
                self.leave_out(self._rows.get(fault.record, 0), f"{fault.field} {fault.message}", (fault.record,))
        notes = [*self.notes, *(f"{count:,} more {what} are not named" for what, count in self._untold.items())]
        bodies = [
            NewBody(name, self._unknown_count[key], nearest, self._body_of.get(key) or None)
            for key, (name, nearest) in self._unknown.items()
        ]
        bodies.sort(key=lambda body: (-body.records, body.name))
        return Draft(
            self._file,
            self._sheet,
            tuple(notes),
            DraftColumns(tuple(columns)),
            MappingProxyType(records),
            Problems(tuple(self._problems)),
            LeftOuts(tuple(self._left_out)),
            NewBodies(tuple(bodies)),
            MappingProxyType({key: MappingProxyType(value) for key, value in self._extra.items()}),
        )


_SUMS = frozenset({"total", "totals", "grand total", "total general", "sum", "somme", "suma"})
_SAME = ("start", "end", "acronym", "url", "kind", "year")
"""Fields in which rows on one undertaking say the same, if they say anything."""
_DEFAULTS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "initiatives": {"status": "unknown"},
        "partnerships": {"kind": "network"},
        "resources": {"kind": "research"},
        "organizations": {"kind": "other"},
    }
)


def _title_of(cells: Sequence[object], headers: Sequence[Header]) -> str:
    """Say who does what where, for a table that names no undertakings."""

    def said(*names: str) -> str:
        found = (cell for cell, header in zip(cells, headers, strict=False) if header.field in names)
        return ", ".join(_JOINED.sub(", ", as_text(cell).strip()) for cell in found if not is_blank(cell))

    who = said("leads", "members", "publishers") or said("partners") or said("donors")
    what = said(TOPICS, "themes", "responses", "sectors")
    place = ", ".join(part for part in (what, said("countries") or said("regions")) if part)
    return ": ".join(part for part in (who, place) if part)


_JOINED = re.compile(r"\s*[|;\n]+\s*")


def _scope_of(record: Mapping[str, Any]) -> str:
    if record["regions"] or len(record["countries"]) > 1:
        return "regional"
    return "national"
