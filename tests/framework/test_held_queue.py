"""The queue of a held catalyst: seen, and changed order by order."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from tasktonic import brake, held_queue, ttCatalyst, ttTonic
from tasktonic.errors import ttArgumentError, ttRunningError
from tasktonic.events import Dropped
from tasktonic.held_queue import Queued
from tasktonic.stream import Level
from tests.helpers.apps import in_thread, reading, run_app, wait_for


class Noting(ttTonic):
    """Notes what it was given, in order, until it is told that this was all."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.noted: list[Any] = []
        self.all_came = threading.Event()

    def ttsc__note(self, what: Any, loud: bool = False) -> None:
        self.noted.append((what, "loud") if loud else what)

    def ttsc__any(self, *what: Any, **named: Any) -> None:
        self.noted.append((what, named))

    def ttsc__all(self) -> None:
        self.all_came.set()


class Holding(ttTonic):
    """Holds a side catalyst with orders 1, 2 and 3 for a tonic there, lets a thread work, and lets go."""

    def __init__(self, work: Callable[[ttCatalyst, Noting], object], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.work = work
        self.problem: BaseException | None = None

    def ttse__on_start(self) -> None:
        self.side = ttCatalyst(name="side", context=-1)
        self.noting = Noting(name="noting", context=-1, catalyst=self.side)
        self.helper = in_thread(self.do_work)

    def do_work(self) -> None:
        try:
            in_catalyst(self.side, lambda: None)
            brake.hold(self.side.id)
            in_catalyst(self.side, lambda: None)
            for number in (1, 2, 3):
                self.noting.ttsc__note(number)
            self.work(self.side, self.noting)
            self.noting.ttsc__all()
            brake.release(self.side.id)
            wait_for(self.noting.all_came)
        except BaseException as problem:
            self.problem = problem
        finally:
            brake.release()
            self.finish()


def in_catalyst(catalyst: ttCatalyst, act: Callable[[], Any]) -> Any:
    """Have something done between two orders, and wait for what comes of it."""
    done = threading.Event()
    results: list[Any] = []

    def errand() -> None:
        try:
            results.append(act())
        except Exception as error:
            results.append(error)
        done.set()

    brake.at_boundary(catalyst.id, errand)
    wait_for(done)
    if isinstance(results[0], Exception):
        raise results[0]
    return results[0]


def noted(work: Callable[[ttCatalyst, Noting], object]) -> list[Any]:
    """What the tonic has noted at the end."""
    made: list[Holding] = []
    run_app(lambda: made.append(Holding(work)))
    made[0].helper.join()
    if made[0].problem is not None:
        raise made[0].problem
    return made[0].noting.noted


def look(side: ttCatalyst, first: int = 0, count: int = 100) -> list[Queued]:
    return in_catalyst(side, lambda: held_queue.look(side, first, count))[0]  # type: ignore[no-any-return]


def numbers(side: ttCatalyst) -> list[int]:
    return [order.number for order in look(side)]


@pytest.mark.parametrize("level", [None, Level.RUNS, Level.FLOW])
def test_looking_at_the_queue_changes_nothing(level: Level | None) -> None:
    def work(side: ttCatalyst, tonic: Noting) -> None:
        assert numbers(side) == numbers(side)
        assert [dict(order.arguments)["what"] for order in look(side)] == [1, 2, 3]

    if level is None:
        assert noted(work) == [1, 2, 3]
    else:
        with reading(level):
            assert noted(work) == [1, 2, 3]


def test_the_queue_is_seen_page_by_page() -> None:
    pages: list[Any] = []

    def work(side: ttCatalyst, tonic: Noting) -> None:
        for first in (0, 2, 3):
            orders, total = in_catalyst(side, lambda first=first: held_queue.look(side, first, 2))
            pages.append(([dict(order.arguments)["what"] for order in orders], total))

    noted(work)

    assert pages == [([1, 2], 3), ([3], 3), ([], 3)]


def test_a_dropped_order_does_not_run_and_the_stream_says_so() -> None:
    gone: list[int] = []

    def work(side: ttCatalyst, tonic: Noting) -> None:
        gone.append(numbers(side)[1])
        in_catalyst(side, lambda: held_queue.drop(side, gone[0]))

    with reading(Level.FLOW) as rows:
        assert noted(work) == [1, 3]

    assert [(row.order, row.reason) for row in rows.of(Dropped) if row.reason] == [(gone[0], "by hand")]


def test_an_edited_order_runs_with_its_new_arguments_in_its_place() -> None:
    def work(side: ttCatalyst, tonic: Noting) -> None:
        number = numbers(side)[1]
        in_catalyst(side, lambda: held_queue.edit(side, number, ("two",), {"loud": True}))

    assert noted(work) == [1, ("two", "loud"), 3]


def test_an_edited_order_is_a_new_one_with_the_cause_of_the_old_one() -> None:
    seen: list[Queued] = []

    def work(side: ttCatalyst, tonic: Noting) -> None:
        seen.append(look(side)[1])
        in_catalyst(side, lambda: held_queue.edit(side, seen[0].number, (5,), {}))
        seen.append(look(side)[1])

    with reading(Level.FLOW) as rows:
        noted(work)

    old, new = seen
    assert new.number != old.number
    assert (new.source, new.via, new.run) == (old.source, old.via, old.run)
    assert [row.reason for row in rows.of(Dropped) if row.order == old.number] == ["edited by hand"]
    assert new.number in [order[7] for order in rows.orders()]


@pytest.mark.parametrize(
    "args, kwargs, says",
    [((...,), {"loud": True}, (2, "loud")), ((), {"what": ..., "loud": True}, (2, "loud")), ((9, ...), {}, 9)],
)
def test_three_dots_leave_an_argument_as_it_is(args: tuple[Any, ...], kwargs: dict[str, Any], says: Any) -> None:
    def work(side: ttCatalyst, tonic: Noting) -> None:
        number = numbers(side)[1]
        in_catalyst(side, lambda: held_queue.edit(side, number, args, kwargs))

    assert noted(work) == [1, says, 3]


def test_arguments_of_a_sparkle_that_takes_anything_can_be_edited() -> None:
    def work(side: ttCatalyst, tonic: Noting) -> None:
        tonic.ttsc__any(1, 2, colour="red")
        number = numbers(side)[3]
        in_catalyst(side, lambda: held_queue.edit(side, number, (..., 7), {"colour": ...}))

    assert noted(work) == [1, 2, 3, ((1, 7), {"colour": "red"})]


def test_arguments_that_fit_no_handler_are_refused_and_the_order_stays() -> None:
    def work(side: ttCatalyst, tonic: Noting) -> None:
        number = numbers(side)[1]
        with pytest.raises(ttArgumentError, match=r"noting\.ttsc__note: the arguments fit no handler"):
            in_catalyst(side, lambda: held_queue.edit(side, number, (1, 2, 3), {}))
        assert number in numbers(side)

    assert noted(work) == [1, 2, 3]


def test_a_duplicated_order_runs_twice() -> None:
    def work(side: ttCatalyst, tonic: Noting) -> None:
        number = numbers(side)[1]
        in_catalyst(side, lambda: held_queue.duplicate(side, number))

    assert noted(work) == [1, 2, 2, 3]


@pytest.mark.parametrize(
    "which, before, order", [(2, 0, [3, 1, 2]), (0, 2, [2, 1, 3]), (1, 1, [1, 2, 3]), (0, None, [2, 3, 1])]
)
def test_an_order_is_moved(which: int, before: int | None, order: list[int]) -> None:
    def work(side: ttCatalyst, tonic: Noting) -> None:
        known = numbers(side)
        in_catalyst(side, lambda: held_queue.move(side, known[which], 0 if before is None else known[before]))

    assert noted(work) == order


CHANGES: dict[str, Callable[[ttCatalyst, int], object]] = {
    "drop": held_queue.drop,
    "edit": lambda side, number: held_queue.edit(side, number, (1,), {}),
    "move": held_queue.move,
    "duplicate": held_queue.duplicate,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_an_order_that_has_run_meanwhile_is_not_changed(change: Callable[[ttCatalyst, int], object]) -> None:
    def work(side: ttCatalyst, tonic: Noting) -> None:
        number = numbers(side)[0]
        brake.step(side.id)
        while number in numbers(side):
            pass
        with pytest.raises(ttRunningError) as caught:
            in_catalyst(side, lambda: change(side, number))
        assert str(caught.value) == (
            f"Order {number} waits for side no longer: it has run meanwhile, or was taken away."
        )

    assert noted(work) == [1, 2, 3]


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_the_queue_of_a_catalyst_that_runs_is_not_changed(change: Callable[[ttCatalyst, int], object]) -> None:
    def work(side: ttCatalyst, tonic: Noting) -> None:
        number = numbers(side)[2]
        brake.release(side.id)
        with pytest.raises(ttRunningError) as caught:
            in_catalyst(side, lambda: change(side, number))
        assert str(caught.value) == "side is not held: its queue is changed only while it is. Hold it first."

    assert noted(work) == [1, 2, 3]


def test_an_order_of_the_framework_stays_as_it_is() -> None:
    def work(side: ttCatalyst, tonic: Noting) -> None:
        other = Noting(name="other", context=-1, catalyst=side)
        other.finish()
        number = next(order.number for order in look(side) if order.sparkle.called == "_ttss__finish")
        with pytest.raises(ttRunningError) as caught:
            in_catalyst(side, lambda: held_queue.drop(side, number))
        assert str(caught.value) == (
            f"Order {number}, other._ttss__finish, is one of the framework's own: it stays as it is."
        )

    assert noted(work) == [1, 2, 3]


def test_nothing_is_lost_or_doubled_while_others_queue_and_somebody_looks() -> None:
    def work(side: ttCatalyst, tonic: Noting) -> None:
        def flood() -> None:
            for number in range(4, 2_000):
                tonic.ttsc__note(number)

        flooding = in_thread(flood)
        while flooding.is_alive():
            look(side)
        flooding.join()

    assert noted(work) == list(range(1, 2_000))


def test_the_values_of_arguments_are_not_compared() -> None:
    class Touchy:
        def __eq__(self, other: object) -> bool:
            raise AssertionError("code of the app was run")

        __hash__ = None  # type: ignore[assignment]

        def __deepcopy__(self, memo: dict[int, object]) -> Touchy:
            return self

    def work(side: ttCatalyst, tonic: Noting) -> None:
        tonic.ttsc__note(Touchy())
        known = numbers(side)
        in_catalyst(side, lambda: held_queue.move(side, known[3], known[0]))
        in_catalyst(side, lambda: held_queue.drop(side, known[3]))

    assert noted(work) == [1, 2, 3]
