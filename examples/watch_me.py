"""A small plant, busy on purpose: what to attach the studio to.

Four catalysts, some hundred tonics, services, a store with numbers that move, timers, now and then a slow sparkle and now
and then an exception. It runs until it is stopped, or for as many seconds as its first argument says.

    plant                     on the main catalyst
      line A … line D         on the catalysts hall 1 and hall 2
        furnace, conveyor, robots, sensors
      warehouse               on the catalyst logistics
        carts
    store, historian, alarms  services, used by many
"""

from __future__ import annotations

import math
import random
import sys
import time
from typing import Any

from tasktonic import ttCatalyst, ttFormula, ttStore, ttTimerRepeat, ttTimerSingleShot, ttTonic

LINES = ("A", "B", "C", "D")
SENSORS = 16
ROBOTS = 5
CARTS = 12


class Historian(ttTonic):
    """Keeps the totals of the plant in the store. A service."""

    _tt_is_service = "historian"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(name="historian", **kwargs)
        self.store = self.bind(ttStore)
        self.parts = 0
        self.scrap = 0

    def ttsc__record(self, line: str, good: bool) -> None:
        self.parts += good
        self.scrap += not good
        self.store.set([(f"lines/{line}/parts", self.parts), ("plant/parts", self.parts), ("plant/scrap", self.scrap)])


class Alarms(ttTonic):
    """Takes what went wrong, and says so. A service."""

    _tt_is_service = "alarms"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(name="alarms", **kwargs)
        self.store = self.bind(ttStore)
        self.raised = 0

    def ttse__on_start(self) -> None:
        self.to_state("calm")

    def ttsc__report(self, who: str, text: str) -> None:
        self.raised += 1
        self.store.set("plant/alarms", self.raised)
        self.log(f"{who}: {text}")
        self.to_state("alert")

    def ttse_alert__on_enter(self) -> None:
        self.bind(ttTimerSingleShot, seconds=1.5, name="calm_down")

    def ttse_alert__on_calm_down(self, info: dict[str, Any]) -> None:
        self.to_state("calm")

    def ttse_calm__on_enter(self) -> None:
        self.store.set("plant/status", "calm")

    def ttse_alert__on_exit(self) -> None:
        self.log("calm again")


class Sensor(ttTonic):
    """Measures something that moves, a few times a second."""

    def __init__(self, line: Line, number: int) -> None:
        super().__init__(name=f"sensor {line.letter}{number:02d}")
        self.line = line
        self.number = number
        self.value = 0.0
        self.dice = random.Random(self.name)

    def ttse__on_start(self) -> None:
        self.to_state("measuring")
        self.bind(ttTimerRepeat, seconds=0.4 + 0.03 * self.number, name="sample")

    def ttse_measuring__on_sample(self, info: dict[str, Any]) -> None:
        self.value = round(50 + 30 * math.sin(time.monotonic() / 3 + self.number) + self.dice.gauss(0, 2), 2)
        self.line.ttse__on_value(self.number, self.value)
        if self.dice.random() < 0.002:
            self.to_state("calibrating")

    def ttse_calibrating__on_enter(self) -> None:
        self.bind(ttTimerSingleShot, seconds=1.0, name="calibrated")

    def ttse_calibrating__on_calibrated(self, info: dict[str, Any]) -> None:
        self.to_state("measuring")


class Robot(ttTonic):
    """Takes parts when it is idle, works on them, and sometimes loses its grip."""

    def __init__(self, line: Line, number: int) -> None:
        super().__init__(name=f"robot {line.letter}{number}")
        self.line = line
        self.parts_done = 0
        self.dice = random.Random(self.name)

    def ttse__on_start(self) -> None:
        self.to_state("idle")

    def ttsc_idle__take(self, part: int) -> None:
        self.part = part
        self.to_state("working")

    def ttse_working__on_enter(self) -> None:
        self.bind(ttTimerSingleShot, seconds=self.dice.uniform(0.15, 0.5), name="done")

    def ttse_working__on_done(self, info: dict[str, Any]) -> None:
        if self.dice.random() < 0.012:
            raise RuntimeError(f"the gripper slipped on part {self.part}")
        self.parts_done += 1
        self.line.ttse__on_part_done(self, self.part)
        self.to_state("idle")

    def ttsc__repair(self) -> None:
        self.to_state("repair")

    def ttse_repair__on_enter(self) -> None:
        self.bind(ttTimerSingleShot, seconds=2.0, name="repaired")

    def ttse_repair__on_repaired(self, info: dict[str, Any]) -> None:
        self.to_state("idle")


