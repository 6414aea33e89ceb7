"""A held Qt app paints on, says in its windows that it is held, and keeps what is done in them until it is let go."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QPushButton, QWidget

from tasktonic import brake, ttTimerRepeat
from tasktonic.qt import ttPyside6Ui, ttPysideWindow
from tests.helpers.apps import in_thread, run_app, wait_for

AMBER = "#e69f00"


class Desk(ttPysideWindow):
    """A window with a button at its very top, and a line; counts what it is told, and how often it is painted."""

    def __init__(self, work: Callable[[Desk], object], **kwargs: Any) -> None:
        self.work = work
        self.clicks = self.ticks = 0
        self.painted = threading.Event()
        self.clicked = threading.Event()
        self.problem: BaseException | None = None
        super().__init__(**kwargs)

    def setup_ui(self) -> None:
        self.setWindowTitle("Desk")
        self.resize(600, 200)
        self.button = QPushButton("Press", self)
        self.line = QLineEdit(self)
        self.line.move(0, 80)

    def ttse__on_start(self) -> None:
        self.show()
        ttTimerRepeat(seconds=0.001, sparkle_back=self.ttse__on_tick)
        self.helper = in_thread(self.do_work)

    def do_work(self) -> None:
        try:
            self.work(self)
        except BaseException as problem:
            self.problem = problem
        finally:
            brake.release()
            self.finish()

    def ttqt__button__clicked(self, checked: bool) -> None:
        self.clicks += 1
        self.clicked.set()

    def ttse__on_tick(self, info: Any) -> None:
        self.ticks += 1

    def paintEvent(self, event: QPaintEvent) -> None:
        self.painted.set()

    # ---- from the helper's thread

    def in_loop(self, act: Callable[[], Any]) -> Any:
        """Have something done in the loop, and wait for what comes of it."""
        results: list[Any] = []
        done = threading.Event()

        def errand() -> None:
            results.append(act())
            done.set()

        brake.at_boundary(self.catalyst.id, errand)
        wait_for(done)
        return results[0]

    def hold(self) -> None:
        """Hold, and wait until its windows say so."""
        brake.hold(self.catalyst.id)
        self.rest()

    def rest(self) -> None:
        for _ in range(3):  # a sign comes and goes at the end of a slice
            self.in_loop(lambda: None)

    def strip(self) -> QWidget | None:
        return self.findChild(QWidget, "tasktonic_held_sign")


def desk(work: Callable[[Desk], object]) -> Desk:
    made: list[Desk] = []
    run_app(lambda: made.append(Desk(work)), make_main=lambda: ttPyside6Ui(name="main_catalyst"))
    made[0].helper.join()
    if made[0].problem is not None:
        raise made[0].problem
    return made[0]


def test_a_held_window_says_so_and_no_longer_when_it_is_let_go(qapp: QApplication) -> None:
    def work(it: Desk) -> None:
        it.hold()
        title, colour = it.in_loop(lambda: (it.windowTitle(), it.grab().toImage().pixelColor(3, 3).name()))
        assert (title, colour) == ("❚❚ held — Desk", AMBER)

        brake.release(it.catalyst.id)
        it.rest()
        assert it.in_loop(lambda: (it.windowTitle(), it.strip() is None or not it.strip().isVisible())) == (
            "Desk",
            True,
        )

    desk(work)


def test_a_held_window_paints_on(qapp: QApplication) -> None:
    def work(it: Desk) -> None:
        it.hold()
        it.painted.clear()
        it.in_loop(it.update)
        wait_for(it.painted)

    desk(work)


def test_what_is_clicked_in_a_held_window_waits_and_is_not_lost(qapp: QApplication) -> None:
    def work(it: Desk) -> None:
        it.hold()

        def click() -> QWidget | None:
            # Through the sign, which lies over the button.
            assert it.strip().geometry().contains(it.button.geometry().center())
            QTest.mouseClick(it.button, Qt.MouseButton.LeftButton)
            QTest.keyClicks(it.line, "typed")
            return it.childAt(it.button.geometry().center())

        assert it.in_loop(click) is it.button
        it.rest()
        assert it.clicks == 0
        assert it.line.text() == "typed"

        brake.release(it.catalyst.id)
        wait_for(it.clicked)
        assert it.clicks == 1

    desk(work)


def test_a_window_that_opens_while_held_says_so(qapp: QApplication) -> None:
    def work(it: Desk) -> None:
        it.hold()

        def open_dialog() -> str:
            it.dialog = QDialog(it)
            it.dialog.setWindowTitle("Question")
            it.dialog.show()
            return str(it.dialog.windowTitle())

        assert it.in_loop(open_dialog) == "❚❚ held — Question"
        brake.release(it.catalyst.id)
        it.rest()
        assert it.in_loop(it.dialog.windowTitle) == "Question"
        it.in_loop(it.dialog.close)

    desk(work)


@pytest.mark.parametrize("change, title", [(lambda _title: "Other", "Other"), (lambda title: f"{title} *", "Desk *")])
def test_a_title_that_is_set_while_held_is_kept(qapp: QApplication, change: Callable[[str], str], title: str) -> None:
    def work(it: Desk) -> None:
        it.hold()
        it.in_loop(lambda: it.setWindowTitle(change(it.windowTitle())))
        brake.release(it.catalyst.id)
        it.rest()
        assert it.in_loop(it.windowTitle) == title

    desk(work)


def test_the_sign_is_as_wide_as_its_window(qapp: QApplication) -> None:
    def work(it: Desk) -> None:
        it.hold()
        it.in_loop(lambda: it.resize(333, 200))
        it.rest()
        assert it.in_loop(lambda: (it.strip().pos(), it.strip().width())) == (QPoint(0, 0), 333)

    desk(work)


def test_a_window_that_is_closed_while_held_ends_when_it_is_let_go(qapp: QApplication) -> None:
    def work(it: Desk) -> None:
        it.hold()
        it.in_loop(it.close)
        it.rest()
        assert it.in_loop(lambda: it.id) >= 0

    assert desk(work).id < 0


def test_timers_of_a_held_window_stand_still(qapp: QApplication) -> None:
    def work(it: Desk) -> None:
        it.hold()
        ticks = it.ticks
        it.rest()
        assert it.ticks == ticks

    desk(work)


@pytest.mark.parametrize("width", [40, 150, 350, 900])
def test_the_sign_finds_words_for_any_width(qapp: QApplication, width: int) -> None:
    def work(it: Desk) -> None:
        it.hold()
        it.in_loop(lambda: it.resize(width, 100))
        assert it.in_loop(lambda: not it.strip().grab().isNull())

    desk(work)
