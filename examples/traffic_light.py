"""States and timers: a traffic light for cars, with a button for people.

The light goes round by itself. A press of the button is handled differently in each state: in green it shortens the
wait, in amber it is remembered, in red it is ignored, since people walk already.
"""

from __future__ import annotations

from typing import Any

from tasktonic import ttFormula, ttTimerRepeat, ttTimerSingleShot, ttTonic

ROUNDS = 3


class TrafficLight(ttTonic):
    """Green, amber, red, and round again."""

    def __init__(self, rounds: int = ROUNDS) -> None:
        super().__init__(name="light")
        self.rounds_left = rounds
        self.people_wait = False
        self.phase = self.bind(ttTimerSingleShot, seconds=1.2, name="phase").stop()

    def ttse__on_start(self) -> None:
        self.to_state("green")

    def ttse_green__on_enter(self) -> None:
        self.log("green: cars drive")
        self.next_phase_in(1.2)

    def ttsc_green__press(self) -> None:
        self.log("someone waits, so it will not be green for long")
        self.people_wait = True
        self.next_phase_in(0.2)

    def ttse_green__on_phase(self, info: dict[str, Any]) -> None:
        self.to_state("amber")

    def ttse_amber__on_enter(self) -> None:
        self.log("amber: cars stop")
        self.next_phase_in(0.4)

    def ttsc_amber__press(self) -> None:
        self.people_wait = True

    def ttse_amber__on_phase(self, info: dict[str, Any]) -> None:
        self.to_state("red")

    def ttse_red__on_enter(self) -> None:
        self.log("red: people walk" if self.people_wait else "red: nobody walks")
        self.people_wait = False
        self.next_phase_in(0.8)

    def ttse_red__on_phase(self, info: dict[str, Any]) -> None:
        self.rounds_left -= 1
        if self.rounds_left > 0:
            self.to_state("green")
        else:
            self.finish()

    def ttse__on_finished(self) -> None:
        self.log("the light is switched off")

    def next_phase_in(self, seconds: float) -> None:
        """Have ``on_phase`` called once, after a while. An ordinary method: it runs at once."""
        self.phase.finish()
        self.phase = self.bind(ttTimerSingleShot, seconds=seconds, name="phase")


class Pedestrian(ttTonic):
    """Presses the button again and again."""

    def __init__(self, light: TrafficLight, **kwargs: Any) -> None:
        super().__init__(name="pedestrian", **kwargs)
        self.light = light

    def ttse__on_start(self) -> None:
        self.bind(ttTimerRepeat, seconds=0.9, name="patience")

    def ttse__on_patience(self, info: dict[str, Any]) -> None:
        self.light.ttsc__press()


class Crossing(ttFormula):
    def creating_formula(self) -> dict[str, Any]:
        return {"tasktonic/log/to": "screen", "tasktonic/log/default": "quiet"}

    def creating_starting_tonics(self) -> None:
        light = TrafficLight()
        Pedestrian(light, context=light)


if __name__ == "__main__":
    Crossing()
