"""Whether a widget has a place on screen."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget


def is_on_screen(widget: QWidget) -> bool:
    """Whether a part of the widget lies within all that it stands in.

    A dock behind others of its group counts as visible with Qt, and lies beside the window. `QWidget.visibleRegion` is no
    help: it leaves out what children cover, and is empty for a view that one of them covers whole.
    """
    seen, each = widget.rect(), widget
    while not each.isWindow() and (above := each.parentWidget()) is not None:
        seen = seen.translated(each.pos()) & above.rect()
        each = above
    return widget.isVisible() and not seen.isEmpty()
