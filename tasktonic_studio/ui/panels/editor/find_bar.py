"""Find and replace in the file in front."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from tasktonic_studio.analysis.text_search import MOST_HITS, Query, QueryProblem, find_all, replaced
from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.panels.editor.code_editor import CodeEditor
from tasktonic_studio.ui.panels.editor.line_buttons import LineButton
from tasktonic_studio.ui.panels.editor.searching import Span, next_hit
from tasktonic_studio.ui.theme import tokens

_LINE_ROOM_PX: Final = 260
"""What a line to type in needs beside its buttons, with the count and the button to close."""


class _Line(QLineEdit):
    """A line that tells with which modifiers Enter was pressed."""

    entered = Signal(bool)
    """Enter; True with Shift."""
    left = Signal()
    """Escape."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit(bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class FindBar(QWidget):
    """One line to find, a second one to replace. Owned by the editor's view; one for all files."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor: CodeEditor | None = None
        self._hits: list[Span] = []
        self.query = _Line(self)
        self.query.setPlaceholderText("Find")
        self.query.setClearButtonEnabled(True)
        self.query.setAccessibleName("Find in this file")
        self.replacement = _Line(self)
        self.replacement.setPlaceholderText("Replace with")
        self.replacement.setAccessibleName("Replace with")
        self.count = QLabel(self)
        self.count.setProperty("role", "muted")
        self.match_case = LineButton("Aa", "Match upper and lower case", self, toggles=True)
        self.whole_word = LineButton("Word", "Whole words only", self, toggles=True)
        self.is_pattern = LineButton(".*", "The text is a regular expression, such as on_\\w+", self, toggles=True)
        self.problem = QLabel(self)
        self.problem.setProperty("role", "problem")
        self.problem.setWordWrap(True)
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.hide()
        self.previous = LineButton("↑", "Previous hit (Shift+F3)", self)
        self.next = LineButton("↓", "Next hit (F3)", self)
        self.close_button = LineButton("✕", "Close (Esc)", self)
        self.replace_one = QPushButton("Replace", self)
        self.replace_every = QPushButton("Replace all", self)
        self._lay_out()
        self.query.textChanged.connect(self._on_typed)
        self.query.entered.connect(self._on_enter)
        self.replacement.entered.connect(self._on_replace)
        for line in (self.query, self.replacement):
            line.left.connect(self.close_bar)
        for toggle in (self.match_case, self.whole_word, self.is_pattern):
            toggle.toggled.connect(self._on_typed)
        self.previous.clicked.connect(self.find_previous)
        self.next.clicked.connect(self.find_next)
        self.close_button.clicked.connect(self.close_bar)
        self.replace_one.clicked.connect(self._on_replace)
        self.replace_every.clicked.connect(self._on_replace_all)
        self.hide()

    def set_editor(self, editor: CodeEditor | None) -> None:
        """Another file came to the front."""
        if self._editor is editor:
            return
        if self._editor is not None:
            self._editor.changed.disconnect(self._on_text_changed)
            self._editor.set_hits(())
        self._editor = editor
        if editor is not None:
            editor.changed.connect(self._on_text_changed)
            self._on_text_changed()

    def open(self, replace: bool = False) -> None:
        """Show the line, with what is selected in the text as what is looked for."""
        editor = self._editor
        if editor is None:
            return
        for widget in (self.replacement, self.replace_one, self.replace_every):
            widget.setVisible(replace and not editor.is_read_only())
        selected = editor.selected_text()
        self.show()
        if selected and "\n" not in selected:
            self.query.setText(selected)
        self._look()
        self.query.selectAll()
        self.query.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_bar(self) -> None:
        """Take the line and the marked hits away; the text has the keys again."""
        self.hide()
        if self._editor is not None:
            self._editor.set_hits(())
            self._editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def find_next(self) -> None:
        """Select the next hit, from the end on from the beginning again."""
        self._step(True)

    def find_previous(self) -> None:
        """Select the hit before."""
        self._step(False)

    def _step(self, forward: bool) -> None:
        if not self.query.text():
            self.open()
            return
        self._look()
        self._go(forward)

    def _go(self, forward: bool) -> None:
        editor = self._editor
        if editor is None:
            return
        index = next_hit(self._hits, editor.selection(), forward)
        if index >= 0:
            start, end = self._hits[index]
            editor.show_line(editor.line_of(start))
            editor.select(start, end)
        self._tell()

    def _look(self) -> None:
        """Find all hits and, while the line is open, mark them in the text."""
        editor = self._editor
        if editor is None:
            self._hits = []
        else:
            try:
                self._hits = find_all(editor.text(), self._query())
            except QueryProblem as problem:
                self._hits = []
                self._say(str(problem))
            else:
                self._say("")
            editor.set_hits(() if self.isHidden() else self._hits)
        self._tell()

    def _say(self, problem: str) -> None:
        """Why it cannot be done; nothing when it can."""
        self.problem.setText(f"✕  {problem}" if problem else "")
        self.problem.setAccessibleName(problem)
        self.problem.setVisible(bool(problem))

    def _on_text_changed(self) -> None:
        # Nobody looks at hits while the line is closed: they are found when the next one is asked for.
        if not self.isHidden():
            self._look()

    def _query(self) -> Query:
        return Query(
            self.query.text(), self.match_case.isChecked(), self.whole_word.isChecked(), self.is_pattern.isChecked()
        )

    def _tell(self) -> None:
        if not self.query.text():
            words = ""
        elif not self._hits:
            words = "nothing found"
        else:
            total = f"{MOST_HITS}+" if len(self._hits) == MOST_HITS else str(len(self._hits))
            selection = self._editor.selection() if self._editor is not None else (-1, -1)
            words = f"{self._hits.index(selection) + 1} of {total}" if selection in self._hits else f"{total} found"
        self.count.setText(words)
        self.count.setAccessibleName(words)

    def _on_typed(self) -> None:
        self._look()
        if self._editor is not None and self._editor.selection() not in self._hits:
            self._go(True)

    def _on_enter(self, with_shift: bool) -> None:
        self._step(not with_shift)

    def _on_replace(self) -> None:
        editor = self._editor
        if editor is None or editor.is_read_only():
            return
        selection = editor.selection()
        if selection in self._hits:
            by = self._by(editor.text(), [selection])
            if by is None:
                return
            editor.replace(*selection, by[0])
            self._look()
        self._go(True)

    def _on_replace_all(self) -> None:
        editor = self._editor
        if editor is None or editor.is_read_only() or not self._hits:
            return
        count = len(self._hits)
        by = self._by(editor.text(), self._hits)
        if by is None:
            return
        editor.replace_all(self._hits, by)
        self.count.setText(f"{count} replaced")
        self.count.setAccessibleName(f"{count} replaced")

    def _by(self, text: str, spans: list[Span]) -> list[str] | None:
        """What comes in the place of each; None when it cannot, which is said."""
        query = self._query()
        try:
            return [replaced(text, span, query, self.replacement.text()) for span in spans]
        except QueryProblem as problem:
            self._say(str(problem))
            return None

    def _lay_out(self) -> None:
        space = tokens.SMALL_SPACE_PX
        self._tools, self._replacing = QWidget(self), QWidget(self)
        for holder, widgets, gap in (
            (self._tools, (self.match_case, self.whole_word, self.is_pattern, self.previous, self.next), 2),
            (self._replacing, (self.replace_one, self.replace_every), space),
        ):
            row = QHBoxLayout(holder)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(gap)
            for widget in widgets:
                row.addWidget(widget)
            row.addStretch()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(2 * space, space, 2 * space, space)
        self._grid.setSpacing(space)
        self._grid.setColumnStretch(0, 1)
        self.query.setMinimumWidth(90)
        self._is_narrow: bool | None = None
        self._arrange(narrow=False)

    def _arrange(self, *, narrow: bool) -> None:
        """Put the buttons beside the lines, or below them where there is no room."""
        if narrow == self._is_narrow:
            return
        self._is_narrow = narrow
        grid = self._grid
        grid.addWidget(self.query, 0, 0)
        grid.addWidget(self.close_button, 0, 3)
        grid.addWidget(self.problem, 5, 0, 1, 4)
        if narrow:
            for row, widget in enumerate((self._tools, self.count, self.replacement, self._replacing), start=1):
                grid.addWidget(widget, row, 0, 1, 4)
        else:
            grid.addWidget(self._tools, 0, 1)
            grid.addWidget(self.count, 0, 2)
            grid.addWidget(self.replacement, 1, 0)
            grid.addWidget(self._replacing, 1, 1, 1, 3)

    def minimumSizeHint(self) -> QSize:
        # The arrangement follows the width, and not the other way round.
        return QSize(120, super().minimumSizeHint().height())

    @guarded(None)
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = max(self._tools.sizeHint().width(), self._replacing.sizeHint().width()) + _LINE_ROOM_PX
        self._arrange(narrow=event.size().width() < room)
