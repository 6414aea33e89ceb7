"""A door that is asked to close while it is closed: no handler for that."""

from tasktonic import ttFormula, ttTonic


class Door(ttTonic):
    def ttse__on_start(self):
        self.to_state("closed")

    def ttse_closed__on_enter(self):
        self.log("closed")

    def ttsc_closed__open(self):
        self.to_state("open")

    def ttsc_open__close(self):
        self.to_state("closed")


class Guest(ttTonic):
    def __init__(self, door, **kwargs):
        super().__init__(**kwargs)
        self.door = door

    def ttse__on_start(self):
        self.door.ttsc__close()
        self.door.ttsc__close()
        self.door.ttsc__open()
        self.door.ttsc__close()


class App(ttFormula):
    def creating_starting_tonics(self):
        Guest(Door(name="door"), name="guest")


if __name__ == "__main__":
    App()
