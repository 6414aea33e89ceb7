"""Births while something ends, on several threads."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from tasktonic import ttCatalyst, ttEssence, ttTonic
from tasktonic.events import Ended
from tests.helpers.apps import in_thread, reading, run_app, wait_for
from tests.helpers.endings import Part, Teller

pytestmark = pytest.mark.usefixtures("told")


def test_child_that_is_being_made_elsewhere_ends_when_it_is_made() -> None:
    in_init, may_go_on = threading.Event(), threading.Event()
    made: list[ttEssence] = []

    class Slow(ttEssence):
        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            in_init.set()
            wait_for(may_go_on)

    top = Part()
    thread = in_thread(lambda: made.append(Slow(context=top)))
    wait_for(in_init)
    top.finish()
    top_was_there = top.id >= 0
    may_go_on.set()
    thread.join()

    assert top_was_there
    assert made[0].id == -1
    assert top.id == -1


class Slow(Teller):
    """Says that it is in its init, and stays there until it may go on."""

    def __init__(self, in_init: threading.Event, may_go_on: threading.Event, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        in_init.set()
        wait_for(may_go_on)


def test_tonic_that_is_being_made_elsewhere_ends_when_it_is_made(told: list[str]) -> None:
    in_init, may_go_on = threading.Event(), threading.Event()

    class Top(Teller):
        def ttse__on_start(self) -> None:
            in_thread(lambda: Slow(in_init, may_go_on, name="slow", context=self))
            wait_for(in_init)
            self.finish()

        def ttse__on_finished(self) -> None:
            super().ttse__on_finished()
            may_go_on.set()

    formula = run_app(lambda: Top(name="top"))

    assert told == ["top", "slow"]
    assert formula.ledger.essences == []


def test_tonic_born_elsewhere_while_the_app_ends_does_not_keep_it() -> None:
    in_init, may_go_on = threading.Event(), threading.Event()

    class Top(Teller):
        def ttse__on_start(self) -> None:
            in_thread(lambda: Slow(in_init, may_go_on, name="slow", context=-1))
            wait_for(in_init)
            self.catalyst.finish()

        def ttse__on_finished(self) -> None:
            may_go_on.set()

    formula = run_app(lambda: Top(name="top"))

    assert formula.ledger.essences == []


def test_tonic_made_in_on_finished_ends_with_its_context(told: list[str]) -> None:
    class Top(Teller):
        def ttse__on_start(self) -> None:
            self.finish()

        def ttse__on_finished(self) -> None:
            Teller(name="late")
            super().ttse__on_finished()

    run_app(lambda: Top(name="top"))

    assert told == ["top", "late"]


@pytest.mark.parametrize("attempt", range(5))
def test_threads_that_finish_the_same_tree_at_once_end_it_once(attempt: int) -> None:
    with reading() as rows:

        class Top(ttTonic):
            def ttse__on_start(self) -> None:
                self.sides = [ttCatalyst(context=-1) for _ in range(2)]
                parts = [Teller(catalyst=self.sides[n % 2]) for n in range(20)]
                parts += [Teller(context=parts[n], catalyst=self.sides[(n + 1) % 2]) for n in range(20)]
                threads = [
                    in_thread(lambda some=some: [part.finish() for part in some])
                    for some in (parts, parts[::-1], parts[::2])
                ]
                self.finish()
                for thread in threads:
                    thread.join()

        formula = run_app(Top)

    ended = [row.essence for row in rows.of(Ended)]
    assert len(ended) == len(set(ended)) == 44
    assert formula.ledger.essences == []


def test_finish_from_another_thread_is_heard_before_the_tonic_has_a_catalyst() -> None:
    ran: list[str] = []

    class Young(ttTonic):
        def _tt_find_catalyst(self, given: Any) -> Any:
            in_thread(lambda: self.ledger.get_essence_by_id(self.id).finish()).join()  # type: ignore[union-attr]
            return super()._tt_find_catalyst(given)

        def ttse__on_start(self) -> None:
            ran.append("start")

        def ttse__on_finished(self) -> None:
            ran.append("finished")

    run_app(Young)

    assert ran == ["start", "finished"]


def test_essence_that_finishes_before_super_init_ends_when_it_is_made() -> None:
    class Short(ttEssence):
        def __init__(self) -> None:
            self.finish()
            super().__init__()

    assert Short().id == -1


def test_tonic_that_finishes_before_super_init_starts_before_it_finishes() -> None:
    ran: list[str] = []

    class Short(ttTonic):
        def __init__(self) -> None:
            self.finish()
            super().__init__()

        def ttse__on_start(self) -> None:
            ran.append("start")

        def ttse__on_finished(self) -> None:
            ran.append("finished")

    run_app(Short)

    assert ran == ["start", "finished"]
