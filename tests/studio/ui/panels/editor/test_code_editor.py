"""What both editors promise: the same tests, with real keys and clicks, for Scintilla and for the plain one."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QKeyEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractScrollArea, QApplication
from pytestqt.qtbot import QtBot

from tasktonic_studio.analysis.text_search import Query, find_all
from tasktonic_studio.ui.panels.editor.code_editor import CodeEditor
from tasktonic_studio.ui.panels.editor.marks import place_mark, stands_mark
from tasktonic_studio.ui.panels.editor.text_widget import Look
from tasktonic_studio.ui.theme.theme import Theme

TONIC = """\
import tasktonic

# ttsc__comment is prose
class Door(tasktonic.ttTonic):
    def ttse__on_start(self):
        self.ttsc__open(1)

    def ttsc_closed__open(self, times):
        'ttsc__in_a_string'
        self._tts__note("é😀"); self.ttsc__open(times)
        return self._ttss__finish()

    def plain(self):
        return None
"""


def press(editor: CodeEditor, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(editor.input_widget(), key, modifiers)


def write(editor: CodeEditor, text: str) -> None:
    QTest.keyClicks(editor.input_widget(), text)


def compose(editor: CodeEditor, text: str) -> None:
    """Put in what no key has, as an input method does."""
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(editor.input_widget(), event)


def role_at(editor: CodeEditor, theme: Theme, word: str, count: int = 0) -> set[str]:
    """The roles that have the colour in which the nth occurrence of a word is drawn."""
    start = find_all(editor.text(), Query(word, match_case=True))[count][0]
    colours = {editor.color_at(position).name() for position in range(start, start + len(word))}
    assert len(colours) == 1
    drawn = colours.pop()
    roles = [role for role in dir(theme.tokens) if role.startswith("editor_")]
    return {role for role in roles if theme.hex(role) == drawn}


def colours_of_lines(editor: CodeEditor) -> set[str]:
    """The colours right of the text of the first lines."""
    picture = editor.grab().toImage()
    return {picture.pixelColor(400, y).name() for y in range(60)}


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


def test_every_kind_of_sparkle_has_its_colour_where_it_is_defined(editor: CodeEditor, theme: Theme) -> None:
    editor.set_text(TONIC)

    assert "editor_sparkle_event" in role_at(editor, theme, "ttse__on_start")
    assert "editor_sparkle_command" in role_at(editor, theme, "ttsc_", 2)


def test_every_kind_of_sparkle_has_its_colour_where_it_is_used(editor: CodeEditor, theme: Theme) -> None:
    editor.set_text(TONIC)

    assert "editor_sparkle_command" in role_at(editor, theme, "ttsc__open", 0)
    assert "editor_sparkle_command" in role_at(editor, theme, "ttsc__open", 1)
    assert "editor_sparkle_internal" in role_at(editor, theme, "_tts__note")
    assert "editor_sparkle_system" in role_at(editor, theme, "_ttss__finish")


def test_a_sparkle_in_prose_keeps_the_colour_of_the_prose(editor: CodeEditor, theme: Theme) -> None:
    editor.set_text(TONIC)

    assert "editor_comment" in role_at(editor, theme, "ttsc__comment")
    assert "editor_string" in role_at(editor, theme, "ttsc__in_a_string")


@pytest.mark.parametrize("name", ["dark", "light", "contrast"])
def test_a_state_has_its_colour_where_it_is_defined_and_used(editor: CodeEditor, theme: Theme, name: str) -> None:
    theme.choose(name)
    editor.apply_look(Look(theme.color, theme.font("mono")))
    editor.set_text(
        "é = 1\nclass Door(ttTonic):\n    def ttsc_closed__open(self):\n        self.to_state('opened')  # to_state('prose')\n"
        '        if self.get_current_state_name() == "closed": pass\n'
    )

    assert role_at(editor, theme, "closed", 0) == {"editor_state"}
    assert role_at(editor, theme, "opened") == {"editor_state"}
    assert role_at(editor, theme, "closed", 1) == {"editor_state"}
    assert "editor_sparkle_command" in role_at(editor, theme, "ttsc_")
    assert "editor_sparkle_command" in role_at(editor, theme, "__open")
    assert "editor_comment" in role_at(editor, theme, "prose")


def test_python_has_its_colours(editor: CodeEditor, theme: Theme) -> None:
    editor.set_text(TONIC)

    assert "editor_keyword" in role_at(editor, theme, "class")
    assert "editor_class" in role_at(editor, theme, "Door")
    assert "editor_def" in role_at(editor, theme, "plain")
    assert "editor_text" in role_at(editor, theme, "times")


def test_a_sparkle_gets_its_colour_while_it_is_typed(editor: CodeEditor, theme: Theme) -> None:
    write(editor, "self.ttsc")
    assert "editor_text" in role_at(editor, theme, "ttsc")

    write(editor, "__go()")

    assert "editor_sparkle_command" in role_at(editor, theme, "ttsc__go")


def test_an_opened_string_takes_the_colours_below_it(editor: CodeEditor, theme: Theme) -> None:
    editor.set_text("\nself.ttsc__go()\n")
    editor.select(0, 0)

    write(editor, '"""')

    assert "editor_string" in role_at(editor, theme, "ttsc__go")


