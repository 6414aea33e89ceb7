"""Widgets and loops on their worst days: Qt deletes under a tonic, threads of Qt emit, names of parts lead nowhere."""

from __future__ import annotations

import textwrap
import threading
from pathlib import Path
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QObject, QThread, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit, QPushButton, QSpinBox, QVBoxLayout, QWidget

from tasktonic import ttStore, ttTimerRepeat, ttTimerSingleShot, ttTonic
from tasktonic.errors import ttSparkleNameError
from tasktonic.events import TimerFired, TimerSet
from tasktonic.qt import ttPysideMixin, ttPysideWidget, ttPysideWindow
from tests.framework.qt.windows import run_qt_app
from tests.helpers.apps import reading
from tests.helpers.scripts_apart import QT_APP, run_script


def test_nothing_happens_to_who_calls_into_the_loop_when_the_application_object_is_gone(tmp_path: Path) -> None:
    script = tmp_path / "ends.py"
    script.write_text("""
from PySide6.QtWidgets import QApplication
from tasktonic.qt.loop_calls import loop_calls

application = QApplication([])
calls = loop_calls()
application.shutdown()
calls.soon(lambda: print("called"))
print("went on")
""")

    result = run_script(script)

    assert (result.returncode, result.stdout, result.stderr) == (0, "went on\n", "")


def test_an_app_runs_after_the_application_object_of_one_before_is_gone(tmp_path: Path) -> None:
    script = tmp_path / "twice.py"
    guest = """
from PySide6.QtCore import QCoreApplication
from tasktonic import ttFormula, ttTonic
from tasktonic.qt import ttPyside6Ui

class Guest(ttTonic):
    def ttse__on_start(self):
        print("here")
        self.finish()
"""
    app = textwrap.dedent(QT_APP).replace("FIRST", "Guest()")
    script.write_text(f"{guest}{app}QCoreApplication.instance().shutdown()\nApp()\n")

    result = run_script(script)

    assert (result.returncode, result.stdout, result.stderr) == (0, "here\nhere\n", "")


# -- deleted by Qt ----------------------------------------------------------------------------------------------------------


