"""Keeps what an app prints harmless when the studio that launched it, and read its output, is gone."""

from __future__ import annotations

import contextlib
import os
import stat
import threading
from pathlib import Path
from typing import Final

_OUTPUTS: Final = (1, 2)
_TRIES: Final = 20
_BETWEEN_TRIES_S: Final = 0.05
_pause: Final = threading.Event()
"""Never set: waiting on it is a pause."""


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
                    self._ends[output] = _reading_end(output)

    def let_go(self, *, studio_is_gone: bool) -> None:
        """Close the reading ends; when nobody else reads an output, send what is printed from now on nowhere.

        The system closes what a killed studio held one by one, so its ends may outlive its connection a little.
        """
        tries = _TRIES if studio_is_gone else 1
        for output in list(self._ends):
            for left in reversed(range(tries)):
                if output not in self._ends or self._is_last_reader(output, stay=left > 0, redirect=studio_is_gone):
                    break
                if left:
                    _pause.wait(_BETWEEN_TRIES_S)

    def _is_last_reader(self, output: int, *, stay: bool, redirect: bool) -> bool:
        """See whether nobody else reads; then the output leads nowhere from now on. Our end is closed, unless it is to stay."""
        if redirect and not _is_read_elsewhere(output):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, output)
            os.close(nowhere)
            stay = False
            is_last = True
        else:
            is_last = False
        if not stay:
            os.close(self._ends.pop(output))
        return is_last


def _is_read_elsewhere(pipe: int) -> bool:
    """Whether another process has a reading end of a pipe open. Those that we may not look into do not count."""
    wanted = f"pipe:[{os.fstat(pipe).st_ino}]"
    others = (entry for entry in Path("/proc").iterdir() if entry.name.isdigit() and entry.name != str(os.getpid()))
    return any(_reads(process, wanted) for process in others)


def _reads(process: Path, wanted: str) -> bool:
    with contextlib.suppress(OSError):  # another user's, or it has just ended
        for end in (process / "fd").iterdir():
            with contextlib.suppress(OSError):
                if str(end.readlink()) == wanted and _access_mode(process / "fdinfo" / end.name) == os.O_RDONLY:
                    return True
    return False


def _access_mode(info: Path) -> int:
    flags = next((line.split()[1] for line in info.read_text("ascii").splitlines() if line.startswith("flags:")), "0")
    return int(flags, 8) & os.O_ACCMODE


def _reading_end(output: int) -> int:
    return os.open(f"/proc/self/fd/{output}", os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
