"""Hooks that the framework never calls under these names."""

from tasktonic import ttFormula, ttTimerRepeat, ttTonic


class Pump(ttTonic):
    def ttse__on_strat(self):  # expect: misspelt-name
        self.bind(ttTimerRepeat, 1, name="stroke")

    def ttse_idle__on_entr(self):  # expect: misspelt-name
        self.log("idles")

    def ttsc__on_exit(self):  # expect: misspelt-name
        self.log("goes on")

    def ttse__on_stroke(self, info):
        self.to_state("idle")

    def ttse__on_storm(self):
        self.log("a name of its own")

    def init_service(self):
        self.log("is no service: a name of its own")


class Well(ttTonic):
    _tt_is_service = "well"

    def _init_servise(self, context=None):  # expect: misspelt-name
        self.log("used")


class Bare(ttTonic):
    def on_start(self):  # expect: misspelt-name
        self.log("starts")

    def on_finished(self):
        self.log("is called below")

    def ttse__on_finished(self):
        self.on_finished()


class App(ttFormula):
    def creating_starting_tonic(self):  # expect: misspelt-name
        Pump()
