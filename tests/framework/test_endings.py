"""How essences and tonics end, with all that is theirs."""

from __future__ import annotations

import gc
import threading
import weakref
from typing import Any

import pytest

from tasktonic import Store, ttCatalyst, ttEssence, ttTimerRepeat, ttTonic
from tasktonic.events import Dropped, Ended, Finishing
from tasktonic.stream import Level
from tests.helpers.apps import WAIT_S, in_thread, reading, run_app
from tests.helpers.endings import Part, Teller


@pytest.fixture(autouse=True)
def told() -> list[str]:
    Teller.told = []
    return Teller.told


# -- plain essences -------------------------------------------------------------------------------------------------------


def test_plain_tree_has_finished_when_the_call_returns() -> None:
    top = Part()
    inner = top.bind(Part)

    top.finish()

    assert (top.id, inner.id) == (-1, -1)


def test_finishing_twice_is_harmless() -> None:
    part = Part()

    part.finish()
    part.finish()

    assert part.id == -1


def test_children_end_before_their_parent_the_youngest_first() -> None:
    with reading() as rows:
        top = Part(name="top")
        for name in ("a", "b"):
            child = top.bind(Part, name=name)
            child.bind(Part, name=name + "1")
        names = {essence._tt_id: essence.name for essence in top.ledger.essences}
        top.finish()

    assert [names[row.essence] for row in rows.of(Ended)] == ["b1", "b", "a1", "a", "top"]


def test_essence_that_finishes_in_its_init_ends_when_it_is_made() -> None:
    class Short(ttEssence):
        def __init__(self) -> None:
            super().__init__()
            self.finish()
            self.id_meanwhile = self.id

    short = Short()

    assert short.id_meanwhile >= 0
    assert short.id == -1


def test_deep_tree_finishes() -> None:
    top = at = Part()
    for _ in range(5_000):
        at = Part(context=at)

    top.finish()

    assert at.id == -1
    assert top.ledger.essences == []


def test_wide_tree_finishes() -> None:
    top = Part()
    for _ in range(20_000):
        Part(context=top)

    top.finish()

    assert top.ledger.essences == []


def test_child_that_finishes_its_parent_in_binding_finished_is_harmless() -> None:
    class Top(ttEssence):
        def binding_finished(self, essence_id: int) -> None:
            self.finish()

    top = Top()
    top.bind(Part).finish()

    assert top.id == -1


def test_finishing_from_another_thread_ends_a_plain_essence() -> None:
    part = Part()

    in_thread(part.finish).join()

    assert part.id == -1


def test_binding_finished_that_raises_does_not_stop_an_ending(capsys: pytest.CaptureFixture[str]) -> None:
    class Top(ttEssence):
        def binding_finished(self, essence_id: int) -> None:
            raise LookupError("heard wrong")

    top = Top()
    part = top.bind(Part)

    part.finish()

    assert part.id == -1
    assert "LookupError: heard wrong" in capsys.readouterr().err


# -- tonics -----------------------------------------------------------------------------------------------------------


def test_what_was_queued_before_finish_still_runs() -> None:
    seen: list[str] = []

    class Worker(ttTonic):
        def ttse__on_start(self) -> None:
            self.ttsc__work("before")
            self.finish()

        def ttsc__work(self, what: str) -> None:
            seen.append(what)

    run_app(Worker)

    assert seen == ["before"]


def test_what_is_queued_after_finish_is_dropped() -> None:
    seen: list[str] = []

    class Worker(ttTonic):
        def ttse__on_start(self) -> None:
            self.finish()
            self.ttsc__work("after")

        def ttsc__work(self, what: str) -> None:
            seen.append(what)

    run_app(Worker)

    assert seen == []


def test_dropped_order_is_told() -> None:
    class Worker(ttTonic):
        def ttse__on_start(self) -> None:
            self.finish()
            self.ttsc__work()

        def ttsc__work(self) -> None: ...

    with reading() as rows:
        run_app(Worker)

    assert [row.reason for row in rows.of(Dropped)] == ["finished"]


def test_order_called_in_on_finished_is_dropped() -> None:
    seen: list[str] = []

    class Worker(ttTonic):
        def ttse__on_start(self) -> None:
            self.finish()

        def ttse__on_finished(self) -> None:
            self.ttsc__work()

        def ttsc__work(self) -> None:
            seen.append("ran")

    with reading(Level.FLOW) as rows:
        run_app(Worker)

    assert seen == []
    assert len(rows.of(Dropped)) == 1


def test_state_machine_stops_before_on_finished() -> None:
    seen: list[str] = []

    class Worker(ttTonic):
        def ttse__on_start(self) -> None:
            self.to_state("busy")
            self.finish()

        def ttse_busy__on_exit(self) -> None:
            seen.append(f"exit {self.get_current_state_name()}")

        def ttse__on_finished(self) -> None:
            seen.append(f"finished {self.get_current_state_name()}")

    run_app(Worker)

    assert seen == ["exit busy", "finished --"]


