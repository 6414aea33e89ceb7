"""The line of controls above the timeline: filter, table, totals, fit, live edge, pin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QToolButton

from tasktonic_studio.ui.widgets import accessible
from tasktonic_studio.ui.widgets.filter_bar import FilterBar, FilterWords
from tasktonic_studio.ui.widgets.pin import Pin

if TYPE_CHECKING:
    from tasktonic_studio.ui.panel import PanelContext

_WORDS: Final = FilterWords(
    "the timeline",
    ("words", "tonic:pump", "error:", "longer:5ms", "-hook:"),
    "Only runs that fit are in the lanes. Words are looked for in tonic, class and sparkle. tonic:, type:, sparkle:, "
    "cat:, state:, error:, ignored:, hook:, system:, longer:5ms; -word leaves out.",
)


class TimelineBar(FilterBar):
    """Owned by the timeline's view. Buttons run commands, so that keys, menus and palette do the same."""

    def __init__(self, context: PanelContext) -> None:
        self._context = context
        self.pin = Pin(context)
        self.table = self._button("table", "Table", "Show the runs on screen as a table", "timeline.toggle_table")
        self.table.setCheckable(True)
        self.sum = self._button("sum", "Add up", "Add up what is on screen: counts, totals, longest", "timeline.add_up")
        self.fit = self._button("fit", "All", "Show the whole run", "timeline.fit_all")
        self.live = self._button("live", "Live edge", "Stay at the newest runs", "timeline.follow")
        self.live.setCheckable(True)
        self.live.setChecked(True)
        self.buttons = (self.table, self.sum, self.fit, self.live)
        super().__init__(_WORDS, self.buttons, self.pin)
        for button in self.buttons:
            button.clicked.connect(self._on_button)

    def retheme(self) -> None:
        """Take on colours."""
        for button in self.buttons:
            button.setIcon(self._context.icons.icon(button.property("picture")))
        self.pin.retheme()
        self._fit_words(self.width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_words(event.size().width())

    def _fit_words(self, width: int) -> None:
        """Words on the buttons where all of them stand in one line."""
        for style in (Qt.ToolButtonStyle.ToolButtonTextBesideIcon, Qt.ToolButtonStyle.ToolButtonIconOnly):
            for button in self.buttons:
                button.setToolButtonStyle(style)
            if self.one_line_px() <= width:
                break

    def _button(self, icon: str, text: str, words: str, command_id: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setToolTip(words)
        button.setProperty("picture", icon)
        button.setProperty("command", command_id)
        accessible.name(button, words)
        return button

    def _on_button(self) -> None:
        self._context.run(self.sender().property("command"))
