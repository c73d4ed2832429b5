"""
The dataset: five collections of records that refer to each other. Knows nothing of statistics and graphs.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Unpack

from icatmapping.datapackage.bundled import BundledPackage, column
from icatmapping.model.schema import QUERIED, RECORD_FILES
from icatmapping.query.collection import Collection
from icatmapping.query.directory import Directory
from icatmapping.query.selection import criteria_of
from icatmapping.utils.arguments import check_count, check_text, materialize
from icatmapping.utils.exporting import Exportable
from icatmapping.utils.laziness import BUILDING, cached_property
from icatmapping.utils.representation import Displayable

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator

    from icatmapping.datapackage.overlay import Overlay
    from icatmapping.datapackage.package import Package
    from icatmapping.model.records import (
        Entity,
        Finding,
        Grouping,
        Host,
        Initiative,
        Organization,
        Partnership,
        Resource,
    )
    from icatmapping.query.criteria import SharedCriteria
    from icatmapping.query.search import Hits

__all__ = ["Dataset", "check_dataset", "load"]


class Dataset(Displayable, Exportable):
    """
    A mapping of who does what against trafficking in persons, where, when and with whom.

    It cannot be changed. Get the bundled one from `load`; each collection is built when first asked for.

    Attributes:
        entities: The members of ICAT.
        organizations: Everyone else that takes part.
        initiatives: Programmes, projects, operations, campaigns.
        partnerships: Multi-stakeholder bodies.
        resources: Publications.
        findings: What ICAT published in 2021 about its own mapping.

    Examples:
        >>> import icatmapping as im
        >>> ds = im.load()
        >>> ds.entities["UNODC"].name
        'United Nations Office on Drugs and Crime'
    """

    def __init__(self, package: Package | BundledPackage) -> None:
        self._package = package
        self._collections: dict[str, Any] = {}
        self.directory: Directory = Directory(self)  # pyright: ignore[reportArgumentType] - mypy finds that it fits

    @classmethod
    def from_package(cls, package: Package) -> Dataset:
        """Make a dataset of the records of a package, which must have been checked."""
        return cls(package)

    @property
    def version(self) -> str | None:
        """The version that the data package states of itself, e.g. ``"2026.12"``; None if it states none."""
        return self._package.version

    @property
    def about(self) -> dict[str, Any] | None:
        """
        What the data package says of itself as a whole: name, title, licences, contributors; None if nothing is known.

        >>> import icatmapping as im
        >>> im.load().about["name"]
        'icatmapping'
        """
        return copy.deepcopy(dict(self._package.about)) if self._package.about is not None else None

    def to_package(self) -> Package:
        """Return all records and the version, as files hold them, and what a package of others says of itself."""
        from icatmapping.datapackage.package import Package  # noqa: PLC0415 - reading and checking files is for other packages

        # What is made of the bundled records is another package, and cannot say of itself what that one says.
        about = None if self is _BUNDLED else self.about
        return Package(**{name: tuple(self._of(name)) for name in RECORD_FILES}, version=self.version, about=about)

    def extended(self, records: Overlay) -> Dataset:
        """
        Lay records of your own over these: a new dataset, checked as a whole, while this one stays as it is.

        A record with an id that is here already replaces the one that has it; the others are added. They may refer to
        anything in this dataset and to each other. Fields that may be null or an empty list can be left out.

        Args:
            records: A folder, a ``.zip`` or a single file (``initiatives.json`` …) with some of the files of a data
                package; or records by collection, ``{"initiatives": [{"id": …}, …]}``, each a mapping or a record, or
                a data frame of them (pandas, polars, Arrow …), in which a value that is missing is one left out; or
                records.

        Raises:
            DatasetError: If all of them together break a rule; with every fault. One is that a body of the same name,
                kind and country is there under another id.
            UnknownNameError: If there is no such collection.

        Warns:
            DatasetWarning: If a body has a name, an acronym or an alias of another one.

        Examples:
            >>> import icatmapping as im
            >>> from attrs import evolve
            >>> ds = im.load()
            >>> mine = evolve(ds.initiatives["50-for-freedom"], id="our-campaign", title="Our campaign")
            >>> len(ds.extended([mine]).initiatives) - len(ds.initiatives)
            1
        """
        from icatmapping.datapackage.overlay import merge  # noqa: PLC0415 - as above

        return Dataset(merge(self.to_package(), records))

    def _of(self, name: str) -> Any:
        found = self._collections.get(name)
        if found is None:
            with BUILDING:
                found = self._collections.get(name)
                if found is None:
                    records = getattr(self._package, name)
                    found = Collection(name, records, self.directory) if name in QUERIED else tuple(records)
                    self._collections[name] = found
        return found

    def fields_of(self, collection: str, *names: str) -> Iterator[tuple[Any, ...]]:
        """Yield some fields of every record of a collection, as cheaply as they can be had: no record is made."""
        records = self._collections.get(collection) or getattr(self._package, collection)
        return zip(*(column(records, name) for name in names), strict=True)

    @property
    def entities(self) -> Collection[Entity]:
        """The members of ICAT."""
        found: Collection[Entity] = self._of("entities")
        return found

    @property
    def organizations(self) -> Collection[Organization]:
        """Everyone else that takes part."""
        found: Collection[Organization] = self._of("organizations")
        return found

    @property
    def initiatives(self) -> Collection[Initiative]:
        """Programmes, projects, operations, campaigns."""
        found: Collection[Initiative] = self._of("initiatives")
        return found

    @property
    def partnerships(self) -> Collection[Partnership]:
        """Multi-stakeholder bodies."""
        found: Collection[Partnership] = self._of("partnerships")
        return found

    @property
    def resources(self) -> Collection[Resource]:
        """Publications."""
        found: Collection[Resource] = self._of("resources")
        return found

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What ICAT published in 2021 about its own mapping."""
        found: tuple[Finding, ...] = self._of("findings")
        return found

    @property
    def groupings(self) -> tuple[Grouping, ...]:
        """Countries that people speak of together: organizations of States, processes, areas."""
        found: tuple[Grouping, ...] = self._of("groupings")
        return found

    @cached_property
    def as_of(self) -> str:
        """The dataset's own present (YYYY-MM): the newest month in which a record was checked."""
        return max(
            (month for name in QUERIED for month in column(self.collection(name).store.records, "checked")), default=""
        )

    @property
    def hosts(self) -> tuple[Host, ...]:
        """The hosts of web pages that no general rule grades."""
        found: tuple[Host, ...] = self._of("hosts")
        return found

    def search(self, text: str, limit: int = 20, **criteria: Unpack[SharedCriteria]) -> Hits:
        """
        Return the records of all collections that words find, best first.

        Words are looked for as `Collection.search` does. Records that meet all of them come first; then those that
        meet half of them or more.

        Args:
            text: The words.
            limit: How many hits at most.
            **criteria: What the records have to meet, as in `where`. Only collections are looked through that can be
                asked for by all of them: with a country, no entities, which have none.

        Raises:
            ValueError: If the limit is less than 1, or a value is none of its criterion.
            TypeError: If there is no such criterion of initiatives.

        Examples:
            >>> import icatmapping as im
            >>> found = im.load().search("blue heart campaign")
            >>> found[0].record.label, found[0].collection
            ('Blue Heart Campaign against Human Trafficking', 'initiatives')
            >>> im.load().search("traficking").suggestion
            'trafficking'
            >>> all("GHA" in hit.record.countries for hit in im.load().search("shelter", country="Ghana"))
            True
        """
        check_text(text)
        check_count("limit", limit)
        among = None
        if criteria:
            criteria = materialize(criteria)  # type: ignore[assignment]
            self.initiatives.where(**criteria)  # tells what is no criterion, and what is no value
            can = [name for name in QUERIED if criteria.keys() <= frozenset(criteria_of(name))]
            among = {name: self.collection(name).where(**criteria).positions for name in can}
        return self.entities.store.texts.hits(text, limit, among)

    def collection(self, name: str) -> Collection[Any]:
        """Return a collection by its name, e.g. ``"initiatives"``."""
        if name not in QUERIED:
            raise KeyError(name)
        found: Collection[Any] = self._of(name)
        return found

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Dataset):
            return NotImplemented
        return self is other or self._everything() == other._everything()

    def _everything(self) -> list[tuple[Any, ...]]:
        return [tuple(self._of(name)) for name in RECORD_FILES]

    def __hash__(self) -> int:
        return hash(tuple(len(self._of(name)) for name in QUERIED))

    def __setattr__(self, name: str, value: object) -> None:
        if not name.startswith("_") and hasattr(self, "directory"):
            message = f"a dataset cannot be changed, nor its {name!r}"
            raise AttributeError(message)
        super().__setattr__(name, value)

    def __delattr__(self, name: str) -> None:
        message = f"a dataset cannot be changed, nor its {name!r}"
        raise AttributeError(message)

    def __reduce__(self) -> tuple[Callable[..., Dataset], tuple[Any, ...]]:
        return (load, ()) if self is _BUNDLED else (Dataset, (self.to_package(),))

    def __repr__(self) -> str:
        return f"<Dataset: {', '.join(f'{len(self._of(name))} {name}' for name in QUERIED)}>"


_BUNDLED = Dataset(BundledPackage())
"""The bundled dataset, of which a process has one."""


def check_dataset(value: object) -> None:
    """
    Refuse what is not a dataset where one is wanted.

    Raises:
        TypeError: If it is something else, e.g. a collection of one.
    """
    if not isinstance(value, Dataset):
        is_on_frames = type(value).__name__ == "Frames"
        hint = "; this is worked out in memory: collect what it is about, frames.collect(country=…)" * is_on_frames
        message = f"ds must be a dataset, such as load() returns, not {type(value).__name__}{hint}"
        raise TypeError(message)


def load(path: str | os.PathLike[str] | None = None) -> Dataset:
    """
    Load a mapping.

    Args:
        path: A data package of your own, a folder or a ``.zip`` of it; by default the bundled one, of which every
            call gives the same object.

    Raises:
        DatasetError: If the package breaks a rule; with every fault. Nothing of it is loaded.

    Examples:
        >>> import icatmapping as im
        >>> im.load() is im.load()
        True
    """
    if path is None:
        return _BUNDLED
    from icatmapping.datapackage.package import read_package  # noqa: PLC0415 - as above

    return Dataset(read_package(path))
