"""Scroll bars that keep their place, and show a handle only when there is something to scroll."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractScrollArea


def keep_place(area: QAbstractScrollArea) -> None:
    """Rest the vertical bar while everything fits. It is always there, so that columns do not jump when it is needed."""
    bar = area.verticalScrollBar()
    bar.setEnabled(bar.maximum() > bar.minimum())
    bar.rangeChanged.connect(lambda least, most: bar.setEnabled(most > least))
