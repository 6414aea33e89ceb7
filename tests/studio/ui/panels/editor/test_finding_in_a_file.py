"""Finding and replacing by keys and clicks, with words and patterns. In both editors."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.panels.editor.view import EditorView
from tests.helpers.patience import PATIENCE_MS
from tests.studio.ui.panels.editor.acting import page_of


def open_text(view: EditorView, folder: Path, text: str) -> None:
    file = folder / "a.py"
    file.write_text(text, encoding="utf-8")
    view.open_place(str(file))


def test_finding_goes_from_hit_to_hit_and_round(view: EditorView, tmp_path: Path) -> None:
    open_text(view, tmp_path, "é one\ntwo One\none\n")
    editor = page_of(view).editor

    view.show_find()
    QTest.keyClicks(view.find_bar.query, "one")
    assert (editor.selection(), view.find_bar.count.text()) == ((2, 5), "1 of 3")

    QTest.keyClick(view.find_bar.query, Qt.Key.Key_Return)
    assert (editor.selection(), view.find_bar.count.text()) == ((10, 13), "2 of 3")

    view.find_next()
    view.find_next()
    assert editor.selection() == (2, 5)

    QTest.keyClick(view.find_bar.query, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert editor.selection() == (14, 17)


def test_finding_can_match_case_and_whole_words(view: EditorView, tmp_path: Path) -> None:
    open_text(view, tmp_path, "One one bone\n")
    view.show_find()
    QTest.keyClicks(view.find_bar.query, "one")

    QTest.mouseClick(view.find_bar.match_case, Qt.MouseButton.LeftButton)
    assert view.find_bar.count.text().endswith("2") or "of 2" in view.find_bar.count.text()

    QTest.mouseClick(view.find_bar.whole_word, Qt.MouseButton.LeftButton)
    assert view.find_bar.count.text() == "1 of 1"


def test_finding_nothing_says_so(view: EditorView, script: Path) -> None:
    view.open_place(str(script))
    view.show_find()

    QTest.keyClicks(view.find_bar.query, "nowhere")
    QTest.keyClick(view.find_bar.query, Qt.Key.Key_Return)

    assert view.find_bar.count.text() == "nothing found"


def test_finding_begins_with_the_selected_text(view: EditorView, script: Path) -> None:
    view.open_place(str(script))
    page_of(view).editor.select(7, 16)

    view.show_find()

    assert view.find_bar.query.text() == "tasktonic"


def test_escape_closes_the_find_bar(view: EditorView, script: Path) -> None:
    view.open_place(str(script))
    view.show_find()

    QTest.keyClick(view.find_bar.query, Qt.Key.Key_Escape)

    assert view.find_bar.isHidden()


def test_replacing_one_goes_to_the_next(view: EditorView, tmp_path: Path) -> None:
    open_text(view, tmp_path, "a b a b\n")
    view.show_replace()
    QTest.keyClicks(view.find_bar.query, "a")
    view.find_bar.replacement.setText("é")

    QTest.mouseClick(view.find_bar.replace_one, Qt.MouseButton.LeftButton)

    assert page_of(view).editor.text() == "é b a b\n"
    assert page_of(view).editor.selection() == (4, 5)


def test_replacing_all_says_how_many(view: EditorView, tmp_path: Path) -> None:
    open_text(view, tmp_path, "a b a b\n")
    view.show_replace()
    QTest.keyClicks(view.find_bar.query, "b")

    QTest.mouseClick(view.find_bar.replace_every, Qt.MouseButton.LeftButton)

    assert page_of(view).editor.text() == "a  a \n"
    assert view.find_bar.count.text() == "2 replaced"


def test_a_pattern_finds_and_replaces_with_its_groups(view: EditorView, tmp_path: Path, qtbot: QtBot) -> None:
    open_text(view, tmp_path, "self.open(1)\nself.shut(22)\n")
    view.show_replace()
    bar = view.find_bar

    bar.is_pattern.click()
    bar.query.setText(r"(\w+)\((\d+)\)")
    qtbot.waitUntil(lambda: bar.count.text() == "1 of 2", timeout=PATIENCE_MS)
    bar.replacement.setText(r"\1[\2]")
    QTest.mouseClick(bar.replace_one, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page_of(view).editor.text() == "self.open[1]\nself.shut(22)\n", timeout=PATIENCE_MS)
    QTest.mouseClick(bar.replace_every, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page_of(view).editor.text() == "self.open[1]\nself.shut[22]\n", timeout=PATIENCE_MS)


def test_a_pattern_that_is_none_is_explained_and_changes_nothing(view: EditorView, script: Path, qtbot: QtBot) -> None:
    view.open_place(str(script))
    view.show_replace()
    bar = view.find_bar
    bar.is_pattern.click()
    before = page_of(view).editor.text()

    bar.query.setText("(x")
    assert bar.problem.text().startswith("✕  This pattern cannot be used:")
    bar.query.setText("(x)")
    assert bar.problem.isHidden()
    bar.replacement.setText(r"\2")
    qtbot.waitUntil(lambda: bar.count.text() == "1 of 1", timeout=PATIENCE_MS)
    bar.query.setText("(x) =")
    QTest.mouseClick(bar.replace_every, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: bar.problem.text().startswith("✕  This replacement cannot be used:"), timeout=PATIENCE_MS)
    assert page_of(view).editor.text() == before


@pytest.mark.parametrize("width", [300, 500, 900])
def test_the_find_bar_keeps_its_words_in_any_width(view: EditorView, script: Path, width: int) -> None:
    view.open_place(str(script))
    view.show_replace()

    view.resize(width, 500)
    QApplication.processEvents()

    bar = view.find_bar
    shown = [bar.match_case, bar.whole_word, bar.is_pattern, bar.next, bar.replace_one, bar.replace_every]
    assert all(widget.width() >= widget.sizeHint().width() for widget in shown)
    assert bar.query.width() >= 90
    assert bar.width() <= width
