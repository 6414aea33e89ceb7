"""Runs `examples/qt_thermostat.py` and uses it as somebody at the keyboard would; a picture is taken if asked for."""

from __future__ import annotations

import runpy
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tasktonic import ttStore, ttTimerRepeat, ttTonic

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "qt_thermostat.py"
ThermostatApp: Any = runpy.run_path(str(EXAMPLE))["ThermostatApp"]


class User(ttTonic):
    """Does something, waits until the window shows what it should lead to, says so, goes on."""

    def __init__(self, window: Any) -> None:
        super().__init__(name="user")
        self.window = window
        self.store = self.bind(ttStore)
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
        window, store = self.window, self.store
        yield lambda: bool(window.doing.text() == "off")
        self.log(f"it is off, wanted are {window.wanted.text()}")
        QTest.keyClick(window.is_on, Qt.Key.Key_Space)
        yield lambda: bool(window.doing.text() == "heating" and window.heat.value() == 6)
        self.log("switched on: it heats with 6")
        window.power.setValue(10)
        yield lambda: bool(store.get("heating/power") == 10 and window.heat.value() == 10)
        self.log("more power: it heats with 10")
        window.wanted.setValue(16.5)
        yield lambda: bool(window.doing.text() == "resting" and window.heat.value() == 0)
        self.log("wanted less: it rests")
        store.set("heating/wanted", 21.0)
        yield lambda: bool(window.wanted.value() == 21.0 and window.doing.text() == "heating")
        self.log("the store wants more: the box shows it, it heats")
        window.room.selectAll()
        QTest.keyClicks(window.room, "Study")
        yield lambda: bool(store.get("room/name") == "Study" and window.heat.value() == 10)
        self.log(f"the room has another name, the title is {window.windowTitle()}")
        if sys.argv[1:]:
            window.grab().save(sys.argv[1])
        before = store.get("room/temperature")
        QTest.mouseClick(window.window_button, Qt.MouseButton.LeftButton)
        yield lambda: bool(store.get("room/temperature") < before - 0.5)
        self.log("a window was opened: it is colder")
        window.close()


class UsedApp(ThermostatApp):  # type: ignore[misc]
    """The example's own app, and somebody who uses it."""

    def creating_starting_tonics(self) -> None:
        super().creating_starting_tonics()
        User(self.ledger.get_essence_by_name("thermostat"))


if __name__ == "__main__":
    UsedApp()
