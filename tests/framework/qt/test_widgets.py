"""Widgets that are tonics: how they live, close and end, what their events may raise, and which classes can be one."""

from __future__ import annotations

from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDockWidget,
    QGraphicsItem,
    QGraphicsScene,
    QGraphicsView,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from tasktonic import ttTonic
from tasktonic.qt import ttPysideMixin, ttPysideWidget, ttPysideWindow

from .windows import Counter, run_qt_app


def test_window_is_a_tonic_of_qt(notes: list[Any], qapp: QApplication) -> None:
    run_qt_app(lambda: Counter(notes))

    assert issubclass(Counter, ttTonic)
    assert issubclass(Counter, QWidget)


def test_ui_is_set_up_before_any_sparkle(notes: list[Any], qapp: QApplication) -> None:
    run_qt_app(lambda: Counter(notes))

    assert notes[:2] == ["setup", "start"]


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
