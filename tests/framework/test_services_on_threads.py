"""Services that several threads ask for, make and leave at once."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from tasktonic import ttCatalyst, ttEssence, ttLedger, ttTonic
from tests.helpers.apps import in_thread, run_app, wait_for


class Slow(ttEssence):
    """Is not ready before it may go on with being made."""

    _tt_is_service = "slow"
    ready = False
    in_init: threading.Event
    may_go_on: threading.Event

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.in_init.set()
        wait_for(self.may_go_on)
        self.ready = True


@pytest.fixture(autouse=True)
def _not_made_yet() -> None:
    Slow.in_init, Slow.may_go_on = threading.Event(), threading.Event()


def test_threads_that_ask_first_at_once_get_one_fully_made_instance() -> None:
    found: list[tuple[Slow, bool]] = []

    def ask() -> None:
        slow = Slow()
        found.append((slow, slow.ready))

    first = in_thread(ask)
    wait_for(Slow.in_init)
    others = [in_thread(ask) for _ in range(3)]
    Slow.may_go_on.set()
    for thread in [first, *others]:
        thread.join()

    assert len({id(slow) for slow, _ in found}) == 1
    assert [ready for _, ready in found] == [True] * 4


def test_looking_a_service_up_waits_until_it_is_made() -> None:
    found: list[Any] = []
    ledger = ttLedger()
    maker = in_thread(Slow)
    wait_for(Slow.in_init)
    looker = in_thread(lambda: found.append(ledger.get_service_essence("slow")))
    Slow.may_go_on.set()
    maker.join()
    looker.join()

    assert found[0].ready


def test_service_made_by_another_thread_runs_on_the_main_catalyst() -> None:
    threads: list[str] = []

    class Running(ttTonic):
        _tt_is_service = "running"

        def ttsc__work(self) -> None:
            threads.append(threading.current_thread().name)

    class Visitor(ttTonic):
        def ttse__on_start(self) -> None:
            self.bind(Running).ttsc__work()
            self.ttsc__later()

        def ttsc__later(self) -> None:
            in_thread(self.finish)

    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            self.bind(Visitor, name="visitor", catalyst=ttCatalyst(name="side", context=-1))

        def ttse__on_visitor_finished(self) -> None:
            self.finish()

    run_app(Main)

    assert threads == ["MainThread"]


@pytest.mark.parametrize("attempt", range(5))
def test_users_on_two_threads_come_and_go_without_losing_a_service_in_use(attempt: int) -> None:
    class Brief(ttEssence):
        _tt_is_service = "brief"
        _tt_service_ends_when_unused = True

    ledger = ttLedger()
    alive: list[bool] = []

    def come_and_go() -> None:
        for _ in range(200):
            user = ttEssence(context=-1)
            brief = user.bind(Brief)
            alive.append(brief.id >= 0)
            user.finish()

    threads = [in_thread(come_and_go) for _ in range(2)]
    for thread in threads:
        thread.join()

    assert all(alive)
    assert ledger.essences == []


def test_access_to_a_service_that_is_being_made_is_told_when_it_is_made() -> None:
    class Left(ttEssence):
        _tt_is_service = "left"

        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.bind(Right, greeting="from left")
            self.greetings: list[str] = []

        def _init_service(self, context: Any = None, greeting: str = "", **kwargs: Any) -> None:
            self.greetings.append(f"{greeting} {type(context).__name__}")

    class Right(ttEssence):
        _tt_is_service = "right"

        def __init__(self, greeting: str, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.bind(Left, greeting="from right")
            self.bind(Left, greeting="again")

    user = ttEssence()
    left = user.bind(Left, greeting="from outside")

    assert left.greetings == ["from right Right", "again Right", "from outside ttEssence"]


def test_access_that_is_refused_when_the_service_is_made_leaves_no_user() -> None:
    class Left(ttEssence):
        _tt_is_service = "left"

        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.bind(Right)

        def _init_service(self, context: Any = None, **kwargs: Any) -> None:
            if context is not None:
                raise LookupError("nobody may use it")

    class Right(ttEssence):
        _tt_is_service = "right"

        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.bind(Left)

    with pytest.raises(LookupError):
        Left()

    assert Left().service_context == []
