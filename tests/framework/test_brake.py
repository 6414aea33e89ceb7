from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from tasktonic import brake, ttCatalyst, ttLedger, ttTimerEveryDay, ttTimerRepeat, ttTonic
from tasktonic.clock import now_ns
from tasktonic.errors import ttArgumentError, ttRunningError
from tasktonic.events import CatalystHeld, Dropped, TimerFired
from tasktonic.held import fire_now, next_timer
from tasktonic.stream import Level, Row, stream
from tests.helpers.apps import WAIT_S, in_thread, reading, run_app, wait_for


class Counter(ttTonic):
    """Counts on another catalyst than the one that holds it."""

    count = 0

    def ttsc__count(self) -> None:
        self.count += 1


class Holding(ttTonic):
    """Makes a counter on a catalyst of its own, and has ``work`` done by a foreign thread."""

    def __init__(self, work: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.work = work

    def ttse__on_start(self) -> None:
        self.side = ttCatalyst(name="side", context=-1)
        self.counter = Counter(catalyst=self.side)
        self.helper = in_thread(self.do_work)

    def do_work(self) -> None:
        try:
            self.work(self)
        finally:
            self.finish()


def held_app(work: Any) -> Any:
    made: list[Any] = []
    run_app(lambda: made.append(Holding(work)))
    made[0].helper.join()
    return made[0]


def settled(catalyst_id: int) -> None:
    """Wait until a catalyst has run what it may run now: an errand comes after what was queued before it."""
    for _ in range(2):
        reached = threading.Event()
        brake.at_boundary(catalyst_id, reached.set)
        wait_for(reached)


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


def test_stepped_orders_get_on_while_two_threads_hammer_on_a_timer() -> None:
    reached, done = threading.Event(), threading.Event()
    seen: list[int] = []

    class FiveTimes(Counter):
        def ttsc__count(self) -> None:
            super().ttsc__count()
            if self.count == 5:
                reached.set()

    def work(holding: Any) -> None:
        counter = FiveTimes(context=-1, catalyst=holding.side)
        timer = ttTimerRepeat(seconds=3600, context=counter, sparkle_back=print)
        settled(holding.side.id)
        brake.hold(holding.side.id)
        settled(holding.side.id)
        for _ in range(10):
            counter.ttsc__count()

        def hammer() -> None:
            while not done.is_set():
                timer.restart()

        threads = [in_thread(hammer), in_thread(hammer)]
        try:
            brake.step(holding.side.id, 5)
            wait_for(reached)
        finally:
            done.set()
            for thread in threads:
                thread.join(WAIT_S)
            settled(holding.side.id)
            seen.append(counter.count)
            brake.release(holding.side.id)
            counter.finish()

    held_app(work)

    assert seen == [5]


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


def test_timers_stand_still_while_held() -> None:
    hour_ns = 3_600_000_000_000

    def work(holding: Any) -> None:
        timer = ttTimerRepeat(hours=1, context=holding.counter, sparkle_back=lambda info: None)
        settled(holding.side.id)
        before_ns = timer._due_ns_now()
        brake.hold(holding.side.id)
        settled(holding.side.id)
        assert holding.side.next_due_ns() is None
        holding.side._held_since_ns -= hour_ns  # an hour has passed
        brake.release(holding.side.id)
        settled(holding.side.id)
        moved_ns = timer._due_ns_now() - before_ns
        assert hour_ns <= moved_ns < hour_ns * 1.1
        assert timer._due_ns_now() > now_ns()

    held_app(work)


@pytest.mark.parametrize("order", ["restart", "change_period"])
def test_timer_that_begins_anew_while_held_has_its_whole_duration_when_released(order: str) -> None:
    hour_ns = 3_600_000_000_000

    def work(holding: Any) -> None:
        timer = ttTimerRepeat(hours=1, context=holding.counter, sparkle_back=lambda info: None)
        brake.hold(holding.side.id)
        settled(holding.side.id)
        holding.side._held_since_ns -= hour_ns  # an hour has passed
        getattr(timer, order)(**{"hours": 1} if order == "change_period" else {})
        settled(holding.side.id)
        before_ns = now_ns()
        brake.release(holding.side.id)
        settled(holding.side.id)
        assert hour_ns * 0.9 < timer._due_ns_now() - before_ns < hour_ns * 1.1

    held_app(work)


def test_timer_paused_while_held_keeps_what_was_left_when_it_was_held() -> None:
    hour_ns = 3_600_000_000_000

    def work(holding: Any) -> None:
        timer = ttTimerRepeat(hours=2, context=holding.counter, sparkle_back=lambda info: None)
        brake.hold(holding.side.id)
        settled(holding.side.id)
        holding.side._held_since_ns -= hour_ns  # held an hour ago, when there was an hour more to go
        timer.pause()
        settled(holding.side.id)
        assert (timer._remaining_ns or 0) > 2.9 * hour_ns
        brake.release(holding.side.id)

    held_app(work)


def test_the_next_timer_of_a_held_catalyst_fires_on_request_and_what_it_calls_waits() -> None:
    """Time jumps to it: the other timers are nearer by as much, and told anew."""
    hour_ns = 3_600_000_000_000
    due: dict[str, int] = {}
    counted: list[int] = []

    def work(holding: Any) -> None:
        side, counter = holding.side, holding.counter
        count = counter._tt_class.slot_by_name["ttsc__count"]
        near = ttTimerRepeat(hours=1, context=counter, name="near", sparkle_back=lambda info: counter.ttsc__count())
        far = ttTimerRepeat(hours=3, context=counter, name="far", sparkle_back=lambda info: None)
        daily = ttTimerEveryDay(hour=3, context=counter, sparkle_back=lambda info: None)
        settled(side.id)
        brake.hold(side.id)
        settled(side.id)
        side._held_since_ns -= hour_ns // 2  # held for half an hour: that counts for nothing
        by_the_wall_ns = daily._due_ns_now()

        def fire() -> None:
            timer = next_timer(side)
            fire_now(side, timer)
            for each in (near, far):
                due[each.name] = round((each._due_ns_now() - side.timers_now_ns()) / hour_ns)
            assert daily._due_ns_now() == by_the_wall_ns
            counted.append(counter.count)

        for _ in range(2):
            brake.at_boundary(side.id, fire)
            settled(side.id)
        counted.append(len([order for order in side.orders if order[0] is counter and order[1] == count]))
        brake.step(side.id, 2)
        settled(side.id)
        counted.append(counter.count)
        brake.release(side.id)

    with reading() as rows:
        held_app(work)

    assert due == {"near": 1, "far": 1}
    assert counted == [0, 0, 2, 2], "what it calls is queued, and runs when it is stepped"
    fired = [row.timer for row in rows.of(TimerFired)]
    assert (len(fired), len(set(fired))) == (2, 1)


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


class Noting(Counter):
    """Notes what it was given, in order."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.noted: list[Any] = []

    def ttsc__note(self, what: Any) -> None:
        self.noted.append(what)


def noted_with_the_brake_on(work: Any) -> list[Any]:
    """What a tonic on a side catalyst notes when ``work`` is done while it is held with the orders 1, 2 and 3 waiting."""
    noting: list[Any] = []

    def hold_and_work(holding: Any) -> None:
        side = holding.side.id
        tonic = Noting(context=-1, catalyst=holding.side)
        noting.append(tonic)
        settled(side)
        brake.hold(side)
        settled(side)
        for number in (1, 2, 3):
            tonic.ttsc__note(number)
        work(tonic, side)
        settled(side)
        brake.release(side)
        holding.counter.ttsc__count()
        while holding.counter.count == 0:
            settled(side)

    held_app(hold_and_work)
    return list(noting[0].noted)


def test_dropped_order_does_not_run() -> None:
    assert noted_with_the_brake_on(lambda tonic, side: brake.drop(side)) == [2, 3]


def test_dropped_order_is_told() -> None:
    with reading(Level.FLOW) as rows:
        noted_with_the_brake_on(lambda tonic, side: brake.drop(side))

    dropped = [row for row in rows.of(Dropped) if row.reason == "by hand"]
    ordered = [order[7] for order in rows.orders() if order[3] == 1]
    assert [row.order for row in dropped] == ordered


def test_orders_of_the_framework_are_not_dropped() -> None:
    def work(tonic: Any, side: int) -> None:
        tonic.finish()
        for _ in range(9):
            brake.drop(side)
        brake.release(side)
        while tonic.id >= 0:
            settled(side)

    assert noted_with_the_brake_on(work) == []


def test_nothing_is_dropped_of_a_catalyst_that_is_not_held() -> None:
    def work(tonic: Any, side: int) -> None:
        brake.release(side)
        brake.drop(side)

    assert noted_with_the_brake_on(work) == [1, 2, 3]


def test_added_order_is_the_next_to_run() -> None:
    def work(tonic: Any, side: int) -> None:
        brake.add(tonic, "ttsc__note", what=0)
        brake.step(side)
        settled(side)
        assert tonic.noted == [0]

    assert noted_with_the_brake_on(work) == [0, 1, 2, 3]


def test_added_order_says_that_it_came_by_hand() -> None:
    def work(tonic: Any, side: int) -> None:
        brake.add(tonic, "ttsc__note", what=0)
        brake.step(side)
        settled(side)

    with reading(Level.FLOW) as rows:
        noted_with_the_brake_on(work)

    assert [order[5] for order in rows.orders() if order[3] == 0 and order[5] == "by hand"] == ["by hand"]


def test_argument_of_an_added_order_is_copied() -> None:
    given = [0]

    noted = noted_with_the_brake_on(lambda tonic, side: brake.add(tonic, "ttsc__note", given))

    assert noted[0] == given
    assert noted[0] is not given


@pytest.mark.parametrize(
    "sparkle, arguments, says",
    [
        ("ttsc__nota", (1,), r"noting: no sparkle 'ttsc__nota' can be added; there are .*ttsc__note"),
        ("_ttss__finish", (), "no sparkle '_ttss__finish' can be added"),
        ("ttsc__note", (1, 2), r"noting.ttsc__note: the arguments fit no handler"),
    ],
)
def test_order_that_could_not_run_is_refused(sparkle: str, arguments: tuple[int, ...], says: str) -> None:
    refused: list[str] = []

    class Adding(ttTonic):
        def ttse__on_start(self) -> None:
            noting = Noting(name="noting")
            with pytest.raises(ttArgumentError, match=says) as caught:
                brake.add(noting, sparkle, *arguments)
            refused.append(str(caught.value))
            self.finish()

    run_app(Adding)

    assert len(refused) == 1


def test_nothing_is_added_for_what_has_finished() -> None:
    made: list[Noting] = []

    class Making(ttTonic):
        def ttse__on_start(self) -> None:
            made.append(Noting(name="noting"))
            self.finish()

    run_app(Making)

    with pytest.raises(ttRunningError, match="noting has finished"):
        brake.add(made[0], "ttsc__note", 1)


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
