"""What the probe's thread is asked to do, now or later, and the bell that wakes it."""

from __future__ import annotations

import contextlib
import socket
from collections import deque
from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count


class Calls:
    """Kept by the agent, and closed by it. ``soon``, ``wake`` and ``wake_surely`` for any thread, all else for the probe's."""

    def __init__(self) -> None:
        self.bell, self._rope = socket.socketpair()
        """``bell`` can be read when the thread is to look."""
        self.bell.setblocking(False)
        self._rope.setblocking(False)
        self._rung = False
        self._soon: deque[Callable[[], None]] = deque()
        self.later: list[tuple[int, int, Callable[[], None]]] = []
        """When, in which order of asking, what; a heap."""
        self._later_number = count()

    def soon(self, function: Callable[[], None]) -> None:
        """Have something done at the next turn."""
        self._soon.append(function)
        self.wake()

    def at(self, when_ns: int, function: Callable[[], None]) -> None:
        """Have something done later."""
        heappush(self.later, (when_ns, next(self._later_number), function))

    def wake(self) -> None:
        """Ring, unless it has been rung since the thread looked."""
        if not self._rung:
            self._rung = True
            with contextlib.suppress(OSError):
                self._rope.send(b"!")

    def wake_surely(self) -> None:
        """Ring, whatever was rung before."""
        self._rung = False
        self.wake()

    def hush(self) -> None:
        """The bell was heard."""
        with contextlib.suppress(BlockingIOError):
            self.bell.recv(4096)

    def do_soon(self) -> None:
        """Do what was to be done at the next turn."""
        while self._soon:
            self._soon.popleft()()

    def begin_turn(self) -> None:
        """From here on it is rung again; do what was to be done at this turn."""
        self._rung = False
        self.do_soon()

    def do_due(self, now: int) -> None:
        """Do what was to be done by now."""
        while self.later and self.later[0][0] <= now:
            heappop(self.later)[2]()

    @property
    def are_waiting(self) -> bool:
        """Whether something is to be done at once."""
        return bool(self._soon)

    def close(self) -> None:
        """Close both ends of the bell; ringing it does nothing from then on."""
        self.bell.close()
        self._rope.close()
