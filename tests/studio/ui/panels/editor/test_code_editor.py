"""What both editors promise of a text and the places in it: the same tests, with real keys, for Scintilla and for the plain one."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractScrollArea, QApplication
from pytestqt.qtbot import QtBot

from tasktonic_studio.analysis.text_search import Query, find_all
from tasktonic_studio.ui.panels.editor.code_editor import CodeEditor
from tests.studio.ui.panels.editor.keys import press, write


def compose(editor: CodeEditor, text: str) -> None:
    """Put in what no key has, as an input method does."""
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(editor.input_widget(), event)


def test_typed_keys_become_text(editor: CodeEditor) -> None:
    write(editor, "x = 1")

    assert editor.text() == "x = 1"
    assert editor.caret() == 5


def test_characters_beyond_ascii_count_as_one(editor: CodeEditor) -> None:
    editor.set_text("# é😀 ü\ny")
    editor.select(3, 5)

    assert editor.selected_text() == "😀 "
    assert editor.line_start(2) == 7
    assert editor.line_of(7) == 2
    assert editor.text()[editor.line_start(2) :] == "y"


def test_composed_characters_are_taken(editor: CodeEditor) -> None:
    compose(editor, "é😀")
    write(editor, "x")

    assert editor.text() == "é😀x"
    assert editor.caret() == 3


TEXTS = st.text(st.sampled_from("ab_ \n\t(é😀\u200d\u0301\u2028\x0b\x0c\x1c\x85\u00a0\ufeff#'\"")) | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\r\0")
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much],
)
@given(text=TEXTS, data=st.data())
def test_any_text_and_any_place_in_it_come_back(editor: CodeEditor, text: str, data: st.DataObject) -> None:
    assume(editor.can_hold(text))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))

    editor.set_text(text)
    editor.select(start, end)

    assert editor.text() == text
    assert editor.selection() == (start, end)
    assert editor.line_of(start) == text.count("\n", 0, start) + 1
    assert editor.line_start(editor.line_of(start)) == text.rfind("\n", 0, start) + 1
    editor.replace(start, end, "x😀")
    assert editor.text() == text[:start] + "x😀" + text[end:]
    editor.undo()
    assert editor.text() == text


def test_a_no_break_space_survives(editor: CodeEditor) -> None:
    editor.set_text("a\u00a0b\u2028c\x0cd")

    assert editor.text() == "a\u00a0b\u2028c\x0cd"


def test_replacing_behind_wide_characters_hits_the_right_place(editor: CodeEditor) -> None:
    editor.set_text("😀é = 'é😀'\nlast")

    editor.replace(6, 8, "ß")

    assert editor.text() == "😀é = 'ß'\nlast"
    assert editor.caret() == 7


def test_undo_takes_back_what_redo_brings_again(editor: CodeEditor) -> None:
    editor.set_text("a")
    editor.select(1, 1)
    write(editor, "b")
    assert editor.is_dirty()

    editor.undo()
    assert (editor.text(), editor.is_dirty(), editor.can_redo()) == ("a", False, True)

    editor.redo()
    assert (editor.text(), editor.is_dirty(), editor.can_undo()) == ("ab", True, True)


def test_the_undo_key_takes_back(editor: CodeEditor) -> None:
    write(editor, "b")
    press(editor, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)

    assert editor.text() == ""


def test_a_text_that_was_set_cannot_be_undone(editor: CodeEditor) -> None:
    editor.set_text("fresh")

    assert not editor.can_undo()
    assert not editor.is_dirty()


def test_dirt_is_told_once_and_goes_with_saving(editor: CodeEditor, qtbot: QtBot) -> None:
    told: list[bool] = []
    editor.dirty_changed.connect(told.append)

    write(editor, "ab")
    editor.mark_saved()
    write(editor, "c")
    editor.undo()

    assert told[:3] == [True, False, True]


def test_setting_a_text_is_not_told_as_a_change(editor: CodeEditor) -> None:
    told: list[None] = []
    editor.changed.connect(lambda: told.append(None))

    editor.set_text("x")
    assert not told

    write(editor, "y")
    assert told


def test_go_to_puts_the_line_into_the_middle(editor: CodeEditor, qtbot: QtBot) -> None:
    editor.set_text("\n".join(f"line {number}" for number in range(1, 501)))

    editor.go_to(250, 3)

    assert editor.line_of(editor.caret()) == 250
    assert editor.column() == 3
    first, shown = editor.first_visible_line(), editor.visible_line_count()
    assert abs(first + shown / 2 - 250) <= 2


def test_the_middle_is_found_again_after_a_new_size(editor: CodeEditor, qtbot: QtBot) -> None:
    editor.set_text("\n".join(f"line {number}" for number in range(1, 501)))
    editor.go_to(250)

    editor.resize(500, 250)

    def in_the_middle() -> None:
        assert abs(editor.first_visible_line() + editor.visible_line_count() / 2 - 250) <= 2

    qtbot.waitUntil(in_the_middle)


@pytest.mark.parametrize("line, found", [(0, 1), (-5, 1), (99, 3)])
def test_go_to_takes_the_nearest_line_there_is(editor: CodeEditor, line: int, found: int) -> None:
    editor.set_text("a\nb\nc")

    editor.go_to(line)

    assert editor.line_of(editor.caret()) == found


def test_a_click_puts_the_caret_where_it_was(editor: CodeEditor, qtbot: QtBot) -> None:
    editor.set_text("first\nsecond\nthird")
    area = editor.input_widget()
    assert isinstance(area, QAbstractScrollArea)
    qtbot.waitExposed(editor)

    QTest.mouseClick(area.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(area.viewport().width() - 20, 25))

    assert editor.line_of(editor.caret()) == 2
    assert editor.column() == len("second") + 1


def test_ctrl_and_the_wheel_make_text_larger(editor: CodeEditor, qtbot: QtBot) -> None:
    area = editor.input_widget()
    assert isinstance(area, QAbstractScrollArea)
    where = QPointF(200, 100)
    event = QWheelEvent(
        where, area.viewport().mapToGlobal(where), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ControlModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip

    with qtbot.waitSignal(editor.zoomed) as told:
        QApplication.sendEvent(area.viewport(), event)

    assert told.args == [1]
    assert editor.zoom_level() == 1


def test_a_read_only_text_takes_no_keys(editor: CodeEditor) -> None:
    editor.set_text("if x:")
    editor.set_read_only(True)

    write(editor, "abc")
    press(editor, Qt.Key.Key_Return)
    press(editor, Qt.Key.Key_Backspace)
    editor.toggle_comment()
    editor.replace(0, 2, "")

    assert editor.text() == "if x:"


def test_what_is_pasted_has_one_kind_of_line_ends_and_no_zero(editor: CodeEditor) -> None:
    QGuiApplication.clipboard().setText("a\r\nb\0\rc")

    editor.paste()

    assert editor.text() == "a\nb \nc"


def test_copying_gives_the_selected_text(editor: CodeEditor) -> None:
    editor.set_text("one é😀 two")
    editor.select(4, 6)

    editor.copy()

    assert QGuiApplication.clipboard().text() == "é😀"


def test_replacing_all_is_one_step_to_undo(editor: CodeEditor) -> None:
    editor.set_text("é a é a")

    editor.replace_all(find_all(editor.text(), Query("a")), ["bb", "bb"])
    assert editor.text() == "é bb é bb"

    editor.undo()
    assert editor.text() == "é a é a"
