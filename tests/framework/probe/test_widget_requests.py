"""What a studio may ask about the windows of an app: who may, what goes with whom, and what an app without windows says."""

from __future__ import annotations

import sys

import pytest

from tasktonic import events as ev
from tasktonic.probe.widget_requests import NO_WINDOWS
from tasktonic.protocol.messages import (
    Answer,
    AskSignals,
    Hold,
    PickWidget,
    ShowWidget,
    Signals,
    WidgetPicked,
    WidgetShown,
)
from tests.framework.probe.agents import Run
from tests.helpers.studio_end import StudioEnd

pytestmark = [pytest.mark.end_to_end, pytest.mark.skipif(sys.platform == "win32", reason="apps are found as on POSIX")]

DESK = """
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from tasktonic import ttFormula, ttTonic
from tasktonic.qt import ttPyside6Ui, ttPysideWidget


class Desk(ttPysideWidget):
    def ttse__on_start(self):
        self.resize(200, 100)
        self.show()
        self.seen = ""
        self.looking = QTimer(self)
        self.looking.timeout.connect(self.look)
        self.looking.start(10)

    def look(self):
        found = self.findChildren(QWidget, "tasktonic_outline")
        words = f"{len(found)} there, cursor {QApplication.overrideCursor() is not None}"
        if words != self.seen:
            if not self.seen:
                print(words, flush=True)
            self.seen = words
            self.log(words)


class App(ttFormula):
    def creating_formula(self):
        return {"tasktonic/log/to": "off"}

    def creating_main_catalyst(self):
        ttPyside6Ui(name="ui")

    def creating_starting_tonics(self):
        Desk(name="desk", log_mode="full")


from PySide6.QtWidgets import QApplication

App()
"""

PLAIN = """
from tasktonic import ttFormula, ttTonic

class App(ttFormula):
    def creating_formula(self):
        return {"tasktonic/log/to": "off"}

    def creating_starting_tonics(self):
        ttTonic(name="desk")

App()
"""


def id_of(end: StudioEnd, name: str) -> int:
    return end.event(ev.Born, lambda born: born.name == name).essence


def test_looking_needs_no_control_picking_does_and_both_go_with_the_connection(run_app: Run) -> None:
    process = run_app(DESK, QT_QPA_PLATFORM="offscreen")
    assert process.stdout is not None
    assert process.stdout.readline() == "0 there, cursor False\n"
    with StudioEnd.of_running(process.pid) as end:

        def says(words: str) -> None:
            end.until(lambda: [line.text for line in end.seen(ev.LogLine)][-1:] == [words], words)

        desk = id_of(end, "desk")
        end.say(Hold(1))
        assert end.answer(Answer, 1).ok
        with StudioEnd.of_running(process.pid, role="view") as viewer:
            viewer.say(ShowWidget(1, desk))
            assert viewer.answer(WidgetShown, 1).widgets == "Desk 'desk'"
            says("1 there, cursor False")
            viewer.say(PickWidget(2))
            told = viewer.answer(Answer, 2)
            assert (told.ok, told.text) == (
                False,
                "'pick widget' needs control, and this studio views. Another one controls.",
            )
            viewer.say(ShowWidget(3, 9_999))
            assert "Nothing that lives has the id 9999" in viewer.answer(WidgetShown, 3).problem
        says("0 there, cursor False")

        end.say(PickWidget(4))
        assert end.answer(Answer, 4).ok
        says("0 there, cursor True")
        end.say(PickWidget(5, False))
        says("0 there, cursor False")
        assert not end._of(WidgetPicked)
        end.say(PickWidget(6))
        says("0 there, cursor True")
        # The controller goes while picking: the app has its clicks back.
        with StudioEnd.of_running(process.pid, role="view") as watcher:
            id_of(watcher, "desk")
            end.close()
            watcher.event(ev.LogLine, lambda line: line.text == "0 there, cursor False")


def test_an_app_without_windows_says_so(run_app: Run) -> None:
    process = run_app(PLAIN)
    with StudioEnd.of_running(process.pid) as end:
        desk = id_of(end, "desk")
        for number, request in enumerate((ShowWidget(0, desk), AskSignals(1, desk), PickWidget(2))):
            end.say(request)
            kind = (WidgetShown, Signals, Answer)[number]
            told = end.answer(kind, number)
            assert NO_WINDOWS in (told.text if isinstance(told, Answer) else told.problem)
