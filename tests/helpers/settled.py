"""A widget that has come to rest."""

from __future__ import annotations

import time
from typing import Final

from PySide6.QtGui import QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from tests.helpers.patience import PATIENCE_S

_BETWEEN_MS: Final = 60
"""Longer than a frame, and than what is put off to the next one."""
_ALIKE: Final = 3


def settled(widget: QWidget) -> QPixmap:
    """The picture of a widget that looks the same several times in a row: nothing in it is on its way any more."""
    give_up_s = time.monotonic() + PATIENCE_S
    before, alike = widget.grab(), 0
    while alike < _ALIKE:
        assert time.monotonic() < give_up_s, "it never came to rest"
        QTest.qWait(_BETWEEN_MS)
        now = widget.grab()
        alike = alike + 1 if now.toImage() == before.toImage() else 0
        before = now
    return before
