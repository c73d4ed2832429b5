"""
Records from a table with HXL hashtags: who does what where (3W, 4W), in whatever layout it is kept.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from icatmapping.dataset import Dataset, load
from icatmapping.errors import UnreadableFileError
from icatmapping.io.cells import as_text
from icatmapping.io.drafting import Drafter
from icatmapping.io.headers import MAX_HEADER_ROWS, PERIOD, TOPICS, Header, hashtag_row, is_blank
from icatmapping.io.resolving import TOPIC_FIELDS
from icatmapping.io.table_reading import check_checked, draft_columns, draft_rows
from icatmapping.io.worksheets import MAX_ROWS, Worksheet, open_table
from icatmapping.model.vocabulary import find_term
from icatmapping.utils.arguments import check_choice, check_count
from icatmapping.utils.text import fold

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping, Sequence

    from icatmapping.io.drafts import Draft
    from icatmapping.io.resolving import Resolver
    from icatmapping.io.table_reading import NewBodiesChoice

__all__ = ["draft_hxl", "read_hxl"]


class _Tag(NamedTuple):
    """A hashtag, and what is joined to it by plus signs."""

    name: str
    attributes: frozenset[str]

    def __str__(self) -> str:
        return "+".join([self.name, *sorted(self.attributes)])


_MARKS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "donors": ("funder", "donor", "funding", "fund"),
        "partners": ("impl", "implementing", "partner", "partners"),
        "leads": ("prog", "programming", "lead", "leads"),
    }
)
_PARTS = ("leads", "partners", "donors")
_ROLES: Mapping[str, str] = MappingProxyType({mark: role for role, marks in _MARKS.items() for mark in marks})
"""What the attributes of #org, or the value of #org+role, say of the part that it takes."""
_FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "#activity": "title",
        "#project": "title",
        "#description": "summary",
        "#country": "countries",
        "#region": "regions",
        "#sector": TOPICS,
        "#subsector": TOPICS,
        "#cluster": TOPICS,
        "#modality": "responses",
        "#beneficiary": "target_groups",
        "#x_exploitation": "forms",
        "#x_economic_sector": "sectors",
        "#x_scope": "scope",
        "#date": PERIOD,
        "#status": "status",
        "#meta": "sources",
        "#source": "sources",
        "#item": TOPICS,
        "#service": "responses",
    }
)


def read_hxl(
    path: str | os.PathLike[str],
    *,
    ds: Dataset | None = None,
    sheet: str | int | None = None,
    new_bodies: NewBodiesChoice = "list",
    source: str | None = None,
    checked: str | None = None,
    limit: int = MAX_ROWS,
) -> Draft:
    """
    Read a table with HXL hashtags (3W, 4W) of who does what where, and return a draft of initiatives.

    The row of hashtags may stand below headers and titles. Rows on one activity become one initiative;
    where no column names the activity, who, what and where do. Roles of organizations are told by
    attributes (``#org+funder``, ``#org+prog``, ``#org+impl``) or by ``#org+role``; without either, they lead. Columns
    that no field holds (figures, places below the country) are kept in ``extra``.

    Args:
        path: A table as `read_table` takes it, or a ``.json`` file of rows.
        ds: The dataset whose names are known; by default the bundled one.
        sheet: The name of the worksheet, or its position from 0; by default the first that is visible.
        new_bodies: What becomes of names of bodies that nobody knows: ``"list"`` tells them, ``"add"`` makes
            organizations of them.
        source: What records rest on that state no source; by default the file and the row.
        checked: When it was read (YYYY-MM); by default the dataset's own present.
        limit: How many rows are read at most.

    Raises:
        UnreadableFileError: If the file cannot be read, or has no row of hashtags.
        UnknownNameError: If there is no such suffix or worksheet.
        MissingExtraError: If a workbook is given and python-calamine is not installed.

    Examples:
        >>> import tempfile
        >>> from pathlib import Path
        >>> import icatmapping as im
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = Path(folder) / "3w.csv"
        ...     im.write_hxl(im.load().initiatives[:1], file)
        ...     draft = im.read_hxl(file)
        >>> draft.records["initiatives"][0].leads
        ('ilo',)
    """
    check_choice("new_bodies", new_bodies, ("list", "add"))
    check_count("limit", limit)
    check_checked(checked)
    if Path(path).suffix.lower() == ".json":
        table = _read_json(Path(path), limit + MAX_HEADER_ROWS)
    else:
        table = open_table(path, sheet=sheet, limit=limit + MAX_HEADER_ROWS)
    dataset = load() if ds is None else ds
    return draft_hxl(table, dataset, new_bodies=new_bodies, source=source, checked=checked, limit=limit)


MAX_JSON = 1 << 26
"""How large a JSON file of rows may be, in bytes: it is parsed whole."""


