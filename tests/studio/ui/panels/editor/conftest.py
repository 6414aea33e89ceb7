"""Both editors, dressed in a theme."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.panels.editor.code_editor import CodeEditor
from tasktonic_studio.ui.panels.editor.plain import PlainEditor
from tasktonic_studio.ui.panels.editor.recovery import Recovery
from tasktonic_studio.ui.panels.editor.scintilla import ScintillaEditor
from tasktonic_studio.ui.panels.editor.text_widget import Look
from tasktonic_studio.ui.panels.editor.view import EditorView
from tasktonic_studio.ui.theme.theme import Theme
from tests.studio.ui.panels.editor.acting import Asked


@pytest.fixture
def theme(qapp: object) -> Theme:
    return Theme("dark")


@pytest.fixture(params=[ScintillaEditor, PlainEditor], ids=["scintilla", "plain"])
def editor_class(request: pytest.FixtureRequest) -> type[CodeEditor]:
    chosen: type[CodeEditor] = request.param
    return chosen


@pytest.fixture
def editor(editor_class: type[CodeEditor], qtbot: QtBot, theme: Theme) -> Iterator[CodeEditor]:
    """One of the two editors, on screen."""
    made = editor_class()
    qtbot.addWidget(made)
    made.apply_look(Look(theme.color, theme.font("mono")))
    made.resize(700, 400)
    made.show()
    yield made
    made.hide()


class Clock:
    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


MakeView = Callable[[], EditorView]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def make_view(
    editor_class: type[CodeEditor], qtbot: QtBot, theme: Theme, clock: Clock, tmp_path: Path
) -> Iterator[MakeView]:
    """Makes editors that keep their unsaved texts in one folder."""
    made: list[EditorView] = []

    def make() -> EditorView:
        view = EditorView(Recovery(tmp_path / "drafts"), theme, lambda _: None, editor_class, clock=clock)
        qtbot.addWidget(view)
        view.resize(800, 500)
        view.show()
        made.append(view)
        return view

    yield make
    for view in made:
        view.finish()


@pytest.fixture
def view(make_view: MakeView) -> EditorView:
    return make_view()


@pytest.fixture
def script(tmp_path: Path) -> Path:
    file = tmp_path / "pump.py"
    file.write_text("import tasktonic\n\nx = 1\n", encoding="utf-8")
    return file


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    return Asked(monkeypatch)
