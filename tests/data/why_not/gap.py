"""A clerk who works so fast that a slow watcher misses much of it."""

import threading

from tasktonic import ttFormula, ttTonic

CUSTOMERS = 3000
at_home = threading.Event()


class Clerk(ttTonic):
    def ttsc__serve(self, customers):
        if customers:
            self.ttsc__serve(customers - 1)
        else:
            self.ttsc__go_home()

    def ttsc__go_home(self):
        self.log("all are served")
        at_home.set()


class App(ttFormula):
    def creating_starting_tonics(self):
        Clerk(name="clerk").ttsc__serve(CUSTOMERS)


if __name__ == "__main__":
    App()
