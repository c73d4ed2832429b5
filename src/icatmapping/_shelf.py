"""
The records of the bundled package, each made when it is first asked for.

The bundled files are in canonical form, which the tests hold, so a record, or one field of all records, can be cut out
of a file without parsing the rest. A file that is in another form is parsed whole. Knows nothing of queries.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar, get_args, get_origin, overload

from attrs import fields, has

from icatmapping._data import bundled
from icatmapping.vocabulary import Term

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["Shelf", "partial"]

R = TypeVar("R")

# What canonical form has around the records and between them; a line break stands in no JSON string.
_BEGINNING, _BETWEEN, _END = b"[\n  {", b"\n  },\n  {", b"\n  }\n]\n"


class Shelf(Sequence[R], Generic[R]):
    """The bundled records of one kind, in the order of ids. The same place always gives the same object."""

    def __init__(self, kind: type[R]) -> None:
        self._kind = kind
        self._build = _record_builder(kind)
        self._lock = threading.Lock()
        self._pieces = _pieces(bundled(f"{kind.collection}.json"))  # type: ignore[attr-defined]
        self._made: dict[int, R] = {}
        self._all: tuple[R, ...] | None = None

    def __len__(self) -> int:
        return len(self._pieces) if self._all is None else len(self._all)

    @overload
    def __getitem__(self, place: int) -> R: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[R, ...]: ...
    def __getitem__(self, place: int | slice) -> R | tuple[R, ...]:
        if isinstance(place, slice):
            return self._everything()[place]
        if self._all is not None:
            return self._all[place]
        place = range(len(self))[place]
        found = self._made.get(place)
        # Of two threads that make a record at the same time, both get the one that was put there first.
        return found if found is not None else self._made.setdefault(place, self._build(json.loads(self._piece(place))))

    def __iter__(self) -> Iterator[R]:
        return iter(self._everything())

    def __reduce__(self) -> tuple[type[tuple[R, ...]], tuple[tuple[R, ...]]]:
        return (tuple, (self._everything(),))

    def partial(self, names: Sequence[str]) -> Sequence[R]:
        """
        Give all records with some of their fields, for those who read no others; much faster than the whole ones.

        What is given looks like records and has no other field: it must not be handed on.
        """
        if self._all is not None:
            return self._all
        columns = [self._column(name) for name in names]
        put = [getattr(self._kind, name).__set__ for name in names]
        found: list[R] = []
        for values in zip(*columns, strict=True):
            record = object.__new__(self._kind)
            for place, value in zip(put, values, strict=True):
                place(record, value)
            found.append(record)
        return found

    def _column(self, name: str) -> list[Any]:
        """Cut one field out of every record."""
        field = next(field for field in fields(self._kind) if field.name == name)  # type: ignore[arg-type]
        mark = f'\n    "{name}": '.encode()
        cut: list[bytes] = []
        for piece in self._pieces:
            begin = piece.index(mark) + len(mark)
            end = piece.find(b'\n    "', begin)
            cut.append(piece[begin:] if end < 0 else piece[begin : end - 1])
        values: list[Any] = json.loads(b"[%s]" % b",".join(cut))
        build = _builder(field.type)
        return values if build is None else list(map(build, values))

    def _piece(self, place: int) -> bytes:
        return b"{%s}" % self._pieces[place]

    def _everything(self) -> tuple[R, ...]:
        if self._all is None:
            with self._lock:
                if self._all is None:
                    raw = json.loads(b"[{%s}]" % b"},{".join(self._pieces)) if self._pieces else []
                    made = self._made
                    self._all = tuple(
                        [made.get(place) or made.setdefault(place, self._build(one)) for place, one in enumerate(raw)]
                    )
        return self._all


def partial(records: Iterable[R], names: Sequence[str] | None) -> Iterable[R]:
    """Give records of which only some fields are read (None: any), as cheaply as they can be had."""
    return records.partial(names) if names is not None and isinstance(records, Shelf) else records


def _pieces(content: bytes) -> list[bytes]:
    """Cut a file into its records, each without the braces around it."""
    if content.startswith(_BEGINNING) and content.endswith(_END):
        return content[len(_BEGINNING) : -len(_END)].split(_BETWEEN)
    return [json.dumps(one, indent=4)[1:-2].encode() for one in json.loads(content)]


def _record_builder(kind: type[Any]) -> Callable[[dict[str, Any]], Any]:
    builders = [(attribute.name, _builder(attribute.type)) for attribute in fields(kind)]
    return lambda record: kind(*[build(record[name]) if build else record[name] for name, build in builders])


def _builder(expected: Any) -> Callable[[Any], Any] | None:
    """Give what makes the value of a field from JSON that is known to be sound, or None if it is the value already."""
    if isinstance(expected, type) and issubclass(expected, Term):
        return expected._value2member_map_.__getitem__
    if isinstance(expected, type) and has(expected):
        return _record_builder(expected)
    if get_origin(expected) is tuple:
        build = _builder(get_args(expected)[0])
        return tuple if build is None else lambda values: tuple([build(value) for value in values])
    return None
