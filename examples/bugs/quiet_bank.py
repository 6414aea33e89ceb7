"""A cashier adds up what is paid in, and gives a receipt for each slip."""

from __future__ import annotations

from typing import Any

from tasktonic import ttFormula, ttTonic

SLIPS = ("20", "35", "1.50", "5", "40")


class Cashier(ttTonic):
    """Adds up the slips; a bad one must not stop the bank."""

    def __init__(self) -> None:
        super().__init__(name="cashier")
        self.paid_in = 0

    def ttsc__pay_in(self, customer: Customer, slip: str) -> None:
        try:
            self.paid_in += int(slip)
            customer.ttse__on_receipt(slip)
        except ValueError:
            pass

    def ttsc__close(self) -> None:
        self.log(f"{self.paid_in} paid in today")
        self.finish()


class Customer(ttTonic):
    """Brings some slips, one after the other."""

    def __init__(self, cashier: Cashier) -> None:
        super().__init__(name="customer")
        self.cashier, self.receipts = cashier, 0

    def ttse__on_start(self) -> None:
        for slip in SLIPS:
            self.cashier.ttsc__pay_in(self, slip)
        self.cashier.ttsc__close()
        self.ttsc__go_home()

    def ttse__on_receipt(self, slip: str) -> None:
        self.receipts += 1

    def ttsc__go_home(self) -> None:
        self.log(f"brought {len(SLIPS)} slips")
        self.finish()


class Bank(ttFormula):
    def creating_formula(self) -> dict[str, Any]:
        return {"tasktonic/log/to": "screen"}

    def creating_starting_tonics(self) -> None:
        Customer(Cashier())


if __name__ == "__main__":
    Bank()
