"""Long work is done between what the user does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.widgets.in_portions import InPortions


@pytest.fixture
def portions(qapp: QObject) -> Iterator[InPortions]:
    made = InPortions(qapp)
    yield made
    made.stop()


def counting(done: list[int], count: int) -> Iterator[None]:
    for number in range(count):
        done.append(number)
        if number < count - 1:
            yield


def test_small_work_is_done_when_start_returns(portions: InPortions) -> None:
    done: list[int] = []

    portions.start(counting(done, 1))

    assert done == [0]
    assert not portions.is_busy


def test_each_turn_of_the_loop_does_one_portion(portions: InPortions, qtbot: QtBot) -> None:
    done: list[int] = []

    portions.start(counting(done, 4))
    assert done == [0]

    qtbot.waitUntil(lambda: not portions.is_busy)
    assert done == [0, 1, 2, 3]


def test_another_work_takes_the_place_of_the_one_before(portions: InPortions) -> None:
    first: list[int] = []
    second: list[int] = []
    portions.start(counting(first, 4))

    portions.start(counting(second, 3))
    portions.finish()

    assert (first, second) == ([0], [0, 1, 2])


def test_work_may_begin_another_in_its_last_portion(portions: InPortions) -> None:
    done: list[int] = []

    def beginning() -> Iterator[None]:
        yield
        portions.start(counting(done, 3))

    portions.start(beginning())
    portions.finish()

    assert done == [0, 1, 2]


def test_work_that_fails_is_over(portions: InPortions) -> None:
    def failing() -> Iterator[None]:
        yield
        raise ValueError("no more")

    portions.start(failing())
    with pytest.raises(ValueError, match="no more"):
        portions.finish()

    assert not portions.is_busy
