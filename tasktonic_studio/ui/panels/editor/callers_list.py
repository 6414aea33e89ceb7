"""The list of all calls of something, under the text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QToolButton, QTreeWidgetItem, QVBoxLayout, QWidget

from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.panels.editor.places_tree import PlacesTree
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.tips import plain_tip
from tasktonic_studio.ui.widgets.elided_label import ElidedLabel

_ROWS_SHOWN: Final = 7
_PLACE: Final = Qt.ItemDataRole.UserRole


class CallersList(QWidget):
    """Opened by a command, closed with Esc. Owned by the editor's view."""

    chosen = Signal(str, int, int)
    """File, line (from 1) and column (from 0) of a call."""
    opened = Signal()
    """It is about to be shown: what else stands under the text can make room."""
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = ElidedLabel()
        self.title.setProperty("role", "muted")
        self.cross = QToolButton(self)
        self.cross.setText("✕")
        self.cross.setAutoRaise(True)
        self.cross.setToolTip(plain_tip("Close the list  Esc"))
        self.cross.setAccessibleName("Close the list of callers")
        self.cross.clicked.connect(self.close_list)
        self.tree = PlacesTree(self)
        self.tree.setAccessibleName("Callers")
        self.tree.setHeaderLabels(["Where", "Line", "Text"])
        self.tree.setRootIsDecorated(False)
        self.tree.setUniformRowHeights(True)
        self.tree.setAllColumnsShowFocus(True)
        self.tree.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.tree.header().setStretchLastSection(True)
        self.tree.itemClicked.connect(self._choose)
        self.tree.itemActivated.connect(self._choose)
        space = tokens.SMALL_SPACE_PX
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(space)
        head = QHBoxLayout()
        layout.addLayout(head)
        head.setContentsMargins(2 * space, space, space, 0)
        head.addWidget(self.title, 1)
        head.addWidget(self.cross)
        layout.addWidget(self.tree)
        self.hide()

    def show_asked(self) -> None:
        """The question was put; the answer is to come."""
        self.opened.emit()
        self.tree.clear()
        self.tree.hide()
        self.title.show_text("Looking through the project…")
        self.show()

    def show_found(
        self,
        subject: str,
        found: Sequence[Sequence[Any]],
        problem: str,
        root: str,
        *,
        is_all: bool = True,
        scope: str = "",
    ) -> None:
        """Show all calls. `found` as the code process gives them; `problem` when it could not, `is_all` whether there are no more.

        `scope` is a sentence of what was looked through, where that is less than one would think.
        """
        self.tree.clear()
        for file, line, column, _end, where, text, is_sure in found:
            shown = _short(file, root)
            words = text if is_sure else f"{text}   (perhaps: what stands before the dot is not known)"
            item = QTreeWidgetItem([f"{where}   {shown}" if where != shown else where, str(line), words])
            item.setData(0, _PLACE, (file, line, column))
            item.setToolTip(0, plain_tip(file))
            item.setToolTip(2, plain_tip(words))
            self.tree.addTopLevelItem(item)
        count = len(found)
        if problem:
            self.title.show_text(f"The callers could not be found. {problem}")
        elif not subject:
            self.title.show_text("Put the caret on a sparkle, a state or another name: its callers are listed here.")
        elif not count:
            where = "the project" if is_all else "that part of the project that was looked through"
            self.title.show_text(f"Nothing {'there ' if scope else f'in {where} '}calls {subject}. {scope}".rstrip())
        else:
            more = "" if is_all else ", and perhaps more: the project is too large to show all"
            self.title.show_text(
                f"{count} {'call' if count == 1 else 'calls'} of {subject}{more}{f'. {scope}' if scope else ''}"
            )
        self.setAccessibleName(self.title.whole)
        self.tree.setVisible(bool(count))
        first = self.tree.topLevelItem(0)
        if first is not None:
            self.tree.setCurrentItem(first)
            self.tree.want(min(count, _ROWS_SHOWN))
            self.tree.setFocus(Qt.FocusReason.OtherFocusReason)
        self.show()

    def _choose(self, item: QTreeWidgetItem, _column: int = 0) -> None:
        self.chosen.emit(*item.data(0, _PLACE))

    def close_list(self) -> None:
        """Take the list away."""
        self.hide()
        self.closed.emit()

    def make_room(self) -> None:
        """Something else is shown under the text: two lists would leave no room for the text itself."""
        if not self.isHidden():
            self.close_list()

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_list()
        else:
            super().keyPressEvent(event)


def _short(file: str, root: str) -> str:
    """A file as one knows it: below the open folder, else its name."""
    path = Path(file)
    return str(path.relative_to(root)) if root and path.is_relative_to(root) else path.name