def _read_json(file: Path, limit: int) -> Worksheet:
    try:
        if file.stat().st_size > MAX_JSON:
            raise UnreadableFileError(file.name, f"is larger than {MAX_JSON >> 20} MB; write it as .csv")
        content = json.loads(file.read_bytes())
    except (ValueError, RecursionError) as error:
        raise UnreadableFileError(file.name, f"is not JSON: {str(error)[:200]}") from None
    except OSError as error:
        raise UnreadableFileError(file.name, f"cannot be read: {error.strerror or error}") from None
    found = _rows_in(content, 0)
    if found is None:
        raise UnreadableFileError(file.name, "holds no list of rows with hashtags, as HXL has it in JSON")
    rows = [(number, ["" if cell is None else cell for cell in row]) for number, row in enumerate(found, 1)]
    return Worksheet(file.name, None, rows[:limit], [], is_cut=len(rows) > limit)


MAX_NESTED = 5
"""How deep a list of rows may lie in JSON."""


def _rows_in(content: Any, depth: int) -> list[list[Any]] | None:
    """Find the rows in JSON: a list of lists, or of objects with hashtags for names, wherever it lies."""
    if isinstance(content, list) and content and all(isinstance(row, list) for row in content):
        if hashtag_row(content[: MAX_HEADER_ROWS + 1]) is not None:
            return content
    elif isinstance(content, list) and content and all(isinstance(row, dict) for row in content):
        tags = list(dict.fromkeys(name for row in content for name in row))
        if any(tag.startswith("#") for tag in tags):
            return [tags, *([row.get(tag, "") for tag in tags] for row in content)]
    inner = content.values() if isinstance(content, dict) else content if isinstance(content, list) else ()
    found = (_rows_in(part, depth + 1) for part in inner if depth < MAX_NESTED)
    return next((rows for rows in found if rows is not None), None)


def draft_hxl(
    table: Worksheet,
    ds: Dataset,
    *,
    new_bodies: NewBodiesChoice,
    source: str | None,
    checked: str | None,
    limit: int,
) -> Draft:
    """Make a draft of a table in which a row of hashtags stands."""
    place = hashtag_row([cells for _, cells in table.rows[: MAX_HEADER_ROWS + 1]])
    if place is None:
        message = "has no row of HXL hashtags (#activity, #org, #country …) among the first; use read_table"
        raise UnreadableFileError(table.file, message)
    tags = [_tag_of(cell) for cell in table.rows[place][1]]
    texts = [as_text(cell) for cell in table.rows[place - 1][1]] if place else []
    drafter = Drafter(
        ds,
        "initiatives",
        file=table.file,
        sheet=table.sheet,
        source=source,
        checked=checked,
        add_bodies=new_bodies == "add",
    )
    drafter.notes += [*table.notes, f"the hashtags are row {table.rows[place][0]}"]
    rows = table.rows[place + 1 :]
    layout = _Layout(tags, texts, rows, drafter.resolver)
    draft = draft_rows(drafter, table, layout.arranged(rows[:limit]), layout.headers, limit)
    if len(rows) > limit:
        drafter.notes.append(f"rows after the first {limit:,} were not read; give limit= to read more")
        draft = drafter.draft()
    from attrs import evolve  # noqa: PLC0415 - comes with the records

    from icatmapping.io.drafts import DraftColumns  # noqa: PLC0415 - as above

    return evolve(draft, columns=DraftColumns(tuple(draft_columns(layout.shown, rows))))


def _tag_of(cell: object) -> _Tag | None:
    text = "".join(as_text(cell).lower().split())
    if not text.startswith("#"):
        return None
    name, *attributes = text.split("+")
    return _Tag(name, frozenset(attribute for attribute in attributes if attribute))


