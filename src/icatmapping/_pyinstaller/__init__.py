"""
What PyInstaller has to know to put the library into a program: found by the entry point ``pyinstaller40``.
"""

import os

__all__ = ["get_hook_dirs"]


def get_hook_dirs() -> list[str]:
    """
    Return the folder of the hook.

    >>> len(get_hook_dirs())
    1
    """
    return [os.path.dirname(__file__)]  # noqa: PTH120 - PyInstaller wants text
