"""Apps to hold, and a person at the real window who holds them."""

from __future__ import annotations

from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tasktonic_studio.session.selection import Thing
from tests.helpers.scripts_apart import QT_APP

ROOT = Path(__file__).resolve().parents[2]

Steps = Generator[Callable[[], Any], None, None]

Key = Qt.Key

CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)

PAINTERS = """
    import time
    from tasktonic import *

    class Brush(ttTonic):
        def ttsc__stroke(self, colour):
            self.last = colour

    class Painter(ttTonic):
        def __init__(self, brush, **kwargs):
            super().__init__(**kwargs)
            self.brush = brush
            self.painted = 0

        def ttsc__paint(self, number, colour="red"):
            time.sleep(0.02)  # slower than they come, so that some wait
            self.painted += 1
            self.brush.ttsc__stroke(colour)

    class Boss(ttTonic):
        def ttse__on_start(self):
            brush = Brush(name="brush", context=-1, catalyst=ttCatalyst(name="hand", context=-1))
            self.painter = Painter(brush, name="painter", context=-1, catalyst=ttCatalyst(name="side", context=-1))
            self.number = 0
            self.bind(ttTimerRepeat, seconds=0.01)

        def ttse__on_timer(self, info):
            for _ in range(3):  # a busy machine skips ticks: orders are to wait there, too
                self.number += 1
                self.painter.ttsc__paint(self.number)

    class App(ttFormula):
        def creating_formula(self):
            return {"tasktonic/log/to": "off"}

        def creating_starting_tonics(self):
            Boss(name="boss")

    App()
    """


def by_name(person: Any, name: str) -> int:
    """The id of an essence that lives."""
    known = person.live.essences
    return next((it for it in known if known.get(it).name == name and known.get(it).is_alive), -1)


def is_held(person: Any, *names: str) -> bool:
    """Whether these catalysts are held; with none named, all that live."""
    catalysts = [facts for facts in person.live.catalysts.values() if facts.alive]
    return bool(catalysts) and all(facts.held for facts in catalysts if not names or facts.name in names)


def held(person: Any) -> Steps:
    """Wait until the painter has orders that wait, then hold all by F6, and look at its queue."""
    yield lambda: person.live.target.status == "running" and by_name(person, "painter") >= 0
    yield lambda: any(facts.name == "side" and facts.depth > 5 for facts in person.live.catalysts.values())
    person.press(Key.Key_F6)
    yield lambda: is_held(person)


def queue_of(person: Any, name: str = "side") -> Any:
    """The queue page, of this catalyst."""
    person.panel("catalysts")
    person.bench.selection.select(Thing("catalyst", by_name(person, name)))
    page = person.panel("catalysts").below.queue
    person.panel("catalysts").below.setCurrentWidget(page)
    return page


def orders(page: Any) -> list[Any]:
    """What the app told of the orders that wait."""
    return list(page.told.orders) if page.told is not None else []


def dialog(name: str) -> Any:
    """The dialog of that name that is on screen."""
    return next((it for it in QApplication.topLevelWidgets() if it.objectName() == name and it.isVisible()), None)


QT_DESK = """
    import sys
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QPushButton
    from tasktonic import *
    from tasktonic.qt import ttPyside6Ui, ttPysideWindow

    class Desk(ttPysideWindow):
        def setup_ui(self):
            self.setWindowTitle("Desk")
            self.button = QPushButton("Press", self)
            self.painted = 0
            self.told = ""
            self.looking = QTimer(self)  # Qt's own: it goes on while the sparkles are held
            self.looking.timeout.connect(self.look)
            self.looking.start(5)
            self.show()

        def ttse__on_start(self):
            self.ticks = 0
            self.bind(ttTimerRepeat, seconds=0.02)

        def ttse__on_timer(self, info):
            self.ticks += 1

        def ttqt__button__clicked(self, checked):
            print("clicked", flush=True)

        def paintEvent(self, event):
            self.painted += 1

        def look(self):
            if self.windowTitle() != self.told:
                self.told = self.windowTitle()
                print(f"title {self.told}", flush=True)  # in one piece
                if "held" in self.told:
                    self.painted = 0
                    self.button.click()
            elif "held" in self.told:
                self.update()
                if self.painted == 3:
                    print("painted on", flush=True)
    """ + QT_APP.replace("FIRST", 'Desk(name="desk")')
