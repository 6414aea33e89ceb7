"""A module with doors whose code is replaced: its text, a changed text, and an app with a door."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

from tasktonic import ttFormula, ttTonic

HOUSE = '''"""A house."""
import functools

from tasktonic import ttTonic

LIMIT = 3


def shout(text):
    return text.upper()


def noisy(method):
    @functools.wraps(method)
    def around(self):
        return method(self)

    return around


class Base(ttTonic):
    loud = True

    def __init__(self, **given):
        super().__init__(**given)
        self.said = []

    def ttsc__say(self, what):
        self.said.append(what)

    def ttse__on_enter(self):
        self.said.append("enters")

    @property
    def words(self):
        return len(self.said)

    @words.setter
    def words(self, count):
        self.said = [""] * count

    @noisy
    def decorated(self):
        return 1

    @staticmethod
    def of(text, times=2):
        return text * times

    def __secret(self):
        return "old"

    def secret(self):
        return self.__secret()


class Door(Base):
    def ttse__on_start(self):
        self.to_state("closed")

    def ttsc_closed__push(self):
        self.said.append("is closed")

    def ttsc_open__push(self):
        self.said.append("is open")


class Plain:
    def tell(self):
        return "old"
'''

Load = Callable[..., "tuple[ModuleType, str]"]


def changed(*edits: tuple[str, str], text: str = HOUSE) -> str:
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    return text


def in_an_app(*steps: Callable[[Any], None], door: Callable[[], Any]) -> None:
    """Run steps one after the other, each in a sparkle, in an app with a door; between two of them its orders run."""
    left = list(steps)

    class Walker(ttTonic):
        def ttse__on_start(self) -> None:
            self.door = door()
            self.ttsc__step()

        def ttsc__step(self) -> None:
            try:
                left.pop(0)(self.door)
            except BaseException:
                left.clear()
                raise
            finally:
                if left:
                    self.ttsc__step()
                else:
                    self.finish()
                    self.door.finish()

    class App(ttFormula):
        def creating_formula(self) -> dict[str, Any]:
            return {"tasktonic/log/to": "off"}

        def creating_starting_tonics(self) -> None:
            Walker()

    App()
