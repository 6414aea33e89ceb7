"""A turnstile counts visitors in the store, and its sign shows when the hall is full."""

from __future__ import annotations

from typing import Any

from tasktonic import ttFormula, ttStore, ttTimerRepeat, ttTonic

SEATS = 5


class Turnstile(ttTonic):
    """Counts who comes in, and closes when the hall is full."""

    def __init__(self) -> None:
        super().__init__(name="turnstile")
        self.store = self.bind(ttStore)
        self.store.set("hall/visitors", 0)
        self.store.subscribe("hall/visitors", self.ttse__on_visitors, ignore_source=self.id)

    def ttse__on_start(self) -> None:
        self.to_state("open")

    def ttsc_open__enter(self) -> None:
        self.store.set("hall/visitors", self.store.get("hall/visitors") + 1)

    def ttsc_full__enter(self) -> None:
        self.log("sorry, the hall is full")

    def ttse__on_visitors(self, changes: list[Any]) -> None:
        if changes[-1][1] == SEATS:
            self.to_state("full")

    def ttsc__close(self) -> None:
        self.log(f"{self.store.get('hall/visitors')} visitors for {SEATS} seats")
        self.finish()


class Street(ttTonic):
    """People come in, one after the other."""

    def __init__(self, turnstile: Turnstile) -> None:
        super().__init__(name="street")
        self.turnstile, self.people = turnstile, 8

    def ttse__on_start(self) -> None:
        self.bind(ttTimerRepeat, 0.05, name="person")

    def ttse__on_person(self, info: dict[str, Any]) -> None:
        if self.people == 0:
            self.turnstile.ttsc__close()
            self.finish()
            return
        self.people -= 1
        self.turnstile.ttsc__enter()


class App(ttFormula):
    def creating_formula(self) -> dict[str, Any]:
        return {"tasktonic/log/to": "screen"}

    def creating_starting_tonics(self) -> None:
        Street(Turnstile())


if __name__ == "__main__":
    App()
