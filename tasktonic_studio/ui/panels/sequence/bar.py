"""The line of controls above the diagram: filter, chain or window, scale of time, table, more, pin; what it is about below it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QToolButton, QVBoxLayout

from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.widgets import accessible
from tasktonic_studio.ui.widgets.command_menu import CommandMenu
from tasktonic_studio.ui.widgets.elided_label import ElidedLabel
from tasktonic_studio.ui.widgets.filter_bar import FilterBar, FilterWords
from tasktonic_studio.ui.widgets.pin import Pin

if TYPE_CHECKING:
    from tasktonic_studio.ui.panel import PanelContext

_WORDS: Final = FilterWords(
    "the sequence",
    ("words", "from:pump", "to:valve", "error:", "longer:5ms"),
    "Only calls that fit are in the diagram. Words are looked for in tonic, class and sparkle. tonic:, from:, to:, type:, "
    "sparkle:, cat:, state:, error:, ignored:, waiting:, longer:5ms, waited:5ms; -word leaves out.",
)

MORE: Final = (
    "sequence.more_lifelines",
    "sequence.fewer_lifelines",
    "sequence.fold_again",
    "sequence.fold_selves",
    "sequence.fold_repeats",
    "",
    "sequence.to_scale",
    "sequence.zoom_in",
    "sequence.zoom_out",
    "sequence.fit",
    "",
    "sequence.copy_text",
    "sequence.copy_mermaid",
    "sequence.save_svg",
    "sequence.save_png",
    "sequence.save_mermaid",
    "sequence.save_text",
)


class SequenceBar(FilterBar):
    """Owned by the panel's view. Buttons run commands, so that keys, menus and palette do the same."""

    def __init__(self, context: PanelContext) -> None:
        self._context = context
        self.pin = Pin(context)
        self.chain = self._button(
            "ways", "Chain", "What caused the selected run, and what it caused", "sequence.show_chain"
        )
        self.span = self._button(
            "timeline",
            "Window",
            "The calls of the time that the timeline shows, or the last ones",
            "sequence.show_window",
        )
        self.scale = self._button("timer", "Time", "Let the distance down be time", "sequence.to_scale")
        self.table = self._button("table", "Table", "Show the rows as a table", "sequence.toggle_table")
        self.more = self._button("menu", "More", "Lifelines, folding, copy and save", "")
        self.buttons = (self.chain, self.span, self.scale, self.table, self.more)
        for button in self.buttons[:-1]:
            button.setCheckable(True)
        self.chain.setChecked(True)
        super().__init__(_WORDS, self.buttons, self.pin)
        self.scopes = QButtonGroup(self)
        for button in (self.chain, self.span):
            self.scopes.addButton(button)
        for button in self.buttons[:-1]:
            button.clicked.connect(self._on_button)
        self.more.clicked.connect(self._on_more)
        self.heading = ElidedLabel()
        self.heading.setContentsMargins(tokens.SPACE_PX, 0, tokens.SPACE_PX, tokens.SMALL_SPACE_PX)
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout), "a filter bar has its line above its sentence"
        layout.insertWidget(1, self.heading)

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
        """Words on the buttons where all of them stand in one line; what is shown is in words as long as it goes."""
        beside, alone = Qt.ToolButtonStyle.ToolButtonTextBesideIcon, Qt.ToolButtonStyle.ToolButtonIconOnly
        for scopes, others in ((beside, beside), (beside, alone), (alone, alone)):
            for button in self.buttons:
                button.setToolButtonStyle(scopes if button in (self.chain, self.span) else others)
            if self.one_line_px() <= width:
                break

    def _button(self, icon: str, text: str, words: str, command_id: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setToolTip(words)
        button.setIconSize(QSize(tokens.ICON_PX, tokens.ICON_PX))
        button.setProperty("picture", icon)
        button.setProperty("command", command_id)
        accessible.name(button, text, words)
        return button

    def _on_button(self) -> None:
        self._context.run(self.sender().property("command"))

    def _on_more(self) -> None:
        menu = CommandMenu(self, self._context, MORE)
        menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))
