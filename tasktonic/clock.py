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