class Furnace(ttTonic):
    """Heats, holds, cools. Now and then it computes for far too long: a slow sparkle holds up its whole catalyst."""

    def __init__(self, line: Line) -> None:
        super().__init__(name=f"furnace {line.letter}")
        self.line = line
        self.temperature = 20.0
        self.store = self.bind(ttStore)
        self.dice = random.Random(self.name)

    def ttse__on_start(self) -> None:
        self.to_state("heating")
        self.bind(ttTimerRepeat, seconds=0.25, name="control")

    def ttse_heating__on_control(self, info: dict[str, Any]) -> None:
        self.move(+40.0)
        if self.temperature >= 800:
            self.to_state("holding")

    def ttse_holding__on_enter(self) -> None:
        self.log(f"{self.temperature:.0f} °C reached")

    def ttse_cooling__on_enter(self) -> None:
        self.log(f"cools down from {self.temperature:.0f} °C")

    def ttse_holding__on_control(self, info: dict[str, Any]) -> None:
        self.move(self.dice.uniform(-6, 6))
        if self.dice.random() < 0.05:
            self.tts__optimise()
        if self.dice.random() < 0.02:
            self.to_state("cooling")

    def ttse_cooling__on_control(self, info: dict[str, Any]) -> None:
        self.move(-60.0)
        if self.temperature <= 200:
            self.to_state("heating")

    def tts__optimise(self) -> None:
        until = time.perf_counter() + self.dice.uniform(0.05, 0.15)
        rounds = 0
        while time.perf_counter() < until:
            rounds += 1
        self.log(f"heating curve computed in {rounds} rounds")

    def move(self, degrees: float) -> None:
        self.temperature = round(min(max(self.temperature + degrees, 20.0), 900.0), 1)
        self.store.set(f"lines/{self.line.letter}/furnace", self.temperature)


class Conveyor(ttTonic):
    """Brings a part to a robot again and again; who is not idle ignores it."""

    def __init__(self, line: Line) -> None:
        super().__init__(name=f"conveyor {line.letter}")
        self.line = line
        self.part = 0

    def ttse__on_start(self) -> None:
        self.to_state("running")
        self.bind(ttTimerRepeat, seconds=0.12, name="step")

    def ttse_running__on_step(self, info: dict[str, Any]) -> None:
        self.part += 1
        self.line.robots[self.part % ROBOTS].ttsc__take(self.part)

    def ttsc__stop(self) -> None:
        self.to_state("stopped")

    def ttse_stopped__on_enter(self) -> None:
        self.bind(ttTimerSingleShot, seconds=3.0, name="cleared")

    def ttse_stopped__on_cleared(self, info: dict[str, Any]) -> None:
        self.to_state("running")


class Line(ttTonic):
    """One production line with all that belongs to it."""

    _tt_states = ("producing",)

    def __init__(self, letter: str, warehouse: Warehouse, catalyst: ttCatalyst) -> None:
        super().__init__(name=f"line {letter}", catalyst=catalyst)
        self.letter = letter
        self.warehouse = warehouse
        self.store = self.bind(ttStore)
        self.historian = self.bind(Historian)
        self.alarms = self.bind(Alarms)
        self.finished_parts = 0
        self.furnace = self.bind(Furnace, self)
        self.conveyor = self.bind(Conveyor, self)
        self.robots = [self.bind(Robot, self, number) for number in range(ROBOTS)]
        self.sensors = [self.bind(Sensor, self, number) for number in range(SENSORS)]

    def ttse__on_start(self) -> None:
        self.to_state("producing")
        self.log(f"{ROBOTS} robots and {SENSORS} sensors are ready")

    def ttse__on_value(self, number: int, value: float) -> None:
        self.store.set(f"lines/{self.letter}/sensors/{number:02d}", value)
        if value > 84.5:
            self.alarms.ttsc__report(self.name, f"sensor {number:02d} reads {value}")

    def ttse__on_part_done(self, robot: Robot, part: int) -> None:
        self.finished_parts += 1
        self.historian.ttsc__record(self.letter, part % 29 != 0)
        if self.finished_parts % 4 == 0:
            self.warehouse.ttsc__fetch(self.letter)

    def ttse__on_error(self, error: Any) -> None:
        self.alarms.ttsc__report(error.tonic_name, str(error.exception))
        for robot in self.robots:
            if robot.name == error.tonic_name:
                robot.ttsc__repair()


