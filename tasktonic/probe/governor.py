"""What the probe may cost, and how it saves: flow is left out at once, and the level steps down when that goes on."""

from __future__ import annotations

from tasktonic.stream import Level


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
