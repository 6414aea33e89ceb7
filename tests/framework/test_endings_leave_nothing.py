"""What has ended leaves nothing: no timers, no memory, no subscriptions."""

from __future__ import annotations

import gc
import threading
import weakref
from typing import Any

import pytest

from tasktonic import Store, ttTimerRepeat, ttTonic
from tests.helpers.apps import WAIT_S, in_thread, run_app
from tests.helpers.endings import Part

# -- tonics -----------------------------------------------------------------------------------------------------------


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
