# PYTHON_ARGCOMPLETE_OK
"""
The command line as a whole: ``python -m icatmapping --help`` says what it can do.
"""

from __future__ import annotations

import argparse
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import icatmapping as im
from icatmapping.cli import answers, packages, records
from icatmapping.errors import IcatMappingError
from icatmapping.utils.streams import harmless, readable_streams, silence

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]

_EXAMPLES = """\
examples:
  icatmapping brief Nigeria
      what is known of a country: whom to turn to, what goes on, what others do and it has not
  icatmapping support Ghana --response training --target-group prosecutors
      which members could help, on what record
  icatmapping paths UNODC UNICEF --country Nigeria --theme "child protection" --since 2020
      through whom one can reach the other, with the evidence and its years
  icatmapping list initiatives --country "Western Balkans" --since 2022 --sort last_active --descending
      what goes on in an area, newest first
  icatmapping gaps --among "West Africa" --since 2015
      what the neighbours' work names and a country's does not
  icatmapping search forced labour on fishing boats
      everything that speaks of it, best first
  icatmapping coverage --by region --interval 0.95 --output regions.xlsx
      where the initiatives are, as a spreadsheet
  icatmapping validate my-package
      check a data package of your own
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """
    Run the command line.

    Returns:
        The exit status: 0, also where the answer is that there is none, or nobody reads it to the end; 1 for a faulty
        package; 2 for a wrong question, or if a file cannot be read or written; 130 if it was interrupted.
    """
    with readable_streams():
        try:
            try:
                options = _parsed(arguments)
                status: int = options.run(options)
            finally:
                _flush()
        except BrokenPipeError:
            silence(sys.stdout)
            return 0
        except (IcatMappingError, TypeError, ValueError) as error:  # a criterion that records lack is a TypeError
            return _fail(str(error))
        except OSError as error:
            silence(sys.stdout)
            name = "" if error.filename is None else f": {error.filename}"
            return _fail(f"{error.strerror or error}{name}")
        except KeyboardInterrupt:
            silence(sys.stdout)
            return _fail("interrupted", status=130)
    return status


def _flush() -> None:
    """Write what has been printed, so that what goes wrong with it goes wrong here."""
    if sys.stdout is not None:
        sys.stdout.flush()


def _fail(message: str, status: int = 2) -> int:
    with suppress(OSError, ValueError):  # where nobody listens, the status says enough
        print(f"icatmapping: {harmless(message)}", file=sys.stderr, flush=True)
    return status


def _parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = _parser()
    with suppress(ImportError):
        import argcomplete  # noqa: PLC0415 - optional: completes what is typed, in shells that ask for it

        argcomplete.autocomplete(parser)
    return parser.parse_args(arguments)


class _Parser(argparse.ArgumentParser):
    """A parser whose options are written in full: a later version may have another one that begins alike."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **{"allow_abbrev": False, **settings})


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="icatmapping",
        description="Who does what against trafficking in persons, where, when and with whom.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"icatmapping {im.__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    answers.add_commands(commands)
    records.add_commands(commands)
    packages.add_commands(commands)
    return parser
