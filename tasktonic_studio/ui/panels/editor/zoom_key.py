"""Ctrl+0 in a text that was made larger by the wheel: its own size is the usual one again, too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent

from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.panels.editor.code_editor import CodeEditor

USUAL_SIZE: Final = "view.text_usual"
"""The command that the key means in the rest of the window."""


class ZoomKey(QObject):
    """Made by the editor's view for each view of a text, and ends with it. ``run`` runs a command by its id."""

    def __init__(self, editor: CodeEditor, run: Callable[[str], None]) -> None:
        super().__init__(editor)
        self._editor = editor
        self._run = run
        editor.input_widget().installEventFilter(self)

    @guarded(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.key() != Qt.Key.Key_0 or not self._editor.zoom_level():
            return False
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier != Qt.KeyboardModifier.ControlModifier:
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
        elif event.type() == QEvent.Type.KeyPress:
            self._editor.zoomed.emit(0)
            self._run(USUAL_SIZE)
        return True
