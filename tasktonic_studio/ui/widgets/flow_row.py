"""A row of controls that goes on in further lines where it does not fit, instead of cutting words."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

from tasktonic_studio.ui.guard import guarded

_NO_SIZE: Final = QSize(0, 0)


class FlowRow(QLayout):
    """The first widget takes the room that is left, the last one stands at the right end of the first line.

    What is between them stands between them while the first one keeps the width it wishes for (its size hint), else in
    lines of its own below, as many as it needs. A `QLayout`: owned by the widget it lays out.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        # By width. Qt asks again and again while a window is laid out: what was found stays until something in the row changes.
        self._heights: dict[int, int] = {}

    # ---- what Qt asks of a layout

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)
        self.invalidate()

    @guarded(None)
    def invalidate(self) -> None:
        super().invalidate()
        self._heights.clear()

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation.Horizontal

    def hasHeightForWidth(self) -> bool:
        return True

    @guarded(0)
    def heightForWidth(self, width: int) -> int:
        if width not in self._heights:
            self._heights[width] = self._place(QRect(0, 0, width, 0), is_real=False)
        return self._heights[width]

    @guarded(None)
    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._place(rect, is_real=True)

    @guarded(_NO_SIZE)
    def sizeHint(self) -> QSize:
        shown = self._shown()
        width = sum(item.sizeHint().width() for item in shown) + self.spacing() * max(0, len(shown) - 1)
        return self._with_margins(QSize(width, self._tallest(shown)))

    @guarded(_NO_SIZE)
    def minimumSize(self) -> QSize:
        shown = self._shown()
        if not shown:
            return self._with_margins(_NO_SIZE)
        first, between, last = shown[0], shown[1:-1], shown[-1:] if len(shown) > 1 else []
        ends = first.minimumSize().width() + sum(self.spacing() + item.sizeHint().width() for item in last)
        width = max([ends, *(item.minimumSize().width() for item in between)])
        return self._with_margins(QSize(width, self._tallest(shown)))

    # ---- placing

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    @staticmethod
    def _tallest(items: list[QLayoutItem]) -> int:
        return max((item.sizeHint().height() for item in items), default=0)

    def _with_margins(self, size: QSize) -> QSize:
        around = self.contentsMargins()
        return size + QSize(around.left() + around.right(), around.top() + around.bottom())

    def _lines(self, width: int) -> list[list[QLayoutItem]]:
        """Which items stand in which line."""
        shown, space = self._shown(), self.spacing()
        if sum(item.sizeHint().width() + space for item in shown) - space <= width or len(shown) < 3:
            return [shown] if shown else []
        lines, used = [[shown[0], shown[-1]]], width
        for item in shown[1:-1]:
            wide = item.sizeHint().width()
            if used + space + wide > width:
                lines.append([])
                used = -space
            lines[-1].append(item)
            used += space + wide
        return lines

    def _place(self, rect: QRect, *, is_real: bool) -> int:
        """Put all where they belong when it ``is_real``. Returns the height that is needed for this width."""
        around, space = self.contentsMargins(), self.spacing()
        width = rect.width() - around.left() - around.right()
        top = rect.top() + around.top()
        for number, line in enumerate(self._lines(width)):
            height = self._tallest(line)
            if is_real:
                self._place_line(line, QRect(rect.left() + around.left(), top, width, height), stretches=number == 0)
            top += height + space
        return max(0, top - space) - rect.top() + around.bottom()

    def _place_line(self, line: list[QLayoutItem], area: QRect, *, stretches: bool) -> None:
        widths = [min(item.sizeHint().width(), area.width()) for item in line]
        if stretches:
            widths[0] = max(0, area.width() - sum(widths[1:]) - self.spacing() * (len(line) - 1))
        left = area.left()
        for item, width in zip(line, widths, strict=True):
            height = min(item.sizeHint().height(), area.height())
            item.setGeometry(QRect(QPoint(left, area.top() + (area.height() - height) // 2), QSize(width, height)))
            left += width + self.spacing()
