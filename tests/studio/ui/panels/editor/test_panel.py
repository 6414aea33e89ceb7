"""The panel as the window sees it: its commands, its state, and which editor it takes."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tasktonic_studio import locations, resources
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.commands.registry import Registry
from tasktonic_studio.session.changes import Changes
from tasktonic_studio.session.inbox import LinesTold
from tasktonic_studio.session.line_facts import LineBreak, LineFacts
from tasktonic_studio.session.selection import Selection
from tasktonic_studio.session.session import Session
from tasktonic_studio.settings import Settings
from tasktonic_studio.ui.panel import PanelContext
from tasktonic_studio.ui.panels.editor.closing import CANCEL, DISCARD
from tasktonic_studio.ui.panels.editor.marks import MarkKind
from tasktonic_studio.ui.panels.editor.panel import EditorPanel, best_editor
from tasktonic_studio.ui.panels.editor.plain import PlainEditor
from tasktonic_studio.ui.panels.editor.scintilla import ScintillaEditor
from tasktonic_studio.ui.panels.editor.view import EditorView
from tasktonic_studio.ui.theme.icons import Icons
from tasktonic_studio.ui.theme.theme import Theme
from tests.helpers.window_stand import KeptRequests

Run = Callable[[str], bool]


class ShownPanels:
    """What the editor asks of the window."""

    def __init__(self) -> None:
        self.shown: list[str] = []

    def show_panel(self, panel_id: str) -> None:
        self.shown.append(panel_id)

    def ask_distil(self, script: str = "") -> None:
        self.shown.append(script)


class Window:
    """What a panel has around it, without a window."""

    def __init__(self, qtbot: QtBot, theme: Theme) -> None:
        self.registry = Registry()
        self.settings = Settings()
        self.theme = theme
        self.panel = EditorPanel()
        self.requests = KeptRequests()
        self.actions = ShownPanels()
        self.session = Session()
        self._context = CommandContext(None, Selection(), self.settings, self.requests, cast(Any, self.actions))
        self.registry.register_all(self.panel.commands())
        context = PanelContext(
            session=lambda: self.session,
            selection=self._context.selection,
            registry=self.registry,
            run=self.run,
            settings=self.settings,
            theme=theme,
            icons=Icons(theme),
        )
        self.before_build()
        view = self.panel.build(context)
        assert isinstance(view, EditorView)
        self.view = view
        qtbot.addWidget(view)
        view.show()

    def before_build(self) -> None:
        for command in self.registry.all():
            self.run(command.id)

    def run(self, command_id: str) -> None:
        self.registry.run(command_id, self._context)


@pytest.fixture
def window(qtbot: QtBot, theme: Theme, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(EditorView, "ask", staticmethod(lambda *_: DISCARD))
    monkeypatch.setattr(EditorView, "ask_file", staticmethod(lambda *_: ""))
    made = Window(qtbot, theme)
    yield made
    made.panel.finish()


@pytest.fixture
def script(tmp_path: Path) -> Path:
    file = tmp_path / "a.py"
    file.write_text("one\ntwo\n")
    return file


def test_every_command_can_be_run_without_a_file(window: Window) -> None:
    for command in window.registry.all():
        window.run(command.id)

    assert window.view.page() is None


def test_every_command_can_be_run_with_a_file(window: Window, script: Path) -> None:
    for command in window.registry.all():
        window.panel.open_source(str(script))
        window.run(command.id)

    assert script.read_text().replace("# ", "").split() == ["one", "two"]


def test_the_app_stops_in_the_line_of_the_cursor_which_is_marked(window: Window, script: Path) -> None:
    window.panel.open_source(str(script), 2)

    window.run("editor.break_in_line")

    assert window.requests.asked == [("toggle_line_break", str(script.resolve()), 2)]
    window.session.apply([LinesTold(LineFacts(breaks=(LineBreak(str(script.resolve()), 2),)))])
    window.panel.on_changes(Changes(lines=True))
    page = window.view.page()
    assert page is not None
    assert [(mark.line, mark.kind) for mark in page.line_marks] == [(2, MarkKind.LINE_BREAK)]


def test_every_command_says_what_it_does(window: Window) -> None:
    icons = set(resources.names("icons"))
    for command in window.registry.all():
        assert command.help.endswith(".")
        assert command.title
        assert command.menu
        assert not command.icon or command.icon in icons


def test_source_is_opened_changed_and_saved(window: Window, script: Path) -> None:
    window.panel.open_source(str(script), 2)
    page = window.view.page()
    assert page is not None
    page.editor.replace(4, 4, "# ")
    assert window.panel.unsaved() == ["a.py"]

    window.run("editor.undo")
    assert window.panel.unsaved() == []
    window.run("editor.redo")
    window.panel.save_source()

    assert script.read_text() == "one\n# two\n"


def test_unsaved_text_lies_where_this_user_keeps_such_things(window: Window, script: Path) -> None:
    window.panel.open_source(str(script))
    page = window.view.page()
    assert page is not None
    page.editor.replace(0, 0, "x")

    window.view.keep_unsaved()
    window.view._recovery.wait()

    assert len(list(locations.drafts_folder().rglob("*.json"))) == 1


def test_state_given_before_the_widget_is_there_is_taken(qtbot: QtBot, theme: Theme, script: Path) -> None:
    class Restored(Window):
        def before_build(self) -> None:
            self.panel.restore_state({"files": [{"path": str(script), "line": 2}]})

    window = Restored(qtbot, theme)

    state = window.panel.save_state()
    assert state["files"] == [{"path": str(script), "line": 2}]
    window.panel.finish()


def test_the_font_size_is_a_setting(window: Window, script: Path) -> None:
    window.panel.open_source(str(script))
    before = window.view._look().font.pointSizeF()

    window.settings.set("editor.font_size", 22)

    assert window.view._look().font.pointSizeF() == pytest.approx(2 * before)


def test_the_plain_editor_is_a_setting(window: Window, script: Path) -> None:
    window.settings.set("editor.plain", True)

    window.panel.open_source(str(script))

    page = window.view.page()
    assert page is not None
    assert isinstance(page.editor, PlainEditor)


def test_scintilla_is_taken_where_it_can_be_had(qtbot: QtBot) -> None:
    editor = best_editor()
    qtbot.addWidget(editor)

    assert isinstance(editor, ScintillaEditor)


@pytest.mark.parametrize("missing", ["pyside6_scintilla", "lexilla"])
def test_without_the_binding_the_plain_editor_steps_in(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    monkeypatch.delitem(sys.modules, "tasktonic_studio.ui.panels.editor.scintilla")

    editor = best_editor()
    qtbot.addWidget(editor)

    assert isinstance(editor, PlainEditor)


def test_closing_the_window_asks_about_changes(window: Window, script: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def cancel(_parent: QWidget, question: str, *_: object) -> str:
        asked.append(question)
        return CANCEL

    monkeypatch.setattr(EditorView, "ask", staticmethod(cancel))
    assert window.panel.may_close()
    window.panel.open_source(str(script))
    page = window.view.page()
    assert page is not None
    page.editor.replace(0, 0, "x")

    assert not window.panel.may_close()

    assert asked == ["Save the changes of a.py?"]


def test_the_theme_is_followed(window: Window, script: Path) -> None:
    window.panel.open_source(str(script))
    page = window.view.page()
    assert page is not None
    page.editor.set_text("class A: pass")

    window.theme.choose("light")
    window.panel.on_theme()

    assert page.editor.color_at(0) == window.theme.color("editor_keyword")


def test_a_save_that_fails_is_brought_into_sight(window: Window, script: Path) -> None:
    window.panel.open_source(str(script))
    window.run("editor.save")
    assert window.actions.shown == []

    script.write_text("theirs")
    window.run("editor.save")

    assert window.actions.shown == ["editor"]


def test_the_script_that_runs_is_opened_once(window: Window, script: Path) -> None:
    window.session.live.target = replace(window.session.live.target, script=str(script))
    window.panel.on_changes(Changes(everything=True))
    page = window.view.page()
    assert page is not None
    assert page.document.path == script

    window.run("editor.close_tab")
    window.panel.on_changes(Changes(everything=True))

    assert window.view.page() is None


def test_a_script_that_is_not_there_is_not_opened(window: Window) -> None:
    window.session.live.target = replace(window.session.live.target, script="/nowhere/at/all.py")

    window.panel.on_changes(Changes(everything=True))

    assert window.view.bar.sentence == ""
