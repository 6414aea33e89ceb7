"""A service that may be of a class that is based on the one it is asked for by."""

from __future__ import annotations

from tasktonic import ttStore, ttTonic


class Base(ttTonic):
    _tt_is_service = "base"


class Derived(Base):
    def ttsc__more(self):
        pass


class UsesService(ttTonic):
    def ttse__on_start(self):
        self.s = self.bind(Base)
        self.s.ttsc__more()
        self.store = self.bind(ttStore)
        self.store.set("a", 1)
        self.store.subscribe("a", self.ttse__on_a)

    def ttse__on_a(self, changes):
        pass

    def ttse__on_base_finished(self):
        pass
