"""The application as it is when the Studio starts."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication


def undress() -> None:
    """Take the style sheet off: a window puts it on when all of it is in its place.

    Under one each widget is dressed anew whenever something around it is built: more than half of the time for a window.
    While there are widgets it stays. With the sheet Qt drops the list of those to forget when they are deleted, and of one that
    was never on screen it does not note again that it belongs there: the next sheet would be put on it after its end.
    """
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    if not application.allWidgets():
        application.setStyleSheet("")
