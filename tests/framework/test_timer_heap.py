from __future__ import annotations

from itertools import islice
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tasktonic.timer_heap import TimerHeap


def pop_due(heap: TimerHeap, now_ns: int) -> Any:
    """The next one that is due, ``None`` when there is none."""
    return next(heap.take_due(now_ns), None)


def test_what_is_due_comes_out_earliest_first() -> None:
    heap = TimerHeap()
    for due_ns, what in ((30, "c"), (10, "a"), (20, "b")):
        heap.add(due_ns, what)

    assert [pop_due(heap, 25) for _ in range(3)] == ["a", "b", None]


def test_what_is_due_at_the_same_time_comes_out_in_the_order_it_went_in() -> None:
    heap = TimerHeap()
    for what in "abc":
        heap.add(10, what)

    assert [pop_due(heap, 10) for _ in range(3)] == ["a", "b", "c"]


def test_what_was_removed_never_comes_out() -> None:
    heap = TimerHeap()
    entry = heap.add(10, "a")
    heap.add(20, "b")

    heap.remove(entry)

    assert heap.next_due_ns() == 20
    assert pop_due(heap, 99) == "b"


def test_removing_twice_is_harmless() -> None:
    heap = TimerHeap()
    entry = heap.add(10, "a")
    heap.add(20, "b")

    heap.remove(entry)
    heap.remove(entry)

    assert len(heap) == 1


def test_removing_what_has_come_out_is_harmless() -> None:
    heap = TimerHeap()
    entry = heap.add(10, "a")
    pop_due(heap, 10)

    heap.remove(entry)

    assert len(heap) == 0


def test_what_is_entered_while_others_come_out_waits_for_the_next_time() -> None:
    heap = TimerHeap()
    heap.add(10, "a")
    heap.add(10, "b")

    first = [(what, heap.add(10, f"{what} again"))[0] for what in islice(heap.take_due(10), 9)]

    assert (first, list(heap.take_due(10))) == (["a", "b"], ["a again", "b again"])


def test_empty_heap_has_nothing_due() -> None:
    assert TimerHeap().next_due_ns() is None
    assert pop_due(TimerHeap(), 10**18) is None


def test_removed_entries_do_not_pile_up() -> None:
    heap = TimerHeap()
    heap.add(0, "first")

    for number in range(10_000):
        heap.remove(heap.add(number + 1, number))

    assert len(heap._keys) < 200


def test_shifting_moves_everything() -> None:
    heap = TimerHeap()
    heap.add(10, "a")
    heap.add(20, "b")

    heap.shift(5)

    assert heap.next_due_ns() == 15


def test_what_follows_the_wall_clock_is_not_shifted() -> None:
    class Alarm:
        follows_wall = True

        def re_entered(self, entry: int) -> None:
            self.entry = entry

    heap, alarm = TimerHeap(), Alarm()
    heap.add(10, "a")
    heap.add(20, alarm)

    heap.shift(15)

    assert heap.due_ns(alarm.entry) == 20
    assert [pop_due(heap, 99) for _ in range(2)] == [alarm, "a"]


@given(st.lists(st.tuples(st.integers(0, 100), st.booleans())))
def test_any_mix_of_adding_and_removing_leaves_what_was_not_removed(steps: list[tuple[int, bool]]) -> None:
    heap = TimerHeap()
    kept = []
    for number, (due_ns, stays) in enumerate(steps):
        entry = heap.add(due_ns, (number, due_ns))
        if stays:
            kept.append((due_ns, number))
        else:
            heap.remove(entry)

    out = []
    while (what := pop_due(heap, 1000)) is not None:
        out.append((what[1], what[0]))
    assert out == sorted(kept)


def test_what_is_removed_while_others_come_out_does_not_come_out() -> None:
    heap = TimerHeap()
    keys = {what: heap.add(due_ns, what) for due_ns, what in ((10, "a"), (20, "b"), (30, "c"))}

    came = []
    for what in heap.take_due(99):
        came.append(what)
        heap.remove(keys["b"])

    assert came == ["a", "c"]


def test_what_becomes_due_while_others_come_out_comes_out_too() -> None:
    heap = TimerHeap()
    heap.add(10, "a")

    came = []
    for what in heap.take_due(99):
        came.append(what)
        if what == "a":
            heap.add(5, "late")

    assert came == ["a", "late"]


def test_removing_most_while_others_come_out_loses_none() -> None:
    heap = TimerHeap()
    keys = [heap.add(number, number) for number in range(1000)]

    came = []
    for what in heap.take_due(999):
        came.append(what)
        if what == 0:
            for key in keys[1:990]:
                heap.remove(key)

    assert came == [0, *range(990, 1000)]
