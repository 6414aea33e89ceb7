"""Timers with every kind of callback."""

from __future__ import annotations

from tasktonic import ttTimerRepeat, ttTonic


class Timers(ttTonic):
    def ttse__on_start(self):
        self.bind(ttTimerRepeat, 1, name="tick")
        self.bind(ttTimerRepeat, 1, sparkle_back=self.plain)
        self.bind(ttTimerRepeat, 1, sparkle_back=lambda info: None)
        self.bind(ttTimerRepeat, 1, name=f"t{1}")
        self.bind(ttTimerRepeat, *self.args(), **self.kw())

    def plain(self, info):
        pass

    def args(self):
        return (1,)

    def kw(self):
        return {"sparkle_back": self.plain}

    def ttse_never__on_tick(self, info):
        pass

    def ttsc__n(self):
        self.to_state("never")
