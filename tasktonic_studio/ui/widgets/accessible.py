"""Names, descriptions and tab order for a screen reader and the keyboard, in one call."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from PySide6.QtWidgets import QWidget


def name(widget: QWidget, words: str, description: str = "") -> None:
    """Say what a widget is; ``description`` says what it is for, when the name does not."""
    widget.setAccessibleName(words)
    if description:
        widget.setAccessibleDescription(description)


def tab_order(widgets: Iterable[QWidget]) -> None:
    """Let Tab walk the widgets in this order, which is the order in which one reads."""
    listed = list(widgets)
    for first, second in itertools.pairwise(listed):
        QWidget.setTabOrder(first, second)
