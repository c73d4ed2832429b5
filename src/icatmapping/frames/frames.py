"""
A mapping on frames: the twin of a dataset whose records stay where they are, and are asked by an engine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, NoReturn, TypeVar, Unpack, overload

from attrs import evolve

from icatmapping.dataset import Dataset, load
from icatmapping.errors import DatasetError
from icatmapping.frames.checking import check_columns, check_one_engine
from icatmapping.frames.engines import answered, as_lazy, engine_of, fetch, fetch_some
from icatmapping.frames.expressions import Columns, everything, nothing
from icatmapping.frames.layout import derived_types, field_types
from icatmapping.model.records import RECORD_CLASSES, Initiative, Partnership, Resource
from icatmapping.model.schema import BODIES, LOCATED
from icatmapping.query.collection import Collection
from icatmapping.query.directory import Directory
from icatmapping.query.selection import Selection, criteria_of
from icatmapping.utils.arguments import materialize
from icatmapping.utils.laziness import cached_property
from icatmapping.utils.representation import Displayable
from icatmapping.utils.text import join_and

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import narwhals as nw

    from icatmapping.model.records import Entity, Host, Organization
    from icatmapping.query.criteria import InitiativeCriteria, PartnershipCriteria, ResourceCriteria, SharedCriteria

R = TypeVar("R")

__all__ = ["Frames", "Records"]


class Records(Displayable, Generic[R]):
    """
    Records of one collection on frames: the twin of a `Collection`, asked by an engine when an answer is wanted.

    Attributes:
        directory: Who is who.
        collection: The name of the collection, e.g. ``"initiatives"``.
        criteria: What was asked to get these records, question by question.
    """

    def __init__(
        self,
        collection: str,
        table: nw.LazyFrame[Any],
        directory: Directory,
        met: nw.Expr | None = None,
        may: nw.Expr | None = None,
        criteria: tuple[Mapping[str, Any], ...] = (),
    ) -> None:
        self.collection = collection
        self.directory = directory
        self.criteria = criteria
        self._table = table
        self._met = met
        self._may = met if may is None else may

    @property
    def kind(self) -> type[R]:
        """The class of the records."""
        found: type[R] = RECORD_CLASSES[self.collection]
        return found

    @property
    def lf(self) -> nw.LazyFrame[Any]:
        """The records as a lazy frame of narwhals, in the layout that `write_frames` writes."""
        return self._table if self._met is None else self._table.filter(self._met)

    @property
    def engine(self) -> str:
        """The engine that is asked, e.g. ``"duckdb"``."""
        return engine_of(self._table)

    # --- questions

    @overload
    def where(self: Records[Initiative], **criteria: Unpack[InitiativeCriteria]) -> Records[Initiative]: ...
    @overload
    def where(self: Records[Partnership], **criteria: Unpack[PartnershipCriteria]) -> Records[Partnership]: ...
    @overload
    def where(self: Records[Resource], **criteria: Unpack[ResourceCriteria]) -> Records[Resource]: ...
    def where(self, **criteria: Any) -> Any:
        """
        Keep the records that meet all criteria, as `Collection.where` does. Nothing is computed yet.

        Raises:
            TypeError: If the records have no such criterion.
            UnknownNameError: If a value does not exist.
        """
        return self.select(criteria)

    def select(self, criteria: Mapping[str, Any]) -> Records[R]:
        """Return the records that meet criteria given as a mapping: `where`, untyped."""
        criteria = materialize(criteria)
        selection: Selection[nw.Expr] = Selection(Columns(self.collection, self.directory), criteria)
        if not selection.restricts:
            return self
        met, may = selection.met, selection.possible
        if self._met is not None:
            assert self._may is not None
            met, may = self._met & met, self._may & may
        return Records(self.collection, self._table, self.directory, met, may, (*self.criteria, criteria))

    def condition(self, criteria: Mapping[str, Any]) -> nw.Expr:
        """Return whether a record meets criteria, as an expression."""
        selection: Selection[nw.Expr] = Selection(Columns(self.collection, self.directory), materialize(criteria))
        return selection.met if selection.restricts else everything()

    def filtered(self, condition: nw.Expr) -> Records[R]:
        """Return the records for which an expression holds."""
        met = condition if self._met is None else self._met & condition
        return Records(self.collection, self._table, self.directory, met, None, self.criteria)

    @property
    def possible(self) -> Records[R]:
        """The records left out for their dates alone: those that ``dates="possible"`` would add."""
        if self._met is None or self._may is None:
            return self.filtered(nothing())
        return Records(self.collection, self._table, self.directory, self._may & ~self._met)

    @property
    def question(self) -> str:
        """What was asked to get these records, in words; empty if nothing was."""
        from icatmapping.query.describe import describe_criteria  # noqa: PLC0415 - only who shows a question needs it

        asked = [describe_criteria(self.directory, criteria) for criteria in self.criteria]
        return ", ".join(text for text in asked if text)

    # --- answers

    @answered
    def count(self) -> int:
        """Return the number of records."""
        import narwhals as nw  # noqa: PLC0415 - an extra

        ((number,),) = fetch(self.lf.select(number=nw.len()))
        return int(number)

    @answered
    def collect(self, limit: int | None = None) -> Collection[Any]:
        """
        Return the records as a collection in memory, in the order of ids, checked: for briefs, brokers and all else.

        Args:
            limit: How many at most, the first by id; None for all.

        Raises:
            DatasetError: If they break a rule.
            EngineError: If the engine fails.
        """
        names = [*field_types(self.collection)]
        wanted = self.lf.select(*names)
        if limit is not None:
            wanted = wanted.sort("id").head(limit)
        return self._checked(names, fetch(wanted))

    @answered
    def collect_ids(self, ids: Iterable[str]) -> Collection[Any]:
        """Return those of some ids as a collection in memory, as `collect` does."""
        import narwhals as nw  # noqa: PLC0415 - an extra

        names = [*field_types(self.collection)]
        return self._checked(names, fetch_some(self.lf.filter(nw.col("id").is_in(list(ids))).select(*names)))

    def _checked(self, names: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> Collection[Any]:
        from icatmapping.datapackage.faults import FaultLog  # noqa: PLC0415 - checking is for records that are made
        from icatmapping.datapackage.validation import structure_records  # noqa: PLC0415 - as above

        raw = [dict(zip(names, map(_as_json, row), strict=True)) for row in rows]
        faults = FaultLog()
        records = structure_records(RECORD_CLASSES[self.collection], raw, faults)
        if faults:
            raise DatasetError(faults)
        return Collection(self.collection, records, self.directory)

    # --- what is not to be had

    def __len__(self) -> NoReturn:
        message = f"{self.collection} on frames are counted by the engine: call .count()"
        raise TypeError(message)

    def __iter__(self) -> Iterator[R]:
        message = f"{self.collection} on frames cannot be gone through: call .collect(), or .collect(limit=100)"
        raise TypeError(message)

    def __getitem__(self, key: object) -> NoReturn:
        message = f"{self.collection} on frames cannot be looked up: call .where(…).collect() first"
        raise TypeError(message)

    def search(self, text: str) -> NoReturn:
        """Refuse to search, which needs an index of words that frames do not have."""
        message = f"{self.collection} on frames cannot be searched for {text[:50]!r}: call .where(…).collect() first"
        raise TypeError(message)

    def __bool__(self) -> bool:
        return True

    def _repr_summary(self) -> str:
        asked = f": {self.question}" if self.criteria else ""
        return f": {self.collection} on {self.engine}{asked}"


def _as_json(value: Any) -> Any:
    """Return a value as JSON has it."""
    if isinstance(value, list | tuple):
        return [_as_json(one) for one in value]
    if isinstance(value, dict):
        return {name: _as_json(one) for name, one in value.items()}
    return value.tolist() if hasattr(value, "tolist") else value


class Frames(Displayable):
    """
    A mapping on frames: the twin of a `Dataset`, for more records than fit in memory.

    Its records are asked by an engine, polars, DuckDB, Spark or what narwhals reaches besides; organizations and
    entities, of which there are fewer, are read when a name is first looked up. `scan` opens what `write_frames` wrote.

    Args:
        initiatives: A lazy frame in the layout that `write_frames` writes.
        partnerships: Another, of the same engine, if there are any.
        resources: Another.
        organizations: Who takes part, beside the entities, as a frame with the fields of organizations; by default
            those of the bundled dataset.
        entities: The members of ICAT, likewise.
        version: The version of the data, if it has one.

    Raises:
        TypeError: If something is no frame, or frames are of different engines.
        ValueError: If a frame lacks columns.
        MissingExtraError: If narwhals is not installed.
    """

    def __init__(
        self,
        *,
        initiatives: object,
        partnerships: object = None,
        resources: object = None,
        organizations: object = None,
        entities: object = None,
        version: str | None = None,
    ) -> None:
        given = {"initiatives": initiatives, "partnerships": partnerships, "resources": resources}
        self._tables = {name: as_lazy(frame, name) for name, frame in given.items() if frame is not None}
        bodies = {"organizations": organizations, "entities": entities}
        self._bodies = {name: as_lazy(frame, name) for name, frame in bodies.items() if frame is not None}
        check_one_engine(self._tables | self._bodies)
        for name, frame in self._tables.items():
            check_columns(name, frame, field_types(name) | derived_types(name))
        for name, frame in self._bodies.items():
            check_columns(name, frame, field_types(name))
        self.version = version
        self._groupings: Iterable[Mapping[str, Any]] | None = None
        self._hosts: Iterable[Mapping[str, Any]] | None = None

    def know(
        self, groupings: Iterable[Mapping[str, Any]] | None = None, hosts: Iterable[Mapping[str, Any]] | None = None
    ) -> None:
        """Take groupings and hosts from elsewhere than the bundled dataset, before anything is asked."""
        self._groupings, self._hosts = groupings, hosts

    @property
    def engine(self) -> str:
        """The engine that is asked, e.g. ``"duckdb"``."""
        return engine_of(self._tables["initiatives"])

    @property
    def names(self) -> tuple[str, ...]:
        """The collections that there are frames of."""
        return (*self._tables,)

    @property
    def initiatives(self) -> Records[Initiative]:
        """Programmes, projects, operations, campaigns."""
        found: Records[Initiative] = self.collection("initiatives")
        return found

    @property
    def partnerships(self) -> Records[Partnership]:
        """Multi-stakeholder bodies."""
        found: Records[Partnership] = self.collection("partnerships")
        return found

    @property
    def resources(self) -> Records[Resource]:
        """Publications."""
        found: Records[Resource] = self.collection("resources")
        return found

    @property
    def organizations(self) -> Collection[Organization]:
        """Everyone else that takes part, in memory."""
        return self._known.organizations

    @property
    def entities(self) -> Collection[Entity]:
        """The members of ICAT, in memory."""
        return self._known.entities

    def collection(self, name: str) -> Any:
        """
        Return a collection by its name: records on frames, or the bodies in memory.

        Raises:
            KeyError: If there is no such collection, or these frames have none.
        """
        if name in ("organizations", "entities"):
            return getattr(self._known, name)
        if name not in self._tables:
            if name not in LOCATED:
                raise KeyError(name)
            message = f"these frames have no {name}, only {join_and([*self._tables])}"
            raise KeyError(message)
        return Records(name, self._tables[name], self.directory)

    def collect(self, **criteria: Unpack[SharedCriteria]) -> Dataset:
        """
        Return the records that meet criteria as a dataset in memory, for whatever is worked out there: briefs, brokers.

        Args:
            **criteria: What the records have to meet, as in `Dataset.search`: a collection that cannot be asked for by
                one of them is left out.

        Raises:
            DatasetError: If the records break a rule.
            EngineError: If the engine fails.
        """
        asked = materialize(criteria)
        found: dict[str, Any] = {}
        for name in LOCATED:
            is_there = name in self._tables and asked.keys() <= frozenset(criteria_of(name))
            found[name] = tuple(self.collection(name).select(asked).collect()) if is_there else ()
        return Dataset.from_package(evolve(self._known.to_package(), **found))

    @cached_property
    def directory(self) -> Directory:
        """Who is who."""
        return _FrameDirectory(_FrameSource(self))

    @cached_property
    @answered
    def as_of(self) -> str:
        """The present of the data (YYYY-MM): the newest month in which a record was checked."""
        import narwhals as nw  # noqa: PLC0415 - an extra

        newest = [month for lf in self._tables.values() for (month,) in fetch(lf.select(nw.col("checked").max()))]
        newest += [month for name in BODIES for (month,) in self._known.fields_of(name, "checked")]
        return max((month for month in newest if month), default="")

    @cached_property
    @answered
    def _known(self) -> Dataset:
        """The bodies and groupings, as a dataset without records."""
        from icatmapping.datapackage.faults import FaultLog  # noqa: PLC0415 - only where bodies are given
        from icatmapping.datapackage.package import Package  # noqa: PLC0415 - as above
        from icatmapping.datapackage.validation import structure_records  # noqa: PLC0415 - as above

        base = load()
        given: dict[str, Iterable[Mapping[str, Any]]] = {}
        for name, lf in self._bodies.items():
            fields = [*field_types(name)]
            rows = fetch(lf.select(*fields))
            given[name] = [dict(zip(fields, map(_as_json, row), strict=True)) for row in rows]
        given |= {"groupings": self._groupings} if self._groupings is not None else {}
        given |= {"hosts": self._hosts} if self._hosts is not None else {}
        faults = FaultLog()
        made: dict[str, Any] = {
            name: structure_records(RECORD_CLASSES[name], [*rows], faults) for name, rows in given.items()
        }
        if faults:
            raise DatasetError(faults)
        for name in ("entities", "organizations", "hosts", "groupings"):
            made.setdefault(name, tuple(getattr(base, name)))
        return Dataset.from_package(
            Package(initiatives=(), partnerships=(), resources=(), findings=(), version=self.version, **made)
        )

    @answered
    def _span(self) -> tuple[int, ...]:
        """Return every year from the first to the last in which a dated record is known to be active."""
        import narwhals as nw  # noqa: PLC0415 - an extra

        ends = [
            (int(first), int(last))
            for lf in self._tables.values()
            for first, last in fetch(lf.select(nw.col("first_active").min(), nw.col("last_active").max()))
            if first is not None and last is not None
        ]
        return tuple(range(min(first for first, _ in ends), max(last for _, last in ends) + 1)) if ends else ()

    def _repr_summary(self) -> str:
        return f": {', '.join(self._tables)} on {self.engine}"


class _FrameSource:
    """What a directory reads of frames."""

    def __init__(self, frames: Frames) -> None:
        self.frames = frames

    @property
    def version(self) -> str | None:
        return self.frames.version

    @property
    def as_of(self) -> str:
        return self.frames.as_of

    @property
    def entities(self) -> Collection[Entity]:
        return self.frames.entities

    @property
    def organizations(self) -> Collection[Organization]:
        return self.frames.organizations

    @property
    def initiatives(self) -> Iterable[Initiative]:
        return self.frames.initiatives

    @property
    def partnerships(self) -> Iterable[Partnership]:
        return self.frames.partnerships

    @property
    def resources(self) -> Iterable[Resource]:
        return self.frames.resources

    @property
    def hosts(self) -> tuple[Host, ...]:
        return self.frames._known.hosts  # noqa: SLF001 - of the same module

    def fields_of(self, collection: str, *names: str) -> Iterator[tuple[Any, ...]]:
        return self.frames._known.fields_of(collection, *names)  # noqa: SLF001 - as above


class _FrameDirectory(Directory):
    """Who is who on frames; the years of the records are asked of the engine."""

    @cached_property
    def years(self) -> tuple[int, ...]:
        """Every year from the first to the last in which a dated record is known to be active."""
        source: Any = self.source
        found: tuple[int, ...] = source.frames._span()  # noqa: SLF001 - of the same module
        return found
