"""Classes that have more than is written in them."""

from __future__ import annotations

from tasktonic import ttTonic


def later(self):
    pass


class Dyn(ttTonic):
    def __getattr__(self, name):
        return lambda *a: None

    def ttse__on_start(self):
        self.ttsc__anything()
        self.to_state("what")


def make(state):
    class Made(ttTonic):
        def ttse__on_start(self):
            self.to_state(state)

        def ttsc_here__x(self):
            pass

    return Made


Made2 = type("Made2", (ttTonic,), {"ttsc__x": later})


class FromMade(make("here")):
    def ttse__on_start(self):
        self.to_state("there")
        self.ttsc__no()


class Locals(ttTonic):
    locals()["ttsc__gen"] = later

    def ttse__on_start(self):
        self.ttsc__gen()


class Sub(ttTonic):
    def __init_subclass__(cls, **kw):
        super().__init_subclass__(**kw)

    def ttse__on_start(self):
        getattr(self, "tts__" + self.name)()

    def tts__one(self):
        pass

    def tts__two(self):
        pass
