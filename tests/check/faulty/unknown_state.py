"""A door that goes to states that there are not: misspelt, by number, by a constant, from outside."""

from tasktonic import ttFormula, ttTonic

START = "clsoed"  # expect: unknown-state


class Door(ttTonic):
    def ttse__on_start(self):
        self.to_state("opne")  # expect: unknown-state

    def ttsc_open__close(self):
        self.to_state("closed" if self.may_close() else "ajar")  # expect: unknown-state

    def ttsc_closed__open(self):
        self.to_state(state="open")

    def ttsc_closed__reset(self):
        self.to_state(START)

    def ttsc__stop(self):
        self.to_state(-1)

    def ttsc__leap(self):
        self.to_state(7)  # expect: unknown-state

    def may_close(self):
        return self.id > 0


class Bell(ttTonic):
    """Has no states at all."""

    def __init__(self):
        super().__init__()
        self.door = self.bind(Door)

    def ttsc__ring(self):
        self.to_state("ringing")  # expect: unknown-state

    def ttsc__open_up(self):
        self.door.to_state("oben")  # expect: unknown-state


class App(ttFormula):
    def creating_starting_tonics(self):
        bell = Bell()
        bell.ttsc__ring()
