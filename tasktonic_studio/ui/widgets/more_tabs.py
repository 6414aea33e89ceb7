"""Tabs with whole names: where a row has no room for all of them, a button behind the last has a menu of the others."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QMenu, QStyle, QTabBar, QToolButton

from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.tips import plain_tip
from tasktonic_studio.ui.widgets import accessible, figures

_CHANGES: Final = (QEvent.Type.Paint, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.StyleChange)
"""After these the tabs may be others, or want another width. Qt tells nobody of a new name: the row is only painted anew."""
_STEPS: Final = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_HELD_MS: Final = 50
"""While a button of the mouse is down nothing moves: somebody may be dragging a tab."""


class MoreTabs(QToolButton):
    """Stands behind the last tab there is room for; hidden while that is all of them. Owned by the row.

    On screen are as many of the first tabs as fit, and the one in front wherever it is in the row. The others are hidden
    in the row, not taken out of it: they keep their numbers.

    Args:
        bar: the row. As it cuts names now it goes on to do where not even the tab in front has room.
        one: what one of its tabs is called, ``panel``.
    """

    def __init__(self, bar: QTabBar, one: str) -> None:
        super().__init__(bar)
        self._bar = bar
        self._one = one
        self._cut = bar.elideMode()
        self._round_px = 0
        self.setObjectName("more_tabs")
        self.setText("»")
        # The arrow keys of the row lead to every tab: see eventFilter.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._fill)
        self.setMenu(self._menu)
        self.hide()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.place)
        # A row that cannot scroll asks for the width of all its tabs.
        bar.setUsesScrollButtons(True)
        bar.setElideMode(Qt.TextElideMode.ElideNone)
        bar.currentChanged.connect(self._on_change)
        bar.installEventFilter(self)

    @property
    def hidden_tabs(self) -> list[int]:
        """The numbers of the tabs that have no room."""
        return [number for number in range(self._bar.count()) if not self._bar.isTabVisible(number)]

    @guarded(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is not self._bar:
            return False
        if event.type() in _CHANGES:
            self._soon.start(0)
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in _STEPS:
            # Qt's own steps pass over what is hidden.
            number = self._bar.currentIndex() + _STEPS[Qt.Key(event.key())]
            if 0 <= number < self._bar.count() and not self._bar.isTabVisible(number):
                self._bar.setCurrentIndex(number)
                return True
        return False

    def _on_change(self) -> None:
        self._soon.start(0)

    def place(self) -> None:
        """Show the tabs there is room for, and say which are hidden."""
        bar = self._bar
        if QApplication.mouseButtons() != Qt.MouseButton.NoButton:
            self._soon.start(_HELD_MS)
            return
        widths, front = self._widths(), bar.currentIndex()
        room = bar.width()
        if sum(widths) > room:
            room -= self._width_px
        shown = {front} if front >= 0 else set()
        used = sum(widths[number] for number in shown)
        if used <= room:
            for number, width in enumerate(widths):
                used += width if number not in shown else 0
                if used > room:
                    break
                shown.add(number)
        wanted = Qt.TextElideMode.ElideNone if used <= room or len(shown) > 1 else self._cut
        if bar.elideMode() != wanted:
            bar.setElideMode(wanted)
        for number in range(bar.count()):
            if bar.isTabVisible(number) != (number in shown):
                bar.setTabVisible(number, number in shown)
        if wanted == Qt.TextElideMode.ElideNone and front >= 0 and bar.tabRect(front).left() < 0:
            # Qt scrolled to it while there were more tabs, and leaves the row there; any tab that changes lets it look again.
            bar.setTabText(front, bar.tabText(front))
        self._say(self.hidden_tabs)

    def _widths(self) -> list[int]:
        """How wide each tab is with its whole name."""
        bar = self._bar
        words = [bar.fontMetrics().horizontalAdvance(bar.tabText(number)) for number in range(bar.count())]
        if bar.elideMode() == Qt.TextElideMode.ElideNone:
            # What stands round the words is up to the style sheet, and to the owner of the row: a cross, for one.
            seen = [number for number in range(bar.count()) if bar.isTabVisible(number)]
            self._round_px = max((bar.tabRect(number).width() - words[number] for number in seen), default=0)
        return [each + self._round_px for each in words]

    @property
    def _width_px(self) -> int:
        return 2 * self._bar.style().pixelMetric(QStyle.PixelMetric.PM_TabBarScrollButtonWidth, None, self._bar)

    def _say(self, hidden: list[int]) -> None:
        bar = self._bar
        if hidden:
            names = ", ".join(bar.tabText(number).replace("&&", "&") for number in hidden)
            words = f"{figures.counted(len(hidden), f'more {self._one}')}: {names}"
            if words != self.accessibleName():
                self.setToolTip(plain_tip(words))
                accessible.name(self, words)
            end = max((bar.tabRect(it).right() + 1 for it in range(bar.count()) if it not in hidden), default=0)
            width = self._width_px
            self.setGeometry(min(end, bar.width() - width), 0, width, bar.height())
            self.raise_()
        self.setVisible(bool(hidden))

    def _fill(self) -> None:
        self._menu.clear()
        for number in self.hidden_tabs:
            line = self._menu.addAction(self._bar.tabText(number))
            line.triggered.connect(partial(self._bar.setCurrentIndex, number))


def stand_closer(bar: QTabBar, width_px: int) -> None:
    """Leave less room around the words of a row where they would not fit into this width otherwise."""
    words = sum(bar.fontMetrics().horizontalAdvance(bar.tabText(index)) for index in range(bar.count()))
    is_tight = words + bar.count() * tokens.TAB_PADDING_PX * 2 > width_px
    if bar.property("tight") != is_tight:
        bar.setProperty("tight", is_tight)
        bar.style().unpolish(bar)
        bar.style().polish(bar)
        bar.updateGeometry()
