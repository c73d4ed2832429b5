"""
Sequences of rows that libraries of data frames take for tables. Knows nothing of what the rows are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Generic, NoReturn, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["RowSequence"]

T_co = TypeVar("T_co", covariant=True)

if TYPE_CHECKING:
    _Base = Sequence
else:

    class _Base(Generic[T_co]):
        """
        What a sequence can do, without being a `collections.abc.Sequence`.

        polars takes everything that is one for a list of objects, before it asks whether it is a table.
        """

        __slots__ = ()

        __iter__ = Sequence.__iter__
        __contains__ = Sequence.__contains__
        __reversed__ = Sequence.__reversed__
        index = Sequence.index
        count = Sequence.count


class RowSequence(_Base[T_co]):
    """
    A sequence of rows: ``polars.DataFrame(it)``, ``pyarrow.table(it)`` and a query of DuckDB take it for a table.

    It has a length, an order and slices, but is no `collections.abc.Sequence`: ``list(it)`` is one, of the rows.
    """

    __slots__ = ()

    def __array__(self, *_: Any, **__: Any) -> NoReturn:
        """Refuse to be an array of objects, which pandas would make a data frame with one column of."""
        message = (
            f"{type(self).__name__} cannot be an array; call .to_pandas(), .to_polars() or .to_arrow() for a data frame"
            ", or list(…) for a list of the rows"
        )
        raise TypeError(message)

    if TYPE_CHECKING:

        def __iter__(self) -> Iterator[T_co]: ...
