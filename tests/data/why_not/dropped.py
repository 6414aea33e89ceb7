"""A clerk who is asked to go home, and then to do one more thing."""

from tasktonic import ttFormula, ttTonic


class Clerk(ttTonic):
    def ttsc__serve(self):
        self.log("served")


class Hall(ttTonic):
    def __init__(self, clerk, **kwargs):
        super().__init__(**kwargs)
        self.clerk = clerk

    def ttse__on_start(self):
        self.clerk.ttsc__serve()
        self.clerk.finish()
        self.clerk.ttsc__serve()


class App(ttFormula):
    def creating_starting_tonics(self):
        Hall(Clerk(name="clerk"), name="hall")


if __name__ == "__main__":
    App()
