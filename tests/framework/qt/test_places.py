"""Where a Qt catalyst can be: the main one, inside a loop that turns already, or beside a main catalyst in another thread."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QPushButton

from tasktonic import ttCatalyst, ttTimerSingleShot, ttTonic
from tasktonic.errors import ttRunningError
from tasktonic.events import CatalystBegan, CatalystEnded
from tasktonic.qt import ttPyside6Ui, ttPysideWindow
from tests.helpers.apps import in_thread, reading, run_app, wait_for

ROOT = Path(__file__).resolve().parents[3]
MAIN = threading.main_thread()


def beside(qapp: QApplication, start: Callable[[], object]) -> list[BaseException]:
    """Turn the Qt loop here while an app with a plain main catalyst runs in another thread; give what it raised."""
    errors: list[BaseException] = []

    def run() -> None:
        try:
            run_app(start)
        except BaseException as error:
            errors.append(error)
        finally:
            QTimer.singleShot(0, qapp, qapp.quit)

    thread = in_thread(run, "formula")
    qapp.exec()
    thread.join()
    return errors


class Window(ttPysideWindow):
    """Clicks its button, notes in which thread it hears of it, finishes."""

    def __init__(self, notes: list[Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.notes = notes

    def setup_ui(self) -> None:
        self.button = QPushButton("press", self)
        self.show()

    def ttse__on_start(self) -> None:
        self.button.click()

    def ttqt__button__clicked(self) -> None:
        self.notes.append(threading.current_thread() is MAIN)
        self.finish()


class Opening(ttTonic):
    """Runs on the Qt catalyst, and opens windows there."""

    def __init__(self, notes: list[Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.notes = notes

    def ttse__on_start(self) -> None:
        self.bind(Window, self.notes, name="window")

    def ttse__on_window_finished(self) -> None:
        self.finish()


class Plain(ttTonic):
    """Runs on the main catalyst, with a Qt catalyst beside it, until its window has gone."""

    def __init__(self, notes: list[Any], window: Any = Opening) -> None:
        super().__init__(name="plain")
        self.notes, self.window = notes, window

    def ttse__on_start(self) -> None:
        self.notes.append(threading.current_thread() is MAIN)
        self.ui = ttPyside6Ui(name="ui", context=-1)
        self.bind(self.window, self.notes, name="opening", catalyst=self.ui)

    def ttse__on_opening_finished(self) -> None:
        self.finish()


def test_qt_catalyst_beside_a_main_one_runs_in_the_thread_of_the_application(
    qapp: QApplication, notes: list[Any]
) -> None:
    errors = beside(qapp, lambda: Plain(notes))

    assert errors == []
    assert notes == [False, True]


def test_qt_catalyst_beside_a_main_one_is_told_to_begin_and_end(qapp: QApplication, notes: list[Any]) -> None:
    with reading() as rows:
        beside(qapp, lambda: Plain(notes))

    assert sorted(row.driver for row in rows.of(CatalystBegan)) == ["qt", "thread"]
    assert len(rows.of(CatalystEnded)) == 2


def test_two_apps_beside_the_same_loop_run_one_after_the_other(qapp: QApplication, notes: list[Any]) -> None:
    beside(qapp, lambda: Plain(notes))

    assert beside(qapp, lambda: Plain(notes)) == []
    assert notes == [False, True] * 2


def test_timer_beside_a_main_catalyst_fires(qapp: QApplication, notes: list[Any]) -> None:
    class Waiting(Opening):
        def ttse__on_start(self) -> None:
            ttTimerSingleShot(0.001)

        def ttse__on_timer(self, info: Any) -> None:
            notes.append(threading.current_thread() is MAIN)
            self.finish()

    assert beside(qapp, lambda: Plain(notes, Waiting)) == []
    assert notes == [False, True]


def test_program_that_quits_ends_the_app_in_order_first(qapp: QApplication, notes: list[Any]) -> None:
    class Quitting(Opening):
        def ttse__on_start(self) -> None:
            qapp.quit()

        def ttse__on_finished(self) -> None:
            notes.append("finished")

    assert beside(qapp, lambda: Plain(notes, Quitting)) == []
    assert notes == [False, "finished"]


def quit_when(qapp: QApplication, event: threading.Event) -> threading.Event:
    """Have the loop, as soon as it turns, wait for something and then be left; gives what tells that it is being left."""
    is_leaving = threading.Event()
    qapp.aboutToQuit.connect(is_leaving.set)
    QTimer.singleShot(0, qapp, lambda: (wait_for(event), qapp.quit()))
    return is_leaving


def test_program_that_quits_before_the_qt_catalyst_has_begun_ends_the_app_in_order(
    qapp: QApplication, notes: list[Any]
) -> None:
    is_there = threading.Event()
    quit_when(qapp, is_there)

    class Short(Opening):
        def ttse__on_start(self) -> None: ...

        def ttse__on_finished(self) -> None:
            notes.append(("finished", threading.current_thread() is MAIN))

    class Staying(Plain):
        def ttse__on_start(self) -> None:
            super().ttse__on_start()
            is_there.set()

    assert beside(qapp, lambda: Staying(notes, Short)) == []
    assert notes == [False, ("finished", True)]


def test_program_that_quits_while_the_formula_is_still_building_ends_the_app_in_order(
    qapp: QApplication, notes: list[Any]
) -> None:
    is_there = threading.Event()
    is_leaving = quit_when(qapp, is_there)

    class Noting(ttTonic):
        def ttse__on_finished(self) -> None:
            notes.append(threading.current_thread() is MAIN)

    def start() -> None:
        ui = ttPyside6Ui(name="ui", context=-1)
        is_there.set()
        wait_for(is_leaving)
        Noting(catalyst=ui)

    assert beside(qapp, start) == []
    assert notes == [True]


def test_program_can_quit_though_the_formula_fails(qapp: QApplication) -> None:
    is_there = threading.Event()
    is_leaving = quit_when(qapp, is_there)

    def start() -> None:
        ttPyside6Ui(name="ui", context=-1)
        is_there.set()
        wait_for(is_leaving)
        raise LookupError("no start")

    assert [repr(error) for error in beside(qapp, start)] == ["LookupError('no start')"]


def test_qt_catalyst_made_after_the_program_has_quit_is_refused_and_the_app_ends(user_folders: Path) -> None:
    program = """
