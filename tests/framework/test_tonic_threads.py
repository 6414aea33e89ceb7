"""Where sparkles run: on the catalyst of their tonic, whoever calls."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from tasktonic import ttCatalyst, ttEssence, ttTimerSingleShot, ttTonic
from tasktonic.errors import ttArgumentError, ttRunningError
from tasktonic.stream import Level
from tests.helpers.apps import in_thread, reading, run_app
from tests.helpers.noting import Noting


def test_sparkles_run_on_the_thread_of_their_catalyst() -> None:
    notes: list[Any] = []

    class Door(Noting):
        def ttse__on_start(self) -> None:
            notes.append(threading.current_thread().name)
            self.finish()

    def start() -> None:
        Door(notes, catalyst=ttCatalyst(name="side"))

    run_app(start)

    assert notes == ["side"]


def test_catalyst_left_out_is_that_of_the_context() -> None:
    notes: list[Any] = []

    class Top(ttTonic):
        def ttse__on_start(self) -> None:
            inner = ttTonic(context=ttEssence())
            notes.append(inner.catalyst.name)
            self.finish()

    run_app(lambda: Top(catalyst=ttCatalyst(name="side")))

    assert notes == ["side"]


def test_catalyst_of_top_level_is_the_main_one() -> None:
    notes: list[Any] = []

    class Top(ttTonic):
        def ttse__on_start(self) -> None:
            notes.append(ttTonic(context=-1).catalyst.name)
            self.catalyst.finish()
            self.ledger.main_catalyst.finish()

    run_app(lambda: Top(catalyst=ttCatalyst(name="side")))

    assert notes == ["main_catalyst"]


def test_catalyst_of_a_tonic_made_for_another_thread_is_known_at_once() -> None:
    notes: list[Any] = []

    class Top(ttTonic):
        def ttse__on_start(self) -> None:
            side = ttCatalyst(name="side", context=-1)
            notes.append(ttTonic(catalyst=side).catalyst is side)
            self.finish()

    run_app(Top)

    assert notes == [True]


def test_tonic_without_an_app_is_refused() -> None:
    with pytest.raises(ttRunningError, match=r"there is no catalyst to run it\. Create tonics inside an app"):
        ttTonic()


@pytest.mark.parametrize("given, shown", [(None, "<Asking 'asking'>"), (5, "5")], ids=["tonic", "number"])
def test_what_is_no_catalyst_is_refused_as_one(given: Any, shown: str) -> None:
    errors: list[str] = []

    class Asking(ttTonic):
        def ttse__on_start(self) -> None:
            try:
                ttTonic(name="late", catalyst=given or self)  # type: ignore[arg-type]
            except ttArgumentError as error:
                errors.append(str(error))
            self.finish()

    formula = run_app(lambda: Asking(name="asking"))

    assert errors == [
        f"late: catalyst={shown} is no catalyst. Pass a ttCatalyst, or nothing: then it runs where its context does."
    ]
    assert formula.ledger.essences == []


def test_catalyst_that_has_ended_is_refused() -> None:
    errors: list[str] = []

    class Top(ttTonic):
        def ttse__on_start(self) -> None:
            self.side = self.bind(ttCatalyst, name="side")
            self.side.finish()

        def ttse__on_side_finished(self) -> None:
            with pytest.raises(ttRunningError) as caught:
                ttTonic(name="late", catalyst=self.side)
            errors.append(str(caught.value))
            assert self.bindings == []
            self.finish()

    run_app(Top)

    assert errors == ["late: its catalyst side has ended and runs nothing any more."]


def test_calls_from_one_thread_keep_their_order() -> None:
    notes: list[int] = []

    class Door(ttTonic):
        def ttse__on_start(self) -> None:
            self.helper = in_thread(self.call)

        def call(self) -> None:
            for number in range(1000):
                self.ttsc__note(number)
            self.finish()

        def ttsc__note(self, number: int) -> None:
            notes.append(number)

    run_app(Door)

    assert notes == list(range(1000))


def test_no_call_from_many_threads_is_lost() -> None:
    notes: list[int] = []

    class Door(ttTonic):
        def ttse__on_start(self) -> None:
            threads = [in_thread(lambda n=n: self.call(n)) for n in range(4)]
            in_thread(lambda: ([t.join() for t in threads], self.finish()))

        def call(self, helper: int) -> None:
            for _ in range(2000):
                self.ttsc__note(helper)

        def ttsc__note(self, helper: int) -> None:
            notes.append(helper)

    run_app(Door)

    assert [notes.count(helper) for helper in range(4)] == [2000] * 4


def test_on_start_is_first_also_when_another_thread_calls_before_it_is_queued() -> None:
    notes: list[str] = []

    class Busy(ttTonic):
        def _tt_is_born(self) -> None:
            # It can be found in the ledger and has its place; the order to start comes next.
            in_thread(self.ttsc__work).join()
            super()._tt_is_born()

        def ttse__on_start(self) -> None:
            notes.append("start")

        def ttsc__work(self) -> None:
            notes.append("work")
            self.finish()

    class Top(ttTonic):
        def ttse__on_start(self) -> None:
            self.bind(Busy, name="busy", catalyst=ttCatalyst(name="side"))

        def ttse__on_busy_finished(self) -> None:
            self.finish()

    with reading(Level.FACTS):  # births are only told when somebody reads
        run_app(Top)

    assert notes == ["start", "work"]


@pytest.mark.parametrize("attempt", range(20))
def test_on_start_is_first_also_when_others_call_at_once(attempt: int) -> None:
    notes: list[str] = []

    class Busy(ttTonic):
        def ttse__on_start(self) -> None:
            notes.append("start")

        def ttsc__work(self) -> None:
            notes.append("work")

    class Top(ttTonic):
        def ttse__on_start(self) -> None:
            side = ttCatalyst(name="side", context=-1)
            stop = threading.Event()

            def pester() -> None:
                while not stop.is_set():
                    found: Any = self.ledger.get_essence_by_name("busy")
                    if found is not None and found.catalyst is not None:
                        found.ttsc__work()

            helper = in_thread(pester)
            self.bind(Busy, name="busy", catalyst=side).ttsc__work()
            stop.set()
            helper.join()
            self.finish()

        def ttse__on_finished(self) -> None: ...

    run_app(Top)

    assert notes[:1] in ([], ["start"])


def test_tonic_made_for_another_thread_starts_after_its_init() -> None:
    notes: list[str] = []

    class Slow(ttTonic):
        def __init__(self, notes: list[str], **kwargs: Any) -> None:
            super().__init__(**kwargs)
            for _ in range(100):
                self.catalyst.heartbeat()
            notes.append("made")

        def ttse__on_start(self) -> None:
            notes.append("start")
            self.finish()

    class Top(ttTonic):
        def ttse__on_start(self) -> None:
            self.bind(Slow, notes, name="slow", catalyst=ttCatalyst(context=-1))

        def ttse__on_slow_finished(self) -> None:
            self.finish()

    run_app(Top)

    assert notes == ["made", "start"]


def test_init_that_raises_on_another_catalyst_leaves_nothing_behind() -> None:
    notes: list[Any] = []

    class Broken(ttTonic):
        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            ttTimerSingleShot(hours=1)
            raise LookupError("broken")

        def ttse__on_start(self) -> None:
            notes.append("started")

        def ttse__on_finished(self) -> None:
            notes.append("finished")

        def ttse__on_timer(self, info: Any) -> None: ...

    class Top(ttTonic):
        def ttse__on_start(self) -> None:
            side = ttCatalyst(name="side", context=-1)
            for catalyst in (side, None):
                with pytest.raises(LookupError):
                    self.bind(Broken, catalyst=catalyst)
            notes.append(
                [essence.name for essence in self.ledger.essences if essence.name not in ("main_catalyst", "side")]
            )
            notes.append((side.living, self.bindings))
            self.finish()

    run_app(lambda: Top(name="top"))

    assert notes == [["top"], (0, [])]
