"""A panel that does its steps one by one, for widgets that are bound to a store."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QComboBox

from tasktonic import ttStore
from tasktonic.qt import ttPysideWidget
from tasktonic.qt.loop_calls import loop_calls
from tests.framework.qt.windows import run_qt_app


class Bound(ttPysideWidget):
    """Does its steps one by one, each when the loop has turned since the one before; then it finishes."""

    def __init__(self, *steps: Callable[[Any], object], **kwargs: Any) -> None:
        super().__init__(name="panel", **kwargs)
        self.steps = list(steps)
        self.errors: list[str] = []

    def ttse__on_start(self) -> None:
        self.store = self.bind(ttStore)
        self.tts__next()

    def tts__next(self) -> None:
        if not self.steps:
            self.finish()
            return
        self.steps.pop(0)(self)
        # Of the same priority as what shows the news, so it comes after that.
        loop_calls().soon(self.tts__next)

    def ttse__on_error(self, error: Any) -> None:
        self.errors.append(str(error.exception))


def steps(*them: Callable[[Any], object]) -> Bound:
    """Run an app with a panel that does these."""
    made: list[Bound] = []
    run_qt_app(lambda: made.append(Bound(*them)))
    return made[0]


def choices(*names: str, **data: Any) -> QComboBox:
    box = QComboBox()
    box.addItems(names)
    for text, value in data.items():
        box.addItem(text, value)
    return box
