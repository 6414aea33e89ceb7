"""Runs `examples/image_batch.py` until all pictures are there, and closes the window; a picture is taken if asked for."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

from tasktonic import ttTimerRepeat, ttTonic

# Imported, not run: a worker process looks for the module by its name.
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "examples"))
image_batch: Any = importlib.import_module("image_batch")


class Waiter(ttTonic):
    """Looks until the window shows every picture."""

    def __init__(self, window: Any) -> None:
        super().__init__(name="waiter")
        self.window = window
        self.looks = 0

    def ttse__on_start(self) -> None:
        self.bind(ttTimerRepeat, seconds=0.01, name="look")

    def ttse__on_look(self, info: dict[str, Any]) -> None:
        self.looks += 1
        shown = [frame for frame in self.window.frames if not frame.pixmap().isNull()]
        if len(shown) == len(self.window.frames) and self.window.rows.value() == self.window.rows.maximum():
            alike = len(shown) - len({bytes(frame.pixmap().toImage().constBits()) for frame in shown})
            self.log(f"{len(shown)} pictures, {alike} alike; looked meanwhile: {self.looks > 3}")
            if sys.argv[1:]:
                self.window.grab().save(sys.argv[1])
            self.window.close()
            self.finish()


class WaitedApp(image_batch.BatchApp):  # type: ignore[misc]
    """The example's own app, and somebody who waits."""

    def creating_starting_tonics(self) -> None:
        super().creating_starting_tonics()
        Waiter(self.ledger.get_essence_by_name("batch"))


if __name__ == "__main__":
    WaitedApp()
