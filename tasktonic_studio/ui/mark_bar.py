"""The note of a mark that was just made: one line to type in, or to pass over, while everything else goes on."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from tasktonic_studio.session.marks import Marks
from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.theme.icons import Icons


class MarkBar(QFrame):
    """A strip above the panels with the note of one mark. Owned by the workbench.

    Enter and Esc both keep the mark, and give the focus back to where it was: the first with what was typed, the second with
    the note that it had.

    Args:
        icons: pictures.
        marks: the marks of what is watched.
        when: says a time in words.
    """

    def __init__(self, icons: Icons, marks: Marks, when: Callable[[int], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("mark_bar")
        self.setAccessibleName("Note of a mark")
        self._icons = icons
        self._marks = marks
        self._when = when
        self._mark_id = ""
        self._focus_before: QWidget | None = None
        self._picture = QLabel()
        self.words = QLabel()
        self.words.setProperty("role", "strong")
        self.line = QLineEdit()
        self.line.setPlaceholderText("What is to be seen here? Enter keeps the note")
        self.line.setAccessibleName("Note")
        self.line.returnPressed.connect(self.keep)
        self.line.installEventFilter(self)
        self.done = QPushButton("Done")
        self.done.clicked.connect(self.keep)
        self.remove = QPushButton("Take away")
        self.remove.setAccessibleName("Take this mark away")
        self.remove.clicked.connect(self._on_remove)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 5, 8, 5)
        layout.setSpacing(tokens.SPACE_PX)
        layout.addWidget(self._picture)
        layout.addWidget(self.words)
        layout.addWidget(self.line, 1)
        layout.addWidget(self.done)
        layout.addWidget(self.remove)
        self.on_theme()
        self.hide()

    def edit(self, mark_id: str) -> None:
        """Let the note of a mark be typed; the note before it is kept as it stands."""
        if not self.isHidden():
            self._write()
        mark = self._marks.find(mark_id)
        if mark is None:
            return
        self._mark_id = mark_id
        focus = QApplication.focusWidget()
        if focus is not self.line:
            self._focus_before = focus
        self.words.setText(f"Mark at {self._when(mark.t_ns)}")
        self.line.setMaxLength(self._marks.room(mark_id))
        self.line.setText(mark.note)
        self.show()
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def keep(self) -> None:
        """Keep what was typed, and go."""
        self._write()
        self.leave()

    def leave(self) -> None:
        """Go, and leave the note as it was."""
        self._mark_id = ""
        had_focus = self.isAncestorOf(QApplication.focusWidget() or self)
        self.hide()
        before, self._focus_before = self._focus_before, None
        if had_focus and before is not None:
            before.setFocus(Qt.FocusReason.OtherFocusReason)

    def on_theme(self) -> None:
        """Draw the picture in the colours of now."""
        self._picture.setPixmap(self._icons.pixmap("mark", "accent", 16, self.devicePixelRatioF()))

    def _write(self) -> None:
        self._marks.write(self._mark_id, self.line.text().strip())

    def _on_remove(self) -> None:
        self._marks.remove(self._mark_id)
        self.leave()

    @guarded(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:
            self.leave()
            return True
        return super().eventFilter(watched, event)
