"""Signals of widgets reach the sparkles that are named for them, or the name is refused."""

from __future__ import annotations

import threading
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)

from tasktonic import ttTonic
from tasktonic.errors import ttSparkleNameError
from tasktonic.qt import ttPysideWindow
from tests.helpers.apps import in_thread

from .windows import Clicked, Counter, run_qt_app


def test_signal_reaches_the_sparkle_named_for_it_through_the_queue(notes: list[Any], qapp: QApplication) -> None:
    run_qt_app(lambda: Counter(notes))

    assert notes[2:] == ["clicked", ("heard", False)]


def test_sparkle_for_a_signal_may_be_bound_to_a_state(notes: list[Any], qapp: QApplication) -> None:
    class States(Counter):
        def ttse__on_start(self) -> None:
            self.to_state("ready")
            self.ttsc__click()

        def ttqt_ready__button__clicked(self, checked: bool) -> None:
            notes.append("ready")
            self.finish()

    run_qt_app(lambda: States(notes))

    assert "ready" in notes


def test_sparkle_only_in_a_state_is_connected_too(notes: list[Any], qapp: QApplication) -> None:
    class States(Clicked):
        def ttse__on_start(self) -> None:
            self.to_state("ready")
            self.ttsc__click()

        def ttqt_ready__button__clicked(self, checked: bool) -> None:
            notes.append("ready")
            self.finish()

    run_qt_app(States)

    assert notes == ["ready"]


def test_handler_may_take_fewer_arguments_than_the_signal_has(notes: list[Any], qapp: QApplication) -> None:
    class Fewer(Clicked):
        def ttqt__button__clicked(self) -> None:
            notes.append("clicked")
            self.finish()

    run_qt_app(Fewer)

    assert notes == ["clicked"]


def test_signal_of_the_window_itself_is_named_self(notes: list[Any], qapp: QApplication) -> None:
    class Ringing(ttPysideWindow):
        rung = Signal(int)

        def ttse__on_start(self) -> None:
            self.ttsc__ring()

        def ttsc__ring(self) -> None:
            self.rung.emit(3)

        def ttqt__self__rung(self, times: int) -> None:
            notes.append(times)
            self.finish()

    run_qt_app(Ringing)

    assert notes == [3]


def test_widget_inside_a_widget_is_named_by_its_path(notes: list[Any], qapp: QApplication) -> None:
    class Panel(QWidget):
        def __init__(self) -> None:
            super().__init__()
            self.field = QLineEdit(self)

    class Nested(ttPysideWindow):
        def setup_ui(self) -> None:
            self.panel = Panel()
            self.setCentralWidget(self.panel)

        def ttse__on_start(self) -> None:
            self.ttsc__type()

        def ttsc__type(self) -> None:
            self.panel.field.setText("x")

        def ttqt__panel__field__textChanged(self, text: str) -> None:
            notes.append(text)
            self.finish()

    run_qt_app(Nested)

    assert notes == ["x"]


class Taking(ttTonic):
    """Takes the errors of the window below."""

    def __init__(self, errors: list[Any], cls: Any) -> None:
        super().__init__()
        self.errors, self.cls = errors, cls

    def ttse__on_start(self) -> None:
        self.bind(self.cls, name="window")

    def ttse__on_error(self, error: Any) -> None:
        self.errors.append(error.exception)
        self.finish()


def test_wrong_widget_is_an_error_that_lists_what_there_is(qapp: QApplication) -> None:
    errors: list[Any] = []

    class Wrong(ttPysideWindow):
        def setup_ui(self) -> None:
            self.open_button, self.label = QPushButton(self), QLabel(self)

        def ttqt__buton__clicked(self) -> None: ...

    run_qt_app(lambda: Taking(errors, Wrong))

    assert isinstance(errors[0], ttSparkleNameError)
    assert str(errors[0]) == (
        "window: ttqt__buton__clicked: self has no widget 'buton'; it has label, open_button. "
        "Did you mean 'open_button'? Make it in setup_ui, or correct the name."
    )


def test_wrong_signal_is_an_error_that_lists_what_there_is(qapp: QApplication) -> None:
    errors: list[Any] = []

    class Wrong(ttPysideWindow):
        def setup_ui(self) -> None:
            self.button = QPushButton(self)

        def ttqt__button__clickt(self) -> None: ...

    run_qt_app(lambda: Taking(errors, Wrong))

    said = str(errors[0])
    assert said.startswith("window: ttqt__button__clickt: self.button (a QPushButton) has no signal 'clickt'; it has ")
    assert "clicked, " in said
    assert said.endswith(" Did you mean 'clicked'?")


def test_name_that_is_no_signal_is_an_error_that_says_so(qapp: QApplication) -> None:
    errors: list[Any] = []

    class Wrong(ttPysideWindow):
        def setup_ui(self) -> None:
            self.button = QPushButton(self)

        def ttqt__button__click(self) -> None: ...

    run_qt_app(lambda: Taking(errors, Wrong))

    assert "self.button (a QPushButton) has no signal 'click', it is no signal; it has " in str(errors[0])


