"""A text over the text: a signature, documentation, or why something is underlined."""

from __future__ import annotations

import html
from typing import Final

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from tasktonic_studio.ui.panels.editor.floating import place_beside
from tasktonic_studio.ui.panels.editor.searching import Span

MOST_LINES: Final = 24
MOST_CHARACTERS: Final = 4_000
_MOST_WIDTH_PX: Final = 560


class Tip(QFrame):
    """Stands over a text, which keeps the keys. Made and owned by the editor's hint windows."""

    def __init__(self, editor: QWidget) -> None:
        # Where it covers the mouse, the mouse must not count as having left what the tip is about.
        super().__init__(editor, Qt.WindowType.ToolTip | Qt.WindowType.WindowTransparentForInput)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setFrameShape(QFrame.Shape.Box)
        self.words = ""
        """What is said, as it was given."""
        self._label = QLabel(self)
        self._label.setTextFormat(Qt.TextFormat.RichText)
        self._label.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 6)
        layout.addWidget(self._label)

    def show_text(self, text: str, highlight: Span | None, place: QRect) -> None:
        """Say something at a place of the screen; a signature stands above it, so as not to hide what is typed."""
        self.words = text
        shown = _cut(text)
        begin, end = highlight if highlight is not None else (0, 0)
        parts = html.escape(shown[:begin]), html.escape(shown[begin:end]), html.escape(shown[end:])
        middle = f"<b><u>{parts[1]}</u></b>" if parts[1] else ""
        self._label.setText(f"<div style='white-space: pre-wrap'>{parts[0]}{middle}{parts[2]}</div>")
        self._label.setAccessibleName(shown)
        self.setAccessibleName(shown)
        metrics = self._label.fontMetrics()
        widest = max(metrics.horizontalAdvance(line) for line in shown.split("\n"))
        self._label.setFixedWidth(min(_MOST_WIDTH_PX, widest + 12))
        self._label.setFixedHeight(self._label.heightForWidth(self._label.width()))
        self.adjustSize()
        self.move(place_beside(place, self.sizeHint(), above=highlight is not None))
        self.show()
        self.raise_()


def _cut(text: str) -> str:
    """As much of a text as a tip can show."""
    lines = text[:MOST_CHARACTERS].rstrip().split("\n")
    if len(lines) > MOST_LINES:
        lines = [*lines[:MOST_LINES], "…"]
    elif len(text) > MOST_CHARACTERS:
        lines[-1] += "…"
    return "\n".join(lines)
