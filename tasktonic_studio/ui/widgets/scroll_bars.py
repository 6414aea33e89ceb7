"""Scroll bars that keep their place, and show a handle only when there is something to scroll."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QAbstractScrollArea


def keep_place(area: QAbstractScrollArea) -> None:
    """Rest the vertical bar while everything fits. It is always there, so that columns do not jump when it is needed."""
    _Keeper(area)


class _Keeper(QObject):
    """Lives as long as its area: Qt then takes the connection away before the bar goes."""

    def __init__(self, area: QAbstractScrollArea) -> None:
        super().__init__(area)
        self._area = area
        bar = area.verticalScrollBar()
        bar.setEnabled(bar.maximum() > bar.minimum())
        bar.rangeChanged.connect(self._on_range)

    def _on_range(self, least: int, most: int) -> None:
        self._area.verticalScrollBar().setEnabled(most > least)
