"""A railway signal that shows what the signal box wants."""

from __future__ import annotations

from typing import Any

from tasktonic import ttFormula, ttTimerRepeat, ttTonic

PLAN = ("stop", "go", "slow", "stop")


class Signal(ttTonic):
    """Shows stop, caution or go; a slow train gets caution."""

    def __init__(self) -> None:
        super().__init__(name="signal")

    def ttse__on_start(self) -> None:
        self.to_state("stop")

    def ttse_stop__on_enter(self) -> None:
        self.log("shows red")

    def ttse_go__on_enter(self) -> None:
        self.log("shows green")

    def ttse_caution__on_enter(self) -> None:
        self.log("shows yellow")

    def ttsc__show(self, aspect: str) -> None:
        self.to_state(aspect)

    def ttsc__switch_off(self) -> None:
        self.finish()


class SignalBox(ttTonic):
    """Sets the signal for each train of the plan."""

    def __init__(self, signal: Signal) -> None:
        super().__init__(name="signal box")
        self.signal, self.plan = signal, list(PLAN)

    def ttse__on_start(self) -> None:
        self.bind(ttTimerRepeat, 0.1, name="train")

    def ttse__on_train(self, info: dict[str, Any]) -> None:
        if not self.plan:
            self.signal.ttsc__switch_off()
            self.finish()
            return
        aspect = self.plan.pop(0)
        self.log(f"wants {aspect}")
        self.signal.ttsc__show(aspect)


class App(ttFormula):
    def creating_formula(self) -> dict[str, Any]:
        return {"tasktonic/log/to": "screen"}

    def creating_starting_tonics(self) -> None:
        SignalBox(Signal())


if __name__ == "__main__":
    App()
