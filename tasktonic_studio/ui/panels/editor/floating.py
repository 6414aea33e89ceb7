"""Where a small window over a text stands: below its line, or above when there is no room."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QGuiApplication


def place_beside(line: QRect, size: QSize, *, above: bool = False) -> QPoint:
    """The upper left corner of a window beside a place of the screen, and on the screen as a whole.

    Args:
        line: the place, as high as its line.
        size: of the window.
        above: rather above than below.
    """
    screen = QGuiApplication.screenAt(line.topLeft()) or QGuiApplication.primaryScreen()
    room = screen.availableGeometry()
    over, under = line.top() - size.height() - 2, line.bottom() + 3
    fits_over, fits_under = over >= room.top(), under + size.height() <= room.bottom()
    y = over if (above and fits_over) or (not fits_under and fits_over) else under
    x = max(room.left(), min(line.left(), room.right() - size.width()))
    return QPoint(x, max(room.top(), min(y, room.bottom() - size.height())))
