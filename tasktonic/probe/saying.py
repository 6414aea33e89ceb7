"""One line of the probe for people, where people look: on stderr of the app."""

from __future__ import annotations

import contextlib
import os
import sys
import traceback


def say(sentence: str) -> None:
    """Write a sentence; never raises. Any thread."""
    with contextlib.suppress(Exception):
        sys.stderr.write(f"tasktonic: {sentence}\n")
        sys.stderr.flush()


def say_failed(error: BaseException) -> None:
    """Say that the probe is off because of a fault of its own."""
    where = traceback.extract_tb(error.__traceback__)[-1:]
    place = f" at {os.path.basename(where[0].filename)}:{where[0].lineno}" if where else ""  # noqa: PTH119
    say(f"the probe failed and is off from now on; the app runs on. ({type(error).__name__}: {error}{place})")
