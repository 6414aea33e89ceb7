"""A clerk who takes long over one customer while another waits."""

import sys
import threading

from tasktonic import ttCatalyst, ttFormula, ttTonic

may_go_on = threading.Event()


class Clerk(ttTonic):
    def ttsc__serve(self, customer):
        if customer == "Ada":
            may_go_on.wait(60)

    def ttsc__greet(self):
        self.log("good day")


class Hall(ttTonic):
    def __init__(self, clerk, **kwargs):
        super().__init__(**kwargs)
        self.clerk = clerk

    def ttse__on_start(self):
        self.clerk.ttsc__serve("Ada")
        self.clerk.ttsc__greet()
        self.log("Ada and another one are there")
        if "--briefly" in sys.argv:
            may_go_on.set()


class App(ttFormula):
    def creating_formula(self):
        return {"tasktonic/shutdown/timeout": 0.5}  # nobody waits longer for a clerk who does not come back

    def creating_starting_tonics(self):
        Hall(Clerk(name="clerk", catalyst=ttCatalyst(name="counter")), name="hall")


if __name__ == "__main__":
    App()
