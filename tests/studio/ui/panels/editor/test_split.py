"""Two views of one text: in both widgets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.panels.editor.code_editor import CodeEditor
from tasktonic_studio.ui.panels.editor.hints import LineNote, Underline
from tasktonic_studio.ui.panels.editor.marks import place_mark
from tasktonic_studio.ui.panels.editor.page import EditorPage
from tasktonic_studio.ui.panels.editor.view import EditorView


@pytest.fixture
def page(make_view: Callable[[], EditorView], tmp_path: Path) -> EditorPage:
    file = tmp_path / "pump.py"
    file.write_text("class A:\n    def ttsc__go(self):\n        pass\n" * 60, encoding="utf-8")
    view = make_view()
    view.resize(900, 500)
    view.show()
    view.open_place(str(file))
    page = view.page()
    assert page is not None
    return page


def view_of(page: EditorPage) -> EditorView:
    widget = page.parentWidget()
    while widget is not None and not isinstance(widget, EditorView):
        widget = widget.parentWidget()
    assert widget is not None
    return widget


def is_changed(page: EditorPage) -> bool:
    """Asked anew each time, which a type checker would not believe of the attribute."""
    return page.document.changed


def type_in(editor: CodeEditor, text: str) -> None:
    QTest.keyClicks(editor.input_widget(), text)


def test_what_is_typed_in_one_view_stands_in_both_and_is_one_change(page: EditorPage) -> None:
    view_of(page).split_beside()
    first, second = page.editors
    assert page.editor is second
    assert second.text() == first.text()

    type_in(second, "x")
    assert first.text().startswith("xclass A:")
    assert first.is_dirty()
    assert second.is_dirty()
    assert is_changed(page)

    first.undo()
    assert second.text().startswith("class A:")
    assert not second.is_dirty()
    assert not is_changed(page)
    first.redo()
    assert page.save()
    assert page.document.path.read_text().startswith("xclass A:")
    assert not first.is_dirty()
    assert not second.is_dirty()


def test_each_view_has_its_own_place(page: EditorPage, qtbot: QtBot) -> None:
    view_of(page).split_below()
    first, second = page.editors

    second.go_to(150)

    qtbot.waitUntil(lambda: second.first_visible_line() > 100)
    assert first.first_visible_line() == 1
    assert first.line_of(first.caret()) == 1


def test_marks_underlines_and_notes_are_in_both(page: EditorPage) -> None:
    page.editor.set_underlines([Underline(0, 5, "error", "before")])
    view_of(page).split_beside()
    second = page.editor
    assert [line.text for line in second.underlines_at(2)] == ["before"]

    second.set_underlines([Underline(6, 7, "hint", "after")])
    second.set_line_notes({1: LineNote("3×")})
    pictures = [editor.grab().toImage() for editor in page.editors]
    second.set_marks([place_mark(2)])

    assert [[line.text for line in editor.underlines_at(6)] for editor in page.editors] == [["after"], ["after"]]
    assert [editor.line_note(1) for editor in page.editors] == [LineNote("3×")] * 2
    assert all(editor.grab().toImage() != before for editor, before in zip(page.editors, pictures, strict=True))


def test_the_view_with_the_keys_is_the_one_that_is_searched_and_told_of(page: EditorPage, qtbot: QtBot) -> None:
    view = view_of(page)
    view.split_beside()
    first, second = page.editors
    second.go_to(6)
    qtbot.waitUntil(lambda: "line 6," in view.footer.whole)

    first.setFocus()
    QTest.mouseClick(first.input_widget().viewport(), Qt.MouseButton.LeftButton, pos=QPoint(200, 5))
    assert page.editor is first
    view.other_view()
    assert page.editor is second
    view.show_find()
    view.find_bar.query.setText("pass")
    assert second.selected_text() == "pass"
    assert first.selected_text() == ""


def test_a_single_view_again_is_where_the_active_one_was(page: EditorPage, qtbot: QtBot) -> None:
    view = view_of(page)
    view.split_beside()
    page.editor.go_to(90)
    page.editors[0].setFocus()
    view.other_view()

    view.split_beside()

    assert page.split is None
    assert [page.editor] == page.editors
    assert page.editor.line_of(page.editor.caret()) == 90
    type_in(page.editor, "y")
    assert is_changed(page)
    page.editor.set_marks([place_mark(1)])


def test_the_other_way_of_lying_turns_the_views(page: EditorPage) -> None:
    view = view_of(page)
    view.split_beside()
    views = list(page.editors)

    view.split_below()

    assert page.split is Qt.Orientation.Vertical
    assert page.editors == views


def test_a_split_comes_back_with_the_next_start(
    page: EditorPage, make_view: Callable[[], EditorView], qtbot: QtBot
) -> None:
    view_of(page).split_below()
    state = view_of(page).save_state()

    again = make_view()
    again.restore_state(state)

    other = again.page()
    assert other is not None
    assert other.split is Qt.Orientation.Vertical


def test_a_read_only_text_is_so_in_both(page: EditorPage) -> None:
    page.document.path.chmod(0o444)
    view = view_of(page)
    view.close_tab()
    view.open_place(str(page.document.path))
    other = view.page()
    assert other is not None
    view.split_beside()

    type_in(other.editors[1], "x")

    assert not other.document.changed
    assert all(editor.is_read_only() for editor in other.editors)


def test_a_note_without_room_stands_at_the_edge_of_both_views(page: EditorPage) -> None:
    page.editor.replace(0, 0, "x = 1\n# " + "long " * 40 + "\n")
    page.editor.set_line_notes({2: LineNote("3×", "three times")})
    view_of(page).split_beside()

    for editor in page.editors:
        editor.select(0, 0)
        edge = editor.input_widget().viewport().width() - 5
        assert editor.note_at(QPoint(edge, editor.place_of(editor.line_start(2)).center().y())) == 2
