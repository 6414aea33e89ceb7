"""Whole lines, several carets and folds: the same tests for both widgets where both have them."""

from __future__ import annotations

from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.panels.editor.code_editor import CodeEditor
from tasktonic_studio.ui.panels.editor.hints import Completion
from tasktonic_studio.ui.panels.editor.on_scintilla import carets
from tasktonic_studio.ui.panels.editor.panel import EditorPanel
from tasktonic_studio.ui.panels.editor.plain import PlainEditor
from tasktonic_studio.ui.panels.editor.scintilla import ScintillaEditor
from tasktonic_studio.ui.panels.editor.text_widget import Look, TooManyPlaces
from tasktonic_studio.ui.theme.theme import Theme
from tests.helpers.window_stand import WindowStand

FOLDED = "class A:\n    def f(self):\n        return 1\n\n    def g(self):\n        return 2\n\n\nx = 2\n"
ALT = Qt.KeyboardModifier.AltModifier


def hidden(editor: CodeEditor) -> list[int]:
    return [line for line in range(1, editor.line_count() + 1) if editor.is_hidden(line)]


# ---- lines ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text, selection, after, kept",
    [
        ("a\nb\nc", (2, 2), "a\nb\nb\nc", (4, 4)),
        ("a\nb", (2, 3), "a\nb\nb", (4, 5)),
        ("aé\nb\nc", (0, 4), "aé\nb\naé\nb\nc", (5, 9)),
    ],
)
def test_lines_are_doubled(
    editor: CodeEditor, text: str, selection: tuple[int, int], after: str, kept: tuple[int, int]
) -> None:
    editor.set_text(text)
    editor.select(*selection)

    editor.duplicate_lines()

    assert (editor.text(), editor.selection()) == (after, kept)
    editor.undo()
    assert editor.text() == text


@pytest.mark.parametrize("at, after", [(0, "b\nc"), (2, "a\nc"), (4, "a\nb")])
def test_lines_are_deleted(editor: CodeEditor, at: int, after: str) -> None:
    editor.set_text("a\nb\nc")
    editor.select(at, at)

    editor.delete_lines()

    assert editor.text() == after


def test_lines_move_with_their_selection_and_stop_at_the_ends(editor: CodeEditor) -> None:
    editor.set_text("one\ntwo\nthree")
    editor.select(4, 7)

    editor.move_lines(-1)
    assert (editor.text(), editor.selected_text()) == ("two\none\nthree", "two")
    editor.move_lines(-1)
    assert editor.text() == "two\none\nthree"
    editor.move_lines(1)
    editor.move_lines(1)
    assert (editor.text(), editor.selected_text()) == ("one\nthree\ntwo", "two")
    editor.move_lines(1)
    assert editor.text() == "one\nthree\ntwo"


def test_a_line_without_selection_goes_in_and_out(editor: CodeEditor) -> None:
    editor.set_text("a\nb")
    editor.select(1, 1)

    editor.move_lines_in()
    assert editor.text() == "    a\nb"
    editor.move_lines_out()
    assert editor.text() == "a\nb"


def test_a_read_only_text_keeps_its_lines(editor: CodeEditor) -> None:
    editor.set_text("a\nb")
    editor.set_read_only(True)

    editor.duplicate_lines()
    editor.delete_lines()
    editor.move_lines(1)

    assert editor.text() == "a\nb"


# ---- folds ------------------------------------------------------------------------------------------------------------


def test_a_block_folds_and_unfolds(editor: CodeEditor) -> None:
    editor.set_text(FOLDED)

    editor.toggle_fold(2)
    assert hidden(editor)[:1] == [3]
    assert 5 not in hidden(editor)
    editor.toggle_fold(2)
    assert hidden(editor) == []


def test_folding_inside_a_block_folds_it_and_takes_the_caret_along(editor: CodeEditor) -> None:
    editor.set_text(FOLDED)
    editor.go_to(6)

    editor.toggle_fold(6)

    assert 6 in hidden(editor)
    assert editor.line_of(editor.caret()) == 5


def test_all_blocks_fold_and_unfold(editor: CodeEditor) -> None:
    editor.set_text(FOLDED)
    editor.go_to(3)

    editor.fold_all(True)
    assert {2, 3, 4, 5, 6} <= set(hidden(editor))
    assert 9 not in hidden(editor)
    assert editor.line_of(editor.caret()) == 1
    editor.fold_all(False)
    assert hidden(editor) == []


def test_a_long_text_folds_and_unfolds_between_what_the_user_does(editor: CodeEditor, qtbot: QtBot) -> None:
    blocks = 4_000
    editor.set_text("if 1:\n    pass\n" * blocks)

    editor.fold_all(True)
    assert not editor.is_hidden(2 * blocks), "all was done at once"
    editor.replace(0, 0, "x = 1\n")

    qtbot.waitUntil(lambda: editor.is_hidden(2 * blocks + 1))
    assert all(editor.is_hidden(line) == bool(line % 2) for line in range(2, 2 * blocks + 2))
    editor.fold_all(False)
    qtbot.waitUntil(lambda: not hidden(editor))


