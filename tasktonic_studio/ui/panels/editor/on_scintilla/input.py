"""Which keys mean the text, and how clicks are counted, for Scintilla's widget."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

_MOVING_KEYS: Final = frozenset(
    {
        Qt.Key.Key_Left,
        Qt.Key.Key_Right,
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_Home,
        Qt.Key.Key_End,
        Qt.Key.Key_PageUp,
        Qt.Key.Key_PageDown,
        Qt.Key.Key_Delete,
        Qt.Key.Key_Insert,
    }
)
_CONTROL_KEYS: Final = _MOVING_KEYS - {Qt.Key.Key_PageUp, Qt.Key.Key_PageDown} | {
    Qt.Key.Key_A,
    Qt.Key.Key_C,
    Qt.Key.Key_V,
    Qt.Key.Key_X,
    Qt.Key.Key_Backspace,
}
"""With Ctrl these edit the text. Undo and redo are commands of the panel, with the same effect."""

ANY_TIME: Final = 1_000_000_000
"""Milliseconds between two clicks, when Qt has counted them already."""


@contextmanager
def counted_within(interval_ms: int) -> Iterator[None]:
    """Clicks in so short a time count as one more of the same; Scintilla asks Qt for it."""
    usual = QApplication.doubleClickInterval()
    QApplication.setDoubleClickInterval(interval_ms)
    try:
        yield
    finally:
        QApplication.setDoubleClickInterval(usual)


def is_typing(event: QKeyEvent) -> bool:
    """Whether a key is for the text: a command on the same one does not get it."""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if modifiers in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier):
        return event.text() != "" or event.key() in _MOVING_KEYS
    held = modifiers & ~Qt.KeyboardModifier.ShiftModifier
    return held == Qt.KeyboardModifier.ControlModifier and event.key() in _CONTROL_KEYS
