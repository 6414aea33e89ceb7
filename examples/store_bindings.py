"""Values that tell who listens: sensors write into the store, a display and an alarm hear of what concerns them."""

from __future__ import annotations

import math
from typing import Any

from tasktonic import ttFormula, ttStore, ttTimerRepeat, ttTonic

ROOMS = ("kitchen", "cellar")


class Thermometer(ttTonic):
    """Writes the temperature of one room."""

    def __init__(self, room: str, phase: float) -> None:
        super().__init__(name=f"thermometer {room}")
        self.room, self.phase, self.turn = room, phase, 0
        self.store = self.bind(ttStore)

    def ttse__on_start(self) -> None:
        self.store.set([(f"rooms/{self.room}/temperature", 20.0), (f"rooms/{self.room}/temperature/unit", "°C")])
        self.bind(ttTimerRepeat, seconds=0.1)

    def ttse__on_timer(self, info: dict[str, Any]) -> None:
        self.turn += 1
        self.store.set(f"rooms/{self.room}/temperature", round(20 + 6 * math.sin(self.turn / 4 + self.phase), 1))
        if self.turn == 25:
            self.finish()


class Display(ttTonic):
    """Hears of every temperature, together with its unit."""

    def __init__(self) -> None:
        super().__init__(name="display")
        self.store = self.bind(ttStore)
        self.store.subscribe("rooms/*/temperature", self.ttse__on_temperature, recursive=False, extract=[".", "unit"])

    def ttse__on_temperature(self, changes: list[Any]) -> None:
        for path, values, _old, _source in changes:
            self.log(f"{path.split('/')[1]}: {values['.']} {values.get('unit', '')}")


class Alarm(ttTonic):
    """Hears of the same values and keeps a list of what was too warm."""

    def __init__(self) -> None:
        super().__init__(name="alarm")
        self.store = self.bind(ttStore)
        self.store.subscribe("rooms/*/temperature", self.ttse__on_change, recursive=False)
        self.store.subscribe("alarms", self.ttse__on_alarm)

    def ttse__on_change(self, changes: list[Any]) -> None:
        for path, new, old, _source in changes:
            if isinstance(new, float) and new > 25 >= (old or 0):
                self.store.set("alarms[]", f"{path.split('/')[1]} has {new}")

    def ttse__on_alarm(self, changes: list[Any]) -> None:
        for path, text, _old, _source in changes:
            self.log(f"ALARM {path}: {text}")


class House(ttFormula):
    def creating_formula(self) -> dict[str, Any]:
        return {"tasktonic/log/to": "screen"}

    def creating_starting_tonics(self) -> None:
        display, alarm = Display(), Alarm()
        Watch([Thermometer(room, phase) for phase, room in enumerate(ROOMS)], [display, alarm])


class Watch(ttTonic):
    """Ends the house when the last thermometer has finished."""

    def __init__(self, awaited: list[Thermometer], listeners: list[ttTonic]) -> None:
        super().__init__(name="watch")
        self.awaited, self.listeners = awaited, listeners

    def ttse__on_start(self) -> None:
        self.bind(ttTimerRepeat, seconds=0.2)

    def ttse__on_timer(self, info: dict[str, Any]) -> None:
        if all(thermometer.id == -1 for thermometer in self.awaited):
            for listener in self.listeners:
                listener.finish()
            self.finish()


if __name__ == "__main__":
    House()
