from __future__ import annotations

import threading
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QCloseEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDockWidget,
    QGraphicsItem,
    QGraphicsScene,
    QGraphicsView,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from tasktonic import ttTonic
from tasktonic.errors import ttSparkleNameError
from tasktonic.qt import ttPyside6Ui, ttPysideMixin, ttPysideWidget, ttPysideWindow
from tests.helpers.apps import in_thread, run_app


def run_qt_app(start: Any) -> Any:
    return run_app(start, make_main=lambda: ttPyside6Ui(name="main_catalyst"))


class Counter(ttPysideWindow):
    """A window with a button, whose notes tell what happened."""

    def __init__(self, notes: list[Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.notes = notes

    def setup_ui(self) -> None:
        self.button = QPushButton("count")
        self.setCentralWidget(self.button)
        self.notes.append("setup")

    def ttse__on_start(self) -> None:
        self.notes.append("start")
        self.ttsc__click()

    def ttsc__click(self) -> None:
        self.button.click()
        self.notes.append("clicked")

    def ttqt__button__clicked(self, checked: bool) -> None:
        self.notes.append(("heard", checked))
        self.close()


@pytest.fixture
def notes() -> list[Any]:
    return []


def test_window_is_a_tonic_of_qt(notes: list[Any], qapp: QApplication) -> None:
    run_qt_app(lambda: Counter(notes))

    assert issubclass(Counter, ttTonic)
    assert issubclass(Counter, QWidget)


def test_ui_is_set_up_before_any_sparkle(notes: list[Any], qapp: QApplication) -> None:
    run_qt_app(lambda: Counter(notes))

    assert notes[:2] == ["setup", "start"]


def test_signal_reaches_the_sparkle_named_for_it_through_the_queue(notes: list[Any], qapp: QApplication) -> None:
    run_qt_app(lambda: Counter(notes))

    assert notes[2:] == ["clicked", ("heard", False)]


def test_closing_asks_the_tonic_to_finish(notes: list[Any], qapp: QApplication) -> None:
    formula = run_qt_app(lambda: Counter(notes))

    assert formula.ledger.essences == []


def test_window_is_gone_from_qt_when_the_tonic_has_finished(notes: list[Any], qapp: QApplication) -> None:
    made: list[Any] = []

    run_qt_app(lambda: made.append(Counter(notes)))

    assert not shiboken6.isValid(made[0])


def test_finishing_hides_the_window(notes: list[Any], qapp: QApplication) -> None:
    class Shown(Counter):
        def ttse__on_start(self) -> None:
            self.show()
            notes.append(self.isVisible())
            self.finish()

    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            self.window = self.bind(Shown, notes, name="window")

        def ttse__on_window_finished(self) -> None:
            notes.append(shiboken6.isValid(self.window) and self.window.isVisible())
            self.finish()

    run_qt_app(Main)

    assert notes[-2:] == [True, False]


def test_close_can_be_refused(notes: list[Any], qapp: QApplication) -> None:
    class Stubborn(Counter):
        refused = 0

        def closeEvent(self, event: QCloseEvent) -> None:
            if self.refused:
                super().closeEvent(event)
            else:
                self.refused = 1
                notes.append("refused")
                event.ignore()
                self.ttsc__click()

    run_qt_app(lambda: Stubborn(notes))

    assert notes.count("refused") == 1
    assert notes.count("clicked") == 2


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
    class States(ttPysideWindow):
        def setup_ui(self) -> None:
            self.button = QPushButton(self)

        def ttse__on_start(self) -> None:
            self.to_state("ready")
            self.ttsc__click()

        def ttsc__click(self) -> None:
            self.button.click()

        def ttqt_ready__button__clicked(self, checked: bool) -> None:
            notes.append("ready")
            self.finish()

    run_qt_app(States)

    assert notes == ["ready"]


def test_handler_may_take_fewer_arguments_than_the_signal_has(notes: list[Any], qapp: QApplication) -> None:
    class Fewer(ttPysideWindow):
        def setup_ui(self) -> None:
            self.button = QPushButton(self)

        def ttse__on_start(self) -> None:
            self.ttsc__click()

        def ttsc__click(self) -> None:
            self.button.click()

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
    class Late(ttPysideWindow):
        def ttse__on_start(self) -> None:
            self.button = QPushButton(self)
            self.ttsc__click()

        def ttsc__click(self) -> None:
            self.button.click()

        def ttqt__button__clicked(self) -> None:
            notes.append("clicked")
            self.finish()

    run_qt_app(Late)

    assert notes == ["clicked"]


def test_signal_is_connected_once(notes: list[Any], qapp: QApplication) -> None:
    class Once(ttPysideWindow):
        def setup_ui(self) -> None:
            self.button = QPushButton(self)

        def ttse__on_start(self) -> None:
            self.ttsc__click()

        def ttsc__click(self) -> None:
            self.button.click()
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


def test_tonic_whose_qt_object_is_deleted_finishes(notes: list[Any], qapp: QApplication) -> None:
    class Lost(ttPysideWidget):
        def ttse__on_finished(self) -> None:
            notes.append("finished")

    class Outer(ttPysideWindow):
        def ttse__on_start(self) -> None:
            self.inner = self.bind(Lost, name="inner")
            QTimer.singleShot(0, lambda: shiboken6.delete(self.inner))

        def ttse__on_inner_finished(self) -> None:
            notes.append(shiboken6.isValid(self.inner))
            self.finish()

    run_qt_app(Outer)

    assert notes == ["finished", False]


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


def test_widget_is_a_child_of_its_context_in_qt_too(notes: list[Any], qapp: QApplication) -> None:
    class Inner(ttPysideWidget):
        pass

    class Outer(ttPysideWindow):
        def ttse__on_start(self) -> None:
            inner = Inner()
            notes.append(inner.parent() is self)
            notes.append(inner.isWindow())
            self.finish()

    run_qt_app(Outer)

    assert notes == [True, False]


def test_window_below_a_window_stays_a_window(notes: list[Any], qapp: QApplication) -> None:
    class Outer(ttPysideWindow):
        def ttse__on_start(self) -> None:
            notes.append(ttPysideWindow().isWindow())
            self.finish()

    run_qt_app(Outer)

    assert notes == [True]


def test_widget_in_a_layout_finishes_with_its_window(notes: list[Any], qapp: QApplication) -> None:
    class Inner(ttPysideWidget):
        def ttse__on_finished(self) -> None:
            notes.append("inner")

    class Outer(ttPysideWidget):
        def setup_ui(self) -> None:
            QVBoxLayout(self).addWidget(Inner())

        def ttse__on_start(self) -> None:
            self.close()

        def ttse__on_finished(self) -> None:
            notes.append("outer")

    formula = run_qt_app(Outer)

    assert notes == ["outer", "inner"]
    assert formula.ledger.essences == []


def test_any_qt_class_can_be_a_tonic(notes: list[Any], qapp: QApplication) -> None:
    class Asking(ttPysideMixin, QDialog):
        def ttse__on_start(self) -> None:
            notes.append(isinstance(self, QDialog))
            self.accepted.connect(self.ttsc__done)
            QTimer.singleShot(0, self.accept)
            self.open()

        def ttsc__done(self) -> None:
            self.finish()

    run_qt_app(Asking)

    assert notes == [True]


def test_object_without_a_window_can_be_a_tonic(notes: list[Any], qapp: QApplication) -> None:
    class Bell(ttPysideMixin, QObject):
        rung = Signal()

        def ttse__on_start(self) -> None:
            self.ttsc__ring()

        def ttsc__ring(self) -> None:
            self.rung.emit()

        def ttqt__self__rung(self) -> None:
            notes.append("rung")
            self.finish()

    run_qt_app(Bell)

    assert notes == ["rung"]


def test_setup_that_raises_leaves_nothing_behind(notes: list[Any], qapp: QApplication) -> None:
    class Broken(ttPysideWindow):
        def setup_ui(self) -> None:
            raise LookupError("no ui")

    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            with pytest.raises(LookupError, match="no ui"):
                Broken()
            notes.append(self.bindings)
            self.finish()

    run_qt_app(Main)

    assert notes == [[]]


def test_window_is_named_for_its_tonic(notes: list[Any], qapp: QApplication) -> None:
    class Named(ttPysideWindow):
        def ttse__on_start(self) -> None:
            notes.append(self.objectName())
            self.finish()

    run_qt_app(lambda: Named(name="main window"))

    assert notes == ["main window"]


def test_dialog_with_a_parent_stays_a_window(notes: list[Any], qapp: QApplication) -> None:
    class Asking(ttPysideMixin, QDialog):
        pass

    class Outer(ttPysideWindow):
        def ttse__on_start(self) -> None:
            dialog = Asking(parent=self)
            notes.append((dialog.parent() is self, dialog.isWindow()))
            self.finish()

    run_qt_app(Outer)

    assert notes == [(True, True)]


class Painted(ttPysideWindow):
    """Raises while it paints, as often as it is told to; shown and painted until it has painted well."""

    faults = 3

    def __init__(self, notes: list[Any]) -> None:
        super().__init__(name="painted")
        self.notes = notes

    def ttse__on_start(self) -> None:
        self.ttsc__paint()

    def ttsc__paint(self) -> None:
        for _ in range(self.faults + 1):
            self.grab()
        self.ttsc__end()

    def ttsc__end(self) -> None:
        self.finish()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawLine(0, 0, 9, 9)
        if self.faults:
            self.faults -= 1
            raise LookupError("no colour")
        self.notes.append("painted")

    def ttse__on_error(self, error: Any) -> None:
        self.notes.append((error.sparkle, repr(error.exception)))


def test_error_in_a_paint_event_is_told_once(notes: list[Any], qapp: QApplication) -> None:
    run_qt_app(lambda: Painted(notes))

    assert notes == ["painted", ("paintEvent", "LookupError('no colour')")]


def test_error_in_a_paint_event_that_comes_again_after_a_good_one_is_told_again(
    notes: list[Any], qapp: QApplication
) -> None:
    class Again(Painted):
        def ttsc__end(self) -> None:
            if len(notes) < 4:
                self.faults = 2
                self.ttsc__paint()
            else:
                self.finish()

    run_qt_app(lambda: Again(notes))

    assert notes.count(("paintEvent", "LookupError('no colour')")) == 2


def test_error_in_a_mouse_event_is_told_like_one_of_a_sparkle(
    notes: list[Any], qapp: QApplication, capsys: pytest.CaptureFixture[str]
) -> None:
    class Pressed(ttPysideWindow):
        def ttse__on_start(self) -> None:
            QTest.mouseClick(self, Qt.MouseButton.LeftButton)
            self.finish()

        def mousePressEvent(self, event: QMouseEvent) -> None:
            raise LookupError("pressed")

    run_qt_app(lambda: Pressed(name="window"))

    said = capsys.readouterr().err
    assert "window.mousePressEvent" in said
    assert "LookupError: pressed" in said


def test_event_handler_of_a_base_runs_by_super(notes: list[Any], qapp: QApplication) -> None:
    class Base(ttPysideWindow):
        def mousePressEvent(self, event: QMouseEvent) -> None:
            notes.append("base")
            self.finish()

    class Derived(Base):
        def ttse__on_start(self) -> None:
            QTest.mouseClick(self, Qt.MouseButton.LeftButton)

        def mousePressEvent(self, event: QMouseEvent) -> None:
            notes.append("derived")
            super().mousePressEvent(event)

    run_qt_app(Derived)

    assert notes == ["derived", "base"]


def test_closing_all_windows_finishes_their_tonics(notes: list[Any], qapp: QApplication) -> None:
    class Shown(ttPysideWindow):
        def ttse__on_start(self) -> None:
            self.show()

        def ttse__on_finished(self) -> None:
            notes.append(self.name)

    class Last(Shown):
        def ttse__on_start(self) -> None:
            super().ttse__on_start()
            QTimer.singleShot(0, qapp.closeAllWindows)

    def start() -> None:
        Shown(name="one")
        Last(name="two")

    assert run_qt_app(start).ledger.essences == []
    assert sorted(notes) == ["one", "two"]


def test_dock_widget_can_be_a_tonic(notes: list[Any], qapp: QApplication) -> None:
    class Dock(ttPysideMixin, QDockWidget):
        def setup_ui(self) -> None:
            self.button = QPushButton()
            self.setWidget(self.button)

        def ttqt__button__clicked(self) -> None:
            self.finish()

    class Main(ttPysideWindow):
        def ttse__on_start(self) -> None:
            dock = self.bind(Dock, name="dock")
            self.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, dock)
            self.show()
            notes.append((dock.parent() is self, dock.isWindow(), dock.isVisible()))
            dock.button.click()

        def ttse__on_dock_finished(self) -> None:
            self.finish()

    assert run_qt_app(Main).ledger.essences == []
    assert notes == [(True, False, True)]


def test_graphics_view_can_be_a_tonic(notes: list[Any], qapp: QApplication) -> None:
    class Picture(ttPysideMixin, QGraphicsView):
        def setup_ui(self) -> None:
            self.page = QGraphicsScene(self)
            self.setScene(self.page)

        def ttse__on_start(self) -> None:
            self.page.addRect(0, 0, 10, 10).setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsSelectable)
            self.page.items()[0].setSelected(True)

        def ttqt__page__selectionChanged(self) -> None:
            notes.append(len(self.page.selectedItems()))
            self.finish()

    assert run_qt_app(Picture).ledger.essences == []
    assert notes == [1]
