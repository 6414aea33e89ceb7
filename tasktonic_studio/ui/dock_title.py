"""The title of a dock that stands alone."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QLabel, QToolButton, QWidget

from tasktonic_studio.ui.panel import Panel
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.theme.icons import Icons
from tasktonic_studio.ui.widgets.elided_label import ElidedLabel

TITLE_HEIGHT_PX: Final = 28


class DockTitle(QWidget):
    """The title of a dock: icon, words, and two small buttons. Bright while its panel has the focus."""

    close_wanted = Signal()

    def __init__(self, dock: QDockWidget, panel: Panel, icons: Icons) -> None:
        super().__init__(dock)
        self.setObjectName("dock_title")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._dock = dock
        self._panel = panel
        self._icons = icons
        self._picture = QLabel()
        self._words = ElidedLabel()
        self._float = self._button("float", f"Take {panel.title} out of the window, or put it back")
        self._float.clicked.connect(self._on_float)
        self._close = self._button("close", f"Close {panel.title}")
        self._close.clicked.connect(self.close_wanted)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(tokens.SPACE_PX, 0, tokens.SMALL_SPACE_PX, 0)
        layout.setSpacing(6)
        layout.addWidget(self._picture)
        layout.addWidget(self._words, 1)
        layout.addWidget(self._float)
        layout.addWidget(self._close)
        self.setToolTip(panel.help)
        self.say(panel.title)
        self.draw(focused=False)

    def say(self, title: str) -> None:
        """Other words."""
        self._words.show_text(title)
        # Its own would say only the title: what the panel is for stands below.
        self._words.setToolTip(f"{title}\n{self._panel.help}")

    def draw(self, *, focused: bool) -> None:
        """Take on the colours of the theme and of the focus."""
        role = "text" if focused else "text_muted"
        self.setFixedHeight(self.height_px)
        self.setProperty("quiet", "false" if focused else "true")
        for widget in (self, self._words):
            self.style().unpolish(widget)
            self.style().polish(widget)
        if self._panel.icon:
            self._picture.setPixmap(
                self._icons.pixmap(self._panel.icon, "accent" if focused else role, 14, self.devicePixelRatioF())
            )
        self._float.setIcon(self._icons.icon("float", "text_muted"))
        self._close.setIcon(self._icons.icon("close", "text_muted"))

    @property
    def height_px(self) -> int:
        """As high as usual, or more where text is large."""
        return max(TITLE_HEIGHT_PX, self._words.fontMetrics().height() + 10)

    def sizeHint(self) -> QSize:
        """The dock asks for this, not for the fixed height."""
        return QSize(super().sizeHint().width(), self.height_px)

    def minimumSizeHint(self) -> QSize:
        """Narrow docks cut the title, not the other way round."""
        return QSize(60, self.height_px)

    def _button(self, icon: str, words: str) -> QToolButton:
        button = QToolButton(self)
        button.setIcon(self._icons.icon(icon, "text_muted"))
        button.setToolTip(words)
        button.setAccessibleName(words)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return button

    def _on_float(self) -> None:
        self._dock.setFloating(not self._dock.isFloating())
