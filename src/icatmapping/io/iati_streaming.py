"""
Activity files of the IATI standard as a stream of records, for files that make more of them than memory holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from icatmapping.dataset import Dataset, load
from icatmapping.frames.sources import RecordStream
from icatmapping.io.drafting import Drafter
from icatmapping.io.iati_reading import Reading
from icatmapping.io.table_reading import check_checked
from icatmapping.utils.arguments import check_choice
from icatmapping.utils.laziness import cached_property
from icatmapping.utils.representation import Displayable

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator

    from icatmapping.io.drafts import Draft
    from icatmapping.io.iati_codes import IatiCode, IatiWord
    from icatmapping.io.resolving import Resolver
    from icatmapping.io.table_reading import NewBodiesChoice

__all__ = ["IatiStream", "iati_stream"]


def iati_stream(
    path: str | os.PathLike[str],
    *,
    ds: Dataset | None = None,
    codes: Iterable[IatiCode] | None = None,
    words: Iterable[IatiWord] | None = None,
    everything: bool = False,
    new_bodies: NewBodiesChoice = "list",
    checked: str | None = None,
) -> IatiStream:
    """
    Return the activities of a file as records that are made while they are written, for `write_frames`.

    Activities are judged and read as by `read_iati`, but a second one of the same identifier is left out, and why one
    was taken is not kept. The arguments are those of `read_iati`. With ``new_bodies="add"`` the file is read twice: for
    the bodies, whose ids are the same both times, and for the records that they take part in.

    Raises:
        UnreadableFileError: If it is no activity file; when it is read.
        MissingExtraError: If defusedxml is not installed; when it is read.

    Examples:
        >>> import icatmapping as im
        >>> from pathlib import Path
        >>> from tempfile import mkdtemp
        >>> ds, folder = im.load(), Path(mkdtemp())
        >>> im.write_iati(ds.initiatives.where(country="Ghana"), folder / "a.xml", ("XX-1", "Example", "22"))
        >>> activities = im.iati_stream(folder / "a.xml")
        >>> im.write_frames(activities, folder / "tables")
        >>> im.scan(folder / "tables").initiatives.where(country="Ghana").count() == activities.records > 10
        True
    """
    check_choice("new_bodies", new_bodies, ("list", "add"))
    check_checked(checked)
    return IatiStream(
        Path(path),
        load() if ds is None else ds,
        {"codes": codes and [*codes], "words": words and [*words], "everything": everything},
        add_bodies=new_bodies == "add",
        checked=checked,
    )


class IatiStream(Displayable, Mapping[str, RecordStream]):
    """
    What `iati_stream` returns: a stream of records for each collection, for `write_frames` or whatever takes Arrow.

    Examples:
        >>> import icatmapping as im
        >>> list(im.iati_stream("activities.xml"))
        ['organizations', 'initiatives']
    """

    def __init__(
        self, file: Path, ds: Dataset, reading: Mapping[str, Any], *, add_bodies: bool, checked: str | None
    ) -> None:
        self._file, self._ds, self._reading = file, ds, reading
        self._options = {"add_bodies": add_bodies, "checked": checked}
        # Tables without bodies of their own have the bundled ones.
        beside = ("organizations",) if ds is load() else ("entities", "organizations", "groupings", "hosts")
        self._streams: dict[str, RecordStream] = {name: _Bodies(name, self) for name in beside}
        self._streams["initiatives"] = _Activities(self)
        self._resolver: Resolver | None = None
        self._drafter = self._begun()
        self._records = 0

    def __getitem__(self, collection: str) -> RecordStream:
        return self._streams[collection]

    def __iter__(self) -> Iterator[str]:
        return iter(self._streams)

    def __len__(self) -> int:
        return len(self._streams)

    @property
    def file(self) -> str:
        """The name of the file that is read."""
        return self._file.name

    def _repr_summary(self) -> str:
        return f": {self._file.name}"

    @property
    def records(self) -> int:
        """How many records the last reading made."""
        return self._records

    @property
    def draft(self) -> Draft:
        """What the last reading told, without the records: `notes`, `problems`, `left_out`, `new_bodies`."""
        return self._drafter.draft()

    def made(self) -> Iterator[Mapping[str, Any]]:
        """Yield the records that the activities make, as plain data."""
        self._drafter, self._records = self._begun(), 0
        for _ in self._read():
            for record in self._drafter.pop():
                self._records += 1
                yield record.to_dict()

    def bodies(self, collection: str) -> Iterator[Mapping[str, Any]]:
        """Yield what of the dataset is not bundled, and the bodies that are made of names that nobody knows."""
        known = () if self._ds is load() else getattr(self._ds, collection)
        made = self._new_organizations if collection == "organizations" else ()
        for record in (*known, *made):
            yield record.to_dict()

    @cached_property
    def _new_organizations(self) -> tuple[Any, ...]:
        if not self._options["add_bodies"]:
            return ()
        self._drafter = self._begun()
        for _ in self._read():
            self._drafter.pop()
        return self._drafter.organizations()

    def _begun(self) -> Drafter:
        """Return what makes records, which knows what a reading before has looked up."""
        begun = Drafter(self._ds, "initiatives", file=self._file.name, sheet=None, source=None, **self._options)
        self._resolver = begun.resolver = self._resolver or begun.resolver
        return begun

    def _read(self) -> Iterator[None]:
        return Reading(self._drafter, self._file, **self._reading).taken(is_stream=True)


class _Activities(RecordStream):
    def __init__(self, home: IatiStream) -> None:
        super().__init__("initiatives")
        self._home = home

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        return self._home.made()


class _Bodies(RecordStream):
    def __init__(self, collection: str, home: IatiStream) -> None:
        super().__init__(collection)
        self._home = home

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        return self._home.bodies(self.collection)
