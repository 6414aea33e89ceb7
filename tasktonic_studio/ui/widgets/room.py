"""Room for the parts of a splitter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from tasktonic_studio.ui.guard import guarded

_LOW_LINES: Final = 14
"""With room for fewer lines than this two parts stand side by side: above one another each would show one or two rows."""
_WIDE_SIGNS: Final = 40
"""Side by side two parts need room for so many signs together: with less the words of both would be cut."""
_DOWN: Final = Qt.Orientation.Vertical


class LowSplit(QSplitter):
    """Two parts above one another; side by side where it is low, and wider than high.

    Args:
        upper: the first part.
        lower: the second.
        shares: of the height; side by side both get the same.
    """

    def __init__(self, upper: QWidget, lower: QWidget, shares: Sequence[int]) -> None:
        super().__init__(_DOWN)
        self._shares = list(shares)
        self.setChildrenCollapsible(False)
        for number, part in enumerate((upper, lower)):
            self.addWidget(part)
            self.setStretchFactor(number, shares[number])
        self.set_shares(shares)
        self.splitterMoved.connect(self._on_moved)

    def shares(self) -> list[int]:
        """How the height is shared, also while the parts stand side by side."""
        return list(self._shares)

    def set_shares(self, shares: Sequence[int]) -> None:
        """Share the height, now or when the parts stand above one another again."""
        self._shares = list(shares)
        if self.orientation() == _DOWN:
            self.setSizes(self._shares)

    @guarded(None)
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        size = event.size()
        metrics = self.fontMetrics()
        is_wide = size.width() > max(size.height(), _WIDE_SIGNS * metrics.averageCharWidth())
        is_low = is_wide and size.height() < _LOW_LINES * metrics.height()
        wanted = Qt.Orientation.Horizontal if is_low else _DOWN
        if wanted == self.orientation():
            return
        self.setOrientation(wanted)
        self.setSizes([1_000, 1_000] if is_low else self._shares)

    def _on_moved(self) -> None:
        if self.orientation() == _DOWN:
            self._shares = self.sizes()


def give_room(split: QSplitter, index: int, wanted_px: int) -> None:
    """Let one of two parts have ``wanted_px`` when it has less and the other keeps something; what it asks for stays whole."""
    sizes, other = split.sizes(), split.widget(1 - index)
    whole = sum(sizes)
    if split.orientation() == _DOWN and whole and other is not None and sizes[index] < wanted_px:
        sizes[index] = max(sizes[index], min(wanted_px, whole - other.minimumSizeHint().height()))
        sizes[1 - index] = whole - sizes[index]
        split.setSizes(sizes)
