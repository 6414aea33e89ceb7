"""What has come to stay is left out when garbage is looked for, and looked through when nobody looks on."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tasktonic_studio import long_lived
from tasktonic_studio.long_lived import LongLived


class Ring:
    """Garbage for the collector alone, once nobody else has it."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def stays() -> list[bool]:
    """Whether what is made has come to stay."""
    return [False]


@pytest.fixture
def keeper(qapp: QApplication, monkeypatch: pytest.MonkeyPatch, stays: list[bool]) -> Iterator[LongLived]:
    monkeypatch.setattr(long_lived, "AWAY_MS", 0)
    made = LongLived(lambda: stays[0])
    gc.disable()
    made.begin()
    yield made
    made.end()
    gc.enable()


def is_looked_at(kept: object) -> bool:
    return any(each is kept for each in gc.get_objects())


def test_what_has_outlived_two_rounds_is_not_looked_at_again(keeper: LongLived) -> None:
    known = [Ring() for _ in range(100)]
    assert is_looked_at(known[7])

    gc.collect(1)

    assert not is_looked_at(known[7])


def test_garbage_that_is_young_is_found_as_ever(keeper: LongLived) -> None:
    ring = Ring()
    gone = weakref.ref(ring)
    del ring

    gc.collect(1)

    assert gone() is None


def a_ring_and_much_else(count: int) -> tuple[weakref.ref[Ring], list[list[int]]]:
    ring = Ring()
    return weakref.ref(ring), [[number] for number in range(count)]


def test_when_much_was_made_it_is_looked_through_at_once(keeper: LongLived, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_lived, "MUCH", 1_000)
    gc.collect()
    gone, _few = a_ring_and_much_else(10)
    keeper.look_at_new()
    assert gone() is not None, "that is left to the loop"

    gone, _many = a_ring_and_much_else(2_000)
    keeper.look_at_new()

    assert gone() is None
    assert gc.get_count()[0] < 1_000


def test_what_was_made_long_ago_is_left_out_also_when_much_is_made(
    keeper: LongLived, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(long_lived, "MUCH", 0)
    known = Ring()

    for _ in range(3):
        assert is_looked_at(known)
        keeper.look_at_new()

    assert not is_looked_at(known)


def test_what_is_made_to_stay_is_left_out_without_a_look(
    keeper: LongLived, stays: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(long_lived, "MUCH", 1_000)
    gc.collect()
    stays[0] = True
    gone, many = a_ring_and_much_else(2_000)
    rounds: list[str] = []
    gc.callbacks.append(lambda phase, _info: rounds.append(phase))
    try:
        keeper.look_at_new()
    finally:
        gc.callbacks.pop()

    assert rounds == []
    assert not is_looked_at(many)
    gc.collect()
    assert gone() is not None
    keeper.look_through_all()
    assert gone() is None, "the little garbage among it goes when everything is looked through"


def test_a_collector_that_is_on_needs_no_other(keeper: LongLived, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_lived, "MUCH", 0)
    rounds: list[str] = []
    gc.callbacks.append(lambda phase, _info: rounds.append(phase))
    gc.enable()
    try:
        rounds.clear()
        keeper.look_at_new()
        assert rounds == []
        gc.disable()
        keeper.end()
        rounds.clear()
        keeper.look_at_new()
        assert rounds == [], "nor one that came to its end"
    finally:
        gc.callbacks.pop()


def test_while_the_person_is_elsewhere_everything_is_looked_through(keeper: LongLived, qtbot: QtBot) -> None:
    ring = Ring()
    gone = weakref.ref(ring)
    gc.collect(1)
    del ring
    gc.collect()
    assert gone() is not None
    application = QApplication.instance()
    assert isinstance(application, QApplication)

    application.applicationStateChanged.emit(Qt.ApplicationState.ApplicationInactive)

    qtbot.waitUntil(lambda: gone() is None)


def test_one_that_comes_back_at_once_is_not_held_up(keeper: LongLived, qtbot: QtBot) -> None:
    ring = Ring()
    gone = weakref.ref(ring)
    gc.collect(1)
    del ring
    application = QApplication.instance()
    assert isinstance(application, QApplication)

    application.applicationStateChanged.emit(Qt.ApplicationState.ApplicationInactive)
    application.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
    QApplication.processEvents()

    assert gone() is not None


def test_in_the_end_the_collector_does_as_it_did(qapp: QApplication) -> None:
    before, callbacks = gc.get_threshold(), list(gc.callbacks)
    known = Ring()
    made = LongLived()
    made.begin()
    assert gc.get_threshold() != before

    made.end()
    made.end()

    assert gc.get_threshold() == before
    assert gc.callbacks == callbacks
    assert is_looked_at(known)
