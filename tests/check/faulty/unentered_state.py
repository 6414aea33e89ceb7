"""A lamp with a state that nothing goes to, and one that is listed and never used."""

from tasktonic import ttTonic


class Lamp(ttTonic):
    _tt_states = ["off", "broken"]  # expect: unentered-state

    def ttse__on_start(self):
        self.to_state("off")

    def ttsc_off__switch(self):
        self.to_state("on")

    def ttsc_on__switch(self):
        self.to_state("off")

    def ttse_onn__on_enter(self):  # expect: unentered-state
        self.log("shines")

    def ttse_onn__on_exit(self):
        self.log("is dark")
