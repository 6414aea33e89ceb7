"""A thermostat in two units: who sets the one sees the other follow."""

from __future__ import annotations

from typing import Any

from tasktonic import ttFormula, ttStore, ttTimerSingleShot, ttTonic


class Converter(ttTonic):
    """Keeps degrees Celsius and degrees Fahrenheit in step; rounds up, so that nobody is cold."""

    def __init__(self) -> None:
        super().__init__(name="converter")
        self.store = self.bind(ttStore)
        self.store.subscribe("wanted/celsius", self.ttse__on_celsius)
        self.store.subscribe("wanted/fahrenheit", self.ttse__on_fahrenheit)

    def ttse__on_celsius(self, changes: list[Any]) -> None:
        self.store.set("wanted/fahrenheit", int(changes[-1][1] * 9 / 5 + 32) + 1)

    def ttse__on_fahrenheit(self, changes: list[Any]) -> None:
        self.store.set("wanted/celsius", int((changes[-1][1] - 32) * 5 / 9) + 1)

    def ttsc__stop(self) -> None:
        self.finish()


class Person(ttTonic):
    """Sets the temperature once, and looks at it in the evening."""

    def __init__(self, converter: Converter) -> None:
        super().__init__(name="person")
        self.converter = converter
        self.store = self.bind(ttStore)

    def ttse__on_start(self) -> None:
        self.store.set("wanted/celsius", 21)
        self.log("sets 21 °C")
        self.bind(ttTimerSingleShot, 0.2, name="evening")

    def ttse__on_evening(self, info: dict[str, Any]) -> None:
        celsius = self.store.get("wanted/celsius")
        self.log("finds 21 °C" if celsius == 21 else "finds something else, and it is hot")
        self.converter.ttsc__stop()
        self.finish()


class House(ttFormula):
    def creating_formula(self) -> dict[str, Any]:
        return {"tasktonic/log/to": "screen"}

    def creating_starting_tonics(self) -> None:
        Person(Converter())


if __name__ == "__main__":
    House()
