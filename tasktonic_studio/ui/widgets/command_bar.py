"""A filter line with buttons that run commands, so that keys, menus and palette do the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon, QResizeEvent

from tasktonic_studio.ui.widgets import accessible
from tasktonic_studio.ui.widgets.filter_bar import FilterBar, FilterWords
from tasktonic_studio.ui.widgets.pin import Pin, PinContext
from tasktonic_studio.ui.widgets.word_button import WordButton

_BESIDE: Final = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
_ALONE: Final = Qt.ToolButtonStyle.ToolButtonIconOnly


class _Pictures(Protocol):
    def icon(self, name: str, role: str = "text") -> QIcon: ...


class CommandButton(WordButton):
    """Runs ``command`` when pressed; none for an empty id. ``picture`` is the name of its icon."""

    def __init__(self, picture: str, text: str, tip: str, command: str = "", *, checkable: bool = False) -> None:
        super().__init__()
        self.picture = picture
        self.command = command
        self.setText(text)
        self.setToolTip(tip)
        self.setCheckable(checkable)
        accessible.name(self, text, tip)


class CommandBar(FilterBar):
    """Owned by the panel's view. Words stand on the buttons where all of them fit into one line.

    Args:
        words: of the search line.
        buttons: in their order; the first ``important`` of them keep their words longer than the others.
        context: what the pin needs.
        run: runs a command by its id.
    """

    def __init__(
        self,
        words: FilterWords,
        buttons: Sequence[CommandButton],
        context: PinContext,
        run: Callable[[str], None],
        important: int = 0,
    ) -> None:
        self.buttons = tuple(buttons)
        self.pin = Pin(context)
        self._important = self.buttons[:important]
        self._pictures: _Pictures = context.icons
        self._run = run
        super().__init__(words, self.buttons, self.pin)
        for button in self.buttons:
            if button.command:
                button.clicked.connect(self._on_button)

    def retheme(self) -> None:
        """Take on colours."""
        for button in self.buttons:
            button.setIcon(self._pictures.icon(button.picture))
        self.pin.retheme()
        self._fit_words(self.width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_words(event.size().width())

    def _fit_words(self, width: int) -> None:
        for important, others in ((_BESIDE, _BESIDE), (_BESIDE, _ALONE), (_ALONE, _ALONE)):
            for button in self.buttons:
                button.setToolButtonStyle(important if button in self._important else others)
            if self.one_line_px() <= width:
                break

    def _on_button(self) -> None:
        button = self.sender()
        if isinstance(button, CommandButton):
            self._run(button.command)
