"""What only the plain editor has to mind."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.panels.editor.on_qt.highlighter import MOST_COLOURED
from tasktonic_studio.ui.panels.editor.plain import PlainEditor
from tasktonic_studio.ui.panels.editor.recovery import Recovery
from tasktonic_studio.ui.panels.editor.text_widget import Look
from tasktonic_studio.ui.panels.editor.view import EditorView
from tasktonic_studio.ui.theme.theme import Theme


@pytest.fixture
def editor(qtbot: QtBot, theme: Theme) -> PlainEditor:
    made = PlainEditor()
    qtbot.addWidget(made)
    made.apply_look(Look(theme.color, theme.font("mono")))
    return made


@pytest.mark.parametrize(
    "text, held", [("a\u2028b", True), ("a\u2029b", False), ("a\ufdd0b", False), ("\ufeffa", False)]
)
def test_it_says_which_texts_it_cannot_keep(editor: PlainEditor, text: str, held: bool) -> None:
    assert editor.can_hold(text) is held


def test_a_very_long_text_stays_without_colours(editor: PlainEditor, theme: Theme) -> None:
    editor.set_text("class A: pass\n" * (MOST_COLOURED // 14 + 1))

    assert editor.color_at(0) == theme.color("editor_text")


def test_colours_come_back_with_a_short_text(editor: PlainEditor, theme: Theme) -> None:
    editor.set_text("x" * (MOST_COLOURED + 1))
    editor.set_text("class A: pass")

    assert editor.color_at(0) == theme.color("editor_keyword")


def test_braces_are_matched_in_both_directions(editor: PlainEditor) -> None:
    editor.set_text("(a[1])")

    editor.select(1, 1)
    assert editor._extras.braces() == [(0, True), (5, True)]

    editor.select(6, 6)
    assert editor._extras.braces() == [(5, True), (0, True)]

    editor.set_text("(a")
    editor.select(0, 0)
    assert editor._extras.braces() == [(0, False)]


def test_a_file_that_comes_to_hold_what_it_cannot_keep_is_only_shown_from_then_on(
    qtbot: QtBot, theme: Theme, tmp_path: Path
) -> None:
    file = tmp_path / "a.py"
    file.write_text("x = 1\n")
    view = EditorView(Recovery(tmp_path / "drafts"), theme, lambda _: None, PlainEditor)
    qtbot.addWidget(view)
    view.open_place(str(file))
    page = view.page()
    assert page is not None
    file.write_text("x = '\u2029'\n", encoding="utf-8")
    view.beat()

    page.reload()

    assert page.editor.is_read_only()
    assert "invisible characters that the plain editor cannot keep" in page.bar.sentence
    view.finish()


def test_a_protected_file_that_it_cannot_keep_stays_as_it_is_when_it_may_be_written(
    qtbot: QtBot, theme: Theme, tmp_path: Path
) -> None:
    file = tmp_path / "a.py"
    file.write_text("x = '\u2029'\n", encoding="utf-8")
    file.chmod(0o444)
    view = EditorView(Recovery(tmp_path / "drafts"), theme, lambda _: None, PlainEditor)
    qtbot.addWidget(view)
    view.open_place(str(file))
    page = view.page()
    assert page is not None

    file.chmod(0o644)
    view.beat()

    assert page.editor.is_read_only()
    assert not page.save()
    view.finish()


def test_unsaved_text_that_it_cannot_keep_is_left_where_it_is(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text("x = 1\n")
    ended = Recovery(tmp_path / "drafts")
    ended.keep(file, "x = '\u2029'\n")
    ended.close()
    view = EditorView(Recovery(tmp_path / "drafts"), theme, lambda _: None, PlainEditor)
    qtbot.addWidget(view)
    view.offer_left_texts()

    view._left_texts.bring_back()

    assert view.bar.sentence.startswith("✕  The unsaved text of a.py has invisible characters")
    assert view.unsaved() == []
    view.finish()
    again = Recovery(tmp_path / "drafts")
    assert [left.text for left in again.left_texts()] == ["x = '\u2029'\n"]
    again.close()
