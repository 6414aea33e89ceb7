"""How much is done, counted: no clock can tell that on a busy machine."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def steps_of(work: Callable[[], object]) -> int:
    """How many instructions of Python ``work`` takes on this thread, loops turn by turn; what C does in one is one."""
    count = 0

    def note(frame: FrameType, event: str, argument: Any) -> Callable[..., Any]:
        nonlocal count
        frame.f_trace_opcodes = True
        count += event == "opcode"
        return note

    before = sys.gettrace()
    was_collecting = gc.isenabled()
    gc.disable()  # what it finds is called back here: steps of others
    sys._getframe().f_trace_opcodes = True  # of any frame: Python 3.12 looks at it only when tracing begins
    sys.settrace(note)
    try:
        work()
    finally:
        sys.settrace(before)
        if was_collecting:
            gc.enable()
    return count
