"""A sentence about the file in front, with what can be done about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.tips import plain_tip

Answer = tuple[str, Callable[[], None]]
"""The words on a button, and what it does."""


class _Words(QLabel):
    """A sentence in lines. Where there is no room for all of them its end is cut off, and not its begin."""

    @guarded(None)
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        has_room = self.heightForWidth(event.size().width()) <= event.size().height()
        upright = Qt.AlignmentFlag.AlignVCenter if has_room else Qt.AlignmentFlag.AlignTop
        self.setAlignment(upright | Qt.AlignmentFlag.AlignLeft)


class SentenceBar(QFrame):
    """One sentence above a text. Owned by a page of the editor, or by the editor for what concerns no file.

    What is said stays until it is answered, taken back or replaced: nothing is asked that vanishes by itself.
    """

    left = Signal()
    """An answer that had the keyboard goes: the text is to have it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._is_problem = False
        self._answers: list[QPushButton] = []
        self.about = ""
        self.setAutoFillBackground(True)
        self._label = _Words(self)
        self._label.setWordWrap(True)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._row = QHBoxLayout(self)
        space = tokens.SPACE_PX
        self._row.setContentsMargins(space, space // 2, space, space // 2)
        self._row.setSpacing(space // 2)
        self._row.addWidget(self._label, 1)
        self.hide()

    @property
    def sentence(self) -> str:
        """What is said now, or ``''``."""
        return self._label.text() if self.about else ""

    def buttons(self) -> list[QPushButton]:
        """The answers that are offered, from left to right."""
        return list(self._answers)

    def say(self, about: str, sentence: str, answers: Sequence[Answer] = (), problem: bool = False) -> None:
        """Say something.

        Args:
            about: a word for the subject, so that it can be taken back.
            sentence: what to say.
            answers: what can be done.
            problem: something failed; otherwise it is news.
        """
        self._clear()
        self.about, self._is_problem = about, problem
        self._label.setText(f"{'✕' if problem else '▲'}  {sentence}")
        self._label.setToolTip(plain_tip(sentence))
        self.setAccessibleName(sentence)
        for words, act in answers:
            button = QPushButton(words, self)
            button.setProperty("kind", "quiet")
            # A click leaves the keyboard in the text: the button goes with its answer.
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setAccessibleName(words)
            button.clicked.connect(act)
            self._row.addWidget(button)
            self._answers.append(button)
        self.dress()
        self.show()

    def take_back(self, *about: str) -> None:
        """Be silent, when one of these is the subject; without any, in any case."""
        if self.about and (not about or self.about in about):
            self._clear()
            self.about = ""
            self._label.clear()
            self.hide()

    def dress(self) -> None:
        """Take on the colours of the theme."""
        palette = self.palette()
        palette.setColor(
            palette.ColorRole.Window, self._theme.color("error_strip" if self._is_problem else "past_strip")
        )
        self.setPalette(palette)

    def _clear(self) -> None:
        if any(button.hasFocus() for button in self._answers):
            self.left.emit()
        for button in self._answers:
            self._row.removeWidget(button)
            button.hide()
            # A button that was pressed is still in the middle of telling so.
            button.deleteLater()
        self._answers.clear()
