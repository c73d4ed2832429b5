"""
The command line as tests run it: in this process, or in one of its own.
"""

from __future__ import annotations

import io
import os
import re
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

import icatmapping as im
from icatmapping.cli.main import main

COMMAND = [sys.executable, "-m", "icatmapping"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(im.__file__).parents[1]), "PYTHONUTF8": "1"}


class Done(NamedTuple):
    """How a command ended, and what it said."""

    returncode: int
    stdout: str
    stderr: str


def run(*arguments: str) -> Done:
    """Run a command in this process, on streams like those of a terminal that knows every character."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="\n") for _ in range(2))
    with redirect_stdout(out), redirect_stderr(err):
        try:
            status = main(arguments)
        except SystemExit as left:
            status = left.code if isinstance(left.code, int) else 0
    for stream in (out, err):
        stream.flush()
    said, told = (stream.buffer.getvalue().decode() for stream in (out, err))  # type: ignore[attr-defined]
    return Done(status, said, told)


def answer(*arguments: str) -> str:
    """Run a command that succeeds and says nothing but its answer."""
    done = run(*arguments)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def joined(text: str) -> str:
    """Join lines that were broken to fit a terminal: what begins an item stands behind a mark."""
    return re.sub(r"\n +(?! |- |About)", " ", text)
