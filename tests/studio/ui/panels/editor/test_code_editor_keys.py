"""Typing in both editors: Enter, Tab and Backspace go in and out with the code, comments come and go, keys reach their command."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.panels.editor.code_editor import CodeEditor
from tests.studio.ui.panels.editor.keys import press, write


@pytest.mark.parametrize(
    "before, after",
    [
        ("if x:", "if x:\n    "),
        ("    def f(self):  # why", "    def f(self):  # why\n        "),
        ("    y = 1", "    y = 1\n    "),
        ("        return y", "        return y\n    "),
        ("s = 'a:'", "s = 'a:'\n"),
        ("call(", "call(\n    "),
        ("\tif x:", "\tif x:\n\t\t"),
    ],
)
def test_enter_goes_in_as_far_as_the_code_asks(editor: CodeEditor, before: str, after: str) -> None:
    editor.set_text(before)
    editor.select(len(before), len(before))

    press(editor, Qt.Key.Key_Return)

    assert editor.text() == after
    assert editor.caret() == len(after)


def test_enter_is_one_step_to_undo(editor: CodeEditor) -> None:
    editor.set_text("if x:")
    editor.select(5, 5)
    press(editor, Qt.Key.Key_Return)

    editor.undo()

    assert editor.text() == "if x:"


def test_tab_writes_spaces_to_the_next_stop(editor: CodeEditor) -> None:
    write(editor, "ab")
    press(editor, Qt.Key.Key_Tab)

    assert editor.text() == "ab  "


def test_tab_moves_selected_lines_in_and_out(editor: CodeEditor) -> None:
    editor.set_text("a\nb\nc")
    editor.select(0, 3)

    press(editor, Qt.Key.Key_Tab)
    assert editor.text() == "    a\n    b\nc"

    press(editor, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert editor.text() == "a\nb\nc"


def test_backspace_in_the_indentation_goes_one_step_out(editor: CodeEditor) -> None:
    editor.set_text("        x")
    editor.select(8, 8)

    press(editor, Qt.Key.Key_Backspace)

    assert editor.text() == "    x"


def test_comments_come_and_go(editor: CodeEditor) -> None:
    editor.set_text("if x:\n    y\n\nz")
    editor.select(0, 11)

    editor.toggle_comment()
    assert editor.text() == "# if x:\n#     y\n\nz"

    editor.toggle_comment()
    assert editor.text() == "if x:\n    y\n\nz"


def test_a_comment_on_one_line_keeps_the_caret_at_its_word(editor: CodeEditor) -> None:
    editor.set_text("    yes")
    editor.select(5, 5)

    editor.toggle_comment()

    assert editor.text() == "    # yes"
    assert editor.caret() == 7


def test_escape_is_told(editor: CodeEditor, qtbot: QtBot) -> None:
    with qtbot.waitSignal(editor.escaped):
        press(editor, Qt.Key.Key_Escape)


@pytest.mark.parametrize(
    "key", [Qt.Key.Key_D, Qt.Key.Key_K, Qt.Key.Key_L, Qt.Key.Key_T, Qt.Key.Key_U, Qt.Key.Key_S, Qt.Key.Key_Slash]
)
def test_ctrl_with_a_letter_does_nothing_unexpected(editor: CodeEditor, key: Qt.Key) -> None:
    editor.set_text("one\ntwo")

    event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.ControlModifier)
    QApplication.sendEvent(editor.input_widget(), event)

    assert editor.text() == "one\ntwo"


@pytest.mark.parametrize("key, text", [(Qt.Key.Key_Period, "."), (Qt.Key.Key_BracketLeft, "["), (Qt.Key.Key_End, "")])
def test_a_key_of_somebody_who_types_is_claimed_before_commands(editor: CodeEditor, key: Qt.Key, text: str) -> None:
    event = QKeyEvent(QEvent.Type.ShortcutOverride, key, Qt.KeyboardModifier.NoModifier, text)
    event.ignore()

    QApplication.sendEvent(editor.input_widget(), event)

    assert event.isAccepted()


def test_a_function_key_is_left_to_commands(editor: CodeEditor) -> None:
    event = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_F5, Qt.KeyboardModifier.NoModifier)
    event.ignore()

    QApplication.sendEvent(editor.input_widget(), event)

    assert not event.isAccepted()