def row_of_caret(editor: CodeEditor) -> int:
    place = editor.place_of(editor.caret())
    return place.top() // place.height()


def test_folding_all_and_unfolding_keep_the_caret_in_its_row_of_the_screen(editor: CodeEditor, qtbot: QtBot) -> None:
    editor.set_text("if 1:\n    pass\n" * 300)
    editor.go_to(401)
    row = row_of_caret(editor)
    assert 2 < row < editor.visible_line_count()

    editor.fold_all(True)
    qtbot.waitUntil(lambda: editor.is_hidden(600))
    assert row_of_caret(editor) == row
    assert editor.line_of(editor.caret()) == 401

    editor.fold_all(False)
    qtbot.waitUntil(lambda: not editor.is_hidden(600))
    assert row_of_caret(editor) == row


def test_folding_all_leaves_what_is_looked_at_where_the_caret_is_not(editor: CodeEditor, qtbot: QtBot) -> None:
    editor.set_text("if 1:\n    pass\n" * 300)
    editor.go_to(1)
    editor.scroll_to(301)

    editor.fold_all(True)
    qtbot.waitUntil(lambda: editor.is_hidden(600))

    assert editor.first_visible_line() == 301
    editor.fold_all(False)
    qtbot.waitUntil(lambda: not editor.is_hidden(600))
    assert editor.first_visible_line() == 301


def test_what_the_user_folds_while_a_long_text_unfolds_can_be_gone_to(editor: CodeEditor, qtbot: QtBot) -> None:
    blocks = 4_000
    editor.set_text("if 1:\n    pass\n" * blocks)
    editor.fold_all(True)
    qtbot.waitUntil(lambda: editor.is_hidden(2 * blocks))

    editor.fold_all(False)
    if not editor.is_hidden(2):
        editor.toggle_fold(1)
    qtbot.waitUntil(lambda: not editor.is_hidden(2 * blocks))
    editor.go_to(2)

    assert not editor.is_hidden(2)


def test_going_to_a_folded_line_unfolds_it(editor: CodeEditor) -> None:
    editor.set_text(FOLDED)
    editor.fold_all(True)

    editor.go_to(6)

    assert 6 not in hidden(editor)
    assert editor.line_of(editor.caret()) == 6


def test_a_text_without_blocks_has_nothing_to_fold(editor: CodeEditor) -> None:
    editor.set_text("a\nb\n")

    editor.toggle_fold(1)
    editor.fold_all(True)

    assert hidden(editor) == []


def test_what_is_folded_is_still_text(editor: CodeEditor) -> None:
    editor.set_text(FOLDED)
    editor.fold_all(True)

    assert editor.text() == FOLDED
    assert not editor.is_dirty()
    editor.replace(0, 0, "# new\n")
    assert editor.text() == "# new\n" + FOLDED
    editor.undo()
    assert editor.text() == FOLDED


def test_a_click_on_the_box_folds_in_the_plain_editor_too(qtbot: QtBot, theme: object) -> None:
    editor = PlainEditor()
    qtbot.addWidget(editor)
    editor.resize(600, 300)
    editor.show()
    editor.set_text(FOLDED)
    margin = editor._margin

    QTest.mouseClick(margin, Qt.MouseButton.LeftButton, pos=QPoint(margin.width() - 8, 6))

    assert hidden(editor)[:1] == [2]


# ---- several carets ---------------------------------------------------------------------------------------------------


@pytest.fixture
def scintilla(qtbot: QtBot, theme: object) -> ScintillaEditor:
    made = ScintillaEditor()
    qtbot.addWidget(made)
    made.resize(600, 300)
    made.show()
    return made


def test_the_next_hit_joins_word_by_word(scintilla: ScintillaEditor) -> None:
    scintilla.set_text("door = indoor(door)\nDoor\ndoor")
    scintilla.select(1, 1)

    scintilla.add_next_hit()
    assert scintilla.selections() == [(0, 4)]
    scintilla.add_next_hit()
    scintilla.add_next_hit()
    assert scintilla.selections() == [(0, 4), (14, 18), (25, 29)]
    QTest.keyClicks(scintilla.input_widget(), "g")

    assert scintilla.text() == "g = indoor(g)\nDoor\ng"
    scintilla.undo()
    assert scintilla.text().startswith("door = ")


def test_in_more_places_than_carets_can_type_in_a_word_is_selected_once(
    scintilla: ScintillaEditor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carets, "MOST_CARETS", 3)
    scintilla.set_text("é a, a, ba")
    scintilla.select(2, 2)
    scintilla.add_all_hits()
    assert len(scintilla.selections()) == 2

    scintilla.set_text("é a a a a")
    scintilla.select(2, 2)
    with pytest.raises(TooManyPlaces, match="in more than 3 places: with so many carets each key would take long"):
        scintilla.add_all_hits()

    assert scintilla.selections() == [(2, 3)]


