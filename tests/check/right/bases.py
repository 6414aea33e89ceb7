"""Generic, abstract and mixed classes, and those that are there to be based on."""

from __future__ import annotations

import abc
from typing import Generic, TypeVar

from tasktonic import ttTimerRepeat, ttTonic

T = TypeVar("T")


class Box(ttTonic, Generic[T]):
    def ttsc__put(self, x: T):
        self.to_state("full")

    def ttsc_full__take(self):
        self.to_state("empty")

    def ttsc_empty__x(self):
        pass


class IntBox(Box[int]):
    def ttse__on_start(self):
        self.ttsc__put(1)


class Abs(ttTonic, abc.ABC):
    @abc.abstractmethod
    def ttsc__do(self, a): ...
    def ttse__on_start(self):
        self.to_state("elsewhere")
        self.ttsc__other()


class Mixin:
    def ttsc__mixed(self):
        self.ttsc__of_the_other()
        self.to_state("mix")

    def tts__m(self):
        pass

    def ttse__on_enter(self):
        self.tts__m()


class Mixed(Mixin, ttTonic):
    def ttsc__of_the_other(self):
        pass

    def ttse_mix__on_enter(self):
        pass


class Template(ttTonic):
    """Meant to be based on."""

    def ttse__on_start(self):
        self.to_state("first")
        self.ttsc__below()
        self.bind(ttTimerRepeat, 1)


class Based(Template):
    def ttsc_first__x(self):
        pass

    def ttsc__below(self):
        pass

    def ttse__on_timer(self, info):
        pass
