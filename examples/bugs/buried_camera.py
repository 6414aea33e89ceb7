"""A camera sends pictures, and a clerk on a thread of his own looks at each."""

from __future__ import annotations

import time
from typing import Any

from tasktonic import ttCatalyst, ttFormula, ttTimerRepeat, ttTimerSingleShot, ttTonic

PICTURES_AT_ONCE = 10


class Clerk(ttTonic):
    """Looks at each picture for a little while."""

    def __init__(self) -> None:
        super().__init__(name="clerk", catalyst=ttCatalyst(name="desk"))

    def ttsc__look(self, camera: Camera, number: int) -> None:
        time.sleep(0.02)  # tasktonic: ignore[blocking-call]
        camera.ttse__on_looked(number)


class Camera(ttTonic):
    """Takes some pictures ten times a second."""

    def __init__(self) -> None:
        super().__init__(name="camera")
        self.taken, self.looked_at = 0, 0
        self.clerk = Clerk()

    def ttse__on_start(self) -> None:
        self.bind(ttTimerRepeat, 0.1, name="glance")
        self.bind(ttTimerSingleShot, 4.0, name="sunset")

    def ttse__on_glance(self, info: dict[str, Any]) -> None:
        for _ in range(PICTURES_AT_ONCE):
            self.taken += 1
            self.clerk.ttsc__look(self, self.taken)

    def ttse__on_looked(self, number: int) -> None:
        self.looked_at = number

    def ttse__on_sunset(self, info: dict[str, Any]) -> None:
        behind = self.taken - self.looked_at
        self.log("the clerk is far behind" if behind > 50 else "the clerk keeps up")
        self.clerk.catalyst.finish()
        self.finish()


class App(ttFormula):
    def creating_formula(self) -> dict[str, Any]:
        return {"tasktonic/log/to": "screen"}

    def creating_starting_tonics(self) -> None:
        Camera()


if __name__ == "__main__":
    App()
