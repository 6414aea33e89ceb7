"""Finding and replacing in long texts, with patterns that never end, and in a part of the text. In both widgets."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.panels.editor import find_bar, finder
from tasktonic_studio.ui.panels.editor.code_editor import CodeEditor
from tasktonic_studio.ui.panels.editor.find_bar import NO_PART, PART_LOST, FindBar
from tasktonic_studio.ui.panels.editor.view import EditorView
from tests.helpers.patience import PATIENCE_MS
from tests.studio.ui.panels.editor.conftest import MakeView

Opened = tuple[CodeEditor, FindBar]


class Opening:
    """Opens a text with the lines to find and to replace."""

    def __init__(self, view: EditorView, folder: Path) -> None:
        self.view = view
        self._folder = folder

    def __call__(self, text: str) -> Opened:
        file = self._folder / "f.py"
        file.write_text(text, encoding="utf-8")
        self.view.open_place(str(file))
        self.view.show_replace()
        editor = self.view.editor()
        assert editor is not None
        return editor, self.view.find_bar


@pytest.fixture
def opening(make_view: MakeView, tmp_path: Path) -> Opening:
    return Opening(make_view(), tmp_path)


def press(button: object) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)  # type: ignore[call-overload]


def test_a_pattern_that_takes_too_long_is_given_up_while_the_window_goes_on(
    opening: Opening, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor, bar = opening("a" * 20_000 + "b\n")
    bar.is_pattern.click()
    bar.query.setText("a+b")
    qtbot.waitUntil(lambda: bar.count.text() == "1 of 1", timeout=PATIENCE_MS)
    monkeypatch.setattr(finder, "LIMIT_MS", 300)
    said: list[str] = []
    show = bar._show_count
    monkeypatch.setattr(bar, "_show_count", lambda words: (said.append(words), show(words)))

    bar.query.setText("a*a*a*$")
    QTest.keyClicks(bar.replacement, "x")
    assert bar.is_busy
    qtbot.waitUntil(lambda: not bar.is_busy, timeout=PATIENCE_MS)

    assert said[:2] == ["looking…", ""]

    assert bar.problem.text() == (
        "✕  Looking for this pattern was given up. It took longer than 0.3 s. Fewer repeats (*, +) make it quicker, or signs in "
        "the place of dots, such as [^,]* for .*"
    )
    assert (bar.count.text(), bar.replacement.text()) == ("", "x")
    press(bar.replace_every)
    qtbot.waitUntil(lambda: not bar.is_busy, timeout=PATIENCE_MS)
    assert editor.text() == "a" * 20_000 + "b\n"


def test_a_repeated_repeat_that_ends_is_found(opening: Opening, qtbot: QtBot) -> None:
    _editor, bar = opening("one two  three\n4\n")
    bar.is_pattern.click()

    bar.query.setText(r"(\w+\s*)+three")

    qtbot.waitUntil(lambda: bar.count.text() == "1 of 1", timeout=PATIENCE_MS)


def test_what_is_asked_for_before_the_answer_is_there_is_done_then(opening: Opening, qtbot: QtBot) -> None:
    editor, bar = opening("one two\none\n")
    bar.is_pattern.click()
    bar.query.setText("on.")
    bar.replacement.setText("1")

    press(bar.replace_every)

    qtbot.waitUntil(lambda: bar.count.text() == "2 replaced", timeout=PATIENCE_MS)
    assert editor.text() == "1 two\n1\n"


def test_an_answer_about_a_text_that_was_changed_meanwhile_is_not_heard(opening: Opening, qtbot: QtBot) -> None:
    editor, bar = opening("one two\n")
    bar.is_pattern.click()
    bar.query.setText("tw.")

    editor.replace(0, 0, "two ")

    qtbot.waitUntil(lambda: bar.count.text() == "2 found" and not bar.is_busy, timeout=PATIENCE_MS)
    assert bar._found.spans == [(0, 3), (8, 11)]


def test_all_means_all_however_many_there_are(opening: Opening, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(find_bar, "MOST_HITS", 3)
    editor, bar = opening("a b a b a b a b a\n")
    bar.query.setText("a")
    bar.replacement.setText("é")
    assert bar.count.text() == "1 of 3+"

    press(bar.replace_every)

    assert editor.text() == "é b é b é b é b é\n"
    assert bar.count.text() == "5 replaced"


def test_more_than_can_be_replaced_at_once_is_said(opening: Opening, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(find_bar, "MOST_REPLACED", 2)
    monkeypatch.setattr(find_bar, "MOST_HITS", 2)
    _editor, bar = opening("a a a\n")
    bar.query.setText("a")

    press(bar.replace_every)

    assert bar.count.text() == "2 replaced, and there are more"


def test_going_on_far_below_ten_thousand_hits_does_not_begin_anew(opening: Opening) -> None:
    editor, bar = opening("e\n" * 12_000)
    bar.query.setText("e")
    editor.go_to(11_500)

    opening.view.find_next()

    assert editor.line_of(editor.selection()[0]) == 11_500
    opening.view.find_next()
    assert editor.line_of(editor.selection()[0]) == 11_501
    assert bar.count.text() == "11,501 of 12,000"


def test_replacing_all_leaves_the_caret_the_folds_and_what_is_between(opening: Opening) -> None:
    editor, bar = opening("x = old\nclass A:\n    def f(self):\n        pass\n\ny = 3\n" + "# old\n" * 50)
    bar.query.setText("old")
    bar.replacement.setText("older")
    editor.toggle_fold(2)
    editor.select(editor.line_start(6) + 2, editor.line_start(6) + 2)

    press(bar.replace_every)

    assert (editor.line_of(editor.caret()), editor.column()) == (6, 3)
    assert editor.is_hidden(4)
    assert editor.text().count("older") == 51


def test_thousands_of_replacements_are_told_once_and_undone_at_once(opening: Opening) -> None:
    text = "a = b\n" * 4_000
    editor, bar = opening(text)
    bar.query.setText("b")
    bar.replacement.setText("long")
    told: list[str] = []
    editor.changed.connect(lambda: told.append("changed"))

    press(bar.replace_every)
    assert editor.text() == "a = long\n" * 4_000
    editor.undo()

    assert editor.text() == text
    assert not editor.is_dirty()
    assert told == ["changed"] * 2


def test_hits_are_found_anew_when_the_text_is_changed(opening: Opening, qtbot: QtBot) -> None:
    editor, bar = opening("one two\n")
    bar.query.setText("one")

    editor.replace(4, 7, "one")

    qtbot.waitUntil(lambda: bar.count.text() == "2 found", timeout=PATIENCE_MS)


def test_hits_are_marked_again_when_the_line_is_opened_again(opening: Opening) -> None:
    editor, bar = opening("one two\n" * 10)
    bar.query.setText("one")
    bar.close_bar()
    opening.view.find_next()
    bare = editor.grab().toImage()

    opening.view.show_find()
    QApplication.processEvents()

    assert editor.grab().toImage() != bare


def test_only_what_is_selected_is_searched_and_replaced(opening: Opening) -> None:
    editor, bar = opening("one\none two one\none\n")
    bar.query.setText("one")
    bar.replacement.setText("1")
    editor.select(4, 15)

    press(bar.in_part)
    assert bar.count.text() == "1 of 2"
    press(bar.replace_one)
    assert editor.text() == "one\n1 two one\none\n"
    press(bar.replace_every)

    assert editor.text() == "one\n1 two 1\none\n"
    press(bar.in_part)
    assert bar.count.text().endswith("of 2")


def test_a_part_is_the_same_after_the_text_around_it_was_changed(opening: Opening, qtbot: QtBot) -> None:
    editor, bar = opening("one\none two one\none\n")
    bar.query.setText("one")
    bar.replacement.setText("1")
    editor.select(4, 15)
    press(bar.in_part)
    for at, text in ((0, "more "), (len(editor.text()) + 5, "one\n"), (13, "one ")):
        editor.replace(at, at, text)
        qtbot.waitUntil(lambda: not bar.is_busy, timeout=PATIENCE_MS)

    press(bar.replace_every)

    assert editor.text() == "more one\n1 1 two 1\none\none\n"


def test_a_part_that_is_lost_is_said_and_nothing_is_replaced(opening: Opening) -> None:
    editor, bar = lose_the_part(opening)

    press(bar.replace_every)

    assert editor.text() == "a one\none b two one\none\nc"
    assert bar.problem.text() == f"✕  {PART_LOST}"
    press(bar.replace_every)
    opening.view.find_next()
    assert editor.text() == "a one\none b two one\none\nc", "nor at the second time"
    assert bar.in_part.isChecked()


def lose_the_part(opening: Opening) -> Opened:
    text = "one\none two one\none\n"
    editor, bar = opening(text)
    bar.query.setText("one")
    bar.replacement.setText("1")
    editor.select(4, 15)
    press(bar.in_part)
    editor.replace_many([(0, 0, "a "), (8, 8, "b "), (len(text), len(text), "c")])
    return editor, bar


def test_a_part_that_was_lost_is_searched_when_it_is_selected_again(opening: Opening) -> None:
    editor, bar = lose_the_part(opening)
    editor.select(6, 19)

    press(bar.in_part)
    press(bar.replace_every)

    assert bar.in_part.isChecked()
    assert editor.text() == "a one\n1 b two 1\none\nc"


def test_who_gives_a_lost_part_up_searches_the_whole_file(opening: Opening) -> None:
    editor, bar = lose_the_part(opening)
    editor.select(0, 0)

    press(bar.in_part)
    press(bar.replace_every)

    assert not bar.in_part.isChecked()
    assert editor.text() == "a 1\n1 b two 1\n1\nc"


def test_going_on_with_the_line_closed_says_that_a_pattern_was_given_up(
    opening: Opening, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    _editor, bar = opening("a" * 20_000 + "b\n")
    bar.is_pattern.click()
    bar.query.setText("a*a*a*$")
    bar.close_bar()
    monkeypatch.setattr(finder, "LIMIT_MS", 300)

    opening.view.find_next()
    qtbot.waitUntil(lambda: not bar.is_busy, timeout=PATIENCE_MS)

    assert bar.problem.isVisible()
    assert bar.problem.text().startswith("✕  Looking for this pattern was given up.")


def test_going_on_with_the_line_closed_says_that_there_is_nothing(opening: Opening) -> None:
    _editor, bar = opening("one two\n")
    bar.query.setText("three")
    bar.close_bar()

    opening.view.find_next()

    assert bar.count.isVisible()
    assert bar.count.text() == "nothing found"


def test_without_a_selection_there_is_no_part_to_search(opening: Opening) -> None:
    _editor, bar = opening("one\n")
    bar.query.setText("nothing")

    press(bar.in_part)

    assert not bar.in_part.isChecked()
    assert bar.problem.text() == f"✕  {NO_PART}"


def test_another_file_is_searched_as_a_whole(opening: Opening, tmp_path: Path) -> None:
    editor, bar = opening("one one\n")
    bar.query.setText("one")
    editor.select(0, 3)
    press(bar.in_part)
    other = tmp_path / "other.py"
    other.write_text("one one one\n")

    opening.view.open_place(str(other))
    opening.view.find_next()

    assert not bar.in_part.isChecked()
    assert bar.count.text() == "1 of 3"


def test_the_lines_and_their_buttons_are_passed_from_left_to_right_by_tab(opening: Opening) -> None:
    _editor, bar = opening("one\n")
    bar.query.setFocus()
    passed: list[QWidget] = []
    for _ in range(10):
        focused = QApplication.focusWidget()
        assert focused is not None
        passed.append(focused)
        QTest.keyClick(focused, Qt.Key.Key_Tab)

    assert passed == [
        bar.query, bar.replacement, bar.match_case, bar.whole_word, bar.is_pattern, bar.in_part, bar.previous, bar.next,
        bar.replace_one, bar.replace_every,
    ]  # fmt: skip
