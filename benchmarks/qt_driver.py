"""A catalyst on the Qt loop against queued signals of Qt, both while a timer beats: how many, and how long Qt has to wait.

The sparkles send themselves on, as do the signals: emitted in a slot that is connected to them, queued. Beside both a timer of
Qt beats without interval. The longest gap between two of its beats is how long a click could have waited. That gap is Qt's own
measure of the sparkles in a burst: all are queued before the first one runs. A timer is late by what the loop, the system and the
rounding to whole milliseconds add to 2 ms.
"""

from __future__ import annotations

import os
import statistics
import time
from typing import Any

from side_by_side import Case, Comparison, Row, at_least, at_most, scaled

from tasktonic import ttFormula, ttTimerSingleShot, ttTonic

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


class Chain(ttTonic):
    """Sends itself on."""

    seconds = 0.0

    def __init__(self, count: int) -> None:
        super().__init__()
        self.left = count

    def ttse__on_start(self) -> None:
        self.began = time.perf_counter()
        self.tts__step(self.left)

    def tts__step(self, left: int) -> None:
        if left:
            self.tts__step(left - 1)
        else:
            Chain.seconds = time.perf_counter() - self.began
            self.finish()


class Burst(ttTonic):
    """Queues all of them at once, and notes how long the loop did not turn while they ran."""

    longest = 0.0

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count

    def ttse__on_start(self) -> None:
        from PySide6.QtCore import QTimer

        self.beat = QTimer()
        self.beat.timeout.connect(self.note)
        for number in range(self.count):
            self.tts__step(number)
        self.tts__end()
        self.last, Burst.longest = time.perf_counter(), 0.0
        self.beat.start(0)

    def note(self) -> None:
        now = time.perf_counter()
        Burst.longest, self.last = max(Burst.longest, now - self.last), now

    def tts__step(self, number: int) -> None:
        pass

    def tts__end(self) -> None:
        self.note()
        self.beat.stop()
        self.finish()


class Late(ttTonic):
    """Sets a timer of 2 ms again and again, and notes by how much each was late."""

    median = 0.0

    def __init__(self, count: int) -> None:
        super().__init__()
        self.left, self.late = count, list[float]()

    def ttse__on_start(self) -> None:
        self.due = time.perf_counter() + 0.002
        ttTimerSingleShot(0.002)

    def ttse__on_timer(self, timer: dict[str, Any]) -> None:
        self.late.append(time.perf_counter() - self.due)
        self.left -= 1
        if self.left:
            self.ttse__on_start()
        else:
            Late.median = statistics.median(self.late)
            self.finish()


def run_app(tonic: type[ttTonic], count: int) -> None:
    from tasktonic.qt import ttPyside6Ui

    class App(ttFormula):
        def creating_formula(self) -> dict[str, Any]:
            return {"tasktonic/log/to": "off"}

        def creating_main_catalyst(self) -> None:
            ttPyside6Ui(name="ui")

        def creating_starting_tonics(self) -> None:
            tonic(count)

    App()


def sparkles(count: int) -> float:
    run_app(Chain, count)
    return Chain.seconds


def longest_gap(count: int) -> float:
    run_app(Burst, count)
    return Burst.longest


def lateness(count: int) -> float:
    run_app(Late, count)
    return Late.median


def signals(count: int) -> float:
    """The same chain with a queued signal of Qt."""
    from PySide6.QtCore import QCoreApplication, QEventLoop, QObject, Qt, Signal
    from PySide6.QtWidgets import QApplication

    app = QCoreApplication.instance() or QApplication([])

    class Chained(QObject):
        step = Signal(int)

        def on_step(self, left: int) -> None:
            if left:
                self.step.emit(left - 1)
            else:
                loop.quit()

    loop, chained = QEventLoop(app), Chained()
    chained.step.connect(chained.on_step, Qt.ConnectionType.QueuedConnection)
    began = time.perf_counter()
    chained.step.emit(count)
    loop.exec()
    return time.perf_counter() - began


def ways(scale: float) -> dict[str, Case]:
    needs = "PySide6-Essentials"
    return {
        "sparkles": Case(sparkles, scaled(100_000, scale), needs),
        "signals": Case(signals, scaled(100_000, scale), needs),
        "gap": Case(longest_gap, scaled(100_000, scale), needs),
        "late": Case(lateness, scaled(200, scale), needs),
    }


COMPARISONS = (
    Comparison(
        "qt",
        ways,
        (
            Row(
                "on the Qt loop: a tonic that sends itself sparkles",
                "sparkles",
                "signals",
                at_least(5),
                "queued Qt signals",
            ),
            Row("on the Qt loop: how late a timer fires, median", "late", "", at_most(0.005, "s"), ""),
            Row("on the Qt loop: longest gap during 100,000 queued sparkles", "gap", "", at_most(0.05, "s"), ""),
        ),
    ),
)
