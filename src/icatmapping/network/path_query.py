"""
What is asked of a path, in a form that can be asked again with one thing changed, and why there is none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from icatmapping.network.path_search import PathSearch, is_allowed_between
from icatmapping.query.describe import describe_criteria
from icatmapping.results import FrozenMapping
from icatmapping.utils.text import join_and, join_or

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from icatmapping.network.context import Context, Sharing
    from icatmapping.network.path_search import Order
    from icatmapping.network.ties import Ties

__all__ = ["PathQuery", "describe_sharing"]

_SHOWN = 3


@frozen
class PathQuery:
    """
    What is asked: the context, the ends and who may stand between them.

    Attributes:
        context: What the network is made of.
        start: The id of the organization to start from.
        end: The id of the one to reach.
        max_hops: How many steps a path may have.
        external: Whether organizations that are not ICAT entities may stand between them.
        foreign_governments: Whether the governments of other countries may.
    """

    context: Context
    start: str
    end: str
    max_hops: int
    external: bool
    foreign_governments: bool

    def search(self, network: Ties, k: int, by: Order) -> list[tuple[str, ...]]:
        """Return the k best paths as ids, best first."""
        directory = self.context.ds.directory
        if directory.are_related(self.start, self.end):
            return []
        network.expect({self.start, self.end})
        home = None if self.foreign_governments else self.context.countries
        last_year = self.context.last_year

        def is_allowed(one: str) -> bool:
            return is_allowed_between(directory.by_id[one], external=self.external, home=home, last_year=last_year)

        search = PathSearch(network, self.start, self.end, is_allowed, directory.are_related)
        return search.best(k, by, self.max_hops)

    def relaxations(self, by: Order) -> tuple[Mapping[str, Any], ...]:
        """Try a wider reach, and each criterion less, and return what leads to a path."""
        found: list[Mapping[str, Any]] = []
        if self.context.ds.directory.are_related(self.start, self.end):
            return ()
        for change in self.context.relaxations():
            relaxed = evolve(self, context=self.context.relaxed(change))
            if relaxed.search(relaxed.context.network(), 1, by):
                found.append(FrozenMapping(change))
        return tuple(found)

    def explain(self, network: Ties, relaxations: Sequence[Mapping[str, Any]]) -> str:
        """Return why there is no path, and what would give one."""
        directory = self.context.ds.directory
        start, end = directory.label(self.start), directory.label(self.end)
        if directory.are_related(self.start, self.end):
            part, whole = (start, end) if self.end in directory.with_parents([self.start]) else (end, start)
            return f"{part} is part of {whole}, so nobody needs to stand between them."
        active = network.active({self.start, self.end})
        absent = [one for one in (self.start, self.end) if one not in active]
        asked = describe_criteria(directory, self.context.required)
        context = f" ({asked})" if asked else ""
        if absent:
            verb = "take" if len(absent) > 1 else "takes"
            parts = [f"{join_and([directory.label(one) for one in absent])} {verb} part in no record there{context}"]
        elif not network.are_apart(self.start, self.end):
            within = f"in one component{context}, but no path of at most {self.max_hops} hops keeps the rules"
            parts = [f"{start} and {end} are {within}"]
        else:
            parts = [f"{start} and {end} are in separate components there{context}"]
        parts += [f"{directory.label(one)}: {self._activity(one, network)}" for one in (self.start, self.end)]
        if relaxations:
            parts.append(f"A path appears {join_or([describe_change(change) for change in relaxations])}")
        elif self.context.required:
            parts.append("No wider reach and no single criterion less gives one")
        return ". ".join(parts) + "."

    def _activity(self, one: str, network: Ties) -> str:
        number, newest = network.newest(one, _SHOWN)
        if not number:
            anywhere, _ = self.context.anywhere().network().newest(one, 1)
            return f"no record there, {anywhere} in the whole dataset"
        records = [event.records[0] for event in self.context.with_records(newest)]
        titles = [f"“{record.label}” ({record.period})" for record in records]
        if number > len(titles):
            titles.append(f"{number - len(titles)} more")
        partners = len(network.neighbours(one))
        return f"takes part in {join_and(titles)}, with {partners} other{'' if partners == 1 else 's'}"


def describe_change(change: Mapping[str, Any]) -> str:
    """
    Return a change of a question in words.

    >>> describe_change({"theme": None}), describe_change({"reach": "regional"})
    ('without the criterion theme', "with reach='regional'")
    """
    ((name, value),) = change.items()
    return f"without the criterion {name}" if value is None else f"with {name}={value!r}"


def describe_sharing(query: PathQuery, shared: Sharing) -> str:
    """
    Return in a sentence what two organizations share anywhere, and how much of it is of the question.

    “UNODC and UNICEF share 45 records (last 2024), none of them on child protection in Nigeria.”
    """
    directory = query.context.ds.directory
    ends = f"{directory.label(query.start)} and {directory.label(query.end)}"
    number, here, last = shared.number, shared.here, shared.last_active
    if not number:
        return f"{ends} share no record in the whole dataset."
    planned = last is not None and last > int(query.context.ds.as_of[:4])
    when = "undated" if last is None else f"going on, to {last}" if planned else f"last {last}"
    counted = f"{number} record{'' if number == 1 else 's'} ({when})"
    if not query.context.criteria:
        return f"{ends} share {counted}."
    asked = describe_criteria(directory, query.context.criteria)
    among = "none" if here == 0 else "all" if here == number else str(here)
    which = f"{among} of them" if number > 1 else ("which is not" if here == 0 else "which is")
    return f"{ends} share {counted}, {which} {asked}."
