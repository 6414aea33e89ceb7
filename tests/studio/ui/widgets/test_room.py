"""Two parts above one another, and beside one another where there is no room for that."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTextEdit
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.widgets.room import LowSplit


@pytest.fixture
def split(qtbot: QtBot) -> LowSplit:
    made = LowSplit(QTextEdit(), QTextEdit(), (100, 300))
    qtbot.addWidget(made)
    made.resize(600, 600)
    made.show()
    return made


def test_where_there_is_height_they_share_it(split: LowSplit) -> None:
    upper, lower = split.sizes()

    assert split.orientation() == Qt.Orientation.Vertical
    assert 2.5 < lower / upper < 3.5


def test_low_and_wide_they_stand_side_by_side_and_find_back(split: LowSplit) -> None:
    before = split.sizes()

    split.resize(600, 150)
    left, right = split.sizes()
    beside = split.orientation()
    split.resize(600, 600)

    assert beside == Qt.Orientation.Horizontal
    assert abs(left - right) < 20
    assert split.sizes() == before
    assert split.shares() == [100, 300]
    assert split.orientation() == Qt.Orientation.Vertical


def test_low_and_narrow_they_stay(split: LowSplit) -> None:
    split.resize(120, 150)

    assert split.orientation() == Qt.Orientation.Vertical


def test_low_and_wide_they_stay_with_text_that_is_large(split: LowSplit) -> None:
    font = split.font()
    font.setPixelSize(32)
    split.setFont(font)

    split.resize(320, 300)

    assert split.orientation() == Qt.Orientation.Vertical


def test_shares_that_are_set_meanwhile_count_when_there_is_height_again(split: LowSplit) -> None:
    split.resize(600, 150)

    split.set_shares([300, 100])
    split.resize(600, 600)

    upper, lower = split.sizes()
    assert upper > 2 * lower
