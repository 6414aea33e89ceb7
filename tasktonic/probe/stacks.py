"""Where in the source a catalyst is: the stack of its thread, looked at from the probe's thread while it runs."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Final

from tasktonic.catalyst import ttCatalyst
from tasktonic.errors import ttArgumentError
from tasktonic.protocol.messages import StackLine

_MOST_LINES: Final = 100
_MOST_NAME: Final = 300


def stack_of(catalyst: object) -> tuple[StackLine, ...]:
    """The calls of a catalyst's thread, outermost first. No values are looked at, no file is read, nothing is stopped.

    Raises:
        ttArgumentError: there is no such catalyst, or no thread runs it now.
    """
    if not isinstance(catalyst, ttCatalyst):
        raise ttArgumentError("No catalyst with this id lives: it has ended, or belongs to an earlier app.")
    ident = catalyst.ident
    frame: FrameType | None = sys._current_frames().get(ident) if ident is not None else None
    if frame is None:
        raise ttArgumentError(f"{catalyst.name} is run by no thread at this moment, so it has no stack.")
    lines: list[StackLine] = []
    while frame is not None and len(lines) < _MOST_LINES:
        code = frame.f_code
        lines.append(StackLine(code.co_filename[:_MOST_NAME], frame.f_lineno or 0, code.co_qualname[:_MOST_NAME]))
        frame = frame.f_back
    return tuple(reversed(lines))
