"""A thermostat: a form of Qt Designer, widgets bound to the store, a room in another thread. Needs PySide6.

The form (``qt_thermostat.ui``) holds no code and the window knows nothing of heating: its widgets are bound to places in the
store. The heating reads them and has the states; the room, on a catalyst of its own, gets warmer and colder.
"""

from __future__ import annotations

from typing import Any

from tasktonic import ttCatalyst, ttFormula, ttStore, ttTimerRepeat, ttTonic
from tasktonic.qt import ttPyside6Ui, ttPysideWidget

OUTSIDE = 8.0
ENOUGH = 0.3
"""It heats until it is this much warmer than wanted, and begins again when it is this much colder."""


class Room(ttTonic):
    """Loses heat to the outside, more when somebody opens a window, and gets what the heating gives."""

    def ttse__on_start(self) -> None:
        self.store = self.bind(ttStore)
        self.bind(ttTimerRepeat, seconds=0.1, name="while")

    def ttse__on_while(self, info: dict[str, Any]) -> None:
        warm, heat = self.store.get("room/temperature"), self.store.get("heating/heat")
        self.store.set("room/temperature", warm + 0.06 * heat - 0.008 * (warm - OUTSIDE))

    def ttsc__open_window(self) -> None:
        self.store.set("room/temperature", self.store.get("room/temperature") - 1.5)


class Heating(ttTonic):
    """Off, heating or resting: what the store says is wanted, and how warm it is, decide."""

    _tt_states = ("off", "heating", "resting")

    def ttse__on_start(self) -> None:
        self.store = self.bind(ttStore)
        self.store.subscribe(["room/temperature", "heating/**"], self.ttse__on_news, exclude=["heat", "doing"])
        self.to_state("off")

    def ttse_off__on_news(self, changes: Any) -> None:
        if self.store.get("heating/is_on"):
            self.to_state("resting")

    def ttse_resting__on_news(self, changes: Any) -> None:
        if not self.store.get("heating/is_on"):
            self.to_state("off")
        elif self.store.get("room/temperature") < self.store.get("heating/wanted") - ENOUGH:
            self.to_state("heating")

    def ttse_heating__on_news(self, changes: Any) -> None:
        if not self.store.get("heating/is_on"):
            self.to_state("off")
        elif self.store.get("room/temperature") > self.store.get("heating/wanted") + ENOUGH:
            self.to_state("resting")
        else:
            self.store.set("heating/heat", self.store.get("heating/power"))

    def ttse__on_enter(self) -> None:
        self.log(self.get_current_state_name())
        self.store.set({"heating/doing": self.get_current_state_name(), "heating/heat": 0})


class Thermostat(ttPysideWidget):
    ui_file = "qt_thermostat.ui"

    def setup_ui(self) -> None:
        self.bind_widget(self.temperature, "room/temperature", shown_as="{:.1f} °C")
        self.bind_widget(self.doing, "heating/doing")
        self.bind_widget(self.wanted, "heating/wanted")
        self.bind_widget(self.power, "heating/power")
        self.bind_widget(self.room, "room/name")
        self.bind_widget(self.heat, "heating/heat")
        self.bind_widget(self.is_on, "heating/is_on")
        self.show()

    def ttse__on_start(self) -> None:
        self.heating = self.bind(Heating, name="heating")
        self.world = self.bind(Room, name="room", catalyst=ttCatalyst(name="world"))

    def ttqt__room__textChanged(self, name: str) -> None:
        self.setWindowTitle(f"Thermostat – {name}")

    def ttqt__window_button__clicked(self) -> None:
        self.world.ttsc__open_window()


class ThermostatApp(ttFormula):
    def creating_formula(self) -> dict[str, Any]:
        return {"tasktonic/log/to": "screen", "tasktonic/project/name": "thermostat"}

    def creating_main_catalyst(self) -> None:
        ttPyside6Ui(name="ui")

    def creating_starting_tonics(self) -> None:
        store = ttStore()
        store.set({"room/name": "Kitchen", "room/temperature": 17.0, "heating/doing": "off", "heating/heat": 0})
        store.set({"heating/wanted": 20.0, "heating/power": 6, "heating/is_on": False})
        Thermostat(name="thermostat")


if __name__ == "__main__":
    ThermostatApp()
