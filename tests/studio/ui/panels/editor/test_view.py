"""Tabs, places, lines by their number, and coming back, with real files, keys and clicks, in both editors."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTabBar, QWidget

from tasktonic_studio.ui.panels.editor.view import EditorView
from tests.studio.ui.panels.editor.acting import page_of, write
from tests.studio.ui.panels.editor.conftest import MakeView


def test_without_a_file_the_editor_says_what_it_is_for(view: EditorView) -> None:
    assert view.page() is None
    assert view._empty.isVisible()
    assert view.unsaved() == []


def test_a_place_is_shown_in_the_middle_with_a_mark(view: EditorView, tmp_path: Path) -> None:
    file = tmp_path / "long.py"
    file.write_text("".join(f"line_{number}\n" for number in range(1, 401)))

    assert view.open_place(str(file), 200)

    editor = page_of(view).editor
    assert editor.line_of(editor.caret()) == 200
    assert abs(editor.first_visible_line() + editor.visible_line_count() / 2 - 200) <= 2
    assert [mark.line for mark in page_of(view)._marks] == [200]


def test_the_mark_of_a_place_goes_when_the_text_is_changed(view: EditorView, script: Path) -> None:
    view.open_place(str(script), 2)

    write(view, "y")

    assert page_of(view)._marks == []


def test_one_file_has_one_tab(view: EditorView, script: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.py"
    link.symlink_to(script)

    view.open_place(str(script))
    view.open_place(str(link), 3)

    assert view.tabs.count() == 1


def test_the_tip_of_a_tab_shows_a_tag_in_a_name_instead_of_obeying_it(view: EditorView, tmp_path: Path) -> None:
    file = tmp_path / "<b>bold.py"
    file.touch()

    view.open_place(str(file))

    assert "&lt;b&gt;bold.py" in view.tabs.tabToolTip(0)


def test_a_missing_file_is_a_sentence(view: EditorView, tmp_path: Path) -> None:
    assert not view.open_place(str(tmp_path / "no.py"), 3)

    assert "no.py cannot be opened: there is no such file or folder." in view.bar.sentence
    assert view.page() is None


def test_going_to_a_line_by_its_number(view: EditorView, script: Path) -> None:
    view.open_place(str(script))

    view.go_to_line()
    QTest.keyClicks(view.line_bar.number, "3:2")
    QTest.keyClick(view.line_bar.number, Qt.Key.Key_Return)

    editor = page_of(view).editor
    assert (editor.line_of(editor.caret()), editor.column()) == (3, 2)
    assert view.line_bar.isHidden()


def test_a_wrong_line_number_is_explained(view: EditorView, script: Path) -> None:
    view.open_place(str(script))
    view.go_to_line()

    QTest.keyClicks(view.line_bar.number, "three")
    QTest.keyClick(view.line_bar.number, Qt.Key.Key_Return)

    assert view.line_bar.hint.text().startswith("“three” is no line.")
    assert not view.line_bar.isHidden()


def test_the_footer_says_where_the_caret_is(view: EditorView, script: Path) -> None:
    view.open_place(str(script), 3)
    QTest.keyClick(page_of(view).editor.input_widget(), Qt.Key.Key_End)
    page_of(view).editor.grab()

    assert view.footer.whole.startswith("line 3, column 6")


def test_open_files_come_back_with_the_next_start(make_view: MakeView, script: Path, tmp_path: Path) -> None:
    first = make_view()
    other = tmp_path / "other.py"
    other.write_text("a\nb\n")
    first.open_place(str(script), 3)
    first.open_place(str(other))
    first.set_zoom(2)
    state = first.save_state()

    second = make_view()
    second.restore_state(state)

    assert [page.document.name for page in second.pages()] == ["pump.py", "other.py"]
    pages = list(second.pages())
    assert pages[0].editor.line_of(pages[0].editor.caret()) == 3
    assert pages[1].editor.zoom_level() == 2


@pytest.mark.parametrize(
    "state", [{}, {"files": 3}, {"files": [7, {"path": 1}, {"path": "/nowhere/at/all.py"}]}, {"front": "x"}]
)
def test_a_state_that_is_not_understood_is_ignored(view: EditorView, state: dict[str, object]) -> None:
    view.restore_state(state)

    assert view.tabs.count() == 0
    assert view.bar.sentence == ""


def test_two_files_of_one_name_are_told_apart(view: EditorView, script: Path, tmp_path: Path) -> None:
    folder = tmp_path / "sub"
    folder.mkdir()
    (folder / "pump.py").write_text("")

    view.open_place(str(script))
    view.open_place(str(folder / "pump.py"))

    assert view.tabs.tabText(1) == "pump.py — sub"


def test_the_keys_go_from_tab_to_tab(view: EditorView, script: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.py"
    other.write_text("")
    view.open_place(str(script))
    view.open_place(str(other))

    view.next_file()
    assert page_of(view).document.name == "pump.py"
    view.previous_file()
    assert page_of(view).document.name == "other.py"


def test_everything_with_the_focus_has_a_name(view: EditorView, script: Path) -> None:
    view.open_place(str(script))
    view.show_replace()
    view.go_to_line()

    nameless = [
        widget
        for widget in view.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not (widget.accessibleName() or getattr(widget, "text", str)() or widget.focusProxy())
        and not isinstance(widget.parent(), QTabBar)
        and not isinstance(widget, QTabBar)
    ]
    assert nameless == []


def test_the_context_menu_offers_what_can_be_done(view: EditorView, script: Path) -> None:
    from tasktonic_studio.ui.panels.editor.text_menu import text_menu

    view.open_place(str(script))
    page_of(view).editor.select(0, 6)

    run: list[str] = []
    menu = text_menu(page_of(view).editor, view.show_find, view.go_to_line, run.append, view)
    enabled = {action.text(): action.isEnabled() for action in menu.actions() if action.text()}

    assert enabled["Copy"]
    assert not enabled["Undo"]
    for words in ("Go to definition", "Find callers", "Rename…", "Mend…"):
        next(action for action in menu.actions() if action.text() == words).trigger()
    assert run == ["editor.go_to_definition", "editor.find_callers", "editor.rename", "editor.mend"]
    next(action for action in menu.actions() if action.text() == "Comment or uncomment").trigger()
    assert page_of(view).editor.text().startswith("# import")


def test_ctrl_and_zero_bring_a_text_back_that_the_wheel_made_larger(view: EditorView, script: Path) -> None:
    run: list[str] = []
    view._run = run.append
    view.open_place(str(script))
    editor = page_of(view).editor
    key, control = Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier
    claim = QKeyEvent(QEvent.Type.ShortcutOverride, key, control)

    claim.ignore()
    QApplication.sendEvent(editor.input_widget(), claim)
    assert not claim.isAccepted()

    view.set_zoom(3)
    QApplication.sendEvent(editor.input_widget(), claim)
    assert claim.isAccepted()
    QTest.keyClick(editor.input_widget(), key, control)
    assert (view.zoom, editor.zoom_level(), run) == (0, 0, ["view.text_usual"])
