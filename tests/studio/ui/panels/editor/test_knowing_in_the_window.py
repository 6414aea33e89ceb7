"""The editor in a window, with the real code process: keys mean the text while it has them, and a process that dies is replaced."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.panels.editor.closing import DISCARD
from tasktonic_studio.ui.panels.editor.code_editor import CodeEditor
from tasktonic_studio.ui.panels.editor.panel import EditorPanel
from tasktonic_studio.ui.panels.editor.view import EditorView
from tests.helpers.window_stand import NotingPanel, WindowStand

SCRIPT = """\
from tasktonic import ttTonic


class Lamp(ttTonic):
    def ttse__on_start(self):
        self.ttsc__press()

    def ttsc_off__press(self):
        self.to_state("on")

    def ttsc_on__press(self):
        self.to_state("off")
"""


@pytest.fixture
def panel(tmp_path: Path) -> EditorPanel:
    return EditorPanel(tmp_path / "recovery")


@pytest.fixture
def stand(qtbot: QtBot, tmp_path: Path, panel: EditorPanel, monkeypatch: pytest.MonkeyPatch) -> Iterator[WindowStand]:
    monkeypatch.setattr(EditorView, "ask", staticmethod(lambda *_: DISCARD))
    made = WindowStand(tmp_path, panels=[NotingPanel("ledger", "Ctrl+1"), panel])
    made.window.show()
    qtbot.waitExposed(made.window)
    yield made
    made.close()


def press(key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    target = QApplication.focusWidget()
    assert target is not None
    QTest.keyClick(target, key, held)


def test_a_process_that_is_killed_is_replaced_and_nothing_is_left_in_the_end(
    stand: WindowStand, panel: EditorPanel, qtbot: QtBot, tmp_path: Path
) -> None:
    file = tmp_path / "lamp.py"
    file.write_text(SCRIPT)
    stand.bench.open_source(str(file), 6)
    view: Any = panel._view
    editor: CodeEditor = view.editor()
    desk: Any = panel._desk
    qtbot.waitUntil(editor.input_widget().hasFocus)
    editor.select(SCRIPT.index("ttsc__press"), SCRIPT.index("ttsc__press"))

    press(Qt.Key.Key_F12)
    qtbot.waitUntil(lambda: panel.knowing is not None and panel.knowing.menu is not None)
    menu: Any = panel.knowing and panel.knowing.menu
    assert [action.text().partition("   ")[0] for action in menu.actions()] == [
        "ttsc_off__press — in state off",
        "ttsc_on__press — in state on",
    ]
    menu.actions()[1].trigger()
    menu.close()
    assert editor.line_of(editor.caret()) == 11
    press(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert editor.line_of(editor.caret()) == 6

    process_id = desk.process_ids[0]
    os.kill(process_id, signal.SIGKILL)
    until_gone(qtbot, process_id)
    stand.bench.actions_of_commands.run("editor.show_meaning")
    qtbot.waitUntil(lambda: editor.hint_windows.tip_text.startswith("ttsc__press()"))
    assert process_id not in desk.process_ids

    left = desk.process_ids
    stand.window.close()
    for each in left:
        until_gone(qtbot, each)


def until_gone(qtbot: QtBot, process_id: int) -> None:
    def is_gone() -> bool:
        try:
            os.kill(process_id, 0)
        except ProcessLookupError:
            return True
        return False

    qtbot.waitUntil(is_gone)
