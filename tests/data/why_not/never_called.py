"""A door that nobody opens."""

from tasktonic import ttFormula, ttTonic


class Door(ttTonic):
    def ttsc__open(self):
        self.to_state("open")

    def ttse_open__on_enter(self):
        self.log("open")


class Guest(ttTonic):
    def ttse__on_start(self):
        self.log("I forgot to ring")


class App(ttFormula):
    def creating_starting_tonics(self):
        Door(name="door")
        Guest(name="guest")


if __name__ == "__main__":
    App()
