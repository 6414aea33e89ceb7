"""A door that, once it is jammed, does nothing any more; the app never ends."""

from tasktonic import ttFormula, ttTonic


class Door(ttTonic):
    def ttse__on_start(self):
        self.to_state("closed")

    def ttsc_closed__open(self):
        self.to_state("open")

    def ttsc_open__close(self):
        self.to_state("closed")

    def ttsc_open__slam(self):
        self.to_state("jammed")

    def ttse_jammed__on_enter(self):  # expect: dead-end-state
        self.log("it does not move")


class Oven(ttTonic):
    """Ends when it is done: nothing is wrong with that."""

    def ttse__on_start(self):
        self.to_state("hot")

    def ttsc_hot__open(self):
        self.to_state("done")

    def ttse_done__on_enter(self):
        self.finish()


class Lamp(ttTonic):
    """Goes straight to its last state: that is its end."""

    def ttse__on_start(self):
        self.to_state("bright")

    def ttsc_bright__switch(self):
        self.to_state("dark")

    def ttse_dark__on_enter(self):
        self.log("good night")


class App(ttFormula):
    def creating_starting_tonics(self):
        Door().ttsc__open()
        Oven()
        Lamp()
