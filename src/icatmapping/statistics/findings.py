"""
What ICAT found in 2021 about its own mapping, checked against these data.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from attrs import frozen

from icatmapping.dataset import check_dataset
from icatmapping.errors import UnknownNameError
from icatmapping.model.schema import QUERIED
from icatmapping.model.vocabulary import terms
from icatmapping.query.dimensions import dimension
from icatmapping.results import Row, Table
from icatmapping.statistics.counts import plain_value
from icatmapping.statistics.coverage import CoverageRow, coverage
from icatmapping.utils.arguments import check_choice
from icatmapping.utils.text import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from icatmapping.dataset import Dataset
    from icatmapping.model.records import Entity, Finding, Initiative
    from icatmapping.query.collection import Collection

__all__ = ["FindingCheck", "Findings", "Verdict", "findings"]


Verdict: TypeAlias = Literal["agrees", "differs", "cannot be compared"]
"""What a published statement is when put beside the same figure from a dataset."""


@frozen(repr=False)
class FindingCheck(Row):
    """
    A statement that ICAT published in 2021 about its own mapping, beside the same figure from a dataset.

    Attributes:
        id: The id of the finding.
        statement: What was stated, in the dataset's words.
        verdict: ``"agrees"``, ``"differs"`` or ``"cannot be compared"``.
        rule: When it agrees, in words, or why it cannot be compared.
        figure: What the dataset says, in words.
        counts: The counts behind the figure: of the values that the statement names, in its order.
        sources: Where it was stated.
    """

    id: str
    statement: str
    verdict: Verdict
    rule: str
    figure: str
    counts: tuple[CoverageRow, ...]
    sources: tuple[str, ...]


@frozen(repr=False)
class Findings(Table[FindingCheck]):
    """
    The statements of 2021 in the order of the dataset; ``.get(id)`` gives one.

    Attributes:
        rows: A row for every statement.
    """

    rows: tuple[FindingCheck, ...]

    def get(self, identifier: str) -> FindingCheck:
        """
        Return the check of a finding by its id.

        Raises:
            UnknownNameError: If there is no such finding.
            TypeError: If it is not text; ``found[5]`` is the one at a position.
        """
        if not isinstance(identifier, str):
            message = f"a finding must be named by its id, such as 'levels', not {identifier!r}"
            raise TypeError(message)
        for row in self.rows:
            if row.id == identifier:
                return row
        raise UnknownNameError(identifier, "finding", nearest(identifier, [row.id for row in self.rows]))

    def _repr_summary(self) -> str:
        verdicts = Counter(row.verdict for row in self.rows)
        return f": {', '.join(f'{verdict} {number}' for verdict, number in verdicts.items()) or 'none'}"


def findings(ds: Dataset) -> Findings:
    """
    Put each statement that ICAT published in 2021 about its own mapping beside the same figure from a dataset.

    Statements about members are counted over the profiles of the entities, statements about interventions over
    initiatives. The rules stand here, whatever comes out of them; the data are not adjusted to agree.

    ============================== =================================================================================
    Finding                        Agrees if
    ============================== =================================================================================
    ``anchored-on-review``         each priority area named has initiatives
    ``co-chair-2021``              (cannot be compared: the dataset does not record who chairs ICAT)
    ``forms-most-addressed``       no other form is addressed by more members than any of those named
    ``levels``                     each level named has initiatives
    ``membership-size``            as many entities, but for partners, are counted as members
    ``regions-half``               the fractional shares of the regions named add up to at least 0.4 and less than 0.5
    ``regions-most-engaged``       no other region has more initiatives than any of those named
    ``response-capacity-building`` more than half of the members with any response name it
    ``responses-primary``          more than half of the members with any response name each of those named
    ``structure-of-resource``      each of the collections named has records
    ``training-target-groups``     no other group has more initiatives of capacity building than any of those named
    ``uk-funding``                 (cannot be compared: who paid for the mapping of 2021 is no property of its records)
    ============================== =================================================================================

    Any other finding of a dataset of your own cannot be compared, and says so.

    Args:
        ds: The dataset.

    Examples:
        >>> import icatmapping as im
        >>> im.findings(im.load()).get("co-chair-2021").verdict
        'cannot be compared'
    """
    check_dataset(ds)
    return Findings(tuple([_checked(ds, finding) for finding in ds.findings]))


def _checked(ds: Dataset, finding: Finding) -> FindingCheck:
    rule, check = _RULES.get(finding.id, _NO_RULE) if finding.values else _NO_RULE
    try:
        verdict, figure, counts = check(ds, finding)
    except UnknownNameError as error:
        rule = f"cannot be compared: {error}"
        verdict, figure, counts = _not_recorded(ds, finding)
    return FindingCheck(finding.id, finding.statement, verdict, rule, figure, counts, tuple(finding.sources))


_Outcome: TypeAlias = tuple[Verdict, str, tuple[CoverageRow, ...]]


_Check: TypeAlias = "Callable[[Dataset, Finding], _Outcome]"


def _verdict(agrees: bool) -> Verdict:  # noqa: FBT001 - the only thing that it is about
    return "agrees" if agrees else "differs"


def _named(
    records: Collection[Any], finding: Finding, count: Literal["full", "fractional"] = "full"
) -> list[CoverageRow]:
    """Count records by the values that a finding names, in its order, those that none has included."""
    by = str(finding.dimension)
    found = coverage(records, by, count=count)
    entry = dimension(by, records.kind)
    values = [plain_value(entry.parse(value, records.kind, records.directory)) for value in finding.values]
    zeros = [CoverageRow(value, entry.label(value, records.directory), 0, 0.0) for value in values]
    return [next((row for row in found if row.value == zero.value), zero) for zero in zeros]


def describe_rows(rows: Iterable[CoverageRow], of: str) -> str:
    return f"{', '.join(f'{row.label} {row.count:g} ({row.share:.0%})' for row in rows)} of the {of}"


def _leading(select: Callable[[Dataset], Collection[Any]], of: str) -> _Check:
    """Agree if the values named come before all others."""

    def check(ds: Dataset, finding: Finding) -> _Outcome:
        records = select(ds)
        named = _named(records, finding)
        values = {row.value for row in named}
        others = [row for row in coverage(records, str(finding.dimension)) if row.value not in values]
        agrees = min(row.count for row in named) >= max((row.count for row in others), default=0)
        highest = f"; the highest of the others: {describe_rows(others[:1], of)}" if others else ""
        return _verdict(agrees and any(row.count for row in named)), describe_rows(named, of) + highest, tuple(named)

    return check


def _majority(ds: Dataset, finding: Finding) -> _Outcome:
    named = _named(ds.entities, finding)
    return (
        _verdict(all(row.share > 0.5 for row in named)),
        describe_rows(named, "members with any response"),
        tuple(named),
    )


def _present(ds: Dataset, finding: Finding) -> _Outcome:
    named = _named(ds.initiatives, finding)
    return _verdict(all(row.count for row in named)), describe_rows(named, "initiatives"), tuple(named)


def _almost_half(ds: Dataset, finding: Finding) -> _Outcome:
    named = _named(ds.initiatives, finding, "fractional")
    share = sum(row.share for row in named)
    figure = f"{share:.1%} of the initiatives that name a region, each spread evenly over its regions"
    return _verdict(0.4 <= share < 0.5), figure, tuple(named)


def _size(ds: Dataset, finding: Finding) -> _Outcome:
    counts = Counter(str(entity.membership) for entity in ds.entities)
    members = len(ds.entities) - counts["partner"]
    told = [f"{number} {terms('membership')[value].label.lower()}" for value, number in sorted(counts.items())]
    figure = f"{members} members: of {len(ds.entities)} entities, {', '.join(told)}"
    return _verdict([str(members)] == list(finding.values)), figure, ()


def _structure(ds: Dataset, finding: Finding) -> _Outcome:
    for name in finding.values:
        check_choice("collection", name, QUERIED)
    sizes = {name: len(ds.collection(name)) for name in finding.values}
    return _verdict(all(sizes.values())), ", ".join(f"{size} {name}" for name, size in sizes.items()), ()


def _not_recorded(_: Dataset, __: Finding) -> _Outcome:
    return "cannot be compared", "nothing that could stand beside it", ()


def _donor(ds: Dataset, finding: Finding) -> _Outcome:
    named = _named(ds.initiatives, finding)
    return (
        "cannot be compared",
        f"it funds others: {describe_rows(named, 'initiatives that name a donor')}",
        tuple(named),
    )


def _initiatives(ds: Dataset) -> Collection[Initiative]:
    return ds.initiatives


def _members(ds: Dataset) -> Collection[Entity]:
    return ds.entities


def _training(ds: Dataset) -> Collection[Initiative]:
    return ds.initiatives.where(response="capacity_building")


_NO_RULE: tuple[str, _Check] = ("cannot be compared: there is no rule for this statement", _not_recorded)


_RULES: Mapping[str, tuple[str, _Check]] = {
    "anchored-on-review": ("agrees if each priority area named has initiatives", _present),
    "co-chair-2021": ("cannot be compared: the dataset does not record who chairs ICAT", _not_recorded),
    "forms-most-addressed": (
        "agrees if no other form is addressed by more members than any of those named",
        _leading(_members, "members with any form"),
    ),
    "levels": ("agrees if each level named has initiatives", _present),
    "membership-size": ("agrees if as many entities, but for partners, are counted as members", _size),
    "regions-half": (
        "agrees if the fractional shares of the regions named add up to at least 0.4 and less than 0.5",
        _almost_half,
    ),
    "regions-most-engaged": (
        "agrees if no other region has more initiatives than any of those named",
        _leading(_initiatives, "initiatives with any region"),
    ),
    "response-capacity-building": ("agrees if more than half of the members with any response name it", _majority),
    "responses-primary": (
        "agrees if more than half of the members with any response name each of those named",
        _majority,
    ),
    "structure-of-resource": ("agrees if each of the collections named has records", _structure),
    "training-target-groups": (
        "agrees if no other group has more initiatives of capacity building than any of those named",
        _leading(_training, "initiatives of capacity building with any group"),
    ),
    "uk-funding": (
        "cannot be compared: who paid for the mapping of 2021 is no property of its records",
        _donor,
    ),
}
