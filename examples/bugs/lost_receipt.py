"""A shop at closing time: the last customer pays, and the receipt is printed."""

from __future__ import annotations

from typing import Any

from tasktonic import ttFormula, ttTimerSingleShot, ttTonic


class Printer(ttTonic):
    """Prints receipts."""

    def __init__(self) -> None:
        super().__init__(name="printer")
        self.printed = 0

    def ttsc__print(self, customer: str) -> None:
        self.printed += 1
        self.log(f"receipt for {customer}")


class Till(ttTonic):
    """Takes the money; its printer is a part of it."""

    def __init__(self) -> None:
        super().__init__(name="till")
        self.printer = self.bind(Printer)
        self.paid = 0

    def ttsc__pay(self, customer: str, is_last: bool = False) -> None:
        self.paid += 1
        self.tts__book(customer)
        if is_last:
            self.finish()

    def tts__book(self, customer: str) -> None:
        self.printer.ttsc__print(customer)

    def ttse__on_finished(self) -> None:
        self.log(f"{self.paid} customers have paid, {self.printer.printed} receipts are printed")


class Shop(ttTonic):
    """Three customers come."""

    def __init__(self, till: Till) -> None:
        super().__init__(name="shop")
        self.till = till

    def ttse__on_start(self) -> None:
        self.till.ttsc__pay("Ada")
        self.till.ttsc__pay("Grace")
        self.bind(ttTimerSingleShot, 0.2, name="closing_time")

    def ttse__on_closing_time(self, info: dict[str, Any]) -> None:
        self.till.ttsc__pay("Mary", is_last=True)
        self.finish()


class App(ttFormula):
    def creating_formula(self) -> dict[str, Any]:
        return {"tasktonic/log/to": "screen"}

    def creating_starting_tonics(self) -> None:
        Shop(Till())


if __name__ == "__main__":
    App()
