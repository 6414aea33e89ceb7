"""A class with a to_state of its own."""

from __future__ import annotations

from tasktonic import ttTonic


class Own(ttTonic):
    def to_state(self, *parts):
        super().to_state("_".join(parts))

    def ttse__on_start(self):
        self.to_state("half", "open")

    def ttsc_half_open__x(self):
        pass


class OwnBelow(Own):
    def ttsc__go(self):
        self.to_state("x", "y")

    def ttsc_x_y__go(self):
        pass
