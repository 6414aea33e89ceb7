"""Telling people on stderr that a log target is of no use any more, without ever waiting for a terminal."""

from __future__ import annotations

import select
import sys
import traceback
from typing import Any

from ..values import message_of


def tell(text: str) -> None:
    """Write to stderr if it is there and takes it; the terminal that stalls may be the same one. Any thread."""
    screen = sys.stderr
    if screen is None:
        return
    try:
        if _takes_text(screen):
            screen.write(text)
            screen.flush()
    except (OSError, ValueError):  # closed: nobody is left to be told
        return


def _takes_text(screen: Any) -> bool:
    """Whether writing a few lines to it would not wait."""
    if not hasattr(select, "poll"):
        return True
    try:
        number = screen.fileno()
    except (OSError, AttributeError):  # no real file, such as in a notebook
        return True
    poll = select.poll()
    poll.register(number, select.POLLOUT)
    return any(happened & select.POLLOUT for _, happened in poll.poll(0))


def what_went_wrong(error: BaseException) -> str:
    """An error in a few words: what it says, and where it was raised unless the system did."""
    text = " ".join(message_of(error).split())
    words = f"{type(error).__name__}: {text}" if text else type(error).__name__
    if isinstance(error, OSError):
        return words
    frames = traceback.extract_tb(error.__traceback__)
    return f"{words} ({frames[-1].filename}, line {frames[-1].lineno})" if frames else words
