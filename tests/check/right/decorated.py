"""Sparkles with decorators."""

from __future__ import annotations

import dataclasses
import functools

from tasktonic import ttTonic


def keeps(f):
    @functools.wraps(f)
    def around(self, *a):
        return f(self, *a)

    return around


class Decorated(ttTonic):
    @keeps
    def ttsc__a(self, x):
        pass

    @keeps
    async def ttsc__b(self):
        pass

    @functools.singledispatchmethod
    def ttsc__c(self, x):
        pass

    @ttsc__c.register
    def _(self, x: int):
        pass

    def ttse__on_start(self):
        self.ttsc__a(1, 2, 3)
        self.ttsc__b()
        self.ttsc__c(1)


@dataclasses.dataclass
class Data:
    a: int = 1


@dataclasses.dataclass(eq=False)
class DataTonic(ttTonic):
    a: int = 0

    def __post_init__(self):
        super().__init__()

    def ttse__on_start(self):
        self.to_state("x")

    def ttse_x__on_enter(self):
        self.finish()
