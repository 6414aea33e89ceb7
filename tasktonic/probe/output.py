"""Keeps what an app prints harmless when the studio that launched it, and read its output, is gone."""

from __future__ import annotations

import contextlib
import os
import stat
from typing import Final

_OUTPUTS: Final = (1, 2)
_DRAINED_AT_ONCE: Final = 1 << 20


class OutputGuard:
    """Holds the reading ends of standard output and error of a launched app, where these are pipes.

    When the studio is killed nobody would read them, and each ``print`` of the app would raise. As long as the app
    holds the ends itself that cannot happen; ``let_go`` then sends further output nowhere. Made and used in the probe's thread.
    Needs ``/proc``; elsewhere it does nothing.
    """

    def __init__(self) -> None:
        self._ends: dict[int, int] = {}
        for output in _OUTPUTS:
            with contextlib.suppress(OSError):
                if stat.S_ISFIFO(os.fstat(output).st_mode):
                    self._ends[output] = os.open(f"/proc/self/fd/{output}", os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)

    def let_go(self, *, nobody_reads: bool) -> None:
        """Close the reading ends; when nobody else reads them, send what is printed from now on nowhere."""
        for output, end in self._ends.items():
            with contextlib.suppress(OSError):
                if nobody_reads:
                    nowhere = os.open(os.devnull, os.O_WRONLY)
                    os.dup2(nowhere, output)
                    os.close(nowhere)
                    # A thread may wait inside a print for room in the pipe: make room once, so that it comes out.
                    os.read(end, _DRAINED_AT_ONCE)
            os.close(end)
        self._ends.clear()