def test_widget_that_is_none_is_an_error_that_lists_what_there_is(qapp: QApplication) -> None:
    errors: list[Any] = []

    class Wrong(ttPysideWindow):
        def setup_ui(self) -> None:
            self.count, self.button = 3, QPushButton(self)

        def ttqt__count__clicked(self) -> None: ...

    run_qt_app(lambda: Taking(errors, Wrong))

    assert "self has no widget 'count'; it has button. Make it in setup_ui" in str(errors[0])


def test_signal_in_the_start_sparkle_is_heard_after_it(notes: list[Any], qapp: QApplication) -> None:
    class Early(ttPysideWindow):
        def setup_ui(self) -> None:
            self.field = QLineEdit(self)
            self.field.setText("of setup_ui")

        def ttse__on_start(self) -> None:
            self.field.setText("of on_start")
            self.to_state("ready")

        def ttqt_ready__field__textChanged(self, text: str) -> None:
            notes.append(text)
            self.finish()

    run_qt_app(Early)

    assert notes == ["of on_start"]


def test_widget_made_in_the_start_sparkle_is_bound_too(notes: list[Any], qapp: QApplication) -> None:
    class Late(Clicked):
        def setup_ui(self) -> None: ...

        def ttse__on_start(self) -> None:
            self.button = QPushButton(self)
            self.ttsc__click()

        def ttqt__button__clicked(self) -> None:
            notes.append("clicked")
            self.finish()

    run_qt_app(Late)

    assert notes == ["clicked"]


def test_signal_is_connected_once(notes: list[Any], qapp: QApplication) -> None:
    class Once(Clicked):
        def ttsc__click(self) -> None:
            super().ttsc__click()
            self.ttsc__end()

        def ttsc__end(self) -> None:
            self.finish()

        def ttqt__button__clicked(self) -> None:
            notes.append("clicked")

    run_qt_app(Once)

    assert notes == ["clicked"]


def test_action_reaches_its_sparkle(notes: list[Any], qapp: QApplication) -> None:
    class Acting(ttPysideWindow):
        def setup_ui(self) -> None:
            self.bold = QAction("Bold", self, checkable=True)

        def ttse__on_start(self) -> None:
            self.bold.trigger()

        def ttqt__bold__toggled(self, is_on: bool) -> None:
            notes.append(is_on)
            self.finish()

    run_qt_app(Acting)

    assert notes == [True]


def test_signal_with_several_arguments_brings_them_all(notes: list[Any], qapp: QApplication) -> None:
    class Scale(QObject):
        weighed = Signal(str, float, object)

    class Weighing(ttPysideWindow):
        def setup_ui(self) -> None:
            self.scale = Scale(self)

        def ttse__on_start(self) -> None:
            self.scale.weighed.emit("apples", 1.5, ("kg", 2))

        def ttqt__scale__weighed(self, what: str, number: float, more: object) -> None:
            notes.append((what, number, more))
            self.finish()

    run_qt_app(Weighing)

    assert notes == [("apples", 1.5, ("kg", 2))]


def test_child_without_an_attribute_is_found_by_its_object_name(notes: list[Any], qapp: QApplication) -> None:
    class Named(ttPysideWindow):
        def setup_ui(self) -> None:
            QPushButton(self).setObjectName("go")

        def ttse__on_start(self) -> None:
            button = self.findChild(QPushButton, "go")
            assert button is not None
            button.click()

        def ttqt__go__clicked(self) -> None:
            notes.append("clicked")
            self.finish()

    run_qt_app(Named)

    assert notes == ["clicked"]


def test_signal_from_a_foreign_thread_reaches_the_sparkle_in_qts_thread(notes: list[Any], qapp: QApplication) -> None:
    class Bell(QObject):
        rung = Signal(int)

    class Hearing(ttPysideWindow):
        def setup_ui(self) -> None:
            self.bell = Bell()

        def ttse__on_start(self) -> None:
            self.helper = in_thread(lambda: [self.bell.rung.emit(number) for number in range(100)])

        def ttqt__bell__rung(self, number: int) -> None:
            notes.append((number, threading.current_thread() is threading.main_thread()))
            if number == 99:
                self.finish()

    run_qt_app(Hearing)

    assert notes == [(number, True) for number in range(100)]


def test_widget_that_qt_deletes_is_heard_no_more(notes: list[Any], qapp: QApplication) -> None:
    class Losing(ttPysideWindow):
        def setup_ui(self) -> None:
            self.button = QPushButton(self)

        def ttse__on_start(self) -> None:
            self.button.click()
            self.button.deleteLater()

        def ttqt__button__clicked(self) -> None:
            notes.append("clicked")

        def ttqt__button__destroyed(self) -> None:
            notes.append("destroyed")
            self.finish()

    run_qt_app(Losing)

    assert notes == ["clicked", "destroyed"]


def test_one_wrong_name_does_not_keep_the_others_from_being_connected(notes: list[Any], qapp: QApplication) -> None:
    class Half(Counter):
        def ttqt__absent__clicked(self) -> None: ...

        def ttse__on_error(self, error: Any) -> None:
            notes.append("error")

        def ttqt__button__clicked(self, checked: bool) -> None:
            notes.append("heard")
            self.finish()

    run_qt_app(lambda: Half(notes))

    assert sorted(notes[-3:], key=str) == ["clicked", "error", "heard"]