def test_the_key_for_all_places_says_in_the_window_when_they_are_too_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carets, "MOST_CARETS", 3)
    file = tmp_path / "a.py"
    file.write_text("a = a + a + a\n")
    stand = WindowStand(tmp_path, panels=[EditorPanel(tmp_path / "drafts")])
    stand.window.show()
    stand.bench.open_source(str(file), 1)

    stand.bench.run("editor.caret_at_all")

    problem = stand.bench.banner.problem
    stand.close()
    assert problem is not None
    assert problem.sentence.endswith("Replace (Ctrl+H) changes them all at once.")


def test_all_hits_change_at_once(scintilla: ScintillaEditor) -> None:
    scintilla.set_text("é a, a, ba")
    scintilla.select(2, 2)

    scintilla.add_all_hits()

    assert sorted(scintilla.selections()) == [(2, 3), (5, 6)]


def test_alt_and_a_click_adds_a_caret(scintilla: ScintillaEditor, qtbot: QtBot) -> None:
    scintilla.set_text("abc\nabc\nabc")
    scintilla.grab()
    for count, position in enumerate((5, 9), start=2):
        place = scintilla.place_of(position).center()
        QTest.mouseClick(scintilla.input_widget().viewport(), Qt.MouseButton.LeftButton, ALT, place)
        qtbot.waitUntil(lambda count=count: len(scintilla.selections()) == count)

    QTest.keyClicks(scintilla.input_widget(), "x")

    assert scintilla.text() == "xabc\naxbc\naxbc"


def test_no_caret_is_added_to_an_editor_that_went_right_after_the_click(qtbot: QtBot, theme: Theme) -> None:
    editor = ScintillaEditor()
    editor.apply_look(Look(theme.color, theme.font("mono")))
    editor.resize(700, 400)
    editor.show()
    editor.set_text("abc\nabc\nabc")
    editor.grab()
    place = editor.place_of(5).center()

    with qtbot.captureExceptions() as raised:
        QTest.mouseClick(editor.input_widget().viewport(), Qt.MouseButton.LeftButton, ALT, place)
        editor.deleteLater()
        QCoreApplication.sendPostedEvents(editor, int(QEvent.Type.DeferredDelete))
        QCoreApplication.processEvents()

    assert not shiboken6.isValid(editor)
    assert raised == []


def test_dragging_with_alt_selects_a_column(scintilla: ScintillaEditor, qtbot: QtBot) -> None:
    scintilla.set_text("abc\nabc\nabc")
    scintilla.grab()
    viewport = scintilla.input_widget().viewport()
    begin, end = scintilla.place_of(1).center(), scintilla.place_of(10).center()

    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, ALT, begin)
    QTest.mouseMove(viewport, end)
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, ALT, end)

    qtbot.waitUntil(lambda: sorted(scintilla.selections()) == [(1, 2), (5, 6), (9, 10)])


def test_carets_above_and_below_stand_in_one_column(scintilla: ScintillaEditor) -> None:
    scintilla.set_text("abc\nabc\nabc")
    scintilla.select(5, 5)

    scintilla.add_caret_beside(1)
    scintilla.add_caret_beside(1)
    assert scintilla.selections() == [(5, 5), (9, 9)]

    QTest.keyClick(scintilla.input_widget(), Qt.Key.Key_Escape)
    assert len(scintilla.selections()) == 1


def test_the_plain_editor_says_that_it_has_one_caret(editor: CodeEditor) -> None:
    assert editor.has_carets is isinstance(editor, ScintillaEditor)
    assert editor.selections() == [(0, 0)]


def test_a_completion_is_put_in_at_every_caret(qtbot: QtBot) -> None:
    editor = ScintillaEditor()
    qtbot.addWidget(editor)
    editor.resize(500, 300)
    editor.show()
    editor.set_text("é.op = 1\nb.opfoo\nc.x\n")
    editor.select_spans([(4, 4), (13, 13), (19, 19)])
    editor.select_spans([(19, 19), (13, 13), (4, 4)])

    editor.offer_completions(2, [Completion("opened", "state")])
    QTest.keyClick(editor.input_widget(), Qt.Key.Key_Tab)
    assert editor.text() == "é.opened = 1\nb.opened\nc.x\n"
    QTest.keyClicks(editor.input_widget(), "!")

    assert editor.text() == "é.opened! = 1\nb.opened!\nc.!x\n"
    editor.undo()
    editor.undo()
    assert editor.text() == "é.op = 1\nb.opfoo\nc.x\n"


def test_what_is_hidden_below_a_line_that_folds_no_more_is_shown(editor: CodeEditor) -> None:
    editor.set_text(FOLDED)
    editor.toggle_fold(1)
    assert hidden(editor) != []
    editor.select(8, 8)

    QTest.keyClick(editor.input_widget(), Qt.Key.Key_Return)

    assert hidden(editor) == []
    editor.toggle_fold(1)
    assert 4 in hidden(editor)
