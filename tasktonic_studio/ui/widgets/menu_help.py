"""F1 on a line of a menu: the help on that command."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QApplication, QMenu

from tasktonic_studio.ui.guard import guarded


class MenuHelp(QObject):
    """Hears F1 in menus, where no shortcut of the window is heard. Owned by whoever makes the menus.

    Args:
        show: called with the title of the command, when the menus have closed.
    """

    def __init__(self, show: Callable[[str], object], parent: QObject) -> None:
        super().__init__(parent)
        self._show = show

    def watch(self, menu: QMenu) -> None:
        """Hear F1 in this menu from now on."""
        menu.installEventFilter(self)

    @guarded(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_f1 = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_F1
        if not is_f1 or not isinstance(watched, QMenu):
            return super().eventFilter(watched, event)
        action: QAction | None = watched.activeAction()  # its stub knows no menu without a chosen line
        if action is None or action.isSeparator() or action.menu() is not None:
            return True
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
        self._show(action.text().replace("&", ""))
        return True
