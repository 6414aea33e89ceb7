"""What others show over a text: underlines, completions, tips and notes. The same tests for both widgets."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.panels.editor.code_editor import CodeEditor
from tasktonic_studio.ui.panels.editor.hints import Completion, LineNote, Underline
from tasktonic_studio.ui.theme.theme import Theme

WORDS = [
    Completion("open", "sparkle", "(times)"),
    Completion("opened", "state"),
    Completion("Opera", "class"),
    Completion("close", "sparkle", "()"),
]


def press(editor: CodeEditor, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(editor.input_widget(), key, modifiers)


def offered(editor: CodeEditor) -> list[str]:
    return [item.text for item in editor.hint_windows.completions]


def middle_of(editor: CodeEditor, position: int) -> QPoint:
    """Inside a character, in the viewport."""
    place = editor.place_of(position)
    return place.center() + QPoint(2, 0)


def rest_at(editor: CodeEditor, point: QPoint) -> None:
    """Let the mouse come to rest at a point of the viewport."""
    move(editor, point)
    assert editor.pointing is not None
    editor.pointing.rest.timeout.emit()


def move(editor: CodeEditor, point: QPoint) -> None:
    viewport = editor.input_widget().viewport()
    where = QPointF(viewport.mapToGlobal(point))
    buttons, modifiers = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    event = QMouseEvent(QEvent.Type.MouseMove, QPointF(point), where, buttons, buttons, modifiers)
    QApplication.sendEvent(viewport, event)


def closeness(one: QColor, other: QColor) -> float:
    """How far apart two colours are: 0 for the same; the edges of a wave are softened."""
    return max(abs(one.redF() - other.redF()), abs(one.greenF() - other.greenF()), abs(one.blueF() - other.blueF()))


# ---- underlines -------------------------------------------------------------------------------------------------------


def test_an_underline_is_drawn_and_tells_its_sentence(editor: CodeEditor, theme: Theme) -> None:
    editor.set_text("é😀 = wrong\nfine")
    before = editor.grab().toImage()

    editor.set_underlines([Underline(5, 10, "error", "“wrong” is not defined.")])

    after = editor.grab().toImage()
    places = ((x, y) for x in range(after.width()) for y in range(60))
    drawn = [after.pixelColor(x, y) for x, y in places if after.pixel(x, y) != before.pixel(x, y)]
    bare = closeness(theme.color("editor_back"), theme.color("error"))
    assert any(closeness(colour, theme.color("error")) < bare - 0.1 for colour in drawn)
    assert [line.text for line in editor.underlines_at(5)] == ["“wrong” is not defined."]
    assert editor.underlines_at(4) == editor.underlines_at(10) == []
    assert not editor.is_dirty()


def test_underlines_move_with_the_text_and_the_worst_comes_first(editor: CodeEditor) -> None:
    editor.set_text("one two")
    editor.set_underlines([Underline(4, 7, "hint", "a hint"), Underline(4, 7, "error", "an error")])

    editor.replace(0, 0, "é\n")

    assert [line.text for line in editor.underlines_at(6)] == ["an error", "a hint"]
    assert editor.underlines_at(4) == []
    editor.set_underlines([])
    assert editor.underlines_at(6) == []


@pytest.mark.parametrize("start, end, at", [(3, 3, 2), (4, 4, 4), (6, 90, 6), (90, 95, 6)])
def test_an_underline_of_nothing_is_seen_all_the_same(editor: CodeEditor, start: int, end: int, at: int) -> None:
    editor.set_text("abc\ndef")

    editor.set_underlines([Underline(start, end, "warning", "here")])

    assert [line.text for line in editor.underlines_at(at)] == ["here"]


def test_an_empty_text_takes_underlines(editor: CodeEditor) -> None:
    editor.set_underlines([Underline(0, 1, "error", "there is nothing")])

    assert editor.underlines_at(0) == []


# ---- pointing ---------------------------------------------------------------------------------------------------------


def test_the_mouse_at_rest_is_told_with_its_character(editor: CodeEditor, qtbot: QtBot) -> None:
    editor.set_text("é😀 name")
    with qtbot.waitSignal(editor.hovered) as told:
        rest_at(editor, middle_of(editor, 4))
    assert told.args is not None
    assert told.args[0] == 4

    with qtbot.assertNotEmitted(editor.hover_left):
        move(editor, middle_of(editor, 5))
    with qtbot.waitSignal(editor.hover_left):
        move(editor, middle_of(editor, 0))


def test_beside_the_text_nothing_is_told(editor: CodeEditor, qtbot: QtBot) -> None:
    editor.set_text("name")

    with qtbot.assertNotEmitted(editor.hovered):
        rest_at(editor, QPoint(300, editor.place_of(0).center().y()))
        rest_at(editor, QPoint(100, 300))


def test_pointing_at_an_underline_shows_its_sentence(editor: CodeEditor) -> None:
    editor.set_text("wrong name")
    editor.set_underlines([Underline(0, 5, "error", "It is wrong.")])

    rest_at(editor, middle_of(editor, 1))
    assert editor.hint_windows.tip_text == "It is wrong."

    editor.show_tip(1, "wrong(x)", (0, 5))
    assert editor.hint_windows.tip_text == "It is wrong.\n\nwrong(x)"
    move(editor, middle_of(editor, 7))
    assert editor.hint_windows.tip_text == ""


def test_a_click_with_ctrl_is_told_and_leaves_the_caret(editor: CodeEditor, qtbot: QtBot) -> None:
    editor.set_text("one two")
    viewport = editor.input_widget().viewport()
    control = Qt.KeyboardModifier.ControlModifier

    with qtbot.waitSignal(editor.place_clicked) as told:
        QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, control, middle_of(editor, 5))

    assert told.args == [5, control]
    assert editor.selection() == (0, 0)


# ---- completions ------------------------------------------------------------------------------------------------------


def test_what_is_chosen_takes_the_place_of_what_was_typed(editor: CodeEditor, qtbot: QtBot) -> None:
    editor.set_text("self.")
    editor.select(5, 5)
    QTest.keyClicks(editor.input_widget(), "op")
    editor.offer_completions(2, WORDS)
    assert offered(editor) == ["open", "opened", "Opera"]

    press(editor, Qt.Key.Key_Down)
    with qtbot.waitSignal(editor.completion_chosen) as chosen:
        press(editor, Qt.Key.Key_Return)

    assert chosen.args == ["opened"]
    assert editor.text() == "self.opened"
    assert offered(editor) == []
    editor.undo()
    assert editor.text() == "self.op"


def test_the_list_narrows_while_one_types_and_goes_with_the_word(editor: CodeEditor) -> None:
    editor.offer_completions(0, WORDS)
    assert len(offered(editor)) == 4

    QTest.keyClicks(editor.input_widget(), "ope")
    assert offered(editor) == ["open", "opened", "Opera"]
    QTest.keyClicks(editor.input_widget(), "n")
    assert offered(editor) == ["open", "opened"]
    press(editor, Qt.Key.Key_Backspace)
    assert offered(editor) == ["open", "opened", "Opera"]

    QTest.keyClicks(editor.input_widget(), "(")
    assert offered(editor) == []
    assert editor.text() == "ope("


def test_the_keys_of_the_list_go_round_and_escape_closes_it_alone(editor: CodeEditor, qtbot: QtBot) -> None:
    editor.offer_completions(0, WORDS)
    press(editor, Qt.Key.Key_Up)
    press(editor, Qt.Key.Key_Tab)
    assert editor.text() == "close"

    editor.set_text("")
    editor.offer_completions(0, WORDS)
    with qtbot.assertNotEmitted(editor.escaped):
        press(editor, Qt.Key.Key_Escape)
    assert offered(editor) == []


def test_the_rest_of_a_word_goes_with_its_beginning(editor: CodeEditor) -> None:
    editor.set_text("x.opfoo + 1")
    editor.select(4, 4)

    editor.offer_completions(2, WORDS)
    press(editor, Qt.Key.Key_Return)

    assert editor.text() == "x.open + 1"


def test_a_read_only_text_is_offered_nothing(editor: CodeEditor) -> None:
    editor.set_text("op")
    editor.set_read_only(True)

    editor.offer_completions(0, WORDS)

    assert offered(editor) == []


@pytest.mark.parametrize("typed, wanted", [(".", 1), ("a", 1), ("é", 1), ("(", 0), (" ", 0)])
def test_letters_and_dots_ask_for_completions(editor: CodeEditor, typed: str, wanted: int) -> None:
    asked: list[int] = []
    editor.completion_wanted.connect(lambda: asked.append(1))

    QApplication.sendEvent(
        editor.input_widget(),
        QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_unknown, Qt.KeyboardModifier.NoModifier, typed),
    )

    assert len(asked) == wanted


def test_ctrl_and_space_ask_for_completions(editor: CodeEditor, qtbot: QtBot) -> None:
    with qtbot.waitSignal(editor.completion_wanted):
        press(editor, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)

    assert editor.text() == ""


# ---- tips -------------------------------------------------------------------------------------------------------------


def test_a_tip_goes_when_the_caret_leaves_its_line(editor: CodeEditor, qtbot: QtBot) -> None:
    editor.set_text("open(\nsecond")
    editor.select(5, 5)
    editor.show_tip(4, "open(times)", (5, 10))
    assert editor.hint_windows.tip_text == "open(times)"

    QTest.keyClicks(editor.input_widget(), "1")
    assert editor.hint_windows.tip_text == "open(times)"
    press(editor, Qt.Key.Key_Down)

    qtbot.waitUntil(lambda: editor.hint_windows.tip_text == "")


def test_a_tip_goes_with_escape_and_when_it_is_told_to(editor: CodeEditor) -> None:
    editor.show_tip(0, "one")
    press(editor, Qt.Key.Key_Escape)
    assert editor.hint_windows.tip_text == ""

    editor.show_tip(0, "two")
    editor.hide_tip()
    assert editor.hint_windows.tip_text == ""


def test_a_tip_shows_tags_as_they_are_and_is_never_larger_than_a_screen(editor: CodeEditor) -> None:
    text = "<img src=x>\n" * 5000

    editor.show_tip(0, text)

    tip = editor.hint_windows._tip
    assert tip is not None
    assert tip._label.accessibleName().startswith("<img src=x>\n<img")
    assert "&lt;img" in tip._label.text()
    assert tip.height() < 600


# ---- notes ------------------------------------------------------------------------------------------------------------


def test_notes_stand_behind_lines_and_are_no_text(editor: CodeEditor, theme: Theme) -> None:
    editor.set_text("one\ntwo\nthree")
    bare = editor.grab().toImage()

    editor.set_line_notes({2: LineNote("3×, 1.2 ms ü", "three times")})

    assert editor.grab().toImage() != bare
    assert editor.line_note(2) == LineNote("3×, 1.2 ms ü", "three times")
    assert editor.line_note(1) is None
    assert editor.text() == "one\ntwo\nthree"
    assert not editor.is_dirty()
    editor.set_line_notes({})
    assert editor.line_note(2) is None
    assert editor.grab().toImage() == bare


def test_notes_move_with_their_lines_until_the_next_are_set(editor: CodeEditor) -> None:
    editor.set_text("one\ntwo")
    editor.set_line_notes({2: LineNote("old")})

    editor.replace(0, 0, "zero\n")
    assert editor.line_note(3) == LineNote("old")

    editor.set_line_notes({2: LineNote("new"), 99: LineNote("nowhere")})
    assert [editor.line_note(line) for line in (1, 2, 3)] == [None, LineNote("new"), None]


def test_pointing_at_a_note_tells_the_whole_story(editor: CodeEditor) -> None:
    editor.set_text("one\ntwo")
    editor.set_line_notes({1: LineNote("3×", "three times")})
    end = editor.place_of(3)

    rest_at(editor, end.center() + QPoint(40, 0))

    assert editor.hint_windows.tip_text == "three times"


LONG = "    def ttsc_closed__open(self, " + "times: int, " * 20 + ") -> None:"


def test_a_note_for_which_there_is_no_room_stands_at_the_right_edge(editor: CodeEditor, theme: Theme) -> None:
    editor.set_text(f"class A:\n{LONG}\n    def f(self): pass")
    bare = editor.grab().toImage()
    editor.set_line_notes({2: LineNote("3×  1.2 ms", "three times"), 3: LineNote("7×", "seven times")})
    shown = editor.grab().toImage()

    right, middle = editor.input_widget().viewport().width() - 10, editor.place_of(editor.line_start(2)).center().y()
    left = editor.input_widget().viewport().mapTo(editor, QPoint(0, 0)).x()
    changed = [x for x in range(left + right - 60, left + right) if shown.pixel(x, middle) != bare.pixel(x, middle)]
    assert changed
    rest_at(editor, QPoint(right, middle))
    assert editor.hint_windows.tip_text == "three times"
    move(editor, QPoint(right // 2, middle))
    assert editor.hint_windows.tip_text == ""


def test_the_line_that_is_written_in_is_not_covered_by_its_note(editor: CodeEditor) -> None:
    editor.set_text(f"{LONG}\n{LONG}")
    editor.set_line_notes({1: LineNote("3×", "three times"), 2: LineNote("4×", "four times")})
    edge = editor.input_widget().viewport().width() - 5

    assert editor.note_at(QPoint(edge, editor.place_of(0).center().y())) is None
    assert editor.note_at(QPoint(edge, editor.place_of(editor.line_start(2)).center().y())) == 2


# ---- changes ----------------------------------------------------------------------------------------------------------


def test_many_changes_are_one_step_and_the_caret_stays_at_its_word(editor: CodeEditor) -> None:
    editor.set_text("é😀 a\nb a\nc")
    editor.select(7, 7)

    editor.replace_many([(3, 4, "long"), (0, 1, ""), (7, 8, "x"), (9, 9, "end")])

    assert editor.text() == "😀 long\nb x\nendc"
    assert editor.line_of(editor.caret()) == 2
    editor.undo()
    assert editor.text() == "é😀 a\nb a\nc"
    assert not editor.can_undo()


def test_many_changes_leave_a_read_only_text_alone(editor: CodeEditor) -> None:
    editor.set_text("a")
    editor.set_read_only(True)

    editor.replace_many([(0, 1, "b")])

    assert editor.text() == "a"
