"""Errands, done between two orders: they come soon, and orders get on all the same, however fast errands come."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from tasktonic import ttCatalyst, ttTonic
from tasktonic.loops import END_OF_BATCH
from tests.helpers.apps import WAIT_S, in_thread, run_app

Put = Callable[[ttCatalyst, Callable[[], None]], None]


class Noting(ttTonic):
    def __init__(self) -> None:
        super().__init__()
        self.noted: list[object] = []

    def ttse__on_start(self) -> None:
        self.noted.append("start")

    def ttsc__note(self, what: object) -> None:
        self.noted.append(what)


def put_from_the_same_thread(catalyst: ttCatalyst, errand: Callable[[], None]) -> None:
    catalyst.at_boundary(errand)


def put_from_another_thread(catalyst: ttCatalyst, errand: Callable[[], None]) -> None:
    in_thread(lambda: catalyst.at_boundary(errand)).join(WAIT_S)


def put_with_a_mark_of_its_own(catalyst: ttCatalyst, errand: Callable[[], None]) -> None:
    catalyst.at_boundary(errand)
    catalyst.orders.appendleft(END_OF_BATCH)  # as a thread does that was just about to when the turn began


@pytest.mark.parametrize("put", [put_from_the_same_thread, put_from_another_thread, put_with_a_mark_of_its_own])
def test_an_order_runs_in_each_turn_that_errands_cut_short(put: Put) -> None:
    catalyst = ttCatalyst()
    tonic = Noting()
    for number in range(4):
        tonic.ttsc__note(number)
    errands = 0

    def comes_again() -> None:
        nonlocal errands
        errands += 1
        put(catalyst, comes_again)

    put(catalyst, comes_again)
    turns = 1 + 1 + 1 + 4  # the mark; the starts of the catalyst and of the tonic; the notes
    for _ in range(turns):
        catalyst.turn()

    assert tonic.noted == ["start", 0, 1, 2, 3]
    assert errands >= turns - 1  # none of them had to wait for the orders


def test_one_mark_stands_for_all_errands_that_wait() -> None:
    catalyst = ttCatalyst()
    done: list[int] = []
    for number in range(100):
        catalyst.at_boundary(lambda number=number: done.append(number))  # type: ignore[misc]

    assert list(catalyst.orders).count(END_OF_BATCH) == 1
    catalyst.turn()
    assert done == list(range(100))


def test_mark_that_was_met_stands_for_no_later_errand() -> None:
    catalyst = ttCatalyst()
    tonic = Noting()
    while not catalyst.turn():
        pass
    for number in range(3):
        catalyst.at_boundary(lambda number=number: tonic.noted.append(number))  # type: ignore[misc]
        tonic.ttsc__note("behind")
        while not catalyst.turn():
            pass

    assert tonic.noted == ["start", 0, "behind", 1, "behind", 2, "behind"]


def test_errand_put_by_an_errand_runs_before_what_is_called_after_it() -> None:
    catalyst = ttCatalyst()
    tonic = Noting()
    while not catalyst.turn():
        pass

    def first() -> None:
        catalyst.at_boundary(lambda: tonic.noted.append("errand"))
        tonic.ttsc__note("called after it")

    tonic.ttsc__note("waited")
    catalyst.at_boundary(first)
    while not catalyst.turn():
        pass

    assert tonic.noted == ["start", "waited", "errand", "called after it"]


def test_errand_that_comes_while_an_order_is_owed_a_run_is_next() -> None:
    catalyst = ttCatalyst()
    tonic = Noting()
    while not catalyst.turn():
        pass

    class Busy(Noting):
        def ttsc__work(self) -> None:
            catalyst.at_boundary(lambda: tonic.noted.append("errand"))
            tonic.ttsc__note("called after it")

    busy = Busy()
    while not catalyst.turn():
        pass
    busy.ttsc__work()
    tonic.ttsc__note("waited")
    catalyst.at_boundary(lambda: None)
    while not catalyst.turn():
        pass

    assert tonic.noted == ["start", "errand", "waited", "called after it"]


def test_errand_that_holds_keeps_the_order_that_waits() -> None:
    catalyst = ttCatalyst()
    tonic = Noting()
    while not catalyst.turn():
        pass
    tonic.ttsc__note("held")
    catalyst.hold()
    while not catalyst.turn():
        pass
    assert tonic.noted == ["start"]

    catalyst.release()
    while not catalyst.turn():
        pass
    assert tonic.noted == ["start", "held"]


def test_errand_that_gives_up_is_the_last_thing_that_runs() -> None:
    catalyst = ttCatalyst()
    tonic = Noting()
    catalyst.at_boundary(catalyst.give_up)
    for _ in range(3):
        catalyst.turn()
        assert tonic.noted == []
        if catalyst.has_ended:
            break

    assert catalyst.has_ended


def test_chain_gets_through_while_a_thread_hammers() -> None:
    links = 2000
    done = threading.Event()
    errands: list[None] = []
    threads: list[threading.Thread] = []

    class Chain(ttTonic):
        def ttse__on_start(self) -> None:
            catalyst = self.catalyst

            def hammer() -> None:
                # One at a time: who puts errands faster than they can be run only fills the memory.
                while not done.is_set():
                    ran = threading.Event()
                    catalyst.at_boundary(ran.set)
                    while not ran.wait(0.01) and not done.is_set():
                        pass
                    errands.append(None)

            threads.extend([in_thread(hammer), in_thread(hammer)])
            self.ttsc__link(links)

        def ttsc__link(self, left: int) -> None:
            if left:
                self.ttsc__link(left - 1)
            else:
                self.finish()

        def ttse__on_finished(self) -> None:
            done.set()

    try:
        run_app(Chain)
    finally:
        done.set()
    for thread in threads:
        thread.join(WAIT_S)

    assert not any(thread.is_alive() for thread in threads)
    assert errands
