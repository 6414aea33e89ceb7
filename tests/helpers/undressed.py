"""The application as it is when the Studio starts."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication


def undress() -> None:
    """Take the style sheet off: a window puts it on when all of it is in its place.

    Under one each widget is dressed anew whenever something around it is built: more than half of the time for a window.
    """
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    application.setStyleSheet("")
