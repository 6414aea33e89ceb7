"""Two clerks who sign each other's forms, and a caretaker who closes the office."""

from __future__ import annotations

from typing import Any

from tasktonic import ttFormula, ttTimerSingleShot, ttTonic


class Clerk(ttTonic):
    """Has a form of its own signed by a colleague, and signs the colleague's when it has time."""

    def __init__(self, name: str) -> None:
        super().__init__(name=name)
        self.colleague: Clerk | None = None

    def ttse__on_start(self) -> None:
        self.to_state("free")

    def ttsc_free__begin(self, colleague: Clerk) -> None:
        self.colleague = colleague
        self.to_state("waiting")

    def ttse_waiting__on_enter(self) -> None:
        self.log(f"waits for a signature of {self.colleague.name}")
        self.colleague.ttsc__sign(self)

    def ttsc_free__sign(self, asker: Clerk) -> None:
        self.log(f"signs for {asker.name}")
        asker.ttse__on_signed()

    def ttse_waiting__on_signed(self) -> None:
        self.log("has its form signed")
        self.to_state("free")


class Caretaker(ttTonic):
    """Opens the office and closes it after a while."""

    def __init__(self) -> None:
        super().__init__(name="caretaker")
        self.clerks = [Clerk("Ann"), Clerk("Bob")]

    def ttse__on_start(self) -> None:
        ann, bob = self.clerks
        ann.ttsc__begin(bob)
        bob.ttsc__begin(ann)
        self.bind(ttTimerSingleShot, 1.0, name="closing_time")

    def ttse__on_closing_time(self, info: dict[str, Any]) -> None:
        for clerk in self.clerks:
            self.log(f"at closing time {clerk.name} is {clerk.get_current_state_name()}")
        self.finish()


class App(ttFormula):
    def creating_formula(self) -> dict[str, Any]:
        return {"tasktonic/log/to": "screen"}

    def creating_starting_tonics(self) -> None:
        Caretaker()


if __name__ == "__main__":
    App()
