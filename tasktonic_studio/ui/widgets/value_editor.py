"""ValueEditor: a value is typed where it stands, in a row of a tree."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QFrame, QLabel, QLineEdit, QTreeView, QVBoxLayout, QWidget

from tasktonic.literals import ttLiteralError
from tasktonic_studio.session.edits import Typed, literal_from, literal_of
from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.tips import plain_tip
from tasktonic_studio.ui.widgets import accessible

_LEAST_PX = 170


class ValueEditor(QFrame):
    """Lies over the value of a row until Enter or Esc; what is no literal is said below the line. Owned by the tree.

    ``done`` has what was typed, as a `Typed` whose ``seen`` is what stood there when it was begun.
    """

    done = Signal(object)

    def __init__(self, tree: QTreeView, column: int) -> None:
        super().__init__(tree.viewport())
        self.setObjectName("value_editor")
        self.setAutoFillBackground(True)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._tree = tree
        self._column = column
        self._typed: Typed | None = None
        self._row = QPersistentModelIndex()
        self.line = QLineEdit()
        self.choice = QComboBox()
        self.choice.addItems(["True", "False"])
        self.note = QLabel()
        self.note.setWordWrap(True)
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.setProperty("role", "warning")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        for widget in (self.line, self.choice, self.note):
            layout.addWidget(widget)
        for watched in (self.line, self.choice, tree.viewport()):
            watched.installEventFilter(self)
        self.line.textEdited.connect(self._on_edited)
        self.hide()
        for bar in (tree.verticalScrollBar(), tree.horizontalScrollBar()):
            bar.valueChanged.connect(self._place)
        tree.model().rowsRemoved.connect(self._on_rows)
        tree.model().rowsInserted.connect(self._on_rows)
        tree.model().modelReset.connect(self.cancel)

    @property
    def is_open(self) -> bool:
        """Whether something is being typed."""
        return self._typed is not None

    def begin(self, index: QModelIndex, typed: Typed, what: str) -> None:
        """Let the value in a row be typed; ``typed`` says where and what is seen there, ``what`` its name for people."""
        self._typed, self._row = typed, QPersistentModelIndex(index.siblingAtColumn(0))
        literal = literal_of(typed.seen, typed.seen_type)
        is_bool = typed.seen_type == "bool" and literal in ("True", "False")
        field: QWidget = self.choice if is_bool else self.line
        self.choice.setVisible(is_bool)
        self.line.setVisible(not is_bool)
        kind = typed.seen_type or "nothing"
        accessible.name(field, f"New value of {what}", f"A Python literal; now it is {typed.seen} ({kind}).")
        if is_bool:
            self.choice.setCurrentText(literal)
        else:
            self.line.setText(literal)
            self.line.setPlaceholderText("a Python literal, such as 5, 'text' or [1, 2]")
            inside = typed.seen_type == "str" and len(literal) > 2
            self.line.setSelection(1, len(literal) - 2) if inside else self.line.selectAll()
        self._say("")
        self._tree.scrollTo(index)
        self._place()
        self.show()
        self.raise_()
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    def cancel(self) -> None:
        """Nothing is changed."""
        self._close()

    def _commit(self) -> None:
        typed = self._typed
        if typed is None:
            return
        text = self.line.text() if self.line.isVisibleTo(self) else self.choice.currentText()
        try:
            literal = literal_from(text, typed.seen_type)
        except ttLiteralError as error:
            self._say(str(error))
            return
        unchanged = literal == literal_of(typed.seen, typed.seen_type)
        self._close()
        if not unchanged:
            self.done.emit(Typed(typed.spot, literal, typed.seen, typed.seen_type))

    def _close(self) -> None:
        if self._typed is not None:
            had_focus = self.line.hasFocus() or self.choice.hasFocus()
            self._typed = None
            self.hide()
            if had_focus:
                self._tree.setFocus(Qt.FocusReason.OtherFocusReason)

    def _say(self, sentence: str) -> None:
        self.note.setText(sentence)
        self.note.setVisible(bool(sentence))
        self.note.setToolTip(plain_tip(sentence))
        if sentence:
            accessible.name(self.note, sentence)
        self._place()

    def _on_edited(self, text: str) -> None:
        """A mistake is told on Enter, not while one types; what a bare word becomes is told at once."""
        typed = self._typed
        if typed is None:
            return
        as_text = ""
        if typed.seen_type == "str":
            try:
                literal = literal_from(text, "str")
            except ttLiteralError:
                literal = text.strip()
            if literal != text.strip():
                as_text = f"Taken as the text {literal}."
        self._say(as_text)

    def _place(self) -> None:
        if self._typed is None:
            return
        if not self._row.isValid():
            self.cancel()
            return
        index = self._row.sibling(self._row.row(), self._column)
        cell = self._tree.visualRect(index)
        view = self._tree.viewport().rect()
        left = max(0, min(cell.left(), view.width() - _LEAST_PX))
        height = self._height_at(view.width() - left)
        if height > view.height():
            # A long sentence in a narrow panel: it gets the whole width.
            left = 0
            height = self._height_at(view.width())
        # A sentence that would end below the list stands higher: the line goes with it.
        top = max(0, min(cell.top(), view.height() - height))
        self.setGeometry(QRect(left, top, view.width() - left, height))
        self.setVisible(cell.bottom() >= 0 and cell.top() <= view.height())

    def _height_at(self, width: int) -> int:
        margins = self.contentsMargins()
        height = (self.line if self.line.isVisibleTo(self) else self.choice).sizeHint().height()
        if self.note.isVisibleTo(self):
            height += self.note.heightForWidth(max(width - margins.left() - margins.right(), 1)) + 4
        return height + margins.top() + margins.bottom()

    def _on_rows(self, *_rows: object) -> None:
        self._place()

    @guarded(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._tree.viewport():
            if event.type() == QEvent.Type.Resize:
                self._place()
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter):
                event.accept()
                return True
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._commit()
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.cancel()
                return True
        elif event.type() == QEvent.Type.FocusOut and self._typed is not None and not self._is_list_open():
            self.cancel()
        return super().eventFilter(watched, event)

    def _is_list_open(self) -> bool:
        return self.choice.view().isVisible()
