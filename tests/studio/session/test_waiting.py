"""What waits in the queues, made from orders, runs, drops and gaps."""

from __future__ import annotations

import pytest

from tasktonic import events as ev
from tasktonic_studio.session.session import Session
from tests.helpers.builders import MS, EventWriter


class Belt:
    """A belt on one catalyst that is told to move, and what its session knows."""

    def __init__(self) -> None:
        self.write = write = EventWriter()
        write.cls("ttCatalyst")
        self.catalyst = write.catalyst("main")
        self.belt = write.born("Belt", "belt", catalyst=self.catalyst)
        self.other = write.born("Belt", "other", catalyst=write.catalyst("worker"))
        self.session = Session()
        self.tell()

    def orders(self, count: int, essence: int | None = None) -> list[int]:
        found = []
        for _ in range(count):
            self.write.wait(MS)
            found.append(self.write.order(self.belt if essence is None else essence, "ttsc__move"))
        return found

    def drop(self, order: int) -> None:
        self.write.add(ev.Dropped(self.write.t_ns, self.belt, 0, order, ev.Name("by hand")))

    def tell(self) -> None:
        self.session.apply_events(self.session.live.n, self.write.take())

    def waiting(self, n: int | None = None) -> list[int]:
        self.tell()
        known = self.session.live if n is None else self.session.at(n)
        return [known.orders.row(int(row)).order for row in known.waiting_of(self.catalyst)[0]]


@pytest.fixture
def belt() -> Belt:
    return Belt()


def test_an_order_waits_until_it_has_run(belt: Belt) -> None:
    first, second, third = belt.orders(3)
    belt.write.run(belt.belt, "ttsc__move", first)

    assert belt.waiting() == [second, third]


def test_orders_of_another_catalyst_do_not_wait_here(belt: Belt) -> None:
    belt.orders(2, belt.other)
    (mine,) = belt.orders(1)

    assert belt.waiting() == [mine]


def test_a_dropped_order_waits_no_more(belt: Belt) -> None:
    first, second, third = belt.orders(3)
    belt.drop(second)

    assert belt.waiting() == [first, third]


def test_a_hook_does_not_end_the_order_it_runs_within(belt: Belt) -> None:
    (order,) = belt.orders(1)
    belt.write.run(belt.belt, "ttse__on_enter", order, flags=ev.HOOK)

    assert belt.waiting() == [order]


def test_what_waited_at_a_moment_of_the_past_is_known(belt: Belt) -> None:
    first, second = belt.orders(2)
    belt.tell()
    moment = belt.session.live.n
    belt.write.run(belt.belt, "ttsc__move", first)

    assert belt.waiting() == [second]
    assert belt.waiting(moment) == [first, second]


def test_orders_numbered_out_of_turn_are_found_by_their_runs(belt: Belt) -> None:
    first, second, third = belt.orders(3)
    rows = belt.write.take()
    belt.write.written = [*rows[:-3], rows[-2], rows[-3], rows[-1]]
    belt.write.run(belt.belt, "ttsc__move", second)

    assert belt.waiting() == [first, third]


def test_after_a_gap_with_lost_runs_only_later_orders_are_claimed_to_wait(belt: Belt) -> None:
    belt.orders(3)
    belt.write.add(ev.Gap(belt.write.t_ns, belt.write.wait(MS), 4, 5))
    (later,) = belt.orders(1)

    assert belt.waiting() == [later]


def test_a_gap_of_orders_alone_leaves_those_that_are_known(belt: Belt) -> None:
    orders = belt.orders(2)
    belt.write.add(ev.Gap(belt.write.t_ns, belt.write.wait(MS), 4, 0))

    assert belt.waiting() == orders


def test_the_order_that_runs_now_does_not_wait(belt: Belt) -> None:
    running, waiting = belt.orders(2)
    write = belt.write
    since = write.wait(MS)
    sparkle = write.sparkle(write.cls("Belt"), "ttsc__move")
    write.add(ev.Beat(write.wait(MS), belt.catalyst, 1, belt.belt, sparkle, since, 0, 0))
    belt.tell()

    rows, now = belt.session.live.waiting_of(belt.catalyst)

    assert now is not None
    assert now.order == running
    assert [belt.session.live.orders.row(int(row)).order for row in rows] == [waiting]


def test_a_long_queue_that_drains_in_pieces_is_empty_in_the_end(belt: Belt) -> None:
    orders = belt.orders(5_000)
    belt.tell()
    for start in range(0, 5_000, 500):
        for order in orders[start : start + 500]:
            belt.write.run(belt.belt, "ttsc__move", order)
        assert belt.waiting() == orders[start + 500 :]


def test_a_new_app_begins_with_empty_queues(belt: Belt) -> None:
    belt.orders(3)
    belt.tell()
    belt.session.apply_events(belt.session.live.n, EventWriter(app=2).take())

    assert len(belt.session.live.waiting) == 0
