"""The words of a button are whole, in one line or in two."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.widgets.folding_button import FoldingButton


@pytest.fixture
def button(qtbot: QtBot) -> FoldingButton:
    button = FoldingButton("Start the example plant")
    qtbot.addWidget(button)
    return button


def test_words_stand_in_two_lines_where_one_has_no_room(button: FoldingButton) -> None:
    wide = button.sizeHint().width()

    button.fit(wide - 1)

    assert button.text() == "Start the\nexample plant"
    assert button.sizeHint().width() < wide
    assert button.accessibleName() == "Start the example plant"


def test_they_are_one_line_again_where_there_is_room(button: FoldingButton) -> None:
    wide = button.sizeHint().width()
    button.fit(wide - 1)

    button.fit(wide)

    assert button.text() == "Start the example plant"


def test_one_word_stays_whole(qtbot: QtBot) -> None:
    button = FoldingButton("Start")
    qtbot.addWidget(button)

    button.fit(1)

    assert button.text() == "Start"
