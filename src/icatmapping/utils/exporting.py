"""
What every collection, answer and dataset can be written as. Knows nothing of the formats.

As what shows itself in a notebook, these methods ask for the writer when something is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import os

    from icatmapping.dataset import Dataset
    from icatmapping.io.sheets import Asked

__all__ = ["Exportable"]


class Exportable:
    """What can be written as a table."""

    __slots__ = ()

    def to_excel(
        self, path: str | os.PathLike[str], *, ds: Dataset | None = None, asked: Asked = None, separator: str = "\n"
    ) -> None:
        """
        Write an Excel workbook, as `icatmapping.to_excel` does.

        Args:
            path: The file, ``.xlsx``. One that exists is replaced.
            ds: The dataset that an answer was computed from; collections know theirs.
            asked: What was asked, as text or as criteria, for the sheet "About".
            separator: What stands between several values in one cell; by default each has a line.

        Raises:
            MissingExtraError: If XlsxWriter is not installed.
        """
        from icatmapping.io.excel import to_excel  # noqa: PLC0415 - writing is above what is written

        to_excel(self, path, ds=ds, asked=asked, separator=separator)

    def to_csv(self, path: str | os.PathLike[str], *, ds: Dataset | None = None, separator: str = "; ") -> None:
        """
        Write a CSV file, as `icatmapping.to_csv` does; of a dataset, a ``.zip`` of several.

        Args:
            path: The file, ``.csv``. One that exists is replaced.
            ds: The dataset that an answer was computed from; collections know theirs.
            separator: What stands between several values in one cell.
        """
        from icatmapping.io.delimited import to_csv  # noqa: PLC0415 - writing is above what is written

        to_csv(self, path, ds=ds, separator=separator)
