"""Calls of sparkles with what they do not take, and hooks that do not take what they get."""

from tasktonic import ttTimerRepeat, ttTonic


class Door(ttTonic):
    def ttsc_closed__open(self, how, wide=False):
        self.to_state("open")

    def ttsc_open__open(self, how, wide=False):
        self.log("is open")

    def ttsc__close(self):
        self.to_state("closed")


class House(ttTonic):
    def __init__(self):
        super().__init__()
        self.door = self.bind(Door)

    def ttse__on_start(self, why):  # expect: wrong-arguments
        self.door.ttsc__open("slowly", wide=True)
        self.door.ttsc__open()  # expect: wrong-arguments
        self.door.ttsc__open("slowly", True, 3)  # expect: wrong-arguments
        self.door.ttsc__open("slowly", far=True)  # expect: wrong-arguments
        self.door.ttsc__close("now")  # expect: wrong-arguments
        self.door.ttsc__open(*why)
        self.bind(ttTimerRepeat, 1, name="tick")  # expect: wrong-arguments
        self.bind(ttTimerRepeat, 1, sparkle_back=self.ttse__on_tock)

    def ttse__on_tick(self):
        self.log("tick")

    def ttse__on_tock(self, info):
        self.log("tock")

    def ttse__on_error(self):  # expect: wrong-arguments
        self.log("an error")
