"""Errands, done between two orders: they come soon, and orders get on all the same, however fast errands come."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from tasktonic import ttCatalyst, ttTimerRepeat, ttTonic
from tasktonic.loops import END_OF_BATCH
from tests.helpers.apps import WAIT_S, in_thread, run_app
from tests.helpers.movable_clock import SECOND_NS, movable_clock

Put = Callable[[ttCatalyst, Callable[[], None]], None]


class Noting(ttTonic):
    def __init__(self) -> None:
        super().__init__()
        self.noted: list[object] = []

    def ttse__on_start(self) -> None:
        self.noted.append("start")

    def ttsc__note(self, what: object) -> None:
        self.noted.append(what)


def settle(catalyst: ttCatalyst) -> None:
    while not catalyst.turn():
        pass


def settled_with_a_tonic() -> tuple[ttCatalyst, Noting]:
    catalyst = ttCatalyst()
    tonic = Noting()
    settle(catalyst)
    return catalyst, tonic


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


@pytest.mark.parametrize("put", [put_from_the_same_thread, put_from_another_thread, put_with_a_mark_of_its_own])
def test_stepped_order_runs_in_each_turn_that_errands_cut_short(put: Put) -> None:
    catalyst, tonic = settled_with_a_tonic()
    catalyst.hold()
    catalyst.step(3)
    settle(catalyst)
    for number in range(4):
        tonic.ttsc__note(number)

    def comes_again() -> None:
        put(catalyst, comes_again)

    put(catalyst, comes_again)
    noted = []
    for _ in range(5):
        catalyst.turn()
        noted.append(tonic.noted[1:])

    assert noted == [[0], [0, 1], [0, 1, 2], [0, 1, 2], [0, 1, 2]]


def test_mark_that_comes_just_before_a_stepped_order_costs_no_step() -> None:
    with movable_clock():
        catalyst, tonic = settled_with_a_tonic()
        catalyst.hold()
        catalyst.step(2)
        settle(catalyst)
        for number in range(4):
            tonic.ttsc__note(number)
        coming = [END_OF_BATCH]

        def mark_comes(order: object) -> None:
            while coming:
                catalyst.orders.appendleft(coming.pop())

        catalyst.before_order = mark_comes
        for _ in range(2):
            catalyst.at_boundary(lambda: None)
            catalyst.turn()
        settle(catalyst)

    assert not coming
    assert tonic.noted == ["start", 0, 1]


def test_who_turns_by_hand_gets_one_order_per_turn() -> None:
    with movable_clock():
        catalyst, tonic = settled_with_a_tonic()
        catalyst.before_order = lambda order: None
        for number in range(4):
            tonic.ttsc__note(number)

        def comes_again() -> None:
            catalyst.at_boundary(comes_again)

        for _ in range(7):
            comes_again()
        noted = []
        for _ in range(3):
            catalyst.turn()
            noted.append(tonic.noted[1:])

    assert noted == [[0], [0, 1], [0, 1, 2]]


def test_as_many_orders_as_errands_run_in_a_turn() -> None:
    with movable_clock():
        catalyst, tonic = settled_with_a_tonic()
        for number in range(100):
            tonic.ttsc__note(number)

        def comes_again() -> None:
            catalyst.at_boundary(comes_again)

        for _ in range(7):
            comes_again()
        noted = []
        for _ in range(3):
            catalyst.turn()
            noted.append(len(tonic.noted) - 1)

    assert noted == [7, 14, 21]


def test_stepped_orders_have_the_same_share() -> None:
    with movable_clock():
        catalyst, tonic = settled_with_a_tonic()
        for number in range(100):
            tonic.ttsc__note(number)
        catalyst.hold()
        catalyst.turn()

        def comes_again() -> None:
            catalyst.at_boundary(comes_again)

        for _ in range(7):
            comes_again()
        catalyst.step(10)
        noted = []
        for _ in range(3):
            catalyst.turn()
            noted.append(len(tonic.noted) - 1)

    assert noted == [8, 10, 10]  # the step is an errand too


def test_each_timer_that_another_thread_asks_something_gives_an_order_its_turn() -> None:
    with movable_clock():
        catalyst, tonic = settled_with_a_tonic()
        timers = [ttTimerRepeat(seconds=10, context=tonic, sparkle_back=print) for _ in range(5)]
        settle(catalyst)
        for number in range(100):
            tonic.ttsc__note(number)

        def ask() -> None:
            catalyst.belongs_to_no_thread()
            for timer in timers:
                timer.pause().restart()
            catalyst.belongs_to_this_thread()

        def asks_again() -> None:
            ask()
            catalyst.at_boundary(asks_again)

        asks_again()
        catalyst.turn()

    assert len(tonic.noted) - 1 == 5 + 2  # what was asked of each timer; the errand for that, and the one that asks


def test_orders_take_no_longer_than_the_errands_they_wait_for() -> None:
    with movable_clock() as clock:
        catalyst, _ = settled_with_a_tonic()

        class Slow(Noting):
            def ttsc__note(self, what: object) -> None:
                clock.move(2 * SECOND_NS)
                super().ttsc__note(what)

        slow = Slow()
        settle(catalyst)
        for number in range(100):
            slow.ttsc__note(number)

        def takes_a_second() -> None:
            clock.move(SECOND_NS)
            catalyst.at_boundary(takes_a_second)

        for _ in range(5):
            catalyst.at_boundary(takes_a_second)
        catalyst.turn()

    assert slow.noted == ["start", 0, 1, 2]  # after six seconds the errands' five are over


def test_errand_that_comes_while_orders_are_owed_a_run_is_not_overtaken() -> None:
    with movable_clock():
        catalyst, tonic = settled_with_a_tonic()

        class Busy(Noting):
            def ttsc__work(self) -> None:
                catalyst.at_boundary(lambda: tonic.noted.append("errand"))
                tonic.ttsc__note("called after it")

        busy = Busy()
        settle(catalyst)
        busy.ttsc__work()
        tonic.ttsc__note("waited")
        for _ in range(100):
            catalyst.at_boundary(lambda: None)
        settle(catalyst)

    assert tonic.noted == ["start", "waited", "errand", "called after it"]


def test_errand_is_not_overtaken_when_what_waited_before_it_is_dropped() -> None:
    with movable_clock():
        catalyst, tonic = settled_with_a_tonic()
        catalyst.hold()
        catalyst.turn()
        tonic.ttsc__note("dropped")

        def another_thread_comes() -> None:
            catalyst.at_boundary(lambda: tonic.noted.append("errand"))
            tonic.ttsc__note("called after it")

        catalyst.step(5)
        catalyst.drop_next()
        catalyst.at_boundary(another_thread_comes)
        settle(catalyst)

    assert tonic.noted == ["start", "errand", "called after it"]


def test_mark_among_the_orders_that_waited_does_not_let_a_later_one_run() -> None:
    with movable_clock():
        catalyst, tonic = settled_with_a_tonic()

        def another_thread_comes() -> None:
            catalyst.at_boundary(lambda: tonic.noted.append("errand"))
            tonic.ttsc__note("called after it")

        tonic.ttsc__note("waited")
        catalyst.orders.append(END_OF_BATCH)  # put on an empty queue, before an order that the brake has put first
        for _ in range(5):
            catalyst.at_boundary(lambda: None)
        catalyst.at_boundary(another_thread_comes)
        settle(catalyst)

    assert tonic.noted == ["start", "waited", "errand", "called after it"]


def test_catalyst_that_ends_in_an_order_it_was_owed_runs_no_more() -> None:
    with movable_clock():
        catalyst, tonic = settled_with_a_tonic()

        class Last(Noting):
            def ttsc__end(self) -> None:
                catalyst.give_up()
                tonic.ttsc__note("after the end")

        last = Last()
        settle(catalyst)
        last.ttsc__end()
        tonic.ttsc__note("too late")

        def comes_again() -> None:
            catalyst.at_boundary(comes_again)

        for _ in range(5):
            comes_again()
        catalyst.turn()

    assert catalyst.has_ended
    assert tonic.noted == ["start"]


def test_one_mark_stands_for_all_errands_that_wait() -> None:
    catalyst = ttCatalyst()
    done: list[int] = []
    for number in range(100):
        catalyst.at_boundary(lambda number=number: done.append(number))  # type: ignore[misc]

    assert list(catalyst.orders).count(END_OF_BATCH) == 1
    catalyst.turn()
    assert done == list(range(100))


def test_mark_that_was_met_stands_for_no_later_errand() -> None:
    catalyst, tonic = settled_with_a_tonic()
    for number in range(3):
        catalyst.at_boundary(lambda number=number: tonic.noted.append(number))  # type: ignore[misc]
        tonic.ttsc__note("behind")
        settle(catalyst)

    assert tonic.noted == ["start", 0, "behind", 1, "behind", 2, "behind"]


def test_errand_put_by_an_errand_runs_before_what_is_called_after_it() -> None:
    catalyst, tonic = settled_with_a_tonic()

    def first() -> None:
        catalyst.at_boundary(lambda: tonic.noted.append("errand"))
        tonic.ttsc__note("called after it")

    tonic.ttsc__note("waited")
    catalyst.at_boundary(first)
    settle(catalyst)

    assert tonic.noted == ["start", "waited", "errand", "called after it"]


def test_errand_that_comes_while_an_order_is_owed_a_run_is_next() -> None:
    catalyst, tonic = settled_with_a_tonic()

    class Busy(Noting):
        def ttsc__work(self) -> None:
            catalyst.at_boundary(lambda: tonic.noted.append("errand"))
            tonic.ttsc__note("called after it")

    busy = Busy()
    settle(catalyst)
    busy.ttsc__work()
    tonic.ttsc__note("waited")
    catalyst.at_boundary(lambda: None)
    settle(catalyst)

    assert tonic.noted == ["start", "errand", "waited", "called after it"]


def test_errand_that_holds_keeps_the_order_that_waits() -> None:
    catalyst, tonic = settled_with_a_tonic()
    tonic.ttsc__note("held")
    catalyst.hold()
    settle(catalyst)
    assert tonic.noted == ["start"]

    catalyst.release()
    settle(catalyst)
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


def test_chain_gets_a_link_further_in_each_turn_while_two_threads_hammer() -> None:
    links, at_least = 2000, 2000
    done = threading.Event()
    put = [0, 0]
    threads: list[threading.Thread] = []

    class Counting(ttCatalyst):
        turns = 0

        def turn(self) -> bool:
            self.turns += 1
            if self.turns > 10 * links:
                done.set()  # orders do not get on
            return super().turn()

    class Chain(ttTonic):
        count = 0
        turns_before = turns_for_it = 0

        def ttse__on_start(self) -> None:
            catalyst: Any = self.catalyst

            def hammer(number: int) -> None:
                while not done.is_set():
                    if len(catalyst.errands) < 1000:  # what is put faster than it can run only fills the memory
                        catalyst.at_boundary(int)
                        put[number] += 1

            threads.extend(in_thread(lambda number=number: hammer(number)) for number in range(2))  # type: ignore[misc]
            self.turns_before = catalyst.turns
            self.ttsc__link()

        def ttsc__link(self) -> None:
            catalyst: Any = self.catalyst
            self.count += 1
            self.turns_for_it = max(self.turns_for_it, catalyst.turns - self.turns_before)
            self.turns_before = catalyst.turns
            if done.is_set() or (self.count >= links and min(put) >= at_least):
                done.set()
                self.finish()
            else:
                self.ttsc__link()

    made: list[Chain] = []
    try:
        run_app(lambda: made.append(Chain()), make_main=Counting)
    finally:
        done.set()
    for thread in threads:
        thread.join(WAIT_S)

    assert not any(thread.is_alive() for thread in threads)
    # A turn may end at the mark of an errand that came just then, or has just been done: one for each thread. The next one
    # has an errand to do, or no mark to meet, and runs the link.
    assert made[0].turns_for_it <= 2 + len(threads)
    assert made[0].count >= links
    assert min(put) >= at_least
