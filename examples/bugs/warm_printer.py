"""A printer that has to warm up, and an office that has three letters to print."""

from __future__ import annotations

from typing import Any

from tasktonic import ttFormula, ttTimerSingleShot, ttTonic

LETTERS = ("invitation", "invoice", "reminder")


class Printer(ttTonic):
    """Prints what it is given, once it is warm."""

    def __init__(self) -> None:
        super().__init__(name="printer")
        self.printed = 0

    def ttse__on_start(self) -> None:
        self.to_state("warming")

    def ttse_warming__on_enter(self) -> None:
        self.bind(ttTimerSingleShot, 0.3, name="warm")

    def ttse_warming__on_warm(self, info: dict[str, Any]) -> None:
        self.to_state("ready")

    def ttsc_ready__print(self, letter: str) -> None:
        self.printed += 1
        self.log(f"prints the {letter}")

    def ttsc__switch_off(self) -> None:
        self.log(f"{self.printed} letters printed")
        self.finish()


class Office(ttTonic):
    """Has letters to print: the first at once, the others a little later."""

    def __init__(self, printer: Printer) -> None:
        super().__init__(name="office")
        self.printer, self.letters = printer, list(LETTERS)

    def ttse__on_start(self) -> None:
        self.send_next()
        self.bind(ttTimerSingleShot, 0.6, name="rest")

    def ttse__on_rest(self, info: dict[str, Any]) -> None:
        while self.letters:
            self.send_next()
        self.printer.ttsc__switch_off()
        self.finish()

    def send_next(self) -> None:
        """Have the next letter printed."""
        letter = self.letters.pop(0)
        self.log(f"sends the {letter}")
        self.printer.ttsc__print(letter)


class App(ttFormula):
    def creating_formula(self) -> dict[str, Any]:
        return {"tasktonic/log/to": "screen"}

    def creating_starting_tonics(self) -> None:
        Office(Printer())


if __name__ == "__main__":
    App()
