"""The only place that asks for the time.

``now_ns`` and ``wall_ns`` are variables: a distiller puts a clock of its own in their place, and with that every event and
every timer of the app goes by it. So they are read through the module, each time: ``from . import clock``, then
``clock.now_ns()``. What paces itself by the real world (the probe, a window's slices) uses ``system_ns``.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

system_ns: Final = time.monotonic_ns
"""Monotonic nanoseconds of the machine, whatever the app goes by."""

now_ns: Callable[[], int] = time.monotonic_ns
"""Monotonic nanoseconds: what timers and events count in. Changes of the wall clock do not move it."""

wall_ns: Callable[[], int] = time.time_ns
"""Wall-clock nanoseconds since 1970. An app reads it when it begins; calendar timers go by it."""


def install(now: Callable[[], int], wall: Callable[[], int]) -> None:
    """Have the app go by another clock. Between two sparkles, in the thread that runs them."""
    global now_ns, wall_ns
    now_ns, wall_ns = now, wall


def uninstall() -> None:
    """Go by the machine's clock again."""
    install(time.monotonic_ns, time.time_ns)


ORIGIN_NS: Final = 1_000_000_000
"""Where a movable clock begins. Not at 0, which in events stands for a time that is not known."""


class MovableClock:
    """A clock that stands until it is moved, or goes with the machine's: one line of time through both.

    A distiller makes one and moves it, from the thread that turns the app; any thread may ask it.
    """

    def __init__(self, wall_begins_ns: int) -> None:
        self._wall_begins_ns = wall_begins_ns
        # In one tuple, so that another thread never sees one half of a change: where it is, and since when it goes.
        self._is_at: tuple[int, int | None] = (ORIGIN_NS, None)

    def now_ns(self) -> int:
        at_ns, goes_since_ns = self._is_at
        return at_ns if goes_since_ns is None else at_ns + system_ns() - goes_since_ns

    def wall_ns(self) -> int:
        return self._wall_begins_ns + self.now_ns() - ORIGIN_NS

    @property
    def goes(self) -> bool:
        """Whether it goes with the machine's clock."""
        return self._is_at[1] is not None

    def go(self) -> None:
        """Go with the machine's clock from here on."""
        if not self.goes:
            self._is_at = self._is_at[0], system_ns()

    def stand(self) -> None:
        """Stand still from here on."""
        self._is_at = self.now_ns(), None

    def jump(self, to_ns: int) -> None:
        """Be at a later time at once. Only while it stands."""
        self._is_at = max(to_ns, self._is_at[0]), None
