"""An app to hold and step: two catalysts whose sparkles run back to back, and orders that wait."""

from __future__ import annotations

import sys
import time

from tasktonic import ttCatalyst, ttFormula, ttTonic


class Digger(ttTonic):
    """Digs for so many milliseconds as it was told, again and again."""

    def ttse__on_start(self) -> None:
        for _ in range(50):
            self.ttsc__dig()

    def ttsc__dig(self) -> None:
        end = time.perf_counter() + float(sys.argv[1]) / 1e3
        while time.perf_counter() < end:
            pass
        self.ttsc__dig()


class App(ttFormula):
    """Two diggers on catalysts of their own."""

    def creating_formula(self) -> object:
        return {"tasktonic/log/to": "off"}

    def creating_starting_tonics(self) -> None:
        ttTonic(name="keeper")
        for name in ("left", "right"):
            Digger(name=name, context=-1, catalyst=ttCatalyst(name=f"{name} side", context=-1))


if __name__ == "__main__":
    App()
