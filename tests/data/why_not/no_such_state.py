"""A lamp that is sent to a state it does not have, and a sender who swallows the error."""

import contextlib

from tasktonic import ttFormula, ttTonic, ttUnknownState


class Lamp(ttTonic):
    def ttse__on_start(self):
        self.to_state("off")

    def ttse_off__on_enter(self):
        self.log("off")

    def ttse_on__on_enter(self):
        self.log("on")

    def ttsc__switch(self):
        with contextlib.suppress(ttUnknownState):
            self.to_state("onn")


class Hand(ttTonic):
    def __init__(self, lamp, **kwargs):
        super().__init__(**kwargs)
        self.lamp = lamp

    def ttse__on_start(self):
        self.lamp.ttsc__switch()


class App(ttFormula):
    def creating_starting_tonics(self):
        Hand(Lamp(name="lamp"), name="hand")


if __name__ == "__main__":
    App()
