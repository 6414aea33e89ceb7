"""Where the keyboard goes when the page it was on is turned."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QStackedWidget, QWidget
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.widgets.focus import turn_page


class Book(QWidget):
    """Two pages, and a line beside them; notes who gets the keyboard."""

    def __init__(self) -> None:
        super().__init__()
        self.pages = QStackedWidget()
        self.first, self.second, self.beside = QLineEdit(), QLineEdit(), QLineEdit()
        self.pages.addWidget(self.first)
        self.pages.addWidget(self.second)
        row = QHBoxLayout(self)
        row.addWidget(self.pages)
        row.addWidget(self.beside)
        self.had_keys: list[QWidget] = []

    def note(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is not None:
            self.had_keys.append(new)


@pytest.fixture
def book(qtbot: QtBot) -> Book:
    made = Book()
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    application.focusChanged.connect(made.note)
    return made


def test_the_keyboard_goes_from_one_page_to_the_other_by_no_way_round(book: Book) -> None:
    book.first.setFocus()
    book.had_keys.clear()

    turn_page(book.pages, book.second, book.second)

    assert book.had_keys == [book.second]


def test_who_types_elsewhere_goes_on_doing_so(book: Book) -> None:
    book.beside.setFocus()
    book.had_keys.clear()

    turn_page(book.pages, book.second, book.second)

    assert book.had_keys == []
    assert book.pages.currentWidget() is book.second
