"""The line above a list: what is looked for, switches, how many are shown, the pin; below it a sentence when there is one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.widgets import accessible, figures
from tasktonic_studio.ui.widgets.flow_row import FlowRow
from tasktonic_studio.ui.widgets.looks import repolish
from tasktonic_studio.ui.widgets.search_line import SearchLine
from tasktonic_studio.ui.widgets.word_button import WordButton

_TYPING_MS: Final = 120
"""What is typed counts when it rests so long."""


class FilterWords(NamedTuple):
    """What the search line of a panel says.

    ``what`` is looked through, as ``the log``; ``examples`` of what can be typed come in the order of their use; ``tip``
    explains them.
    """

    what: str
    examples: tuple[str, ...]
    tip: str


class Switch(WordButton):
    """A button that is down or up and narrows the list. ``usual``: how it is when nothing is left out."""

    def __init__(self, key: str, name: str, tip: str, *, usual: bool, text: str = "") -> None:
        super().__init__()
        self.key = key
        self.usual = usual
        self.setCheckable(True)
        self.setChecked(usual)
        self.setToolTip(tip)
        if text:
            self.setText(text)
            self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        accessible.name(self, name)


class Count(QLabel):
    """Words that change many times a second and only ever take more room.

    Its size is fixed: else Qt lays out the whole window anew with every other word in it, and controls beside it move to and fro.
    """

    def show_text(self, text: str) -> None:
        """Say something else."""
        self.setText(text)
        self._fit(self.minimumWidth())

    def shrink(self) -> None:
        """Take no more room than for what it says."""
        self._fit(0)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit(0)

    def _fit(self, least_px: int) -> None:
        hint = self.sizeHint()
        size = hint.expandedTo(QSize(least_px, hint.height()))
        if size != self.minimumSize() or size != self.maximumSize():
            self.setFixedSize(size)


class FilterBar(QWidget):
    """Owned by the panel's view. ``tools`` stand between search line and count; those that are switches narrow too."""

    changed = Signal()
    """Something else is looked for: a text that was typed and rests, or a switch."""
    left = Signal()
    """The keyboard goes to the list: Enter, Down or Escape in the search line."""

    def __init__(self, words: FilterWords, tools: Sequence[QWidget] = (), *ends: QWidget) -> None:
        """``ends``: what stands at the right end, as a pin."""
        super().__init__()
        self.search = SearchLine("Filter", words.examples, words.tip, f"Filter {words.what}")
        self.switches = [tool for tool in tools if isinstance(tool, Switch)]
        self.counts = Count()
        self.counts.setProperty("role", "small")
        self.cancel = QPushButton("Cancel")
        self.cancel.setProperty("kind", "quiet")
        self.cancel.hide()
        self.problem = QLabel()
        self.problem.setProperty("role", "warning")
        self.problem.setWordWrap(True)
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.setContentsMargins(tokens.SPACE_PX, 0, tokens.SPACE_PX, tokens.SMALL_SPACE_PX)
        self.problem.hide()
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._is_quiet = False
        self._build([self.search, *tools, self.counts, self.cancel, *ends])
        if not ends:
            # A button has room of its own around its picture, words have none.
            self.counts.setContentsMargins(0, 0, tokens.SPACE_PX, 0)
        self._typing.timeout.connect(self._tell)
        self.search.textChanged.connect(self._on_text)
        for switch in self.switches:
            switch.toggled.connect(self._tell)

    def _build(self, widgets: Sequence[QWidget]) -> None:
        self._row = row = FlowRow()
        space = tokens.SPACE_PX
        row.setContentsMargins(space, space // 2, space // 2, space // 2)
        row.setSpacing(space // 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(row)
        for widget in widgets:
            row.addWidget(widget)
        layout.addWidget(self.problem)
        self.stops = tuple(widget for widget in widgets if widget.focusPolicy() != Qt.FocusPolicy.NoFocus)
        """Where Tab stops, in order."""

    # ---- for the view

    def rest(self) -> None:
        """Wait for no more typing: what is there was taken, or nobody wants it now."""
        self._typing.stop()

    def show_all(self) -> None:
        """Leave nothing out: no text, all switches as usual. Tells it once."""
        self._is_quiet = True
        self.search.clear()
        for switch in self.switches:
            switch.setChecked(switch.usual)
        self._is_quiet = False
        self._tell()

    def say(self, sentence: str, *, is_problem: bool = True) -> None:
        """A sentence below the line, until the next one; empty takes it away. ``is_problem`` is for its colour."""
        repolish(self.problem, "role", "warning" if is_problem else "muted")
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))

    def show_count(self, text: str, tip: str = "") -> None:
        """Say how many are shown."""
        if self.counts.text() != text:
            self.counts.show_text(text)
        if self.counts.toolTip() != tip:
            self.counts.setToolTip(tip)

    def one_line_px(self) -> int:
        """How wide it has to be to be one line."""
        return self._row.sizeHint().width()

    def save_state(self) -> dict[str, object]:
        """The text and what each switch says."""
        return {
            "filter": self.search.text(),
            "switches": {switch.key: switch.isChecked() for switch in self.switches},
        }

    def restore_state(self, text: object, switches: object) -> None:
        """Take that back; what is not understood stays as it is."""
        if isinstance(switches, dict):
            for switch in self.switches:
                if isinstance(kept := switches.get(switch.key), bool):
                    switch.setChecked(kept)
        if isinstance(text, str):
            self.search.setText(text)

    # ---- inside

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if self.search.hasFocus() and key in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._tell()
            self.left.emit()
        elif self.search.hasFocus() and key == Qt.Key.Key_Escape:
            self.search.clear()
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _on_text(self) -> None:
        if self.search.text().strip():
            self._typing.start()
        else:
            self._tell()

    def _tell(self) -> None:
        self._typing.stop()
        if not self._is_quiet:
            self.counts.shrink()
            self.changed.emit()


def count_words(shown: int, total: int, *, is_filtered: bool) -> str:
    """``3 of 12`` where some are left out, else ``12``; nothing for none at all."""
    if not total:
        return ""
    return f"{figures.grouped(shown)} of {figures.grouped(total)}" if is_filtered else figures.grouped(shown)
