"""The only place that asks for the time."""

from __future__ import annotations

import time

now_ns = time.monotonic_ns
"""Monotonic nanoseconds: what timers and events count in. Changes of the wall clock do not move it."""

wall_ns = time.time_ns
"""Wall-clock nanoseconds since 1970, read once when an app begins."""
