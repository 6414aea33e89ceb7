"""Breakpoints on a catalyst that Qt turns."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from tasktonic import brake
from tasktonic.breaking import breaker
from tasktonic.qt import ttPyside6Ui
from tasktonic.rules import Term
from tests.helpers.apps import run_app
from tests.helpers.breaking_apps import Pump, point, run_with


def test_a_qt_catalyst_is_held_before_a_sparkle_while_its_loop_turns(qapp: QApplication) -> None:
    seen: list[tuple[int, bool]] = []

    class Seen(Pump):
        def ttse__on_start(self) -> None:
            super().ttse__on_start()
            self.looking = QTimer()
            self.looking.timeout.connect(self.look)
            self.looking.start(0)

        def look(self) -> None:
            """A slot of Qt: it is called although the catalyst is held, and lets it go."""
            if self.catalyst.is_held:
                seen.append((self.level, self.catalyst.is_held))
                self.looking.stop()
                brake.release()

    def start() -> Any:
        return Seen(name="pump")

    breaker.put("test", [point(Term("sparkle", "ttsc__stroke", cls="Pump"), once=True)])
    try:
        run_app(start, make_main=lambda: ttPyside6Ui(name="main_catalyst"))
    finally:
        breaker.clear("test")

    assert seen == [(0, True)]


def test_each_kind_of_news_holds_a_qt_catalyst(qapp: QApplication) -> None:
    levels = run_with(
        [
            point(Term("state", "full", way="entered")),
            point(Term("condition", "self.level == 3", cls="Pump"), number=2),
        ],
        lambda: Pump(name="pump"),
        lambda hit: hit.words.split(" (")[0],
        make_main=lambda: ttPyside6Ui(name="main_catalyst"),
    ).seen
    breaker.clear("test")

    assert levels == ["after pump.ttsc__stroke: pump: idle → full", levels[1]]
    assert str(levels[1]).startswith("after pump.ttsc__stroke")
