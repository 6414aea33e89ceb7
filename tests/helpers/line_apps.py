"""Apps that a debugger of lines stops in, and what there is to see in them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tasktonic_studio.session.line_facts import LineBreak, LineFacts, LineFrame, LineStop, LocalRow

PUMP: Final = """\
from tasktonic import *


class Tank:
    def __init__(self):
        self.litres = 40


class Pump(ttTonic):
    def __init__(self):
        super().__init__(name="pump")
        self.strokes, self.tank = 0, Tank()

    def ttse__on_start(self):
        self.bind(ttTimerRepeat, 0.05, name="stroke")

    def ttse__on_stroke(self, info):
        number = self.strokes + 1
        left = self.drawn(number)
        self.strokes = number

    def drawn(self, number):
        litres = self.tank.litres - number
        return litres


class App(ttFormula):
    def creating_formula(self):
        return {"tasktonic/log/to": "off"}

    def creating_starting_tonics(self):
        Pump()


App()
"""
"""Strokes twenty times a second until it is stopped."""

SPARKLE: Final = "def ttse__on_stroke"
FIRST: Final = "number = self.strokes + 1"
SECOND: Final = "left = self.drawn(number)"
THIRD: Final = "self.strokes = number"
INSIDE: Final = "litres = self.tank.litres - number"

QT_PUMP: Final = PUMP.replace(
    "class App(ttFormula):", "class App(ttFormula):\n    def creating_main_catalyst(self):\n        ttPyside6Ui()\n"
).replace("from tasktonic import *", "from tasktonic import *\nfrom tasktonic.qt import ttPyside6Ui")
"""The same on the Qt loop."""


def write(folder: Path, text: str = PUMP) -> Path:
    """Write an app and give where it is."""
    script = folder / "pump.py"
    script.write_text(text, encoding="utf-8")
    return script


def line_of(code: str, text: str = PUMP) -> int:
    """The number of the line that has this code."""
    return next(number for number, line in enumerate(text.splitlines(), 1) if code in line)


def stopped_facts(file: str = "/home/ada/pump.py") -> LineFacts:
    """What is known of the pump that stands in the function that its sparkle calls."""
    frames = (
        LineFrame(3, "drawn", file, line_of(INSIDE)),
        LineFrame(4, "ttse__on_stroke", file, line_of(SECOND)),
        LineFrame(5, "<module>", file, line_of("App()")),
    )
    values = (
        LocalRow("number", "7", "int"),
        LocalRow("self", "<Pump 'pump'>", "Pump", 8),
        LocalRow("text", "'several\\nlines'", "str"),
    )
    inside = {8: (LocalRow("strokes", "6", "int"), LocalRow("tank", "<Tank>", "Tank", 9))}
    stop = LineStop(1, "MainThread", "breakpoint", frames, 0, values, inside)
    breaks = (LineBreak(file, line_of(INSIDE)), LineBreak(file, 999, "There is no such line."))
    return LineFacts("stopped", breaks, stop=stop)