def test_colours_follow_the_theme(editor: CodeEditor, theme: Theme) -> None:
    editor.set_text(TONIC)
    for name in ("light", "contrast"):
        theme.choose(name)
        editor.apply_look(Look(theme.color, theme.font("mono")))

        assert "editor_sparkle_event" in role_at(editor, theme, "ttse__on_start")
        assert "editor_keyword" in role_at(editor, theme, "class")


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


def test_marks_leave_the_text_alone(editor: CodeEditor) -> None:
    editor.set_text("a\nb\nc")

    editor.set_marks([place_mark(2)])
    editor.set_hits([(0, 1), (4, 5)])
    editor.grab()
    editor.set_marks([])
    editor.set_hits([])

    assert editor.text() == "a\nb\nc"
    assert not editor.is_dirty()


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


def test_a_marked_line_shows_also_where_the_caret_is(editor: CodeEditor, theme: Theme) -> None:
    editor.set_text("a\n" * 50)
    editor.go_to(2)
    editor.set_marks([place_mark(2)])

    assert theme.hex("editor_selection_back") in colours_of_lines(editor)


def test_a_place_gone_to_has_no_arrow_as_the_line_has_where_the_app_stands(editor: CodeEditor, theme: Theme) -> None:
    editor.set_text("a\n" * 50)
    editor.set_marks([stands_mark(2)])
    arrows = signs_in_the_margin(editor, theme)
    editor.set_marks([place_mark(2)])

    assert arrows > 0
    assert signs_in_the_margin(editor, theme) == 0


def signs_in_the_margin(editor: CodeEditor, theme: Theme) -> int:
    """How many points left of the numbers are of the colour of an arrow."""
    picture = editor.grab().toImage()
    colours = {theme.color("accent").rgb(), theme.color("warning").rgb()}
    return sum(picture.pixel(x, y) in colours for x in range(16) for y in range(80))


def test_the_line_of_the_caret_has_its_colour_again_after_a_mark(editor: CodeEditor, theme: Theme) -> None:
    editor.set_text("a\n" * 50)
    editor.go_to(2)
    editor.set_marks([place_mark(2)])
    editor.set_marks([])

    assert colours_of_lines(editor) == {theme.hex("editor_back"), theme.hex("editor_caret_line")}


def bare_ground(editor: CodeEditor, theme: Theme) -> int:
    """How many of some points of the picture have the colour behind a text."""
    picture = editor.grab().toImage()
    back = theme.color("editor_back").rgb()
    return sum(picture.pixel(x, y) == back for x in range(120, 600, 7) for y in range(40, 380, 3))


def test_hits_are_marked_where_one_scrolls_to(editor: CodeEditor, theme: Theme) -> None:
    text = "".join(f"é {number} {'needle ' * 12}\n" for number in range(500))
    editor.set_text(text)
    bare = bare_ground(editor, theme)

    editor.set_hits(find_all(text, Query("needle")))
    assert bare_ground(editor, theme) < bare * 0.8

    editor.go_to(400)
    assert bare_ground(editor, theme) < bare * 0.8

    editor.set_hits(())
    assert bare_ground(editor, theme) > bare * 0.9
