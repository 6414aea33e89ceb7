"""What the style sheet goes by."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget


def repolish(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the style sheet goes by, as ``role``, and have it take effect."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
