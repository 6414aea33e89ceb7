"""Which widget belongs to which tonic, shown and picked in the app's own windows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPushButton, QTabWidget, QVBoxLayout, QWidget

from tasktonic import ttTonic
from tasktonic.qt import ttPyside6Ui, ttPysideWidget, ttPysideWindow
from tasktonic.qt.showing import Outline, QtShowing, why_unseen
from tasktonic.toolkit import Picked
from tests.helpers.apps import run_app


class Counter(ttPysideWidget):
    def setup_ui(self) -> None:
        self.plus = QPushButton("Plus", self)
        self.plus.setObjectName("plus")
        self.resize(120, 60)
        self.heard = 0

    def ttqt__plus__clicked(self) -> None:
        self.heard += 1

    def ttqt_far__plus__clicked(self) -> None:
        """In one state."""

    def ttqt__self__customContextMenuRequested(self, at: QPoint) -> None:
        """Of the tonic itself."""


class Keeper(ttTonic):
    """No widget, but it has one."""

    def ttse__on_start(self) -> None:
        self.kept = self.context.later  # type: ignore[union-attr]


class Desk(ttPysideWindow):
    def __init__(self, steps: list[Callable[[Desk], object]], **given: Any) -> None:
        self.steps = steps
        super().__init__(**given)

    def setup_ui(self) -> None:
        self.tabs = QTabWidget(self)
        self.setCentralWidget(self.tabs)
        self.later = QPushButton("Later")
        page = QWidget()
        self.page_layout = QVBoxLayout(page)
        self.tabs.addTab(page, "First")
        self.tabs.addTab(self.later, "Se&cond")
        self.resize(400, 300)

    def ttse__on_start(self) -> None:
        self.showing = QtShowing()
        self.told: list[Picked] = []
        self.counter = Counter(name="counter", context=self)
        self.page_layout.addWidget(self.counter)
        self.keeper = Keeper(name="keeper", context=self)
        self.show()
        self.ttsc__step()

    def ttsc__step(self) -> None:
        try:
            self.steps.pop(0)(self)
        except BaseException:
            self.steps.clear()
            raise
        finally:
            if self.steps:
                self.ttsc__step()
            else:
                self.finish()

    def outlines(self) -> list[Outline]:
        found = [one for window in QApplication.topLevelWidgets() for one in window.findChildren(Outline)]
        return [one for one in found if one.isVisible()]


def desk(*steps: Callable[[Desk], object]) -> None:
    failed: list[BaseException] = []

    def guarded(step: Callable[[Desk], object]) -> Callable[[Desk], None]:
        def run(it: Desk) -> None:
            try:
                if not failed:
                    step(it)
            except BaseException as error:
                failed.append(error)

        return run

    run_app(
        lambda: Desk([guarded(step) for step in steps], name="desk"),
        make_main=lambda: ttPyside6Ui(name="main_catalyst"),
    )
    if failed:
        raise failed[0]


def test_the_widget_of_a_tonic_is_outlined_by_what_takes_no_clicks_and_leaves_nothing(qapp: QApplication) -> None:
    def show(it: Desk) -> None:
        assert it.showing.outline("me", it.counter).widgets == "Counter 'counter'"
        (outline,) = it.outlines()
        place = it.counter.rect().translated(it.counter.mapTo(it, QPoint()))
        assert outline.geometry() == place
        QTest.mouseClick(it.counter.plus, Qt.MouseButton.LeftButton)
        it.resize(500, 350)
        outline.follow()
        assert outline.geometry().topLeft() == it.counter.mapTo(it, QPoint())

    def clicked(it: Desk) -> None:
        assert it.counter.heard == 1
        # Another one for the same studio takes the place of it; another studio has its own.
        it.showing.outline("me", it)
        it.showing.outline("other", it.counter)
        assert len(it.outlines()) == 2
        it.showing.clear("me")
        it.showing.clear("other")
        assert it.outlines() == []
        QApplication.sendPostedEvents(None, int(QEvent.Type.DeferredDelete))
        assert it.findChildren(Outline) == []

    def deleted(it: Desk) -> None:
        it.showing.outline("me", it.counter)
        (outline,) = it.outlines()
        it.counter.setParent(None)
        outline.follow()
        assert it.outlines() == []

    desk(show, clicked, deleted)


def test_what_was_outlined_may_be_destroyed_with_its_window_or_alone(qapp: QApplication) -> None:
    def destroyed(it: Desk) -> None:
        for owner, parent in (("me", None), ("other", it)):
            lone = Counter(name="lone", context=it)
            lone.setParent(parent)
            lone.show()
            assert it.showing.outline(owner, lone).problem == ""
            shiboken6.delete(lone)
        for outline in it.outlines():
            outline.follow()
        QApplication.sendPostedEvents(None, int(QEvent.Type.DeferredDelete))

        it.showing.clear("me")
        it.showing.clear("other")

        assert it.outlines() == []

    desk(destroyed)


def test_with_a_menu_open_what_is_clicked_outside_of_it_is_picked(qapp: QApplication) -> None:
    def pick(it: Desk) -> None:
        menu = QMenu(it)
        menu.addAction("A line")
        menu.popup(it.mapToGlobal(QPoint(0, 0)))
        it.showing.pick("me", it.told.append)
        # Qt gives an open menu all clicks, wherever they are.
        there = it.counter.plus.mapToGlobal(it.counter.plus.rect().bottomRight() - QPoint(2, 2)).toPointF()
        away = menu.mapFromGlobal(there)
        assert not menu.rect().contains(away.toPoint())
        left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        for kind, held in ((QEvent.Type.MouseButtonPress, left), (QEvent.Type.MouseButtonRelease, none)):
            event = QMouseEvent(kind, away, there, left, held, Qt.KeyboardModifier.NoModifier)
            QApplication.sendEvent(menu.windowHandle(), event)
        menu.close()

    def picked(it: Desk) -> None:
        assert it.told[-1] == Picked(it.counter.id, "QPushButton 'plus' belongs to counter.")

    desk(pick, picked)


def test_why_nothing_can_be_seen_is_said(qapp: QApplication) -> None:
    def look(it: Desk) -> None:
        # The keeper is no widget, but has one on the other tab.
        problem = it.showing.outline("me", it.keeper).problem
        assert problem == "keeper: it is on the tab 'Second', which is not in front."
        it.tabs.setCurrentIndex(1)
        assert it.showing.outline("me", it.keeper).widgets.startswith("QPushButton")
        assert it.showing.outline("me", it.catalyst).problem == "main_catalyst is no widget and has none."
        it.tabs.setCurrentIndex(0)
        it.counter.plus.hide()
        assert why_unseen(it.counter.plus) == "it is hidden"
        it.counter.hide()
        assert why_unseen(it.counter) == "it is hidden"
        it.showMinimized()
        assert why_unseen(it.counter) == "its window is minimised"
        it.hide()
        it.setWindowState(Qt.WindowState.WindowNoState)
        assert why_unseen(it.counter) == "its window is not shown"
        assert it.outlines() == []

    desk(look)


def test_picking_takes_one_click_that_the_app_does_not_get_and_names_the_nearest_tonic(qapp: QApplication) -> None:
    def pick(it: Desk) -> None:
        it.showing.pick("me", it.told.append)
        QTest.mouseMove(it.counter.plus)
        QTest.mouseClick(it.counter.plus, Qt.MouseButton.LeftButton)

    def picked(it: Desk) -> None:
        assert it.told.pop() == Picked(it.counter.id, "QPushButton 'plus' belongs to counter.")
        assert it.counter.heard == 0
        assert it.outlines() == []
        it.showing.pick("me", it.told.append)
        bar = it.tabs.tabBar()
        QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(1).center())
        assert it.tabs.currentIndex() == 0
        words = "QTabBar 'qt_tabwidget_tabbar' has no tonic of its own: the nearest around it is desk."
        assert it.told.pop() == Picked(it.id, words)
        # Escape there ends it, and so does who began it; then clicks are clicks again.
        it.showing.pick("me", it.told.append)
        QTest.keyClick(it.counter.plus, Qt.Key.Key_Escape)
        assert it.told.pop() == Picked(-1, "Picking was ended with Escape in the app.")
        it.showing.pick("me", it.told.append)
        it.showing.clear("me")
        QTest.mouseClick(it.counter.plus, Qt.MouseButton.LeftButton)
        assert QApplication.overrideCursor() is None

    desk(pick, picked, lambda it: pytest.fail("lost") if it.counter.heard != 1 else None)


def test_what_sparkles_are_bound_to_is_told_with_signatures_and_what_leads_nowhere_with_the_closest_name(
    qapp: QApplication,
) -> None:
    def look(it: Desk) -> None:
        plus, custom = it.showing.bindings(it.counter)
        assert (plus.sparkle, plus.widget, plus.cls, plus.signal, plus.connected) == (
            "ttqt__plus__clicked",
            "self.plus",
            "QPushButton",
            "clicked(bool)",
            True,
        )
        assert plus.handlers == (("", "ttqt__plus__clicked"), ("far", "ttqt_far__plus__clicked"))
        assert custom.signal == "customContextMenuRequested(QPoint)"
        shiboken6.delete(it.counter.plus)
        destroyed, custom = it.showing.bindings(it.counter)
        assert destroyed.problem.startswith(
            "ttqt__plus__clicked: self.plus (a QPushButton) has been destroyed: none of its signals "
        )
        assert custom.problem == ""
        del it.counter.plus
        gone = it.showing.bindings(it.counter)[0]
        assert (gone.connected, gone.cls) == (True, "")
        assert gone.problem.startswith("ttqt__plus__clicked: self has no widget 'plus'; it has ")
        assert it.showing.bindings(it.keeper) == []

    desk(look)
