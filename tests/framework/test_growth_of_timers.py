"""What a timer costs does not grow with how many there are: counted in steps, not in seconds."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from tasktonic import ttFormula, ttTimerRepeat, ttTimerSingleShot, ttTonic
from tasktonic.timer_heap import TimerHeap
from tests.helpers.steps import steps_of

FEW, MANY = 100, 10_000


class Moment(int):
    """A due time that counts how often it is compared with another: what a heap does."""

    compared = 0

    def __lt__(self, other: int) -> bool:
        Moment.compared += 1
        return super().__lt__(other)

    def __sub__(self, other: int) -> Moment:
        return Moment(super().__sub__(other))

    def __lshift__(self, bits: int) -> Moment:
        return Moment(super().__lshift__(bits))

    def __or__(self, other: int) -> Moment:
        return Moment(super().__or__(other))


def shuffled_moments(count: int) -> list[Moment]:
    moments = [Moment(1_000_000 + number) for number in range(count)]
    random.Random(count).shuffle(moments)
    return moments


def filled_heap(count: int) -> tuple[TimerHeap, list[int]]:
    heap = TimerHeap()
    keys = [heap.add(moment, moment) for moment in shuffled_moments(count)]
    Moment.compared = 0
    return heap, keys


def test_the_counting_moments_are_what_the_heap_compares() -> None:
    heap, _ = filled_heap(FEW)

    heap.add(Moment(1), "first")

    assert heap.due_ns(heap._keys[0]) == 1
    assert Moment.compared > 0


def comparisons_per_start(pending: int) -> float:
    heap, _ = filled_heap(pending)
    for moment in shuffled_moments(FEW):
        heap.add(moment, "one more")
    return Moment.compared / FEW


def test_starting_compares_with_as_many_as_the_heap_is_high() -> None:
    assert comparisons_per_start(MANY) <= MANY.bit_length() + 1


def test_firing_compares_with_twice_as_many_as_the_heap_is_high() -> None:
    heap, _ = filled_heap(MANY)

    came = list(heap.take_due(2_000_000))

    assert came == sorted(came)
    assert len(came) == MANY
    assert Moment.compared / MANY <= 2 * MANY.bit_length()


def test_cancelling_all_compares_each_with_a_few_whatever_their_number() -> None:
    heap, keys = filled_heap(MANY)
    random.Random(2).shuffle(keys)

    for key in keys:
        heap.remove(key)

    assert len(heap) == 0
    assert Moment.compared / MANY < 6


def test_renewing_one_timer_leaves_no_pile_of_what_it_was() -> None:
    heap, keys = filled_heap(FEW)
    key = keys[0]

    for number in range(MANY):
        heap.remove(key)
        key = heap.add(Moment(2_000_000 + number), "renewed")

    assert len(heap._keys) <= 2 * FEW + 64 + 1


def on_tonic(work: Callable[[Any], Any]) -> Any:
    """What ``work`` gives in a sparkle of a tonic that hears of timers."""
    results: list[Any] = []

    class Tester(ttTonic):
        def ttse__on_start(self) -> None:
            try:
                results.append(work(self))
            finally:
                self.finish()

        def ttse__on_timer(self, info: dict[str, Any]) -> None:
            raise AssertionError("no timer is due within an hour")

    class App(ttFormula):
        def creating_formula(self) -> dict[str, Any]:
            return {"tasktonic/log/to": "off"}

        def creating_starting_tonics(self) -> None:
            Tester()

    App()
    return results[0]


def start(tonic: Any) -> list[Callable[[], object]]:
    return [lambda: ttTimerSingleShot(hours=2)]


def finish(tonic: Any) -> list[Callable[[], object]]:
    return [ttTimerSingleShot(hours=2).finish]


def stop_then_start(tonic: Any) -> list[Callable[[], object]]:
    timer = ttTimerRepeat(hours=2)
    return [timer.stop, timer.start]


def renew(tonic: Any) -> list[Callable[[], object]]:
    return [ttTimerRepeat(hours=2).restart]


def pause_then_resume(tonic: Any) -> list[Callable[[], object]]:
    timer = ttTimerRepeat(hours=2)
    return [timer.pause, timer.resume]


@pytest.mark.parametrize("works", [start, finish, stop_then_start, renew, pause_then_resume])
def test_a_timer_takes_the_same_steps_among_few_as_among_many(works: Callable[[Any], Any]) -> None:
    def steps_among(pending: int) -> list[int]:
        def work(tonic: Any) -> list[int]:
            for _ in range(pending):
                ttTimerSingleShot(hours=1)
            return [steps_of(each) for each in works(tonic)]

        return list(on_tonic(work))

    few = steps_among(FEW)

    assert all(few)
    assert steps_among(MANY) == few
