"""States behind constants that classes below give other values."""

from __future__ import annotations

import enum

from tasktonic import ttTonic


class Const(ttTonic):
    FIRST = ""

    def ttse__on_start(self):
        self.to_state(self.FIRST)


class ConstA(Const):
    FIRST = "idle"

    def ttsc_idle__go(self):
        pass


class ConstB(Const):
    FIRST = "busy"

    def ttsc_busy__go(self):
        pass


class S(enum.StrEnum):
    OPEN = "open"
    SHUT = "shut"


class Enumed(ttTonic):
    def ttse__on_start(self):
        self.to_state(S.OPEN)

    def ttsc_open__x(self):
        self.to_state(S.SHUT)

    def ttsc_shut__x(self):
        self.to_state(S["OPEN"])