class Cart(ttTonic):
    """Waits, loads, drives, unloads."""

    def __init__(self, warehouse: Warehouse, number: int) -> None:
        super().__init__(name=f"cart {number:02d}")
        self.warehouse = warehouse
        self.trips = 0
        self.dice = random.Random(self.name)

    def ttse__on_start(self) -> None:
        self.to_state("waiting")

    def ttsc_waiting__go(self, line: str) -> None:
        self.target = line
        self.to_state("loading")

    def ttse_loading__on_enter(self) -> None:
        self.next_in(0.6)

    def ttse_loading__on_next(self, info: dict[str, Any]) -> None:
        self.to_state("driving")

    def ttse_driving__on_enter(self) -> None:
        self.next_in(self.dice.uniform(1.0, 3.0))

    def ttse_driving__on_next(self, info: dict[str, Any]) -> None:
        self.to_state("unloading")

    def ttse_unloading__on_enter(self) -> None:
        self.next_in(0.5)

    def ttse_unloading__on_next(self, info: dict[str, Any]) -> None:
        self.trips += 1
        self.warehouse.ttse__on_delivery(self, self.target)
        self.to_state("waiting")

    def next_in(self, seconds: float) -> None:
        self.bind(ttTimerSingleShot, seconds=seconds, name="next")


class Warehouse(ttTonic):
    """Sends carts to the lines."""

    def __init__(self, catalyst: ttCatalyst) -> None:
        super().__init__(name="warehouse", catalyst=catalyst)
        self.store = self.bind(ttStore)
        self.deliveries = 0
        self.next_cart = 0
        self.carts = [self.bind(Cart, self, number) for number in range(CARTS)]

    def ttse__on_start(self) -> None:
        self.to_state("open")

    def ttsc_open__fetch(self, line: str) -> None:
        self.next_cart = (self.next_cart + 1) % CARTS
        self.carts[self.next_cart].ttsc__go(line)

    def ttse__on_delivery(self, cart: Cart, line: str) -> None:
        self.deliveries += 1
        self.store.set([("warehouse/deliveries", self.deliveries), (f"warehouse/from/{line}", self.deliveries)])
        if self.deliveries % 10 == 0:
            self.log(f"{self.deliveries} deliveries")


class Plant(ttTonic):
    """The root of it all."""

    _tt_states = ("producing",)

    def __init__(self, seconds: float | None = None) -> None:
        super().__init__(name="plant")
        self.seconds = seconds
        logistics = ttCatalyst(name="logistics")
        halls = [ttCatalyst(name="hall 1"), ttCatalyst(name="hall 2")]
        self.alarms = self.bind(Alarms)
        self.warehouse = self.bind(Warehouse, logistics)
        self.lines = [self.bind(Line, letter, self.warehouse, halls[n % 2]) for n, letter in enumerate(LINES)]

    def ttse__on_start(self) -> None:
        self.log(f"the plant starts with {len(self.ledger.essences)} essences")
        self.to_state("producing")
        self.bind(ttTimerRepeat, seconds=1.0, name="shift")
        if self.seconds is not None:
            self.bind(ttTimerSingleShot, seconds=self.seconds, name="closing_time")

    def ttse__on_shift(self, info: dict[str, Any]) -> None:
        self.ledger.formula.set("plant/clock", round(time.monotonic()))

    def ttse__on_closing_time(self, info: dict[str, Any]) -> None:
        self.log("closing time")
        self.finish()


class PlantApp(ttFormula):
    def creating_formula(self) -> dict[str, Any]:
        return {"tasktonic/project/name": "the plant", "tasktonic/log/to": "screen", "tasktonic/log/default": "quiet"}

    def creating_starting_tonics(self) -> None:
        Plant(float(sys.argv[1]) if len(sys.argv) > 1 else None)


if __name__ == "__main__":
    PlantApp()
