"""Scintilla's numbers for colours, and Qt's."""

from __future__ import annotations

from PySide6.QtGui import QColor


def bgr(color: QColor) -> int:
    """As most calls want it."""
    return color.red() | color.green() << 8 | color.blue() << 16


def bgra(color: QColor) -> int:
    """As elements want it; not seen through."""
    return bgr(color) | 0xFF000000


def color_of(number: int) -> QColor:
    """The other way round."""
    return QColor(number & 0xFF, number >> 8 & 0xFF, number >> 16 & 0xFF)
