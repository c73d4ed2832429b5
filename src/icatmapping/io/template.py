"""
An empty spreadsheet to fill in: the columns, drop-downs of what there is, an example line. `read_table` reads it back.
"""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from icatmapping.dataset import load
from icatmapping.io.excel import open_workbook
from icatmapping.io.table_reading import MADE
from icatmapping.model import geography
from icatmapping.model.vocabulary import terms
from icatmapping.utils.arguments import check_choice
from icatmapping.utils.files import atomic_file, known_suffix

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence
    from typing import Any

    from icatmapping.dataset import Dataset
    from icatmapping.io.table_reading import TableCollection

__all__ = ["write_template"]

ROWS = 1_000
"""How many rows of the template have drop-downs."""


class _Column(NamedTuple):
    """A column of a template: its header, what to write, an example, and the list that its values come from."""

    header: str
    help: str
    example: str
    choices: str | None = None
    is_several: bool = False


_SEVERAL = "One or several; separate them by semicolons. Choose the first from the list and type the others behind it."
_DATE = "A year (2021) or a year and month (2021-03). Leave it empty if you do not know."
_NAMES = "Full name or acronym of each body; separate several by semicolons."
_SOURCE = (
    "The address of a page that says so, or a statement such as: project register. Separate several by semicolons."
)


def _topics(*names: str) -> list[_Column]:
    known = {
        "theme": _Column("Themes", f"What it is about. {_SEVERAL}", "Victim identification", "theme", is_several=True),
        "form": _Column("Forms", f"Forms of exploitation. {_SEVERAL}", "Labour exploitation", "form", is_several=True),
        "response": _Column("Responses", f"What is done. {_SEVERAL}", "Capacity building", "response", is_several=True),
        "target_group": _Column("Target groups", _SEVERAL, "Labour inspectors", "target_group", is_several=True),
        "sector": _Column("Sectors", f"Economic sectors. {_SEVERAL}", "Construction", "sector", is_several=True),
    }  # fmt: skip
    return [known[name] for name in names]


def _places(example: str) -> list[_Column]:
    return [
        _Column("Countries", f"Where. {_SEVERAL}", example, "country", is_several=True),
        _Column("Regions", f"Areas that are named beside countries. {_SEVERAL}", "", "area", is_several=True),
    ]


_ALL = ("theme", "form", "response", "target_group", "sector")
_COLUMNS: Mapping[str, Sequence[_Column]] = MappingProxyType(
    {
        "initiatives": (
            _Column("Title", "A row without a title is not read.", "EXAMPLE: Training of labour inspectors"),
            _Column("Summary", "In one or two sentences, what it does.", "Trains labour inspectors to find victims."),
            _Column("Kind", "What it is.", "Project", "initiative_kind"),
            _Column("Leads", f"Who runs it. {_NAMES}", "ILO"),
            _Column("Partners", f"Who implements it or co-operates in it. {_NAMES}", "IOM"),
            _Column("Donors", f"Who funds it. {_NAMES}", "European Union"),
            *_places("Ghana; Togo"),
            *_topics(*_ALL),
            _Column("Start", _DATE, "2024-03"),
            _Column("End", _DATE, "2027"),
            _Column("Status", "Whether it goes on.", "Ongoing", "status"),
            _Column("Page", "The address of its own page, if there is one.", ""),
            _Column("Sources", _SOURCE, "project register"),
        ),
        "partnerships": (
            _Column("Name", "A row without a name is not read.", "EXAMPLE: Working group on child trafficking"),
            _Column("Summary", "In one or two sentences, what it does.", "Co-ordinates what members do."),
            _Column("Kind", "What it is.", "Network", "partnership_kind"),
            _Column("Members", f"Who belongs to it. {_NAMES}", "UNICEF; IOM"),
            *_places("Ghana"),
            *_topics(*_ALL),
            _Column("Start", _DATE, "2019"),
            _Column("End", _DATE, ""),
            _Column("Page", "The address of its own page, if there is one.", ""),
            _Column("Sources", _SOURCE, "minutes of meetings"),
        ),
        "resources": (
            _Column("Title", "The title. A row without one is not read.", "EXAMPLE: Guide for labour inspectors"),
            _Column("Kind", "What it is.", "Guideline", "resource_kind"),
            _Column("Publishers", f"Who published it. {_NAMES}", "ILO"),
            _Column("Year", "The year of publication.", "2023"),
            _Column("Languages", _SEVERAL, "English; French", "language", is_several=True),
            *_places(""),
            *_topics("theme", "form", "target_group", "sector"),
            _Column("Page", "Where to find it.", ""),
            _Column("Sources", _SOURCE, "library catalogue"),
        ),
        "organizations": (
            _Column("Name", "The name. A row without one is not read.", "EXAMPLE: Shelter association"),
            _Column("Acronym", "Its acronym, if it has one.", ""),
            _Column("Kind", "What it is.", "Non-governmental organization", "organization_kind"),
            _Column("Country", "The country that it belongs to, if it belongs to one.", "Ghana", "country"),
            _Column("Website", "Its address.", ""),
            _Column("Sources", _SOURCE, "own knowledge"),
        ),
    }
)  # fmt: skip


