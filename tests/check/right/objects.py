"""Objects of which it is not plain what they are."""

from __future__ import annotations

from tasktonic import ttTonic


class Owner(ttTonic):
    door: Door

    def __init__(self, door: Door | None = None, gate: "Gate" = None, *, box, **kw):
        super().__init__(**kw)
        self.door = door or Door()
        self.gate = gate
        self.maybe = None
        self.swap = Door()

    def ttse__on_start(self):
        self.maybe = Gate()
        self.maybe.ttsc__latch()
        self.swap.ttsc__latch()
        if isinstance(self.gate, Special):
            self.gate.ttsc__special()
        d = Door()
        d = Gate()
        d.ttsc__latch()
        with Door() as e:
            e.ttsc__latch()
        try:
            self.ttsc__optional()
        except AttributeError:
            pass

    def ttsc__swap(self, new):
        self.swap = new

    def ttsc__visit(self, door: Door):
        if isinstance(door, Special):
            door.ttsc__special()
        assert isinstance(self, Special)
        self.ttsc__special()


class Special:
    def ttsc__special(self):
        pass


class Door(ttTonic):
    def ttse__on_start(self):
        self.to_state("shut")

    def ttsc_shut__open(self):
        self.to_state("open")

    def ttsc_open__shut(self):
        self.to_state("shut")


class Gate(Door):
    def ttsc__latch(self):
        self.to_state(getattr(self, "saved", "shut"))
