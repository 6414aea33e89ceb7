"""Keeps what an app prints harmless when the studio that launched it, and read its output, is gone."""

from __future__ import annotations

import contextlib
import os
import select
import stat
import threading
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
        """Close our end and see whether that was the last; then the output leads nowhere, else it is as it was.

        While we look, what is printed goes into a pipe of ours, and from there to whoever reads. Nothing is lost, but what
        is written in the very moment of the change back may change places with what comes next.
        """
        end = self._ends.pop(output)  # first of all: a number that is closed may soon mean a file of the app
        try:
            if not redirect:
                return False
            pipe = os.dup(output)
            meanwhile, inlet = os.pipe()
            os.set_blocking(meanwhile, False)
            os.dup2(inlet, output)
            os.close(inlet)
        except OSError:
            return False
        finally:
            os.close(end)
        try:
            looks = select.poll()
            looks.register(pipe, select.POLLOUT)
            is_last = any(state & select.POLLERR for _, state in looks.poll(0))
            if is_last:
                nowhere = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nowhere, output)
                os.close(nowhere)
            else:
                if stay:
                    self._ends[output] = _reading_end(pipe)
                _pass_on(meanwhile, pipe)
                os.dup2(pipe, output)
                _pass_on(meanwhile, pipe)  # what came between the two
        finally:
            os.close(meanwhile)
            os.close(pipe)
        return is_last


def _pass_on(source: int, target: int) -> None:
    """Copy what is in a pipe to another, without waiting for more."""
    with contextlib.suppress(OSError):  # empty, or whoever read is gone by now
        while data := os.read(source, 65_536):
            os.write(target, data)


def _reading_end(output: int) -> int:
    return os.open(f"/proc/self/fd/{output}", os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