class _Layout:
    """What the columns of a table hold by their hashtags, and its rows in the order of fields."""

    def __init__(
        self,
        tags: Sequence[_Tag | None],
        texts: Sequence[str],
        rows: Sequence[tuple[int, list[Any]]],
        resolver: Resolver,
    ) -> None:
        self._resolver = resolver
        self._tags = tags
        self._plain: list[int] = []
        self._bodies: list[int] = []
        self._role: int | None = None
        self._names_areas = any(tag is not None and {"named"} <= tag.attributes for tag in tags)
        fields: list[str | None] = []
        for place, tag in enumerate(tags):
            field = None if tag is None else self._field(tag)
            if tag is not None and tag.name == "#org":
                if "role" in tag.attributes:
                    self._role = place
                elif "type" not in tag.attributes:
                    self._bodies.append(place)
                    field = _role_of(tag.attributes)
                else:
                    self._plain.append(place)  # what kind of body it is; the dataset knows that of its own
                    field = None
                if "role" in tag.attributes:
                    # What it says decides which of the three an organization is in.
                    fields.append(", ".join(_PARTS))
                    continue
            else:
                self._plain.append(place)
            fields.append(field)
        names = [
            str(tag) if tag is not None else (texts[place] if place < len(texts) else "")
            for place, tag in enumerate(tags)
        ]
        self.shown = [Header(names[place], field) for place, field in enumerate(fields)]
        self._columns = [self._column(place, fields[place], rows) for place in self._plain]
        roles = [Header(f"#org ({role})", role) for role in _PARTS]
        self.headers = [*self._columns, *roles]

    def _field(self, tag: _Tag) -> str | None:
        marks = tag.attributes
        if tag.name in ("#activity", "#project"):
            kinds = {
                "former": "former_ids",
                "acronym": "acronym",
                "kind": "kind",
                "type": "responses",
                "code": "id",
                "id": "id",
                "description": "summary",
                "url": "url",
                "link": "url",
            }
            return next((field for mark, field in kinds.items() if mark in marks), "title")
        # Priority areas follow from the themes, and regions in which countries lie from these.
        if "priority" in marks or (tag.name == "#region" and self._names_areas and "named" not in marks):
            return None
        if tag.name == "#date":
            for mark, field in (
                ("start", "start"),
                ("end", "end"),
                ("reported", "last_seen"),
                ("updated", "last_seen"),
                ("checked", "checked"),
            ):
                if mark in marks:
                    return field
        if tag.name == "#meta" and marks.isdisjoint(("source", "url", "link")):
            return None
        if tag.name == "#beneficiary" and not marks.isdisjoint(
            ("f", "m", "num", "total", "ind", "hh", "i", "children")
        ):
            return None
        return _FIELDS.get(tag.name)

    def _column(self, place: int, field: str | None, rows: Sequence[tuple[int, list[Any]]]) -> Header:
        """Return what a column holds; codes go before the names beside them, if they are codes that are known."""
        tag, name = self._tags[place], self.shown[place].text
        if tag is None or field is None or "code" not in tag.attributes or field == "id":
            return Header(name, field)
        has_names = any(
            other is not None and other.name == tag.name and "name" in other.attributes for other in self._tags
        )
        sample = [as_text(cells[place]) for _, cells in rows[:100] if place < len(cells) and not is_blank(cells[place])]
        known = sum(not self._resolver.resolve(field, text).unresolved or _is_priority(text) for text in sample)
        if has_names and 2 * known < len(sample):
            return Header(name, None)
        return Header(name, field, is_coded=has_names)

    def arranged(self, rows: Iterable[tuple[int, list[Any]]]) -> list[tuple[int, list[Any]]]:
        """Return the rows with the cells in the order of `headers`: organizations by role."""
        return [(number, self._arrange(cells)) for number, cells in rows]

    def _arrange(self, cells: Sequence[Any]) -> list[Any]:
        def cell(place: int) -> Any:
            return cells[place] if place < len(cells) else ""

        if all(map(is_blank, cells)):
            return []
        plain = [cell(place) for place in self._plain]
        has_country = any(
            header.field == "countries" and not is_blank(value)
            for header, value in zip(self._columns, plain, strict=True)
        )
        for place, header in enumerate(self._columns):
            tag = self._tags[self._plain[place]]
            is_named = tag is not None and "named" in tag.attributes
            if header.field == "regions" and has_country and not is_named:
                plain[place] = ""  # where the country lies, and no area that the activity is for
            elif header.field == TOPICS and isinstance(plain[place], str):
                parts = [part for part in plain[place].split("|") if not _is_priority(part)]
                plain[place] = "|".join(parts)
        bodies = self._bodies_of(cell)
        return [*plain, *("\n".join(bodies[role]) for role in ("leads", "partners", "donors"))]

    def _bodies_of(self, cell: Any) -> dict[str, list[str]]:
        """Return the names of the organizations of a row by role; of code, name and acronym the one that is known."""
        stated = fold(as_text(cell(self._role))) if self._role is not None else ""
        groups: dict[tuple[str, frozenset[str]], list[str]] = {}
        for place in self._bodies:
            tag, text = self._tags[place], as_text(cell(place)).strip()
            if tag is not None and text:
                role = _ROLES.get(stated) or _role_of(tag.attributes)
                groups.setdefault((role, tag.attributes - _FORMS), []).append(text)
        found: dict[str, list[str]] = {"leads": [], "partners": [], "donors": []}
        for (role, _), names in groups.items():
            known = [name for name in names if not self._resolver.resolve("bodies", name).unresolved]
            found[role].append(known[0] if known else max(names, key=len))
        return found


_FORMS = frozenset({"code", "name", "acronym", "id", "v_iso3", "list"})


def _role_of(attributes: frozenset[str]) -> str:
    return next((_ROLES[attribute] for attribute in sorted(attributes) if attribute in _ROLES), "leads")


@lru_cache(maxsize=10_000)
def _is_priority(text: str) -> bool:
    """Return whether a text is a priority area, which follows from the themes and is no topic of its own."""
    parts = [part for part in text.split("|") if part.strip()]
    return bool(parts) and all(
        find_term("priority_area", part.strip(), beginnings=False)
        and not any(find_term(vocabulary, part.strip(), beginnings=False) for vocabulary in TOPIC_FIELDS.values())
        for part in parts
    )
