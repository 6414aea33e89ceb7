"""Handlers that are given to a class, and not written in it as methods."""

from __future__ import annotations

import functools

from tasktonic import ttTonic


class Alias(ttTonic):
    def ttse__on_start(self):
        self.to_state("open")
        self.ttsc__knock()

    def _knock(self):
        pass

    ttsc_open__knock = _knock
    ttsc__bang = functools.partialmethod(_knock)
    ttsc__lam = lambda self, a: None

    def ttsc__x(self):
        self.ttsc__bang()
        self.ttsc__lam(1)
        self.ttsc__lam(1, 2)

    first = ttsc__x

    def ttsc__x(self):
        self.first()


class Patched(ttTonic):
    def ttse__on_start(self):
        self.to_state("wide")
        self.ttsc__later()


def later(self):
    pass


Patched.ttsc_wide__later = later


class Filled(ttTonic):
    def ttse__on_start(self):
        self.ttsc__dyn_1()
        self.to_state("dyn")


for n in range(3):
    setattr(Filled, f"ttsc_dyn__dyn_{n}", later)
