"""
What the answers of networks look like.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from icatmapping.display.elements import bullets, element, listed, note, page
from icatmapping.display.formatting import country_name, format_number, last_year, pluralize, term_label
from icatmapping.display.records import titled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from icatmapping.display.elements import Children, Element, Node
    from icatmapping.network.paths import Path, Paths, Step

from typing import TYPE_CHECKING

from icatmapping.display.elements import Column, card, inline_list, table
from icatmapping.display.formatting import format_percent
from icatmapping.display.tables import (
    bars_column,
    decimal_column,
    names_column,
    number_column,
    table_title,
    text_column,
)

if TYPE_CHECKING:
    from icatmapping.display.elements import Children, Element, Node
    from icatmapping.network.connections import Connection, Connections
    from icatmapping.network.measures import Brokers, Communities, NetworkSummary
    from icatmapping.network.partners import Suggestions

__all__ = [
    "brokers_table",
    "communities_table",
    "connections_table",
    "network_card",
    "path_page",
    "paths_page",
    "step_page",
    "suggestions_table",
]


def connections_table(found: Connections) -> Node:
    """Draw who can reach whom, and through whom."""
    columns = [
        text_column("name_a", "Entity"),
        text_column("name_b", "And"),
        number_column("hops"),
        decimal_column("distance"),
        Column("Through", _through),
        Column("On topic", lambda row: {True: "yes", False: "no", None: "–"}[row.on_topic]),
        Column("Oldest step last active", lambda row: str(row.last_active or "–"), number=True),
        Column("Shared records", lambda row: format_number(row.shared), number=True),
    ]
    size = pluralize(len(found.entities), "entity", "entities")
    return page(table(table_title(f"Who can reach whom: {pluralize(len(found), 'pair')} of {size}"), columns, found))


def _through(row: Connection) -> Children:
    if row.hops is None:
        return "not connected" if row.disconnected else "no path of so few hops"
    return inline_list(row.through) if row.through else "directly"


def suggestions_table(found: Suggestions) -> Node:
    """Draw whom to work with, and why."""
    columns = [
        text_column("name", "Organization"),
        decimal_column("score", 3),
        bars_column(lambda row: row.score, found.rows),
        decimal_column("similarity"),
        names_column("common_names", "Common partners"),
        decimal_column("presence"),
        Column("Last active", lambda row: last_year(row.last_active, found.provenance.as_of), number=True),
        names_column("themes", "Shared themes", lambda theme: term_label("theme", theme)),
        Column("Records there", lambda row: format_number(len(row.records)), number=True),
        Column("Together elsewhere", lambda row: format_number(len(row.together_elsewhere)), number=True),
    ]
    whom = f" for {found.name}" if found.name else ""
    return page(table(table_title(f"Suggested partners{whom}: {format_number(len(found))}"), columns, found))


def brokers_table(found: Brokers) -> Node:
    """Draw who connects the others."""
    columns = [
        text_column("name", "Organization"),
        decimal_column("betweenness", 3),
        bars_column(lambda row: row.betweenness, found.rows),
        number_column("partners"),
        number_column("records"),
    ]
    return page(table(table_title(f"Who connects the others: {pluralize(len(found), 'organization')}"), columns, found))


def communities_table(found: Communities) -> Node:
    """Draw the communities of a network."""
    columns = [
        Column("Community", lambda row: inline_list(row.organizations)),
        Column("Organizations", lambda row: format_number(len(row.organizations)), number=True),
        bars_column(lambda row: len(row.organizations), found.rows),
        names_column("entities", "ICAT entities"),
    ]
    caption = f"{pluralize(len(found), 'community', 'communities')}, modularity {found.modularity:.2f}"
    return page(table(table_title(caption), columns, found))


def network_card(found: NetworkSummary) -> Node:
    """Draw a network in figures."""
    fields: list[tuple[str, Children]] = [
        ("Organizations", format_number(found.organizations)),
        ("Ties", f"{format_number(found.ties)}, {format_percent(found.density)} of all pairs"),
        ("Records", format_number(found.records)),
        (
            "Separate groups",
            f"{format_number(found.components)}, the largest of {pluralize(found.largest, 'organization')}",
        ),
        (
            "Clustering",
            f"{found.clustering:.2f}: the part of an organization's partners that are partners of each other",
        ),
        ("Average distance", f"{format_number(found.average_distance)} steps within the largest group"),
    ]
    return page(card(table_title("The network in figures"), fields))


_EVIDENCE_SHOWN = 5


def heading(text: str) -> Element:
    """Return a heading within a page."""
    return element("p", element("strong", text))


def paths_page(paths: Paths) -> Node:
    """Draw paths one below the other; without any, why there is none and what would give one."""
    if paths.reason is None:
        title = f"{pluralize(len(paths), 'path')} from {paths[0].names[0]} to {paths[0].names[-1]}"
        sharing = note(paths.sharing) if paths.sharing else None
        return page(heading(title), sharing, bullets([_path(path) for path in paths], numbered=True))
    ways = [_change(change) for change in paths.relaxations]
    return page(
        heading("No path"),
        note(paths.sharing) if paths.sharing else None,
        element("p", paths.reason),
        [note("What would give one:"), bullets(ways)] if ways else None,
    )


def _change(change: Mapping[str, Any]) -> str:
    return ", ".join(f"leave out {name}" if value is None else f"{name}={value!r}" for name, value in change.items())


def path_page(path: Path) -> Node:
    """Draw a path: its steps, each with its evidence."""
    return page(_path(path))


def _path(path: Path) -> list[Node]:
    way = " → ".join(path.names)
    when = "a step is undated" if path.last_active is None else f"oldest step last active {path.last_active}"
    measure = f" · {pluralize(path.hops, 'hop')}, {when}, distance {format_number(path.distance)}"
    steps = [_step(step, a, b) for a, b, step in zip(path.names, path.names[1:], path.steps, strict=False)]
    return [element("strong", way), element("span", measure, style="opacity:.75;"), bullets(steps)]


def step_page(step: Step) -> Node:
    """Draw a step with its evidence."""
    return page(_step(step, step.source, step.target))


def _step(step: Step, a: str, b: str) -> list[Node | None]:
    shown = step.undertakings[:_EVIDENCE_SHOWN]
    about = listed([*map(country_name, step.countries), *(term_label("theme", theme) for theme in step.themes)])
    return [
        (
            f"{a} and {b} share {pluralize(step.shared, 'record')}, {step.period}"
            f"{'' if step.on_topic else ', none of them on the topic'}"
        ),
        bullets(map(_evidence, shown), more=step.shared - len(shown)),
        note("About: ", about) if about else None,
    ]


def _evidence(record: Any) -> Children:
    kind = type(record).__name__.lower()
    when = record.period
    return [titled(record), element("span", f" · {kind}, {when}" if when else f" · {kind}", style="opacity:.75;")]
