"""
Do the answers stand up in a meeting? Counts, over 15 countries and 5 themes, what people laughed at, as a table.

Run: python tests/benchmarks/answers.py. Nothing is timed; the figures are of the bundled data.
"""

from __future__ import annotations

import re
from typing import Any

import icatmapping as im

COUNTRIES = (
    *("Nigeria", "Ghana", "Ethiopia", "Kenya", "Sudan", "Thailand", "Cambodia", "Indonesia", "India", "Ukraine"),
    *("Moldova", "Albania", "Mexico", "Colombia", "Jordan"),
)
THEMES = ("child_protection", "prosecution", "protection", "migration", "supply_chains")
SINCE = 2020


class Tally:
    """How many of how many, by question."""

    def __init__(self) -> None:
        self.rows: dict[str, list[int]] = {}

    def add(self, name: str, *, is_so: bool) -> None:
        """Count one."""
        row = self.rows.setdefault(name, [0, 0])
        row[0] += is_so
        row[1] += 1

    def show(self) -> None:
        """Print a Markdown table."""
        print("| What | | Of | % |\n| --- | ---: | ---: | ---: |")
        for name, (some, every) in self.rows.items():
            print(f"| {name} | {some:,} | {every:,} | {100 * some / every if every else 0:.1f} |", flush=True)


def is_old(path: im.Path) -> bool:
    """Tell whether a step is undated, or was last active before 2020."""
    return path.last_active is None or path.last_active < SINCE


def count_paths(ds: im.Dataset, tally: Tally) -> None:
    """Count over all pairs of members that are active in a country what their first paths are like."""
    for country in COUNTRIES:
        bare = {(row.a, row.b): row for row in im.connections(ds, country=country)}
        recent = im.connections(ds, country=country, since=SINCE)
        for row in recent:
            if row.hops is not None:
                old = row.last_active is None or row.last_active < SINCE
                tally.add("first paths with `since=2020` with a step undated or last active before 2020", is_so=old)
        for theme in THEMES:
            for row in im.connections(ds, country=country, theme=theme):
                if row.hops is None:
                    continue
                old = row.last_active is None or row.last_active < SINCE
                tally.add("first paths with a step undated or last active before 2020 (each says so)", is_so=old)
                longer = row.hops > (bare[row.a, row.b].hops or row.hops)
                tally.add("first paths longer than those of the country without the theme", is_so=longer)
                if row.records:
                    tally.add("pairs that share records there and are shown a detour first", is_so=row.hops > 1)


def count_described(ds: im.Dataset, tally: Tally) -> None:
    """Count the sentences of paths that leave a step without its years."""
    for country in COUNTRIES[:6]:
        for row in im.connections(ds, country=country)[:25]:
            if row.hops is None:
                continue
            path = im.collaboration_paths(ds, row.a, row.b, k=1, country=country)[0]
            said = path.describe()
            missing = any(step.evidence[0].period not in said for step in path.steps)
            tally.add("sentences of paths with a step without years", is_so=missing)


def count_overlaps(ds: im.Dataset, tally: Tally) -> None:
    """Count what is wrong with uncoordinated rows."""
    found = im.overlaps(ds)
    joined: dict[str, list[set[str]]] = {}
    for kind in ("initiatives", "partnerships"):
        for record in ds.collection(kind):
            bodies = {one for role in record.roles if role != "donors" for one in getattr(record, role)}
            for country in record.countries:
                joined.setdefault(country, []).append(set(ds.directory.entities_of(bodies)))
    for row in found.uncoordinated:
        spans = [
            {year for one in ids for year in _years(ds.initiatives[one])} for ids in (row.records_a, row.records_b)
        ]
        tally.add("uncoordinated rows whose two were never active in the same year", is_so=not spans[0] & spans[1])
        together = any({row.a, row.b} <= members for members in joined[str(row.value)])
        tally.add("uncoordinated rows of two that share a record in that country", is_so=together)


def _years(record: Any) -> range:
    return range(record.first_active or 1, (record.last_active or 0) + 1)


def count_gaps(ds: im.Dataset, tally: Tally) -> None:
    """Count telling gaps in Africa, and those of armed conflict among the first."""
    found = im.gaps(ds, rows="country", cols="form", among="Africa")
    for gap in found:
        tally.add("gaps in Africa by form that are telling (p < 0.05)", is_so=gap.telling)
    for gap in found.telling[:8]:
        tally.add("of the first eight telling gaps, on armed conflict", is_so=gap.col == "armed_conflict_exploitation")
    for gap in found.telling:
        tally.add("telling gaps with uncoded initiatives beside them (shown)", is_so=bool(gap.uncoded))


def count_brief(ds: im.Dataset, tally: Tally) -> None:
    """Count the lines of briefs that stand for a record and say no year nor that it is undated."""
    dated = re.compile(r"\b(19|20)\d\d\b|undated|not stated|going on")
    for country in COUNTRIES:
        brief = im.country_brief(ds, country, since=2022, limit=None)
        for record in (*brief.initiatives, *brief.partnerships):
            shown = any(record.label in line and dated.search(line) for line in brief.to_text().splitlines())
            tally.add("records of briefs since 2022 that are shown with their years (`limit=None`)", is_so=shown)
        newest = [record.last_active for record in brief.initiatives]
        tally.add("briefs whose initiatives are not newest first", is_so=newest != sorted(newest, key=_newest))


def _newest(year: int | None) -> int:
    return -(year or 0)


def main() -> None:
    """Print the table."""
    ds, tally = im.load(), Tally()
    for count in (count_paths, count_described, count_overlaps, count_gaps, count_brief):
        count(ds, tally)
    print(f"Dataset {ds.version}, as of {ds.as_of}: {len(COUNTRIES)} countries, {len(THEMES)} themes\n")
    tally.show()
    print("\nThe first telling gaps in Africa:\n")
    for gap in im.gaps(ds, rows="country", cols="form", among="Africa").telling[:8]:
        print(
            f"- {gap.row_label}, {gap.col_label}: {gap.count} of {gap.n}, {gap.expected:.1f} expected "
            f"({gap.peers} initiatives in {gap.peers_in}), p = {gap.p:.4f}, {len(gap.uncoded)} uncoded"
        )


if __name__ == "__main__":
    main()
