"""The sheet of all keys, made from the commands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from tasktonic_studio.commands.command import Command
from tasktonic_studio.ui.actions import in_menu_order
from tasktonic_studio.ui.dialogs.fitting import fit
from tasktonic_studio.ui.guard import guarded

_FRAME_PX: Final = 14
"""Around the letters of a key."""
_BETWEEN_PX: Final = 36


class KeySheet(QDialog):
    """Made by the workbench when asked for; gone when closed."""

    def __init__(
        self, commands: Sequence[Command], keys_of: Callable[[Command], tuple[str, ...]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        by_menu: dict[str, list[Command]] = {}
        for command in commands:
            if keys_of(command):
                by_menu.setdefault(command.menu.split("/")[0] or "Anywhere", []).append(command)
        shown = [_words(keys_of(command)) for group in by_menu.values() for command in group]
        self._keys_px = max((self.fontMetrics().horizontalAdvance(keys) for keys in shown), default=0) + _FRAME_PX
        page = QWidget()
        columns = self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight, page)
        columns.setSpacing(_BETWEEN_PX)
        sides = [QVBoxLayout(), QVBoxLayout()]
        half = (sum(len(group) + 2 for group in by_menu.values()) + 1) // 2
        used = 0
        for side in sides:
            columns.addLayout(side, 1)
            side.setSpacing(18)
        for menu in in_menu_order(by_menu):
            grid = QGridLayout()
            sides[0 if used < half else 1].addLayout(grid)
            self._fill_group(grid, menu, by_menu[menu], keys_of)
            used += len(by_menu[menu]) + 2
        for side in sides:
            side.addStretch()
        self._sides = sides
        area = self.area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(page)
        area.setAccessibleName("All keys")
        hint = QLabel(
            "Any command, with or without a key, is found by typing: Ctrl+Shift+P. Keys can be changed in the settings file."
        )
        hint.setProperty("role", "muted")
        hint.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(area)
        layout.addWidget(hint)
        layout.addWidget(buttons)
        fit(self, 820, 640)

    @guarded(None)
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Two columns where both are whole, else one below the other."""
        super().resizeEvent(event)
        margins, bar = self._columns.contentsMargins(), self.area.verticalScrollBar().sizeHint().width()
        widest = max(side.minimumSize().width() for side in self._sides)
        wanted = 2 * widest + _BETWEEN_PX + margins.left() + margins.right() + bar
        fits = wanted <= self.area.width()
        self._columns.setDirection(QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom)

    def _fill_group(
        self, grid: QGridLayout, menu: str, commands: Sequence[Command], keys_of: Callable[[Command], tuple[str, ...]]
    ) -> None:
        grid.setVerticalSpacing(5)
        grid.setHorizontalSpacing(14)
        title = QLabel(menu)
        title.setProperty("role", "strong")
        grid.addWidget(title, 0, 0, 1, 2)
        for row, command in enumerate(commands, start=1):
            keys = QLabel(_words(keys_of(command)))
            keys.setProperty("role", "key")
            keys.setAlignment(Qt.AlignmentFlag.AlignCenter)
            words = QLabel(command.title)
            words.setToolTip(command.help)
            grid.addWidget(keys, row, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(words, row, 1)
        # The same in all groups: their second columns stand below each other.
        grid.setColumnMinimumWidth(0, self._keys_px)
        grid.setColumnStretch(1, 1)


def _words(keys: Sequence[str]) -> str:
    return "  ".join(map(_native, keys))


def _native(key: str) -> str:
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
