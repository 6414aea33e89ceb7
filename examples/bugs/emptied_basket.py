"""Parcels: a packer fills a basket, and whenever it is full it goes to the carrier."""

from __future__ import annotations

from typing import Any

from tasktonic import ttFormula, ttTonic

GOODS = ("book", "lamp", "cup", "spoon", "kettle", "map")
FULL = 3


class Carrier(ttTonic):
    """Carries away what it is given."""

    def __init__(self) -> None:
        super().__init__(name="carrier")
        self.carried = 0

    def ttsc__carry(self, parcels: list[str]) -> None:
        self.log(f"carries {', '.join(parcels) or 'nothing'}")
        self.carried += len(parcels)

    def ttsc__go_home(self) -> None:
        self.log(f"{self.carried} of {len(GOODS)} parcels carried")
        self.finish()


class Packer(ttTonic):
    """Packs the goods one by one."""

    def __init__(self, carrier: Carrier) -> None:
        super().__init__(name="packer")
        self.carrier = carrier
        self.basket: list[str] = []

    def ttse__on_start(self) -> None:
        for thing in GOODS:
            self.ttsc__pack(thing)
        self.ttsc__stop()

    def ttsc__pack(self, thing: str) -> None:
        self.basket.append(thing)
        if len(self.basket) == FULL:
            self.log(f"sends {', '.join(self.basket)}")
            self.carrier.ttsc__carry(self.basket)
            self.basket.clear()

    def ttsc__stop(self) -> None:
        self.carrier.ttsc__go_home()
        self.finish()


class App(ttFormula):
    def creating_formula(self) -> dict[str, Any]:
        return {"tasktonic/log/to": "screen"}

    def creating_starting_tonics(self) -> None:
        Packer(Carrier())


if __name__ == "__main__":
    App()
