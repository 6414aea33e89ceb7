"""A device that shows a heartbeat, and reads a slow memory card in the evening."""

from __future__ import annotations

import time
from typing import Any

from tasktonic import ttFormula, ttTimerRepeat, ttTimerSingleShot, ttTonic

BLOCKS = 16


class Heart(ttTonic):
    """Beats ten times a second."""

    def __init__(self) -> None:
        super().__init__(name="heart")
        self.beats = 0

    def ttse__on_start(self) -> None:
        self.bind(ttTimerRepeat, 0.1, name="beat")

    def ttse__on_beat(self, info: dict[str, Any]) -> None:
        self.beats += 1

    def ttsc__stop(self) -> None:
        self.finish()


class CardReader(ttTonic):
    """Reads the card, block by block."""

    def __init__(self, heart: Heart) -> None:
        super().__init__(name="card reader")
        self.heart, self.beats_before = heart, 0

    def ttse__on_start(self) -> None:
        self.bind(ttTimerSingleShot, 0.3, name="evening")

    def ttse__on_evening(self, info: dict[str, Any]) -> None:
        self.beats_before = self.heart.beats
        self.tts__read(0)

    def tts__read(self, first: int) -> None:
        for number in range(first, BLOCKS):
            self.read_block(number)
        self.tts__all_read()

    def read_block(self, number: int) -> bytes:
        """Read one block. The card takes its time."""
        time.sleep(0.05)  # tasktonic: ignore[blocking-call]
        return bytes(512)

    def tts__all_read(self) -> None:
        has_beaten = self.heart.beats > self.beats_before
        self.log(f"all is read, and the heart {'beat' if has_beaten else 'stood still'} meanwhile")
        self.heart.ttsc__stop()
        self.finish()


class App(ttFormula):
    def creating_formula(self) -> dict[str, Any]:
        return {"tasktonic/log/to": "screen"}

    def creating_starting_tonics(self) -> None:
        CardReader(Heart())


if __name__ == "__main__":
    App()