def write_template(
    path: str | os.PathLike[str], *, of: TableCollection = "initiatives", ds: Dataset | None = None
) -> None:
    """
    Write an empty spreadsheet to fill in, which `read_table` reads back.

    Its first sheet has the columns with a note on each, drop-downs of terms and countries, and an example line, which
    is not read. The other sheets list every term with its definition, and every country and area.

    Args:
        path: The file, ``.xlsx``. One that exists is replaced.
        of: What is filled in: ``"initiatives"``, ``"partnerships"``, ``"resources"``, ``"organizations"``.
        ds: The dataset whose areas are listed; by default the bundled one.

    Raises:
        MissingExtraError: If XlsxWriter is not installed.
        UnknownNameError: If there is no such collection, or the suffix is another.

    Examples:
        >>> import tempfile
        >>> from pathlib import Path
        >>> import icatmapping as im
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     im.write_template(Path(folder) / "projects.xlsx")
        ...     draft = im.read_table(Path(folder) / "projects.xlsx")
        >>> [row.reason for row in draft.left_out]
        ['is the example of the template']
    """
    check_choice("of", of, MADE)
    known_suffix(path, (".xlsx",), "a template")
    columns = _COLUMNS[of]
    lists = _lists(columns, load() if ds is None else ds)
    with atomic_file(Path(path)) as temporary:
        workbook = open_workbook(temporary)
        sheet = workbook.add_worksheet(of.capitalize())
        ranges = _write_lists(workbook, lists)
        _write_sheet(workbook, sheet, columns, ranges)
        _write_terms(workbook, columns)
        _write_help(workbook, columns)
        workbook.close()


def _lists(columns: Sequence[_Column], ds: Dataset) -> dict[str, list[str]]:
    """Return the values of every drop-down, by what they are."""
    found: dict[str, list[str]] = {}
    for name in dict.fromkeys(column.choices for column in columns if column.choices):
        if name == "country":
            found[name] = sorted(country.name for country in geography.countries())
        elif name == "area":
            found[name] = sorted({area.label for area in ds.directory.areas.named.values()})
        else:
            found[name] = [record.label for record in terms(name).values()]
    return found


def _write_lists(workbook: Any, lists: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Write the values of the drop-downs to a sheet of their own, and return where each list stands."""
    sheet = workbook.add_worksheet("Lists")
    ranges = {}
    for place, (name, values) in enumerate(lists.items()):
        sheet.write_string(0, place, name.replace("_", " ").capitalize())
        sheet.write_column(1, place, values)
        letter = chr(ord("A") + place)
        ranges[name] = f"=Lists!${letter}$2:${letter}${len(values) + 1}"
        sheet.set_column(place, place, 30)
    sheet.freeze_panes(1, 0)
    return ranges


def _write_sheet(workbook: Any, sheet: Any, columns: Sequence[_Column], ranges: Mapping[str, str]) -> None:
    header = workbook.add_format({"bold": True, "bottom": 1, "bg_color": "#DDEBF7", "text_wrap": True, "valign": "top"})
    example = workbook.add_format({"italic": True, "font_color": "#7F7F7F", "text_wrap": True, "valign": "top"})
    text = workbook.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    for place, column in enumerate(columns):
        # Text, so that no spreadsheet makes a day of a year and month.
        sheet.set_column(place, place, 40 if place < 2 else 22, text)
        sheet.write_string(0, place, column.header, header)
        sheet.write_comment(0, place, column.help, {"x_scale": 2})
        sheet.write_string(1, place, column.example, example)
        if column.choices:
            rule: dict[str, Any] = {"validate": "list", "source": ranges[column.choices]}
            if column.is_several:
                # Several values stand in one cell: what is not in the list is not refused.
                rule |= {"error_type": "information", "show_error": False}
            else:
                rule |= {"error_title": "Not in the list", "error_message": "Choose a value from the list."}
            sheet.data_validation(1, place, ROWS, place, rule)
    sheet.freeze_panes(1, 1)


def _write_terms(workbook: Any, columns: Sequence[_Column]) -> None:
    bold = workbook.add_format({"bold": True, "bottom": 1})
    wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
    sheet = workbook.add_worksheet("Terms")
    sheet.set_column(0, 1, 28, wrapped)
    sheet.set_column(2, 2, 100, wrapped)
    for place, header in enumerate(("Column", "Term", "What it means")):
        sheet.write_string(0, place, header, bold)
    row = 1
    for column in columns:
        if column.choices in (None, "country", "area", "language"):
            continue
        for record in terms(str(column.choices)).values():
            for place, cell in enumerate((column.header, record.label, record.definition)):
                sheet.write_string(row, place, cell)
            row += 1
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(row - 1, 1), 2)


def _write_help(workbook: Any, columns: Sequence[_Column]) -> None:
    bold = workbook.add_format({"bold": True, "valign": "top"})
    wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
    sheet = workbook.add_worksheet("Help")
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, 110)
    sheet.write_string(0, 0, "How to fill it in", bold)
    sheet.write_string(0, 1, "Leave a cell empty where you do not know. Columns of your own may be added.", wrapped)
    for row, column in enumerate(columns, 2):
        sheet.write_string(row, 0, column.header, bold)
        sheet.write_string(row, 1, column.help, wrapped)
