"""What a trace says about the process it comes from, and what its recorder says to people."""

from __future__ import annotations

import contextlib
import os
import platform
import sys
from pathlib import Path
from typing import Any, Final

from tasktonic import clock
from tasktonic.ledger import ttLedger
from tasktonic.values import message_of

_MOST_ARGUMENTS: Final = 100
_LONGEST: Final = 1_000


def about_process(kind: str) -> dict[str, Any]:
    """The first META of a trace.

    Args:
        kind: what recorded it: ``recording``, ``flight``, ``distiller``.
    """
    # One after the other, with nothing in between: they are a pair.
    monotonic_ns, wall = clock.now_ns(), clock.wall_ns()
    return {
        "kind": kind,
        "app": str(ttLedger().formula.get("tasktonic/project/name", "") or _script()),
        "script": _script(),
        "argv": [_cut(argument) for argument in sys.argv[1 : 1 + _MOST_ARGUMENTS]],
        "cwd": _working_directory(),
        "pid": os.getpid(),
        "python": platform.python_version(),
        "framework": str(getattr(sys.modules.get("tasktonic"), "__version__", "")),
        "system": platform.system(),
        "monotonic_ns": monotonic_ns,
        "wall_ns": wall,
    }


def _script() -> str:
    return _cut(sys.argv[0]) if sys.argv else ""


def _working_directory() -> str:
    try:
        return _cut(str(Path.cwd()))
    except OSError:  # it was removed
        return ""


def _cut(text: str) -> str:
    return text[:_LONGEST].encode("utf-8", "backslashreplace").decode()


def how_it_ended() -> str:
    """At the end of the process: the error that ended its main program, as type and text; empty when none did."""
    error: Any = getattr(sys, "last_exc", None) or getattr(sys, "last_value", None)
    return "" if error is None else f"{type(error).__name__}: {message_of(error)}"


def say(sentence: str) -> None:
    """One line for people, where people look; never raises."""
    with contextlib.suppress(Exception):
        sys.stderr.write(f"tasktonic: {sentence}\n")
        sys.stderr.flush()
