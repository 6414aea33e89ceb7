"""Runs `examples/qt_counter.py` and uses it: real clicks on its buttons, each answered before the next one."""

from __future__ import annotations

import runpy
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tasktonic import ttTimerRepeat, ttTonic

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "qt_counter.py"
CounterApp: Any = runpy.run_path(str(EXAMPLE))["CounterApp"]


class Clicker(ttTonic):
    """Clicks, waits until the window shows what the click should do, says so, goes on."""

    def __init__(self, window: Any) -> None:
        super().__init__(name="clicker")
        self.window = window
        self.steps = self.use()
        self.is_answered: Callable[[], bool] = lambda: True

    def ttse__on_start(self) -> None:
        self.bind(ttTimerRepeat, seconds=0.01, name="look")

    def ttse__on_look(self, info: dict[str, Any]) -> None:
        if self.is_answered():
            answered = next(self.steps, None)
            if answered is None:
                self.finish()
            else:
                self.is_answered = answered

    def use(self) -> Iterator[Callable[[], bool]]:
        window = self.window
        for wanted in (1, 2):
            self.click(window.plus)
            yield partial(self.shows, wanted)
            self.log(f"clicked plus: the number is {wanted}")
        self.click(window.watch)
        yield lambda: window.watch.text() == "&Stop" and self.number() > 3
        self.log("clicked watch: its text is &Stop, and the number grows")
        before = self.number()
        self.click(window.reset)
        yield lambda: self.number() > before
        self.log("clicked reset: the number is not 0")
        self.click(window.watch)
        yield lambda: bool(window.watch.text() == "&Start")
        self.log("clicked watch: its text is &Start")
        self.click(window.reset)
        yield partial(self.shows, 0)
        self.log("clicked reset: the number is 0")
        window.close()
        self.log("closed the window")

    def click(self, button: Any) -> None:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def shows(self, number: int) -> bool:
        return self.number() == number

    def number(self) -> int:
        return int(self.window.number.text())


class ClickedApp(CounterApp):  # type: ignore[misc]
    """The example's own app, and somebody who uses it."""

    def creating_starting_tonics(self) -> None:
        super().creating_starting_tonics()
        Clicker(self.ledger.get_essence_by_name("counter"))


if __name__ == "__main__":
    ClickedApp()
