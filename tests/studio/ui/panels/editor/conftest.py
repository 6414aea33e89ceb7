"""Both editors, dressed in a theme."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.panels.editor.code_editor import CodeEditor
from tasktonic_studio.ui.panels.editor.plain import PlainEditor
from tasktonic_studio.ui.panels.editor.scintilla import ScintillaEditor
from tasktonic_studio.ui.panels.editor.text_widget import Look
from tasktonic_studio.ui.theme.theme import Theme


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
