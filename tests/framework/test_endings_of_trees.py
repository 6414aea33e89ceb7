"""How tonics end together with those below and above them: in which order, on which thread, and who is told."""

from __future__ import annotations

import threading

import pytest

from tasktonic import ttCatalyst, ttTonic
from tasktonic.events import Ended, Finishing
from tests.helpers.apps import in_thread, reading, run_app
from tests.helpers.endings import Part, Teller

pytestmark = pytest.mark.usefixtures("told")


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
