"""
The files of the bundled data package, and the one function that reads them. Knows nothing of what is in them.
"""

from __future__ import annotations

import os

__all__ = ["bundled", "bundled_folder"]

bundled_folder: str = os.path.dirname(__file__)  # noqa: PTH120 - pathlib costs 5 ms at import


def bundled(name: str) -> bytes:
    """Return the content of one bundled file, from a folder, a zipped installation or a frozen program."""
    return __loader__.get_data(os.path.join(bundled_folder, name))  # type: ignore[name-defined,no-any-return]  # noqa: PTH118
