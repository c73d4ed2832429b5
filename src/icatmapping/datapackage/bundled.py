"""
The records of the bundled package, each made when it is first asked for, with its class when the first one is.

The bundled files are in canonical form, which the tests hold, so a record, or one field of all records, can be cut out
of a file without parsing the rest. A file that is in another form is parsed whole. Knows nothing of queries.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Generic, TypeVar, get_args, get_origin, overload

from icatmapping.data import bundled
from icatmapping.model.schema import DESCRIPTOR, RECORD_FILES
from icatmapping.utils.annotations import is_optional
from icatmapping.utils.laziness import BUILDING, cached_property

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["BundledPackage", "LazyRecords", "column", "record_class"]

R = TypeVar("R")

# What canonical form has around the records and between them; a line break stands in no JSON string.
_BEGINNING, _BETWEEN, _END = b"[\n  {", b"\n  },\n  {", b"\n  }\n]\n"


def record_class(collection: str) -> type[Any]:
    """Return the class of the records of a collection; asking for it costs more than a query, as it brings attrs."""
    with BUILDING:  # as every import that a fork may come into
        from icatmapping.model.records import RECORD_CLASSES  # noqa: PLC0415 - so that queries do without

    return RECORD_CLASSES[collection]


class BundledPackage:
    """The bundled data package: what a `Package` has, each collection of it split when it is first asked for."""

    @property
    def version(self) -> str | None:
        """The version that it states."""
        return str(self._descriptor["version"])

    @property
    def about(self) -> dict[str, Any]:
        """All that it says of itself."""
        return {name: value for name, value in self._descriptor.items() if name != "resources"}

    @cached_property
    def _descriptor(self) -> dict[str, Any]:
        described: dict[str, Any] = json.loads(bundled(DESCRIPTOR))
        return described

    def __getattr__(self, name: str) -> LazyRecords[Any]:
        if name in RECORD_FILES:
            return LazyRecords(name)
        raise AttributeError(name)


class LazyRecords(Sequence[R], Generic[R]):
    """The bundled records of one collection, in the order of ids. The same place always gives the same object."""

    def __init__(self, collection: str) -> None:
        self._collection = collection
        self._raw_records = _split_records(bundled(f"{collection}.json"))
        self._made: dict[int, R] = {}
        self._all: tuple[R, ...] | None = None

    @cached_property
    def _build(self) -> Callable[[dict[str, Any]], R]:
        return _record_builder(record_class(self._collection))

    def __len__(self) -> int:
        pieces = self._raw_records
        return len(pieces) if self._all is None else len(self._all)

    @overload
    def __getitem__(self, place: int) -> R: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[R, ...]: ...
    def __getitem__(self, place: int | slice) -> R | tuple[R, ...]:
        if isinstance(place, slice):
            return self._everything()[place]
        pieces = self._raw_records  # taken first: they are put away once everything is made
        if self._all is not None:
            return self._all[place]
        place = range(len(pieces))[place]
        found = self._made.get(place)
        if found is None:
            # Of two threads that make a record at the same time, both get the one that was put there first.
            found = self._made.setdefault(place, self._build(json.loads(b"{%s}" % pieces[place])))
        return found

    def __iter__(self) -> Iterator[R]:
        return iter(self._everything())

    def __reduce__(self) -> tuple[type[tuple[R, ...]], tuple[tuple[R, ...]]]:
        return (tuple, (self._everything(),))

    def column(self, name: str) -> Iterable[Any]:
        """Return one field of every record. Terms may be plain strings, which compare equal."""
        pieces = self._raw_records
        if self._all is not None:
            return map(attrgetter(name), self._all)
        mark = f'\n    "{name}": '.encode()
        cut: list[bytes] = []
        for piece in pieces:
            begin = piece.index(mark) + len(mark)
            end = piece.find(b'\n    "', begin)
            cut.append(piece[begin:] if end < 0 else piece[begin : end - 1])
        values = json.loads(b"[%s]" % b",".join(cut))
        return [tuple(value) if isinstance(value, list) else value for value in values]

    def _everything(self) -> tuple[R, ...]:
        if self._all is None:
            with BUILDING:
                if self._all is None:
                    build = self._build
                    raw = json.loads(b"[{%s}]" % b"},{".join(self._raw_records)) if self._raw_records else []
                    made = self._made
                    self._all = tuple(
                        [made.get(place) or made.setdefault(place, build(one)) for place, one in enumerate(raw)]
                    )
                    self._raw_records = []
        return self._all


def column(records: Iterable[R], name: str) -> Iterable[Any]:
    """Return one field of every record, as cheaply as it can be had: a term may be the plain string that it equals."""
    return records.column(name) if isinstance(records, LazyRecords) else map(attrgetter(name), records)


def _split_records(content: bytes) -> list[bytes]:
    """Cut a file into its records, each without the braces around it."""
    if content.startswith(_BEGINNING) and content.endswith(_END):
        return content[len(_BEGINNING) : -len(_END)].split(_BETWEEN)
    return [json.dumps(one, indent=4)[1:-2].encode() for one in json.loads(content)]


def _record_builder(kind: type[Any]) -> Callable[[dict[str, Any]], Any]:
    from attrs import fields  # noqa: PLC0415 - comes with the class

    builders = [(attribute.name, _builder(attribute.type)) for attribute in fields(kind)]
    return lambda record: kind(*[build(record[name]) if build else record[name] for name, build in builders])


def _builder(expected: Any) -> Callable[[Any], Any] | None:
    """Return what makes the value of a field from sound JSON, or None if it is the value already."""
    from attrs import has  # noqa: PLC0415 - as above

    from icatmapping.model.vocabulary import Term  # noqa: PLC0415 - as above

    if type(None) in get_args(expected):
        inner = _builder(next(part for part in get_args(expected) if part is not type(None)))
        return None if inner is None else lambda value: None if value is None else inner(value)
    if isinstance(expected, type) and issubclass(expected, Term):
        return expected._value2member_map_.__getitem__
    if isinstance(expected, type) and has(expected):
        return _record_builder(expected)
    if is_optional(expected):
        stated = next(kind for kind in get_args(expected) if kind is not type(None))
        build_stated = _builder(stated)
        return None if build_stated is None else lambda value: None if value is None else build_stated(value)
    if get_origin(expected) is tuple:
        build = _builder(get_args(expected)[0])
        return tuple if build is None else lambda values: tuple([build(value) for value in values])
    return None
