"""The brake: catalysts that are held, stepped and released; what runs on, and what begins or ends meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from tasktonic import brake, ttCatalyst, ttLedger, ttTonic
from tasktonic.errors import ttRunningError
from tasktonic.events import CatalystHeld
from tasktonic.stream import Level, Row, stream
from tests.framework.braked_apps import Counter, held_app, settled
from tests.helpers.apps import WAIT_S, in_thread, reading, run_app, wait_for


def test_held_catalyst_runs_nothing() -> None:
    seen: list[int] = []

    def work(holding: Any) -> None:
        brake.hold(holding.side.id)
        settled(holding.side.id)
        holding.counter.ttsc__count()
        settled(holding.side.id)
        seen.append(holding.counter.count)
        brake.release(holding.side.id)

    held_app(work)

    assert seen == [0]


def test_released_catalyst_runs_what_waited() -> None:
    done = threading.Event()

    class Waking(Counter):
        def ttsc__count(self) -> None:
            super().ttsc__count()
            done.set()

    def work(holding: Any) -> None:
        brake.hold(holding.side.id)
        settled(holding.side.id)
        waking = Waking(context=-1, catalyst=holding.side)
        waking.ttsc__count()
        brake.release(holding.side.id)
        wait_for(done)

    held_app(work)

    assert done.is_set()


def stepped(steps: int, *, level: Level | None = None) -> list[int]:
    """How far a counter is after each of some single steps, with ten orders waiting."""
    seen: list[int] = []

    def work(holding: Any) -> None:
        settled(holding.side.id)
        brake.hold(holding.side.id)
        settled(holding.side.id)
        for _ in range(10):
            holding.counter.ttsc__count()
        for _ in range(steps):
            brake.step(holding.side.id)
            settled(holding.side.id)
            seen.append(holding.counter.count)
        brake.release(holding.side.id)

    if level is None:
        held_app(work)
    else:
        with reading(level):
            held_app(work)
    return seen


@pytest.mark.parametrize("level", [None, Level.RUNS, Level.FLOW])
def test_step_lets_one_order_run(level: Level | None) -> None:
    assert stepped(3, level=level) == [1, 2, 3]


def test_several_steps_may_be_taken_at_once() -> None:
    seen: list[int] = []

    def work(holding: Any) -> None:
        settled(holding.side.id)
        brake.hold(holding.side.id)
        settled(holding.side.id)
        for _ in range(10):
            holding.counter.ttsc__count()
        brake.step(holding.side.id, 4)
        for _ in range(6):
            settled(holding.side.id)
        seen.append(holding.counter.count)
        brake.release(holding.side.id)

    held_app(work)

    assert seen == [4]


def test_step_of_a_catalyst_that_is_not_held_is_nothing() -> None:
    def work(holding: Any) -> None:
        brake.step(holding.side.id)
        settled(holding.side.id)
        assert holding.side.steps == 0

    held_app(work)


def test_other_catalysts_run_on() -> None:
    def work(holding: Any) -> None:
        brake.hold(holding.side.id)
        settled(holding.side.id)
        settled(0)
        assert not ttLedger().main_catalyst.is_held  # type: ignore[union-attr]
        brake.release(holding.side.id)

    held_app(work)


def test_all_catalysts_can_be_held() -> None:
    def work(holding: Any) -> None:
        brake.hold()
        settled(0)
        settled(holding.side.id)
        assert [catalyst.is_held for catalyst in holding.ledger.catalysts] == [True, True]
        brake.release()

    held_app(work)


def test_holding_is_told_once() -> None:
    def work(holding: Any) -> None:
        for _ in range(2):
            brake.hold(holding.side.id)
        for _ in range(2):
            brake.release(holding.side.id)
        settled(holding.side.id)

    with reading() as rows:
        held_app(work)

    assert [row.held for row in rows.of(CatalystHeld)] == [True, False]


def test_held_app_can_be_finished() -> None:
    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            self.side = ttCatalyst(context=-1)
            self.helper = in_thread(self.hold_and_finish)

        def hold_and_finish(self) -> None:
            ledger = self.ledger
            brake.hold()
            for catalyst in ledger.catalysts:
                settled(catalyst.id)
            assert ledger.main_catalyst is not None
            ledger.main_catalyst.finish()

    assert run_app(Main).ledger.essences == []


def test_errand_runs_in_the_thread_of_the_catalyst() -> None:
    names: list[str] = []

    def work(holding: Any) -> None:
        brake.at_boundary(holding.side.id, lambda: names.append(threading.current_thread().name))
        settled(holding.side.id)

    held_app(work)

    assert names == ["side"]


def test_errand_that_raises_does_not_stop_the_catalyst(capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        raise LookupError("errand")

    def work(holding: Any) -> None:
        brake.at_boundary(holding.side.id, fail)
        settled(holding.side.id)

    held_app(work)

    assert "LookupError: errand" in capsys.readouterr().err


def test_errands_leave_no_trace_in_the_stream() -> None:
    def work(holding: Any) -> None:
        settled(holding.side.id)

    with reading(Level.FLOW) as rows:
        held_app(work)

    sparkles = {row[0]._tt_class.sparkles[row[1]].called for row in rows.orders()}
    assert sparkles <= {"ttse__on_start", "_ttss__finish"}


def test_catalyst_that_is_not_there_is_refused() -> None:
    messages: list[str] = []

    def work(holding: Any) -> None:
        for order in (brake.hold, brake.release, brake.step):
            with pytest.raises(ttRunningError) as caught:
                order(77)
            messages.append(str(caught.value))

    holding = held_app(work)

    assert set(messages) == {"no catalyst with id 77 lives; there are [0, 2]."}
    assert holding.helper.join(WAIT_S) is None


@pytest.fixture
def nothing_held_afterwards() -> Iterator[None]:
    yield
    brake.release()


@pytest.mark.usefixtures("nothing_held_afterwards")
def test_app_that_begins_while_all_are_held_waits_before_its_first_order() -> None:
    seen: list[str] = []
    waits = threading.Event()

    class Eager(ttTonic):
        def ttse__on_start(self) -> None:
            seen.append("started")
            self.finish()

    class Watch:
        level = Level.FACTS

        def on_rows(self, first: int, rows: list[Row]) -> None:
            if any(type(row) is CatalystHeld and row.held for row in rows):
                waits.set()

    def let_go() -> None:
        wait_for(waits)
        settled(0)
        seen.append("still held")
        brake.release()

    watch = Watch()
    stream.attach(watch)
    brake.hold()
    helper = in_thread(let_go)
    run_app(Eager)
    helper.join()
    stream.detach(watch)

    assert seen == ["still held", "started"]


@pytest.mark.usefixtures("nothing_held_afterwards")
def test_catalyst_that_begins_while_all_are_held_is_held() -> None:
    seen: list[Any] = []

    def work(holding: Any) -> None:
        brake.hold()
        settled(0)
        late = ttCatalyst(name="late", context=-1)
        counter = Counter(catalyst=late)
        counter.ttsc__count()
        settled(late.id)
        seen.append((late.is_held, counter.count))
        brake.release()
        settled(late.id)
        seen.append((late.is_held, counter.count))
        late.finish()

    held_app(work)

    assert seen == [(True, 0), (False, 1)]


@pytest.mark.usefixtures("nothing_held_afterwards")
def test_app_that_ends_is_held_up_by_no_catalyst_that_begins_late() -> None:
    class Late(ttTonic):
        def ttse__on_finished(self) -> None:
            ttCatalyst(name="late", context=-1)

    def work(holding: Any) -> None:
        Late(context=-1, catalyst=holding.side)
        brake.hold()
        settled(0)
        holding.ledger.main_catalyst.finish()

    held_app(work)

    assert [essence.name for essence in ttLedger().essences] == []
