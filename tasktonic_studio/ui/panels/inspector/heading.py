"""The heading of the inspector."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from tasktonic_studio.ui.panels.inspector.fact import Subject, place_text
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.tips import plain_tip
from tasktonic_studio.ui.widgets.elided_label import ElidedLabel
from tasktonic_studio.ui.widgets.pin import Pin
from tasktonic_studio.ui.widgets.shapes import Shapes

SOURCE: Final = "Source"
"""What the way to the source is called where its place would leave no room for the name."""


class Heading(QWidget):
    """What is selected: its shape, its name, what kind of thing it is, the way to its source, and the pin."""

    def __init__(self, pin: Pin) -> None:
        super().__init__()
        self.shape = QLabel()
        self.title = ElidedLabel()
        self.title.setProperty("role", "title")
        self.title.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.kind = ElidedLabel()
        self.kind.setProperty("role", "muted")
        self.source = QPushButton()
        self.source.setProperty("kind", "quiet")
        self._place = ""
        self._pin = pin
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.title)
        words.addWidget(self.kind)
        space = tokens.SPACE_PX
        layout = QHBoxLayout(self)
        layout.setContentsMargins(space, space, space // 2, space)
        layout.setSpacing(space)
        layout.addWidget(self.shape)
        layout.addLayout(words, 1)
        layout.addWidget(self.source)
        layout.addWidget(pin)

    def show_subject(self, subject: Subject, shapes: Shapes) -> None:
        """Show what is selected."""
        self.shape.setPixmap(shapes.pixmap(subject.shape))
        self.shape.setVisible(bool(subject.shape))
        self.title.show_text(subject.title)
        self.kind.show_text(" · ".join(filter(None, (subject.kind, subject.words))))
        self.source.setVisible(subject.place is not None)
        if subject.place is not None:
            self._place = place_text(subject.place)
            self.source.setToolTip(plain_tip(f"Open {subject.place.file}, line {subject.place.line}"))
            self.source.setAccessibleName(f"Open {place_text(subject.place)} in the editor")
            self._name_source()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._name_source()

    def _name_source(self) -> None:
        """Name the place in source where there is room for it beside the name and the state."""
        for label in (self.source, self.title, self.kind):
            label.ensurePolished()
        frame = self.source.sizeHint().width() - self.source.fontMetrics().horizontalAdvance(self.source.text())
        place = frame + self.source.fontMetrics().horizontalAdvance(self._place)
        words = max(label.fontMetrics().horizontalAdvance(label.whole) for label in (self.title, self.kind))
        others = self.shape.width() + self._pin.sizeHint().width() + 6 * tokens.SPACE_PX
        text = self._place if words + place + others <= self.width() else SOURCE
        if text != self.source.text():
            self.source.setText(text)
