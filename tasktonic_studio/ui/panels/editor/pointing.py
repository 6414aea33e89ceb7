"""Where the mouse rests in a text, and what is clicked with Ctrl. The same for both widgets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QMouseEvent

from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.panels.editor.searching import Span

if TYPE_CHECKING:
    from tasktonic_studio.ui.panels.editor.code_editor import CodeEditor

REST_MS: Final = 400
"""The mouse rests when it has not moved for this long."""

_CONTROL: Final = Qt.KeyboardModifier.ControlModifier


class Pointing(QObject):
    """Hears the mouse over an editor's text. Made and owned by the editor."""

    def __init__(self, editor: CodeEditor) -> None:
        super().__init__(editor)
        self._editor = editor
        self._viewport = editor.input_widget().viewport()
        self._at = QPoint()
        self.position: int | None = None
        """The character on which the mouse rests."""
        self._word = (0, 0)
        self._note_line: int | None = None
        self._is_click = False
        self._pressed_at: QPoint | None = None
        self._spans: list[Span] = []
        self.rest = QTimer(self)
        self.rest.setSingleShot(True)
        self.rest.setInterval(REST_MS)
        self.rest.timeout.connect(self._on_rest)
        self._viewport.setMouseTracking(True)
        self._viewport.installEventFilter(self)
        editor.scrolled.connect(self.leave)
        editor.changed.connect(self.leave)

    @guarded(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.MouseMove and isinstance(event, QMouseEvent):
            self._on_move(event)
        elif kind == QEvent.Type.Leave:
            self.leave()
        elif kind == QEvent.Type.MouseButtonPress and isinstance(event, QMouseEvent):
            self.leave()
            return self._on_press(event)
        elif kind == QEvent.Type.MouseButtonDblClick and isinstance(event, QMouseEvent):
            # The second click with Ctrl goes nowhere else, and puts no caret there.
            self._is_click = self._clicked_with_ctrl(event) is not None
            return self._is_click
        elif kind == QEvent.Type.MouseButtonRelease and isinstance(event, QMouseEvent):
            return self._on_release(event)
        return False

    def leave(self) -> None:
        """The mouse is no longer where it rested, or what is there is another thing."""
        self.rest.stop()
        if self.position is not None or self._note_line is not None:
            self.position = self._note_line = None
            self._editor.hint_windows.hide_pointed()
            self._editor.hover_left.emit()

    def _on_move(self, event: QMouseEvent) -> None:
        self._at = event.position().toPoint()
        if event.buttons() != Qt.MouseButton.NoButton:
            self.leave()
            return
        if not self._is_there_still():
            self.leave()
        self.rest.start()

    def _is_there_still(self) -> bool:
        """Whether the mouse is over the same word, or the same note."""
        if self._note_line is not None:
            return self._editor.note_at(self._at) == self._note_line
        position = self._editor.position_at(self._at)
        return self.position is None or (position is not None and self._word[0] <= position < self._word[1])

    def _on_rest(self) -> None:
        editor = self._editor
        position, note_line = editor.position_at(self._at), editor.note_at(self._at)
        on_screen = self._viewport.mapToGlobal(self._at)
        if note_line is not None:
            self._show_note(note_line)
        elif position is None:
            return
        elif self.position is None:
            self.position, self._word = position, self._editor.word_at(position)
            editor.hint_windows.show_underlined(position)
            editor.hovered.emit(position, on_screen)

    def _show_note(self, line: int) -> None:
        note = self._editor.line_note(line)
        if note is not None and note.tip and line != self._note_line:
            self._note_line = line
            end = self._editor.line_start(line) + len(self._editor.line_text(line))
            self._editor.hint_windows.show_pointed(end, note.tip)

    def _on_press(self, event: QMouseEvent) -> bool:
        # The release of the click before may have gone to another window, which the click opened.
        self._is_click, self._pressed_at = False, None
        if event.button() != Qt.MouseButton.LeftButton:
            return False
        if event.modifiers() == Qt.KeyboardModifier.AltModifier and self._editor.has_carets:
            # Dragging selects a column, and is the widget's; a click adds a caret, to those that the press takes away.
            self._pressed_at, self._spans = event.position().toPoint(), self._editor.selections()
            return False
        position = self._clicked_with_ctrl(event)
        if position is None:
            return False
        self._is_click = True
        self._editor.place_clicked.emit(position, event.modifiers())
        return True

    def _clicked_with_ctrl(self, event: QMouseEvent) -> int | None:
        """The character that is clicked with Ctrl; None for another click, and beside the text."""
        if event.button() != Qt.MouseButton.LeftButton or event.modifiers() != _CONTROL:
            return None
        return self._editor.position_at(event.position().toPoint())

    def _on_release(self, event: QMouseEvent) -> bool:
        if self._is_click:
            self._is_click = False
            return True
        if self._pressed_at is not None:
            at, self._pressed_at = self._pressed_at, None
            if event.position().toPoint() == at:
                QTimer.singleShot(0, self, self._add_caret)
        return False

    def _add_caret(self) -> None:
        """Behind the widget's own answer to the click: the caret is where it was clicked, and the old ones are gone."""
        clicked = self._editor.caret()
        spans = [span for span in self._spans if span != (clicked, clicked)]
        if spans:
            self._editor.select_spans([*spans, (clicked, clicked)])
