"""
Paths and briefs as people read them: steps with their evidence, sections with links.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from icatmapping.briefing.brief import outline
from icatmapping.display.elements import bullets, element, link, listed, note, page
from icatmapping.display.formatting import counted, country_name, figure, term_label
from icatmapping.display.records import period, titled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from icatmapping.briefing.brief import Brief, Line
    from icatmapping.display.elements import Children, Element, Node
    from icatmapping.network.paths import Path, Paths, Step

__all__ = ["brief_page", "path_page", "paths_page", "step_page"]

_EVIDENCE_SHOWN = 5


# --- paths -----------------------------------------------------------------------------------------------------------


def paths_page(paths: Paths) -> Node:
    """Draw paths one below the other; without any, why there is none and what would give one."""
    source, target = (paths[0].names[0], paths[0].names[-1]) if paths else (paths.source, paths.target)
    ends = f"from {source} to {target}"
    if paths.reason is None:
        title = f"{counted(len(paths), 'path')} {ends}"
        return page(_heading(title), bullets([_path(path) for path in paths], numbered=True))
    ways = [_change(remedy) for remedy in paths.remedies]
    return page(
        _heading(f"No path {ends}"),
        element("p", paths.reason),
        [note("What would give one:"), bullets(ways)] if ways else None,
    )


def _change(remedy: Mapping[str, Any]) -> str:
    return ", ".join(f"leave out {name}" if value is None else f"{name}={value!r}" for name, value in remedy.items())


def path_page(path: Path) -> Node:
    """Draw a path: its steps, each with its evidence."""
    return page(_path(path))


def _path(path: Path) -> list[Node]:
    way = " → ".join(path.names)
    measure = f" · {counted(path.hops, 'hop')}, distance {figure(path.distance)}"
    steps = [_step(step, a, b) for a, b, step in zip(path.names, path.names[1:], path.steps, strict=False)]
    return [element("strong", way), element("span", measure, style="opacity:.75;"), bullets(steps)]


def step_page(step: Step) -> Node:
    """Draw a step with its evidence."""
    return page(_step(step, step.a, step.b))


def _step(step: Step, a: str, b: str) -> list[Node | None]:
    shown = step.evidence[:_EVIDENCE_SHOWN]
    about = listed([*map(country_name, step.countries), *(term_label("theme", theme) for theme in step.themes)])
    return [
        f"{a} and {b} share {counted(len(step.evidence), 'record')}",
        bullets(map(_evidence, shown), more=len(step.evidence) - len(shown)),
        note("About: ", about) if about else None,
    ]


def _evidence(record: Any) -> Children:
    kind = type(record).__name__.lower()
    when = period(record)
    return [titled(record), element("span", f" · {kind}, {when}" if when else f" · {kind}", style="opacity:.75;")]


# --- briefs ----------------------------------------------------------------------------------------------------------


def brief_page(brief: Brief) -> Node:
    """Draw a brief: the sections that it has as text, too."""
    return page(_sections(outline(brief)))


def _sections(lines: Iterable[Line]) -> Iterator[Element]:
    points: list[Node] = []
    for line in lines:
        if line.level == "item":
            points.append(link(line.address, line.text))
            continue
        if points:
            yield bullets(points)
            points = []
        yield element(_ELEMENTS[line.level], link(line.address, line.text))
    if points:
        yield bullets(points)


_ELEMENTS = {"title": "h3", "section": "h4", "paragraph": "p"}


def _heading(text: str) -> Element:
    return element("p", element("strong", text))
