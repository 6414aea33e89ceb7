"""Replacing the code of windows that live: what is connected by name, and event handlers of Qt."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from tasktonic import ttTonic
from tasktonic.qt import ttPyside6Ui
from tasktonic.replacing import prepare
from tests.helpers.apps import run_app

DESK = """
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QPushButton, QWidget

from tasktonic.qt import ttPysideWidget


class Desk(ttPysideWidget):
    def setup_ui(self):
        self.plus, self.minus = QPushButton("Plus", self), QPushButton("Minus", self)
        self.heard = []

    def ttqt__plus__clicked(self):
        self.heard.append("old")

    def resizeEvent(self, event):
        self.heard.append("old size")


class Plain(QWidget):
    def sizeHint(self):
        return QSize(1, 1)
"""


def test_a_living_window_hears_by_the_new_code_and_by_what_is_new_in_it(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "desk_that_lives.py"
    path.write_text(DESK, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("desk_that_lives", path)
    assert spec is not None
    assert spec.loader is not None
    module: Any = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "desk_that_lives", module)
    spec.loader.exec_module(module)
    heard: list[Any] = []
    kept: list[Any] = []

    def replace(desk: Any, *edits: tuple[str, str]) -> Any:
        text = DESK
        for old, new in edits:
            text = text.replace(old, new)
        return prepare(str(path), text, DESK).carry_out().plan

    def first(desk: Any) -> None:
        desk.show()
        desk.plus.click()

    def second(desk: Any) -> None:
        replace(
            desk,
            ('"old"', '"new"'),
            ('self.heard.append("old size")', 'super().resizeEvent(event)\n        self.heard.append("new size")'),
            (
                "    def resize",
                "    def ttqt__minus__clicked(self, checked):\n        self.heard.append(checked)\n\n    def resize",
            ),
        )
        heard.extend(desk.heard)
        desk.heard.clear()
        desk.plus.click()
        desk.resize(333, 222)

    def third(desk: Any) -> None:
        desk.minus.click()

    def fourth(desk: Any) -> None:
        heard.append(list(desk.heard))
        more = ("    def resize", "    def leaveEvent(self, event):\n        pass\n\n    def resize")
        arguments = ("def ttqt__plus__clicked(self)", "def ttqt__plus__clicked(self, checked)")
        kept.extend(replace(desk, arguments, more, ("return QSize(1, 1)", "return super().sizeHint()")).kept)

    steps: list[Callable[[Any], None]] = [first, second, third, fourth]

    class Walker(ttTonic):
        def ttse__on_start(self) -> None:
            self.desk = module.Desk(name="desk")
            self.ttsc__step()

        def ttsc__step(self) -> None:
            try:
                steps.pop(0)(self.desk)
            finally:
                if steps:
                    self.ttsc__step()
                else:
                    self.desk.finish()
                    self.finish()

    run_app(Walker, make_main=lambda: ttPyside6Ui(name="main_catalyst"))

    assert heard == ["old size", "old", ["new size", "new", False]]
    # Qt keeps what it has found of an object, without holding it: other functions in their place would crash it.
    asked = "what lives has been asked for it by its toolkit already: restart to use it"
    assert {row.what: row.why for row in kept if row.what != "Desk.ttqt__minus__clicked"} == {
        "Desk.ttqt__plus__clicked": "it is connected with the arguments that it takes now: restart to use it",
        "Desk.leaveEvent": asked,
        "Plain.sizeHint": asked,
    }
