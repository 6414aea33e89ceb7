"""Apps on the loop of Qt, and a window that counts."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QPushButton

from tasktonic.qt import ttPyside6Ui, ttPysideWindow
from tests.helpers.apps import run_app


def run_qt_app(start: Any, **settings: Any) -> Any:
    """As `run_app`, with Qt's loop in the thread of the test."""
    return run_app(start, make_main=lambda: ttPyside6Ui(name="main_catalyst"), settings=settings)


class Counter(ttPysideWindow):
    """A window with a button, whose notes tell what happened."""

    def __init__(self, notes: list[Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.notes = notes

    def setup_ui(self) -> None:
        self.button = QPushButton("count")
        self.setCentralWidget(self.button)
        self.notes.append("setup")

    def ttse__on_start(self) -> None:
        self.notes.append("start")
        self.ttsc__click()

    def ttsc__click(self) -> None:
        self.button.click()
        self.notes.append("clicked")

    def ttqt__button__clicked(self, checked: bool) -> None:
        self.notes.append(("heard", checked))
        self.close()


class Clicked(ttPysideWindow):
    """A window with a button that is clicked as soon as it has started."""

    def setup_ui(self) -> None:
        self.button = QPushButton(self)

    def ttse__on_start(self) -> None:
        self.ttsc__click()

    def ttsc__click(self) -> None:
        self.button.click()