def test_on_finished_runs_once() -> None:
    class Twice(Teller):
        def ttse__on_start(self) -> None:
            self.finish()
            self.finish()

        def ttse__on_finished(self) -> None:
            self.finish()
            super().ttse__on_finished()

    run_app(lambda: Twice(name="twice"))

    assert Twice.told == ["twice"]


def test_subtasks_finish_after_on_finished_of_their_context(told: list[str]) -> None:
    class Top(Teller):
        def ttse__on_start(self) -> None:
            Teller(name="first")
            Teller(name="second")
            self.finish()

    run_app(lambda: Top(name="top"))

    assert told == ["top", "second", "first"]


def test_subtasks_do_not_run_what_is_queued_for_them() -> None:
    seen: list[str] = []

    class Child(ttTonic):
        def ttsc__work(self) -> None:
            seen.append("ran")

    class Top(ttTonic):
        def ttse__on_start(self) -> None:
            self.child = Child()
            self.finish()
            self.child.ttsc__work()

    run_app(Top)

    assert seen == []


def test_children_leave_before_their_parent() -> None:
    with reading() as rows:

        class Top(ttTonic):
            def ttse__on_start(self) -> None:
                Teller().bind(Teller)
                Teller()
                self.finish()

        run_app(Top)

    top, first, inner, second = 1, 2, 3, 4
    assert [row.essence for row in rows.of(Ended)] == [second, inner, first, top, 0]


def test_tonic_that_finishes_in_its_init_starts_before_it_finishes() -> None:
    seen: list[str] = []

    class Short(ttTonic):
        def __init__(self) -> None:
            super().__init__()
            self.ttsc__work("before")
            self.finish()
            self.finish()
            self.ttsc__work("after")

        def ttse__on_start(self) -> None:
            seen.append("start")

        def ttsc__work(self, what: str) -> None:
            seen.append(what)

        def ttse__on_finished(self) -> None:
            seen.append("finished")

    with reading() as rows:
        run_app(Short)

    assert seen == ["start", "before", "finished"]
    assert [row.essence for row in rows.of(Finishing)] == [1, 0]


def test_context_is_told_by_binding_finished() -> None:
    told: list[bool] = []

    class Top(ttTonic):
        def ttse__on_start(self) -> None:
            self.child = self.bind(Teller)
            self.child_id = self.child.id
            self.child.finish()

        def binding_finished(self, essence_id: int) -> None:
            told.append(essence_id == self.child_id)
            self.finish()

    run_app(Top)

    assert told == [True]


def test_context_is_told_by_the_name_of_the_child() -> None:
    told: list[int] = []

    class Top(ttTonic):
        def ttse__on_start(self) -> None:
            self.bind(Teller, name="pump").finish()

        def ttse__on_pump_finished(self) -> None:
            told.append(len(self.bindings))
            self.finish()

    run_app(Top)

    assert told == [0]


def test_context_hears_of_its_child_on_its_own_thread() -> None:
    threads: list[bool] = []

    class Top(ttTonic):
        def ttse__on_start(self) -> None:
            self.bind(Teller, name="pump", catalyst=ttCatalyst(name="side", context=-1)).finish()

        def binding_finished(self, essence_id: int) -> None:
            threads.append(threading.current_thread() is self.thread)

        def ttse__on_pump_finished(self) -> None:
            threads.append(threading.current_thread() is self.thread)
            self.finish()

        thread = threading.main_thread()

    run_app(Top)

    assert threads == [True, True]


def test_finishing_from_another_thread_ends_a_tonic(told: list[str]) -> None:
    class Top(Teller):
        def ttse__on_start(self) -> None:
            self.helper = in_thread(self.finish)

    run_app(lambda: Top(name="top"))

    assert told == ["top"]


def test_tree_over_several_catalysts_ends_in_order() -> None:
    def start() -> None:
        sides = [ttCatalyst(name=f"side {n}") for n in range(3)]

        class Top(Teller):
            def ttse__on_start(self) -> None:
                at: ttTonic = self
                for n in range(9):
                    at = Teller(name=str(n), context=at, catalyst=sides[n % 3])
                self.finish()

        Top(name="top")

    with reading() as rows:
        run_app(start)

    ended = [row.essence for row in rows.of(Ended) if row.essence > 3]
    assert ended == [13, 12, 11, 10, 9, 8, 7, 6, 5, 4]


def test_plain_essence_with_tonics_elsewhere_ends_after_them() -> None:
    with reading() as rows:

        class Top(ttTonic):
            def ttse__on_start(self) -> None:
                self.shelf = Part(name="shelf")
                Teller(context=self.shelf, catalyst=ttCatalyst(context=-1))
                Teller(context=self.shelf)
                self.finish()

        run_app(Top)

    ended = [row.essence for row in rows.of(Ended)]
    top, shelf, side, there, here = 1, 2, 3, 4, 5
    assert ended.index(here) < ended.index(there) < ended.index(shelf) < ended.index(top)
    assert side in ended


