"""An exception stays in the Qt override in which it happened."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.guard import guarded, report_once


class Broken(QWidget):
    """Fails while it paints, in a guarded way."""

    @guarded(None)
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            raise RuntimeError("cannot paint")
        finally:
            painter.end()


@pytest.fixture
def reported(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    said: list[str] = []
    monkeypatch.setattr(sys, "excepthook", lambda _type, value, _trace: said.append(str(value)))
    return said


def test_neighbours_of_a_broken_widget_are_painted(qtbot: QtBot, reported: list[str]) -> None:
    whole = QWidget()
    qtbot.addWidget(whole)
    layout = QVBoxLayout(whole)
    broken = Broken()
    broken.setMinimumSize(20, 20)
    layout.addWidget(broken)
    layout.addWidget(QLabel("a neighbour"))

    first = whole.grab()
    second = whole.grab()

    assert not first.isNull()
    assert not second.isNull()
    assert reported == ["cannot paint"]


@pytest.mark.parametrize("turn", ["first", "second"])
def test_each_test_hears_of_the_same_fault(reported: list[str], turn: str) -> None:
    report_once("where", ValueError("that"))

    assert reported == ["that"]


def test_the_fallback_is_returned(reported: list[str]) -> None:
    class Model:
        @guarded(7)
        def rows(self) -> int:
            raise ValueError("no rows")

    assert Model().rows() == 7


def test_different_faults_are_reported_each(reported: list[str]) -> None:
    for text in ("one", "one", "two"):
        try:
            if text == "one":
                raise ValueError(text)
            raise KeyError(text)
        except (ValueError, KeyError) as problem:
            report_once("a place of its own", problem)

    assert reported == ["one", "'two'"]
