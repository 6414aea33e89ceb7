"""Signals by which the system tells the Studio to end."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator

import pytest

from tasktonic_studio.told_to_end import ToldToEnd

pytestmark = pytest.mark.skipif(os.name != "posix", reason="there are no such signals here")


@pytest.fixture(autouse=True)
def signals_are_as_usual() -> Iterator[None]:
    """Whatever started the tests: `nohup` has them ignore one."""
    before = {number: signal.signal(number, signal.SIG_DFL) for number in (signal.SIGTERM, signal.SIGHUP)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def heard() -> list[int]:
    return []


@pytest.fixture
def told(heard: list[int]) -> Iterator[ToldToEnd]:
    told = ToldToEnd(heard.append)
    told.listen()
    yield told
    told.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_asks_for_the_end(told: ToldToEnd, heard: list[int], number: int) -> None:
    signal.raise_signal(number)

    assert heard == [number]


def test_a_second_signal_is_the_systems(told: ToldToEnd, heard: list[int]) -> None:
    signal.raise_signal(signal.SIGTERM)

    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_all_is_as_before_afterwards(told: ToldToEnd) -> None:
    told.close()

    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_DFL


def test_what_is_ignored_stays_ignored(heard: list[int]) -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    told = ToldToEnd(heard.append)
    try:
        told.listen()
        signal.raise_signal(signal.SIGHUP)
        told.close()
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)

    assert heard == []


def test_other_threads_leave_signals_alone(heard: list[int]) -> None:
    thread = threading.Thread(target=ToldToEnd(heard.append).listen)
    thread.start()
    thread.join()

    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
