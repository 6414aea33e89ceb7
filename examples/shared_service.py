"""One service, two users: whoever asks first makes it, the others get the same one, and it outlives them."""

from __future__ import annotations

from typing import Any

from tasktonic import ttFormula, ttTimerRepeat, ttTonic


class CoffeeMachine(ttTonic):
    """A service: there is one, by the name ``coffee``."""

    _tt_is_service = "coffee"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(name="coffee machine", **kwargs)
        self.cups = 0
        self.log("the machine warms up (this runs once)")

    def _init_service(self, context: Any = None, **kwargs: Any) -> None:
        self.log(f"{context.name} uses the machine (this runs at each bind)")

    def ttsc__brew(self, guest: Guest) -> None:
        self.cups += 1
        guest.ttse__on_coffee(self.cups)

    def ttse__on_service_context_finished(self, context_id: int, left: int) -> None:
        self.log(f"a guest has left, {left} still here")

    def ttse__on_finished(self) -> None:
        self.log(f"the machine goes off after {self.cups} cups")


class Guest(ttTonic):
    def __init__(self, name: str, cups: int) -> None:
        super().__init__(name=name)
        self.cups_left = cups
        self.machine = self.bind(CoffeeMachine)

    def ttse__on_start(self) -> None:
        self.bind(ttTimerRepeat, seconds=0.2, name="thirst")

    def ttse__on_thirst(self, info: dict[str, Any]) -> None:
        self.machine.ttsc__brew(self)

    def ttse__on_coffee(self, number: int) -> None:
        self.log(f"drinks cup number {number}")
        self.cups_left -= 1
        if self.cups_left == 0:
            self.finish()

    def ttse__on_coffee_finished(self) -> None:
        self.log("no more coffee")


class Cafe(ttFormula):
    def creating_formula(self) -> dict[str, Any]:
        return {"tasktonic/log/to": "screen"}

    def creating_starting_tonics(self) -> None:
        Guest("Ada", cups=2)
        Guest("Grace", cups=4)


if __name__ == "__main__":
    Cafe()
