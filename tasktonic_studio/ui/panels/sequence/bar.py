"""The line of controls above the diagram: filter, chain or window, table, scale of time, more, pin; and sentences below it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QLineEdit, QToolButton, QVBoxLayout, QWidget

from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.widgets import accessible
from tasktonic_studio.ui.widgets.command_menu import CommandMenu
from tasktonic_studio.ui.widgets.elided_label import ElidedLabel
from tasktonic_studio.ui.widgets.pin import Pin

if TYPE_CHECKING:
    from tasktonic_studio.ui.panel import PanelContext

WIDE_PX: Final = 640
NARROW_PX: Final = 400
LEAST_PX: Final = 240
_USUAL_LETTER_PX: Final = 7

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


class SequenceBar(QWidget):
    """Owned by the panel's view. Buttons run commands, so that keys, menus and palette do the same."""

    left = Signal()
    """The keyboard goes to the diagram: Enter, Down or Escape in the filter."""

    def __init__(self, context: PanelContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._width = 0
        self.search = QLineEdit()
        self.search.setPlaceholderText("Filter: words  from:pump  to:valve  error:  longer:5ms")
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(60)
        self.search.setToolTip(
            "Only calls that fit are in the diagram. Words are looked for in tonic, class and sparkle. tonic:, from:, to:, "
            "type:, sparkle:, cat:, state:, error:, ignored:, waiting:, longer:5ms, waited:5ms; -word leaves out."
        )
        accessible.name(self.search, "Filter the sequence", "Words, from:pump, to:valve, error:, longer:5ms")
        self.chain = self._button(
            "ways", "Chain", "What caused the selected run, and what it caused", "sequence.show_chain"
        )
        self.window_ = self._button(
            "timeline",
            "Window",
            "The calls of the time that the timeline shows, or the last ones",
            "sequence.show_window",
        )
        self.scopes = QButtonGroup(self)
        for button in (self.chain, self.window_):
            self.scopes.addButton(button)
        self.scale = self._button("timer", "Time", "Let the distance down be time", "sequence.to_scale")
        self.table = self._button("table", "Table", "Show the rows as a table", "sequence.toggle_table")
        for button in (self.chain, self.window_, self.scale, self.table):
            button.setCheckable(True)
        self.chain.setChecked(True)
        self.more = self._button("menu", "More", "Lifelines, folding, copy and save", "")
        self.more.clicked.disconnect()
        self.more.clicked.connect(self._on_more)
        self.pin = Pin(context)
        self.heading = ElidedLabel()
        self.problem = QLabel()
        self.problem.setProperty("role", "warning")
        self.problem.setWordWrap(True)
        self.problem.hide()
        for label in (self.heading, self.problem):
            label.setContentsMargins(tokens.SPACE_PX, 0, tokens.SPACE_PX, tokens.SMALL_SPACE_PX)
        self._build()

    def _build(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(tokens.SPACE_PX, tokens.SMALL_SPACE_PX, tokens.SMALL_SPACE_PX, tokens.SMALL_SPACE_PX)
        row.setSpacing(tokens.SMALL_SPACE_PX)
        row.addWidget(self.search, 1)
        for widget in (*self.buttons, self.pin):
            row.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(row)
        layout.addWidget(self.heading)
        layout.addWidget(self.problem)

    @property
    def buttons(self) -> tuple[QToolButton, ...]:
        return (self.chain, self.window_, self.scale, self.table, self.more)

    def say(self, sentences: list[str]) -> None:
        """Say what is not shown, or not understood; nothing for no sentence."""
        words = " ".join(filter(None, sentences))
        if words != self.problem.text():
            self.problem.setText(words)
        self.problem.setVisible(bool(words))

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
        beside, alone = Qt.ToolButtonStyle.ToolButtonTextBesideIcon, Qt.ToolButtonStyle.ToolButtonIconOnly
        for button in self.buttons:
            is_scope = button in (self.chain, self.window_)
            button.setToolButtonStyle(beside if width >= (NARROW_PX if is_scope else WIDE_PX) else alone)
        # In a very narrow panel it is in the menu.
        self.scale.setVisible(width >= NARROW_PX)

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
        button.setIconSize(QSize(tokens.ICON_PX, tokens.ICON_PX))
        button.setProperty("picture", icon)
        button.setProperty("command", command_id)
        accessible.name(button, text, words)
        button.clicked.connect(self._on_button)
        return button

    def _on_button(self) -> None:
        self._context.run(self.sender().property("command"))

    def _on_more(self) -> None:
        menu = CommandMenu(self, self._context, MORE)
        menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))
