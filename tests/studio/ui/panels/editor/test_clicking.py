"""Clicks in a text, with a real mouse: how many they are, and whose the release is. The same tests for both widgets."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.panels.editor.code_editor import CodeEditor
from tasktonic_studio.ui.panels.editor.on_qt.margin import Margin

LEFT, CONTROL, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier
TEXT = "one two three\nself.ttsc_open__go(times)\n"


class Mouse:
    """Sends what Qt makes of a real mouse: it counts clicks itself, by the time at which they were made."""

    def __init__(self, editor: CodeEditor) -> None:
        self.viewport = editor.input_widget().viewport()
        self._editor = editor
        self.now_ms = 10_000

    def at(self, position: int) -> QPoint:
        return self._editor.place_of(position).center() + QPoint(2, 0)

    def send(
        self,
        kind: QEvent.Type,
        where: QPoint,
        modifiers: Qt.KeyboardModifier = NONE,
        button: Qt.MouseButton = LEFT,
    ) -> None:
        buttons = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else button
        on_screen = QPointF(self.viewport.mapToGlobal(where))
        event = QMouseEvent(kind, QPointF(where), on_screen, button, buttons, modifiers)
        event.setTimestamp(self.now_ms)
        QApplication.sendEvent(self.viewport, event)

    def click(self, where: QPoint, kind: QEvent.Type = QEvent.Type.MouseButtonPress) -> None:
        self.send(kind, where)
        self.send(QEvent.Type.MouseButtonRelease, where)

    def double(self, where: QPoint) -> None:
        self.click(where, QEvent.Type.MouseButtonDblClick)


@pytest.fixture
def mouse(editor: CodeEditor, qtbot: QtBot) -> Mouse:
    editor.set_text(TEXT)
    qtbot.waitExposed(editor)
    # Scintilla asks which keys are held down; a test before this one may have left Ctrl.
    QTest.keyClick(editor.input_widget(), Qt.Key.Key_Escape)
    return Mouse(editor)


@pytest.mark.parametrize("position, word", [(5, "two"), (0, "one"), (22, "ttsc_open__go")])
def test_a_double_click_selects_the_word_however_busy_the_window_was_in_between(
    editor: CodeEditor, mouse: Mouse, position: int, word: str
) -> None:
    # To the widget's own clock both come at once, or the second one alone.
    mouse.double(mouse.at(position))
    assert editor.selected_text() == word

    mouse.now_ms += 5_000
    mouse.click(mouse.at(position))
    mouse.double(mouse.at(position))
    assert editor.selected_text() == word


def test_clicks_that_are_far_apart_are_single_ones(editor: CodeEditor, mouse: Mouse) -> None:
    for _ in range(3):
        mouse.now_ms += 5_000
        mouse.click(mouse.at(5))

        assert editor.selected_text() == ""
        assert editor.line_of(editor.caret()) == 1


def test_a_third_click_selects_the_line_and_a_double_one_on_it_the_word_again(editor: CodeEditor, mouse: Mouse) -> None:
    mouse.click(mouse.at(5))
    mouse.double(mouse.at(5))
    mouse.now_ms += 1

    mouse.click(mouse.at(5))
    assert editor.selected_text() == "one two three\n"

    mouse.double(mouse.at(5))
    assert editor.selected_text() == "two"


def test_two_quick_clicks_beside_the_text_are_two_and_leave_the_selection(editor: CodeEditor, mouse: Mouse) -> None:
    clicked: list[int] = []
    editor.margin_clicked.connect(clicked.append)
    editor.select(4, 7)
    where = QPoint(4, editor.place_of(5).center().y())
    beside = editor.input_widget().findChild(Margin)
    mouse.viewport = mouse.viewport if beside is None else beside

    mouse.click(where)
    mouse.double(where)

    assert clicked == [1, 1]
    assert editor.selection() == (4, 7)


def test_two_clicks_of_the_other_button_leave_the_selection(editor: CodeEditor, mouse: Mouse) -> None:
    editor.select(4, 7)

    for kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick):
        for each in (kind, QEvent.Type.MouseButtonRelease):
            mouse.send(each, mouse.at(5), button=Qt.MouseButton.RightButton)

    assert editor.selection() == (4, 7)


def test_a_click_with_ctrl_whose_release_went_elsewhere_leaves_the_next_click_alone(
    editor: CodeEditor, mouse: Mouse
) -> None:
    mouse.send(QEvent.Type.MouseButtonPress, mouse.at(5), CONTROL)

    mouse.click(mouse.at(1))
    mouse.send(QEvent.Type.MouseMove, mouse.at(9))

    assert editor.selected_text() == ""
    assert editor.selections() == [editor.selection()]


def test_two_clicks_with_ctrl_put_no_caret_into_the_text(editor: CodeEditor, mouse: Mouse, qtbot: QtBot) -> None:
    with qtbot.waitSignal(editor.place_clicked):
        mouse.send(QEvent.Type.MouseButtonPress, mouse.at(5), CONTROL)
    mouse.send(QEvent.Type.MouseButtonRelease, mouse.at(5), CONTROL)
    mouse.send(QEvent.Type.MouseButtonDblClick, mouse.at(5), CONTROL)
    mouse.send(QEvent.Type.MouseButtonRelease, mouse.at(5), CONTROL)

    assert editor.selections() == [(0, 0)]


def test_the_menu_key_asks_for_the_menu_at_the_caret(editor: CodeEditor, mouse: Mouse, qtbot: QtBot) -> None:
    editor.select(22, 22)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(300, 200), QPoint(300, 200))

    with qtbot.waitSignal(editor.menu_wanted) as wanted:
        QApplication.sendEvent(editor.input_widget(), event)

    assert (wanted.args[0] - editor.place_on_screen(22).bottomLeft()).manhattanLength() < 3
    assert editor.position_at(editor.input_widget().viewport().mapFromGlobal(wanted.args[0])) == 22


def test_who_scrolls_away_from_where_he_jumped_to_is_not_taken_back(editor: CodeEditor, qtbot: QtBot) -> None:
    editor.set_text("\n".join(f"line {number}" for number in range(1, 501)))
    editor.go_to(250)
    QTest.keyClick(editor.input_widget().verticalScrollBar(), Qt.Key.Key_Home)
    qtbot.waitUntil(lambda: editor.first_visible_line() == 1)

    editor.resize(500, 250)
    editor.grab()

    qtbot.waitUntil(lambda: editor.visible_line_count() < 20)
    assert editor.first_visible_line() == 1


def test_a_word_behind_a_hundred_thousand_digits_is_found_at_once(editor: CodeEditor) -> None:
    digits = "0123456789abcdef" * 6_000
    editor.set_text(f"x = '{digits}' + name")

    assert editor.word_at(len(digits) + 5) == (len(digits) + 5, len(digits) + 6)
    assert editor.word_at(len(digits) + 10) == (len(digits) + 9, len(digits) + 13)
    assert editor.word_at(500) == (5, len(digits) + 5)
