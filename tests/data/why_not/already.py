"""A lamp that is switched on and is on already."""

from tasktonic import ttFormula, ttTonic


class Lamp(ttTonic):
    def ttse__on_start(self):
        self.to_state("on")

    def ttse_on__on_enter(self):
        self.log("on")

    def ttsc__switch_on(self):
        self.to_state("on")


class Hand(ttTonic):
    def __init__(self, lamp, **kwargs):
        super().__init__(**kwargs)
        self.lamp = lamp

    def ttse__on_start(self):
        self.lamp.ttsc__switch_on()
        self.lamp.ttsc__switch_on()


class App(ttFormula):
    def creating_starting_tonics(self):
        Hand(Lamp(name="lamp"), name="hand")


if __name__ == "__main__":
    App()
