"""A line to type a filter into. Its hint says as much as fits, and nothing by halves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLineEdit, QStyle, QStyleOptionFrame, QWidget

from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.widgets import accessible

_WISHED: Final = 2
"""So many examples should fit before other controls stand in the same line."""
_TEXT_MARGIN_PX: Final = 6
"""What a `QLineEdit` itself keeps free around its text, both sides, and a little for the cursor."""


class SearchLine(QLineEdit):
    """Shows ``title`` and behind it as many of the ``examples`` as fit.

    Args:
        title: what is typed here, as ``Filter``.
        examples: what can be typed, the most useful first: ``words``, ``level:error``.
        tip: sentences for the tool tip: what each means.
        name: what it is for a screen reader.
    """

    def __init__(self, title: str, examples: Sequence[str], tip: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hints = [title, *(f"{title}: {'  '.join(examples[:count])}" for count in range(1, len(examples) + 1))]
        self.setPlaceholderText(self._hints[-1])
        self.setClearButtonEnabled(True)
        self.setToolTip(tip)
        accessible.name(self, name, ", ".join(examples).capitalize() if examples else tip)

    @property
    def hints(self) -> tuple[str, ...]:
        """All that the hint may say, the shortest first."""
        return tuple(self._hints)

    def room_px(self) -> int:
        """The width there is for a text."""
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        inside = self.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, self)
        return inside.width() - _TEXT_MARGIN_PX

    def width_of(self, text: str) -> int:
        """How wide the whole line has to be for a text."""
        return self.fontMetrics().horizontalAdvance(text) + self.width() - self.room_px()

    @guarded(QSize(160, 24))
    def sizeHint(self) -> QSize:
        self.ensurePolished()
        return QSize(self.width_of(self._hints[min(_WISHED, len(self._hints) - 1)]), super().sizeHint().height())

    @guarded(QSize(80, 24))
    def minimumSizeHint(self) -> QSize:
        self.ensurePolished()
        return QSize(self.width_of(self._hints[0]), super().minimumSizeHint().height())

    @guarded(None)
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_hint()

    @guarded(None)
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit_hint()

    def _fit_hint(self) -> None:
        room, metrics = self.room_px(), self.fontMetrics()
        fitting = [hint for hint in self._hints if metrics.horizontalAdvance(hint) <= room]
        hint = fitting[-1] if fitting else ""
        if hint != self.placeholderText():
            self.setPlaceholderText(hint)
