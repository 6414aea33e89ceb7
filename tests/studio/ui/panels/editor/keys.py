"""Real keys in the text of an editor."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tasktonic_studio.ui.panels.editor.code_editor import CodeEditor


def press(editor: CodeEditor, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(editor.input_widget(), key, modifiers)


def write(editor: CodeEditor, text: str) -> None:
    QTest.keyClicks(editor.input_widget(), text)