def test_tonics_below_a_plain_widget_finish_when_qt_deletes_it(
    qapp: QApplication, notes: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    class Part(ttPysideWidget):
        def setup_ui(self) -> None:
            self.box = QSpinBox(self)
            self.bind_widget(self.box, "number")

        def ttse__on_start(self) -> None:
            ttTimerRepeat(0.001, name="tick")

        def ttse__on_tick(self, timer: Any) -> None:
            self.box.setValue(self.box.value() + 1)

        def ttse__on_finished(self) -> None:
            notes.append(self.name)

    class Window(ttPysideWindow):
        def ttse__on_start(self) -> None:
            self.page = QWidget()
            self.setCentralWidget(self.page)
            column = QVBoxLayout(self.page)
            for name in ("one", "two"):
                column.addWidget(self.bind(Part, name=name))
            self.show()
            QTimer.singleShot(10, lambda: shiboken6.delete(self.page))

        def ttse__on_one_finished(self) -> None:
            self.ended()

        def ttse__on_two_finished(self) -> None:
            self.ended()

        def ended(self) -> None:
            if len(notes) == 2:
                self.finish()

    assert run_qt_app(Window).ledger.essences == []
    assert sorted(notes) == ["one", "two"]
    assert capsys.readouterr().err == ""


def test_window_that_deletes_itself_in_a_sparkle_ends_the_app(
    qapp: QApplication, notes: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    class Window(ttPysideWindow):
        def setup_ui(self) -> None:
            self.show()

        def ttse__on_start(self) -> None:
            shiboken6.delete(self)
            notes.append("still here")

        def ttse__on_finished(self) -> None:
            notes.append("finished")

    assert run_qt_app(Window).ledger.essences == []
    assert notes == ["still here", "finished"]
    assert capsys.readouterr().err == ""


def test_sparkle_that_touches_a_widget_that_qt_has_deleted_is_an_error_like_others(
    qapp: QApplication, notes: list[Any]
) -> None:
    class Window(ttPysideWindow):
        def setup_ui(self) -> None:
            self.label = QLabel(self)

        def ttse__on_start(self) -> None:
            shiboken6.delete(self.label)
            self.ttsc__write()

        def ttsc__write(self) -> None:
            self.label.setText("too late")

        def ttse__on_error(self, error: Any) -> None:
            notes.append((error.sparkle, type(error.exception)))
            self.finish()

    run_qt_app(Window)

    assert notes == [("ttsc__write", RuntimeError)]


def test_dialog_hears_that_it_was_answered_and_may_finish(qapp: QApplication, notes: list[Any]) -> None:
    class Asking(ttPysideMixin, QDialog):
        def ttse__on_start(self) -> None:
            self.open()
            QTimer.singleShot(0, self.reject)  # as Escape does

        def ttqt__self__finished(self, result: int) -> None:
            notes.append((QDialog.DialogCode(result), self.isVisible()))
            self.finish()

    assert run_qt_app(Asking).ledger.essences == []
    assert notes == [(QDialog.DialogCode.Rejected, False)]


# -- signals ----------------------------------------------------------------------------------------------------------------


def test_signal_from_a_thread_of_qt_reaches_the_sparkle_in_the_windows_thread(
    qapp: QApplication, notes: list[Any]
) -> None:
    class Bell(QObject):
        rung = Signal(int)

    class Ringing(QThread):
        def __init__(self, bell: Bell) -> None:
            super().__init__()
            self.bell = bell

        def run(self) -> None:
            for number in range(100):
                self.bell.rung.emit(number)

    class Hearing(ttPysideWindow):
        def setup_ui(self) -> None:
            self.bell = Bell()
            self.ringing = Ringing(self.bell)

        def ttse__on_start(self) -> None:
            self.ringing.start()

        def ttqt__bell__rung(self, number: int) -> None:
            notes.append((number, threading.current_thread() is threading.main_thread()))
            if number == 99:
                self.ringing.wait()
                self.finish()

    run_qt_app(Hearing)

    assert notes == [(number, True) for number in range(100)]


def test_signal_that_comes_after_the_tonic_has_gone_reaches_nobody(
    qapp: QApplication, notes: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    class Bell(QObject):
        rung = Signal()

    bell = Bell()

    class Hearing(ttPysideWidget):
        def setup_ui(self) -> None:
            self.bell = bell

        def ttse__on_start(self) -> None:
            self.finish()

        def ttqt__bell__rung(self) -> None:
            notes.append("heard")

    class Main(ttPysideWindow):
        def ttse__on_start(self) -> None:
            self.bind(Hearing, name="hearing")

        def ttse__on_hearing_finished(self) -> None:
            bell.rung.emit()
            QTimer.singleShot(0, lambda: (bell.rung.emit(), self.finish()))

    run_qt_app(Main)

    assert notes == []
    assert capsys.readouterr().err == ""


def errors_of(cls: Any) -> list[Any]:
    """What a window's start went wrong with."""
    errors: list[Any] = []

    class Taking(ttTonic):
        def ttse__on_start(self) -> None:
            self.bind(cls, name="window")

        def ttse__on_error(self, error: Any) -> None:
            errors.append(error.exception)
            self.finish()

    run_qt_app(Taking)
    return errors


def test_wrong_widget_inside_a_widget_is_an_error_that_lists_what_is_in_there(qapp: QApplication) -> None:
    class Panel(QWidget):
        def __init__(self) -> None:
            super().__init__()
            self.field, self.button = QLineEdit(self), QPushButton(self)

    class Wrong(ttPysideWindow):
        def setup_ui(self) -> None:
            self.panel = Panel()
            self.setCentralWidget(self.panel)

        def ttqt__panel__buton__clicked(self) -> None: ...

    (error,) = errors_of(Wrong)

    assert isinstance(error, ttSparkleNameError)
    assert str(error) == (
        "window: ttqt__panel__buton__clicked: self.panel has no widget 'buton'; it has button, field. "
        "Did you mean 'button'? Make it in setup_ui, or correct the name."
    )


def test_wrong_name_of_a_sparkle_for_one_state_is_an_error_at_the_start_too(qapp: QApplication) -> None:
    class Wrong(ttPysideWindow):
        def setup_ui(self) -> None:
            self.button = QPushButton(self)

        def ttqt_open__buton__clicked(self) -> None: ...

    (error,) = errors_of(Wrong)

    assert "self has no widget 'buton'; it has button. Did you mean 'button'?" in str(error)


def test_signal_inside_a_tonic_inside_a_window_is_named_by_its_path(qapp: QApplication, notes: list[Any]) -> None:
    class Panel(ttPysideWidget):
        called = Signal(str, int)

        def setup_ui(self) -> None:
            self.button = QPushButton(self)

    class Window(ttPysideWindow):
        def setup_ui(self) -> None:
            self.panel = Panel(name="panel")

        def ttse__on_start(self) -> None:
            self.to_state("open")
            self.ttsc__press()

        def ttsc__press(self) -> None:
            self.panel.button.click()
            self.panel.called.emit("Ann", 3)

        def ttqt_open__panel__button__clicked(self) -> None:
            notes.append(self.get_current_state_name())

        def ttqt__panel__called(self, name: str, times: int) -> None:
            notes.append((name, times))
            self.finish()

    run_qt_app(Window)

    assert notes == ["open", ("Ann", 3)]


# -- painting and time --------------------------------------------------------------------------------------------------------


def test_window_goes_on_though_its_paint_event_raises_each_time(qapp: QApplication, notes: list[Any]) -> None:
    class Painted(ttPysideWindow):
        def setup_ui(self) -> None:
            self.button = QPushButton("press", self)
            self.show()

        def ttse__on_start(self) -> None:
            for _ in range(3):
                self.grab()
            self.button.click()

        def paintEvent(self, event: QPaintEvent) -> None:
            QPainter(self).drawLine(0, 0, 9, 9)
            raise LookupError("no colour")

        def ttqt__button__clicked(self) -> None:
            notes.append("clicked")
            self.finish()

        def ttse__on_error(self, error: Any) -> None:
            notes.append(error.sparkle)

    assert run_qt_app(Painted).ledger.essences == []
    assert notes.count("paintEvent") == 1
    assert notes.count("clicked") == 1


def test_timer_on_the_qt_loop_never_fires_before_its_time(qapp: QApplication) -> None:
    class Ticking(ttPysideWindow):
        left = 20

        def ttse__on_start(self) -> None:
            for number in range(self.left):
                ttTimerSingleShot(0.0007 + 0.0003 * number)

        def ttse__on_timer(self, timer: Any) -> None:
            self.left -= 1
            if not self.left:
                self.finish()

    with reading() as rows:
        run_qt_app(Ticking)

    due = {row.timer: row.due_ns for row in rows.of(TimerSet)}
    fired = {row.timer: row.t_ns for row in rows.of(TimerFired)}
    assert len(fired) == 20
    assert all(t_ns >= due[timer] for timer, t_ns in fired.items())


def test_store_of_a_window_that_is_closed_stays_for_others(qapp: QApplication, notes: list[Any]) -> None:
    class Edit(ttPysideWidget):
        def setup_ui(self) -> None:
            self.line = QLineEdit(self)
            self.bind_widget(self.line, "name")

        def ttse__on_start(self) -> None:
            self.line.setText("Ann")
            self.close()

    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            self.store = self.bind(ttStore)
            self.bind(Edit, name="edit")

        def ttse__on_edit_finished(self) -> None:
            notes.append(self.store.get("name"))
            self.finish()

    run_qt_app(Main)

    assert notes == ["Ann"]
