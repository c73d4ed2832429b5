"""
What a process is started with makes no difference to an answer.
"""

from __future__ import annotations

from typing import Any

import pytest

from support.questions import digest, run_python

DIGEST = """
import locale, sys
try:
    locale.setlocale(locale.LC_ALL, "")
except locale.Error:
    pass  # the language is not installed here; Python and its libraries still see that it is asked for
import icatmapping as im
from support.questions import answers, digest
print(digest(answers(im.load())))
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "environment"),
    [
        ((), {"PYTHONHASHSEED": "1", "LC_ALL": "C", "TZ": "Pacific/Kiritimati", "PYTHONUTF8": "0"}),
        (("-O",), {"PYTHONHASHSEED": "4242", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "TZ": "Asia/Kathmandu"}),
        (("-OO",), {"PYTHONHASHSEED": "random", "LC_ALL": "de_DE", "LANG": "de_DE", "TZ": "America/St_Johns"}),
    ],
    ids=["C", "Turkish, -O", "German, -OO"],
)
def test_what_a_process_is_started_with_changes_no_answer(
    options: tuple[str, ...], environment: dict[str, str], asked: dict[str, Any]
) -> None:
    """Hash seed, language, time zone and optimization: the same answers, to the last digit and in the same order."""
    assert run_python(DIGEST, options=options, **environment).strip() == digest(asked)