import threading
from PySide6.QtCore import QCoreApplication
from tasktonic import ttFormula, ttTonic
from tasktonic.qt import ttPyside6Ui

class Late(ttTonic):
    def ttse__on_start(self):
        ttPyside6Ui(name="ui")

class App(ttFormula):
    def creating_formula(self):
        return {"tasktonic/log/to": "off"}
    def creating_starting_tonics(self):
        Late(name="late")

def run():
    threading.main_thread().join()
    App()

app = QCoreApplication([])
threading.Thread(target=run).start()
"""

    ended = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=user_folders, capture_output=True, encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip

    assert ended.returncode == 0
    assert (
        "ttRunningError: ttPyside6Ui: the program has quit, so its Qt loop turns no more, and the app ends too. "
        "Make ttPyside6Ui while the loop turns." in ended.stderr
    )


def test_second_qt_catalyst_on_the_same_loop_is_refused(qapp: QApplication, notes: list[Any]) -> None:
    class Twice(Opening):
        def ttse__on_start(self) -> None:
            with pytest.raises(ttRunningError) as caught:
                ttPyside6Ui(name="second")
            notes.append(str(caught.value))
            self.finish()

    assert beside(qapp, lambda: Plain(notes, Twice)) == []
    assert notes[1] == "ttPyside6Ui: ui turns on the Qt loop already. Make your tonics on that one."


def test_formula_in_another_thread_than_the_application_says_what_to_do(qapp: QApplication) -> None:
    errors: list[str] = []

    def run() -> None:
        with pytest.raises(ttRunningError) as caught:
            run_app(lambda: None, make_main=lambda: ttPyside6Ui(name="main"))
        errors.append(str(caught.value))

    in_thread(run).join()

    assert errors == [
        (
            "ttPyside6Ui: the QApplication lives in another thread than this formula. Construct the formula there; or let it have a "
            "plain main catalyst, and make ttPyside6Ui beside it in creating_starting_tonics: it runs on the QApplication's loop."
        )
    ]


def test_app_may_run_inside_a_loop_that_turns(qapp: QApplication, notes: list[Any]) -> None:
    def slot() -> None:
        run_app(lambda: Window(notes), make_main=lambda: ttPyside6Ui(name="main"))
        notes.append("app has ended")
        QTimer.singleShot(0, lambda: (notes.append("loop turns on"), qapp.quit()))

    QTimer.singleShot(0, slot)
    qapp.exec()

    assert notes == [True, "app has ended", "loop turns on"]


def test_quitting_the_program_ends_an_app_inside_its_loop(qapp: QApplication, notes: list[Any]) -> None:
    class Staying(Window):
        def ttqt__button__clicked(self) -> None:
            qapp.quit()

        def ttse__on_finished(self) -> None:
            notes.append("finished")

    def slot() -> None:
        run_app(lambda: Staying(notes), make_main=lambda: ttPyside6Ui(name="main"))
        notes.append("app has ended")

    QTimer.singleShot(0, slot)
    qapp.exec()

    assert notes == ["finished", "app has ended"]


def test_application_that_was_there_quits_with_its_last_window_as_before(qapp: QApplication, notes: list[Any]) -> None:
    qapp.setQuitOnLastWindowClosed(True)

    run_app(lambda: Window(notes), make_main=lambda: ttPyside6Ui(name="main"))

    assert qapp.quitOnLastWindowClosed()


def test_window_made_in_a_foreign_thread_says_where_to_make_it(qapp: QApplication, notes: list[Any]) -> None:
    class Elsewhere(ttTonic):
        def ttse__on_start(self) -> None:
            with pytest.raises(ttRunningError) as caught:
                Window(notes, name="window")
            notes.append(str(caught.value))
            self.finish()

    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            self.bind(Elsewhere, name="elsewhere", catalyst=ttCatalyst(name="worker"))

        def ttse__on_elsewhere_finished(self) -> None:
            self.finish()

    run_app(Main, make_main=lambda: ttPyside6Ui(name="main"))

    assert notes == [
        (
            "Window: Qt's objects are made in the thread of the QApplication, this is another. Make it in a sparkle of a tonic that "
            "runs on the Qt catalyst."
        )
    ]


def test_window_without_a_qt_catalyst_says_how_to_get_one(qapp: QApplication, notes: list[Any]) -> None:
    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            with pytest.raises(ttRunningError) as caught:
                Window(notes, name="window")
            notes.append((str(caught.value), self.bindings))
            self.finish()

    run_app(Main)

    assert notes == [
        (
            (
                "window: its catalyst main_catalyst does not turn the Qt loop, so nothing would be painted. "
                "Make a ttPyside6Ui in creating_main_catalyst."
            ),
            [],
        )
    ]
