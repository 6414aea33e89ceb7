"""What the probe may cost, and how it saves: flow is left out at once, and the level steps down when that goes on."""

from __future__ import annotations

import time
from typing import Final

from tasktonic.clock import system_ns
from tasktonic.stream import Level

SECOND: Final = 1_000_000_000
CEILING_PERCENT: Final = 3.0
_SAVINGS_NS: Final = SECOND // 4
"""Processor time that may be saved up, for bursts: about half a million events."""


class Meter:
    """Measures the processor time of the probe's thread, and says whether it may spend more. In that thread only.

    Args:
        ceiling_percent: share of one core that the probe may take.
    """

    def __init__(self, ceiling_percent: float = CEILING_PERCENT) -> None:
        self.ceiling_percent = ceiling_percent
        self._budget_ns: float = _SAVINGS_NS
        self._wall_ns = system_ns()
        self._thread_ns = time.thread_time_ns()
        self._since = (self._wall_ns, self._thread_ns, time.process_time_ns())

    def may_spend(self) -> bool:
        """Whether there is budget left now."""
        wall, thread = system_ns(), time.thread_time_ns()
        self._budget_ns += (wall - self._wall_ns) * self.ceiling_percent / 100 - (thread - self._thread_ns)
        self._budget_ns = min(self._budget_ns, _SAVINGS_NS)
        self._wall_ns, self._thread_ns = wall, thread
        return self._budget_ns > 0

    def percentages(self) -> tuple[float, float]:
        """Share of one core that the thread and the process took since the last call."""
        now = (system_ns(), time.thread_time_ns(), time.process_time_ns())
        wall, thread, process = (after - before for after, before in zip(now, self._since, strict=True))
        self._since = now
        wall = max(wall, 1)
        return 100 * thread / wall, 100 * process / wall


class Throttle:
    """Steps the level of flow down when there is pressure for two seconds, and up again after a calm while.

    Below full flow come the facts alone: runs without times are of no use to a studio. When pressure comes back after a step
    up, the next one takes twice as long, up to a minute.
    """

    def __init__(self) -> None:
        self.level = Level.PREVIEWS
        self._pressed_s = 0
        self._calm_s = 0
        self._patience_s = 3

    def judge(self, pressed: bool, wanted: Level) -> bool:
        """Once a second: whether there was pressure, and what level is wanted. True when ``level`` has changed."""
        level = min(self.level, wanted)
        if pressed:
            self._calm_s = 0
            self._pressed_s += 1
            if self._pressed_s < 2 or level is Level.FACTS:
                return False
            self._pressed_s = 0
            self.level = Level.FLOW if level is Level.PREVIEWS else Level.FACTS
            return True
        self._pressed_s = 0
        self._calm_s += 1
        if self._calm_s < self._patience_s:
            return False
        self._calm_s = 0
        if self.level >= wanted:
            self._patience_s = 3
            return False
        self._patience_s = min(2 * self._patience_s, 60)
        self.level = Level.FLOW if self.level is Level.FACTS else Level.PREVIEWS
        return True