def test_tonic_below_a_plain_essence_keeps_the_app_alive() -> None:
    seen: list[str] = []

    class Patient(ttTonic):
        def ttse__on_start(self) -> None:
            self.ttsc__one()

        def ttsc__one(self) -> None:
            self.ttsc__two()

        def ttsc__two(self) -> None:
            seen.append("two")
            self.finish()

    class Quick(ttTonic):
        def ttse__on_start(self) -> None:
            self.finish()

    def start() -> None:
        Patient(context=Part())
        Quick()

    run_app(start)

    assert seen == ["two"]


def test_timers_of_a_finished_tonic_are_gone() -> None:
    pending: list[int] = []

    class Short(ttTonic):
        def ttse__on_start(self) -> None:
            for _ in range(10):
                ttTimerRepeat(hours=1)
            self.finish()

        def ttse__on_timer(self, info: Any) -> None: ...

    class Top(ttTonic):
        def ttse__on_start(self) -> None:
            self.bind(Short, name="short")

        def ttse__on_short_finished(self) -> None:
            pending.append(len(self.catalyst.timers))
            self.finish()

    run_app(Top)

    assert pending == [0]


def test_ten_thousand_finished_tonics_are_gone_from_memory() -> None:
    refs: list[weakref.ref[Any]] = []
    left: list[int] = []

    class Fly(ttTonic):
        def ttse__on_start(self) -> None:
            self.finish()

    class Top(ttTonic):
        def ttse__on_start(self) -> None:
            refs.extend(weakref.ref(Fly()) for _ in range(10_000))
            self.ttsc__look()

        def ttsc__look(self) -> None:
            if self.bindings:
                self.ttsc__look()
                return
            left.append(len(self.ledger.essences))
            left.append(sum(ref() is not None for ref in refs))
            self.finish()

    run_app(Top)

    assert left[0] == 2
    assert left[1] <= 1  # the one whose end the loop worked on last


def test_finished_tree_with_circles_is_gone_from_memory() -> None:
    class Node(ttTonic):
        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.me = self

        def ttse__on_start(self) -> None:
            self.finish()

    refs: list[weakref.ref[Any]] = []
    run_app(lambda: refs.append(weakref.ref(Node())))
    gc.collect()

    assert refs[0]() is None


def test_undo_of_a_subscription_that_raises_does_not_stop_an_ending(capsys: pytest.CaptureFixture[str]) -> None:
    part = Part()

    def undo() -> None:
        raise LookupError("gone already")

    part._tt_on_ending(undo)
    part.finish()

    assert part.id == -1
    assert "gone already" in capsys.readouterr().err


# -- subscriptions ----------------------------------------------------------------------------------------------------------


class Hearing(Part):
    """Subscribes as soon as it can."""

    def __init__(self, store: Store) -> None:
        store.subscribe("a", self.hear)
        super().__init__()
        raise LookupError

    def hear(self, changes: list[Any]) -> None:
        """Called by the store."""


def test_subscription_made_for_what_has_finished_is_gone_at_once() -> None:
    store, part = Store(), Part()
    part.finish()

    store.subscribe("a", print, owner=part)

    assert store.unsubscribe(part) == 0


def test_subscription_made_before_super_init_goes_when_the_init_raises() -> None:
    store = Store()

    with pytest.raises(LookupError):
        Hearing(store)

    assert not store._subscriptions


def test_threads_that_subscribe_while_their_owner_finishes_leave_nothing() -> None:
    for _ in range(50):
        part, stores = Part(), [Store() for _ in range(3)]
        barrier = threading.Barrier(4, timeout=WAIT_S)

        def subscribe(store: Store, part: Part = part, barrier: threading.Barrier = barrier) -> None:
            barrier.wait()
            store.subscribe("a", print, owner=part)

        threads = [in_thread(lambda store=store: subscribe(store)) for store in stores]  # type: ignore[misc]
        barrier.wait()
        part.finish()
        for thread in threads:
            thread.join()

        assert [bool(store._subscriptions) for store in stores] == [False] * 3


def test_who_has_ended_is_not_kept_alive_while_its_end_is_told() -> None:
    found: list[bool] = []

    class Child(ttTonic):
        def ttse__on_start(self) -> None:
            self.finish()

    class Parent(ttTonic):
        def ttse__on_start(self) -> None:
            self.child = weakref.ref(self.bind(Child, name="child"))

        def ttse__on_child_finished(self) -> None:
            gc.collect()
            found.append(self.child() is None)
            self.finish()

    run_app(Parent)

    assert found == [True]
