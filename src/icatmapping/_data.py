"""
Reads the files of the bundled data package. Knows nothing of what is in them.
"""

from __future__ import annotations

import os

__all__ = ["bundled", "bundled_folder"]

bundled_folder = os.path.join(os.path.dirname(__file__), "data")  # noqa: PTH118, PTH120 - pathlib costs 5 ms at import


def bundled(name: str) -> bytes:
    """Read one file of the bundled data package, from a folder or a zipped installation."""
    return __loader__.get_data(os.path.join(bundled_folder, name))  # type: ignore[name-defined,no-any-return]  # noqa: PTH118
