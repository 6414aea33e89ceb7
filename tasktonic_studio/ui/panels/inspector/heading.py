"""The heading of the inspector."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from tasktonic_studio.ui.panels.inspector.fact import Subject, place_text
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.theme.icons import Icons
from tasktonic_studio.ui.tips import plain_tip
from tasktonic_studio.ui.widgets.elided_label import ElidedLabel
from tasktonic_studio.ui.widgets.pin import Pin
from tasktonic_studio.ui.widgets.shapes import Shapes

SOURCE: Final = "Source"
"""What the way to the source is called where its place would leave no room for the name; where this does not either it has an icon."""


class Heading(QWidget):
    """What is selected: its shape, its name, what kind of thing it is, the way to its source, and the pin."""

    def __init__(self, pin: Pin, icons: Icons) -> None:
        super().__init__()
        self._icons = icons
        self.shape = QLabel()
        self.title = ElidedLabel()
        self.title.setProperty("role", "title")
        self.title.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.kind = ElidedLabel()
        self.kind.setProperty("role", "muted")
        self.source = QPushButton(SOURCE)
        self.source.setProperty("kind", "quiet")
        self._place = ""
        self._frame_px = 0
        self._is_apart = False
        self._pin = pin
        space = tokens.SPACE_PX
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(space, space, space // 2, space)
        self._rows.setSpacing(0)
        row = QHBoxLayout()
        self._rows.addLayout(row)
        row.setSpacing(space)
        row.addWidget(self.shape)
        self._words = QVBoxLayout()
        row.addLayout(self._words, 1)
        self._words.setSpacing(0)
        self._words.addWidget(self.title)
        self._words.addWidget(self.kind)
        row.addWidget(self.source)
        row.addWidget(pin)

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
        # Also without a way to a source: whether the name has a row of its own was found for what was selected before.
        self._name_source()
        self._draw_source()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._name_source()

    def _name_source(self) -> None:
        """Name the place in source where there is room for it beside the name and the state."""
        for label in (self.source, self.title, self.kind):
            label.ensurePolished()
        if self.source.text():
            self._frame_px = self.source.sizeHint().width() - self._wide(self.source, self.source.text())
        others = self.shape.width() + self._pin.sizeHint().width() + 6 * tokens.SPACE_PX + self._frame_px
        name, kind = (self._wide(label, label.whole) for label in (self.title, self.kind))
        room = self.width() - others - name
        if self._wide(self.source, self._place) <= room + min(0, name - kind):
            text = self._place
        else:
            # Not for what is said below the name: with each state of another length it would be another one.
            text = SOURCE if self._wide(self.source, SOURCE) <= room else ""
        if text != self.source.text():
            self.source.setText(text)
            self._draw_source()
        icon = 0 if self.source.isHidden() else self.source.iconSize().width()
        self._give_title_a_row(is_apart=not text and room < icon)

    def _give_title_a_row(self, *, is_apart: bool) -> None:
        """Put the name above all the rest where there is no room for it between them."""
        if is_apart != self._is_apart:
            self._is_apart = is_apart
            (self._rows if is_apart else self._words).insertWidget(0, self.title)

    @staticmethod
    def _wide(widget: QWidget, text: str) -> int:
        return widget.fontMetrics().horizontalAdvance(text)

    def _draw_source(self) -> None:
        if not self.source.text():
            self.source.setIcon(self._icons.icon("editor", "accent"))
        elif not self.source.icon().isNull():
            self.source.setIcon(QIcon())
