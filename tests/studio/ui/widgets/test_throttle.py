"""Not again too soon."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.widgets.throttle import Throttle


@pytest.fixture
def done() -> list[int]:
    return []


@pytest.fixture
def throttle(qapp: QObject, done: list[int]) -> Throttle:
    return Throttle(60_000, lambda: done.append(len(done)), qapp)


def test_the_first_time_is_at_once(throttle: Throttle, done: list[int]) -> None:
    throttle.ask()

    assert done == [0]


def test_later_ones_wait_together(throttle: Throttle, done: list[int]) -> None:
    for _ in range(5):
        throttle.ask()
    waited = list(done)

    throttle.flush()
    throttle.flush()

    assert waited == [0]
    assert done == [0, 1]


def test_what_waits_is_done_when_the_time_is_up(qapp: QObject, done: list[int], qtbot: QtBot) -> None:
    throttle = Throttle(0, lambda: done.append(len(done)), qapp)

    throttle.ask()
    throttle.ask()

    qtbot.waitUntil(lambda: done == [0, 1])


def test_stopping_forgets_what_was_asked_for(throttle: Throttle, done: list[int]) -> None:
    throttle.ask()
    throttle.ask()

    throttle.stop()
    throttle.flush()

    assert done == [0]
