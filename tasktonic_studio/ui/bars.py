"""The bars at the top of the window: what to do with the app, the way to anything, the arrangements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QToolBar,
    QToolButton,
    QWidget,
)

from tasktonic_studio.ui.actions import Actions
from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.layouts import Arrangement
from tasktonic_studio.ui.widgets import accessible


def fill_bars(window: QMainWindow, actions: Actions, arrangements: Sequence[Arrangement]) -> None:
    """Give a window its menus and its tool bar. The window owns them."""
    actions.fill_menu_bar(window.menuBar())
    window.menuBar().setAccessibleName("Menus")
    bar = QToolBar("What to do with the app")
    bar.setObjectName("tool_bar")
    bar.setMovable(False)
    bar.setFloatable(False)
    bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
    window.addToolBar(bar)
    actions.fill_tool_bar(bar)
    _name_the_rest(bar)
    # A bar of its own, so that filling the first one anew leaves it alone.
    side = QToolBar("Go to anything and arrange")
    side.setObjectName("side_bar")
    side.setMovable(False)
    side.setFloatable(False)
    side.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
    side.addWidget(_side(actions, arrangements))
    window.addToolBar(side)
    window.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)


def _name_the_rest(bar: QToolBar) -> None:
    """Give Qt's button for what has no room on the bar a sign and a name: its own picture follows no theme."""
    rest = bar.findChild(QToolButton, "qt_toolbar_ext_button")
    if rest is not None:
        rest.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        rest.setText("»")
        rest.setToolTip("More of this bar")
        accessible.name(rest, "More of this bar")


class _GoToButton(QPushButton):
    """The way to anything: words and their key, in a narrow window the words alone, or as many of them as are whole."""

    _WORDS: Final = "Go to anything…"
    _FEW: Final = "Go to…"

    def __init__(self) -> None:
        self._key = QKeySequence("Ctrl+P").toString(QKeySequence.SequenceFormat.NativeText)
        super().__init__(f"{self._WORDS}   {self._key}")
        self.setToolTip(f"{self._WORDS} ({self._key})")

    @guarded(None)
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        room = self.style().subElementRect(QStyle.SubElement.SE_PushButtonContents, option, self).width()
        said = (f"{self._WORDS}   {self._key}", self._WORDS)
        self.setText(next((it for it in said if self.fontMetrics().horizontalAdvance(it) <= room), self._FEW))


def _side(actions: Actions, arrangements: Sequence[Arrangement]) -> QWidget:
    """The right part of the tool bar: the way to anything, and the arrangements."""
    side = QWidget()
    layout = QHBoxLayout(side)
    layout.setContentsMargins(0, 0, 4, 0)
    layout.setSpacing(12)
    go_to = _GoToButton()
    go_to.setObjectName("go_to_button")
    go_to.setMinimumWidth(126)
    go_to.setMaximumWidth(340)
    go_to.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    go_to.setAccessibleName("Go to anything")
    go_to.clicked.connect(actions.action("go.anything").trigger)
    frame = QFrame()
    frame.setObjectName("arrangements")
    frame.setAccessibleName("Arrangements of the panels")
    row = QHBoxLayout(frame)
    row.setContentsMargins(2, 2, 2, 2)
    row.setSpacing(2)
    for arrangement in arrangements:
        row.addWidget(_arrangement_button(actions, arrangement))
    layout.addStretch(1)
    layout.addWidget(go_to, 2)
    layout.addStretch(1)
    layout.addWidget(frame)
    return side


def _arrangement_button(actions: Actions, arrangement: Arrangement) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(actions.action(f"view.arrange_{arrangement.name}"))
    button.setText(arrangement.title)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setAccessibleName(f"Arrange for {arrangement.title}")
    # The action's longer title belongs into the menu; its changes must not reach the button.
    action = button.defaultAction()
    action.setIconText(arrangement.title)
    return button
