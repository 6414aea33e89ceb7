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


class Set(ttTonic):
    def ttse__on_start(self):
        self.to_state("open")
        self.ttsc__bell()


setattr(Set, "ttsc_open__bell", later)


class SetBelow(ttTonic):
    def ttse__on_start(self):
        self.to_state("up")


type.__setattr__(SetBelow, "ttsc_up__x", later)


class Listed(ttTonic):
    def ttse__on_start(self):
        self.to_state("red")
        self.ttsc__lamp()


class ListedToo(ttTonic):
    def ttse__on_start(self):
        self.ttsc__lamp()


for each in (Listed, ListedToo):
    setattr(each, f"ttsc_{'red'}__lamp", later)


def fill(cls, *names):
    for name in names:
        setattr(cls, f"ttsc__{name}", later)


class Handed(ttTonic):
    def ttse__on_start(self):
        self.ttsc__hop()


fill(Handed, "hop")


def test_with_what_only_the_test_has(monkeypatch):
    door = Alias()
    monkeypatch.setattr(Alias, "ttsc_shut__ring", later, raising=False)
    door.to_state("shut")
    door.ttsc__ring()
