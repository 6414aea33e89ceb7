"""The line of controls above the timeline: filter, table, totals, fit, live edge, pin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QToolButton, QVBoxLayout, QWidget

from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.widgets import accessible
from tasktonic_studio.ui.widgets.pin import Pin

if TYPE_CHECKING:
    from tasktonic_studio.ui.panel import PanelContext

WIDE_PX: Final = 620
ROOMY_PX: Final = 460
NARROW_PX: Final = 350
LEAST_PX: Final = 240
_USUAL_LETTER_PX: Final = 7


class TimelineBar(QWidget):
    """Owned by the timeline's view. Buttons run commands, so that keys, menus and palette do the same."""

    left = Signal()
    """The keyboard goes to the lanes: Enter, Down or Escape in the filter."""

    def __init__(self, context: PanelContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.search = QLineEdit()
        self.search.setPlaceholderText("Filter: words  tonic:pump  error:  longer:5ms  -hook:")
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(60)
        self.search.setToolTip(
            "Only runs that fit are in the lanes. Words are looked for in tonic, class and sparkle. tonic:, type:, sparkle:, "
            "cat:, state:, error:, ignored:, hook:, system:, longer:5ms; -word leaves out."
        )
        accessible.name(self.search, "Filter the timeline", "Words, tonic:pump, error:, longer:5ms")
        self.table = self._button("table", "Table", "Show the runs on screen as a table", "timeline.toggle_table")
        self.table.setCheckable(True)
        self.sum = self._button("sum", "Add up", "Add up what is on screen: counts, totals, longest", "timeline.add_up")
        self.fit = self._button("fit", "All", "Show the whole run", "timeline.fit_all")
        self.live = self._button("live", "Live edge", "Stay at the newest runs", "timeline.follow")
        self.live.setCheckable(True)
        self.live.setChecked(True)
        self.pin = Pin(context)
        self.counts = QLabel()
        self.counts.setProperty("role", "small")
        self.problem = QLabel()
        self.problem.setProperty("role", "warning")
        self.problem.setWordWrap(True)
        self.problem.setContentsMargins(tokens.SPACE_PX, 0, tokens.SPACE_PX, tokens.SMALL_SPACE_PX)
        self.problem.hide()
        row = QHBoxLayout()
        row.setContentsMargins(tokens.SPACE_PX, tokens.SMALL_SPACE_PX, tokens.SMALL_SPACE_PX, tokens.SMALL_SPACE_PX)
        row.setSpacing(tokens.SMALL_SPACE_PX)
        row.addWidget(self.search, 1)
        for widget in (self.counts, self.table, self.sum, self.fit, self.live, self.pin):
            row.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(row)
        layout.addWidget(self.problem)
        self._width = 0
        self.fit_to(0)

    @property
    def buttons(self) -> tuple[QToolButton, ...]:
        return (self.table, self.sum, self.fit, self.live)

    def retheme(self) -> None:
        """Take on colours."""
        for button in self.buttons:
            button.setIcon(self._context.icons.icon(button.property("picture")))
        self.fit_to(self._width)
        self.pin.retheme()

    def fit_to(self, width: int) -> None:
        """Words on the buttons where there is room: large text needs more."""
        self._width = width
        letter_px = QFontMetrics(self._context.theme.font("ui")).averageCharWidth()
        width = width * _USUAL_LETTER_PX // max(letter_px, 1)
        style = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        plain = Qt.ToolButtonStyle.ToolButtonIconOnly
        for button in self.buttons:
            button.setToolButtonStyle(style if width >= WIDE_PX else plain)
        self.counts.setVisible(width >= ROOMY_PX)
        # In a very narrow panel these two are left to keys and to the menu.
        for button in (self.sum, self.fit):
            button.setVisible(width >= NARROW_PX)

    def minimumSizeHint(self) -> QSize:
        """Buttons that go when it gets narrow must not keep it wide."""
        return QSize(LEAST_PX, super().minimumSizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)
        if self.search.hasFocus() and event.key() in keys:
            if event.key() == Qt.Key.Key_Escape:
                self.search.clear()
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _button(self, icon: str, text: str, words: str, command_id: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setToolTip(words)
        button.setProperty("picture", icon)
        button.setProperty("command", command_id)
        accessible.name(button, words)
        button.clicked.connect(self._on_button)
        return button

    def _on_button(self) -> None:
        self._context.run(self.sender().property("command"))
