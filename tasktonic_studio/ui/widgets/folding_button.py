"""A button whose words stand in two lines where there is no room for them in one."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton, QWidget


class FoldingButton(QPushButton):
    """Qt cuts the words of a button at both ends where it is too narrow. The owner calls `fit` when its own width changes.

    Args:
        words: what it says; folded at one of its spaces.
        parent: as in Qt.
    """

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        self._words = words
        self.setAccessibleName(words)

    def fit(self, room_px: int) -> None:
        """Be no wider than this, as far as the words allow it."""
        self.ensurePolished()
        shown = self.text()
        widest = max(map(self._width_of, shown.split("\n")))
        is_whole = self.sizeHint().width() - widest + self._width_of(self._words) <= room_px
        wanted = self._words if is_whole else self._folded()
        if wanted != shown:
            self.setText(wanted)

    def _folded(self) -> str:
        """The words in two lines, both as short as can be."""
        words = self._words.split(" ")
        ways = [f"{' '.join(words[:at])}\n{' '.join(words[at:])}" for at in range(1, len(words))]
        return min(ways, key=lambda way: max(map(self._width_of, way.split("\n"))), default=self._words)

    def _width_of(self, words: str) -> int:
        return self.fontMetrics().horizontalAdvance(words)
